"""Many people asking at once, as their browsers do: each question goes through the queue of the Ask page, its
answer comes as a stream, and the questions that lead on are asked for afterwards.

``python -m tests.web.crowd ADDRESS QUESTIONS`` (a text file, one question a line) prints one line of JSON. It
runs apart from the server, so that it does not take its time."""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from gradio_client.utils import apply_diff

_TURNS = 2  # the place of the conversation among what asking gives back


@dataclass
class Told:
    """What was measured: seconds to the first words and to the whole of each answer; what went wrong."""

    first: list[float] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def summary(self) -> dict[str, Any]:
        """Counts and percentiles."""
        return {
            "answers": len(self.whole),
            "errors": len(self.errors),
            "error": self.errors[0] if self.errors else None,
            **{f"first_p{n}": at(self.first, n) for n in (50, 95)},
            **{f"whole_p{n}": at(self.whole, n) for n in (50, 95, 99)},
        }


def at(times: list[float], percent: int) -> float | None:
    """A percentile; None of nothing."""
    return round(sorted(times)[min(len(times) - 1, percent * len(times) // 100)], 3) if times else None


@dataclass(frozen=True)
class Wire:
    """The numbers of the Ask page's events: asking, and being offered what leads on."""

    ask: int
    onward: int

    @classmethod
    def of(cls, config: dict[str, Any]) -> Wire:
        """Found in the page's configuration by the component that triggers the event and by what follows it."""
        box = next(c["id"] for c in config["components"] if c["props"].get("elem_id") == "question")
        events = config["dependencies"]
        ask = next(e["id"] for e in events if [box, "submit"] in [list(t) for t in e["targets"]])
        onward = next(
            e["id"] for e in events if e["trigger_after"] == ask and e["backend_fn"] and e["inputs"]
        )
        return cls(ask, onward)


class Person:
    """One browser: a session with its conversation."""

    def __init__(self, client: httpx.AsyncClient, wire: Wire, number: int, told: Told) -> None:
        self._client, self._wire, self._told = client, wire, told
        self._session = f"person{number}{random.randrange(10**9)}"
        self._turns: list[Any] = []

    async def _events(self, event: int, data: list[Any]) -> AsyncIterator[dict[str, Any]]:
        body = {"data": data, "fn_index": event, "session_hash": self._session}
        (await self._client.post("/gradio_api/queue/join", json=body)).raise_for_status()
        stream = self._client.stream("GET", "/gradio_api/queue/data", params={"session_hash": self._session})
        async with stream as reply:
            async for line in reply.aiter_lines():
                if line.startswith("data:"):
                    yield json.loads(line[5:])

    async def ask(self, question: str) -> None:
        """Ask, read the stream to its end, and fetch what leads on."""
        begun, first, steps = time.monotonic(), 0.0, 0
        shown: Any = None
        async for told in self._events(self._wire.ask, [question, "", "", "", self._turns]):
            if told["msg"] == "process_generating":
                steps += 1
                sent = told["output"]["data"][_TURNS]  # whole at first, then what is different
                shown = sent if steps == 1 else apply_diff(shown, sent)
                self._turns = shown if isinstance(shown, list) else self._turns
                if steps == 2:  # the first step only says that it is being looked for
                    first = time.monotonic() - begun
            if told["msg"] == "process_completed":
                self._done(told, begun, first)
        async for told in self._events(self._wire.onward, [self._turns]):
            if told["msg"] == "process_completed" and not told["success"]:
                self._told.errors.append(str(told)[:300])

    def _done(self, told: dict[str, Any], begun: float, first: float) -> None:
        if not told["success"] or not first:
            self._told.errors.append(str(told)[:300])
            return
        self._told.first.append(first)
        self._told.whole.append(time.monotonic() - begun)


async def person(one: Person, questions: list[str], wait: float, thinking: float, until: float) -> None:
    """Ask until the time is over, with a pause to read and think after each answer."""
    await asyncio.sleep(wait)
    while time.monotonic() < until:
        try:
            await one.ask(random.choice(questions))
        except httpx.HTTPError as error:
            one._told.errors.append(repr(error))
        await asyncio.sleep(thinking * random.uniform(0.5, 1.5))


async def crowd(address: str, questions: list[str], people: int, seconds: float, thinking: float) -> Told:
    """So many people asking for so long, their beginnings spread over one pause."""
    told = Told()
    limits = httpx.Limits(max_connections=3 * people)
    async with httpx.AsyncClient(base_url=address, timeout=60, limits=limits) as client:
        wire = Wire.of((await client.get("/config")).json())
        until = time.monotonic() + seconds
        await asyncio.gather(
            *(
                person(Person(client, wire, n, told), questions, thinking * n / people, thinking, until)
                for n in range(people)
            )
        )
    return told


def main() -> None:
    """From the command line; loopback addresses only."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address")
    parser.add_argument("questions", type=Path)
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--thinking", type=float, default=5)
    told = parser.parse_args()
    if httpx.URL(told.address).host not in ("127.0.0.1", "localhost", "::1"):
        parser.error("only an address of this machine may be asked")
    questions = [line for line in told.questions.read_text(encoding="utf-8").splitlines() if line.strip()]
    found = asyncio.run(crowd(told.address, questions, told.people, told.seconds, told.thinking))
    print(json.dumps(found.summary()))


if __name__ == "__main__":
    main()

"""Answers that are being worked on end when nobody waits for them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from typing import Any, cast

import gradio as gr
import pytest

from assistant.evidence.narrow import EVERYWHERE, Narrowing
from assistant.web.ask import AskView
from assistant.web.desk import Desk
from assistant.web.examples import Examples
from assistant.web.feedback import Store
from assistant.web.limits import Limits
from assistant.web.running import Running
from corpus.model import Answer


async def _one_ends_another() -> list[str]:
    running, told = Running(), list[str]()

    async def first() -> None:
        async with running.work("page") as work:
            told.append(str(await work.outcome(asyncio.sleep(30, "answer"))))
            await asyncio.sleep(0.01)
            told.append("first over")

    task = asyncio.create_task(first())
    await asyncio.sleep(0.01)
    assert running.busy("page") and not running.busy("another page")
    await running.end("another page")
    assert not told
    await running.end("page")
    told.append("may begin")
    await task
    assert not running.busy("page")
    return told


def test_the_next_begins_when_the_last_has_ended() -> None:
    """What is ended comes to nothing, and has ended before the next begins."""
    assert asyncio.run(_one_ends_another()) == ["None", "first over", "may begin"]


async def _outcome(of: asyncio.Future[int]) -> int | None:
    running = Running()
    async with running.work("page") as work:
        return await work.outcome(of)


def test_what_comes_of_it() -> None:
    """Without an end the result, or the error, comes out."""

    async def told(fails: bool) -> int | None:
        future = asyncio.get_running_loop().create_future()
        if fails:
            future.set_exception(ValueError("no answer"))
        else:
            future.set_result(7)
        return await _outcome(future)

    assert asyncio.run(told(False)) == 7
    with pytest.raises(ValueError, match="no answer"):
        asyncio.run(told(True))


async def _two_at_once() -> list[str]:
    running, told = Running(), list[str]()

    async def one(name: str) -> None:
        async with running.work("page") as work:
            told.append(f"{name} begins")
            told.append(f"{name}: {await work.outcome(asyncio.sleep(0.2, 'answer'))}")

    first = asyncio.create_task(one("first"))
    await asyncio.sleep(0.01)
    await asyncio.gather(first, one("second"), one("third"))
    assert not running.busy("page")
    return told


def test_of_several_asked_at_once_the_last_is_answered() -> None:
    """No two are worked on together, and none is left that cannot be ended."""
    told = asyncio.run(_two_at_once())
    assert told == [
        "first begins",
        "first: None",
        "second begins",
        "second: None",
        "third begins",
        "third: answer",
    ]


class Slow(Desk):
    """Takes its time."""

    def ask(self, question: str, history: Sequence[str] = (), within: Narrowing = EVERYWHERE) -> Answer:
        """Answer, a little later."""
        time.sleep(0.3)
        return super().ask(question, history, within)


def _a_view(desk: Desk) -> AskView:
    with gr.Blocks():
        chat, box, turns = gr.Chatbot(), gr.Textbox(), gr.BrowserState([])
    slow = Slow(desk.directory, desk.options, desk.assistant.index.embedder)
    return AskView(slow, Examples(slow), Limits(desk.options), Store(desk.options.feedback), chat, box, turns)


@pytest.mark.parametrize("updates", [1, 2])
def test_a_new_conversation_is_shown_by_the_answer_that_it_ends(desk: Desk, updates: int) -> None:
    """One event alone writes to the page, whether the answer was being looked for or being written: in whatever order
    the replies of two arrive, none brings the answer back."""
    view, page = _a_view(desk), cast(gr.Request, type("Page", (), {"session_hash": "page", "client": None})())
    told: list[dict[Any, Any]] = []

    async def answered() -> None:
        async for update in view.answer("Who leads reducing loneliness?", None, "", None, [], page):
            told.append(update)

    async def begun() -> Any:
        task = asyncio.create_task(answered())
        while len(told) < updates:
            await asyncio.sleep(0.001)
        reply = await view.begun(page)
        await task
        return reply, await view.begun(page)

    during, afterwards = asyncio.run(begun())
    assert during == (gr.skip(), gr.skip()) and told[-1] == {view.chat: [], view.turns: []}
    assert afterwards == ([], [])


async def _cleared(how: str) -> tuple[bool, bool]:
    running = Running()

    async def one() -> bool:
        async with running.work("page") as work:
            await work.outcome(asyncio.sleep(30))
            if how == "fails":
                raise ValueError("no answer")
            if how == "hangs":
                await asyncio.sleep(0.2)
            work.cleared = work.afresh
            return work.afresh

    task = asyncio.create_task(one())
    await asyncio.sleep(0.01)
    by_itself = await running.clear("page")
    (asked_to,) = await asyncio.gather(task, return_exceptions=True)
    return by_itself, asked_to is True


@pytest.mark.parametrize(("how", "told"), [("ends", True), ("fails", False), ("hangs", False)])
def test_an_answer_that_could_not_clear_the_page_leaves_that_to_others(
    how: str, told: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And one that nobody waited for any longer does not wipe out what was begun since."""
    monkeypatch.setattr("assistant.web.running._LONGEST_WAIT", 0.05)
    assert asyncio.run(_cleared(how)) == (told, told)

"""Questions to begin with and to go on with, made from the records of the index and asked before they are
offered."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from assistant.service import Assistant
from assistant.web.desk import Desk
from corpus.model import Record
from corpus.text import plain

_LONGEST = 70
_OFFERED = 5
_TRIED = 4
_NEXT = 3
_TRIED_NEXT = 5  # at most so many possible next questions are tried after an answer
_LONGEST_NEXT = 200


class Examples:
    """The example questions of each index generation, found once."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._lock = threading.Lock()
        self._found: dict[str, tuple[str, ...]] = {}

    def questions(self) -> tuple[str, ...]:
        """Up to five questions of different kinds that the current index answers."""
        with self._lock:
            name = self._desk.generation
            if name not in self._found:
                self._found = {name: tuple(_answered(self._desk))[:_OFFERED]}
            return self._found[name]


def _answered(desk: Desk) -> Iterator[str]:
    for kind, questions in candidates(desk.assistant):
        for question in questions[:_TRIED]:
            answer = desk.ask(question)
            if answer.answered and answer.kind == kind:
                yield question
                break


def candidates(assistant: Assistant) -> list[tuple[str, list[str]]]:
    """Questions by the kind of answer expected, the fullest records first."""
    register, current = assistant.index.register, assistant.register.current
    entries: dict[str, int] = {}
    for entry in register.entries:
        if entry.document in current and entry.commitment and entry.leads:
            entries[entry.commitment] = entries.get(entry.commitment, 0) + 1
    full = sorted(
        (name for name in entries if len(name) <= _LONGEST), key=lambda name: (-entries[name], len(name))
    )
    places = dict.fromkeys(p.place for p in register.priorities if p.document in current and p.text)
    leads = _most_common(lead for e in register.entries if e.document in current for lead in e.leads)
    shorts = [
        a.short
        for a in register.acronyms
        if a.document in current and 3 <= len(a.short) <= 6 and a.short.isupper()
    ]
    sized = sorted(
        (i for i in register.indicators if _plain_indicator(i, current)), key=lambda i: len(i.text)
    )
    return [
        ("lead", [f"Who leads “{name}”?" for name in full]),
        ("plan", [f"Which plan covers “{name}”?" for name in full[1:]]),
        (
            "place",
            [f"What are {place}'s priorities?" for place in places if len(place) <= 30 and " " not in place],
        ),
        ("reverse", [f"What does {lead} lead?" for lead in leads if len(lead) <= _LONGEST]),
        ("acronym", [f"What does {short} stand for?" for short in dict.fromkeys(shorts)]),
        ("indicator", [f"What is the target for {_lowered(plain(i.text)).rstrip('.')}?" for i in sized]),
    ]


def _plain_indicator(record: Record, current: frozenset[str]) -> bool:
    target = getattr(record, "target", None)
    return bool(
        record.document in current
        and not record.doubtful
        and target is not None
        and target.number is not None
        and len(getattr(record, "text", "")) <= _LONGEST
    )


def _most_common(names: Iterator[str]) -> list[str]:
    counts: dict[str, int] = {}
    for name in names:
        counts[name] = counts.get(name, 0) + 1
    return sorted(counts, key=lambda name: -counts[name])[1:]


def _lowered(name: str) -> str:
    """A name as it stands in the middle of a sentence; short forms keep their capitals."""
    first = name.split(" ")[0]
    return (
        name
        if first.isupper() and len(first) > 1 or any(c.isupper() for c in first[1:])
        else name[:1].lower() + name[1:]
    )


def next_questions(
    desk: Desk, turn: Mapping[str, Any], asked: Sequence[str], answered: Callable[[str], bool]
) -> tuple[str, ...]:
    """Questions that lead on from a turn of a conversation, each held to ``answered``: what a refusal names
    as nearest, what the citations stand under and who leads it, how it changed, other places."""
    before = {one.casefold() for one in (*asked, turn["question"], str(turn.get("standalone")))}
    possible = dict.fromkeys((*_nearest(turn), *_leading_on(desk.assistant, turn)))
    fresh = (question for question in possible if question.casefold() not in before)
    return tuple(islice(filter(answered, islice(fresh, _TRIED_NEXT)), _NEXT))


def _nearest(turn: Mapping[str, Any]) -> list[str]:
    told = turn.get("suggestions")
    return [one for one in map(str, told) if len(one) <= _LONGEST_NEXT] if isinstance(told, list) else []


def _leading_on(assistant: Assistant, turn: Mapping[str, Any]) -> Iterator[str]:
    cited = {(one["document"], one["span"][0]) for one in turn["citations"]}
    entries = [e for e in assistant.index.register.entries if (e.document, e.span.start) in cited][:6]
    kind = turn.get("kind")
    for entry in entries[:1]:
        if entry.commitment and len(entry.commitment) <= _LONGEST:
            if kind != "lead":
                yield f"Who leads “{entry.commitment}”?"
            if kind != "plan":
                yield f"Which plan covers “{entry.commitment}”?"
    for entry in entries[:2]:
        for lead in entry.leads[:1]:
            if kind != "reverse" and len(lead) <= _LONGEST:
                yield f"What does {lead} lead?"
    for entry in entries[:1]:
        if entry.commitment and kind != "diff":
            yield f"What changed in “{entry.commitment}” between the draft and the final plan?"
    yield from _other_places(assistant, turn)


def _other_places(assistant: Assistant, turn: Mapping[str, Any]) -> Iterator[str]:
    """The priorities of the places that are listed after the one asked about."""
    if turn.get("kind") != "place":
        return
    current = assistant.register.current
    places = list(
        dict.fromkeys(
            p.place for p in assistant.index.register.priorities if p.document in current and p.text
        )
    )
    at = next((n for n, one in enumerate(places) if one.casefold() in turn["question"].casefold()), -1)
    for place in (places[at + 1 :] + places[: max(at, 0)])[:_NEXT]:
        yield f"What are {place}'s priorities?"

"""Votes that minutes record ("For (32)", the names, "Against (4)", ...): how many voted so, and who did."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from assistant.draft import Draft, Evidence, Line
from assistant.question.understand import Reading
from corpus.model import Document, Span
from corpus.text import plain
from index.generation import Index
from index.lexical import terms

_SURE = 1.15
_MARK = re.compile(
    r"^[ \t]*(?P<side>For|Against|Abst[ae]\w+)[ \t]*[:–-]?[ \t]*\(?(?P<count>\d{1,3})\)?[ \t]*$", re.MULTILINE
)
_ENDS = re.compile(
    r"\n[ \t]*(?=\n[ \t]*\d|[\w ]*\b(?:carried|lost|fell|agreed)\b)|\n[ \t]*\n[ \t]*(?=\d+[.)]|[A-Z]+ED\b)"
)
_ASKED = re.compile(
    r"\b(?:who|which|whose|how many|how did|what)\b.*\b(?:vot(?:ed?|es|ing)|abst[ae]\w+|oppos\w+)\b|^(?:votes?|voting) (?:on|for)\b"
)
_OTHERS = re.compile(r"\bwho (?:has |had )?(?:proposed|seconded|moved|tabled)\b")
_SIDES = {
    "For": re.compile(r"\b(?:(?:vot\w+|was|were) (?:for|in favour)|in favour|support\w*|back\w*)\b"),
    "Against": re.compile(r"\b(?:against|oppos\w+|reject\w*)\b"),
    "Abstain": re.compile(r"\babst[ae]\w+"),
}
_OWN = frozenset(
    terms(
        "who which whose how many did what was were the in of on for to at councillors councillor members member people vote votes "
        "voted voting against favour abstain abstained abstention abstentions opposed oppose opposing supported and being be it that "
        "motion council",
        stop=False,
    )
)
_BEFORE = 700  # characters of what is voted on
_APART = 3000  # characters at most between the sides of one vote
_NEAR = 300  # characters before a vote
# What a word counts for that stands in the heading above a vote, right before it, or further above in what is voted on.
_HEADING, _RIGHT_BEFORE, _MOTION = 1.0, 0.8, 0.7
_ENOUGH, _CLEARLY = 0.6, 0.03


class Side(NamedTuple):
    """A side of a vote: what it is called, how many are on it, and where it stands with and without their names."""

    name: str
    number: int
    mark: Span
    whole: Span


class Vote(NamedTuple):
    """A vote: its document, the heading above it, what is voted on, and its sides."""

    document: str
    heading: str
    motion: str
    sides: tuple[Side, ...]


class Votes:
    """Looks recorded votes up."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._of = lru_cache(maxsize=512)(self._read)  # of this index: gone when it is

    def draft(self, reading: Reading, documents: Collection[str]) -> Draft | None:
        """The sides of the vote that a question asks for, with the names where it asks who; None where it asks for no
        vote, or none is clearly it."""
        if not _ASKED.search(reading.folded) or _OTHERS.search(reading.folded):
            return None
        words = {word for word in terms(reading.folded) if word not in _OWN}
        weight = {word: self._index.lexical.idf(word) for word in words}
        ranked = sorted(
            ((_met(vote, weight), vote) for one in self._held(documents) for vote in self._of(one)),
            key=lambda pair: -pair[0],
        )
        if not ranked or ranked[0][0] < _ENOUGH or any(s > ranked[0][0] - _CLEARLY for s, _ in ranked[1:]):
            return None
        return self._told(ranked[0][1], reading.folded)

    def _told(self, vote: Vote, folded: str) -> Draft:
        text = self._index.documents[vote.document].text
        asked = [side for side in vote.sides if _SIDES[side.name].search(folded)] or list(vote.sides)
        counted = "how many" in folded or len(asked) == len(vote.sides) > 1
        lines = [Line(f"The vote on “{vote.heading}” ({self._index.documents[vote.document].name}):")]
        for side in asked:
            span = side.mark if counted or not side.number else side.whole
            names = "" if counted or not side.number else plain(text[side.mark.end : side.whole.end]).strip()
            told = f"{side.name}: {side.number}{f' ({names})' if names else ''}"
            lines.append(Line(told, (Evidence(vote.document, span, vote.heading),)))
        return Draft("list", tuple(lines), _SURE, bullets=True, named=True)

    def _held(self, documents: Collection[str]) -> list[str]:
        """The documents in scope that may record a vote."""
        places = {
            at
            for word in ("abstain", "against")
            for stem in terms(word)
            for at in self._index.lexical.places(stem)
        }
        held = {self._index.passages[at].document for at in places}
        return sorted(held.intersection(documents))

    def _read(self, document: str) -> tuple[Vote, ...]:
        return tuple(_votes(self._index.documents[document]))


def _votes(document: Document) -> Iterator[Vote]:
    """The votes of a document: each begins with those for it."""
    text = document.text
    marks = [*_MARK.finditer(text)]
    headings = [
        block.span
        for block in document.blocks
        if block.kind == "heading" and not _MARK.match(block.span.of(text).strip("#* "))
    ]
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    sides: list[Side] = []
    last = 0  # where the vote before ends
    for found, beyond in zip(marks, ends, strict=False):
        name = found["side"] if found["side"] in _SIDES else "Abstain"
        if sides and (name == "For" or found.start() - sides[-1].mark.start > _APART):
            yield from _vote(document, headings, sides, last)
            last, sides = sides[-1].whole.end, []
        limit = min(beyond, found.end() + _APART)
        ended = _ENDS.search(text, found.end(), limit)
        end = len(text[: ended.start() if ended else limit].rstrip())
        mark = Span(found.start() + len(found[0]) - len(found[0].lstrip()), found.end())
        sides.append(Side(name, int(found["count"]), mark, Span(mark.start, max(end, mark.end))))
    yield from _vote(document, headings, sides, last)


def _vote(document: Document, headings: list[Span], sides: list[Side], last: int) -> Iterator[Vote]:
    if len(sides) < 2:  # a line that only looks like one
        return
    start = sides[0].mark.start
    at = bisect_right([span.start for span in headings], start) - 1
    heading = plain(headings[at].of(document.text)).strip("# ") if at >= 0 else document.name
    motion = document.text[max(last, start - _BEFORE) : start]
    yield Vote(document.id, heading, motion, tuple(sides))


def _met(vote: Vote, weight: Mapping[str, float]) -> float:
    """The share of a question's words, by rarity, that stand above a vote or in what is voted on."""
    held = dict.fromkeys(terms(vote.motion), _MOTION)
    held |= dict.fromkeys(terms(vote.motion[-_NEAR:]), _RIGHT_BEFORE)
    held |= dict.fromkeys(terms(vote.heading), _HEADING)
    met = sum(worth * held.get(word, 0.0) for word, worth in weight.items())
    return met / sum(weight.values()) if weight else 0.0

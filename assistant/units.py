"""Quotable units inside passages: sentences, list items and table rows, scored against a question."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from assistant.retrieve import Hit, Query
from corpus.model import Block, Document, Passage, Span
from corpus.text import fold, plain
from index.embed import Floats
from index.generation import Index
from ingest.sentences import sentences

_CONTEXT_SHARE = (
    0.85  # what a word found only in the headings counts against one found in the sentence itself
)
_MIN_WORDS = 3
MAX_WINDOW = 60
_REMEMBERED = 4096  # passages
_HEADING_MALUS = 0.08
_FRAGMENT = 4  # words; less is the rest of a line that was broken off
_FORM_MALUS = 0.10
_LENGTH_MALUS = 0.001  # a word

_NUMBER = re.compile(
    r"\d|\b(?:dozen|half|hundred|thousand|million|no|none|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty)\b"
)
_TIME = re.compile(
    r"\b(?:19|20)\d\d\b|\b(?:january|february|march|april|may|june|july|august|september|october|november|december"
    r"|spring|summer|autumn|winter|monthly|weekly|annual|annually|quarterly|daily|ongoing)\b"
)
_PERSON = re.compile(
    r"\b(?:Mr|Mrs|Ms|Dr|Cllr|Councillor|Sir|Professor|Chair|Director)\b|\b[A-Z][a-z]+ [A-Z][a-z]+"
)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a passage that can be quoted, whatever is asked: ``kind`` is "sentence", "item", "row" or "heading",
    ``text`` what a reader sees, ``key`` the same for stretches that say the same, ``holds`` which of number, time and
    person, ``malus`` what its form takes from its score."""

    span: Span
    kind: str
    text: str
    key: str
    holds: frozenset[str]
    malus: float


@dataclass(frozen=True, slots=True)
class Stretches:
    """The ``n`` stretches of a passage: ``bounds`` (2n,) the first token of each and the one after its last, ``head``
    how many tokens stand before all, in the headings."""

    all: tuple[Stretch, ...]
    bounds: NDArray[np.intp]
    head: int


@dataclass(frozen=True, slots=True)
class Unit:
    """A stretch as it meets a question: ``score`` how well; ``covers`` (q,) the best cosine for each question token."""

    document: Document
    span: Span
    kind: str
    hit: Hit
    score: float
    covers: Floats

    @property
    def text(self) -> str:
        """As a reader sees it: a row as its cells, each under its column's heading."""
        return shown_as(self.span.of(self.document.text), self.kind, self.hit.passage)


class Units:
    """The quotable stretches of an index's passages, each passage read once."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self._at = lru_cache(maxsize=_REMEMBERED)(self._read)

    def of(self, hit: Hit, query: Query) -> tuple[tuple[Stretch, ...], Floats]:
        """The stretches of a passage, and for each the best cosine of every question token: (n, q)."""
        told = self._at(hit.position)
        table, _ = self.index.tokens.table(query.question, hit.position)
        if not told.all:
            return (), np.zeros((0, len(table)), np.float32)
        head = table[:, : told.head].max(axis=1, initial=0.0) * _CONTEXT_SHARE
        ended = np.pad(table, ((0, 0), (0, 1)))  # so that a stretch may end with the last token
        own = np.maximum.reduceat(ended, told.bounds, axis=1)[:, ::2]
        own[:, told.bounds[::2] >= told.bounds[1::2]] = (
            0.0  # of an empty one reduceat gives the token after it
        )
        return told.all, np.maximum(own, head[:, None]).T.astype(np.float32)

    def _read(self, position: int) -> Stretches:
        passage = self.index.passages[position]
        document = self.index.documents[passage.document]
        starts = self.index.tokens.starts(position)
        head = len(passage.context) + 1
        windows = list(_windows(list(_spans(passage, document)), document))
        ends = [end + head - passage.span.start for span, _ in windows for end in (span.start, span.end)]
        return Stretches(
            tuple(_stretch(span, kind, passage, document) for span, kind in windows),
            np.searchsorted(starts, np.array(ends, np.int64)),
            int(np.searchsorted(starts, head)),
        )


def _stretch(span: Span, kind: str, passage: Passage, document: Document) -> Stretch:
    raw = span.of(document.text)
    text = shown_as(raw, kind, passage)
    words = len(text.split())
    malus = _LENGTH_MALUS * words + _HEADING_MALUS * (kind == "heading")
    if text.endswith("?") or (kind == "sentence" and words < _FRAGMENT):
        malus += _FORM_MALUS
    return Stretch(span, kind, text, fold(raw), holds(text), malus)


def holds(text: str) -> frozenset[str]:
    """Which of "number", "time" and "person" stand in a text."""
    folded = fold(text)
    found = {"number": _NUMBER.search(folded), "time": _TIME.search(folded), "person": _PERSON.search(text)}
    return frozenset(name for name, match in found.items() if match)


def shown_as(raw: str, kind: str, passage: Passage) -> str:
    """A stretch of a passage as a reader sees it: a row as its cells, each under its column's heading."""
    return row_text(raw, passage.columns) if kind == "row" else clean(raw)


def _windows(spans: list[tuple[Span, str]], document: Document) -> Iterator[tuple[Span, str]]:
    """Every run of neighbouring units that is at most MAX_WINDOW words long; a long unit alone."""
    counts = [len(span.of(document.text).split()) for span, _ in spans]
    for i, (first, kind) in enumerate(spans):
        if counts[i] >= _MIN_WORDS or kind == "item":
            yield first, kind
        words = counts[i]
        for j in range(i + 1, len(spans)):
            words += counts[j]
            if words > MAX_WINDOW or spans[j][1] == "heading":
                break
            yield Span(first.start, spans[j][0].end), "sentence"


def _spans(passage: Passage, document: Document) -> Iterator[tuple[Span, str]]:
    if passage.kind == "row":
        yield passage.span, "row"
        return
    for block in blocks_in(document, passage.span):
        if block.kind == "table":
            inside = sentences(passage.text, passage.span.start)
        else:
            inside = sentences(block.span.of(document.text), block.span.start)
        kind = {"heading": "heading", "item": "item"}.get(block.kind, "sentence")
        for span in inside:
            whole = span.start < passage.span.end and span.end > passage.span.start
            if whole:
                yield span, kind


def blocks_in(document: Document, span: Span) -> Iterator[Block]:
    """The blocks of a document that a span touches."""
    for block in document.blocks:
        if block.span.end > span.start and block.span.start < span.end:
            yield block


_LEAD_MARK = re.compile(r"^(?:#{1,6}\s+|>\s*|[-*•▪■●○·‣�]\s*)+")
_NUMBERED = re.compile(r"^\W*(?:\d|[ivx]{1,4}[).]|[A-Za-z][).])")
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")


def clean(raw: str) -> str:
    """A stretch of text as shown: list marks, heading marks and link targets removed."""
    return _LEAD_MARK.sub("", plain(_LINK.sub(r"\1", raw))).strip()


def names_columns(passage: Passage) -> bool:
    """Whether a passage is the row of a table that only names its columns."""
    columns = [fold(column) for column in passage.columns if column]
    return (
        passage.kind == "row" and bool(columns) and columns == [fold(c) for c in cells_of(passage.text) if c]
    )


def is_numbered(raw: str) -> bool:
    """Whether an item of a list has a number or letter of its own ("- 2.1 ...", "a) ...")."""
    return bool(_NUMBERED.match(raw))


def cells_of(raw: str) -> list[str]:
    """The cells of a table row as found."""
    body = raw.strip(" ")
    parts = body.split("\t") if "\t" in body else re.split(r"(?<!\\)\|", body.strip().strip("|"))
    return [clean(part) for part in parts]


def row_text(raw: str, columns: tuple[str, ...]) -> str:
    """A row in words: its first cell, then the others, each after its column's heading where the table has
    one."""
    cells = cells_of(raw)
    if not columns or len([c for c in cells if c]) <= 1:
        return "; ".join(cell for cell in cells if cell)
    shown = []
    for i, cell in enumerate(cells):
        column = columns[i] if i < len(columns) else ""
        if cell:
            shown.append(cell if i == 0 or not column or fold(column) == fold(cell) else f"{column}: {cell}")
    return "; ".join(shown)


def widened(unit: Unit, span: Span) -> Unit:
    """The same unit over a larger span."""
    return replace(unit, span=span)

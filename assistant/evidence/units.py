"""Quotable units inside passages: sentences, list items and table rows, scored against a question."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from assistant.evidence.retrieve import Hit
from corpus.model import Block, Document, Passage, Span
from corpus.text import MONTHS, fold, plain
from index.embed import Floats
from index.generation import Index
from index.lexical import terms
from index.tokens import best_between
from ingest.sentences import sentences

_CONTEXT_SHARE = (
    0.85  # what a word found only in the headings counts against one found in the sentence itself
)
_MIN_WORDS = 3
MAX_WINDOW = 60
_REMEMBERED = 4096  # passages
_GAP = 3  # characters between neighbouring sentences, at most
FORM = (
    "item",
    "row",
    "heading",
    "first",
    "length",
    "log_length",
    "asks",
    "opens",
    "leans",
    "number",
    "time",
    "person",
)
_WORD = re.compile(r"[^\s|]+")
FIGURE = re.compile(r"\d[\d,.]*")
_CAPITAL = re.compile(r"\b[A-Z][\w'’-]+")
_LEANS = re.compile(r"(?:This|These|Those|They|It|He|She|Their|Its)\b")

_NUMBER = re.compile(
    r"\d|\b(?:dozen|half|hundred|thousand|million|no|none|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty)\b"
)
_TIME = re.compile(
    rf"\b(?:19|20)\d\d\b|\b(?:{'|'.join(MONTHS)}"
    r"|spring|summer|autumn|winter|monthly|weekly|annual|annually|quarterly|daily|ongoing)\b"
)
_PERSON = re.compile(
    r"\b(?:Mr|Mrs|Ms|Dr|Cllr|Councillor|Sir|Professor|Chair|Director)\b|\b[A-Z][a-z]+ [A-Z][a-z]+"
)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a passage that can be quoted, whatever is asked: ``kind`` is "sentence", "item", "row" or "heading",
    ``text`` what a reader sees, ``key`` the same for stretches that say the same."""

    span: Span
    kind: str
    text: str
    key: str


@dataclass(frozen=True, slots=True)
class Marks:
    """Words of a passage in order: ``said`` (m), at which ``places`` each stands, and which of them each of ``n``
    stretches holds: from ``first`` (n,) to before ``last`` (n,)."""

    said: tuple[str, ...]
    places: dict[str, list[int]]
    first: NDArray[np.intp]
    last: NDArray[np.intp]

    def count(self, of: NDArray[np.bool_]) -> NDArray[np.intp]:
        """How many of those marked in ``of`` (m,) each stretch holds: (n,)."""
        sums = np.concatenate(([0], np.cumsum(of)))
        counted: NDArray[np.intp] = sums[self.last] - sums[self.first]
        return counted


@dataclass(frozen=True, slots=True)
class Stretches:
    """The ``n`` stretches of a passage: ``begins`` and ``ends`` (n,) characters of the document, ``bounds`` (2n,) the
    first token of each and the one after its last, ``head`` how many tokens stand before all, in the headings,
    ``previous`` (n,) the shortest that ends where each begins, or -1,
    ``form`` (n, len(FORM)) what is measured of them whatever is asked, ``words`` the stems of the passage, ``figures``
    and ``names`` its figures and words with a capital, folded."""

    all: tuple[Stretch, ...]
    begins: NDArray[np.intp]
    ends: NDArray[np.intp]
    bounds: NDArray[np.intp]
    head: int
    previous: NDArray[np.intp]
    form: Floats
    words: Marks
    figures: Marks
    names: Marks


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
        self.at = lru_cache(maxsize=_REMEMBERED)(self._read)

    def covers(self, told: Stretches, table: Floats) -> tuple[Floats, Floats]:
        """The best cosine of every question token in each stretch of a passage with these cosines (q, t), and the same
        with its headings, which count for less: (n, q) each."""
        head = table[:, : told.head].max(axis=1, initial=0.0) * _CONTEXT_SHARE
        own = np.maximum(best_between(table, told.bounds.reshape(-1, 2)), 0.0)
        return own.T.astype(np.float32), np.maximum(own, head[:, None]).T.astype(np.float32)

    def _read(self, position: int) -> Stretches:
        """The stretches of the passage at ``position``."""
        passage = self.index.passages[position]
        document = self.index.documents[passage.document]
        starts = self.index.tokens.starts(position)
        head = len(passage.context) + 1
        windows = list(_windows(list(_spans(passage, document)), document))
        made = tuple(_stretch(span, kind, passage, document) for span, kind in windows)
        begins = np.array([span.start for span, _ in windows], np.intp)
        ends = np.array([span.end for span, _ in windows], np.intp)
        own = np.stack([begins, ends], axis=1).reshape(-1) + head - passage.span.start
        return Stretches(
            made,
            begins,
            ends,
            np.searchsorted(starts, own),
            int(np.searchsorted(starts, head)),
            _previous(begins, ends),
            np.array([_form(one, at == 0) for at, one in enumerate(made)], np.float32),
            _marks(_stems(passage), begins, ends),
            _marks(_found(FIGURE, passage), begins, ends),
            _marks(_found(_CAPITAL, passage), begins, ends),
        )


def _previous(begins: NDArray[np.intp], ends: NDArray[np.intp]) -> NDArray[np.intp]:
    last = {int(end): at for at, end in enumerate(ends)}  # of several the one that begins last
    near = [next((last[b - gap] for gap in range(_GAP + 1) if b - gap in last), -1) for b in begins.tolist()]
    return np.array(near, np.intp)


def _marks(found: Iterable[tuple[int, str]], begins: NDArray[np.intp], ends: NDArray[np.intp]) -> Marks:
    told = list(found)
    starts = np.array([start for start, _ in told], np.intp)
    places: dict[str, list[int]] = {}
    for at, (_, word) in enumerate(told):
        places.setdefault(word, []).append(at)
    said = tuple(word for _, word in told)
    return Marks(said, places, np.searchsorted(starts, begins), np.searchsorted(starts, ends))


def _stems(passage: Passage) -> Iterator[tuple[int, str]]:
    for word in _WORD.finditer(passage.text):
        for stem in terms(word.group()):
            yield passage.span.start + word.start(), stem


def _found(pattern: re.Pattern[str], passage: Passage) -> Iterator[tuple[int, str]]:
    for match in pattern.finditer(passage.text):
        yield passage.span.start + match.start(), fold(match.group())


def _stretch(span: Span, kind: str, passage: Passage, document: Document) -> Stretch:
    raw = span.of(document.text)
    return Stretch(span, kind, shown_as(raw, kind, passage), fold(raw))


def _form(one: Stretch, first: bool) -> list[float]:
    """What FORM names, of a stretch."""
    words, held = len(one.text.split()), holds(one.text)
    told = {
        "item": one.kind == "item",
        "row": one.kind == "row",
        "heading": one.kind == "heading",
        "first": first,
        "length": words / MAX_WINDOW,
        "log_length": np.log1p(words),
        "asks": one.text.endswith("?"),
        "opens": one.text.endswith(":"),
        "leans": bool(_LEANS.match(one.text)),
        "number": "number" in held,
        "time": "time" in held,
        "person": "person" in held,
    }
    return [float(told[name]) for name in FORM]


def holds(text: str) -> frozenset[str]:
    """Which of "number", "time" and "person" stand in a text."""
    folded = fold(text)
    found = {"number": _NUMBER.search(folded), "time": _TIME.search(folded), "person": _PERSON.search(text)}
    return frozenset(name for name, match in found.items() if match)


def shown_as(raw: str, kind: str, passage: Passage) -> str:
    """A stretch of a passage as a reader sees it: a row as its cells, each under its column's heading."""
    return _shown(raw, passage.columns if kind == "row" else None)


@lru_cache(maxsize=_REMEMBERED)  # an answer comes back to the same few stretches again and again
def _shown(raw: str, columns: tuple[str, ...] | None) -> str:
    return clean(raw) if columns is None else row_text(raw, columns)


class _Piece(NamedTuple):
    """A sentence of a passage, the ``kind`` of stretch it is, and whether it opens its block."""

    span: Span
    kind: str
    opens: bool


def _windows(pieces: list[_Piece], document: Document) -> Iterator[tuple[Span, str]]:
    """Every run of neighbouring pieces that is at most MAX_WINDOW words long; a long piece alone."""
    counts = [len(piece.span.of(document.text).split()) for piece in pieces]
    for i, first in enumerate(pieces):
        if counts[i] >= _MIN_WORDS or first.kind == "item":
            yield first.span, first.kind
        words = counts[i]
        for j in range(i + 1, len(pieces)):
            words += counts[j]
            if words > MAX_WINDOW or pieces[j].kind == "heading" or _ends_at(first, pieces[j]):
                break
            yield Span(first.span.start, pieces[j].span.end), "sentence"


def _ends_at(first: _Piece, next_: _Piece) -> bool:
    """Whether a run from ``first`` on ends before a piece: with the rest of one item of a list the next one has nothing to
    do."""
    return first.kind == next_.kind == "item" and next_.opens and not first.opens


def _spans(passage: Passage, document: Document) -> Iterator[_Piece]:
    if passage.kind == "row":
        yield _Piece(passage.span, "row", opens=True)
        return
    for block in blocks_in(document, passage.span):
        if block.kind == "table":
            inside = sentences(passage.text, passage.span.start)
        else:
            inside = sentences(block.span.of(document.text), block.span.start)
        kind = {"heading": "heading", "item": "item"}.get(block.kind, "sentence")
        for place, span in enumerate(inside):
            whole = span.start < passage.span.end and span.end > passage.span.start
            if whole:
                yield _Piece(span, kind, opens=place == 0)


def blocks_in(document: Document, span: Span) -> Iterator[Block]:
    """The blocks of a document that a span touches."""
    for block in document.blocks:
        if block.span.end > span.start and block.span.start < span.end:
            yield block


# A dash close to a figure ("-£6.8m") is its sign.
_LEAD_MARK = re.compile(r"^(?:#{1,6}\s+|>\s*|[*•▪■●○·‣�]\s*|-(?!\(?[£€$]?\d)\s*)+")
_NEGATIVE = re.compile(r"^- ?\(?[£€$]?\d[\d,.]*(?: ?(?:%|m|bn|k|million|billion))?\)?$")
_NUMBERED = re.compile(r"^\W*(?:\d|[ivx]{1,4}[).]|[A-Za-z][).])")
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_QUOTED = re.compile(r"(?<=\n)[ \t]*>[ \t]?")  # the mark of a quoted line


def clean(raw: str) -> str:
    """A stretch of text as shown: list marks, heading marks and link targets removed."""
    return _LEAD_MARK.sub("", plain(_LINK.sub(r"\1", _QUOTED.sub("", raw)))).strip()


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
    return [_cell(part) for part in parts]


def _cell(raw: str) -> str:
    """A cell as shown: a dash is a list mark before words ("- 5 vans"), but the sign of a figure that stands alone."""
    text = plain(raw)
    return text if _NEGATIVE.match(text) else clean(raw)


def row_text(raw: str, columns: tuple[str, ...], worth: Callable[[str], int] | None = None) -> str:
    """A row in words: its first cell, then the others, each after its column's heading where the table has one; those
    first whose columns are worth most."""
    cells = cells_of(raw)
    if not columns or len([c for c in cells if c]) <= 1:
        return "; ".join(cell for cell in cells if cell)
    headed = list(zip(cells, ("", *columns[1:], *[""] * len(cells)), strict=False))
    if worth:
        headed[1:] = sorted(headed[1:], key=lambda one: -worth(one[1]))
    return "; ".join(
        cell if not column or fold(column) == fold(cell) else f"{column}: {cell}"
        for cell, column in headed
        if cell
    )


def widened(unit: Unit, span: Span) -> Unit:
    """The same unit over a larger span."""
    return replace(unit, span=span)

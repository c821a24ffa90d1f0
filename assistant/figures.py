"""Figures out of tables: the cell where the row and the column that a question names meet."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np

from assistant.draft import Draft, Evidence, Line
from assistant.expect import expected
from assistant.understand import Reading
from assistant.units import cells_of, names_columns
from corpus.model import Passage
from corpus.text import fold
from index.generation import Index
from index.lexical import terms

_KINDS = ("count", "money", "percent")
_VALUE = re.compile(r"^[^A-Za-z]*[£€$]?\d[\d,.]*(?: ?(?:%|m|bn|k|million|billion))?[^A-Za-z]*$")
_YEARS = re.compile(
    r"(?<!\d)(?P<from>(?:19|20)?\d\d)(?:/|-|–| to )(?P<to>(?:19|20)?\d\d)(?!\d)|(?<![\d/-])(?P<one>(?:19|20)\d\d)(?![\d/-])"
)
_SHARE = re.compile(r"%|\bper ?cent|\bpercentage|\bproportion|\bshare\b|\brate\b", re.IGNORECASE)
_TOTAL = re.compile(r"^(?:grand )?totals?$")
_ASKING = frozenset(
    terms(
        "how many much what which number numbers figure figures count total totals percentage proportion share amount sum level "
        "record recorded were was is are did does do there in of the for by show shows shown table according year between during "
        "give given have had has tell come plan report"
    )
)
_CAPTION, _CONTEXT = 0.9, 0.6  # what a word counts for that stands only above the table, or further above
_UNASKED = 0.25  # for a row or column that names more than is asked
_YEAR_ABOVE = 0.06  # for a year that only stands above the table
_LEAST, _SURE = 0.7, 0.85
_CLEARLY = 0.04  # by which a figure must be likelier than one of another table
_LOOKED_AT = 300  # rows


@dataclass(frozen=True, slots=True)
class Figure:
    """A cell of a table: its ``value`` with the names of its row and column; ``score`` (0 to 1) how well they meet a
    question."""

    value: str
    row: str
    column: str
    passage: Passage
    score: float


class Figures:
    """Looks figures up in the tables of an index."""

    def __init__(self, index: Index) -> None:
        self._index = index

    def draft(self, reading: Reading, documents: Collection[str]) -> Draft | None:
        """The figure that a question asks for; None where it asks for none, or no cell of a table is clearly it."""
        kind = _asked(reading.folded)
        words = [
            word for word in dict.fromkeys(terms(_YEARS.sub(" ", reading.folded))) if word not in _ASKING
        ]
        if kind is None or not words:
            return None
        years = frozenset(_years(reading.folded))
        found = [
            figure
            for passage in self._rows(words, documents)
            for figure in self._figures(passage, words, years, kind)
            if figure.score >= _LEAST
        ]
        best = max(found, key=lambda figure: figure.score, default=None)
        if best is None or any(self._rivals(best, other) for other in found):
            return None
        where = " › ".join(
            part for part in (self._index.documents[best.passage.document].name, best.passage.section) if part
        )
        named = ", ".join(part for part in (best.row, best.column) if part)
        line = Line(
            f"{best.value}: {named} ({where})",
            (Evidence(best.passage.document, best.passage.span, best.passage.section),),
        )
        return Draft("narrative", (line,), best.score, named=best.score >= _SURE)

    @staticmethod
    def _rivals(best: Figure, other: Figure) -> bool:
        return other.value != best.value and other.score > best.score - _CLEARLY

    def _rows(self, words: list[str], documents: Collection[str]) -> Iterator[Passage]:
        """Rows of tables under their headings, those first that hold most of the words."""
        scores = self._index.lexical.scores(words)
        held = np.flatnonzero(scores)
        best = (self._index.passages[at] for at in held[np.argsort(-scores[held], kind="stable")])
        rows = (p for p in best if p.kind == "row" and p.columns and p.document in documents)
        return (row for row in islice(rows, _LOOKED_AT) if not names_columns(row))

    def _figures(
        self, passage: Passage, words: list[str], years: frozenset[str], kind: str
    ) -> Iterator[Figure]:
        cells = cells_of(passage.text)
        row = next((cell for cell in cells if re.search("[A-Za-z]", cell)), "")
        head = passage.columns[0]
        further = f"{passage.section} {passage.context}"
        above = (
            frozenset(terms(f"{head} {passage.section.rsplit(' > ', 1)[-1]}")),
            frozenset(terms(f"{further} {self._index.documents[passage.document].name}")),
        )
        for cell, column in zip(cells, (*passage.columns, *[""] * len(cells)), strict=False):
            if cell == row or not _VALUE.match(cell) or not _is_of_kind(kind, cell, column):
                continue
            told = next(
                (found for text in (column, head, further) if (found := frozenset(_years(text)))), years
            )
            if not years or years & told:
                less = _YEAR_ABOVE if years and not years & frozenset(_years(column)) else 0.0
                yield Figure(cell, row, column, passage, self._met(words, row, column, above) - less)

    def _met(
        self, words: list[str], row: str, column: str, above: tuple[frozenset[str], frozenset[str]]
    ) -> float:
        """The share of a question's words, by rarity, that a row and its column name, or else what stands ``above`` them:
        the caption, and all of it."""
        own = frozenset(terms(row)) | frozenset(terms(_YEARS.sub(" ", column)))
        weight = {word: self._index.lexical.idf(word) for word in words}
        if not own & weight.keys() and not _TOTAL.match(fold(row)):
            return 0.0
        caption, around = above

        def counts(word: str) -> float:
            return 1.0 if word in own else _CAPTION if word in caption else _CONTEXT * (word in around)

        met = sum(w * counts(word) for word, w in weight.items()) / sum(weight.values())
        named = [word for word in own if word not in _ASKING]
        unasked = [word for word in named if word not in weight]
        return met - _UNASKED * len(unasked) / max(len(named), 1)


def _asked(folded: str) -> str | None:
    """The kind of figure that a question asks for: "count", "money" or "percent"; a few words with a year ask for a
    count."""
    wish = expected(folded, ())
    if wish is not None:
        return wish.kind if wish.kind in _KINDS else None
    return (
        "count"
        if _YEARS.search(folded) and not re.search(r"\b(?:who|why|when|where|which|what|how)\b", folded)
        else None
    )


def _is_of_kind(kind: str, cell: str, column: str) -> bool:
    share = bool(_SHARE.search(cell) or _SHARE.search(column))
    if kind == "percent":
        return share
    return not share and (kind != "money" or any(sign in cell + column for sign in "£€$"))


def _years(text: str) -> Iterator[str]:
    """The years of a text, a span of two as "2018/19"."""
    for match in _YEARS.finditer(text):
        if match["one"]:
            yield match["one"]
        elif int(match["to"][-2:]) == (int(match["from"][-2:]) + 1) % 100:
            century = match["from"][:2] if len(match["from"]) == 4 else "20"
            yield f"{century}{match['from'][-2:]}/{match['to'][-2:]}"

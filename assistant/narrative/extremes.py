"""The row of a table that has the most or the least of something: "which ward has the highest score?"."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from assistant.draft import Draft, Evidence, Line
from assistant.evidence.units import cells_of, names_columns
from assistant.narrative.figures import TOTAL, Figures
from assistant.phrases import number_word
from assistant.question.naming import YEARS, years_in
from assistant.question.understand import Reading
from corpus.model import Passage
from corpus.text import fold
from index.generation import Index
from index.lexical import terms

_MOST = "highest|most|largest|biggest|greatest|commonest|maximum"
_LEAST = "lowest|fewest|least|smallest|minimum"
_ASKED = re.compile(
    rf"\b(?:which|what|who|where)\b.*(?<!\bat )\b(?:(?P<most>{_MOST})|(?P<least>{_LEAST}))\b(?! of all\b)"
)
_EXTREME = frozenset(
    terms(
        f"{_MOST.replace('|', ' ')} {_LEAST.replace('|', ' ')} common frequent frequently often number",
        stop=False,
    )
)
_ASKING = frozenset(
    terms(
        "which what who where has had have is was are were did does do get got gets give gave given and how many much it there of the "
        "in for at by on with to that this as table shown according show total level value figure come came",
        stop=False,
    )
)
_NUMBER = re.compile(
    r"^(?P<sign>[-–−(]?) ?(?P<money>[£€$]?)(?P<figure>\d[\d,]*(?:\.\d+)?) ?(?P<scale>%|m|bn|k|million|billion)?\)?$"
)
_SCALES = {"k": 1e3, "m": 1e6, "million": 1e6, "bn": 1e9, "billion": 1e9}
_RANK = re.compile(r"\b(?:rank|decile|quintile|quartile|position|place)", re.IGNORECASE)
_WHOLE = re.compile(r"\b(?:total|all|overall|average|mean|median|england|national|combined)\b", re.IGNORECASE)
# What a word counts for that stands above the table, or in the name of its document.
_CAPTION, _AROUND = 0.9, 0.6
_UNASKED = 0.25  # for a column that names more than is asked
_ENOUGH = 0.7
_CLEARLY = 0.04  # by which a column must be likelier than another
_FEWEST = 3  # rows that are compared
_TABLES = 12
_LONGEST = 200  # rows
_BEFORE = 400  # characters of the text before a table


class Column(NamedTuple):
    """A column of figures: its place, that of the column that tells what the rows are, its name, rows with their figures,
    how well it meets a question (0 to 1), and its table's first row."""

    at: int
    labels: int
    name: str
    rows: Sequence[tuple[Passage, float]]
    score: float
    first: Passage


class Extremes:
    """Compares the rows of tables."""

    def __init__(self, index: Index, figures: Figures) -> None:
        self._index, self._figures = index, figures

    def draft(self, reading: Reading, documents: Collection[str]) -> Draft | None:
        """The row with the most or the least of what a question asks for; None where it asks for none, or no column of
        figures is clearly it."""
        asked = _ASKED.search(reading.folded)
        said = terms(YEARS.sub(" ", reading.folded)) if asked else []
        words = [word for word in dict.fromkeys(said) if word not in _EXTREME | _ASKING]
        if not asked or not words:
            return None
        weight = {word: self._index.lexical.idf(word) for word in words}
        years = frozenset(years_in(reading.folded))
        found = [
            column
            for table in self._tables(words, documents)
            for column in self._columns(table, weight, years)
        ]
        best = max(found, key=lambda column: column.score, default=None)
        if best is None or best.score < _ENOUGH:
            return None
        most = bool(asked["most"])
        rows = _extreme(best, most)
        if any(other.score > best.score - _CLEARLY and _extreme(other, most) != rows for other in found):
            return None
        return self._told(best, rows, most)

    def _told(self, column: Column, rows: Sequence[Passage], most: bool) -> Draft:
        document = self._index.documents[column.first.document]
        where = " › ".join(part for part in (document.name, column.first.section) if part)
        told = f"the {'highest' if most else 'lowest'} of {number_word(len(column.rows))}"
        lines = tuple(
            Line(
                f"{_cell(row, column.labels)}: {_cell(row, column.at)}, {column.name} ({told} in {where})",
                (Evidence(row.document, row.span, row.section),),
            )
            for row in rows
        )
        return Draft("narrative", lines, column.score, named=True)

    def _tables(self, words: Sequence[str], documents: Collection[str]) -> Iterator[Sequence[Passage]]:
        """The tables of which rows, or what stands above them, hold most of the words."""
        seen: set[int] = set()
        for at in islice(self._figures.rows(list(words), documents), 10 * _TABLES):
            if at in seen or len(seen) > _TABLES * _LONGEST:
                continue
            table = self._table(at)
            seen.update(table)
            rows = [self._index.passages[one] for one in table]
            if len(rows) >= _FEWEST:
                yield rows

    def _table(self, at: int) -> Sequence[int]:
        """The positions of the rows of the table around a row."""
        row, passages = self._index.passages[at], self._index.passages

        def beside(other: int) -> bool:
            one = passages[other]
            return (one.document, one.kind, one.columns) == (row.document, "row", row.columns)

        first = last = at
        while first > 0 and at - first < _LONGEST and beside(first - 1):
            first -= 1
        while last + 1 < len(passages) and last - at < _LONGEST and beside(last + 1):
            last += 1
        return [one for one in range(first, last + 1) if not names_columns(passages[one])]

    def _columns(
        self, rows: Sequence[Passage], weight: Mapping[str, float], years: frozenset[str]
    ) -> Iterator[Column]:
        """The columns of figures of a table, each with how well it meets the words of a question."""
        first = rows[0]
        further = f"{first.section} {first.context} {self._index.documents[first.document].name}"
        every = [frozenset(terms(YEARS.sub(" ", name))) for name in first.columns]
        labels = _labels(rows, every, weight.keys())
        held = dict.fromkeys(terms(further), _AROUND)
        held |= dict.fromkeys(terms(f"{first.section.rsplit(' > ', 1)[-1]} {self._before(first)}"), _CAPTION)
        held |= dict.fromkeys(every[labels], 1.0)
        shared = frozenset.intersection(*every[1:]) if len(every) > 1 else frozenset()
        figures = {
            at: found for at in range(len(every)) if len(found := _values(rows, at, labels)) >= _FEWEST
        }
        for at, found in figures.items():
            name, own = first.columns[at], every[at]
            told_of = (name, first.columns[0], further)  # whichever tells of years first
            of = next(filter(None, map(frozenset, map(years_in, told_of))), frozenset())
            distinct = (own - shared) & weight.keys() or (of & years) or len(figures) == 1
            if (
                not name
                or _RANK.search(name)
                or not distinct
                or (years and of and not _calendar(years) & _calendar(of))
            ):
                continue
            met = sum(worth * (1.0 if word in own else held.get(word, 0.0)) for word, worth in weight.items())
            told = [word for word in own if word not in _ASKING | _EXTREME and not word[0].isdigit()]
            unasked = sum(word not in weight for word in told) / max(len(told), 1)
            score = met / sum(weight.values()) - _UNASKED * unasked
            yield Column(at, labels, name, found, score, first)

    def _before(self, first: Passage) -> str:
        """The end of the text before a table, which may tell what it shows."""
        text = self._index.documents[first.document].text
        return text[max(0, first.span.start - _BEFORE) : first.span.start].rsplit("\n\n", 2)[-2:][0]


def _calendar(years: Collection[str]) -> set[str]:
    """The calendar years, by their last two digits, that years or periods of two touch ("2024-25")."""
    return {part[-2:] for year in years for part in re.findall(r"\d{4}|\d{2}", year)}


def _extreme(column: Column, most: bool) -> list[Passage]:
    """The rows with the most, or the least, in a column."""
    extreme = (max if most else min)(figure for _, figure in column.rows)
    return [passage for passage, figure in column.rows if figure == extreme]


def _labels(rows: Sequence[Passage], names: Sequence[frozenset[str]], asked: Collection[str]) -> int:
    """The place of the column that tells what a table's rows are: one in words of which the question names the heading, or
    else the first in words."""
    cells = [cells_of(row.text) for row in rows]

    def in_words(at: int) -> bool:
        return (
            sum(at < len(row) and bool(re.search("[A-Za-z]{2}", row[at])) for row in cells) > len(cells) / 2
        )

    worded = [at for at in range(len(names)) if in_words(at)]
    return next((at for at in worded if names[at] & set(asked)), worded[0] if worded else 0)


def _values(rows: Sequence[Passage], at: int, labels: int) -> list[tuple[Passage, float]]:
    """The rows that have a figure in a column, without those that sum up others; none where the figures cannot be compared:
    money beside shares, or a figure in words."""
    found: list[tuple[Passage, float]] = []
    kinds: set[str] = set()
    for row in rows:
        label, cell = _cell(row, labels), _cell(row, at)
        if at == labels or not label or TOTAL.match(fold(label)) or _WHOLE.search(label):
            continue
        figure = _NUMBER.match(cell)
        if figure is None:
            if re.search(r"\d", cell):
                return []
            continue
        scale = figure["scale"] or ""
        kinds.add("%" if scale == "%" else figure["money"])
        value = float(figure["figure"].replace(",", "")) * _SCALES.get(scale, 1.0)
        found.append((row, -value if figure["sign"] else value))
    return found if len(kinds) == 1 else []


def _cell(row: Passage, at: int) -> str:
    cells = cells_of(row.text)
    return cells[at] if at < len(cells) else ""

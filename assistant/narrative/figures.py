"""Figures out of tables: the cell where the row and the column that a question names meet."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import islice

import numpy as np

from assistant.draft import Draft, Evidence, Line
from assistant.evidence.units import cells_of, names_columns
from assistant.question.expect import asks, expected
from assistant.question.naming import YEARS, years_in
from assistant.question.understand import Reading
from corpus.groups import grouped
from corpus.model import Passage
from corpus.text import MONTHS, fold
from index.generation import Index
from index.lexical import terms

_KINDS = ("count", "money", "percent")
_VALUE = re.compile(r"^[^A-Za-z]*[£€$]?\d[\d,.]*(?: ?(?:%|m|bn|k|million|billion))?[^A-Za-z]*$")
_SHORT = re.compile(r"([a-z])(\d{1,3})")
_SHARE = re.compile(r"%|\bper ?cent|\bpercentage|\bproportion|\bshare\b|\brate\b", re.IGNORECASE)
TOTAL = re.compile(r"^(?:grand )?totals?$")
_WHAT_IS = re.compile(
    r"\bwhat(?:'s| is| was| are| were| will be) the (?!.*\b(?:targets?|baselines?|aims?|changes?|difference)\b)"
)
_UNIT = re.compile(r"£ ?'?0{3}'?s?|\b0{3}s\b|£m\b|£k\b|£bn\b")  # in which a column's figures are told
# Rows of accounts hold sums of money, signed or not.
_OF_MONEY = re.compile(
    r"^(?!.*\b(?:number|no|applications?|households?|dwellings?|people|staff|claimants?|awarded|received|made)\b).*\b(?:grants?|"
    r"budgets?|costs?|funds?|funding|reserves?|incomes?|spend(?:ing)?|expenditures?|revenues?|tax(?:es)?|precepts?|fees?|charges?|payments?|"
    r"salar(?:y|ies)|wages?|debts?|savings?|overspends?|underspends?|premiums?|levy|levies|prices?)\b"
)
_ASKING = frozenset(
    terms(
        "how many much what which from number numbers figure figures count total totals percentage proportion share amount sum level "
        "record recorded were was is are did does do there in of the for by show shows shown table according year between during "
        "give given have had has tell come plan report"
    )
)
_WITHIN = " > "  # between the headings of a path
_CAPTION, _CONTEXT = 0.9, 0.6  # what a word counts for that stands only above the table, or further above
_UNASKED = 0.25  # for a row or column that names more than is asked
_YEAR_ABOVE = 0.06  # for a year that only stands above the table
_LEAST, _SURE = 0.7, 0.85
_CLEARLY = 0.04  # by which a figure must be likelier than one of another table
_LOOKED_AT = 300  # rows
_PARTS = 20  # rows, at most, of which one is the sum
_REMEMBERED = 4096  # rows


@dataclass(frozen=True, slots=True)
class Figure:
    """A cell of a table: its ``value`` with the names of its row and column; ``score`` (0 to 1) how well they meet a
    question."""

    value: str
    row: str
    column: str
    passage: Passage
    score: float


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure in a table, whatever is asked: ``value`` under ``row`` and ``column``; stems of their ``names``, of the
    ``caption`` above and of all ``around``; the ``years`` it is of, and those that its column names itself; stems of
    what is found ``elsewhere``."""

    value: str
    row: str
    column: str
    names: frozenset[str]
    caption: frozenset[str]
    around: frozenset[str]
    years: frozenset[str]
    own_years: frozenset[str]
    elsewhere: frozenset[str]


class Figures:
    """Looks figures up in the tables of an index."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._cells = lru_cache(maxsize=_REMEMBERED)(self._read)
        self._of_whole = lru_cache(maxsize=_REMEMBERED)(self._told_by_title)

    def draft(self, reading: Reading, documents: Collection[str]) -> Draft | None:
        """The figure that a question asks for; None where it asks for none, or no cell of a table is clearly it."""
        kind = _asked(reading.folded)
        words = list(dict.fromkeys(self._words(reading.folded)))
        if kind is None or not words:
            return None
        years = frozenset(years_in(reading.folded))
        weight = {word: self._index.lexical.idf(word) for word in words}
        found = [
            figure
            for position in self.rows(words, documents)
            for figure in self._figures(position, weight, years, kind)
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

    def _words(self, folded: str) -> Iterator[str]:
        """The stems of what a question asks of, without years; a letter with a number as the words it stands for."""
        for word in terms(YEARS.sub(" ", folded)):
            short = _SHORT.fullmatch(word)
            yield from (short and self._in_full(*short.groups())) or ([word] if word not in _ASKING else [])

    def _in_full(self, letter: str, number: str) -> list[str]:
        """The stems of the word that the documents write most with a number and that begins with a letter: "section 42"
        for "s42"; none where they write no such word."""
        written = re.compile(rf"\b({letter}[a-z]+) {number}\b(?![.,]\d)")
        texts = (fold(self._index.passages[at].text) for at in self._index.lexical.places(number))
        found = Counter(word for text in texts for word in written.findall(text) if word not in MONTHS)
        return [stem for word, _ in found.most_common(1) for stem in terms(f"{word} {number}")]

    @staticmethod
    def _rivals(best: Figure, other: Figure) -> bool:
        return other.value != best.value and other.score > best.score - _CLEARLY

    def rows(self, words: list[str], documents: Collection[str]) -> Iterator[int]:
        """The positions of rows of tables under their headings, those first that hold most of the words."""
        scores = self._index.lexical.scores(words)
        held, passages = np.flatnonzero(scores), self._index.passages
        best = ((at, passages[at]) for at in held[np.argsort(-scores[held], kind="stable")].tolist())
        rows = ((at, p) for at, p in best if p.kind == "row" and p.columns and p.document in documents)
        return (at for at, _ in islice(rows, _LOOKED_AT))

    def _figures(
        self, position: int, weight: Mapping[str, float], years: frozenset[str], kind: str
    ) -> Iterator[Figure]:
        passage = self._index.passages[position]
        for cell in self._cells(position):
            if not _is_of_kind(kind, cell) or cell.elsewhere & weight.keys():
                continue
            if not years or years & (cell.years or years):
                less = _YEAR_ABOVE if years and not years & cell.own_years else 0.0
                yield Figure(cell.value, cell.row, cell.column, passage, _met(weight, cell) - less)

    def _read(self, position: int) -> tuple[Cell, ...]:
        """The cells of a row of a table that hold a figure."""
        passage = self._index.passages[position]
        if names_columns(passage):
            return ()
        cells = cells_of(passage.text)
        row = next((cell for cell in cells if re.search("[A-Za-z]", cell)), "")
        head = passage.columns[0]
        further = f"{passage.section} {passage.context}"
        caption = frozenset(
            terms(f"{head} {passage.section.rsplit(_WITHIN, 1)[-1]} {self._sum_above(position)}")
        )
        around = frozenset(terms(f"{further} {self._index.documents[passage.document].name}"))
        elsewhere = self._beside(passage) - caption
        caption |= self._of_whole(passage.document)
        made = []
        for value, column in zip(cells, (*passage.columns, *[""] * len(cells)), strict=False):
            if value != row and _VALUE.match(value):
                own = frozenset(years_in(column))
                years = own or frozenset(years_in(head)) or frozenset(years_in(further))
                names = frozenset(terms(row)) | frozenset(terms(_UNIT.sub(" ", YEARS.sub(" ", column))))
                made.append(Cell(value, row, column, names, caption, around, years, own, elsewhere - names))
        return tuple(made)

    def _told_by_title(self, document: str) -> frozenset[str]:
        """The stems of a paper's title, as what a paper is about, its tables are about; not those by which its headings tell
        parts of it apart."""
        headings = {stem for path in self._paths[document] for stem in terms(" ".join(path))}
        return frozenset(terms(self._index.documents[document].title)) - headings

    def _beside(self, passage: Passage) -> frozenset[str]:
        """The stems that tell headings beside those above a passage from them, where they are alike: "south" where it
        stands under "Data of the north" and others under "Data of the south"."""
        path = passage.section.split(_WITHIN)
        told: set[str] = set()
        for depth, heading in enumerate(path):
            own, below = _told_by(heading), _told_by(" ".join(path[depth:]))
            beside = self._headings[(passage.document, *path[:depth])]
            told.update(*(other - below for other in map(_told_by, beside) if other & own))
        return frozenset(told)

    @cached_property
    def _paths(self) -> Mapping[str, Collection[tuple[str, ...]]]:
        """The paths of headings in each document."""
        return grouped(
            dict.fromkeys((p.document, tuple(p.section.split(_WITHIN))) for p in self._index.passages)
        )

    @cached_property
    def _headings(self) -> Mapping[tuple[str, ...], frozenset[str]]:
        """The headings under each path of headings of a document."""
        under = grouped(
            ((document, *path[:n]), heading)
            for document, paths in self._paths.items()
            for path in paths
            for n, heading in enumerate(path)
        )
        return {path: frozenset(headings) for path, headings in under.items()}

    def _sum_above(self, position: int) -> str:
        """The name of the row that sums up the row at a position: the nearest above whose figures stand in other columns,
        set out to the right of those of its parts."""
        own = _filled(self._index.passages[position])
        for passage in islice(self._table_above(position) if own else (), _PARTS):
            filled = _filled(passage)
            if filled and not own & filled and max(filled) > max(own):
                return cells_of(passage.text)[0]
        return ""

    def _table_above(self, position: int) -> Iterator[Passage]:
        """The rows above a row of a table, from below."""
        row = self._index.passages[position]
        for at in range(position - 1, -1, -1):
            above = self._index.passages[at]
            same = (above.document, above.kind, above.columns) == (row.document, "row", row.columns)
            if not same or names_columns(above):
                return
            yield above


def _told_by(heading: str) -> frozenset[str]:
    """The stems of a heading's words, without numbers and those that only count or ask."""
    return frozenset(word for word in terms(heading) if word.isalpha() and word not in _ASKING)


def _filled(passage: Passage) -> frozenset[int]:
    """The columns of a row that hold a figure."""
    return frozenset(at for at, cell in enumerate(cells_of(passage.text)) if at and _VALUE.match(cell))


def _met(weight: Mapping[str, float], cell: Cell) -> float:
    """The share of a question's words, by rarity, that a row and its column name, or else what stands above them."""
    if not cell.names & weight.keys() and not TOTAL.match(fold(cell.row)):
        return 0.0

    def counts(word: str) -> float:
        if word in cell.names:
            return 1.0
        return _CAPTION if word in cell.caption else _CONTEXT * (word in cell.around)

    met = sum(w * counts(word) for word, w in weight.items()) / sum(weight.values())
    named = [word for word in cell.names if word not in _ASKING]
    unasked = [word for word in named if word not in weight]
    return met - _UNASKED * len(unasked) / max(len(named), 1)


def _asked(folded: str) -> str | None:
    """The kind of figure that a question asks for: "count", "money" or "percent"; a few words with a year, and what
    something is in a year, ask for a count."""
    wish = expected(folded, ())
    if wish is not None:
        return wish.kind if wish.kind in _KINDS else None
    keywords = YEARS.search(folded) and not asks(folded)
    return "count" if keywords or (YEARS.search(folded) and _WHAT_IS.search(folded)) else None


def _is_of_kind(kind: str, cell: Cell) -> bool:
    told = f"{cell.value} {cell.column}"
    share = bool(_SHARE.search(told))
    if kind == "percent":
        return share
    return not share and (
        kind != "money" or any(sign in told for sign in "£€$") or bool(_OF_MONEY.search(fold(cell.row)))
    )

"""What stands in a row of the register beside its plan and its lead: its status, its date, whatever its columns are called
("what is the likelihood score of the harbour risk?")."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property

from assistant.draft import Draft, Line, of_record
from assistant.evidence.link import Forms, Linker
from assistant.question.understand import Ask
from corpus.groups import grouped
from corpus.model import PlanEntry, Record
from corpus.text import fold
from index.lexical import terms
from index.query import RegisterQuery, words

_SURE = 1.15  # as sure as any look-up whose cue and name stand in the question
_MET = 0.6  # of the words of a column's name that a question must say
_LONGEST = 60  # words of what a column says
_MOST = 4  # rows; of more it is not told which are meant
_ABOUT = {  # columns that the register knows by what they say, and what asks for them
    "status": re.compile(r"\b(?:status|rag|rating|on track)\b"),
    "timescale": re.compile(
        r"\b(?:deadline|timescale|target date|completion date|due (?:by|date))\b|"
        r"\bwhen (?:is|are|will|must|should)\b.*\b(?:due|done|complete\w*|finished|delivered)\b"
    ),
    "measure": re.compile(r"\bhow (?:will|is|are) .* measured\b|\bmeasures? of success\b"),
}
_SHOWN = {"status": "Status", "timescale": "By when", "measure": "Measure"}
_OWN = frozenset(
    terms(
        "what which when how is are was were the of for in and its their risk risks action actions plan plans row score level rating "
        "current currently now estimated total by at against give gives given shown listed register",
        stop=False,
    )
)
_CUES = frozenset(
    terms(
        "status rag rating progress track far deadline timescale due date soon success complete completed completion",
        stop=False,
    )
)
_REFERENCE = re.compile(r"\b[a-z]+-?\d[\w.-]*")
_BRACKETS = re.compile(r"\s*\([^()]*\)|£ ?\w+$")


class RowDetails:
    """Tells columns of rows."""

    def __init__(self, register: RegisterQuery, linker: Linker) -> None:
        self._register, self._linker = register, linker

    def draft(self, ask: Ask) -> Draft | None:
        """The columns that a question names, of the row or rows that it names; None where it names neither, or asks who
        leads."""
        folded = ask.reading.folded
        if ask.reading.has("lead", "who", "diff") or not self._names_a_column(folded):
            return None
        rows = self._rows(ask)
        lines = [line for row in rows if (line := self._line(row, folded))]
        return Draft("list", tuple(lines), _SURE, bullets=len(lines) > 1, named=True) if lines else None

    def _names_a_column(self, folded: str) -> bool:
        """Whether a question may ask for a column of any row."""
        told = any(cue.search(folded) for cue in _ABOUT.values())
        return told or not self._column_words.isdisjoint(terms(folded))

    @cached_property
    def _column_words(self) -> frozenset[str]:
        """The stems of what columns are called."""
        names = {name for row in self._register.register.entries for name, _ in row.other}
        return frozenset(terms(" ".join(names))) - _OWN

    def _rows(self, ask: Ask) -> Sequence[PlanEntry]:
        """The rows that a question names by the reference that they bear, or by the name of what they stand under."""
        said = _REFERENCE.findall(ask.reading.folded)
        rows = [row for one in dict.fromkeys(said) for row in self._by_reference.get(one, [])]
        whole = self._names.standing(words(ask.reading.question))
        rows = rows or [row for name, _ in whole[:1] for row in self._by_name[name]]
        if not rows:
            top = self._linker.records(ask.wordings, ("entry", "commitment"), ask.documents, k=1)
            rows = self._rows_of(top[0].record) if top and top[0].named else []
        rows = [row for row in rows if row.document in ask.documents]
        return rows if len(rows) <= _MOST else []

    def _rows_of(self, record: Record) -> list[PlanEntry]:
        return [record] if isinstance(record, PlanEntry) else self._register.entries_of(record.id)

    @cached_property
    def _by_reference(self) -> dict[str, list[PlanEntry]]:
        rows = self._register.register.entries
        return grouped((fold(one), row) for row in rows for one in _references(row))

    @cached_property
    def _by_name(self) -> dict[str, list[PlanEntry]]:
        """The rows under each commitment whose name tells it apart, folded to words."""
        rows = grouped((words(row.commitment or ""), row) for row in self._register.register.entries)
        return {name: under for name, under in rows.items() if _tells_apart(name)}

    @cached_property
    def _names(self) -> Forms:
        """Those names, the longest first."""
        return Forms((name, name) for name in sorted(self._by_name, key=len, reverse=True))

    def _line(self, row: PlanEntry, folded: str) -> Line | None:
        title = self._register.documents[row.document].name
        named = terms(" ".join(filter(None, (row.commitment, row.plan, title))), stop=False)
        asked = set(terms(folded)) - _OWN - set(named)
        told = dict(_columns(row, folded, asked))
        unmet = asked - set(terms(" ".join((*told, *_references(row))), stop=False)) - _CUES
        if not told or unmet:
            return None
        shown = "; ".join(f"{name}: {value}" for name, value in told.items())
        plan = f", {row.plan}" if row.plan and row.commitment else ""
        return Line(f"**{row.commitment or row.plan}**{plan} ({title}): {shown}.", (of_record(row),))


def _tells_apart(name: str) -> bool:
    """Whether a name, folded to words, is long enough to stand for nothing else, or has a number in it."""
    return len(name.split()) > 1 or any(one.isdigit() for one in name)


def _references(row: PlanEntry) -> list[str]:
    """The references that a row bears ("CRR15")."""
    return [value for name, value in row.other if _is_reference(name)]


def _is_reference(name: str) -> bool:
    return fold(name) in ("reference", "ref", "number", "no", "id")


def _columns(row: PlanEntry, folded: str, asked: set[str]) -> Iterator[tuple[str, str]]:
    """The columns of a row that a question asks for, with what they say."""
    for field, cue in _ABOUT.items():
        value = getattr(row, field)
        if value and cue.search(folded):
            yield _SHOWN[field], value
    for name, value in row.other:
        short = 0 < len(value.split()) <= _LONGEST
        if short and not _is_reference(name) and _share(name, asked) >= _MET:
            yield name, value


def _share(name: str, asked: set[str]) -> float:
    """The share of what a column's name says by itself that a question says too."""
    own = set(terms(_BRACKETS.sub("", name), stop=False)) - _OWN
    return len(own & asked) / len(own) if own else 0.0

"""Registers side by side: rows in a form for comparing, and the differences between two lists of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from corpus.catalogue import read_catalogue
from corpus.model import Document, PlanEntry, Register
from corpus.text import fold
from ingest.read import documents_of
from ingest.readers import read_source

PLAN = "shared-delivery-plan-2024-06"


@dataclass(frozen=True, slots=True)
class Row:
    """What an entry of the register says, in lower case."""

    outcome: str
    commitment: str
    plan: str
    leads: tuple[str, ...]

    @property
    def key(self) -> tuple[str, ...]:
        """The row without spaces, punctuation and strange letters, which lost breaks and bullets leave."""
        return (*map(bare, (self.outcome, self.commitment, self.plan)), *sorted(map(bare, self.leads)))

    def __str__(self) -> str:
        return " | ".join((self.outcome, self.commitment, self.plan, "; ".join(self.leads)))


def bare(text: str) -> str:
    """The Latin letters and the figures of a text, in lower case."""
    return re.sub(r"[^a-z0-9£%]", "", fold(text))


def documents(*paths: Path) -> list[Document]:
    """The documents in some files, as an ingest reads them."""
    catalogue = read_catalogue()
    return [document for path in paths for document in documents_of(read_source(path), catalogue)]


def entries(register: Register, document: str = PLAN) -> list[PlanEntry]:
    """The entries of one document, in reading order."""
    return [entry for entry in register.entries if entry.document == document]


def rows(register: Register, document: str = PLAN) -> list[Row]:
    """The entries of one document as rows."""
    return [
        Row(e.outcome or "", fold(e.commitment or ""), fold(e.plan or ""), tuple(sorted(map(fold, e.leads))))
        for e in entries(register, document)
    ]


def differences(left: Sequence[Row], right: Sequence[Row]) -> Iterator[tuple[Row | None, Row | None]]:
    """Pairs of rows that stand at the same place and differ; None where one side has no such row."""
    matcher = SequenceMatcher(None, [row.key for row in left], [row.key for row in right], autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            continue
        ours: list[Row | None] = [*left[a:b]]
        theirs: list[Row | None] = [*right[c:d]]
        longer = max(len(ours), len(theirs))
        padded = [part + [None] * (longer - len(part)) for part in (ours, theirs)]
        yield from zip(*padded, strict=True)


def changed(pair: tuple[Row | None, Row | None]) -> Iterator[tuple[str, str, str]]:
    """What differs between two rows: a field and its text on either side; the row where one lacks it."""
    ours, theirs = pair
    if ours is None or theirs is None:
        yield "row", str(ours or ""), str(theirs or "")
        return
    for field in ("outcome", "commitment", "plan"):
        if bare(getattr(ours, field)) != bare(getattr(theirs, field)):
            yield field, getattr(ours, field), getattr(theirs, field)
    if set(map(bare, ours.leads)) != set(map(bare, theirs.leads)):
        yield "leads", "; ".join(ours.leads), "; ".join(theirs.leads)


def told(pairs: Sequence[tuple[Row | None, Row | None]]) -> str:
    """Differences as lines to read."""
    return "\n".join(f"- {ours}\n+ {theirs}" for ours, theirs in pairs)


def other_records(register: Register, document: str = PLAN) -> dict[str, set[tuple[str, ...]]]:
    """Priorities, milestones and short forms of one document, in a form for comparing."""
    return {
        "priorities": {
            (bare(p.place), bare(p.text), *p.outcomes) for p in register.priorities if p.document == document
        },
        "milestones": {
            (bare(m.what), m.date or bare(m.when)) for m in register.milestones if m.document == document
        },
        "short forms": {(a.short, bare(a.full)) for a in register.acronyms if a.document == document},
    }

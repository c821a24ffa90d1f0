"""What a composer hands over: sentences with the evidence for each, before numbering and checking."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from corpus.model import Record, Span


@dataclass(frozen=True, slots=True)
class Evidence:
    """A span of a document that proves a line."""

    document: str
    span: Span
    section: str = ""

    def meets(self, other: Evidence) -> bool:
        """Whether two spans share any of a document's text."""
        return (
            self.document == other.document
            and self.span.start < other.span.end
            and other.span.start < self.span.end
        )


@dataclass(frozen=True, slots=True)
class Line:
    """A line of an answer and its evidence; a line without evidence says nothing about the documents'
    content. ``verbatim`` says that it is what stands there, word for word; ``apart`` that it is no item of the list
    before it."""

    text: str
    evidence: tuple[Evidence, ...] = ()
    verbatim: bool = False
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """A possible answer. ``confidence`` (about 0 to 1) competes with other drafts; ``answered`` False is a
    statement that the documents do not hold it. ``bullets`` says how lines after the first are set;
    ``named`` that what was looked up stands by its name in the question: a record, or, of a narrative, the row and
    column of a figure, a post, the things of a list, what a thing is, what was decided."""

    kind: str
    lines: tuple[Line, ...]
    confidence: float
    answered: bool = True
    completeness: Literal["complete", "partial", "none"] = "complete"
    suggestions: tuple[str, ...] = ()
    notes: tuple[str, ...] = field(default=())
    bullets: bool = False
    named: bool = False

    @property
    def told(self) -> str:
        """All that it says, in one; empty for one that says nothing."""
        return " ".join(line.text for line in self.lines)

    @property
    def sources(self) -> frozenset[str]:
        """The documents that it cites."""
        return frozenset(one.document for line in self.lines for one in line.evidence)

    def within(self, other: Draft) -> bool:
        """Whether all places that this draft cites are cited, wholly or in part, by another; False where it cites none."""
        cited = [one for line in other.lines for one in line.evidence]
        own = [one for line in self.lines for one in line.evidence]
        return bool(own) and all(any(one.meets(place) for place in cited) for one in own)


def of_record(record: Record) -> Evidence:
    """The evidence of a record."""
    return Evidence(record.document, record.span, record.section)

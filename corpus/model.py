"""The data model: what a document is made of and what is said about it. Standard library only.

A Document is one published paper. Its ``text`` never changes after reading; everything that points into it
does so with a Span, and pages and lines are computed from offsets. Offsets are in characters, half-open.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Literal

BlockKind = Literal["heading", "paragraph", "item", "table"]
Status = Literal["final", "draft", "superseded", "report", "minutes"]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Half-open character offsets ``[start, end)`` into a document's stored text."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """The words that the span covers, verbatim."""
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Page:
    """A physical page: 1-based number (None where the source has none), its printed label, its stretch of
    text."""

    page_no: int | None
    page_label: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell: ``text`` with white space folded and markup removed; ``span`` covers it as found."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Row:
    """A table row; ``span`` covers the whole row in the stored text."""

    cells: tuple[Cell, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Block:
    """A unit of layout. ``level`` is 1.. for headings; ``rows`` is filled for tables only."""

    kind: BlockKind
    span: Span
    level: int = 0
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """One published paper, whole: its text, pages, blocks and what is known about it.

    ``file`` is the source file's name; ``first_line`` the 1-based line of that file where ``text`` begins, or
    None for sources without lines (PDF, Word). ``pack`` is the id of the pack that the paper came in.
    ``inferred`` names the metadata fields that were guessed rather than read in the catalogue or front
    matter.
    """

    id: str
    file: str
    title: str
    text: str
    pages: tuple[Page, ...] = ()
    blocks: tuple[Block, ...] = ()
    short_title: str = ""
    publisher: str | None = None
    author: str | None = None
    date: str | None = None
    status: Status = "final"
    family: str | None = None
    supersedes: str | None = None
    pack: str | None = None
    first_line: int | None = None
    inferred: frozenset[str] = frozenset()
    warnings: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The short title, else the title."""
        return self.short_title or self.title

    def page_at(self, offset: int) -> Page | None:
        """The page that holds a character offset, or None where the source has no pages."""
        starts = [page.span.start for page in self.pages]
        at = bisect_right(starts, offset) - 1
        return self.pages[at] if at >= 0 else None

    def lines_of(self, span: Span) -> tuple[int, int] | None:
        """First and last 1-based line of the source file that a span touches; None for sources without
        lines."""
        if self.first_line is None:
            return None
        first = self.first_line + self.text.count("\n", 0, span.start)
        body = self.text[span.start : max(span.start, span.end - 1)]
        return first, first + body.count("\n")


@dataclass(frozen=True, slots=True)
class Passage:
    """The indexed unit: ``text`` is verbatim ``document.text[span]``; ``context`` (title, heading path, table
    header) is embedded with it but never quoted. ``page_no`` is that of the first character; ``columns`` are
    the headings of a table row's cells, where its table has a header."""

    id: str
    document: str
    span: Span
    text: str
    context: str
    section: str = ""
    page_no: int | None = None
    kind: Literal["prose", "row"] = "prose"
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Value:
    """A typed figure: ``number`` in ``unit`` ("%", "per 100,000", "years", "£", "" for a bare count), when it
    holds (``year``), how it bounds (``bound``), and the words it was read from. ``number`` is None where it
    did not parse."""

    found: str
    number: float | None = None
    unit: str = ""
    year: str | None = None
    bound: Literal["", "at least", "at most", "above", "below"] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What every record has: an id (``doc_id:kind:ordinal``), its document, the span of its evidence (one row
    or stretch of text; ``quote`` is that text verbatim), its physical page, and whether its reading is
    doubtful and why."""

    id: str
    document: str
    span: Span
    quote: str
    page_no: int | None = None
    section: str = ""
    doubtful: bool = False
    why: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Commitment(Record):
    """Something a plan commits to. ``name`` is canonical, ``found`` as printed; ``outcome`` is its number
    ("2") or name; ``priority`` the heading that groups it."""

    name: str
    found: str
    outcome: str | None = None
    priority: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanEntry(Record):
    """A row "plan, led by" under a commitment. ``plan`` and ``leads`` are canonical, ``*_found`` as printed.
    ``leads_of`` says whether the leads stand against this plan or only against the whole commitment."""

    commitment_id: str | None
    commitment: str | None
    plan: str | None
    plan_found: str
    leads: tuple[str, ...] = ()
    leads_found: str = ""
    leads_of: Literal["plan", "commitment"] = "plan"
    outcome: str | None = None
    priority: str | None = None
    status: str | None = None
    timescale: str | None = None
    measure: str | None = None
    other: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator(Record):
    """A measure with its aim. ``number`` as printed ("1.8"), ``text`` the wording as printed (white space
    folded)."""

    number: str | None
    text: str
    outcome: str | None = None
    baseline: Value | None = None
    target: Value | None = None
    direction: Literal["up", "down", "hold", ""] = ""
    by: str | None = None
    population: str | None = None
    source: str | None = None
    notes: str | None = None
    other: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Priority(Record):
    """What a place or partnership put first. One record an item; a place whose list is blank has one record
    with ``text`` empty. ``outcomes`` are the numbers of the shared outcomes it maps to."""

    place: str
    text: str
    outcomes: tuple[str, ...] = ()
    period: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestone(Record):
    """What is to happen and when; ``date`` is ISO (``2024-06`` or ``2024-06-12``) where it parses."""

    what: str
    when: str
    date: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Acronym(Record):
    """A short form and what the document says it stands for."""

    short: str
    full: str


@dataclass(frozen=True, slots=True)
class Name:
    """A canonical name (of an organisation, plan, commitment or place) with every spelling found for it.
    ``parent`` is the canonical organisation of which this is a part."""

    kind: Literal["organisation", "plan", "commitment", "place"]
    canonical: str
    spellings: frozenset[str] = frozenset()
    acronyms: frozenset[str] = frozenset()
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the quality report: what was found in a document and how much of it is doubtful."""

    document: str
    kind: str
    message: str
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Register:
    """All records read from a set of documents, with the names they were resolved to and the quality
    report."""

    commitments: tuple[Commitment, ...] = ()
    entries: tuple[PlanEntry, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    priorities: tuple[Priority, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    acronyms: tuple[Acronym, ...] = ()
    names: tuple[Name, ...] = ()
    findings: tuple[Finding, ...] = ()

    def records(self) -> tuple[Record, ...]:
        """Every record, of all kinds, in reading order within each kind."""
        return (
            *self.commitments,
            *self.entries,
            *self.indicators,
            *self.priorities,
            *self.milestones,
            *self.acronyms,
        )


@dataclass(frozen=True, slots=True)
class Citation:
    """Where something stands: ``quote`` is verified to be ``document.text[span]`` before a citation is
    made."""

    n: int
    document: str
    file: str
    title: str
    status: str
    date: str | None
    page: int | None
    page_label: str | None
    section: str
    lines: tuple[int, int] | None
    span: Span
    quote: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What Ledby says. ``answered`` is False when the corpus does not hold the answer; then there are no
    citations and ``suggestions`` names the nearest things it does hold. ``notes`` is shown by the application
    only."""

    question: str
    standalone: str
    text: str
    answered: bool
    kind: str
    completeness: Literal["complete", "partial", "none"]
    citations: tuple[Citation, ...] = ()
    suggestions: tuple[str, ...] = ()
    took_ms: float = 0.0
    notes: tuple[str, ...] = field(default=())

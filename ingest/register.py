"""Documents -> Register: every commitment, plan, lead, indicator, priority, milestone and short form as a
record.

All documents are read first and their names resolved together, so that the clean spelling of a name in one
document mends the damaged one in another.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from corpus.model import Acronym, Document, Finding, Indicator, Milestone, Priority, Register
from corpus.text import plain
from ingest.above import Setting
from ingest.acronyms import acronyms_of, learn_shorts
from ingest.cards import card_indicators
from ingest.entries import RawEntry, read_entries
from ingest.indicators import place_by_wording, prose_indicators, table_indicators
from ingest.listed import listed_actions
from ingest.making import Maker
from ingest.mending import Mender
from ingest.milestones import give_back_dates, loose_milestones, milestones_of
from ingest.names import Vocabulary
from ingest.place_columns import listed_by_place, side_by_side
from ingest.places import listed_priorities, matrix_priorities, mend_places, table_priorities
from ingest.resolve import Resolver
from ingest.tables import Table, tables_of
from ingest.versions import contradictions


@dataclass(slots=True)
class _Read:
    """What was read from one document before names are resolved."""

    document: Document
    maker: Maker
    setting: Setting
    entries: list[RawEntry] = field(default_factory=list)
    indicators: list[Indicator] = field(default_factory=list)
    priorities: list[Priority] = field(default_factory=list)
    milestones: list[Milestone] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    acronyms: list[Acronym] = field(default_factory=list)


def build_register(documents: Sequence[Document]) -> Register:
    """All records of a set of documents, with names resolved over the whole set and a quality report."""
    vocabulary = Vocabulary.of(document.text for document in documents)
    words = frozenset(word for word, count in vocabulary.lower.items() if count > 1)
    reads = [_read(document, words) for document in documents]
    shorts = learn_shorts(documents, [a for read in reads for a in read.acronyms])
    resolver = Resolver(shorts, vocabulary, Mender.of((d.text for d in documents), vocabulary))
    for read in reads:
        resolver.learn(read.document, read.entries)
    resolver.seed()
    _read_columns(reads, resolver)
    resolver.settle()
    commitments, entries = [], []
    for read in reads:
        mine = resolver.records(read.entries, read.maker)
        commitments += mine[0]
        entries += mine[1]
    known = [p for read in reads for p in read.priorities]
    for read in reads:
        read.priorities += side_by_side(read.document, known, read.maker)
    priorities = mend_places([p for read in reads for p in read.priorities])
    indicators = place_by_wording([i for read in reads for i in read.indicators])
    findings = [f for read in reads for f in read.maker.findings]
    return Register(
        commitments=tuple(commitments),
        entries=tuple(entries),
        indicators=indicators,
        priorities=priorities,
        milestones=give_back_dates(documents, [m for read in reads for m in read.milestones]),
        acronyms=tuple(a for read in reads for a in read.acronyms),
        names=resolver.names(priorities),
        findings=(*findings, *_conflicts(indicators, documents)),
    )


def _read_columns(reads: Sequence[_Read], resolver: Resolver) -> None:
    """Read the run-together columns of each document with the names learnt so far, and report on it."""
    for read in reads:
        columns = resolver.read_columns(read.document, read.setting)
        resolver.learn(read.document, columns)
        read.entries += columns
        _report(read, len(columns))


def _conflicts(indicators: Sequence[Indicator], documents: Sequence[Document]) -> Iterator[Finding]:
    """A finding for each side of every target that papers of one pack state differently; both records stay."""
    for change in contradictions(Register(indicators=tuple(indicators)), documents):
        for mine, other in ((change.old, change.new), (change.new, change.old)):
            if mine is not None and other is not None:
                message = f"a target is stated twice ({change.note}), here and in {other.document}: {change.subject}"
                yield Finding(mine.document, "contradiction", message, mine.span)


def _read(document: Document, words: frozenset[str]) -> _Read:
    """Everything one document holds, names as printed."""
    maker, setting = Maker(document), Setting(document)
    tables = list(tables_of(document))
    read = _Read(document, maker, setting, tables=tables)
    _read_entries(read, tables, setting, words)
    listed = list(listed_actions(document, setting))
    if listed:
        maker.find("text", f"{len(listed)} actions read from running text under coded titles")
    read.entries = sorted([*read.entries, *listed], key=lambda entry: entry.span.start)
    read.indicators += table_indicators([t for t in tables if t.kind == "indicators"], setting, maker)
    cards = list(card_indicators([t for t in tables if t.kind == "other"], setting, maker))
    read.indicators += cards
    if cards:
        maker.find("tables", f"{len(cards)} of them are cards with the figures of one indicator each: read")
    read.indicators += prose_indicators(document, setting, maker)
    _read_priorities(read, tables)
    read.milestones += milestones_of(tables, setting, maker)
    read.milestones += loose_milestones(document, setting, maker)
    read.acronyms += acronyms_of(document, tables, maker)
    return read


def _read_entries(read: _Read, tables: Sequence[Table], setting: Setting, words: frozenset[str]) -> None:
    for table in (t for t in tables if t.kind == "entries"):
        above = setting.above(table.block, table.swallowed)
        goes_on = (
            table.continued
            or table.repeated
            or (not above.names and not {"commitment", "risk"} & set(table.roles))
        )
        before = read.entries[-1] if goes_on and read.entries else None
        if before and above.title and above.outcome != before.above.outcome:
            before = None  # another outcome has been announced since
        above = before.above if before else above
        reading = read_entries(table, above, words, before)
        read.entries += reading.entries
        for row, why in reading.unread:
            read.maker.find("row unread", why, row.span)


def _read_priorities(read: _Read, tables: Sequence[Table]) -> None:
    document = read.document
    for table in tables:
        if table.kind == "priorities":
            read.priorities += table_priorities(table, document, read.maker)
        elif table.kind == "other":
            before = document.blocks[max(0, table.block - 3) : table.block]
            title = " ".join(plain(b.span.of(document.text)) for b in before if b.kind != "table")
            read.priorities += matrix_priorities(table, document, title, read.maker)
    read.priorities += listed_priorities(document, read.maker)
    read.priorities += listed_by_place(document, read.maker)


def _report(read: _Read, columns: int) -> None:
    """What was found in a document and what it gave; every doubtful row with its reason."""
    find = read.maker.find
    for kind in ("entries", "indicators", "acronyms", "priorities", "milestones", "other"):
        mine = [t for t in read.tables if t.kind == kind]
        if mine:
            what = "not tables of plans, indicators, priorities or short forms" if kind == "other" else "read"
            find("tables", f"{len(mine)} tables of {kind} with {sum(len(t.rows) for t in mine)} rows: {what}")
    if columns:
        find("tables", f"{columns} rows read from columns that were run together")
    doubtful = [entry for entry in read.entries if entry.why]
    if read.entries:
        find("rows", f"{len(read.entries)} rows of plans kept, {len(doubtful)} of them doubtful")
    for entry in doubtful:
        find("row doubtful", entry.why or "", entry.span)

"""Milestones: tables whose columns are examples and whose last rows say what is to happen and by when.

The header gives the examples' names, the row below tells their story, and a last row of short cells ends in
dates. Where the dates were torn off a table and stand about it, they are given back only with the help of
another document that has the same milestones whole; such a record is doubtful and says why.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from corpus.model import Block, Cell, Document, Milestone, Row
from corpus.text import fold, plain
from ingest.above import Setting
from ingest.making import Maker
from ingest.tables import Table
from ingest.values import all_dates, iso_date, split_when

_MAX_WORDS = 22
_MAX_ROWS = 6
_STORY_WORDS = 25
_NEAR = 4
_TOGETHER = 3
_APART = "its date stands apart from it"


def milestones_of(tables: Iterable[Table], setting: Setting, maker: Maker) -> list[Milestone]:
    """The milestones of a document's tables of examples."""
    found: list[Milestone] = []
    for table in tables:
        rows = [row for row in (table.header, *table.rows) if row is not None]
        if table.kind == "milestones":
            found += _dated_rows(table, setting, maker)
        if table.kind != "other" or not _is_example_table(rows):
            continue
        if not any(split_when(c.text) for row in rows for c in row.cells) and not _loose_dates(
            maker.document, table.block
        ):
            continue
        above = setting.above(table.block)
        names = _names(rows)
        story = next(i for i, row in enumerate(rows) if i and _is_story_row(row))
        for row in [row for row in rows[story + 1 :] if _is_milestone_row(row)]:
            for name, cell in zip(names, row.cells, strict=False):
                if cell.text:
                    found.append(_milestone(name, cell, above.outcome_line, maker))
    return found


def _dated_rows(table: Table, setting: Setting, maker: Maker) -> Iterator[Milestone]:
    """The milestones of a table that has a column for them and one for their dates."""
    above = setting.above(table.block)
    path = " > ".join(part for part in (above.outcome_line, *(name.text for name in above.names)) if part)
    for row in table.rows:
        what, when = table.cell(row, "milestone"), table.cell(row, "timescale")
        if what is None:
            continue
        date = when.text if when else ""
        why = None if date else "it has no date"
        yield Milestone(
            **maker.base("milestone", row.span, path, why), what=what.text, when=date, date=iso_date(date)
        )


def _is_example_table(rows: Sequence[Row]) -> bool:
    """Few rows: names above, stories below them, a row of short cells last."""
    return (
        3 <= len(rows) <= _MAX_ROWS
        and any(_is_story_row(row) for row in rows[1:-1])
        and _is_milestone_row(rows[-1])
    )


def _is_story_row(row: Row) -> bool:
    cells = [cell.text for cell in row.cells if cell.text]
    return len(cells) >= 2 and sum(len(c.split()) > _STORY_WORDS for c in cells) * 2 >= len(cells)


def _is_milestone_row(row: Row) -> bool:
    cells = [cell.text for cell in row.cells if cell.text]
    return (
        bool(cells)
        and all(2 <= len(c.split()) <= _MAX_WORDS for c in cells)
        and not any(c.endswith(".") for c in cells)
    )


def _names(rows: Sequence[Row]) -> list[str]:
    """The examples' names: the short row just above the stories."""
    at = next(i for i, row in enumerate(rows) if i and _is_story_row(row))
    return [cell.text for cell in rows[at - 1].cells]


def _milestone(name: str, cell: Cell, section: str, maker: Maker) -> Milestone:
    parts = split_when(cell.text)
    what, when = parts if parts else (cell.text, "")
    path = " > ".join(part for part in (section, name) if part)
    why = None if parts else _APART
    return Milestone(
        **maker.base("milestone", cell.span, path, why),
        what=what,
        when=when,
        date=iso_date(when) if when else None,
    )


def loose_milestones(document: Document, setting: Setting, maker: Maker) -> Iterator[Milestone]:
    """Milestones that stand as paragraphs of their own, several together: a few short lines each, the last a
    date."""
    found = {at: parts for at, block in enumerate(document.blocks) if (parts := _loose(block, document.text))}
    for at, (what, when) in found.items():
        if sum(abs(other - at) <= _NEAR for other in found) >= _TOGETHER:
            section = setting.above(at).outcome_line
            span = document.blocks[at].span
            yield Milestone(
                **maker.base("milestone", span, section), what=what, when=when, date=iso_date(when)
            )


def _loose(block: Block, text: str) -> tuple[str, str] | None:
    body = block.span.of(text)
    lines = [line.strip() for line in body.split("\n")]
    if block.kind == "table" or not 2 <= len(lines) <= 6 or len(body.split()) > _MAX_WORDS:
        return None
    parts, last = split_when(plain(body)), split_when(lines[-1])
    whole = parts and parts[0] and last is not None and not last[0]
    return parts if whole and parts and iso_date(parts[1]) and not re.search(r"[.:]$", parts[0]) else None


def give_back_dates(documents: Sequence[Document], milestones: Sequence[Milestone]) -> tuple[Milestone, ...]:
    """Date the milestones whose dates were torn off, where another document dates the same words and that
    very date stands loose near the table."""
    dated: dict[str, Milestone] = {}
    for milestone in milestones:
        if milestone.when:
            dated.setdefault(_key(milestone), milestone)
    texts = {document.id: document for document in documents}
    out = []
    for milestone in milestones:
        twin = dated.get(_key(milestone)) if not milestone.when else None
        if twin is not None and _stands_near(texts[milestone.document], milestone, twin.when):
            why = (
                f"{_APART}; read from the dates about the table, in the order that {twin.document} gives them"
            )
            whole = fold(twin.what).startswith(fold(milestone.what)[:-2])
            what = twin.what if whole else milestone.what
            milestone = replace(milestone, what=what, when=twin.when, date=twin.date, why=why)
        out.append(milestone)
    return tuple(out)


def _key(milestone: Milestone) -> str:
    words = re.findall(r"[a-z0-9]+", fold(milestone.what))
    return " ".join(words[:4])


def _stands_near(document: Document, milestone: Milestone, when: str) -> bool:
    """Whether a date stands loose, in a block of its own, close to the table that holds a milestone."""
    at = next(i for i, b in enumerate(document.blocks) if b.span.start <= milestone.span.start < b.span.end)
    return fold(when) in _loose_dates(document, at)


def _loose_dates(document: Document, at: int) -> set[str]:
    """The dates that stand in short blocks of their own close to block number ``at``."""
    loose: set[str] = set()
    for block in document.blocks[max(0, at - _NEAR) : at + _NEAR + 1]:
        text = plain(block.span.of(document.text))
        if block.kind != "table" and len(text.split()) <= 8:
            loose.update(fold(date) for date in all_dates(text) if iso_date(date))
    return loose

"""Rows of commitment tables -> raw entries: what is committed to, the plan, who leads, as printed.

Names are not resolved here; that needs all documents at once (see ingest.names).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from corpus.model import Cell, Row, Span
from ingest.above import Above, glue, tidy
from ingest.roles import Role
from ingest.tables import Table, is_furniture

_SUBJECT = frozenset({"commitment", "risk"})
_NOTHING = re.compile(
    r"(?:n/?a|not applicable|none|nil|no (?:actions?|impacts?)(?: required| identified)?|[-–—.])[.]?", re.I
)


@dataclass(frozen=True, slots=True)
class RawEntry:
    """One row as printed. ``commitment`` is the cell or line that names what is committed to; ``group`` a
    heading row above it. ``listed`` says that the row may hold several plans with leads for all of them
    together, ``mixed`` that it may where each of them is known from elsewhere; ``plans`` and ``bodies`` are the single names where the reading already told them apart."""

    span: Span
    above: Above
    commitment: Cell | None
    plan: Cell | None
    leads: Cell | None
    group: Cell | None = None
    listed: bool = False
    mixed: bool = False
    status: str | None = None
    timescale: str | None = None
    measure: str | None = None
    other: tuple[tuple[str, str], ...] = ()
    plans: tuple[str, ...] = ()
    bodies: tuple[str, ...] = ()
    why: str | None = None


@dataclass(slots=True)
class Reading:
    """What a table gave: entries, commitments that stand alone, and rows that could not be read with the
    reason."""

    entries: list[RawEntry] = field(default_factory=list)
    unread: list[tuple[Row, str]] = field(default_factory=list)


def read_entries(
    table: Table, above: Above, words: frozenset[str], before: RawEntry | None = None
) -> Reading:
    """The entries of one table. ``words`` are the words known to the corpus: a row of strange words is no
    plan. ``before`` is the last entry of the table that this one goes on with, if it does."""
    reading = Reading()
    columned = bool(_SUBJECT & set(table.roles))
    commitment = None if columned else _joined(above.names)
    titled = False
    group = _headed(above) if columned else None
    if before is not None and (columned or commitment is None):
        commitment, group = before.commitment, before.group
    if not columned and commitment is None:
        commitment = above.title
    rows = list(table.rows)
    lists = columned and "plan" in table.roles and _may_list(table)
    for at, row in enumerate(rows):
        title = _title(table, row) or _section(table, row) if columned else None
        if title is not None:
            if _names_what_follows(table, rows[at + 1 :]):
                commitment, titled = title, True
            else:
                group = title
            continue
        named = _named(table, row) if columned else None
        titled = titled and named is None
        commitment = named or commitment
        group = _grouped(table, row) or group
        entry = _entry(table, row, above, commitment, group, lists and not titled)
        if entry is None:
            _note_unread(row, reading)
        elif _says_nothing(entry):
            reading.unread.append((row, "it says that there is nothing to do"))
        elif _is_gibberish(entry, words):
            reading.unread.append((row, "its words are not words of this corpus"))
        else:
            reading.entries.append(entry)
    return reading


def _headed(above: Above) -> Cell | None:
    """The line above a table of commitments, where it is a heading for them rather than a sentence."""
    name = above.names[-1] if above.names and not above.priority else None
    return name if name is not None and not re.search(r"[.!?]$|\b(?:below|following)\b", name.text) else None


def _grouped(table: Table, row: Row) -> Cell | None:
    """What the column of priorities or themes says, where commitments have a column of their own."""
    cell = table.cell(row, "priority") if "commitment" in table.roles else None
    return Cell(tidy(cell.text), cell.span) if cell else None


def _may_list(table: Table) -> bool:
    """Whether the cells of a table may list several plans: no row has a date or state of its own, and no
    commitment is repeated row by row."""
    if {"timescale", "status"} & set(table.roles):
        return False
    named = [cell.text for row in table.rows if (cell := _named(table, row)) is not None]
    return len(set(named)) == len(named)


def _joined(names: Sequence[Cell]) -> Cell | None:
    if not names:
        return None
    return Cell(" / ".join(n.text for n in names), Span(names[0].span.start, names[-1].span.end))


def _title(table: Table, row: Row) -> Cell | None:
    """The text of a row that spans the table: a group of commitments, or a commitment whose plans follow
    below."""
    plan = table.cell(row, "plan") or table.cell(row, "mitigation")
    leads = table.cell(row, "lead")
    first = _first(table, row)
    if leads is not None or first is None:
        return None
    if plan is None:
        return Cell(tidy(first.text), row.span)
    return Cell(tidy(glue([first.text, plan.text])), row.span) if _broken(first.text, plan.text) else None


def _section(table: Table, row: Row) -> Cell | None:
    """The heading of a section in a table: the only words of a row, figures apart, in a column of leads."""
    words = [cell for cell in row.cells if re.search(r"[A-Za-z]{3}", cell.text)]
    if (
        len(words) != 1
        or len(row.cells) < 3
        or table.cell(row, "lead") is None
        or _first(table, row) is not None
    ):
        return None
    return Cell(tidy(words[0].text), row.span) if table.cell(row, "plan") is None else None


def _broken(left: str, right: str) -> bool:
    """Whether the second cell only goes on with, or repeats, the first."""
    return right[:1].islower() or right.lower().startswith(left.lower()[:-1]) or left.endswith(right[:2])


def _first(table: Table, row: Row) -> Cell | None:
    return table.cell(row, "commitment") or table.cell(row, "risk")


def _names_what_follows(table: Table, rows: Sequence[Row]) -> bool:
    """A title names the commitment itself when the rows below it leave the commitment's column empty."""
    for row in rows:
        if _title(table, row) is not None:
            return False
        if table.cell(row, "plan") is not None:
            return _named(table, row) is None
    return False


def _named(table: Table, row: Row) -> Cell | None:
    cell = _first(table, row)
    if cell is None or is_furniture(tidy(cell.text)):
        return None
    return Cell(tidy(cell.text), cell.span)


def _entry(
    table: Table, row: Row, above: Above, commitment: Cell | None, group: Cell | None, listed: bool
) -> RawEntry | None:
    plan = _cell(table, row, "plan") or _cell(table, row, "mitigation")
    leads = _cell(table, row, "lead")
    if plan is None and leads is None and _first(table, row) is None:
        return None
    why = "the plan's cell is empty" if plan is None and leads is not None and "plan" in table.roles else None
    if listed and _first(table, row) is None and plan is not None and _junk(table, row):
        why = "its commitment's cell holds page furniture; taken to belong to the commitment above"
    return RawEntry(
        span=_with_rows_above(table, row, [cell for cell in (plan, leads) if cell is not None]), above=above, commitment=commitment, plan=plan, leads=leads, group=group,
        listed=listed, mixed=bool(_SUBJECT & set(table.roles)),
        status=_text(table, row, "status"), timescale=_when(table, row),
        measure=_text(table, row, "measure") or _text(table, row, "target"), other=_other(table, row),
        why=why,
    )  # fmt: skip


def _junk(table: Table, row: Row) -> bool:
    return any(cell.text and role == "commitment" for cell, role in zip(row.cells, table.roles, strict=False))


def _cell(table: Table, row: Row, role: Role) -> Cell | None:
    """The cells of a role joined into one."""
    cells = table.cells(row, role)
    if not cells:
        return None
    whole = Span(min(cell.span.start for cell in cells), max(cell.span.end for cell in cells))
    return Cell("; ".join(cell.text for cell in cells), whole)


def _text(table: Table, row: Row, role: Role) -> str | None:
    cell = _cell(table, row, role)
    return cell.text if cell else None


def _with_rows_above(table: Table, row: Row, cells: Sequence[Cell]) -> Span:
    """The span of a row, with the rows above it from which cells reach down into it."""
    first = min([row.span.start, *(cell.span.start for cell in cells)])
    starts = [r.span.start for r in table.rows if r.span.start <= first < r.span.end]
    return Span(starts[0] if starts else row.span.start, row.span.end)


def _when(table: Table, row: Row) -> str | None:
    """The time a row names; from its start to its end where it has a column for each."""
    start, end = _text(table, row, "start"), _text(table, row, "timescale")
    return f"{start} to {end}" if start and end else end or (f"from {start}" if start else None)


def _other(table: Table, row: Row) -> tuple[tuple[str, str], ...]:
    """The cells whose columns have no field of their own, and second columns of a kind, under their
    headings."""
    taken = {"plan", "mitigation", "lead", "status", "timescale", "start", "measure"}
    seen: set[str] = set()
    out = []
    for head, cell, role in zip(table.heads, row.cells, table.roles, strict=False):
        named = role in ("commitment", "risk")
        if named and is_furniture(cell.text):
            continue
        if named and role and role not in seen:
            seen.add(role)
        elif head and cell.text and role not in taken:
            out.append((head, cell.text))
    return tuple(out)


def _note_unread(row: Row, reading: Reading) -> None:
    if any(len(cell.text) > 1 and not re.match(r"(?i)p\s*age", cell.text) for cell in row.cells):
        reading.unread.append((row, "no plan and no lead could be read in it"))


def _says_nothing(entry: RawEntry) -> bool:
    """Whether plan and lead are "not applicable", as in the rows of a form that did not need filling in."""
    return entry.plan is not None and all(
        cell is None or _NOTHING.fullmatch(cell.text) for cell in (entry.plan, entry.leads)
    )


def _is_gibberish(entry: RawEntry, words: frozenset[str]) -> bool:
    """A row without a lead most of whose words occur nowhere else."""
    if entry.leads is not None or entry.plan is None:
        return False
    tokens = re.findall(r"[a-z']+", entry.plan.text.lower())
    return not tokens or sum(token in words for token in tokens) * 2 < len(tokens) + 1 and len(tokens) <= 8

"""Tables by the meaning of their headers: which column names the plan, the lead, the target and so on.

Nothing here knows a particular plan. A header cell has a role when what it says, small words aside, is one of
the usual ways of saying it ("Led by / responsible", "Owner", "SRO"); a row is a header when two cells or more
have roles. A header that came out damaged is recognised by its likeness to one already seen in the same
document.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from rapidfuzz import fuzz

from corpus.model import Block, Cell, Document, Row, Span
from corpus.text import fold, plain
from ingest.cut_rows import whole_rows
from ingest.roles import Role, role_of, settle_roles

Kind = Literal["entries", "indicators", "acronyms", "priorities", "milestones", "other"]

_FURNITURE = re.compile(r"^(?:p\s*age\b.{0,12}|[\W\d_]*|[a-z]{0,2}\d{0,4}\W*)$", re.I)
UNIT = re.compile(r"^\(?(?:£ ?(?:k|m|bn|000s?|'000s?)?|%|no\.?|yrs|years|days)\)?$", re.I)
_FIGURES = frozenset({"number", "target", "limit", "baseline", "actual", "timescale", "start"})
_TELLING: dict[Kind, tuple[Role, re.Pattern[str]]] = {
    "entries": ("lead", re.compile(r"(?:\S+\s*){1,25}$")),
    "indicators": ("number", re.compile(r"[A-Z]{0,3}[\d.]*\d[a-z]?\.?$")),
    "acronyms": ("short", re.compile(r"\S*[A-Z]\S*[A-Z]\S*$")),
    "priorities": ("place", re.compile(r"(?:\S+\s*){1,6}$")),
    "milestones": ("timescale", re.compile(r".*\d|ongoing|tbc", re.I)),
}
_PAIR = 2
_ENOUGH = 3  # cells with roles that make a wide row a header, whatever its other cells say
_LIKE = 80.0
_HEAD_WORDS = 6
_FORM_ROWS = 2
_DONE = frozenset({"plan", "mitigation", "commitment", "risk"})
_SHORT_TABLE, _RECURS = 2, 3


@dataclass(frozen=True, slots=True)
class Table:
    """A table, or the stretch of one under one header. ``roles`` is one a column; ``above`` the index, among
    the document's blocks, of the block it lies in; ``swallowed`` the row just above a header in mid-block
    that is really the title of what follows; ``continued`` says that the header stands further up, ``repeated``
    that the table goes on with the one before under the same header."""

    header: Row | None
    roles: tuple[Role | None, ...]
    rows: tuple[Row, ...]
    block: int
    heads: tuple[str, ...] = ()
    swallowed: Row | None = None
    continued: bool = False
    repeated: bool = False

    @property
    def kind(self) -> Kind:
        """What can be read from this table, by the roles of its columns."""
        return kind_of(self.roles)

    @property
    def span(self) -> Span:
        """From the header, or first row, to the last row."""
        rows = [row for row in (self.header, *self.rows) if row is not None]
        return Span(rows[0].span.start, rows[-1].span.end)

    def cells(self, row: Row, role: Role) -> tuple[Cell, ...]:
        """The cells of a row that stand in the columns of a role and hold something."""
        pairs = zip(row.cells, self.roles, strict=False)
        return tuple(
            c for c, r in pairs if r == role and c.text and (r in _FIGURES or not is_furniture(c.text))
        )

    def cell(self, row: Row, role: Role) -> Cell | None:
        """The first such cell, or None."""
        found = self.cells(row, role)
        return found[0] if found else None


def is_furniture(text: str) -> bool:
    """Whether a cell holds nothing but page furniture or stray marks ("Page", "9 117", "_", "")."""
    return bool(_FURNITURE.match(text.strip())) and not re.fullmatch(r"[A-Z]{2}", text.strip())


def header_roles(row: Row) -> tuple[Role | None, ...] | None:
    """The role of each column when a row is a header, else None."""
    roles = settle_roles([_header_role(cell.text) for cell in row.cells], [cell.text for cell in row.cells])
    if len(roles) == 2 and "short" in roles and all(cell.text for cell in row.cells):
        return ("short", "full") if roles[0] == "short" else ("full", "short")
    named = sum(role is not None for role in roles)
    filled = sum(not is_furniture(cell.text) for cell in row.cells)
    distinct = len({role for role in roles if role})
    return roles if distinct >= 2 and (named * 2 >= filled or named >= _ENOUGH) else None


def _first_row_roles(row: Row) -> tuple[Role | None, ...] | None:
    """The columns that the first row of a table announces, where it names what is done and who leads it, whatever
    the others are called."""
    texts = [cell.text for cell in row.cells]
    roles = settle_roles([_header_role(text) for text in texts], texts)
    short = all(0 < len(text.split()) <= _HEAD_WORDS and not text.endswith(".") for text in texts)
    return roles if short and "lead" in roles and _DONE & set(roles) else None


def _is_form(roles: tuple[Role | None, ...], rows: Sequence[Row]) -> bool:
    """Whether what looks like a header is the first line of a form, labels beside their values: further labels stand
    in the column that should name what is done."""
    at = next((n for n, role in enumerate(roles) if role in _DONE), None)
    if at is None or "lead" not in roles or len(rows) < _FORM_ROWS:
        return False
    labels = sum(at < len(row.cells) and role_of(row.cells[at].text) is not None for row in rows)
    return labels >= 0.5 * len(rows)


def _header_role(text: str) -> Role | None:
    role = role_of(text)
    if (
        role is None
        and re.match(r"(?i)(?:local |agreed |our )?priorities\b", text)
        and len(text.split()) <= 8
    ):
        return "priorities"
    if (
        role is None
        and re.search(r"\b(?:kpis?|indicators?|measures?)$", text, re.I)
        and len(text.split()) <= 10
    ):
        return "indicator"
    return role


def kind_of(roles: tuple[Role | None, ...]) -> Kind:
    """What a table with these columns tells."""
    has = set(roles)
    if "short" in has:
        return "acronyms"
    if "place" in has and "priorities" in has and "lead" not in has:
        return "priorities"
    if (
        {"indicator", "measure"} & has
        and ({"number", "target", "limit", "source", "baseline", "actual", "status"} & has)
        and not {"plan", "commitment"} & has
    ):
        return "indicators"
    if "milestone" in has and "timescale" in has and "lead" not in has:
        return "milestones"
    subject = {"plan", "commitment", "risk", "mitigation"} & has
    if subject and "lead" in has:
        return "entries"
    dated = "plan" in has and "timescale" in has
    answered = {"risk", "mitigation"} <= has or ({"commitment", "plan"} <= has and "status" in has)
    return "entries" if dated or answered else "other"


def tables_of(document: Document) -> Iterator[Table]:
    """Every table of a document in reading order, cut at repeated headers, continuations marked."""
    seen: list[Table] = []
    last: Table | None = None
    pages = on_every_page(document)
    blocks = whole_rows(document, pages)
    pages |= {at for at, block in enumerate(blocks) if block.kind == "table" and not block.rows}
    for at, block in enumerate(blocks):
        if block.kind != "table":
            continue
        if at in pages:
            yield from _cut(block, at, seen, None)
            continue
        joined = last if last is not None and _adjoining(document, last.block, at, pages) else None
        for table in _cut(block, at, seen, joined):
            if joined is not None and table.header is not None and table.roles == joined.roles:
                table = replace(table, repeated=True)
            if table.header is not None:
                seen.append(table)
            last, joined = table, None
            yield table


def on_every_page(document: Document) -> frozenset[int]:
    """The tables of a row or two that say the same again and again, as what stands over every page does."""
    texts = {
        at: block.span.of(document.text)
        for at, block in enumerate(document.blocks)
        if block.kind == "table" and len(block.rows) <= _SHORT_TABLE
    }
    times = Counter(texts.values())
    return frozenset(at for at, text in texts.items() if times[text] >= _RECURS)


def _adjoining(document: Document, before: int, after: int, pages: frozenset[int]) -> bool:
    """Whether nothing but page furniture stands between two blocks."""
    between = [
        block for n, block in enumerate(document.blocks[before + 1 : after], before + 1) if n not in pages
    ]
    return all(is_furniture(plain(block.span.of(document.text))) for block in between)


def _cut(block: Block, at: int, seen: list[Table], last: Table | None) -> Iterator[Table]:
    """The stretches of a table block, one a header."""
    rows: list[Row] = []
    header: Row | None = None
    roles: tuple[Role | None, ...] = ()
    heads: tuple[str, ...] = ()
    swallowed: Row | None = None
    for n, row in enumerate(block.rows):
        found = header_roles(row) or (None if n else _first_row_roles(row))
        if found and (_is_form(found, block.rows[n + 1 :]) or _is_answer(row, rows, header)):
            found = None
        found = found or (_like_a_header(row, seen) if not rows and header is None else None)
        if header is not None and not rows and _goes_on(below := _own(row)):
            roles = tuple(a or _header_role(cell.text) for a, cell in zip(roles, below.cells, strict=False))
            heads = _both_heads(header, below)
            continue
        if found is None:
            rows.append(row)
            continue
        title = rows.pop() if rows and is_title_row(rows[-1]) else None
        if rows or header is not None:
            yield _table(header, roles, rows, at, heads, swallowed, last)
        header, roles, rows, swallowed = row, found, [], title
        heads = tuple(cell.text for cell in row.cells)
    if rows or header is not None:
        yield _table(header, roles, rows, at, heads, swallowed, last)


def _is_answer(row: Row, above: Sequence[Row], header: Row | None) -> bool:
    """Whether a row of two cells is a question with its answer, as those above it are, although both cells sound like
    headings ("Directorate", "Strategy")."""
    return header is None and len(row.cells) == _PAIR and bool(above) and not is_title_row(above[-1])


def _own(row: Row) -> Row:
    """A row without what only reaches down into it from a cell above."""
    cells = (c if c.span.start >= row.span.start else Cell("", c.span) for c in row.cells)
    return Row(tuple(cells), row.span)


def _both_heads(header: Row, row: Row) -> tuple[str, ...]:
    """Headings that run over two rows, put together; a heading that spans columns counts for each of them."""
    out, above = [], ""
    for first, second in zip(header.cells, row.cells, strict=False):
        above = first.text or above
        out.append(
            " ".join(part for part in (first.text or (above if second.text else ""), second.text) if part)
        )
    return tuple(out)


def _goes_on(row: Row) -> bool:
    """Whether a second row is the rest of a header that ran over two: nothing new in its first cell, and what
    it says announces columns too, or the units of their figures."""
    texts = [cell.text for cell in row.cells]
    filled = [text for text in texts if text]
    return (
        not texts[0]
        and bool(filled)
        and len(filled) < len(texts)
        and (all(_header_role(text) for text in filled) or all(UNIT.match(text) for text in filled))
    )


def _table(
    header: Row | None,
    roles: tuple[Role | None, ...],
    rows: list[Row],
    at: int,
    heads: tuple[str, ...],
    swallowed: Row | None,
    last: Table | None,
) -> Table:
    """A table; without a header of its own it takes over the columns of the one before, when the widths
    agree."""
    if header is None and last is not None and last.kind != "other" and rows and _fits(rows, last):
        return Table(None, last.roles, tuple(rows), at, last.heads, swallowed, continued=True)
    return Table(
        header,
        roles or (None,) * max((len(r.cells) for r in rows), default=0),
        tuple(rows),
        at,
        heads,
        swallowed,
    )


def _fits(rows: list[Row], last: Table) -> bool:
    """Whether rows without a header can belong to the table before: as wide, alike in the telling column."""
    if any(len(row.cells) != len(last.roles) for row in rows):
        return False
    role, pattern = _TELLING[last.kind]
    at = last.roles.index(role) if role in last.roles else None
    if at is None:
        return last.kind != "indicators"
    telling = [row.cells[at].text for row in rows if row.cells[at].text]
    return bool(telling) and sum(bool(pattern.match(text)) for text in telling) * 2 > len(telling)


def _like_a_header(row: Row, seen: list[Table]) -> tuple[Role | None, ...] | None:
    """The columns of an earlier header that this first row resembles: damaged words, one cell lost, or another
    name over the first column only."""
    cells = [fold(cell.text) for cell in row.cells]
    for table in reversed(seen):
        if table.header is None or table.kind == "other":
            continue
        theirs = [fold(cell.text) for cell in table.header.cells]
        if len(cells) == len(theirs) > 2 and cells[1:] == theirs[1:] and sum(map(bool, cells[1:])) >= 2:
            return table.roles
        pairs = [(a, b) for a, b in zip(cells, theirs, strict=False) if b]
        scores = [fuzz.ratio(a, b) for a, b in pairs]
        if scores and (min(scores) >= _LIKE or (max(scores) == 100 and _lost(cells, theirs))):
            return table.roles[: len(cells)]
    return None


def _lost(cells: list[str], theirs: list[str]) -> bool:
    """Whether every cell that differs from the earlier header is next to empty, or much like it."""
    return all(
        a == b or len(re.sub(r"\W", "", a)) <= 3 or fuzz.ratio(a, b) >= 60
        for a, b in zip(cells, theirs, strict=False)
    )


def is_title_row(row: Row) -> bool:
    """A row that is really a title: text in the first cell, nothing or a fragment of it in the rest."""
    texts = [cell.text for cell in row.cells]
    rest = [t for t in texts[1:] if t]
    return (
        bool(texts) and len(texts[0].split()) >= 2 and (not rest or (len(rest) == 1 and rest[0][0].islower()))
    )

"""Priorities of places and partnerships: a row a district, a column a partnership, or a list under a body's
name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from rapidfuzz import fuzz

from corpus.model import Cell, Document, Priority, Row, Span
from corpus.text import fold, plain
from ingest.above import tidy
from ingest.making import Maker
from ingest.tables import Table, is_furniture

_OUTCOMES = re.compile(r"\(\s*(?:SO|shared outcomes?|outcomes?|priority|theme)s?\s*([\d,&\sand]+)\)", re.I)
_LI = re.compile(r"<li>\s*(.*?)\s*(?=</li>|<li>|$)", re.S | re.I)
_BULLET = re.compile(r"(?:^|(?<=\s))[•·▪●○]\s*")
_PERIOD = re.compile(r"\b(?:for\s+)?(20\d\d(?:\s*(?:to|-|–|/)\s*(?:20)?\d\d)?(?: and beyond)?)")
_MATRIX = re.compile(
    r"\b(?:hcps?|partnerships?|places?|districts?|boroughs?|localit\w+|alliances?|areas?|wards?|"
    r"neighbourhoods?)\b",
    re.I,
)
_LISTED = re.compile(
    r"^(.{3,90}?)\s*[-–:]?\s*(?:'s\s+)?(?:local )?priorities(?: for (?:action|delivery))?"
    r"(?:\s*(?:for\s*)?20\d\d.*)?$",
    re.I,
)
_LOWER_PART = re.compile(r"\s(?!and\b|of\b|the\b|upon\b|on\b|in\b)[a-z]")
_JUNK = re.compile(r"^\s*(?:P\s?age\s+)?(.*?)(?:\s+\d{2,3})?\s*$")


def table_priorities(table: Table, document: Document, maker: Maker) -> Iterator[Priority]:
    """A record an item of a table with a place a row."""
    period = period_of(" ".join(cell.text for cell in table.header.cells) if table.header else "")
    column = table.roles.index("place")
    for row in table.rows:
        if column >= len(row.cells) or not row.cells[column].text.strip():
            continue
        place = place_name(row.cells[column].text)
        cells = table.cells(row, "priorities")
        items = [item for cell in cells for item in items_of(cell, document.text)]
        yield from _records(place, items, row.span, period, maker)


def _records(
    place: str, items: Sequence[Cell], whole: Span, period: str | None, maker: Maker
) -> Iterator[Priority]:
    if not items:
        yield Priority(**maker.base("priority", whole, place), place=place, text="", period=period)
    for item in items:
        outcomes, text = outcomes_of(item.text)
        yield Priority(
            **maker.base("priority", item.span, place),
            place=place,
            text=text,
            outcomes=outcomes,
            period=period,
        )


def place_name(text: str) -> str:
    """A place's name without page furniture about it ("Page Dover 29") or what the column is about."""
    found = _JUNK.match(plain(text))
    name = found.group(1) if found and re.search(r"[A-Za-z]", found.group(1)) else plain(text)
    return re.sub(r"\s*(?:'s)?\s*priorities\b.*$", "", name, flags=re.I).strip()


def outcomes_of(text: str) -> tuple[tuple[str, ...], str]:
    """The numbers of the outcomes an item maps to and the item without them: "Housing (SO 2)" -> ("2",),
    "Housing"."""
    found = _OUTCOMES.search(text)
    if not found:
        return (), text.strip(" .;•-–")
    return tuple(re.findall(r"\d+", found.group(1))), (text[: found.start()] + text[found.end() :]).strip(
        " .;•"
    )


def items_of(cell: Cell, text: str) -> list[Cell]:
    """The items of a list in one cell, by whatever marks them: <li>, bullets, or the outcomes in brackets
    behind each."""
    raw = cell.span.of(text)
    for pattern in (_LI,):
        if pattern.search(raw):
            return [
                c for m in pattern.finditer(raw) if (c := _item(raw, m.start(1), m.end(1), cell.span.start))
            ]
    if _BULLET.search(raw):
        starts = [m.end() for m in _BULLET.finditer(raw)]
        ends = [m.start() for m in _BULLET.finditer(raw)][1:] + [len(raw)]
        head = [(0, _BULLET.search(raw).start())] if raw[: starts[0]].strip("•· \t") else []  # type: ignore[union-attr]
        pieces = [*head, *zip(starts, ends, strict=True)]
    else:
        cuts = [m.end() for m in _OUTCOMES.finditer(raw)]
        pieces = list(zip([0, *cuts], [*cuts, len(raw)], strict=True))
    pairs = [(a, b) for s, e in pieces for a, b in _at_brackets(raw, s, e)]
    return [c for s, e in pairs if (c := _item(raw, s, e, cell.span.start))]


def _at_brackets(raw: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut again behind outcomes in brackets: a lost bullet leaves two items together."""
    cuts = [m.end() + start for m in _OUTCOMES.finditer(raw[start:end])]
    yield from zip([start, *cuts], [*cuts, end], strict=True)


def _item(raw: str, start: int, end: int, shift: int) -> Cell | None:
    body = raw[start:end]
    left = len(body) - len(body.lstrip(" \t\n•·"))
    right = len(body.rstrip())
    text = plain(body)
    if right <= left or not re.search(r"[A-Za-z]{2}", text):
        return None
    return Cell(text, Span(shift + start + left, shift + start + right))


def matrix_priorities(table: Table, document: Document, title: str, maker: Maker) -> Iterator[Priority]:
    """Records of a table whose columns are partnerships and whose one row lists the priorities of each."""
    rows = [row for row in (table.header, *table.rows) if row is not None]
    if len(rows) < 2 or not _is_matrix(rows[0], title):
        return
    for row in rows[1:]:
        for head, cell in zip(rows[0].cells, row.cells, strict=False):
            if not head.text or is_furniture(head.text):
                continue
            period = period_of(head.text) or period_of(title)
            yield from _records(
                place_name(head.text), items_of(cell, document.text), cell.span, period, maker
            )


def _is_matrix(row: Row, title: str) -> bool:
    heads = [cell.text for cell in row.cells if cell.text and not is_furniture(cell.text)]
    about = sum(bool(_MATRIX.search(head)) for head in heads)
    return (
        len(heads) >= 2
        and about * 2 > len(heads)
        and bool(re.search(r"\bpriorit", title + " ".join(heads), re.I))
    )


def period_of(text: str) -> str | None:
    """The years that a heading names: "2024 to 2026", "2024/25 and beyond"."""
    found = _PERIOD.search(text)
    return found.group(1) if found else None


def listed_priorities(document: Document, maker: Maker) -> Iterator[Priority]:
    """Priorities that stand as short lines under "<body> priorities for action"."""
    blocks = document.blocks
    for at, block in enumerate(blocks):
        if block.kind == "table":
            continue
        lines = _lines(block.span, document.text)
        found = _LISTED.match(tidy(lines[0].text)) if lines else None
        announced = found and (
            block.kind == "heading" or re.search(r"priorities\s+for\b", lines[0].text, re.I)
        )
        if not found or not announced or not re.search(r"[A-Z]{2,}|[A-Z]\w+ [A-Z]", found.group(1)):
            continue
        items = list(_short_lines([*lines[1:], *_following(document, at)]))
        while items and document.text.count(f"\n{items[-1].text}\n") > 1:  # a page's title that recurs
            items.pop()
        if len(items) >= 2:
            period = period_of(lines[0].text)
            yield from _records(tidy(found.group(1)), items, block.span, period, maker)


def _lines(span: Span, text: str) -> list[Cell]:
    out, at = [], span.start
    for line in span.of(text).split("\n"):
        if line.strip():
            left = len(line) - len(line.lstrip())
            out.append(Cell(line.strip(), Span(at + left, at + len(line.rstrip()))))
        at += len(line) + 1
    return out


def _following(document: Document, at: int) -> Iterator[Cell]:
    for block in document.blocks[at + 1 :]:
        if block.kind == "table":
            return
        gap = document.text[document.blocks[document.blocks.index(block) - 1].span.end : block.span.start]
        if gap.count("\n") > 3 or "\f" in gap:
            return
        yield from _lines(block.span, document.text)


def _short_lines(lines: Iterable[Cell]) -> Iterator[Cell]:
    """Lines up to the first that is no short name; a line "Priority" is a heading for them."""
    for line in lines:
        text = tidy(line.text)
        if re.fullmatch(r"priorit(?:y|ies):?", text, re.I):
            continue
        if not text or len(text.split()) > 10 or text.endswith((".", ":")):
            return
        yield Cell(text, line.span)


def mend_places(priorities: Sequence[Priority]) -> tuple[Priority, ...]:
    """Mend a damaged place name where another document lists the same places in the same order: what stands
    between the same neighbours and is spelt nearly alike is the same place."""
    lists: dict[str, list[str]] = {}
    for priority in priorities:
        names = lists.setdefault(priority.document, [])
        if priority.place not in names:
            names.append(priority.place)
    every = Counter(name for names in lists.values() for name in names)
    between: dict[tuple[str, str], dict[str, str]] = {}  # neighbours -> what stands there in which document
    for document, names in lists.items():
        for before, name, after in zip(names, names[1:], names[2:], strict=False):
            between.setdefault((before, after), {}).setdefault(document, name)
    mended: dict[tuple[str, str], str] = {}
    for document, names in lists.items():
        for before, name, after in zip(names, names[1:], names[2:], strict=False):
            if every[name] > 1 and not _LOWER_PART.search(name):
                continue
            for other, twin in between[before, after].items():
                if twin and other != document and fuzz.ratio(fold(name), fold(twin)) >= 60:
                    mended[document, name] = twin
    return tuple(replace(p, place=mended.get((p.document, p.place), p.place)) for p in priorities)

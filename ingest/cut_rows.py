"""Rows of tables that a page break cut in two, put together again for reading.

Pages keep their own text; only what is read from a table takes the two parts for the one row they are. A part
is known by its words: a cell that broke off goes on in small letters or behind a word that ends nothing, or the
column that every other row fills is empty in it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from corpus.model import Block, Cell, Document, Row, Span
from corpus.text import plain

_ENDS = re.compile(r"[.!?:;]['\"’”)\]]*$")
_BREAKS_OFF = re.compile(
    r"(?:,|[^\W\d_]-|\b(?:a|an|and|any|as|at|both|by|each|for|from|in|including|into|its|of|on|or|our|over|such as"
    r"|than|that|the|their|this|through|to|under|via|which|with|within))$",
    re.I,
)
_SMALL_START = re.compile(r"[a-z][\w’'-]*[\s,;.)]|[a-z]{3}")
_SHORT, _LONG = 4, 6  # words of a cell that is whole on its page, and of one that may have broken off
_ENOUGH = 2  # rows that show which columns are always filled


def whole_rows(
    document: Document, furniture: frozenset[int], fits: Callable[[Row], bool] = lambda _: True
) -> tuple[Block, ...]:
    """The blocks of a document, the same number, with every row whole that a page break cut: the first part has
    all its text, the second is gone. ``furniture`` numbers blocks that stand on every page; a whole row that does
    not fit stays in parts."""
    blocks = list(document.blocks)
    top = last = None
    for at, block in enumerate(blocks):
        if block.kind != "table" or not block.rows or at in furniture:
            last = last if at in furniture or _is_nothing(block, document) else None
            continue
        if last is None or top is None or not _follows(blocks[last], block, document):
            top = last = at
            continue
        heads = _repeated(document.blocks[top], block)
        if not heads and len(blocks[top].rows) > 1 and _width(blocks[top]) != _width(block):
            top = last = at
            continue
        body = [*blocks[top].rows[max(heads, 1) :], *block.rows[heads:]]
        if heads < len(block.rows) and _is_rest(blocks[last].rows[-1], block.rows[heads], body):
            whole = _joined(blocks[last].rows[-1], block.rows[heads])
            if fits(whole):
                blocks[last] = replace(blocks[last], rows=(*blocks[last].rows[:-1], whole))
                blocks[at] = replace(block, rows=(*block.rows[:heads], *block.rows[heads + 1 :]))
        last = at if len(blocks[at].rows) > heads else last
    return tuple(blocks)


def _is_nothing(block: Block, document: Document) -> bool:
    return not re.search(r"[^\W\d_]{2}", re.sub(r"(?i)p\s?age", "", plain(block.span.of(document.text))))


def _width(block: Block) -> int:
    return len(block.rows[-1].cells)


def _follows(before: Block, block: Block, document: Document) -> bool:
    """Whether a table stands on the page after that of another and is as wide."""
    if _width(before) != _width(block):
        return False
    pages = [document.page_at(one.span.start) for one in (before, block)]
    first, second = (page.page_no if page else None for page in pages)
    return first is not None and second is not None and second > first


def _repeated(top: Block, block: Block) -> int:
    """How many rows at the head of a table repeat those of the table it goes on with."""
    heads = 0
    for mine, theirs in zip(block.rows, top.rows, strict=False):
        if _texts(mine) != _texts(theirs):
            break
        heads += 1
    return heads


def _texts(row: Row) -> list[str]:
    """The texts of a row's own cells, without those that reach down into it."""
    return [cell.text if cell.span.start >= row.span.start else "" for cell in row.cells]


def _is_rest(above: Row, below: Row, body: Sequence[Row]) -> bool:
    """Whether a row at the top of a page is the rest of the last one before the break."""
    first, rest = _texts(above), _texts(below)
    both = [(n, a, b) for n, (a, b) in enumerate(zip(first, rest, strict=False)) if a and b]
    if not both or any(b and not a for a, b in zip(first, rest, strict=False)):
        return False
    if any(_runs_on(a, b, [_texts(row)[n] for row in body if n < len(row.cells)]) for n, a, b in both):
        full = sum(map(bool, rest)) == sum(map(bool, first)) > 1
        return not (full and any(_is_whole(a, b) for _, a, b in both))
    others = [row for row in body if row is not above and row is not below]
    named = bool(first[0]) and not rest[0] and all(_texts(row)[0] for row in others)
    return named and len(others) >= _ENOUGH and all(len(a.split()) >= _LONG for _, a, _ in both)


def _runs_on(above: str, below: str, column: Sequence[str]) -> bool:
    """Whether a cell's text broke off in mid-sentence and goes on in the cell below."""
    if _ENDS.search(above):
        return False
    if _BREAKS_OFF.search(above) or above.count("(") > above.count(")"):
        return True
    small = sum(bool(_SMALL_START.match(text)) for text in column)
    usual = small > 0.5 * sum(map(bool, column))
    return not usual and len(above.split()) > 1 and bool(_SMALL_START.match(below))


def _is_whole(above: str, below: str) -> bool:
    """Whether two cells are short ones of two rows: another name, another figure."""
    return len(above.split()) <= _SHORT and not below[:1].islower() and not _BREAKS_OFF.search(above)


def _joined(above: Row, below: Row) -> Row:
    cells = []
    for first, rest in zip(above.cells, below.cells, strict=True):
        if not rest.text or rest.span.start < below.span.start:
            cells.append(first)
            continue
        gap = "" if re.search(r"[^\W\d_]-$", first.text) else " "
        cells.append(Cell(first.text + gap + rest.text, Span(first.span.start, rest.span.end)))
    return Row(tuple(cells), Span(above.span.start, below.span.end))

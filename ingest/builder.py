"""Builds a document's stored text and its blocks together, so that every span is right by construction.

Readers of structured sources (PDF, Word, HTML) call it in reading order; tables become tab-separated lines,
the form in which the plain-text sources hold them too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.model import Block, BlockKind, Cell, Page, Row, Span

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")

ABOVE = "\x00above"
"""In a table, a cell that the one above reaches down over: it says what that one says."""


class TextBuilder:
    """Collects text; ``text``, ``blocks`` and ``pages`` are the result. One call, one block."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._blocks: list[Block] = []
        self._page_starts: list[tuple[int, int | None, str | None]] = []

    def page(self, page_no: int | None, page_label: str | None = None) -> None:
        """Start a physical page; what follows stands on it."""
        self._page_starts.append((self._length, page_no, page_label))

    def heading(self, text: str, level: int = 1) -> None:
        """Add a heading; ``level`` 1 is the highest."""
        self._add("heading", text, level)

    def paragraph(self, text: str) -> None:
        """Add a paragraph; line breaks inside it are kept."""
        self._add("paragraph", text)

    def item(self, text: str) -> None:
        """Add a list item."""
        self._add("item", text)

    def table(self, rows: Sequence[Sequence[str | None]]) -> None:
        """Add a table as one tab-separated line a row; white space inside cells is folded; empty rows are
        dropped. A cell ``ABOVE`` leaves no text of its own and is the cell above it."""
        start = self._length
        out: list[Row] = []
        for cells in rows:
            folded = [re.sub(r"\s+", " ", _clean(cell or "")).strip() for cell in cells]
            if any(text and cell != ABOVE for text, cell in zip(folded, cells, strict=True)):
                over = [cell == ABOVE for cell in cells]
                own = ["" if above else text for text, above in zip(folded, over, strict=True)]
                out.append(_reached(self._row(own), over, out[-1] if out else None))
        if out:
            self._blocks.append(Block("table", Span(start, self._length - 1), rows=tuple(out)))
            self._write("\n")

    def _row(self, cells: Sequence[str]) -> Row:
        start, made, at = self._length, [], self._length
        for cell in cells:
            made.append(Cell(cell, Span(at, at + len(cell))))
            at += len(cell) + 1
        self._write("\t".join(cells) + "\n")
        return Row(tuple(made), Span(start, self._length - 1))

    def _add(self, kind: BlockKind, text: str, level: int = 0) -> None:
        body = _clean(text).strip()
        if body:
            self._blocks.append(Block(kind, Span(self._length, self._length + len(body)), level=level))
            self._write(body + "\n\n")

    def _write(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)

    @property
    def text(self) -> str:
        """All text so far."""
        return "".join(self._parts)

    @property
    def blocks(self) -> tuple[Block, ...]:
        """All blocks so far, in reading order."""
        return tuple(self._blocks)

    @property
    def pages(self) -> tuple[Page, ...]:
        """The pages so far, each reaching to the start of the next."""
        ends = [start for start, _, _ in self._page_starts[1:]] + [self._length]
        return tuple(
            Page(no, label, Span(start, end))
            for (start, no, label), end in zip(self._page_starts, ends, strict=True)
        )


def _reached(row: Row, over: Sequence[bool], before: Row | None) -> Row:
    """A row with the cells that reach down over it from the row before."""
    if before is None or not any(over):
        return row
    held = dict(enumerate(before.cells))
    cells = (held.get(n, cell) if over[n] else cell for n, cell in enumerate(row.cells))
    return Row(tuple(cells), row.span)


def _clean(text: str) -> str:
    """Without null bytes, control and direction marks, which break search and let text pose as other text."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))

"""Tables on a PDF page whose cells are ruled."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from pdfplumber.page import Page as PlumberPage
from pdfplumber.table import Table, TableFinder, TableSettings

from ingest.builder import ABOVE
from ingest.readers.pdf_words import PageContent, Word, joined, rows_of, segments_of

Box = tuple[float, float, float, float]

_NARROW = 6.0
_MIN_UPRIGHT = 3
_LINE = 9.0  # the least height of a row
_NEAR = 3.0
_FILLED_CELLS = 0.25
_CELL_SHARE = 0.4
_CROSSING = 0.15
_GAP = 1.1
_MIN_STACK = 4
FIGURE = re.compile(r"[£$€(+–−-]{0,2}\s?\d[\d,.:/]*\s?(?:%|[mk]|bn)?\)?|n/?a|[–-]", re.I)
_MAX_RULES = 5_000


class FoundTable(NamedTuple):
    """A table: its place (x0, top, x1, bottom), its rows of cell texts, and the words that went into it."""

    box: Box
    rows: list[list[str]]
    words: list[Word]


def ruled_tables(page: PlumberPage, content: PageContent) -> list[FoundTable]:
    """Tables whose cells are ruled. A table inside a cell of another becomes text of that cell, row by
    row."""
    if len(content.rules) < 3 or len(content.rules) > _MAX_RULES or not content.words:
        return []
    grids = [
        g
        for g in (_Grid.of(t, content.words) for t in _find(page, content.rules, content.words))
        if g.holds_a_table()
    ]
    outer = [g for g in grids if not any(o is not g and _inside(g.box, o.box) for o in grids)]
    return [grid.found([g for g in grids if g is not grid and _inside(g.box, grid.box)]) for grid in outer]


def _find(page: PlumberPage, rules: list[dict[str, Any]], words: Sequence[Word]) -> list[Table]:
    upright = [r for r in rules if r["height"] > _NARROW]
    level = [r for r in rules if r["width"] > _NARROW]
    settings = TableSettings(
        vertical_strategy="explicit",
        horizontal_strategy="explicit",
        explicit_vertical_lines=[*upright],
        explicit_horizontal_lines=[*level, *_missing_levels(upright, level, words)],
    )
    try:
        return list(TableFinder(page, settings).tables)
    except ValueError:  # fewer than two lines of a direction
        return []


def _missing_levels(
    upright: Sequence[dict[str, Any]], level: Sequence[dict[str, Any]], words: Sequence[Word]
) -> Iterator[dict[str, Any]]:
    """Level rules that a row cut by a page break lacks: three upright rules or more end together where none is
    drawn, and one is drawn at their other ends. Frames around columns of figures are left open."""
    frames: dict[tuple[int, int], list[dict[str, Any]]] = {}
    for rule in upright:
        if rule["width"] < _NARROW and rule["height"] > _LINE:
            frames.setdefault((round(rule["top"]), round(rule["bottom"])), []).append(rule)
    frames = {ends: group for ends, group in frames.items() if len(group) >= _MIN_UPRIGHT}
    figures = {y for ends, group in frames.items() if _frames_figures(ends, group, words) for y in ends}
    for ends, group in frames.items():
        x0, x1 = min(r["x0"] for r in group), max(r["x1"] for r in group)
        missing = [y for y in ends if not _is_drawn(y, x0, x1, level)]
        if len(missing) == 1 and missing[0] not in figures:
            y = float(missing[0])
            edge = {"x0": x0, "x1": x1, "top": y, "bottom": y, "width": x1 - x0, "height": 0.0}
            yield {**group[0], **edge, "object_type": "line"}


def _frames_figures(ends: tuple[int, int], group: Sequence[dict[str, Any]], words: Sequence[Word]) -> bool:
    """Whether a column between upright rules holds figures one below the other."""
    sides = sorted(r["x0"] for r in group)
    held = [w for w in words if ends[0] <= w.mid <= ends[1]]
    columns = ([w for w in held if a <= w.x0 < b] for a, b in zip(sides, sides[1:], strict=False))
    return any(map(_is_stack, columns))


def _is_drawn(y: float, x0: float, x1: float, level: Sequence[dict[str, Any]]) -> bool:
    """Whether level rules at a height cover most of a stretch."""
    near = [r for r in level if abs(r["top"] - y) < _NEAR or abs(r["bottom"] - y) < _NEAR]
    return bool(sum(max(0.0, min(x1, r["x1"]) - max(x0, r["x0"])) for r in near) > 0.5 * (x1 - x0))


def _inside(inner: Box, outer: Box) -> bool:
    return (
        inner[0] >= outer[0] - 2
        and inner[1] >= outer[1] - 2
        and inner[2] <= outer[2] + 2
        and inner[3] <= outer[3] + 2
    )


def _within(word: Word, box: Box) -> bool:
    return box[0] - 1 <= (word.x0 + word.x1) / 2 <= box[2] + 1 and box[1] - 1 <= word.mid <= box[3] + 1


class _Grid:
    """A ruled grid with the words in each cell; ``cells[r][c]`` is a box, or None where a cell is spanned."""

    def __init__(self, box: Box, cells: list[list[Box | None]], words: list[Word]) -> None:
        self.box, self.cells, self.words = box, cells, words
        self.filled: dict[tuple[int, int], list[Word]] = {}
        self._place()
        self._drop_slivers()

    @classmethod
    def of(cls, table: Table, words: Sequence[Word]) -> _Grid:
        box: Box = tuple(float(v) for v in table.bbox)  # type: ignore[assignment]
        return cls(box, [list(row.cells) for row in table.rows], [w for w in words if _within(w, box)])

    def _place(self) -> None:
        placed = []
        reach = [
            (min(b[1] for b in row if b), max(b[3] for b in row if b)) if any(row) else (0.0, 0.0)
            for row in self.cells
        ]
        for word in self.words:
            at = self._cell_of(word, reach)
            if at is not None:
                self.filled.setdefault(at, []).append(word)
                placed.append(word)
        self.words = placed

    def _cell_of(self, word: Word, reach: list[tuple[float, float]]) -> tuple[int, int] | None:
        for r, (top, bottom) in enumerate(reach):
            if top - 1 <= word.mid <= bottom + 1:
                for c, box in enumerate(self.cells[r]):
                    if box and _within(word, box):
                        return r, c
        return None

    def _drop_slivers(self) -> None:
        """Double rules leave empty columns and rows a few points wide."""
        columns = range(max((len(row) for row in self.cells), default=0))
        keep = [c for c in columns if self._used_column(c) or self._width(c) > _NARROW]
        rows = [r for r in range(len(self.cells)) if any((r, c) in self.filled for c in columns)]
        filled = {
            (i, j): self.filled[r, c]
            for i, r in enumerate(rows)
            for j, c in enumerate(keep)
            if (r, c) in self.filled
        }
        self.cells = [[self.cells[r][c] if c < len(self.cells[r]) else None for c in keep] for r in rows]
        self.filled = filled

    def _used_column(self, column: int) -> bool:
        return any(c == column for _, c in self.filled)

    def _width(self, column: int) -> float:
        boxes = [row[column] for row in self.cells if column < len(row) and row[column] is not None]
        return min((box[2] - box[0] for box in boxes if box), default=0.0)

    def holds_a_table(self) -> bool:
        """Whether this is a table rather than a frame around text, a chart's grid, or marks behind words."""
        columns = len(self.cells[0]) if self.cells else 0
        if columns < 2 or len({c for _, c in self.filled}) < 2:
            return False
        cells = sum(1 for row in self.cells for box in row if box)
        if cells < _CELL_SHARE * len(self.cells) * columns or len(self.filled) < _FILLED_CELLS * cells:
            return False
        return self._crossed() <= _CROSSING * len(self.words) and not self._coarse()

    def _crossed(self) -> int:
        """How many words reach over the edge of their cell."""
        count = 0
        for (r, c), words in self.filled.items():
            box = self.cells[r][c]
            if box:
                count += sum(1 for w in words if w.x0 < box[0] - 3 or w.x1 > box[2] + 3)
        return count

    def _coarse(self) -> bool:
        """Whether the rules only frame groups of columns: several cells in which line after line falls into
        short pieces standing under each other."""
        coarse = 0
        for words in self.filled.values():
            pieces = [segments_of(row, _GAP) for row in rows_of(words)]
            split = [p for p in pieces if len(p) > 1]
            if len(split) >= 4 and len(split) >= 0.5 * len(pieces):
                coarse += 1
        return coarse >= 2 or self._rows_run_together()

    def _rows_run_together(self) -> bool:
        """Whether most words stand in ruled rows that hold many rows of figures each."""
        words = 0
        for r in range(len(self.cells)):
            cells = [self.filled.get((r, c), []) for c in range(len(self.cells[0]))]
            if sum(map(_is_stack, cells)) > 1 and len(_unruled_rows(cells)) == 1:
                words += sum(map(len, cells))
        return words > 0.5 * len(self.words)

    def found(self, nested: list[_Grid]) -> FoundTable:
        """The table with its cells as text."""
        rows: list[list[str]] = []
        for r in range(len(self.cells)):
            cells = [self.filled.get((r, c), []) for c in range(len(self.cells[0]))]
            parts = [cells] if nested else _unruled_rows(cells)
            texts = [[self._text(words, nested) for words in part] for part in parts]
            rows += [[text or self._reached(r, c) for c, text in enumerate(part)] for part in texts]
        return FoundTable(self.box, rows, self.words)

    def _reached(self, row: int, column: int) -> str:
        """ABOVE where a cell of an earlier row reaches down over this place, else nothing."""
        boxes = [box for box in self.cells[row] if box]
        if self.cells[row][column] is not None or not boxes:
            return ""
        middle = (max(b[1] for b in boxes) + min(b[3] for b in boxes)) / 2
        above = next((self.cells[r][column] for r in range(row - 1, -1, -1) if self.cells[r][column]), None)
        return ABOVE if above is not None and above[3] > middle else ""

    def _text(self, words: list[Word], nested: list[_Grid]) -> str:
        pieces: list[tuple[float, str]] = []
        for grid in nested:
            inner = set(grid.words)
            if inner & set(words):
                words = [w for w in words if w not in inner]
                cells = (cell for row in grid.found([]).rows for cell in row)
                text = " ".join(cell for cell in cells if cell and cell != ABOVE)
                pieces.append((grid.box[1], text))
        pieces += [(row[0].top, joined(row)) for row in rows_of(words)]
        return unhyphenated([text for _, text in sorted(pieces)])


def _unruled_rows(cells: list[list[Word]]) -> list[list[list[Word]]]:
    """A ruled row in which two columns or more hold figures on the same levels is several rows, one a
    level."""
    levels = [_figure_levels(words) for words in cells]
    several = [level for level in levels if len(level) > 1]
    if len(several) < 2 or any(len(level) != len(several[0]) for level in several):
        return [cells]
    first = several[0]
    if any(abs(a - b) > 4 for level in several for a, b in zip(first, level, strict=True)):
        return [cells]
    parts: list[list[list[Word]]] = [[[] for _ in cells] for _ in first]
    for c, words in enumerate(cells):
        for word in words:
            nearest = min(range(len(first)), key=lambda i: abs(first[i] - word.mid))
            parts[nearest][c].append(word)
    return parts


def _is_stack(words: list[Word]) -> bool:
    """Whether a cell holds figures one below the other, perhaps under a heading."""
    lines = rows_of(words)
    figures = sum(all(FIGURE.fullmatch(word.text) for word in line) for line in lines)
    return figures >= _MIN_STACK and figures >= 0.6 * len(lines)


def _figure_levels(words: list[Word]) -> list[float]:
    """The levels of a cell that holds one figure a line; nothing when it holds anything else."""
    rows = rows_of(words)
    if any(
        len(row) > 2 or not any(c.isdigit() for c in joined(row)) or len(joined(row)) > 14 for row in rows
    ):
        return []
    return [row[0].mid for row in rows]


def unhyphenated(lines: list[str]) -> str:
    """Lines of a cell as one line; a word cut with a hyphen keeps it and loses the gap."""
    out = ""
    for line in lines:
        cut = out.endswith("-") and len(out) > 1 and out[-2].isalpha() and line[:1].islower()
        out += line if cut or not out else " " + line
    return out

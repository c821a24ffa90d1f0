"""Tables on a PDF page: ruled ones by pdfplumber, unruled ones by words that stand under each other."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from pdfplumber.page import Page as PlumberPage
from pdfplumber.table import Table, TableFinder, TableSettings

from ingest.readers.pdf_words import PageContent, Word, joined, rows_of, segments_of

Box = tuple[float, float, float, float]

_NARROW = 6.0
_FILLED_CELLS = 0.25
_CELL_SHARE = 0.4
_CROSSING = 0.15
_GAP = 1.1
_MIN_ROWS = 3
_MIN_STACK = 4
_FIGURE = re.compile(r"[£$€(+–−-]{0,2}\s?\d[\d,.:/]*\s?(?:%|[mk]|bn)?\)?|n/?a|[–-]", re.I)
_MIN_COLUMNS = 3
_MAX_RULES = 5_000
_THIN_RULE = 3.0


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
    grids = [g for g in (_Grid.of(t, content.words) for t in _find(page, content.rules)) if g.holds_a_table()]
    outer = [g for g in grids if not any(o is not g and _inside(g.box, o.box) for o in grids)]
    return [grid.found([g for g in grids if g is not grid and _inside(g.box, grid.box)]) for grid in outer]


def _find(page: PlumberPage, rules: list[dict[str, Any]]) -> list[Table]:
    settings = TableSettings(
        vertical_strategy="explicit",
        horizontal_strategy="explicit",
        explicit_vertical_lines=[r for r in rules if r["height"] > _NARROW],
        explicit_horizontal_lines=[r for r in rules if r["width"] > _NARROW],
    )
    try:
        return list(TableFinder(page, settings).tables)
    except ValueError:  # fewer than two lines of a direction
        return []


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
            rows += [[self._text(words, nested) for words in part] for part in parts]
        return FoundTable(self.box, rows, self.words)

    def _text(self, words: list[Word], nested: list[_Grid]) -> str:
        pieces: list[tuple[float, str]] = []
        for grid in nested:
            inner = set(grid.words)
            if inner & set(words):
                words = [w for w in words if w not in inner]
                text = " ".join(cell for row in grid.found([]).rows for cell in row if cell)
                pieces.append((grid.box[1], text))
        pieces += [(row[0].top, joined(row)) for row in rows_of(words)]
        return _unhyphenated([text for _, text in sorted(pieces)])


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
    figures = sum(all(_FIGURE.fullmatch(word.text) for word in line) for line in lines)
    return figures >= _MIN_STACK and figures >= 0.6 * len(lines)


def _figure_levels(words: list[Word]) -> list[float]:
    """The levels of a cell that holds one figure a line; nothing when it holds anything else."""
    rows = rows_of(words)
    if any(
        len(row) > 2 or not any(c.isdigit() for c in joined(row)) or len(joined(row)) > 14 for row in rows
    ):
        return []
    return [row[0].mid for row in rows]


def _unhyphenated(lines: list[str]) -> str:
    """Lines of a cell as one line; a word cut with a hyphen keeps it and loses the gap."""
    out = ""
    for line in lines:
        cut = out.endswith("-") and len(out) > 1 and out[-2].isalpha() and line[:1].islower()
        out += line if cut or not out else " " + line
    return out


def aligned_tables(words: list[Word], rules: list[dict[str, Any]]) -> list[FoundTable]:
    """Unruled tables among words that are in no ruled one: at least three rows of at least three columns, or
    of two where the second holds figures."""
    found = [
        _as_table(run, columns)
        for run in _runs(rows_of(words), _MIN_COLUMNS)
        if len(columns := _columns(run, rules, _MIN_COLUMNS)) >= _MIN_COLUMNS and _tabular(run, columns)
    ]
    used = {word.order for table in found for word in table.words}
    for run in _runs(rows_of([word for word in words if word.order not in used]), 2):
        columns = _columns(run, rules, 2)
        if len(columns) == 2 and _ends_in_figures(run, columns):
            found.append(_as_table(run, columns))
    return found


def _ends_in_figures(run: list[list[Word]], columns: list[tuple[float, float]]) -> bool:
    """Whether nearly all rows are some words and one figure, the figures under each other."""
    good = 0
    for row in run:
        left = [word for word in row if _column_of(word, columns) == 0]
        right = [word for word in row if _column_of(word, columns) == 1]
        good += bool(left and len(right) <= 2 and _FIGURE.fullmatch(joined(right)))
    return good >= _MIN_ROWS and good >= 0.75 * len(run)


def _runs(rows: list[list[Word]], least: int) -> list[list[list[Word]]]:
    """Stretches of rows most of which fall into ``least`` pieces or more, with no large gap between rows."""
    runs: list[list[list[Word]]] = []
    run: list[list[Word]] = []
    misses = 0
    for row in rows:
        many = len(segments_of(row, _GAP)) >= least
        near = not run or row[0].top - run[-1][0].bottom < 3.0 * row[0].size
        if run and (not near or (not many and misses >= 2)):
            runs.append(run)
            run, misses = [], 0
        if many or run:
            run.append(row)
            misses = 0 if many else misses + 1
    runs.append(run)
    trimmed = [_trimmed(run) for run in runs]
    return [run for run in trimmed if sum(len(segments_of(r, _GAP)) >= least for r in run) >= _MIN_ROWS]


def _trimmed(run: list[list[Word]]) -> list[list[Word]]:
    while run and len(segments_of(run[-1], _GAP)) < 2:
        run = run[:-1]
    return run


def _columns(run: list[list[Word]], rules: list[dict[str, Any]], least: int) -> list[tuple[float, float]]:
    """The columns of a run: between strips that (nearly) no row's words cover, and between long upright
    rules."""
    full = [row for row in run if len(segments_of(row, _GAP)) >= least]
    left, right = min(w.x0 for row in full for w in row), max(w.x1 for row in full for w in row)
    cover = [0] * (int(right - left) + 2)
    for row in full:
        for segment in segments_of(row, 0.35):
            for x in range(int(segment[0].x0 - left), int(segment[-1].x1 - left) + 1):
                cover[min(x, len(cover) - 1)] += 1
    for rule in _upright(run, rules):
        if left < rule < right:
            cover[int(rule - left)] = 0
    return _strips(cover, left, int(0.1 * len(full)))


def _upright(run: list[list[Word]], rules: list[dict[str, Any]]) -> list[float]:
    top, bottom = run[0][0].top, run[-1][0].bottom
    return [
        float(r["x0"] + r["x1"]) / 2
        for r in rules
        if r["width"] < _THIN_RULE and min(r["bottom"], bottom) - max(r["top"], top) > 0.3 * (bottom - top)
    ]


def _strips(cover: list[int], left: float, slack: int) -> list[tuple[float, float]]:
    strips: list[tuple[float, float]] = []
    start: int | None = None
    for x, count in enumerate([*cover, 0]):
        if count > slack and start is None:
            start = x
        elif count <= slack and start is not None:
            strips.append((left + start, left + x))
            start = None
    return strips


def _tabular(run: list[list[Word]], columns: list[tuple[float, float]]) -> bool:
    """Whether the run's cells are short and most columns are used by most rows: prose in columns is not a
    table."""
    full = [row for row in run if len(segments_of(row, _GAP)) >= _MIN_COLUMNS]
    used = sum(len({_column_of(w, columns) for w in row}) for row in full)
    words = sum(len(row) for row in full)
    return len(columns) <= 30 and used >= 0.4 * len(columns) * len(full) and words <= 5 * used


def _column_of(word: Word, columns: list[tuple[float, float]]) -> int:
    """The column that a word overlaps most, or the nearest."""
    return max(range(len(columns)), key=lambda c: min(word.x1, columns[c][1]) - max(word.x0, columns[c][0]))


def _goes_on(above: list[str], row: list[str]) -> bool:
    """Whether a row is the second line of the one above: fewer cells, each going on in small letters."""
    filled = [(a, b) for a, b in zip(above, row, strict=True) if b]
    return len(filled) < sum(map(bool, above)) and all(a and b[0].islower() for a, b in filled)


def _as_table(run: list[list[Word]], columns: list[tuple[float, float]]) -> FoundTable:
    rows: list[list[str]] = []
    for row in run:
        cells: list[list[Word]] = [[] for _ in columns]
        for segment in segments_of(row, 0.35):
            middle = segment[len(segment) // 2]
            for word in segment:
                at = _column_of(word, columns)
                cells[at if len(segments_of(row, _GAP)) > 1 else _column_of(middle, columns)].append(word)
        texts = [joined(cell) for cell in cells]
        if rows and _goes_on(rows[-1], texts):
            rows[-1] = [_unhyphenated([a, b]) if b else a for a, b in zip(rows[-1], texts, strict=True)]
        else:
            rows.append(texts)
    words = [w for row in run for w in row]
    box = (
        min(w.x0 for w in words),
        min(w.top for w in words),
        max(w.x1 for w in words),
        max(w.bottom for w in words),
    )
    return FoundTable(box, rows, words)

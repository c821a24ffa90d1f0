"""Tables on a PDF page without upright rules: words that stand under each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from ingest.readers.pdf_tables import FIGURE, FoundTable, unhyphenated
from ingest.readers.pdf_words import Word, joined, rows_of, segments_of

_GAP = 1.1
_MIN_ROWS = 3
_MIN_COLUMNS = 3
_THIN_RULE = 3.0
_LONG_RULE = 100.0
_MAX_ROW_LINES = 12


def aligned_tables(words: list[Word], rules: list[dict[str, Any]]) -> list[FoundTable]:
    """Unruled tables among words that are in no ruled one: at least three rows of at least three columns, or
    of two where the second holds figures."""
    levels = _levels(rules)

    def under(row: list[Word]) -> bool:
        bottom = max(word.bottom for word in row)
        return any(-2 < level - bottom < row[0].size for level in levels)

    found = [
        _as_table(run, columns, levels)
        for run in _runs(rows_of(words), _MIN_COLUMNS, under)
        if len(columns := _columns(run, rules, _MIN_COLUMNS)) >= _MIN_COLUMNS and _tabular(run, columns)
    ]
    used = {word.order for table in found for word in table.words}
    rest = [word for word in words if word.order not in used]
    for run in _runs(rows_of(rest), 2, lambda _: False):
        columns = _columns(run, rules, 2)
        if len(columns) == 2 and _ends_in_figures(run, columns):
            found.append(_as_table(run, columns, []))
    return found


def _levels(rules: list[dict[str, Any]]) -> list[float]:
    """The heights at which long level rules are drawn."""
    return sorted({round(r["top"]) for r in rules if r["height"] < _THIN_RULE and r["width"] > _LONG_RULE})


def _ends_in_figures(run: list[list[Word]], columns: list[tuple[float, float]]) -> bool:
    """Whether nearly all rows are some words and one figure, the figures under each other."""
    good = 0
    for row in run:
        left = [word for word in row if _column_of(word, columns) == 0]
        right = [word for word in row if _column_of(word, columns) == 1]
        good += bool(left and len(right) <= 2 and FIGURE.fullmatch(joined(right)))
    return good >= _MIN_ROWS and good >= 0.75 * len(run)


def _runs(rows: list[list[Word]], least: int, under: Callable[[list[Word]], bool]) -> list[list[list[Word]]]:
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
    trimmed = [_trimmed(run, under) for run in runs]
    return [run for run in trimmed if sum(len(segments_of(r, _GAP)) >= least for r in run) >= _MIN_ROWS]


def _trimmed(run: list[list[Word]], under: Callable[[list[Word]], bool]) -> list[list[Word]]:
    """A run without the lines of text at its end, unless a rule is drawn under them."""
    kept = run
    while kept and len(segments_of(kept[-1], _GAP)) < 2:
        kept = kept[:-1]
    last = next((n for n in range(len(run), len(kept), -1) if under(run[n - 1])), len(kept))
    return run[:last]


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


def _as_table(run: list[list[Word]], columns: list[tuple[float, float]], levels: list[float]) -> FoundTable:
    lines = [_line_cells(row, columns) for row in run]
    rows: list[list[str]] = []
    for texts, begins in zip(lines, _beginnings(run, lines, levels), strict=True):
        if rows and not begins:
            rows[-1] = [unhyphenated([p for p in pair if p]) for pair in zip(rows[-1], texts, strict=True)]
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


def _line_cells(row: list[Word], columns: list[tuple[float, float]]) -> list[str]:
    """The words of one line by column."""
    cells: list[list[Word]] = [[] for _ in columns]
    several = len(segments_of(row, _GAP)) > 1
    for segment in segments_of(row, 0.35):
        middle = segment[len(segment) // 2]
        for word in segment:
            cells[_column_of(word if several else middle, columns)].append(word)
    return [joined(cell) for cell in cells]


def _beginnings(run: list[list[Word]], lines: list[list[str]], levels: list[float]) -> list[bool]:
    """Which lines begin a row of the table: those under a rule where rules part the rows, else all that do not
    go on in small letters."""
    bands = [sum(level <= row[0].mid for level in levels) for row in run]
    if len(set(bands)) >= _MIN_ROWS and not _holds_rows(bands, lines):
        return [n == 0 or band != bands[n - 1] for n, band in enumerate(bands)]
    return [n == 0 or not _goes_on(lines[n - 1], line) for n, line in enumerate(lines)]


def _holds_rows(bands: list[int], lines: list[list[str]]) -> bool:
    """Whether what stands between two rules is several rows: two lines of it hold figures, or all of it is too
    much for one."""
    figures = Counter(
        band for band, line in zip(bands, lines, strict=True) if any(map(FIGURE.fullmatch, line))
    )
    return any(n > 1 for n in figures.values()) or max(Counter(bands).values()) > _MAX_ROW_LINES


def _goes_on(above: list[str], line: list[str]) -> bool:
    """Whether a line is the second one of the row above: fewer cells, each going on in small letters; or more
    cells, where those of the line above are the tops of cells whose row stands at their foot."""
    filled = [(a, b) for a, b in zip(above, line, strict=True) if b]
    if len(filled) < sum(map(bool, above)):
        return all(a and b[0].islower() for a, b in filled)
    begun = [(a, b) for a, b in zip(above, line, strict=True) if a]
    return len(begun) < len(filled) and all(b and b[0].islower() for _, b in begun)

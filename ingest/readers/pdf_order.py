"""The reading order of a PDF page: down the columns where there are columns, across the rows where there are
none."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import NamedTuple

from ingest.readers.pdf_tables import FoundTable
from ingest.readers.pdf_words import Line, Word, make_line, rows_of, segments_of

_PIECE_GAP = 1.3
_MIN_LINES = 2
_MIN_WIDTH = 0.1
_PROSE_WORDS = 4
_MAX_DEPTH = 6
_MAX_CUTS = 60


class Piece(NamedTuple):
    """Something that has its place in the order: words side by side, or a whole table."""

    x0: float
    x1: float
    top: float
    bottom: float
    words: tuple[Word, ...]
    table: FoundTable | None = None

    @property
    def order(self) -> int:
        """When the file draws it."""
        return self.words[0].order if self.words else 0


Element = list[Line] | FoundTable


def reading_order(words: Sequence[Word], tables: Sequence[FoundTable], width: float) -> list[Element]:
    """A page's elements as they are read: lists of lines, each from one column, and tables between them.

    ``width`` is that of the page in points.
    """
    pieces = [_piece(segment) for row in rows_of(list(words)) for segment in segments_of(row, _PIECE_GAP)]
    pieces += [Piece(*_sides(t), tuple(t.words), t) for t in tables]
    out: list[Element] = []
    for run in _ordered(pieces, max(width, 1.0), 0):
        out += _elements(run)
    return out


def _sides(table: FoundTable) -> tuple[float, float, float, float]:
    x0, top, x1, bottom = table.box
    return x0, x1, top, bottom


def _piece(words: list[Word]) -> Piece:
    return Piece(
        words[0].x0,
        max(w.x1 for w in words),
        min(w.top for w in words),
        max(w.bottom for w in words),
        tuple(words),
    )


def _ordered(pieces: list[Piece], width: float, depth: int) -> list[list[Piece]]:
    """Runs of pieces, each run one column, in reading order."""
    pieces = sorted(pieces, key=lambda p: (p.top, p.x0))
    cut = _best_cut(pieces, width) if depth < _MAX_DEPTH else None
    if cut is None:
        return [pieces] if pieces else []
    runs: list[list[Piece]] = []
    for band in _bands(pieces, cut):
        left, right = _split(band, cut)
        if _are_columns(left, right, width):
            runs += _ordered(left, width, depth + 1) + _ordered(right, width, depth + 1)
        else:
            runs += _ordered(band, width, _MAX_DEPTH)
    return runs


def _best_cut(pieces: list[Piece], width: float) -> float | None:
    """The upright line that has the most text in columns beside it; None when there are no columns."""
    edges = sorted({round(p.x0 - 1) for p in pieces})
    if len(edges) > _MAX_CUTS:
        edges = edges[:: len(edges) // _MAX_CUTS + 1]
    best, best_score = None, 0
    for cut in edges[1:]:
        score = 0
        for band in _bands(pieces, cut):
            left, right = _split(band, cut)
            if _are_columns(left, right, width):
                score += len(band)
        if score > best_score:
            best, best_score = float(cut), score
    return best


def _bands(pieces: list[Piece], cut: float) -> list[list[Piece]]:
    """The pieces from the top down, a new band wherever they begin or cease to cross the cut."""
    bands: list[list[Piece]] = []
    crossing = False
    for piece in pieces:
        crosses = piece.x0 < cut - 1 and piece.x1 > cut + 1
        if not bands or crosses != crossing:
            bands.append([])
        bands[-1].append(piece)
        crossing = crosses
    return bands


def _split(band: list[Piece], cut: float) -> tuple[list[Piece], list[Piece]]:
    left = [p for p in band if p.x1 <= cut + 1]
    return left, [p for p in band if p.x1 > cut + 1]


def _are_columns(left: list[Piece], right: list[Piece], width: float) -> bool:
    """Whether two sets of pieces beside each other are columns: both long and wide enough, and either drawn
    one after the other or, where both are prose, of lines that stand on different levels or run on
    downwards."""
    if len(_levels(left)) < _MIN_LINES or len(_levels(right)) < _MIN_LINES:
        return False
    if min(_width(left), _width(right)) < _MIN_WIDTH * width or not _beside(left, right):
        return False
    if _switches(left, right) <= 2:
        return True
    return _is_prose(left) and _is_prose(right) and _switches(left, right) > 0.7 * len(_levels(left + right))


def _levels(pieces: list[Piece]) -> set[int]:
    return {round(p.bottom / 4) for p in pieces}


def _width(pieces: list[Piece]) -> float:
    return max(p.x1 for p in pieces) - min(p.x0 for p in pieces)


def _beside(left: list[Piece], right: list[Piece]) -> bool:
    top = max(min(p.top for p in left), min(p.top for p in right))
    bottom = min(max(p.bottom for p in left), max(p.bottom for p in right))
    shorter = min(_height(left), _height(right))
    return bottom - top >= 0.5 * shorter


def _height(pieces: list[Piece]) -> float:
    return max(p.bottom for p in pieces) - min(p.top for p in pieces)


def _switches(left: list[Piece], right: list[Piece]) -> int:
    """How often the file goes over from one side to the other while drawing the text."""
    sides = [side for _, side in sorted([(p.order, 0) for p in left] + [(p.order, 1) for p in right])]
    return sum(a != b for a, b in zip(sides, sides[1:], strict=False))


def _is_prose(pieces: list[Piece]) -> bool:
    return median(len(p.words) for p in pieces) >= _PROSE_WORDS


def _elements(run: list[Piece]) -> list[Element]:
    """One column's pieces as lines and tables."""
    out: list[Element] = []
    beside: list[Piece] = []
    for piece in sorted(run, key=lambda p: p.top):
        if piece.table is None:
            beside.append(piece)
            continue
        if beside:
            out.append(_lines(beside))
        out.append(piece.table)
        beside = []
    if beside:
        out.append(_lines(beside))
    return out


def _lines(pieces: list[Piece]) -> list[Line]:
    """Pieces as lines from the top down; where several stand side by side on successive levels and the file
    draws each of them to its end before the next, they are read as they are drawn."""
    lines: list[Line] = []
    stretch: list[list[Piece]] = []
    for level in [*_by_level(pieces), []]:
        if stretch and (len(level) < 2 and len(stretch[-1]) < 2 or not level or _apart(stretch[-1], level)):
            lines += _stretch_lines(stretch)
            stretch = []
        if level:
            stretch.append(level)
    return lines


def _by_level(pieces: list[Piece]) -> list[list[Piece]]:
    owner = {id(word): piece for piece in pieces for word in piece.words}
    levels = []
    for row in rows_of([word for piece in pieces for word in piece.words]):
        unique = {id(owner[id(word)]): owner[id(word)] for word in row}
        levels.append(list(unique.values()))
    return levels


def _apart(above: list[Piece], below: list[Piece]) -> bool:
    size = above[0].words[0].size
    return min(p.top for p in below) - max(p.bottom for p in above) > 1.0 * size


def _stretch_lines(stretch: list[list[Piece]]) -> list[Line]:
    pieces = sorted((p for level in stretch for p in level), key=lambda p: p.order)
    ups = sum(b.top < a.top - 2 for a, b in zip(pieces, pieces[1:], strict=False))
    if not ups or ups > 0.34 * len(pieces):
        return [make_line([w for p in level for w in p.words]) for level in stretch]
    groups: list[list[Piece]] = []
    for piece in pieces:
        if groups and abs(piece.bottom - groups[-1][-1].bottom) < 3 and piece.x0 >= groups[-1][-1].x1 - 1:
            groups[-1].append(piece)
        else:
            groups.append([piece])
    return [make_line([w for p in group for w in p.words]) for group in groups]

"""Document -> passages: the units that are embedded, searched and quoted.

Prose is cut into overlapping windows of whole sentences inside one section; a table row is a passage with its
headings and header as context. Every word of a document stands in some passage.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from corpus.model import Block, Document, Passage, Row, Span
from corpus.text import plain
from ingest.cut_rows import whole_rows
from ingest.parts import levels
from ingest.sentences import sentences
from ingest.tables import UNIT, on_every_page

MAX_WORDS = 110  # about 150 tokens; with context it stays inside the 256 that MiniLM reads
_MAX_CONTEXT_WORDS = 40
_NAME_WORDS = 15
_FEW = 0.1  # share of a table's rows in which a column that is taken for empty holds something at most
_MANY = 0.3  # share in which one that is taken for filled does at least
_HEADER_WORDS = 10
_NOT_A_HEADER = re.compile(r"[.;!]\s|[.;!,:]$")
_FIGURE = re.compile(r"^[£+-]?\d[\d,.]*(?:%|m|k|bn)?$")
_ONE_YEAR = re.compile(r"(?:19|20)\d\d")
_YEAR = re.compile(r"(?:19|20)\d\d ?[-–/] ?\d\d$")
_MOST_HEADS = 4  # rows
_ENOUGH_FIGURES = 2  # of a row that is no heading
_WIDE = 6  # columns from which a table is known again under another heading
_SEVERAL = 2  # headings of a row that goes on with the names of columns
_CARRIED_SENTENCES = 1
_TEXT_AND_NAME = 2  # cells
_LINE_OF_TEXT = 6  # words; a shorter cell is no line that broke off


@dataclass(frozen=True, slots=True)
class Section:
    """Consecutive blocks under one heading path."""

    path: tuple[str, ...]
    blocks: tuple[Block, ...]


def passages_of(document: Document) -> tuple[Passage, ...]:
    """All passages of a document in reading order; ids are ``doc_id:page-or-0:ordinal``."""
    made: list[Passage] = []
    whole = whole_rows(document, on_every_page(document), lambda row: _is_short(row, document.text))
    named: dict[int, tuple[str, ...]] = {}
    for section in sections(replace(document, blocks=whole)):
        for span, kind, columns in _pieces(document, section, named):
            page = document.page_at(span.start)
            page_no = page.page_no if page else None
            path = " > ".join(section.path)
            made.append(
                Passage(
                    id=f"{document.id}:{page_no or 0}:{len(made)}",
                    document=document.id,
                    span=span,
                    text=span.of(document.text),
                    context=_context(document, section.path, " ; ".join(name for name in columns if name)),
                    section=path,
                    page_no=page_no,
                    kind="row" if kind == "row" else "prose",
                    columns=columns,
                )
            )
    return tuple(made)


def sections(document: Document) -> Iterator[Section]:
    """Walk a document's blocks grouped under their heading path; the headings themselves belong to the
    group."""
    path: list[tuple[int, str]] = []
    group: list[Block] = []
    for block, own in zip(document.blocks, levels(document), strict=True):
        if block.kind == "heading":
            if any(b.kind != "heading" for b in group):
                yield Section(tuple(name for _, name in path), tuple(group))
                group = []
            path = [(level, name) for level, name in path if level < own]
            path.append((own, plain(block.span.of(document.text)).lstrip("# ").strip("# ")))
        group.append(block)
    if group:
        yield Section(tuple(name for _, name in path), tuple(group))


def _context(document: Document, path: tuple[str, ...], extra: str) -> str:
    parts = [document.name, *path[-3:], extra]
    words = " | ".join(part for part in parts if part).split()
    return " ".join(words[-_MAX_CONTEXT_WORDS:])


def _pieces(
    document: Document, section: Section, named: dict[int, tuple[str, ...]]
) -> Iterator[tuple[Span, str, tuple[str, ...]]]:
    """The pieces of a section; ``named`` are the columns of the tables before it that it may go on with, by their number."""
    prose: list[Span] = []
    for block in section.blocks:
        if block.kind == "table":
            yield from ((span, "prose", ()) for span in _windows(prose, document.text))
            prose = []
            columns, heads = _columns(block, named)
            yield from _rows(block, columns, heads, document.text)
        else:
            kept = {n: names for n, names in named.items() if block.kind != "paragraph" and n >= _WIDE}
            named.clear()
            named.update(kept)
            prose.extend(sentences(block.span.of(document.text), block.span.start))
    yield from ((span, "prose", ()) for span in _windows(prose, document.text))


def _windows(spans: list[Span], text: str) -> Iterator[Span]:
    """Windows of whole sentences of at most MAX_WORDS, each beginning with the last sentence of the one
    before."""
    window: list[Span] = []
    for span in (piece for whole in spans for piece in _cut(whole, text)):
        if window and _words(window, text) + len(span.of(text).split()) > MAX_WORDS:
            yield Span(window[0].start, window[-1].end)
            window = window[-_CARRIED_SENTENCES:] if _words(window[-1:], text) < MAX_WORDS // 3 else []
        window.append(span)
    if window:
        yield Span(window[0].start, window[-1].end)


def _words(spans: Iterable[Span], text: str) -> int:
    return sum(len(span.of(text).split()) for span in spans)


def _cut(span: Span, text: str) -> Iterator[Span]:
    """Pieces of at most MAX_WORDS of a sentence that is longer than that."""
    words = list(re.finditer(r"\S+", span.of(text)))
    for i in range(0, len(words), MAX_WORDS):
        part = words[i : i + MAX_WORDS]
        yield Span(span.start + part[0].start(), span.start + part[-1].end())


def _columns(block: Block, named: dict[int, tuple[str, ...]]) -> tuple[tuple[str, ...], Sequence[Row]]:
    """The names of a table's columns and the rows that give them; those of one before it that it goes on with, where it
    has none of its own and begins with figures."""
    heads = _header_rows(block)
    if heads:
        columns = _names(_joined(heads), block.rows[len(heads) :])
        if len(block.rows) > len(heads) and not _repeats(columns, named):
            named.clear()
            named[len(columns)] = columns
        return columns, heads
    first = block.rows[0] if block.rows else None
    goes_on = first is not None and _figures(first) >= _ENOUGH_FIGURES
    return (named.get(len(first.cells), ()) if first and goes_on else ()), ()


def _rows(
    block: Block, columns: tuple[str, ...], heads: Sequence[Row], text: str
) -> Iterator[tuple[Span, str, tuple[str, ...]]]:
    """Each row with the names of its columns; a long row is cut into its cells, each with its column's heading; rows that
    are the lines of one text are taken together."""
    for group in _wrapped(block.rows):
        span = Span(group[0].span.start, group[-1].span.end)
        if len(group) > 1:
            yield from (
                (part, "prose", columns)
                for part in _windows(list(sentences(span.of(text), span.start)), text)
            )
        elif _is_short(group[0], text):
            is_head = any(group[0] is head for head in heads)
            yield span, "row", _texts(group[0]) if is_head else _beside(group[0], columns)
        else:
            yield from _long_row(group[0], columns, text)


def _repeats(columns: Sequence[str], named: Mapping[int, Sequence[str]]) -> bool:
    """Whether the names of columns say nothing new beside those of a table before."""
    before = {word for names in named.values() for name in names for word in name.split()}
    return bool(before) and before.issuperset(word for name in columns for word in name.split())


def _header_rows(block: Block) -> Sequence[Row]:
    """The rows that name a table's columns: the first, and those below that go on with it, as headings over groups of
    columns and units are set in rows of their own."""
    if not block.rows or not is_header(block):
        return ()
    most = next((n for n, row in enumerate(block.rows) if _figures(row) >= _ENOUGH_FIGURES), 0)
    heads = [block.rows[0]]
    for row in block.rows[1 : min(most, _MOST_HEADS)]:
        own = [cell.text for cell in row.cells if cell.text and cell.span.start >= row.span.start]
        units = bool(own) and all(map(UNIT.match, own))
        if not units and not _goes_on_naming(row, own, heads, block.rows[len(heads) + 1]):
            break
        heads.append(row)
    return heads


def _goes_on_naming(row: Row, own: Sequence[str], heads: Sequence[Row], below: Row) -> bool:
    """Whether a row of several short texts without figures goes on with the rows above that name columns: its first cell
    is empty, or the first to have a text, and then what is below it names columns still, or a heading above it is over
    several columns."""
    if len(own) < _SEVERAL or _figures(row) or not all(map(_is_heading, own)):
        return False
    if not row.cells[0].text:
        return True
    if any(head.cells[0].text for head in heads):
        return False
    filled = [text for cell in below.cells if (text := cell.text)]
    still = bool(filled) and (
        all(map(UNIT.match, filled)) or (not below.cells[0].text and not _figures(below))
    )
    return still or len([text for text in _texts(heads[-1])[1:] if text]) < len(own) - 1


def _figures(row: Row) -> int:
    """How many of a row's cells hold a bare figure that is no year."""
    return sum(bool(_FIGURE.match(cell.text)) and not _ONE_YEAR.fullmatch(cell.text) for cell in row.cells)


def _is_heading(text: str) -> bool:
    return len(text.split()) <= _HEADER_WORDS and not _NOT_A_HEADER.search(text)


def _joined(heads: Sequence[Row]) -> tuple[str, ...]:
    """The names of columns out of the rows that make them up, each heading over several columns in all of them."""
    rows = [_texts(head) for head in heads]
    width = max(map(len, rows))
    rows = [(*row, *[""] * (width - len(row))) for row in rows]
    spread = [_spread(row, below) for row, below in pairwise([*rows, ("",) * width])]
    parts = (dict.fromkeys(text for text in column if text) for column in zip(*spread, strict=True))
    return tuple(" ".join(part) for part in parts)


def _spread(row: tuple[str, ...], below: tuple[str, ...]) -> tuple[str, ...]:
    """A row of headings, each over all columns that it is for: where the headings ``below`` say the same again for each of
    them ("Actual, Budget" under every year), over its share of those; else over those to its right that have one below."""
    told, under = [text for text in row if text], [at for at, text in enumerate(below) if text]
    size = len(under) // len(told) if told else 0
    groups = [under[at : at + size] for at in range(0, len(under), size)] if size > 1 else []
    if len(groups) == len(told) > 1 and len({tuple(below[at] for at in group) for group in groups}) == 1:
        over = {at: text for text, group in zip(told, groups, strict=True) for at in group}
        return tuple(over.get(at, "") for at in range(len(row)))
    out, above = [], ""
    for text, lower in zip(row, below, strict=True):
        above = text or above
        out.append(text or (above if lower else ""))
    return tuple(out)


def _names(header: Sequence[str], body: Sequence[Row]) -> tuple[str, ...]:
    """The names of a table's columns; where a line cut a year in two ("202" beside "24-25") and no row fills both of
    its columns, both have it whole. A name over an empty column belongs to the column without one on its right."""
    names = list(header)
    for at, (left, right) in enumerate(pairwise(names)):
        year = _joined_year(left, right)
        if year and not any(_fills_both(row, at) for row in body):
            names[at] = names[at + 1] = year
    for at, (left, right) in enumerate(pairwise(names)):
        if left and not right and _filled(body, at) <= _FEW and _filled(body, at + 1) >= _MANY:
            names[at : at + 2] = right, left
    return tuple(names)


def _filled(rows: Sequence[Row], at: int) -> float:
    """The share of rows in which a column holds anything."""
    return sum(bool(row.cells[at].text) for row in rows if at < len(row.cells)) / max(len(rows), 1)


def _texts(row: Row) -> tuple[str, ...]:
    return tuple(cell.text for cell in row.cells)


def _beside(row: Row, names: tuple[str, ...]) -> tuple[str, ...]:
    """The names of the columns from that on in which the text of a row begins: empty cells before it are no part of it."""
    return names[sum(not cell.text and cell.span.start < row.span.start for cell in row.cells) :]


def _joined_year(left: str, right: str) -> str:
    """The year of which two cells hold a part each, the figure that was cut in one of them or in both."""
    joined = (left + right[shared:] for shared in (0, 1) if left.endswith(right[:shared]))
    return next((text for text in joined if left and _YEAR.match(text)), "")


def _fills_both(row: Row, at: int) -> bool:
    return all(cell.text for cell in row.cells[at : at + 2]) and at + 1 < len(row.cells)


def _is_short(row: Row, text: str) -> bool:
    return len(row.span.of(text).split()) <= MAX_WORDS


def _wrapped(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Rows in groups: a row that goes on where the text of the one before breaks off belongs to it."""
    group: list[Row] = []
    for row in rows:
        if group and not _goes_on(group[-1], row):
            yield group
            group = []
        group.append(row)
    if group:
        yield group


def _goes_on(before: Row, row: Row) -> bool:
    """Whether a row's text goes on in the next: both hold one text and at most a name beside it, a sentence runs over
    the line, and the next is no name beside empty cells."""
    last, first = ([cell.text for cell in one.cells if cell.text] for one in (before, row))
    if not last or not first or len(last) > _TEXT_AND_NAME or len(first) > _TEXT_AND_NAME:
        return False
    if len(last[-1].split()) < _LINE_OF_TEXT or re.search(r"[.!?:;]['\"’”)]*$", last[-1]):
        return False
    if first == [row.cells[0].text] and len(row.cells) > 1 and len(last) > 1:
        return False  # the next row: it holds a name, and its other cells are empty
    return first[-1][:1].islower() or (len(first) == 1 and not before.cells[-1].text.isupper())


def is_header(block: Block) -> bool:
    """Whether a table's first row names its columns: short cells without sentences, bare figures in at most half of
    them."""
    first = block.rows[0]
    filled = [cell.text for cell in first.cells if cell.text]
    return (
        len(block.rows) > 1
        and len(filled) > 1
        and all(len(text.split()) <= _HEADER_WORDS and not _NOT_A_HEADER.search(text) for text in filled)
        and (not all(map(_FIGURE.match, filled[1:])) or _are_years(filled[1:], block.rows[1]))
        and sum(map(_is_amount, filled)) <= len(filled) / 2
    )


def _are_years(names: Sequence[str], below: Row) -> bool:
    """Whether cells name columns by years: one after the other, with other things below."""
    told = [name for name in names if _ONE_YEAR.fullmatch(name)]
    own = [cell.text for cell in below.cells if cell.text][1:]
    in_order = len(set(told)) == len(names) > 1 and told in (sorted(told), sorted(told, reverse=True))
    return in_order and not all(map(_ONE_YEAR.fullmatch, own))


def _is_amount(text: str) -> bool:
    """Whether a cell holds a bare figure that is no year and no number of a column."""
    return bool(_FIGURE.match(text)) and not _ONE_YEAR.fullmatch(text) and not re.fullmatch(r"\d{1,2}", text)


def _long_row(row: Row, columns: tuple[str, ...], text: str) -> Iterator[tuple[Span, str, tuple[str, ...]]]:
    """The cells of a long row one by one, each under its row's first cell and its column's heading."""
    first = row.cells[0].text
    name = first if len(first.split()) <= _NAME_WORDS else ""
    for i, cell in enumerate(row.cells):
        if cell.span.start < row.span.start:  # it stands in a row above and reaches down over this one
            continue
        column = columns[i] if i < len(columns) else ""
        under = tuple(part for part in (name if i else "", column) if part)
        for span in _windows(list(sentences(cell.span.of(text), cell.span.start)), text):
            yield span, "prose", under

"""Make a paged PDF of a reading edition: ``python -m corpus.make_pdf [MARKDOWN] [PDF]``.

Without arguments it makes the sample PDF from the edition of the Shared Delivery Plan of June 2024, its twin.
The same Markdown gives the same bytes: no clock, no file name and no packing enter into them. Needs the extra
``dev``.
"""

from __future__ import annotations

import re
import sys
from calendar import month_name
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from markdown_it import MarkdownIt
from markdown_it.token import Token
from reportlab.lib.colors import HexColor, black
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    ListFlowable,
    ListItem,
    LongTable,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
    TableStyle,
)
from reportlab.platypus.tableofcontents import TableOfContents

from corpus.check_facts import DOCUMENTS, Edition, read_edition
from corpus.errors import LedbyError, UsageError

Header = tuple[str, ...]

SOURCE = DOCUMENTS / "shared-delivery-plan-2024-06.md"
TARGET = SOURCE.with_suffix(".pdf")

_INK, _HEAD, _RULE, _GREY = HexColor("#1a3c5a"), HexColor("#dde7ef"), HexColor("#7f93a5"), HexColor("#5a6670")
_MARGIN = 20 * mm
_WIDTH = A4[0] - 2 * _MARGIN
_BODY = ParagraphStyle("body", fontName="Helvetica", fontSize=9.5, leading=12.5, spaceAfter=5)
_CELL = ParagraphStyle("cell", parent=_BODY, fontSize=9, leading=11.2, spaceAfter=0)
_TOP = ParagraphStyle("top", parent=_CELL, fontName="Helvetica-Bold")
_H1 = ParagraphStyle("h1", fontName="Helvetica-Bold", fontSize=18, leading=22, textColor=_INK)
_H1.spaceBefore, _H1.spaceAfter = 14, 8
_H2 = ParagraphStyle("h2", _H1, fontSize=13.5, leading=17, spaceBefore=12, spaceAfter=5)
_H3 = ParagraphStyle("h3", _H2, fontSize=11, leading=14, spaceBefore=10, spaceAfter=4, textColor=black)
_HEADINGS = (_H1, _H2, _H3)
_CONTENTS = ParagraphStyle("contents", parent=_BODY, leading=15, rightIndent=30, spaceAfter=0)
_ROOM: dict[str, float] = {  # points that must be left on the page for a heading, by what follows it
    "new part": 80 * mm,
    "heading_open": 50 * mm,
    "table_open": 38 * mm,
    "paragraph_open": 26 * mm,
}
_MARKS = {
    "strong_open": "<b>",
    "strong_close": "</b>",
    "em_open": "<i>",
    "em_close": "</i>",
    "softbreak": " ",
    "link_open": "",
    "link_close": "",
    "html_inline": "",
}
_RULED = TableStyle(
    [
        ("GRID", (0, 0), (-1, -1), 0.6, _RULE),
        ("BACKGROUND", (0, 0), (-1, 0), _HEAD),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("TOPPADDING", (0, 0), (-1, -1), 3),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 4),
    ]
)


@dataclass(frozen=True, slots=True)
class _Look:
    """What stands on every page and in the file's own description."""

    title: str
    short_title: str
    publisher: str
    date: str
    status: str


class _Template(BaseDocTemplate):  # type: ignore[misc]  # the library has no types
    """Front matter numbered i, ii, ... then the body from "Page 1"; headings go into outline and contents."""

    def __init__(self, target: Path, look: _Look) -> None:
        super().__init__(
            str(target),
            pagesize=A4,
            invariant=1,
            pageCompression=0,
            lang="en-GB",
            title=look.title,
            author=look.publisher,
            subject=f"{look.short_title}: a reading edition",
            creator="Ledby corpus.make_pdf",
            keywords=[f"date: {look.date}", f"status: {look.status}", "reading edition"],
        )
        self._look = look
        self._before_body = 0
        frame = Frame(_MARGIN, 18 * mm, _WIDTH, A4[1] - 40 * mm, 0, 0, 0, 0, id="text")
        front = PageTemplate("front", [frame], onPage=self._front)
        self.addPageTemplates([front, PageTemplate("body", [frame], onPage=self._page)])

    def beforeDocument(self) -> None:
        self._before_body = 0
        self._seen = 0
        stamp = (self._look.date.replace("-", "") + "0101")[:8]
        self.canv.setDateFormatter(lambda *_: f"D:{stamp}000000Z")
        self.canv.addPageLabel(0, "ROMAN_LOWER", 1)
        self.canv.showOutline()

    def _front(self, canvas: Any, _: object) -> None:
        self._foot(canvas, _roman(canvas.getPageNumber()))

    def _page(self, canvas: Any, _: object) -> None:
        number = canvas.getPageNumber()
        if not self._before_body:
            self._before_body = number - 1
            canvas.addPageLabel(number - 1, "ARABIC", 1, "Page ")
        self._foot(canvas, f"Page {number - self._before_body}")
        canvas.setFont("Helvetica", 8)
        canvas.setFillColor(_GREY)
        canvas.drawString(_MARGIN, A4[1] - 13 * mm, f"{self._look.short_title} - reading edition")

    def _foot(self, canvas: Any, label: str) -> None:
        canvas.setFont("Helvetica", 8)
        canvas.setFillColor(_GREY)
        canvas.drawRightString(A4[0] - _MARGIN, 10 * mm, label)

    def afterFlowable(self, flowable: Flowable) -> None:
        style = getattr(flowable, "style", None)
        if style not in _HEADINGS or not self._before_body:
            return
        level = _HEADINGS.index(style)
        self._seen += 1
        key, text = f"heading-{self._seen}", flowable.getPlainText()
        self.canv.bookmarkPage(key)
        self.canv.addOutlineEntry(text, key, level, closed=True)
        if level == 0:
            self.notify("TOCEntry", (0, escape(text), self.page - self._before_body, key))


def make_pdf(source: Path = SOURCE, target: Path = TARGET) -> None:
    """Write the PDF of the reading edition at ``source`` to ``target``.

    Raises DocumentError when the edition has no front matter, UsageError for Markdown that has no place.
    """
    edition = read_edition(source)
    look = _Look(*(edition.head.get(key, "") for key in _Look.__slots__))
    _Template(target, look).multiBuild([*_cover(look, edition), *_story(edition)])


def _cover(look: _Look, edition: Edition) -> Iterator[Flowable]:
    """Title page and contents."""
    yield Spacer(0, 55 * mm)
    yield Paragraph(escape(look.title), _HEADINGS[0])
    yield Spacer(0, 6 * mm)
    for line in (f"Version of {_in_words(look.date)} ({look.status})", look.publisher):
        yield Paragraph(escape(line), _BODY)
    yield Spacer(0, 10 * mm)
    yield Paragraph(escape(edition.lines[edition.opening]), _BODY)
    yield PageBreak()
    yield Paragraph("Contents", _HEADINGS[0])
    yield TableOfContents(levelStyles=[_CONTENTS], dotsMinLevel=-1, rightColumnWidth=30)
    yield NextPageTemplate("body")
    yield PageBreak()


def _story(edition: Edition) -> Iterator[Flowable]:
    """The body: everything below the opening sentence."""
    tokens = MarkdownIt("commonmark").enable("table").parse(_body(edition))
    shares = _shares(tokens)
    at = 0
    first = True
    while at < len(tokens):
        end = _close(tokens, at)
        inside = tokens[at : end + 1]
        if tokens[at].type == "heading_open":
            level = min(int(tokens[at].tag[1]), len(_HEADINGS)) - 1
            if not first:
                yield CondPageBreak(_room(tokens, end + 1, level))
            first = False
            yield Paragraph(_inline(inside[1]), _HEADINGS[level])
        else:
            yield from _flowables(inside, shares)
        at = end + 1


def _body(edition: Edition) -> str:
    """The lines below the opening sentence, each still on its own line number."""
    above = edition.opening + 1
    return "\n" * above + "\n".join(edition.lines[above:])


def _close(tokens: Sequence[Token], at: int) -> int:
    """The index of the token that closes the one at ``at``; itself when it needs none."""
    depth = int(tokens[at].nesting)
    while depth > 0:
        at += 1
        depth += tokens[at].nesting
    return at


def _room(tokens: Sequence[Token], after: int, level: int) -> float:
    """The height that a heading needs: with the headings that follow at once, and a table's first rows."""
    if level == 0:
        return _ROOM["new part"]
    below = (t.type for t in tokens[after:] if t.type in _ROOM)
    return _ROOM[next(below, "paragraph_open")]


def _flowables(tokens: Sequence[Token], shares: Mapping[Header, tuple[float, ...]]) -> Iterator[Flowable]:
    match tokens[0].type:
        case "paragraph_open":
            yield Paragraph(_inline(tokens[1]), _BODY)
        case "table_open":
            yield _table(tokens, shares)
            yield Spacer(0, 6)
        case "bullet_list_open" | "ordered_list_open":
            yield _list(tokens)
        case "html_block":
            return  # comments name the place in the original
        case other:
            raise UsageError(
                f"line {_line(tokens[0])}: {other} has no place in the PDF; make it a table, list or text"
            )


def _line(token: Token) -> int:
    return token.map[0] + 1 if token.map else 0


def _list(tokens: Sequence[Token]) -> ListFlowable:
    ordered = tokens[0].type == "ordered_list_open"
    items = [ListItem(Paragraph(_inline(t), _BODY), spaceAfter=0) for t in tokens if t.type == "inline"]
    style = {"bulletType": "1", "bulletFormat": "%s."} if ordered else {"bulletType": "bullet", "start": "•"}
    return ListFlowable(
        items, leftIndent=16, bulletFontSize=9.5, bulletFontName="Helvetica", spaceAfter=5, **style
    )


def _table(tokens: Sequence[Token], shares: Mapping[Header, tuple[float, ...]]) -> LongTable:
    """A ruled table whose header row is repeated on every page that it reaches."""
    rows = _rows(tokens)
    cells = [[Paragraph(_inline(t), _CELL if n else _TOP) for t in row] for n, row in enumerate(rows)]
    widths = [share * _WIDTH for share in shares[_header(rows)]]
    return LongTable(cells, colWidths=widths, repeatRows=1, style=_RULED, hAlign="LEFT")


def _rows(tokens: Sequence[Token]) -> list[list[Token]]:
    starts = [i for i, t in enumerate(tokens) if t.type == "tr_open"] + [len(tokens)]
    return [[t for t in tokens[a:b] if t.type == "inline"] for a, b in pairwise(starts)]


def _header(rows: Sequence[Sequence[Token]]) -> Header:
    return tuple(cell.content for cell in rows[0])


def _shares(tokens: Sequence[Token]) -> dict[Header, tuple[float, ...]]:
    """Each column's share of the width, by the tables' header: tables with the same header look the same."""
    longest: dict[Header, list[int]] = {}
    for at, token in enumerate(tokens):
        if token.type == "table_open":
            rows = _rows(tokens[at : _close(tokens, at)])
            widest = [max(len(cell.content) for cell in column) for column in zip(*rows, strict=True)]
            known = longest.setdefault(_header(rows), widest)
            longest[_header(rows)] = [max(pair) for pair in zip(known, widest, strict=True)]
    return {header: _shares_of(widest) for header, widest in longest.items()}


def _shares_of(longest: Sequence[int]) -> tuple[float, ...]:
    """By the square root of each column's longest cell: long cells run over several lines."""
    return tuple(sqrt(n) / sum(map(sqrt, longest)) for n in longest)


def _inline(token: Token) -> str:
    """Markdown's inline marks as those of a Paragraph."""
    parts = []
    for child in token.children or ():
        if child.type in _MARKS:
            parts.append(_MARKS[child.type])
        elif child.type in ("text", "code_inline"):
            parts.append(escape(child.content))
        else:
            raise UsageError(f"line {_line(token)}: {child.type} has no place in the PDF; write plain text")
    return re.sub(r"\s+", " ", "".join(parts))


def _in_words(date: str) -> str:
    """A date as people write it: "2024-06-12" -> "12 June 2024"."""
    year, month, day = (*date.split("-"), "", "")[:3]
    return " ".join(part for part in (day.lstrip("0"), month_name[int(month or 0)], year) if part)


def _roman(number: int) -> str:
    pairs = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
    out = ""
    for value, sign in pairs:
        out += sign * (number // value)
        number %= value
    return out


def main(arguments: Sequence[str]) -> int:
    """Make the PDF; 0 when it was made, 2 when it could not be."""
    source = Path(arguments[0]) if arguments else SOURCE
    target = Path(arguments[1]) if len(arguments) > 1 else source.with_suffix(".pdf")
    try:
        make_pdf(source, target)
    except LedbyError as error:
        print(error, file=sys.stderr)
        return 2
    print(f"{target}: made from {source.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""HTML -> Source. Scripts, styles, hidden elements and navigation are never text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bs4 import BeautifulSoup
from bs4.element import CData, NavigableString, PageElement, Tag

from corpus.errors import DocumentError
from ingest.builder import ABOVE, TextBuilder
from ingest.readers.meta import kept_meta
from ingest.readers.text import MAX_CHARACTERS, too_long
from ingest.source import Source

_DROPPED = frozenset(
    (
        "script",
        "style",
        "template",
        "noscript",
        "svg",
        "iframe",
        "object",
        "nav",
        "button",
        "select",
        "canvas",
    )
)
_BLOCKS = frozenset(
    (
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
    )
    + (
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "header",
        "hr",
        "html",
        "legend",
        "main",
        "ol",
        "p",
    )
    + ("pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul")
)
_HEADINGS = frozenset(f"h{n}" for n in range(1, 7))
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_ISO = re.compile(r"\d{4}-\d\d(?:-\d\d)?")
_NAMES = {
    "author": "author",
    "dc.creator": "author",
    "dc.publisher": "publisher",
    "dcterms.publisher": "publisher",
    "date": "date",
    "dc.date": "date",
    "dcterms.date": "date",
    "dcterms.issued": "date",
    "article:published_time": "date",
}
_MAX_COLUMNS = 200
_MAIN_SHARE = 0.5


def read_html(data: bytes, name: str) -> Source:
    """Read a page of HTML from its bytes. Raises DocumentError when it holds no text."""
    soup = BeautifulSoup(_decoded(data), "lxml")
    meta = _meta(soup)
    for tag in soup.find_all(_is_dropped):
        if not tag.decomposed:
            tag.decompose()
    writer = _Writer()
    writer.write(_main(soup))
    text = writer.builder.text
    if not text.strip():
        raise DocumentError(f"{name}: holds no text.")
    if len(text) > MAX_CHARACTERS:
        raise too_long(name, text)
    return Source(file=name, text=text, blocks=writer.builder.blocks, meta=kept_meta(meta, text))


def _decoded(data: bytes) -> str | bytes:
    """Valid UTF-8 is believed whatever the page declares; other bytes are left to what it declares."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data


def _is_dropped(tag: Tag) -> bool:
    if tag.name in _DROPPED or tag.has_attr("hidden") or tag.get("aria-hidden") == "true":
        return True
    return bool(_HIDDEN.search(str(tag.get("style", ""))))


def _meta(soup: BeautifulSoup) -> dict[str, str]:
    meta = {"title": soup.title.get_text() if soup.title else ""}
    for tag in soup.find_all("meta"):
        key = _NAMES.get(str(tag.get("name") or tag.get("property") or "").lower())
        value = str(tag.get("content") or "")
        if key == "date":
            found = _ISO.match(value)
            value = found.group() if found else ""
        if key and value:
            meta.setdefault(key, value)
    return meta


def _main(soup: BeautifulSoup) -> Tag:
    """The element that holds the document: its main part, where that holds most of the text."""
    whole: Tag = soup.body or soup
    main = soup.find("main") or soup.find("article")
    if isinstance(main, Tag) and len(main.get_text()) > _MAIN_SHARE * len(whole.get_text()):
        return main
    return whole


class _Writer:
    """Writes elements in document order without recursion, since pages may be nested without end."""

    def __init__(self) -> None:
        self.builder = TextBuilder()
        self._inline: list[str] = []
        self._in_item = False

    def write(self, root: Tag) -> None:
        stack: list[PageElement | str] = [root]
        while stack:
            node = stack.pop()
            if isinstance(node, str) and not isinstance(node, NavigableString):
                self._flush()  # the end of a block
            elif isinstance(node, Tag):
                stack += self._open(node)
            elif type(node) in (NavigableString, CData):
                self._inline.append(re.sub(r"\s+", " ", str(node)))
        self._flush()

    def _open(self, tag: Tag) -> list[PageElement | str]:
        """Begin an element; what is to be visited next, last first."""
        if tag.name == "br":
            self._inline.append("\n")
        elif tag.name in _HEADINGS:
            self._flush()
            self.builder.heading(" ".join(tag.get_text(" ").split()), int(tag.name[1]))
        elif tag.name == "table" and self._is_table(tag):
            self._flush()
            self._table(tag)
        elif tag.name == "li" or tag.name in _BLOCKS:
            self._flush()
            inside = tag.parent is not None and tag.parent.name == "li"
            self._in_item = tag.name == "li" or (self._in_item and inside)
            return ["end", *reversed(list(tag.children))]
        else:
            return list(reversed(list(tag.children)))
        return []

    def _flush(self) -> None:
        text = re.sub(r" *\n *", "\n", re.sub(r" +", " ", "".join(self._inline))).strip()
        self._inline = []
        if text:
            (self.builder.item if self._in_item else self.builder.paragraph)(text)
            self._in_item = False

    def _is_table(self, table: Tag) -> bool:
        """Whether a table holds data; one of a single column, or around other tables, is for looks."""
        return table.find("table") is None and any(len(cells) > 1 for cells in _rows(table))

    def _table(self, table: Tag) -> None:
        caption = table.find("caption")
        if caption is not None:
            self.builder.paragraph(" ".join(caption.get_text(" ").split()))
        rows: list[list[str]] = []
        below: dict[int, int] = {}  # column -> rows that a cell from above still covers
        for cells in _rows(table):
            row: list[str] = []
            for cell in cells:
                while below.get(len(row), 0) > 0 and len(row) < _MAX_COLUMNS:
                    below[len(row)] -= 1
                    row.append(ABOVE)
                wide, high = _span(cell, "colspan"), _span(cell, "rowspan")
                for column in range(len(row), len(row) + wide):
                    below[column] = high - 1
                row += [" ".join(cell.get_text(" ").split()), *[""] * (wide - 1)]
            while below.get(len(row), 0) > 0 and len(row) < _MAX_COLUMNS:
                below[len(row)] -= 1
                row.append(ABOVE)
            rows.append(row[:_MAX_COLUMNS])
        self.builder.table(rows)


def _rows(table: Tag) -> Iterator[list[Tag]]:
    for row in table.find_all("tr"):
        yield [cell for cell in row.find_all(["td", "th"], recursive=False) if isinstance(cell, Tag)]


def _span(cell: Tag, name: str) -> int:
    value = str(cell.get(name) or "1")
    return min(max(int(value), 1), _MAX_COLUMNS) if value.isdigit() and len(value) < 6 else 1

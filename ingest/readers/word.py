"""Word (docx) -> Source: paragraphs, headings, lists and tables in document order, then notes.

Inserted text is read and deleted text is not, as a reader sees a tracked document once its changes are
accepted.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
from docx.oxml.ns import qn
from lxml import etree

from corpus.errors import DocumentError
from ingest.builder import ABOVE, TextBuilder
from ingest.readers.meta import kept_meta
from ingest.readers.text import MAX_CHARACTERS, too_long
from ingest.readers.word_numbers import Numbering
from ingest.source import Source

MAX_UNPACKED = 400_000_000
_MAX_RATIO = 200
_MAX_COLUMNS = 200
_MAX_HEADING_WORDS = 20
_P, _TBL, _SDT, _TC, _TR = qn("w:p"), qn("w:tbl"), qn("w:sdt"), qn("w:tc"), qn("w:tr")
_SKIPPED = frozenset((qn("w:del"), qn("w:moveFrom"), qn("w:instrText"), qn("w:pPr"), qn("w:rPr")))
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_BOX = qn("w:txbxContent")
_TEXT: dict[str, str] = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
_OUTLINE_BODY = 9


def read_word(path: Path) -> Source:
    """Read a Word file. Raises DocumentError when it is damaged, empty, or unpacks to far more than its
    size."""
    _check_size(path)
    document = docx.Document(str(path))
    writer = _Writer(document)
    writer.body(document.element.body)
    writer.notes(document.part)
    text = writer.builder.text
    if not text.strip():
        raise DocumentError(f"{path.name}: holds no text.")
    if len(text) > MAX_CHARACTERS:
        raise too_long(path.name, text)
    return Source(
        file=path.name,
        text=text,
        blocks=writer.builder.blocks,
        meta=kept_meta(_meta(document.core_properties), text),
    )


def _check_size(path: Path) -> None:
    """Refuse archives that unpack without end; their directory's sizes bind whoever reads them."""
    with zipfile.ZipFile(path) as archive:
        parts = [info for info in archive.infolist() if info.filename.endswith((".xml", ".rels"))]
    unpacked = sum(info.file_size for info in parts)
    packed = max(1, sum(info.compress_size for info in parts))
    if unpacked > MAX_UNPACKED or (unpacked > 50_000_000 and unpacked > _MAX_RATIO * packed):
        size = unpacked // 1_000_000
        raise DocumentError(f"{path.name}: unpacks to {size:,} MB of text, which no document needs.")


def _meta(properties: Any) -> dict[str, str]:
    meta = {"title": properties.title or "", "author": properties.author or ""}
    for name in ("created", "modified"):
        try:
            value = getattr(properties, name)
        except ValueError:  # a date that is none
            continue
        meta[name] = value.date().isoformat() if value else ""
    return meta


class _Writer:
    def __init__(self, document: Any) -> None:
        self.builder = TextBuilder()
        self._numbering = Numbering(document)
        self._styles = {style.style_id: style for style in document.styles if style.style_id}

    def body(self, container: Any) -> None:
        """Write what a body, cell or box holds."""
        for child in _content(container):
            if child.tag == _P:
                self._paragraph(child)
            else:
                self._table(child)

    def notes(self, part: Any) -> None:
        """Write footnotes and endnotes, which Word keeps in parts of their own."""
        for relation in part.rels.values():
            if not relation.is_external and relation.reltype.endswith(("/footnotes", "/endnotes")):
                root = etree.fromstring(relation.target_part.blob, etree.XMLParser(resolve_entities=False))
                for paragraph in root.iter(_P):
                    self.builder.paragraph(_text(paragraph))

    def _paragraph(self, element: Any) -> None:
        text = _text(element).strip()
        if text:
            number = self._numbering.label(element)
            shown = f"{number} {text}" if number else text
            level = self._level(element)
            if level:
                self.builder.heading(" ".join(shown.split()), level)
            elif number is not None or self._style_name(element).startswith("List"):
                self.builder.item(shown)
            elif _is_bold_title(element, text):
                self.builder.heading(" ".join(shown.split()), 6)
            else:
                self.builder.paragraph(shown)
        for box in _boxes(element):
            self.body(box)

    def _style_name(self, element: Any) -> str:
        style = self._styles.get(element.style)
        return str(style.name) if style is not None and style.name else ""

    def _level(self, element: Any) -> int:
        """1.. for headings: by the paragraph's own outline level, or its style's or what that is based on."""
        own = element.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}")
        if own is not None:
            return _outline(own)
        style = self._styles.get(element.style)
        for _ in range(10):
            if style is None:
                return 0
            if style.name == "Title":
                return 1
            found = style.element.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}")
            if found is not None:
                return _outline(found)
            name = (style.name or "").lower()
            if name.startswith("heading ") and name[8:].isdigit():
                return min(int(name[8:]), _OUTLINE_BODY)
            style = getattr(style, "base_style", None)
        return 0

    def _table(self, table: Any) -> None:
        rows = [_cells(row) for row in table.iter(_TR) if _owner(row) is table]
        if max((len(row) for row in rows), default=0) < 2:
            for cell in table.iter(_TC):
                if _owner(cell) is table:
                    self.body(cell)
            return
        self.builder.table([[self._cell_text(cell) for cell in row] for row in rows])

    def _cell_text(self, cell: Any | str) -> str:
        """A cell as one line; a table within it row by row."""
        if isinstance(cell, str):
            return cell
        return " ".join(self._shown(paragraph) for paragraph in cell.iter(_P))

    def _shown(self, paragraph: Any) -> str:
        number, text = self._numbering.label(paragraph), _text(paragraph)
        return f"{number} {text}" if number and text.strip() else text


def _outline(element: Any) -> int:
    value = element.get(qn("w:val")) or ""
    return int(value) + 1 if value.isdigit() and int(value) < _OUTLINE_BODY else 0


def _content(container: Any) -> Iterator[Any]:
    """Paragraphs and tables of a container, also those in content controls and tracked insertions."""
    stack = list(reversed(container))
    while stack:
        child = stack.pop()
        if child.tag in (_P, _TBL):
            yield child
        elif child.tag not in _SKIPPED and isinstance(child.tag, str):
            stack += reversed(child)


def _owner(element: Any) -> Any:
    """The table that a row or cell belongs to."""
    while element is not None and element.tag != _TBL:
        element = element.getparent()
    return element


def _cells(row: Any) -> list[Any | str]:
    """A row's cells in their columns; "" where a cell reaches over from the left, ABOVE where from above."""
    cells: list[Any | str] = []
    for cell in row.iter(_TC):
        if _row_of(cell) is not row:
            continue
        properties = cell.find(qn("w:tcPr"))
        merged = properties.find(qn("w:vMerge")) if properties is not None else None
        span = properties.find(qn("w:gridSpan")) if properties is not None else None
        width = (span.get(qn("w:val")) or "1") if span is not None else "1"
        continued = merged is not None and merged.get(qn("w:val")) in (None, "continue")
        cells += [ABOVE if continued else cell]
        cells += [""] * (min(int(width), _MAX_COLUMNS) - 1 if width.isdigit() else 0)
    return cells[:_MAX_COLUMNS]


def _row_of(element: Any) -> Any:
    while element is not None and element.tag != _TR:
        element = element.getparent()
    return element


def _walk(paragraph: Any) -> Iterator[Any]:
    """What a paragraph shows, in order; boxes anchored in it are left to themselves."""
    stack = list(reversed(paragraph))
    while stack:
        element = stack.pop()
        yield element
        if (
            element.tag not in _SKIPPED
            and element.tag not in (_FALLBACK, _BOX)
            and isinstance(element.tag, str)
        ):
            stack += reversed(element)


def _text(paragraph: Any) -> str:
    parts = []
    for element in _walk(paragraph):
        if element.tag == qn("w:t"):
            parts.append(element.text or "")
        elif element.tag in _TEXT:
            parts.append(_TEXT[element.tag] if element.tag != qn("w:tab") else " ")
    return "".join(parts)


def _boxes(paragraph: Any) -> list[Any]:
    return [element for element in _walk(paragraph) if element.tag == _BOX]


def _is_bold_title(element: Any, text: str) -> bool:
    """A short paragraph all in bold without a full stop heads what follows, whatever its style."""
    if len(text.split()) > _MAX_HEADING_WORDS or text.endswith((".", ":", ";", ",")) or text[0].islower():
        return False
    runs = [
        run for run in element.iter(qn("w:r")) if any((t.text or "").strip() for t in run.iter(qn("w:t")))
    ]
    return bool(runs) and all(_is_bold(run) for run in runs)


def _is_bold(run: Any) -> bool:
    bold = run.find(f"{qn('w:rPr')}/{qn('w:b')}")
    return bold is not None and bold.get(qn("w:val")) not in ("0", "false")

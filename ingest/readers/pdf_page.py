"""One page as it was read: elements in reading order, before it is known what repeats from page to page."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from pdfminer.pdftypes import resolve1
from pdfplumber.page import Page as PlumberPage

from ingest.readers.pdf_aligned import aligned_tables
from ingest.readers.pdf_forms import filled_in
from ingest.readers.pdf_order import Element, reading_order
from ingest.readers.pdf_tables import ruled_tables
from ingest.readers.pdf_words import PageContent, page_content

GARBLED_SHARE = 0.3
_SCAN_SHARE = 0.5  # of a page that a picture covers
_EDGE = 0.1  # of a page's height
_STAMP_WORDS = 12
_EMPTY_STREAM = 16  # bytes that nothing takes when packed


@dataclass(slots=True)
class ReadPage:
    """A page's elements: lists of lines, tables, or plain text where the layout is not known. ``askew`` is text
    that runs slantwise over the page. ``scanned``
    says that there is something to see but no text, unless for a stamp at its edge; ``failed`` that nothing could be made of the page;
    ``garbled`` that its fonts do not say which letters they show; ``not_looked_at``, ``no_layout`` and
    ``left_out`` what there was no time for."""

    number: int
    elements: list[Element | str] = field(default_factory=list)
    askew: list[str] = field(default_factory=list)
    height: float = 0.0
    scanned: bool = False
    failed: bool = False
    garbled: bool = False
    by_ocr: bool = False
    not_looked_at: bool = False
    no_layout: bool = False
    left_out: bool = False

    def hold(self, text: str, *, by_ocr: bool = False) -> None:
        """Take plain text that was found after all."""
        stamped = self.elements if by_ocr and self.scanned else []
        self.elements = [*stamped, _without(text, stamped)]
        self.scanned = self.failed = self.garbled = False
        self.by_ocr = by_ocr

    @property
    def is_empty(self) -> bool:
        """Whether no text was found."""
        return not self.elements and not self.askew


def lay_out(page: PlumberPage) -> ReadPage:
    """Read one page with its layout. Raises what pdfplumber and pdfminer raise on a damaged page."""
    content = page_content(page)
    if content.turn:
        page = _turned(page, content.turn)
        content = page_content(page)
    content = content._replace(words=[*content.words, *filled_in(page, content.words)])
    read = ReadPage(page.page_number, height=content.height)
    read.garbled = content.unmapped > GARBLED_SHARE
    if not content.words and not content.rotated and not content.askew:
        read.scanned = content.marks > 0
        read.failed = not read.scanned and _should_hold_text(page)
        return read
    read.elements = [*_elements(page, content), *content.rotated]
    read.askew = content.askew
    read.scanned = content.pictured > _SCAN_SHARE and _is_stamp(content)
    return read


def _turned(page: PlumberPage, degrees: int) -> PlumberPage:
    """The page turned clockwise, so that a table that was printed sideways is read as a table."""
    page.page_obj.rotate = (page.page_obj.rotate + degrees) % 360
    page.page_obj.attrs["Rotate"] = page.page_obj.rotate
    return PlumberPage(page.pdf, page.page_obj, page.page_number, page.initial_doctop)


def _is_stamp(content: PageContent) -> bool:
    """Whether the only words on a page are a few at its edge, such as the number that a pack prints on every
    page of its papers."""
    edge = _EDGE * content.height
    at_edge = all(word.bottom < edge or word.top > content.height - edge for word in content.words)
    return at_edge and len(content.words) <= _STAMP_WORDS and not content.rotated


def _without(text: str, stamped: list[Element | str]) -> str:
    """Text without the lines that a page holds already."""
    held = {line.text for element in stamped if isinstance(element, list) for line in element}
    return "\n".join(line for line in text.split("\n") if line.strip() not in held)


def _should_hold_text(page: PlumberPage) -> bool:
    """Whether a page that came out empty has instructions to show text, or instructions that cannot be
    unpacked."""
    for part in page.page_obj.contents:
        stream = resolve1(part)
        data, length = stream.get_data(), resolve1(stream.attrs.get("Length"))
        if re.search(rb"\b(?:Tj|TJ)\b", data) or (
            not data and isinstance(length, int) and length > _EMPTY_STREAM
        ):
            return True
    return False


def _elements(page: PlumberPage, content: PageContent) -> list[Element]:
    ruled = ruled_tables(page, content)
    used = {word.order for table in ruled for word in table.words}
    rest = [word for word in content.words if word.order not in used]
    aligned = aligned_tables(rest, content.rules)
    used = {word.order for table in aligned for word in table.words}
    return reading_order([w for w in rest if w.order not in used], [*ruled, *aligned], content.width)

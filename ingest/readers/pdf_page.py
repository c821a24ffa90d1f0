"""One page as it was read: elements in reading order, before it is known what repeats from page to page."""

from __future__ import annotations

from dataclasses import dataclass, field

from ingest.readers.pdf_order import Element, reading_order
from ingest.readers.pdf_tables import aligned_tables, ruled_tables
from ingest.readers.pdf_words import PageContent, PlumberPage, page_content

GARBLED_SHARE = 0.3


@dataclass(slots=True)
class ReadPage:
    """A page's elements: lists of lines, tables, or plain text where the layout is not known. ``scanned`` says that
    there is something to see but no text; ``failed`` that nothing could be made of the page; ``garbled`` that its
    fonts do not say which letters they show."""

    number: int
    elements: list[Element | str] = field(default_factory=list)
    height: float = 0.0
    scanned: bool = False
    failed: bool = False
    garbled: bool = False
    by_ocr: bool = False
    no_layout: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether no text was found."""
        return not self.elements


def lay_out(page: PlumberPage) -> ReadPage:
    """Read one page with its layout. Raises what pdfplumber and pdfminer raise on a damaged page."""
    content = page_content(page)
    read = ReadPage(page.page_number, height=content.height)
    read.garbled = content.unmapped > GARBLED_SHARE
    if not content.words and not content.rotated:
        read.scanned = content.marks > 0
        return read
    read.elements = [*_elements(page, content), *content.rotated]
    return read


def _elements(page: PlumberPage, content: PageContent) -> list[Element]:
    ruled = ruled_tables(page, content)
    used = {word.order for table in ruled for word in table.words}
    rest = [word for word in content.words if word.order not in used]
    aligned = aligned_tables(rest, content.rules)
    used = {word.order for table in aligned for word in table.words}
    return reading_order([w for w in rest if w.order not in used], [*ruled, *aligned], content.width)

"""PDF -> Source: pypdf for what the file says of itself, pdfplumber for its layout.

Where a page's layout cannot be read, its plain text is taken from pypdf or PDFium; where it has no text, it
is read with Tesseract when that is there, or else kept as an empty page and named in a warning.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pdfplumber
import pypdf

from corpus.errors import DocumentError
from ingest.builder import TextBuilder
from ingest.readers.meta import kept_meta
from ingest.readers.pdf_blocks import Styles, joined_over_breaks, write_page
from ingest.readers.pdf_margins import read_margins
from ingest.readers.pdf_ocr import can_read_images, read_image
from ingest.readers.pdf_page import GARBLED_SHARE, ReadPage, lay_out
from ingest.readers.pdf_plain import PlainText
from ingest.source import Source

MAX_PAGES = 20_000
_LAYOUT_SHARE, _READ_SHARE = 0.4, 0.75
_SMALL_WORDS = frozenset(
    [
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "by",
        "for",
        "from",
        "in",
        "is",
        "it",
        "of",
        "on",
        "or",
        "that",
        "the",
        "this",
        "to",
        "was",
        "will",
        "with",
    ]
)
_SMALL_SHARE = 0.05
_DRAFT = re.compile(r"\bdraft\b", re.I)
_DATE = re.compile(r"D:(\d{4})(\d\d)?(\d\d)?")


@dataclass(slots=True)
class _Facts:
    """What pypdf knows without reading pages."""

    meta: dict[str, str] = field(default_factory=dict)
    labels: list[str] = field(default_factory=list)
    count: int = 0
    trouble: str = ""


def read_pdf(path: Path, *, password: str | None = None, timeout_s: float = 120.0) -> Source:
    """Read a PDF so as to be done within ``timeout_s`` seconds: when a good part of them is spent, the
    remaining pages are read as plain text, without their layout.

    Raises DocumentError when it is encrypted and the password does not open it, or when no page can be found.
    Other exceptions mean that it is damaged beyond reading.
    """
    clock = _Clock(time.monotonic(), timeout_s)
    facts = _facts(path, password)
    with PlainText(path, password) as plain:
        pages = _pages(path, password, facts, plain, clock)
        if all(page.failed and page.is_empty for page in pages):
            trouble = facts.trouble or ("none of its pages makes sense" if pages else "it has no pages")
            raise DocumentError(f"{path.name}: is damaged and cannot be read ({trouble}).")
        _look_again(path, password, pages, clock)
    return _source(path.name, pages, facts)


@dataclass(frozen=True, slots=True)
class _Clock:
    """How much of the time is spent: layout gets two fifths of it, all reading of pages three quarters."""

    started: float
    seconds: float

    def spent(self, share: float) -> bool:
        return time.monotonic() - self.started > share * self.seconds


def _facts(path: Path, password: str | None) -> _Facts:
    facts = _Facts()
    try:
        reader = pypdf.PdfReader(path, strict=False)
        if reader.is_encrypted and not reader.decrypt(password or ""):
            raise locked(path.name, password)
        facts.count = len(reader.pages)
        facts.meta = _meta(reader.metadata or {})
        if "/PageLabels" in reader.root_object and facts.count <= MAX_PAGES:
            facts.labels = reader.page_labels
    except (DocumentError, MemoryError):
        raise
    except Exception as error:  # pypdf raises errors of every kind on damaged files
        facts.trouble = " ".join(str(error).split())[:120] or type(error).__name__
    return facts


def locked(name: str, password: str | None) -> DocumentError:
    """The error for an encrypted file that the password, or the lack of one, does not open."""
    if password is None:
        return DocumentError(f"{name}: is encrypted and needs a password.")
    return DocumentError(f"{name}: is encrypted and the password given does not open it.")


def _meta(info: Any) -> dict[str, str]:
    meta: dict[str, str] = {}
    for key, name in (("/Title", "title"), ("/Author", "author")):
        meta[name] = str(info.get(key) or "").replace("\x00", "")
    for key, name in (("/CreationDate", "created"), ("/ModDate", "modified")):
        found = _DATE.match(str(info.get(key) or ""))
        if found:
            meta[name] = "-".join(part for part in found.groups() if part)
    return meta


def _pages(
    path: Path, password: str | None, facts: _Facts, plain: PlainText, clock: _Clock
) -> list[ReadPage]:
    pages: list[ReadPage] = []
    try:
        # Its close() would parse all pages again, so only the file is closed.
        pdf = pdfplumber.open(path, password=password or "")
        with pdf.stream:
            for page in pdf.pages[:MAX_PAGES]:
                if clock.spent(_LAYOUT_SHARE):
                    break
                pages.append(_page(page, plain))
                page.close()
    except Exception as error:
        _raise_memory(error)
        facts.trouble = facts.trouble or type(error).__name__
    count = min(max(facts.count, len(pages), plain.count), MAX_PAGES)
    late = clock.spent(_LAYOUT_SHARE)
    rest = range(len(pages) + 1, count + 1)
    return pages + [_plain_page(number, plain, clock, late=late) for number in rest]


def _page(page: Any, plain: PlainText) -> ReadPage:
    """One page with its layout; as plain text where that fails, or where letters run from right to left."""
    try:
        read = lay_out(page)
    except Exception as error:
        _raise_memory(error)
        read = ReadPage(page.page_number, failed=True, scanned=True)
    text = ""
    if read.is_empty or read.garbled or _is_right_to_left(read):
        text = plain.page(page.page_number)
    if text.strip():
        garbled = read.garbled and not _makes_sense(text)
        read.hold(text)
        read.garbled = garbled
    return read


def _makes_sense(text: str) -> bool:
    """Whether a text in fonts that say nothing of their letters is words all the same: it has few letters that
    nobody knows, and the small words that every English text has."""
    words = text.lower().split()
    known = sum(word in _SMALL_WORDS for word in words)
    return text.count("\ufffd") <= GARBLED_SHARE * len(text) and known >= max(1, _SMALL_SHARE * len(words))


def _raise_memory(error: BaseException) -> None:
    """pdfplumber wraps whatever is raised while it reads, running out of memory too."""
    inner = error.args[0] if error.args else None
    if isinstance(error, MemoryError) or isinstance(inner, MemoryError):
        raise MemoryError from None


def _is_right_to_left(read: ReadPage) -> bool:
    text = "".join(line.text for element in read.elements if isinstance(element, list) for line in element)
    return sum("\u0590" <= c <= "\u08ff" for c in text) > 0.2 * len(text)


def _plain_page(number: int, plain: PlainText, clock: _Clock, *, late: bool) -> ReadPage:
    if clock.spent(_READ_SHARE):
        return ReadPage(number, left_out=True)
    text = plain.page(number, quick=late)
    if text.strip():
        return ReadPage(number, [text], no_layout=late)
    return ReadPage(number, scanned=True, failed=not late)


def _look_again(path: Path, password: str | None, pages: Sequence[ReadPage], clock: _Clock) -> None:
    """Read pages that are pictures, while there is time."""
    if not can_read_images():
        return
    for page in pages:
        if not (page.scanned or page.garbled):
            continue
        page.not_looked_at = clock.spent(_READ_SHARE)
        text = "" if page.not_looked_at else read_image(path, page.number, password)
        if text.strip():
            page.hold(text, by_ocr=True)


def _source(name: str, pages: Sequence[ReadPage], facts: _Facts) -> Source:
    builder = TextBuilder()
    labels, dropped = read_margins(pages)
    styles = Styles(pages)
    slanted = {words: page.number for page in pages for words in page.askew}  # a watermark is read once
    for page in pages:
        label = labels.get(page.number)
        if label is None and page.number <= len(facts.labels):
            label = facts.labels[page.number - 1] or None
        builder.page(page.number, label)
        write_page(builder, page, styles, dropped)
        for words in page.askew:
            if slanted[words] == page.number:
                builder.paragraph(words)
    text = builder.text
    if pages and any(_DRAFT.search(words) for words in pages[0].askew):
        facts.meta["status"] = "draft"
    return Source(
        file=name,
        text=text,
        blocks=joined_over_breaks(builder.blocks, text),
        pages=builder.pages,
        meta=kept_meta(facts.meta, text),
        warnings=tuple(_warnings(name, pages)),
    )


_WARNINGS: tuple[tuple[Callable[[ReadPage], bool], str], ...] = (
    (lambda p: p.is_empty and p.failed, "{pages} could not be read, being damaged"),
    (
        lambda p: p.scanned and not p.failed and not p.not_looked_at,
        "{pages} without text, scanned or drawn: {how}",
    ),
    (lambda p: p.scanned and p.not_looked_at, "{pages} scanned or drawn, not read for want of time"),
    (lambda p: p.garbled and not p.is_empty, "{pages} in fonts that do not say which letters they show"),
    (lambda p: p.by_ocr, "{pages} read from pictures with Tesseract; check figures against the original"),
    (lambda p: p.no_layout, "{pages} read without layout and tables, to keep within the time limit"),
    (lambda p: p.left_out, "{pages} left out, to keep within the time limit"),
)
_HOW = (
    "kept empty; to have them read, install Tesseract and Ledby's extra 'ocr'",
    "kept empty; Tesseract found nothing in them",
)


def _warnings(name: str, pages: Sequence[ReadPage]) -> Iterator[str]:
    how = _HOW[can_read_images()]
    for applies, message in _WARNINGS:
        numbers = [page.number for page in pages if applies(page)]
        if numbers:
            told = f"{len(numbers)} of {len(pages)} pages ({ranges(numbers)})"
            yield f"{name}: {message.format(pages=told, how=how)}."
    if all(p.is_empty and not (p.failed or p.scanned or p.left_out) for p in pages):
        yield f"{name}: holds no text; its pages are blank."


def ranges(numbers: Sequence[int]) -> str:
    """Page numbers in short: ``1-3, 7``; after ten stretches it is left at that."""
    parts: list[list[int]] = []
    for number in numbers:
        if parts and number == parts[-1][-1] + 1:
            parts[-1] = [parts[-1][0], number]
        else:
            parts.append([number])
    told = ", ".join("-".join(str(n) for n in part) for part in parts[:10])
    return told + (", ..." if len(parts) > 10 else "")

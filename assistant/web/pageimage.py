"""A page of a PDF as an image, with the quoted words marked where they stand."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

import pypdfium2 as pdfium
from PIL import Image, ImageChops, ImageDraw

from assistant.web.desk import Desk
from corpus.model import Span
from corpus.text import fold

_SCALE = 1.6
_MARK = (255, 224, 102)
_PAD = 2
_MIN_LETTERS = 4
_PDFIUM = threading.Lock()  # pdfium must not be called from two threads at once
Box = tuple[float, float, float, float]


def bundled() -> Path:
    """The folder of the bundled documents."""
    return Path(__file__).resolve().parents[2] / "corpus" / "documents"


def source_file(desk: Desk, document_id: str) -> Path | None:
    """The PDF that a document was read from: where the index says it lay, or by its name in the folders of
    ``LEDBY_FILES`` and among the bundled documents. Only files that the index knows are ever opened."""
    document = desk.document(document_id)
    if document is None or not document.file.lower().endswith(".pdf"):
        return None
    told = desk.assistant.index.manifest.files.get(document.file, {}).get("path")
    folders = [Path(one) for one in desk.options.files.split(":") if one]
    places = [Path(told)] if told else []
    places += [folder / Path(document.file).name for folder in (*folders, bundled())]
    return next((place for place in places if place.is_file()), None)


def page_png(desk: Desk, document_id: str, page_no: int, span: Span | None) -> bytes | None:
    """A page as PNG with the part of ``span`` on it marked; None where there is no such page or file."""
    document = desk.document(document_id)
    path = source_file(desk, document_id)
    page = next((p for p in document.pages if p.page_no == page_no), None) if document else None
    if document is None or path is None or page is None:
        return None
    quote = ""
    if span is not None:
        quote = document.text[max(span.start, page.span.start) : max(0, min(span.end, page.span.end))]
    return _png(path, path.stat().st_mtime_ns, page_no, quote)


@lru_cache(maxsize=48)
def _png(path: Path, _stamp: int, page_no: int, quote: str) -> bytes | None:
    with _PDFIUM:
        try:
            pdf = pdfium.PdfDocument(path)
        except pdfium.PdfiumError:
            return None
        try:
            return _drawn(pdf[page_no - 1], quote) if page_no <= len(pdf) else None
        finally:
            pdf.close()


def _drawn(page: pdfium.PdfPage, quote: str) -> bytes:
    image = page.render(scale=_SCALE).to_pil().convert("RGB")
    boxes = boxes_of(page, quote) if quote else []
    if boxes:
        layer = Image.new("RGB", image.size, "white")
        draw = ImageDraw.Draw(layer)
        height = page.get_height()
        for left, bottom, right, top in boxes:
            corners = (left - _PAD, height - top - _PAD, right + _PAD, height - bottom + _PAD)
            draw.rectangle([value * _SCALE for value in corners], fill=_MARK)
        image = ImageChops.multiply(image, layer)
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def boxes_of(page: pdfium.PdfPage, quote: str) -> list[Box]:
    """Where a quote stands on a page: one box (left, bottom, right, top; points from the lower left) a line.

    Letters are compared without white space, since a PDF's own text breaks lines elsewhere than what was
    read. A quote that does not stand there in one piece (the cells of a row) is looked for piece by piece,
    each after the one before it.
    """
    textpage = page.get_textpage()
    letters, places = _squeezed(textpage.get_text_range(), textpage.count_chars())
    found = [places[n] for n in _positions(letters, quote)]
    return _lines([textpage.get_charbox(n) for n in found])


def _squeezed(text: str, count: int) -> tuple[str, list[int]]:
    letters, places = [], []
    for n, char in enumerate(text[:count]):
        for letter in _letters(char):
            letters.append(letter)
            places.append(n)
    return "".join(letters), places


def _letters(text: str) -> str:
    return "".join(char for char in fold(text) if char.isalnum())


def _positions(letters: str, quote: str) -> list[int]:
    whole = _letters(quote)
    at = letters.find(whole) if whole else -1
    if at >= 0:
        return list(range(at, at + len(whole)))
    found: list[int] = []
    after = 0
    for piece in _pieces(quote):
        at = letters.find(piece, after)
        if at < 0:
            at = letters.find(piece)
        if at >= 0:
            found.extend(range(at, at + len(piece)))
            after = at + len(piece)
    return found


def _pieces(quote: str) -> Iterator[str]:
    for cell in quote.replace("|", "\t").replace("\n", "\t").split("\t"):
        letters = _letters(cell)
        if len(letters) >= _MIN_LETTERS:
            yield letters


def _lines(boxes: Sequence[Box]) -> list[Box]:
    """Boxes of letters joined into one box a line."""
    out: list[Box] = []
    for left, bottom, right, top in boxes:
        if right <= left or top <= bottom:
            continue
        if out and _same_line(out[-1], (left, bottom, right, top)):
            a, b, c, d = out[-1]
            out[-1] = (min(a, left), min(b, bottom), max(c, right), max(d, top))
        else:
            out.append((left, bottom, right, top))
    return out


def _same_line(one: Box, other: Box) -> bool:
    overlap = min(one[3], other[3]) - max(one[1], other[1])
    height = min(one[3] - one[1], other[3] - other[1])
    near = other[0] - one[2] < 3 * (one[3] - one[1]) and other[2] > one[0]
    return overlap > 0.3 * height and near

"""Reading pictures of pages with Tesseract, where the extra ``ocr`` and the program are installed."""

from __future__ import annotations

import importlib.util
import shutil
from contextlib import suppress
from pathlib import Path

import pypdfium2

_SCALE = 200 / 72
_MAX_PIXELS = 5_000
_PAGE_SECONDS = 30


def can_read_images() -> bool:
    """Whether Tesseract and its Python package are there."""
    return shutil.which("tesseract") is not None and importlib.util.find_spec("pytesseract") is not None


def read_image(path: Path, number: int, password: str | None) -> str:
    """The words that Tesseract sees on a page (1-based); empty where it sees none or fails."""
    import pytesseract

    with suppress(pypdfium2.PdfiumError, pytesseract.TesseractError, RuntimeError, OSError, ValueError):
        document = pypdfium2.PdfDocument(path, password=password or "")
        try:
            page = document[number - 1]
            longest = max(page.get_size())
            image = page.render(scale=min(_SCALE, _MAX_PIXELS / max(longest, 1))).to_pil()
            return str(pytesseract.image_to_string(image, timeout=_PAGE_SECONDS))
        finally:
            document.close()
    return ""

"""Reading pictures of pages with Tesseract, where the extra ``ocr`` and the program are installed."""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from statistics import mean
from typing import Any

import pypdfium2

_SCALE = 200 / 72
_MAX_PIXELS = 5_000
_PAGE_SECONDS = 30
_SURE = 50  # percent, by Tesseract's own measure: below, what it sees are no words


def can_read_images() -> bool:
    """Whether Tesseract and its Python package are there."""
    return shutil.which("tesseract") is not None and importlib.util.find_spec("pytesseract") is not None


def read_image(path: Path, number: int, password: str | None) -> str:
    """The words that Tesseract sees on a page (1-based); empty where it sees none, is not sure or fails."""
    import pytesseract

    with suppress(pypdfium2.PdfiumError, pytesseract.TesseractError, RuntimeError, OSError, ValueError):
        document = pypdfium2.PdfDocument(path, password=password or "")
        try:
            page = document[number - 1]
            longest = max(page.get_size())
            image = page.render(scale=min(_SCALE, _MAX_PIXELS / max(longest, 1))).to_pil()
            seen = pytesseract.image_to_data(
                image, timeout=_PAGE_SECONDS, output_type=pytesseract.Output.DICT
            )
            return _text(seen)
        finally:
            document.close()
    return ""


def _text(seen: Mapping[str, Sequence[Any]]) -> str:
    """Tesseract's table of words as text: a line for a line, a blank line between paragraphs."""
    words = [n for n, word in enumerate(seen["text"]) if str(word).strip()]
    if not words or mean(float(seen["conf"][n]) for n in words) < _SURE:
        return ""
    out = ""
    last: tuple[Any, ...] = ()
    for n in words:
        place = tuple(seen[part][n] for part in ("block_num", "par_num", "line_num"))
        gap = "" if not last else " " if place == last else "\n" if place[:2] == last[:2] else "\n\n"
        out, last = f"{out}{gap}{seen['text'][n]}", place
    return out

"""What was filled in on a PDF page: values of form fields and text set on the page as annotations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import median
from typing import Any

from pdfminer.pdftypes import resolve1
from pdfminer.utils import decode_text
from pdfplumber.page import Page as PlumberPage

from ingest.readers.pdf_words import Word

_HIDDEN = 0b10  # of an annotation's flags
_MAX_ANNOTATIONS = 2_000
_MAX_TEXT = 5_000
_MAX_DEPTH = 10
_SIZE = 10.0  # points, where the page draws no text to go by
_LETTER = 0.5  # the width of a letter, as a share of its size


def filled_in(page: PlumberPage, drawn: Sequence[Word]) -> list[Word]:
    """Words of filled-in fields and of text annotations, about where they are shown and of the size of what
    the page draws itself. Fields that are damaged are left out."""
    usual = median(word.size for word in drawn) if drawn else _SIZE
    last = max((word.order for word in drawn), default=0)
    words: list[Word] = []
    annotations = resolve1(page.page_obj.annots)
    for one in annotations[:_MAX_ANNOTATIONS] if isinstance(annotations, list) else ():
        found = resolve1(one)
        text = _text(found) if isinstance(found, dict) else ""
        box = _box(page, found) if text else None
        if box:
            words += _words(text, box, usual, last + 1 + len(words))
    return words


def _text(annotation: dict[str, Any]) -> str:
    flags = resolve1(annotation.get("F"))
    if isinstance(flags, int) and flags & _HIDDEN:
        return ""
    kind = getattr(resolve1(annotation.get("Subtype")), "name", "")
    if kind == "FreeText":
        return _string(annotation.get("Contents"))
    if kind == "Widget" and getattr(_inherited(annotation, "FT"), "name", "") in ("Tx", "Ch"):
        return _string(_inherited(annotation, "V"))
    return ""


def _inherited(annotation: dict[str, Any], key: str) -> Any:
    """A field's own value, or that of the field it is a part of."""
    for _ in range(_MAX_DEPTH):
        if not isinstance(annotation, dict) or key in annotation:
            break
        annotation = resolve1(annotation.get("Parent"))
    return resolve1(annotation.get(key)) if isinstance(annotation, dict) else None


def _string(value: Any) -> str:
    value = resolve1(value)
    if isinstance(value, list):
        return ", ".join(filter(None, map(_string, value[:20])))
    return decode_text(value)[:_MAX_TEXT] if isinstance(value, bytes) else ""


def _box(page: PlumberPage, annotation: dict[str, Any]) -> tuple[float, float, float, float] | None:
    """Left, top, right and bottom on the page as it is shown; None on a page that is turned or where the
    rectangle makes no sense, which leaves the text to the end of the page."""
    raw = resolve1(annotation.get("Rect"))
    sides = [resolve1(side) for side in raw] if isinstance(raw, list) else []
    if len(sides) != 4 or not all(isinstance(side, int | float) for side in sides):
        return None
    if page.rotation:
        return 0.0, float(page.height) - _SIZE, float(page.width), float(page.height)
    left, right = sorted((float(sides[0]), float(sides[2])))
    low, high = sorted((float(sides[1]), float(sides[3])))
    up = float(page.height) + float(page.mediabox[1])
    return left - float(page.mediabox[0]), up - high, right - float(page.mediabox[0]), up - low


def _words(text: str, box: tuple[float, float, float, float], size: float, order: int) -> Iterator[Word]:
    """A field's text as words, one line of the field after the other."""
    left, top, right, bottom = box
    lines = [line for line in text.splitlines() if line.strip()] or [""]
    at = top + (max(0.0, bottom - top - size) / 2 if len(lines) == 1 else 0.0)
    for line in lines:
        x = left
        for word in line.split():
            wide = _LETTER * size * len(word)
            if x > left and x + wide > right:
                x, at = left, at + size
            yield Word(word, x, x + wide, at, at + size, size, False, order, True)
            order, x = order + 1, x + wide + _LETTER * size
        at += size

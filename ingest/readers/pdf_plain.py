"""The plain text of PDF pages, where the layout cannot be read or there is no time for it."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any

import pypdf
import pypdfium2


class PlainText:
    """Text of single pages, from pypdf or else from PDFium. Both are opened when first needed; neither
    raises."""

    def __init__(self, path: Path, password: str | None) -> None:
        self._path, self._password = path, password
        self._pypdf: Any = None
        self._pdfium: Any = None

    def __enter__(self) -> PlainText:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pdfium:
            self._pdfium.close()

    @property
    def count(self) -> int:
        """Pages that PDFium finds; 0 when it cannot open the file."""
        return len(self._by_pdfium()) if self._by_pdfium() else 0

    def page(self, number: int, *, quick: bool = False) -> str:
        """The text of a page (1-based), empty when neither library finds any. ``quick`` asks PDFium only."""
        text = "" if quick else self._pypdf_text(number)
        return clean_surrogates(text if _is_good(text) else self._pdfium_text(number) or text)

    def _pypdf_text(self, number: int) -> str:
        try:
            if self._pypdf is None:
                self._pypdf = pypdf.PdfReader(self._path, strict=False, password=self._password)
            return str(self._pypdf.pages[number - 1].extract_text())
        except MemoryError:
            raise
        except Exception:  # pypdf raises errors of every kind on damaged files
            self._pypdf = self._pypdf or None
            return ""

    def _pdfium_text(self, number: int) -> str:
        document = self._by_pdfium()
        if not document or number > len(document):
            return ""
        with suppress(pypdfium2.PdfiumError):
            page = document[number - 1]
            try:
                return str(page.get_textpage().get_text_bounded())
            finally:
                page.close()
        return ""

    def _by_pdfium(self) -> Any:
        if self._pdfium is None:
            self._pdfium = False
            with suppress(pypdfium2.PdfiumError, OSError, ValueError):
                self._pdfium = pypdfium2.PdfDocument(self._path, password=self._password or "")
        return self._pdfium


def _is_good(text: str) -> bool:
    return bool(text.strip()) and text.count("\ufffd") < 0.3 * len(text)


def clean_surrogates(text: str) -> str:
    """Text without halves of characters, which no file can hold."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")

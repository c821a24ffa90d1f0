"""PDF -> Source."""

from __future__ import annotations

from pathlib import Path

import pypdf

from ingest.builder import TextBuilder
from ingest.source import Source


def read_pdf(path: Path, *, password: str | None = None, budget_s: float = 60.0) -> Source:
    """First form: the text of each page as pypdf gives it, one paragraph a page."""
    builder = TextBuilder()
    reader = pypdf.PdfReader(path, password=password)
    for number, (page, label) in enumerate(zip(reader.pages, reader.page_labels, strict=True), 1):
        builder.page(number, label)
        builder.paragraph(page.extract_text())
    return Source(path.name, builder.text, builder.blocks, builder.pages)

"""Short forms: from tables of acronyms, and from "Full Name (ABC)" in running text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from corpus.model import Acronym, Document, Span
from corpus.text import fold, plain
from ingest.making import Maker
from ingest.names import Shorts, ampersand_shorts, inline_shorts
from ingest.tables import Table


def acronyms_of(document: Document, tables: Iterable[Table], maker: Maker) -> Iterator[Acronym]:
    """The rows of a document's tables of acronyms, then the first "Full Name (ABC)" of each short form not in
    them."""
    seen: set[str] = set()
    for table in tables:
        if table.kind != "acronyms":
            continue
        for row in table.rows:
            left, right = table.cell(row, "short"), table.cell(row, "full")
            if left is None or right is None:
                if any(cell.text for cell in row.cells):
                    maker.find("row unread", "a short form or its meaning is missing", row.span)
                continue
            seen.update(part.strip() for part in left.text.split("/"))
            yield Acronym(**maker.base("acronym", row.span, "Acronyms"), short=left.text, full=right.text)
    for short, full, start, end in inline_shorts(document.text):
        if short not in seen and short.rstrip("s") not in seen:
            seen.add(short)
            yield Acronym(**maker.base("acronym", Span(start, end)), short=short, full=plain(full))


def learn_shorts(documents: Sequence[Document], acronyms: Sequence[Acronym]) -> Shorts:
    """Short forms over all documents; what a table says overrules what running text suggests."""
    shorts = Shorts()
    for acronym in sorted(acronyms, key=lambda a: not a.section):
        for short, full in _pairs(acronym):
            shorts.add(short, full, sure=bool(acronym.section))
    for document in documents:
        for short, full in ampersand_shorts(document.text):
            shorts.add(short, full)
    return shorts


def _pairs(acronym: Acronym) -> Iterator[tuple[str, str]]:
    """A row may give two at once: "CYP/CYPE". Remarks in brackets behind the meaning are left out."""
    shorts = [part.strip() for part in acronym.short.split("/")]
    fulls = [re.sub(r"\s*\(.*\)$", "", part) for part in re.split(r"\s*/\s*", acronym.full)]
    if len(shorts) != len(fulls):
        fulls = [acronym.full] * len(shorts)
    for short, full in zip(shorts, fulls, strict=True):
        if fold(short) != fold(full):
            yield short, full.strip(" ,")

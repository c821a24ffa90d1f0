"""Papers in several parts ("Data of the council", "Data of the county"), each with chapters of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from corpus.model import Block, Document

_CHAPTER = re.compile(r"(\d{1,2})\.? +[A-Z]")
_MARKED = re.compile(r"[#*\d]")
_PART = 0  # above every level of a heading


def levels(document: Document) -> Iterator[int]:
    """The level of each block of a document, that of the title of a part above all others. A part ends where chapters
    begin to count anew."""
    titles, begun, over, last = _titles(document), False, False, 0
    for at, block in enumerate(document.blocks):
        chapter = _chapter(block, document) if begun else 0
        if at in titles:
            begun, over, last = True, False, 0
        elif chapter:
            over, last = over or chapter <= last, chapter
        yield _PART if at in titles or chapter and over else block.level


def _titles(document: Document) -> frozenset[int]:
    """The titles of parts, by number of block: headings without mark or number that stand right over a chapter, at least
    two in a document."""
    found = [
        at
        for at, (block, following) in enumerate(pairwise(document.blocks))
        if block.kind == "heading"
        and block.level > following.level
        and _chapter(following, document)
        and not _MARKED.match(block.span.of(document.text))
    ]
    return frozenset(found if len(found) > 1 else ())


def _chapter(block: Block, document: Document) -> int:
    """The number of the chapter that a heading opens; 0 for other blocks."""
    found = _CHAPTER.match(block.span.of(document.text)) if block.kind == "heading" else None
    return int(found[1]) if found else 0

"""Sentences of a text, with their spans."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.model import Span

_STOP = re.compile(
    r"[.!?]['\"’”)\]]*(?:\*\*)?(?=\s+(?!\(c\)\s+[£\d])(?:[A-Z0-9£\"'‘“(*\[<•-]|$))|\n\s*\n|</li>\s*|(?<=\S)\s{2,}(?=[•▪])"
)
_ABBREVIATION = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|Rt|Hon|St|No|vs|etc|e\.g|i\.e|approx|Cllr|Rev|Sgt|Lt|Col|Inc|Ltd|para|p|pp|"
    r"c|cf)"
    r"|\b[A-Z])\.$"
)
_NUMBERING = re.compile(r"^\s*(?:[-*•]\s*)?(?:\d{1,2}(?:\.\d{1,2})*|[a-z]|[ivx]{1,4})[.)]$", re.I)


def sentences(text: str, start: int = 0) -> Iterator[Span]:
    """Yield the span of each sentence of ``text``; ``start`` is added to every offset.

    A full stop after a title ("Dr."), an initial or a clause number ends nothing, nor does one before "(c) 400", about
    so many of what was just named.
    """
    begin = 0
    for match in _STOP.finditer(text):
        head = text[begin : match.end()].rstrip()
        if _ABBREVIATION.search(head) or _NUMBERING.match(head):
            continue
        yield from _trimmed(text, begin, match.end(), start)
        begin = match.end()
    yield from _trimmed(text, begin, len(text), start)


def _trimmed(text: str, begin: int, end: int, shift: int) -> Iterator[Span]:
    body = text[begin:end]
    if body.strip():
        left = len(body) - len(body.lstrip())
        yield Span(shift + begin + left, shift + begin + len(body.rstrip()))

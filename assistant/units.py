"""Quotable units inside passages: sentences, list items and table rows, scored against a question."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from assistant.retrieve import Hit, Query
from corpus.model import Block, Document, Span
from corpus.text import fold, plain
from index.embed import Floats
from index.generation import Index
from ingest.sentences import sentences

_CONTEXT_SHARE = (
    0.85  # what a word found only in the headings counts against one found in the sentence itself
)
_MIN_WORDS = 3
MAX_WINDOW = 60


@dataclass(frozen=True, slots=True)
class Unit:
    """A quotable stretch: ``kind`` is "sentence", "item", "row" or "heading"; ``score`` how well it meets the
    question; ``covers`` (q,) the best cosine for each question token."""

    document: Document
    span: Span
    kind: str
    hit: Hit
    score: float
    covers: Floats

    @property
    def text(self) -> str:
        """As a reader sees it: a row as its cells, each under its column's heading."""
        raw = self.span.of(self.document.text)
        return row_text(raw, self.hit.passage.columns) if self.kind == "row" else clean(raw)


def units_of(hit: Hit, query: Query, index: Index) -> list[Unit]:
    """The units of a passage with their scores."""
    table, starts = index.tokens.table(query.question, hit.position)
    offset = len(hit.passage.context) + 1 - hit.passage.span.start
    head = table[:, starts < len(hit.passage.context) + 1].max(axis=1, initial=0.0) * _CONTEXT_SHARE
    out = []
    for span, kind in _windows(list(_spans(hit)), hit.document):
        inside = (starts >= span.start + offset) & (starts < span.end + offset)
        own = table[:, inside].max(axis=1, initial=0.0)
        covers = np.maximum(own, head).astype(np.float32)
        out.append(Unit(hit.document, span, kind, hit, float(covers @ query.question.weights), covers))
    return out


def _windows(spans: list[tuple[Span, str]], document: Document) -> Iterator[tuple[Span, str]]:
    """Every run of neighbouring units that is at most MAX_WINDOW words long; a long unit alone."""
    counts = [len(span.of(document.text).split()) for span, _ in spans]
    for i, (first, kind) in enumerate(spans):
        if counts[i] >= _MIN_WORDS or kind == "item":
            yield first, kind
        words = counts[i]
        for j in range(i + 1, len(spans)):
            words += counts[j]
            if words > MAX_WINDOW or spans[j][1] == "heading":
                break
            yield Span(first.start, spans[j][0].end), "sentence"


def _spans(hit: Hit) -> Iterator[tuple[Span, str]]:
    passage, document = hit.passage, hit.document
    if passage.kind == "row":
        yield passage.span, "row"
        return
    for block in blocks_in(document, passage.span):
        if block.kind == "table":
            inside = sentences(passage.text, passage.span.start)
        else:
            inside = sentences(block.span.of(document.text), block.span.start)
        kind = {"heading": "heading", "item": "item"}.get(block.kind, "sentence")
        for span in inside:
            whole = span.start < passage.span.end and span.end > passage.span.start
            if whole:
                yield span, kind


def blocks_in(document: Document, span: Span) -> Iterator[Block]:
    """The blocks of a document that a span touches."""
    for block in document.blocks:
        if block.span.end > span.start and block.span.start < span.end:
            yield block


_LEAD_MARK = re.compile(r"^(?:#{1,6}\s+|>\s*|[-*•▪■●○·‣�]\s*)+")
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")


def clean(raw: str) -> str:
    """A stretch of text as shown: list marks, heading marks and link targets removed."""
    return _LEAD_MARK.sub("", plain(_LINK.sub(r"\1", raw))).strip()


def cells_of(raw: str) -> list[str]:
    """The cells of a table row as found."""
    body = raw.strip(" ")
    parts = body.split("\t") if "\t" in body else re.split(r"(?<!\\)\|", body.strip().strip("|"))
    return [clean(part) for part in parts]


def row_text(raw: str, columns: tuple[str, ...]) -> str:
    """A row in words: its first cell, then the others, each after its column's heading where the table has
    one."""
    cells = cells_of(raw)
    if not columns or len([c for c in cells if c]) <= 1:
        return "; ".join(cell for cell in cells if cell)
    shown = []
    for i, cell in enumerate(cells):
        column = columns[i] if i < len(columns) else ""
        if cell:
            shown.append(cell if i == 0 or not column or fold(column) == fold(cell) else f"{column}: {cell}")
    return "; ".join(shown)


def widened(unit: Unit, span: Span) -> Unit:
    """The same unit over a larger span."""
    return replace(unit, span=span)

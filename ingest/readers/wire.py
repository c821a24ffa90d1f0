"""A Source as plain lists and back, for the way from a reading process: data only, never code, so that a
process that was taken over by a hostile file can at worst send wrong text."""

from __future__ import annotations

import json
from typing import Any, get_args

from corpus.model import Block, BlockKind, Cell, Page, Row, Span
from ingest.source import Source

_KINDS: tuple[str, ...] = get_args(BlockKind)


def dump_source(source: Source) -> bytes:
    """One Source as JSON bytes."""
    return json.dumps(
        {
            "file": source.file,
            "text": source.text,
            "blocks": [_block_out(b) for b in source.blocks],
            "pages": [[p.page_no, p.page_label, p.span.start, p.span.end] for p in source.pages],
            "meta": source.meta,
            "warnings": source.warnings,
            "has_lines": source.has_lines,
        }
    ).encode()


def load_source(data: bytes) -> Source:
    """The Source that ``dump_source`` wrote. Raises ValueError, KeyError or TypeError on anything else."""
    raw = json.loads(data)
    return Source(
        file=str(raw["file"]),
        text=str(raw["text"]),
        blocks=tuple(_block_in(b) for b in raw["blocks"]),
        pages=tuple(Page(no, label, Span(start, end)) for no, label, start, end in raw["pages"]),
        meta={str(k): str(v) for k, v in raw["meta"].items()},
        warnings=tuple(str(w) for w in raw["warnings"]),
        has_lines=bool(raw["has_lines"]),
    )


def _block_out(block: Block) -> list[Any]:
    rows = [
        [row.span.start, row.span.end, [[c.text, c.span.start, c.span.end] for c in row.cells]]
        for row in block.rows
    ]
    return [block.kind, block.span.start, block.span.end, block.level, rows]


def _block_in(raw: list[Any]) -> Block:
    kind, start, end, level, rows = raw
    if kind not in _KINDS:
        raise ValueError(f"not a kind of block: {kind!r}")
    made = tuple(
        Row(tuple(Cell(text, Span(a, b)) for text, a, b in cells), Span(row_start, row_end))
        for row_start, row_end, cells in rows
    )
    return Block(kind, Span(start, end), level=level, rows=made)

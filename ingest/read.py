"""File -> documents: a source is split into its papers and each is given its metadata."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from corpus.catalogue import FIELDS, Catalogue, Entry
from corpus.model import Block, Cell, Document, Page, Row, Span, Status
from corpus.text import slug
from ingest.metadata import infer
from ingest.packs import Piece, papers_in, split
from ingest.source import Source

_STATUSES: tuple[Status, ...] = ("final", "draft", "superseded", "report", "minutes")


def documents_of(source: Source, catalogue: Catalogue) -> tuple[Document, ...]:
    """The documents of one file, in order: one, or the papers of a pack."""
    entry = catalogue.entry(source.file)
    source = replace(source, warnings=(*source.warnings, *_unfound(source, entry)))
    pieces = split(source, entry)
    pack = _pack_id(source, entry) if len(pieces) > 1 else None
    made: list[Document] = []
    for piece in pieces:
        document = _document(source, piece, pack, made[0].date if made else None)
        taken = {other.id for other in made}
        made.append(
            document if document.id not in taken else replace(document, id=f"{document.id}-{len(made)}")
        )
    return tuple(made)


def _unfound(source: Source, entry: Entry | None) -> Iterable[str]:
    for paper, start in papers_in(source.text, entry) if entry else ():
        if start is None:
            yield (
                f"{source.file}: the catalogue's paper {paper.meta.get('id', '')!r} "
                f"is not in it: no line there begins with {paper.starts!r}."
            )


def _pack_id(source: Source, entry: Entry | None) -> str:
    return (entry.meta.get("id") if entry else None) or slug(source.file.rsplit(".", 1)[0])


def _document(source: Source, piece: Piece, pack: str | None, pack_date: str | None) -> Document:
    text = source.text[piece.start : piece.end]
    known = _known(source, piece, pack)
    stated = {**({} if pack else source.meta), **piece.found, **known}
    meta = {key: value for key, value in stated.items() if key in FIELDS and value}
    guessed = infer(source, piece.start, piece.end, pack_date=pack_date)
    meta = {**guessed, **meta}
    status = meta.get("status", "final")
    return Document(
        id=meta.get("id") or (pack if pack and piece.start == 0 else _made_id(source, meta, pack)),
        file=source.file,
        title=meta["title"],
        text=text,
        pages=tuple(_shift_pages(source.pages, piece)),
        blocks=tuple(_shift_blocks(source.blocks, piece)),
        short_title=meta.get("short_title", ""),
        publisher=meta.get("publisher"),
        author=meta.get("author"),
        date=meta.get("date"),
        status=status if status in _STATUSES else "final",
        family=meta.get("family"),
        supersedes=meta.get("supersedes"),
        pack=pack,
        first_line=source.text.count("\n", 0, piece.start) + 1 if source.has_lines else None,
        inferred=frozenset(meta) - frozenset(known),
        warnings=source.warnings if piece.start == 0 else (),
    )


def _known(source: Source, piece: Piece, pack: str | None) -> dict[str, str]:
    """What is told of a paper on purpose: by the catalogue, or by the front matter of a text."""
    front = source.meta if source.has_lines and pack is None else {}
    told = {**front, **piece.told}
    return {key: value for key, value in told.items() if key in FIELDS and value}


def _made_id(source: Source, meta: Mapping[str, str], pack: str | None) -> str:
    stem = slug(source.file.rsplit(".", 1)[0])
    return stem if pack is None else f"{stem}-{slug(meta['title'])[:60].strip('-')}"


def _shift_pages(pages: Iterable[Page], piece: Piece) -> Iterable[Page]:
    for page in pages:
        if page.span.end > piece.start and page.span.start < piece.end:
            yield replace(page, span=_shift(page.span, piece))


def _shift_blocks(blocks: Iterable[Block], piece: Piece) -> Iterable[Block]:
    for block in blocks:
        if block.span.start >= piece.end or block.span.end <= piece.start:
            continue
        rows = tuple(
            _shift_row(row, piece) for row in block.rows if piece.start <= row.span.start < piece.end
        )
        yield replace(block, span=_shift(block.span, piece), rows=rows)


def _shift_row(row: Row, piece: Piece) -> Row:
    cells = tuple(Cell(cell.text, _shift(cell.span, piece)) for cell in row.cells)
    return Row(cells, _shift(row.span, piece))


def _shift(span: Span, piece: Piece) -> Span:
    start = max(span.start, piece.start) - piece.start
    return Span(start, max(start, min(span.end, piece.end) - piece.start))

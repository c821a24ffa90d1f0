"""Documents, passages and records of a generation on disk: one SQLite file, written once, then only read."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any, TypeVar

from corpus import model
from corpus.model import (
    Acronym,
    Block,
    Cell,
    Commitment,
    Document,
    Finding,
    Indicator,
    Milestone,
    Name,
    Page,
    Passage,
    PlanEntry,
    Priority,
    Record,
    Register,
    Row,
    Span,
    Value,
)

VERSION = 1
_KINDS: dict[str, type[Record]] = {
    kind.__name__: kind for kind in (Commitment, PlanEntry, Indicator, Priority, Milestone, Acronym)
}
_SCHEMA = """
CREATE TABLE documents (position INTEGER PRIMARY KEY, id TEXT UNIQUE, text TEXT, body TEXT);
CREATE TABLE passages (position INTEGER PRIMARY KEY, id TEXT UNIQUE, document TEXT, start INTEGER,
  end INTEGER, context TEXT, section TEXT, page INTEGER, kind TEXT, columns TEXT);
CREATE TABLE records (position INTEGER PRIMARY KEY, id TEXT, kind TEXT, document TEXT, body TEXT);
CREATE TABLE names (position INTEGER PRIMARY KEY, body TEXT);
CREATE TABLE findings (position INTEGER PRIMARY KEY, body TEXT);
"""
_PASSAGE = "id, document, start, end, context, section, page, kind, columns"
T = TypeVar("T")


def write(path: Path, documents: Sequence[Document], passages: Sequence[Passage], register: Register) -> None:
    """Write everything to a new file at ``path``."""
    db = sqlite3.connect(path)
    with closing(db), db:
        db.executescript(f"PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; {_SCHEMA}")
        db.executemany("INSERT INTO documents VALUES (?,?,?,?)", map(_document_row, *_numbered(documents)))
        db.executemany(
            "INSERT INTO passages VALUES (?,?,?,?,?,?,?,?,?,?)", map(_passage_row, *_numbered(passages))
        )
        records = register.records()
        db.executemany(
            "INSERT INTO records VALUES (?,?,?,?,?)",
            ((n, r.id, type(r).__name__, r.document, _dump(r)) for n, r in enumerate(records)),
        )
        db.executemany(
            "INSERT INTO names VALUES (?,?)", ((n, _dump(x)) for n, x in enumerate(register.names))
        )
        db.executemany(
            "INSERT INTO findings VALUES (?,?)", ((n, _dump(x)) for n, x in enumerate(register.findings))
        )


def read_documents(path: Path) -> dict[str, Document]:
    """The documents of what ``write`` wrote, by id (blocks without their rows)."""
    with _opened(path) as db:
        rows = db.execute("SELECT text, body FROM documents ORDER BY position")
        return {d.id: d for d in (_document(text, json.loads(body)) for text, body in rows)}


def read_passages(path: Path, documents: dict[str, Document]) -> tuple[Passage, ...]:
    """Its passages, with the text that they have in their documents."""
    with _opened(path) as db:
        found = db.execute(f"SELECT {_PASSAGE} FROM passages ORDER BY position")
        return tuple(_passage(documents, *row) for row in found)


def read_register(path: Path) -> Register:
    """Its register."""
    with _opened(path) as db:
        return _register(db)


def _opened(path: Path) -> closing[sqlite3.Connection]:
    return closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True))


def dump_document(document: Document) -> str:
    """A document with its blocks as JSON text, for the cache of files that were read before."""
    return json.dumps(
        {"text": document.text, "blocks": [asdict(b) for b in document.blocks], **_body(document)}
    )


def load_document(text: str) -> Document:
    """The inverse of ``dump_document``."""
    raw = json.loads(text)
    blocks = tuple(_block(block) for block in raw.pop("blocks"))
    return _document(raw.pop("text"), raw, blocks)


def _numbered(items: Sequence[T]) -> tuple[Iterable[int], Sequence[T]]:
    return range(len(items)), items


def _body(document: Document) -> dict[str, Any]:
    skipped = ("text", "blocks")
    body = {f.name: getattr(document, f.name) for f in fields(document) if f.name not in skipped}
    return body | {"pages": [asdict(page) for page in document.pages], "inferred": sorted(document.inferred)}


def _document_row(position: int, document: Document) -> tuple[Any, ...]:
    layout = [(block.kind, block.span.start, block.span.end, block.level) for block in document.blocks]
    return position, document.id, document.text, json.dumps(_body(document) | {"layout": layout})


def _document(text: str, raw: dict[str, Any], blocks: tuple[Block, ...] = ()) -> Document:
    pages = tuple(Page(p["page_no"], p["page_label"], _span(p["span"])) for p in raw.pop("pages"))
    blocks = blocks or tuple(Block(k, Span(a, b), level) for k, a, b, level in raw.pop("layout", []))
    raw |= {"inferred": frozenset(raw["inferred"]), "warnings": tuple(raw["warnings"])}
    return Document(text=text, pages=pages, blocks=blocks, **raw)


def _block(raw: dict[str, Any]) -> Block:
    rows = tuple(
        Row(tuple(Cell(cell["text"], _span(cell["span"])) for cell in row["cells"]), _span(row["span"]))
        for row in raw["rows"]
    )
    return Block(raw["kind"], _span(raw["span"]), raw["level"], rows)


def _passage_row(position: int, p: Passage) -> tuple[Any, ...]:
    columns = json.dumps(p.columns) if p.columns else ""
    return (
        position,
        p.id,
        p.document,
        p.span.start,
        p.span.end,
        p.context,
        p.section,
        p.page_no,
        p.kind,
        columns,
    )


def _passage(documents: dict[str, Document], *row: Any) -> Passage:
    id_, document, start, end, context, section, page, kind, columns = row
    span = Span(start, end)
    head = tuple(json.loads(columns)) if columns else ()
    return Passage(id_, document, span, span.of(documents[document].text), context, section, page, kind, head)


def _dump(item: Any) -> str:
    def plain(value: Any) -> Any:
        return sorted(value) if isinstance(value, frozenset) else value

    return json.dumps({key: plain(value) for key, value in asdict(item).items()})


def _span(raw: dict[str, int]) -> Span:
    return Span(raw["start"], raw["end"])


def _register(db: sqlite3.Connection) -> Register:
    records: dict[str, list[Any]] = {kind: [] for kind in _KINDS}
    for kind, body in db.execute("SELECT kind, body FROM records ORDER BY position"):
        records[kind].append(_record(_KINDS[kind], json.loads(body)))
    names = tuple(
        _name(json.loads(body)) for (body,) in db.execute("SELECT body FROM names ORDER BY position")
    )
    found = [json.loads(body) for (body,) in db.execute("SELECT body FROM findings ORDER BY position")]
    return Register(
        commitments=tuple(records["Commitment"]),
        entries=tuple(records["PlanEntry"]),
        indicators=tuple(records["Indicator"]),
        priorities=tuple(records["Priority"]),
        milestones=tuple(records["Milestone"]),
        acronyms=tuple(records["Acronym"]),
        names=names,
        findings=tuple(Finding(**{**f, "span": _span(f["span"]) if f["span"] else None}) for f in found),
    )


def _record(kind: type[Record], raw: dict[str, Any]) -> Record:
    for key, value in raw.items():
        if key == "span":
            raw[key] = _span(value)
        elif isinstance(value, dict) and "found" in value:
            raw[key] = Value(**value)
        elif isinstance(value, list):
            raw[key] = tuple(tuple(item) if isinstance(item, list) else item for item in value)
    return kind(**raw)


def _name(raw: dict[str, Any]) -> Name:
    return model.Name(
        raw["kind"], raw["canonical"], frozenset(raw["spellings"]), frozenset(raw["acronyms"]), raw["parent"]
    )

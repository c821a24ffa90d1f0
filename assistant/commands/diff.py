"""The command ``ledby diff``."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any

import typer

from assistant.changes.versions import Pair, Versions, name_of
from assistant.changes.words import label, said_of
from assistant.commands.cli import IndexDir, as_csv, index_dir, print_rows
from assistant.question.scope import Scope
from corpus.errors import UsageError
from corpus.model import Document, Indicator, Milestone, PlanEntry, Priority, Record
from corpus.text import plain
from index.query import RegisterQuery
from ingest.versions import Change

_FORMATS = ("table", "csv", "json", "md")
_SIDES = ("old", "new")


def register(cli: typer.Typer) -> None:
    """Put the command on ``cli``."""
    cli.command()(diff)


def diff(
    doc_a: Annotated[str | None, typer.Argument(help="The older document (its id).")] = None,
    doc_b: Annotated[str | None, typer.Argument(help="The newer document (its id).")] = None,
    format_: Annotated[str, typer.Option("--format", help="table, csv, json or md.")] = "table",
    index: IndexDir = None,
) -> None:
    """What changed between two versions; without documents, between all versions that the index knows of."""
    from index.generation import open_index

    if format_ not in _FORMATS:
        raise UsageError(f"There is no format {format_!r}; choose {', '.join(_FORMATS)}")
    opened = open_index(index_dir(index))
    query = RegisterQuery(opened.register, opened.documents)
    versions = Versions(query, Scope(query).drafts)
    pairs = versions.pairs if doc_a is None else (_pair(doc_a, doc_b, opened.documents),)
    found = [(pair, change) for pair in pairs for change in versions.changes(pair)]
    rows = [row_of(change, opened.documents) for _, change in found]
    if format_ == "json":
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    elif format_ == "csv":
        typer.echo(as_csv([_flat(row) for row in rows]), nl=False)
    elif format_ == "md":
        typer.echo(as_markdown(found, opened.documents), nl=False)
    else:
        print_rows([_short(row) for row in rows], format_, "changes")


def _pair(old: str, new: str | None, documents: Mapping[str, Document]) -> Pair:
    if new is None:
        raise UsageError(f"Name two documents to compare, or none: ledby diff {old} DOC_B")
    for one in (old, new):
        if one not in documents:
            raise UsageError(f"There is no document {one!r}; see: ledby documents")
    if old == new:
        raise UsageError(f"{old!r} is named twice; name two documents to compare")
    return Pair(old, new)


def row_of(change: Change, documents: Mapping[str, Document]) -> dict[str, Any]:
    """A change as the row of ``ledby diff --format json``."""
    return {
        "kind": change.kind,
        "subject": plain(change.subject),
        "old": _side(change.old, documents),
        "new": _side(change.new, documents),
        "note": change.note,
    }


def _side(record: Record | None, documents: Mapping[str, Document]) -> dict[str, Any] | None:
    if record is None:
        return None
    document = documents[record.document]
    lines, page = document.lines_of(record.span), document.page_at(record.span.start)
    return {
        "document": record.document,
        "text": _text(record),
        "leads": list(record.leads) if isinstance(record, PlanEntry) else [],
        "lines": list(lines) if lines else None,
        "page": page.page_no if page else None,
        "quote": record.span.of(document.text),
    }


def _text(record: Record) -> str:
    """What a record says, without what only tells where it belongs."""
    if isinstance(record, Indicator):
        return said_of(record)
    return label(record) if isinstance(record, Milestone | Priority) else plain(name_of(record))


def _flat(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row with a column for each part of either side."""
    names = ("document", "text", "leads", "lines", "page", "quote")
    sides = {f"{side}_{name}": (row[side] or {}).get(name) for side in _SIDES for name in names}
    return {"kind": row["kind"], "subject": row["subject"], **sides, "note": row["note"]}


def _short(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as people read it in a terminal: what the note says is not said twice."""
    old, new = ((row[side] or {}).get("text", "") for side in _SIDES)
    said = row["kind"] in ("lead changed", "target moved", "milestone moved", "filled in")
    return {
        "kind": row["kind"],
        "subject": row["subject"],
        "before": "" if said else old,
        "after": "" if said else new,
        "note": row["note"] if said else "",
    }


def as_markdown(found: Iterable[tuple[Pair, Change]], documents: Mapping[str, Document]) -> str:
    """Changes as Markdown: a section for each pair of versions, a table for each kind of change."""
    pairs: dict[Pair, list[Change]] = {}
    for pair, change in found:
        pairs.setdefault(pair, []).append(change)
    parts = [_section(pair, changes, documents) for pair, changes in pairs.items()]
    return "\n".join(parts) or "No document has two versions that differ.\n"


def _section(pair: Pair, changes: Sequence[Change], documents: Mapping[str, Document]) -> str:
    old, new = documents[pair.old], documents[pair.new]
    counts = Counter(change.kind for change in changes)
    told = ", ".join(f"{number} {kind}" for kind, number in counts.most_common())
    lines = [f"# {old.name} → {new.name}", "", f"{told}.", ""]
    for kind in counts:
        lines += [f"## {kind.capitalize()}", "", "| Subject | Before | After |", "| --- | --- | --- |"]
        lines += [_md_row(change, documents) for change in changes if change.kind == kind]
        lines.append("")
    return "\n".join(lines)


def _md_row(change: Change, documents: Mapping[str, Document]) -> str:
    cells = [change.subject, _cited(change.old, documents), _cited(change.new, documents)]
    return "| " + " | ".join(re.sub(r"\s+", " ", cell).replace("|", "\\|") for cell in cells) + " |"


def _cited(record: Record | None, documents: Mapping[str, Document]) -> str:
    """What a record says and where it stands."""
    side = _side(record, documents)
    if side is None:
        return ""
    leads = f": {'; '.join(side['leads'])}" if side["leads"] else ""
    lines, page = side["lines"], side["page"]
    where = f" (page {page})" if page else ""
    if lines:
        where = f" (line {lines[0]})" if lines[0] == lines[1] else f" (lines {lines[0]}-{lines[1]})"
    return f"{side['text']}{leads}{where}"

"""Thumbs and comments on answers, kept in SQLite with the question, the answer and the index that
answered."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from assistant.commands.cli import IndexDir, index_dir, print_rows
from assistant.web.options import WebOptions

_TABLE = """create table if not exists feedback (
    id integer primary key, at text not null, thumb text not null check (thumb in ('up', 'down')),
    comment text not null default '', question text not null, standalone text not null, answer text not null,
    citations text not null, generation text not null)"""
_LONGEST = 2000
_COLUMNS = ("id", "at", "thumb", "comment", "question", "standalone", "answer", "citations", "generation")


class Store:
    """The feedback file. Made when the first thumb is stored."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def _open(self) -> sqlite3.Connection:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        db = sqlite3.connect(self.path, timeout=10)
        db.execute(_TABLE)
        return db

    def add(self, turn: Mapping[str, Any], thumb: str) -> int:
        """Store a thumb ("up" or "down") on a turn; the row's id, to comment on."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        values = (
            now,
            thumb,
            turn["question"],
            str(turn.get("standalone") or ""),
            turn["answer"],
            json.dumps(turn["citations"], ensure_ascii=False),
            str(turn.get("generation") or ""),
        )
        names = "at, thumb, question, standalone, answer, citations, generation"
        with closing(self._open()) as db, db:
            done = db.execute(f"insert into feedback ({names}) values (?, ?, ?, ?, ?, ?, ?)", values)
            return int(done.lastrowid or 0)

    def comment(self, row: int, text: str) -> None:
        """Put a comment to a stored thumb."""
        with closing(self._open()) as db, db:
            db.execute("update feedback set comment = ? where id = ?", (text.strip()[:_LONGEST], row))

    def rows(self) -> list[dict[str, Any]]:
        """Everything stored, oldest first; nothing where there is no file yet."""
        if not self.path.is_file():
            return []
        with closing(self._open()) as db:
            found = db.execute(f"select {', '.join(_COLUMNS)} from feedback order by id").fetchall()
        return [{**dict(zip(_COLUMNS, row, strict=True)), "citations": json.loads(row[7])} for row in found]


def store_for(directory: Path, options: WebOptions) -> Store:
    """The feedback store: LEDBY_FEEDBACK, else ``feedback.sqlite`` in the index folder."""
    return Store(options.feedback or directory / "feedback.sqlite")


def register(cli: typer.Typer) -> None:
    """Put ``ledby feedback export`` on a command line."""
    app = typer.Typer(help="What users said about answers.", no_args_is_help=True)

    @app.command()
    def export(
        index: IndexDir = None,
        format_: Annotated[str, typer.Option("--format", help="table, csv or json.")] = "csv",
    ) -> None:
        """Every thumb and comment with its question, answer and index generation."""
        rows = store_for(index_dir(index), WebOptions()).rows()
        shown = rows if format_ == "json" else [{**row, "citations": len(row["citations"])} for row in rows]
        print_rows(shown, format_, "thumbs")

    @app.callback()
    def group() -> None:
        """What users said about answers."""

    cli.add_typer(app, name="feedback")

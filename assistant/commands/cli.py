"""The ``ledby`` command. Errors are one plain line on stderr and exit code 2; never a traceback."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from corpus.errors import LedbyError, UsageError
from index.settings import settings

cli = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Answers with checkable citations over a corpus of public strategy documents.",
)
IndexDir = Annotated[
    Path | None, typer.Option("--index", help="The index folder (LEDBY_INDEX, then .ledby/index).")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def index_dir(given: Path | None) -> Path:
    """The index folder: the flag, else the setting."""
    return given or settings().index


@cli.command()
def ingest(
    paths: Annotated[list[Path], typer.Argument(help="Documents, or folders of documents.")],
    index: IndexDir = None,
    keep: Annotated[bool, typer.Option("--keep", help="Keep documents that are not in PATHS.")] = False,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Read everything anew; sound vectors are kept.")
    ] = False,
    wait: Annotated[
        float | None, typer.Option("--wait", help="Seconds to wait for another ingest to end.")
    ] = None,
) -> None:
    """Build or update the index: it then holds exactly the documents at PATHS."""
    from assistant.commands.terminal import ingest_progress, print_summary
    from index.build import ingest as build
    from index.report import quality_lines

    with ingest_progress() as progress:
        summary = build(paths, index_dir(index), keep=keep, rebuild=rebuild, progress=progress, wait_s=wait)
    print_summary(summary)
    for line in quality_lines(summary.findings):
        typer.echo(f"Register: {line}")


@cli.command()
def ask(
    question: Annotated[str | None, typer.Argument(help="The question.")] = None,
    index: IndexDir = None,
    as_json: AsJson = False,
    batch: Annotated[Path | None, typer.Option("--batch", help="Questions, one JSON object a line.")] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Where the answers go, one JSON object a line.")
    ] = None,
) -> None:
    """Answer a question, or a file of questions, with citations."""
    from assistant.commands.terminal import print_answer
    from assistant.contract import answer_json
    from assistant.service import Assistant

    if batch is None and not (question and question.strip()):
        raise UsageError(
            'Ask something: ledby ask "who leads ...?", or ledby ask --batch IN.jsonl --out OUT.jsonl'
        )
    if batch is not None:
        _batch(batch, out, index_dir(index))
        return
    answer = Assistant.open(index_dir(index)).ask(str(question))
    if as_json:
        typer.echo(json.dumps(answer_json(answer), ensure_ascii=False, indent=2))
    else:
        print_answer(answer)


def _batch(batch: Path, out: Path | None, directory: Path) -> None:
    from assistant.contract import answer_json
    from assistant.service import Assistant

    if out is None:
        raise UsageError("Say where the answers go: --out OUT.jsonl")
    asked = list(_questions(batch))
    assistant = Assistant.open(directory)
    waiting = out.with_name(f"{out.name}.part")
    try:
        with waiting.open("w", encoding="utf-8") as file:
            for one in asked:
                answer = assistant.ask(one["question"], one.get("history") or ())
                file.write(json.dumps(answer_json(answer, one.get("id")), ensure_ascii=False) + "\n")
        waiting.replace(out)
    except OSError as error:
        raise UsageError(f"{out} cannot be written ({error.strerror})") from error
    typer.echo(f"{len(asked)} answers in {out}")


def _questions(batch: Path) -> Iterable[dict[str, Any]]:
    try:
        lines = batch.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            f"{batch} cannot be read ({getattr(error, 'strerror', None) or 'not UTF-8 text'})"
        ) from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            one = json.loads(line)
            if not isinstance(one["question"], str):
                raise TypeError
        except (ValueError, KeyError, TypeError):
            raise UsageError(f'{batch}, line {number}: not a JSON object with a "question"') from None
        yield one


@cli.command()
def search(
    query: Annotated[str, typer.Argument(help="What to look for.")],
    k: Annotated[int, typer.Option("-k", min=1, max=200, help="How many results.")] = 10,
    index: IndexDir = None,
    as_json: AsJson = False,
) -> None:
    """Passages and records that match, with no answer composed."""
    from assistant.commands.terminal import print_hits
    from assistant.service import Assistant

    hits = Assistant.open(index_dir(index)).search(query, k)
    rows = [
        {
            "rank": h.rank,
            "score": round(h.score, 4),
            "retriever": h.retriever,
            "id": h.passage.id,
            "document": h.document.id,
            "file": h.document.file,
            "title": h.document.title,
            "page": h.passage.page_no,
            "section": h.passage.section,
            "lines": list(h.lines) if h.lines else None,
            "span": [h.span.start, h.span.end],
            "text": h.text,
        }
        for h in hits
    ]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        print_hits(rows)


@cli.command()
def find(
    text: Annotated[str | None, typer.Argument(help="Words that must stand in the row.")] = None,
    lead: Annotated[str | None, typer.Option("--lead", help="Rows that this organisation leads.")] = None,
    plan: Annotated[str | None, typer.Option("--plan", help="Rows of this plan.")] = None,
    outcome: Annotated[str | None, typer.Option("--outcome", help="Rows of this outcome.")] = None,
    document: Annotated[
        str | None,
        typer.Option("--document", help="Rows of this document, or of all papers of this pack (its id)."),
    ] = None,
    format_: Annotated[str, typer.Option("--format", help="table, csv or json.")] = "table",
    index: IndexDir = None,
) -> None:
    """Rows of the register: commitment, plan, leads. All rows when no filter is given."""
    from index.generation import open_index
    from index.query import RegisterQuery, row_of

    opened = open_index(index_dir(index))
    documents = opened.documents
    register = RegisterQuery(opened.register, documents)
    papers = register.papers_of(document) if document is not None else None
    if papers is not None and not papers:
        raise UsageError(f"There is no document {document!r}; see: ledby documents")
    entries = register.find(text, lead=lead, plan=plan, outcome=outcome, documents=papers)
    print_rows([row_of(entry, documents[entry.document]) for entry in entries], format_, "entries")


@cli.command()
def documents(index: IndexDir = None, as_json: AsJson = False) -> None:
    """The documents in the index, with pages, passages, records and warnings; as JSON, also what the register found."""
    from index.report import document_rows

    rows = document_rows(index_dir(index))
    short = [{key: value for key, value in row.items() if key != "findings"} for row in rows]
    print_rows(rows if as_json else short, "json" if as_json else "table", "documents")


def print_rows(rows: Sequence[dict[str, Any]], format_: str, noun: str) -> None:
    """Print rows as a table, CSV or JSON; a table ends with their number."""
    from assistant.commands.terminal import print_table

    printers: dict[str, Callable[[], None]] = {
        "json": lambda: typer.echo(json.dumps(rows, ensure_ascii=False, indent=2)),
        "csv": lambda: typer.echo(as_csv(rows), nl=False),
        "table": lambda: print_table(rows, noun),
    }
    if format_ not in printers:
        raise UsageError(f"There is no format {format_!r}; choose {', '.join(printers)}")
    printers[format_]()


def as_csv(rows: Sequence[dict[str, Any]]) -> str:
    """Rows as CSV; a list becomes its items joined by "; ". Cells that a spreadsheet would run are quoted
    with '."""
    file = io.StringIO()
    if rows:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows({key: _csv_cell(value) for key, value in row.items()} for row in rows)
    return file.getvalue()


def _csv_cell(value: Any) -> Any:
    if isinstance(value, list | tuple):
        value = "; ".join(map(str, value))
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t") else value


def run(app: typer.Typer, args: Sequence[str] | None = None) -> int:
    """Run a command line; the exit code. What goes wrong is one line on stderr."""
    import click

    try:
        code = app(args, standalone_mode=False)
        return code if isinstance(code, int) else 0
    except LedbyError as error:
        return _failed(" ".join(str(error).split()))
    except Exception as error:
        if isinstance(error, click.exceptions.Abort | KeyboardInterrupt):
            return _failed("Stopped.", 130)
        message = getattr(error, "format_message", None)
        if message is not None:
            return _failed(f"{' '.join(str(message()).split())} (see: ledby --help)")
        if isinstance(error, BrokenPipeError):
            return 0
        return _failed(
            f"Something went wrong inside Ledby ({type(error).__name__}: {' '.join(str(error).split())})", 1
        )
    except KeyboardInterrupt:
        return _failed("Stopped.", 130)


def _failed(message: str, code: int = 2) -> int:
    print(message, file=sys.stderr)
    return code

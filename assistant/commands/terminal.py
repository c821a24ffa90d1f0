"""What the commands print for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from itertools import zip_longest
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from assistant.evidence.units import clean
from corpus.model import Answer

if TYPE_CHECKING:
    from index.build import Progress as Report
    from index.build import Summary

_HIDDEN = ("quote", "id", "file", "leads_of", "lines", "doubtful", "why", "date", "warnings")
_QUOTE = 300
_BETWEEN, _CROSSING = " │ ", "─┼─"
_NARROWEST = 4


@contextmanager
def ingest_progress() -> Iterator[Report]:
    """A progress bar on stderr, a line a step; nothing before the first step."""
    columns = (TextColumn("{task.description:<10}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    bar = Progress(*columns, console=Console(stderr=True))
    tasks: dict[str, TaskID] = {}

    def report(step: str, done: int, total: int) -> None:
        if not tasks:
            bar.start()
        if step not in tasks:
            tasks[step] = bar.add_task(step, total=total)
        bar.update(tasks[step], completed=done, total=total)

    try:
        yield report
    finally:
        if tasks:
            bar.stop()


def print_summary(summary: Summary) -> None:
    """The table at the end of an ingest, and every warning."""
    console = Console()
    if not summary.changed:
        console.print("Nothing has changed; the index is up to date.")
    table = Table("document", "file", "pages", "passages", "records", "warnings")
    for line in summary.lines:
        warned = "; ".join(line.warnings)
        counts = (str(line.pages or "-"), str(line.passages), str(line.records))
        table.add_row(escape(line.document), escape(line.file), *counts, escape(warned))
    console.print(table)
    passages = sum(line.passages for line in summary.lines)
    records = sum(line.records for line in summary.lines)
    console.print(
        f"{len(summary.lines)} documents, {passages} passages, {records} records in {summary.seconds:.1f} s"
    )
    for warning in summary.warnings:
        console.print(f"Warning: {escape(warning)}")


def print_answer(answer: Answer) -> None:
    """An answer, its sources, and what to ask next."""
    console = Console(soft_wrap=True)
    console.print(escape(answer.text))
    for one in answer.citations:
        place = ", ".join(
            filter(
                None,
                (
                    one.page_label or (f"page {one.page}" if one.page else None),
                    f"lines {one.lines[0]}-{one.lines[1]}" if one.lines else None,
                ),
            )
        )
        console.print(
            f"\n[bold]{escape(f'[{one.n}]')}[/] {escape(one.title)} ({one.status}, {one.date or 'no date'}) "
            f"{escape(place)}"
        )
        if one.section:
            console.print(f"    {escape(one.section)}", style="dim")
        quote = clean(one.quote)
        console.print(f"    “{escape(quote[:_QUOTE])}{'…' if len(quote) > _QUOTE else ''}”")
    for note in answer.notes:
        console.print(f"Note: {escape(note)}")
    for suggestion in answer.suggestions:
        console.print(f"You could ask: {escape(suggestion)}")


def print_hits(rows: Sequence[Mapping[str, Any]]) -> None:
    """Search results, a paragraph each."""
    console = Console(soft_wrap=True)
    for row in rows:
        console.print(
            f"[bold]{row['rank']}[/] {escape(row['title'])}  {escape(row['section'] or '')}", highlight=False
        )
        console.print(f"    {escape(clean(row['text'])[:_QUOTE])}\n", highlight=False)
    if not rows:
        console.print("Nothing found.")


def print_table(rows: Sequence[Mapping[str, Any]], noun: str) -> None:
    """Rows as a table, with their number below."""
    console = Console()
    if rows:
        names = [name for name in rows[0] if name not in _HIDDEN and any(row[name] for row in rows)]
        cells = [[_shown(row[name]) for name in names] for row in rows]
        head, *body = drawn([names, *cells], console.width)
        console.print(head, style="bold", markup=False, highlight=False, soft_wrap=True)
        print("\n".join(body))
    console.print(f"{len(rows)} {noun}")


def drawn(rows: Sequence[Sequence[str]], width: int) -> Iterator[str]:
    """Rows drawn as a table, its header first. A table of rich measures each line of a cell several times, so that
    a thousand rows take seconds."""
    widths = _widths(rows, width - len(_BETWEEN) * (len(rows[0]) - 1))
    blanks = [" " * room for room in widths]
    for number, row in enumerate(rows):
        parts = [_wrapped(cell, room) for cell, room in zip(row, widths, strict=True)]
        lines = (_BETWEEN.join(map(_or_blank, line, blanks)) for line in zip_longest(*parts, fillvalue=""))
        yield "\n".join(lines)
        if number == 0:
            yield _CROSSING.join("─" * room for room in widths)


def _widths(rows: Sequence[Sequence[str]], room: int) -> list[int]:
    """Columns as wide as the widest of their cells, the wide ones all cut to the same width that fits."""
    wanted = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
    most = max(wanted)
    while most > _NARROWEST and sum(min(one, most) for one in wanted) > room:
        most -= 1
    return [min(one, most) for one in wanted]


def _or_blank(line: str, blank: str) -> str:
    return line or blank


@lru_cache(maxsize=50_000)  # the same names stand in row after row
def _wrapped(cell: str, width: int) -> tuple[str, ...]:
    """A cell in lines as wide as its column, cut between words where it can be; where signs take the place of two,
    they all do."""
    cell = " ".join(cell.split())
    room = max(1, width // 2) if cell_len(cell) > len(cell) else width
    lines = [cell] if len(cell) <= room else wrap(cell, room, break_long_words=False)
    cut = [line[at : at + room] for line in lines for at in range(0, len(line), room)]
    return tuple(set_cell_size(line, width) for line in cut or [""])


def _shown(value: Any) -> str:
    if isinstance(value, list | tuple):
        return "; ".join(map(str, value))
    return "" if value is None else str(value)

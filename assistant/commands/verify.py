"""The command ``ledby verify``."""

from __future__ import annotations

import json

import typer

from assistant.commands.cli import AsJson, IndexDir, index_dir


def register(cli: typer.Typer) -> None:
    """Put the command on ``cli``."""
    cli.command()(verify)


def verify(index: IndexDir = None, as_json: AsJson = False) -> None:
    """Check the index: its files, counts, ids and quotes. One line a fault; exit code 2 when there is any."""
    from index.verify import verify as check

    found = check(index_dir(index))
    if as_json:
        told = {
            "index": str(found.directory),
            "generation": found.generation,
            "whole": found.whole,
            "counts": dict(found.counts),
            "faults": list(found.faults),
        }
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        for fault in found.faults:
            typer.echo(fault, err=True)
        counts = ", ".join(f"{number} {what}" for what, number in found.counts.items())
        state = (
            "is whole"
            if found.whole
            else (
                f"has {len(found.faults)} faults; run: ledby ingest PATH --rebuild --index {found.directory}"
            )
        )
        typer.echo(
            f"The index at {found.directory} ({found.generation}: {counts}) {state}", err=not found.whole
        )
    if not found.whole:
        raise typer.Exit(2)

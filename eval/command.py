"""The ``ledby eval`` commands."""

from __future__ import annotations

import functools
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from typer.core import TyperGroup

from corpus.errors import LedbyError, UsageError

Command = TypeVar("Command", bound=Callable[..., Any])


class _Group(TyperGroup):
    """``ledby eval ARGS`` is short for ``ledby eval run ARGS``."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Puts ``run`` first unless a command of the group, or help on the group, is asked for."""
        if not args or (args[0] not in self.commands and args[0] != "--help"):
            args = ["run", *args]
        return super().parse_args(ctx, args)


group = typer.Typer(
    cls=_Group,
    help="Score answers against question sets. `ledby eval [QUESTIONS...]` is short for `ledby eval run`.",
    rich_markup_mode=None,
)


def plain_errors(command: Command) -> Command:
    """Turns a LedbyError into one plain line on stderr and exit code 2."""

    @functools.wraps(command)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except LedbyError as error:
            typer.echo(f"ledby: {error}", err=True)
            raise typer.Exit(2) from error

    return wrapped  # type: ignore[return-value]


def register(cli: typer.Typer) -> None:
    """Adds the ``eval`` group to the command line."""
    cli.add_typer(group, name="eval")


def index_folder(given: Path | None) -> Path:
    """The index to use: as given, else $LEDBY_INDEX, else .ledby/index."""
    return given or Path(os.environ.get("LEDBY_INDEX") or ".ledby/index")


def source_folders(given: list[Path] | None) -> list[Path]:
    """Where the source files are: as given, else the bundled documents and $LEDBY_ORIGINALS."""
    if given:
        missing = [str(path) for path in given if not path.exists()]
        if missing:
            raise UsageError(f"no such folder of sources: {', '.join(missing)}; check --sources")
        return given
    import corpus

    bundled = [Path(folder) / "documents" for folder in corpus.__path__]
    originals = os.environ.get("LEDBY_ORIGINALS")
    return bundled + ([Path(originals)] if originals else [])


Index = Annotated[
    Path | None, typer.Option("--index", help="Index folder (default $LEDBY_INDEX, then .ledby/index).")
]
SourcesOption = Annotated[
    list[Path] | None,
    typer.Option("--sources", help="Folders of source files (default: bundled and $LEDBY_ORIGINALS)."),
]


@group.command("run")
@plain_errors
def run_command(
    questions: Annotated[
        list[Path] | None, typer.Argument(help="Question sets (.jsonl) or folders of them.")
    ] = None,
    index: Index = None,
    sources: SourcesOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the scores as JSON.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="List every failure.")] = False,
    held: Annotated[bool, typer.Option("--held", help="Only the held-out questions.")] = False,
    dev: Annotated[bool, typer.Option("--dev", help="Only the questions for tuning.")] = False,
    kinds: Annotated[list[str] | None, typer.Option("--kind", help="Only questions of this kind.")] = None,
    sample: Annotated[
        int | None, typer.Option("--sample", help="That many questions, of every kind.")
    ] = None,
    without: Annotated[
        list[str] | None,
        typer.Option("--without", help="Switch a part off (lexical, dense, rerank, register ...)."),
    ] = None,
) -> None:
    """Score the answers and say where they fall short; exit 1 under the thresholds."""
    from rich.console import Console

    from assistant import Assistant
    from eval import report
    from eval.questions import Sources, load, select
    from eval.run import by_kind, run, summarise

    chosen = select(
        load(questions or ()),
        part="held" if held else "dev" if dev else "all",
        kinds=kinds or (),
        sample=sample,
    )
    if not chosen:
        raise UsageError("no question is left after --held, --dev, --kind; ask for fewer restrictions")
    assistant = Assistant.open(index_folder(index), without=frozenset(without or ()))
    outcomes = run(assistant, chosen, Sources(source_folders(sources)))
    console = Console(stderr=as_json)
    if verbose:
        report.print_failures(console, outcomes)
    console.print(report.kinds_table(outcomes))
    console.print(report.closing_line(outcomes), highlight=False)
    if as_json:
        kinds_out = {kind: {n: r.value for n, r in s.rates.items()} for kind, s in by_kind(outcomes).items()}
        whole = summarise(outcomes)
        scores = {"all": {n: r.value for n, r in whole.rates.items()} | whole.figures, "kinds": kinds_out}
        typer.echo(json.dumps(scores, indent=1))

"""The ``ledby eval`` commands."""

from __future__ import annotations

import functools
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer
from typer.core import TyperGroup

from corpus.errors import LedbyError, UsageError

if TYPE_CHECKING:
    from eval.metrics import Ratio
    from eval.questions import Part, Question, Sources
    from eval.run import System
    from eval.session import Opener, Progress, Result
    from index.embed import Embedder

PART_NAMES: tuple[Part, ...] = ("all", "dev", "held")

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
RESULTS = Path(".ledby/eval")
LOG_WIDTH = 160


@group.command("run")
@plain_errors
def run_command(
    questions: Annotated[
        list[Path] | None,
        typer.Argument(help="Question sets (.jsonl) or folders (default: the bundled ones)."),
    ] = None,
    index: Index = None,
    sources: SourcesOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the scores as JSON on stdout.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="List every failure.")] = False,
    part: Annotated[
        str, typer.Option("--part", help="Which questions: all, dev (for tuning) or held (kept out of it).")
    ] = "all",
    held: Annotated[bool, typer.Option("--held", help="Short for --part held.")] = False,
    dev: Annotated[bool, typer.Option("--dev", help="Short for --part dev.")] = False,
    all_: Annotated[bool, typer.Option("--all", help="Short for --part all.")] = False,
    kinds: Annotated[list[str] | None, typer.Option("--kind", help="Only questions of this kind.")] = None,
    styles: Annotated[list[str] | None, typer.Option("--style", help="Only questions of this style.")] = None,
    sample: Annotated[
        int | None, typer.Option("--sample", min=1, help="That many questions, spread over the kinds.")
    ] = None,
    baseline: Annotated[
        bool,
        typer.Option("--baseline/--no-baseline", help="Compare with stock llama-index and plain search."),
    ] = True,
    ablation: Annotated[
        bool, typer.Option("--ablation", help="Run with each part switched off, too.")
    ] = False,
    without: Annotated[
        list[str] | None,
        typer.Option("--without", help="Switch a part off: lexical, dense, rerank, adapted, register..."),
    ] = None,
    folder: Annotated[
        Path, typer.Option("--report", help="Folder for the report, stored results and cached vectors.")
    ] = RESULTS,
    thresholds: Annotated[Path | None, typer.Option("--thresholds", help="File of thresholds.")] = None,
    profile: Annotated[str, typer.Option("--profile", help="Which profile of the thresholds.")] = "default",
) -> None:
    """Score the answers, compare, write a report; exit 1 under the thresholds."""
    from eval.gate import THRESHOLDS, load_thresholds
    from eval.questions import Sources, load, select
    from eval.session import Plan, evaluate
    from index.generation import open_index

    part = _part(part, held=held, dev=dev, all_=all_)
    chosen = select(load(questions or ()), part=part, kinds=kinds or (), styles=styles or (), sample=sample)
    if not chosen:
        raise UsageError("no question is left after --part, --kind and --style; ask for fewer restrictions")
    limits = load_thresholds(thresholds or THRESHOLDS, profile)
    switches, folders, where = _switches(without), source_folders(sources), index_folder(index)
    index_ = open_index(where)
    documents = index_.documents
    plan = Plan(
        questions=chosen,
        sources=Sources(folders, {name: document.text for name, document in documents.items()}),
        documents=documents,
        folder=folder,
        thresholds=limits,
        settings=_settings(part, sample, kinds, styles, questions),
        without=switches,
        baseline=baseline,
        ablation=ablation,
        embedder=index_.embedder,
    )
    with _progress() as progress:
        result = evaluate(plan, _opener(where, index_.embedder), progress)
    _finish(result, folder, as_json=as_json, verbose=verbose)


def _finish(result: Result, folder: Path, *, as_json: bool, verbose: bool) -> None:
    """Shows and writes a result; exits 1 where a threshold is not kept."""
    from rich.console import Console

    from eval import report

    console = Console(stderr=as_json)
    if not console.is_terminal:  # a log has no width of its own; 80 columns would cut every figure
        console = Console(stderr=as_json, width=LOG_WIDTH)
    report.print_result(console, result, failures=verbose)
    _write_report(result, folder)
    if as_json:
        typer.echo(json.dumps(report.scores(result), indent=1, ensure_ascii=False))
    if not result.passed:
        raise typer.Exit(1)


def _part(part: str, *, held: bool, dev: bool, all_: bool) -> Part:
    named = [name for name, chosen in (("held", held), ("dev", dev), ("all", all_)) if chosen] or [part]
    if len(named) > 1:
        raise UsageError(f"--{named[0]} and --{named[1]} exclude each other; give one")
    for known in PART_NAMES:
        if named[0] == known:
            return known
    raise UsageError(f"unknown part {named[0]!r}; use all, dev or held")


def _switches(without: list[str] | None) -> frozenset[str]:
    from eval.session import PARTS

    unknown = sorted(set(without or ()) - set(PARTS))
    if unknown:
        raise UsageError(f"unknown part {unknown[0]!r} in --without; known: {', '.join(PARTS)}")
    return frozenset(without or ())


def _settings(
    part: str,
    sample: int | None,
    kinds: list[str] | None,
    styles: list[str] | None,
    questions: list[Path] | None,
) -> dict[str, str]:
    """What a stored result is kept under besides commit and corpus. Keys (passwords) stay out."""
    ours = {
        name: value for name, value in os.environ.items() if name in ("LEDBY_EMBED_MODEL", "LEDBY_LLM_MODEL")
    }
    names = " ".join(sorted(path.name for path in questions or ()))
    chosen = {"kinds": " ".join(sorted(kinds or ())), "styles": " ".join(sorted(styles or ()))}
    return {**ours, **chosen, "part": part, "sample": str(sample or ""), "questions": names}


def _opener(where: Path, embedder: Embedder | None = None) -> Opener:
    """Opens Ledby on an index with parts switched off; all share one embedding model."""

    def opened(without: frozenset[str]) -> System:
        from eval.watched import Watched

        return Watched.open(where, without=without, embedder=embedder)

    return opened


@contextmanager
def _progress() -> Iterator[Progress]:
    """A progress bar on stderr, one line a step; silent where stderr is not a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
    from rich.progress import Progress as Bars

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Bars(*columns, console=console, transient=True, disable=not console.is_terminal) as shown:

        def step(name: str, count: int) -> Callable[[], None]:
            task = shown.add_task(name, total=count)
            return lambda: shown.advance(task)

        yield step


def _write_report(result: Result, folder: Path) -> None:
    """Writes the report, and the summary where a CI service says that it wants one."""
    from eval import report

    paths = report.write(result, folder)
    typer.echo(f"report: {paths[-1]}", err=True)
    wanted = os.environ.get("GITHUB_STEP_SUMMARY")
    if wanted:
        with Path(wanted).open("a", encoding="utf-8") as file:
            file.write(report.markdown(result))


@group.command("init")
@plain_errors
def init_command(
    out: Annotated[Path, typer.Option("--out", help="The question set to write.")] = Path("questions.jsonl"),
    index: Index = None,
    limit: Annotated[
        int | None, typer.Option("--limit", min=1, help="At most that many of each kind.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over an existing file.")] = False,
) -> None:
    """Draft a question set from the register of your index: leads, plans, indicators, short forms."""
    from eval.draft import as_line, draft
    from index.generation import open_index

    if out.exists() and not force:
        raise UsageError(f"{out} exists; name another file with --out, or write over it with --force")
    opened = open_index(index_folder(index))
    questions = draft(opened.register, opened.documents, limit=limit)
    if not questions:
        raise UsageError(
            "the register of this index is empty: there is nothing to ask; write questions by hand"
        )
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text("".join(as_line(question) + "\n" for question in questions), encoding="utf-8")
    typer.echo(f"{len(questions)} questions in {out}; look them over with: ledby eval check {out} --show")


@group.command("check")
@plain_errors
def check_command(
    questions: Annotated[list[Path] | None, typer.Argument(help="Question sets (.jsonl) or folders.")] = None,
    sources: SourcesOption = None,
    show: Annotated[bool, typer.Option("--show", help="Print each question beside its evidence.")] = False,
) -> None:
    """Prove question sets against the sources: form, evidence, and that every fact stands there; exit 1 if
    not."""
    from eval.questions import Sources, check, load

    chosen = load(questions or ())
    found = Sources(source_folders(sources))
    if show:
        for question in chosen:
            typer.echo(_shown(question, found))
    problems = check(chosen, found)
    for problem in problems:
        typer.echo(f"{problem.question}: {problem.message}")
    held = sum(question.held for question in chosen)
    typer.echo(f"{len(chosen)} questions, {held} held out, {len(problems)} problems")
    if problems:
        raise typer.Exit(1)


def _shown(question: Question, sources: Sources) -> str:
    lines = [f"{question.id} [{question.kind}, {question.style}] {question.question}"]
    lines += [f"  after: {turn}" for turn in question.history]
    lines += [f"  must say: {' or '.join(fact)}" for fact in question.must]
    lines += [f"  must not say: {wrong}" for wrong in question.must_not]
    for item in question.evidence:
        place = (
            f"{item.doc}:{item.lines[0]}-{item.lines[1]}" if item.lines else f"{item.doc} page {item.page}"
        )
        text = (
            sources.stretch(item.doc, item.lines)
            if item.doc in sources and item.lines
            else "(not readable here)"
        )
        lines.append(f"  {place}: {' '.join(text.split())[:400]}")
    return "\n".join([*lines, ""])


Limit = Annotated[int | None, typer.Option("--limit", min=1, help="Only that many questions.")]
Work = Annotated[Path, typer.Option("--work", help="Folder for the collection's files and its index.")]


@group.command("squad")
@plain_errors
def squad_command(
    data: Annotated[Path, typer.Argument(help="A SQuAD 2.0 JSON file.")],
    work: Work = Path(".ledby/eval/squad"),
    limit: Limit = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the scores as JSON.")] = False,
) -> None:
    """Measure finding, answering and declining on a SQuAD 2.0 file."""
    from eval.benchmarks import read_squad, squad_scores
    from eval.questions import Sources
    from eval.run import run

    squad = read_squad(data, limit=limit)
    system = _ingested(squad.files, work)
    with _progress() as progress:
        tick = progress("SQuAD", len(squad.questions))
        outcomes = run(system, squad.questions, Sources([work / "files"]), tick=tick)
    scores = squad_scores(outcomes)
    _print_rates({name: getattr(scores, name) for name in scores.__slots__}, as_json)


@group.command("beir")
@plain_errors
def beir_command(
    corpus: Annotated[Path, typer.Argument(help="corpus.jsonl, or a TREC file of id<tab>text.")],
    queries: Annotated[Path, typer.Argument(help="queries.jsonl, or a TREC file of id<tab>text.")],
    qrels: Annotated[Path, typer.Argument(help="qrels/test.tsv, or a TREC qrels file.")],
    work: Work = Path(".ledby/eval/beir"),
    limit: Limit = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the scores as JSON.")] = False,
) -> None:
    """Measure retrieval on a BEIR or TREC collection."""
    from eval.benchmarks import beir_scores, read_collection

    collection = read_collection(corpus, queries, qrels, limit=limit)
    system = _ingested(collection.files, work)
    _print_rates(beir_scores(collection, system.search), as_json)


def _ingested(files: Mapping[str, str], work: Path) -> System:
    """Ledby over the files of a collection, laid out and indexed in ``work``."""
    from eval.benchmarks import lay_out
    from index.build import ingest

    lay_out(files, work / "files")
    typer.echo(f"indexing {len(files)} files in {work}", err=True)
    ingest([work / "files"], work / "index")
    return _opener(work / "index")(frozenset())


def _print_rates(rates: Mapping[str, Ratio], as_json: bool) -> None:
    if as_json:
        told = {n: {"value": r.value, "part": r.part, "whole": r.whole} for n, r in rates.items()}
        typer.echo(json.dumps(told, indent=1))
        return
    for name, rate in rates.items():
        typer.echo(f"{name:16} {rate}")

"""``python -m eval.bench``: runs every measurement in a fresh process and writes what came of it."""

from __future__ import annotations

import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from corpus.errors import LedbyError, ServiceError
from eval.bench import report
from eval.bench.jobs import Measured
from eval.bench.sizes import LARGE, SIZES, bundled_documents, passage_counts, write_corpus
from eval.questions import load, select

_COLD_RUNS = 3
_ASKED = 320
_MADE = ("text-ledby", "text-stock", "PDF-ledby", "PDF-stock")  # folders of a run, beside one for each size
_COMMAND = "import sys; from app import main; sys.argv[0] = 'ledby'; main()"
_AS_USERS_RUN_IT = {
    "HF_HUB_OFFLINE": "1",
    "ANONYMIZED_TELEMETRY": "False",
    "TOKENIZERS_PARALLELISM": "false",
    "PYTHONDONTWRITEBYTECODE": "",
}


def _python(*arguments: str) -> str:
    """Run Python in a fresh process; what it printed. Raises ServiceError when it fails."""
    run = subprocess.run(
        [sys.executable, *arguments],
        capture_output=True,
        text=True,
        env={**os.environ, **_AS_USERS_RUN_IT},
        check=False,
    )
    if run.returncode:
        raise ServiceError(f"the measurement {' '.join(arguments[:3])} failed: {run.stderr.strip()[-800:]}")
    return run.stdout


def job(name: str, **arguments: Any) -> Measured:
    """What one job measured."""
    made: Measured = json.loads(
        _python("-m", "eval.bench.jobs", name, json.dumps(arguments)).splitlines()[-1]
    )
    return made


def cold(*arguments: str) -> float:
    """Median seconds of fresh processes from start to end, after one that leaves the modules compiled."""
    times = []
    for _ in range(1 + _COLD_RUNS):
        begun = time.perf_counter()
        _python(*arguments)
        times.append(time.perf_counter() - begun)
    return statistics.median(times[1:])


def machine() -> str:
    """The machine in words: system, cores, processor, memory, Python."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    model = next(
        (line.split(":")[1].strip() for line in lines if line.startswith("model name")), platform.machine()
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{platform.system()}, {os.cpu_count()} cores ({model}), {memory:.0f} GB, Python {platform.python_version()}"


def questions() -> list[str]:
    """The questions asked: those of the evaluation without a history, spread over its kinds."""
    chosen = select(load(()), sample=2 * _ASKED)
    return list(dict.fromkeys(one.question for one in chosen if not one.history))[:_ASKED]


def bundled(work: Path) -> dict[str, dict[str, Measured]]:
    """Ingest of the bundled documents as text and as PDF, by both."""
    texts = [str(path) for path in bundled_documents()]
    pdfs = [str(path) for path in sorted(bundled_documents()[0].parent.glob("*.pdf"))]
    told = {}
    for kind, paths in (("text", texts), ("PDF", pdfs)):
        told[kind] = {
            "Ledby": job("ledby_ingest", paths=paths, index=str(work / f"{kind}-ledby")),
            "stock": job("stock_ingest", paths=paths, index=str(work / f"{kind}-stock")),
        }
    return told


def at_size(work: Path, size: int, asked: Sequence[str], soak: int) -> Measured:
    """Everything at one size, by both."""
    folder, pool = work / str(size), str(work / "text-ledby")
    documents = folder / "documents"
    if not documents.exists():
        write_corpus(documents, size, passage_counts(work / "text-ledby"))
    ledby, stock = str(folder / "ledby"), str(folder / "stock")
    made = {
        "Ledby": job("ledby_ingest", paths=[str(documents)], index=ledby, pool=pool),
        "stock": job("stock_ingest", paths=[str(documents)], index=stock, pool=pool),
    }
    warm = {
        "Ledby": job("ledby_ask", index=ledby, questions=list(asked), soak=soak),
        "stock": job("stock_ask", index=stock, questions=list(asked)),
    }
    told: Measured = {"size": size, **{name: _joined(made[name], warm[name]) for name in made}}
    told["Ledby"]["cold_ask_s"] = cold("-c", _COMMAND, "ask", asked[0], "--index", ledby)
    told["Ledby"]["cold_find_s"] = cold("-c", _COMMAND, "find", "strategy", "--index", ledby)
    one = json.dumps({"index": stock, "questions": [asked[0]]})
    told["stock"]["cold_ask_s"] = cold("-m", "eval.bench.jobs", "stock_ask", one)
    return told


def _joined(made: Measured, warm: Measured) -> Measured:
    kept = {key: made[key] for key in ("passages", "disk_mb", "peak_mb", "child_peak_mb")}
    told = {"ingest_s": made["seconds"], **{key: warm[key] for key in ("first_ms", "rss_mb", "own_mb")}}
    steps = {"ingest_steps_s": made["steps"], "cache_mb": made["cache_mb"]} if "steps" in made else {}
    soak = {"soak_mb": warm["soak_mb"]} if "soak_mb" in warm else {}
    return {**kept, **told, **steps, **soak, "warm": report.spread(warm["times_ms"])}


def measure(work: Path, sizes: Sequence[int], soak: int, save: Callable[[Measured], None]) -> Measured:
    """All figures; the soak is at the smallest size of 10,000 and more, else at the largest. ``save`` is given what
    there is after each size."""
    asked = questions()
    soaked = next((size for size in sizes if size >= SIZES[1]), sizes[-1])
    figures: Measured = {"machine": machine(), "when": time.strftime("%Y-%m-%d"), "ingest": bundled(work)}
    told = " ".join([*(f"--size {size}" for size in sizes), f"--soak {soak}"])
    figures |= {"command": f"make bench ARGS='{told}'", "sizes": []}
    for size in sizes:
        typer.echo(f"{size:,} passages", err=True)
        one = at_size(work, size, asked, soak if size == soaked else 0)
        if memory := one["Ledby"].pop("soak_mb", None):
            figures["soak"] = {"questions": soak, "passages": soaked, "memory_mb": memory}
        figures["sizes"].append(one)
        save(figures)
    return figures


def main(
    large: Annotated[
        bool, typer.Option("--large", help="Also a million passages: hours, and 60 GB.")
    ] = False,
    size: Annotated[list[int] | None, typer.Option("--size", help="Only these numbers of passages.")] = None,
    soak: Annotated[int, typer.Option("--soak", help="Questions of the soak; 0 for none.")] = 20_000,
    work: Annotated[Path, typer.Option("--work", help="Folder for corpora and indexes, made anew.")] = Path(
        ".ledby/bench"
    ),
    out: Annotated[Path, typer.Option("--out", help="The figures as JSON.")] = Path(".ledby/bench.json"),
    write: Annotated[Path | None, typer.Option("--write", help="Document to write the tables into.")] = None,
    figures: Annotated[
        Path | None, typer.Option("--figures", help="Measure nothing: show or write these figures.")
    ] = None,
) -> None:
    """Measure, print the tables, write the figures; exit 1 where memory is not flat."""
    try:
        if figures:
            _show(json.loads(figures.read_text(encoding="utf-8")), write)
            return
        _run(sorted(size or (*SIZES, *((LARGE,) if large else ()))), soak, work, out, write)
    except LedbyError as error:
        typer.echo(f"ledby: {error}", err=True)
        raise typer.Exit(2) from error


def _run(sizes: Sequence[int], soak: int, work: Path, out: Path, write: Path | None) -> None:
    work.mkdir(parents=True, exist_ok=True)
    for path in work.iterdir():
        if path.name.isdigit() or path.name in _MADE:
            shutil.rmtree(path)
    out.parent.mkdir(parents=True, exist_ok=True)
    figures = measure(work, sizes, soak, lambda told: _save(out, told))
    _show(figures, write)


def _show(figures: Measured, write: Path | None) -> None:
    typer.echo(report.markdown(figures))
    if write:
        report.write_into(write, figures)
    if figures.get("soak") and not report.is_flat(figures["soak"]["memory_mb"]):
        raise typer.Exit(1)


def _save(out: Path, figures: Measured) -> None:
    out.write_text(json.dumps(figures, indent=1), encoding="utf-8")


if __name__ == "__main__":
    typer.run(main)

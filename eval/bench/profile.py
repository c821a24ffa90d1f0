"""``python -m eval.bench.profile INDEX``: where the time of a warm answer goes, module by module, as a table."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated, Any

import typer

from eval.bench.__main__ import questions

_OURS = ("corpus/", "index/", "assistant/")
_WARM_UP = 20


def main(
    index: Annotated[Path, typer.Argument(help="The index folder.")],
    number: Annotated[int, typer.Option("--questions", help="How many questions.")] = 100,
) -> None:
    """Profile warm answers with pyinstrument, which is in the extra ``dev``."""
    from pyinstrument import Profiler

    from assistant.service import Assistant

    assistant, asked = Assistant.open(index), questions()
    for question in asked[:_WARM_UP]:
        assistant.ask(question)
    with Profiler(interval=0.001) as profiler:
        for question in asked[_WARM_UP : _WARM_UP + number]:
            assistant.ask(question)
    assert profiler.last_session is not None
    times: Counter[str] = Counter()
    _add(times, profiler.last_session.root_frame(), "other")
    typer.echo("\n".join(_lines(times, number)))


def _add(times: Counter[str], frame: Any, owner: str) -> None:
    """Add a frame's own seconds to the module of ours that they were spent for; Chroma is one of its own."""
    path = (frame.file_path_short or "").replace("\\", "/")
    if "chromadb" in path or path.endswith("index/chroma.py"):
        owner = "index/chroma.py and Chroma"
    elif path.startswith(_OURS):
        owner = path
    times[owner] += frame.time - sum(child.time for child in frame.children)
    for child in frame.children:
        _add(times, child, owner)


def _lines(times: Counter[str], number: int) -> list[str]:
    total = sum(times.values())
    rows = [f"| `{name}` | {s / number * 1000:.1f} | {s / total:.0%} |" for name, s in times.most_common(14)]
    return ["| module | ms an answer | share |", "|---|---|---|", *rows]


if __name__ == "__main__":
    typer.run(main)

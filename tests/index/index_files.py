"""Small documents and the ``ledby`` command for the tests of the index."""

from __future__ import annotations

import ctypes
import json
import multiprocessing
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from assistant.commands.cli import run
from corpus.errors import LedbyError
from index.build import ingest
from index.embed import Embedder
from index.generation import open_index

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["sentence_transformers", "chromadb", "bm25s", "index.make", "app"])
"""Processes that begin with the libraries imported, so that a test of many takes seconds and not minutes."""
ROOT = Path(__file__).resolve().parents[2]
PLAN = """---
title: Riverside Delivery Plan
date: 2024-06-12
status: final
---
# Shared outcome 1

| Commitment | Plan | Led by |
| --- | --- | --- |
| Plant more trees | Canopy Plan | Parks Team |
| Open the towpath | Walking Strategy | Harbour Board |

The plan runs until 2028. The Harbour Board reviews it each spring.
"""
NOTES = """# Notes of the Harbour Board

The board met in May 2024. It set aside 3 million pounds for the towpath.
"""
START = "import sys; sys.argv[0] = 'ledby'; from app import main; main()"


@dataclass(frozen=True, slots=True)
class Told:
    """What a command did: its exit code, its output, and what went to stderr."""

    code: int
    out: str
    err: str


def write_documents(folder: Path, **files: str) -> Path:
    """A folder of Markdown documents, by name; the plan and the notes when none is given."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in (files or {"plan": PLAN, "notes": NOTES}).items():
        (folder / f"{name}.md").write_text(text, encoding="utf-8")
    return folder


def ledby(capsys: pytest.CaptureFixture[str], *args: str | Path) -> Told:
    """Run a command in this process."""
    from app import cli

    capsys.readouterr()
    code = run(cli, [str(arg) for arg in args])
    told = capsys.readouterr()
    return Told(code, told.out, told.err)


def ledby_process(
    *args: str | Path, code: str = START, preexec: Callable[[], None] | None = None, **env: str
) -> Told:
    """Run a command in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, args)],
        env=environment(**env),
        capture_output=True,
        text=True,
        timeout=120,
        preexec_fn=preexec,
        check=False,
    )
    return Told(done.returncode, done.stdout, done.stderr)


def environment(**env: str) -> dict[str, str]:
    """The environment of a process that is to find this Ledby and none of the caller's settings."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("LEDBY_")}
    path = os.pathsep.join(filter(None, [str(ROOT), plain.get("PYTHONPATH")]))
    return {**plain, "PYTHONPATH": path, "COLUMNS": "200", **env}


def one_line(error: LedbyError | str) -> str:
    """A message, which must be one plain line."""
    text = str(error).strip("\n")  # the progress bar of an ingest ends with a line break
    assert text and "\n" not in text and "Traceback" not in text, text
    return text


def without_override() -> None:
    """In a new process, before it starts: let file modes hold for the superuser too."""
    drop, override = 24, 1  # PR_CAPBSET_DROP, CAP_DAC_OVERRIDE
    if os.geteuid() == 0 and ctypes.CDLL(None, use_errno=True).prctl(drop, override, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl")


def ingest_process(documents: Path, index: Path, note: Path) -> None:
    """The body of a process: ingest, writing each step beside ``note`` as it begins, and at the end to ``note`` how
    many texts were embedded."""
    import torch

    torch.set_num_threads(1)  # a few texts only: starting threads would take longer than it saves
    steps = note.with_suffix(".steps")

    def progress(step: str, done: int, total: int) -> None:
        with steps.open("a", encoding="utf-8") as file:
            file.write(f"{step}\n")

    summary = ingest([documents], index, embedder=Embedder(), progress=progress)
    unfinished = note.with_suffix(".part")
    unfinished.write_text(json.dumps({"embedded": summary.embedded}), encoding="utf-8")
    unfinished.replace(note)


def limited_process(documents: Path, index: Path, limits: list[int], note: Path) -> None:
    """The body of a process: ingest under each limit on the size of a file; a line for each goes to
    ``note``."""
    embedder, lines = Embedder(), []
    for limit in limits:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
        lines.append(outcome(documents, index, embedder))
    note.write_text("\n".join(lines), encoding="utf-8")


def crowded_process(documents: Path, index: Path, size: int, note: Path) -> None:
    """The body of a process: copy the index to a disk of ``size`` bytes that no other process sees, ingest
    there, and look whether the index still answers."""
    new_namespace = 0x20000
    if ctypes.CDLL(None, use_errno=True).unshare(new_namespace):
        return
    disk = index.parent / "disk"
    disk.mkdir()
    for command in (
        ["mount", "--make-rprivate", "/"],
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "none", str(disk)],
    ):
        if subprocess.run(command, capture_output=True, check=False).returncode:
            return
    shutil.copytree(index, disk / "index")
    told = outcome(documents, disk / "index", Embedder())
    opened = open_index(disk / "index")
    note.write_text(
        f"{told}\n{opened.name} {len(opened.register.entries)} {opened.store.count()}", encoding="utf-8"
    )


def outcome(documents: Path, index: Path, embedder: Embedder) -> str:
    """What comes of an ingest: "built", or its error's kind and message."""
    try:
        ingest([documents], index, embedder=embedder)
    except LedbyError as error:
        return f"{type(error).__name__} {error}"
    return "built"


def numbered(items: int, *, about: str = "list") -> str:
    """A document of many short sections, each one passage."""
    parts = (
        f"## Item {n}\n\nItem {n} of the {about} was agreed on day {n} of the year.\n"
        for n in range(1, items + 1)
    )
    return f"# The {about}\n\n" + "\n".join(parts)

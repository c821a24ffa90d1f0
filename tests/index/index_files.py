"""Small documents and the ``ledby`` command for the tests of the index."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from assistant.cli import run
from corpus.errors import LedbyError

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
        env=environment(**env), capture_output=True, text=True, timeout=120, preexec_fn=preexec, check=False,
    )
    return Told(done.returncode, done.stdout, done.stderr)


def environment(**env: str) -> dict[str, str]:
    """The environment of a process that is to find this Ledby and none of the caller's settings."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("LEDBY_")}
    path = os.pathsep.join(filter(None, [str(ROOT), plain.get("PYTHONPATH")]))
    return {**plain, "PYTHONPATH": path, "COLUMNS": "200", **env}


def one_line(error: LedbyError | str) -> str:
    """A message, which must be one plain line."""
    text = str(error).rstrip("\n")
    assert text and "\n" not in text and "Traceback" not in text, text
    return text

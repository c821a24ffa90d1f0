"""Texts such as public bodies write, all of them invented, each with questions: what Ledby learns from beside the
question sets, so that it knows more than these documents and their askers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

PAIRS = Path(__file__).parent / "pairs"
ANSWERED = Path(__file__).parent / "answered"


class Invented(NamedTuple):
    """A text with questions that it answers, in plain and in everyday words, and that it nearly answers."""

    text: str
    plain: str
    everyday: Sequence[str]
    near: Sequence[str]


def invented(*folders: Path) -> list[Invented]:
    """The texts of the folders, in order."""
    paths = [path for folder in folders for path in sorted(folder.glob("*.jsonl"))]
    told = [json.loads(line) for path in paths for line in path.read_text("utf-8").splitlines()]
    return [Invented(one["text"], one["plain"], one["questions"], one["near"]) for one in told]

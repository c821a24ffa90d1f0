"""The modules of the repository, for tests of how they hang together."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
LAYERS = ("corpus", "ingest", "index", "assistant", "eval", "app")
"""From the bottom up."""
PARTS = (
    *("draft", "contract", "cite", "phrases"),
    *("question", "conversation", "evidence", "lookups", "narrative", "changes", "declining", "wording"),
    *("service", "commands", "web"),
)
"""The modules and packages of the assistant, from the bottom up."""


def modules(*layers: str) -> list[Path]:
    """The Python files of some layers, all of them by default."""
    found = [path for layer in layers or LAYERS for path in (ROOT / layer).rglob("*.py")]
    if "app" in (layers or LAYERS):
        found.append(ROOT / "app.py")
    return sorted(found)


@cache
def tree(path: Path) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def layer(path: Path) -> str:
    """The layer that a file belongs to."""
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def part(name: str) -> str | None:
    """The part of the assistant that a dotted name belongs to, None for another layer's."""
    words = name.split(".")
    return words[1] if words[0] == "assistant" and len(words) > 1 and words[1] in PARTS else None


def imported(path: Path) -> Iterator[tuple[int, str]]:
    """Line and dotted name of every import in a file, also of those inside functions."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            prefix = "." * node.level + (node.module or "")
            yield from ((node.lineno, f"{prefix}.{alias.name}") for alias in node.names)


def strings(path: Path) -> Iterator[tuple[int, str]]:
    """Line and text of every string in a file that is used: docstrings are not."""
    bare = {id(node.value) for node in ast.walk(tree(path)) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in bare:
            yield node.lineno, node.value

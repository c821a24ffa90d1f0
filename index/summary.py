"""What an ingest tells of itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

Progress = Callable[[str, int, int], None]
"""Called with the name of the step, what is done and what there is to do."""


@dataclass(frozen=True, slots=True)
class Line:
    """One document in the summary."""

    document: str
    file: str
    pages: int
    passages: int
    records: int
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Summary:
    """What an ingest did. ``changed`` is False when the index was up to date; ``warnings`` are of no one
    document; ``embedded`` counts the texts that went through the model, ``seconds`` is how long it took."""

    lines: tuple[Line, ...]
    warnings: tuple[str, ...]
    seconds: float
    changed: bool
    embedded: int = 0
    findings: tuple[str, ...] = ()

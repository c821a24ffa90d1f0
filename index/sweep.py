"""Removing what no reader needs: old generations, and what builds left behind that died."""

from __future__ import annotations

import shutil
from pathlib import Path

from corpus.errors import IndexError_, LedbyError
from index.layout import CHROMA, CURRENT, MANIFEST, current_name, generations

KEPT_GENERATIONS = 2
"""The current one and the one before, for readers that still hold it."""


def sweep(directory: Path) -> None:
    """Remove all generations but the last two, and leftovers of dead builds. The index must be held.

    Where nothing tells which generation is current, every one is left: a person may want to look.
    """
    for waiting in directory.glob(f"{CURRENT}.*"):
        waiting.unlink(missing_ok=True)
    try:
        current = current_name(directory)
    except IndexError_:
        return
    for old in _unneeded(directory, current):
        _remove(old)


def _unneeded(directory: Path, current: str | None) -> list[Path]:
    found = generations(directory)
    names = [path.name for path in found]
    at = names.index(current) if current else -1
    whole = [path for path in found[: at + 1] if (path / MANIFEST).is_file()]
    return [path for path in found if path not in whole[-KEPT_GENERATIONS:]]


def _remove(folder: Path) -> None:
    from index.chroma import PassageStore
    from index.generation import collection_of
    from index.settings import settings

    url = settings().chroma_url
    try:
        PassageStore(folder / CHROMA, collection_of(folder), url).drop()
    except LedbyError:  # the server is down; its collection goes the next time, with the folder that names it
        return
    shutil.rmtree(folder, ignore_errors=True)

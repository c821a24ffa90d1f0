"""Which files of a folder are documents."""

from __future__ import annotations

import os
from pathlib import Path

from ingest.readers.kinds import EXTENSIONS, HEAD, kind_by_head

_NOT_DOCUMENTS = frozenset(("README.md", "catalogue.toml"))
_LOCK_FILE = "~$"


def documents_in(path: Path, *, warnings: list[str] | None = None) -> list[Path]:
    """The documents of a folder and its folders, sorted; a file is its own list.

    Hidden files and folders, files named exactly README.md and the catalogue are left out without a word.
    What else is left out adds a line to ``warnings``: links that lead outside the folder or nowhere, files of
    no kind that Ledby reads. Links that lead inside add nothing, since what they lead to is listed itself.
    """
    if not path.is_dir():
        return [path]
    notes = warnings if warnings is not None else []
    root = path.resolve()
    found: list[Path] = []
    for folder, folders, files in os.walk(path):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        here = Path(folder)
        for name in sorted([*folders, *files]):
            entry = here / name
            if name.startswith((".", _LOCK_FILE)) or name in _NOT_DOCUMENTS:
                continue
            if entry.is_symlink():
                _note_link(entry, path, root, notes)
            elif entry.is_file() and _is_document(entry, path, notes):
                found.append(entry)
    return sorted(found)


def _note_link(entry: Path, path: Path, root: Path, notes: list[str]) -> None:
    name = entry.relative_to(path)
    try:
        target = entry.resolve(strict=True)
    except (OSError, RuntimeError):
        notes.append(f"{name}: is a link that leads nowhere; left out.")
        return
    if not target.is_relative_to(root):
        notes.append(f"{name}: is a link that leads outside the folder; left out.")


def _is_document(entry: Path, path: Path, notes: list[str]) -> bool:
    if entry.suffix.lower() in EXTENSIONS:
        return True
    try:
        with entry.open("rb") as file:
            kind = kind_by_head(file.read(HEAD))
    except OSError as error:
        notes.append(f"{entry.relative_to(path)}: cannot be opened ({error.strerror}); left out.")
        return False
    if kind in ("pdf", "html"):
        return True
    notes.append(f"{entry.relative_to(path)}: is not a kind of document that Ledby reads; left out.")
    return False

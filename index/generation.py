"""An index on disk: generations side by side, one of them current.

``DIR/current`` holds the name of the generation that readers open. A build writes a new generation beside it and
then replaces that one file, which the operating system does at once or not at all; so a reader always sees a whole
index, whatever happens to the writer.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from corpus.errors import IndexError_
from corpus.model import Document, Passage, Register
from index import entities, storage
from index.chroma import PassageStore, open_store
from index.embed import Embedder
from index.entities import Entities
from index.lexical import LexicalIndex
from index.settings import settings
from index.tokens import TokenVectors

VERSION = 1
CURRENT = "current"
MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation was made from: Ledby's index version, the model, source files by name, counts, seconds."""

    version: int
    model: str
    files: Mapping[str, Mapping[str, Any]]
    counts: Mapping[str, int]
    seconds: float
    warnings: tuple[str, ...] = ()


class Index:
    """A generation, opened for reading. Parts are loaded when they are first needed."""

    def __init__(self, folder: Path, embedder: Embedder | None = None) -> None:
        self.folder = folder
        self.name = folder.name
        self.manifest = read_manifest(folder)
        self.embedder = embedder or Embedder(settings().embed_model)

    @cached_property
    def _stored(self) -> tuple[dict[str, Document], tuple[Passage, ...], Register]:
        return storage.read(self.folder / "corpus.sqlite")

    @property
    def documents(self) -> dict[str, Document]:
        """Documents by id, in ingest order (the rows of their tables are not kept)."""
        return self._stored[0]

    @property
    def passages(self) -> tuple[Passage, ...]:
        """All passages; a passage's place here is its number in the lexical index and the token vectors."""
        return self._stored[1]

    @property
    def register(self) -> Register:
        """All records."""
        return self._stored[2]

    @cached_property
    def positions(self) -> dict[str, int]:
        """Passage id -> place in ``passages``."""
        return {passage.id: n for n, passage in enumerate(self.passages)}

    @cached_property
    def lexical(self) -> LexicalIndex:
        """BM25 over context and text of passages."""
        return LexicalIndex.load(self.folder / "lexical")

    @cached_property
    def tokens(self) -> TokenVectors:
        """Token vectors of passages."""
        return TokenVectors.load(self.folder / "tokens")

    @cached_property
    def store(self) -> PassageStore:
        """Passage vectors in Chroma."""
        return open_store(self.folder / "chroma", collection_name(self.folder), settings().chroma_url)

    @cached_property
    def entities(self) -> Entities:
        """Names in the register with their vectors."""
        return entities.load(self.folder)


def collection_name(folder: Path) -> str:
    """The Chroma collection of a generation."""
    return f"ledby-{folder.name}"


def open_index(directory: Path, embedder: Embedder | None = None) -> Index:
    """Open the current generation. Raises IndexError_ when there is none or it cannot be used."""
    name = current_name(directory)
    if name is None:
        raise IndexError_(f"There is no index at {directory}; make one with: ledby ingest PATH --index {directory}")
    return Index(directory / name, embedder)


def current_name(directory: Path) -> str | None:
    """The name of the current generation, or None."""
    try:
        name = (directory / CURRENT).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise IndexError_(f"The index at {directory} cannot be read ({error.strerror})") from error
    if not (directory / name / MANIFEST).is_file():
        raise IndexError_(f"The index at {directory} is damaged; run: ledby ingest PATH --rebuild --index {directory}")
    return name


def switch(directory: Path, name: str) -> None:
    """Make generation ``name`` the current one, in one step."""
    waiting = directory / f"{CURRENT}.{os.getpid()}"
    with waiting.open("w", encoding="utf-8") as file:
        file.write(name)
        file.flush()
        os.fsync(file.fileno())
    waiting.replace(directory / CURRENT)


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write a generation's manifest, last of its files."""
    told = {name: getattr(manifest, name) for name in Manifest.__slots__}
    (folder / MANIFEST).write_text(json.dumps(told, indent=1), encoding="utf-8")


def read_manifest(folder: Path) -> Manifest:
    """Read a generation's manifest. Raises IndexError_ when it is unreadable or of another version."""
    try:
        raw = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        manifest = Manifest(**{**raw, "warnings": tuple(raw["warnings"])})
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise IndexError_(f"The index at {folder.parent} is damaged; run: ledby ingest PATH --rebuild") from error
    if manifest.version != VERSION:
        raise IndexError_(
            f"The index at {folder.parent} has version {manifest.version}, this Ledby writes version {VERSION}; "
            "run: ledby ingest PATH --rebuild"
        )
    return manifest

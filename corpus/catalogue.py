"""Reads the catalogue: what each known file is, and which papers a pack holds.

The catalogue is data, not code: a body's own knowledge of its papers (ids, dates, status, families) belongs
here. A ``catalogue.toml`` beside the documents extends or overrides the one that comes with Ledby.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from corpus.errors import CatalogueError

BUNDLED = Path(__file__).with_name("catalogue.toml")
FIELDS = ("id", "title", "short_title", "publisher", "author", "date", "status", "family", "supersedes")
_STATUSES = ("final", "draft", "superseded", "report", "minutes")
_DATE = re.compile(r"^\d{4}(-\d{2}(-\d{2})?)?$")
_ID = re.compile(r"^[a-z0-9][a-z0-9-]*$")


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper inside a pack: it begins at the first line, after the paper before, that begins with
    ``starts``."""

    starts: str
    meta: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Entry:
    """A catalogue entry: a file's name, what is known of it, its papers when it is a pack, and its ``twin``:
    the name of a file that holds the same document and is indexed in its place where both are given."""

    file: str
    meta: Mapping[str, str] = field(default_factory=dict)
    papers: tuple[Paper, ...] = ()
    twin: str | None = None


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Entries by file name."""

    entries: Mapping[str, Entry] = field(default_factory=dict)

    def entry(self, file: str) -> Entry | None:
        """The entry for a file's name, or None."""
        return self.entries.get(file)

    def left_out(self, files: Collection[str]) -> frozenset[str]:
        """Which of the file names are not to be indexed, because their twins are among them."""
        return frozenset(file for file in files if (entry := self.entry(file)) and entry.twin in files)


def read_catalogue(*paths: Path) -> Catalogue:
    """Read the bundled catalogue and then each of ``paths`` that exists; later entries win.

    Raises CatalogueError with file and line number for anything that is not understood.
    """
    entries: dict[str, Entry] = {}
    for path in (BUNDLED, *paths):
        if path.is_file():
            entries.update(_read(path))
    return Catalogue(entries)


def _read(path: Path) -> dict[str, Entry]:
    text = path.read_text(encoding="utf-8")
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError(f"{path.name}: {error}") from None
    for key in data:
        if key != "document":
            raise _wrong(path, text, key, f"unknown table {key!r}; write [[document]]")
    made = [_entry(path, text, raw) for raw in data.get("document", [])]
    return {entry.file: entry for entry in made}


def _entry(path: Path, text: str, raw: dict[str, object]) -> Entry:
    file = raw.get("file")
    if not isinstance(file, str) or not file:
        raise _wrong(path, text, str(raw.get("id", "[[document]]")), 'a document needs file = "name"')
    papers = raw.get("paper", [])
    made = []
    for paper in papers if isinstance(papers, list) else []:
        starts = paper.get("starts")
        if not isinstance(starts, str) or not starts:
            raise _wrong(path, text, str(paper.get("id", file)), 'a paper needs starts = "its first words"')
        made.append(Paper(starts, _meta(path, text, paper, {"starts"})))
    meta = _meta(path, text, raw, {"file", "paper", "twin"})
    return Entry(file, meta, tuple(made), _twin(path, text, file, raw))


def _twin(path: Path, text: str, file: str, raw: dict[str, object]) -> str | None:
    twin = raw.get("twin")
    if twin is None:
        return None
    if not isinstance(twin, str) or not twin or twin == file:
        raise _wrong(path, text, "twin", "twin must be the name of another file")
    return twin


def _meta(path: Path, text: str, raw: dict[str, object], beside: set[str]) -> dict[str, str]:
    meta = {}
    for key, value in raw.items():
        if key in beside:
            continue
        if key not in FIELDS:
            raise _wrong(path, text, key, f"unknown field {key!r}; known are {', '.join(FIELDS)}")
        meta[key] = _checked(path, text, key, str(value))
    return meta


def _checked(path: Path, text: str, key: str, value: str) -> str:
    if key == "status" and value not in _STATUSES:
        raise _wrong(path, text, value, f"status {value!r} is none of {', '.join(_STATUSES)}")
    if key == "date" and not _DATE.match(value):
        raise _wrong(path, text, value, f"date {value!r} is not YYYY, YYYY-MM or YYYY-MM-DD")
    if key == "id" and not _ID.match(value):
        raise _wrong(path, text, value, f"id {value!r} may have small letters, digits and hyphens only")
    return value


def _wrong(path: Path, text: str, near: str, message: str) -> CatalogueError:
    """The error for the first line that holds ``near``."""
    at = text.find(near)
    return CatalogueError(f"{path.name}, line {text.count(chr(10), 0, max(at, 0)) + 1}: {message}")

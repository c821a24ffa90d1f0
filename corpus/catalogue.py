"""Reads the catalogue: what each known file is, and which papers a pack holds.

The catalogue is data, not code: a body's own knowledge of its papers (ids, dates, status, families) belongs
here. A ``catalogue.toml`` beside the documents extends or overrides the one that comes with Ledby.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from corpus.errors import CatalogueError

BUNDLED = Path(__file__).with_name("catalogue.toml")
FIELDS = ("id", "title", "short_title", "publisher", "author", "date", "status", "family", "supersedes")
_STATUSES = ("final", "draft", "superseded", "report", "minutes")
_DATE = re.compile(r"^\d{4}(-\d{2}(-\d{2})?)?$")
_ID = re.compile(r"^[a-z0-9][a-z0-9-]*$")
_TABLE = re.compile(r"\s*\[\[\s*[\"']?(document(?:[\"']?\s*\.\s*[\"']?paper)?)[\"']?\s*\]\]")
_PLACE = re.compile(r"\s*\((?:at line (\d+), column \d+|at end of document)\)")


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
    told = _Told(path, _text(path))
    try:
        data = tomllib.loads(told.text)
    except tomllib.TOMLDecodeError as error:
        raise _not_toml(told, str(error)) from None
    for key in data:
        if key != "document":
            raise told.wrong(f"unknown table {key!r}; write [[document]]", key=key)
    entries: dict[str, Entry] = {}
    for n, raw in enumerate(_tables(told, data, "document", 0)):
        entry = _entry(told, raw, n + 1)
        if entry.file in entries:
            raise told.wrong(f"there is an entry for {entry.file!r} already", n + 1, key="file")
        entries[entry.file] = entry
    return entries


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise CatalogueError(f"{path.name}, line {line}: is not UTF-8; save the file as UTF-8") from None
    except OSError as error:
        raise CatalogueError(f"{path.name}: cannot be opened ({error.strerror or error})") from None


def _not_toml(told: _Told, message: str) -> CatalogueError:
    place = _PLACE.search(message)
    line = int(place.group(1)) if place and place.group(1) else told.text.count("\n") + 1
    return CatalogueError(f"{told.path.name}, line {line}: {_PLACE.sub('', message).strip()}")


@dataclass(frozen=True, slots=True)
class _Told:
    """A catalogue's text, to say on which line of it something is wrong."""

    path: Path
    text: str

    def wrong(self, message: str, document: int = 0, paper: int = 0, *, key: str = "") -> CatalogueError:
        """The error for ``key`` of the given document and paper (counted from 1; 0 is outside of any)."""
        return CatalogueError(f"{self.path.name}, line {self._line(document, paper, key)}: {message}")

    def _line(self, document: int, paper: int, key: str) -> int:
        """The line of the key, else of its table, else, for tables written in line, the first with the key."""
        here, header = [0, 0], 1
        sets = re.compile(rf"\s*[\"']?{re.escape(key)}[\"']?\s*[=.]") if key else None
        lines = self.text.split("\n")
        for number, line in enumerate(lines, 1):
            table = _TABLE.match(line)
            if table:
                here = [here[0], here[1] + 1] if "." in table.group(1) else [here[0] + 1, 0]
                header = number if here == [document, paper] else header
            if here == [document, paper] and sets and sets.match(line):
                return number
            if not document and key and re.match(rf"\s*\[+\s*[\"']?{re.escape(key)}\b", line):
                return number
        return header if header > 1 else next((n for n, line in enumerate(lines, 1) if key in line), 1)


def _tables(told: _Told, raw: Mapping[str, object], key: str, document: int) -> list[dict[str, object]]:
    found = raw.get(key, [])
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        name = key if not document else f"document.{key}"
        raise told.wrong(f"{key} must be a list of tables; write [[{name}]]", document, key=key)
    return found


def _entry(told: _Told, raw: dict[str, object], n: int) -> Entry:
    file = raw.get("file")
    if not isinstance(file, str) or not file:
        raise told.wrong('a document needs file = "name"', n, key="file")
    made = []
    for m, paper in enumerate(_tables(told, raw, "paper", n), 1):
        starts = paper.get("starts")
        if not isinstance(starts, str) or not starts.strip():
            raise told.wrong('a paper needs starts = "its first words"', n, m, key="starts")
        made.append(Paper(starts, _meta(told, paper, {"starts"}, n, m)))
    meta = _meta(told, raw, {"file", "paper", "twin"}, n, 0)
    return Entry(file, meta, tuple(made), _twin(told, file, raw, n))


def _twin(told: _Told, file: str, raw: dict[str, object], n: int) -> str | None:
    twin = raw.get("twin")
    if twin is None:
        return None
    if not isinstance(twin, str) or not twin or twin == file:
        raise told.wrong("twin must be the name of another file", n, key="twin")
    return twin


def _meta(told: _Told, raw: dict[str, object], beside: set[str], n: int, m: int) -> dict[str, str]:
    meta = {}
    for key, value in raw.items():
        if key in beside:
            continue
        fault = _fault(key, value)
        if fault:
            raise told.wrong(fault, n, m, key=key)
        meta[key] = str(value)
    return meta


def _fault(key: str, value: object) -> str | None:
    """What is wrong with a field, or None."""
    if key not in FIELDS:
        return f"unknown field {key!r}; known are {', '.join(FIELDS)}"
    if isinstance(value, bool) or not isinstance(value, str | int | date) or not str(value).strip():
        return f'{key} must be text in quotation marks, such as {key} = "..."'
    if key == "status" and value not in _STATUSES:
        return f"status {value!r} is none of {', '.join(_STATUSES)}"
    if key == "date" and not _is_date(str(value)):
        return f"date {str(value)!r} is not YYYY, YYYY-MM or YYYY-MM-DD"
    if key in ("id", "family", "supersedes") and not _ID.match(str(value)):
        return f"{key} {value!r} may have small letters, digits and hyphens only"
    return None


def _is_date(text: str) -> bool:
    if not _DATE.match(text):
        return False
    try:
        date.fromisoformat(text + "-01-01"[: 10 - len(text)] if len(text) < 10 else text)
    except ValueError:
        return False
    return True

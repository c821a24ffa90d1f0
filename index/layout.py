"""An index on disk: generations side by side, one of them current.

``DIR/current`` holds the name of the generation that readers open. A build writes a new generation beside it
and then replaces that one file, which the operating system does at once or not at all; so a reader always
sees a whole index, whatever happens to the writer. The manifest, written last, lists every file of its
generation with size and checksum. Nothing heavy is imported here: an ingest that finds nothing changed reads
no further.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from corpus.errors import IndexError_

VERSION = 1
CURRENT = "current"
MANIFEST = "manifest.json"
COLLECTION = "collection"
CHROMA = "chroma"
WORDS = "words.txt"
LOWER = "lower.txt"
VECTORS = "cache/vectors.sqlite"
_NAME = re.compile(r"gen-(\d{6,})")
_CHROMA_NOTES = "chroma.sqlite3"  # Chroma notes each opening here: the size stays, the content does not
_CHROMA_GRAPH = "index_metadata.pickle"  # stands beside a graph that was written out whole


@dataclass(frozen=True, slots=True)
class Part:
    """A file of a generation as it was written: ``size`` in bytes; ``sum`` is its SHA-256, or "" where it may
    change when it is read."""

    size: int
    sum: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation was made from and of.

    ``files`` are the source files by name, each with its ``key`` (content, catalogue entry and reading code)
    and the ``lines`` of the summary; ``code`` is the digest of the code that built it; ``served`` tells that
    its vectors are on a Chroma server; ``parts`` are its own files by path within the generation.
    """

    version: int
    model: str
    files: Mapping[str, Mapping[str, Any]]
    counts: Mapping[str, int]
    seconds: float
    warnings: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()
    code: str = ""
    served: bool = False
    parts: Mapping[str, Part] = field(default_factory=dict)


def damaged(directory: Path, why: str) -> IndexError_:
    """The error for an index that cannot be used as it is on disk; names the way out."""
    return IndexError_(
        f"The index at {directory} is damaged ({why}); run: ledby ingest PATH --rebuild --index {directory}"
    )


def is_generation(name: str) -> bool:
    """Whether a name in an index folder is that of a generation."""
    return bool(_NAME.fullmatch(name))


def generations(directory: Path) -> list[Path]:
    """The folders of all generations, whole or not, oldest first."""
    found = [path for path in directory.glob("gen-*") if is_generation(path.name)]
    return sorted(found, key=lambda path: int(path.name[4:]))


def current_name(directory: Path) -> str | None:
    """The name of the current generation, or None where there has never been one.

    Raises IndexError_ when there is an index but nothing tells which generation is current.
    """
    try:
        name = (directory / CURRENT).read_bytes().decode("ascii", "replace").strip()
    except FileNotFoundError:
        if generations(directory):
            raise damaged(directory, f"the file {CURRENT!r} is missing") from None
        return None
    except OSError as error:
        raise IndexError_(
            f"The index at {directory} cannot be read ({error.strerror}); choose another with --index, "
            "or run: ledby ingest PATH --rebuild"
        ) from error
    if not is_generation(name):
        raise damaged(directory, f"the file {CURRENT!r} names no generation")
    if not (directory / name / MANIFEST).is_file():
        raise damaged(directory, f"{name}/{MANIFEST} is missing")
    return name


def switch(directory: Path, name: str) -> None:
    """Make generation ``name`` the current one, in one step."""
    waiting = directory / f"{CURRENT}.{os.getpid()}"
    with waiting.open("w", encoding="ascii") as file:
        file.write(name)
        file.flush()
        os.fsync(file.fileno())
    waiting.replace(directory / CURRENT)
    _settle(directory)


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write a generation's manifest, last of its files, and wait until it is on the disk."""
    told = {one.name: getattr(manifest, one.name) for one in fields(manifest)}
    told["parts"] = {name: [part.size, part.sum] for name, part in manifest.parts.items()}
    with (folder / MANIFEST).open("w", encoding="utf-8") as file:
        json.dump(told, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    _settle(folder)


def read_manifest(folder: Path) -> Manifest:
    """Read a generation's manifest. Raises IndexError_ when it is unreadable or of another version."""
    try:
        raw = json.loads((folder / MANIFEST).read_bytes())
        version = int(raw["version"])
    except (OSError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise damaged(folder.parent, f"{folder.name}/{MANIFEST} cannot be read") from error
    if version != VERSION:
        raise IndexError_(
            f"The index at {folder.parent} has version {version}, this Ledby reads version {VERSION}; "
            f"run: ledby ingest PATH --rebuild --index {folder.parent}"
        )
    try:
        return _manifest(raw)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise damaged(folder.parent, f"{folder.name}/{MANIFEST} is not what Ledby writes") from error


def _manifest(raw: dict[str, Any]) -> Manifest:
    parts = {name: Part(int(size), str(sum_)) for name, (size, sum_) in raw.get("parts", {}).items()}
    made = Manifest(
        **{
            **raw,
            "warnings": tuple(raw["warnings"]),
            "findings": tuple(raw.get("findings", ())),
            "parts": parts,
        }
    )
    for file in made.files.values():
        str(file["key"]), list(file["lines"])
    dict(made.counts)
    return made


def seal(folder: Path) -> dict[str, Part]:
    """Size and checksum of every file of a generation, each flushed to the disk on the way."""
    made = {}
    for path in _files(folder):
        with path.open("rb") as file:
            os.fsync(file.fileno())
            sum_ = "" if _may_change(path, folder) else hashlib.file_digest(file, "sha256").hexdigest()
        made[path.relative_to(folder).as_posix()] = Part(path.stat().st_size, sum_)
    for inner in [path for path in folder.rglob("*") if path.is_dir()]:
        _settle(inner)
    return made


def ill_sized(folder: Path, manifest: Manifest, under: str = "") -> Iterator[str]:
    """One line for each file below ``under`` that is missing or not of the size that was written."""
    for name, part in manifest.parts.items():
        if name != under and not name.startswith(f"{under}/" if under else ""):
            continue
        try:
            size = (folder / name).stat().st_size
        except OSError:
            yield f"{folder.name}/{name} is missing"
            continue
        if size != part.size:
            yield f"{folder.name}/{name} has {size} bytes, {part.size} were written"


def changed_parts(folder: Path, manifest: Manifest) -> Iterator[str]:
    """One line for each file of the right size that does not hold what was written."""
    for name, part in manifest.parts.items():
        path = folder / name
        if not part.sum or not path.is_file() or path.stat().st_size != part.size:
            continue
        with path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != part.sum:
                yield f"{folder.name}/{name} does not hold what was written"


def _may_change(path: Path, folder: Path) -> bool:
    """Whether Chroma may write to a file when it is read: to its notes, and to a graph of a single
    passage."""
    if path.name == _CHROMA_NOTES:
        return True
    return path.is_relative_to(folder / CHROMA) and not path.with_name(_CHROMA_GRAPH).is_file()


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and path != folder / MANIFEST)


def _settle(folder: Path) -> None:
    """Wait until the names in a folder are on the disk, where the system can tell."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

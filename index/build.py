"""Builds an index: files -> documents -> register and passages -> a new generation, switched in when it is whole.

Incremental by content: a file that was read before is taken from the cache of read files, a text that was embedded
before from the vector cache. With nothing changed nothing is built.
"""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from corpus.catalogue import Catalogue, read_catalogue
from corpus.errors import BusyError, DocumentError, IndexError_, LedbyError, UsageError
from corpus.model import Document, Passage, Register
from index import entities, storage
from index.chroma import as_matrix, drop_store, open_store
from index.embed import Embedder
from index.generation import (
    VERSION,
    Manifest,
    collection_name,
    current_name,
    read_manifest,
    switch,
    write_manifest,
)
from index.lexical import LexicalIndex
from index.settings import Settings, settings
from index.tokens import TokenVectors
from index.vectors import VectorCache
from ingest.passages import passages_of
from ingest.read import documents_of
from ingest.readers import documents_in, read_sources
from ingest.register import build_register

READING = 1  # raise when reading, passages or the register change what they make of the same file
_KEPT_GENERATIONS = 2

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
    """What an ingest did. ``changed`` is False when the index was up to date; ``warnings`` are of no one document."""

    lines: tuple[Line, ...]
    warnings: tuple[str, ...]
    seconds: float
    changed: bool
    embedded: int = 0
    findings: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class _File:
    path: Path
    name: str
    digest: str


def ingest(
    paths: Sequence[Path],
    directory: Path,
    *,
    keep: bool = False,
    rebuild: bool = False,
    progress: Progress = lambda *_: None,
    embedder: Embedder | None = None,
) -> Summary:
    """Make the index at ``directory`` hold exactly the documents at ``paths`` (with ``keep``: those as well).

    Raises UsageError for paths with no documents, BusyError when another ingest holds the index, and IndexError_
    when the folder cannot be written.
    """
    begun = time.monotonic()
    warnings: list[str] = []
    files = _files(paths, warnings)
    with _held(directory):
        builder = _Builder(directory, embedder or Embedder(settings().embed_model), progress, begun, warnings)
        catalogue = read_catalogue(*_catalogues(paths))
        return builder.run(_without_twins(files, catalogue), catalogue, keep=keep, rebuild=rebuild)


def _files(paths: Sequence[Path], warnings: list[str]) -> list[_File]:
    found: dict[str, _File] = {}
    for path in paths:
        if not path.exists():
            raise UsageError(f"{path} does not exist; give a document or a folder of documents")
        for one in documents_in(path, warnings=warnings):
            if one.name == "catalogue.toml":
                continue
            name = one.name if one.name not in found else str(one.relative_to(path.parent))
            found[name] = _File(one, name, _digest(one))
    if not found:
        told = "; ".join(warnings)
        raise UsageError(f"No documents in {', '.join(map(str, paths))}" + (f" ({told})" if told else "")
                         + "; Ledby reads PDF, Word, HTML, Markdown and text")
    return list(found.values())


def _without_twins(files: list[_File], catalogue: Catalogue) -> list[_File]:
    left_out = catalogue.left_out({file.path.name for file in files})
    return [file for file in files if file.path.name not in left_out]


def _catalogues(paths: Sequence[Path]) -> list[Path]:
    return [path / "catalogue.toml" for path in paths if path.is_dir()]


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return "unreadable"


class _held:  # noqa: N801
    """Holds an index for writing; maps what the disk says to one plain line."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def __enter__(self) -> None:
        try:
            self._directory.mkdir(parents=True, exist_ok=True)
            self._lock = FileLock(self._directory / "ingest.lock")
            self._lock.acquire(timeout=0)
        except Timeout:
            raise BusyError(f"Another ingest is writing {self._directory}; try again when it has ended") from None
        except OSError as error:
            raise IndexError_(f"{self._directory} cannot be written ({error.strerror}); choose another with --index"
                              ) from error

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        self._lock.release()
        if isinstance(error, sqlite3.OperationalError | OSError) and not isinstance(error, LedbyError):
            reason = error.strerror if isinstance(error, OSError) else str(error)
            raise IndexError_(f"The index at {self._directory} could not be written ({reason}); the one before "
                              "is still in use") from error


class _Builder:
    def __init__(
        self, directory: Path, embedder: Embedder, progress: Progress, begun: float, warnings: list[str]
    ) -> None:
        self.directory = directory
        self.embedder = embedder
        self.progress = progress
        self.begun = begun
        self.warnings = warnings
        self.settings: Settings = settings()

    def run(self, files: list[_File], catalogue: Catalogue, *, keep: bool, rebuild: bool) -> Summary:
        if rebuild:
            shutil.rmtree(self.directory / "cache", ignore_errors=True)
        before = None if rebuild else self._before()
        wanted = {file.name: self._key(file, catalogue) for file in files}
        kept = {n: f for n, f in before.files.items() if keep and n not in wanted} if before else {}
        if before and dict(before.files.items()) == {**kept, **self._told(wanted, before)}:
            return self._unchanged(before)
        documents = self._documents(files, wanted, catalogue, kept)
        return self._write(documents, self._all_files(wanted, kept, documents))

    def _before(self) -> Manifest | None:
        try:
            name = current_name(self.directory)
            found = read_manifest(self.directory / name) if name else None
        except IndexError_ as error:
            self.warnings.append(f"{error}; built anew")
            return None
        return found if found and found.model == self.embedder.name else None

    def _key(self, file: _File, catalogue: Catalogue) -> str:
        told = repr((READING, file.name, catalogue.entry(file.path.name)))
        return hashlib.sha256(f"{file.digest}{told}".encode()).hexdigest()

    def _told(self, wanted: Mapping[str, str], before: Manifest) -> dict[str, Any]:
        return {n: before.files[n] for n, key in wanted.items() if before.files.get(n, {}).get("key") == key} | {
            n: None for n, key in wanted.items() if before.files.get(n, {}).get("key") != key
        }

    def _unchanged(self, before: Manifest) -> Summary:
        lines = [Line(**line) for file in before.files.values() for line in file["lines"]]
        self.warnings.extend(before.warnings)
        return Summary(tuple(lines), tuple(dict.fromkeys(self.warnings)), time.monotonic() - self.begun, False)

    def _documents(
        self, files: list[_File], wanted: Mapping[str, str], catalogue: Catalogue, kept: Mapping[str, Any]
    ) -> dict[str, tuple[Document, ...]]:
        """Documents by file name, read now or taken from the cache of read files."""
        cache = _ReadCache(self.directory / "cache" / "files.sqlite")
        found = {name: documents for name, key in wanted.items() if (documents := cache.get(key))}
        found |= {name: documents for name, file in kept.items() if (documents := cache.get(file["key"]))}
        missing = {file.path: file for file in files if file.name not in found}
        limits = {"timeout_s": self.settings.file_seconds, "memory_mb": self.settings.file_megabytes}
        for done, (path, source) in enumerate(read_sources(missing, **limits), 1):  # type: ignore[arg-type]
            self.progress("Reading", done, len(missing))
            file = missing[path]
            if isinstance(source, DocumentError):
                self.warnings.append(str(source))
                continue
            made = documents_of(source, catalogue)
            if made:
                cache.put(wanted[file.name], made)
                found[file.name] = made
            else:
                self.warnings.append(f"{file.name}: has no text")
        cache.close()
        if not found:
            raise UsageError("No document could be read: " + "; ".join(self.warnings))
        order = [*kept, *wanted]
        return _unique({name: found[name] for name in order if name in found})

    def _all_files(
        self, wanted: Mapping[str, str], kept: Mapping[str, Any], documents: Mapping[str, tuple[Document, ...]]
    ) -> dict[str, str]:
        keys = {**{n: f["key"] for n, f in kept.items()}, **wanted}
        return {name: key for name, key in keys.items() if name in documents or name in wanted}

    def _write(self, by_file: Mapping[str, tuple[Document, ...]], files: Mapping[str, str]) -> Summary:
        documents = [document for group in by_file.values() for document in group]
        self.progress("Register", 0, 1)
        register = build_register(documents)
        self.progress("Register", 1, 1)
        passages = [passage for document in documents for passage in passages_of(document)]
        if not passages:
            raise UsageError("The documents hold no text that could be indexed: " + "; ".join(self.warnings))
        lines = _summary_lines(by_file, passages, register)
        folder = self._new_folder()
        try:
            embedded = self._fill(folder, documents, passages, register)
            told = {name: {"key": key, "lines": lines.get(name, [])} for name, key in files.items()}
            counts = {"documents": len(documents), "passages": len(passages), "records": len(register.records())}
            seconds = time.monotonic() - self.begun
            model = self.embedder.name
            write_manifest(folder, Manifest(VERSION, model, told, counts, seconds, tuple(self.warnings)))
            switch(self.directory, folder.name)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        self._sweep()
        flat = tuple(Line(**line) for group in lines.values() for line in group)
        findings = tuple(f"{f.document}: {f.message}" for f in register.findings)
        return Summary(flat, tuple(self.warnings), time.monotonic() - self.begun, True, embedded, findings)

    def _fill(
        self, folder: Path, documents: Sequence[Document], passages: Sequence[Passage], register: Register
    ) -> int:
        texts = [embedded_text(passage) for passage in passages]
        names = entities.entities_of(register)
        cache = VectorCache(self.directory / "cache" / "vectors.sqlite", self.embedder)
        todo, done = len({*texts, *(name.text for name in names)}), 0

        def step(count: int) -> None:
            nonlocal done
            done += count
            self.progress("Embedding", done, todo)

        embedded = cache.ensure([*texts, *(name.text for name in names)], step)
        self.progress("Writing", 0, 1)
        stored = list(cache.get(texts))
        projection = cache.projection()
        assert projection is not None
        storage.write(folder / "corpus.sqlite", documents, passages, register)
        LexicalIndex.build(texts).save(folder / "lexical")
        TokenVectors.build(folder / "tokens", stored, projection)
        named = list(cache.get([name.text for name in names]))
        entities.save(folder, names, as_matrix([one.vector for one in named]))
        if named:
            TokenVectors.build(folder / "entity-tokens", named, projection)
        store = open_store(folder / "chroma", collection_name(folder), self.settings.chroma_url, create=True)
        store.add(passages, as_matrix([one.vector for one in stored]))
        store.close()
        cache.close()
        self.progress("Writing", 1, 1)
        return embedded

    def _new_folder(self) -> Path:
        numbers = [int(p.name[4:]) for p in self.directory.glob("gen-*") if p.name[4:].isdigit()]
        folder = self.directory / f"gen-{max(numbers, default=0) + 1:06d}"
        folder.mkdir()
        return folder

    def _sweep(self) -> None:
        """Remove all but the newest generations; the one before stays for readers that still hold it."""
        for old in sorted(self.directory.glob("gen-*"))[:-_KEPT_GENERATIONS]:
            drop_store(old, collection_name(old), self.settings.chroma_url)
            shutil.rmtree(old, ignore_errors=True)


def embedded_text(passage: Passage) -> str:
    """What of a passage is embedded and searched: its context, a line break, its text as a reader sees it."""
    return f"{passage.context}\n{passage.text}"


def _unique(by_file: Mapping[str, tuple[Document, ...]]) -> dict[str, tuple[Document, ...]]:
    """Give a document whose id another file has already taken an id with its file's name in it."""
    from dataclasses import replace

    from corpus.text import slug

    taken: set[str] = set()
    out = {}
    for name, group in by_file.items():
        fresh = tuple(d if d.id not in taken else replace(d, id=f"{d.id}-{slug(name)}") for d in group)
        taken |= {d.id for d in fresh}
        out[name] = fresh
    return out


def _summary_lines(
    by_file: Mapping[str, tuple[Document, ...]], passages: Iterable[Passage], register: Register
) -> dict[str, list[dict[str, Any]]]:
    counts: dict[str, int] = {}
    records: dict[str, int] = {}
    for passage in passages:
        counts[passage.document] = counts.get(passage.document, 0) + 1
    for record in register.records():
        records[record.document] = records.get(record.document, 0) + 1
    return {
        name: [
            {"document": d.id, "file": d.file, "pages": len(d.pages), "passages": counts.get(d.id, 0),
             "records": records.get(d.id, 0), "warnings": d.warnings}
            for d in group
        ]
        for name, group in by_file.items()
    }


class _ReadCache:
    """Documents as read, by content and catalogue entry."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path)
        self._db.execute("CREATE TABLE IF NOT EXISTS files (key TEXT, position INTEGER, body TEXT)")

    def get(self, key: str) -> tuple[Document, ...]:
        rows = self._db.execute("SELECT body FROM files WHERE key = ? ORDER BY position", (key,))
        return tuple(storage.load_document(body) for (body,) in rows)

    def put(self, key: str, documents: Sequence[Document]) -> None:
        with self._db:
            self._db.execute("DELETE FROM files WHERE key = ?", (key,))
            rows = ((key, n, storage.dump_document(d)) for n, d in enumerate(documents))
            self._db.executemany("INSERT INTO files VALUES (?,?,?)", rows)

    def close(self) -> None:
        self._db.close()

"""Makes a generation of documents: reads what is new, builds the register and the passages, writes every
part."""

from __future__ import annotations

import shutil
import sqlite3
import time
import uuid
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

from corpus.catalogue import Catalogue
from corpus.errors import DocumentError, UsageError
from corpus.model import Document, Passage, Register
from corpus.text import slug
from index import entities, storage
from index.cachefile import discard, is_damage
from index.chroma import as_matrix, open_store, require_server
from index.embed import Embedder
from index.generation import collection_of
from index.inputs import File, built_by, failed_key
from index.layout import (
    CHROMA,
    COLLECTION,
    LOWER,
    VECTORS,
    VERSION,
    WORDS,
    Manifest,
    generations,
    seal,
    switch,
    write_manifest,
)
from index.lexical import LexicalIndex, known_words, lower_words, write_words
from index.readcache import ReadCache
from index.settings import settings
from index.summary import Line, Progress, Summary
from index.sweep import sweep
from index.tokens import TokenVectors, TokenWriter
from index.vectors import VectorCache
from ingest.passages import passages_of
from ingest.read import documents_of
from ingest.readers import read_sources
from ingest.register import build_register

_AT_ONCE = 1000  # passages whose vectors are in memory at a time


@dataclass(frozen=True, slots=True)
class Work:
    """What to build: the files given, what is known of them, the files kept from ``before``, the generation
    that is current now (None where there is none to go by)."""

    files: Sequence[File]
    catalogue: Catalogue
    kept: Mapping[str, Mapping[str, Any]]
    before: Manifest | None


@dataclass(frozen=True, slots=True)
class _Made:
    """What was read: documents by file, in order, and everything made of them."""

    by_file: Mapping[str, tuple[Document, ...]]
    keys: Mapping[str, str]
    documents: Sequence[Document]
    passages: Sequence[Passage]
    register: Register


class Build:
    """One build into ``directory``, which is held. ``fresh`` forgets what was read and checks every stored
    vector."""

    def __init__(
        self,
        directory: Path,
        embedder: Embedder,
        progress: Progress,
        begun: float,
        warnings: list[str],
        *,
        fresh: bool = False,
    ) -> None:
        self._directory, self._embedder, self._progress = directory, embedder, progress
        self._begun, self._warnings, self._fresh = begun, warnings, fresh
        self._settings = settings()
        self._reads = directory / "cache" / "files.sqlite"
        self._vectors = directory / VECTORS

    def run(self, work: Work) -> Summary:
        """Read, build, write, switch, sweep."""
        if self._settings.chroma_url:
            require_server(self._settings.chroma_url)
        sweep(self._directory)
        if self._fresh:
            discard(self._reads)
            self._mend()
        made = self._read(work)
        lines = _lines(made)
        embedded = self._write(made, lines)
        self._tidy(made, work.before)
        findings = tuple(f"{f.document}: {f.kind}: {f.message}" for f in made.register.findings)
        told = tuple(line for group in lines.values() for line in group)
        return Summary(told, tuple(self._warnings), self._seconds(), True, embedded, findings)

    def _mend(self) -> None:
        """Forget stored vectors that are damaged; embedding is the expensive part, so the sound ones stay."""
        try:
            with closing(VectorCache(self._vectors, self._embedder, self._warnings)) as cache:
                forgotten = cache.mend()
        except sqlite3.DatabaseError as error:
            self._discard_vectors(error)
        else:
            if forgotten:
                self._warnings.append(f"{forgotten} damaged vectors in the cache are made anew")

    def _discard_vectors(self, error: sqlite3.DatabaseError) -> None:
        if not is_damage(error):
            raise error
        discard(self._vectors)
        self._warnings.append(f"The cache {self._vectors.name} was damaged and is made anew")

    def _read(self, work: Work) -> _Made:
        with closing(ReadCache(self._reads, self._warnings)) as cache:
            found = {file.name: documents for file in work.files if (documents := cache.get(file.key))}
            for name, file in work.kept.items():
                if documents := cache.get(str(file["key"])):
                    found[name] = documents
                elif file["lines"]:
                    self._warnings.append(
                        f"{name}: kept no longer, since what was read of it is lost; give it again"
                    )
            self._read_missing(
                [file for file in work.files if file.name not in found], work.catalogue, cache, found
            )
        if not found:
            raise UsageError("No document could be read: " + "; ".join(self._warnings))
        order = [*work.kept, *(file.name for file in work.files)]
        return self._make(
            _unique({name: found[name] for name in order if name in found}), self._keys(work, found)
        )

    def _read_missing(
        self,
        files: Sequence[File],
        catalogue: Catalogue,
        cache: ReadCache,
        found: dict[str, tuple[Document, ...]],
    ) -> None:
        missing = {file.path: file for file in files}
        limits: Any = {"timeout_s": self._settings.file_seconds, "memory_mb": self._settings.file_megabytes}
        for done, (path, source) in enumerate(read_sources(missing, **limits), 1):
            self._progress("Reading", done, len(missing))
            file = missing[path]
            if isinstance(source, DocumentError):
                self._warnings.append(str(source))
            elif made := documents_of(source, catalogue):
                cache.put(file.key, made)
                found[file.name] = made
            else:
                self._warnings.append(f"{file.name}: has no text")

    def _keys(self, work: Work, found: Mapping[str, Any]) -> dict[str, str]:
        keys = {name: str(file["key"]) for name, file in work.kept.items() if name in found}
        for file in work.files:
            keys[file.name] = file.key if file.name in found else failed_key(file.key, self._settings)
        return keys

    def _make(self, by_file: Mapping[str, tuple[Document, ...]], keys: Mapping[str, str]) -> _Made:
        documents = [document for group in by_file.values() for document in group]
        self._progress("Register", 0, 1)
        register = build_register(documents)
        self._progress("Register", 1, 1)
        passages = [passage for document in documents for passage in passages_of(document)]
        if not passages:
            raise UsageError("The documents hold no text that could be indexed: " + "; ".join(self._warnings))
        return _Made(by_file, keys, documents, passages, register)

    def _write(self, made: _Made, lines: Mapping[str, Sequence[Line]]) -> int:
        """Write a new generation and make it the current one; how many texts were embedded."""
        try:
            return self._written(made, lines)
        except (
            sqlite3.DatabaseError,
            KeyError,
            ValueError,
        ) as error:  # a cache that was sound when it was opened
            if isinstance(error, sqlite3.DatabaseError):
                self._discard_vectors(error)
            else:
                self._mend()
            return self._written(made, lines)

    def _written(self, made: _Made, lines: Mapping[str, Sequence[Line]]) -> int:
        folder = self._new_folder()
        try:
            embedded = self._fill(folder, made)
            write_manifest(folder, self._manifest(folder, made, lines))
            switch(self._directory, folder.name)
        except BaseException:
            self._drop(folder)
            raise
        return embedded

    def _manifest(self, folder: Path, made: _Made, lines: Mapping[str, Sequence[Line]]) -> Manifest:
        told = {
            name: {"key": key, "lines": [asdict(line) for line in lines.get(name, ())]}
            for name, key in made.keys.items()
        }
        counts = {
            "documents": len(made.documents),
            "passages": len(made.passages),
            "records": len(made.register.records()),
        }
        return Manifest(
            VERSION,
            self._embedder.name,
            told,
            counts,
            self._seconds(),
            tuple(self._warnings),
            tuple(f"{f.document}: {f.kind}: {f.message}" for f in made.register.findings),
            built_by(),
            bool(self._settings.chroma_url),
            seal(folder),
        )

    def _fill(self, folder: Path, made: _Made) -> int:
        texts = [embedded_text(passage) for passage in made.passages]
        names = entities.entities_of(made.register)
        wanted = [*texts, *(name.text for name in names)]
        with closing(VectorCache(self._vectors, self._embedder, self._warnings)) as cache:
            embedded = cache.ensure(wanted, self._counting(len(set(wanted))))
            self._progress("Writing", 0, 3)
            storage.write(folder / "corpus.sqlite", made.documents, made.passages, made.register)
            LexicalIndex.build(texts, folder / "lexical")
            for name, chosen in ((WORDS, known_words), (LOWER, lower_words)):
                write_words(folder / name, chosen(document.text for document in made.documents))
            self._progress("Writing", 1, 3)
            self._fill_vectors(folder, made.passages, texts, cache)
            self._progress("Writing", 2, 3)
            _fill_entities(folder, names, cache)
        self._progress("Writing", 3, 3)
        return embedded

    def _fill_vectors(
        self, folder: Path, passages: Sequence[Passage], texts: Sequence[str], cache: VectorCache
    ) -> None:
        projection = cache.projection()
        assert projection is not None
        stored = cache.get(texts)
        url = self._settings.chroma_url
        store = open_store(folder / CHROMA, collection_of(folder), url, create=True, size=len(passages))
        with closing(store), TokenWriter(folder / "tokens", projection) as writer:
            for at in range(0, len(passages), _AT_ONCE):
                vectors = []
                for one in islice(stored, _AT_ONCE):
                    writer.add(one)
                    vectors.append(one.vector)
                store.add(passages[at : at + _AT_ONCE], as_matrix(vectors))
            store.compact()

    def _counting(self, total: int) -> Any:
        done = 0

        def step(count: int) -> None:
            nonlocal done
            done += count
            self._progress("Embedding", done, total)

        return step

    def _new_folder(self) -> Path:
        numbers = [int(path.name[4:]) for path in generations(self._directory)]
        folder = self._directory / f"gen-{max(numbers, default=0) + 1:06d}"
        folder.mkdir()
        (folder / COLLECTION).write_text(f"ledby-{folder.name}-{uuid.uuid4().hex[:8]}", encoding="ascii")
        return folder

    def _drop(self, folder: Path) -> None:
        """Remove a build that failed; what cannot be removed now is swept by the next ingest."""
        if self._settings.chroma_url:
            sweep(self._directory)
        else:
            shutil.rmtree(folder, ignore_errors=True)

    def _tidy(self, made: _Made, before: Manifest | None) -> None:
        """Sweep old generations and what only they needed from the caches."""
        sweep(self._directory)
        keys = {
            *made.keys.values(),
            *(str(file["key"]) for file in (before.files if before else {}).values()),
        }
        with closing(ReadCache(self._reads, self._warnings)) as reads:
            reads.prune(keys)
        names = entities.entities_of(made.register)
        try:
            with closing(VectorCache(self._vectors, self._embedder, self._warnings)) as cache:
                cache.prune({*map(embedded_text, made.passages), *(name.text for name in names)})
        except sqlite3.DatabaseError:  # the new generation is in use; a later ingest mends the cache
            return

    def _seconds(self) -> float:
        return time.monotonic() - self._begun


def embedded_text(passage: Passage) -> str:
    """What of a passage is embedded and searched: its context, a line break, its text as a reader sees it."""
    return f"{passage.context}\n{passage.text}"


def _fill_entities(folder: Path, names: Sequence[entities.Entity], cache: VectorCache) -> None:
    named = list(cache.get([name.text for name in names]))
    entities.save(folder, names, as_matrix([one.vector for one in named]))
    projection = cache.projection()
    if named and projection is not None:
        TokenVectors.build(folder / "entity-tokens", named, projection)


def _unique(by_file: Mapping[str, tuple[Document, ...]]) -> dict[str, tuple[Document, ...]]:
    """Give a document whose id another file has already taken an id with its file's name in it."""
    taken: set[str] = set()
    out = {}
    for name, group in by_file.items():
        fresh = tuple(d if d.id not in taken else replace(d, id=f"{d.id}-{slug(name)}") for d in group)
        taken |= {d.id for d in fresh}
        out[name] = fresh
    return out


def _lines(made: _Made) -> dict[str, list[Line]]:
    """The summary's lines by file."""
    passages = _counted(passage.document for passage in made.passages)
    records = _counted(record.document for record in made.register.records())
    return {
        name: [
            Line(d.id, d.file, len(d.pages), passages.get(d.id, 0), records.get(d.id, 0), d.warnings)
            for d in group
        ]
        for name, group in made.by_file.items()
    }


def _counted(documents: Iterable[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for document in documents:
        counts[document] = counts.get(document, 0) + 1
    return counts

"""The cache of read files: the documents that were made of a file, by its key."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Sequence
from pathlib import Path

from corpus.model import Document
from index import storage
from index.cachefile import discard, is_damage, open_cache

_SCHEMA = """CREATE TABLE IF NOT EXISTS files (key TEXT, position INTEGER, body TEXT);
CREATE INDEX IF NOT EXISTS files_by_key ON files (key);"""


class ReadCache:
    """Documents by key of their file. What cannot be read back counts as not there."""

    def __init__(self, path: Path, warnings: list[str]) -> None:
        self._path, self._warnings = path, warnings
        self._db = open_cache(path, _SCHEMA, warnings)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def get(self, key: str) -> tuple[Document, ...]:
        """The documents stored under a key; none where it is not known."""
        try:
            rows = self._db.execute(
                "SELECT body FROM files WHERE key = ? ORDER BY position", (key,)
            ).fetchall()
            return tuple(storage.load_document(body) for (body,) in rows)
        except sqlite3.DatabaseError as error:
            self._start_anew(error)
        except (ValueError, KeyError, TypeError):  # a row that holds no document
            return ()
        return ()

    def put(self, key: str, documents: Sequence[Document]) -> None:
        """Store what was made of a file."""
        try:
            self._put(key, documents)
        except sqlite3.DatabaseError as error:
            self._start_anew(error)
            self._put(key, documents)

    def prune(self, keys: Collection[str]) -> None:
        """Forget all files but those with ``keys``."""
        try:
            known = {key for (key,) in self._db.execute("SELECT DISTINCT key FROM files")}
            with self._db:
                self._db.executemany("DELETE FROM files WHERE key = ?", [(key,) for key in known - set(keys)])
        except sqlite3.DatabaseError as error:
            self._start_anew(error)

    def _put(self, key: str, documents: Sequence[Document]) -> None:
        with self._db:
            self._db.execute("DELETE FROM files WHERE key = ?", (key,))
            rows = ((key, n, storage.dump_document(d)) for n, d in enumerate(documents))
            self._db.executemany("INSERT INTO files VALUES (?,?,?)", rows)

    def _start_anew(self, error: sqlite3.DatabaseError) -> None:
        if not is_damage(error):
            raise error
        self._db.close()
        discard(self._path)
        self._db = open_cache(self._path, _SCHEMA, self._warnings)
        self._warnings.append(f"The cache {self._path.name} was damaged and is made anew")

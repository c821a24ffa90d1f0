"""The vector cache: what was embedded once is never embedded again, whatever becomes of the index.

One SQLite file keyed by model and text. Each batch is committed when it is done, so that an ingest that was
killed carries on where it stopped. Token vectors are reduced to ``DIMENSIONS`` by a projection (principal
components, learnt from some of the first texts that were embedded here) and kept as signed bytes.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.arrays import Floats
from index.cachefile import open_cache
from index.embed import Embedder, Encoded

DIMENSIONS = 128
SCALE = 127.0
_LEARN_FROM = 512  # texts; about 50,000 token vectors
_COMMIT_EVERY = 64
_ASK_AT_ONCE = 500
_KEPT_ANYWAY = 2000
_SLACK = 1e-3  # how far from 1 the length of a unit vector may be
_SCHEMA = """
CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB, tokens BLOB, ids BLOB, starts BLOB);
CREATE TABLE IF NOT EXISTS projection (model TEXT PRIMARY KEY, matrix BLOB);
"""


@dataclass(frozen=True, slots=True)
class Stored:
    """One text's vectors: ``vector`` (d,) float32; ``tokens`` (t, DIMENSIONS) int8; ``ids`` and ``starts``
    (t,) int32: vocabulary ids and character offsets in the text."""

    vector: Floats
    tokens: NDArray[np.int8]
    ids: NDArray[np.int32]
    starts: NDArray[np.int32]


class VectorCache:
    """Vectors by text for one model. ``path`` is the SQLite file; it is made when missing, and anew when
    damaged, which adds a line to ``warnings``."""

    def __init__(self, path: Path, embedder: Embedder, warnings: list[str] | None = None) -> None:
        self._embedder = embedder
        self._db = open_cache(path, _SCHEMA, warnings if warnings is not None else [])

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def ensure(self, texts: Sequence[str], progress: Callable[[int], None] = lambda _: None) -> int:
        """Embed those texts that are not stored yet; ``progress`` is told how many were done. Returns their
        number."""
        missing = [text for text in dict.fromkeys(texts) if not self._has(text)]
        progress(len(set(texts)) - len(missing))
        missing.sort(key=len)
        left = missing
        if missing and self.projection() is None:
            learnt = self._learn(missing, progress)
            left = [text for text in missing if text not in learnt]
        for at in range(0, len(left), _COMMIT_EVERY):
            batch = left[at : at + _COMMIT_EVERY]
            self._put(batch, self._embedder.encode(batch))
            progress(len(batch))
        return len(missing)

    def get(self, texts: Sequence[str]) -> Iterator[Stored]:
        """The stored vectors of texts, in order. Raises KeyError for one that ``ensure`` was not given,
        ValueError for one that is damaged."""
        for at in range(0, len(texts), _ASK_AT_ONCE):
            keys = [self._key(text) for text in texts[at : at + _ASK_AT_ONCE]]
            marks = ",".join("?" * len(keys))
            query = f"SELECT key, vector, tokens, ids, starts FROM vectors WHERE key IN ({marks})"
            found = {row[0]: row[1:] for row in self._db.execute(query, keys)}
            yield from (_stored(*found[key]) for key in keys)

    def projection(self) -> Floats | None:
        """The (d, DIMENSIONS) matrix that reduces token vectors, or None before anything was embedded."""
        row = self._db.execute(
            "SELECT matrix FROM projection WHERE model = ?", (self._embedder.name,)
        ).fetchone()
        return np.frombuffer(row[0], np.float32).reshape(-1, DIMENSIONS) if row else None

    def mend(self) -> int:
        """Forget vectors that cannot be what was stored (wrong shape, not of unit length), and all of them
        where the projection they share is no good. Returns how many. Raises sqlite3.DatabaseError when the
        whole file is damaged."""
        told = self._db.execute("PRAGMA integrity_check(1)").fetchone()[0]
        if told != "ok":
            error = sqlite3.DatabaseError(told)
            error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
            raise error
        if not self._is_projection_sound():
            with self._db:
                self._db.execute("DELETE FROM projection WHERE model = ?", (self._embedder.name,))
                return self._db.execute("DELETE FROM vectors").rowcount
        rows = self._db.execute("SELECT key, vector, tokens, ids, starts FROM vectors")
        bad = [(key,) for key, *parts in rows if not _is_sound(*parts)]
        with self._db:
            self._db.executemany("DELETE FROM vectors WHERE key = ?", bad)
        return len(bad)

    def prune(self, texts: Collection[str]) -> None:
        """Forget vectors of other texts than these, once they are more than these themselves."""
        kept = {self._key(text) for text in texts}
        (stored,) = self._db.execute("SELECT count(*) FROM vectors").fetchone()
        if stored <= 2 * len(kept) + _KEPT_ANYWAY:
            return
        keys = [row for row in self._db.execute("SELECT key FROM vectors") if row[0] not in kept]
        with self._db:
            self._db.executemany("DELETE FROM vectors WHERE key = ?", keys)

    def _key(self, text: str) -> bytes:
        return hashlib.sha256(f"{self._embedder.name}\0{text}".encode()).digest()

    def _has(self, text: str) -> bool:
        return bool(self._db.execute("SELECT 1 FROM vectors WHERE key = ?", (self._key(text),)).fetchone())

    def _learn(self, texts: Sequence[str], progress: Callable[[int], None]) -> frozenset[str]:
        """Learn the projection from some of the texts, and store their vectors; returns which texts. Which they are goes
        by their keys, so that a few texts more or less change hardly any of them, and answers as little."""
        chosen = frozenset(sorted(texts, key=self._key)[:_LEARN_FROM])
        sample = [text for text in texts if text in chosen]
        encoded: list[Encoded] = []
        for at in range(0, len(sample), _COMMIT_EVERY):
            encoded += self._embedder.encode(sample[at : at + _COMMIT_EVERY])
            progress(len(sample[at : at + _COMMIT_EVERY]))
        matrix = principal_components(np.vstack([one.tokens for one in encoded]))
        with self._db:
            told = (self._embedder.name, matrix.tobytes())
            self._db.execute("INSERT OR REPLACE INTO projection VALUES (?, ?)", told)
        self._put(sample, encoded)
        return frozenset(sample)

    def _put(self, texts: Sequence[str], encoded: Sequence[Encoded]) -> None:
        matrix = self.projection()
        assert matrix is not None
        rows = [
            (
                self._key(text),
                one.vector.tobytes(),
                reduce(one.tokens, matrix).tobytes(),
                one.ids.tobytes(),
                one.starts.tobytes(),
            )
            for text, one in zip(texts, encoded, strict=True)
        ]
        with self._db:
            self._db.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?, ?, ?)", rows)

    def _is_projection_sound(self) -> bool:
        """A projection's columns are of unit length and at right angles, or zero."""
        try:
            matrix = self.projection()
        except ValueError:
            return False
        if matrix is None:
            return True
        inner = matrix.T @ matrix
        return bool(
            np.isfinite(inner).all() and np.allclose(inner, np.diag(np.rint(np.diag(inner))), atol=1e-3)
        )


def principal_components(tokens: Floats) -> Floats:
    """The (d, DIMENSIONS) principal directions of (n, d) token vectors, uncentred; fewer are filled with
    zeros."""
    _, _, rows = np.linalg.svd(tokens.T @ tokens)
    matrix = np.zeros((tokens.shape[1], DIMENSIONS), np.float32)
    kept = min(DIMENSIONS, rows.shape[0])
    matrix[:, :kept] = rows[:kept].T
    return matrix


def reduce(tokens: Floats, matrix: Floats) -> NDArray[np.int8]:
    """Project (t, d) token vectors, scale each to unit length and round to signed bytes."""
    small = tokens @ matrix
    small /= np.maximum(np.linalg.norm(small, axis=1, keepdims=True), 1e-12)
    return np.asarray(np.clip(np.rint(small * SCALE), -127, 127), np.int8)


def _stored(vector: bytes, tokens: bytes, ids: bytes, starts: bytes) -> Stored:
    made = Stored(
        np.frombuffer(vector, np.float32),
        np.frombuffer(tokens, np.int8).reshape(-1, DIMENSIONS),
        np.frombuffer(ids, np.int32),
        np.frombuffer(starts, np.int32),
    )
    if not len(made.tokens) == len(made.ids) == len(made.starts):
        raise ValueError(
            f"{len(made.tokens)} token vectors, {len(made.ids)} ids and {len(made.starts)} offsets"
        )
    return made


def _is_sound(vector: bytes, tokens: bytes, ids: bytes, starts: bytes) -> bool:
    try:
        made = _stored(vector, tokens, ids, starts)
    except (ValueError, TypeError):
        return False
    length = float(np.linalg.norm(made.vector))
    return abs(length - 1) < _SLACK and bool((made.ids >= 0).all() and (made.starts >= 0).all())

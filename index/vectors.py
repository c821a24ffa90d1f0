"""The vector cache: what was embedded once is never embedded again, whatever becomes of the index.

One SQLite file keyed by model and text. Each batch is committed when it is done, so that an ingest that was killed
carries on where it stopped. Token vectors are reduced to ``DIMENSIONS`` by a projection (principal components,
learnt from the first texts that were ever embedded here) and kept as signed bytes.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.embed import Embedder, Encoded, Floats

DIMENSIONS = 128
SCALE = 127.0
_LEARN_FROM = 512  # texts; about 50,000 token vectors
_COMMIT_EVERY = 128
_ASK_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Stored:
    """One text's vectors: ``vector`` (d,) float32; ``tokens`` (t, DIMENSIONS) int8; ``ids`` and ``starts``
    (t,) int32: vocabulary ids and character offsets in the text."""

    vector: Floats
    tokens: NDArray[np.int8]
    ids: NDArray[np.int32]
    starts: NDArray[np.int32]


class VectorCache:
    """Vectors by text for one model. ``path`` is the SQLite file; it is made when missing."""

    def __init__(self, path: Path, embedder: Embedder) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._embedder = embedder
        self._db = sqlite3.connect(path)
        self._db.executescript(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
            "CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB, tokens BLOB, ids BLOB, starts BLOB);"
            "CREATE TABLE IF NOT EXISTS projection (model TEXT PRIMARY KEY, matrix BLOB);"
        )

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def ensure(self, texts: Sequence[str], progress: Callable[[int], None] = lambda _: None) -> int:
        """Embed those texts that are not stored yet; ``progress`` is told how many were done. Returns their number."""
        missing = [text for text in dict.fromkeys(texts) if not self._has(text)]
        progress(len(set(texts)) - len(missing))
        missing.sort(key=len)
        if missing and self.projection() is None:
            self._learn(missing)
        for at in range(0, len(missing), _COMMIT_EVERY):
            batch = missing[at : at + _COMMIT_EVERY]
            self._put(batch, self._embedder.encode(batch))
            progress(len(batch))
        return len(missing)

    def get(self, texts: Sequence[str]) -> Iterator[Stored]:
        """The stored vectors of texts, in order. Raises KeyError for one that ``ensure`` was not given."""
        for at in range(0, len(texts), _ASK_AT_ONCE):
            keys = [self._key(text) for text in texts[at : at + _ASK_AT_ONCE]]
            marks = ",".join("?" * len(keys))
            query = f"SELECT key, vector, tokens, ids, starts FROM vectors WHERE key IN ({marks})"  # noqa: S608
            found = {row[0]: row[1:] for row in self._db.execute(query, keys)}
            yield from (_stored(*found[key]) for key in keys)

    def projection(self) -> Floats | None:
        """The (d, DIMENSIONS) matrix that reduces token vectors, or None before anything was embedded."""
        row = self._db.execute(
            "SELECT matrix FROM projection WHERE model = ?", (self._embedder.name,)
        ).fetchone()
        return np.frombuffer(row[0], np.float32).reshape(-1, DIMENSIONS) if row else None

    def _key(self, text: str) -> bytes:
        return hashlib.sha256(f"{self._embedder.name}\0{text}".encode()).digest()

    def _has(self, text: str) -> bool:
        return bool(self._db.execute("SELECT 1 FROM vectors WHERE key = ?", (self._key(text),)).fetchone())

    def _learn(self, texts: Sequence[str]) -> None:
        sample = texts[:: max(1, len(texts) // _LEARN_FROM)][:_LEARN_FROM]
        matrix = principal_components(np.vstack([one.tokens for one in self._embedder.encode(sample)]))
        with self._db:
            self._db.execute("INSERT INTO projection VALUES (?, ?)", (self._embedder.name, matrix.tobytes()))

    def _put(self, texts: Sequence[str], encoded: Sequence[Encoded]) -> None:
        matrix = self.projection()
        assert matrix is not None
        rows = [
            (self._key(text), one.vector.tobytes(), reduce(one.tokens, matrix).tobytes(), one.ids.tobytes(),
             one.starts.tobytes())
            for text, one in zip(texts, encoded, strict=True)
        ]
        with self._db:
            self._db.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?, ?, ?)", rows)


def principal_components(tokens: Floats) -> Floats:
    """The (d, DIMENSIONS) principal directions of (n, d) token vectors, uncentred; fewer are filled with zeros."""
    _, _, rows = np.linalg.svd(tokens.T @ tokens)
    matrix = np.zeros((tokens.shape[1], DIMENSIONS), np.float32)
    kept = min(DIMENSIONS, rows.shape[0])
    matrix[:, :kept] = rows[:kept].T
    return matrix


def reduce(tokens: Floats, matrix: Floats) -> NDArray[np.int8]:
    """Project (t, d) token vectors, scale each to unit length and round to signed bytes."""
    small = tokens @ matrix
    small /= np.maximum(np.linalg.norm(small, axis=1, keepdims=True), 1e-12)
    return np.clip(np.rint(small * SCALE), -127, 127).astype(np.int8)


def _stored(vector: bytes, tokens: bytes, ids: bytes, starts: bytes) -> Stored:
    return Stored(
        np.frombuffer(vector, np.float32),
        np.frombuffer(tokens, np.int8).reshape(-1, DIMENSIONS),
        np.frombuffer(ids, np.int32),
        np.frombuffer(starts, np.int32),
    )

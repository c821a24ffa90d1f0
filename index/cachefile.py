"""SQLite files that may be thrown away: a damaged one is replaced by an empty one, never the end of an
ingest."""

from __future__ import annotations

import sqlite3
from pathlib import Path

_DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_BESIDE = ("", "-wal", "-shm", "-journal")


def is_damage(error: BaseException) -> bool:
    """Whether an error says that the file itself is no good (not that the disk is full or the file
    locked)."""
    code = getattr(error, "sqlite_errorcode", None)
    return isinstance(error, sqlite3.DatabaseError) and code is not None and code & 0xFF in _DAMAGE


def open_cache(path: Path, schema: str, warnings: list[str]) -> sqlite3.Connection:
    """Open a cache, making it when missing and anew when it is damaged, which adds a line to ``warnings``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        return _opened(path, schema)
    except sqlite3.DatabaseError as error:
        if not is_damage(error):
            raise
        discard(path)
        warnings.append(f"The cache {path.name} was damaged and is made anew")
        return _opened(path, schema)


def discard(path: Path) -> None:
    """Remove a cache with everything that SQLite keeps beside it."""
    for end in _BESIDE:
        path.with_name(path.name + end).unlink(missing_ok=True)


def _opened(path: Path, schema: str) -> sqlite3.Connection:
    db = sqlite3.connect(path, timeout=30)
    try:
        db.executescript(f"PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; {schema}")
    except BaseException:
        db.close()
        raise
    return db

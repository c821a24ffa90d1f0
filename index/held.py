"""Holding an index for writing: one ingest at a time, and what the disk says as one plain line."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from corpus.errors import BusyError, IndexError_, LedbyError

LOCK = "ingest.lock"
_NO_ROOM = 1 << 20  # bytes free below which a failed write is put down to a full disk
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@contextmanager
def held(directory: Path, wait_s: float = 0, waiting: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Hold the index at ``directory`` for writing, making it when missing.

    The lock belongs to the process and ends with it, however it ends. Another's lock is waited for ``wait_s``
    seconds (``waiting`` is called first). Raises BusyError when it is not free by then, IndexError_ for what
    cannot be written.
    """
    lock = _taken(directory, wait_s, waiting)
    try:
        yield
    except LedbyError:
        raise
    except (OSError, sqlite3.Error, MemoryError) as error:
        raise unwritten(directory, error) from error
    finally:
        lock.release()


def unwritten(directory: Path, error: BaseException) -> IndexError_:
    """The error for a build that the disk stopped."""
    code = error.errno if isinstance(error, OSError) else None
    reason = (error.strerror if isinstance(error, OSError) else None) or " ".join(str(error).split())
    if code in _FULL or "disk is full" in reason or _free(directory) < _NO_ROOM:
        reason = f"the disk is full or a limit on file size is reached: {reason}"
    return IndexError_(
        f"The index at {directory} could not be written ({reason or type(error).__name__}); what was "
        "there before is still in use. Make room, or choose another folder with --index, and ingest again"
    )


def _taken(directory: Path, wait_s: float, waiting: Callable[[], None]) -> FileLock:
    try:
        directory.mkdir(parents=True, exist_ok=True)
        _probe(directory)
        lock = FileLock(directory / LOCK, fallback_to_soft=False)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            if not wait_s:
                raise
            waiting()
            lock.acquire(timeout=wait_s, poll_interval=0.2)
        return lock
    except Timeout:
        raise BusyError(
            f"Another ingest is writing {directory}; try again when it has ended, or have it waited for "
            "(LEDBY_WAIT_SECONDS)"
        ) from None
    except (OSError, NotImplementedError) as error:
        reason = getattr(error, "strerror", None) or "it cannot be locked"
        raise IndexError_(f"{directory} cannot be written ({reason}); choose another with --index") from error


def _probe(directory: Path) -> None:
    """Fail at once where nothing can be made in the folder: not only its files may be read-only."""
    if not os.access(directory, os.W_OK | os.X_OK):
        raise PermissionError(errno.EACCES, "it is read-only")


def _free(directory: Path) -> int:
    try:
        return shutil.disk_usage(directory).free
    except OSError:
        return _NO_ROOM

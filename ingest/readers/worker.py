"""The process that reads files under limits. It takes requests as lines of JSON and answers each with a
frame.

A frame is one status byte (``o`` a Source, ``e`` an error's line, ``m`` out of memory), eight bytes of length
and the body. The process ends by itself when its parent is gone.
"""

from __future__ import annotations

import json
import os
import resource
import struct
import sys
import threading
import time
from pathlib import Path
from typing import Any, BinaryIO

from corpus.errors import DocumentError
from ingest.readers.wire import dump_source
from ingest.source import Source

FRAME = struct.Struct("!cQ")
_KEEP_CPU_S = 2


def main(parent: int) -> None:
    """Serve requests from standard input until it ends, or the process ``parent`` does."""
    requests, replies = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not get into the replies
    threading.Thread(target=_watch, args=(parent,), daemon=True).start()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for line in requests:
        status, body = _serve(json.loads(line))
        _send(replies, status, body)
        if status == b"m":
            return


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


def _send(replies: BinaryIO, status: bytes, body: bytes) -> None:
    replies.write(FRAME.pack(status, len(body)))
    replies.write(body)
    replies.flush()


def _serve(request: dict[str, Any]) -> tuple[bytes, bytes]:
    path = Path(request["path"])
    limit = int(request["memory_mb"]) << 20
    _limit(limit, float(request["timeout_s"]))
    try:
        source = read_file(path, password=request["password"], timeout_s=float(request["timeout_s"]))
        return b"o", dump_source(source)
    except MemoryError:
        return b"m", b""
    except Exception as error:  # whatever a library makes of a hostile file
        return b"e", _line(path.name, error).encode("utf-8", "replace")


def _line(name: str, error: Exception) -> str:
    """What is wrong with a file, in one line."""
    if isinstance(error, DocumentError):
        return str(error)
    if isinstance(error, RecursionError):
        return f"{name}: is damaged (its parts are nested without end)."
    if isinstance(error, OSError):
        return f"{name}: cannot be opened ({error.strerror or error})."
    return f"{name}: is damaged and cannot be read ({type(error).__name__})."


def _limit(memory: int, timeout_s: float) -> None:
    """Set this process's limits for the next file: address space, and processor time from now on."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(
        resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime + timeout_s) + _KEEP_CPU_S, hard)
    )
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (memory, hard))


def read_file(path: Path, *, password: str | None = None, timeout_s: float = 120.0) -> Source:
    """Read one file with the reader of its kind, in this process and without limits.

    Readers that may take long see to it that they are done within ``timeout_s`` seconds.
    Raises DocumentError, OSError, and whatever a library raises on a damaged file.
    """
    from ingest.readers.kinds import kind_of

    kind = kind_of(path)
    if kind == "pdf":
        from ingest.readers.pdf import read_pdf

        return read_pdf(path, password=password, timeout_s=timeout_s)
    if kind == "word":
        from ingest.readers.word import read_word

        return read_word(path)
    if kind == "html":
        from ingest.readers.html import read_html

        return read_html(path.read_bytes(), path.name)
    from ingest.readers.text import read_text

    return read_text(path.read_bytes(), path.name)

"""Reading files that may be hostile: each in a worker process with limits on time and memory.

Every failure, whatever library it came from, leaves here as one DocumentError whose line names the file.
"""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from corpus.errors import DocumentError
from ingest.readers.kinds import EXTENSIONS, HEAD, kind_by_head
from ingest.readers.text import is_tame, read_text
from ingest.readers.wire import load_source
from ingest.readers.worker import FRAME
from ingest.source import Source

IN_PROCESS_BYTES = 5_000_000
MAX_FILE_BYTES = 1_000_000_000
_ROOT = str(Path(__file__).resolve().parents[2])
_START = "import sys; sys.path.insert(0, sys.argv[1]); "
_START += "from ingest.readers.worker import main; main(int(sys.argv[2]))"
_MAX_REPLY = 2_000_000_000


class _Died(Exception):
    """The worker ended, or was ended, before it answered; ``args[0]`` is the reason."""


class Worker:
    """One reading process. It is started when first needed, and again after it died, until it is retired."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._retired = False
        self._lock = threading.Lock()

    def read(self, path: Path, *, timeout_s: float, memory_mb: int, password: str | None) -> Source:
        """Read one file in the process. Raises DocumentError, and nothing else, when it cannot be read."""
        request = {"path": str(path), "timeout_s": timeout_s, "memory_mb": memory_mb, "password": password}
        try:
            status, body = self._ask(request, time.monotonic() + timeout_s)
            if status == b"o":
                return load_source(body)
        except (_Died, OSError, ValueError, KeyError, TypeError) as error:
            self.close()
            died = isinstance(error, _Died)
            reason = error.args[0] if died else "is damaged and cannot be read (no sense came back)"
            raise DocumentError(
                f"{path.name}: {reason.format(seconds=timeout_s, memory=memory_mb)}."
            ) from None
        if status == b"m":
            self.close()
            raise DocumentError(f"{path.name}: needs more than {memory_mb:,} MB of memory to read.")
        raise DocumentError(" ".join(body.decode("utf-8", "replace").split()))

    def _ask(self, request: dict[str, Any], deadline: float) -> tuple[bytes, bytes]:
        process = self._running()
        assert process.stdin is not None
        process.stdin.write(json.dumps(request).encode() + b"\n")
        process.stdin.flush()
        status, length = FRAME.unpack(self._receive(process, FRAME.size, deadline))
        if length > _MAX_REPLY:
            raise _Died("is too large to read")
        return status, self._receive(process, length, deadline)

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is not None:
            self.close()
        with self._lock:
            if self._retired:
                raise _Died("was not read, because reading was broken off")
            if self._process is None:
                self._process = _started()
            return self._process

    @staticmethod
    def _receive(process: subprocess.Popen[bytes], length: int, deadline: float) -> bytes:
        assert process.stdout is not None
        pipe = process.stdout.fileno()
        ready = select.poll()  # select itself takes no file beyond the 1,024th that a process has open
        ready.register(pipe, select.POLLIN)
        parts, missing = [], length
        while missing:
            left = deadline - time.monotonic()
            if left <= 0 or not ready.poll(left * 1000):
                raise _Died("took longer than {seconds:g} seconds to read")
            part = os.read(pipe, min(missing, 1 << 20))
            if not part:
                raise _Died(_why(process.wait()))
            parts.append(part)
            missing -= len(part)
        return b"".join(parts)

    def retire(self) -> None:
        """End the process for good, from any thread."""
        with self._lock:
            self._retired = True
        self.close()

    def close(self) -> None:
        """End the process, at once and whatever it is doing."""
        with self._lock:
            process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:  # a request that never went out
                    continue
        process.wait()


def _started() -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-P", "-c", _START, _ROOT, str(os.getpid())],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C reaches the parent only, which then ends its workers
        env={**os.environ, "OMP_THREAD_LIMIT": "1"},
    )


def _why(code: int) -> str:
    """The reason for which a worker ended, from its exit code."""
    if code == -signal.SIGXCPU:
        return "took longer than {seconds:g} seconds to read"
    if code == -signal.SIGKILL:
        return "needs more memory than this machine has"
    return f"is damaged and cannot be read (its reader ended with code {code})"


def read_source(
    path: Path, *, timeout_s: float = 120, memory_mb: int = 2048, password: str | None = None
) -> Source:
    """Read one file, whatever it holds: PDF, Word, HTML, Markdown or text.

    Small plain text is read at once, everything else in a worker process that may use ``timeout_s`` seconds
    and ``memory_mb`` megabytes. Raises DocumentError, and nothing else, with one line naming the file and the
    reason.
    """
    worker = Worker()
    try:
        return _read(worker, path, timeout_s=timeout_s, memory_mb=memory_mb, password=password)
    finally:
        worker.close()


def read_sources(
    paths: Iterable[Path],
    *,
    timeout_s: float = 120,
    memory_mb: int = 2048,
    password: str | None = None,
    workers: int | None = None,
) -> Iterator[tuple[Path, Source | DocumentError]]:
    """Read files side by side, each under the limits of ``read_source``; results come in the order of
    ``paths``.

    ``workers`` processes are used, by default as many as there are processors, four at most.
    """
    count = workers or min(4, os.cpu_count() or 1)
    staff = [Worker() for _ in range(count)]
    idle: SimpleQueue[Worker] = SimpleQueue()
    for worker in staff:
        idle.put(worker)

    def read(path: Path) -> Source | DocumentError:
        worker = idle.get()
        try:
            return _read(worker, path, timeout_s=timeout_s, memory_mb=memory_mb, password=password)
        except DocumentError as error:
            return error
        finally:
            idle.put(worker)

    pool = ThreadPoolExecutor(count)
    try:
        yield from _in_order(pool, read, paths, 2 * count)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        for worker in staff:
            worker.retire()


def _in_order(
    pool: ThreadPoolExecutor, read: Any, paths: Iterable[Path], ahead: int
) -> Iterator[tuple[Path, Source | DocumentError]]:
    """Results in the order of the paths, with at most ``ahead`` of them held or under way."""
    waiting: deque[tuple[Path, Future[Source | DocumentError]]] = deque()
    for path in paths:
        waiting.append((path, pool.submit(read, path)))
        if len(waiting) >= ahead:
            first, future = waiting.popleft()
            yield first, future.result()
    for first, future in waiting:
        yield first, future.result()


def _read(worker: Worker, path: Path, *, timeout_s: float, memory_mb: int, password: str | None) -> Source:
    try:
        data = _plain_text(path)
    except OSError as error:
        raise DocumentError(f"{path.name}: cannot be opened ({error.strerror or error}).") from None
    if data is not None:
        return _read_here(data, path.name)
    return worker.read(path, timeout_s=timeout_s, memory_mb=memory_mb, password=password)


def _read_here(data: bytes, name: str) -> Source:
    try:
        return read_text(data, name)
    except DocumentError:
        raise
    except Exception as error:
        raise DocumentError(f"{name}: cannot be read ({type(error).__name__}).") from error


def _plain_text(path: Path) -> bytes | None:
    """The bytes of a file that can be read here without risk: small, plain text, of an ordinary shape.

    Raises DocumentError for what no reader need be asked about, OSError when it cannot be opened.
    """
    if not path.exists():
        raise DocumentError(f"{path.name}: does not exist.")
    if not path.is_file():
        raise DocumentError(f"{path.name}: is not a file.")
    size = path.stat().st_size
    if size == 0:
        raise DocumentError(f"{path.name}: is empty.")
    if size > MAX_FILE_BYTES:
        raise DocumentError(f"{path.name}: is larger than {MAX_FILE_BYTES // 1_000_000:,} MB.")
    if size > IN_PROCESS_BYTES or EXTENSIONS.get(path.suffix.lower()) != "text":
        return None
    data = path.read_bytes()
    return data if kind_by_head(data[:HEAD]) is None and is_tame(data) else None

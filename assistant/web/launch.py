"""Runs the application."""

from __future__ import annotations

import importlib.util
import os
import socket
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn
from threadpoolctl import threadpool_limits

from assistant.web.desk import Desk
from corpus.errors import UsageError

if TYPE_CHECKING:
    from assistant.web.examples import Examples


def launch(index_dir: Path, host: str, port: int) -> None:
    """Serve the index at ``index_dir`` until stopped. Raises IndexError_ where there is none, UsageError
    where the address cannot be listened on."""
    _one_thread()
    desk = Desk(index_dir)
    if desk.options.mcp and importlib.util.find_spec("mcp") is None:
        raise UsageError("LEDBY_MCP needs the package mcp; install it with: pip install 'ledby[mcp]'")
    listening = _bound(host, port)
    _ = desk.assistant  # says plainly what is wrong before anything else is loaded
    from assistant.web.examples import Examples
    from assistant.web.server import build

    examples = Examples(desk)
    config = uvicorn.Config(
        build(desk, examples),
        host=host,
        port=port,
        log_level="warning",
        server_header=False,
        access_log=False,
        timeout_keep_alive=75,  # longer than a proxy's, so that none is closed just as a question comes
        timeout_graceful_shutdown=3,  # an open page keeps a connection, which must not keep the server
    )
    server = uvicorn.Server(config)
    threading.Thread(target=_warm, args=(examples,), daemon=True).start()
    threading.Thread(target=_tell, args=(server, host, port), daemon=True).start()
    server.run(sockets=[listening])


def _one_thread() -> None:
    """Questions are worked on side by side, each on one thread: many threads for one question's few numbers
    cost more than they save. OMP_NUM_THREADS says otherwise where it is set."""
    if "OMP_NUM_THREADS" not in os.environ:
        os.environ["OMP_NUM_THREADS"] = "1"  # for what is loaded later
        threadpool_limits(1)  # for what is loaded already


def _bound(host: str, port: int) -> socket.socket:
    """A socket at an address. Raises UsageError where it is taken or not to be had."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=512)
    except (OSError, OverflowError) as error:
        raise UsageError(
            f"Cannot listen on {host}:{port} ({error}); choose with --host and --port"
        ) from error


def _warm(examples: Examples) -> None:
    """The first question loads model and vectors; the examples are asked at once, so that no user waits for
    them."""
    examples.questions()


def _tell(server: uvicorn.Server, host: str, port: int) -> None:
    while not server.started and not server.should_exit:
        time.sleep(0.05)
    if server.started:
        shown = "localhost" if host in ("0.0.0.0", "127.0.0.1", "::") else host
        print(f"Ledby is at http://{shown}:{port} (stop with Ctrl+C)", file=sys.stderr, flush=True)

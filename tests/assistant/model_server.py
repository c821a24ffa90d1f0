"""A server on the loopback interface that speaks the protocol of language models and plays a part."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

Part = Callable[["Handler"], None]


@dataclass
class ModelServer:
    """Where the server listens, what it was sent, and the part that it plays."""

    part: Part
    requests: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    url: str = ""
    over: Event = field(default_factory=Event)

    @property
    def messages(self) -> list[dict[str, str]]:
        """The messages of the only request."""
        (request,) = self.requests
        return [{"role": one["role"], "content": one["content"]} for one in request["messages"]]


class Handler(BaseHTTPRequestHandler):
    """Notes a request and answers it as the part says."""

    model: ModelServer
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """Any path: the client chooses it."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.model.requests.append({**json.loads(body), "path": self.path})
        self.model.keys.append(self.headers["Authorization"])
        self.model.part(self)

    def send(self, body: bytes, status: int = 200, kind: str = "application/json", length: int = 0) -> None:
        """A whole response; ``length`` promises more bytes than there are."""
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(length or len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


@contextmanager
def serving(part: Part) -> Iterator[ModelServer]:
    """A server that plays a part until the block ends."""
    model = ModelServer(part)
    handler = type("Playing", (Handler,), {"model": model})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        model.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield model
        finally:
            model.over.set()
            server.shutdown()
            thread.join()


def completion(text: str | None, finish: str = "stop") -> bytes:
    """A chat completion as the protocol has it."""
    message = {"role": "assistant", "content": text}
    choice = {"index": 0, "message": message, "finish_reason": finish}
    whole = {"id": "1", "object": "chat.completion", "created": 1, "model": "double", "choices": [choice]}
    return json.dumps(whole).encode()


def says(text: str | None, finish: str = "stop") -> Part:
    """A model that answers with a text."""
    return lambda handler: handler.send(completion(text, finish))


def sends(body: bytes, status: int = 200, kind: str = "application/json") -> Part:
    """A server that answers with some bytes."""
    return lambda handler: handler.send(body, status, kind)


def echoes(handler: Handler) -> None:
    """A model that hands the last message back, instructions and all."""
    handler.send(completion(handler.model.requests[-1]["messages"][-1]["content"]))


def sleeps(handler: Handler) -> None:
    """A model that thinks for as long as the test lasts."""
    handler.model.over.wait(30)


def drips(handler: Handler) -> None:
    """A model that sends something all the time and never ends."""
    handler.send(b"{", length=10_000)
    while not handler.model.over.wait(0.05):
        try:
            handler.wfile.write(b" ")
        except OSError:
            return


def breaks_off(handler: Handler) -> None:
    """A server that promises a body and hangs up in the middle."""
    handler.send(completion("The Parks Team leads it [1].")[:40], length=4000)
    handler.close_connection = True


def hangs_up(handler: Handler) -> None:
    """A server that closes the connection without a word."""
    handler.close_connection = True

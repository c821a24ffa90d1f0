"""Middleware: puts the header into Gradio's pages, and the security headers onto every response."""

from __future__ import annotations

import re
import secrets
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.web.frame import STYLE, header, title_of
from assistant.web.text import esc

_SCRIPT = re.compile(rb"<script(?=[\s>])")
_TITLE = re.compile(r"<title>.*?</title>", re.S)
_REFUSED = (
    "/gradio_api/upload",
    "/gradio_api/proxy=",
    "/gradio_api/deep_link",
    "/gradio_api/runs",
    "/monitoring",
)
_LARGEST = 2_000_000  # bytes of a request


class Framing:
    """Pure ASGI: HTML pages get header, style and script with a nonce; uploads and proxying are refused."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = scope["path"]
        if path.startswith(_REFUSED) or _too_large(scope):
            await _plain(send, 404 if path.startswith(_REFUSED) else 413)
            return
        await self._app(scope, receive, _Framed(scope, send))


class _Framed:
    """Sends a response on, with headers added, and its body rewritten where it is a page."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self._scope = scope
        self._send = send
        self._nonce = secrets.token_urlsafe(16)
        self._start: Message | None = None
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = [(k, v) for k, v in message["headers"] if k.lower() not in _OURS]
            kind = next((v for k, v in headers if k.lower() == b"content-type"), b"")
            message = {**message, "headers": headers + security(self._nonce)}
            if kind.startswith(b"text/html"):
                self._start = message
                return
        elif self._start is not None:
            self._body += message.get("body", b"")
            if message.get("more_body"):
                return
            body = self._framed(self._body)
            kept = [(k, v) for k, v in self._start["headers"] if k.lower() != b"content-length"]
            await self._send(
                {**self._start, "headers": [*kept, (b"content-length", str(len(body)).encode())]}
            )
            message = {"type": "http.response.body", "body": body}
        await self._send(message)

    def _framed(self, body: bytes) -> bytes:
        path = self._scope["path"]
        user = self._scope.get("state", {}).get("user")
        text = body.decode("utf-8", "replace")
        if "<gradio-app" in text:
            script = '<script src="/ledby/static/ledby.js" defer></script>'
            text = _TITLE.sub("", text, count=1)
            text = text.replace("</head>", f"<title>{esc(title_of(path))}</title>{STYLE}{script}</head>", 1)
            text = text.replace("<gradio-app", f"{header(path, user)}<gradio-app", 1)
        return _SCRIPT.sub(f'<script nonce="{self._nonce}"'.encode(), text.encode())


_OURS = (
    b"content-security-policy",
    b"x-frame-options",
    b"x-content-type-options",
    b"referrer-policy",
    b"server",
)


def security(nonce: str) -> list[tuple[bytes, bytes]]:
    """The security headers. Scripts run from this server only, and none that stands in a page without the
    nonce; nothing is fetched from elsewhere. Gradio's own script compiles its event handlers, hence
    'unsafe-eval'."""
    policy = (
        f"default-src 'self'; script-src 'self' 'unsafe-eval' 'nonce-{nonce}'; style-src 'self' "
        f"'unsafe-inline'; "
        "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; "
        "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
    )
    return [
        (b"content-security-policy", policy.encode()),
        (b"x-frame-options", b"DENY"),
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"no-referrer"),
        (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
        (b"cross-origin-opener-policy", b"same-origin"),
    ]


def _too_large(scope: Scope) -> bool:
    size = dict(scope["headers"]).get(b"content-length", b"0")
    return not size.isdigit() or int(size) > _LARGEST


async def _plain(send: Send, status: int) -> None:
    said: dict[int, Any] = {404: b"Not found", 413: b"Too large"}
    headers = [(b"content-type", b"text/plain; charset=utf-8"), *security("none")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": said[status]})

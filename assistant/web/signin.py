"""Signing in: a page, a cookie, and the middleware that lets nobody else through."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.web.frame import STYLE
from assistant.web.limits import Bucket
from assistant.web.text import esc
from assistant.web.users import Users

COOKIE = "ledby-session"
_WEEK = 7 * 86_400
_OPEN = ("/health", "/ledby/static/")
_TRIES = 10  # a minute from one address


class SignIn:
    """Pure ASGI: asks everybody to sign in, by the page (people) or HTTP Basic (programs)."""

    def __init__(self, app: ASGIApp, users: Users, *, secure: bool = False) -> None:
        self._app = app
        self._users = users
        self._secure = secure
        self._tries = Bucket(_TRIES)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http" or scope["path"].startswith(_OPEN):
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        response = await self._answered(request)
        if response is not None:
            await response(scope, receive, send)
            return
        user = self._user(request.headers)
        if user is None:
            await _refusal(request)(scope, receive, send)
            return
        scope.setdefault("state", {})["user"] = user
        await self._app(scope, receive, send)

    async def _answered(self, request: Request) -> Response | None:
        """The answer to the sign-in and sign-out forms; None for every other request."""
        path = request.url.path
        if path == "/sign-out" and request.method == "POST":
            done = RedirectResponse("/sign-in", status_code=303)
            done.delete_cookie(COOKIE)
            return done
        if path != "/sign-in":
            return None
        if request.method != "POST":
            return HTMLResponse(page())
        return await self._signed_in(request)

    async def _signed_in(self, request: Request) -> Response:
        if not self._tries.take(request.client.host if request.client else "unknown"):
            return HTMLResponse(page("Too many tries. Wait a minute and try again."), status_code=429)
        told = parse_qs((await request.body())[:4000].decode("utf-8", "replace"))
        name, password = told.get("name", [""])[0], told.get("password", [""])[0]
        if not self._users.check(name, password):
            return HTMLResponse(page("That name and password do not go together."), status_code=401)
        done = RedirectResponse("/", status_code=303)
        done.set_cookie(
            COOKIE,
            self._users.ticket(name),
            max_age=_WEEK,
            httponly=True,
            samesite="lax",
            secure=self._secure,
        )
        return done

    def _user(self, headers: Mapping[str, str]) -> str | None:
        cookie: SimpleCookie = SimpleCookie()
        try:
            cookie.load(headers.get("cookie", ""))
        except CookieError:
            return None
        if COOKIE in cookie:
            return self._users.holder(cookie[COOKIE].value)
        return self._basic(headers.get("authorization", ""))

    def _basic(self, header: str) -> str | None:
        kind, _, code = header.partition(" ")
        if kind.lower() != "basic":
            return None
        try:
            name, _, password = base64.b64decode(code).decode().partition(":")
        except (binascii.Error, ValueError):
            return None
        return name if self._tries.take(f"basic {name}") and self._users.check(name, password) else None


def _refusal(request: Request) -> Response:
    wants_page = "text/html" in Headers(scope=request.scope).get("accept", "") and request.method == "GET"
    if wants_page:
        return RedirectResponse("/sign-in", status_code=303)
    return PlainTextResponse(
        "Sign in first", status_code=401, headers={"www-authenticate": 'Basic realm="Ledby"'}
    )


def page(wrong: str = "") -> str:
    """The page on which people sign in."""
    told = f'<p class="wrong" role="alert">{esc(wrong)}</p>' if wrong else ""
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" '
        f'content="width=device-width, '
        f'initial-scale=1"><title>Sign in - Ledby</title>{STYLE}</head><body class="plain"><header '
        f'class="top">'
        f'<div class="top-inner"><span class="name">Ledby</span></div></header><main><h1>Sign in</h1>{told}'
        '<form method="post" action="/sign-in"><label for="name">Name</label><input id="name" name="name" '
        'autocomplete="username" required><label for="password">Password</label><input id="password" '
        'name="password" '
        'type="password" autocomplete="current-password" required><button>Sign '
        "in</button></form></main></body></html>"
    )

"""Who may sign in: a file of names with hashed passwords, and signed cookies."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import os
import secrets
import time
from pathlib import Path
from typing import Annotated

import typer

from assistant.web.options import WebOptions
from corpus.errors import UsageError

_COST = 2**14  # scrypt: about 16 MB and some 50 ms a try
_SHORTEST = 10
_DAY = 86_400
_WEEK = 7 * _DAY


class Users:
    """The users file: JSON with a secret for signing, and for each name salt and hash (scrypt)."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def _read(self) -> dict[str, object]:
        try:
            raw = json.loads(self.path.read_text(encoding="utf-8"))
            if not isinstance(raw["users"], dict) or not isinstance(raw["secret"], str):
                raise TypeError
        except FileNotFoundError:
            return {"secret": secrets.token_hex(32), "users": {}}
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise UsageError(
                f"{self.path} is not a users file; make one with: ledby user add NAME"
            ) from error
        return dict(raw)

    def _write(self, raw: dict[str, object]) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        waiting = self.path.with_name(f"{self.path.name}.{os.getpid()}")
        with os.fdopen(os.open(waiting, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(raw, file, indent=1)
        waiting.replace(self.path)

    @property
    def _users(self) -> dict[str, dict[str, str]]:
        users = self._read()["users"]
        return users if isinstance(users, dict) else {}

    def names(self) -> list[str]:
        """Everybody who may sign in."""
        return sorted(self._users)

    def add(self, name: str, password: str) -> None:
        """Add a user, or give one a new password. Raises UsageError for a name or password that will not
        do."""
        if not name.strip() or len(name) > 100 or any(ord(char) < 32 for char in name):
            raise UsageError("A user's name has 1 to 100 printable characters")
        if len(password) < _SHORTEST:
            raise UsageError(f"The password has {len(password)} characters; it needs {_SHORTEST} or more")
        raw = self._read()
        salt = secrets.token_bytes(16)
        users = dict(self._users)
        users[name] = {"salt": salt.hex(), "hash": _hash(password, salt).hex()}
        self._write({**raw, "users": users})

    def remove(self, name: str) -> None:
        """Remove a user; what the user is signed in with ends. Raises UsageError where there is none of that
        name."""
        users = dict(self._users)
        if users.pop(name, None) is None:
            raise UsageError(f"There is no user {name!r}")
        self._write({**self._read(), "users": users})

    def check(self, name: str, password: str) -> bool:
        """Whether this is the user's password. A name that is not known takes as long as one that is."""
        user = self._users.get(name)
        salt = bytes.fromhex(user["salt"]) if user else b"\0" * 16
        made = _hash(password[:1000], salt)
        return hmac.compare_digest(made, bytes.fromhex(user["hash"])) if user else False

    def ticket(self, name: str, now: float | None = None) -> str:
        """A signed cookie for a user, good for a week."""
        until = int((now or time.time()) + _WEEK)
        body = base64.urlsafe_b64encode(f"{until}:{name}".encode()).decode()
        return f"{body}.{self._sign(body, name)}"

    def holder(self, ticket: str, now: float | None = None) -> str | None:
        """Whose cookie this is; None where it is forged, out of date, or its user is gone or has a new
        password."""
        body, _, signature = ticket.partition(".")
        try:
            until, _, name = base64.urlsafe_b64decode(body.encode()).decode().partition(":")
        except (binascii.Error, ValueError):
            return None
        if not hmac.compare_digest(signature, self._sign(body, name)):
            return None
        return name if until.isdigit() and int(until) > (now or time.time()) and name in self._users else None

    def _sign(self, body: str, name: str) -> str:
        user = self._users.get(name, {})
        key = str(self._read()["secret"]) + user.get("hash", "")
        return hmac.new(key.encode(), body.encode(), hashlib.sha256).hexdigest()


def _hash(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=_COST, r=8, p=1, dklen=32)


Password = Annotated[
    str,
    typer.Option(prompt=True, hide_input=True, confirmation_prompt=True, help="Asked for when not given."),
]
File = Annotated[
    Path | None, typer.Option("--file", help="The users file (LEDBY_USERS, then .ledby/users.json).")
]


def register(cli: typer.Typer) -> None:
    """Put ``ledby user`` on a command line."""
    app = typer.Typer(help="Who may sign in to the application.", no_args_is_help=True)

    def users(file: Path | None) -> Users:
        return Users(file or WebOptions().users or Path(".ledby/users.json"))

    @app.command()
    def add(
        name: str,
        file: File = None,
        password: Password = "",
    ) -> None:
        """Add a user, or give one a new password."""
        known = users(file)
        known.add(name, password)
        typer.echo(f"{name} can sign in. Serve with LEDBY_USERS={known.path}")

    @app.command()
    def remove(name: str, file: File = None) -> None:
        """Remove a user."""
        users(file).remove(name)

    @app.command("list")
    def list_(file: File = None) -> None:
        """The names of all users."""
        typer.echo("\n".join(users(file).names()))

    cli.add_typer(app, name="user")

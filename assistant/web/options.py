"""What can be configured about the application: one ``LEDBY_*`` environment variable each."""

from __future__ import annotations

from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict


class WebOptions(BaseSettings):
    """Read from the environment.

    ``files``: folders with the source files, parted by the path separator, for page images (the bundled
    documents are found without it). ``users``: the file made by ``ledby user add``; with it, signing in is
    asked for. ``rate``: questions a minute from one browser; ``rate_address``: from one address.
    ``feedback``: the SQLite file for thumbs and comments (``feedback.sqlite`` in the index folder by
    default). ``results``: folder with the evaluation's files. ``secure``: cookies for HTTPS only.
    """

    model_config = SettingsConfigDict(env_prefix="LEDBY_", extra="ignore")

    files: str = ""
    users: Path | None = None
    rate: int = 30
    rate_address: int = 1200
    max_question: int = 500
    feedback: Path | None = None
    results: Path | None = None
    mcp: bool = False
    secure: bool = False

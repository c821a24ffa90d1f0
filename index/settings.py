"""Everything that can be configured: one ``LEDBY_*`` environment variable each."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict

_PREFIX = "LEDBY_"


class Settings(BaseSettings):
    """Read from the environment; flags of the commands win over it."""

    model_config = SettingsConfigDict(env_prefix=_PREFIX, extra="ignore", frozen=True)

    index: Path = Path(".ledby/index")
    chroma_url: str | None = None
    embed_model: str | None = None
    file_seconds: float = 120
    file_megabytes: int = 2048
    llm_url: str | None = None
    llm_model: str | None = None
    llm_key: str = "none"
    llm_seconds: float = 20
    host: str = "127.0.0.1"
    port: int = 7860
    wait_seconds: float = 0


def settings() -> Settings:
    """The settings as the environment has them now."""
    return _read(frozenset(item for item in os.environ.items() if item[0].upper().startswith(_PREFIX)))


@lru_cache(maxsize=8)
def _read(environment: frozenset[tuple[str, str]]) -> Settings:  # noqa: ARG001  reading takes milliseconds
    return Settings()

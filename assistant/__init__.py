"""Question -> answer with citations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assistant.evidence.retrieve import Hit
    from assistant.service import Assistant

__all__ = ["Assistant", "Hit"]


def __getattr__(name: str) -> Any:
    """Load on first use, so that commands which answer nothing start fast."""
    if name == "Assistant":
        from assistant.service import Assistant

        return Assistant
    if name == "Hit":
        from assistant.evidence.retrieve import Hit

        return Hit
    raise AttributeError(f"module 'assistant' has no attribute {name!r}")

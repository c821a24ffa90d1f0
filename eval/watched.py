"""Ledby as it is evaluated: the same answers, and how sure it was of each."""

from __future__ import annotations

from assistant import Assistant
from assistant.draft import Draft
from assistant.evidence.narrow import EVERYWHERE, Narrowing


class Watched(Assistant):
    """An Assistant whose ``confidence`` is the probability that its decision gave the last answer to be right."""

    confidence: float | None = None

    def best(self, whole: str, within: Narrowing = EVERYWHERE) -> Draft:
        """The draft chosen, as ever; its probability is kept."""
        draft = super().best(whole, within)
        self.confidence = draft.confidence
        return draft

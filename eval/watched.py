"""Ledby as it is evaluated: the same answers, and how sure it was of each."""

from __future__ import annotations

from collections.abc import Sequence

from assistant import Assistant
from assistant.conversation.senses import Asked, Sense
from assistant.draft import Draft
from assistant.evidence.narrow import EVERYWHERE, Narrowing
from corpus.model import Answer


class Watched(Assistant):
    """An Assistant whose ``confidence`` is the probability that its decision gave the last answer to be right; None after
    one that nothing was decided about."""

    confidence: float | None = None

    def ask(self, question: str, history: Sequence[str] = (), within: Narrowing = EVERYWHERE) -> Answer:
        """The answer, as ever."""
        self.confidence = None
        return super().ask(question, history, within)

    def given(self, asked: Asked, within: Narrowing = EVERYWHERE) -> tuple[Sense, Draft]:
        """The draft given, as ever; its probability is kept."""
        sense, draft = super().given(asked, within)
        self.confidence = draft.confidence
        return sense, draft

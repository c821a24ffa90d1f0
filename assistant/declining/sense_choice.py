"""Which of several senses of a question in a conversation is answered: that whose answer is likelier right.

A logistic model over the drafts that answer each of them, fitted on the development part of conversations
(``python -m eval.fit_senses``) and stored in ``sense_choice.json``.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from assistant.conversation.leaning import GOES_ON, PRONOUN
from assistant.conversation.senses import Asked
from assistant.declining.choice import Linear, linear
from assistant.declining.decline import own_words, share
from assistant.draft import Draft
from assistant.question.expect import Expected, asks, expected
from corpus.text import fold
from index.generation import Index

WEIGHTS = Path(__file__).with_name("sense_choice.json")
# How likely a sense must be right to be answered in place of the folded one, and by how much likelier than that; how likely
# the folded one must be to be answered at all, where it is not the question as it was asked; and what is beyond doubt.
_TAKEN, _AHEAD, _STAYS, CLEAR = 0.45, 0.05, 0.25, 0.9
_NO_ANSWER = -3.0  # log-odds


def in_doubt(draft: Draft) -> bool:
    """Whether another sense of a question could be answered better; a list that is there and blank could not."""
    return draft.confidence < (CLEAR if draft.answered else 1.0)


class SenseChoice:
    """Chooses between senses, over the documents of an index; by ``model``, None before one was fitted."""

    def __init__(self, index: Index, model: Linear | None) -> None:
        self._index = index
        self.model = model

    def chosen(self, asked: Asked, drafts: Sequence[Draft]) -> int | None:
        """Which of the senses of a question is answered, by the draft for each, the folded one first; None where none is
        likely enough."""
        if self.model is None:
            return 0
        likely = [
            self.model.probability(measured) if draft.answered else 0.0
            for draft, measured in zip(drafts, self.measured(asked, drafts), strict=True)
        ]
        best = max(range(1, len(drafts)), key=likely.__getitem__, default=0)
        if best and likely[best] >= max(_TAKEN, likely[0] + _AHEAD):
            return best
        by_itself = asked.whole == asked.question
        return 0 if drafts[0].answered and (by_itself or likely[0] >= _STAYS) else None

    def measured(self, asked: Asked, drafts: Sequence[Draft]) -> list[dict[str, float]]:
        """What the model weighs of each sense: how sure its answer is, beside that of the folded one; how far it speaks of
        what the question and the one before ask; whether its first line gives the kind of value asked for; and how many
        senses have an answer from the same places."""
        rarity, own = self._index.lexical.idf, own_words(asked.question)
        context, wanted = own_words(asked.before) - own, self._wanted(asked)
        shared = self._of_question(asked, own, drafts[0])
        places = [_places(draft) for draft in drafts]
        out = []
        for at, (sense, draft) in enumerate(zip(asked.senses, drafts, strict=True)):
            said = self._said(draft)
            of_sense = {
                f"is_{sense.way}": 1.0,
                "lo": _log_odds(draft.confidence),
                "own": share(said, own, rarity),
                "context": share(said, context, rarity),
                "gives": _gives(draft.lines[0].text if draft.lines else "", wanted),
                "agree": float(_agreeing(at, drafts, places)),
                "others": float(sum(other.answered for other in drafts) - draft.answered),
            }
            out.append(shared | of_sense)
        return out

    def _of_question(self, asked: Asked, own: set[str], folded: Draft) -> dict[str, float]:
        """What is measured of a question, with its ``own`` words, and of its folded sense: the same for every sense."""
        question, rarity = asked.question, self._index.lexical.idf
        return {
            "lo_folded": _log_odds(folded.confidence) if folded.answered else _NO_ANSWER,
            "folded_declined": float(not folded.answered),
            "folded_is_alone": float(asked.whole == question),
            "n_own": min(len(own), 8) / 4,
            "rare_own": min(sum(map(rarity, own)), 40.0) / 10,
            "pronoun": float(bool(PRONOUN.search(fold(question)))),
            "goes_on": float(bool(GOES_ON.match(question))),
            "capital": float(bool(re.search(r"(?<!^)\b[A-Z]", question))),
        }

    def _said(self, draft: Draft) -> str:
        """All that a draft says, with the titles and sections where it stands."""
        evidence = [one for line in draft.lines for one in line.evidence]
        where = (f"{self._index.documents[one.document].title} {one.section}" for one in evidence)
        return " ".join((draft.told, *where))

    def _wanted(self, asked: Asked) -> Expected | None:
        """The kind of value asked for; a few words that ask for none ("and in Upton?") ask for that of the question before."""
        question = fold(asked.question)
        return expected(question if asks(question) else fold(asked.before), self._index.lower_words)


def _gives(text: str, wanted: Expected | None) -> float:
    """Whether a text gives a kind of value: 1 or -1; 0 where none is wanted."""
    return 0.0 if wanted is None else 1.0 if any(wanted.find(text)) else -1.0


def _agreeing(at: int, drafts: Sequence[Draft], places: Sequence[frozenset[tuple[str, int]]]) -> int:
    """How many other senses are answered from a place that this one is answered from."""
    return sum(
        other != at and draft.answered and drafts[at].answered and bool(places[at] & places[other])
        for other, draft in enumerate(drafts)
    )


def _places(draft: Draft) -> frozenset[tuple[str, int]]:
    return frozenset((one.document, one.span.start) for line in draft.lines for one in line.evidence)


@cache
def load_model(path: Path = WEIGHTS) -> Linear | None:
    """The stored model; None before it was fitted."""
    return linear(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else None


def _log_odds(likely: float) -> float:
    kept = min(max(likely, 1e-3), 1 - 1e-3)
    return math.log(kept / (1 - kept))

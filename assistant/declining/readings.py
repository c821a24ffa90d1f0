"""Which of several senses of a question in a conversation is answered: that whose answer is likelier right.

A logistic model over the drafts that answer each of them, fitted on the development part of conversations
(``python -m eval.fit_readings``) and stored in ``readings.json``.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from assistant.conversation.leaning import ASKING, GOES_ON, PRONOUN
from assistant.conversation.senses import Asked, Sense
from assistant.declining.choice import Linear, linear
from assistant.draft import Draft
from assistant.question.expect import Expected, asks, expected
from corpus.text import fold
from index.generation import Index
from index.lexical import terms

WEIGHTS = Path(__file__).with_name("readings.json")
# How likely a sense must be right to be answered in place of the folded one, and by how much likelier than that; how likely
# the folded one must be to be answered at all, where it is not the question as it was asked; and what is beyond doubt.
_TAKEN, _AHEAD, _STAYS, _CLEAR = 0.4, 0.05, 0.25, 0.9
_SHARE = 0.5  # of the rarity of a question's own words that a quote must hold
_NO_ANSWER = -3.0  # log-odds
_LITTLE = frozenset(
    terms(
        "who what whats where when why how which would could should have had has were was any them those these they it i me my own "
        "one ones sorry meant mean no instead same rather too also then there here id did does do"
    )
)
Rarity = Callable[[str], float]


class Candidate(NamedTuple):
    """A sense of a question, and the draft that answers it."""

    sense: Sense
    draft: Draft


def in_doubt(draft: Draft) -> bool:
    """Whether another sense of a question could be answered better; a list that is there and blank could not."""
    return draft.confidence < (_CLEAR if draft.answered else 1.0)


class Readings:
    """Chooses between senses, over the documents of an index."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self.model = load()

    def chosen(self, asked: Asked, drafts: Sequence[Draft]) -> Candidate | None:
        """Which of the senses of a question is answered, by the draft for each, the folded one first; None where none is
        likely enough."""
        likely = [
            probability(self.model.score(measured)) if draft.answered else 0.0
            for draft, measured in zip(drafts, self.measured(asked, drafts), strict=True)
        ]
        best = max(range(1, len(drafts)), key=likely.__getitem__, default=0)
        if best and likely[best] >= max(_TAKEN, likely[0] + _AHEAD):
            return Candidate(asked.senses[best], drafts[best])
        by_itself = asked.whole == asked.question
        stays = drafts[0].answered and (by_itself or likely[0] >= _STAYS)
        return Candidate(asked.senses[0], drafts[0]) if stays else None

    def measured(self, asked: Asked, drafts: Sequence[Draft]) -> list[dict[str, float]]:
        """What the model weighs of each sense: how sure its answer is, beside that of the folded one; how far it speaks of
        what the question and the one before ask, and begins with the kind of value that is asked for; and how many senses have
        an answer from the same places."""
        folded, question, rarity = drafts[0], asked.question, self._index.lexical.idf
        own = own_words(question)
        context = own_words(asked.before) - own
        wanted = self._wanted(asked)
        places = [_places(draft) for draft in drafts]
        shared = {
            "lo_folded": _log_odds(folded.confidence) if folded.answered else _NO_ANSWER,
            "folded_declined": float(not folded.answered),
            "folded_is_alone": float(asked.whole == question),
            "n_own": min(len(own), 8) / 4,
            "rare_own": min(sum(map(rarity, own)), 40.0) / 10,
            "pronoun": float(bool(PRONOUN.search(fold(question)))),
            "goes_on": float(bool(GOES_ON.match(question))),
            "capital": float(bool(re.search(r"(?<!^)\b[A-Z]", question))),
        }
        return [
            shared
            | {
                f"is_{sense.way}": 1.0,
                "lo": _log_odds(draft.confidence),
                "own": _share(said, own, rarity),
                "context": _share(said, context, rarity),
                "gives": _gives(draft.lines[0].text if draft.lines else "", wanted),
                "agree": float(_agreeing(at, drafts, places)),
                "others": float(sum(other.answered for other in drafts) - draft.answered),
            }
            for at, (sense, draft) in enumerate(zip(asked.senses, drafts, strict=True))
            for said in (self._said(draft),)
        ]

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
        other != at and draft.answered and bool(places[at] & places[other])
        for other, draft in enumerate(drafts)
    )


def _places(draft: Draft) -> frozenset[tuple[str, int]]:
    return frozenset((one.document, one.span.start) for line in draft.lines for one in line.evidence)


def own_words(question: str) -> set[str]:
    """The stems of a question that say what it is about."""
    return set(terms(GOES_ON.sub("", question))) - ASKING - _LITTLE


def speaks_of(text: str, question: str, rarity: Rarity) -> bool:
    """Whether a text holds half of a question's own words, weighed by the ``rarity`` of their stems."""
    return _share(text, own_words(question), rarity) >= _SHARE


def _share(text: str, own: set[str], rarity: Rarity) -> float:
    """The share of some stems that a text holds, weighed by their rarity; 1 where there are none."""
    whole = sum(map(rarity, own))
    return sum(map(rarity, own.intersection(terms(text)))) / whole if whole else 1.0


@cache
def load(path: Path = WEIGHTS) -> Linear:
    """The stored model."""
    return linear(json.loads(path.read_text(encoding="utf-8")))


def probability(log_odds: float) -> float:
    """The probability with these log-odds."""
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, log_odds))))


def _log_odds(likely: float) -> float:
    kept = min(max(likely, 1e-3), 1 - 1e-3)
    return math.log(kept / (1 - kept))

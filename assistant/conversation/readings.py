"""Which of several readings of a question in a conversation is answered: that whose answer is likelier."""

from __future__ import annotations

import math
from collections.abc import Callable

from assistant.conversation.leaning import ASKING, GOES_ON
from assistant.draft import Draft
from index.lexical import terms

# Of a second reading of a question that goes on with others: how likely its answer must be where the first has none; by how
# many log-odds more likely where it has one; and how likely that may be for there to be a second at all.
_RESCUES, _AHEAD, _CLEAR = 0.6, 0.3, 0.9
_SHARE = 0.5  # of the rarity of a question's own words that its answer must hold
_LITTLE = frozenset(
    terms(
        "who what whats where when why how which would could should have had has were was any them those these they it i me my own "
        "one ones sorry meant mean no instead same rather too also then there here id did does do"
    )
)


def in_doubt(draft: Draft) -> bool:
    """Whether another reading of a question could be answered better; a list that is there and blank could not."""
    return draft.confidence < (_CLEAR if draft.answered else 1.0)


def outdoes(other: Draft, draft: Draft, question: str, rarity: Callable[[str], float]) -> bool:
    """Whether what another reading of a question is answered with is to be given in place of a draft: it speaks of what the
    question itself asks, by the ``rarity`` of its stems, and not only of what was put beside it."""
    if not other.answered or not speaks_of(other.told, question, rarity):
        return False
    if not draft.answered:
        return other.confidence >= _RESCUES
    return _log_odds(other.confidence) > _log_odds(draft.confidence) + _AHEAD


def speaks_of(text: str, question: str, rarity: Callable[[str], float]) -> bool:
    """Whether a text holds half of a question's own words, weighed by the ``rarity`` of their stems."""
    own = set(terms(GOES_ON.sub("", question))) - ASKING - _LITTLE
    said = own.intersection(terms(text))
    return sum(map(rarity, said)) >= _SHARE * sum(map(rarity, own))


def _log_odds(probability: float) -> float:
    kept = min(max(probability, 1e-4), 1 - 1e-4)
    return math.log(kept / (1 - kept))

"""Which of several readings of a question in a conversation is answered: that whose answer is likelier."""

from __future__ import annotations

import math

from assistant.draft import Draft

# Of a second reading of a question that goes on with others: how likely its answer must be where the first has none; by how
# many log-odds more likely where it has one; and how likely that may be for there to be a second at all.
_RESCUES, _AHEAD, _CLEAR = 0.6, 0.3, 0.9


def in_doubt(draft: Draft) -> bool:
    """Whether another reading of a question could be answered better; a list that is there and blank could not."""
    return draft.confidence < (_CLEAR if draft.answered else 1.0)


def outdoes(other: Draft, draft: Draft) -> bool:
    """Whether what another reading of a question is answered with is to be given in place of a draft."""
    if not other.answered:
        return False
    if not draft.answered:
        return other.confidence >= _RESCUES
    return _log_odds(other.confidence) > _log_odds(draft.confidence) + _AHEAD


def _log_odds(probability: float) -> float:
    kept = min(max(probability, 1e-4), 1 - 1e-4)
    return math.log(kept / (1 - kept))

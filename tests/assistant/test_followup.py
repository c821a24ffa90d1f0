"""Questions that lean on the one before, as they are read alone."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from assistant.followup import standalone

PLACES = ("Northport", "Southby")


def named(text: str) -> Sequence[str]:
    """The places of a text."""
    return [place for place in PLACES if place.casefold() in text.casefold()]


@pytest.mark.parametrize(
    ("before", "question", "alone"),
    [
        ("Who leads clean air?", "and what is the target?", "what is the target for clean air?"),
        ("Who leads clean air?", "What is the baseline?", "What is the baseline for clean air?"),
        ("What is the target for clean air?", "and the baseline?", "what is the baseline for clean air?"),
        ("What is the target for clean air?", "and for safe roads?", "What is the target for safe roads?"),
        ("What are Northport's priorities?", "and southby's?", "What are Southby's priorities?"),
        ("Who leads clean air in Northport?", "and in Southby?", "Who leads clean air in Southby?"),
        ("Who leads clean air?", "what about the draft?", "Who leads clean air in the draft?"),
        ("Who leads clean air?", "list them all", "Who leads clean air: list all"),
        ("Who leads clean air?", "How many commitments are there?", "How many commitments are there?"),
        ("Who leads clean air?", "What is the Warm Homes Fund?", "What is the Warm Homes Fund?"),
        ("Who leads clean air?", "What are Southby's priorities?", "What are Southby's priorities?"),
    ],
)
def test_folded(before: str, question: str, alone: str) -> None:
    """What it leans on is filled in; a new topic stays as it was asked."""
    assert standalone(question, [before], named) == alone

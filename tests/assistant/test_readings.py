"""Which of two readings of a question is answered."""

from __future__ import annotations

import pytest

from assistant.draft import Draft
from assistant.readings import in_doubt, outdoes


def draft(confidence: float, *, answered: bool = True) -> Draft:
    return Draft("narrative", (), confidence, answered=answered)


@pytest.mark.parametrize(
    ("second", "first", "taken"),
    [
        (draft(0.7), draft(0.1, answered=False), True),
        (draft(0.5), draft(0.1, answered=False), False),  # not likely enough to be told where nothing else is
        (draft(0.9), draft(0.6), True),
        (draft(0.6), draft(0.6), False),
        (draft(0.62), draft(0.6), False),  # as good as the first, which leaves less open
        (draft(0.9, answered=False), draft(0.4), False),
        (draft(0.0, answered=False), draft(0.0, answered=False), False),
        (draft(1.0), draft(0.99), True),
    ],
)
def test_the_likelier_answer_is_given(second: Draft, first: Draft, taken: bool) -> None:
    assert outdoes(second, first) is taken


def test_what_is_sure_is_not_read_again() -> None:
    assert in_doubt(draft(0.5)) and in_doubt(draft(0.3, answered=False))
    assert not in_doubt(draft(0.95))
    assert not in_doubt(draft(1.0, answered=False))  # a list that is there and blank

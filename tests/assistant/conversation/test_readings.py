"""Which of two readings of a question is answered."""

from __future__ import annotations

import pytest

from assistant.conversation.readings import in_doubt, outdoes
from assistant.draft import Draft, Line


def draft(confidence: float, *, answered: bool = True, told: str = "The ferry carries ten cars.") -> Draft:
    return Draft("narrative", (Line(told),), confidence, answered=answered)


def rarity(stem: str) -> float:
    return 1.0 if stem == "peopl" else 4.0


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
    assert outdoes(second, first, "and how many cars?", rarity) is taken


@pytest.mark.parametrize(
    ("question", "taken"),
    [
        ("how many potholes were filled?", False),  # nothing of what it asks is told
        ("and potholes on the ferry?", True),
        ("how many people complain?", False),  # only what stands everywhere
        ("any others?", True),  # it asks for nothing of its own
        ("and the second one?", True),
    ],
)
def test_an_answer_to_another_question_is_not_given(question: str, taken: bool) -> None:
    second = draft(0.95, told="The ferry carries ten people.")
    assert outdoes(second, draft(0.0, answered=False), question, rarity) is taken


def test_what_is_sure_is_not_read_again() -> None:
    assert in_doubt(draft(0.5)) and in_doubt(draft(0.3, answered=False))
    assert not in_doubt(draft(0.95))
    assert not in_doubt(draft(1.0, answered=False))  # a list that is there and blank

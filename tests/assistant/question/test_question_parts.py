"""What a question asks of two things alike, and of two versions."""

from __future__ import annotations

import pytest

from assistant.question.parts import parts_of, shared_parts
from assistant.question.version import of_other_version

NAMES = frozenset(["bus renewal plan", "tide and flood strategy", "noise code"])


def is_name(text: str) -> bool:
    """Whether a text is one of the invented plans."""
    return text.lower().removeprefix("the ") in NAMES


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        (
            "Who is responsible for the bus lanes and for the noise code?",
            ("Who is responsible for the bus lanes", "Who is responsible for the noise code"),
        ),
        (
            "What are the targets for litter and for noise?",
            ("What are the targets for litter", "What are the targets for noise"),
        ),
        (
            "Who leads the Bus Renewal Plan and the Noise Code?",
            ("Who leads the Bus Renewal Plan", "Who leads the Noise Code"),
        ),
        (
            "Who leads the Tide and Flood Strategy and the Noise Code?",
            ("Who leads the Tide and Flood Strategy", "Who leads the Noise Code"),
        ),
        ("Who leads the Tide and Flood Strategy?", ()),
        ("Who leads bus lanes and cycle lanes?", ()),
        ("What is the difference for litter and for noise?", ()),
    ],
)
def test_two_things_of_which_the_same_is_asked(question: str, parts: tuple[str, ...]) -> None:
    """By a preposition before each, or as names of their own; not where they are compared, nor a name with "and"."""
    assert tuple(part.whole for part in shared_parts(question, is_name)) == parts


@pytest.mark.parametrize(
    ("before", "following", "whole"),
    [
        (
            "Who led litter in the draft plan?",
            "and who does so now?",
            "Who led litter in the current version?",
        ),
        (
            "When does the draft expect the pier to open?",
            "and the final plan?",
            "When does the final plan expect the pier to open?",
        ),
        (
            "How many goals did the draft logframe have?",
            "and how many has the final one?",
            "How many goals did the final logframe have?",
        ),
        (
            "What did the March 2031 plan say about trees?",
            "and what does the June 2031 plan say?",
            "What did the June 2031 plan say about trees?",
        ),
        ("Who led litter in the draft plan?", "and who chairs the board now?", None),
        ("Who leads the draft harbour strategy?", "and the final one?", None),
        ("Who leads litter?", "and the final plan?", None),
        ("Who led litter in the draft plan?", "and in the draft plan?", None),
    ],
)
def test_a_question_is_asked_again_of_another_version(before: str, following: str, whole: str | None) -> None:
    """Where the second says nothing of its own but which version; not where "draft" is part of a name."""
    assert of_other_version(before, following) == whole


def test_both_versions_are_parts_of_one_question() -> None:
    first, second = parts_of("Who led litter in the draft plan, and who does so now?")
    assert first.whole == "Who led litter in the draft plan"
    assert second.whole == "Who led litter in the current version"


@pytest.mark.parametrize("second", ["what was it", "what is that score"])
def test_what_it_is_asks_for_nothing_more(second: str) -> None:
    assert parts_of(f"Which pier has the highest score, and {second}?") == ()

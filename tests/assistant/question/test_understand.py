"""How a question is read: what asks and what orders, its parts, its version, its cues."""

from __future__ import annotations

import pytest

from assistant.question.parts import Part, parts_of
from assistant.question.understand import (
    asks_reason,
    read_question,
    version_of,
    without_besides,
)


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("Who leads clean air, and what is its target?", ("Who leads clean air", "what is its target")),
        (
            "How many trees, and how many benches, did the board pay for in 2023?",
            (
                "How many trees did the board pay for in 2023",
                "how many benches, did the board pay for in 2023",
            ),
        ),
        (
            "How many ferries sail and in which month do they stop?",
            ("How many ferries sail", "in which month do they stop"),
        ),
        ("Who leads trees and benches?", ()),
        ("Who leads clean air?", ()),
        ("Who and what?", ()),
    ],
)
def test_the_things_that_a_question_asks(question: str, parts: tuple[str, ...]) -> None:
    """Told apart at a word that asks again; what both lean on goes to both."""
    assert tuple(part.text for part in parts_of(question)) == parts


def test_a_part_that_leans_on_the_first_is_read_with_it() -> None:
    """By a pronoun, or for want of words of its own."""
    first, second = parts_of("Who leads the clean air plan, and what is its target?")
    assert first.beside == "" and second == Part("what is its target", "Who leads the clean air plan")
    assert second.whole == "what is its target (Who leads the clean air plan)"


@pytest.mark.parametrize(
    ("folded", "reason"),
    [
        ("why was the plan dropped?", True),
        ("what were the reasons for it?", True),
        ("who knows why the plan was dropped?", False),
    ],
)
def test_a_question_for_reasons(folded: str, reason: bool) -> None:
    """By the words it begins with, or by its noun."""
    assert asks_reason(folded) == reason


@pytest.mark.parametrize(
    ("folded", "version"),
    [
        ("who leads clean air?", ""),
        ("who led clean air in the draft?", "draft"),
        ("who leads clean air in the final plan?", "final"),
        ("what changed about clean air between the draft and the final plan?", "both"),
        ("what was dropped from the plan?", "both"),
    ],
)
def test_the_version_that_is_asked_for(folded: str, version: str) -> None:
    """Drafts only where they are named; both where they are compared."""
    assert version_of(folded) == version


@pytest.mark.parametrize(
    ("question", "cue"),
    [
        ("Who leads clean air?", "lead"),
        ("which plan covers clean air", "plan"),
        ("what is the target for clean air", "indicator"),
        ("what are Northport's priorities?", "place"),
        ("what does CAP stand for?", "acronym"),
        ("when will the clean air plan be agreed?", "when"),
        ("how many plans are there?", "many"),
    ],
)
def test_the_cues_of_a_question(question: str, cue: str) -> None:
    """Each kind of answer has words that ask for it."""
    assert read_question(question).has(cue)


def test_what_is_set_aside_is_not_asked_about() -> None:
    """Neither in the words that are searched for, nor in the topic."""
    question = "besides the bus plan, what covers clean air?"
    assert "bus" not in without_besides(question) and "bus" not in read_question(question).topic

"""What a thing is, over an invented harbour's papers."""

from __future__ import annotations

import pytest

from assistant.question.definition import defines, tells, thing_asked
from tests.assistant.conftest import OverPapers


@pytest.mark.parametrize(
    ("question", "thing"),
    [
        ("what are quay wardens?", "quay wardens"),
        ("what is the tidal energy board?", "tidal energy board"),
        ("what's a berth licence", "berth licence"),
        ("what does that mean", None),
        ("what is the target for noise?", None),
        ("what is the harbour's income?", None),
        ("what are the priorities of the board?", None),
        ("what is it?", None),
        ("what is the population?", None),
        ("what was agreed?", None),
        ("who are the quay wardens?", None),
    ],
)
def test_only_a_question_for_a_thing_asks_what_it_is(question: str, thing: str | None) -> None:
    """Not one for something of it."""
    assert thing_asked(question) == thing


@pytest.mark.parametrize(
    "text",
    [
        "Quay wardens are volunteers who keep the slipways clear.",
        "The quay wardens are trained people with a key to the boathouse.",
        "2.3 Quay Wardens (QW) are our eyes on the water.",
        "The board pays for volunteers known as quay wardens.",
    ],
)
def test_what_a_thing_is_is_told_most(text: str) -> None:
    """More than what it does."""
    assert tells("quay wardens", text) > tells("quay wardens", "The quay wardens help skippers to moor.") > 0


@pytest.mark.parametrize(
    "text",
    [
        "Quay wardens are expected to attend the meeting in May.",
        "Quay Warden Scheme; Led by: Wexmouth Council, Harbours team, with the lifeboat crew and the pilots",
        "We thank the quay wardens for their work.",
        "Harbour wardens are volunteers.",
        "After the talk with the quay wardens, a third meeting is planned.",
        "We wrote to the quay wardens which took two weeks.",
    ],
)
def test_a_mention_says_nothing_of_what_it_is(text: str) -> None:
    assert tells("quay wardens", text) == 0


def test_a_name_is_met_as_a_whole() -> None:
    """In the singular or plural, not in a longer word."""
    assert tells("bus", "But is a word.") == tells("plan", "Planes are a noise.") == 0
    assert tells("bus", "A bus is a boat on wheels.") and tells("ferries", "The ferry is a boat.")
    assert defines("quay warden", "Quay wardens are the eyes of the board.")
    assert not defines("quay warden", "Quay wardens are older than most.")


HARBOUR = """# Wexmouth harbour report 2024

## Quay wardens

Quay wardens were thanked by the mayor in May. The quay wardens met the pilots twice, and a third meeting of quay wardens is
planned.

Each summer the harbour is busy. Quay wardens are trained volunteers who keep the slipways clear and help skippers to moor.

| Plan | Led by |
|---|---|
| Quay wardens scheme | Wexmouth Council |
| Slipway renewal | Harbour Trust |
"""


def test_what_is_asked_what_it_is_is_answered_with_the_sentence_that_says_so(over_papers: OverPapers) -> None:
    """Not with one that mentions it more, nor with who leads it."""
    harbour = over_papers({"harbour.md": HARBOUR})
    for question in ("What are quay wardens?", "what's a quay warden"):
        answer = harbour.ask(question)
        assert answer.answered
        assert "Quay wardens are trained volunteers" in answer.text.split(" [1]")[0]

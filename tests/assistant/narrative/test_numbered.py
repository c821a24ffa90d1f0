"""What documents number in their headings."""

from __future__ import annotations

import pytest

from assistant.narrative.numbered import NumberedHeadings
from assistant.question.understand import Ask, read_question
from corpus.model import Block, Document, Span

PLAN = [
    "Town Plan",
    "Goal one: Clean air",
    "Goal 2 - Safe roads",
    "Goal 2: Examples",
    "Goal 3: Warm homes",
    "Goal 1: Examples",
    "Theme 1: Young",
    "Theme 3: Old",
    "Theme 4: All",
]


def asked(question: str) -> list[str] | None:
    """The lines told of the plan's headings; None where nothing is told."""
    text, blocks = "", []
    for heading in PLAN:
        blocks.append(Block("heading", Span(len(text), len(text) + len(heading)), level=2))
        text += heading + "\n"
    plan = Document(id="plan", file="plan.md", title="Town Plan", text=text, blocks=tuple(blocks))
    draft = NumberedHeadings({"plan": plan}).draft(
        Ask(read_question(question), (question,), frozenset({"plan"}))
    )
    if draft is None:
        return None
    for line in draft.lines[1:]:
        assert line.evidence[0].span.of(text) in PLAN
    return [line.text for line in draft.lines]


@pytest.mark.parametrize(
    "question", ["What are the three goals?", "List all goals of the town plan.", "How many goals are there?"]
)
def test_titles_that_run_from_one_are_listed(question: str) -> None:
    """In order, once each; a title that stands under several numbers is none."""
    assert asked(question) == [
        "The Town Plan has three goals:",
        "1: Clean air",
        "2: Safe roads",
        "3: Warm homes",
    ]


@pytest.mark.parametrize(
    "question", ["What are the themes?", "Which goals are about cycling?", "What is the goal?", "Who leads?"]
)
def test_gaps_parts_and_other_questions_tell_nothing(question: str) -> None:
    """A number that is missing may be a heading that was not read."""
    assert asked(question) is None

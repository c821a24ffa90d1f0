"""Votes that minutes record, over those of an invented council."""

from __future__ import annotations

import pytest

from assistant.question.understand import read_question
from assistant.service import Assistant
from tests.assistant.conftest import OverPapers

MINUTES = """# Wexmouth Council minutes, 3 May 2031

## 12. Ferry subsidy

1) Mrs Vale proposed and Mr Tor seconded that the ferry subsidy be raised.

2) The Chair put the motion to the vote and the voting was as follows:

For (3)

Mrs Vale, Mr Tor, Ms Reed

Against (1)

Mr Stone OBE

Abstain (0)

Motion carried.

3) The Chair put the amendment that herons be counted to the vote and the voting was as follows:

For (1)

Ms Reed

Against (3)

Mrs Vale, Mr Tor, Mr Stone OBE

Abstain (0)

Amendment lost.

## 13. Benches

For (2) benches on the quay the council pays a carpenter. Nobody voted.
"""


@pytest.fixture(scope="module")
def assistant(over_papers: OverPapers) -> Assistant:
    """Over the minutes."""
    return over_papers({"minutes.md": MINUTES})


@pytest.mark.parametrize(
    ("question", "told", "untold"),
    [
        ("Who voted against raising the ferry subsidy?", ["Against: 1 (Mr Stone OBE)"], "Reed"),
        (
            "Which councillors opposed counting herons?",
            ["Against: 3 (Mrs Vale, Mr Tor, Mr Stone OBE)"],
            "Reed",
        ),
        ("How many members voted for raising the subsidy?", ["For: 3"], "Vale,"),
        ("How did the council vote on raising the subsidy?", ["For: 3", "Against: 1", "Abstain: 0"], "Stone"),
    ],
)
def test_the_sides_of_the_vote_that_is_asked_for(
    question: str, told: list[str], untold: str, assistant: Assistant
) -> None:
    """The names where it is asked who, the numbers where it is asked how many."""
    answer = assistant.ask(question)
    assert answer.answered and all(one in answer.text for one in told) and untold not in answer.text
    assert "“12. Ferry subsidy”" in answer.text
    assert all(citation.quote in MINUTES for citation in answer.citations)


@pytest.mark.parametrize(
    "question",
    ["Who voted against the harbour tax?", "Who proposed the subsidy?", "Who voted for the benches?"],
)
def test_another_vote_is_not_told(question: str, assistant: Assistant) -> None:
    assert assistant.votes.draft(read_question(question), frozenset(assistant.index.documents)) is None


def test_nobody_is_named_where_nobody_voted_so(assistant: Assistant) -> None:
    answer = assistant.ask("Who abstained on raising the ferry subsidy?")
    assert answer.text.endswith("Abstain: 0 [1]") and answer.citations[0].quote == "Abstain (0)"

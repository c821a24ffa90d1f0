"""What a refusal suggests to ask about the sections near a question, and that it is answered."""

from __future__ import annotations

import pytest

from assistant.narrative.sections import heading_of, question_about, under_heading
from assistant.service import Assistant
from tests.assistant.conftest import OverPapers

PAPER = """# Ferry report

## Crossings

The ferry crossed the bay 412 times last year, most of them in July. Two boats were used.

## March 2024

The pier was painted.

## Lost property

Eleven umbrellas and a trombone were handed in at the kiosk. The kiosk opens at nine.
"""


@pytest.fixture(scope="module")
def ferry(over_papers: OverPapers) -> Assistant:
    """An assistant over the report."""
    return over_papers({"ferry.md": PAPER})


def test_a_refusal_suggests_the_sections_near_it(ferry: Assistant) -> None:
    answer = ferry.ask("How much does it cost to claim a lost umbrella at the kiosk?")
    assert not answer.answered
    assert "What does the Ferry report say under “Lost property”?" in answer.suggestions
    assert all(ferry.ask(one).answered for one in answer.suggestions)


def test_what_stands_under_a_quoted_heading_is_given(ferry: Assistant) -> None:
    answer = ferry.ask("What does the Ferry report say under “Lost property”?")
    assert answer.answered and "trombone" in answer.text
    assert {one.section.rpartition(" > ")[2] for one in answer.citations} == {"Lost property"}


def test_a_date_or_no_heading_is_nothing_to_ask_about(ferry: Assistant) -> None:
    hits = {heading_of(hit.passage): hit for hit in ferry.search("pier painted umbrellas crossings", 10)}
    assert question_about(hits["March 2024"]) == ""
    assert "Crossings" in question_about(hits["Crossings"])


@pytest.mark.parametrize(
    "asked",
    [
        "What does the Ferry report say about umbrellas?",
        "What does the Ferry report say under “Weather”?",
        "What does the Bus report say under “Lost property”?",
    ],
)
def test_other_questions_quote_no_heading(ferry: Assistant, asked: str) -> None:
    assert under_heading(asked, ferry.index) == []

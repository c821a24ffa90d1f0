"""The most and the least of a table, over an invented council's report."""

from __future__ import annotations

import pytest

from assistant.question.understand import read_question
from assistant.service import Assistant
from tests.assistant.conftest import OverPapers

REPORT = """# Wexmouth wards report 2031

## Need in the wards

The table shows the deprivation score of each ward.

| Ward | Score | Rank (of 90 wards) |
|---|---|---|
| Pier | 64.5 | 1 |
| Mill | 12.2 | 80 |
| Dune | 31.0 | 22 |
| Average | 70.0 | |

## Visits

| Library | 2029/30 visits | 2030/31 visits |
|---|---|---|
| Quay Street | 1,200 | 900 |
| Hill Road | 1,100 | 1,400 |
| Old Town | 300 | 250 |
| Total | 2,600 | 2,550 |

## Budgets

| Service | Budget |
|---|---|
| Parks | £1.2m |
| Roads | £900k |
| Buses | £3.4 million |

## Measures of 2031

| Service | Result |
|---|---|
| Lamps | 95% |
| Complaints | 240 |
| Waiting days | 12 |

## Smoking in 2031

| Town | District | Smokers |
|---|---|---|
| Wexmouth | Osney | 41.5% |
| Wexmouth | Borley | 30.2% |
| Wexmouth | Tansy | 12.0% |
"""


@pytest.fixture(scope="module")
def assistant(over_papers: OverPapers) -> Assistant:
    """Over the report."""
    return over_papers({"wards.md": REPORT})


def told(question: str, assistant: Assistant) -> str | None:
    """The first line of what is told; None where nothing is."""
    draft = assistant.extremes.draft(read_question(question), frozenset(assistant.index.documents))
    return draft.lines[0].text if draft else None


@pytest.mark.parametrize(
    ("question", "begins"),
    [
        ("Which ward has the highest deprivation score?", "Pier: 64.5, Score (the highest of three"),
        ("Which ward has the lowest deprivation score?", "Mill: 12.2, Score (the lowest of three"),
        ("Which library had the most visits in 2029/30?", "Quay Street: 1,200, 2029/30 visits"),
        ("Which library had the fewest visits in 2030/31?", "Old Town: 250, 2030/31 visits"),
        ("Which service has the largest budget?", "Buses: £3.4 million, Budget"),
        ("Which service has the smallest budget?", "Roads: £900k, Budget"),
        ("Which district has the most smokers?", "Osney: 41.5%, Smokers"),
    ],
)
def test_the_row_with_the_most_or_least(question: str, begins: str, assistant: Assistant) -> None:
    """Of the column that is asked for, without rows that sum up others; ranks are no amounts."""
    found = told(question, assistant)
    assert found is not None and found.startswith(begins)


@pytest.mark.parametrize(
    "question",
    [
        "Which library had the most visits?",  # two years have them
        "Which service has the highest result?",  # shares beside numbers
        "Which district had the most smokers in 2019?",
        "Which school has the most pupils?",
        "What is the score of Pier ward?",
    ],
)
def test_no_column_that_is_clearly_asked_for(question: str, assistant: Assistant) -> None:
    assert told(question, assistant) is None


def test_the_answer_quotes_the_row(assistant: Assistant) -> None:
    answer = assistant.ask("Which ward has the highest deprivation score?")
    assert answer.answered and "Pier: 64.5" in answer.text
    assert [citation.quote.count("64.5") for citation in answer.citations] == [1]

"""What indicators aim at, over the papers of an invented council."""

from __future__ import annotations

import pytest

from assistant.service import Assistant
from tests.assistant.conftest import OverPapers

LOGFRAME = """---
title: "Wexmouth logframe, July 2023"
date: 2023-07-01
status: final
---

# Wexmouth logframe

## Outcome 1: Young and active

| No. | Indicator | Means of verification | Notes |
|---|---|---|---|
| 1.1 | By 2028, the proportion of children who cycle to school will have risen from 12.5% in 2021/22 to at least 20% | Department for Transport | |
| 1.2 | By 2028, waiting times at the harbour clinic will be similar to or better than the national average | Clinic returns | |
| 1.3 | By 2028, X% of playgrounds will be inspected each month | Council records | |
| 1.4 | By 2028, the share of meals cooked fresh will have risen from 40% in 2021 to 55% in schools and 35% in care homes | Food survey | |
"""
PLAN = """---
title: "Wexmouth delivery plan, June 2023"
date: 2023-06-01
status: final
---

# Wexmouth delivery plan

The plan says how Wexmouth becomes a town of walkers and cyclists.

## Indicators

| No. | Indicator |
|---|---|
| 1.1 | By 2028, the proportion of children who cycle to school will have risen from 12.5% to at least 30% |
"""


@pytest.fixture(scope="module")
def council(over_papers: OverPapers) -> Assistant:
    """An assistant over both papers."""
    return over_papers({"logframe.md": LOGFRAME, "plan.md": PLAN})


@pytest.mark.parametrize(
    ("question", "begins"),
    [
        (
            "What is the target for waiting times at the harbour clinic?",
            "Target: By 2028, waiting times at the harbour clinic",
        ),
        ("target for inspecting playgrounds", "Target not yet set: By 2028, X% of playgrounds"),
        ("What is the target for meals cooked fresh?", "Target: By 2028, the share of meals cooked fresh"),
    ],
)
def test_what_is_aimed_at_comes_first(council: Assistant, question: str, begins: str) -> None:
    """Also where letters stand in for the figure; two places' figures are not told as the target of one."""
    answer = council.ask(question)
    assert answer.answered
    assert answer.kind == "indicator"
    assert answer.text.startswith(begins)


@pytest.mark.parametrize("question", ["cycling to school target", "indicator 1.1", "What is indicator 1.1?"])
def test_documents_that_disagree_say_so(council: Assistant, question: str) -> None:
    """By its number, too; each with its own citation, the newest first."""
    answer = council.ask(question)
    assert answer.answered
    assert answer.text.startswith(
        "The documents disagree. Target: at least 20% by 2028; baseline: 12.5% (2021/22)."
    )
    assert "Target: at least 30% by 2028" in answer.text
    assert len({citation.document for citation in answer.citations}) == 2


def test_where_a_figure_comes_from_is_told(council: Assistant) -> None:
    answer = council.ask("Where does the data for indicator 1.2 come from?")
    assert answer.answered
    assert "source: Clinic returns" in answer.text


def test_a_target_that_is_not_there_is_declined(council: Assistant) -> None:
    assert not council.ask("What is the target for water quality in the bay?").answered


PERFORMANCE = """---
title: "Wexmouth performance report 2024"
date: 2024-03-01
status: final
---

# Wexmouth performance report

## Summary

| Indicator | RAG latest | RAG previous |
|---|---|---|
| % of harbour lamp repairs done in 10 days | RED | AMBER |
| % of letters to the harbour master answered in time | GREEN | GREEN |

## Lamps

| Indicator | Baseline | Target | Latest |
|---|---|---|---|
| Percentage of harbour lamp repairs done in 10 days | 61% | 85% | 64% |
"""


def test_an_indicator_is_told_with_its_figures_not_by_its_line_in_a_summary(over_papers: OverPapers) -> None:
    """Where only the summary tells of it, that is given, as it is printed."""
    report = over_papers({"report.md": PERFORMANCE})
    for question in ("harbour lamp repairs done in 10 days, target", "What is the target for lamp repairs?"):
        answer = report.ask(question)
        assert (answer.kind, "85%" in answer.text, "64%" in answer.text) == ("indicator", True, True)
    counted = report.ask("How many harbour lamp repairs are done in 10 days?")
    assert "85%" in counted.text and "64%" in counted.text and not counted.text.startswith("% of harbour")
    assert report.ask("indicator for letters to the harbour master answered in time").text.startswith(
        "% of letters"
    )


@pytest.mark.parametrize(
    ("question", "sure"),
    [
        ("What is the target for fresh meals?", True),
        ("what's the baseline for children who cycle?", True),
        ("What is the target for fresh meals in prisons?", False),  # says more than any wording
        ("What is the target for fresh meals by 2035?", False),
        ("What is the baseline for waiting times?", False),  # none is told
        ("What will have risen by 2028?", False),  # asks for no target
    ],
)
def test_an_indicator_is_sure_whose_wording_alone_holds_the_words(
    council: Assistant, question: str, sure: bool
) -> None:
    draft = council.indicators.draft(council.found(question).ask)
    assert draft is not None and draft.named is sure


def test_who_leads_on_an_indicator_is_not_its_target(council: Assistant) -> None:
    """However surely the indicator is meant."""
    assert not council.ask("Who leads on indicator 1.2?").text.startswith("Target")

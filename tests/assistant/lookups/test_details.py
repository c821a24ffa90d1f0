"""Columns of a row of the register, over an invented risk register."""

from __future__ import annotations

import pytest

from assistant.service import Assistant
from tests.assistant.conftest import OverPapers

RISKS = """# Wexmouth risk register 2031

| Risk | Owner | Mitigation | Status | Current likelihood (1-5) | Estimated annual exposure |
|---|---|---|---|---|---|
| Harbour wall collapse | Port team | Yearly survey by divers | Open | 4 | £2.5m |
| Loss of ferry subsidy | Transport team | Talks with ministers | Closed | 2 | £0.4m |
"""


@pytest.fixture(scope="module")
def assistant(over_papers: OverPapers) -> Assistant:
    """Over the register."""
    return over_papers({"risks.md": RISKS})


@pytest.mark.parametrize(
    ("question", "said", "unsaid"),
    [
        ("What is the current likelihood of the harbour wall collapse risk?", "likelihood (1-5): 4", "£2.5m"),
        ("What is the annual exposure for harbour wall collapse?", "exposure: £2.5m", "(1-5)"),
        ("What's the status of the loss of ferry subsidy risk?", "Status: Closed", "£0.4m"),
    ],
)
def test_the_column_that_is_asked_for(question: str, said: str, unsaid: str, assistant: Assistant) -> None:
    answer = assistant.ask(question)
    assert answer.answered and said in answer.text and unsaid not in answer.text
    assert answer.citations[0].quote in RISKS


@pytest.mark.parametrize(
    "question",
    [
        "What is the target likelihood of harbour wall collapse once all divers are trained?",
        "When was the harbour wall collapse risk found?",
        "What was the status of the harbour wall collapse risk in 2019?",
        "Who owns the harbour wall collapse risk?",
        "What is the current likelihood of a lighthouse fire?",
    ],
)
def test_other_questions_are_none_of_its(question: str, assistant: Assistant) -> None:
    """Another score than the row gives, who leads, a row that is not there."""
    assert assistant.row_details.draft(assistant.found(question).ask) is None

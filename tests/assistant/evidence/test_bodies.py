"""Facts of the body that is asked about, not of another, over an invented council's papers."""

from __future__ import annotations

import pytest

from assistant.service import Assistant
from tests.assistant.conftest import OverPapers

PLAN = """# Wexmouth delivery plan

| Commitment | Plans | Led by |
|---|---|---|
| Clean water | Bathing water plan | Osney Harbour Trust |
| Clean streets | Street washing plan | Wexmouth Council |
| Clean air | Bus renewal plan | Wexmouth Council, Osney Harbour Trust |
"""
REPORT = """# Osney year book

## The coast and its employers

Wexmouth Council is the largest employer on the coast; it has 4,120 staff in jobs of all kinds, and people from ninety
towns work for it.

## Osney Harbour Trust

Osney Harbour Trust has a workforce of 310 people who keep the quays, the lights and the ferries.

Chief Executive: Lena Crowe

Registered office: The Quay, Osney
"""


@pytest.fixture(scope="module")
def council(over_papers: OverPapers) -> Assistant:
    """An assistant over both papers."""
    return over_papers({"plan.md": PLAN, "year-book.md": REPORT})


def test_a_sentence_about_another_body_does_not_come_first(council: Assistant) -> None:
    """Though it speaks of staff and jobs as the question does."""
    answer = council.ask("How many staff work at Osney Harbour Trust?")
    assert answer.answered
    assert "310" in answer.text.split("[1]")[0]
    assert "4,120" in council.ask("How many staff work at Wexmouth Council?").text.split("[1]")[0]


def test_who_holds_the_post_of_another_body_is_not_told(council: Assistant) -> None:
    assert council.ask("Who is the chief executive of Osney Harbour Trust?").text.startswith("Lena Crowe: ")
    assert "Lena Crowe" not in council.ask("Who is the chief executive of Wexmouth Council?").text

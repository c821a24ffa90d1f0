"""What a meeting decided is told from where the minutes say so, not from what was discussed before."""

from __future__ import annotations

import pytest

from assistant.decision import asks_decision, decides
from tests.assistant.conftest import OverPapers

MINUTES = """# Minutes of the Wexmouth Harbour Board, 9 January 2025

## 4. Ferry fares report (Item 4)

1. Mrs Fenn introduced the report on ferry fares and said that fares might rise by a tenth.

2. Mr Brand asked the Board to agree that the fares of pensioners stay as they are.

RESOLVED that ferry fares be frozen until April 2026.

## 5. Dredging of the channel (Item 5)

1. Mr Moss introduced the report on the dredging of the channel, which silts up each winter.

2. The Board heard that two firms had offered to dredge the channel.

3) RESOLVED to ask for a third offer.
"""


@pytest.mark.parametrize(
    ("question", "told", "other"),
    [
        ("What did the Harbour Board decide about ferry fares?", "frozen until April 2026", "third offer"),
        ("What was agreed about the dredging of the channel?", "ask for a third offer", "frozen"),
    ],
)
def test_what_was_decided_comes_first(over_papers: OverPapers, question: str, told: str, other: str) -> None:
    answer = over_papers({"minutes.md": MINUTES}).ask(question)
    first = answer.text.split("[1]")[0]
    assert answer.answered and told in first and other not in answer.text, answer.text


def test_which_questions_ask_it() -> None:
    assert asks_decision("What did full council decide about the hubs?")
    assert asks_decision("What was resolved about devolution?")
    assert not asks_decision("Who decides about grants?")
    assert not asks_decision("What are the agreed priorities?")


def test_which_stretches_say_it() -> None:
    assert decides("RESOLVED that the report be noted.") > 0
    assert decides("3) RESOLVED to ask for a third offer.") > 0
    assert decides("It was agreed that the fares stay.") > 0
    assert decides("Mr Brand asked whether it was agreed that fares stay.") == 0
    assert decides("Unresolved balance") == 0

"""What a meeting decided is told from where the minutes say so, not from what was discussed before."""

from __future__ import annotations

import pytest

from assistant.evidence.resolved import asks_decision, decides
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


UNHEADED = """# Minutes of the Wexmouth Harbour Board

4. Ferry fares. Mrs Fenn said that ferry fares might rise by a tenth.

5. Dredging. RESOLVED to ask for a third offer.

RESOLVED that the officers be thanked.
"""


def test_the_decision_on_another_item_is_not_told_as_its_own(over_papers: OverPapers) -> None:
    answer = over_papers({"minutes.md": UNHEADED}).ask("What did the Harbour Board decide about ferry fares?")
    assert not answer.text.startswith("RESOLVED"), answer.text


@pytest.mark.parametrize(
    "question",
    [
        "What did full council decide about the hubs?",
        "What was resolved about devolution?",
        "What was the decision about hubs?",
        "What decision did the board take on fares?",
    ],
)
def test_questions_that_ask_it(question: str) -> None:
    assert asks_decision(question)


@pytest.mark.parametrize(
    "question",
    [
        "Who decides about grants?",
        "What are the agreed priorities?",
        "How does the council decide which applications get a grant?",
        "What did the survey conclude?",
        "What was the agreed definition of self-neglect?",
        "How has the number of resolved complaints changed?",
    ],
)
def test_questions_that_do_not(question: str) -> None:
    assert not asks_decision(question)


@pytest.mark.parametrize(
    "text",
    [
        "RESOLVED that the report be noted.",
        "3) RESOLVED to ask for a third offer.",
        "It was agreed that the fares stay.",
        "RESOLVED unanimously that fares stay.",
        "RESOLVED - that fares stay.",
        "The Board agreed that fares stay.",
        "The Committee RESOLVED to note the report.",
    ],
)
def test_stretches_that_say_it(text: str) -> None:
    assert decides(text) > 0


@pytest.mark.parametrize(
    "text",
    [
        "Mr Brand asked whether it was agreed that fares stay.",
        "Unresolved balance",
        "Agreed to by all partners",
        "Resolved: 45",
        "Resolved to 95% of complaints",
    ],
)
def test_stretches_that_do_not(text: str) -> None:
    assert decides(text) == 0

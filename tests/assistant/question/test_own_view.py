"""Messages that want what no paper holds: a view, a text of Ledby's own."""

from __future__ import annotations

import pytest

from assistant.question.own_view import asks_advice, asks_view
from corpus.text import fold
from tests.assistant.conftest import OverPapers


@pytest.mark.parametrize(
    "question",
    [
        "Was it right to move the market?",
        "is it fair that Osney got less?",
        "Is Mrs Vale a good chair?",
        "is the harbour choir a waste of money",
        "Do you agree the plan is all talk?",
        "Which of the six aims matters most to you?",
        "what's your view on the vision",
        "Who did a better job, Mrs Vale or Mr Tor?",
        "which of those two towns is doing better so far?",
        "sum up the plan as a limerick",
        "Pretend you are Mrs Vale and tell me what to scrap.",
    ],
)
def test_a_view_is_declined_beyond_doubt(over_papers: OverPapers, question: str) -> None:
    assert asks_view(fold(question))
    paper = "# Osney\n\nMrs Vale chairs the board. It was right to move the market, the board said. Mr Tor sings well.\n"
    answer = over_papers({"osney.md": paper}).ask(question)
    assert not answer.answered and not answer.citations and "no view of its own" in answer.text


@pytest.mark.parametrize(
    "question",
    [
        "Is it right that there are six aims?",
        "Do you think you could tell me who leads it?",
        "Where can residents give your views?",
        "In the report's opinion, was it right to move the market according to the plan?",
        "Is Osney a good place to work, according to the survey?",
        "Who has the best record on housing?",
        "Which poem was read at the opening?",
        "What did the board think of the plan?",
        "what matters most to residents",
        "Is it fair to say that Osney leads most plans?",
        "Do you think there is a target for boats?",
        "Do you believe loneliness is covered in the strategy?",
        'How many answered yes to "do you feel safe in your street"?',
        "Was the bridge seen as a waste of money?",
    ],
)
def test_what_papers_can_tell_is_no_view(question: str) -> None:
    assert not asks_view(fold(question))


@pytest.mark.parametrize(
    ("question", "advice"),
    [
        ("Can you tell me whether my mum is being neglected?", True),
        ("I owe £9,000, would you go bankrupt if you were me?", True),
        ("is it worth me applying for a grant", True),
        ("I can't cope any more, what would you suggest?", True),
        ("Dad keeps getting lost. Would you put him in a home or have someone in?", True),
        ("Would you say the plan covers dementia?", False),
        ("Would you send me the clean air plan?", False),
        ("Would you let me know who leads it?", False),
        ("As a carer, would you get a payment?", False),
        ("Who would you send a complaint to?", False),
        ("How many mothers were neglected in 2022?", False),
        ("What did the panel suggest?", False),
        ("Who do I report to if my child is being exploited?", False),
    ],
)
def test_ones_own_life_asks_for_advice(question: str, *, advice: bool) -> None:
    assert asks_advice(fold(question)) is advice

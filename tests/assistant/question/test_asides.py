"""Greetings, thanks and calls for help are no questions; questions about such things are."""

from __future__ import annotations

import time

import pytest

from assistant.question.asides import announced, aside, without_courtesy
from assistant.question.danger import in_danger
from assistant.question.own_view import asks_advice
from corpus.text import fold
from tests.assistant.conftest import OverPapers

_TABLE = (
    "# Air plan\n\n| Commitment | Strategy or plan | Lead |\n|---|---|---|\n"
    "| Clean air | Northport Air Plan | Northport Council |\n"
)


@pytest.mark.parametrize(
    "message",
    [
        "thanks",
        "Thanks, that's great",
        "ok thank you very much!",
        "hi there",
        "Hello",
        "ok bye",
        "yes",
        "yes please",
        "no",
        "help",
        "?",
        "...",
        "what can you do?",
        "Who are you?",
        "Good morning. I hope you are well.",
        "great, thanks for your help, bye",
    ],
)
def test_small_talk(message: str) -> None:
    assert without_courtesy(message) == ""


@pytest.mark.parametrize(
    ("message", "asked"),
    [
        ("thank you letters to residents?", "thank you letters to residents?"),
        ("Good Morning Northport programme?", "Good Morning Northport programme?"),
        ("Right to buy", "Right to buy"),
        ("help with heating", "help with heating"),
        ("What can you do about damp?", "What can you do about damp?"),
        ("Clean air is led by Northport Council, right?", "Clean air is led by Northport Council, right?"),
        ("thanks, who leads clean air?", "who leads clean air?"),
        ("Hi, who leads clean air? Many thanks!", "who leads clean air?"),
        ("hello who leads clean air please", "who leads clean air"),
        ("Who leads clean air, please?", "Who leads clean air?"),
        (
            "Hello, I hope you are well. I was wondering if you could tell me who leads clean air? Thanks",
            "who leads clean air?",
        ),
        ("Could you please tell me which plan covers damp?", "which plan covers damp?"),
        ("Tell me about clean air", "Tell me about clean air"),
        ("another question: who leads clean air?", "who leads clean air?"),
        ("Great, and Southby?", "and Southby?"),
        ("And could you please tell me when it is due?", "And when it is due?"),
        (
            "I am writing on behalf of my parish. We would like to know who leads floods. Kind regards, Ann",
            "who leads floods.",
        ),
        ("I live in Southby. What help is there?", "I live in Southby. What help is there?"),
    ],
)
def test_what_is_asked_stays(message: str, asked: str) -> None:
    assert without_courtesy(message) == asked


@pytest.mark.parametrize(
    ("message", "asked"),
    [
        ("Different question - who leads clean air?", "who leads clean air?"),
        ("ok changing subject, how many ferries sail?", "how many ferries sail?"),
        ("moving on from money, who pays?", "who pays?"),
        ("on a separate note: who pays?", "who pays?"),
        ("New topic. Who pays?", "Who pays?"),
        ("new plan, who pays?", ""),
        ("moving on to buses, who pays?", ""),  # that is what it asks about
        ("another question: who pays?", ""),  # perhaps about the same
        ("other spending growth 2025-26", ""),
        ("newspaper adverts cancelled", ""),
        ("Different question papers, who reads them?", ""),
    ],
)
def test_a_new_topic_is_announced(message: str, asked: str) -> None:
    assert announced(message) == asked


def test_a_long_row_of_pleasantries_takes_no_time() -> None:
    begun = time.perf_counter()
    assert without_courtesy("no thanks ok " * 2000 + "clean air")
    assert time.perf_counter() - begun < 1


@pytest.mark.parametrize(
    "message",
    [
        "I want to kill myself",
        "i don't want to live any more",
        "I’m feeling suicidal",
        "I have been thinking about suicide",
        "my husband hits me",
        "My ex-partner is threatening to kill me, who can help?",
        "I am being abused by my carer",
        "someone is hurting my children",
        "I don't feel safe at home",
    ],
)
def test_somebody_in_danger_is_pointed_to_help(message: str) -> None:
    draft = aside(message)
    assert draft is not None and not draft.answered
    assert all(number in draft.lines[0].text for number in ("999", "111", "116 123"))


@pytest.mark.parametrize(
    "question",
    [
        "What is being done about suicide prevention?",
        "Who leads reducing self-harm and suicide?",
        "Which plans cover domestic abuse?",
        "What support is there for people who are abused by a partner?",
        "Who helps children who harm themselves?",
        "I want to know who leads the suicide prevention strategy",
        "Which strategy will hit my area?",
        "Which plans help me cut my heating bill?",
        "How many people were hurt on the roads?",
    ],
)
def test_questions_about_danger_are_questions(question: str) -> None:
    assert not in_danger(question) and aside(question) is None


def test_small_talk_is_no_topic(over_papers: OverPapers) -> None:
    """It is answered without a search, and later turns lean on the question before it."""
    assistant = over_papers({"plan.md": _TABLE})
    thanked = assistant.ask("thanks", ["Who leads clean air?"])
    assert not thanked.answered and thanked.citations == () and thanked.standalone == "thanks"
    follow = assistant.ask("and which plan covers it?", ["Who leads clean air?", "thanks", "My dad hits me"])
    assert "clean air" in follow.standalone and "thanks" not in follow.standalone
    assert "Northport Air Plan" in follow.text
    assert assistant.ask("Hello, who leads clean air?").standalone == "who leads clean air?"


@pytest.mark.parametrize(
    "question",
    [
        "My doctor put me on tablets and I feel worse - should I stop taking them?",
        "Should I leave my job?",
        "I owe six thousand pounds, what should I do?",
        "Is it safe for me to skip a dose?",
        "Two firms have offered. Which would you go for?",
    ],
)
def test_advice_on_ones_own_life_is_declined_with_a_pointer(over_papers: OverPapers, question: str) -> None:
    paper = (
        "# Tablets\n\nOne man stopped taking his tablets in 2018 and felt better. Skipping a dose is safe for some. "
        "People who leave their job may owe money."
    )
    answer = over_papers({"tablets.md": paper}).ask(question)
    assert not answer.answered and not answer.citations and not answer.suggestions
    assert "NHS 111" in answer.text and "Citizens Advice" in answer.text


@pytest.mark.parametrize(
    "question",
    [
        "Who should I ask about tablets?",
        "Of outcome 1 and outcome 2, which should reduce smoking?",
        "Which should be completed by 2025?",
        "Is it safe to cycle in Southby, according to the plan?",
        "Can I take part in the consultation on tablets?",
        "Should I be offered a carer's assessment?",
        "What should I do if I suspect a child is being abused?",
        "Friends and family test: would you recommend the trust? How many staff said yes?",
        "Should I read the draft or the final plan?",
    ],
)
def test_what_papers_can_tell_is_no_advice(over_papers: OverPapers, question: str) -> None:
    assert not asks_advice(fold(question))
    paper = "# Tablets\n\nContact: Runa Vale, Tablets Manager.\n"
    assert "cannot advise" not in over_papers({"tablets.md": paper}).ask(question).text

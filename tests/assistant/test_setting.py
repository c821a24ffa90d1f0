"""Who asks and what for is left out of what is searched for; what the question leans on is not."""

from __future__ import annotations

import time

import pytest

from assistant.setting import without_setting
from tests.assistant.conftest import OverPapers


@pytest.mark.parametrize(
    ("message", "asked"),
    [
        (
            "I run a drop-in for sailors: how many berths does the harbour plan promise?",
            "how many berths does the harbour plan promise?",
        ),
        (
            "We are filling in a bid for our allotment. Which council pays for compost in Southby?",
            "Which council pays for compost in Southby?",
        ),
        ("For our parish newsletter: is the new ferry free on Sundays?", "is the new ferry free on Sundays?"),
        (
            "For a talk to sea scouts, how many buoys were mended last winter?",
            "how many buoys were mended last winter?",
        ),
        (
            "As harbour master at Northport I'd like to know when the dredging contract ends.",
            "when the dredging contract ends.",
        ),
        (
            "A colleague in the boatyard wants to know for a briefing who signed the dredging contract.",
            "who signed the dredging contract.",
        ),
        (
            "My late father kept the lighthouse, so I wonder: in which year was the lamp replaced?",
            "in which year was the lamp replaced?",
        ),
        (
            "I’m a school governor looking at the harbour plan: how many pupils will sail each year?",
            "In the harbour plan, how many pupils will sail each year?",
        ),
    ],
)
def test_the_setting_is_left_out(message: str, asked: str) -> None:
    assert without_setting(message) == asked


@pytest.mark.parametrize(
    "message",
    [
        "I chair the ferry users' group: who pays for it?",  # "it" stands for something before
        "My aunt lives on the quay and a surveyor filled in a form. What is it called?",
        "I work for the harbour trust: what is our yearly income?",
        "I was told that a street in my town is in the report. Which street is the poorest there?",
        "In the report that our board got: which quays are to be closed by winter?",
        "I know the papers may not say, but guess: how many seals will live in the harbour by 2040?",
        "Which ferry was late in March: the morning or the evening one?",
        "Our harbour: a plan for the quay",
        "I would like to know more about dredging",
    ],
)
def test_what_the_question_needs_stays(message: str) -> None:
    assert without_setting(message) == message


def test_a_long_message_takes_no_time() -> None:
    begun = time.perf_counter()
    for said in ("for my report, what: ", "i know ", "we say. ", "in the plan - how "):
        without_setting(said * 2000)
    assert time.perf_counter() - begun < 1


def test_the_standalone_question_has_no_setting(over_papers: OverPapers) -> None:
    table = (
        "# Air plan\n\n| Commitment | Strategy or plan | Lead |\n|---|---|---|\n"
        "| Clean air | Northport Air Plan | Northport Council |\n"
    )
    answer = over_papers({"air.md": table}).ask("I am writing a leaflet for our gym: who leads clean air?")
    assert answer.standalone == "who leads clean air?"
    assert answer.answered and "Northport Council" in answer.text

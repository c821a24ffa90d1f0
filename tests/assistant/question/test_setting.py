"""Who asks and what for is left out of what is searched for; what the question leans on is not."""

from __future__ import annotations

import time

import pytest

from assistant.question.setting import without_setting
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
        (
            "For our parish newsletter: is the new ferry to Northport free on Sundays?",
            "is the new ferry to Northport free on Sundays?",
        ),
        (
            "For a talk to sea scouts, how many buoys were mended last winter?",
            "how many buoys were mended last winter?",
        ),
        (
            "As a harbour master at Northport I'd like to know when the dredging contract for the quay ends.",
            "when the dredging contract for the quay ends.",
        ),
        (
            "A colleague in the boatyard wants to know for a briefing who signed the dredging contract form.",
            "who signed the dredging contract form.",
        ),
        (
            "My late father kept the lighthouse, so I wonder: in which year was the lamp of the pier replaced?",
            "in which year was the lamp of the pier replaced?",
        ),
    ],
)
def test_the_setting_is_left_out(message: str, asked: str) -> None:
    assert without_setting(message) == asked


@pytest.mark.parametrize(
    "message",
    [
        # what the question is about
        "For the draft plan: which commitments of the harbour board have no lead?",
        "I mean the draft of April. Which commitments of the harbour board have no lead?",
        "I'm a school governor looking at the harbour plan: how many pupils will sail each year?",
        "My question is about smoking in pregnancy. Which body leads the work of the midwives?",
        "My interest is the harbour board: how many referrals were there last winter?",
        "I'm only interested in Southby. How many ferries sailed there last winter?",
        "I need figures for 2019. How many ferries sailed to Northport each week?",
        "I want the number for men only. How many ferry passengers fell ill last winter?",
        "I live in Southby. How many pharmacies are there?",
        "I was told that a street in my town is in the report. Which street is the poorest there?",
        "In the report that our board got: which quays are to be closed by winter?",
        "I know the papers may not say, but guess: how many seals will live in the harbour by 2040?",
        "For an older person, who pays for new handrails on the ferry?",
        "Preparing for winter: who leads the repair of the cold boats?",
        "One of the actions needs money: which body of the harbour pays for new boats?",
        "I live in Southby: what help is there with heating bills this winter?",
        "I am a parent of a disabled child: what short breaks are offered by the council?",
        "My mother has dementia. What support is available for carers of older people?",
        "I work on suicide prevention. Which plans cover young men and their needs?",
        "I am writing about indicator 2.5. What is the baseline for smoking among adults?",
        # what the question leans on
        "I chair the ferry users' group: who pays for it in the winter months at Northport?",
        "My aunt lives on the quay and a surveyor filled in a form. What is it called at the harbour office?",
        "I work for the harbour trust: what is our yearly income from ferry fares?",
        "We wrote the harbour note. Its target for new berths at Northport is what?",
        "My topic is sea air. Who leads that at Northport and Southby these days?",
        # a name, a question, another question in it
        "Our Northport Health: who is responsible for the smoking target of sailors?",
        "My Health My Way: who is responsible for this service at Northport harbour?",
        "I Can Swim: who runs the exercise programme at Northport harbour?",
        "Who do I ask about how complaints about ferries are handled at Northport?",
        "What do we know about how many children sail to school at Northport?",
        "Does the note we wrote explain how the targets of the ferry board are measured?",
        "Which ferry was late in March: the morning or the evening one?",
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
    answer = over_papers({"air.md": table}).ask(
        "I am writing a leaflet for our gym: who leads the clean air work of Northport?"
    )
    assert answer.standalone == "who leads the clean air work of Northport?"
    assert answer.answered and "Northport Council" in answer.text

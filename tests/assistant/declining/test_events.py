"""Questions that take for granted that something happened."""

from __future__ import annotations

import pytest

from assistant.declining.events import untold
from corpus.text import fold
from tests.assistant.conftest import OverPapers

_CHAIR = "Mrs Vale is chair of the Harbour Board, which met in May and elected her."


@pytest.mark.parametrize(
    "question",
    [
        "Who replaced Mrs Vale?",
        "Who took over from Mrs Vale as chair?",
        "When did the Harbour Board merge with the Quay Trust?",
        "Why did Mrs Vale resign?",
        "and when did Mrs Vale step down",
        "Why was Mrs Vale removed from the Harbour Board?",
        "Who cancelled the May meeting of the Harbour Board?",
        "Why was the meeting postponed?",
        "When was the Harbour Board closed?",
        "Why did the Harbour Board reject the plan?",
    ],
)
def test_a_text_that_tells_of_no_such_thing_is_no_answer(question: str) -> None:
    assert untold(fold(question), _CHAIR)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("Who replaced Mrs Vale?", "Mr Tor succeeded Mrs Vale in June."),
        ("Who took over from Mrs Vale?", "Mr Tor, Mrs Vale's successor, spoke."),
        ("When did the boards merge?", "The two boards were combined in 2019."),
        ("Why did Mrs Vale resign?", "Mrs Vale stood down because of illness."),
        ("Why was the meeting postponed?", "The meeting was delayed by the storm."),
        ("When was the survey closed?", "The survey ran until 3 May."),
        ("Why did the board reject the plan?", "The board did not support it, as money was short."),
        # not taken for granted, or no event
        ("Was the meeting postponed?", _CHAIR),
        ("What would happen if the board merged with the trust?", _CHAIR),
        ("Who chairs the Harbour Board?", _CHAIR),
        ("Whose help will prevent, reduce or delay the need for boats?", _CHAIR),
        ("When a claim is turned down, who is told?", _CHAIR),
        ("Who leads on refuse and recycling?", _CHAIR),
        ("When were the lamps on Mill Lane replaced?", "The lamps were swapped for new ones in March."),
        ("Why did attendance at the lido drop?", "It fell because of the wet summer."),
        ("Why are appointments delayed?", "People wait for 19 weeks as there are few nurses."),
    ],
)
def test_what_is_told_in_other_words_or_not_asked_passes(question: str, text: str) -> None:
    assert not untold(fold(question), text)


def test_the_nearest_sentence_is_not_given_for_it(over_papers: OverPapers) -> None:
    papers = over_papers(
        {
            "board.md": "# Harbour Board\n\nMrs Runa Vale is chair of the Harbour Board.\n\n"
            "## Meetings\n\nThe spring meeting was put back to June because the hall was flooded.\n"
        }
    )
    assert "Vale" in papers.ask("Who is chair of the Harbour Board?").text
    assert not papers.ask("Who replaced Mrs Runa Vale as chair of the Harbour Board?").answered
    assert "flooded" in papers.ask("Why was the spring meeting postponed?").text

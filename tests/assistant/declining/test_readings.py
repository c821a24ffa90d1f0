"""Which of several senses of a question is answered."""

from __future__ import annotations

import pytest

from assistant.conversation.senses import ALONE, BESIDE, FOLDED, NAMED, Asked, Sense
from assistant.declining.readings import Readings, in_doubt, own_words, speaks_of
from assistant.draft import Draft, Evidence, Line
from corpus.model import Span
from tests.assistant.conftest import OverPapers

BEFORE = "How many cars does the Tide ferry carry?"
QUESTION = "and how many buses does it carry?"
PAPER = "# Ferries of Northport\n\nThe Tide ferry carries ten cars and two buses.\n\n# Floods\n\nThe bridge was closed.\n"
BUSES, CLOSED = "The Tide ferry carries ten cars and two buses.", "The bridge was closed."


@pytest.fixture
def readings(over_papers: OverPapers) -> Readings:
    return over_papers({"paper.md": PAPER}).readings


def draft(readings: Readings, confidence: float, told: str = BUSES) -> Draft:
    """A draft that quotes the paper."""
    (document,) = readings._index.documents.values()
    at = document.text.index(told)
    line = Line(told, (Evidence(document.id, Span(at, at + len(told))),))
    return Draft("narrative", (line,), confidence)


NOTHING = Draft("none", (Line("I could not find this."),), 0.0, answered=False)
FOLDED_SO = "how many buses does the Tide ferry carry?"


def asked(count: int, folded: str = FOLDED_SO) -> Asked:
    ways = (FOLDED, BESIDE, NAMED, ALONE)[:count]
    return Asked(
        QUESTION,
        BEFORE,
        tuple(Sense(way, folded if way == FOLDED else f"{QUESTION} ({way})") for way in ways),
    )


def taken(readings: Readings, *drafts: Draft, folded: str = FOLDED_SO) -> str:
    """The way of the sense that is answered, where the first draft answers the folded one; empty where none is."""
    found = readings.chosen(asked(len(drafts), folded), drafts)
    return found.sense.way if found else ""


def test_what_alone_has_an_answer_is_given_where_that_is_likely(readings: Readings) -> None:
    assert taken(readings, NOTHING, draft(readings, 0.8)) == BESIDE
    assert taken(readings, NOTHING, draft(readings, 0.36, CLOSED)) == ""
    assert taken(readings, NOTHING, NOTHING) == ""


def test_the_folded_question_stays_where_nothing_is_likelier(readings: Readings) -> None:
    assert taken(readings, draft(readings, 0.8), draft(readings, 0.6, CLOSED)) == FOLDED
    assert taken(readings, draft(readings, 0.7), NOTHING) == FOLDED


def test_senses_that_agree_go_before_one_that_has_another_answer(readings: Readings) -> None:
    agreeing = draft(readings, 0.6)
    assert taken(readings, draft(readings, 0.6, CLOSED), agreeing, agreeing) in (BESIDE, NAMED)


def test_an_unlikely_answer_is_given_only_to_a_question_that_stands_by_itself(readings: Readings) -> None:
    poor = draft(readings, 0.36, CLOSED)
    assert taken(readings, poor, NOTHING, NOTHING) == ""
    assert taken(readings, poor, NOTHING, NOTHING, folded=QUESTION) == FOLDED


def test_what_is_measured_of_senses(readings: Readings) -> None:
    first, second, third = readings.measured(
        asked(3), [draft(readings, 0.5), draft(readings, 0.5), draft(readings, 0.5, CLOSED)]
    )
    assert first["own"] == first["context"] == 1.0
    assert third["own"] == 0.0 and third["context"] < 0.2  # the title stands over both
    assert first["agree"] == second["agree"] == 1.0 and third["agree"] == 0.0
    assert first["gives"] == 1.0 and third["gives"] == -1.0  # a number
    assert first["is_folded"] == second["is_beside"] == first["goes_on"] == first["pronoun"] == 1.0


def test_a_few_words_ask_for_the_kind_of_value_of_the_question_before(readings: Readings) -> None:
    short = Asked("and buses?", BEFORE, (Sense(FOLDED, "and buses?"),))
    told = [readings.measured(short, [draft(readings, 0.5, one)])[0] for one in (BUSES, CLOSED)]
    assert [one["gives"] for one in told] == [1.0, -1.0]


def test_words_that_only_ask_are_no_words_of_its_own() -> None:
    assert own_words("and how many cars were there, sorry?") == {"car"}


def rarity(stem: str) -> float:
    return 1.0 if stem == "peopl" else 4.0


@pytest.mark.parametrize(
    ("question", "spoken"),
    [
        ("how many potholes were filled?", False),  # nothing of what it asks is told
        ("and potholes on the ferry?", True),
        ("how many people complain?", False),  # only what stands everywhere
        ("any others?", True),  # it asks for nothing of its own
    ],
)
def test_whether_a_text_speaks_of_what_is_asked(question: str, spoken: bool) -> None:
    assert speaks_of("The ferry carries ten people.", question, rarity) is spoken


def test_what_is_sure_is_not_read_again() -> None:
    def sure(confidence: float, answered: bool) -> Draft:
        return Draft("narrative", (), confidence, answered=answered)

    assert in_doubt(sure(0.5, True)) and in_doubt(sure(0.3, False))
    assert not in_doubt(sure(0.95, True))
    assert not in_doubt(sure(1.0, False))  # a list that is there and blank

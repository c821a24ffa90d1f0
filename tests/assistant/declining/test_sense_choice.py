"""Which of several senses of a question is answered."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import pytest

from assistant.conversation.senses import ALONE, BESIDE, FOLDED, NAMED, Asked, Sense
from assistant.declining.choice import Linear
from assistant.declining.decline import own_words, speaks_of
from assistant.declining.sense_choice import _AHEAD, _STAYS, _TAKEN, SenseChoice, in_doubt, load_model
from assistant.draft import Draft, Evidence, Line
from assistant.service import Assistant
from corpus.model import Span
from tests.assistant.conftest import OverPapers

BEFORE = "How many cars does the Tide ferry carry?"
QUESTION = "and how many buses does it carry?"
FOLDED_SO = "how many buses does the Tide ferry carry?"
PAPER = "# Ferries of Northport\n\nThe Tide ferry carries ten cars and two buses.\n\n# Floods\n\nThe bridge was closed.\n"
BUSES, CLOSED = "The Tide ferry carries ten cars and two buses.", "The bridge was closed."
NOTHING = Draft("none", (Line("I could not find this."),), 0.0, answered=False)
AS_SURE = Linear(("lo",), (1.0,), (0.0,), (1.0,), 0.0)
"""A model by which a sense is as likely as its draft is sure."""
AGREEING = replace(AS_SURE, names=("lo", "agree"), weights=(1.0, 1.0), centre=(0.0, 0.0), scale=(1.0, 1.0))


@pytest.fixture
def papers(over_papers: OverPapers) -> Assistant:
    return over_papers({"paper.md": PAPER})


def draft(papers: Assistant, confidence: float, told: str = BUSES) -> Draft:
    """A draft that quotes the paper."""
    (document,) = papers.index.documents.values()
    at = document.text.index(told)
    line = Line(told, (Evidence(document.id, Span(at, at + len(told))),))
    return Draft("narrative", (line,), confidence)


def asked(count: int, folded: str = FOLDED_SO) -> Asked:
    ways = (FOLDED, BESIDE, NAMED, ALONE)[:count]
    senses = (Sense(way, folded if way == FOLDED else f"{QUESTION} ({way})") for way in ways)
    return Asked(QUESTION, BEFORE, tuple(senses))


@pytest.mark.parametrize(
    ("sure", "at"),
    [
        # of one that alone has an answer
        ((0.0, _TAKEN + 0.01), 1),
        ((0.0, _TAKEN - 0.01), None),
        ((0.0, 0.0), None),
        # beside the folded one
        ((0.6, 0.6 + _AHEAD + 0.01), 1),
        ((0.6, 0.6 + _AHEAD - 0.01), 0),
        ((0.6, 0.7, 0.8), 2),
        # of the folded one, where nothing is likelier
        ((_STAYS + 0.01, 0.0), 0),
        ((_STAYS - 0.01, 0.0), None),
    ],
)
def test_the_likeliest_is_given_if_it_is_likely_enough(
    papers: Assistant, sure: Sequence[float], at: int | None
) -> None:
    drafts = [draft(papers, one) if one else NOTHING for one in sure]
    assert SenseChoice(papers.index, AS_SURE).chosen(asked(len(sure)), drafts) == at


def test_a_question_that_stands_by_itself_is_answered_as_ever(papers: Assistant) -> None:
    poor = draft(papers, _STAYS - 0.01)
    choice = SenseChoice(papers.index, AS_SURE)
    assert choice.chosen(asked(2), [poor, NOTHING]) is None
    assert choice.chosen(asked(2, folded=QUESTION), [poor, NOTHING]) == 0


def test_without_a_model_the_folded_sense_is_answered(papers: Assistant) -> None:
    assert SenseChoice(papers.index, None).chosen(asked(2), [NOTHING, draft(papers, 0.9)]) == 0


def test_senses_that_agree_go_before_a_surer_one(papers: Assistant) -> None:
    drafts = [NOTHING, draft(papers, 0.6, CLOSED), draft(papers, 0.5), draft(papers, 0.5)]
    assert SenseChoice(papers.index, AS_SURE).chosen(asked(4), drafts) == 1
    assert SenseChoice(papers.index, AGREEING).chosen(asked(4), drafts) == 2


def test_what_is_measured_of_senses(papers: Assistant) -> None:
    first, second, third = SenseChoice(papers.index, None).measured(
        asked(3), [draft(papers, 0.5), draft(papers, 0.5), draft(papers, 0.8, CLOSED)]
    )
    assert first["lo"] == second["lo"] == first["lo_folded"] == third["lo_folded"] == 0.0
    assert third["lo"] == pytest.approx(math.log(4))
    assert first["own"] == first["context"] == 1.0
    assert third["own"] == 0.0 and third["context"] < 0.2  # the title stands over both
    assert first["agree"] == second["agree"] == 1.0 and third["agree"] == 0.0
    assert first["others"] == 2.0 and first["folded_declined"] == 0.0
    assert first["gives"] == 1.0 and third["gives"] == -1.0  # a number
    assert first["is_folded"] == second["is_beside"] == first["goes_on"] == first["pronoun"] == 1.0


def test_what_has_no_answer_agrees_with_nothing(papers: Assistant) -> None:
    blank = replace(draft(papers, 0.5), answered=False)
    (first, second) = SenseChoice(papers.index, None).measured(asked(2), [draft(papers, 0.5), blank])
    assert first["agree"] == second["agree"] == 0.0 and first["others"] == 0.0


def test_a_few_words_ask_for_the_kind_of_value_of_the_question_before(papers: Assistant) -> None:
    short = Asked("and buses?", BEFORE, (Sense(FOLDED, "and buses?"),))
    choice = SenseChoice(papers.index, None)
    told = [choice.measured(short, [draft(papers, 0.5, one)])[0] for one in (BUSES, CLOSED)]
    assert [one["gives"] for one in told] == [1.0, -1.0]


def test_the_stored_model_prefers_what_is_sure_agreed_on_and_speaks_of_the_question() -> None:
    model = load_model()
    assert model is not None
    weights = dict(zip(model.names, model.weights, strict=True))
    assert min(weights[one] for one in ("lo", "agree", "own", "context", "gives")) > 0


def test_without_declining_every_sense_in_doubt_is_answered(papers: Assistant) -> None:
    history = [BEFORE]
    _, given = papers.likeliest(papers.asked("and potholes on the moon?", history))
    assert not given.answered
    papers.without = frozenset({"decline"})
    assert papers.likeliest(papers.asked("and potholes on the moon?", history))[1].answered


def test_what_no_sense_answers_likely_enough_is_refused_with_what_is_near(
    papers: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked_so = papers.asked("and how many buses does it carry?", ["When does the Tide ferry sail?"])
    assert len(asked_so.senses) > 1 and papers.best(asked_so.whole).answered
    monkeypatch.setattr("assistant.service.in_doubt", lambda draft: True)  # a paper so short is clear
    monkeypatch.setattr(papers.sense_choice, "model", replace(AS_SURE, intercept=-20.0))
    sense, given = papers.likeliest(asked_so)
    assert sense.whole == asked_so.whole != asked_so.question
    assert not given.answered and "Ferries of Northport" in given.told, given.told


def test_words_that_only_ask_are_no_words_of_its_own() -> None:
    assert own_words("and how many cars were there, sorry?") == {"car"}


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
    def rarity(stem: str) -> float:
        return 1.0 if stem == "peopl" else 4.0

    assert speaks_of("The ferry carries ten people.", question, rarity) is spoken


def test_what_is_sure_is_not_read_again() -> None:
    def sure(confidence: float, answered: bool) -> Draft:
        return Draft("narrative", (), confidence, answered=answered)

    assert in_doubt(sure(0.5, True)) and in_doubt(sure(0.3, False))
    assert not in_doubt(sure(0.95, True))
    assert not in_doubt(sure(1.0, False))  # a list that is there and blank

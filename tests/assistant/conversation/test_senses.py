"""The ways in which a question of a conversation can be meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.conversation.senses import (
    _RECENT,
    ALONE,
    BESIDE,
    FOLDED,
    NAMED,
    Asked,
    Sense,
    asked_in,
    with_topic,
)
from assistant.evidence.narrow import Narrowing
from assistant.service import Assistant
from index.embed import Embedder
from tests.assistant.conftest import OverPapers
from tests.assistant.conversation.test_followup import NAMES


@pytest.mark.parametrize(
    ("question", "before", "whole"),
    [
        ("by when?", "Who runs the Mill Scheme?", "by when (the Mill Scheme)?"),
        ("and trams?", "How many buses are there in Upton?", "and trams (buses are there in Upton)?"),
        ("why?", "Was it?", ""),
        ("and the cost", "When was the Mill Scheme approved?", "and the cost (the Mill Scheme approved)?"),
        ("why?", "Did the board approve the plan (draft)?", "why (the board approve the plan draft)?"),
    ],
)
def test_what_the_question_before_is_about_stands_beside_another(
    question: str, before: str, whole: str
) -> None:
    assert with_topic(question, before) == whole


def test_a_question_that_goes_on_is_read_in_four_ways() -> None:
    question = "and when do they mend the wall?"
    asked = asked_in(["When does the Tide Bell Scheme end?", question], NAMES)
    assert (asked.question, asked.before) == (question, "When does the Tide Bell Scheme end?")
    assert {one.way: one.whole for one in asked.senses} == {
        FOLDED: "when do the Tide Bell Scheme mend the wall?",
        BESIDE: "and when do they mend the wall (the Tide Bell Scheme end)?",
        NAMED: "when do they mend the wall (the Tide Bell Scheme)?",
        ALONE: question,
    }


def test_each_wording_is_read_once_and_what_was_folded_in_comes_first() -> None:
    asked = asked_in(["Was it?", "who leads on loneliness?"], NAMES)
    assert [tuple(one) for one in asked.senses] == [(FOLDED, "who leads on loneliness?")]


def test_what_asks_for_nothing_by_itself_is_not_read_beside_a_name() -> None:
    asked = asked_in(["When does the Tide Bell Scheme end?", "and the harbour wall?"], NAMES)
    assert NAMED not in {one.way for one in asked.senses}


def test_white_space_makes_no_sense_of_its_own() -> None:
    asked = asked_in(["When does the Tide Bell Scheme end?", "who leads on fishing "], NAMES)
    assert asked.question == asked.whole == "who leads on fishing"
    assert [one.way for one in asked.senses].count(ALONE) == 0


def test_the_name_is_the_last_that_was_told() -> None:
    turns = [
        "When does the Tide Bell Scheme end?",
        "who leads the Warm Boats Strategy?",
        "is there any money?",
    ]
    wholes = [one.whole for one in asked_in(turns, NAMES).senses]
    assert "is there any money (the Warm Boats Strategy)?" in wholes and not any(
        "Tide" in one for one in wholes
    )


def test_a_first_question_has_one_sense(small_index: Path, embedder: Embedder) -> None:
    small = Assistant.open(small_index, embedder=embedder)
    assert [one.whole for one in small.asked("Who leads on loneliness?").senses] == [
        "Who leads on loneliness?"
    ]
    assert [one.whole for one in small.asked("thanks!", ["Who leads on loneliness?"]).senses] == ["thanks!"]
    assert len(small.asked("and by when?", ["Who leads on loneliness?"]).senses) > 1
    assert [one.whole for one in small.asked("and by when?", ["thanks!"]).senses] == ["and by when?"]


@pytest.mark.parametrize(
    ("way", "before"),
    [
        (FOLDED, "when do the Tide Bell Scheme mend the wall?"),
        (BESIDE, "and when do they mend the wall (the Tide Bell Scheme end)?"),
        (ALONE, "and when do they mend the wall?"),
    ],
)
def test_a_turn_leans_on_the_sense_in_which_the_one_before_was_meant(way: str, before: str) -> None:
    turns = ["When does the Tide Bell Scheme end?", "and when do they mend the wall?", "why?"]
    asked = asked_in(
        turns, NAMES, meant=lambda one: {sense.way: sense for sense in one.senses}.get(way, one.senses[0])
    )
    assert asked.before == before


def test_what_has_no_answer_is_still_about_what_was_asked_before(over_papers: OverPapers) -> None:
    papers = over_papers({"ferry.md": "# Ferries\n\nThe Tide ferry carries ten cars and two buses.\n"})
    turns = ["How many cars does the Tide ferry carry?", "how much was spent per household"]
    assert not papers.ask(turns[1], turns[:1]).answered
    assert (
        papers.asked("why?", turns).before
        == "how much was spent per household (cars does the Tide ferry carry)?"
    )
    assert papers.asked("why?", [turns[1]]).before == turns[1]


def test_another_question_that_is_announced_has_nothing_before_it(
    small_index: Path, embedder: Embedder
) -> None:
    small = Assistant.open(small_index, embedder=embedder)
    before = ["Who leads on loneliness?"]
    asked = small.asked("Different question - who leads the housing strategy?", before)
    assert asked == small.asked("who leads the housing strategy?")
    assert (
        small.asked("Different question: when is it due?", before).before == before[0]
    )  # "it" is what was asked about
    later = small.asked("and by when?", [*before, "Different question - who leads the housing strategy?"])
    assert later.before == "who leads the housing strategy?"


def test_only_of_recent_turns_it_is_looked_up_how_they_were_meant() -> None:
    seen: list[str] = []

    def meant(one: Asked) -> Sense:
        seen.append(one.question)
        return one.senses[0]

    asked_in(
        ["Who leads clean air?", *(f"and in {year}?" for year in range(2011, 2020)), "why?"],
        NAMES,
        meant=meant,
    )
    assert seen == [f"and in {year}?" for year in range(2019 - _RECENT + 1, 2020)]


def test_a_long_row_of_what_was_asked_is_not_carried_on() -> None:
    told, long = "the Tide Bell Scheme", " ".join(f"word{n}" for n in range(20))
    assert with_topic("why?", f"which boats sank ({told})?") == f"why (which boats sank {told})?"
    assert with_topic("why?", f"which boats sank {long} ({told})?") == f"why ({told})?"


def test_earlier_questions_are_taken_as_answered_from_what_was_narrowed_to(over_papers: OverPapers) -> None:
    papers = over_papers({"ferry.md": "# Ferries\n\nThe Tide ferry carries ten cars and two buses.\n"})
    within = Narrowing(frozenset(papers.index.documents))
    before = "How many cars does the Tide ferry carry?"
    kept = papers._given.cache_info().currsize
    papers.asked("why?", [before], within)
    papers.given(papers.asked(before), within)
    assert papers._given.cache_info().currsize == kept + 1  # it was answered so already

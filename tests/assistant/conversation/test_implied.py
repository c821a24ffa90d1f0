"""Questions that lean on the one before without a pronoun, or with one that stands for a part of it."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

import pytest

from assistant.question.asides import without_courtesy
from tests.assistant.conversation.test_followup import whole


@pytest.mark.parametrize(
    ("before", "question", "alone"),
    [
        ("How many staff does PTA have?", "what is its income?", "what is the income of PTA?"),
        ("How many staff does PTA have?", "why so many?", "why so many staff does PTA have?"),
        ("How many staff does PTA have?", "why is it so few?", "why so few staff does PTA have?"),
        ("When does the draft expect the pier to open?", "and the final plan?", "When does the final plan expect the pier to open?"),
        ("How many staff does PTA have?", "who is the chief executive?", "who is the chief executive of PTA?"),
        ("How many staff does PTA have?", "when does it move?", "when does PTA move?"),
        ("Who was elected chair of the Lea Forum?", "who is the vice chair?", "who is the vice chair of the Lea Forum?"),
        ("Who was elected chair of the Lea Forum?", "who proposed him?", "who proposed the chair of the Lea Forum?"),
        ("Who is the Independent Chair of the LFB?", "who else is on it?", "who else is on the LFB?"),
        ("What does Harbour Trust lead?", "how many of those are there?", "how many entries does Harbour Trust lead?"),
        ("Who leads on boats in Northport?", "how many is that?", "how many plans are there for boats in Northport?"),
        ("is Harbour Trust in the draft too?", "how many?", "how many entries does Harbour Trust lead in the draft?"),
        ("Which places prioritise boats?", "is there a plan for it?", "is there a plan for boats?"),
        ("Which places prioritise boats?", "when is their boat plan due?", "when is the boat plan of the places that prioritise boats due?"),
        ("Which plans does PTA lead?", "which of those have no date?", "which of the plans that PTA leads have no date?"),
        ("How many replies did the Fair Winds survey get?", "how many of those were late?", "how many of the replies of the Fair Winds survey were late?"),
        ("How many rowers are there in Northport?", "which plan supports them", "which plan supports rowers in Northport?"),
        ("What is the Yearly Statement follow-up about?", "who wrote it?", "who wrote the Yearly Statement follow-up?"),
        ("What does the PTA Report say about boats?", "who wrote it?", "who wrote the PTA Report?"),
        ("What does the PTA Report say about the Boat Club?", "where is it?", "where is the Boat Club?"),
        ("Which plan covers boats?", "who leads it?", "who leads the plan that covers boats?"),
        ("What is the target for boats?", "when is it due?", "when is the target for boats due?"),
        ("When does the Tide Scheme end?", "ok. and Harbour Walks, how many walkers has that had", "ok. and how many walkers has Harbour Walks had"),
        ("When does the Tide Scheme end?", "And the ferry, when does it sail?", "when does the ferry sail (the Tide Scheme)?"),
        ("When does the Tide Scheme end?", "Actually, when does it start?", "Actually, when does the Tide Scheme start?"),
        ("When does the Tide Scheme end?", "Within Northport, who leads it?", "Within Northport, who leads the Tide Scheme?"),
        ("When does the Tide Scheme end?", "And in Northport, when does it end?", "in Northport, when does the Tide Scheme end?"),
        ("Who leads clean air?", "What are the aims of Live It Well?", "What are the aims of Live It Well?"),
        ("Who leads clean air?", "Which scheme that pays for boats is new?", "Which scheme that pays for boats is new?"),
        ("Who leads clean air?", "How much did it cost to mend the pier?", "How much did it cost to mend the pier?"),
        ("Who leads clean air?", "How many boats will there be in Southby?", "How many boats will there be in Southby?"),
    ],
)  # fmt: skip
def test_a_pronoun_is_the_body_or_the_things_asked_about(before: str, question: str, alone: str) -> None:
    """Not the rest of the clause around them."""
    assert whole(before, question) == alone


@pytest.mark.parametrize(
    ("before", "question", "alone"),
    [
        ("whats the Tide Scheme", "when does it end?", "when does the Tide Scheme end?"),
        ("Who leads clean air?", "is there a target?", "what is the target for clean air?"),
        ("Who leads clean air?", "any targets?", "what is the target for clean air?"),
        ("Who leads clean air?", "is there a bus to it?", "is there a bus to clean air?"),
        ("Who leads clean air?", "did the draft say someone different?", "Who leads clean air in the draft?"),
        ("Who leads clean air?", "what changed since the draft?", "what changed since the draft for clean air?"),
        ("Who leads clean air?", "What changed in Southby since the draft?", "What changed in Southby since the draft?"),
        ("Who leads clean air?", "rivers?", "Who leads rivers?"),
        ("Who leads clean air?", "Rivers?", "Who leads Rivers?"),
        ("Who leads clean air?", "really?", "really?"),
        ("Who leads clean air?", "full list?", "full list?"),
        ("Who leads clean air?", "does Harbour Trust mention it in its plans?", "does Harbour Trust mention clean air in its plans?"),
        ("Who leads clean air?", "why?", "why (Who leads clean air)?"),
        ("Who leads clean air?", "how does Harbour Trust look after its crews?", "how does Harbour Trust look after its crews?"),
        ("Who leads clean air?", "what is its budget?", "what is the budget of clean air?"),
        ("Who leads clean air?", "who wrote make it last?", "who wrote make it last?"),
    ],
)  # fmt: skip
def test_what_is_left_out_is_told_before(before: str, question: str, alone: str) -> None:
    """Not what a question names itself."""
    assert whole(before, question) == alone


@pytest.mark.parametrize(
    ("before", "question", "alone"),
    [
        ("How many boats does Harbour Trust have?", "and skippers?", "How many skippers does Harbour Trust have?"),
        ("How many boats does Harbour Trust have?", "and how many children?", "How many children does Harbour Trust have?"),
        ("How many boats does Harbour Trust have?", "how many over-65s?", "How many over-65s does Harbour Trust have?"),
        ("Which help is there for carers?", "and veterans?", "Which help is there for veterans?"),
        ("How many staff does PTA have?", "and Northport?", "How many staff does PTA have in Northport?"),
        ("How many boats are in the Tide Fund?", "and how many crews?", "How many crews are in the Tide Fund?"),
        ("How many talks did PTA give?", "how many came?", "how many came (How many talks did PTA give)?"),
        ("What is Tide Academy going to become?", "by when?", "by when (What is Tide Academy going to become)?"),
        ("What are Northport's priorities?", "list them all for southby", "What are Southby's priorities: list all"),
        ("What are Northport's priorities?", "list them all for tea", "What are Northport's priorities: list all"),
        ("How many priorities has Northport?", "list them all in Southby", "which priorities has Southby: list all"),
        ("What is the litter target in the Tide Plan?", "and for noise?", "What is the noise target in the Tide Plan?"),
    ],
)  # fmt: skip
def test_what_is_new_takes_the_place_of_its_like(before: str, question: str, alone: str) -> None:
    """Things counted that of things counted, and where something is written stays; what names nothing leans on the whole."""
    assert whole(before, question) == alone


@pytest.mark.parametrize(
    "question",
    [
        "My mum has dementia, who can she talk to?",
        "I'm a carer, what help is there for me and who runs it?",
        "According to the Tide Plan, who leads boats and when does it start?",
        "The other foreword has a different number, what is that?",
        "During Tide Week, who leads it?",
    ],
)
def test_what_stands_before_a_question_and_is_no_thing_stays_there(question: str) -> None:
    assert whole(question) == question


def test_a_long_word_before_a_question_takes_no_time() -> None:
    begun = time.perf_counter()
    for one in ("the " + "a" * 2000, "the " + "a " * 1000, "A" * 2000, "Ab " * 700, "and " + "a-" * 1000):
        assert whole("Who leads clean air?", one)
    assert time.perf_counter() - begun < 5


def test_what_asks_for_something_itself_is_leant_on_though_it_has_brackets() -> None:
    turns = (
        "How many walks has PTA mapped near the harbour since the last flood?",
        "what percentage of them cross muddy farmland?",
    )
    beside = f"{turns[1].rstrip('?')} (the walks that PTA has mapped near the harbour since the last flood)?"
    assert whole(*turns) == beside
    assert (
        whole(*turns, "since when?")
        == f"since when ({beside.rstrip('?').replace('(', '').replace(')', '')})?"
    )


def test_what_stood_in_brackets_is_no_topic() -> None:
    turns = ("Which commitments have no lead?", "why?", "and in the draft?")
    assert whole(*turns[:2]) == "why (Which commitments have no lead)?"
    assert whole(*turns) == "Which commitments have no lead in the draft?"


@pytest.mark.parametrize(
    ("turns", "alone"),
    [
        (("How big is the ferry gap?", "who wrote the paper?"), "who wrote the paper about the ferry gap?"),
        (("What is Fair Winds?", "Who is the report's author?"), "Who is the Fair Winds report's author?"),
        (("How many staff does PTA have?", "What does the report say about trains?"), "What does the PTA report say about trains?"),
        (("Who chairs the Ford and Lea Forum?", "How many boats sank?", "who pays for this forum?"), "who pays for the Ford and Lea Forum?"),
        (("Who leads the Warm Boats Strategy?", "When was the strategy agreed?"), "When was the Warm Boats Strategy agreed?"),
        (("When did the survey on Fair Winds run?", "What are the ten commitments?"), "What are the ten commitments of Fair Winds?"),
        (("How many BRs were published?", "what were the main themes?"), "what were the main themes of BRs?"),
        (("How many BRs were published?", "how many referrals were received?"), "how many referrals for BRs were received?"),
        (("How many workshops were held?", "and how many people attended?"), "how many people attended (workshops)?"),
        (("Who leads the Tide Bell?", "And which firm rings it in?"), "which firm rings the Tide Bell in?"),
        (("Who leads the Tide Bell?", "And which firm supplies rope?"), "which firm supplies rope (the Tide Bell)?"),
        (("How many grants were made in round 4 of the Harbour Fund?", "And when does round 5 end?"), "when does round 5 of the Harbour Fund end?"),
        (("How many staff does PTA have?", "and how many volunteers?"), "How many volunteers does PTA have?"),
        (("Who leads the Warm Boats Strategy?", "and what did the draft say?"), "Who leads the Warm Boats Strategy in the draft?"),
        (("What is the target for boats?", "is it the same in the draft?"), "What is the target for boats in the draft?"),
        (("What indicators go with outcome 3?", "only the ones about boats"), "What indicators go with outcome 3 about boats?"),
        (("Which plan supports rowers in Northport?", "is there one for Southby?"), "Which plan supports rowers in Southby?"),
        # what names its own, or comes after nothing that has a name, stays
        (("Who chairs the Ford and Lea Forum?", "Who wrote the report on otters?"), "Who wrote the report on otters?"),
        (("Who leads the Warm Boats Strategy?", "What does the plan say about otters?"), "What does the plan say about otters?"),
        (("Who leads clean air?", "What are the ten commitments?"), "What are the ten commitments?"),
        (("Who leads clean air?", "How many people should learn to swim?"), "How many people should learn to swim?"),
        (("Does the report speak of boats?", "What does the Board do?"), "What does the Board do?"),
        (("What does the plan cover?", "What are the ten commitments?"), "What are the ten commitments?"),
    ],
)  # fmt: skip
def test_an_owner_that_is_implied(turns: Sequence[str], alone: str) -> None:
    assert whole(*turns) == alone


@pytest.mark.parametrize(
    ("turns", "alone"),
    [
        (("the second one - which outcome is that under?",), "which outcome is Northport's Ferries priority under?"),
        (("the third one?",), "What is Northport's Otters priority?"),
        (("Who is in charge of the first of those?",), "Who is in charge of Northport's Boats priority?"),
    ],
)  # fmt: skip
def test_a_priority_keeps_its_place(turns: Sequence[str], alone: str) -> None:
    asked = "What are Northport's three priorities for 2024 to 2026?"
    assert whole(asked, *turns, lists={asked: ["Boats", "Ferries", "Otters"]}) == alone


def test_a_paper_without_a_name_is_about_what_something_was_done_to() -> None:
    turns = ("When does the council approve the budget?", "how long is the consultation?")
    assert whole(*turns) == "how long is the consultation about the budget?"


def test_a_number_keeps_its_kind() -> None:
    asked = "What are the shared outcomes?"
    lists: Mapping[str, Sequence[str]] = {asked: ["1", "2", "3"]}
    assert whole(asked, "tell me more about the third one", lists=lists) == "tell me more about outcome 3"
    told = whole(asked, "tell me about the third one", "what indicators go with it?", lists=lists)
    assert told == "what indicators go with outcome 3?"


def test_two_places_asked_about_one_after_the_other() -> None:
    turns = ("What are the priorities of Northport?", "and Southby?", "do they both have boats?")
    assert whole(*turns) == "do Northport and Southby both have boats?"
    assert whole(*turns, "what about Lea?") == "does Lea have boats?"
    assert whole(*turns, "what about Northport?") == "does Northport have boats?"


@pytest.mark.parametrize(
    ("before", "question", "alone"),
    [
        ("What does outcome 4 say about boats?", "what about outcome 6?", "What does outcome 6 say about boats?"),
        ("What does the Sea Check say about boats?", "and age?", "What does the Sea Check say about age?"),
        ("What did the PTA report say about boats?", "and the Lea report?", "What did the Lea report say about boats?"),
        ("What did Dr Gull say about moths?", "and about otters?", "What did Dr Gull say about otters?"),
        ("What's the otter target?", "and the current rate?", "what is the current rate for otter?"),
        ("Who leads on boats in Northport?", "and Harbour Trust?", "What does Harbour Trust lead on boats?"),
        ("Who leads Boat Hubs and when do they launch?", "and the otter plan?", "Who leads the otter plan and when do they launch?"),
        ("Which places prioritise boats?", "and otters?", "Which places prioritise otters?"),
        ("How many staff does PTA have?", "and QTA?", "How many staff does QTA have?"),
        ("Which plan helps rowers in Lea and Southby?", "and in Southby?", "Which plan helps rowers in Southby?"),
        ("How many boats in 2022/23?", "how does that compare to the year before?", "How many boats in 2021/22?"),
        ("How many boats did PTA sell?", "and in Southby, how many trams were there?", "and in Southby, how many trams were there?"),
    ],
)  # fmt: skip
def test_the_new_takes_the_place_of_its_like(before: str, question: str, alone: str) -> None:
    assert whole(before, question) == alone


@pytest.mark.parametrize(
    "opening",
    ["wait, I meant ", "wait sorry I meant ", "oops, ", "actually ", "I mean ", "no wait, ", "hang on, I meant ", "sorry, "],
)  # fmt: skip
def test_a_correction(opening: str) -> None:
    asked = without_courtesy(f"{opening}safe roads")
    assert whole("Who leads clean air?", asked) == "Who leads safe roads?"
    assert "clean air" not in whole("Who leads clean air?", f"{opening}who leads safe roads?")


@pytest.mark.parametrize(
    "question",
    [
        "source?",
        "which page?",
        "where does it say that?",
        "what's your source for that?",
        "are you sure?",
        "which page is that on?",
        "what source is that from?",
        "which document is that in?",
    ],
)
def test_what_asks_for_the_source_gets_the_answer_again(question: str) -> None:
    asked = "Who leads clean air?"
    assert whole(asked, question) == asked
    assert whole(asked, question, "and in Southby?") == "Who leads clean air in Southby?"
    assert whole(question) == question


@pytest.mark.parametrize(
    "long", ["A" * 20000, "Aa of the " * 3000, "the boats " * 3000 + "that x", "sorry " * 3000 + "y"]
)
def test_a_long_message_takes_no_time(long: str) -> None:
    begun = time.perf_counter()
    whole("Who leads clean air?", long)
    whole(f"What does {long} lead?", "who runs it?")
    assert time.perf_counter() - begun < 2

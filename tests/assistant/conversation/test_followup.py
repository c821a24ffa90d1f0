"""Questions that lean on the one before, as they are read alone."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from assistant.conversation.followup import Items, refers_to_nothing
from assistant.conversation.senses import asked_in
from assistant.conversation.subject import Finder, Names
from assistant.evidence.narrow import Narrowing
from assistant.service import Assistant
from corpus.text import fold
from index.query import contains, words
from tests.assistant.conftest import OverPapers

PLACES = ("Northport", "Southby")
BODIES = ("Ford and Lea Forum", "Mill & Weir Forum", "Harbour Trust", "Lea Council")


def _canonical(text: str) -> Sequence[str]:
    """The places and bodies of a text, as they are written in the documents."""
    return [name for name in (*PLACES, *BODIES) if fold(name) in fold(text)]


def _spelled(names: Sequence[str]) -> Finder:
    return lambda text: [words(name) for name in names if contains(words(text), words(name))]


NAMES = Names(_canonical, _spelled(PLACES), _spelled(BODIES), {"northport", "southby"}, {"make it last"})


def standalone(question: str, history: Sequence[str], names: Names, items: Items = lambda _whole: ()) -> str:
    """A question with its history folded in."""
    return asked_in([*history, question], names, items).whole


@pytest.mark.parametrize(
    ("before", "question", "alone"),
    [
        (
            "How many enquiries were there in Northport in 2022-23?",
            "and in Southby in 2021-22?",
            "How many enquiries were there in Southby in 2021-22?",
        ),
        (
            "What are the priorities for 2024 to 2026?",
            "and in Southby in 2023?",
            "What are the priorities for 2024 to 2026 in 2023 in Southby?",
        ),
        (
            "Which plan covers clean air?",
            "and in Southby for 2021-2025?",
            "Which plan covers clean air in Southby for 2021-2025?",
        ),
        (
            "Which towns have housing as a priority?",
            "what about Southby?",
            "Does Southby have housing as a priority?",
        ),
        ("Who leads clean air?", "and what is the target?", "what is the target for clean air?"),
        ("Who leads clean air?", "What is the baseline?", "What is the baseline for clean air?"),
        ("What is the target for clean air?", "and the baseline?", "what is the baseline for clean air?"),
        ("What is the target for clean air?", "and for safe roads?", "What is the target for safe roads?"),
        ("What are Northport's priorities?", "and southby's?", "What are Southby's priorities?"),
        ("Who leads clean air in Northport?", "and in Southby?", "Who leads clean air in Southby?"),
        ("Who leads clean air?", "what about the draft?", "Who leads clean air in the draft?"),
        ("Who leads clean air?", "list them all", "Who leads clean air: list all"),
        ("Who leads the Northport Air Plan?", "and the Southby one?", "Who leads the Southby Air Plan?"),
        (
            "Who leads the Northport Air Plan?",
            "whose is the one over in Southby",
            "Who leads the Southby Air Plan?",
        ),
        (
            "Who leads the Clean Air Plan for schools?",
            "and the Playground one?",
            "Who leads the Playground for schools?",
        ),
        ("Who leads the Clean Air Plan?", "and the Southby one?", "Who leads the Clean Air Plan in Southby?"),
        (
            "Who leads the Northport Air Plan?",
            "and what about Southby's one?",
            "Who leads the Southby Air Plan?",
        ),
        (
            "Who chairs the Ford and Lea Forum now?",
            "what about the Mill and Weir one?",
            "Who chairs the Mill & Weir Forum now?",
        ),
        (
            "What are Mill and Weir Forum's aims?",
            "And what about Southby?",
            "What are Southby's aims?",
        ),
        ("How many bins in 2022-23?", "What was it the year before?", "How many bins in 2021-22?"),
        ("How many bins in 2009/10?", "and the following year?", "How many bins in 2010/11?"),
        (
            "How many bins in 2022-23 by the Plan 2020-2025?",
            "and how many were there the year before?",
            "How many bins in 2021-22 by the Plan 2020-2025?",
        ),
        ("Who leads clean air?", "Is Southby's one-to-one help free?", "Is Southby's one-to-one help free?"),
        ("How many bins in 1998-99?", "what about the next year?", "How many bins in 1999-00?"),
        ("What was the rate in 2022?", "and in the previous year", "What was the rate in 2021?"),
        ("Who leads clean air?", "and the year before?", "Who leads clean air for the year before?"),
        ("What does CAP stand for?", "what does it lead?", "what does CAP lead?"),
        (
            "What is the target for clean air?",
            "and where does the figure come from?",
            "where does the figure come from for clean air?",
        ),
        ("Who leads clean air?", "what's the target?", "what's the target for clean air?"),
        ("Tell me about the Clean Air Fund", "how much is it?", "how much is the Clean Air Fund?"),
        ("Who chairs CAP?", "how many members does it have?", "how many members does CAP have?"),
        ("Who chairs CAP?", "when?", "when (Who chairs CAP)?"),
        (
            "Who leads clean air?",
            "which scheme helps folk to heat their homes?",
            "which scheme helps folk to heat their homes?",
        ),
        (
            "Who leads clean air?",
            "who helps patients when they go home?",
            "who helps patients when they go home?",
        ),
        ("Who chairs CAP?", "how many people do they employ?", "how many people do CAP employ?"),
        ("Who leads clean air?", "How many commitments are there?", "How many commitments are there?"),
        ("Who leads clean air?", "What is the Warm Homes Fund?", "What is the Warm Homes Fund?"),
        ("Who leads clean air?", "What are Southby's priorities?", "What are Southby's priorities?"),
    ],
)
def test_folded(before: str, question: str, alone: str) -> None:
    """What it leans on is filled in; a new topic stays as it was asked."""
    assert standalone(question, [before], NAMES) == alone


def whole(*turns: str, lists: Mapping[str, Sequence[str]] | None = None) -> str:
    """The last turn of a conversation as it stands alone; ``lists`` says what the answers to questions list."""
    return standalone(turns[-1], turns[:-1], NAMES, lambda asked: (lists or {}).get(asked, ()))


@pytest.mark.parametrize(
    ("before", "question", "alone"),
    [
        (
            "When does the Bus Hub launch?",
            "and the Warm Homes Plan?",
            "When does the Warm Homes Plan launch?",
        ),
        ("Who leads the Tide Bell?", "ok what about serious flooding then?", "Who leads serious flooding?"),
        ("target for bus delays", "no, I meant the level 4 one", "target for level 4"),
        ("what does Harbour Fire and Rescue lead?", "and the Ford Forum?", "what does the Ford Forum lead?"),
        ("Who leads clean air?", "and in Southby only?", "Who leads clean air in Southby?"),
        (
            "Who leads clean air?",
            "how has the lead changed since the draft?",
            "how has the lead changed since the draft for clean air?",
        ),
        (
            "What will the Harbour Food Hub Fund pay for?",
            "and what about vehicles?",
            "What will the Harbour Food Hub Fund pay for for vehicles?",
        ),
        (
            "Which deprived areas does the Harbour Report name?",
            "And who was sent the short one?",
            "And who was sent the short one (Which deprived areas does the Harbour Report name)?",
        ),
        ("target for bus delays", "sorry, I meant train delays", "target for train delays"),
        ("Who chairs the Bus Board?", "and the Tram Board?", "Who chairs the Tram Board?"),
        ("Which plans mention buses?", "and trams?", "Which plans mention trams?"),
        (
            "What changed about buses between the draft and the final?",
            "and trams?",
            "What changed about trams between the draft and the final?",
        ),
        ("Who leads clean air in Northport?", "and safe roads?", "Who leads safe roads in Northport?"),
        ("Who leads clean air?", "and in Lea?", "Who leads clean air in Lea?"),
        ("Who leads clean air in Lea?", "and in Northport?", "Who leads clean air in Northport?"),
        ("Who leads clean air?", "Northport?", "Who leads clean air in Northport?"),
        ("What does Harbour Trust lead?", "and in Southby?", "What does Harbour Trust lead in Southby?"),
        ("What does Harbour Trust lead?", "and Lea Council?", "What does Lea Council lead?"),
        ("What is the Pier's annual income?", "and Harbour Trust?", "What is Harbour Trust's annual income?"),
        ("Target for clean air in 2025?", "and in 2027?", "Target for clean air in 2027?"),
        ("Target for clean air?", "and in 2027?", "Target for clean air in 2027?"),
        ("Who leads clean air in the draft?", "and in the final?", "Who leads clean air in the final?"),
        (
            "What is the target for asthma?",
            "and for children?",
            "What is the target for asthma for children?",
        ),
        ("What is the target for asthma?", "and the adult one?", "What is the target for adult asthma?"),
        ("What does Harbour Trust lead?", "in outcome 3 only", "What does Harbour Trust lead in outcome 3?"),
        (
            "What does Harbour Trust lead in outcome 3?",
            "only outcome 2",
            "What does Harbour Trust lead in outcome 2?",
        ),
        ("What does Harbour Trust lead?", "just the bus ones", "What does Harbour Trust lead for bus?"),
        (
            "What does Harbour Trust lead?",
            "which of them are in outcome 3?",
            "What does Harbour Trust lead in outcome 3?",
        ),
        ("Who leads clean air?", "not clean air, clean water", "Who leads clean water?"),
        ("Who chairs an ICB?", "and the HWB?", "Who chairs the HWB?"),
        ("Who leads clean air?", "who's responsible?", "who's responsible for clean air?"),
        ("Who leads clean air?", "the draft one", "Who leads clean air in the draft?"),
        (
            "What are Northport's priorities in the draft?",
            "and Southby, in the final one?",
            "What are Southby's priorities in the final?",
        ),
        ("Who leads clean air?", "and bus lanes, in the draft?", "Who leads bus lanes in the draft?"),
        ("Who leads clean air?", "under which plan?", "under which plan (Who leads clean air)?"),
        ("Who leads clean air?", "and removed from the final plan?", "and removed from the final plan?"),
        ("Who leads clean air?", "Who leads safe roads?", "Who leads safe roads?"),
        ("Who leads clean air?", "Only adults may apply for a grant?", "Only adults may apply for a grant?"),
    ],
)
def test_what_is_new_takes_the_place_of_the_old(before: str, question: str, alone: str) -> None:
    assert whole(before, question) == alone


def test_a_long_message_takes_no_time() -> None:
    begun = time.perf_counter()
    message = "then " * 3000 + "q"
    assert whole("Who leads clean air?", message) == message
    assert time.perf_counter() - begun < 1


def test_a_place_that_was_replaced_is_gone() -> None:
    turns = ("What are Northport's priorities?", "what about Southby's in the draft?", "and Northport?")
    assert whole(*turns[:2]) == "What are Southby's priorities in the draft?"
    assert whole(*turns) == "What are Northport's priorities in the draft?"


@pytest.mark.parametrize(
    ("before", "question", "alone"),
    [
        ("When does the Bus Hub launch?", "who leads it?", "who leads the Bus Hub?"),
        ("When does the Bus Hub launch?", "who leads that programme?", "who leads the Bus Hub?"),
        ("Who leads the Bus Plan?", "what are its aims?", "what are the aims of the Bus Plan?"),
        ("What is PTA's annual income?", "who is the chief executive?", "who is the chief executive of PTA?"),
        ("What is PTA's annual income?", "how many staff?", "how many staff at PTA?"),
        ("What is PTA's annual income?", "when was it founded?", "when was PTA founded?"),
        ("What is PTA's annual income?", "and the budget?", "what is the budget of PTA?"),
        ("What is PTA's annual income?", "Who leads clean air?", "Who leads clean air?"),
        ("Who leads clean air?", "who is the chief executive?", "who is the chief executive?"),
        ("Who leads clean air in Northport?", "which plan covers it?", "which plan covers clean air in Northport?"),
        ("Who chairs PTA?", "Who leads safe roads and when is it due?", "Who leads safe roads and when is it due?"),
    ],
)  # fmt: skip
def test_what_names_no_subject_gets_that_of_the_question_before(
    before: str, question: str, alone: str
) -> None:
    assert whole(before, question) == alone


def test_a_subject_is_kept_from_turn_to_turn() -> None:
    turns = (
        "What is PTA's annual income?",
        "who is the chair?",
        "when was it founded?",
        "is it free?",
        "who runs it?",
    )
    assert whole(*turns) == "who runs PTA?"


@pytest.mark.parametrize(
    ("before", "alone"),
    [
        ("What does Harbour Trust lead?", "how many entries does Harbour Trust lead?"),
        ("Which plans cover buses?", "how many plans cover buses?"),
        ("What are Northport's priorities?", "how many priorities does Northport have?"),
        ("What are the priorities of Northport?", "how many priorities does Northport have?"),
        ("List all the bus plans", "how many bus plans are there?"),
    ],
)
def test_what_was_listed_is_counted(before: str, alone: str) -> None:
    assert whole(before, "how many is that?") == alone
    listing = alone.replace("how many", "which").rstrip("?")
    assert whole(before, "how many is that?", "list them all") == f"{listing}: list all"


_BUSES = {"Which plans cover buses?": ["Bus Plan", "Tram Plan", "Ferry Plan"]}


@pytest.mark.parametrize(
    ("turns", "alone"),
    [
        (("who leads the second one?",), "who leads Tram Plan?"),
        (("Who leads the 3rd plan?",), "Who leads Ferry Plan?"),
        (("when is the last of them due?",), "when is Ferry Plan due?"),
        (("what about the first?",), "What is Bus Plan?"),
        (("who leads the second one?", "and the first?"), "who leads Bus Plan?"),
        (("who leads the second one?", "when is it due?", "and the next one?"), "when is Ferry Plan due?"),
        (("who leads the ninth one?",), "who leads the ninth one?"),
        (("when was the last plan published?",), "when was the last plan published?"),
    ],
)
def test_things_called_by_their_place_in_the_answer(turns: Sequence[str], alone: str) -> None:
    assert whole("Which plans cover buses?", *turns, lists=_BUSES) == alone


def test_the_other_of_two() -> None:
    lists = {"Which plans cover buses?": ["Bus Plan", "Tram Plan"]}
    asked = ("Which plans cover buses?", "who leads the first one?", "and the other one?")
    assert whole(*asked, lists=lists) == "who leads Tram Plan?"


def test_the_list_that_was_shown_is_called_from(over_papers: OverPapers) -> None:
    table = (
        "# Air plan\n\n| Commitment | Strategy or plan | Lead |\n|---|---|---|\n| Clean air | Northport Air Plan | Northport Council |\n"
        "| Clean air | Southby Smoke Plan | Southby Trust |\n"
    )
    assistant = over_papers({"plan.md": table})
    shown = assistant.ask("Which plans cover clean air?").text
    second = max(("Northport Air Plan", "Southby Smoke Plan"), key=shown.index)
    assert (
        assistant.ask("who leads the second one?", ["Which plans cover clean air?"]).standalone
        == f"who leads {second}?"
    )


@pytest.mark.parametrize(
    ("question", "pronoun"),
    [
        ("Who leads that?", "that"),
        ("and when is it due", "it"),
        ("List them all", "them"),
        ("Is there anything about this?", "this"),
        ("Who leads that for schools?", ""),
        ("What does it say about clean air?", ""),
        ("What is the target?", ""),
        ("Is it due in 2025?", ""),
        ("Who leads the second one?", "one"),
    ],
)
def test_a_pronoun_that_stands_for_nothing(question: str, pronoun: str) -> None:
    assert refers_to_nothing(question) == pronoun


def test_what_a_first_question_leaves_open_is_asked_back(over_papers: OverPapers) -> None:
    """After another question the same words have a meaning."""
    table = "# Air plan\n\n| Commitment | Strategy or plan | Lead |\n|---|---|---|\n| Clean air | Northport Air Plan | Northport Council |\n"
    assistant = over_papers({"plan.md": table})
    answer = assistant.ask("Who leads that?")
    assert not answer.answered and answer.citations == ()
    assert "“that”" in answer.text
    assert "Northport Council" in assistant.ask("Who leads that?", ["Which plan covers clean air?"]).text
    chosen = Narrowing(frozenset(assistant.index.documents))
    assert "“that”" not in assistant.ask("Who leads that?", within=chosen).text


@pytest.mark.parametrize(
    ("before", "question", "told"),
    [
        (
            "How many SAR referrals did the Safeguarding Adults Board receive in 2022/23?",
            "how many were commissioned?",
            "15 SARs were commissioned",
        ),
        ("Where does most abuse happen in Kent safeguarding enquiries?", "what's the second?", "Care Home"),
        ("How many care homes are there in Kent and Medway?", "and pharmacies?", "325"),
    ],
)
def test_a_question_that_stands_for_little_is_read_beside_what_the_one_before_is_about(
    originals_index: Path, before: str, question: str, told: str
) -> None:
    answer = Assistant.open(originals_index).ask(question, [before])
    assert answer.answered and told in answer.text, answer.text
    assert answer.standalone.startswith(question.rstrip("?")) and "(" in answer.standalone


@pytest.mark.parametrize(
    "question",
    [
        "What is the boiling point of nitrogen?",
        "Which parts of Kent are food deserts?",
        "who won the cup final?",
        "how many dentists have left Dover?",
    ],
)
def test_a_short_question_about_something_else_does_not(originals_index: Path, question: str) -> None:
    assistant = Assistant.open(originals_index)
    answer = assistant.ask(
        question, ["How many SAR referrals did the Safeguarding Adults Board receive in 2022/23?"]
    )
    assert not answer.answered and answer.standalone == question


@pytest.mark.parametrize(
    ("before", "question", "whole"),
    [
        ("When did Lea Council approve the harbour plan?", "who wrote it?", "who wrote the harbour plan?"),
        (
            "When did Lea Council approve the Harbour Plan in 2023?",
            "who wrote it?",
            "who wrote the Harbour Plan?",
        ),
        ("What did Harbour Trust say about the ferry?", "who runs it?", "who runs the ferry?"),
        ("When was the ferry contract awarded?", "who won it?", "who won the ferry contract?"),
        ("Where will the new harbour office be built?", "who owns it?", "who owns the new harbour office?"),
        ("When is the Harbour Plan due?", "who leads it?", "who leads the Harbour Plan?"),
        ("When will the plan next be reviewed?", "who wrote it?", "who wrote the plan?"),
        ("When was the plan approved by Cabinet?", "who wrote it?", "who wrote the plan?"),
        ("When did Lea Council first approve its Local Plan?", "who wrote it?", "who wrote the Local Plan?"),
        ("When did Lea Council launch the scheme last year?", "who runs it?", "who runs the scheme?"),
        ("When did Lea Council approve the plan and publish it?", "who wrote it?", "who wrote the plan?"),
        (
            "When did Lea Council approve the plan?",
            "how many staff does it employ?",
            "how many staff does Lea Council employ?",
        ),
        ("When does Lea Council hold an election?", "where is it based?", "where is Lea Council based?"),
        ("What is the unmet need?", "how is it measured?", "how is the unmet need measured?"),
        ("Where is the greatest need?", "who leads on it?", "who leads on the greatest need?"),
    ],
)
def test_it_stands_for_what_something_was_done_to(before: str, question: str, whole: str) -> None:
    assert standalone(question, [before], NAMES) == whole


def test_a_list_that_is_blank_is_told_though_another_reading_finds_something(originals_index: Path) -> None:
    assistant = Assistant.open(originals_index)
    history = ["What are Ashford's health and wellbeing priorities for 2024 to 2026?", "and Thanet"]
    answer = assistant.ask("what about Dover?", history)
    assert not answer.answered and "leaves its priorities blank" in answer.text


def test_a_long_word_where_a_thing_should_be_takes_no_time() -> None:
    begun = time.perf_counter()
    standalone("who wrote it?", [f"When did Lea Council approve {'a' * 2000}, {'b ' * 2000}?"], NAMES)
    assert time.perf_counter() - begun < 2


def test_what_no_place_has_is_not_asked_of_a_place() -> None:
    whole = standalone("what about Southby?", ["Which plans have no lead?"], NAMES)
    assert not whole.startswith("Does Southby")

"""Matching: the folding and the word boundaries that the scores stand on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.matching import facts_stated, fold, forbidden_stated, states


@pytest.mark.parametrize(
    ("text", "spelling"),
    [
        ("Led by the KCC Cabinet", "kcc cabinet"),
        ("from 2023–24", "2023-24"),
        ("the Trust’s board", "the Trust's board"),
        ("Kent  and\nMedway", "Kent and Medway"),
        ("Walking & Cycling", "walking and cycling"),
        ("5 per cent of adults", "5%"),
        ("5 % of adults", "5%"),
        ("fifty percent", "fifty per cent"),
        ("costs £1,200.", "£1,200"),
        ("(GET)", "GET"),
        ("by 2028/29", "2028/29"),
        ("charities", "charit"),
        ("Joint Groups", "joint group"),
    ],
)
def test_spellings_that_match(text: str, spelling: str) -> None:
    assert states(fold(text), [spelling])


@pytest.mark.parametrize(
    ("text", "spelling"),
    [
        ("Kentish Town", "Kent"),
        ("15% of adults", "5%"),
        ("1.5% of adults", "5%"),
        ("71.5 of them", "71"),
        ("1,200 people", "200"),
        ("1,200 people", "1"),
        ("the forum", "for"),
        ("sixty people", "six"),
        ("anything", ""),
        ("anything", "  "),
    ],
)
def test_spellings_that_do_not_match(text: str, spelling: str) -> None:
    assert not states(fold(text), [spelling])


def test_a_number_may_end_a_sentence_or_a_clause() -> None:
    assert states(fold("There are 71, and then 72."), ["71"])
    assert states(fold("There are 71, and then 72."), ["72"])


def test_one_flag_a_fact_and_any_spelling_will_do() -> None:
    assert facts_stated("Led by KCC", [["Kent County Council", "KCC"], ["Medway"]]) == (True, False)


def test_nothing_forbidden_is_said_when_a_draft_is_given_the_value() -> None:
    text = "The launch is in June 2024. The draft said March 2024."
    assert forbidden_stated(text, ["March 2024"]) == ()
    assert forbidden_stated("The launch is in March 2024. The draft differs.", ["March 2024"]) == (
        "March 2024",
    )


@given(st.text(max_size=80))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet="abcdefgh '&-", min_size=1, max_size=30), st.text(alphabet="xyz ", max_size=20))
def test_a_text_states_what_it_holds_between_spaces(spelling: str, around: str) -> None:
    if fold(spelling):
        assert states(fold(f"{around} {spelling} {around}"), [spelling])

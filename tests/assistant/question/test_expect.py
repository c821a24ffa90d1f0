"""What kind of value a question asks for, and where a text gives one."""

from __future__ import annotations

import pytest

from assistant.question.expect import asks, expected, expected_name


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("how many wardens are there?", "count"),
        ("what is the repairs contract with the second company worth?", "money"),
        ("what cash was asked for in the bid?", "money"),
        ("what does the mobile library cost?", "money"),
        ("what did the friends of the library shell out on new shelves?", "money"),
        ("what did the friends of the library spend the grant on?", None),
        ("what does the plan lay out for the next five years?", None),
        ("what does the strategy say about pay for wardens?", None),
        ("what is the 2030 target for water butts?", "target"),
        ("what target is there for water butts by 2030", None),
        ("in which year was the strategy published?", "year"),
        ("windows complaints percentage 2022-23", "percent"),
        ("mobile library budget", "money"),
        ("review of the ferry publication date", "date"),
        ("number of wardens", "count"),
        ("road safety strategy casualty target", "target"),
        ("who pays the mobile library's budget?", None),
        ("ferry strategy", None),
    ],
)
def test_the_kind_of_value_is_read(question: str, kind: str | None) -> None:
    """Also from a few words without a verb; a question for something else that only names one asks for none."""
    found = expected(question, frozenset())
    assert (found.kind if found else None) == kind


@pytest.mark.parametrize(
    ("question", "text", "values"),
    [
        ("windows complaints percentage 2022-23", "25 complaints, 38% of all", ["38%"]),
        ("what is the repairs contract worth?", "It runs for 3 years and is worth £2.5m.", ["£2.5"]),
        ("what is the 2030 target for water butts?", "By 2030, 15% of homes", ["15%"]),
        ("how many ponds?", "By 2030, or 2031/32, 1,200 ponds", ["1,200"]),
        ("mobile library budget 2024", "In 2024 it went to 31 villages.", []),
    ],
)
def test_values_of_that_kind_are_found(question: str, text: str, values: list[str]) -> None:
    """Those that the question brought along are none."""
    found = expected(question, frozenset())
    assert found is not None
    assert [text[start:end] for start, end in found.find(text)] == values


def test_a_few_words_ask_nothing() -> None:
    assert asks("which budget") and not asks("library budget")


@pytest.mark.parametrize(
    ("question", "text", "names"),
    [
        ("which hospital did brett die in?", "He was taken to hospital. Sadly, Brett died there.", []),
        (
            "which hospital did brett die in?",
            "Brett died in the Orchard Royal Hospital.",
            ["Orchard Royal Hospital"],
        ),
        (
            "who paid for the ferry?",
            "The cost was met by Public Health and the NHS.",
            ["Public Health and the NHS"],
        ),
        (
            "what does tdb stand for?",
            "The TDB met in May; the Tidal Defence Board is new.",
            ["Tidal Defence B"],
        ),
        ("what does pot stand for?", "The POT met in May and is part of the plan.", []),
    ],
)
def test_names_are_found(question: str, text: str, names: list[str]) -> None:
    """Those with a word that the question did not bring; and words that letters stand for."""
    found = expected_name(question, {"sadly", "the", "hospital", "public", "health"})
    assert found is not None
    assert [text[start:end] for start, end in found.find(text)] == names


def test_a_question_for_a_number_asks_for_no_name() -> None:
    assert expected_name("how many ponds are there?", frozenset()) is None

"""Names, dates and phrases of a question that the evidence lacks."""

from __future__ import annotations

import pytest

from assistant.question.naming import (
    date_missing,
    names_in,
    period_unmet,
    phrase_unmet,
    years_alike,
    years_in,
)


@pytest.mark.parametrize(
    ("asked", "text", "unmet"),
    [
        ("Who leads the Northshire Heritage Strategy?", "Heritage strategies of Northshire are many.", 1 / 3),
        ("Who leads the Northshire Heritage Strategy?", "The Northshire Heritage Strategy: the council.", 0),
        ("Who leads the Northshire Heritage Strategy?", "The Northshire Cultural Strategy.", 2 / 3),
        ("who leads the northshire heritage strategy?", "nothing", 0),
        ("What does Northshire lead?", "nothing", 0),
        ("Is the Board for Health and Care in charge?", "The board for health and care.", 0),
    ],
)
def test_the_longest_name_is_looked_for_in_one_piece(asked: str, text: str, unmet: float) -> None:
    """The share of its words that do not stand in a row; no name of several words, nothing unmet."""
    assert phrase_unmet(asked, text) == pytest.approx(unmet)


@pytest.mark.parametrize(
    ("asked", "text", "missing"),
    [
        ("Who sent apologies on 12 September 2023?", "Minutes of 6 December 2023", True),
        ("Who sent apologies on 6 December 2023?", "Minutes 2023-12-06", False),
        ("Who sent apologies on 6th December 2023?", "in December 2023", False),
        ("What is due in March 2025?", "By March 2025", False),
        ("What is due in March 2025?", "By March 2026", True),
        ("What is due in March?", "By June 2026", False),
        ("What may happen?", "nothing", False),
    ],
)
def test_a_date_is_missing_where_another_stands(asked: str, text: str, missing: bool) -> None:
    """A day agrees with its month where the text tells no day; a month without a year is no date."""
    assert date_missing(asked, text) is missing


@pytest.mark.parametrize(
    ("asked", "period", "unmet"),
    [
        ("priorities for 2027 to 2029", "2024 to 2026", True),
        ("priorities for 2026 to 2028", "2024 to 2026", True),
        ("priorities for 2025 to 2027", "2024 to 2026", False),
        ("priorities in 2026", "2024 to 2026", False),
        ("priorities in 2019", "2024 to 2026", True),
        ("priorities 2020/21", "2024/25 and beyond", True),
        ("priorities for 2027-2030", "2024/25 and beyond", False),
        ("priorities 2025/26", "2024/25", True),
        ("priorities in the draft of April 2024", "2024 to 2026", False),
        ("what are the priorities", "2024 to 2026", False),
        ("priorities in 2019", "", False),
    ],
)
def test_other_years_than_those_of_a_period_are_told(asked: str, period: str, unmet: bool) -> None:
    """Two periods that only touch have no year in common; one that is open has no end."""
    assert period_unmet(asked, period) is unmet


def test_names_are_the_capitals_inside_a_question() -> None:
    """The first word has a capital in any case."""
    assert names_in("Who chairs the Northshire Board, and Southby?") == ["northshir", "board", "southbi"]


@pytest.mark.parametrize(
    ("text", "alike"),
    [
        ("in 2022-23", "in 2022/23"),
        ("in 2022/2023", "in 2022/23"),
        ("in 2022–23", "in 2022/23"),
        ("1999-2000", "1999/00"),
        ("from 2022 to 2023", "from 2022 to 2023"),
        ("the plan for 2022-2025", "the plan for 2022-2025"),
        ("on 2011-12-05", "on 2011-12-05"),
    ],
)
def test_a_year_is_written_alike(text: str, alike: str) -> None:
    """What goes over several years, and a day, are left as they are."""
    assert years_alike(text) == alike


def test_years_are_read_however_they_are_written() -> None:
    text = "2019, 2020-21, 21/22, 2022/2023 and 2024 to 2027"
    assert list(years_in(text)) == ["2019", "2020/21", "2021/22", "2022/23"]

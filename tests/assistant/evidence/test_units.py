"""Stretches of passages as a reader sees them."""

from __future__ import annotations

import pytest

from assistant.evidence.units import Units, cells_of, clean, row_text
from assistant.service import Assistant
from tests.assistant.conftest import OverPapers

LIST = """# Winter help

The council ran these schemes last winter:

- Coal vouchers: these were sent to pensioners. They were used well.
- Blanket scheme: run by volunteers, it reached 600 homes.
- Soup kitchens: opened by churches. (c) 9,000 meals were served.
- Fuel bank: opened in March.
"""


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("- 23 new kiosks opened", "23 new kiosks opened"),
        ("-£6.8m was drawn", "-£6.8m was drawn"),
        ("-5% of the budget", "-5% of the budget"),
        ("• - Warm rooms", "Warm rooms"),
        ("-Warm rooms", "Warm rooms"),
    ],
)
def test_a_list_mark_goes_and_a_sign_stays(raw: str, text: str) -> None:
    assert clean(raw) == text


def test_the_cells_of_a_row_keep_their_signs() -> None:
    cells = ["Reserves", "-£6.8m", "- 5%", "−3", "–4", "(£2.0m)", "+1", "5 vans", ""]
    assert cells_of("Reserves\t-£6.8m\t- 5%\t−3\t–4\t(£2.0m)\t+1\t- 5 vans\t-") == cells


def test_the_column_asked_for_comes_first() -> None:
    columns = ("Budget", "2024-25", "2025-26")
    raw = "| Fees | £2m | £3m |"
    assert row_text(raw, columns) == "Fees; 2024-25: £2m; 2025-26: £3m"
    assert row_text(raw, columns, lambda name: int(name == "2025-26")) == "Fees; 2025-26: £3m; 2024-25: £2m"


@pytest.fixture(scope="module")
def stretches(over_papers: OverPapers) -> list[str]:
    """The texts of all stretches of the paper."""
    assistant: Assistant = over_papers({"winter.md": LIST})
    units = Units(assistant.index)
    return [one.text for at in range(len(assistant.index.passages)) for one in units.at(at).all]


def test_the_end_of_an_item_is_not_joined_to_the_next(stretches: list[str]) -> None:
    assert not [text for text in stretches if text.startswith("They were used") and "Blanket" in text]
    assert (
        "Coal vouchers: these were sent to pensioners. They were used well. - Blanket scheme: run by volunteers, it reached 600 homes."
        in stretches
    )


def test_an_estimate_belongs_to_what_is_named_before_it(stretches: list[str]) -> None:
    """ "(c) 9,000" says about how many, and begins nothing."""
    assert "Soup kitchens: opened by churches. (c) 9,000 meals were served." in stretches
    assert not [text for text in stretches if text.startswith("(c)")]

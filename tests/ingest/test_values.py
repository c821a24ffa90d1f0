"""Figures and dates out of words."""

from __future__ import annotations

import pytest

from ingest.values import aim_of, iso_date, split_when, value_of


@pytest.mark.parametrize(
    ("text", "number", "unit", "bound"),
    [
        ("90%", 90.0, "%", ""),
        ("at least 45%", 45.0, "%", "at least"),
        ("no more than six per cent", 6.0, "per cent", "at most"),
        ("≥ 95%", 95.0, "%", "at least"),
        ("under 5%", 5.0, "%", "below"),
        ("£1.5m", 1.5, "£m", ""),
        ("395 per 100,000", 395.0, "per 100,000", ""),
        ("1,250 homes", 1250.0, "", ""),
    ],
)
def test_one_figure(text: str, number: float, unit: str, bound: str) -> None:
    found = value_of(text)
    assert (found.number, found.bound, found.found) == (number, bound, text)
    assert found.unit in (unit, "%")


def test_what_does_not_parse_is_kept_as_words() -> None:
    found = value_of("as good as our neighbours")
    assert (found.number, found.found) == (None, "as good as our neighbours")


def test_from_and_to() -> None:
    aim = aim_of("By 2031, absence will have fallen from 8.4% in 2024/25 to below 6%.")
    assert aim.baseline is not None
    assert aim.target is not None
    assert (aim.by, aim.direction) == ("2031", "down")
    assert (aim.baseline.number, aim.baseline.year) == (8.4, "2024/25")
    assert (aim.target.number, aim.target.bound) == (6.0, "below")


def test_the_target_may_come_first() -> None:
    aim = aim_of("By 2030, the gap will have reduced to 2%, from 3.3% in 2024/25.")
    assert (aim.baseline.number, aim.target.number) == (3.3, 2.0)  # type: ignore[union-attr]


def test_the_unit_of_the_target_is_that_of_the_baseline() -> None:
    aim = aim_of("By 2030, admissions will have fallen from 418.7 to 395 per 100,000.")
    assert (aim.baseline.unit, aim.target.unit) == ("per 100,000", "per 100,000")  # type: ignore[union-attr]


def test_ages_and_years_are_no_targets() -> None:
    aim = aim_of("By 2030, jobs for people (aged 18 to 69) will increase from 8% in 2024/25 to above 10%.")
    assert (aim.target.number, aim.target.bound) == (10.0, "above")  # type: ignore[union-attr]
    assert aim_of("Teeth of children aged 10 years and under.").target is None


def test_held_where_it_is() -> None:
    aim = aim_of("By 2030, healthy weight will be maintained at the current level of 63%.")
    assert (aim.direction, aim.target.number) == ("hold", 63.0)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("12 June 2024", "2024-06-12"),
        ("3rd May 2027", "2027-05-03"),
        ("by Sept 2026", "2026-09"),
        ("31/03/2025", "2025-03-31"),
        ("2026-01-02", "2026-01-02"),
        ("2024/25", None),
        ("Ongoing", None),
    ],
)
def test_dates(text: str, iso: str | None) -> None:
    assert iso_date(text) == iso


def test_a_date_at_the_end_is_parted_from_the_deed() -> None:
    assert split_when("Open the bridge June 2026") == ("Open the bridge", "June 2026")
    assert split_when("Open the bridge in June 2026 to carts") is None

"""What changed, and what nobody leads, over two versions of a made-up plan that differ in every way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from assistant.web.desk import Desk
from index.build import ingest
from index.embed import Embedder
from tests.web.conftest import served

PLAN = """---
title: "Harbour Plan{0}"
publisher: "Eastmere Borough Council"
date: {1}
status: {2}
family: harbour-plan
---

# Shared outcome 1: Give children the best start

## {3}

| Strategies / plans in place to deliver | Led by / responsible |
|---|---|
| Attendance Action Plan | {4} |
| {5} | Harbour University |
| School Bus Scheme | |

## Indicators

| No. | Indicator | Baseline | Target | By when |
|---|---|---|---|---|
| 1.1 | Pupil absence rate | 7.9% | {6} | 2028 |
"""
VERSIONS = {
    "draft": (
        " (draft)",
        "2024-04-25",
        "draft",
        "Raise school attendance rates",
        "Westmere District Council",
        "Tutoring Plan",
        "6%",
    ),
    "final": (
        "",
        "2024-06-12",
        "final",
        "Raise school attendance",
        "Eastmere Borough Council",
        "Reading Plan",
        "5%",
    ),
}
# What is struck out before and underlined after, by kind of change; None where one side has no such row.
MARKED: dict[str, tuple[str | None, str | None]] = {
    "reworded": ("rates", ""),
    "dropped": ("Tutoring Plan: Harbour University", None),
    "added": (None, "Reading Plan: Harbour University"),
    "lead changed": ("Westmere District", "Eastmere Borough"),
    "target moved": ("6", "5"),
}


@pytest.fixture(scope="module")
def harbour(embedder: Embedder, desk: Desk, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The application over both versions."""
    folder = tmp_path_factory.mktemp("harbour") / "papers"
    folder.mkdir()
    for name, told in VERSIONS.items():
        (folder / f"{name}.md").write_text(PLAN.format(*told), encoding="utf-8")
    ingest([folder], folder.parent / "index", embedder=embedder)
    with served(Desk(folder.parent / "index", desk.options, embedder)) as address:
        yield address


@pytest.fixture
def inside(harbour: str) -> list[str]:
    """The browser may ask for this application."""
    return [harbour]


@pytest.mark.parametrize("kind", MARKED)
def test_each_kind_of_change_is_told_with_its_words_marked(page: Page, harbour: str, kind: str) -> None:
    """One row of each kind, chosen by the menu, with what went struck out and what came underlined."""
    page.goto(f"{harbour}/changes")
    expect(page.locator("#changes .count")).to_contain_text("5 of 5 differences shown")
    page.get_by_role("combobox", name="Kind of change").click()
    page.get_by_role("option", name=kind, exact=True).click()
    rows = page.locator("#changes tbody tr")
    expect(rows).to_have_count(1)
    for column, tag, marked in zip(("Before", "After"), ("del", "ins"), MARKED[kind], strict=True):
        cell = rows.locator(f"td[data-label={column}]")
        if marked is None:
            expect(cell).to_have_text("Not there")
        elif None in MARKED[kind]:
            expect(cell).to_contain_text(marked)
        else:
            said = " ".join(text.strip() for text in cell.locator(tag).all_inner_texts())
            assert said == marked


def test_the_address_reopens_the_comparison(page: Page, harbour: str) -> None:
    """Kind and words are in the address, and the address alone brings the same rows back."""
    page.goto(f"{harbour}/changes")
    expect(page.locator("#changes tbody tr")).to_have_count(5)
    page.locator("#changes-text input, #changes-text textarea").press_sequentially("reading")
    expect(page.locator("#changes tbody tr")).to_have_count(1)
    page.wait_for_url("**/changes?*q=reading")
    page.goto(page.url)
    expect(page.locator("#changes tbody tr")).to_have_count(1)
    expect(page.locator("#changes tbody")).to_contain_text("Reading Plan")


def test_excel_has_both_sides(page: Page, harbour: str, tmp_path: Path) -> None:
    """The file holds what was, what is and the words that it rests on."""
    page.goto(f"{harbour}/changes")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Download Excel").click()
    waiting.value.save_as(tmp_path / "changes.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "changes.xlsx").active
    assert sheet is not None
    names, *rows = sheet.iter_rows(values_only=True)
    told = {row[names.index("kind")]: dict(zip(names, row, strict=True)) for row in rows}
    assert set(told) == set(MARKED)
    moved = told["target moved"]
    assert "6%" in moved["before_quote"]
    assert "5%" in moved["after_quote"]
    assert told["added"]["before"] is None


def test_what_nobody_leads_is_listed_with_its_source(page: Page, harbour: str) -> None:
    """One of the three entries of the current plan names no lead; it opens its row."""
    page.goto(f"{harbour}/leads")
    expect(page.locator("#leads .count")).to_have_text("1 of 3 entries in the current documents.")
    page.locator("#leads ul.entries a", has_text="School Bus Scheme").click()
    expect(page.locator("#source mark").first).to_have_text("School Bus Scheme")


def test_the_chart_counts_by_organisation_and_outcome(page: Page, harbour: str) -> None:
    """A row an organisation, a column an outcome, and the sum."""
    page.goto(f"{harbour}/leads")
    row = page.locator("#leads table.grid tbody tr", has_text="Harbour University")
    expect(row.locator("td")).to_have_text(["1", "1"])
    expect(page.locator("#leads table.grid thead th")).to_have_text(["Organisation", "Outcome 1", "All"])

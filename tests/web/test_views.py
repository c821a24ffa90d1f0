"""The views beside Ask, in a real browser."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from assistant.web.desk import Desk
from corpus.model import PlanEntry
from tests.web.test_access import serious


def test_find_narrows_as_one_types(page: Page, address: str) -> None:
    """Every current entry at first; fewer with each letter; the count is true."""
    page.goto(f"{address}/find")
    expect(page.locator("#found .count")).to_contain_text("9 entries under 5 commitments")
    page.locator("#find-text input, #find-text textarea").press_sequentially("lonel")
    expect(page.locator("#found .count")).to_contain_text("3 entries under 1 commitment, in 3 plans")
    expect(page.locator("#found tbody tr")).to_have_count(3)
    expect(page.locator("#announce")).to_contain_text("3 entries")
    page.get_by_label("Led by").fill("harbour")
    expect(page.locator("#found tbody tr")).to_have_count(1)


def test_find_has_filters_for_outcome_document_and_version(page: Page, address: str) -> None:
    """Outcome 1 has three entries; all versions add those of the draft."""
    page.goto(f"{address}/find?outcome=1")
    expect(page.locator("#found tbody tr")).to_have_count(3)
    page.goto(f"{address}/find")
    expect(page.locator("#found .count")).to_contain_text("9 entries")
    page.get_by_label("All versions").check()
    expect(page.locator("#found .count")).to_contain_text("12 entries")
    page.goto(f"{address}/find?document=eastmere-plan-draft")
    expect(page.locator("#found tbody tr")).to_have_count(3)
    expect(page.locator("#found .badge").first).to_have_text("Draft")


def test_a_row_opens_its_source(page: Page, address: str) -> None:
    """The row's commitment opens the page it stands on with the row marked."""
    page.goto(f"{address}/find?q=village+bus")
    page.locator("#found tbody a").first.click()
    expect(page.locator("#source mark").first).to_have_text("Village Bus Scheme")
    expect(page.locator("#source .facts")).to_contain_text("3 of ")


def test_the_address_reopens_the_search(page: Page, address: str) -> None:
    """What was typed is in the address, and the address alone brings it back."""
    page.goto(f"{address}/find")
    expect(page.locator("#found .count")).to_contain_text("9 entries")
    page.locator("#find-text input, #find-text textarea").press_sequentially("allot")
    expect(page.locator("#found tbody tr")).to_have_count(1)
    page.wait_for_url(f"{address}/find?q=allot")
    page.goto(page.url)
    expect(page.locator("#found tbody tr")).to_have_count(1)
    expect(page.locator("#find-text input, #find-text textarea")).to_have_value("allot")


def test_csv_and_excel_hold_the_rows_found(page: Page, address: str, tmp_path: Path) -> None:
    """Both files hold what the table shows, leads and all."""
    page.goto(f"{address}/find?q=lonel")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Download CSV").click()
    rows = list(csv.DictReader(io.StringIO(Path(waiting.value.path()).read_text(encoding="utf-8-sig"))))
    assert [row["plan"] for row in rows] == [
        "Befriending Strategy",
        "Research on isolation",
        "Village Bus Scheme",
    ]
    assert rows[1]["leads"] == "Harbour University"
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Download Excel").click()
    waiting.value.save_as(tmp_path / "found.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "found.xlsx").active
    assert sheet is not None
    names = [cell.value for cell in sheet[1]]
    assert [row[names.index("plan")] for row in sheet.iter_rows(min_row=2, values_only=True)] == [
        row["plan"] for row in rows
    ]


def test_find_shows_more_when_asked(page: Page, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """At first so many rows as fit; all of them by a button."""
    monkeypatch.setattr("assistant.web.find._PAGE", 4)
    page.goto(f"{address}/find")
    expect(page.locator("#found tbody tr")).to_have_count(4)
    expect(page.locator("#found .hint")).to_contain_text("The first 4 of 9")
    page.get_by_role("button", name="Show all 9").click()
    expect(page.locator("#found tbody tr")).to_have_count(9)
    expect(page.get_by_role("button", name="Show all")).to_have_count(0)


def test_find_by_keyboard_alone(page: Page, address: str) -> None:
    """Type, go to the row, open its source, and come back to the row."""
    page.goto(f"{address}/find")
    expect(page.locator("#found tbody tr")).to_have_count(9)
    page.get_by_label("Search").focus()
    page.keyboard.type("village")
    row = page.locator("#found tbody a")
    expect(row).to_have_count(1)
    for _ in range(20):
        page.keyboard.press("Tab")
        if row.evaluate("one => one === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(page.locator("#source mark").first).to_have_text("Village Bus Scheme")
    expect(page.locator("#source .source-title")).to_be_focused()
    page.keyboard.press("Escape")
    expect(row).to_be_focused()


def test_who_leads_what(page: Page, address: str, desk: Desk) -> None:
    """The overview counts entries; an organisation's page lists all it leads, by outcome, with its parts."""
    page.goto(f"{address}/leads")
    expect(page.locator("#leads")).to_contain_text("Organisations with most entries")
    expect(page.locator("#leads")).to_contain_text("Entries with no lead named")
    expect(page.locator("#leads .count")).to_contain_text("0 of 9")
    page.goto(f"{address}/leads?body=Eastmere+Borough+Council")
    register = desk.assistant.register
    led = register.find(lead="Eastmere Borough Council", documents=register.current)
    expect(page.locator("#leads .count")).to_contain_text(f"Leads {len(led)} entries")
    for entry in led:
        expect(page.locator("#leads")).to_contain_text(entry.plan or "")
    expect(page.locator("#leads h3").first).to_have_text("Parts of it named as leads")
    expect(page.locator("#leads table.bars tbody tr")).to_have_count(len({entry.outcome for entry in led}))
    page.locator("#leads ul.entries a").first.click()
    expect(page.locator("#source mark").first).to_be_visible()


def test_an_organisation_can_be_chosen(page: Page, address: str) -> None:
    """The menu of organisations shows the one chosen, and the address follows."""
    page.goto(f"{address}/leads")
    expect(page.locator("#leads table").first).to_be_visible()
    page.get_by_role("combobox", name="Organisation").click()
    page.get_by_role("option", name="Harbour University").click()
    expect(page.locator("#leads h2").first).to_have_text("Harbour University")
    expect(page.locator("#leads")).to_contain_text("Research on isolation")
    page.wait_for_url(f"{address}/leads?body=Harbour%20University")


def test_what_changed(page: Page, address: str) -> None:
    """The draft against what replaced it: a lead that changed, a plan dropped, words marked."""
    page.goto(f"{address}/changes")
    table = page.locator("#changes tbody")
    expect(table).to_contain_text("lead changed")
    expect(table).to_contain_text("Tea Dance Plan")
    row = table.locator("tr", has_text="lead changed").first
    expect(row.locator("del").first).to_contain_text("Harbour")
    expect(row.locator("ins").first).to_contain_text("Eastmere")
    row.locator("a.see").first.click()
    expect(page.locator("#source .source-title")).to_contain_text("(draft)")


def test_changes_can_be_filtered_and_taken_along(page: Page, address: str) -> None:
    """Words narrow the table; the CSV file holds the same rows."""
    page.goto(f"{address}/changes")
    expect(page.locator("#changes tbody tr").first).to_be_visible()
    page.locator("#changes-text input, #changes-text textarea").press_sequentially("tea dance")
    expect(page.locator("#changes tbody tr")).to_have_count(1)
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Download CSV").click()
    rows = list(csv.DictReader(io.StringIO(Path(waiting.value.path()).read_text(encoding="utf-8-sig"))))
    assert len(rows) == 1
    assert rows[0]["kind"] == "dropped"


def test_documents(page: Page, address: str) -> None:
    """Every document with status, date and counts; a title opens it, a page number turns to that page."""
    page.goto(f"{address}/documents")
    expect(page.locator("#documents tbody tr")).to_have_count(3)
    row = page.locator("#documents tbody tr", has_text="(draft)")
    expect(row).to_contain_text("25 April 2024")
    expect(row).to_contain_text("Replaced by Wellbeing Plan")
    page.get_by_role("link", name="Eastmere Wellbeing Plan 2024-2026", exact=True).click()
    expect(page.locator("#source .facts")).to_contain_text("1 of ")
    page.locator("#source .goto input").fill("3")
    page.locator("#source .goto button").click()
    expect(page.locator("#source .facts")).to_contain_text("3 of ")
    expect(page.locator("#source .reading")).to_contain_text("Village Bus Scheme")


def test_a_document_opens_at_a_page_by_its_address(page: Page, address: str) -> None:
    """A link to document and page can be mailed."""
    page.goto(f"{address}/documents?document=eastmere-plan-2024&page=4")
    expect(page.locator("#source .reading")).to_contain_text("Community Kitchen Programme")


def test_how_good_is_it(page: Page, address: str, desk: Desk, axe: str) -> None:
    """Without results the page says what to run; with them it shows rates, times and failures."""
    results = desk.options.results
    assert results is not None
    page.goto(f"{address}/quality")
    expect(page.locator("#quality")).to_contain_text("ledby eval")
    one = {
        "questions": 8,
        "rates": {
            "accuracy": {"value": 0.75, "part": 6, "whole": 8},
            "refusal_recall": {"value": 0.5, "part": 1, "whole": 2},
        },
        "figures": {"ms_p50": 41.0, "words_p50": 60.0},
    }
    scores = {
        "passed": True, "breaches": [], "all": one, "kinds": {"safeguarding_narrative_of_the_papers": one}, "systems": {"stock llama-index, top 2": one},
        "failures": [{"id": "q1", "question": "Who <b>leads</b>?", "why": "no fact", "answer": "Nobody"}],
    }  # fmt: skip
    try:
        (results / "scores.json").write_text(json.dumps(scores), encoding="utf-8")
        page.reload()
        quality = page.locator("#quality")
        expect(quality).to_contain_text("8 questions")
        expect(quality).to_contain_text("75%")
        expect(quality).to_contain_text("6 of 8")
        expect(quality).to_contain_text("41 ms")
        expect(quality).to_contain_text("stock llama-index, top 2")
        expect(quality).to_contain_text("Declined where there is no answer")
        expect(quality).to_contain_text("Words to read for an answer")
        page.set_viewport_size({"width": 320, "height": 256})
        wide = page.evaluate(
            "() => [...document.querySelectorAll('body *')].filter(one => one.getBoundingClientRect().right > 320)"
            ".map(one => one.outerHTML.slice(0, 100))"
        )
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, wide
        page.set_viewport_size({"width": 1280, "height": 900})
        assert serious(page, axe) == []
        page.get_by_text("Who <b>leads</b>?").click()
        expect(page.get_by_text("no fact")).to_be_visible()
        (results / "scores.json").write_text("{", encoding="utf-8")
        page.reload()
        expect(quality).to_contain_text("cannot be read")
    finally:
        (results / "scores.json").unlink()


def test_the_register_of_the_papers_is_what_these_tests_think(desk: Desk) -> None:
    """Nine entries in the plan, three in the draft, read as written."""
    entries = desk.assistant.index.register.entries
    counts: dict[str, int] = {}
    for entry in entries:
        assert isinstance(entry, PlanEntry)
        counts[entry.document] = counts.get(entry.document, 0) + 1
    assert counts == {"eastmere-plan-2024": 9, "eastmere-plan-draft": 3}

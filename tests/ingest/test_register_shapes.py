"""Plans of other councils, in shapes of their own, and each way a commitment's name can stand above its
table."""

from __future__ import annotations

from pathlib import Path

import pytest
from reader_files import ruled_table_pdf
from register_texts import document

from corpus.catalogue import Catalogue
from corpus.model import PlanEntry
from ingest.read import documents_of
from ingest.readers.pdf import read_pdf
from ingest.register import build_register

ACTION_PLAN = """# Borset Clean Rivers Action Plan

| Ref | Objective | Action | Owner | Deadline | RAG |
|---|---|---|---|---|---|
| 1.1 | Cleaner water at Penny Brook | Fence the upper banks | Borset Rivers Trust | 30 June 2026 | Green |
| 1.2 | Cleaner water at Penny Brook | Test for salt | Felpersham College; River Trust | May 2027 | Amber |
| 2.1 | Shade for the fish | Plant 400 alders | Ambridge Parish Council | TBC | Red |
"""

TITLES = {
    "heading": "## Grow more orchards\n\n{table}",
    "bold": "**Grow more orchards**\n\n{table}",
    "plain": "Grow more orchards\n\n{table}",
    "glued": (
        "Priority: Look after the land\n\nSome plan\n\n{other}\n"
        "Priority: Look after the land Grow more orchards\n\n{table}"
    ),
    "swallowed": "Look after wells\n\n{joined}",
}
HEADER = "Plan\tLed by\n"
TABLE = f"{HEADER}Orchard Strategy\tBorset Fruit Board\nPerry Plan\tFelpersham Cider Trust\n"


def _titled(style: str) -> str:
    other = f"{HEADER}Soil Plan\tBorset Soil Board\n"
    joined = f"{HEADER}Well Plan\tBorset Water Board\nGrow more orc\thards\n{TABLE}"
    return TITLES[style].format(table=TABLE, other=other, joined=joined)


@pytest.mark.parametrize("style", TITLES)
def test_the_name_above_a_table_is_found(style: str) -> None:
    entries = build_register([document(_titled(style))]).entries
    assert [(e.commitment, e.plan, e.leads) for e in entries[-2:]] == [
        ("Grow more orchards", "Orchard Strategy", ("Borset Fruit Board",)),
        ("Grow more orchards", "Perry Plan", ("Felpersham Cider Trust",)),
    ]


def test_an_action_plan_in_markdown() -> None:
    register = build_register([document(ACTION_PLAN)])
    assert [(e.commitment, e.plan, e.leads, e.timescale, e.status) for e in register.entries] == [
        (
            "Cleaner water at Penny Brook",
            "Fence the upper banks",
            ("Borset Rivers Trust",),
            "30 June 2026",
            "Green",
        ),
        (
            "Cleaner water at Penny Brook",
            "Test for salt",
            ("Felpersham College", "River Trust"),
            "May 2027",
            "Amber",
        ),
        ("Shade for the fish", "Plant 400 alders", ("Ambridge Parish Council",), "TBC", "Red"),
    ]
    assert [c.name for c in register.commitments] == ["Cleaner water at Penny Brook", "Shade for the fish"]
    assert dict(register.entries[0].other)["Ref"] == "1.1"


def test_a_ruled_table_over_two_pages_of_a_pdf(tmp_path: Path) -> None:
    rows = [
        [f"Restore mill number {n}", f"Mill {n} Repair Plan", f"Borset Mills Trust {n % 3}"]
        for n in range(1, 61)
    ]
    source = read_pdf(ruled_table_pdf(tmp_path / "plan.pdf", rows))
    entries = build_register(documents_of(source, Catalogue())).entries
    assert [(e.commitment, e.plan, e.leads) for e in entries] == [(c, p, (lead,)) for c, p, lead in rows]
    assert len({e.page_no for e in entries}) >= 2


def test_a_risk_register() -> None:
    text = (
        "| Risk | Accountable person | Mitigation |\n|---|---|---|\n"
        "| The dam fails | Chief Engineer | Inspect it every spring |\n"
    )
    entry: PlanEntry = build_register([document(text)]).entries[0]
    assert (entry.commitment, entry.leads, entry.plan) == (
        "The dam fails",
        ("Chief Engineer",),
        "Inspect it every spring",
    )


def test_indicators_with_targets_and_ratings() -> None:
    text = (
        "| Ref | KPI | Target | Actual | RAG |\n|---|---|---|---|---|\n"
        "| K1 | Calls answered within a minute | At least 90% | 87.5% | Amber |\n"
    )
    (found,) = build_register([document(text)]).indicators
    assert (found.number, found.text) == ("K1", "Calls answered within a minute")
    assert found.target is not None
    assert (found.target.number, found.target.unit, found.target.bound) == (90.0, "%", "at least")
    assert dict(found.other) == {"Actual": "87.5%", "RAG": "Amber"}


def test_a_table_goes_on_without_its_header() -> None:
    text = f"## Grow more orchards\n\n{TABLE}\nPage 7\n\nHoney Plan\tBorset Bee Board\n"
    last = build_register([document(text)]).entries[-1]
    assert (last.commitment, last.plan, last.leads) == (
        "Grow more orchards",
        "Honey Plan",
        ("Borset Bee Board",),
    )


def test_a_damaged_header_is_known_by_its_likeness() -> None:
    header = "Strategies / plans in place to deliver\tLed by / responsible\n"
    damaged = "Streetes / plans in place to deliver\tLed by / responsible\n"
    bees = f"## Keep bees\n\n{header}Honey Plan\tBee Board\n"
    text = f"{bees}\n## Keep goats\n\n{damaged}Cheese Plan\tGoat Board\n"
    entries = build_register([document(text)]).entries
    assert [(e.commitment, e.plan) for e in entries] == [
        ("Keep bees", "Honey Plan"),
        ("Keep goats", "Cheese Plan"),
    ]


def test_a_row_that_cannot_be_read_is_reported() -> None:
    text = f"## Keep bees\n\n{HEADER}Honey Plan\tBee Board\nXq zzt, vvbl\t\n"
    register = build_register([document(text)])
    assert len(register.entries) == 1
    assert [f.kind for f in register.findings if f.span] == ["row unread"]


def test_milestones_under_their_examples() -> None:
    story = " ".join(["We are building a long story about this example, which goes on for a while."] * 3)
    text = (
        "# Delivery examples\n\nHarbour wall\tTown clock\tFerry\n"
        f"{story}\t{story}\t{story}\n"
        "Rebuild the wall June 2026\tWind the clock Ongoing\tBuy a ferry 3 May 2027\n"
    )
    found = build_register([document(text)]).milestones
    assert [(m.what, m.when, m.date) for m in found] == [
        ("Rebuild the wall", "June 2026", "2026-06"),
        ("Wind the clock", "Ongoing", None),
        ("Buy a ferry", "3 May 2027", "2027-05-03"),
    ]


def test_a_place_with_a_blank_list_has_one_empty_record() -> None:
    text = "District\tPriorities for 2026\nAmbridge\t• Housing (SO 2) • Youth (SO 1)\nDarrington\t• . • .\n"
    found = build_register([document(text)]).priorities
    assert [(p.place, p.text, p.outcomes) for p in found] == [
        ("Ambridge", "Housing", ("2",)),
        ("Ambridge", "Youth", ("1",)),
        ("Darrington", "", ()),
    ]

"""Tables as other councils draw them: headings in other words, merged cells, cards, actions in running text."""

from __future__ import annotations

from pathlib import Path

import docx
import pytest
from register_texts import document

from corpus.catalogue import Catalogue
from corpus.model import Cell, PlanEntry, Register, Row, Span
from ingest.read import documents_of
from ingest.readers.html import read_html
from ingest.readers.word import read_word
from ingest.register import build_register
from ingest.source import Source
from ingest.tables import header_roles, kind_of

HEADERS = {
    "entries": [
        "Risk ref|Risk description|Risk owner|Score|Controls in place|Planned actions|Action owner|Target date",
        "Ref|Risk|Cause|Consequence|Likelihood|Impact|Mitigating actions|Accountable person|Review date",
        "What we will do|How we will do it|Who will lead|When|How we will know it has worked",
        "No|Recommendation|Management response|Responsible officer|Implementation date|Status",
        "Objective|Key actions|Lead officer|Delivery partners|Start|End|Progress",
        "Minute ref|Action|Assigned to|Date due|Complete?",
        "Priority area|Action required|Lead director|Deadline|Update",
        "Workstream|Deliverables|Executive sponsor|Due by|BRAG",
        "We will|Lead|Partners|Measures of success|By",
        "Our ambition|What we'll do|Who's responsible|Timeframe",
        "Theme|Intervention|Delivery partner|Lead officer|Start|End",
        "Risk|Mitigation",
        "Action|Due",
    ],
    "indicators": [
        "PI|Description|Q1 2024/25|Q2|Target|Status|DoT",
        "KPI Ref|Key Performance Indicator|Portfolio holder|2023/24 outturn|Target 2024/25|Q3 actual|RAG",
        "Measure|Baseline 2022/23|Target 2025/26|Actual 2023/24|Direction of travel",
        "Interest rate risk indicator|Actual 30/09/2024|Upper Limit",
        "Outcome measure|Target|Performance|RAG",
    ],
    "other": [
        "Committee|Lead Officer|Date",
        "Decision|Decision maker|Due date|Lead officer",
        "Service|Book cost|Movement|Market value",
        "Issue raised|Response",
    ],
}


def _roles(heading: str) -> tuple[str | None, ...] | None:
    cells = tuple(Cell(text, Span(0, 1)) for text in heading.split("|"))
    return header_roles(Row(cells, Span(0, 1)))


@pytest.mark.parametrize(("kind", "heading"), [(k, h) for k, found in HEADERS.items() for h in found])
def test_headings_in_many_words(kind: str, heading: str) -> None:
    roles = _roles(heading)
    assert (kind_of(roles) if roles else "other") == kind  # type: ignore[arg-type]


def test_who_a_row_belongs_to_gives_way_to_who_leads_it() -> None:
    assert _roles("Directorate|Action|Lead officer|Deadline") == (None, "plan", "lead", "timescale")
    assert _roles("Directorate|Risk title|Mitigation") == ("lead", "risk", "mitigation")


PAGE = """<h1>Northmarsh shore plan</h1><h2>Theme 1: A safer shore</h2>
<table><tr><th>Aim</th><th>What we will do</th><th>Accountable</th><th>SRO</th><th>Start</th><th>End</th></tr>
<tr><td rowspan="2">Fewer accidents</td><td>Fit new railings</td><td>Northmarsh Harbour Board</td>
<td rowspan="2">Director of Places</td><td>April 2025</td><td>June 2026</td></tr>
<tr><td>Train wardens</td><td>Northmarsh Lifeboat Society</td><td>2025</td><td>2027</td></tr>
<tr><td colspan="6"><b>Water</b></td></tr>
<tr><td>Clean bathing water</td><td>Close the outfall</td><td>Eastwater plc and Northmarsh Council</td><td></td>
<td></td><td>2028</td></tr></table>"""


def _register(source: Source) -> Register:
    return build_register(documents_of(source, Catalogue()))


def _said(entry: PlanEntry) -> tuple[str | None, str | None, tuple[str, ...], str | None]:
    return entry.commitment, entry.plan, entry.leads, entry.timescale


def test_merged_cells_in_html_count_for_every_row_they_reach() -> None:
    entries = _register(read_html(PAGE.encode(), "a.html")).entries
    assert [_said(e) for e in entries] == [
        (
            "Fewer accidents",
            "Fit new railings",
            ("Northmarsh Harbour Board", "Director of Places"),
            "April 2025 to June 2026",
        ),
        (
            "Fewer accidents",
            "Train wardens",
            ("Northmarsh Lifeboat Society", "Director of Places"),
            "2025 to 2027",
        ),
        ("Clean bathing water", "Close the outfall", ("Eastwater plc", "Northmarsh Council"), "2028"),
    ]
    assert [e.outcome for e in entries] == ["1", "1", "1"]
    assert "Director of Places" in entries[1].quote and entries[1].quote.startswith("Fewer accidents")
    assert entries[2].priority == "Water"


def _word(path: Path) -> Path:
    rows = [
        ("Objective", "Action", "Lead officer", "Delivery partner", "Timescale", "RAG"),
        (
            "Warm homes",
            "Insulate cottages",
            "A. Brown, Housing Manager",
            "Energy Trust",
            "March 2026",
            "Amber",
        ),
        ("", "Visit homes before winter", "Wolds Leisure Trust / Public Health", "", "TBC", "Not started"),
    ]
    measures = [
        ("Ref", "Performance measure", "Baseline 2023/24", "Target 2025/26", "Q2 2025/26", "RAG"),
        ("AW1", "Falls per 100,000 people", "2,150", "No more than 1,900", "2,010", "Amber"),
    ]
    made = docx.Document()
    made.add_heading("Priority 2: Living at home", 1)
    for cells in (rows, measures):
        table = made.add_table(rows=0, cols=6)
        for row in cells:
            for cell, text in zip(table.add_row().cells, row, strict=True):
                cell.text = text
        if cells is rows:
            table.cell(1, 0).merge(table.cell(2, 0))
        made.add_heading("How we are doing", 2)
    made.save(str(path))
    return path


def test_a_plan_and_its_measures_in_word(tmp_path: Path) -> None:
    register = _register(read_word(_word(tmp_path / "a.docx")))
    assert [_said(e) for e in register.entries] == [
        ("Warm homes", "Insulate cottages", ("A. Brown, Housing Manager",), "March 2026"),
        ("Warm homes", "Visit homes before winter", ("Wolds Leisure Trust", "Public Health"), "TBC"),
    ]
    assert [(e.priority, e.status) for e in register.entries] == [
        ("Living at home", "Amber"),
        ("Living at home", "Not started"),
    ]
    assert dict(register.entries[0].other) == {"Delivery partner": "Energy Trust"}
    (found,) = register.indicators
    assert found.target is not None and found.baseline is not None
    assert (found.number, found.baseline.number, found.target.number, found.target.bound) == (
        "AW1",
        2150.0,
        1900.0,
        "at most",
    )
    assert dict(found.other) == {"Q2 2025/26": "2,010", "RAG": "Amber"}


def test_cards_with_colons_left_out() -> None:
    text = (
        "Director\tAnn Ash\nCabinet Member\tBob Beech\n\n"
        "Share of buses on time\t\t\tRED\nLatest: 71%\tTarget:85%, Floor 80%\tPrevious 69% (Red)\t\n\n"
        "Number of complaints\t\t\tGREEN\nLatest: 12\tTarget: 20 Floor: 30\tPrevious: 19 (Green)\t\n"
    )
    found = build_register([document(text)]).indicators
    assert [(i.text, i.target.number if i.target else None, i.direction) for i in found] == [
        ("Share of buses on time", 85.0, "up"),
        ("Number of complaints", 20.0, "down"),
    ]
    assert dict(found[0].other) == {
        "Latest": "71%",
        "Floor": "80%",
        "Previous": "69% (Red)",
        "RAG": "RED",
        "Director": "Ann Ash",
        "Cabinet Member": "Bob Beech",
    }


def test_a_header_of_two_rows_and_one_that_only_names_another_service() -> None:
    text = (
        "Bus KPIs\tRAG rating\t\tDoT\n\tLatest\tPrevious\t\n% of buses on time\tRED\tAMBER\tup\n\n"
        "Story.\n\n"
        "Parks\tRAG rating\t\tDoT\n\tLatest\tPrevious\t\nNumber of trees\tGREEN\tGREEN\tup\n"
    )
    found = build_register([document(text)]).indicators
    assert [(i.text, dict(i.other)) for i in found] == [
        ("% of buses on time", {"RAG rating Latest": "RED", "RAG rating Previous": "AMBER", "DoT": "up"}),
        ("Number of trees", {"RAG rating Latest": "GREEN", "RAG rating Previous": "GREEN", "DoT": "up"}),
    ]


def test_actions_listed_under_coded_risks() -> None:
    text = (
        "# Actions\n\n#### RR01: Loss of the ferry\n\n##### Partially complete\n\nBuy a second ferry\n"
        "Two builders were asked for a price, and both answered in time for the board.\n\n"
        "Complete\nTrain a crew\nAll eight were trained.\n\n"
        "#### RR02: Flood at the mill\n\nOngoing\nRaise the bank\nThe bank is being raised.\n"
    )
    found = build_register([document(text)]).entries
    assert [(e.commitment, e.plan, e.status, dict(e.other)["Reference"]) for e in found] == [
        ("Loss of the ferry", "Buy a second ferry", "Partially complete", "RR01"),
        ("Loss of the ferry", "Train a crew", "Complete", "RR01"),
        ("Flood at the mill", "Raise the bank", "Ongoing", "RR02"),
    ]
    assert "Partially complete\n\nBuy a second ferry" in found[0].quote


def test_one_coded_line_makes_no_list() -> None:
    text = "A1: A road through the town\n\nComplete\nThe road was built.\n"
    assert build_register([document(text)]).entries == ()


def test_answers_that_sound_like_headings_are_none() -> None:
    """Two cells of a form, question and answer, below others of them."""
    made = build_register(
        [
            document(
                "Form\n\nQuestion\tAnswer\nWhat is assessed\tTide strategy\nDirectorate\tStrategy\nOfficer\tleft blank\n"
            )
        ]
    )
    assert not made.entries and not made.commitments


def test_mitigations_are_never_cut_into_names() -> None:
    said = "Service managers will watch the budget. Wardens visit the Harbour Plan site with the Canal Strategy team"
    text = f"| Risk | Mitigation |\n|---|---|\n| The dam fails | {said} |\n"
    assert [e.plan for e in build_register([document(text)]).entries] == [said]


def test_a_table_that_goes_on_over_the_page_keeps_its_group() -> None:
    head = "Risk\tOwner\tScore\n\t\t£m\n"
    page = "TOTAL\t9\n"
    text = (
        f"{page}\n{head}Large risks\t\t\nThe dam fails\tChief Engineer\t3\n\n"
        f"{page}\n{head}The ferry sinks\tHarbour Master\t2\n\n"
        f"{page}\n{head}Small risks\t\t\nThe clock stops\tClerk\t1\n"
    )
    found = build_register([document(text)])
    assert [(e.priority, e.commitment, e.leads) for e in found.entries] == [
        ("Large risks", "The dam fails", ("Chief Engineer",)),
        ("Large risks", "The ferry sinks", ("Harbour Master",)),
        ("Small risks", "The clock stops", ("Clerk",)),
    ]
    assert [f for f in found.findings if f.kind == "row unread"] == []

"""Tables of papers in other shapes than those at hand: lists in cells, forms, empty words, other headings."""

from __future__ import annotations

from pathlib import Path

import docx
import pytest
from register_texts import document
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table

from corpus.catalogue import Catalogue
from ingest.pieces import itemised
from ingest.read import documents_of
from ingest.readers import read_source
from ingest.readers.pdf import read_pdf
from ingest.register import build_register


def _rows(*rows: list[str]) -> str:
    return "\n".join("\t".join(row) for row in rows) + "\n"


@pytest.mark.parametrize(
    "head",
    [
        ["Aim", "Activity", "Responsible service", "Target date"],
        ["Issues identified", "Action to be taken", "Responsible team", "Milestone date"],
        ["Pledge", "Programme", "Senior sponsor", "Deadline"],
        ["Goal", "Proposed action", "Lead manager", "By when"],
    ],
)
def test_headings_of_other_councils(head: list[str]) -> None:
    text = _rows(head, ["Warm homes", "Insulate lofts", "Housing Service", "May 2026"])
    (entry,) = build_register([document(text)]).entries
    assert (entry.commitment, entry.plan, entry.leads, entry.timescale) == (
        "Warm homes", "Insulate lofts", ("Housing Service",), "May 2026")  # fmt: skip


def test_a_table_of_mitigations_among_other_columns() -> None:
    head = [
        "Protected characteristic",
        "Positive impact",
        "Negative impact",
        "Mitigating actions",
        "Responsible officer",
    ]
    rows = [["Age", "Yes", "Yes", "Hold sessions at noon", "Jane Moss"], ["Race", "No", "No", "N/A", "N/A"]]
    register = build_register([document(_rows(head, *rows))])
    (entry,) = register.entries
    assert (entry.plan, entry.leads) == ("Hold sessions at noon", ("Jane Moss",))
    assert [f.message for f in register.findings if f.kind == "row unread"] == [
        "it says that there is nothing to do"
    ]


def test_a_form_with_labels_beside_their_values_holds_no_plans() -> None:
    rows = [
        ["Project", "Libraries strategy", "Lead officer", "Jane Moss"],
        ["Directorate", "Growth", "Service", "Libraries"],
        ["Start date", "1 May 2026", "Completion date", "3 June 2026"],
    ]
    assert build_register([document(_rows(*rows))]).entries == ()


@pytest.mark.parametrize("words", ["TBC", "To be confirmed", "n/a", "Vacant"])
def test_words_for_nobody_are_no_leads(words: str) -> None:
    text = _rows(["Objective", "Action", "Owner"], ["Warm homes", "Insulate lofts", words])
    (entry,) = build_register([document(text)]).entries
    assert (entry.leads, entry.leads_found) == ((), words)


@pytest.mark.parametrize(
    ("cell", "items"),
    [
        ("• Paint the pier • Mend the crane", ("Paint the pier", "Mend the crane")),
        ("▪ Paint the pier", ("Paint the pier",)),
        ("1. Paint the pier 2. Mend the crane 3. Dredge", ("Paint the pier", "Mend the crane", "Dredge")),
        ("1. Paint the pier", ()),
        ("Phase 1 and 2. Then more", ()),
        ("Paint the pier: • first • second", ()),
    ],
)
def test_lists_in_cells(cell: str, items: tuple[str, ...]) -> None:
    assert itemised(cell) == items


def test_a_word_table_with_lists_and_tables_in_its_cells(tmp_path: Path) -> None:
    paper = docx.Document()
    paper.add_heading("Harbour delivery plan", 0)
    paper.add_heading("Theme 1: Safer harbour", 1)
    table = paper.add_table(1, 4)
    for cell, text in zip(table.rows[0].cells, ["Pledge", "Projects", "Named lead", "Due"], strict=True):
        cell.text = text
    cells = table.add_row().cells
    cells[0].text, cells[2].text, cells[3].text = "Safe piers", "Harbour Board", "2026"
    for project in ("Paint the pier", "Mend the crane"):
        cells[1].add_paragraph(project, style="List Bullet")
    inner = cells[1].add_table(1, 2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "in phase", "two"
    spanning = table.add_row().cells
    spanning[0].merge(spanning[3]).text = "Cross-cutting pledges"
    last = table.add_row().cells
    last[0].text, last[1].text, last[2].text = "Keep records", "Archive plan", "Town Archive; Harbour Board"
    paper.save(str(tmp_path / "plan.docx"))
    documents = documents_of(read_source(tmp_path / "plan.docx"), Catalogue())
    assert documents[0].title == "Harbour delivery plan"
    entries = build_register(documents).entries
    assert [(e.outcome, e.priority, e.commitment, e.plan, e.leads) for e in entries] == [
        ("1", None, "Safe piers", "Paint the pier", ("Harbour Board",)),
        ("1", None, "Safe piers", "Mend the crane in phase two", ("Harbour Board",)),
        ("1", "Cross-cutting pledges", "Keep records", "Archive plan", ("Town Archive", "Harbour Board")),
    ]


def test_a_table_without_rules_whose_rows_stand_at_their_foot(tmp_path: Path) -> None:
    body = getSampleStyleSheet()["BodyText"]
    rows = [
        [f"Programme of works number {n} which has a name that goes on", f"Director {n}", f"{n} May 2026"]
        for n in range(1, 9)
    ]
    cells = [
        [Paragraph(cell, body) for cell in row] for row in [["Programme", "Sponsor", "Finish date"], *rows]
    ]
    SimpleDocTemplate(str(tmp_path / "a.pdf"), pagesize=A4).build([Table(cells, colWidths=[200, 130, 100])])
    entries = build_register(documents_of(read_pdf(tmp_path / "a.pdf"), Catalogue())).entries
    assert [[e.plan, *e.leads, e.timescale] for e in entries] == rows


def test_rows_of_one_table_do_not_contradict_each_other() -> None:
    text = _rows(
        ["KPI", "Target", "Actual"],
        ["Emergencies attended within 2 hours", "98%", "97%"],
        ["Emergencies attended within 4 hours", "99%", "99%"],
    )
    assert [f.message for f in build_register([document(text)]).findings if f.kind == "contradiction"] == []

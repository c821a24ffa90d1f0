"""Plans of other councils, in shapes of their own, and each way a commitment's name can stand above its
table."""

from __future__ import annotations

from pathlib import Path

import pytest
from reader_files import ruled_table_pdf
from register_texts import document
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table, TableStyle

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


_STORY = (
    "{} looks again at every case that waited for more than eight weeks, agrees with the family what is to be "
    "done, and tells the board at each quarter's end how many stay open, why that is so, and what is next. "
)


def _cut_table(path: Path, *, repeated: bool, stamp: str = "") -> list[list[str]]:
    """A ruled table whose rows are longer than what is left of a page, so that rows are cut; its rows."""

    def slanted(canvas: Canvas, _: object) -> None:
        canvas.saveState()
        canvas.setFont("Helvetica-Bold", 90)
        canvas.setFillGray(0.85)
        canvas.translate(300, 400)
        canvas.rotate(45)
        canvas.drawCentredString(0, 0, stamp)
        canvas.restoreState()

    body = getSampleStyleSheet()["BodyText"]
    rows = [
        [_STORY.format(f"Scheme {n}") * (1 + n % 3), f"Board {n}", f"March {2030 + n}"] for n in range(1, 13)
    ]
    cells = [
        [Paragraph(c, body) for c in row]
        for row in [["What we'll do", "Accountable lead", "Finish by"], *rows]
    ]
    table = Table(cells, colWidths=[230, 120, 80], repeatRows=int(repeated), splitInRow=1)
    table.setStyle(
        TableStyle([("GRID", (0, 0), (-1, -1), 0.5, colors.black), ("VALIGN", (0, 0), (-1, -1), "TOP")])
    )
    title = Paragraph("Recovery plan of Borset", getSampleStyleSheet()["Heading1"])
    SimpleDocTemplate(str(path), pagesize=A4).build([title, table], onFirstPage=slanted, onLaterPages=slanted)
    return [[" ".join(cell.split()) for cell in row] for row in rows]


@pytest.mark.parametrize("repeated", [True, False])
def test_rows_that_a_page_break_cuts_are_one_record_each(tmp_path: Path, repeated: bool) -> None:
    rows = _cut_table(tmp_path / "plan.pdf", repeated=repeated)
    source = read_pdf(tmp_path / "plan.pdf")
    documents = documents_of(source, Catalogue())
    entries = build_register(documents).entries
    told = [[e.plan, *e.leads, e.timescale] for e in entries]
    assert told == rows
    cut = [e for e in entries if documents[0].page_at(e.span.start) != documents[0].page_at(e.span.end - 1)]
    assert cut and [e.page_no for e in entries] == sorted(e.page_no or 0 for e in entries)


def test_a_watermark_is_no_part_of_the_table_and_says_that_it_is_a_draft(tmp_path: Path) -> None:
    rows = _cut_table(tmp_path / "plan.pdf", repeated=True, stamp="DRAFT")
    (document,) = documents_of(read_pdf(tmp_path / "plan.pdf"), Catalogue())
    assert (document.status, document.text.count("DRAFT")) == ("draft", 1)
    assert [e.leads for e in build_register([document]).entries] == [(row[1],) for row in rows]

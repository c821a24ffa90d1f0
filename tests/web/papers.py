"""The papers of a made-up borough, written on the spot: a draft plan, the final one as PDF, and minutes."""

from __future__ import annotations

from pathlib import Path

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

SCRIPT = "<script>window.stung = true</script>"
LONELY = [
    ("Befriending Strategy", "Eastmere Borough Council (Community Team)"),
    ("Research on isolation", "Harbour University"),
    ("Village Bus Scheme", "Rural Transport Partnership"),
]
OUTCOMES: dict[str, dict[str, list[tuple[str, str]]]] = {
    "Shared outcome 1: Give children the best start": {
        "Reduce smoking in pregnancy": [
            ("Maternity Delivery Plan", "Maternity System Board"),
            ("Family Hub Programme", "Eastmere Borough Council; Westmere District Council"),
        ],
        "Improve school attendance": [
            ("Attendance Action Plan", "Eastmere Borough Council (Education Team)")
        ],
    },
    "Shared outcome 2: Tackle the wider determinants": {
        "Reduce loneliness": LONELY,
        "Warm homes for all": [("Winter Fund", "Eastmere Borough Council")],
    },
    "Shared outcome 3: Support happy and healthy living": {
        "Good food for everyone": [
            ("Community Kitchen Programme", "Healthwatch Eastmere"),
            ("Allotment Plan", "Parish Councils"),
        ],
    },
}
CATALOGUE = """
[[document]]
file = "eastmere-plan-2024.pdf"
id = "eastmere-plan-2024"
title = "Eastmere Wellbeing Plan 2024-2026"
short_title = "Wellbeing Plan"
publisher = "Eastmere Borough Council"
date = "2024-06-12"
status = "final"
family = "wellbeing-plan"
supersedes = "eastmere-plan-draft"
"""


def write_papers(folder: Path) -> None:
    """Write all papers, and the catalogue that says what the PDF is, into a folder."""
    (folder / "catalogue.toml").write_text(CATALOGUE, encoding="utf-8")
    _pdf(folder / "eastmere-plan-2024.pdf")
    (folder / "eastmere-plan-draft.md").write_text(_draft(), encoding="utf-8")
    (folder / "eastmere-minutes.md").write_text(_minutes(), encoding="utf-8")


def _pdf(path: Path) -> None:
    styles = getSampleStyleSheet()
    story: list[object] = [
        Paragraph("Eastmere Wellbeing Plan 2024-2026", styles["Title"]),
        Paragraph(
            "The borough and its partners set out what they commit to, and who leads it.", styles["BodyText"]
        ),
        PageBreak(),
    ]
    for outcome, commitments in OUTCOMES.items():
        story.append(Paragraph(outcome, styles["Heading1"]))
        for commitment, rows in commitments.items():
            story += [Paragraph(commitment, styles["Heading2"]), _table(rows), Spacer(1, 10)]
        story.append(PageBreak())
    story += [
        Paragraph("Acronyms", styles["Heading1"]),
        _grid(
            [
                ["Acronym", "Meaning"],
                ["EBC", "Eastmere Borough Council"],
                ["HWB", "Health and Wellbeing Board"],
            ]
        ),
    ]
    SimpleDocTemplate(str(path), pagesize=A4).build(story)


def _table(rows: list[tuple[str, str]]) -> Table:
    return _grid([["Strategies / plans in place to deliver", "Led by / responsible"], *map(list, rows)])


def _grid(rows: list[list[str]]) -> Table:
    style = getSampleStyleSheet()["BodyText"]
    table = Table(
        [[Paragraph(cell, style) for cell in row] for row in rows], colWidths=[220, 230], repeatRows=1
    )
    table.setStyle(TableStyle([("GRID", (0, 0), (-1, -1), 0.5, colors.black)]))
    return table


def _draft() -> str:
    lines = [
        "---",
        'title: "Eastmere Wellbeing Plan 2024-2026 (draft)"',
        'short_title: "Draft Wellbeing Plan"',
        'publisher: "Eastmere Borough Council"',
        "date: 2024-04-25",
        "status: draft",
        "family: wellbeing-plan",
        "---",
        "",
        "# Shared outcome 2: Tackle the wider determinants",
        "",
    ]
    for commitment, rows in {
        "Reduce loneliness": [
            ("Befriending Strategy", "Harbour University"),
            ("Tea Dance Plan", "Age Eastmere"),
        ],
        "Warm homes": [("Winter Fund", "Eastmere Borough Council")],
    }.items():
        lines += [
            f"## {commitment}",
            "",
            "| Strategies / plans in place to deliver | Led by / responsible |",
            "|---|---|",
        ]
        lines += [f"| {plan} | {lead} |" for plan, lead in rows]
        lines.append("")
    return "\n".join(lines)


def _minutes() -> str:
    return f"""---
title: "Minutes of the Eastmere Board, 6 December 2023 {SCRIPT}"
short_title: "Board minutes, December 2023"
publisher: "Eastmere Borough Council"
date: 2023-12-06
status: minutes
---

# Minutes of the Eastmere Board

## Harbour swimming pool

The harbour swimming pool had 41,300 visits in the year to March 2023. {SCRIPT} The pool is open <img src=x onerror="window.stung = true"> on six days a week. The manager of the pool is [Ada Penrose](javascript:window.stung=true).

## Library opening hours

The central library opens at nine in the morning. The mobile library visits fourteen villages every month.
"""

"""Odd PDF files are read as far as they can be, hostile ones end soon and in one line, and neither harms others."""

from __future__ import annotations

from pathlib import Path

import pypdf
import pytest
from odd_pdfs import GOOD, HOSTILE, READABLE, annotated, filled_form, no_letters, plain
from pypdf.generic import NameObject, NumberObject
from reader_files import HEADER, check_spans, kinds, pages_pdf, plan_rows, ruled_table_pdf, tables
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import SimpleDocTemplate, Table, TableStyle

from corpus.errors import DocumentError
from ingest.readers import read_sources
from ingest.readers.pdf import read_pdf
from ingest.source import Source


@pytest.mark.parametrize("what", READABLE)
def test_what_is_odd_is_read_all_the_same(tmp_path: Path, what: str) -> None:
    source = read_pdf(READABLE[what](tmp_path / "a.pdf"))
    assert GOOD in source.text and source.warnings == ()
    assert len(source.pages) == source.text.count(GOOD)
    check_spans(source)


def test_what_is_hostile_ends_in_a_result_or_one_line_and_harms_no_other(tmp_path: Path) -> None:
    paths = [make(tmp_path / f"{what}.pdf") for what, make in HOSTILE.items()]
    good = pages_pdf(tmp_path / "good.pdf", [[f"{GOOD}."]])
    results = dict(read_sources([*paths, good], timeout_s=10, memory_mb=700))
    for path in paths:
        result = results[path]
        if isinstance(result, DocumentError):
            assert str(result).startswith(f"{path.name}: ") and "\n" not in str(result)
        else:
            check_spans(result)
            assert result.text.strip() or result.warnings
    assert isinstance(results[good], Source)


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_table_on_a_turned_page_is_a_table(tmp_path: Path, degrees: int) -> None:
    writer = pypdf.PdfWriter(clone_from=ruled_table_pdf(tmp_path / "plain.pdf", plan_rows(8)))
    for page in writer.pages:
        page[NameObject("/Rotate")] = NumberObject(degrees)
    writer.write(tmp_path / "a.pdf")
    source = read_pdf(tmp_path / "a.pdf")
    assert tables(source) == [[HEADER, *plan_rows(8)]]
    assert kinds(source)[0] == ("heading", "Delivery plan")


@pytest.mark.parametrize("told", [True, False], ids=["page says it is turned", "page does not say so"])
def test_a_table_printed_sideways_is_a_table(tmp_path: Path, told: bool) -> None:
    canvas = Canvas(str(tmp_path / "plain.pdf"), pagesize=A4)
    canvas.translate(595, 0)
    canvas.rotate(90)
    for y in range(4):
        canvas.line(60, 500 - 20 * y, 660, 500 - 20 * y)
        canvas.line(60 + 200 * y, 500, 60 + 200 * y, 440)
    for y in range(3):
        for x in range(3):
            canvas.drawString(65 + 200 * x, 486 - 20 * y, f"Cell {x} of row {y}")
    canvas.save()
    writer = pypdf.PdfWriter(clone_from=tmp_path / "plain.pdf")
    writer.pages[0][NameObject("/Rotate")] = NumberObject(90 if told else 0)
    writer.write(tmp_path / "a.pdf")
    rows = [[f"Cell {x} of row {y}" for x in range(3)] for y in range(3)]
    assert tables(read_pdf(tmp_path / "a.pdf")) == [rows]


def test_filled_in_fields_and_notes_on_the_page_are_text(tmp_path: Path) -> None:
    assert "Name of the plan: Harbour plan of the town" in read_pdf(filled_form(tmp_path / "a.pdf")).text
    source = read_pdf(annotated(tmp_path / "b.pdf"))
    assert "A note by the clerk" in source.pages[0].span.of(source.text)
    assert "sticky" not in source.text


def test_fonts_without_letters_are_told_or_read_from_the_picture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    assert read_pdf(no_letters(tmp_path / "a.pdf")).warnings == (
        "a.pdf: 1 of 1 pages (1) in fonts that do not say which letters they show.",
    )


def test_labels_with_prefixes_and_roman_front_matter(tmp_path: Path) -> None:
    writer = plain(tmp_path / "plain.pdf")
    writer.set_page_label(0, 0, style="/r", start=4)
    writer.set_page_label(1, 2, style="/D", prefix="A-", start=7)
    writer.write(tmp_path / "a.pdf")
    source = read_pdf(tmp_path / "a.pdf")
    assert [(page.page_no, page.page_label) for page in source.pages] == [(1, "iv"), (2, "A-7"), (3, "A-8")]


def test_roman_numbers_printed_on_front_matter_are_labels(tmp_path: Path) -> None:
    numbers = ["i", "ii", "iii", "iv", "1", "2", "3", "4"]
    canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=A4)
    for number in numbers:
        canvas.drawString(72, 600, f"The words of the page that has number {number} on it.")
        canvas.drawString(300, 30, number)
        canvas.showPage()
    canvas.save()
    assert [page.page_label for page in read_pdf(tmp_path / "a.pdf").pages] == numbers


def test_a_sentence_with_the_word_page_in_it_is_no_page_number(tmp_path: Path) -> None:
    pages = [[f"On page {n} we tell of the harbour and the boats."] for n in range(1, 5)]
    source = read_pdf(pages_pdf(tmp_path / "a.pdf", pages))
    assert [page.page_label for page in source.pages] == [None] * 4
    assert source.text.count("we tell of the harbour") == 4


def test_a_running_line_with_a_page_number_stays_once(tmp_path: Path) -> None:
    pages = [[f"Body number {n} stands here."] for n in range(1, 5)]
    source = read_pdf(pages_pdf(tmp_path / "a.pdf", pages, footer="Draft strategy, version 3 - page {n}"))
    assert source.text.count("Draft strategy, version 3") == 1
    assert [page.page_label for page in source.pages] == ["1", "2", "3", "4"]


def test_headings_over_two_columns_part_them(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=A4)
    wanted = []
    for top, part in ((790, "First"), (560, "Second")):
        canvas.setFont("Helvetica-Bold", 18)
        canvas.drawString(72, top, f"{part} heading over both of the columns here")
        canvas.setFont("Helvetica", 10)
        wanted.append(f"{part} heading over both of the columns here")
        for x, side in ((72, "left"), (310, "right")):
            for n in range(12):
                canvas.drawString(x, top - 30 - 12 * n, f"{part} {side} line {n} runs on about it")
                wanted.append(f"{part} {side} line {n} runs on about it")
    canvas.save()
    assert " ".join(read_pdf(tmp_path / "a.pdf").text.split()) == " ".join(wanted)


def test_two_lists_beside_each_other_on_a_slide_are_read_one_by_one(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=landscape(A4))
    canvas.setFont("Helvetica-Bold", 26)
    canvas.drawString(50, 530, "What we will do")
    canvas.setFont("Helvetica", 14)
    items = [f"• {side} point {n}" for side in ("Left", "Right") for n in range(1, 6)]
    for n, item in enumerate(items):
        canvas.drawString(50 + 390 * (n // 5), 460 - 22 * (n % 5), item)
    canvas.save()
    assert kinds(read_pdf(tmp_path / "a.pdf")) == [("heading", "What we will do")] + [
        ("item", i) for i in items
    ]


def drawn(path: Path, rows: list[tuple[str, ...]], *, step: int = 16, rules: bool = False) -> Path:
    """Rows of words under each other, with a line over each row or without."""
    canvas = Canvas(str(path), pagesize=A4)
    canvas.setFont("Helvetica", 10)
    for n, row in enumerate(rows):
        if rules:
            canvas.line(72, 762 - step * n, 520, 762 - step * n)
        for x, text in zip((75, 230, 400), row, strict=False):
            canvas.drawString(x, 750 - step * n, text)
    canvas.save()
    return path


def test_second_lines_of_cells_without_rules_belong_to_their_row(tmp_path: Path) -> None:
    rows = [("Plan", "Led by", "Date"), ("Housing plan for", "District councils", "May 2025")]
    rows += [
        ("older people", "", ""),
        ("Ferry plan", "Harbour board and", "June 2025"),
        ("", "the county", ""),
    ]
    rows += [("Bus plan", "County", "July 2025"), ("Rail plan", "Operator", "May 2026")]
    assert tables(read_pdf(drawn(tmp_path / "a.pdf", rows))) == [
        [
            ["Plan", "Led by", "Date"],
            ["Housing plan for older people", "District councils", "May 2025"],
            ["Ferry plan", "Harbour board and the county", "June 2025"],
            ["Bus plan", "County", "July 2025"],
            ["Rail plan", "Operator", "May 2026"],
        ]
    ]


def test_words_and_figures_in_two_columns_are_a_table(tmp_path: Path) -> None:
    rows = [("Ward", "Residents"), *((f"Ward number {n}", f"{n},{n}00") for n in range(1, 7))]
    assert tables(read_pdf(drawn(tmp_path / "a.pdf", rows))) == [[list(row) for row in rows]]


def test_lines_between_rows_alone_rule_a_table(tmp_path: Path) -> None:
    rows = [
        ("Plan", "Led by", "Cost"),
        *((f"Plan {n}", f"Board {n} of the town", f"£{n}00") for n in range(1, 6)),
    ]
    assert tables(read_pdf(drawn(tmp_path / "a.pdf", rows, step=20, rules=True))) == [
        [list(row) for row in rows]
    ]


@pytest.mark.parametrize("rules", [True, False], ids=["ruled", "not ruled"])
def test_level_rules_say_which_lines_are_one_row(tmp_path: Path, rules: bool) -> None:
    canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=A4)
    canvas.setFont("Helvetica", 10)
    lines = [
        ("Open the pier for", "Plan {} of the", "Board {}"),
        ("Everybody all year", "Town", "Group {}"),
        ("Not only some", "", ""),
    ]
    for n in range(1, 5):
        top = 800 - 50 * n
        if rules:
            canvas.line(60, top + 14, 540, top + 14)
        for k, line in enumerate(lines):
            for x, text in zip((65, 240, 420), line, strict=True):
                canvas.drawString(x, top - 13 * k, text.format(n))
    canvas.line(60, 564, 540, 564)
    canvas.save()
    (table,) = tables(read_pdf(tmp_path / "a.pdf"))
    assert len(table) == (4 if rules else 12)
    if rules:
        assert table[3] == [
            "Open the pier for Everybody all year Not only some",
            "Plan 4 of the Town",
            "Board 4 Group 4",
        ]


def test_rules_between_groups_of_figures_part_no_rows(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=A4)
    rows = [[f"Ward {n}", f"{n}00", f"{n}.5%"] for n in range(1, 10)]
    for n, row in enumerate(rows):
        if n % 3 == 0:
            canvas.line(60, 764 - 16 * n, 540, 764 - 16 * n)
        for x, text in zip((65, 240, 420), row, strict=True):
            canvas.drawString(x, 750 - 16 * n, text)
    canvas.save()
    assert tables(read_pdf(tmp_path / "a.pdf")) == [rows]


def test_a_list_of_contents_keeps_its_lines(tmp_path: Path) -> None:
    lines = [f"{title} {'.' * 60} {n}" for n, title in enumerate(("Foreword", "Introduction", "Our aims"), 3)]
    source = read_pdf(pages_pdf(tmp_path / "a.pdf", [["Contents", "", *lines]]))
    assert [text for kind, text in kinds(source)][-3:] == lines


def test_letters_that_stand_apart_are_words(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=A4)
    text = canvas.beginText(72, 780)
    text.setFont("Helvetica-Bold", 16)
    text.setCharSpace(4)
    text.textOut("OUR GRAND HEADING")
    canvas.drawText(text)
    canvas.save()
    assert read_pdf(tmp_path / "a.pdf").text.strip() == "OUR GRAND HEADING"


def test_cells_that_span_rows_and_columns(tmp_path: Path) -> None:
    rows = [["Outcome one", "", ""], ["Safe harbours", "Pier plan", "Board"], ["", "Mole plan", "Town"]]
    table = Table(rows, colWidths=[150, 150, 100])
    spans = [
        ("SPAN", (0, 0), (2, 0)),
        ("SPAN", (0, 1), (0, 2)),
        ("GRID", (0, 0), (-1, -1), 0.5, colors.black),
    ]
    table.setStyle(TableStyle(spans))
    SimpleDocTemplate(str(tmp_path / "a.pdf"), pagesize=A4).build([table])
    rows[2][0] = rows[1][0]  # a cell over two rows is said in both
    assert tables(read_pdf(tmp_path / "a.pdf")) == [rows]


def test_the_number_of_a_footnote_is_set_apart_from_a_figure(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=A4)
    text = canvas.beginText(72, 700)
    text.setFont("Helvetica", 12)
    text.textOut("Of the 38")
    text.setRise(5)
    text.setFont("Helvetica", 7)
    text.textOut("1")
    text.setRise(0)
    text.setFont("Helvetica", 12)
    text.textOut(" plans 17 are done.")
    canvas.drawText(text)
    canvas.save()
    assert read_pdf(tmp_path / "a.pdf").text.strip() == "Of the 38¹ plans 17 are done."

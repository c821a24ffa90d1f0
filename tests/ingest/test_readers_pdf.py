"""PDF: tables, reading order, headings, page numbers and labels, scans, encryption, damage."""

from __future__ import annotations

from pathlib import Path

import pypdf
import pytest
from reader_files import (
    HEADER,
    check_spans,
    columns_pdf,
    encrypted_pdf,
    kinds,
    page_of,
    pages_pdf,
    plan_rows,
    raw_pdf,
    ruled_table_pdf,
    tables,
)
from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfgen.canvas import Canvas

from corpus.errors import DocumentError
from ingest.readers.pdf import ranges, read_pdf


def test_a_ruled_table_over_page_breaks_is_a_table_on_each_page(tmp_path: Path) -> None:
    rows = plan_rows(100)
    source = read_pdf(ruled_table_pdf(tmp_path / "a.pdf", rows))
    found = tables(source)
    assert len(found) == len(source.pages) > 2
    assert all(table[0] == HEADER for table in found)
    assert [row for table in found for row in table[1:]] == rows
    check_spans(source)


def test_table_text_stands_nowhere_else(tmp_path: Path) -> None:
    source = read_pdf(ruled_table_pdf(tmp_path / "a.pdf", plan_rows(5)))
    assert source.text.count("Plan for matter 3") == 1
    assert "Commitment 3\tPlan for matter 3\tBoard 3\n" in source.text


def test_rows_know_their_page(tmp_path: Path) -> None:
    path = ruled_table_pdf(tmp_path / "a.pdf", plan_rows(100))
    source = read_pdf(path)
    for number, page in enumerate(pypdf.PdfReader(path).pages, 1):
        for n in (n for n in range(1, 101) if f"matter {n}\n" in page.extract_text() + "\n"):
            assert page_of(source, f"Plan for matter {n}\t").page_no == number


def test_rows_that_lack_a_rule_are_told_apart_by_their_figures(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=A4)
    for y in (700, 680, 620):  # no rule between the three rows at 665, 650 and 635
        canvas.line(72, y, 400, y)
    for x in (72, 200, 300, 400):
        canvas.line(x, 620, x, 700)
    canvas.setFont("Helvetica", 10)
    for y, row in (
        (685, ("", "March", "June")),
        (665, ("Loans", "1.5", "2.5")),
        (650, ("Bonds", "3.5", "4.5")),
    ):
        for x, text in zip((75, 205, 305), row, strict=True):
            canvas.drawString(x, y, text)
    for x, text in zip((75, 205, 305), ("Funds", "5.5", "6.5"), strict=True):
        canvas.drawString(x, 635, text)
    canvas.save()
    assert tables(read_pdf(tmp_path / "a.pdf")) == [
        [["", "March", "June"], ["Loans", "1.5", "2.5"], ["Bonds", "3.5", "4.5"], ["Funds", "5.5", "6.5"]]
    ]


def test_an_unruled_table_is_found_by_its_columns(tmp_path: Path) -> None:
    rows = [["Ward", "District", "Number"]] + [[f"Ward {n}", f"District {n}", f"{n}.5"] for n in range(1, 8)]
    canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=A4)
    canvas.drawString(72, 760, "The table below sets out what was found in each of the wards last year.")
    for i, row in enumerate(rows):
        for x, text in zip((72, 220, 400), row, strict=True):
            canvas.drawString(x, 720 - 16 * i, text)
    canvas.save()
    source = read_pdf(tmp_path / "a.pdf")
    assert tables(source) == [rows]
    assert kinds(source)[0][0] == "paragraph"


def test_a_frame_around_text_is_no_table(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=A4)
    canvas.rect(60, 600, 400, 120)
    canvas.line(60, 690, 460, 690)
    canvas.drawString(72, 700, "Risk 12: a box with a title")
    canvas.drawString(72, 670, "The text in the box goes on for a while under its title.")
    canvas.save()
    source = read_pdf(tmp_path / "a.pdf")
    assert tables(source) == []
    assert "The text in the box goes on" in source.text


LEFT = [f"Left line {n} runs on about the first matter" for n in range(12)]
RIGHT = [f"Right line {n} runs on about the second one" for n in range(12)]


@pytest.mark.parametrize("line_by_line", [False, True], ids=["drawn by column", "drawn by line"])
def test_columns_are_read_one_after_the_other(tmp_path: Path, line_by_line: bool) -> None:
    source = read_pdf(columns_pdf(tmp_path / "a.pdf", LEFT, RIGHT, line_by_line=line_by_line))
    assert " ".join(source.text.split()) == " ".join(
        ["A title over both of the columns of this page", *LEFT, *RIGHT]
    )
    assert kinds(source)[0] == ("heading", "A title over both of the columns of this page")


def test_the_boxes_of_a_slide_are_read_one_by_one(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=landscape(A4))
    canvas.setFont("Helvetica-Bold", 28)
    canvas.drawString(60, 520, "Our three aims")
    canvas.setFont("Helvetica", 14)
    for box, x in enumerate((60, 320, 580), 1):
        canvas.rect(x - 10, 250, 230, 200)
        for i in range(4):
            canvas.drawString(x, 420 - 20 * i, f"Aim {box} has a line {i + 1}")
    canvas.save()
    text = " ".join(read_pdf(tmp_path / "a.pdf").text.split())
    assert text == "Our three aims " + " ".join(
        f"Aim {b} has a line {i}" for b in (1, 2, 3) for i in (1, 2, 3, 4)
    )


def test_labels_beside_their_values_stay_on_their_lines(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=A4)
    cover = (
        ("From:", "A Member, Cabinet Member for Care"),
        ("To:", "Cabinet, 4 March 2025"),
        ("Subject:", "A plan"),
    )
    for i, (label, value) in enumerate(cover):
        canvas.drawString(72, 760 - 28 * i, label)
        canvas.drawString(180, 760 - 28 * i, value)
    canvas.save()
    source = read_pdf(tmp_path / "a.pdf")
    assert kinds(source) == [("paragraph", f"{label} {value}") for label, value in cover]


def _headed(path: Path) -> Path:
    canvas = Canvas(str(path), pagesize=A4)
    text = "This paragraph tells what has been done in the year and fills its line"
    placed = [
        ("Helvetica-Bold", 22, 780, "Annual report"),
        ("Helvetica-Bold", 15, 740, "1. What was done"),
        ("Helvetica", 11, 715, text),
        ("Helvetica", 11, 702, "and the next one as well, up to here."),
        ("Helvetica-Bold", 11, 670, "1.1 Housing"),
        ("Helvetica", 11, 650, text),
        ("Helvetica", 11, 637, "and ends."),
        ("Helvetica", 11, 610, "a) the first thing"),
        ("Helvetica", 11, 590, "• a point"),
    ]
    for font, size, y, line in placed:
        canvas.setFont(font, size)
        canvas.drawString(72, y, line)
    canvas.save()
    return path


def test_headings_by_size_weight_and_number(tmp_path: Path) -> None:
    source = read_pdf(_headed(tmp_path / "a.pdf"))
    headings = [(b.level, b.span.of(source.text)) for b in source.blocks if b.kind == "heading"]
    assert headings == [(1, "Annual report"), (2, "1. What was done"), (4, "1.1 Housing")]
    assert kinds(source)[-2:] == [("item", "a) the first thing"), ("item", "• a point")]


def test_lines_of_a_paragraph_are_joined(tmp_path: Path) -> None:
    assert (
        "fills its line and the next one as well, up to here." in read_pdf(_headed(tmp_path / "a.pdf")).text
    )


def test_running_lines_stay_once_and_numbers_become_labels(tmp_path: Path) -> None:
    pages = [[f"Body text of page number {n} stands here."] for n in range(1, 6)]
    path = pages_pdf(tmp_path / "a.pdf", pages, header="Draft for consultation", footer="Page {n}")
    source = read_pdf(path)
    assert source.text.count("Draft for consultation") == 1
    assert [page.page_label for page in source.pages] == [f"Page {n}" for n in range(1, 6)]
    assert [page.page_no for page in source.pages] == [1, 2, 3, 4, 5]
    assert all(f"page number {n} " in source.pages[n - 1].span.of(source.text) for n in range(1, 6))


def test_what_only_recurs_in_the_body_stays(tmp_path: Path) -> None:
    pages = [["Filler line."] * 12 + ["The same sentence again."] for _ in range(5)]
    assert read_pdf(pages_pdf(tmp_path / "a.pdf", pages)).text.count("The same sentence again.") == 5


def test_numbers_on_slides_that_do_not_count_on_stay(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=A4)
    for figure in (7, 3, 12, 5):
        canvas.drawString(72, 800, f"Outcome {figure}")
        canvas.drawString(72, 400, "Words about it.")
        canvas.showPage()
    canvas.save()
    source = read_pdf(tmp_path / "a.pdf")
    assert [f"Outcome {n}" in source.text for n in (7, 3, 12, 5)] == [True] * 4
    assert [page.page_label for page in source.pages] == [None] * 4


def test_front_matter_labels_come_from_the_file(tmp_path: Path) -> None:
    plain = pages_pdf(tmp_path / "plain.pdf", [[f"Text {n} of this page."] for n in range(4)])
    writer = pypdf.PdfWriter(clone_from=plain)
    writer.set_page_label(0, 1, style="/r")
    writer.set_page_label(2, 3, style="/D", start=1)
    writer.write(tmp_path / "a.pdf")
    assert [page.page_label for page in read_pdf(tmp_path / "a.pdf").pages] == ["i", "ii", "1", "2"]


def test_a_paragraph_cut_by_a_page_break_is_one_block(tmp_path: Path) -> None:
    long = "The board agreed that the work on homes for older people would go on for"
    source = read_pdf(
        pages_pdf(tmp_path / "a.pdf", [[long], ["another two years in every district.", "", "New one."]])
    )
    assert kinds(source)[0][1].split() == f"{long} another two years in every district.".split()
    assert page_of(source, "another two years").page_no == 2


def test_text_under_other_text_is_not_read(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=A4)
    canvas.drawString(72, 700, "Hidden words lie under here")
    canvas.setFillColorRGB(1, 1, 1)
    canvas.rect(60, 690, 400, 30, stroke=0, fill=1)
    canvas.setFillColorRGB(0, 0, 0)
    canvas.drawString(73, 701, "Shown sentence stands above")
    canvas.save()
    assert read_pdf(tmp_path / "a.pdf").text.strip() == "Shown sentence stands above"


def test_rotated_text_is_kept(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=A4)
    canvas.drawString(72, 700, "Upright words.")
    canvas.rotate(90)
    canvas.drawString(200, -500, "Words up the side")
    canvas.save()
    assert kinds(read_pdf(tmp_path / "a.pdf")) == [
        ("paragraph", "Upright words."),
        ("paragraph", "Words up the side"),
    ]


def test_metadata_is_kept_and_a_false_title_is_not(tmp_path: Path) -> None:
    for title, kept in (("Annual report", None), ("This paragraph tells what", "This paragraph tells what")):
        writer = pypdf.PdfWriter(clone_from=_headed(tmp_path / "plain.pdf"))
        writer.add_metadata({"/Title": title, "/Author": "A Person", "/CreationDate": "D:20240612120000Z"})
        writer.write(tmp_path / "a.pdf")
        meta = read_pdf(tmp_path / "a.pdf").meta
        assert (meta.get("title"), meta["author"], meta["created"]) == (kept, "A Person", "2024-06-12")


def test_a_blank_page_is_no_cause_for_a_warning(tmp_path: Path) -> None:
    source = read_pdf(pages_pdf(tmp_path / "a.pdf", [["Text."], [], ["More text."]]))
    assert len(source.pages) == 3
    assert source.warnings == ()


def test_encryption(tmp_path: Path) -> None:
    plain = pages_pdf(tmp_path / "plain.pdf", [["Secret words."]])
    path = encrypted_pdf(tmp_path / "a.pdf", plain, "open sesame", "owner")
    with pytest.raises(DocumentError, match=r"^a\.pdf: is encrypted and needs a password\.$"):
        read_pdf(path)
    with pytest.raises(
        DocumentError, match=r"^a\.pdf: is encrypted and the password given does not open it\.$"
    ):
        read_pdf(path, password="wrong")
    assert read_pdf(path, password="open sesame").text.strip() == "Secret words."
    assert read_pdf(encrypted_pdf(tmp_path / "b.pdf", plain, "", "owner")).text.strip() == "Secret words."


def test_a_damaged_page_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    stream = "<< /Length 60 /Filter /FlateDecode >> stream\n" + "x" * 60 + "\nendstream"
    good = "<< /Length 44 >> stream\nBT /F1 12 Tf 72 700 Td (Good words.) Tj ET    \nendstream"
    fonts = "/Resources << /Font << /F1 7 0 R >> >>"
    page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents {} 0 R " + fonts + " >>"
    path = raw_pdf(
        tmp_path / "a.pdf",
        [
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Kids [3 0 R 4 0 R] /Count 2 >>",
            page.format(5),
        ]
        + [page.format(6), good, stream, "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"],
    )
    source = read_pdf(path)
    assert source.text.strip() == "Good words."
    assert source.warnings == ("a.pdf: 1 of 2 pages (2) could not be read, being damaged.",)


def test_when_time_is_short_text_is_read_without_layout(tmp_path: Path) -> None:
    path = ruled_table_pdf(tmp_path / "a.pdf", plan_rows(60))
    count = len(read_pdf(path).pages)
    source = read_pdf(path, timeout_s=0.0)
    assert source.warnings == (
        f"a.pdf: {count} of {count} pages (1-{count}) left out, to keep within the time limit.",
    )
    assert len(source.pages) == count


@pytest.mark.parametrize(
    ("numbers", "told"),
    [
        ([1], "1"),
        ([1, 2, 3, 7], "1-3, 7"),
        ([2, 4, 5], "2, 4-5"),
        (list(range(1, 40, 2)), "1, 3, 5, 7, 9, 11, 13, 15, 17, 19, ..."),
    ],
)
def test_ranges(numbers: list[int], told: str) -> None:
    assert ranges(numbers) == told


def test_a_list_begins_under_a_line_and_a_figure_in_a_sentence_begins_none(tmp_path: Path) -> None:
    wide = "HARBOUR CABINET, 4 March 2025 at 10.00 am"
    (told,) = read_pdf(pages_pdf(tmp_path / "a.pdf", [[wide, "1. Apologies"]])).blocks[1:]
    assert told.kind == "item"
    lines = [
        "Fewer boats than ever before were tied up at the quay in Quarter",
        "1. In the year before there were more.",
    ]
    assert len(read_pdf(pages_pdf(tmp_path / "b.pdf", [lines])).blocks) == 1

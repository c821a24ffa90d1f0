"""Real files for the tests of the readers: made on the spot, small, and with known content."""

from __future__ import annotations

import io
import os
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import docx
import pypdf
from PIL import Image
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from corpus.model import Block, Page
from ingest.readers import read_source
from ingest.source import Source

PDFS = Path(os.environ.get("LEDBY_PDFS", ""))
HEADER = ["Commitment", "Plan", "Led by"]


@cache
def paper(start: str) -> Source:
    """The council paper, among those in LEDBY_PDFS, whose file name begins so."""
    return read_source(
        next(path for path in sorted((PDFS / "council").glob("*.pdf")) if path.name.startswith(start))
    )


def plan_rows(count: int) -> list[list[str]]:
    """Rows of a plan table, each different from every other."""
    return [[f"Commitment {n}", f"Plan for matter {n}", f"Board {n % 7}"] for n in range(1, count + 1)]


def ruled_table_pdf(path: Path, rows: Sequence[Sequence[str]]) -> Path:
    """A heading, a sentence and a ruled table that repeats its header on every page."""
    styles = getSampleStyleSheet()
    cells = [[Paragraph(cell, styles["BodyText"]) for cell in row] for row in [HEADER, *rows]]
    table = Table(cells, colWidths=[150, 180, 120], repeatRows=1)
    table.setStyle(TableStyle([("GRID", (0, 0), (-1, -1), 0.5, colors.black)]))
    story = [Paragraph("Delivery plan", styles["Heading1"]), Paragraph("Who leads what.", styles["BodyText"])]
    SimpleDocTemplate(str(path), pagesize=A4).build([*story, Spacer(1, 12), table])
    return path


def pages_pdf(path: Path, pages: Sequence[Sequence[str]], *, header: str = "", footer: str = "") -> Path:
    """One page for each list of lines; ``footer`` may hold ``{n}`` for the page's number."""
    canvas = Canvas(str(path), pagesize=A4)
    for number, lines in enumerate(pages, 1):
        canvas.setFont("Helvetica", 11)
        if header:
            canvas.drawString(72, 810, header)
        for i, line in enumerate(lines):
            canvas.drawString(72, 760 - 14 * i, line)
        if footer:
            canvas.drawCentredString(300, 30, footer.format(n=number))
        canvas.showPage()
    canvas.save()
    return path


def columns_pdf(path: Path, left: Sequence[str], right: Sequence[str], *, line_by_line: bool) -> Path:
    """A title over two columns; drawn across the columns line by line, or one column after the other."""
    canvas = Canvas(str(path), pagesize=A4)
    canvas.setFont("Helvetica-Bold", 18)
    canvas.drawString(72, 780, "A title over both of the columns of this page")
    canvas.setFont("Helvetica", 10)
    places = [(72, 740 - 12 * i, line) for i, line in enumerate(left)]
    places += [(310, 740 - 12 * i, line) for i, line in enumerate(right)]
    if line_by_line:
        places.sort(key=lambda place: (-place[1], place[0]))
    for x, y, line in places:
        canvas.drawString(x, y, line)
    canvas.save()
    return path


def scanned_pdf(path: Path, *, text_pages: int = 1, scanned_pages: int = 1) -> Path:
    """Pages of text followed by pages that are pictures."""
    canvas = Canvas(str(path), pagesize=A4)
    for number in range(text_pages):
        canvas.drawString(72, 700, f"Words of page {number + 1}.")
        canvas.showPage()
    picture = ImageReader(Image.effect_noise((200, 200), 90))
    for _ in range(scanned_pages):
        canvas.drawImage(picture, 100, 100, 400, 600)
        canvas.showPage()
    canvas.save()
    return path


def encrypted_pdf(path: Path, plain: Path, password: str, owner: str) -> Path:
    """``plain`` encrypted with a password for readers (which may be empty) and one for owners."""
    writer = pypdf.PdfWriter(clone_from=plain)
    writer.encrypt(password, owner, algorithm="AES-256")
    with path.open("wb") as file:
        writer.write(file)
    return path


def raw_pdf(path: Path, objects: Sequence[str]) -> Path:
    """A PDF of the given objects, numbered from 1; the first is the catalogue."""
    out = io.BytesIO(b"")
    out.write(b"%PDF-1.4\n")
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(out.tell())
        out.write(f"{number} 0 obj\n{body}\nendobj\n".encode())
    start = out.tell()
    out.write(f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode())
    out.writelines(f"{offset:010d} 00000 n \n".encode() for offset in offsets)
    out.write(f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF".encode())
    path.write_bytes(out.getvalue())
    return path


def word_file(path: Path) -> Path:
    """A Word file with headings, numbered and bulleted items, and a table with merged cells."""
    document = docx.Document()
    document.core_properties.title = "Plan for the coming year"
    document.add_heading("Plan for the coming year", 0)
    document.add_heading("Aims", 1)
    document.add_paragraph("The aims are set out here.")
    document.add_paragraph("First aim", style="List Number")
    document.add_paragraph("Second aim", style="List Number")
    document.add_paragraph("A point", style="List Bullet")
    table = document.add_table(3, 3)
    rows = [["Plan", "Led by", "Date"], ["Housing plan", "Districts", "2025"], ["", "Kent", ""]]
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            table.cell(r, c).text = text
    table.cell(1, 0).merge(table.cell(2, 0))
    document.add_paragraph().add_run("A title in bold").bold = True
    document.save(str(path))
    return path


def page_of(source: Source, words: str) -> Page:
    """The page on which ``words`` first stand."""
    offset = source.text.index(words)
    return next(page for page in source.pages if page.span.start <= offset < page.span.end)


def kinds(source: Source) -> list[tuple[str, str]]:
    """Every block as (kind, text), tables without their text."""
    return [(b.kind, "" if b.kind == "table" else b.span.of(source.text)) for b in source.blocks]


def tables(source: Source) -> list[list[list[str]]]:
    """The cells of every table."""
    return [
        [[cell.text for cell in row.cells] for row in block.rows] for block in source.blocks if block.rows
    ]


def check_spans(source: Source) -> None:
    """Every span quotes right, blocks follow each other, and pages cover the text."""
    last = 0
    for block in source.blocks:
        assert last <= block.span.start < block.span.end <= len(source.text)
        last = block.span.end
        _check_rows(block, source.text)
    if source.pages:
        assert [page.span.start for page in source.pages[1:]] == [page.span.end for page in source.pages[:-1]]
        assert source.pages[-1].span.end == len(source.text)


def _check_rows(block: Block, text: str) -> None:
    for row in block.rows:
        assert block.span.start <= row.span.start <= row.span.end <= block.span.end
        for cell in row.cells:
            assert cell.span.start <= cell.span.end <= len(text)
            if cell.text:
                assert block.span.start <= cell.span.start < cell.span.end <= block.span.end

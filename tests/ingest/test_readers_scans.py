"""Pages that are pictures: kept, counted and named in a warning, and read with Tesseract where it is there."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pypdfium2
import pytest
from reader_files import check_spans, pages_pdf, scanned_pdf
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from corpus.errors import DocumentError
from ingest.readers import read_source
from ingest.readers.pdf import read_pdf
from ingest.readers.pdf_ocr import can_read_images

WORDS = ["Harbour plan", "", "The town dredges the inner harbour", "every seven years for 41,000 pounds."]
needs_tesseract = pytest.mark.skipif(
    not can_read_images(), reason="Tesseract and pytesseract are not installed"
)


def photographed(path: Path, pages: Sequence[Sequence[str]], *, stamp: str = "") -> Path:
    """Pages of text as pictures of a scanner's resolution; ``stamp`` may hold ``{n}`` and stays text."""
    plain = pypdfium2.PdfDocument(pages_pdf(path.with_suffix(".plain"), pages))
    canvas = Canvas(str(path), pagesize=A4)
    for number in range(len(pages)):
        picture = plain[number].render(scale=150 / 72).to_pil()
        canvas.drawImage(ImageReader(picture), 0, 0, *A4)
        if stamp:
            canvas.drawString(270, 20, stamp.format(n=number + 20))
        canvas.showPage()
    canvas.save()
    plain.close()
    return path


@pytest.fixture
def no_tesseract(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without the program: it is looked for where there is none."""
    monkeypatch.setenv("PATH", "")


def test_a_scanned_page_is_kept_counted_and_named(tmp_path: Path, no_tesseract: None) -> None:
    source = read_pdf(scanned_pdf(tmp_path / "a.pdf", text_pages=2, scanned_pages=3))
    assert [page.page_no for page in source.pages] == [1, 2, 3, 4, 5]
    assert len(source.warnings) == 1
    assert source.warnings[0].startswith(
        "a.pdf: 3 of 5 pages (3-5) without text, scanned or drawn: kept empty"
    )
    assert "install Tesseract" in source.warnings[0]


def test_a_scan_with_a_printed_page_number_is_a_scan(tmp_path: Path, no_tesseract: None) -> None:
    source = read_pdf(photographed(tmp_path / "a.pdf", [WORDS] * 3, stamp="Page {n}"))
    assert source.warnings[0].startswith("a.pdf: 3 of 3 pages (1-3) without text, scanned or drawn")


def test_a_title_on_a_picture_is_no_scan(tmp_path: Path, no_tesseract: None) -> None:
    canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=A4)
    picture = ImageReader(pypdfium2.PdfDocument(pages_pdf(tmp_path / "b.pdf", [["x"]]))[0].render().to_pil())
    canvas.drawImage(picture, 0, 0, *A4)
    canvas.drawString(200, 420, "Our harbour in ten years")
    canvas.save()
    assert read_pdf(tmp_path / "a.pdf").warnings == ()


@needs_tesseract
def test_scanned_pages_are_read_in_the_limited_process(tmp_path: Path) -> None:
    source = read_source(photographed(tmp_path / "a.pdf", [WORDS, ["Second page of words."], WORDS]))
    assert "The town dredges the inner harbour" in source.text and "41,000" in source.text
    assert source.text.index("dredges") < source.text.index("Second page of words")
    assert source.pages[1].span.of(source.text).strip() == "Second page of words."
    assert source.warnings == (
        "a.pdf: 3 of 3 pages (1-3) read from pictures with Tesseract; check figures against the original.",
    )
    check_spans(source)


@needs_tesseract
def test_the_printed_number_of_a_scan_is_its_label_and_no_text(tmp_path: Path) -> None:
    source = read_pdf(photographed(tmp_path / "a.pdf", [WORDS] * 3, stamp="Page {n}"))
    assert [page.page_label for page in source.pages] == ["Page 20", "Page 21", "Page 22"]
    assert source.text.count("dredges") == 3 and "Page 2" not in source.text


@needs_tesseract
def test_a_picture_without_words_is_named(tmp_path: Path) -> None:
    source = read_pdf(scanned_pdf(tmp_path / "a.pdf"))
    assert source.warnings[0].endswith("kept empty; Tesseract found nothing in them.")


@needs_tesseract
def test_scans_that_there_is_no_time_for_are_named(tmp_path: Path) -> None:
    path = photographed(tmp_path / "a.pdf", [WORDS] * 12)
    source = read_pdf(path, timeout_s=4)
    assert len(source.pages) == 12
    assert any("not read for want of time" in warning for warning in source.warnings), source.warnings
    assert "dredges" in source.text


@needs_tesseract
def test_a_protected_scan_needs_its_password(tmp_path: Path) -> None:
    import pypdf

    writer = pypdf.PdfWriter(clone_from=photographed(tmp_path / "plain.pdf", [WORDS]))
    writer.encrypt("sesame", algorithm="AES-256")
    writer.write(tmp_path / "a.pdf")
    with pytest.raises(DocumentError, match="needs a password"):
        read_source(tmp_path / "a.pdf")
    assert "dredges" in read_source(tmp_path / "a.pdf", password="sesame").text

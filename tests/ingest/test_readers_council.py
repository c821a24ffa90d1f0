"""Real council papers and hostile files, found through LEDBY_PDFS (folders ``council``, ``hostile``)."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
from collections import Counter
from pathlib import Path

import pypdf
import pytest
from reader_files import PDFS, check_spans, page_of, paper, tables
from reportlab.pdfgen.canvas import Canvas

from assistant.service import Assistant
from corpus.catalogue import Catalogue
from corpus.errors import DocumentError
from index.build import ingest
from index.embed import Embedder
from index.generation import open_index
from index.verify import verify
from ingest.read import documents_of
from ingest.readers import read_source
from ingest.source import Source

pytestmark = pytest.mark.skipif(
    "LEDBY_PDFS" not in os.environ, reason="LEDBY_PDFS does not name the folder of real PDF files"
)
COUNCIL = sorted((PDFS / "council").glob("*.pdf")) if "LEDBY_PDFS" in os.environ else []


GOOD = """# Plans of the town

| Plan | Led by |
|---|---|
| Ferry plan | Harbour Board |
| Bus plan | Transport Group |
"""


def headings(source: Source) -> list[str]:
    return [block.span.of(source.text) for block in source.blocks if block.kind == "heading"]


@pytest.mark.parametrize("path", COUNCIL, ids=lambda path: path.stem[:30])
def test_every_paper_goes_in_without_a_warning(path: Path) -> None:
    source = paper(path.name)
    assert source.warnings == ()
    assert len(source.pages) == len(pypdf.PdfReader(path).pages)
    check_spans(source)


@pytest.mark.parametrize("path", COUNCIL, ids=lambda path: path.stem[:30])
def test_every_word_of_every_page_is_on_that_page(path: Path) -> None:
    """pypdf, which reads in another way, finds no word on a page that is not there, but for running lines."""
    source = paper(path.name)
    missing, seen = Counter[str](), 0
    for page, other in zip(source.pages, pypdf.PdfReader(path).pages, strict=True):
        words = Counter(re.findall(r"\w+", other.extract_text()))
        seen += sum(words.values())
        missing += words - Counter(re.findall(r"\w+", _unraised(page.span.of(source.text))))
    kept = {word for word in missing if word.isdigit() or word in _unraised(source.text)}
    assert set(missing) == kept
    assert sum(missing.values()) <= 0.02 * seen


def _unraised(text: str) -> str:
    """With the numbers of footnotes as plain figures, as pypdf gives them."""
    return text.translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789"))


@pytest.mark.parametrize("path", COUNCIL, ids=lambda path: path.stem[:30])
def test_every_character_is_in_a_block(path: Path) -> None:
    source = paper(path.name)
    blocks = "".join(block.span.of(source.text) for block in source.blocks)
    assert "".join(blocks.split()) == "".join(source.text.split())


def test_minutes_are_numbered_headings_in_order() -> None:
    source = paper("printed-minutes")
    numbers = [int(m.group(1)) for text in headings(source) if (m := re.match(r"(\d{3})\. ", text))]
    assert numbers == list(range(292, 292 + len(numbers)))
    assert len(numbers) >= 17
    assert tables(source) == []
    assert page_of(source, "303. Treasury Management").page_no == 10


def test_minutes_keep_a_long_list_of_names_in_one_paragraph() -> None:
    source = paper("printed-minutes")
    block = next(b for b in source.blocks if b.span.of(source.text).startswith("PRESENT:"))
    assert block.kind == "paragraph"
    assert "Mr R J Thomas, Mr D Watkins" in block.span.of(source.text)


def test_the_risk_register_is_a_table_of_eight_columns() -> None:
    source = paper("appendix-j")
    rows = [row for table in tables(source) for row in table if len(row) == 8]
    risk = next(row for row in rows if row[1] == "High Needs Spending")
    assert (risk[0], risk[5], risk[6], risk[7]) == ("CYPE", "4", "", "165.0")
    assert any(row[:2] == ["ASCH / CYPE", "Market Sustainability"] for row in rows)
    assert page_of(source, "Home to School Transport\t").page_no == 3


def test_figures_without_rules_between_them_stand_in_their_columns() -> None:
    rows = tables(paper("appendix-d"))[0]
    pay = next(row for row in rows if "Pay" in row)
    assert pay == ["10,798.4", "505.1", "11,303.5", "Pay", "21,845.7", "626.9", "22,472.6"] + [
        "12,524.5", "0.0", "12,524.5", "11,863.6", "0.0", "11,863.6"]  # fmt: skip


def test_rows_that_only_frames_of_columns_hold_together_are_told_apart() -> None:
    rows = [row for table in tables(paper("appendix-d")) for row in table]
    assert next([c for c in row if c] for row in rows if "Business Rate Top-up Grant" in row) == [
        "147,382.5", "Business Rate Top-up Grant", "149,107.7", "152,869.0", "156,093.0"]  # fmt: skip


def test_the_number_of_a_footnote_is_no_part_of_a_figure() -> None:
    source = paper("qpr")
    assert "17 of the 38¹ indicators" in source.text


def test_rows_of_a_treasury_table_are_told_apart() -> None:
    rows = [row for table in tables(paper("council-report")) for row in table]
    assert ["Short-term investments", "44.4", "12.4", "56.7", "4.96"] in rows
    assert ["Cash and cash equivalents", "128.9", "4.1", "133.0", "4.99"] in rows


def test_performance_tables_and_labels() -> None:
    source = paper("qpr")
    rows = [row for table in tables(source) for row in table]
    assert ["Total Calls (thousands)", "116", "111", "125", "101", "484", "453"] in rows
    assert ["Cabinet Member", "Dylan Jeffrey"] in rows
    assert [page.page_label for page in source.pages[:4]] == [None, "1", "2", "3"]
    assert source.pages[70].page_label == "70"
    assert source.text.count("Appendix 1\n") == 1


def test_performance_headings() -> None:
    found = headings(paper("qpr"))
    for heading in (
        "Executive Summary",
        "Customer Services",
        "Road Safety",
        "Pothole repairs",
        "Adult Social Care",
    ):
        assert heading in found


def test_the_devolution_table_goes_on_from_page_to_page() -> None:
    found = tables(paper("appendix-b"))
    assert len(found) == 6
    assert all(table[0] == ["Detail", "Foundation", "Mayoral", "Established"] for table in found[:5])


def test_recommendations_are_a_list_and_sections_are_headings() -> None:
    source = paper("governance")
    assert [text.split(".")[0] for text in headings(source) if text[0].isdigit()] == [
        str(n) for n in range(1, 9)
    ]


def test_cover_lines_stay_on_their_lines() -> None:
    source = paper("appendix-3")
    texts = [block.span.of(source.text) for block in source.blocks[:5]]
    assert [text.split(":")[0] for text in texts[:4]] == ["From", "To", "Subject", "Decision no"]


def _pack(path: Path) -> Path:
    """A pack as a council prints it: the agenda, then papers of as many pages as it says, numbered throughout."""
    writer = pypdf.PdfWriter()
    for start, count in (
        ("agenda", 1),
        ("printed", 18),
        ("governance", 6),
        ("qpr", 71),
        ("appendix-b", 5),
        ("appendix-1", 4),
    ):
        source = next(one for one in COUNCIL if one.name.startswith(start))
        for page in pypdf.PdfReader(source).pages[:count]:
            number, copy = len(writer.pages), writer.add_page(page)
            if number:
                copy.merge_page(
                    pypdf.PdfReader(_stamp(f"Page {number}", *copy.mediabox.upper_right)).pages[0]
                )
    writer.write(path)
    return path


def _stamp(text: str, width: float, height: float) -> io.BytesIO:
    made = io.BytesIO()
    canvas = Canvas(made, pagesize=(float(width), float(height)))
    canvas.drawCentredString(float(width) / 2, 14, text)
    canvas.save()
    made.seek(0)
    return made


def test_a_pack_of_council_papers_is_split_by_its_agenda_with_the_printed_pages(tmp_path: Path) -> None:
    source = read_source(_pack(tmp_path / "pack.pdf"))
    assert source.warnings == ()
    assert [page.page_label for page in source.pages] == [None, *(f"Page {n}" for n in range(1, 105))]
    papers = documents_of(source, Catalogue())
    assert [(d.pages[0].page_label, d.pages[-1].page_label) for d in papers[1:]] == [
        ("Page 1", "Page 18"), ("Page 19", "Page 24"), ("Page 25", "Page 100"), ("Page 101", "Page 104")]  # fmt: skip
    assert [d.status for d in papers] == ["report", "minutes", "report", "report", "report"]
    assert papers[2].title == "Governance Update" and papers[2].date == "2025-03-13"


def test_hostile_files_end_in_a_result_or_one_line_and_a_good_one_is_answered_from(
    tmp_path: Path, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All of them and a paper beside them go through an ingest; then the paper answers a question."""
    monkeypatch.setenv("LEDBY_FILE_SECONDS", "60")
    monkeypatch.setenv("LEDBY_FILE_MEGABYTES", "1024")
    folder = tmp_path / "papers"
    shutil.copytree(PDFS / "hostile", folder, ignore=shutil.ignore_patterns("*.jsonl"))
    (folder / "good.md").write_text(GOOD, encoding="utf-8")
    summary = ingest([folder], tmp_path / "index", embedder=embedder)
    read = {line.file: line for line in summary.lines}
    for path in sorted(folder.glob("*.pdf")):
        told = [warning for warning in summary.warnings if warning.startswith(f"{path.name}: ")]
        assert len(told) == (path.name not in read), (path.name, told)
        assert all("\n" not in line for line in told)
        if path.name in read and not read[path.name].passages:
            assert read[path.name].warnings, path.name
    assert verify(tmp_path / "index").whole
    answer = Assistant(open_index(tmp_path / "index", embedder)).ask("Who leads the Ferry plan?")
    assert "Harbour Board" in answer.text and [c.file for c in answer.citations] == ["good.md"]


def test_hostile_files_with_a_password_open_with_it() -> None:
    for line in (PDFS / "hostile" / "manifest.jsonl").read_text().splitlines():
        entry = json.loads(line)
        path = PDFS / "hostile" / entry["file"]
        if entry["password"] is not None:
            assert read_source(path, password=entry["password"]).text.strip()
            with pytest.raises(DocumentError, match=r"is encrypted and needs a password\.$"):
                read_source(path)
        elif entry["category"] == "encrypted_openable":
            assert read_source(path).pages
        elif entry["category"] == "scan":
            told = read_source(path).warnings[0]
            assert "without text, scanned or drawn" in told or "read from pictures with Tesseract" in told

"""Word and HTML: structure in document order, what is never text, archives and pages that mean harm."""

from __future__ import annotations

import zipfile
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from reader_files import check_spans, kinds, tables, word_file

from corpus.errors import DocumentError
from ingest.readers.html import read_html
from ingest.readers.word import read_word


def test_word_structure(tmp_path: Path) -> None:
    source = read_word(word_file(tmp_path / "a.docx"))
    assert kinds(source) == [
        ("heading", "Plan for the coming year"),
        ("heading", "Aims"),
        ("paragraph", "The aims are set out here."),
        ("item", "1. First aim"),
        ("item", "2. Second aim"),
        ("item", "• A point"),
        ("table", ""),
        ("heading", "A title in bold"),
    ]
    assert tables(source) == [
        [["Plan", "Led by", "Date"], ["Housing plan", "Districts", "2025"], ["Housing plan", "Kent", ""]]
    ]
    assert source.text.count("Housing plan") == 1  # the cell reaches over two rows, its words stand in one
    assert source.meta["title"] == "Plan for the coming year"
    assert not source.has_lines
    check_spans(source)


def test_word_reads_insertions_and_boxes_but_no_deletions(tmp_path: Path) -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("Kept. ")
    for tag, text in (
        ("ins", "<w:r><w:t>Put in.</w:t></w:r>"),
        ("del", "<w:r><w:delText>Struck.</w:delText></w:r>"),
    ):
        paragraph._p.append(parse_xml(f'<w:{tag} {nsdecls("w")} w:id="1" w:author="x">{text}</w:{tag}>'))
    inner = "<w:sdtContent><w:p><w:r><w:t>In a control.</w:t></w:r></w:p></w:sdtContent>"
    control = f"<w:sdt {nsdecls('w')}>{inner}</w:sdt>"
    document.element.body.insert(1, parse_xml(control))
    document.save(str(tmp_path / "a.docx"))
    assert read_word(tmp_path / "a.docx").text.split("\n\n")[:2] == ["Kept. Put in.", "In a control."]


def test_a_word_table_of_one_column_is_text(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_table(1, 1).cell(0, 0).text = "Words in a box."
    document.save(str(tmp_path / "a.docx"))
    assert kinds(read_word(tmp_path / "a.docx")) == [("paragraph", "Words in a box.")]


def test_a_word_table_within_a_cell_stays_in_the_cell(tmp_path: Path) -> None:
    document = docx.Document()
    table = document.add_table(1, 2)
    table.cell(0, 0).text = "Staff"
    inner = table.cell(0, 1).add_table(1, 2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "Nurse", "1.5"
    document.save(str(tmp_path / "a.docx"))
    assert tables(read_word(tmp_path / "a.docx")) == [[["Staff", "Nurse 1.5"]]]


def test_a_word_file_that_unpacks_without_end_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.docx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * 120_000_000)
    with pytest.raises(
        DocumentError, match=r"^a\.docx: unpacks to 120 MB of text, which no document needs\.$"
    ):
        read_word(tmp_path / "a.docx")


PAGE = """<!DOCTYPE html><html><head><title>Plan for the county | Council</title>
<style>p {colour: red}</style><script>alert("never text")</script>
<meta name="dcterms.issued" content="2024-06-12T09:00"></head><body><nav>Menu</nav>
<h1>Plan for the county</h1><p>Some <b>bold</b> words<br>and a new line &amp; more</p>
<ul><li>One<ul><li>Within one</li></ul></li><li><p>Two</p></li></ul>
<table><caption>Who leads</caption><tr><th>Plan</th><th colspan="2">Led by</th></tr>
<tr><td rowspan="2">Homes</td><td>Kent</td><td>Medway</td></tr><tr><td>Dover</td><td>Swale</td></tr></table>
<p style="display: none">hidden words</p><div hidden>more hidden</div><!-- a comment --><h2>Next</h2>tail
<script>alert(1)</script></body></html>"""


def test_html_structure() -> None:
    source = read_html(PAGE.encode(), "a.html")
    assert kinds(source) == [
        ("heading", "Plan for the county"),
        ("paragraph", "Some bold words\nand a new line & more"),
        ("item", "One"),
        ("item", "Within one"),
        ("item", "Two"),
        ("paragraph", "Who leads"),
        ("table", ""),
        ("heading", "Next"),
        ("paragraph", "tail"),
    ]
    assert tables(source) == [
        [["Plan", "Led by", ""], ["Homes", "Kent", "Medway"], ["Homes", "Dover", "Swale"]]
    ]
    assert source.meta == {"title": "Plan for the county", "date": "2024-06-12"}
    check_spans(source)


@pytest.mark.parametrize("words", ["never text", "alert", "colour", "Menu", "hidden", "comment"])
def test_html_that_is_not_shown_is_not_text(words: str) -> None:
    assert words not in read_html(PAGE.encode(), "a.html").text


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
def test_html_encodings(encoding: str) -> None:
    page = f'<html><head><meta charset="{encoding}"></head><body><p>Café – £5</p></body></html>'
    assert read_html(page.encode(encoding), "a.html").text.strip() == "Café – £5"


def test_html_nested_without_end() -> None:
    page = "<html><body>" + "<div>" * 50_000 + "deep words" + "</div>" * 50_000
    assert "deep words" in read_html(page.encode(), "a.html").text


def test_html_without_text_is_refused() -> None:
    with pytest.raises(DocumentError, match=r"^a\.html: holds no text\.$"):
        read_html(b"<html><script>x</script></html>", "a.html")

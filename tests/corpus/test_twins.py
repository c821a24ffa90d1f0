"""The June 2024 plan as Markdown and as PDF: one says what the other says, and only one is indexed."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import pdfplumber
import pypdf
import pypdfium2
import pytest
from register_rows import PLAN, bare, differences, documents, entries, other_records, rows, told

from corpus import make_pdf
from corpus.catalogue import Catalogue, Entry, read_catalogue
from corpus.check_facts import DOCUMENTS
from corpus.errors import CatalogueError, UsageError
from corpus.model import Document, Register
from corpus.text import plain
from ingest.register import build_register

MARKDOWN, PDF = DOCUMENTS / f"{PLAN}.md", DOCUMENTS / f"{PLAN}.pdf"


@pytest.fixture(scope="module")
def twins() -> tuple[Document, Document]:
    markdown, pdf = documents(MARKDOWN, PDF)
    return markdown, pdf


@pytest.fixture(scope="module")
def registers(twins: tuple[Document, Document]) -> tuple[Register, Register]:
    return build_register(twins[:1]), build_register(twins[1:])


# --- the PDF ---


def test_the_pdf_in_the_repository_is_the_one_the_script_makes(tmp_path: Path) -> None:
    make_pdf.make_pdf(MARKDOWN, tmp_path / "made.pdf")
    assert (tmp_path / "made.pdf").read_bytes() == PDF.read_bytes(), "run python -m corpus.make_pdf"


def test_labels_outline_and_what_the_file_says_of_itself() -> None:
    reader = pypdf.PdfReader(PDF)
    assert reader.page_labels[:4] == ["i", "ii", "Page 1", "Page 2"]
    assert reader.page_labels[-1] == f"Page {len(reader.pages) - 2}"
    top = [item.title for item in reader.outline if not isinstance(item, list)]
    assert top == [line[2:] for line in MARKDOWN.read_text("utf-8").splitlines() if line.startswith("# ")]
    info = reader.metadata
    assert info is not None
    assert info.title == "Kent and Medway Integrated Care Strategy: Shared Delivery Plan 2024-2026"
    assert info.author and info.author.startswith("Kent and Medway Integrated Care System")
    assert info["/CreationDate"].startswith("D:20240612")
    assert "date: 2024-06-12" in info["/Keywords"]


def test_tables_go_on_over_pages_with_their_header_repeated() -> None:
    running = "Shared Delivery Plan, June 2024 - reading edition"
    headers = ("Strategies / plans in place to deliver", "Ways we may deliver this")
    with pdfplumber.open(PDF) as pdf:
        tops = [page.extract_text_lines()[:2] for page in pdf.pages[2:]]
    assert all(lines[0]["text"] == running for lines in tops)
    assert sum(lines[1]["text"].startswith(headers) for lines in tops) >= 5


def test_markdown_that_has_no_place_in_the_pdf_is_refused(tmp_path: Path) -> None:
    head = "---\ntitle: T\nedition: reading edition\nsource: a.txt lines 1-2\n---\nA reading edition.\n\n"
    (tmp_path / "a.md").write_text(head + "# Part\n\n> quoted\n", encoding="utf-8")
    with pytest.raises(UsageError, match="line 10: blockquote_open"):
        make_pdf.make_pdf(tmp_path / "a.md", tmp_path / "a.pdf")


# --- what is read from it ---


def test_both_twins_are_known_alike(twins: tuple[Document, Document]) -> None:
    told_by = [
        {key: getattr(document, key) for key in ("id", "title", "short_title", "publisher", "date", "status")}
        | {"family": document.family, "supersedes": document.supersedes}
        for document in twins
    ]
    assert told_by[0] == told_by[1]


def test_pages_are_numbered_and_labelled(twins: tuple[Document, Document]) -> None:
    pages = twins[1].pages
    assert [(p.page_no, p.page_label) for p in pages[:3]] == [(1, "i"), (2, "ii"), (3, "Page 1")]
    assert [p.page_no for p in pages] == list(range(1, len(pages) + 1))
    assert twins[1].warnings == ()


def test_headings_are_headings_in_both(twins: tuple[Document, Document]) -> None:
    """Very long headings, and those that end like a sentence, may be taken for paragraphs."""
    markdown, pdf = (
        [plain(b.span.of(d.text)).lstrip("# ") for b in d.blocks if b.kind == "heading"] for d in twins
    )
    found = list(map(bare, pdf))
    assert set(found) - set(map(bare, markdown)) == {bare("Contents"), bare(twins[1].title)}
    lost = [heading for heading in markdown if bare(heading) not in found]
    assert [heading for heading in lost if len(heading.split()) <= 12] == []
    assert len(lost) <= 4
    paragraphs = {bare(b.span.of(twins[1].text)) for b in twins[1].blocks if b.kind == "paragraph"}
    assert {bare(heading) for heading in lost} <= paragraphs


def test_the_register_of_the_pdf_is_that_of_the_markdown(registers: tuple[Register, Register]) -> None:
    markdown, pdf = map(rows, registers)
    assert len(markdown) > 400
    found = list(differences(markdown, pdf))
    assert not found, told(found)


@pytest.mark.parametrize("kind", ["priorities", "milestones", "short forms"])
def test_other_records_are_the_same(kind: str, registers: tuple[Register, Register]) -> None:
    markdown, pdf = (other_records(register)[kind] for register in registers)
    assert pdf - markdown == set()
    assert markdown - pdf == set()


def test_indicators_are_the_same(registers: tuple[Register, Register]) -> None:
    def figures(register: Register) -> list[tuple[str | None, str, str, str, str | None]]:
        return [
            (i.outcome, bare(i.text), bare(i.baseline.found if i.baseline else ""),
             bare(i.target.found if i.target else ""), i.by)
            for i in register.indicators
        ]  # fmt: skip

    assert figures(registers[1]) == figures(registers[0])


def test_every_row_stands_on_the_page_it_is_cited_with(registers: tuple[Register, Register]) -> None:
    pdf = pypdfium2.PdfDocument(PDF)
    printed = [bare(page.get_textpage().get_text_range()) for page in pdf]
    for entry in entries(registers[1]):
        assert entry.page_no is not None, entry
        assert bare(entry.plan_found) in printed[entry.page_no - 1], (entry.page_no, asdict(entry))
        assert bare(entry.leads_found) in printed[entry.page_no - 1], (entry.page_no, asdict(entry))


# --- which of them is indexed ---


def test_of_the_twins_in_the_bundled_corpus_the_pdf_is_indexed() -> None:
    files = {path.name for path in DOCUMENTS.iterdir()}
    assert read_catalogue().left_out(files) == {MARKDOWN.name}


def test_a_twin_that_is_not_there_leaves_nothing_out() -> None:
    catalogue = Catalogue({"a.md": Entry("a.md", twin="a.pdf")})
    assert catalogue.left_out({"a.md", "b.pdf"}) == frozenset()
    assert catalogue.left_out({"a.md", "a.pdf"}) == {"a.md"}


@pytest.mark.parametrize("twin", ['""', "7", '"a.md"'])
def test_a_twin_must_be_another_file(twin: str, tmp_path: Path) -> None:
    (tmp_path / "catalogue.toml").write_text(
        f'[[document]]\nfile = "a.md"\ntwin = {twin}\n', encoding="utf-8"
    )
    with pytest.raises(CatalogueError, match="line 3: twin must be the name of another file"):
        read_catalogue(tmp_path / "catalogue.toml")

"""What a file is, where no catalogue says: title, date and status, and what marks them as guessed."""

from __future__ import annotations

from pathlib import Path

import pypdf
import pytest
from reader_files import pages_pdf, word_file

from corpus.catalogue import Catalogue, Entry
from corpus.model import Document
from ingest.metadata import find_date, infer_status
from ingest.read import documents_of
from ingest.readers import read_source


def document(path: Path, catalogue: Catalogue | None = None) -> Document:
    (made,) = documents_of(read_source(path), catalogue or Catalogue())
    return made


def text(tmp_path: Path, body: str) -> Document:
    (tmp_path / "paper.md").write_text(body, encoding="utf-8")
    return document(tmp_path / "paper.md")


@pytest.mark.parametrize(
    ("words", "date"),
    [
        ("on 4 March 2025 and 5 May 2026", "2025-03-04"),
        ("the 12<sup>th</sup> June, 2024", "2024-06-12"),
        ("Tuesday, 4th March, 2025", "2025-03-04"),
        ("in June 2024", "2024-06"),
        ("dated 2024-06-12 or 1 May 2020", "2024-06-12"),
        ("from 03/04/2024", "2024-04-03"),
        ("on 45 March 2025", "2025-03"),
        ("from 31/31/2024", None),
        ("in May", None),
    ],
)
def test_dates(words: str, date: str | None) -> None:
    assert find_date(words) == date


@pytest.mark.parametrize(
    ("title", "head", "status"),
    [
        ("Harbour plan", "", "final"),
        ("Harbour plan (draft)", "", "draft"),
        ("Harbour plan", "DRAFT for consultation", "draft"),
        ("Harbour plan", "x" * 400 + " a draft of another paper", "final"),
        ("Harbour Board", "MINUTES of a meeting", "minutes"),
        ("Agenda: Harbour Board", "Minutes of the last meeting", "report"),
    ],
)
def test_status(title: str, head: str, status: str) -> None:
    assert infer_status(title, head) == status


@pytest.mark.parametrize(
    ("body", "title"),
    [
        ("# Harbour plan\n\n## Aims\n\nWords.\n", "Harbour plan"),
        ("# Agenda\n\n## Harbour committee\n\nWords.\n", "Agenda: Harbour committee"),
        ("Tel: 01234 567890 a@b.org\n\nDear Member\n\n# Plan of the harbour\n\nWords.\n", "Plan of the harbour"),
        ("MINUTES of a meeting of the Board held in the Hall.\n\n# 1. Apologies\n", "MINUTES of a meeting of the Board"),
        ("12 34 56\n", "paper"),
    ],
)  # fmt: skip
def test_titles(tmp_path: Path, body: str, title: str) -> None:
    made = text(tmp_path, body)
    assert made.title == title
    assert {"title", "status"} <= made.inferred


@pytest.mark.parametrize(
    ("body", "date"),
    [
        ("# Harbour plan\n\nThe pier burnt in May 1950.\n\n3 June 2024\n", "2024-06-03"),
        ("# Plan of July 2023\n\nDate: 3 June 2024\n", "2023-07"),
        ("# Harbour plan\n\n1. Minutes of the meeting held on 1 May 2024\n\nTuesday, 4 June 2024 at 10 am\n", "2024-06-04"),
        ("# Harbour plan\n\nThe pier burnt in May 1950 and again, as many of us here remember well, later.\n", "1950-05"),
        ("# Harbour plan\n\nNo day is named.\n", None),
    ],
)  # fmt: skip
def test_dates_of_documents(tmp_path: Path, body: str, date: str | None) -> None:
    made = text(tmp_path, body)
    assert made.date == date
    assert ("date" in made.inferred) == (date is not None)


@pytest.mark.parametrize(
    ("created", "modified", "date"),
    [
        ("D:20240612", "D:20240620", "2024-06-12"),
        ("D:20040805", "D:20250224", "2025-02-24"),
        ("D:20240612", None, "2024-06-12"),
    ],
)
def test_a_pdf_dates_itself_where_its_text_does_not(
    tmp_path: Path, created: str, modified: str | None, date: str
) -> None:
    plain = pages_pdf(tmp_path / "plain.pdf", [["Plan of the harbour", "", "It says nothing of the day."]])
    writer = pypdf.PdfWriter(clone_from=plain)
    writer.add_metadata({"/Author": "A Person", "/CreationDate": created, "/ModDate": modified or ""})
    writer.write(tmp_path / "a.pdf")
    made = document(tmp_path / "a.pdf")
    assert (made.date, made.author) == (date, "A Person")
    assert {"author", "date", "title", "status"} == made.inferred


def test_word_metadata_is_inferred(tmp_path: Path) -> None:
    made = document(word_file(tmp_path / "a.docx"))
    assert made.title == "Plan for the coming year" and "title" in made.inferred


def test_front_matter_is_told_and_not_inferred(tmp_path: Path) -> None:
    made = text(tmp_path, "---\ntitle: A plan\ndate: 2024-06-12\nstatus: draft\n---\n# Other words\n")
    assert (made.title, made.date, made.status, made.inferred) == (
        "A plan",
        "2024-06-12",
        "draft",
        frozenset(),
    )


def test_the_catalogue_wins_over_what_the_file_says(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(
        "---\ntitle: A plan\nauthor: B\n---\n# Words\n\nJune 2020\n", encoding="utf-8"
    )
    catalogue = Catalogue({"a.md": Entry("a.md", {"id": "x", "title": "The plan", "status": "report"})})
    made = document(tmp_path / "a.md", catalogue)
    assert (made.id, made.title, made.author, made.status, made.date) == (
        "x",
        "The plan",
        "B",
        "report",
        "2020-06",
    )
    assert made.inferred == {"date"}

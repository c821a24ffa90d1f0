"""Packs: split by agenda, by cover lines and by the catalogue, each paper with what is known of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from reader_files import pages_pdf
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate, Table, TableStyle

from corpus.catalogue import Catalogue, Entry, Paper
from corpus.model import Document
from ingest.read import documents_of
from ingest.readers import read_source
from ingest.readers.pdf import read_pdf

AGENDA = [
    "AGENDA",
    "",
    "HARBOUR COMMITTEE",
    "",
    "Tuesday, 4th March, 2025, at 10.00 am",
    "",
    "1. Apologies",
    "",
    "2. Minutes of the meeting held on 30 January 2025 (Pages 1 - 2)",
    "",
    "3. Dredging of the inner harbour and what it costs the town in the",
    "coming years (Pages 3 - 5)",
    "",
    "4. Draft lighthouse plan (Page 6)",
    "",
    "5. Ferry timetable - verbal update",
]
MINUTES = ["BORSET COUNCIL", "", "MINUTES of a meeting of the Harbour Committee held in the Hall on"]
MINUTES += ["Thursday, 30 January 2025.", "", "PRESENT: Mr A Keel (Chairman) and Ms B Mast"]
COVER = [
    "From: Ann Keel, Cabinet Member for Harbours",
    "",
    "To: Harbour Committee, 4 March 2025",
    "",
    "Subject: Dredging of the inner harbour and its costs",
    "",
    "Classification: Unrestricted",
    "",
    "The mud of the inner harbour was last moved in June 1999.",
]
PAPERS = [MINUTES, ["The minutes go on."], COVER, ["More about mud."], ["Appendix A", "", "Tables of mud."]]
PAPERS += [["Draft lighthouse plan", "", "The lamp is lit at dusk."]]


def documents(path: Path, catalogue: Catalogue | None = None) -> tuple[Document, ...]:
    return documents_of(read_source(path), catalogue or Catalogue())


def page_range(document: Document) -> tuple[int | None, int | None]:
    return document.pages[0].page_no, document.pages[-1].page_no


def pack_pdf(path: Path, *, labels: bool) -> Path:
    """An agenda of one page and six pages of papers, which say "Page 1" to "Page 6" or nothing."""
    pages_pdf(path, [AGENDA, *PAPERS])
    if labels:
        pages = [
            AGENDA,
            *([*page, *[""] * (50 - len(page)), f"Page {n}"] for n, page in enumerate(PAPERS, 1)),
        ]
        pages_pdf(path, pages)
    return path


@pytest.mark.parametrize("labels", [True, False], ids=["printed numbers", "no numbers"])
def test_a_pack_is_split_by_its_agenda(tmp_path: Path, labels: bool) -> None:
    front, minutes, mud, lamp = documents(pack_pdf(tmp_path / "pack.pdf", labels=labels))
    assert [page_range(d) for d in (front, minutes, mud, lamp)] == [(1, 1), (2, 3), (4, 6), (7, 7)]
    assert {d.pack for d in (front, minutes, mud, lamp)} == {"pack"} and front.id == "pack"
    assert (front.title, front.date, front.status) == ("AGENDA: HARBOUR COMMITTEE", "2025-03-04", "report")
    assert (minutes.date, minutes.status) == ("2025-01-30", "minutes")
    assert mud.title == "Dredging of the inner harbour and its costs"
    assert (mud.author, mud.date, mud.status) == (
        "Ann Keel, Cabinet Member for Harbours",
        "2025-03-04",
        "report",
    )
    assert (lamp.title, lamp.date, lamp.status) == ("Draft lighthouse plan", "2025-03-04", "draft")
    assert lamp.pages[0].page_label == ("Page 6" if labels else None)
    assert "Tables of mud" in mud.text and "lamp" not in mud.text
    assert mud.id == "pack-dredging-of-the-inner-harbour-and-its-costs"


def test_what_the_papers_say_of_themselves_is_marked_as_inferred(tmp_path: Path) -> None:
    for document in documents(pack_pdf(tmp_path / "pack.pdf", labels=True)):
        assert {"title", "date", "status"} <= document.inferred


def test_every_word_of_a_pack_is_in_one_paper(tmp_path: Path) -> None:
    source = read_pdf(pack_pdf(tmp_path / "pack.pdf", labels=True))
    assert "".join(d.text for d in documents_of(source, Catalogue())) == source.text


def test_an_agenda_without_its_papers_is_one_document(tmp_path: Path) -> None:
    (document,) = documents(pages_pdf(tmp_path / "front.pdf", [AGENDA]))
    assert (document.pack, document.status, document.date) == (None, "report", "2025-03-04")


def test_a_contents_page_does_not_split_a_report(tmp_path: Path) -> None:
    contents = ["Annual report", "", "Contents", "", "1. Ships (Page 2)", "2. Mud (Page 3)"]
    pages = [contents, ["1. Ships", "", "Words about ships."], ["2. Mud", "", "Words about mud."]]
    assert len(documents(pages_pdf(tmp_path / "report.pdf", pages))) == 1


def board_pdf(path: Path, items: Sequence[Sequence[str]], pages: Sequence[str]) -> Path:
    """A pack whose agenda is a ruled table; each paper is one page with a heading."""
    styles = getSampleStyleSheet()
    table = Table([[Paragraph(cell, styles["BodyText"]) for cell in row] for row in items])
    table.setStyle(TableStyle([("GRID", (0, 0), (-1, -1), 0.5, colors.black)]))
    story: list[object] = [Paragraph("Agenda for the board in public", styles["Heading1"]), table]
    for page in pages:
        story += [PageBreak(), Paragraph(page, styles["Heading1"])]
        story += [Paragraph("The board is asked to note what is told here.", styles["BodyText"])]
    SimpleDocTemplate(str(path), pagesize=A4).build(story)
    return path


def test_an_agenda_in_a_table_tells_who_brings_a_paper(tmp_path: Path) -> None:
    items = [
        ["No", "Item", "Lead", "Page"],
        ["1", "Welcome and apologies", "Chair", "-"],
        ["2", "Quality report for the autumn", "A Nurse", "2"],
        ["3", "Finance report, month eight", "B Purse", "3 - 4"],
    ]
    path = board_pdf(
        tmp_path / "a.pdf", items, ["Quality report for the autumn", "Finance report, month eight"]
    )
    front, quality, finance = documents(path)
    assert (quality.author, quality.title, page_range(quality)) == (
        "A Nurse",
        "Quality report for the autumn",
        (2, 2),
    )
    assert (finance.author, page_range(finance)) == ("B Purse", (3, 3))
    assert page_range(front) == (1, 1)


TEXT = """# Agenda

1. Boat census (Pages 1 - 4)
2. Mud report (Pages 5 - 9)

# Boat census

There are 41 boats.

# Mud report

It is deep.
"""


def test_an_agenda_in_text_is_followed_by_titles_with_the_right_lines(tmp_path: Path) -> None:
    (tmp_path / "pack.md").write_text(TEXT, encoding="utf-8")
    front, boats, mud = documents(tmp_path / "pack.md")
    assert (boats.title, mud.title) == ("Boat census", "Mud report")
    assert (front.first_line, boats.first_line, mud.first_line) == (1, 6, 10)


def test_pages_named_in_a_paper_are_no_items(tmp_path: Path) -> None:
    more = "Much is said about boats here, and more again. " * 80
    body = TEXT.replace(
        "There are 41 boats.", f"{more}\n\nSee also the census of the lakes (Pages 40 - 41)\n"
    )
    (tmp_path / "pack.md").write_text(body, encoding="utf-8")
    assert [d.title for d in documents(tmp_path / "pack.md")][1:] == ["Boat census", "Mud report"]


COVERS = """From: A Mast

To: Council, 1 May 2024

Subject: Masts

Words about masts.

From: B Keel, Member for
Keels

To: Council, 1 May 2024

Subject: Keels and what
goes with them

Words about keels.
"""


def test_covers_alone_split_a_pack(tmp_path: Path) -> None:
    (tmp_path / "covers.txt").write_text(COVERS, encoding="utf-8")
    masts, keels = documents(tmp_path / "covers.txt")
    assert (masts.author, keels.author) == ("A Mast", "B Keel, Member for Keels")
    assert keels.title == "Keels and what goes with them"
    assert masts.pack == keels.pack == "covers"


def test_the_cover_of_a_single_report_names_it(tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text(f"Borset Council\n\n{COVERS.split('From: B')[0]}", encoding="utf-8")
    (document,) = documents(tmp_path / "one.txt")
    assert (document.title, document.author, document.date) == ("Masts", "A Mast", "2024-05-01")
    assert document.pack is None and {"title", "author", "date", "status"} == document.inferred


def test_letters_and_emails_in_a_report_are_no_papers(tmp_path: Path) -> None:
    email = "From: C Oar\nSent: 3 May 2024\nTo: D Oar\nSubject: Oars\n\nWhere are they?\n\n"
    (tmp_path / "report.txt").write_text(
        "Report on oars\n\nOars were lost.\n\n" + 2 * email, encoding="utf-8"
    )
    assert len(documents(tmp_path / "report.txt")) == 1


def test_a_cover_in_the_middle_of_a_page_is_no_paper(tmp_path: Path) -> None:
    filler = [f"Line {n} of the text about the harbour and its many boats." for n in range(20)]
    path = pages_pdf(tmp_path / "a.pdf", [filler, [*filler, *COVER]])
    assert len(documents(path)) == 1


def entry(*papers: Paper) -> Catalogue:
    meta = {"id": "may-pack", "title": "Pack of May", "date": "2024-05-01", "publisher": "Borset"}
    return Catalogue({"covers.txt": Entry("covers.txt", meta, papers)})


def test_the_catalogue_tells_papers_and_nothing_of_it_is_inferred(tmp_path: Path) -> None:
    (tmp_path / "covers.txt").write_text("Front of the pack\n\n" + COVERS, encoding="utf-8")
    papers = (
        Paper("From: A Mast", {"id": "masts", "title": "On masts", "status": "final"}),
        Paper("From: B Keel", {"id": "keels", "title": "On keels", "date": "2024-04-30"}),
    )
    front, masts, keels = documents(tmp_path / "covers.txt", entry(*papers))
    assert (front.id, masts.id, keels.id, keels.pack) == ("may-pack", "masts", "keels", "may-pack")
    assert (masts.date, keels.date, keels.publisher) == ("2024-05-01", "2024-04-30", "Borset")
    assert masts.inferred == frozenset() and keels.inferred == {"status"}


def test_a_paper_that_the_pack_does_not_hold_is_a_warning(tmp_path: Path) -> None:
    (tmp_path / "covers.txt").write_text(COVERS, encoding="utf-8")
    papers = (Paper("From: A Mast", {"id": "masts"}), Paper("From: Z Rudder", {"id": "rudders"}))
    (document,) = documents(tmp_path / "covers.txt", entry(*papers))
    assert document.pack is None or document.pack == "may-pack"
    assert document.warnings == (
        "covers.txt: the catalogue's paper 'rudders' is not in it: no line there begins with 'From: Z Rudder'.",
    )


def test_a_pack_can_be_addressed_whole(tmp_path: Path) -> None:
    from index.query import RegisterQuery
    from ingest.register import build_register

    made = documents(pack_pdf(tmp_path / "pack.pdf", labels=True))
    query = RegisterQuery(build_register(made), {d.id: d for d in made})
    assert query.papers_of("pack") == {d.id for d in made}
    assert query.papers_of(made[2].id) == {made[2].id}
    assert query.papers_of("other") == frozenset()


_UNPAGED = [
    "AGENDA",
    "",
    "HARBOUR CABINET, 4 March 2025 at 10.00 am",
    "",
    "1. Apologies",
    "2. Minutes of the last meeting",
]
_UNPAGED += ["3. Ferry Strategy 2025-30", "4. Review of mooring charges", "5. Any other business"]
_MET = [
    "MINUTES of a meeting held on 4 February 2025",
    "",
    "3. Review of mooring charges",
    "",
    "The charges stayed.",
]


def test_an_agenda_without_page_numbers_is_followed_by_the_titles_that_begin_pages(tmp_path: Path) -> None:
    papers = [_MET, ["4. Review of mooring charges", "", "Nothing was said of them."]]
    papers += [["Ferry Strategy 2025-30", "", "Ferries sail."], ["They sail back."]]
    papers += [["Review of mooring charges", "", "A mooring costs ten pounds."]]
    found = documents(pages_pdf(tmp_path / "pack.pdf", [_UNPAGED, *papers]))
    assert [(d.title, page_range(d), d.status) for d in found[1:]] == [
        ("MINUTES of a meeting", (2, 3), "minutes"),
        ("Ferry Strategy 2025-30", (4, 5), "report"),
        ("Review of mooring charges", (6, 6), "report"),
    ]


def test_titles_within_pages_split_nothing(tmp_path: Path) -> None:
    words = [line for n in range(1, 5) for line in (f"{n}.1 Harbour matter {n} is told of here.", "")]
    title = ["Review of mooring charges", "", "One title alone is no pack."]
    pages = [_UNPAGED, [*words, "Ferry Strategy 2025-30", "", "and its ferries."], title]
    assert len(documents(pages_pdf(tmp_path / "a.pdf", pages))) == 1

"""The parts of the application that need no browser."""

from __future__ import annotations

import html
import io
import re

import openpyxl
import pypdfium2 as pdfium
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.web.changes import marked
from assistant.web.conversation import kept, messages, pieces
from assistant.web.desk import Desk
from assistant.web.examples import Examples
from assistant.web.export import markdown
from assistant.web.limits import Bucket
from assistant.web.pageimage import boxes_of, source_file
from assistant.web.sheets import excel
from assistant.web.source import Wanted, excerpt, fragment
from assistant.web.text import answer_html, british, esc
from corpus.model import Block, Document, Span

CITED = {1: {"document": "d", "span": [0, 5], "quote": "words", "title": 'A "title" <b>'}}


@pytest.mark.parametrize(
    ("iso", "said"),
    [
        ("2024-06-12", "12 June 2024"),
        ("2024-06", "June 2024"),
        ("2024", "2024"),
        ("2024-06-01", "1 June 2024"),
        (None, "Date not known"),
        ("2024-13-40", "2024-13-40"),
        ("spring", "spring"),
    ],
)
def test_british_dates(iso: str | None, said: str) -> None:
    """Whole dates, months and years; what is no date is left as it is."""
    assert british(iso) == said


def test_an_answer_as_html() -> None:
    """Bold, lists and numbers become HTML, and everything else is text."""
    made = answer_html("**Warm <i>homes</i>** has two:\n- one [1]\n- two [2]", CITED)
    assert made.startswith(
        '<p><strong>Warm &lt;i&gt;homes&lt;/i&gt;</strong> has two:</p><ul><li>one <a class="cite"'
    )
    assert "&quot;title&quot; &lt;b&gt;" in made
    assert "<li>two [2]</li>" in made  # a number without a citation is no link
    assert "\n" not in made


@given(st.text(max_size=60))
def test_no_text_becomes_a_tag(text: str) -> None:
    """Whatever an answer holds, only the tags that are put there are there."""
    made = answer_html(text, {})
    for tag in ("<p>", "</p>", "<ul>", "</ul>", "<li>", "</li>", "<strong>", "</strong>"):
        made = made.replace(tag, "")
    assert "<" not in made
    assert ">" not in made


@given(
    st.recursive(
        st.none() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "question",
                        "answer",
                        "citations",
                        "n",
                        "span",
                        "quote",
                        "document",
                        "title",
                        "standalone",
                        "notes",
                    ]
                ),
                inner,
            )
        ),
        max_leaves=20,
    )
)
def test_whatever_comes_back_from_the_browser_can_be_shown(turns: object) -> None:
    """What is not a turn is left out; what is left can be shown and saved."""
    sound = kept(turns)
    assert len(messages(sound)) == 2 * len(sound)
    markdown(sound)


@given(st.text(max_size=400), st.integers(1, 20))
def test_an_answer_grows_to_the_whole(text: str, steps: int) -> None:
    """Every piece begins the answer, each longer than the one before, the last is all of it."""
    grown = pieces(text, steps)
    assert grown[-1] == text
    assert len(grown) <= steps + 1
    assert all(text.startswith(part) for part in grown)
    assert [len(part) for part in grown] == sorted(len(part) for part in grown)


def test_an_excerpt_marks_the_quote_and_nothing_else() -> None:
    """Inside a table row of either kind, with marks and tags of the source taken away."""
    text = "# Head <b>\n\n| Plan | Led by |\n|---|---|\n| **Bus** plan | <ul><li>A &amp; B</li></ul> |\n\nNo <script> here."
    row = text.index("| **Bus**")
    document = Document(
        id="d", file="d.md", title="D", text=text,
        blocks=(
            Block("heading", Span(0, 10), 1),
            Block("table", Span(12, text.index("\n\nNo"))),
            Block("paragraph", Span(text.index("No "), len(text))),
        ),
    )  # fmt: skip
    made = excerpt(document, Span(0, len(text)), Span(row, text.index(" |\n\nNo") + 2))
    assert '<p class="read-heading">Head</p>' in made
    assert "<tr><td> Plan </td><td> Led by </td></tr>" in made
    assert "---" not in made
    assert made.count("<mark>") == 2
    assert "<mark> Bus plan </mark>" in made
    assert "A &amp; B" in made
    assert "No &lt;script&gt; here." in made


def test_a_source_is_shown_with_the_quote_at_every_citation(desk: Desk) -> None:
    """For every citation of several answers, the marked words of its source are those of the quote."""
    for question in (
        "who leads reducing loneliness?",
        "what does Harbour University lead?",
        "who leads warm homes in the draft?",
    ):
        for one in desk.ask(question).citations:
            made = fragment(desk, Wanted(one.document, one.span, n=one.n))
            words = " ".join(re.findall(r"<mark>(.*?)</mark>", made))
            assert re.findall(r"\w+", html.unescape(words)) == re.findall(r"\w+", one.quote)


def test_boxes_stand_on_the_quote(desk: Desk) -> None:
    """On the page of the PDF, the text inside the boxes is the quoted row."""
    answer = desk.ask("who leads reducing loneliness?")
    path = source_file(desk, "eastmere-plan-2024")
    assert path is not None
    with pdfium.PdfDocument(path) as pdf:
        for one in answer.citations:
            assert one.page is not None
            page = pdf[one.page - 1]
            boxes = boxes_of(page, one.quote)
            textpage = page.get_textpage()
            found = " ".join(textpage.get_text_bounded(*box) for box in boxes)
            assert sorted(re.findall(r"\w+", found)) == sorted(re.findall(r"\w+", one.quote))


def test_words_that_came_and_went() -> None:
    """Struck out before, underlined after, escaped on both sides."""
    before, after = marked("Led by <KCC> Arts", "Led by Medway Arts")
    assert before == "Led by <del>&lt;KCC&gt;</del> Arts"
    assert after == "Led by <ins>Medway</ins> Arts"


def test_a_bucket_refills() -> None:
    """Two a minute: two at once, then one more after half a minute; others are not affected."""
    now = [0.0]
    bucket = Bucket(2, lambda: now[0])
    assert [bucket.take("a") for _ in range(3)] == [True, True, False]
    assert bucket.take("b")
    now[0] = 30.0
    assert [bucket.take("a") for _ in range(2)] == [True, False]


def test_excel_holds_text_as_text() -> None:
    """No cell is a formula, whatever a document says; lists are joined."""
    rows = [{"plan": "=1+1", "leads": ["A", "B"], "page": 3}, {"plan": "x\x00y", "leads": [], "page": None}]
    sheet = openpyxl.load_workbook(io.BytesIO(excel(rows, "commitments"))).active
    assert sheet is not None
    assert [cell.value for cell in sheet[1]] == ["plan", "leads", "page"]
    assert [cell.value for cell in sheet[2]] == ["=1+1", "A; B", 3]
    assert sheet["A2"].data_type == "s"
    assert sheet["A3"].value == "xy"
    assert sheet.max_row == 3


def test_examples_are_of_different_kinds_and_answered(desk: Desk) -> None:
    """Each example names something of the index and is answered as the kind it is meant to be."""
    questions = Examples(desk).questions()
    kinds = [desk.ask(question).kind for question in questions]
    assert {"lead", "reverse", "acronym"} <= set(kinds)
    assert len(set(kinds)) == len(kinds)


def test_escaping() -> None:
    """Nothing that HTML reads is left, in attributes either; None is nothing."""
    assert esc("<a href='x' title=\"y\">&") == "&lt;a href=&#x27;x&#x27; title=&quot;y&quot;&gt;&amp;"
    assert esc(None) == ""

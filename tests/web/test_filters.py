"""Narrowing a question: what an answer is taken from, not only what is shown of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from assistant.draft import Draft, Evidence, Line
from assistant.evidence.narrow import EVERYWHERE, Narrowing
from assistant.web.ask import Filters
from assistant.web.desk import Desk
from corpus.model import Document, Span
from tests.web.conftest import served

Ask = Callable[[str], None]
QUESTIONS = (
    "who leads reducing loneliness?",
    "which plans are there?",
    "what does Harbour University lead?",
    "How many visits did the harbour swimming pool have?",
    "what is said about warm homes?",
    "how many entries are there?",
)
TEXT = "# Thanet\n\nBuses run daily.\n\n" + "Elsewhere nothing is said. " * 20 + "\n\nAshford has a library."
PAPER = Document(id="a", file="a.md", title="Kent and Thanet", text=TEXT, blocks=())


def line(document: str, words: str, section: str = "") -> Line:
    """A line resting on words of the paper."""
    start = TEXT.index(words)
    return Line(words, (Evidence(document, Span(start, start + len(words)), section),))


def test_a_draft_is_cut_to_what_is_about_the_place() -> None:
    """Quotes keep the sentences about it; a look-up is whole or not at all; a title alone says nothing."""
    about, other = line("a", "Ashford has a library."), line("a", "Buses run daily.", "Thanet")
    quoted = Draft("narrative", (about, other), 0.5)
    looked_up = Draft("list", (about, other), 0.5)
    documents = {"a": PAPER}
    assert Narrowing(place="Ashford").kept(quoted, documents) == Draft("narrative", (about,), 0.5)
    assert Narrowing(place="ashford").kept(looked_up, documents) is None
    assert Narrowing(place="Thanet").kept(Draft("list", (other,), 0.5), documents) is not None
    assert Narrowing(place="Kent").kept(quoted, documents) is None
    assert EVERYWHERE.kept(looked_up, documents) is looked_up


def test_a_draft_from_another_document_is_left_out() -> None:
    """Nothing rests on a document that was not chosen."""
    draft = Draft("narrative", (line("a", "Buses run daily."),), 0.5)
    assert Narrowing(frozenset({"b"})).kept(draft, {"a": PAPER}) is None
    assert Narrowing(frozenset({"a"})).kept(draft, {"a": PAPER}) is draft


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_citation_stands_in_the_document_chosen(desk: Desk, question: str) -> None:
    """For every document, and for the versions; something is answered from more than one."""
    answered = set()
    for filters in (
        Filters("eastmere-plan-2024"),
        Filters("eastmere-plan-draft"),
        Filters("eastmere-minutes"),
        Filters(version="draft"),
    ):
        within = filters.within(desk)
        answer = desk.ask(filters.said(question), (), within)
        assert {one.document for one in answer.citations} <= within.documents
        answered |= {one.document for one in answer.citations}
    assert answered


def test_the_draft_can_be_chosen(page: Page, ask: Ask, address: str) -> None:
    """With drafts chosen, the answer is the draft's, and says what it was taken from."""
    page.goto(address)
    page.get_by_role("button", name="Narrow the question").click()
    page.get_by_label("Drafts and earlier versions").check()
    ask("who leads reducing loneliness")
    expect(page.locator("#chat .understood").first).to_contain_text("in the draft")
    expect(page.locator("#chat .understood").last).to_contain_text("Only from: drafts and earlier versions")
    expect(page.locator("#chat .answer").last).to_contain_text("Tea Dance Plan")
    expect(page.locator("#chat .references")).not_to_contain_text("(final,")


def test_a_document_can_be_chosen(page: Page, ask: Ask, address: str) -> None:
    """With the minutes chosen, what only the plan says is not found; what they say is."""
    page.goto(address)
    page.get_by_role("button", name="Narrow the question").click()
    page.get_by_role("combobox", name="Document").click()
    page.get_by_role("option", name="Board minutes, December 2023").click()
    ask("who leads reducing loneliness?")
    last = page.locator("#chat .answer").last
    expect(last).to_contain_text("Only from: Board minutes, December 2023")
    expect(last).not_to_contain_text("Befriending")
    ask("How many visits did the harbour swimming pool have?")
    expect(page.locator("#chat .answer").last).to_contain_text("41,300")


def test_a_place_can_be_chosen(page: Page, small_index: Path, desk: Desk, inside: list[str]) -> None:
    """Over a real plan, the same question has each place's own answer."""
    with served(Desk(small_index, desk.options, desk.assistant.index.embedder)) as real:
        inside.append(real)
        page.goto(real)
        page.get_by_role("button", name="Narrow the question").click()
        for place in ("Ashford", "Canterbury"):
            page.get_by_role("combobox", name="Place").click()
            page.get_by_role("option", name=place, exact=True).click()
            count = page.locator("#chat .answer").count()
            page.locator("#question textarea").fill("What are the priorities?")
            page.locator("#question textarea").press("Enter")
            expect(page.locator("#chat .answer")).to_have_count(count + 1)
            last = page.locator("#chat .answer").last
            expect(last).to_contain_text(f"Understood as: What are the priorities in {place}?")
            expect(last.locator("p", has_text=f"{place}'s three priorities").first).to_be_visible()

"""The Ask view in a real browser."""

from __future__ import annotations

import asyncio
import io
import json
import re
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import docx
import pytest
from playwright.sync_api import Page, expect
from typer.testing import CliRunner

from assistant.evidence.narrow import EVERYWHERE, Narrowing
from assistant.web.ask import AskView
from assistant.web.desk import Desk
from assistant.web.feedback import Store
from corpus.model import Answer
from tests.web.conftest import ask_on, served

Ask = Callable[[str], None]
LONELY = "who leads reducing loneliness?"


def test_the_first_question_shows_its_answer_and_source(page: Page, ask: Ask) -> None:
    """Answer with numbered citations; selecting one opens title, status, date, page and the quoted words."""
    ask(LONELY)
    answer = page.locator("#chat .answer").last
    expect(answer).to_contain_text("Harbour University")
    expect(answer).to_contain_text("Rural Transport Partnership")
    answer.locator("a.cite").first.click()
    source = page.locator("#source")
    expect(source.locator(".source-title")).to_contain_text("Eastmere Wellbeing Plan 2024-2026")
    expect(source.locator(".source-facts")).to_contain_text("Final")
    expect(source.locator(".source-facts")).to_contain_text("12 June 2024")
    expect(source.locator(".facts")).to_contain_text("3 of ")
    expect(source.locator("mark").first).to_have_text("Befriending Strategy")
    expect(source.locator("mark").last).to_contain_text("Community Team")


def test_the_first_question_over_reading_editions(
    page: Page, small_index: Path, desk: Desk, inside: list[str]
) -> None:
    """The same question over a real plan: its lead and the row that says so."""
    with served(Desk(small_index, desk.options, desk.assistant.index.embedder)) as real:
        inside.append(real)
        page.goto(real)
        page.locator("#question textarea").fill(LONELY)
        page.locator("#question textarea").press("Enter")
        answer = page.locator("#chat .answer").last
        expect(answer).to_contain_text("Social Isolation and Loneliness Action Alliance", timeout=20_000)
        page.locator("#chat a.cite").first.click()
        expect(page.locator("#source mark").first).to_contain_text("Social Prescribing Strategy")
        expect(page.locator("#source .source-facts")).to_contain_text("12 June 2024")


def test_the_page_image_is_marked_where_the_quote_stands(page: Page, ask: Ask) -> None:
    """The image loads, and yellow stands in the row of the quoted plan, not in the rows below it."""
    ask(LONELY)
    page.locator("#chat a.cite").first.click()
    image = page.locator("#source .page-image img")
    image.scroll_into_view_if_needed()
    page.wait_for_function("() => document.querySelector('#source .page-image img').naturalWidth > 0")
    rows = page.evaluate(
        """() => { const image = document.querySelector('#source .page-image img');
        const canvas = document.createElement('canvas'); canvas.width = image.naturalWidth; canvas.height = image.naturalHeight;
        const pen = canvas.getContext('2d'); pen.drawImage(image, 0, 0);
        const data = pen.getImageData(0, 0, canvas.width, canvas.height).data; const rows = [];
        for (let y = 0; y < canvas.height; y++) { let n = 0; for (let x = 0; x < canvas.width; x++) {
        const at = 4 * (y * canvas.width + x); if (data[at] > 200 && data[at + 1] > 180 && data[at + 2] < 150) n++; }
        if (n > 20) rows.push(y / canvas.height); } return rows; }"""
    )
    assert rows
    assert max(rows) - min(rows) < 0.06


def test_previous_and_next_page(page: Page, ask: Ask) -> None:
    """The source turns to the page before and back; on the page before nothing is marked."""
    ask(LONELY)
    page.locator("#chat a.cite").first.click()
    facts = page.locator("#source .facts")
    expect(facts).to_contain_text("3 of ")
    page.get_by_role("button", name="Previous page").click()
    expect(facts).to_contain_text("2 of ")
    expect(page.locator("#source mark")).to_have_count(0)
    page.get_by_role("button", name="Next page").click()
    expect(page.locator("#source mark").first).to_have_text("Befriending Strategy")


def test_a_source_without_pages_shows_its_lines(page: Page, ask: Ask) -> None:
    """A text source has lines instead of pages, and parts to turn to."""
    ask("How many visits did the harbour swimming pool have?")
    expect(page.locator("#chat .answer").last).to_contain_text("41,300")
    page.locator("#chat a.cite").first.click()
    expect(page.locator("#source .facts")).to_contain_text("Lines")
    expect(page.locator("#source mark").first).to_contain_text("41,300")
    expect(page.locator("#source .source-facts")).to_contain_text("Minutes")


NEW = (
    "who leads warm homes for all?",
    "which plan covers good food for everyone?",
    "who leads the Village Bus Scheme?",
    "what do the parish councils lead?",
    "when does the central library open?",
)


@pytest.mark.alone
def test_an_answer_begins_within_300_ms(page: Page, ask: Ask) -> None:
    """Warm, from the key press to the first words of the answer; the median of five questions that were not
    asked before."""
    ask(LONELY)
    times = []
    for question in NEW:
        page.locator("#question textarea").fill(question)
        times.append(
            page.evaluate(
                """() => new Promise((done, fail) => { const answers = () => document.querySelectorAll('#chat .answer');
                const before = answers().length; const begun = performance.now(); setTimeout(fail, 15000);
                const look = () => answers().length > before && !document.querySelector('#chat .working')
                ? done(performance.now() - begun) : requestAnimationFrame(look);
                document.querySelector('#question .submit-button').click(); look(); })"""
            )
        )
        page.wait_for_function("() => document.querySelector('#question .submit-button')")
        page.wait_for_timeout(100)
    assert sorted(times)[2] < 300


def test_a_follow_up_says_how_it_was_understood(page: Page, ask: Ask) -> None:
    """The history is folded in, and the page says what was made of it."""
    ask(LONELY)
    ask("and in the draft?")
    expect(page.locator("#chat .understood").last).to_contain_text(
        "Understood as: who leads reducing loneliness in the draft?"
    )
    expect(page.locator("#chat .answer").last).to_contain_text("Tea Dance Plan")


def test_the_conversation_survives_a_reload_and_can_be_started_anew(page: Page, ask: Ask) -> None:
    """Question, answer and sources are there again after a reload, and gone after New conversation."""
    ask(LONELY)
    page.wait_for_function(  # the browser keeps it just after it shows it; a question alone is a fifth as long
        "() => (localStorage.getItem('ledby-conversation') ?? '').length > 1000"
    )
    page.reload()
    expect(page.locator("#chat .answer").last).to_contain_text("Harbour University")
    page.locator("#chat a.cite").first.click()
    expect(page.locator("#source mark").first).to_have_text("Befriending Strategy")
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator("#chat .answer")).to_have_count(0)
    page.reload()
    expect(page.locator("#chat .example").first).to_be_visible()
    expect(page.locator("#chat .answer")).to_have_count(0)


def test_example_questions_come_from_the_index_and_are_answered(page: Page, address: str) -> None:
    """An example names something of the papers; selecting it asks it."""
    page.goto(address)
    examples = page.locator("#chat .example")
    expect(examples.first).to_be_visible()
    texts = examples.all_inner_texts()
    assert any("loneliness" in text for text in texts)
    examples.first.click()
    expect(page.locator("#chat .answer a.cite").first).to_be_visible()
    assert "declined" not in (page.locator("#chat .answer").last.get_attribute("class") or "")


def test_next_questions_are_buttons_that_ask(page: Page, ask: Ask) -> None:
    """After an answer, questions that lead on are offered, and have answers."""
    ask("which plan covers reducing loneliness?")
    option = page.locator("#chat button.option").first
    text = option.inner_text()
    option.click()
    expect(page.locator("#chat .said").last).to_have_text(text)
    expect(page.locator("#chat .answer").last.locator("a.cite").first).to_be_visible()


def test_what_is_not_there_is_declined(page: Page, ask: Ask) -> None:
    """A refusal looks like one and has no citation."""
    ask("What is the melting point of tungsten?")
    last = page.locator("#chat .answer").last
    expect(last).to_have_class(re.compile("declined"))
    expect(last.locator("a.cite")).to_have_count(0)


@pytest.mark.parametrize(
    "question", ["which plan covers reducing loneliness?", "who leads the tungsten mines?"]
)
def test_every_question_offered_has_an_answer(page: Page, ask: Ask, desk: Desk, question: str) -> None:
    """Asked as the button would ask it, after this conversation; after a refusal too."""
    ask(question)
    options = page.locator("#chat button.option")
    expect(options.first).to_be_visible()
    texts = options.all_inner_texts()
    assert texts
    assert all(desk.ask(text, [question]).answered for text in texts)


def test_nothing_lies_over_the_question_box(page: Page, ask: Ask) -> None:
    """However long the conversation, the box that stays at the foot of the screen can be clicked."""
    for _ in range(3):
        ask(LONELY)
    page.evaluate("scrollTo(0, 0)")
    for share in (0.02, 0.1, 0.5, 0.9):
        top = page.evaluate(
            "share => { const box = document.querySelector('#question textarea').getBoundingClientRect();"
            " return document.elementFromPoint(box.x + share * box.width, box.y + box.height / 2).tagName; }",
            share,
        )
        assert top == "TEXTAREA"


def test_a_question_asked_as_soon_as_the_button_is_back_is_never_lost(
    page: Page, desk: Desk, inside: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """However long an answer takes to end and questions that lead on take to be found, as on a busy server."""
    written = AskView._written

    async def slow_end(self: AskView, *told: Any) -> AsyncIterator[Any]:
        async for update in written(self, *told):
            yield update
        await asyncio.sleep(1.0)

    def slow(*_: object) -> Sequence[str]:
        time.sleep(1.5)
        return ["who leads the housing strategy?"]

    monkeypatch.setattr(AskView, "_written", slow_end)
    monkeypatch.setattr(AskView, "_leading_on", slow)
    with served(desk) as address:
        inside.append(address)
        page.goto(address)
        for _ in range(3):
            ask_on(page, LONELY)
        expect(page.locator("#chat .option")).to_have_count(1)
        expect(page.locator("#chat .answer")).to_have_count(3)


class Slow(Desk):
    """Takes its time over some questions."""

    def ask(self, question: str, history: Sequence[str] = (), within: Narrowing = EVERYWHERE) -> Answer:
        """Answer; with three seconds' delay where it is about loneliness."""
        if "loneliness" in question:
            time.sleep(3)
        return super().ask(question, history, within)


@pytest.fixture
def slow(desk: Desk, inside: list[str]) -> Iterator[str]:
    """The application over a slow desk."""
    with served(Slow(desk.directory, desk.options, desk.assistant.index.embedder)) as address:
        inside.append(address)
        yield address


def begin(page: Page, address: str) -> None:
    """Ask the slow question."""
    page.goto(address)
    page.locator("#question textarea").fill(LONELY)
    page.locator("#question textarea").press("Enter")
    expect(page.locator("#question .stop-button")).to_be_visible()


def test_stop(page: Page, slow: str) -> None:
    """While an answer is worked on there is Stop; the page says that it stopped, and another question can be
    asked."""
    begin(page, slow)
    page.locator("#question .stop-button").click()
    expect(page.locator("#question .submit-button")).to_be_visible()
    expect(page.locator("#chat .answer").last).to_contain_text("Stopped before there was an answer")
    page.locator("#question textarea").fill("What does EBC stand for?")
    page.locator("#question textarea").press("Enter")
    expect(page.locator("#chat .answer").last).to_contain_text("Eastmere Borough Council")
    expect(page.locator("#chat .working")).to_have_count(0)
    expect(page.locator("#chat .said")).to_have_count(2)


_SLOW_TO_SEND = """const asked = window.fetch;
window.fetch = async (...what) => {
    const slow = String(what[0]?.url ?? what[0]).includes("/queue/join") && document.querySelector(".working");
    if (slow) await new Promise((done) => setTimeout(done, 2000));
    return asked(...what);
};"""


@pytest.mark.parametrize("way_out", ["#question .stop-button", "#fresh"])
def test_what_is_asked_when_the_box_is_ready_is_never_lost(page: Page, slow: str, way_out: str) -> None:
    """However late the server hears that nobody waits any longer, the box takes a question only when it will be
    answered."""
    page.add_init_script(_SLOW_TO_SEND)
    begin(page, slow)
    page.locator(way_out).click()
    expect(page.locator("#question .submit-button")).to_be_visible()
    page.locator("#question textarea").fill("What does EBC stand for?")
    page.locator("#question textarea").press("Enter")
    expect(page.locator("#chat .answer").last).to_contain_text("Eastmere Borough Council")


@pytest.mark.parametrize("how", ["stop", "reload"])
def test_what_was_broken_off_can_be_asked_again(page: Page, slow: str, how: str) -> None:
    """After Stop, and after a reload in the middle, the question is there with a button that asks it."""
    calls: list[str] = []
    page.on("request", lambda request: calls.append(request.url))
    begin(page, slow)
    if how == "stop":
        page.locator("#question .stop-button").click()
    else:
        page.reload()
    expect(page.locator("#chat .answer").last).to_contain_text("Stopped before there was an answer")
    page.locator("#chat").get_by_role("button", name="Ask again").last.click()
    expect(page.locator("#chat .answer").last).to_contain_text("Harbour University")
    expect(page.locator("#chat .said")).to_have_count(1)
    assert not [
        one for one in calls if "/cancel" in one
    ]  # what Gradio cancels may take the next question along


def test_a_new_conversation_while_an_answer_is_worked_on(page: Page, slow: str) -> None:
    """The answer does not come back into the new conversation."""
    begin(page, slow)
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator("#question .submit-button")).to_be_visible()
    page.wait_for_timeout(4000)
    expect(page.locator("#chat .answer")).to_have_count(0)
    expect(page.locator("#chat .example").first).to_be_visible()


def test_ask_again(page: Page, ask: Ask) -> None:
    """An answer can be asked for again, in its own place."""
    ask(LONELY)
    page.locator("#chat").get_by_role("button", name="Ask again").last.click()
    expect(page.locator("#chat .said")).to_have_count(1)
    expect(page.locator("#chat .answer").last).to_contain_text("Harbour University")


def test_a_thumb_and_a_comment_are_stored_and_exported(
    page: Page, ask: Ask, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The row holds question, answer, citations and generation; the command prints it."""
    ask(LONELY)
    expect(page.get_by_role("status").filter(has_text="Answer:")).to_contain_text("Harbour University")
    page.get_by_role("button", name="Not helpful").last.click()
    page.get_by_label("What was good or wrong about this answer?").fill("the bus scheme ended <b>")
    page.get_by_role("button", name="Send comment").click()
    expect(page.get_by_role("button", name="Send comment")).to_be_hidden()
    path = desk.options.feedback
    assert path is not None
    row = Store(path).rows()[-1]
    assert row["thumb"] == "down"
    assert row["comment"] == "the bus scheme ended <b>"
    assert row["question"] == LONELY
    assert "Harbour University" in row["answer"]
    assert row["generation"] == desk.generation
    assert row["citations"][0]["quote"].startswith("Befriending Strategy")

    from app import cli

    monkeypatch.setenv("LEDBY_FEEDBACK", str(path))
    printed = CliRunner().invoke(cli, ["feedback", "export", "--format", "json"])
    assert json.loads(printed.stdout)[-1]["comment"] == "the bus scheme ended <b>"


def test_copy_with_references(page: Page, ask: Ask, address: str) -> None:
    """What lands on the clipboard has the question, the numbers and where they stand."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=address)
    ask(LONELY)
    page.get_by_role("button", name="Copy with references").click()
    expect(page.locator("#announce")).to_have_text("Copied with references")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(LONELY)
    assert "Harbour University [2]" in copied
    assert re.search(r"\[1\] Eastmere Wellbeing Plan 2024-2026 \(final, 12 June 2024\), page 3", copied)


def test_markdown_and_word_files(page: Page, ask: Ask, tmp_path: Path) -> None:
    """Both files hold the question, the answer and the references."""
    ask(LONELY)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Save as Markdown").click()
    waiting.value.save_as(tmp_path / "a.md")
    text = (tmp_path / "a.md").read_text(encoding="utf-8")
    assert "## who leads reducing loneliness?" in text
    assert "1. Eastmere Wellbeing Plan 2024-2026 (final, 12 June 2024), page 3" in text
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Save as Word").click()
    waiting.value.save_as(tmp_path / "a.docx")
    paper = docx.Document(io.BytesIO((tmp_path / "a.docx").read_bytes()))
    words = "\n".join(one.text for one in paper.paragraphs)
    assert LONELY in words
    assert "Harbour University" in words
    assert "[1] Eastmere Wellbeing Plan 2024-2026 (final, 12 June 2024), page 3" in words


def test_the_answer_is_announced_once(page: Page, ask: Ask) -> None:
    """The live region says the answer; the log that grows word by word is not live."""
    ask(LONELY)
    expect(page.locator("#announce")).to_contain_text("Answer: Reduce loneliness", ignore_case=True)
    expect(page.locator("#chat [role=log]")).to_have_attribute("aria-live", "off")

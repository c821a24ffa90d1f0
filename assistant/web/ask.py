"""The Ask view: a chat whose answers open their sources beside them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from dataclasses import astuple, dataclass, field
from typing import Any

import gradio as gr

from assistant.evidence.narrow import Narrowing
from assistant.web import export, feedback
from assistant.web.conversation import (
    Turn,
    Turns,
    kept,
    messages,
    notice_turn,
    pieces,
    questions_of,
    turn_of,
)
from assistant.web.desk import Desk
from assistant.web.examples import Examples, next_questions
from assistant.web.frame import SOURCE_PANEL
from assistant.web.limits import Limits
from assistant.web.parts import markup, schema_once
from assistant.web.running import Running, Work
from corpus.errors import LedbyError

log = logging.getLogger("ledby")
_STEP_SECONDS = 0.02
_STEPS, _FEWEST = 6, 2  # updates in which an answer grows, by itself and while others wait
_TROUBLE = "Ledby cannot answer just now. Wait a minute and ask again."
_STOPPED = "Stopped before there was an answer. Select “Ask again” to go on with this question."
VERSIONS = [("Current documents", ""), ("Drafts and earlier versions", "draft"), ("Both, compared", "both")]
_IN_VERSION = {"draft": "in the draft", "both": "in the draft and the final version"}
Update = dict[Any, Any]


@dataclass(frozen=True, slots=True)
class AskView:
    """What answers in the Ask view, and the components that its events write to."""

    desk: Desk
    examples: Examples
    limits: Limits
    store: feedback.Store
    chat: gr.Chatbot
    box: gr.Textbox
    turns: gr.BrowserState
    running: Running = field(default_factory=Running)

    async def answer(
        self,
        question: str,
        document: str | None,
        version: str,
        place: str | None,
        turns: Any,
        request: gr.Request,
    ) -> AsyncIterator[Update]:
        """Answer a question and stream it into the chat."""
        before = kept(turns)
        asked = " ".join(question.split())
        if not asked:
            yield {self.box: gr.update()}
            return
        refused = self.limits.refusal(asked, request)
        if refused:
            shown = [*before, notice_turn(asked[: self.desk.options.max_question], refused)]
            yield {self.chat: messages(shown), self.turns: shown}
            return
        async with self.running.work(session_of(request)) as work:
            unanswered = [*before, notice_turn(asked, _STOPPED)]  # what is left of it after Stop or a reload
            yield {
                self.chat: messages(unanswered, partly=""),
                self.box: gr.update(value="", submit_btn=False, stop_btn="Stop"),
                self.turns: unanswered,
            }
            async for update in self._written(work, asked, Filters.of(document, version, place), before):
                yield update
            if work.afresh:
                work.cleared = True
                yield {self.chat: [], self.turns: []}

    async def _written(
        self, work: Work, asked: str, filters: Filters, before: Turns
    ) -> AsyncIterator[Update]:
        try:
            answer = await work.outcome(
                asyncio.to_thread(
                    self.desk.ask, filters.said(asked), questions_of(before), filters.within(self.desk)
                )
            )
        except Exception as error:  # whatever it is, the page must not be left waiting
            log.error("%s", error, exc_info=not isinstance(error, LedbyError))
            turns = [*before, notice_turn(asked, _TROUBLE)]
            yield {self.chat: messages(turns), self.turns: turns}
            return
        if answer is None:
            yield {self.chat: messages([*before, notice_turn(asked, _STOPPED)])}
            return
        told = {"question": asked, "only": filters.shown(self.desk), "filters": astuple(filters)}
        turns = [*before, {**turn_of(answer, self.desk.generation), **told}]
        earlier = messages(before)
        # Said with each update, since a busy browser skips some.
        busy = {self.box: gr.update(submit_btn=False, stop_btn="Stop")}
        for part in pieces(answer.text, self._steps(len(before)))[:-1]:
            if work.unwanted:
                break
            yield {self.chat: [*earlier, *messages(turns[-1:], partly=part)], **busy}
            await asyncio.sleep(_STEP_SECONDS)
        yield {self.chat: messages(turns), self.turns: turns, **busy}

    def ready(self) -> Any:
        """The box as it takes a question. An event of its own, after answering has ended: nothing is to be asked, saved
        or reloaded before the conversation is kept."""
        return gr.update(submit_btn="Ask", stop_btn=False)

    def _steps(self, before: int) -> int:
        """In how many updates an answer grows: each sends for the whole conversation."""
        return _FEWEST if self.desk.waiting else max(_FEWEST, _STEPS - before)

    async def onward(self, turns: Any, request: gr.Request) -> AsyncIterator[Any]:
        """Questions that lead on from the last answer, with what they lead on from. Apart from answering, and given up
        at the next question, so that nobody waits for it."""
        yield None
        before = kept(turns)
        if before:
            filters = Filters.kept(before[-1].get("filters"))
            more = await asyncio.to_thread(self._leading_on, before, filters, session_of(request))
            yield _asked_last(before), more

    def offer(self, turns: Any, onward: Any) -> Any:
        """Show the questions that lead on, unless another question was asked while they were looked for."""
        before = kept(turns)
        if not before or not onward or onward[0] != _asked_last(before) or not onward[1]:
            return gr.skip()
        return _with_options(messages(before), onward[1])

    def _leading_on(self, before: Turns, filters: Filters, session: str) -> Sequence[str]:
        """Questions that lead on, each tried as it will be asked: after this conversation, with its filters."""
        within, asked = filters.within(self.desk), questions_of(before)

        def answered(question: str) -> bool:
            if self.desk.waiting or self.running.busy(session):
                return False  # people come before what might be asked next
            return self.desk.ask(filters.said(question), asked, within).answered

        return next_questions(self.desk, before[-1], asked, answered)

    async def again(
        self,
        data: gr.RetryData,
        document: str | None,
        version: str,
        place: str | None,
        turns: Any,
        request: gr.Request,
    ) -> AsyncIterator[Update]:
        """Ask a question of the conversation again, forgetting what came after it."""
        at = (data.index if isinstance(data.index, int) else data.index[0]) // 2
        before = kept(turns)
        if at < len(before):
            async for update in self.answer(
                before[at]["question"], document, version, place, before[:at], request
            ):
                yield update

    async def stop(self, request: gr.Request) -> None:
        """End the answer that is being worked on; it says itself that it was stopped."""
        await self.running.end(session_of(request))

    async def begun(self, request: gr.Request) -> Any:
        """A conversation begun anew. An answer that is being worked on clears the page itself when it ends: what two
        events send may reach the page in either order, and the shorter one's reply be lost with the other's stream."""
        if await self.running.clear(session_of(request)):
            return gr.skip(), gr.skip()
        return [], []

    def left(self, turns: Any) -> Any:
        """The conversation as it was left; nothing where there is none, lest it wipe out a first question that was
        asked while the page was loading."""
        before = kept(turns)
        return messages(before) if before else gr.skip()

    def offered(self) -> tuple[Any, ...]:
        """Example questions, and what the filters can be set to."""
        index = self.desk.assistant.index
        titles = [(d.name, d.id) for d in index.documents.values()]
        places = sorted({p.place for p in index.register.priorities if p.text})
        examples: list[Any] = [{"text": question} for question in self.examples.questions()]
        return (
            gr.update(examples=examples),
            gr.update(choices=[("Any", ""), *titles]),
            gr.update(choices=[("Any", ""), *places]),
        )

    def rated(self, data: gr.LikeData, turns: Any) -> tuple[Any, ...]:
        """Store a thumb on an answer; the id of its row, and the place for a comment. A notice is no answer."""
        at = (data.index if isinstance(data.index, int) else data.index[0]) // 2
        before = kept(turns)
        if at >= len(before) or before[at].get("notice"):
            return None, gr.update(visible=False), ""
        row = self.store.add(before[at], "up" if data.liked else "down")
        return row, gr.update(visible=True), ""

    def commented(self, row: int | None, comment: str) -> tuple[Any, ...]:
        """Store the comment that goes with a thumb."""
        if row is not None and comment.strip():
            self.store.comment(row, comment)
        return gr.update(visible=False), ""


@dataclass(frozen=True, slots=True)
class Filters:
    """What a question is narrowed to: a document's id, a version ("draft", "both"), a place; empty fields do
    not narrow."""

    document: str = ""
    version: str = ""
    place: str = ""

    @classmethod
    def of(cls, document: Any, version: Any, place: Any) -> Filters:
        """From the fields of the page. A document that is chosen says its version itself."""
        chosen = str(document or "")[:200]
        return cls(
            chosen, str(version) if version in _IN_VERSION and not chosen else "", str(place or "")[:100]
        )

    @classmethod
    def kept(cls, told: Any) -> Filters:
        """As they were kept with a turn in the browser, which may hold anything."""
        return cls.of(*told) if isinstance(told, list | tuple) and len(told) == 3 else cls()

    def within(self, desk: Desk) -> Narrowing:
        """What the answer may be taken from."""
        return desk.narrowing(self.document, self.version, self.place)

    def said(self, question: str) -> str:
        """The question with place and version in words, so that what is searched for is about them too."""
        told = [question.rstrip(" ?.")]
        if self.place and self.place.casefold() not in question.casefold():
            told.append(f"in {self.place}")
        if self.version:
            told.append(_IN_VERSION[self.version])
        return question if len(told) == 1 else " ".join(told) + "?"

    def shown(self, desk: Desk) -> str:
        """What was narrowed to, for the reader; empty where nothing was."""
        document = desk.document(self.document)
        title = document.name if document else ""
        label = next((name for name, value in VERSIONS if value and value == self.version), "").lower()
        about = f"about {self.place}" if self.place else ""
        return ", ".join(part for part in (title, label, about) if part)


def session_of(request: gr.Request | None) -> str:
    """Gradio's name of the page that is open in a browser."""
    return (request and request.session_hash) or ""


def _asked_last(before: Turns) -> tuple[int, str]:
    return len(before), before[-1]["question"]


def _with_options(shown: list[dict[str, Any]], questions: Sequence[str]) -> list[dict[str, Any]]:
    return [*shown[:-1], {**shown[-1], "options": [{"value": q, "label": q} for q in questions]}]


def build(blocks: gr.Blocks, desk: Desk, examples: Examples, limits: Limits, store: feedback.Store) -> None:
    """Lay the view out on the page being built, and join its events."""
    markup(
        '<h1>Ask about the documents</h1><p class="lead">Answers come from the documents alone, each with '
        "the words "
        "it rests on. Select a number in an answer to see its source.</p>",
    )
    schema_once(gr.Chatbot)
    with gr.Row(elem_classes="two-columns"):
        with gr.Column(elem_classes="main-column", min_width=0):
            chat = gr.Chatbot(
                elem_id="chat",
                label="Conversation",
                show_label=False,
                height=None,
                layout="panel",
                buttons=[],
                latex_delimiters=[],
                feedback_options=("Like", "Dislike"),
                allow_file_downloads=False,
                group_consecutive_messages=False,
                container=False,
            )
            box = gr.Textbox(
                elem_id="question",
                label="Your question",
                placeholder="For example: who leads…?",
                lines=1,
                max_lines=4,
                submit_btn="Ask",
                max_length=desk.options.max_question,
                autofocus=False,
            )
            row, comment_group, comment, send = _comment_form()
            document, version, place = _filters()
            fresh, copy, markdown, word = _actions()
        markup(SOURCE_PANEL, "side-column")
    turns = gr.BrowserState([], storage_key="ledby-conversation", secret="ledby-conversation")
    onward = gr.State(None)
    view = AskView(desk, examples, limits, store, chat, box, turns)
    inputs = [document, version, place, turns]
    outputs = [chat, box, turns]
    running = [
        box.submit(view.answer, [box, *inputs], outputs, **_EVENT),
        chat.retry(view.again, inputs, outputs, **_EVENT),
        chat.option_select(_chosen, None, box, **_EVENT).then(view.answer, [box, *inputs], outputs, **_EVENT),
        chat.example_select(_chosen, None, box, **_EVENT).then(
            view.answer, [box, *inputs], outputs, **_EVENT
        ),
    ]
    for event in running:
        event.then(view.ready, None, box, **_EVENT)
        event.then(None, None, None, js="() => ledby.answered()", api_visibility="private")
        looked = event.success(view.onward, turns, onward, trigger_mode="multiple", **_EVENT)
        looked.success(view.offer, [turns, onward], chat, **_EVENT)
    box.stop(view.stop, None, None, **_EVENT)
    chat.clear(lambda: [], None, turns, api_visibility="private")
    fresh.click(view.begun, None, [turns, chat], **_EVENT)
    liked = chat.like(view.rated, turns, [row, comment_group, comment], api_visibility="private")
    liked.then(None, None, None, js="() => ledby.rated()", api_visibility="private")
    sent = send.click(view.commented, [row, comment], [comment_group, comment], api_visibility="private")
    sent.then(None, None, None, js="() => ledby.commented()", api_visibility="private")
    saved = gr.JSON(visible=False)
    copy.click(None, None, None, js="() => ledby.copyConversation()", api_visibility="private")
    for button, made in ((markdown, export.markdown_file), (word, export.word_file)):
        button.click(made, turns, saved, api_visibility="private").then(
            None, saved, None, js="(file) => ledby.save(file)", api_visibility="private"
        )
    blocks.load(view.left, turns, chat, api_visibility="private", show_progress="hidden")
    blocks.load(view.offered, None, [chat, document, place], api_visibility="private", show_progress="hidden")


_EVENT: dict[str, Any] = {"api_visibility": "private", "concurrency_limit": None, "show_progress": "hidden"}


def _chosen(data: gr.SelectData) -> str:
    value = data.value
    return str(value.get("text") or value.get("value") or "") if isinstance(value, dict) else str(value)


def _filters() -> tuple[gr.Dropdown, gr.Radio, gr.Dropdown]:
    with gr.Accordion("Narrow the question", open=False, elem_classes="filters"):
        document = gr.Dropdown([("Any", "")], value="", label="Document", elem_id="filter-document")
        version = gr.Radio(VERSIONS, value="", label="Version", elem_id="filter-version")
        place = gr.Dropdown([("Any", "")], value="", label="Place", elem_id="filter-place")
    return document, version, place


def _comment_form() -> tuple[gr.State, gr.Group, gr.Textbox, gr.Button]:
    row = gr.State(None)
    with gr.Group(visible=False, elem_id="comment") as group:
        comment = gr.Textbox(
            label="Thank you. What was good or wrong about this answer? (optional)", max_length=2000, lines=2
        )
        send = gr.Button("Send comment", size="sm")
    return row, group, comment, send


def _actions() -> tuple[gr.Button, ...]:
    with gr.Row(elem_classes="actions"):
        fresh = gr.Button("New conversation", size="sm", elem_id="fresh")
        copy = gr.Button("Copy with references", size="sm", elem_id="copy")
        markdown = gr.Button("Save as Markdown", size="sm", elem_id="save-markdown")
        word = gr.Button("Save as Word", size="sm", elem_id="save-word")
    return fresh, copy, markdown, word


__all__ = ["AskView", "Filters", "Turn", "build"]

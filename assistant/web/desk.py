"""The assistant behind the application: opened once, opened again when a new index generation is there."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from assistant.conversation.senses import Asked
from assistant.evidence.narrow import EVERYWHERE, Narrowing
from assistant.service import Assistant
from assistant.web.options import WebOptions
from corpus.errors import IndexError_
from corpus.model import Answer, Document
from index.embed import Embedder
from index.generation import settle
from index.layout import current_name
from index.settings import settings

_AT_ONCE = 2
_KEPT = 512  # answers
Key = tuple[str, Asked, Narrowing]


class Desk:
    """Answers for many people at once. A new generation is opened by the first question after it was switched
    in; while it cannot be opened, the one before goes on answering. Two questions are worked on together,
    which is quicker than all of them competing for the processor. The latest answers are kept, since the same
    question over the same index has the same answer; not so where a language model words them."""

    def __init__(
        self, directory: Path, options: WebOptions | None = None, embedder: Embedder | None = None
    ) -> None:
        self.directory = directory
        self.options = options or WebOptions()
        self._embedder = embedder
        self._open: Assistant | None = None
        self._lock = threading.Lock()
        self._working = threading.Semaphore(_AT_ONCE)
        self.waiting = 0
        self._answers: OrderedDict[Key, Answer] = OrderedDict()

    @property
    def assistant(self) -> Assistant:
        """The assistant over the current generation. Raises IndexError_ when there is no index at all."""
        with self._lock:
            held = self._open
            try:
                name = current_name(self.directory)
                if held is None or (name is not None and name != held.index.name):
                    embedder = held.index.embedder if held else self._embedder
                    self._open = held = Assistant.open(self.directory, embedder=embedder)
                    settle()
            except IndexError_:
                if held is None:
                    raise
            return held

    @property
    def generation(self) -> str:
        """The name of the generation that answers."""
        return self.assistant.index.name

    def ask(self, question: str, history: Sequence[str] = (), within: Narrowing = EVERYWHERE) -> Answer:
        """Answer a question with the earlier ones of the conversation, from what it was narrowed to."""
        begun = time.perf_counter()
        assistant = self.assistant
        key = (assistant.index.name, assistant.asked(question, history, within), within)
        known = self._kept(key)
        if known is not None:
            took = round((time.perf_counter() - begun) * 1000, 1)
            return replace(known, question=question, took_ms=took)
        self.waiting += 1
        try:
            with self._working:
                answer = assistant.ask(question, history, within)
        finally:
            self.waiting -= 1
        if not settings().llm_url:
            self._keep(key, answer)
        return answer

    def _kept(self, key: Key) -> Answer | None:
        with self._lock:
            if key in self._answers:
                self._answers.move_to_end(key)
            return self._answers.get(key)

    def _keep(self, key: Key, answer: Answer) -> None:
        with self._lock:
            self._answers[key] = answer
            if len(self._answers) > _KEPT:
                self._answers.popitem(last=False)

    def narrowing(self, document: str, version: str, place: str) -> Narrowing:
        """What an answer may be taken from: a document by its id; else the documents of a version ("draft",
        "both"; empty: as the question says); and the place it must be about. Empty fields do not narrow."""
        assistant = self.assistant
        documents: frozenset[str] = frozenset()
        if document in assistant.index.documents:
            documents = frozenset({document})
        elif version:
            documents = assistant.scope.of_version(version)
        return Narrowing(documents, place)

    def document(self, id_: str) -> Document | None:
        """A document of the current generation by its id."""
        return self.assistant.index.documents.get(id_)

    def status(self, document: Document) -> str:
        """A document's status as shown: a paper that a newer approved one replaces is superseded."""
        replaced = document.id in self.assistant.register.superseded
        return "superseded" if replaced and document.status == "final" else document.status

    def successor(self, document: Document) -> Document | None:
        """The document that replaces this one, if any."""
        newer = self.assistant.register.superseded.get(document.id)
        return self.assistant.index.documents.get(newer) if newer else None

"""The assistant behind the application: opened once, opened again when a new index generation is there."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

from assistant.service import Assistant
from assistant.web.options import WebOptions
from corpus.errors import IndexError_
from corpus.model import Answer, Document
from index.embed import Embedder
from index.layout import current_name

_AT_ONCE = 2


class Desk:
    """Answers for many people at once. A new generation is opened by the first question after it was switched
    in; while it cannot be opened, the one before goes on answering. ``reading`` bounds how many questions are
    worked on together, which is quicker than all of them competing for the processor."""

    def __init__(
        self, directory: Path, options: WebOptions | None = None, embedder: Embedder | None = None
    ) -> None:
        self.directory = directory
        self.options = options or WebOptions()
        self._embedder = embedder
        self._open: Assistant | None = None
        self._lock = threading.Lock()
        self._working = threading.Semaphore(_AT_ONCE)

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
            except IndexError_:
                if held is None:
                    raise
            return held

    @property
    def generation(self) -> str:
        """The name of the generation that answers."""
        return self.assistant.index.name

    def ask(self, question: str, history: Sequence[str] = ()) -> Answer:
        """Answer a question with the earlier ones of the conversation."""
        assistant = self.assistant
        with self._working:
            return assistant.ask(question, history)

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

"""A scripted assistant: the double that stands at the seam between the evaluation and the answering layer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from corpus.model import Answer, Citation, Document, Span

TEXT = (
    "Fruit plan\nApples are led by the Orchard Board\nPears are led by the Pear Group\n"
    "The target is 5% by 2028\n"
)
LINE = {
    "id": "apples",
    "question": "Who leads apples?",
    "kind": "lead",
    "style": "plain",
    "answerable": True,
    "must": [["Orchard Board"]],
    "must_not": [],
    "evidence": [{"doc": "fruit.txt", "lines": [2, 2]}],
}
"""A line of a question set over the fruit plan."""
DOCUMENT = Document(id="fruit", file="fruit.txt", title="Fruit plan", text=TEXT, first_line=1)


@dataclass(frozen=True)
class ScriptedHit:
    """A hit on some lines of the fruit plan."""

    lines: tuple[int, int] | None
    text: str
    score: float = 1.0
    rank: int = 1
    retriever: str = "scripted"
    document: Document = DOCUMENT
    span: Span = Span(0, 0)


def hit(*lines: int, score: float = 1.0) -> ScriptedHit:
    """A hit on the lines given (first and last) with their true text."""
    text = "\n".join(TEXT.split("\n")[lines[0] - 1 : lines[-1]])
    return ScriptedHit((lines[0], lines[-1]), text, score)


def cite(line: int, *, quote: str | None = None, n: int = 1) -> Citation:
    """A citation of one line; ``quote`` in place of its true text makes a false one."""
    true = TEXT.split("\n")[line - 1]
    start = TEXT.index(true)
    return Citation(
        n=n,
        document="fruit",
        file="fruit.txt",
        title="Fruit plan",
        status="final",
        date=None,
        page=None,
        page_label=None,
        section="",
        lines=(line, line),
        span=Span(start, start + len(true)),
        quote=true if quote is None else quote,
    )


def say(text: str, *citations: Citation, kind: str = "lead") -> Answer:
    """An answer with these citations."""
    return Answer("", "", text, True, kind, "complete", citations)


def decline(*suggestions: str) -> Answer:
    """A decline."""
    return Answer("", "", "Not in the documents.", False, "none", "none", (), suggestions)


@dataclass
class Scripted:
    """Answers by question, hits by query; an exception in the script is raised. Unknown questions are
    declined."""

    answers: Mapping[str, Answer | Exception] = field(default_factory=dict)
    hits: Mapping[str, Sequence[ScriptedHit]] = field(default_factory=dict)
    asked: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)

    def ask(self, question: str, history: Sequence[str] = ()) -> Answer:
        """The scripted answer."""
        self.asked.append((question, tuple(history)))
        answer = self.answers.get(question, decline())
        if isinstance(answer, Exception):
            raise answer
        return answer

    def search(self, query: str, k: int = 10) -> Sequence[ScriptedHit]:
        """The scripted hits."""
        return self.hits.get(query, ())[:k]

"""Judging one question: the answer against its facts, the citations against the sources, the hits against
the gold."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from corpus.model import Answer, Citation, Span
from eval.matching import facts_stated, fold, forbidden_stated, states
from eval.questions import Evidence, Question, Sources

_MARKER = re.compile(r"\[(\d{1,3})\]")


class HitLike(Protocol):
    """What the evaluation reads of a hit: anything that finds text can be measured.

    ``document`` has a ``file`` name (and ``page_at`` where the source has pages); ``lines`` are 1-based
    source lines.
    """

    @property
    def document(self) -> Any: ...
    @property
    def span(self) -> Span: ...
    @property
    def text(self) -> str: ...
    @property
    def score(self) -> float: ...
    @property
    def lines(self) -> tuple[int, int] | None: ...


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation as judged. ``verbatim`` is None where the source cannot be read line by line (PDF), which
    is reported and not counted as verified. ``supports``: the quote holds a required fact or lies on the
    gold."""

    n: int
    file: str
    lines: tuple[int, int] | None
    page: int | None
    verbatim: bool | None
    supports: bool
    marked: bool
    facts: tuple[bool, ...]
    quote: str = ""

    @property
    def words(self) -> int:
        """How many words the quote has."""
        return len(self.quote.split())


@dataclass(frozen=True, slots=True)
class Found:
    """Where retrieval put the gold: ranks are 1-based, None for not found among the hits looked at.

    ``gold`` has one rank a gold span, ``facts`` one a required fact (first hit whose text states it);
    ``on_gold`` one flag a hit; ``units`` the gold spans that each hit was the first to cover; ``top`` the
    best score.
    """

    gold: tuple[int | None, ...] = ()
    facts: tuple[int | None, ...] = ()
    on_gold: tuple[bool, ...] = ()
    units: tuple[tuple[int, ...], ...] = ()
    top: float | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """One question put to one system. ``error`` is the message of the failure, or None; an error is a wrong
    answer. ``confidence`` is how sure the system was of its answer, None where it does not say."""

    question: Question
    answered: bool
    text: str
    facts: tuple[bool, ...]
    forbidden: tuple[str, ...]
    cited: tuple[Cited, ...] = ()
    stray_markers: tuple[int, ...] = ()
    suggestions: tuple[str, ...] = ()
    found: Found | None = None
    ms: float = 0.0
    error: str | None = None
    confidence: float | None = None

    @property
    def correct(self) -> bool:
        """Right: every fact and nothing forbidden in an answer, or a decline where there is no answer."""
        if self.error is not None:
            return False
        if not self.question.answerable:
            return not self.answered
        return self.answered and all(self.facts) and not self.forbidden

    @property
    def declined(self) -> bool:
        """Declined on purpose; an error is not a decline."""
        return not self.answered and self.error is None

    @property
    def well_cited(self) -> bool:
        """Whether the answer has citations, each marked in its text, and no marker without a citation."""
        return bool(self.cited) and not self.stray_markers and all(c.marked for c in self.cited)

    @property
    def why(self) -> str:
        """In a few words, what is wrong; empty for a right answer."""
        if self.correct:
            return ""
        if self.error is not None:
            return f"error: {self.error}"
        if not self.question.answerable:
            return "answered, but the documents do not hold it"
        if not self.answered:
            return "declined, but the documents hold it"
        missing = [fact[0] for fact, ok in zip(self.question.must, self.facts, strict=True) if not ok]
        said = [f"missing {name!r}" for name in missing] + [f"says {wrong!r}" for wrong in self.forbidden]
        return "; ".join(said)


def overlaps(lines: tuple[int, int] | None, page: int | None, gold: Evidence) -> bool:
    """Whether a stretch of a file touches the gold span, by lines where both have them, else by page."""
    if gold.lines and lines:
        return lines[0] <= gold.lines[1] and gold.lines[0] <= lines[1]
    if gold.page is not None and page is not None:
        return gold.page == page
    return gold.lines is None and gold.page is None


def _is_verbatim(citation: Citation, sources: Sources) -> bool | None:
    if not citation.quote.strip():
        return False
    if citation.file in sources and citation.lines is not None:
        return citation.quote in sources.stretch(citation.file, citation.lines)
    stored = sources.documents.get(citation.document)
    return None if stored is None else citation.span.of(stored) == citation.quote


def judge_citation(citation: Citation, question: Question, sources: Sources, marked: bool) -> Cited:
    """A citation as judged against the source file and the question's facts and gold."""
    facts = facts_stated(citation.quote, question.must)
    on_gold = any(
        gold.doc == citation.file and overlaps(citation.lines, citation.page, gold)
        for gold in question.evidence
    )
    return Cited(
        n=citation.n,
        file=citation.file,
        lines=citation.lines,
        page=citation.page,
        verbatim=_is_verbatim(citation, sources),
        supports=any(facts) or on_gold,
        marked=marked,
        facts=facts,
        quote=citation.quote,
    )


def judge_answer(question: Question, answer: Answer, sources: Sources, *, ms: float) -> Outcome:
    """An answer as judged; ``ms`` is the time that it took as measured from outside."""
    markers = {int(n) for n in _MARKER.findall(answer.text)}
    numbers = {citation.n for citation in answer.citations}
    return Outcome(
        question=question,
        answered=answer.answered,
        text=answer.text,
        facts=facts_stated(answer.text, question.must) if answer.answered else (False,) * len(question.must),
        forbidden=forbidden_stated(answer.text, question.must_not) if answer.answered else (),
        cited=tuple(judge_citation(c, question, sources, c.n in markers) for c in answer.citations),
        stray_markers=tuple(sorted(markers - numbers)),
        suggestions=tuple(answer.suggestions),
        ms=ms,
    )


def judge_error(question: Question, error: BaseException, *, ms: float) -> Outcome:
    """A question that ended in an error: wrong, nothing stated, nothing cited, nothing found."""
    message = f"{type(error).__name__}: {error}".splitlines()[0]
    missing: tuple[None, ...] = (None,) * len(question.evidence)
    return Outcome(
        question=question,
        answered=False,
        text="",
        facts=(False,) * len(question.must),
        forbidden=(),
        found=Found(gold=missing, facts=(None,) * len(question.must)),
        ms=ms,
        error=message,
    )


def _page(hit: HitLike) -> int | None:
    page_at = getattr(hit.document, "page_at", None)
    page = page_at(hit.span.start) if page_at else None
    return None if page is None else page.page_no


def judge_hits(question: Question, hits: Sequence[HitLike]) -> Found:
    """Where the gold spans and the required facts stand in a ranking. Gold that no hit covers stays in, as
    None."""
    gold: list[int | None] = [None] * len(question.evidence)
    facts: list[int | None] = [None] * len(question.must)
    on_gold, units = [], []
    for rank, hit in enumerate(hits, 1):
        covered = [
            i
            for i, item in enumerate(question.evidence)
            if item.doc == hit.document.file and overlaps(hit.lines, _page(hit), item)
        ]
        units.append(tuple(i for i in covered if gold[i] is None))
        on_gold.append(bool(covered))
        for i in units[-1]:
            gold[i] = rank
        folded = fold(hit.text)
        for i, spellings in enumerate(question.must):
            if facts[i] is None and states(folded, spellings):
                facts[i] = rank
    top = hits[0].score if hits else None
    return Found(tuple(gold), tuple(facts), tuple(on_gold), tuple(units), top)

"""A whole evaluation: Ledby and what it is compared with, over the same questions, judged by the gate."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from corpus.model import Document
from eval import baselines, gate
from eval.baselines import CitationHandling
from eval.gate import Breach, Change, Key, Thresholds
from eval.judge import Outcome
from eval.questions import Question, Sources, select
from eval.run import Summary, System, run, summarise

if TYPE_CHECKING:
    from index.embed import Embedder

PARTS = (
    "lexical",
    "dense",
    "rerank",
    "adapted",
    "cross_encoder",
    "register",
    "versions",
    "citations",
    "decline",
)
"""What an ablation switches off, one at a time."""
LEDBY = "Ledby"
CITATION_SAMPLE = 12


class Opener(Protocol):
    """Opens the system under test with some parts switched off."""

    def __call__(self, without: frozenset[str]) -> System: ...


@dataclass(frozen=True, slots=True)
class Plan:
    """What to run: the questions, whether to compare with baselines and with parts switched off, and the
    limits.

    ``folder`` keeps stored results (``results``) and vectors (``cache``); ``settings`` name the run in its
    key.
    """

    questions: Sequence[Question]
    sources: Sources
    documents: Mapping[str, Document]
    folder: Path
    thresholds: Thresholds = field(default_factory=Thresholds)
    settings: Mapping[str, str] = field(default_factory=dict)
    without: frozenset[str] = frozenset()
    baseline: bool = True
    ablation: bool = False
    embedder: Embedder | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What came of it. ``systems`` has a summary for each system compared, Ledby the last; ``ablation`` one
    for each part switched off; ``handling`` how citations are treated."""

    key: Key
    outcomes: Sequence[Outcome]
    systems: Mapping[str, Summary]
    ablation: Mapping[str, Summary]
    handling: Mapping[str, CitationHandling]
    breaches: Sequence[Breach]
    change: Change
    seconds: float

    @property
    def passed(self) -> bool:
        """Whether every limit was kept."""
        return not self.breaches


Progress = Callable[[str, int], Callable[[], None]]
"""Called with the name of a step and the number of its questions; gives the function to call after each."""


def _quiet(_: str, __: int) -> Callable[[], None]:
    return lambda: None


def evaluate(plan: Plan, opener: Opener, progress: Progress = _quiet) -> Result:
    """Runs a plan. The stored result of the same key is compared with before it is replaced."""
    start = time.monotonic()
    system = opener(plan.without)
    outcomes = _ledby(plan, system, progress(LEDBY, len(plan.questions)))
    systems, handling = _baselines(plan, opener, progress) if plan.baseline else ({}, {})
    ablation = _ablation(plan, opener, progress) if plan.ablation else {}
    key = _key(plan)
    change = gate.change(gate.last(plan.folder / "results", key), outcomes)
    gate.store(plan.folder / "results", key, outcomes)
    if handling:
        handling |= {LEDBY: baselines.ledby_handling(system, _for_citations(plan.questions))}
    return Result(
        key=key,
        outcomes=outcomes,
        systems=systems | {LEDBY: summarise(outcomes)},
        ablation=ablation,
        handling=handling,
        breaches=gate.breaches(outcomes, plan.thresholds),
        change=change,
        seconds=time.monotonic() - start,
    )


def _for_citations(questions: Sequence[Question]) -> list[Question]:
    """The questions on which the handling of citations is compared: a few that have an answer, spread over the
    kinds, and no earlier turn, which llama-index would not be told of."""
    return select((q for q in questions if q.answerable and not q.history), sample=CITATION_SAMPLE)


def _files(plan: Plan) -> frozenset[str]:
    return frozenset(document.file for document in plan.documents.values())


def _key(plan: Plan) -> Key:
    texts = {name: document.text for name, document in plan.documents.items()}
    settings = {**plan.settings, "without": " ".join(sorted(plan.without))}
    return Key(gate.commit(), gate.corpus_hash(texts), tuple(sorted(settings.items())))


def _ledby(plan: Plan, system: System, tick: Callable[[], None]) -> list[Outcome]:
    return run(system, plan.questions, plan.sources, files=_files(plan), tick=tick)


def _ablation(plan: Plan, opener: Opener, progress: Progress) -> dict[str, Summary]:
    summaries = {}
    for part in PARTS:
        system = opener(plan.without | {part})
        summaries[part] = summarise(_ledby(plan, system, progress(f"without {part}", len(plan.questions))))
    return summaries


def _baselines(
    plan: Plan, opener: Opener, progress: Progress
) -> tuple[dict[str, Summary], dict[str, CitationHandling]]:
    """Summaries of the stock and the plain retrievers, and how llama-index treats a made-up citation."""
    questions = plan.questions
    stock = baselines.stock(_whole_documents(plan), plan.folder / "cache", plan.embedder)
    try:
        stock.expect([baselines.as_query(q.question, q.history) for q in questions])
        search = baselines.remembered(stock.search)
        systems = {f"stock llama-index, top {k}": _measured(plan, search, k, progress) for k in (2, 5)}
        handling = {
            "llama-index CitationQueryEngine": baselines.citation_engine(stock, _for_citations(questions))
        }
    finally:
        stock.close()
    for name, parts in baselines.ABLATIONS:
        search = baselines.remembered(opener(parts).search)
        systems[name] = _measured(plan, search, 5, progress, name)
    return systems, handling


def _measured(
    plan: Plan, search: baselines.Search, k: int, progress: Progress, name: str = "stock"
) -> Summary:
    tick = progress(f"{name}, top {k}" if name == "stock" else name, len(plan.questions))
    asked = [baselines.flattered(question) for question in plan.questions]
    return summarise(run(baselines.Retrieved(search, k), asked, plan.sources, files=_files(plan), tick=tick))


def _whole_documents(plan: Plan) -> list[Document]:
    """The indexed files as they are; for files that are not text, the papers read from them."""
    files = sorted(_files(plan))
    read = [document for document in plan.documents.values() if document.file not in plan.sources]
    return baselines.whole_files(files, plan.sources) + read

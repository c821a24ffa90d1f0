"""Putting questions to a system and summing up what came back."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from corpus.model import Answer
from eval import metrics
from eval.judge import Found, HitLike, Outcome, judge_answer, judge_error, judge_hits
from eval.metrics import Ratio
from eval.questions import Question, Sources

DEPTH = 10
LONG_ANSWER = 120
"""Words beyond which a narrative answer counts as long."""


class System(Protocol):
    """Anything that can be evaluated: it answers questions and finds text. It may have a ``confidence``: how
    sure it was of its last answer."""

    def ask(self, question: str, history: Sequence[str] = ()) -> Answer: ...
    def search(self, query: str, k: int = 10) -> Sequence[HitLike]: ...


def put(
    system: System, question: Question, sources: Sources, *, depth: int = DEPTH, retrieve: bool = True
) -> Outcome:
    """One question, answered, searched and judged. Whatever the system raises becomes an error outcome."""
    start = time.perf_counter()
    try:
        answer = system.ask(question.question, question.history)
        ms = (time.perf_counter() - start) * 1000
        sure: float | None = getattr(system, "confidence", None)
        outcome = replace(judge_answer(question, answer, sources, ms=ms), confidence=sure)
        if retrieve:
            hits = system.search(answer.standalone or question.question, depth)
            outcome = replace(outcome, found=judge_hits(question, hits))
        return outcome
    except Exception as error:  # a failure of any sort is a wrong answer, not the end of the run
        return judge_error(question, error, ms=(time.perf_counter() - start) * 1000)


def _without_gold(outcome: Outcome) -> Outcome:
    """An outcome that says nothing of the gold, because no file that holds it is in the index at all."""
    found = outcome.found
    return replace(outcome, found=found and replace(found, gold=(), on_gold=(), units=()))


def _gold_indexed(question: Question, files: Container[str] | None) -> bool:
    return files is None or any(item.doc in files for item in question.evidence)


def run(
    system: System,
    questions: Sequence[Question],
    sources: Sources,
    *,
    depth: int = DEPTH,
    retrieve: bool = True,
    files: Container[str] | None = None,
    tick: Callable[[], None] = lambda: None,
) -> list[Outcome]:
    """Every question in order, one outcome each; ``tick`` is called after each.

    ``files`` are the source files in the index, where known. A question of which no gold file is among them
    (asked of another edition of the same papers) is judged by its facts, and ``gold_indexed`` says how many
    are left with gold. Where one gold file is in the index, all its gold counts.
    """
    outcomes = []
    for question in questions:
        outcome = put(system, question, sources, depth=depth, retrieve=retrieve)
        outcomes.append(outcome if _gold_indexed(question, files) else _without_gold(outcome))
        tick()
    return outcomes


@dataclass(frozen=True, slots=True)
class Summary:
    """What a set of outcomes comes to. ``rates`` carry their denominators; ``figures`` are plain numbers or
    None."""

    count: int
    rates: dict[str, Ratio]
    figures: dict[str, float | None]
    curve: tuple[tuple[float, float], ...] = ()


def _ndcg(found: Found, k: int) -> float:
    """nDCG of the gold spans: a hit gains one for each gold span it is the first to cover. The best order
    is over the units so found and, each by itself, the gold spans that no hit covers."""
    ranking = [f"hit {rank}" for rank in range(1, len(found.units) + 1)]
    gains = {name: float(len(unit)) for name, unit in zip(ranking, found.units, strict=True)}
    gains |= {f"unfound {i}": 1.0 for i, rank in enumerate(found.gold) if rank is None}
    return metrics.ndcg_at(ranking, gains, k)


def _within(ranks: Sequence[int | None], k: int) -> list[bool]:
    return [rank is not None and rank <= k for rank in ranks]


def _retrieval(outcomes: Sequence[Outcome]) -> dict[str, Ratio]:
    """Retrieval rates over the questions that have gold and were searched, errors among them."""
    with_gold = [o.found for o in outcomes if o.found and o.found.gold and o.question.answerable]
    with_facts = [o.found for o in outcomes if o.found and o.found.facts and o.question.answerable]
    rates: dict[str, Ratio] = {}
    for k in (1, 5, 10):
        rates[f"recall@{k}"] = metrics.mean([sum(_within(f.gold, k)) / len(f.gold) for f in with_gold])
        rates[f"facts@{k}"] = metrics.ratio([all(_within(f.facts, k)) for f in with_facts])
    rates["precision@5"] = metrics.mean([sum(f.on_gold[:5]) / 5 for f in with_gold])
    firsts = [min((rank for rank in f.gold if rank), default=None) for f in with_gold]
    rates["mrr"] = metrics.mean([1 / rank if rank else 0.0 for rank in firsts])
    searched = [o for o in outcomes if o.found is not None and o.question.answerable]
    rates["gold_indexed"] = metrics.ratio([bool(o.found and o.found.gold) for o in searched])
    rates["ndcg@10"] = metrics.mean([_ndcg(f, 10) for f in with_gold])
    return rates


def _citations(outcomes: Sequence[Outcome]) -> dict[str, Ratio]:
    """Citation rates. Precision and verbatim: of all citations given. Recall: of all required facts.
    ``cited`` : of the answers given, those whose markers and citations match one to one."""
    given = [o for o in outcomes if o.answered]
    cited = [c for o in given for c in o.cited]
    needed = [c for o in given if o.question.must for c in o.cited]
    facts = [
        said and any(c.facts[i] for c in o.cited)
        for o in outcomes
        if o.question.answerable
        for i, said in enumerate(o.facts)
    ]
    return {
        "citation_precision": metrics.ratio([c.supports for c in needed]),
        "citation_recall": metrics.ratio(facts),
        "verbatim": metrics.ratio([c.verbatim is True for c in cited]),
        "unchecked": metrics.ratio([c.verbatim is None for c in cited]),
        "cited": metrics.ratio([o.well_cited for o in given]),
    }


def _answers(outcomes: Sequence[Outcome]) -> dict[str, Ratio]:
    answerable = [o for o in outcomes if o.question.answerable]
    refused = metrics.refusals([o.question.answerable for o in outcomes], [o.declined for o in outcomes])
    return {
        "accuracy": metrics.ratio([o.correct for o in outcomes]),
        "answerable": metrics.ratio([o.correct for o in answerable]),
        "fact_recall": metrics.ratio([said for o in answerable for said in o.facts]),
        "wrong": metrics.ratio([o.answered and not o.correct for o in outcomes]),
        "errors": metrics.ratio([o.error is not None for o in outcomes]),
        "refusal_precision": refused.precision,
        "refusal_recall": refused.recall,
        "false_refusals": refused.false,
    }


def _figures(outcomes: Sequence[Outcome], curve: Sequence[tuple[float, float]]) -> dict[str, float | None]:
    times = [o.ms for o in outcomes]
    words = [float(len(o.text.split())) for o in outcomes if o.answered]
    interval = metrics.bootstrap_interval([float(o.correct) for o in outcomes])
    return {
        "accuracy_low": interval and interval[0],
        "accuracy_high": interval and interval[1],
        "ms_p50": metrics.percentile(times, 50),
        "ms_p95": metrics.percentile(times, 95),
        "words_p50": metrics.percentile(words, 50),
        "words_p95": metrics.percentile(words, 95),
        "long": metrics.ratio([count > LONG_ANSWER for count in words]).value,
        "risk_area": metrics.area_under(curve),
    }


def _confidence(outcome: Outcome) -> float:
    """What orders the risk curve: how sure the system was of an answer, else how good its best hit was."""
    if not outcome.answered:
        return float("-inf")
    top = outcome.found.top if outcome.found else None
    return next((sure for sure in (outcome.confidence, top) if sure is not None), 0.0)


def summarise(outcomes: Sequence[Outcome]) -> Summary:
    """Rates and figures of a set of outcomes. The risk curve orders answers by how sure the system was of
    them (by the score of the best hit where it does not say); declines and errors come last."""
    curve = metrics.risk_coverage([_confidence(o) for o in outcomes], [o.correct for o in outcomes])
    rates = _answers(outcomes) | _citations(outcomes) | _retrieval(outcomes)
    return Summary(len(outcomes), rates, _figures(outcomes, curve), tuple(curve))


def by_kind(outcomes: Sequence[Outcome]) -> dict[str, Summary]:
    """A Summary a kind of question, kinds in alphabetical order."""
    groups: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        groups[outcome.question.kind].append(outcome)
    return {kind: summarise(groups[kind]) for kind in sorted(groups)}

"""Narrative answers: the sentence or two that answer, verbatim."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from assistant.draft import Draft, Evidence, Line
from assistant.evidence.match import Matcher, Ranked
from assistant.evidence.resolved import asks_decision, decides, item_of
from assistant.evidence.retrieve import Hit, Query
from assistant.evidence.units import FIGURE, Stretch, Unit, row_text
from assistant.narrative.complete import completed, is_cut, tells_few
from assistant.question.definition import defines, thing_asked
from assistant.question.naming import YEARS, years_in
from corpus.text import fold
from index.generation import Index
from index.lexical import terms
from index.tokens import best_between

MAX_WORDS = 110
MAX_UNITS = 3
_SHORT = 45  # words that are shown of a passage which comes near
_NEAR = 0.55  # how well it must meet the question, of 1
_NEW_WEIGHT = 5.0  # log-odds that covering what the first sentence leaves open is worth to a further one
_FURTHER = 5.0  # log-odds by which a further sentence may be less likely than the first
# Log-odds that a further sentence has for standing in the same paper, in the same passage and right behind the first:
# it more likely goes on about the same thing.
_SAME_PAPER, _SAME_PASSAGE, _NEXT = 0.5, 0.5, 1.0
_MEANT = 0.57  # how well a passage must meet a question, of 1, for its item of the minutes to be the one asked about
_GAP = 3  # characters between a sentence and the next, at most


@dataclass(frozen=True, slots=True)
class Chosen:
    """The units of an answer in the order shown, and how well the first meets the question (0 to 1)."""

    units: tuple[Unit, ...]
    score: float


def narrate(query: Query, hits: Sequence[Hit], matcher: Matcher, max_words: int = MAX_WORDS) -> Draft | None:
    """Compose from passages within ``max_words``; None where nothing was found."""
    chosen = choose(query, hits, matcher, max_words)
    if chosen is None:
        return None
    lines = tuple(
        Line(
            _told(unit, query),
            (Evidence(unit.document.id, unit.span, unit.hit.passage.section),),
            verbatim=True,
        )
        for unit in chosen.units
    )
    few = tells_few(chosen.units, query.text) or any(map(is_cut, chosen.units))
    thing, first = thing_asked(query.text), chosen.units[0]
    return Draft(
        "narrative",
        lines,
        chosen.score,
        completeness="partial" if few else "complete",
        named=thing is not None and defines(thing, first.text) or _is_decision(query, first, hits[0]),
    )


def _is_decision(query: Query, unit: Unit, found: Hit) -> bool:
    """Whether a question asks what was decided, and a stretch says it under the item of the minutes that was found first
    and is meant."""
    item = item_of(found) if asks_decision(query.text) and found.maxsim >= _MEANT else None
    return item is not None and item_of(unit.hit) == item and decides(unit.text) > 0


def best_unit(query: Query, hit: Hit, matcher: Matcher) -> Unit:
    """The stretch of a passage that meets a question best; the whole passage where it has none of its own."""
    ranked = matcher.ranked(query, [hit])
    if ranked is None:
        return Unit(hit.document, hit.span, "sentence", hit, 0.0, np.zeros(0, np.float32))
    return ranked.unit(int(np.argmax(ranked.scores)))


def nearest_words(query: Query, hit: Hit, matcher: Matcher) -> str:
    """What of a passage meets a question best, as a reader sees it; empty where the passage is far from the question, or that
    is long or no sentence."""
    unit = best_unit(query, hit, matcher)
    told = shown(unit)
    near = hit.maxsim >= _NEAR and unit.kind != "heading"
    return told if near and len(told.split()) <= _SHORT else ""


def beside(drafts: Sequence[Draft | None]) -> Draft | None:
    """Several answers as one, in the order given, each line once; None unless there are two."""
    found = [draft for draft in drafts if draft]
    if len(found) < 2:
        return None
    kinds = {draft.kind for draft in found}
    return Draft(
        kinds.pop() if len(kinds) == 1 else "narrative",
        tuple(dict.fromkeys(line for draft in found for line in draft.lines)),
        sum(draft.confidence for draft in found) / len(found),
        bullets=any(draft.bullets for draft in found),
    )


def choose(query: Query, hits: Sequence[Hit], matcher: Matcher, max_words: int = MAX_WORDS) -> Chosen | None:
    """Pick the units that answer: the best one, then what adds most to it, within ``max_words``."""
    ranked = matcher.ranked(query, hits)
    if ranked is None:
        return None
    best = ranked.unit(int(np.argmax(ranked.scores)))
    picked = [completed(best, query.text)]
    words = len(picked[0].text.split())
    for unit in _further(ranked, best, query):
        if len(picked) >= MAX_UNITS or unit.score < best.score - _FURTHER:
            break
        if any(_overlap(unit, other) for other in picked):
            continue
        length = len(unit.text.split())
        if words + length > max_words:
            continue
        unit = completed(unit, query.text, max_words - words)
        if unit.text.rstrip("-– ").endswith(":") or any(_overlap(unit, other) for other in picked):
            continue  # it only announces what there is no room for, or was taken in by another
        picked.append(unit)
        words += len(unit.text.split())
    return Chosen(tuple(picked), float(best.covers @ query.question.weights))


def _further(ranked: Ranked, best: Unit, query: Query) -> Iterator[Unit]:
    """The other units, those first that cover what the best one leaves open and stand near it."""
    with np.errstate(invalid="ignore"):  # OpenBLAS now and then flags finite numbers (numpy/numpy#24067)
        gains = np.maximum(ranked.covers - best.covers, 0) @ query.question.weights
    scores = ranked.scores + _NEW_WEIGHT * gains + [_nearness(best, *one) for one in ranked.units]
    for at in np.argsort(-scores, kind="stable"):
        unit = ranked.unit(int(at), float(scores[at]))
        if unit.kind != "heading":
            yield unit


def _nearness(best: Unit, hit: Hit, stretch: Stretch) -> float:
    if hit.document.id != best.document.id:
        return 0.0
    same = _SAME_PASSAGE * (hit.position == best.hit.position)
    return _SAME_PAPER + same + _NEXT * (0 <= stretch.span.start - best.span.end <= _GAP)


def _overlap(a: Unit, b: Unit) -> bool:
    if a.document.id == b.document.id and a.span.start < b.span.end and b.span.start < a.span.end:
        return True
    one, other = _folded(a.text), _folded(b.text)
    return one in other or other in one


_folded = lru_cache(maxsize=4096)(fold)


def _told(unit: Unit, query: Query) -> str:
    """A unit as a sentence of an answer to a question; of a row the cells first whose columns the question names."""
    if unit.kind != "row":
        return shown(unit)
    asked = _names(query.text)
    raw = unit.span.of(unit.document.text)
    return _sentence(row_text(raw, unit.hit.passage.columns, lambda column: len(asked & _names(column))))


@lru_cache(maxsize=256)
def _names(text: str) -> frozenset[str]:
    """The stems of a text and the years that it names, however they are written."""
    return frozenset((*terms(YEARS.sub(" ", text)), *years_in(text)))


def shown(unit: Unit) -> str:
    """A unit as a sentence of an answer."""
    return _sentence(unit.text)


def _sentence(text: str) -> str:
    text = " ".join(text.split())
    return text if text.endswith((".", "!", "?", ":", ";")) else f"{text}."


_COUNTED = re.compile(
    r"\b(?:how (?:many|much)|number of|percentage of|proportion of|share of|rate of|amount of)\s+(?:of\s+)?(?:the\s+)?([\w'’-]+)"
)
_REACH = 45  # characters on either side of a figure within which what it counts is looked for


def figure_near(hit: Hit, query: Query, index: Index) -> float:
    """For a question that counts something: how near in meaning the words around a figure of the passage come to what is
    counted, at best 1; 0 where the question counts nothing or the passage has no figure."""
    counted = _COUNTED.search(query.text)
    if not counted:
        return 0.0
    asked = (query.encoded.starts >= counted.start(1)) & (query.encoded.starts < counted.end(1))
    figures = np.array([figure.span() for figure in FIGURE.finditer(hit.text)], np.intp).reshape(-1, 2)
    if not len(figures) or not asked.any():
        return 0.0
    table, starts = index.tokens.table(query.question, hit.position)
    head = len(hit.passage.context) + 1
    reach = np.maximum(figures + (head - _REACH, head + _REACH), head)
    bounds = np.searchsorted(starts, reach)
    bounds = bounds[bounds[:, 0] < bounds[:, 1]]
    if not len(bounds):
        return 0.0
    near = best_between(table[asked], bounds)
    return max(0.0, float(near.mean(axis=0).max()))

"""Narrative answers: the sentence or two that answer, verbatim."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.complete import completed
from assistant.draft import Draft, Evidence, Line
from assistant.retrieve import Hit, Query
from assistant.units import Stretch, Unit, Units, names_columns
from corpus.text import fold
from index.embed import Floats
from index.generation import Index

MAX_WORDS = 110
MAX_UNITS = 3
_PASSAGES = 10
_HIT_WEIGHT = 0.35
_WANTED_BONUS = 0.06
_NEW_WEIGHT = 0.6  # what covering question words that are not covered yet is worth for a further sentence
_MIN_FURTHER = 0.80  # a further sentence scores at least this share of the first

_WANTS = (
    (
        re.compile(
            r"\bhow (?:many|much|big|large|far|fast|long|old|often)|\bwhat (?:percentage|proportion|share|number|rate|"
            r"amount|figure|level|sum|budget|cost)|\bpercentage|\bproportion of|\bnumber of|\bstatistic"
        ),
        "number",
    ),
    (
        re.compile(
            r"\bwhen\b|\bwhat (?:date|day|year|month|time)|\bwhich (?:date|day|year|month)|\bby when|\bhow soon"
        ),
        "time",
    ),
    (
        re.compile(r"\bwho\b|\bwhom\b|\bwhose\b|\bname the\b|\bwhich (?:person|people|officer|councillor)"),
        "person",
    ),
)


@dataclass(frozen=True, slots=True)
class Chosen:
    """The units of an answer in the order shown, and how sure the choice is."""

    units: tuple[Unit, ...]
    score: float


@dataclass(frozen=True, slots=True)
class Ranked:
    """The ``n`` units of some passages: ``scores`` (n,) how well each meets the question, ``covers`` (n, q)."""

    units: Sequence[tuple[Hit, Stretch]]
    scores: Floats
    covers: Floats

    def unit(self, at: int, score: float | None = None) -> Unit:
        """One of them; with another score if given."""
        hit, stretch = self.units[at]
        told = float(self.scores[at]) if score is None else score
        return Unit(hit.document, stretch.span, stretch.kind, hit, told, self.covers[at])


def narrate(query: Query, hits: Sequence[Hit], units: Units, max_words: int = MAX_WORDS) -> Draft | None:
    """Compose from passages within ``max_words``; None where nothing was found."""
    chosen = choose(query, hits, units, max_words)
    if chosen is None:
        return None
    lines = tuple(
        Line(shown(unit), (Evidence(unit.document.id, unit.span, unit.hit.passage.section),))
        for unit in chosen.units
    )
    return Draft("narrative", lines, chosen.score, completeness="complete")


def best_unit(query: Query, hit: Hit, units: Units) -> Unit:
    """The stretch of a passage that meets a question best; the whole passage where it has none of its own."""
    ranked = _ranked(query, [hit], units)
    if ranked is None:
        return Unit(hit.document, hit.span, "sentence", hit, 0.0, np.zeros(0, np.float32))
    return ranked.unit(int(np.argmax(ranked.scores)))


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


def choose(query: Query, hits: Sequence[Hit], units: Units, max_words: int = MAX_WORDS) -> Chosen | None:
    """Pick the units that answer: the best one, then what adds most to it, within ``max_words``."""
    ranked = _ranked(query, hits[:_PASSAGES], units)
    if ranked is None:
        return None
    best = ranked.unit(int(np.argmax(ranked.scores)))
    picked = [completed(best, query.text)]
    words = len(picked[0].text.split())
    for unit in _further(ranked, best, query):
        if len(picked) >= MAX_UNITS or unit.score < _MIN_FURTHER * best.score:
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
    return Chosen(tuple(picked), best.score)


def _ranked(query: Query, hits: Sequence[Hit], units: Units) -> Ranked | None:
    """Every unit of the passages once, scored; None where they have none."""
    wants = wanted(query.text)
    best_hit = max((hit.score for hit in hits), default=1.0) or 1.0
    seen: set[str] = set()
    found: list[tuple[Hit, Stretch]] = []
    bonus: list[float] = []
    covers: list[Floats] = []
    for hit in hits:
        if names_columns(hit.passage):
            continue
        stretches, covered = units.of(hit, query)
        for stretch, cover in zip(stretches, covered, strict=True):
            if stretch.key in seen:
                continue
            seen.add(stretch.key)
            met = sum(1 if name in stretch.holds else -1 for name in wants)
            found.append((hit, stretch))
            covers.append(cover)
            bonus.append(_HIT_WEIGHT * hit.score * hit.score / best_hit + _WANTED_BONUS * met - stretch.malus)
    if not found:
        return None
    each = np.array(covers)
    return Ranked(found, (1 - _HIT_WEIGHT) * (each @ query.question.weights) + np.array(bonus), each)


def wanted(question: str) -> list[str]:
    """What an answer must hold by the form of its question: a number, a time, a person."""
    folded = fold(question)
    return [name for cue, name in _WANTS if cue.search(folded)]


def _further(ranked: Ranked, best: Unit, query: Query) -> Iterator[Unit]:
    """The other units, those first that cover what the best one leaves open."""
    gains = np.maximum(ranked.covers - best.covers, 0) @ query.question.weights
    scores = ranked.scores + _NEW_WEIGHT * gains
    for at in np.argsort(-scores, kind="stable"):
        unit = ranked.unit(int(at), float(scores[at]))
        if unit.kind != "heading":
            yield unit


def _overlap(a: Unit, b: Unit) -> bool:
    if a.document.id == b.document.id and a.span.start < b.span.end and b.span.start < a.span.end:
        return True
    return fold(a.text) in fold(b.text) or fold(b.text) in fold(a.text)


def shown(unit: Unit) -> str:
    """A unit as a sentence of an answer."""
    words = unit.text.split()
    text = " ".join(words)
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
    table, starts = index.tokens.table(query.question, hit.position)
    head, best = len(hit.passage.context) + 1, 0.0
    for figure in re.finditer(r"\d[\d,.]*", hit.text):
        around = (starts >= figure.start() + head - _REACH) & (starts < figure.end() + head + _REACH)
        around &= starts >= head
        if asked.any() and around.any():
            best = max(best, float(table[asked][:, around].max(axis=1).mean()))
    return best

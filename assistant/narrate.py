"""Narrative answers: the sentence or two that answer, verbatim."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from assistant.complete import completed
from assistant.draft import Draft, Evidence, Line
from assistant.retrieve import Hit, Query
from assistant.units import Unit, cells_of, units_of
from corpus.text import fold
from index.embed import Floats
from index.generation import Index

MAX_WORDS = 110
MAX_UNITS = 3
_PASSAGES = 10
_HIT_WEIGHT = 0.35
_WANTED_BONUS = 0.06
_HEADING_MALUS = 0.08
_FRAGMENT = 4  # words; less is the rest of a line that was broken off
_FORM_MALUS = 0.10
_NEW_WEIGHT = 0.6  # what covering question words that are not covered yet is worth for a further sentence
_MIN_FURTHER = 0.80  # a further sentence scores at least this share of the first
_LENGTH_MALUS = 0.001  # a word

_NUMBER = re.compile(
    r"\d|\b(?:dozen|half|hundred|thousand|million|no|none|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty)\b"
)
_TIME = re.compile(
    r"\b(?:19|20)\d\d\b|\b(?:january|february|march|april|may|june|july|august|september|october|november|december"
    r"|spring|summer|autumn|winter|monthly|weekly|annual|annually|quarterly|daily|ongoing)\b"
)
_PERSON = re.compile(
    r"\b(?:Mr|Mrs|Ms|Dr|Cllr|Councillor|Sir|Professor|Chair|Director)\b|\b[A-Z][a-z]+ [A-Z][a-z]+"
)
_WANTS = (
    (
        re.compile(
            r"\bhow (?:many|much|big|large|far|fast|long|old|often)|\bwhat (?:percentage|proportion|share|number|rate|"
            r"amount|figure|level|sum|budget|cost)|\bpercentage|\bproportion of|\bnumber of|\bstatistic"
        ),
        _NUMBER,
        "fold",
    ),
    (
        re.compile(
            r"\bwhen\b|\bwhat (?:date|day|year|month|time)|\bwhich (?:date|day|year|month)|\bby when|\bhow soon"
        ),
        _TIME,
        "fold",
    ),
    (
        re.compile(r"\bwho\b|\bwhom\b|\bwhose\b|\bname the\b|\bwhich (?:person|people|officer|councillor)"),
        _PERSON,
        "plain",
    ),
)


@dataclass(frozen=True, slots=True)
class Chosen:
    """The units of an answer in the order shown, and how sure the choice is."""

    units: tuple[Unit, ...]
    score: float


def narrate(query: Query, hits: Sequence[Hit], index: Index, max_words: int = MAX_WORDS) -> Draft | None:
    """Compose from passages within ``max_words``; None where nothing was found."""
    chosen = choose(query, hits, index, max_words)
    if chosen is None:
        return None
    lines = tuple(
        Line(shown(unit), (Evidence(unit.document.id, unit.span, unit.hit.passage.section),))
        for unit in chosen.units
    )
    return Draft("narrative", lines, chosen.score, completeness="complete")


def best_unit(query: Query, hit: Hit, index: Index) -> Unit:
    """The stretch of a passage that meets a question best; the whole passage where it has none of its own."""
    units = _ranked(query, [hit], index)
    return units[0] if units else Unit(hit.document, hit.span, "sentence", hit, 0.0, np.zeros(0, np.float32))


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


def choose(query: Query, hits: Sequence[Hit], index: Index, max_words: int = MAX_WORDS) -> Chosen | None:
    """Pick the units that answer: the best one, then what adds most to it, within ``max_words``."""
    ranked = _ranked(query, hits[:_PASSAGES], index)
    if not ranked:
        return None
    best = ranked[0]
    picked = [completed(best, query.text)]
    words = len(picked[0].text.split())
    for unit in _further(ranked[1:], best.covers, query):
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


def _ranked(query: Query, hits: Sequence[Hit], index: Index) -> list[Unit]:
    wants = wanted(query.text)
    best_hit = max((hit.score for hit in hits), default=1.0) or 1.0
    seen: set[str] = set()
    out: list[Unit] = []
    for hit in hits:
        for unit in units_of(hit, query, index):
            key = fold(unit.span.of(unit.document.text))
            if key in seen or is_header_row(unit):
                continue
            seen.add(key)
            out.append(_scored(unit, hit.score / best_hit, wants))
    return sorted(out, key=lambda unit: -unit.score)


def _scored(unit: Unit, hit_share: float, wants: Sequence[tuple[re.Pattern[str], str]]) -> Unit:
    score = unit.score * (1 - _HIT_WEIGHT) + _HIT_WEIGHT * unit.hit.score * hit_share
    text = unit.text
    score -= _LENGTH_MALUS * len(text.split())
    for pattern, form in wants:
        score += _WANTED_BONUS if pattern.search(fold(text) if form == "fold" else text) else -_WANTED_BONUS
    if unit.kind == "heading":
        score -= _HEADING_MALUS
    if text.endswith("?") or (unit.kind == "sentence" and len(text.split()) < _FRAGMENT):
        score -= _FORM_MALUS
    return replace(unit, score=score)


def is_header_row(unit: Unit) -> bool:
    """Whether a row only names its table's columns."""
    columns = [fold(column) for column in unit.hit.passage.columns if column]
    return unit.kind == "row" and bool(columns) and columns == [fold(c) for c in cells_of(unit.hit.text) if c]


def wanted(question: str) -> list[tuple[re.Pattern[str], str]]:
    """What an answer must hold by the form of its question: a number, a time, a person."""
    folded = fold(question)
    return [(pattern, form) for cue, pattern, form in _WANTS if cue.search(folded)]


def _further(units: Sequence[Unit], covered: Floats, query: Query) -> list[Unit]:
    """The other units, those first that cover what the best one leaves open."""
    weights = query.question.weights
    gains = [
        replace(unit, score=unit.score + _NEW_WEIGHT * float(np.maximum(unit.covers - covered, 0) @ weights))
        for unit in units
        if unit.kind != "heading"
    ]
    return sorted(gains, key=lambda unit: -unit.score)


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

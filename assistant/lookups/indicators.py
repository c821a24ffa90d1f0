"""Answers about indicators: what is aimed at, from where and by when, and where documents disagree about it."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import cached_property

from assistant.draft import Draft, Line, of_record
from assistant.evidence.link import Linked, Linker
from assistant.evidence.units import FIGURE
from assistant.question.understand import Ask
from corpus.model import Indicator, Record, Value
from corpus.text import fold, plain
from index.lexical import terms
from index.query import RegisterQuery, words

_CUE = 0.15  # what a cue of the intent adds to how well the record is linked
_NUMBERED = 1.0  # how sure it is what is meant where a number is told
_CLOSE = 0.06
_MOST = 3
_ENOUGH = 2  # words of a wording by which it is known
_MEASURING = frozenset(
    terms(
        "target targets baseline baselines floor latest actual previous result figure figures value values level kpi kpis indicator "
        "indicators measure measures rag rating status set goal what is the for of and what's what's it its current now today"
    )
)
_SHORT = 12  # words of a further figure
_SHORT_SOURCE = 25  # words
_SOURCE_ASKED = re.compile(
    r"\bsources?\b|\bsurvey|\bdata ?sets?\b|\bmeasure[sd]?\b|\bmeasuring\b|\bcollect|\bverif|\bdefin|\bwhose figures\b|"
    r"\b(?:figures?|data|numbers?) (?:for .{1,60} )?comes? from\b|\bkinds? of\b|\bincluded\b|\bcounted\b"
)
_NAME_TOLD = 0.6  # share of the words of a quoted row that stand in the indicator which it sums up
_NAME_WORDS = 3
_NO_VALUE = re.compile(r"\b(?:19|20)\d\d(?:/\d\d)?\b|\b[a-zA-Z\d]{1,2}\.\d{1,2}(?=[:;)])")
_SUMMED = 0.15  # how much worse the wording of an indicator may be linked that has the figures
_BY_NUMBER = re.compile(r"\b(?:indicators?|measures?|kpis?) (?:no\.? |number )?([a-z\d]{1,2}\.\d{1,2})\b")
_UNSET = re.compile(r"\bX{1,4}\b|\b[A-Za-z]%")  # letters where a figure is to be filled in
_RATE = re.compile(r"\d[\d.,]*\s*(?:%|per cent|per 100,000|percentage point)")


class Indicators:
    """Composes answers from the indicators of a register."""

    def __init__(self, register: RegisterQuery, linker: Linker) -> None:
        self._register = register
        self._linker = linker

    def draft(self, ask: Ask) -> Draft | None:
        """The aim of the indicator that is meant, by its number or by what it is about, and where another document gives
        other figures for it, those too; None where there is no indicator."""
        told = self._told(ask) or self._only(ask)
        linked = [] if told else self._linker.records(ask.wordings, ("indicator",), ask.documents)
        if not (told or linked):
            return None
        found = told or self._same(linked, ask.documents)
        by_aim: dict[tuple[object, ...], Indicator] = {}
        for one in found:
            kept = by_aim.setdefault(_aim(one), one)
            by_aim[_aim(one)] = max(kept, one, key=_fullness)
        cued = _CUE if ask.reading.has("indicator") else (_CUE / 3 if ask.reading.has("many") else 0.0)
        score = _NUMBERED if told else linked[0].score
        return Draft(
            "indicator", self._lines(list(by_aim.values())[:_MOST], ask), score + cued, named=bool(told)
        )

    def _told(self, ask: Ask) -> list[Indicator]:
        """The indicators whose number is told, newest document first."""
        number = _BY_NUMBER.search(ask.reading.folded)
        found = self._register.with_number(number[1]) if number else []
        held = [one for one in found if one.document in ask.documents]
        return sorted(held, key=self._date, reverse=True)

    def _only(self, ask: Ask) -> list[Indicator]:
        """The indicator of which a question that asks for its target or baseline says nothing but words of its wording, if
        there is but one, newest document first."""
        about = set(terms(ask.reading.topic)) - _MEASURING
        if not ask.reading.has("measure") or len(about) < _ENOUGH:
            return []
        held = [one for one, worded in self._worded if about <= worded and one.document in ask.documents]
        baseline = "baseline" in ask.reading.folded
        if not held or not all(_is_same(held[0], one) for one in held) or (baseline and not held[0].baseline):
            return []
        return sorted(held, key=self._date, reverse=True)

    @cached_property
    def _worded(self) -> list[tuple[Indicator, frozenset[str]]]:
        """Each indicator with the stems of its number and wording."""
        every = self._register.register.indicators
        return [(one, frozenset(terms(f"{_number(one)} {one.text}"))) for one in every]

    def _same(self, linked: Sequence[Linked], documents: Collection[str]) -> list[Indicator]:
        """The indicator that is meant most, and after it the same one in other documents, newest first."""
        first = _with_figures(linked)
        numbered = [r for r in self._register.numbered_as(first) if r.document in documents]
        close = [one.record for one in linked[1:] if one.score > linked[0].score - _CLOSE]
        others = {r.id: r for r in (*numbered, *close) if isinstance(r, Indicator) and _is_same(first, r)}
        others.pop(first.id, None)
        return [first, *sorted(others.values(), key=self._date, reverse=True)]

    def _lines(self, found: Sequence[Indicator], ask: Ask) -> tuple[Line, ...]:
        sourced = bool(_SOURCE_ASKED.search(ask.reading.folded))
        if not any(_disagree(found[0], other) for other in found[1:]):
            return tuple(self._line(one, sourced) for one in found)
        first, *others = [self._line(one, sourced) for one in sorted(found, key=self._date, reverse=True)]
        return (Line(f"The documents disagree. {first.text}", first.evidence), *others)

    def _line(self, record: Indicator, sourced: bool) -> Line:
        """An indicator with its aims, and its source where that is short or asked for."""
        number = _number(record)
        title = self._register.documents[record.document].name
        where = f"indicator {number}, {title}" if number else title
        source = (
            f"; source: {plain(record.source)}"
            if record.source and (sourced or len(record.source.split()) <= _SHORT_SOURCE)
            else ""
        )
        text = re.sub(r"^[^\w%£]+", "", record.text).rstrip(". ")
        return Line(f"{aim_of(record)}{text}{_figures(record)} ({where}{source}).", (of_record(record),))

    def _date(self, record: Record) -> str:
        return self._register.documents[record.document].date or ""


def _with_figures(linked: Sequence[Linked]) -> Indicator:
    """The indicator that is linked best; where it only stands in a summary, the same one with its figures in that
    document."""
    first, *others = [one.record for one in linked if one.score > linked[0].score - _SUMMED]
    assert isinstance(first, Indicator)
    if first.target or first.baseline:
        return first
    told = (r for r in others if isinstance(r, Indicator) and r.target and r.document == first.document)
    return next((one for one in told if _is_same(first, one)), first)


def aim_of(record: Indicator) -> str:
    """What goes before an indicator's wording, with a space behind it: its target and baseline where the wording tells of
    a change from the one to the other and of no further figure, that no target is set where letters stand in for one,
    else that what follows is a target or an aim; empty where none is told, or the figures are told behind the wording."""
    if _figures(record):
        return ""
    if _UNSET.search(record.text):
        return "Target not yet set: "
    if not (record.by or record.target):
        return "Aim: " if record.direction else ""
    if not _is_plain_change(record):
        return "Target: "
    by = f" by {record.by}" if record.by else ""
    return f"Target: {_found(record.target)}{by}; baseline: {_value(record.baseline)}. "


def _is_plain_change(record: Indicator) -> bool:
    """Whether an indicator's wording goes from its baseline to its target and holds no other figure of their kind: for
    another place or group, or how near to something it shall come."""
    baseline, target = re.escape(_found(record.baseline)), re.escape(_found(record.target))
    if not (baseline and target):
        return False
    said = rf"\bfrom {baseline}.* to {target}|\bto {target}.* from {baseline}"
    rest = record.text.replace(_found(record.target), " ", 1).replace(_found(record.baseline), " ", 1)
    return bool(re.search(said, record.text)) and not _RATE.search(rest)


def _aim(record: Indicator) -> tuple[object, ...]:
    """What an indicator is to change from and to: its values, or the last two figures of its wording."""
    if _is_plain_change(record) and record.baseline and record.target:
        return (record.baseline.number, record.target.number)
    return tuple(re.findall(r"\d+(?:[.,]\d+)*", fold(record.text).replace(" five %", " 5%")))[-2:]


def _fullness(record: Indicator) -> int:
    """How much a row tells beside its wording: its target and baseline, the year of that, its number, its source."""
    values = (record.target, record.baseline, record.baseline and record.baseline.year)
    return sum(map(bool, (*values, record.number, record.source)))


def _figures(record: Indicator) -> str:
    """What an indicator is to change from and to and by when, and its other figures, as far as its wording does not say
    it; empty or with a colon before it."""
    told = [
        ("baseline", _value(record.baseline)),
        ("target", _value(record.target)),
        ("by", record.by or ""),
        *((name, value) for name, value in record.other if name != "number" and len(value.split()) <= _SHORT),
    ]
    said, shown = fold(record.text), []
    for name, value in told:
        if value and fold(value) not in said:
            shown.append(f"{name} {value}" if fold(name) not in fold(value) else value)
            said += f" {fold(value)}"
    return f": {'; '.join(shown)}" if shown and not _says_aim(record) else ""


def _found(value: Value | None) -> str:
    return value.found if value else ""


def _value(value: Value | None) -> str:
    year = f" ({value.year})" if value and value.year and value.year not in value.found else ""
    return f"{_found(value)}{year}"


def _says_aim(record: Indicator) -> bool:
    """Whether an indicator's wording itself says what is aimed at."""
    return bool(re.search(r"\bwill\b|\bby (?:20\d\d|XXXX)", record.text)) or not (
        record.baseline or record.target or record.other
    )


def _disagree(a: Indicator, b: Indicator) -> bool:
    """Whether two documents give different targets for the indicator of one number."""
    if a.document == b.document or not _number(a) or _number(a) != _number(b):
        return False
    return _is_plain_change(a) and _is_plain_change(b) and _aim(a)[1] != _aim(b)[1]


def _number(record: Indicator) -> str:
    """The number of an indicator as printed, in its row or beside it; empty where it has none."""
    return record.number or dict(record.other).get("number") or ""


def _is_same(a: Indicator, b: Indicator) -> bool:
    """Whether two indicators measure the same: they share a number, or most of their words."""
    if _number(a) and _number(a) == _number(b):
        return True
    one, two = set(words(a.text).split()), set(words(b.text).split())
    return len(one & two) >= 0.6 * min(len(one), len(two))


def gives_figures(draft: Draft, quoted: Draft) -> bool:
    """Whether a draft tells the figures of the indicator of which another quotes little more than the name, as a summary
    does."""
    if draft.kind != "indicator" or not draft.lines or not quoted.lines:
        return False
    name, told = quoted.lines[0].text, draft.lines[0].text
    said = set(terms(name))
    same = len(said.intersection(terms(told))) >= max(_NAME_TOLD * len(said), _NAME_WORDS)
    return same and _values(name) < _values(told)


def _values(text: str) -> set[str]:
    """The figures of a text that are no year and no indicator's number."""
    return set(FIGURE.findall(_NO_VALUE.sub(" ", text)))

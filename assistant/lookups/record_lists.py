"""Lists and counts of indicators, commitments, milestones and entries: all, or those under an outcome, of a time, on a
subject, or without a target or baseline. Complete: the number told is the number there is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.draft import Draft, Line
from assistant.phrases import (
    NUMBERS,
    OUTCOME,
    figure_of,
    join,
    number_word,
    outcome_words,
    together,
    whole_list,
)
from assistant.question.understand import Ask
from corpus.model import Commitment, Indicator, Milestone, Record
from corpus.text import MONTHS, fold
from index.lexical import terms
from index.query import RegisterQuery

_SURE, _PERHAPS = 1.15, 0.9
_NOUNS = {
    "indicators": "indicators",
    "measures": "indicators",
    "commitments": "commitments",
    "milestones": "milestones",
    "plans": "entries",
    "entries": "entries",
    "rows": "entries",
    "priorities": "priorities",
}
_ASKED = re.compile(
    r"\b(?P<how>how many|number of|count(?: of)?|list|name|show(?: me)?|give(?: me)?|all|every|which|what(?: are)?)"
    rf" (?:(?!and\b|under\b|in\b)\w+ ){{0,3}}?(?P<noun>{'|'.join(_NOUNS)})\b(?! (?:how|whether|if)\b)"
)
_NUMBER = re.compile(rf"(?P<of>of (?:all )?the )?\b({'|'.join(NUMBERS[1:])}|\d{{1,3}})\b")
_COUNTS = ("how many", "number of", "count", "count of")
_WITHOUT = re.compile(
    r"\b(?:no|without|lacks?|lacking|missing|not have|haven't|don't have|not got)\b (?:an? |any |yet |their |its )*"
    r"(target|baseline)s?\b"
)
_TIME = re.compile(
    rf"\b(?:(?P<until>by|before|until|up to) (?:the end of )?)?(?:(?P<month>{'|'.join(MONTHS)}) )?(?P<year>(?:19|20)\d\d)\b"
)
_DUE = re.compile(
    rf"\bwhat(?:'s| is| are| falls)? due\b|^(?:the )?milestones? (?=.*(?:{_TIME.pattern}|{OUTCOME.pattern}))"
)
_OWN_WORDS = frozenset(
    terms(
        "how many number count list name show give me all every which what are is was were there have has do does the a "
        "in of for on to by under about with shared outcome outcomes plan plans document listed named table tables total "
        "contain set due fall falls come comes belong belongs sit sits stand stands go goes made make related relating concerning cover covers deal deals mention mentions please can you"
    )
)
# What stands before the noun and names no subject.
_OF_ALL_SORTS = frozenset(
    terms(
        "key main different current available new final draft latest overall headline official actual various other own "
        "individual separate published strategic success performance delivery whole entire total numbered listed top"
    )
) | frozenset(stem for word in NUMBERS for stem in terms(word))


@dataclass(frozen=True, slots=True)
class Scope:
    """Which of the records are asked for, and how that is told."""

    records: tuple[Record, ...]
    told: tuple[str, ...]
    sure: bool
    outcome: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether all records are meant, or all under an outcome: a number says enough."""
        return len(self.told) == bool(self.outcome)


class RecordLists:
    """Composes lists and counts from complete records."""

    def __init__(self, register: RegisterQuery) -> None:
        self._register = register

    def draft(self, ask: Ask) -> Draft | None:
        """The records that a question wants listed or counted; None where it wants none, or others than these."""
        folded = ask.reading.folded
        found = _ASKED.search(folded) or (
            _DUE.search(folded) if _TIME.search(folded) or OUTCOME.search(folded) else None
        )
        if not found or ask.reading.has("nolead", "diff"):
            return None
        told = found.groupdict()
        noun, counts = told.get("noun") or "milestones", told.get("how") in _COUNTS
        how = told.get("how")
        subject = _subject(found.group().removeprefix(how).removesuffix(noun)) if how else ""
        scope = self._scope(ask, noun, folded.replace(found.group(), f" {subject} "))
        if scope is None or not scope.records:
            return None
        if _NOUNS[noun] == "entries" and not (counts and scope.sure):
            return None  # plans are listed by what they stand under
        number = _NUMBER.search(OUTCOME.sub(" ", found.group()))
        meant = self._records(ask, noun) if number and number["of"] else scope.records
        if number and figure_of(number[2]) != str(len(meant)):
            return None  # "the ten commitments" are others than these
        lines = self._lines(scope, noun, listed=not (counts and scope.is_whole))
        return Draft("list", lines, _SURE if scope.sure else _PERHAPS, bullets=len(lines) > 1)

    def _scope(self, ask: Ask, noun: str, said: str) -> Scope | None:
        """The records meant by what a question says beside the words that ask for a list of them."""
        records = self._records(ask, noun)
        told, outcome = [], ""
        if found := OUTCOME.search(said):
            outcome, said = figure_of(found.group(1)), said.replace(found.group(), " ")
            records = [r for r in records if _outcome(r) == outcome]
            told.append(f"under outcome {outcome}")
        if (found := _WITHOUT.search(said)) and _NOUNS[noun] == "indicators":
            kind, said = found.group(1), said.replace(found.group(), " ")
            records = [r for r in records if getattr(r, kind) is None]
            told.append(f"for which no {kind} was read")
        if (found := _TIME.search(said)) and noun == "milestones":
            said = said.replace(found.group(), " ")
            month, year, until = found["month"], found["year"], found["until"] or "for"
            records = [r for r in records if _falls(r, month, year, until)]
            told.append(f"{until} {f'{month.capitalize()} ' if month else ''}{year}")
        topic = self._topic(said, ask)
        if noun == "priorities" and (topic or not outcome):
            return None  # those of places are another matter
        if not topic:
            return Scope(tuple(records), tuple(told), True, outcome)
        if _NOUNS[noun] == "entries":
            return None  # plans on a subject are what search and the other look-ups are for
        about = tuple(r for r in records if topic <= set(terms(_item(r))))
        return Scope(about, (*told, f"on “{_phrase(said)}”"), False, outcome)

    def _records(self, ask: Ask, noun: str) -> list[Record]:
        """All records of a kind in the documents asked about; of indicators those with a number, where any has one."""
        records = [r for r in self._all(noun) if r.document in ask.documents]
        return [r for r in records if isinstance(r, Indicator) and r.number] or records

    def _all(self, noun: str) -> list[Record]:
        """All records of a kind; of the priorities that commitments stand under the first row of each."""
        if noun != "priorities":
            return list(getattr(self._register.register, _NOUNS[noun]))
        rows = [e for e in self._register.register.entries if e.priority]
        first = {(e.document, e.outcome, e.priority): e for e in reversed(rows)}
        return [e for e in rows if first[(e.document, e.outcome, e.priority)] is e]

    def _topic(self, said: str, ask: Ask) -> set[str]:
        """Stems of what else a question names, beside words of asking and of titles."""
        documents = [self._register.documents[one] for one in ask.documents]
        titles = {word for one in documents for word in terms(f"{one.title} {one.short_title}")}
        return {stem for stem in terms(said) if stem not in titles | _OWN_WORDS and not stem.isdigit()}

    def _lines(self, scope: Scope, noun: str, *, listed: bool) -> tuple[Line, ...]:
        number = len(scope.records)
        documents = [
            self._register.documents[one] for one in dict.fromkeys(r.document for r in scope.records)
        ]
        where = " and the ".join(one.name for one in documents)
        what = (
            noun
            if number != 1
            else {"entries": "entry", "priorities": "priority"}.get(noun, noun.removesuffix("s"))
        )
        head = " ".join(
            [
                f"The {where} {'has' if len(documents) == 1 else 'have'} {number_word(number)} {what}",
                *scope.told,
            ]
        )
        if not listed:
            by = _by_outcome(scope.records) if not scope.told else ""
            return (Line(f"{head}{by}.", together(scope.records)),)
        return whole_list(f"{head}:", scope.records, _priority if noun == "priorities" else _item)


def _subject(between: str) -> str:
    """What stands between the words that ask for a list and its noun, without words that name no subject."""
    outcome = OUTCOME.search(between)
    words = (word for word in OUTCOME.sub(" ", between).split() if not set(terms(word)) <= _OF_ALL_SORTS)
    return " ".join([*([outcome.group()] if outcome else []), *words])


def _outcome(record: Record) -> str:
    """The number of the outcome that a record stands under, by its own word or by the headings above it; else ""."""
    if own := getattr(record, "outcome", None):
        return str(own).split(" ")[0]
    above = OUTCOME.findall(fold(record.section))
    return figure_of(above[-1]) if above else ""


def _phrase(said: str) -> str:
    """What is left of a question without words of asking at either end."""
    left = re.findall(r"[\w'’-]+", said)
    asking = [all(stem in _OWN_WORDS for stem in terms(word)) for word in left]
    first, last = asking.index(False), len(asking) - asking[::-1].index(False)
    return " ".join(left[first:last])


def _falls(record: Record, month: str | None, year: str, until: str) -> bool:
    """Whether a milestone falls "for" a month of a year or a year, "before" it, or before its end: "by" and "until"."""
    if not isinstance(record, Milestone):
        return False
    if record.date:
        asked = f"{year}-{MONTHS.index(month) + 1:02}" if month else year
        inside = record.date.startswith(asked)
        return until != "before" and inside or until != "for" and not inside and record.date < asked
    return year in record.when and (not month or month in fold(record.when))


def _item(record: Record) -> str:
    if isinstance(record, Indicator):
        return f"{record.number}: {record.text}" if record.number else record.text
    if isinstance(record, Milestone):
        return f"{record.what}: {record.when}"
    return record.name if isinstance(record, Commitment) else str(getattr(record, "plan", "") or "")


def _priority(record: Record) -> str:
    return str(getattr(record, "priority", None) or "")


def _by_outcome(records: Sequence[Record]) -> str:
    """ ": 24 under outcome 1, three under others"; empty where they stand under one or none."""
    found = Counter(map(_outcome, records))
    numbered = sorted(one for one in found if one.isdigit())
    if len(numbered) < 2:
        return ""
    told = [f"{number_word(found[one])} under {outcome_words(one)}" for one in numbered]
    others = len(records) - sum(found[one] for one in numbered)
    return f": {join([*told, f'{number_word(others)} under none of these'] if others else told)}"

"""What short forms stand for, and the short forms of names, from the register."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence

from assistant.draft import Draft, Line, of_record
from assistant.question.understand import Reading
from corpus.model import Acronym
from index.lexical import terms
from index.query import RegisterQuery, words

_SURE = 1.15  # as sure as any look-up whose cue and name stand in the question
_MOST = 3  # meanings told
_BARE = 4  # content words of a question about nothing but a short form
_LONG = 8  # letters from which a name is looked for in a question
_MEANING_OF = re.compile(
    r"\b(?P<before>(?!(?:that|this|it|they|these|those) )[\w&/.-]{1,40}) (?:actually )?(?:stands?|means?|meaning|acronym|short for|in full)\b"
    r"|\b(?:meaning of|what(?:'s| is| are)|initials|letters|abbreviation) (?:an? |the )?(?P<after>[\w&/.-]+) ?\??$"
)
_INTENDS = re.compile(
    r"^(?!.*\bstands? for\b).*\bmeans? (?:to|for|that)\b"
)  # what a body means to do, or a thing means for somebody
_PAIR = re.compile(
    r"\b([A-Z][A-Za-z&]*[A-Z])\b(?: (?:stand for|mean))?\W+and (?:what )?(?:does |is |do )?([A-Z][A-Za-z&]*[A-Z])\b"
)


class ShortForms:
    """Looks short forms up in one register."""

    def __init__(self, register: RegisterQuery) -> None:
        self._acronyms = register.register.acronyms

    def draft(self, reading: Reading, documents: Collection[str]) -> Draft | None:
        """What a short form stands for, or the short form of a name; None where neither is asked for."""
        if not reading.has("acronym") or _INTENDS.search(reading.folded):
            return None
        known = self._named(reading)
        if not known:
            return self._short_form(reading)
        best = max(known, key=lambda a: (a.short in reading.asked, a.document in documents, len(a.short)))
        if pair := _PAIR.search(reading.asked):
            both = [one for short in pair.groups() for one in _meanings(short, self._acronyms)[:1]]
            return (
                Draft("acronym", tuple(both), _SURE, named=True) if len(both) == len(pair.groups()) else None
            )
        lines = _meanings(best.short, known)
        return Draft("acronym", tuple(lines[:_MOST]), _SURE, named=_asks_only(reading, best.short))

    def _named(self, reading: Reading) -> list[Acronym]:
        """The short forms that a question names: the one it asks the meaning of, else those it writes in capitals."""
        asked = _meaning_asked(reading)
        said = set(words(reading.question).split())
        shorts = [a for a in self._acronyms if len(a.short) > 1]
        return [a for a in shorts if words(a.short) == asked] or [
            a
            for a in shorts
            if set(words(a.short).split()) & said and re.search(rf"\b{re.escape(a.short)}\b", reading.asked)
        ]

    def _short_form(self, reading: Reading) -> Draft | None:
        for acronym in self._acronyms:
            full = words(re.sub(r"\s*\([^)]*\)", "", acronym.full))
            if len(full) > _LONG and f" {full} " in f" {words(reading.question)} ":
                text = f"The short form of {acronym.full} is {acronym.short}."
                return Draft("acronym", (Line(text, (of_record(acronym),)),), _SURE)
        return None


def _meanings(short: str, known: Sequence[Acronym]) -> list[Line]:
    """What a short form stands for, each meaning once."""
    same = [a for a in known if words(a.short) == words(short)]
    meanings = {words(a.full): a for a in reversed(same)}
    return [Line(f"{a.short} stands for {a.full}.", (of_record(a),)) for a in reversed(meanings.values())]


def _asks_only(reading: Reading, short: str) -> bool:
    """Whether a question asks the meaning of a short form, and nothing of what it stands for."""
    return _meaning_asked(reading) == words(short) or len(terms(reading.folded)) <= _BARE


def unknown_asked(reading: Reading, knows: Callable[[str], bool]) -> bool:
    """Whether a question asks the meaning of a word of which ``knows`` knows no stem: what the documents hold on other
    words is no answer."""
    asked = terms(_meaning_asked(reading))
    return reading.has("acronym") and bool(asked) and not any(map(knows, asked))


def _meaning_asked(reading: Reading) -> str:
    """The word of which a question asks the meaning; empty where it asks for none."""
    found = _MEANING_OF.search(reading.folded)
    return words(found.group("after") or found.group("before") or "") if found else ""

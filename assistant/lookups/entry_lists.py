"""Lists of plans by the state that their rows give, or by the objective that they stand under."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.draft import Draft, Line
from assistant.phrases import number_word, whole_list
from assistant.question.understand import Ask
from corpus.model import PlanEntry
from index.lexical import terms
from index.query import RegisterQuery, words

_SURE = 1.15  # as sure as any look-up whose cue and name stand in the question
_STATE_WORDS = 3  # what is longer tells of progress rather than giving a state
_THINGS = "actions|plans|projects|activities|tasks|schemes|initiatives|strategies|programmes|rows|entries"
_LISTED = re.compile(
    rf"\b(?:which|what|list|name|show|all|every|how many|number of) (?:\w+ ){{0,2}}?(?:{_THINGS})\b"
    r"|\b(?:what|which|anything|everything|how many)\b.*\b(?:rated|rag|status|marked|flagged)\b"
)
_OWN_WORDS = frozenset(
    terms(
        _THINGS.replace("|", " ")
        + " which what list name show give all every how many number rated rating rag status "
        "marked flagged anything everything under in the plan document outcome theme goal aim pillar ambition workstream "
        "objective mission are is there have has currently now"
    )
)
_UNDER = re.compile(
    r"\b(outcome|theme|goal|aim|pillar|ambition|workstream|objective|mission) (\d{1,2}|[a-z])\b"
)


class EntryLists:
    """Composes lists of plans from complete records."""

    def __init__(self, register: RegisterQuery) -> None:
        self._register = register

    def draft(self, ask: Ask) -> Draft | None:
        """The plans in a state or under an objective that a question names; None where it names neither."""
        said = ask.reading.folded
        if not _LISTED.search(said) or ask.reading.has("lead"):  # those that a body leads are not all of them
            return None
        entries = [e for e in self._register.register.entries if e.document in ask.documents and e.plan]
        told = []
        states = sorted({words(e.status) for e in entries if e.status} - {""}, key=len, reverse=True)
        state = next((one for one in states if _names(said, one)), None)
        if state:
            entries = [e for e in entries if words(e.status or "") == state]
            told.append(f"with the status “{entries[0].status}”")
        under = _UNDER.search(said)
        if under:
            entries = [e for e in entries if (e.outcome or "").casefold() == under.group(2)]
            told.append(f"under {under.group(1)} {under.group(2).upper()}")
        if len(self._beside(said, state or "", under.group() if under else "", ask)) > 1:
            return None  # it asks for some of them only, which a whole list would hide
        return Draft("list", self._lines(entries, told), _SURE, bullets=True) if told and entries else None

    def _beside(self, said: str, state: str, under: str, ask: Ask) -> list[str]:
        """What else a question names, beside a state, an objective and words of titles."""
        titles = {word for one in ask.documents for word in terms(self._register.documents[one].title)}
        known = _OWN_WORDS | titles | set(terms(f"{state} {under}"))
        return [word for word in terms(said) if word not in known]

    def _lines(self, entries: Sequence[PlanEntry], told: Sequence[str]) -> tuple[Line, ...]:
        number = len(entries)
        documents = [self._register.documents[one] for one in dict.fromkeys(e.document for e in entries)]
        where = " and the ".join(one.name for one in documents)
        noun = "plan or action" if number == 1 else "plans and actions"
        head = f"{number_word(number).capitalize()} {noun} {' '.join(told)} in the {where}:"
        return whole_list(head, entries, _item)


def _names(said: str, state: str) -> bool:
    """Whether a question names a state, in words apart from others."""
    return len(state.split()) <= _STATE_WORDS and f" {state} " in f" {words(said)} "


def _item(entry: PlanEntry) -> str:
    """A plan with its leads and its date."""
    told = [", ".join(entry.leads), f"by {entry.timescale}" if entry.timescale else ""]
    beside = "; ".join(part for part in told if part)
    return f"{entry.plan}: {beside}" if beside else f"{entry.plan}"

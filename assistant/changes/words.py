"""Words for answers about versions: names of records and versions, lists in one line, rows as evidence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeVar

from assistant.changes.versions import Pair
from assistant.draft import Evidence
from assistant.phrases import number_word
from corpus.model import Commitment, Indicator, Milestone, PlanEntry, Priority, Record, Span
from corpus.text import MONTHS, fold, plain
from index.query import RegisterQuery, words
from ingest.versions import Change

R = TypeVar("R", bound=Record)
_NOUNS: dict[type[Record], str] = {
    Commitment: "commitment",
    PlanEntry: "plan",
    Indicator: "indicator",
    Milestone: "milestone",
    Priority: "priority",
}
_PLURALS = {"priority": "priorities"}


class Names:
    """What versions are called."""

    def __init__(self, register: RegisterQuery) -> None:
        self._register = register

    def title(self, document: str) -> str:
        """A document's short title."""
        one = self._register.documents[document]
        return one.name

    def old_name(self, pair: Pair) -> str:
        """ "the draft of April 2024"."""
        one = self._register.documents[pair.old]
        date = one.date or ""
        if len(date) < 4:
            return f"the {self.title(pair.old)}"
        month = f"{MONTHS[int(date[5:7]) - 1].capitalize()} " if len(date) >= 7 else ""
        return f"the {'draft' if one.status == 'draft' else 'version'} of {month}{date[:4]}"

    def before(self, pair: Pair) -> str:
        """ "The draft of April 2024", to begin a sentence."""
        return capital(self.old_name(pair))


def label(record: Record | None) -> str:
    """A record in one line."""
    if isinstance(record, Commitment):
        return (
            f"{record.name} (outcome {record.outcome})"
            if record.outcome and record.outcome[0].isdigit()
            else record.name
        )
    if isinstance(record, PlanEntry):
        plan = record.plan or record.plan_found
        return f"{plan} (under {record.commitment})" if record.commitment else plan
    if isinstance(record, Indicator):
        return f"{said_of(record)} (indicator {record.number})" if record.number else said_of(record)
    if isinstance(record, Milestone):
        return f"{record.what}: {record.when}"
    if isinstance(record, Priority):
        return f"{record.place}: {item(record) if record.text else '(blank)'}"
    return plain(record.quote) if record is not None else ""


def said_of(indicator: Indicator) -> str:
    """An indicator's wording, with the figures that stand beside it in columns of their own."""
    text = plain(indicator.text)
    values = (("target", indicator.target), ("baseline", indicator.baseline))
    beside = [f"{name} {plain(v.found)}" for name, v in values if v and fold(v.found) not in fold(text)]
    return f"{text.rstrip('. ')}: {', '.join(beside)}" if beside else text


def no_of(outcome: str | None) -> str | None:
    """An outcome's number, None where it has none."""
    found = re.match(r"\d+", outcome or "")
    return found.group() if found else None


def capital(text: str) -> str:
    """With a capital letter."""
    return text[:1].upper() + text[1:]


def first_of(records: Sequence[Record], kind: type[R]) -> R | None:
    return next((r for r in records if isinstance(r, kind)), None)


def item(priority: Priority) -> str:
    text = priority.text.rstrip(". ")
    return f"{text} (SO {', '.join(priority.outcomes)})" if priority.outcomes else text


def listed(records: Sequence[Record]) -> str:
    return "; ".join(item(r) for r in records if isinstance(r, Priority) and r.text)


def leads_of(entries: Sequence[PlanEntry]) -> list[str]:
    return list(
        dict.fromkeys(
            lead for e in entries for lead in (e.leads or ((plain(e.leads_found),) if e.leads_found else ()))
        )
    )


def plans_of(entries: Sequence[PlanEntry]) -> list[str]:
    return list(dict.fromkeys(e.plan or plain(e.plan_found) for e in entries if e.plan or e.plan_found))


def told_of(entry: PlanEntry) -> str:
    """What the row of a plan says of it: its leads, its date, its state."""
    leads = "; ".join(leads_of([entry])) or "no lead"
    told = (("by", entry.timescale), ("status", entry.status))
    return ", ".join([leads, *(f"{name} {value}" for name, value in told if value)])


def stands_in(one: str, names: Sequence[str]) -> bool:
    return words(one) in {words(name) for name in names}


def same_names(one: Sequence[str], other: Sequence[str]) -> bool:
    return {words(name) for name in one} == {words(name) for name in other}


def rows_of(records: Sequence[Record]) -> tuple[Evidence, ...]:
    """One span over rows that stand together, as evidence of a list."""
    return together(records) if records else ()


def together(records: Sequence[Record]) -> tuple[Evidence, ...]:
    first = records[0]
    spans = [r.span for r in records if r.document == first.document]
    return (
        Evidence(first.document, Span(min(s.start for s in spans), max(s.end for s in spans)), first.section),
    )


def figures(record: Indicator) -> tuple[str, ...]:
    return tuple(re.findall(r"\d+(?:[.,]\d+)*", fold(said_of(record))))


def letters(text: str) -> str:
    return re.sub(r"\W", "", fold(text))


def ended(text: str) -> str:
    text = re.sub(r"^\W*(?=[\w*“(])", "", text).rstrip()
    return text if text.endswith((".", "!", "?")) else f"{text}."


def noun_of(change: Change) -> str:
    record = change.new or change.old
    if change.kind == "lead changed":
        return "commitment"
    if change.kind == "filled in":
        return "place"
    return _NOUNS.get(type(record), "record") if record is not None else "record"


def plural(number: int, noun: str) -> str:
    return f"{number_word(number)} {noun if number == 1 else _PLURALS.get(noun, noun + 's')}"

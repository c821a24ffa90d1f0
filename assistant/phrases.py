"""Words for records: how plans, leads, outcomes and numbers are put in an answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from typing import TypeVar

from assistant.draft import Evidence, Line, of_record
from corpus.model import PlanEntry, Priority, Record, Span
from corpus.text import fold, plain
from index.query import words

R = TypeVar("R", bound=Record)
_SHORT_LEADS = 12  # words
_LONGEST = 40  # items of a list
_REMARK = re.compile(r"\(((?:\w+ ){1,3}by [^()]+|with [^()]+)\)")  # "(delivered by ...)"
NUMBERS = [
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
]
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


def plans_once(entries: Sequence[PlanEntry]) -> str:
    """The plans of a long list, each once with how often it stands there."""
    times: dict[str, int] = {}
    for entry in entries:
        name = entry.plan or entry.plan_found or "(no plan is named)"
        times[name] = times.get(name, 0) + 1
    return "; ".join(name if n == 1 else f"{name} ({n} times)" for name, n in times.items())


def plan_under(entry: PlanEntry) -> str:
    """A plan with its commitment behind it."""
    plan = entry.plan or entry.plan_found or "(no plan is named)"
    return f"{plan} (under {entry.commitment})" if entry.commitment else plan


def leads_of(entry: PlanEntry) -> str:
    """The leads of an entry with what is remarked of them in brackets, or what was printed for them."""
    named = ", ".join(entry.leads)
    if not named:
        return plain(entry.leads_found)
    remarks = [one for one in _REMARK.findall(plain(entry.leads_found)) if fold(one) not in fold(named)]
    return " ".join([named, *(f"({one})" for one in remarks)])


def as_printed(entry: PlanEntry) -> str:
    """What stands in the document for the leads of an entry, in brackets with a space before it, where that is short
    and differs from their full names; empty otherwise."""
    found = plain(entry.leads_found).strip(" .;,")
    if not entry.leads or words(found) == words(leads_of(entry)) or len(found.split()) > _SHORT_LEADS:
        return ""
    return f" (printed as “{found}”)"


def outcome_words(outcome: str | None) -> str:
    """An outcome as a reader expects it."""
    return f"outcome {outcome}" if outcome and outcome[0].isdigit() else (outcome or "")


def outcome_beside(entry: PlanEntry) -> str:
    """The outcome of an entry in brackets with a space before it, where its commitment does not name it already."""
    outcome = outcome_words(entry.outcome)
    named = f" {words(outcome)} " in f" {words(entry.commitment or '')} "
    return f" ({outcome})" if outcome and not named else ""


def in_brackets(outcome: str | None) -> str:
    """A numbered outcome in brackets, with a space before it; empty for others."""
    return f" ({outcome_words(outcome)})" if outcome and outcome[0].isdigit() else ""


def priority_words(priority: Priority) -> str:
    """A priority with the outcomes that it maps to."""
    text = priority.text.rstrip(". ")
    return f"{text} (SO {', '.join(priority.outcomes)})" if priority.outcomes else text


def together(records: Sequence[Record]) -> tuple[Evidence, ...]:
    """One span over records that stand side by side in one document."""
    first = records[0]
    spans = [r.span for r in records if r.document == first.document]
    return (Evidence(first.document, Span(min(spans).start, max(s.end for s in spans)), first.section),)


def number_word(n: int) -> str:
    """A number in words up to twelve, in figures above."""
    return NUMBERS[n] if n < len(NUMBERS) else str(n)


OUTCOME = re.compile(rf"\b(?:outcome|so) (\d+|{'|'.join(NUMBERS[1:])})\b")


def outcome_asked(folded: str) -> str:
    """The number of the outcome that a folded question names; empty where it names none."""
    found = OUTCOME.search(folded)
    return figure_of(found.group(1)) if found else ""


def figure_of(said: str) -> str:
    """A number told in words up to twelve, or in figures, in figures."""
    return str(NUMBERS.index(said)) if said in NUMBERS else said


def whole_list(head: str, records: Sequence[R], told: Callable[[R], str]) -> tuple[Line, ...]:
    """A line that says how many there are, then one a record with its evidence; of very many the first, and how many
    more there are."""
    rest = [Line(f"and {len(records) - _LONGEST} more.")] if len(records) > _LONGEST else []
    return (Line(head), *(Line(told(r), (of_record(r),)) for r in records[:_LONGEST]), *rest)


def count(n: int, noun: str) -> str:
    """ "three plans", "1 plan" as a reader expects."""
    return f"{number_word(n)} {noun}{'' if n == 1 else 's'}"


def join(names: Collection[str]) -> str:
    """ "A, B and C"."""
    items = list(dict.fromkeys(names))
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"

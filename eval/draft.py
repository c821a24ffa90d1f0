"""Drafts a question set from a register: what its records say, asked in several ways.

A draft asks only what the register already holds, so that it proves that answers stay as they are, not that
the register is right: look each question over (``ledby eval check --show``) and add those that people
really ask.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import cycle, groupby

from corpus.model import Document, PlanEntry, Record, Register
from corpus.text import plain
from eval.matching import facts_stated, fold
from eval.questions import Evidence, Question

LEAD = (
    ("plain", "Who leads {name}?"),
    ("keyword", "{name} lead"),
    ("conversational", "Hello, could you tell me who is in charge of {name}, please?"),
    ("paraphrase", "Whose job is {name}?"),
    ("plain", "Which organisation is responsible for {name}?"),
)
PLAN = (
    ("plain", "Which plans cover {name}?"),
    ("keyword", "{name} plans"),
    ("conversational", "Where would I find our work on '{name}'?"),
    ("paraphrase", "Under which strategies does '{name}' come?"),
)
INDICATOR = (
    ("plain", "What is the target for {name}?"),
    ("keyword", "{name} target"),
    ("paraphrase", "What are we aiming for on {name}?"),
)
ACRONYM = (("plain", "What does {name} stand for?"), ("keyword", "{name} meaning"))
_LONG = 14
_DRAFTS = frozenset({"draft", "superseded"})

Facts = tuple[tuple[str, ...], ...]


class _Drafter:
    """Turns records into questions; templates are taken in turns, and every third question is held out."""

    def __init__(self, register: Register, documents: Mapping[str, Document]) -> None:
        self.register = register
        self.documents = documents
        self._spellings: dict[tuple[str, str], tuple[str, ...]] = {
            (name.kind, name.canonical): tuple(sorted({*name.spellings, *name.acronyms} - {name.canonical}))
            for name in register.names
        }

    def current(self, records: Iterable[Record]) -> Iterator[Record]:
        """Records that are read without doubt from papers that nothing has replaced."""
        for record in records:
            document = self.documents.get(record.document)
            if document and not record.doubtful and document.status not in _DRAFTS:
                yield record

    def fact(self, kind: str, name: str) -> tuple[str, ...]:
        """A name with every spelling found for it, its canonical form first."""
        return (name, *self._spellings.get((kind, name), ()))

    def evidence(self, records: Sequence[Record]) -> tuple[Evidence, ...]:
        """Where the records stand, by line or page."""
        found = []
        for record in records:
            document = self.documents[record.document]
            lines = document.lines_of(record.span)
            found.append(Evidence(document.file, lines, None if lines else record.page_no))
        return tuple(dict.fromkeys(found))

    def leads(self) -> Iterator[tuple[str, Facts, Sequence[Record]]]:
        """Name of a plan, its leads, its rows."""
        for name, entries in _grouped(self.current(self.register.entries), "plan"):
            leads = dict.fromkeys(lead for entry in entries for lead in entry.leads)
            yield name, tuple(self.fact("organisation", lead) for lead in leads), entries

    def plans(self) -> Iterator[tuple[str, Facts, Sequence[Record]]]:
        """Name of a commitment, its plans, its rows."""
        for name, entries in _grouped(self.current(self.register.entries), "commitment"):
            plans = {entry.plan: entry.plan_found for entry in entries if entry.plan}
            facts = (dict.fromkeys((*self.fact("plan", plan), plain(found))) for plan, found in plans.items())
            yield name, tuple(tuple(fact) for fact in facts), entries

    def indicators(self) -> Iterator[tuple[str, Facts, Sequence[Record]]]:
        """Wording of an indicator, its target, its row."""
        for one in self.register.indicators:
            if one.target and one.target.found.strip() and list(self.current([one])):
                yield one.text, ((plain(one.target.found),),), [one]

    def acronyms(self) -> Iterator[tuple[str, Facts, Sequence[Record]]]:
        """A short form, what it stands for, its row; only short forms that stand for one thing."""
        full: dict[str, set[str]] = {}
        for one in self.register.acronyms:
            full.setdefault(one.short, set()).add(fold(one.full))
        for one in self.register.acronyms:
            if len(full[one.short]) == 1 and list(self.current([one])):
                yield one.short, ((one.full,),), [one]


def _grouped(records: Iterable[Record], attribute: str) -> Iterator[tuple[str, list[PlanEntry]]]:
    entries = [record for record in records if isinstance(record, PlanEntry) and getattr(record, attribute)]
    entries.sort(key=lambda entry: getattr(entry, attribute))
    for name, group in groupby(entries, key=lambda entry: getattr(entry, attribute)):
        yield name, list(group)


def _asked(name: str) -> str:
    """A name as it is asked for: on one line, cut where it is long."""
    words = plain(name).rstrip(".").split()
    return " ".join(words[:_LONG])


def draft(
    register: Register, documents: Mapping[str, Document], *, limit: int | None = None
) -> list[Question]:
    """Questions on leads, plans, indicators and short forms. ``limit`` is the most of each kind, spread
    evenly."""
    drafter = _Drafter(register, documents)
    kinds = (
        ("lead", LEAD, drafter.leads()),
        ("plan", PLAN, drafter.plans()),
        ("indicator", INDICATOR, drafter.indicators()),
        ("acronym", ACRONYM, drafter.acronyms()),
    )
    questions: list[Question] = []
    for kind, templates, found in kinds:
        usable = [item for item in found if item[1]]
        seen: set[str] = set()
        for (style, template), (name, facts, records) in zip(cycle(templates), _thinned(usable, limit)):
            words = template.format(name=_asked(name))
            if words not in seen:
                seen.add(words)
                place = drafter.evidence(records)
                number = len(questions) + 1
                questions.append(
                    Question(
                        id=f"{kind}-{number:03}",
                        question=words,
                        kind=kind,
                        style=style,
                        answerable=True,
                        must=facts,
                        evidence=place,
                        held=number % 3 == 0,
                        derived=not all(facts_stated(_quoted(records), facts)),
                    )
                )
    return questions


def _quoted(records: Sequence[Record]) -> str:
    return "\n".join(plain(record.quote) for record in records)


Item = tuple[str, Facts, Sequence[Record]]


def _thinned(items: Sequence[Item], limit: int | None) -> Sequence[Item]:
    """At most ``limit`` items, evenly spaced."""
    if limit is None or len(items) <= limit:
        return items
    return [items[place * len(items) // limit] for place in range(limit)]


def as_line(question: Question) -> str:
    """A question as a line of a question set."""
    evidence = [
        {"doc": item.doc} | ({"lines": list(item.lines)} if item.lines else {"page": item.page})
        for item in question.evidence
    ]
    raw = {
        "id": question.id,
        "question": question.question,
        "history": list(question.history),
        "kind": question.kind,
        "style": question.style,
        "answerable": question.answerable,
        "must": [list(fact) for fact in question.must],
        "must_not": list(question.must_not),
        "evidence": evidence,
        "held": question.held,
        "derived": question.derived,
    }
    return json.dumps(raw, ensure_ascii=False)

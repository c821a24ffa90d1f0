"""Who leads a commitment or a plan, and which plans a commitment has."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property

from assistant.draft import Draft, Line, of_record
from assistant.evidence.link import Linked, Linker
from assistant.phrases import (
    as_printed,
    count,
    in_brackets,
    join,
    leads_of,
    number_word,
    outcome_asked,
    outcome_beside,
)
from assistant.question.understand import Ask
from corpus.groups import grouped
from corpus.model import Commitment, PlanEntry, Span
from corpus.text import fold
from index.lexical import terms
from index.query import RegisterQuery, same_outcome, words

_CUE = 0.15  # what a cue of an intent adds to how well its record is linked
_NARROW = 3  # a commitment with more entries than this is answered by the one entry that is meant
_SEVERAL = 2
_JOINT = re.compile(r"[,;/]| and | & ")
_CLOSE = 0.05  # how much less well linked a plan may be that is as likely meant
_PLACE_LAST = re.compile(r" (?:in|for|across|at|within|around) ((?:\w+ ){0,2}\w+)$")
_MADE_UP_OF = re.compile(
    r"\bwho (?:all )?(?:makes? up|made up|sits? on|sat on|belongs? to|attend\w*|(?:is|are|was|were) (?:on|in) (?:it|the)\b|"
    r"(?:is|are|was|were) (?:the )?members? of)"
)
_SEVERAL_PLANS = re.compile(r"\b(?:which|what) (?:plans|strategies|programmes)\b")
_WHICH_PLAN = re.compile(
    r"\b(?:which|what|whose) (?:\w+ ){0,2}?(?:plans?|strateg(?:y|ies)|programmes?|commitments?)\b"
)


class Leads:
    """Composes answers about leads from complete rows."""

    def __init__(self, register: RegisterQuery, linker: Linker) -> None:
        self._register = register
        self._linker = linker

    def draft(self, ask: Ask) -> Draft | None:
        """Who leads a commitment or a plan, and which plans a commitment has; None where a target is asked for, or who
        makes something up."""
        reading = ask.reading
        if (
            reading.has("measure")
            and not reading.has("lead", "who")
            and not _WHICH_PLAN.search(reading.folded)
        ) or _MADE_UP_OF.search(reading.folded):
            return None
        linked = self._linker.records(ask.wordings, ("commitment", "entry"), ask.documents)
        if not linked:
            return None
        top = linked[0]
        bonus = _CUE if reading.has("lead", "plan", "commitment") else 0.0
        meant = self._meant(top, ask)
        if not meant:
            return self._bare_commitment(top, top.score + bonus)
        entries = _under_asked(meant, ask) or meant
        kind = "plan" if reading.has("plan") and not reading.has("who") else "lead"
        alike = self._alike(linked, ask)
        lines = (
            self._of_topic(alike, ask) if alike else self._lines(entries, self._places_asked(entries, ask))
        )
        return Draft(kind, lines, top.score + bonus, bullets=len(lines) > 2, named=top.named)

    def told(self, entries: Sequence[PlanEntry]) -> tuple[Line, ...]:
        """Rows of one commitment or one plan, or the plans of one row, in words."""
        return self._lines(entries, ())

    def _alike(self, linked: Sequence[Linked], ask: Ask) -> list[PlanEntry]:
        """All rows whose plans hold the words of a topic that is no name and fits several plans equally well; empty where
        one is meant."""
        top, (name, places) = linked[0], self._topic_and_places(ask)
        topic = set(terms(name))
        if top.named or isinstance(top.record, Commitment) or not topic:
            return []
        near = [one.record for one in linked if one.score >= top.score - _CLOSE]
        found = [e for e in near if isinstance(e, PlanEntry) and topic <= set(terms(e.plan or ""))]
        if len({words(e.plan or "") for e in found}) < _SEVERAL or top.record not in found:
            return []
        rows = self._register.find(documents=[top.record.document])
        alike = [e for e in rows if topic <= set(terms(e.plan or ""))]
        return (_holding(alike, places) or alike) if places else alike

    def _topic_and_places(self, ask: Ask) -> tuple[str, list[str]]:
        """What a question is about, without the place that it ends with, and the words of that place."""
        topic = ask.reading.topic
        ending = _PLACE_LAST.search(topic)
        places = re.findall(r"\w+", ending.group(1)) if ending else []
        if ending is None or not all(map(self._linker.is_name, places)):
            return topic, []
        return topic[: ending.start()], places

    def _of_topic(self, entries: Sequence[PlanEntry], ask: Ask) -> tuple[Line, ...]:
        """The plans of a topic, each with its leads and where it stands."""
        title = self._register.documents[entries[0].document].name
        plans = grouped(((words(e.plan or ""), leads_of(e)), e) for e in entries)
        number = count(len({plan for plan, _ in plans}), "plan")
        name, places = self._topic_and_places(ask)
        where = f" for {' '.join(places).title()}" if places else ""
        head = Line(
            f"**{name[:1].upper()}{name[1:]}** is in the name of {number}{where} in the {title}, each with its lead:"
        )
        return (head, *(_under_all(group) for group in plans.values()))

    def _meant(self, top: Linked, ask: Ask) -> list[PlanEntry]:
        """The rows that are asked for: those of a commitment, of a plan wherever it stands, or the row that is meant with
        those beside it."""
        if isinstance(top.record, Commitment):
            return self._register.entries_of(top.record.id)
        assert isinstance(top.record, PlanEntry)
        if top.named and top.record.plan:
            namesakes = self._register.namesakes(top.record.plan, self._linker.heads)
            rows = self._register.find(documents=[top.record.document])
            alone = [e for e in rows if words(e.plan or "") in namesakes] or [top.record]
            return [*alone, *(e for e in rows if e not in alone and namesakes & _listed(e.plan or ""))]
        if top.record.commitment_id is None or top.record.timescale:
            return [top.record]  # an action with a date of its own, or on its own, is what was asked for
        siblings = self._register.entries_of(top.record.commitment_id)
        if len(siblings) <= _NARROW:
            return siblings
        told = self._telling(siblings, ask)
        # Who asks for plans is not done with the one whose name holds the words.
        enough = 2 if _SEVERAL_PLANS.search(ask.reading.folded) else 1
        if top.record in told and len(told) >= enough:
            return told
        return [top.record, *(e for e in siblings if e.id != top.record.id)]

    @staticmethod
    def _telling(entries: Sequence[PlanEntry], ask: Ask) -> list[PlanEntry]:
        """The rows whose plan holds every word of the topic, where their commitment does not hold them all as well."""
        topic = set(terms(ask.reading.topic))
        if not topic or topic <= set(terms(entries[0].commitment or "")):
            return []
        return [e for e in entries if topic <= set(terms(e.plan or e.plan_found))]

    def _places_asked(self, entries: Sequence[PlanEntry], ask: Ask) -> list[str]:
        """Names in the topic, beside the words of a commitment, that some of its rows hold in their plan or leads and
        others do not: a place, mostly. None where several are told that are the area of the document itself."""
        first = entries[0]
        if len(entries) <= _NARROW or len({e.commitment_id for e in entries}) > 1:
            return []
        own = set(terms(first.commitment or ""))
        names = [
            word
            for word in re.findall(r"\w+", ask.reading.topic)
            if self._linker.is_name(word) and not own & set(terms(word))
        ]
        area = set(terms(self._title(first.document)))
        if len(names) > 1 and all(set(terms(one)) <= area for one in names):
            return []
        return names if 0 < len(_holding(entries, names)) < len(entries) else []

    def _lines(self, entries: Sequence[PlanEntry], places: Sequence[str]) -> tuple[Line, ...]:
        first = entries[0]
        title = self._register.documents[first.document].name
        if len({e.commitment_id for e in entries}) > 1:
            return _one_plan(entries, title)
        name = f"**{first.commitment}**{outcome_beside(first)}" if first.commitment else f"The {title}"
        if len(entries) == 1:
            told = f"{_led(first)}{as_printed(first)}{self._row_shared(first)}"
            return (Line(f"{name}: {told}. ({title})", (of_record(first),)),)
        head, shown = f"{name} has {count(len(entries), 'plan')} in the {title}", list(entries)
        if places:
            shown = _holding(entries, places)
            verb = "names" if len(shown) == 1 else "name"
            head += f"; {number_word(len(shown))} of them {verb} {' '.join(places).title()}"
        rows = grouped((e.span if self._mates(e) else e.id, e) for e in shown)
        return (Line(f"{head}:"), *map(self._row, rows.values()))

    def _row(self, entries: Sequence[PlanEntry]) -> Line:
        """One plan with its leads, or the plans of a row that names several leads for all of them."""
        first = entries[0]
        if len(entries) == 1:
            return Line(f"{_led(first)}{self._row_shared(first)}", (of_record(first),))
        plans = join([e.plan or e.plan_found for e in entries])
        return Line(f"{plans}: {leads_of(first)} (the row does not say who leads which)", (of_record(first),))

    def _row_shared(self, entry: PlanEntry) -> str:
        """That each lead of a row may lead but one of its plans; empty where it has one of either."""
        others = [e.plan or e.plan_found for e in self._mates(entry)]
        return (
            f" (for this and {join(others)} together; the row does not say who leads which)" if others else ""
        )

    def _mates(self, entry: PlanEntry) -> list[PlanEntry]:
        """The other plans of a row that names several leads for all its plans."""
        row = self._by_row[(entry.document, entry.span)] if len(entry.leads) >= _SEVERAL else []
        return [e for e in row if e.id != entry.id]

    @cached_property
    def _by_row(self) -> dict[tuple[str, Span], list[PlanEntry]]:
        return grouped(((e.document, e.span), e) for e in self._register.register.entries)

    def _title(self, document: str) -> str:
        return self._register.documents[document].title

    def _bare_commitment(self, top: Linked, confidence: float) -> Draft:
        record = top.record
        assert isinstance(record, Commitment)
        title = self._register.documents[record.document].name
        text = f"The {title} lists **{record.name}**{in_brackets(record.outcome)} and names no plan or lead."
        return Draft("lead", (Line(text, (of_record(record),)),), confidence - _CUE)


def _under_asked(entries: Sequence[PlanEntry], ask: Ask) -> list[PlanEntry]:
    """The rows that stand under the outcome which a question names; empty where it names none, or none does."""
    asked = outcome_asked(ask.reading.folded)
    return [e for e in entries if asked and same_outcome(e.outcome, asked)]


def _holding(entries: Sequence[PlanEntry], names: Sequence[str]) -> list[PlanEntry]:
    """The rows that hold all of some names in their plan or leads."""
    wanted = {stem for name in names for stem in terms(name)}
    told = [(e, f"{e.plan or e.plan_found} {leads_of(e)}") for e in entries] if wanted else []
    return [entry for entry, text in told if wanted <= set(terms(text))]


def _listed(plan: str) -> frozenset[str]:
    """The names, folded to words, that a plan's name lists ("Libraries, Wardens and Parks"); empty where it is one name."""
    names = frozenset(words(part) for part in _JOINT.split(plan))
    return names if len(names) > 1 else frozenset()


def _one_plan(entries: Sequence[PlanEntry], title: str) -> tuple[Line, ...]:
    """The same plan under several commitments, grouped by who leads it."""
    groups: dict[str, list[PlanEntry]] = {}
    for entry in entries:
        groups.setdefault(leads_of(entry), []).append(entry)
    name = entries[0].plan or entries[0].plan_found
    number = len({e.commitment_id for e in entries})
    head = Line(f"**{name}** stands under {count(number, 'commitment')} in the {title}:")
    lines = []
    for leads, group in groups.items():
        under = "; ".join(f"{e.commitment}{in_brackets(e.outcome)}" for e in group)
        lines.append(
            Line(
                f"{leads or 'no lead is named'}{as_printed(group[0])}: under {under}",
                tuple(of_record(e) for e in group),
            )
        )
    return (head, *lines)


def _under_all(entries: Sequence[PlanEntry]) -> Line:
    """A plan with its leads and the commitments under which it stands."""
    under = join([f"{e.commitment}{in_brackets(e.outcome)}" for e in entries])
    return Line(f"{_led(entries[0])} (under {under})", tuple(of_record(e) for e in entries))


def _led(entry: PlanEntry) -> str:
    """A plan with its state, its leads, its date and its measure."""
    plan = entry.plan or entry.plan_found or "(no plan is named)"
    status = f" ({entry.status})" if entry.status and fold(entry.status) not in fold(plan) else ""
    extra = "".join(
        f"; {label}: {value}"
        for label, value in (("by", entry.timescale), ("measure", entry.measure))
        if value
    )
    leads = leads_of(entry)
    return f"{plan}{status}: {leads}{extra}" if leads else f"{plan}{status}: the plan names no lead{extra}"

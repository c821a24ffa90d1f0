"""Answers from the register: leads, plans, what a body leads, places, short forms, milestones, counts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from assistant.draft import Draft, Line, of_record
from assistant.evidence.link import Linker, shortened_place
from assistant.lookups.leads import Leads
from assistant.lookups.short_forms import ShortForms
from assistant.phrases import (
    in_brackets,
    join,
    number_word,
    outcome_asked,
    outcome_words,
    plan_under,
    plans_once,
    priority_words,
    together,
)
from assistant.question.naming import period_unmet
from assistant.question.understand import Ask, Reading, without_besides
from corpus.model import Milestone, PlanEntry, Priority
from corpus.text import fold
from index.lexical import terms
from index.query import RegisterQuery, by_document, by_outcome, same_outcome, words

_CUE = 0.15  # what a cue of an intent adds to how well its record is linked
_CLOSE = 0.06
_FULL_LIST = 40
_BODY_LEADS = re.compile(
    r"\bBODY (?:\w+ ){0,3}?(?:leads?|led|leading|responsible|in charge|named|listed|runs?|owns?|oversees?|"
    r"look(?:s|ing)? after)\b"
    r"|\b(?:led|run|owned|headed) by (?:the )?BODY\b|\b(?:names?|naming|lists?|listing|shows?|credits?) "
    r"(?:the )?BODY\b"
    r"|\bBODY (?:\w+ ){0,4}?as (?:an? |the |one )?(?:\w+ )?leads?\b"
    r"|\b(?:entries|plans|commitments|things|work|everything|all|rows|tasks|jobs) (?:for|of|with|under|"
    r"against|by) (?:the )?BODY\b"
    r"|\bBODY s? ?(?:commitments|entries|plans|work|tasks|jobs|responsibilities)\b"
)
_PART_ASKED = re.compile(
    r"^(?:who|whose)\b|^(?:which|what) (?:\w+ ){0,2}BODY (?:\w+ ){0,2}(?:directorate|team|group|part|board|"
    r"department|body|committee)\b"
    r"|^(?:which|what) (?:part|team|directorate|department|arm|bit) of (?:the )?BODY\b"
)
_COUNT_WORDS = frozenset(
    terms(
        "shared outcome under in are there have listed named table tables total contain number one two three "
        "four five six"
    )
)
_REVERSE_WORDS = frozenset(
    terms(
        "lead leads led leading leader responsible responsibility charge name names named naming list lists listed as "
        "runs run own owns owned oversee oversees look looks looking after everything all things thing anything any "
        "many every plan plans commitment commitments entry entries row rows work task tasks job jobs document council "
        "delivery strategy what which tell me show please can you give about against with body organisation do does "
        "itself themselves alone own by for one"
    )
)
_PLACES_ASKED = re.compile(
    r"\b(?:which|what|whose|where|list|name|how many)\b(?: of the| the| all)?(?: \w+){0,2}? (?:(?P<districts>districts?|boroughs?|towns?|cit(?:y|ies)|council areas?)|"
    r"(?P<bodies>hcps?|partnerships?|associations?))\b|\b(?:which|what|whose|where)\b"
)
_BODY = re.compile(r"\b(?:hcps?|partnerships?|associations?|boards?|trusts?)\b")
_PLACE_WORDS = frozenset(
    terms(
        "which what whose where list name how many district districts borough boroughs council councils town towns place places "
        "hcp hcps partnership partnerships association area areas have has had picked pick chose chosen choose selected want wants "
        "tackle put as a their its priority priorities prioritise prioritised prioritize prioritising focus on in the of for is are "
        "plan shared delivery do does with own list top key main down one them include included including decided decide listed "
        "named set out go gone going for among see say said count counted make made want care about anything something work"
    )
)


class Lookups:
    """Composes answers from complete records."""

    def __init__(self, register: RegisterQuery, linker: Linker) -> None:
        self._register = register
        self._linker = linker
        self._short_forms = ShortForms(register)
        self.leads = Leads(register, linker)

    def drafts(self, ask: Ask) -> list[Draft]:
        """Every answer that the register has to offer, with how sure it is that it was asked for."""
        made = (
            self._short_forms.draft(ask.reading, ask.documents),
            self.no_lead(ask),
            self.reverse(ask),
            self.plan_count(ask),
            self.place(ask),
            self.blank_places(ask),
            self.places_with(ask),
            self.leads.draft(ask),
            self.milestone(ask),
        )
        return [draft for draft in made if draft is not None]

    # what a body leads

    def reverse(self, ask: Ask) -> Draft | None:
        """Everything that an organisation leads, or what of it the question is about."""
        body, form = self._leader_asked(ask.reading)
        entries = self._register.find(lead=body, documents=ask.documents) if body else []
        if not entries or (
            ask.reading.has("who") and all(words(e.plan or "") == words(body) for e in entries)
        ):
            return None  # a service that is its own plan: who leads it is told by its row
        topic = self._topic_beside(ask, body)
        about = self._about(ask, topic, entries)
        sure = 1.0 + _CUE if about or not topic else 1.0 - _CUE
        kindred = self._register.kindred(body, form, ask.documents) if not about else {}
        lines = self._body_lines(body, about or entries, kindred)
        return Draft("reverse", (*lines, *map(_apart, kindred.items())), sure, bullets=True)

    def _topic_beside(self, ask: Ask, body: str) -> list[str]:
        """The stems of what a question names beside a body and what is asked of it."""
        said = words(ask.reading.question)
        for form in self._linker.forms_of(body):
            said = re.sub(rf"\b{re.escape(form)}\b", " ", said)
        titles = {word for one in ask.documents for word in terms(self._title(one))}
        return [
            w for w in terms(said) if w not in titles and w not in _REVERSE_WORDS and w not in _COUNT_WORDS
        ]

    def _leader_asked(self, reading: Reading) -> tuple[str, str]:
        """The organisation whose entries are asked for, and its spelling: it does the leading in the question, or the
        entries name it. Both empty where there is none."""
        question = without_besides(reading.question)
        for body in self._linker.organisations(question):
            said = words(question)
            for form in self._linker.forms_of(body):
                marked = re.sub(rf"\b{re.escape(form)}\b", "BODY", said)
                if marked != said and _BODY_LEADS.search(marked) and not _PART_ASKED.search(marked):
                    return body, form
        return "", ""

    def _about(self, ask: Ask, topic: Sequence[str], entries: Sequence[PlanEntry]) -> list[PlanEntry]:
        """Those of a body's entries that stand under the outcome or the commitment that the question names, or else hold
        most of its words."""
        if outcome := outcome_asked(ask.reading.folded):
            return [e for e in entries if same_outcome(e.outcome, outcome)]
        kept = []
        for entry in entries:
            held = set(
                terms(
                    " ".join(filter(None, (entry.commitment, entry.plan, entry.plan_found, entry.priority)))
                )
            )
            if topic and sum(word in held for word in topic) > len(topic) / 2:
                kept.append(entry)
        under = [e for e in kept if e.commitment and set(terms(e.commitment)) <= set(topic)]
        return under or kept

    def _body_lines(
        self, body: str, entries: Sequence[PlanEntry], kindred: Mapping[str, Sequence[PlanEntry]]
    ) -> tuple[Line, ...]:
        """How many entries a body leads, and with those of ``kindred`` names, then its own by outcome."""
        titles = list(dict.fromkeys(self._title(e.document) for e in entries))
        number = len(entries)
        all_ = number_word(len({e.id for group in (entries, *kindred.values()) for e in group}))
        more = f", {all_} with {join(list(kindred))}" if kindred else ""
        head = Line(
            f"{body} is named as a lead in {_entries(number)} of the {' and the '.join(titles)}{more}:"
        )
        lines = []
        for outcome, group in by_outcome(entries):
            shown = plans_once(group) if number > _FULL_LIST else "; ".join(plan_under(e) for e in group)
            label = f"{outcome_words(outcome).capitalize()}: " if outcome else ""
            lines.append(Line(f"{label}{shown}", tuple(of_record(e) for e in group)))
        return (head, *lines)

    def plan_count(self, ask: Ask) -> Draft | None:
        """Against which, and how many, commitments a plan is listed."""
        if not (
            ask.reading.has("commitment") or (ask.reading.has("count") and "commitment" in ask.reading.folded)
        ):
            return None
        linked = self._linker.records(ask.wordings, ("entry",), ask.documents, k=1)
        if not linked or not isinstance(linked[0].record, PlanEntry) or not linked[0].record.plan:
            return None
        plan = linked[0].record.plan
        namesakes = self._namesakes(plan)
        held = {entry.id for entry in self._register.find(plan=plan, documents=ask.documents)}
        entries = [
            entry
            for entry in self._register.find(documents=ask.documents)
            if entry.id in held or words(entry.plan or "") in namesakes
        ]
        names = list(dict.fromkeys(e.commitment for e in entries))
        if len(names) < 1:
            return None
        head = Line(
            f"**{plan}** is listed against {number_word(len(names))} "
            f"{'commitment' if len(names) == 1 else 'commitments'} in the {self._title(entries[0].document)}:"
        )
        told: dict[str, list[PlanEntry]] = {}
        for entry in entries:
            told.setdefault(f"{entry.commitment}{in_brackets(entry.outcome)}", []).append(entry)
        lines = [Line(text, tuple(of_record(one) for one in group)) for text, group in told.items()]
        return Draft("list", (head, *lines), linked[0].score + 2 * _CUE, bullets=True)

    def _namesakes(self, plan: str) -> frozenset[str]:
        return self._register.namesakes(plan, self._linker.heads)

    def no_lead(self, ask: Ask) -> Draft | None:
        """Entries against which no lead is named."""
        if not ask.reading.has("nolead") or not (ask.reading.has("list", "count", "plan", "commitment")):
            return None
        entries = self._register.without_lead(ask.documents & self._with_entries())
        if not entries or self._linker.organisations(ask.reading.question):
            return None
        number = len(entries)
        head = Line(
            f"No lead is named in {number_word(number)} {'entry' if number == 1 else 'entries'} of the "
            f"{self._title(entries[0].document)}:"
        )
        lines = [
            Line(f"{e.plan or e.plan_found or '(no plan is named)'} (under {e.commitment})", (of_record(e),))
            for e in entries[:_FULL_LIST]
        ]
        return Draft("list", (head, *lines), 1.0 + _CUE, bullets=True)

    def _with_entries(self) -> frozenset[str]:
        return frozenset(entry.document for entry in self._register.register.entries)

    # places

    def place(self, ask: Ask) -> Draft | None:
        """The priorities of a place or partnership."""
        places = self._linker.places(ask.reading.question)
        if not places or not ask.reading.has("place"):
            return None
        lines: list[Line] = []
        missing: list[tuple[str, str]] = []
        for place in places[:3]:
            found = self._register.priorities_of(place, ask.documents)
            given = [p for p in found if p.text and not period_unmet(ask.reading.question, p.period or "")]
            lines.extend(self._place_line(place, group) for group in by_document(given))
            if not given:
                missing.extend(self._place_missing(place, found, ask))
        lines.extend(Line(text) for text, _ in missing)
        if len(lines) > len(missing):
            return Draft("place", tuple(lines), 1.0 + _CUE)
        suggested = tuple(dict.fromkeys(one for _, one in missing))
        told = Draft("place", tuple(lines), 1.0, answered=False, completeness="none", suggestions=suggested)
        return told if missing else None

    def _place_missing(self, place: str, found: Sequence[Priority], ask: Ask) -> Iterator[tuple[str, str]]:
        """Why a place has no priorities for what is asked, and what could be asked instead."""
        filled = next((one for one in found if one.text), None)
        if filled and not self._any_of_years(ask):
            title, period = self._title(filled.document), filled.period
            yield (
                f"The {title} gives {place}'s priorities for {period}, not for other years.",
                f"What are {place}'s priorities for {period}?",
            )
        elif found and not filled:
            title = self._title(found[0].document)
            yield (
                f"The {title} lists {place} and leaves its priorities blank.",
                f"Which districts have priorities in the {title}?",
            )

    def _any_of_years(self, ask: Ask) -> bool:
        """Whether a document is of a year that a question names, so that its text may tell of it."""
        dates = [self._register.documents[one].date for one in ask.documents]
        return any(date and not period_unmet(ask.reading.question, date[:4]) for date in dates)

    def _place_line(self, place: str, priorities: Sequence[Priority]) -> Line:
        period = f", {priorities[0].period}" if priorities[0].period else ""
        shown = "; ".join(priority_words(p) for p in priorities)
        several = len(priorities) > 1 and not any(";" in p.text for p in priorities)
        told = f"{number_word(len(priorities))} priorities" if several else "priorities"
        return Line(
            f"{place}'s {told} ({self._title(priorities[0].document)}{period}): {shown}.",
            together(priorities),
        )

    def blank_places(self, ask: Ask) -> Draft | None:
        """Places whose list of priorities is blank."""
        cue = re.search(
            r"\b(?:no|without|blank|empty|missing|lack|not (?:have|list|show|give))\b", ask.reading.folded
        )
        if not cue or not ask.reading.has("place") or self._linker.places(ask.reading.question):
            return None
        blank = [p for p in self._register.register.priorities if not p.text and p.document in ask.documents]
        if not blank:
            return None
        names = join([p.place for p in blank])
        text = (
            f"{names} {'has' if len(blank) == 1 else 'have'} no priorities in the "
            f"{self._title(blank[0].document)}."
        )
        return Draft("place", (Line(text, tuple(of_record(p) for p in blank)),), 1.0 + _CUE)

    def places_with(self, ask: Ask) -> Draft | None:
        """Which places have something as a priority: all whose words hold it, or else those that come nearest in
        meaning."""
        asked = _PLACES_ASKED.search(ask.reading.folded)
        meant = asked and (asked["districts"] or ask.reading.has("place"))
        if not asked or not meant or self._linker.places(ask.reading.question):
            return None
        told = [p for p in self._register.register.priorities if p.document in ask.documents and p.text]
        wanted = [p for p in told if _is_asked_for(asked, p.place)]
        said = shortened_place(ask.reading.folded)
        topic = {w for w in terms(said) if w not in _PLACE_WORDS and not w.isdigit()}
        if not topic:
            return None
        kept, score = [p for p in wanted if topic <= set(terms(p.text))], 1.0
        if not kept:
            kept, score = self._nearly(ask, wanted)
        if not kept:
            return None
        shown = [f"{p.place} ({priority_words(p)})" for p in kept]
        text = f"{join(shown)}, in the {self._title(kept[0].document)}."
        return Draft("place", (Line(text, tuple(of_record(p) for p in kept)),), score + _CUE)

    def _nearly(self, ask: Ask, wanted: Sequence[Priority]) -> tuple[list[Priority], float]:
        """The priorities that come nearest in meaning to what is asked, and how near."""
        ids = {one.id for one in wanted}
        linked = self._linker.records(ask.wordings, ("priority",), ask.documents, k=20)
        found = [(one.score, one.record) for one in linked if one.record.id in ids]
        priorities = [(score, p) for score, p in found if isinstance(p, Priority)]
        if not priorities:
            return [], 0.0
        top, first = priorities[0]
        best = set(terms(first.text))
        near = [p for score, p in priorities if score > top - _CLOSE / 2 or best <= set(terms(p.text))]
        return near, top

    # milestones

    def milestone(self, ask: Ask) -> Draft | None:
        """When something is to happen, and when an earlier version said it would."""
        linked = self._linker.records(ask.wordings, ("milestone",), ask.documents)
        if not linked or not isinstance(linked[0].record, Milestone):
            return None
        record = linked[0].record
        bonus = _CUE if ask.reading.has("milestone", "when") else 0.0
        text = f"{record.what}: {record.when} ({self._title(record.document)})."
        lines = [Line(text, (of_record(record),))]
        if earlier := self._earlier(record):
            lines.append(
                Line(f"The {self._title(earlier.document)} said {earlier.when}.", (of_record(earlier),))
            )
        return Draft("milestone", tuple(lines), linked[0].score + bonus)

    def _earlier(self, record: Milestone) -> Milestone | None:
        """The same milestone at another time, in a version that the record's document replaces."""
        return next(
            (
                one
                for one in self._register.register.milestones
                if self._register.superseded.get(one.document) == record.document
                and words(one.what) == words(record.what)
                and words(one.when) != words(record.when)
            ),
            None,
        )

    def _title(self, document: str) -> str:
        return self._register.documents[document].name


def _entries(number: int) -> str:
    return f"{number_word(number)} {'entry' if number == 1 else 'entries'}"


def _apart(kindred: tuple[str, Sequence[PlanEntry]]) -> Line:
    """That a body of nearly the same name leads more."""
    name, entries = kindred
    return Line(f"Named apart from it: {name}, in {_entries(len(entries))}", tuple(map(of_record, entries)))


def _is_asked_for(asked: re.Match[str], place: str) -> bool:
    """Whether a place is of the sort that a question asks about: districts, or partnerships and other bodies; any where it
    names no sort."""
    if not (asked["districts"] or asked["bodies"]):
        return True
    return bool(_BODY.search(fold(place))) == bool(asked["bodies"])

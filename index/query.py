"""Questions to the register: look-ups over complete records, so that a count is the number there is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache, cached_property, lru_cache
from typing import Literal

from corpus.groups import grouped
from corpus.model import Commitment, Document, Indicator, PlanEntry, Priority, Record, Register
from corpus.text import fold
from index.said import Said

_BRACKETS = re.compile(r"\s*\([^)]*\)")
_BODY_WORDS = frozenset(
    re.findall(
        r"\w+",
        "the of and all council county borough city district team teams service services office department",
    )
)
# A short form in brackets; other brackets tell names apart.
_SHORT_FORM = re.compile(r"\s*\([^)\s]*[A-Z][^)\s]*[A-Z][^)\s]*\)")
_NOT_WORD = re.compile(r"[^a-z0-9%]+")
_POSSESSIVE = re.compile(r"'s?\b(?=\s|$|[^a-z])")
_OUTCOME = re.compile(r"\d+")


class RegisterQuery:
    """Look-ups over a register. ``documents`` gives dates and statuses for choosing versions."""

    def __init__(self, register: Register, documents: Mapping[str, Document]) -> None:
        self.register = register
        self.documents = documents
        self._entries_by_commitment = grouped(
            (entry.commitment_id or "", entry) for entry in register.entries
        )
        self._forms = lru_cache(maxsize=20_000)(self._spelled)  # of this register: gone when it is

    @cached_property
    def current(self) -> frozenset[str]:
        """Ids of documents that nothing newer and approved of their family replaces."""
        return frozenset(self.documents) - frozenset(self.superseded)

    @cached_property
    def superseded(self) -> dict[str, str]:
        """Document id -> id of the latest approved document of its family, for those that are not it."""
        out: dict[str, str] = {}
        named = {d.supersedes: d.id for d in self.documents.values() if d.supersedes}
        for document in self.documents.values():
            best = self._latest.get(document.family or "")
            if best and best != document.id:
                out[document.id] = best
            elif document.id in named:
                out[document.id] = named[document.id]
        return out

    @cached_property
    def _latest(self) -> dict[str, str]:
        """Family -> id of its latest approved document."""
        families = grouped((document.family or "", document) for document in self.documents.values())
        families.pop("", None)
        out = {}
        for family, members in families.items():
            approved = [d for d in members if d.status not in ("draft", "superseded")] or members
            out[family] = max(approved, key=lambda d: d.date or "").id
        return out

    def papers_of(self, id_: str) -> frozenset[str]:
        """The document of that id, and where it is the id of a pack, all papers of it; empty where there is
        none."""
        return frozenset(d.id for d in self.documents.values() if id_ in (d.id, d.pack))

    @cached_property
    def by_id(self) -> dict[str, Record]:
        """Every record by its id."""
        return {record.id: record for record in self.register.records()}

    def entries_of(self, commitment_id: str) -> list[PlanEntry]:
        """The entries under a commitment."""
        return self._entries_by_commitment.get(commitment_id, [])

    def find(
        self,
        text: str | None = None,
        *,
        lead: str | None = None,
        plan: str | None = None,
        outcome: str | None = None,
        documents: Collection[str] | None = None,
        parts: bool = True,
    ) -> list[PlanEntry]:
        """Entries that meet every filter, in reading order; all entries when none is given. ``parts`` says
        whether what the parts of an organisation lead counts as led by it."""
        rows: Iterable[int] = range(len(self.register.entries))
        if lead is not None:
            rows = sorted(self._leads.rows(self._forms(lead), whole=not parts))
        if plan is not None:
            held = self._plans.rows(self._forms(plan))
            rows = [row for row in rows if row in held]
        for word in words(text).split() if text is not None else ():
            rows = [row for row in rows if word in self._texts[row]]
        found = [self.register.entries[row] for row in rows]
        if documents is not None:
            found = [entry for entry in found if entry.document in documents]
        if outcome is not None:
            found = [entry for entry in found if same_outcome(entry.outcome, outcome)]
        return found

    @cached_property
    def _leads(self) -> Said:
        return Said(((*e.leads, e.leads_found) for e in self.register.entries), self._forms)

    @cached_property
    def _plans(self) -> Said:
        return Said(((e.plan or "", e.plan_found) for e in self.register.entries), self._forms)

    @cached_property
    def _texts(self) -> list[str]:
        """What each entry says, folded to words."""
        said = cache(words)  # names recur from row to row
        return [
            " ".join(
                said(part)
                for part in (e.commitment, e.plan, e.plan_found, e.leads_found, *e.leads, e.priority)
                if part
            )
            for e in self.register.entries
        ]

    def namesakes(self, plan: str, heads: Collection[str]) -> frozenset[str]:
        """The names, folded to words, by which a plan goes: its own; the same words in another order; and those that
        leave out, or add, only ``heads`` (words, as of places, with which many names begin), where no third name does
        and some body leads both."""
        own, light = words(plan), frozenset(heads) | {"and", "the"}
        return frozenset({own, *(name for name in self._plan_leads if self._is_namesake(own, name, light))})

    def _is_namesake(self, one: str, other: str, light: frozenset[str]) -> bool:
        short, long = sorted((set(one.split()), set(other.split())), key=len)
        if short == long:
            return True
        if len(short) < 2 or not _adds_only(long, short, light):
            return False
        fuller = {
            frozenset(name.split())
            for name in self._plan_leads
            if _adds_only(set(name.split()), short, light)
        }
        return len(fuller) == 1 and bool(self._plan_leads.get(one, set()) & self._plan_leads[other])

    @cached_property
    def _plan_leads(self) -> dict[str, set[str]]:
        """Who leads each plan, by its name folded to words."""
        found: dict[str, set[str]] = {}
        for entry in self.register.entries:
            if entry.plan:
                found.setdefault(words(entry.plan), set()).update(entry.leads)
        return found

    def kindred(self, body: str, form: str, documents: Collection[str]) -> dict[str, list[PlanEntry]]:
        """Other bodies of these documents that may be the same one, each with the entries that it leads: those whose names
        have the same words but for such as "council" and "team", and, where ``form``, the spelling that was asked for,
        leaves out what stands in brackets, those whose names begin with it."""
        own, counted = _distinct(body), {one.id for one in self.find(lead=body, documents=documents)}
        shortened = form == words(_BRACKETS.sub(" ", body)) != words(body)
        leads = grouped(
            (lead, entry)
            for entry in self.register.entries
            if entry.document in documents and entry.id not in counted
            for lead in entry.leads
        )
        return {
            lead: entries
            for lead, entries in leads.items()
            if _distinct(lead) == own or shortened and words(lead).startswith(f"{form} ")
        }

    def is_plan(self, entry: PlanEntry, plan: str) -> bool:
        """Whether an entry's plan is ``plan``, by any spelling known for it."""
        wanted = self._forms(plan)
        said = self._forms(entry.plan or "") | self._forms(entry.plan_found)
        return any(contains(form, one) for form in said for one in wanted)

    def leads_of(self, commitment_id: str, plan: str | None = None) -> list[str]:
        """Who leads a commitment, or a plan under it; each body once, in reading order."""
        entries = self.entries_of(commitment_id)
        mine = [e for e in entries if plan is None or self.is_plan(e, plan)]
        return list(dict.fromkeys(lead for entry in mine for lead in entry.leads))

    def commitments_of(self, plan: str, documents: Collection[str] | None = None) -> list[Commitment]:
        """The commitments that a plan is listed against, in reading order."""
        ids = {entry.commitment_id for entry in self.find(plan=plan, documents=documents)}
        return [c for c in self.register.commitments if c.id in ids]

    def counts(
        self, by: Literal["outcome", "priority", "lead", "document"], documents: Collection[str] | None = None
    ) -> Counter[str]:
        """How many entries there are by outcome, priority, organisation or document; "" where none is named. An
        entry that several bodies lead counts for each of them."""
        found: Counter[str] = Counter()
        for entry in self.find(documents=documents):
            if by == "lead":
                found.update(entry.leads or ("",))
            else:
                found[
                    {"outcome": entry.outcome, "priority": entry.priority, "document": entry.document}[by]
                    or ""
                ] += 1
        return found

    def indicators_about(self, subject: str, documents: Collection[str] | None = None) -> list[Indicator]:
        """The indicators whose wording holds every word of a subject, by its number too ("1.8")."""
        asked = words(subject).split()
        return [
            i
            for i in self.register.indicators
            if (documents is None or i.document in documents)
            and (i.number == subject.strip() or all(word in words(i.text) for word in asked))
        ]

    def numbered_as(self, indicator: Indicator) -> list[Indicator]:
        """All indicators of a number, that one among them; none where it has no number."""
        return self.with_number(_number(indicator))

    def with_number(self, number: str) -> list[Indicator]:
        """All indicators of a number as printed ("1.8"), whatever its case."""
        return self._by_number.get(number.casefold(), [])

    @cached_property
    def _by_number(self) -> dict[str, list[Indicator]]:
        return grouped((number, one) for one in self.register.indicators if (number := _number(one)))

    def _spelled(self, name: str) -> frozenset[str]:
        """A name folded to words, with its short forms written out and in the spelling that is canonical."""
        whole = words(name)
        plain = (words(_SHORT_FORM.sub(" ", name)) or whole) if "(" in name else whole
        forms = {plain, whole, self._expanded(plain), self._expanded(whole)}
        for form in tuple(forms):
            forms |= self._canonical.get(form, frozenset())
        return frozenset(form for form in forms if form)

    def _expanded(self, form: str) -> str:
        return " ".join(self._short_forms.get(word, word) for word in form.split())

    @cached_property
    def _short_forms(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for acronym in self.register.acronyms:
            short, full = words(acronym.short), words(_BRACKETS.sub(" ", acronym.full))
            if short and full and " " not in short and short not in found and len(short) > 1:
                found[short] = full
        return found

    @cached_property
    def _canonical(self) -> dict[str, frozenset[str]]:
        """Folded spellings and short forms of names -> the folded names they stand for."""
        found: dict[str, set[str]] = {}
        for name in self.register.names:
            shown = words(_SHORT_FORM.sub(" ", name.canonical))
            for spelling in (*name.spellings, *name.acronyms):
                found.setdefault(words(spelling), set()).add(shown)
        return {form: frozenset(names) for form, names in found.items()}

    def without_lead(self, documents: Collection[str] | None = None) -> list[PlanEntry]:
        """Entries against which no lead is named."""
        found = self.find(documents=documents)
        return [entry for entry in found if not entry.leads and not entry.leads_found.strip()]

    def priorities_of(self, place: str, documents: Collection[str] | None = None) -> list[Priority]:
        """The priorities of a place, in order; one with empty text means that its list is blank."""
        wanted = words(place)
        return [
            p
            for p in self.register.priorities
            if words(p.place) == wanted and (documents is None or p.document in documents)
        ]


@lru_cache(maxsize=50_000)  # the names of the register are compared with every question
def words(text: str) -> str:
    """Folded words joined by single spaces: the form in which names are compared."""
    return " ".join(_NOT_WORD.split(_POSSESSIVE.sub("", fold(text)).replace("'", ""))).strip()


def contains(text: str, part: str) -> bool:
    """Whether the words of ``part`` stand in ``text`` in a row (both as ``words`` gives them)."""
    return bool(part) and f" {part} " in f" {text} "


@cache
def same_outcome(found: str | None, wanted: str) -> bool:
    """Whether an outcome is the one asked for, by number or by words."""
    if not found:
        return False
    numbers, asked = _OUTCOME.findall(found), _OUTCOME.findall(wanted)
    return (
        bool(set(numbers[:1]) & set(asked[:1]))
        if numbers and asked
        else contains(words(found), words(wanted))
    )


def row_of(entry: PlanEntry, document: Document) -> dict[str, object]:
    """An entry as the row of ``ledby find --format json``."""
    lines = document.lines_of(entry.span)
    return {
        "id": entry.id,
        "document": entry.document,
        "file": document.file,
        "version": "draft" if document.status in ("draft", "superseded") else "final",
        "date": document.date,
        "outcome": entry.outcome,
        "priority": entry.priority,
        "commitment": entry.commitment,
        "plan": entry.plan,
        "leads": list(entry.leads),
        "leads_of": entry.leads_of,
        "status": entry.status,
        "timescale": entry.timescale,
        "measure": entry.measure,
        "page": entry.page_no,
        "lines": list(lines) if lines else None,
        "quote": entry.quote,
        "doubtful": entry.doubtful,
        "why": entry.why,
    }


def by_outcome(entries: Iterable[PlanEntry]) -> Iterator[tuple[str, list[PlanEntry]]]:
    """Entries grouped by outcome, in reading order."""
    groups: dict[str, list[PlanEntry]] = {}
    for entry in entries:
        groups.setdefault(entry.outcome or "", []).append(entry)
    yield from groups.items()


def by_document(priorities: Iterable[Priority]) -> list[list[Priority]]:
    """Priorities grouped by the document that lists them, in reading order."""
    groups: dict[str, list[Priority]] = {}
    for priority in priorities:
        groups.setdefault(priority.document, []).append(priority)
    return list(groups.values())


def _adds_only(long: set[str], short: set[str], light: frozenset[str]) -> bool:
    """Whether a name's words are those of another and some light ones."""
    return short < long and long - short <= light


def _distinct(body: str) -> frozenset[str]:
    """The words of a body's name without its short form and those that names of public bodies add or leave out."""
    return frozenset(words(_SHORT_FORM.sub(" ", body)).split()) - _BODY_WORDS


def _number(indicator: Indicator) -> str:
    """An indicator's number as printed or, where it has none of its own, as it is told beside it; else ""."""
    return (indicator.number or dict(indicator.other).get("number") or "").casefold()

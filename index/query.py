"""Questions to the register: look-ups over complete records, so that a count is the number there is."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property, lru_cache

from corpus.model import Document, PlanEntry, Priority, Record, Register
from corpus.text import fold

_BRACKETS = re.compile(r"\s*\([^)]*\)")
_NOT_WORD = re.compile(r"[^a-z0-9%]+")
_POSSESSIVE = re.compile(r"'s?\b(?=\s|$|[^a-z])")
_OUTCOME = re.compile(r"\d+")


class RegisterQuery:
    """Look-ups over a register. ``documents`` gives dates and statuses for choosing versions."""

    def __init__(self, register: Register, documents: Mapping[str, Document]) -> None:
        self.register = register
        self.documents = documents
        self._entries_by_commitment: dict[str, list[PlanEntry]] = {}
        for entry in register.entries:
            self._entries_by_commitment.setdefault(entry.commitment_id or "", []).append(entry)

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
            best = self._latest(document.family) if document.family else None
            if best and best != document.id:
                out[document.id] = best
            elif document.id in named:
                out[document.id] = named[document.id]
        return out

    def _latest(self, family: str) -> str | None:
        members = [d for d in self.documents.values() if d.family == family]
        approved = [d for d in members if d.status not in ("draft", "superseded")] or members
        return max(approved, key=lambda d: d.date or "").id if approved else None

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
    ) -> list[PlanEntry]:
        """Entries that meet every filter, in reading order; all entries when none is given."""
        wanted = (
            self.register.entries
            if documents is None
            else [entry for entry in self.register.entries if entry.document in documents]
        )
        return [
            entry
            for entry in wanted
            if (lead is None or self.leads(entry, lead))
            and (plan is None or self.is_plan(entry, plan))
            and (outcome is None or same_outcome(entry.outcome, outcome))
            and (text is None or _holds_words(entry, text))
        ]

    def leads(self, entry: PlanEntry, body: str) -> bool:
        """Whether ``body``, or a part of it, is among the leads of an entry."""
        said = [self._forms(lead) for lead in (*entry.leads, entry.leads_found) if lead]
        return any(contains(form, wanted) for wanted in self._forms(body) for forms in said for form in forms)

    def is_plan(self, entry: PlanEntry, plan: str) -> bool:
        """Whether an entry's plan is ``plan``, by any spelling known for it."""
        wanted = self._forms(plan)
        said = self._forms(entry.plan or "") | self._forms(entry.plan_found)
        return any(contains(form, one) for form in said for one in wanted)

    @lru_cache(maxsize=20_000)  # noqa: B019
    def _forms(self, name: str) -> frozenset[str]:
        """A name folded to words, with its short forms written out and in the spelling that is canonical."""
        plain = words(_BRACKETS.sub(" ", name)) or words(name)
        forms = {plain, words(name)}
        for form in list(forms):
            forms.add(self._expanded(form))
        forms |= {
            words(_BRACKETS.sub(" ", n)) for form in tuple(forms) for n in self._canonical.get(form, ())
        }
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
    def _canonical(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {}
        for name in self.register.names:
            for spelling in (*name.spellings, *name.acronyms):
                found.setdefault(words(spelling), []).append(name.canonical)
        return {form: tuple(names) for form, names in found.items()}

    def without_lead(self, documents: Collection[str] | None = None) -> list[PlanEntry]:
        """Entries against which no lead is named."""
        return [
            entry
            for entry in self.find(documents=documents)
            if not entry.leads and not entry.leads_found.strip()
        ]

    def priorities_of(self, place: str, documents: Collection[str] | None = None) -> list[Priority]:
        """The priorities of a place, in order; one with empty text means that its list is blank."""
        wanted = words(place)
        return [
            p
            for p in self.register.priorities
            if words(p.place) == wanted and (documents is None or p.document in documents)
        ]


def words(text: str) -> str:
    """Folded words joined by single spaces: the form in which names are compared."""
    return " ".join(_NOT_WORD.split(_POSSESSIVE.sub("", fold(text)).replace("'", ""))).strip()


def contains(text: str, part: str) -> bool:
    """Whether the words of ``part`` stand in ``text`` in a row (both as ``words`` gives them)."""
    return bool(part) and f" {part} " in f" {text} "


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


def _holds_words(entry: PlanEntry, text: str) -> bool:
    said = words(
        " ".join(
            filter(
                None,
                (
                    entry.commitment,
                    entry.plan,
                    entry.plan_found,
                    entry.leads_found,
                    *entry.leads,
                    entry.priority,
                ),
            )
        )
    )
    return all(word in said for word in words(text).split())


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

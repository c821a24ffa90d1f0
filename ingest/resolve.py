"""Raw entries of all documents -> records with canonical names: lists cut into single plans and single
bodies."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from corpus.model import Commitment, Document, Name, PlanEntry, Priority
from ingest.above import Setting
from ingest.bodies import Bodies
from ingest.columns import Known, read_columns, regions_of, word_fits
from ingest.entries import RawEntry
from ingest.lexicon import ENOUGH, Lexicon
from ingest.making import Maker
from ingest.mending import Mender
from ingest.names import Shorts, Spellings, Vocabulary, key_of
from ingest.pieces import as_prose, at_commas, itemised, rejoined, tiled, with_parents, with_posts
from ingest.splitting import BODY_WORDS, LEADS, PLANS, Style, learn, split
from ingest.written import Written

_NOBODY = re.compile(
    r"\W*(?:tbc|tba|n/?a|to be (?:confirmed|agreed|appointed|determined|decided)|not applicable|none|nil|vacant|unassigned"
    r"|no lead(?: named| identified)?|not yet (?:known|agreed|appointed))?\W*",
    re.I,
)
_STATUS = re.compile(
    r"\s*[\[(]\s*((?:in development|to be developed|draft|tbc|tba|under development|in progress"
    r"|being developed|proposed|to be confirmed|subject to[^)\]]*))\s*[\])]|\s+(in development)$",
    re.I,
)


class Resolver:
    """Learns names from every document's entries, then makes records of them."""

    def __init__(self, shorts: Shorts, vocabulary: Vocabulary, mender: Mender) -> None:
        self.shorts = shorts
        mender.shorts = shorts
        self._approved: set[str] = set()
        self._raw: dict[str, Sequence[RawEntry]] = {}
        self._written = Written(ENOUGH)
        self._told_apart: dict[
            str, tuple[str, ...]
        ] = {}  # a list that lines told apart tells the same list elsewhere

        @cache
        def key(name: str) -> str:
            return key_of(mender.mend(name), shorts)

        @cache
        def written(name: str) -> int:
            return self._written.count(name)

        @cache  # asked once all names are learnt, for the names of the corpus and again for each document
        def cut(text: str, style: Style) -> tuple[str, ...]:
            return split(text, self._bodies if style is LEADS else self._plans, style)

        self._key, self._count, self._cut = key, written, cut
        self._bodies = Lexicon(key, written)
        self._plans = Lexicon(key, written)
        self.organisations = Spellings(shorts, vocabulary, mender.mend)
        self.plans = Spellings(shorts, vocabulary, mender.mend)
        self.commitments = Spellings(shorts, vocabulary, mender.mend)
        self.priorities = Spellings(shorts, vocabulary, mender.mend)

    def learn(self, document: Document, entries: Sequence[RawEntry]) -> None:
        """Note the entries of a document; may be called again with more."""
        self._raw[document.id] = [*self._raw.get(document.id, ()), *entries]
        if document.status not in ("draft", "superseded"):
            self._approved.add(document.id)
        self._written.add(re.sub(r"[ \t]*\n[ \t]*", " ", document.text))

    def read_columns(self, document: Document, setting: Setting) -> list[RawEntry]:
        """The entries of a document's run-together columns, read with the help of the names learnt so far."""
        regions = list(regions_of(document))
        if not regions:
            return []
        known = self._known()
        out: list[RawEntry] = []
        for region in regions:
            at = next((i for i, b in enumerate(document.blocks) if b.span.end > region.header.start), 0)
            found = read_columns(document, region, setting.above(at + 1), known)
            out += _carry(out, found)
        return out

    def _known(self) -> Known:
        """Names and words from all tables, the whole lines of these columns, and the document's own
        headings."""
        every = [entry for entries in self._raw.values() for entry in entries]
        names = {label: Lexicon(self._key, self._count) for label in "CPL"}
        counts: dict[str, Counter[str]] = {label: Counter() for label in "CPL"}
        groups = {self._key(g) for e in every if (g := _group(e))}
        for entry in every:
            cells = (("C", entry.commitment), ("P", entry.plan), ("L", entry.leads))
            for label, cell in cells:
                counts[label].update(re.findall(r"[a-z']+", cell.text.lower()) if cell else ())
            if entry.commitment:
                for part in entry.commitment.text.split(" / "):
                    names["C"].add(part)
        for label, lexicon in (("P", self._plans), ("L", self._bodies)):
            for key, weight in lexicon.names.items():
                names[label].names[key] = weight
        return Known(names, word_fits({k: dict(v) for k, v in counts.items()}), lambda key: key in groups)

    def settle(self) -> None:
        """Learn from all entries noted, cut lists, and choose canonical names."""
        every = [entry for entries in self._raw.values() for entry in entries]
        for entry in every:
            for plan in entry.plans:
                self._plans.add(plan)
        learn(self._bodies, [body for e in every for body in e.bodies], LEADS, whole=False)
        listed = [e.leads.text for e in every if e.listed and e.leads and not e.bodies]
        learn(self._bodies, listed, LEADS, lists=True)
        for entry in every:
            for cell, parts in ((entry.plan, entry.plans), (entry.leads, entry.bodies)):
                if cell is not None and len(parts) > 1:
                    self._told_apart[self._key(cell.text)] = parts
        self._settle_names()

    def seed(self) -> None:
        """Learn plans and bodies from the entries noted so far."""
        every = [entry for entries in self._raw.values() for entry in entries]
        for full in self.shorts.full.values():
            if "," in full:
                self._bodies.phrases.add(full)
        alone = {e.leads.text for e in every if e.leads}
        for short, full in self.shorts.full.items():
            if (
                len(short) > 1
                and short.isupper()
                and short in alone
                or full in alone
                or full.split()[-1].lower() in BODY_WORDS
            ):
                self._bodies.add(full)
        tokens = {t.strip() for e in every if e.leads for t in re.split(r",|;|\band\b", e.leads.text)}
        for short in sorted(tokens & set(self.shorts.full)):
            self._bodies.add(short)
        learn(self._bodies, [e.leads.text for e in every if e.leads and not e.listed], LEADS)
        for entry in every:  # a service may be listed as a plan in one row and as its own lead in another
            if (
                entry.plan
                and not entry.listed
                and re.search(r", .* and .*", entry.plan.text)
                and len(entry.plan.text.split()) <= 6
            ):
                self._bodies.add(entry.plan.text)
                self._bodies.phrases.add(entry.plan.text)
        learn(self._plans, [e.plan.text for e in every if e.plan and not e.listed], PLANS)

    def _settle_names(self) -> None:
        for document, entries in self._raw.items():
            approved = document in self._approved
            for entry in entries:
                for lead in self.leads_of(entry):
                    self.organisations.add(lead, approved)
                for plan in self.plans_of(entry):
                    self.plans.add(_bare_plan(plan)[0], approved)
                self.commitments.add(entry.commitment.text if entry.commitment else "", approved)
                self.priorities.add(_group(entry) or "", approved)
        for spellings in (self.organisations, self.plans, self.commitments, self.priorities):
            spellings.settle()
        self.bodies = Bodies(self.organisations, self._bodies, self.shorts)

    def leads_of(self, entry: RawEntry) -> tuple[str, ...]:
        """The single bodies of an entry's leads, as found."""
        if entry.leads is None or _NOBODY.fullmatch(entry.leads.text.strip()):
            return ()
        texts = entry.bodies or self._told_apart.get(self._key(entry.leads.text)) or (entry.leads.text,)
        found = [p for t in texts for p in with_posts(self._cut(t, LEADS), t)]
        whole = rejoined(found, entry.leads.text, self._bodies)
        return tuple(dict.fromkeys(with_parents(whole, self._bodies)))

    def plans_of(self, entry: RawEntry) -> tuple[str, ...]:
        """The single plans of an entry, as found: one, or several where its row is a list or runs names
        together that are all known from elsewhere."""
        if entry.plan is None:
            return ()
        text = entry.plan.text
        if not entry.listed:
            return itemised(text) or (tiled(text, self._plans) if entry.mixed else ()) or (text,)
        plans = entry.plans or self._told_apart.get(self._key(text)) or tiled(text, self._plans)
        plans = plans or tuple(as_prose(self._cut(text, PLANS), self._plans.weight))
        return tuple(part for plan in plans for part in at_commas(plan))

    def records(self, entries: Sequence[RawEntry], maker: Maker) -> tuple[list[Commitment], list[PlanEntry]]:
        """The commitments and plan entries of one document in reading order."""
        commitments: list[Commitment] = []
        made: dict[tuple[str, str | None], str] = {}
        rows: list[PlanEntry] = []
        for entry in entries:
            home = self._commitment(entry, maker, made, commitments)
            rows.extend(self._rows(entry, home, maker))
        return commitments, rows

    def _commitment(
        self, entry: RawEntry, maker: Maker, made: dict[tuple[str, str | None], str], out: list[Commitment]
    ) -> str | None:
        """The id of an entry's commitment, made when first met; a commitment that goes on over a page is
        one."""
        if entry.commitment is None:
            return None
        name = self.commitments.canonical(entry.commitment.text)
        at = (name, entry.above.outcome)
        if at not in made:
            record = Commitment(
                **maker.base("commitment", entry.commitment.span, entry.above.section), name=name,
                found=entry.commitment.text, outcome=entry.above.outcome, priority=self._priority(entry),
            )  # fmt: skip
            made[at] = record.id
            out.append(record)
        return made[at]

    def _priority(self, entry: RawEntry) -> str | None:
        group = _group(entry)
        return self.priorities.canonical(group) if group else None

    def _rows(self, entry: RawEntry, home: str | None, maker: Maker) -> list[PlanEntry]:
        plans = self.plans_of(entry) or (None,)
        found = self.leads_of(entry)
        leads = tuple(dict.fromkeys(self.bodies.canonical(lead) for lead in found))
        name = self.commitments.canonical(entry.commitment.text) if entry.commitment else None
        out = []
        for plan in plans:
            bare, status = _bare_plan(plan) if plan else ("", None)
            out.append(PlanEntry(
                **maker.base("entry", entry.span, entry.above.section, entry.why),
                commitment_id=home, commitment=name,
                plan=self.plans.canonical(bare) if plan else None, plan_found=plan or "",
                leads=leads, leads_found=entry.leads.text if entry.leads else "",
                leads_of="commitment" if len(plans) > 1 else "plan",
                outcome=entry.above.outcome,
                priority=self._priority(entry), status=entry.status or status, timescale=entry.timescale,
                measure=entry.measure, other=entry.other,
            ))  # fmt: skip
        return out

    def names(self, priorities: Sequence[Priority]) -> tuple[Name, ...]:
        """Every canonical name with its spellings."""
        out = self.bodies.names()
        out += [Name("plan", c, frozenset(s)) for c, s in self.plans.groups().items()]
        out += [Name("commitment", c, frozenset(s)) for c, s in self.commitments.groups().items()]
        out += [Name("place", place) for place in dict.fromkeys(p.place for p in priorities)]
        return tuple(out)


def _carry(before: Sequence[RawEntry], found: Sequence[RawEntry]) -> list[RawEntry]:
    """Rows that begin a page without a commitment belong to the last one of the page before."""
    last = before[-1] if before else None
    return [
        replace(e, commitment=last.commitment, group=e.group or last.group)
        if e.commitment is None and last
        else e
        for e in found
    ]


def _group(entry: RawEntry) -> str | None:
    if entry.group is not None:
        return entry.group.text
    return entry.above.priority.text if entry.above.priority else None


def _bare_plan(text: str) -> tuple[str, str | None]:
    """A plan's name without its state, and the state: "Sports Strategy (TBC)" -> "Sports Strategy", "TBC"."""
    found = _STATUS.search(text)
    if not found:
        return text, None
    return (text[: found.start()] + text[found.end() :]).strip(), found.group(1) or found.group(2)

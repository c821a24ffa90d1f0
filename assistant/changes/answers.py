"""Answers about versions: what changed between a replaced version and the current one, each value cited."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Sequence, Set
from dataclasses import replace
from functools import cached_property

from assistant.changes.ask import CUE, KINDS, Wish, WishReader, does, leads_fit, number_asked, word_of_change
from assistant.changes.lines import ChangeLines
from assistant.changes.lists import ChangeLists, action_head
from assistant.changes.versions import Pair, Versions, name_of
from assistant.changes.words import Names, label, no_of, noun_of
from assistant.draft import Draft, Line
from assistant.evidence.link import Linked, Linker
from assistant.question.scope import Scope
from assistant.question.understand import Ask
from corpus.model import Commitment, Indicator, Milestone, PlanEntry, Priority, Record
from index.lexical import terms
from index.query import RegisterQuery
from ingest.versions import Change

_CLOSE = 0.05
_HEADED = 0.3  # what a milestone gains whose headings hold all of the topic
_ABOUT = 0.15  # of the rarer words of an indicator, what another about the same shares
_TOPICAL = 0.12  # changes linked this much worse than the best are not what a list is about
_FAIR = 0.5  # how well a record must be linked where little else speaks for it
_LONGEST = 25


class Changes:
    """Composes answers to version questions from records."""

    def __init__(self, register: RegisterQuery, linker: Linker, scope: Scope) -> None:
        self._register = register
        self._linker = linker
        self._scope = scope
        self._names = Names(register)
        self._lines = ChangeLines(register)
        self._lists = ChangeLists(register)

    @cached_property
    def versions(self) -> Versions:
        """The versions in the register."""
        return Versions(self._register, self._scope.drafts)

    @cached_property
    def _reader(self) -> WishReader:
        return WishReader(self._register, self.versions)

    def draft(self, ask: Ask) -> Draft | None:
        """The answer to a question about versions; None for others, and where there is but one version."""
        wish = self._reader.read(ask)
        if wish is None:
            return None
        if not wish.sure:
            return self._subject(wish)
        makers = (
            self._across,
            self._numbers,
            self._filled,
            self._place,
            self._listed,
            self._about,
            self._subject,
            self._summary,
        )
        return next((made for make in makers if (made := make(wish)) is not None), None)

    def disclosure(self, record: Record) -> Line | None:
        """A sentence for an answer from ``record`` of a current document, where the version before said
        otherwise; its evidence is what stood there. None where it said the same, or nothing."""
        pair = self.versions.pair_of(record.document)
        if pair is None or record.document != pair.new:
            return None
        return self._lines.disclosure(record, self.versions.others(record, pair), pair)

    def _across(self, wish: Wish) -> Draft | None:
        """What two papers say of one thing, where the question names another paper beside a version."""
        held = {record.document for record in self._register.register.records()}
        paired = {document for pair in self.versions.pairs for document in pair.documents}
        named = {one for one in self._scope.named(wish.reading.folded) if one in held}
        if not named & paired or named <= paired:
            return None
        kinds = tuple(wish.nouns & KINDS.keys()) or tuple(KINDS)
        linked = [
            self._linker.records(wish.wordings, kinds, side, k=1) for side in (named & paired, named - paired)
        ]
        tops = [one for side in linked for one in side]
        if len(tops) < 2 or tops[0].kind != tops[1].kind or min(one.score for one in tops) < _FAIR:
            return None
        return Draft("diff", tuple(self._lines.says(one.record) for one in tops), tops[1].score + wish.bonus)

    def _numbers(self, wish: Wish) -> Draft | None:
        """How many records of a kind each version has."""
        if not wish.reading.has("count") or wish.actions - {"changed"}:
            return None
        noun = next(
            (noun for noun in ("indicator", "commitment", "milestone", "entry") if noun in wish.nouns), None
        )
        if noun is None:
            return None
        outcome = wish.outcome
        lines = [self._lists.number(pair, KINDS[noun], noun, outcome) for pair in wish.pairs]
        kept = tuple(line for line in lines if line is not None)
        return Draft("diff", kept[:2], 1.0 + CUE) if kept else None

    def _filled(self, wish: Wish) -> Draft | None:
        """Places whose lists were blank and are filled, and those that are blank still."""
        if "filled" not in wish.actions or self._linker.places(wish.reading.question):
            return None
        for pair in wish.pairs:
            lines = self._lists.filled(pair, self.versions.changes(pair))
            if lines:
                return Draft("diff", lines, 1.0 + CUE)
        return None

    def _place(self, wish: Wish) -> Draft | None:
        """The priorities of a place, then and now."""
        places = self._linker.places(wish.reading.question)
        said = {word for place in places for word in terms(place)}
        if not places or not (
            wish.reading.has("place") or "priority" in wish.nouns or set(wish.topic) <= said
        ):
            return None
        lines = [
            line for pair in wish.pairs for place in places[:3] for line in self._lines.place(place, pair)
        ]
        return Draft("diff", tuple(lines), 1.0 + CUE) if lines else None

    def _listed(self, wish: Wish) -> Draft | None:
        """Everything that was dropped, added, reworded or moved, of the kind and on the topic asked for."""
        actions = wish.actions - {"filled"}
        if actions and actions <= {"dropped", "added"} and not wish.nouns and not wish.topic:
            wish = replace(wish, nouns=frozenset(KINDS))
        if not actions or not wish.nouns or not wish.listing:
            return None
        if actions == {"changed"} and wish.topic and "lead" in wish.nouns:
            return None
        bodies = self._bodies(wish)
        found = [(pair, one) for pair in wish.pairs for one in self._candidates(wish, pair, actions, bodies)]
        if not found:
            return None
        named = {
            term for body in bodies for form in (body, *self._linker.forms_of(body)) for term in terms(form)
        }
        wish = replace(wish, topic=tuple(term for term in wish.topic if term not in named))
        score, kept = self._on_topic(wish, found)
        if not kept:
            return None
        return Draft(
            "diff",
            self._listing(kept, wish),
            score + wish.bonus,
            bullets=len(kept) > 1,
            completeness="complete" if len(kept) <= _LONGEST else "partial",
        )

    def _about(self, wish: Wish) -> Draft | None:
        """Everything that changed about a topic, where it is asked what did and the topic's words stand in several of the
        changes."""
        if not wish.about or wish.nouns or wish.actions != {"changed"}:
            return None
        found = [
            (pair, one)
            for pair in wish.pairs
            for one in self.versions.changes(pair)
            if self._share(wish.topic, one) == 1
        ]
        if len(found) < 2:
            return None
        lists: dict[tuple[str, str], list[tuple[Pair, Change]]] = {}
        for pair, one in found:
            lists.setdefault((one.kind, noun_of(one)), []).append((pair, one))
        lines = [line for same in lists.values() for line in self._listing(same, wish, headed=True)]
        whole = max(map(len, lists.values())) <= _LONGEST
        return Draft(
            "diff",
            tuple(lines),
            1.0 + CUE,
            bullets=True,
            completeness="complete" if whole else "partial",
        )

    def _candidates(self, wish: Wish, pair: Pair, actions: Set[str], bodies: Sequence[str]) -> list[Change]:
        kinds = tuple(KINDS[noun] for noun in wish.nouns if noun in KINDS)
        out = []
        for one in self.versions.changes(pair):
            record = one.new or one.old
            if wish.outcome and no_of(getattr(record, "outcome", None)) != wish.outcome:
                continue
            if one.kind == "lead changed":
                fits = "lead" in wish.nouns and leads_fit(one, actions, bodies)
            elif one.kind == "milestone moved":
                fits = "milestone" in wish.nouns and not bodies and does(one, actions)
            else:
                fits = bool(kinds) and not bodies and isinstance(record, kinds) and does(one, actions)
            if fits:
                out.append(one)
        return out

    def _bodies(self, wish: Wish) -> list[str]:
        """The bodies whose coming or going as leads is asked for."""
        if "lead" not in wish.nouns or not wish.actions & {"dropped", "added"}:
            return []
        return self._linker.organisations(wish.reading.question)

    def _on_topic(
        self, wish: Wish, found: list[tuple[Pair, Change]]
    ) -> tuple[float, list[tuple[Pair, Change]]]:
        """The changes that a question's topic means, all where it names none; and how sure that is."""
        topic = [word for word in wish.topic if not word.isdigit()]
        if not topic:
            return 1.0, found
        scores = {one.record.id: one.score for one in self._links(wish, tuple(KINDS))}
        ranked = [
            (
                max(scores.get(r.id, 0.0) for r in (one.old, one.new) if r) + 0.3 * self._share(topic, one),
                pair,
                one,
            )
            for pair, one in found
        ]
        best = max(score for score, _, _ in ranked)
        kept = [item for item in ranked if item[0] > best - _TOPICAL]
        number = number_asked(wish.reading.folded)
        if number:
            kept = sorted(ranked, key=lambda item: -item[0])[:number]
        return min(1.0, best), [(pair, one) for _, pair, one in ranked if any(one is k[2] for k in kept)]

    @staticmethod
    def _share(topic: Sequence[str], change: Change) -> float:
        said = {t for r in (change.old, change.new) if r for t in terms(f"{change.subject} {label(r)}")}
        return sum(word in said for word in topic) / len(topic)

    def _listing(
        self, kept: Sequence[tuple[Pair, Change]], wish: Wish, *, headed: bool = False
    ) -> tuple[Line, ...]:
        """Changes as lists, a pair of versions each; one alone as a sentence, unless it is to be ``headed`` as well."""
        lines, headed = [], headed or len(kept) > 1
        for pair in dict.fromkeys(pair for pair, _ in kept):
            mine = [one for other, one in kept if other == pair]
            if headed:
                lines.append(
                    Line(
                        action_head(
                            mine, self._names.old_name(pair), self._names.title(pair.new), wish.actions
                        )
                    )
                )
            lines += [self._lists.change(one, pair, alone=not headed) for one in mine[:_LONGEST]]
            if len(mine) > _LONGEST:
                lines.append(Line(f"and {len(mine) - _LONGEST} more, which “ledby diff” lists."))
        return tuple(lines)

    def _links(self, wish: Wish, kinds: Collection[str], k: int = 60) -> list[Linked]:
        return self._linker.records(wish.wordings, kinds, wish.documents, k=k)

    def _subject(self, wish: Wish) -> Draft | None:
        """What became of one commitment, plan, indicator, milestone or priority."""
        if not wish.topic:
            return None
        nouns = wish.nouns & KINDS.keys()
        kinds = (nouns | ({"commitment"} if "entry" in nouns else set())) or set(KINDS)
        if "lead" in wish.nouns and not nouns - {"entry"}:
            kinds = {"commitment", "entry"}
        linked = self._linked(wish, kinds)
        if not linked or (not wish.sure and linked[0].score < _FAIR):
            return None
        top = self._meant(linked, wish)
        pair = next((pair for pair in wish.pairs if top.record.document in pair.documents), None)
        if pair is None or (not wish.sure and not self._really(wish, top, pair)):
            return None
        lines = self._compared(top, pair, wish)
        return Draft("diff", lines, top.score + wish.bonus) if lines else None

    def _linked(self, wish: Wish, kinds: Set[str]) -> list[Linked]:
        """What the question means most; a date may be a milestone's, or that of a plan which has one."""
        if kinds != {"milestone"}:
            return self._links(wish, tuple(kinds))
        found = self._links(wish, ("milestone", "entry"))
        return [one for one in found if isinstance(one.record, Milestone) or _has_date(one.record)]

    def _meant(self, linked: Sequence[Linked], wish: Wish) -> Linked:
        """The best linked record; of those nearly as good, one that changed. A milestone is also known by the
        headings that it stands under, which say what it is a milestone of."""
        topic = set(wish.topic)

        def headed(one: Linked) -> float:
            if not isinstance(one.record, Milestone) or not topic & set(
                terms(one.record.section.rsplit(" > ", 1)[-1])
            ):
                return 0.0
            return _HEADED * len(topic & set(terms(one.record.section))) / len(topic)

        scored = [replace(one, score=min(1.0, one.score + headed(one))) for one in linked]
        best = max(one.score for one in scored)
        near = [one for one in scored if one.score >= best - _CLOSE]
        return max(near, key=lambda one: one.score + _CLOSE * self.versions.is_changed(one.record))

    def _really(self, wish: Wish, top: Linked, pair: Pair) -> bool:
        """Whether the question is about the record, its word of change is not the record's own, and it did change."""
        own = set(terms(label(top.record)))
        word = word_of_change(wish.reading.folded)
        if not word or set(terms(word)) & own:
            return False
        said = max(len(own & set(terms(wording))) for wording in wish.wordings)
        if said < len(wish.topic) / 2:
            return False
        return any(
            name_of(r) != name_of(top.record) or label(r) != label(top.record)
            for r in self.versions.others(top.record, pair)
        )

    def _compared(self, top: Linked, pair: Pair, wish: Wish) -> tuple[Line, ...]:
        record = top.record
        if isinstance(record, Priority):
            return self._lines.place(record.place, pair)
        others = self.versions.others(record, pair)
        mine = [record] if record.document == pair.new else others
        theirs = others if record.document == pair.new else [record]
        if isinstance(record, Indicator) and not others:
            mine, theirs = self._neighbours(record, pair, wish.topic)
        if isinstance(record, Indicator):
            return self._lines.indicator(theirs, mine, pair)
        if isinstance(record, Milestone):
            return self._lines.milestone(theirs, mine, pair)
        return self._commitment(top, pair, wish)

    def _neighbours(
        self, record: Indicator, pair: Pair, topic: Sequence[str]
    ) -> tuple[list[Record], list[Record]]:
        """Indicators of the new and of the old version that came or went and are about the same as
        ``record``: they share its rarer words."""
        moved = [
            r
            for one in self.versions.changes(pair)
            if one.kind in ("added", "dropped")
            for r in (one.new, one.old)
        ]
        hit = set(topic) & set(terms(record.text))
        alike: list[Record] = [record]
        for r in moved:
            if isinstance(r, Indicator) and r.id != record.id and r.outcome == record.outcome:
                asked = len(hit) > 1 and hit <= set(terms(r.text))
                if asked or self._rarely(record, r) >= _ABOUT:
                    alike.append(r)
        return [r for r in alike if r.document == pair.new], [r for r in alike if r.document != pair.new]

    def _rarely(self, one: Indicator, other: Indicator) -> float:
        """How much of the rarer words of the one that has fewer stands in the other, 0 to 1."""
        a, b = set(terms(one.text)), set(terms(other.text))
        least = min(sum(map(self._rarity, a)), sum(map(self._rarity, b)))
        return sum(map(self._rarity, a & b)) / least if least else 0.0

    def _rarity(self, word: str) -> float:
        return math.log(1 + self._spread[1] / self._spread[0][word]) if not word[0].isdigit() else 0.0

    @cached_property
    def _spread(self) -> tuple[Counter[str], int]:
        texts = [set(terms(r.text)) for r in self._register.register.indicators]
        return Counter(word for text in texts for word in text), len(texts)

    def _commitment(self, top: Linked, pair: Pair, wish: Wish) -> tuple[Line, ...]:
        record, plan = top.record, None
        if isinstance(record, PlanEntry):
            plan = record.plan if top.named else None
            record = self._register.by_id.get(record.commitment_id or "", record)
        if isinstance(top.record, PlanEntry) and (
            _has_date(top.record) or not isinstance(record, Commitment)
        ):
            return self._lines.plan(top.record, self.versions.others(top.record, pair), pair)
        if not isinstance(record, Commitment):
            return ()
        other = next((r for r in self.versions.others(record, pair) if isinstance(r, Commitment)), None)
        new, old = (record, other) if record.document == pair.new else (other, record)
        aspects = wish.nouns & {"lead", "entry"} or {"lead", "entry"}
        return self._lines.commitment(old, new, pair, plan, {"lead"} if "lead" in wish.nouns else aspects)

    def _summary(self, wish: Wish) -> Draft | None:
        """What changed, all in all: numbers by kind, and what tells most."""
        if wish.topic:
            return None
        lines = [
            line for pair in wish.pairs for line in self._lists.summary(pair, self.versions.changes(pair))
        ]
        return Draft("diff", tuple(lines), 1.0 + CUE, bullets=True, completeness="partial") if lines else None


def _has_date(record: Record) -> bool:
    """Whether a record is a plan with a date of its own."""
    return isinstance(record, PlanEntry) and bool(record.timescale)

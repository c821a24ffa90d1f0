"""Which documents are versions of one another, what changed, and what a record was in the other version."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz import fuzz

from corpus.groups import grouped
from corpus.model import Commitment, Indicator, Milestone, PlanEntry, Priority, Record
from index.query import RegisterQuery, words
from ingest.versions import Change, diff

_SAME = 95.0  # names that agree this far, of 100, are one name
_ALIKE = 82.0
_REPLACED = 60.0  # a rewording that agrees less than this is another thing in its place


@dataclass(frozen=True, slots=True)
class Pair:
    """Ids of a version and of what replaced it; ``twins`` are other papers that hold the old version too."""

    old: str
    new: str
    twins: tuple[str, ...] = ()

    @property
    def olds(self) -> tuple[str, ...]:
        """The old version's papers, the preferred one first."""
        return (self.old, *self.twins)

    @property
    def documents(self) -> frozenset[str]:
        """All papers of both versions."""
        return frozenset((*self.olds, self.new))


class Versions:
    """The versions in one register. ``preferred`` are the old documents to compare from; others are twins."""

    def __init__(self, register: RegisterQuery, preferred: Iterable[str]) -> None:
        self._register = register
        self._preferred = frozenset(preferred)
        self._found: dict[Pair, tuple[Change, ...]] = {}
        self._partners: dict[Pair, dict[str, list[Record]]] = {}

    @cached_property
    def pairs(self) -> tuple[Pair, ...]:
        """Every replaced version with what replaced it; those with most records first."""
        groups: dict[str, list[str]] = {}
        for old, new in self._register.superseded.items():
            groups.setdefault(new, []).append(old)
        found = []
        for new, olds in groups.items():
            first = [one for one in olds if one in self._preferred] or olds[:1]
            twins = tuple(one for one in olds if one not in first)
            found += [Pair(one, new, twins) for one in first]
        held = Counter(record.document for record in self._register.register.records())
        return tuple(sorted(found, key=lambda pair: (-held[pair.new], -held[pair.old])))

    @cached_property
    def _pairs_of(self) -> dict[str, list[Pair]]:
        return grouped((document, pair) for pair in self.pairs for document in pair.documents)

    def pair_of(self, document: str) -> Pair | None:
        """The pair that a document belongs to, the first of several."""
        return next(iter(self._pairs_of.get(document, ())), None)

    def is_changed(self, record: Record) -> bool:
        """Whether a record is another in one of the versions that its document is compared with; that only its lead
        is another does not count."""
        return any(
            record.id == side.id
            for pair in self._pairs_of.get(record.document, ())
            for one in self.changes(pair)
            if one.kind != "lead changed"
            for side in (one.old, one.new)
            if side is not None
        )

    def changes(self, pair: Pair) -> tuple[Change, ...]:
        """What changed. What a twin of the old version has is not added, and what it kept is not dropped."""
        if pair not in self._found:
            register = self._register.register
            found = diff(pair.old, pair.new, register)
            for twin in pair.twins:
                there = diff(twin, pair.new, register)
                added = {one.new.id for one in there if one.kind == "added" and one.new}
                kept = self._kept(twin, there)
                found = tuple(one for one in found if not _seen_in_twin(one, added, kept))
            self._found[pair] = found
        return self._found[pair]

    def _kept(self, twin: str, changes: Sequence[Change]) -> list[str]:
        gone = {one.old.id for one in changes if one.kind == "dropped" and one.old}
        return [
            words(name_of(r))
            for r in self._register.register.records()
            if r.document == twin and r.id not in gone and isinstance(r, Commitment | Indicator | Milestone)
        ]

    def others(self, record: Record, pair: Pair) -> list[Record]:
        """The record in the other version, most alike first; empty where that version has none. For places,
        their whole lists; for the old version, its preferred paper, and a twin only where that lacks it."""
        if isinstance(record, Priority):
            return self._first(pair, record, lambda doc: self._register.priorities_of(record.place, [doc]))
        paired = self._paired(pair).get(record.id, [])
        if paired:
            return paired
        return self._first(pair, record, lambda doc: self._alike(record, doc))

    @staticmethod
    def _first(pair: Pair, record: Record, look: Callable[[str], Sequence[Record]]) -> list[Record]:
        targets = pair.olds if record.document == pair.new else (pair.new,)
        return next((found for doc in targets if (found := list(look(doc)))), [])

    def _paired(self, pair: Pair) -> dict[str, list[Record]]:
        if pair not in self._partners:
            out: dict[str, list[Record]] = {}
            for one in self.changes(pair):
                if one.old and one.new and one.kind != "lead changed" and not isinstance(one.new, Priority):
                    out.setdefault(one.old.id, []).append(one.new)
                    out.setdefault(one.new.id, []).append(one.old)
            self._partners[pair] = out
        return self._partners[pair]

    def _alike(self, record: Record, document: str) -> list[Record]:
        """Records of the same kind in a document whose name is the same, or holds this one whole."""
        name = words(name_of(record))
        same = [
            r for r in self._register.register.records() if r.document == document and type(r) is type(record)
        ]
        if isinstance(record, PlanEntry):
            same = [
                r
                for r in same
                if isinstance(r, PlanEntry) and _agree(r.commitment or "", record.commitment or "")
            ]
        if isinstance(record, Indicator):
            same = [r for r in same if isinstance(r, Indicator) and bool(r.number) == bool(record.number)]
        scored = [(fuzz.token_sort_ratio(name, other), r) for r in same if (other := words(name_of(r)))]
        best = max((score for score, _ in scored), default=0.0)
        if best >= _ALIKE:
            return [r for score, r in scored if score == best][:1]
        held = [r for r in same if len(name.split()) >= 3 and _holds(words(name_of(r)), name)]
        return held[:1]


def _seen_in_twin(change: Change, added: set[str], kept: Sequence[str]) -> bool:
    if change.kind == "added" and change.new is not None:
        return change.new.id not in added
    if change.kind == "dropped" and isinstance(change.old, Commitment | Indicator | Milestone):
        name = words(name_of(change.old))
        return any(fuzz.token_set_ratio(name, other) >= _SAME for other in kept)
    return False


def name_of(record: Record) -> str:
    """What a record is known by."""
    if isinstance(record, Commitment):
        return record.name
    if isinstance(record, PlanEntry):
        return record.plan or record.plan_found
    if isinstance(record, Indicator):
        return record.text
    if isinstance(record, Milestone):
        return record.what
    return f"{record.place}: {record.text}" if isinstance(record, Priority) else record.quote


def replaced(change: Change) -> bool:
    """Whether what counts as reworded says another thing than before."""
    if change.kind != "reworded" or change.old is None or change.new is None:
        return False
    return fuzz.token_set_ratio(words(name_of(change.old)), words(name_of(change.new))) < _REPLACED


def _agree(one: str, other: str) -> bool:
    a, b = words(one), words(other)
    return fuzz.token_sort_ratio(a, b) >= _ALIKE or _holds(a, b) or _holds(b, a)


def _holds(whole: str, part: str) -> bool:
    return len(part.split()) >= 3 and part in whole

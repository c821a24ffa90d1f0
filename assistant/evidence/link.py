"""Linking: which names and rows of the register a question means."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from rapidfuzz import fuzz, process

from assistant.evidence.retrieve import Query, Retriever
from corpus.groups import grouped
from corpus.model import Record
from corpus.text import fold
from index.entities import Entity, Match
from index.query import RegisterQuery, contains, words

_POOL = 25
_FUZZY_SHARE = 0.5  # how much agreement of spelling counts beside likeness of meaning
_MIN_FUZZY = 60.0
_NAME_SURE = 92.0
_SHORT_FORM = re.compile(
    r"\(([A-Z]{6,}|[A-Z]+ ?\d+)\)$"
)  # at the end of a name, and no word like "app" or "safe"
_MIN_NAME = 4
_MANY_NAMES = 5
_HEADS_MANY = 10
_PARTNERSHIP = re.compile(r"\bHealth (?:and|&) Care Partnership(?=s?\b)", re.IGNORECASE)
_SORT = re.compile(rf"\s+(?:HCP|{_PARTNERSHIP.pattern})$")  # what of a place is often left out
_SHORTENED = re.compile(r"\s+[–-]\s+|\s*[(:]")  # what follows a dash, bracket or colon is often left out


@dataclass(frozen=True, slots=True)
class Linked:
    """A record that a question seems to mean; ``score`` about 0 to 1; ``named`` when its name stands in the
    question."""

    record: Record
    kind: str
    score: float
    named: bool


class Forms:
    """Spellings of names, folded to words, each with its name, found in a text without looking at every one."""

    def __init__(self, forms: Iterable[tuple[str, str]]) -> None:
        self.all = tuple(forms)
        self._at = grouped((form, place) for place, (form, _) in enumerate(self.all))
        self._longest = max((form.count(" ") + 1 for form in self._at), default=0)
        self._long = tuple(one for one in self.all if len(one[0]) > 2 * _MIN_NAME)

    def of(self, name: str) -> list[str]:
        """The forms of a name, in their order."""
        return self._of.get(name, [])

    @cached_property
    def _of(self) -> dict[str, list[str]]:
        return grouped((name, form) for form, name in self.all)

    def of_word(self, word: str) -> bool:
        """Whether a form is that word alone."""
        return word in self._at

    def standing(self, said: str) -> list[tuple[str, str]]:
        """The forms that stand in a text word for word, in their order."""
        said_words = said.split()
        ends = range(1, self._longest + 1)
        runs = {" ".join(said_words[at : at + length]) for at in range(len(said_words)) for length in ends}
        return [self.all[at] for at in sorted(at for run in runs for at in self._at.get(run, ()))]

    @lru_cache(maxsize=64)  # noqa: B019  an answer asks for the same text several times
    def nearly(self, said: str) -> list[tuple[str, str]]:
        """The longer forms that stand in a text but for a slip of spelling, in their order."""
        forms = [form for form, _ in self._long]
        likeness = process.cdist([said], forms, scorer=fuzz.partial_ratio, score_cutoff=_NAME_SURE)
        return [self._long[at] for at in np.flatnonzero(likeness[0] >= _NAME_SURE)]


class Linker:
    """Finds what a question is about in one register."""

    def __init__(self, retriever: Retriever, register: RegisterQuery) -> None:
        self._retriever = retriever
        self._register = register

    def records(
        self, wordings: Sequence[str], kinds: Collection[str], documents: Collection[str], k: int = 12
    ) -> list[Linked]:
        """The ``k`` records of these kinds, in these documents, that the wordings of a question mean most."""
        best: dict[str, tuple[Match, float]] = {}
        self._retriever.prepare(wordings)
        for wording in wordings:
            query = self._retriever.query(wording)
            for match in self._nearest(query, kinds, documents):
                spelled = spelling(match.entity, wording)
                score = _combined(match.score, spelled)
                if match.entity.key not in best or score > best[match.entity.key][1]:
                    best[match.entity.key] = (match, score)
        ranked = sorted(best.values(), key=lambda item: -item[1])[:k]
        return [self._linked(match.entity, score, wordings) for match, score in ranked]

    def _nearest(self, query: Query, kinds: Collection[str], documents: Collection[str]) -> list[Match]:
        return self._retriever.index.entities.nearest(
            query.encoded.vector, query.question, list(kinds), documents, _POOL
        )

    def _linked(self, entity: Entity, score: float, wordings: Sequence[str]) -> Linked:
        record = self._register.by_id[entity.key]
        named = any(spelling(entity, wording) >= _NAME_SURE for wording in wordings)
        return Linked(record, entity.kind, score, named)

    def is_name(self, word: str) -> bool:
        """Whether a folded word of three letters and more is one that the documents never write without a capital."""
        return len(word) >= _MIN_NAME - 1 and word not in self._retriever.index.lower_words

    def is_title(self, text: str) -> bool:
        """Whether a text is the name of a plan or commitment, whole."""
        return re.sub("^the ", "", words(text)) in self._told_names

    def organisations(self, question: str) -> list[str]:
        """Canonical names of organisations that stand in a question, the longest spelling first; not those that are
        only a part of the name of a plan or commitment there."""
        said = words(question)
        for name, _ in self._longer_names.standing(said):
            said = f" {said} ".replace(f" {name} ", " ; ").strip()
        return self._named(said, self._organisation_forms)

    def spelled(self, text: str, *, places: bool) -> list[str]:
        """The spellings of places, or of organisations, that stand in a text word for word, folded to words, the longest
        first."""
        forms = self._place_forms if places else self._organisation_forms
        return [form for form, _ in forms.standing(words(text))]

    def forms_of(self, organisation: str) -> list[str]:
        """The spellings of a canonical organisation, folded to words, the longest first."""
        return self._organisation_forms.of(organisation)

    def places(self, question: str) -> list[str]:
        """Places with priorities that stand in a question."""
        found = self._named(" ".join(map(self._without_s, words(question).split())), self._place_forms)
        return [
            name
            for name in found
            if not any(name != other and contains(words(other), words(name)) for other in found)
        ]

    def _without_s(self, word: str) -> str:
        """A word as the name of a place where it is one but for an "s" behind it ("thanets priorities")."""
        name = word.removesuffix("s")
        places = not self._place_forms.of_word(word) and self._place_forms.of_word(name)
        return name if places and self.is_name(word) and self.is_name(name) else word

    def _named(self, said: str, forms: Forms) -> list[str]:
        exact = forms.standing(said) or forms.nearly(said)
        longest = [
            (form, name)
            for form, name in exact
            if not any(form != other and contains(other, form) for other, _ in exact)
        ]
        return list(dict.fromkeys(name for _, name in longest))

    @cached_property
    def _told_names(self) -> frozenset[str]:
        """Names of plans and commitments, folded to words."""
        register = self._register.register
        plans = (words(e.plan or e.plan_found) for e in register.entries)
        return frozenset([*plans, *(words(c.name) for c in register.commitments)])

    @cached_property
    def _longer_names(self) -> Forms:
        """Names of plans and commitments in which an organisation's name stands, folded to words, the longest first."""
        bodies = self._organisation_forms
        named = {name for name in self._told_names if any(form != name for form, _ in bodies.standing(name))}
        return Forms((name, name) for name in sorted(named, key=lambda name: -len(name)))

    @cached_property
    def _organisation_forms(self) -> Forms:
        out = [
            (words(spelling), name.canonical)
            for name in self._register.register.names
            if name.kind == "organisation"
            for spelling in {*name.spellings, *name.acronyms, name.canonical, _bare(name.canonical)}
        ]
        out += list(self._shortened(out))
        out += list(self._parts_of_bodies(out))
        out = [form for form in out if form[0] not in self._shared_words]
        kept = {form for form in out if len(form[0]) >= _MIN_NAME - 1}
        return Forms(sorted(kept, key=lambda form: -len(form[0])))

    def _shortened(self, forms: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
        """Names with a part of them put as the short form that the documents give for it."""
        shorts = {words(a.full): words(a.short) for a in self._register.register.acronyms}
        for form, name in forms:
            said = form.split()
            for first in range(len(said) - 1):
                for last in range(len(said), first + 1, -1):
                    short = shorts.get(" ".join(said[first:last]))
                    if short and last - first < len(said):
                        yield " ".join([*said[:first], short, *said[last:]]), name

    def _parts_of_bodies(self, forms: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
        """The parts of bodies named the other way round: "Part of the Body", for each spelling of the body."""
        spelled = grouped((name, form) for form, name in forms)
        for name in self._register.register.names:
            whole, said = words(_bare(name.parent or "")), words(_bare(name.canonical))
            part = said.removeprefix(f"{whole} ") if whole else said
            if part == said:
                continue
            for form in spelled.get(name.parent or "", ()):
                yield f"{part} of {form}", name.canonical
                yield f"{part} of the {form}", name.canonical

    @cached_property
    def heads(self) -> frozenset[str]:
        """The words, folded, with which the names of many plans and organisations begin."""
        names = [
            name.canonical for name in self._register.register.names if name.kind in ("plan", "organisation")
        ]
        first = Counter(fold(name).split()[0] for name in names if " " in name and name[0].isupper())
        return frozenset(word for word, seen in first.items() if seen >= _HEADS_MANY)

    @cached_property
    def _shared_words(self) -> frozenset[str]:
        """Names of one word that many longer names hold: a place, a sector; alone they do not say which body is meant."""
        names = [
            words(name.canonical) for name in self._register.register.names if name.kind == "organisation"
        ]
        alone = {name for name in names if " " not in name}
        held = Counter(word for name in names if name not in alone for word in set(name.split()))
        return frozenset(one for one in alone if held[one] >= _MANY_NAMES)

    @cached_property
    def _place_forms(self) -> Forms:
        places = {priority.place for priority in self._register.register.priorities}
        known = [
            (words(spelling), name.canonical)
            for name in self._register.register.names
            if name.canonical in places
            for spelling in name.spellings
        ]
        own = [
            (form, place)
            for place in places
            for form in {words(place), words(_bare(place)), words(expanded_place(place))}
        ]
        whole = set(map(words, places))
        short = ((words(_SORT.sub("", place)), place) for place in places)
        own += [(form, place) for form, place in short if form not in whole]
        kept = {form for form in [*known, *own] if len(form[0]) >= _MIN_NAME}
        return Forms(sorted(kept, key=lambda form: -len(form[0])))


def expanded_place(place: str) -> str:
    """A place with the common short form of a partnership written out."""
    return re.sub(r"\bHCP\b", "Health and Care Partnership", place)


def shortened_place(text: str) -> str:
    """A text with a partnership's kind written short."""
    return _PARTNERSHIP.sub("hcp", text)


def _bare(name: str) -> str:
    return re.sub(r"\s*\([^)]*\)", "", name)


@lru_cache(maxsize=1024)
def spelling(entity: Entity, wording: str) -> float:
    """How well an entity's name agrees in spelling with a wording, 0 to 100; the plan alone counts for an
    entry."""
    name = words(entity.text.rsplit(": ", 1)[-1] if entity.kind == "entry" else entity.text)
    said = words(wording)
    if len(name) < _MIN_NAME or len(said) < _MIN_NAME:
        return 0.0
    whole = fuzz.ratio(name, said)
    if (ending := _SHORT_FORM.search(entity.text)) and contains(said, words(ending[1])):
        return _NAME_SURE + min(len(name), 80) / 10
    short = words(_SHORTENED.split(entity.text.rsplit(": ", 1)[-1])[0]) if entity.kind == "entry" else ""
    if short != name and len(short.split()) > 1 and contains(said, short):
        whole = max(whole, _NAME_SURE)
    if contains(said, name) and len(name.split()) > 1:
        return max(whole, _NAME_SURE + min(len(name), 80) / 10)
    return max(whole, 0.9 * fuzz.token_set_ratio(name, said) if len(name.split()) > 1 else 0.0)


def _combined(meaning: float, spelled: float) -> float:
    agreement = max(0.0, (spelled - _MIN_FUZZY) / (100 - _MIN_FUZZY))
    return meaning + _FUZZY_SHARE * agreement * (1 - meaning)

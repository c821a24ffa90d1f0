"""Documents that a question refers to without their name: "the 2010 report", "the strategy", "the hardship paper"."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from corpus.groups import grouped
from corpus.model import Document
from corpus.text import MONTHS
from index.lexical import stem, terms

_ANY = frozenset(map(stem, ("report", "paper", "document", "one")))  # said of a document of any kind
_KIND = frozenset(map(stem, ("plan", "strategy", "minutes", "assessment", "statement", "logframe", "review")))
_SAME = {stem("meeting"): stem("minutes")}
_DETERMINERS = "the this that its their our these those"
_POINTING = frozenset(_DETERMINERS.split())
_BETWEEN = """in of to by with from for on at and or which who what when where how is are was were be do does did has have had
say says said give gives according as about into than then it they them"""
_ENDS = frozenset(_BETWEEN.split())  # words that no name of a paper goes over
_MOST_WORDS = 6
_TOKEN = re.compile(r"[a-z0-9][a-z0-9/&-]*(?:'s|')?|[?.,;:()]")
_AFTER = re.compile(
    rf"^ (?:of|on|from|dated|in) (?:\d{{1,2}} )?(?:{'|'.join(MONTHS)})?(?: ?(?:19|20)\d\d\b)?"
)
_NAME_END = re.compile(r",| \d{4}")
_YEAR = re.compile(r"(?:19|20)\d\d")
_BARE = 0.5  # how surely "the strategy" means the one paper that is a strategy
_MIN_MET, _AS_GOOD = 0.4, 0.9  # how well a document must fit, by itself and beside the one that fits best
# How well "the 2010 paper" and "the 2010 strategy" fit a report of that year.
_ANY_KIND, _OTHER_KIND = 0.85, 0.6
_DATE = 2  # words for which one of a date counts
# What the share of a document's name that is said adds, so that it goes before what is about it.
_BY_NAME = 0.3


@dataclass(frozen=True, slots=True)
class Profile:
    """What a document can be called by, as stems: ``dated`` the month and years of its date and titles, ``words`` these
    and all of its titles, ``name`` those of its short name, ``kind`` the last of them."""

    dated: frozenset[str]
    words: frozenset[str]
    name: frozenset[str]
    kind: str


@dataclass(frozen=True, slots=True)
class Reference:
    """The stems of a phrase that points to a document: its last word, and what stands before it or dates it."""

    kind: str
    beside: tuple[str, ...]


class Described:
    """Resolves such references over the titles and dates of some documents."""

    def __init__(self, documents: Mapping[str, Document]) -> None:
        self._profiles = {one: _profile(document) for one, document in documents.items()}
        self._dates = frozenset(word for profile in self._profiles.values() for word in profile.dated)
        self._holding = grouped((word, one) for one, told in self._profiles.items() for word in told.words)
        self._of_kind = grouped((told.kind, one) for one, told in self._profiles.items())
        self._kinds = _ANY | _KIND | {profile.kind for profile in self._profiles.values()}

    def by(self, folded: str) -> dict[str, float]:
        """The documents that a folded question points to, each with a weight up to 1."""
        out: dict[str, float] = {}
        for reference in self._references(folded):
            fits = {one: self._fit(reference, self._profiles[one]) for one in self._likely(reference)}
            top = max(fits.values(), default=0.0)
            for one, fit in fits.items():
                if fit >= max(_MIN_MET, _AS_GOOD * top):
                    out[one] = max(out.get(one, 0.0), fit)
        return out

    def _references(self, folded: str) -> Iterator[Reference]:
        tokens = [(match.group(), match.end()) for match in _TOKEN.finditer(folded)]
        for at, (word, end) in enumerate(tokens):
            kind = _SAME.get(bare := _bare(word), bare)
            if kind not in self._kinds:
                continue
            before: list[str] = []
            pointing = False
            for one, _ in reversed(tokens[max(0, at - _MOST_WORDS - 1) : at]):
                pointing = one in _POINTING
                if pointing or one in _ENDS or not one[0].isalnum():
                    break
                before.append(_bare(one))
            after = _AFTER.match(folded[end:])
            dated = [_bare(one) for one in after.group().split()[1:]] if after else []
            if pointing:
                yield Reference(kind, (*before, *dated))

    def _likely(self, reference: Reference) -> set[str]:
        """The documents that have a word of a reference, or where it is no more than a kind, are of that kind."""
        if not reference.beside:
            return set(self._of_kind.get(reference.kind, ()))
        return {one for word in reference.beside for one in self._holding.get(word, ())}

    def _fit(self, reference: Reference, profile: Profile) -> float:
        if not reference.beside:
            return _BARE if reference.kind == profile.kind and reference.kind not in _ANY else 0.0
        own = reference.kind in profile.words
        of_kind = own or reference.kind in _ANY
        met = self._share(reference.beside, profile.words if of_kind else profile.dated)
        named = self._share(profile.name, {*reference.beside, reference.kind})
        kind = 1.0 if own else _ANY_KIND if of_kind else _OTHER_KIND
        return kind * met * (1 - _BY_NAME + _BY_NAME * named)

    def _share(self, words: Collection[str], among: Collection[str]) -> float:
        return sum(self._weight(word) for word in words if word in among) / sum(map(self._weight, words))

    def _weight(self, word: str) -> float:
        """How much a word tells apart; one that no title has counts in full, one of a date for two."""
        rarity = math.log(1 + len(self._profiles) / len(self._holding.get(word, [word]))) - math.log(2) + 1e-6
        return rarity * (_DATE if word in self._dates else 1)


def _profile(document: Document) -> Profile:
    date = document.date or ""
    month = MONTHS[int(date[5:7]) - 1] if date[5:7].isdigit() else ""
    named = terms(_NAME_END.split(document.name)[0])
    dated = {date[:4], stem(month), *_YEAR.findall(f"{document.name} {document.title}")} - {""}
    return Profile(
        frozenset(dated),
        frozenset({*terms(f"{document.name} {document.title}"), *dated}),
        frozenset(named) or frozenset({""}),
        named[-1] if named else "",
    )


def _bare(word: str) -> str:
    return stem(re.sub(r"'s?$", "", word))

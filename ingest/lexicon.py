"""Names known to stand alone, with how well each is known."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import accumulate
from math import ceil

from ingest.written import Phrases

SOLID = 2.5  # from this weight on a name is well known
_TEXT_SHARE, _TEXT_MOST = 0.34, 2.0
ENOUGH = ceil(_TEXT_MOST / _TEXT_SHARE)  # what the corpus writes as often is as well known by it as can be
_PARTING = re.compile(r",|;|\band\b|&(?=\s)|/")


@dataclass(slots=True)
class Lexicon:
    """Names known to stand alone, by key, with a weight: how often they do, and how often the corpus writes
    them at all. ``key`` maps a spelling to its key, ``written`` counts a spelling in the corpus (up to ENOUGH)."""

    key: Callable[[str], str]
    written: Callable[[str], int] = lambda _: 0
    names: dict[str, float] = field(default_factory=dict)
    spelt: dict[str, str] = field(default_factory=dict)
    begins: Counter[str] = field(default_factory=Counter)
    ends: Counter[str] = field(default_factory=Counter)
    inner: Counter[str] = field(default_factory=Counter)
    phrases: Phrases = field(default_factory=Phrases)  # names with commas of their own, never cut inside
    alone: set[str] = field(default_factory=set)  # keys of names that are all that some cell of a table says
    _seen: set[str] = field(default_factory=set)
    _beginnings: set[str] = field(default_factory=set)  # of keys, by whole words

    def add(self, name: str, times: int = 1) -> None:
        """Note a name that stands alone somewhere."""
        words = name.split()
        if not words or not (key := self.key(name)):
            return
        known = 0.0 if name in self._seen else min(_TEXT_SHARE * self.written(name), _TEXT_MOST)
        if key not in self.names:
            self._beginnings.update(accumulate(key.split(" "), "{} {}".format))
        self.names[key] = self.names.get(key, 0.0) + times + known
        self._seen.add(name)
        self.spelt[key] = name
        self.begins[_bare(words[0])] += times
        self.ends[_bare(words[-1])] += times
        for word in words[1:-1]:
            self.inner[_bare(word)] += times

    def unlearn(self, names: Counter[str]) -> None:
        """Take back names added before, as often as given; those that nothing else vouches for are
        forgotten."""
        for name, times in names.items():
            key = self.key(name)
            if key in self.names:
                self.names[key] -= times
                if self.names[key] < 1.0:
                    del self.names[key]
                    self._seen.discard(name)

    def weight(self, name: str) -> float:
        """How well a name is known; 0.0 for one that never stands alone."""
        return self.names.get(self.key(name), 0.0)

    def may_begin(self, key: str) -> bool:
        """Whether a name that was added may have a key that is, or begins with, this one."""
        return key in self._beginnings

    def solid(self, name: str) -> bool:
        """Whether a name is well known and nothing in it could part names."""
        return self.weight(name) >= SOLID and not _PARTING.search(name)

    def starts(self, word: str) -> float:
        """How often a word begins a name, of the times it is in one: 0 to 1; 0.4 where it is unknown."""
        return _share(self.begins[_bare(word)], self.inner[_bare(word)] + self.ends[_bare(word)])

    def finishes(self, word: str) -> float:
        """The same for the last word of a name."""
        return _share(self.ends[_bare(word)], self.inner[_bare(word)] + self.begins[_bare(word)])


def _share(hits: int, others: int) -> float:
    return (hits + 0.8) / (hits + others + 2.0)


def _bare(word: str) -> str:
    return word.strip(".,;:()[]*").lower()

"""Damaged words of names put right by the company they keep: "Kent Count Council" where hundreds of places say
"County".

Only proper names are mended, only one letter off, and only where the corpus shows the sound name beside the
same neighbours: an ordinary word that is rare may well be meant. The text as found is kept by whoever asks.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from rapidfuzz.distance import OSA

from corpus.text import plain
from ingest.names import Shorts, Vocabulary

_WORD = re.compile(r"[^\W\d_]+")
_ONCE = 2  # a word that stands no more often than this may be damaged
_WELL = 20  # what stands this often is sound
_PROPER = 0.95  # the share of capitals from which on a word is a proper name
_LONG, _SHORT_FORM = 5, 4

Company = tuple[str, str, str]


@dataclass(slots=True)
class Mender:
    """Mends single words of names. ``shorts`` may be filled in later."""

    vocabulary: Vocabulary
    shorts: Shorts = field(default_factory=Shorts)
    _triples: Counter[Company] = field(default_factory=Counter)
    _pairs: Counter[tuple[str, str]] = field(default_factory=Counter)
    _gaps: dict[Company, list[str]] = field(default_factory=lambda: defaultdict(list))
    _proper: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))  # by length

    @classmethod
    def of(cls, texts: Iterable[str], vocabulary: Vocabulary) -> Mender:
        """Learn from all texts of a corpus."""
        mender = cls(vocabulary)
        for text in texts:
            words = _WORD.findall(plain(text))
            mender._triples.update(zip(words, words[1:], words[2:], strict=False))
            mender._pairs.update(zip(words, words[1:], strict=False))
        for triple, times in mender._triples.items():
            for hole in range(3) if times >= _WELL else ():
                if triple[hole].istitle():
                    mender._gaps[_around(triple, hole)].append(triple[hole])
        for word, times in vocabulary.exact.items():
            if times >= _WELL and mender._is_proper(word):
                mender._proper[len(word)].append(word)
        return mender

    def _is_proper(self, word: str) -> bool:
        written = self.vocabulary.exact[word] / self.vocabulary.lower[word.lower()]
        return len(word) >= _LONG and word.istitle() and written >= _PROPER

    def mend(self, name: str) -> str:
        """The name with its damaged words put right; the name itself where nothing can be said."""
        found = list(_WORD.finditer(name))
        words = [match.group() for match in found]
        out = name
        for at in range(len(found) - 1, -1, -1):
            apart = name[: found[at].start()][-1:] != "("
            better = (
                (self._swapped(words[at]) if apart else None)
                or self._beside(words, at)
                or self._alone(words, at)
            )
            if better:
                out = out[: found[at].start()] + better + out[found[at].end() :]
                words[at] = better
        return out

    def _swapped(self, word: str) -> str | None:
        """The short form that this one, standing for itself, is with two letters in each other's place."""
        known = word in self.shorts.full or self.vocabulary.exact[word] > _ONCE
        if known or not word.isupper() or len(word) < _SHORT_FORM:
            return None
        near = [s for s in self.shorts.sure if sorted(s) == sorted(word) and OSA.distance(s, word) == 1]
        return near[0] if len(near) == 1 else None

    def _beside(self, words: Sequence[str], at: int) -> str | None:
        """The name that stands in a word's place in a well-known run of three words, one letter off, where its
        own run is hardly ever seen."""
        word = words[at]
        for triple, hole in _runs(words, at) if word.istitle() else ():
            if self._triples[triple] > _ONCE:
                return None
            near = [w for w in self._gaps.get(_around(triple, hole), ()) if _one_off(w, word)]
            if len(near) == 1:
                return near[0]
        return None

    def _alone(self, words: Sequence[str], at: int) -> str | None:
        """The one well-known proper name that a strange word is a letter off from, seen beside a neighbour."""
        word = words[at]
        if len(word) < _LONG or not word.istitle() or self.vocabulary.lower[word.lower()] > _ONCE:
            return None
        sizes = range(len(word) - 1, len(word) + 2)
        near = [w for size in sizes for w in self._proper.get(size, ()) if _one_off(w, word)]
        if len(near) != 1:
            return None
        beside = [(words[at - 1], near[0])] if at else []
        beside += [(near[0], words[at + 1])] if at + 1 < len(words) else []
        return near[0] if any(self._pairs[pair] for pair in beside) else None


def _one_off(sound: str, word: str) -> bool:
    """Whether a word is a letter off from a sound one and neither its plural nor its tail."""
    same = sound.rstrip("s") == word.rstrip("s") or word[1:].lower() == sound.lower()
    return not same and OSA.distance(sound, word, score_cutoff=1) == 1


def _around(triple: Company, hole: int) -> Company:
    left, right = (word for n, word in enumerate(triple) if n != hole)
    return str(hole), left, right


def _runs(words: Sequence[str], at: int) -> Iterator[tuple[Company, int]]:
    """The runs of three that a word stands in, and its place in each."""
    for start in range(max(0, at - 2), min(at, len(words) - 3) + 1):
        yield (words[start], words[start + 1], words[start + 2]), at - start

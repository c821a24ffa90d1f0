"""Everyday wordings that a question puts in other words than the thesaurus does, found by meaning.

The thesaurus (assistant/everyday.txt) knows "kids who look after family", and people write "kids who look after a poorly
mum or dad". Each stretch of a question is therefore held against the forms of the thesaurus: the mean of the token
vectors of the one, in their context, against that of the other. The vectors of the forms come with Ledby in
``everyday.npz``, which ``python -m eval.embed_thesaurus`` makes; they serve the bundled model only.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, reduce
from pathlib import Path
from typing import NamedTuple

import numpy as np

from assistant.naming import NAME
from assistant.understand import Reading
from corpus.text import fold
from index.arrays import Floats
from index.embed import Encoded
from index.generation import Index
from index.lexical import terms
from index.query import contains

VECTORS = Path(__file__).with_name("everyday.npz")
DIMENSIONS = 192
_SCALE = 127.0
_LIKE = 0.74  # the cosine from which a stretch of a question says what a form says
_WHOLE = 0.02  # the cosine that each word more of a stretch is worth
_RARE = 0.6  # how rare, of the rarest, one word of a stretch must be: common words are the documents' own
_MOST = 2  # standard wordings of one question
_LOOKED_AT = 50  # passages in which the words of a stretch are looked for side by side
_SHORTEST, _LONGEST = 2, 9  # words of a stretch
_LONGER = 2  # words that a stretch may have more than a form; half as many it must have
_WORD = re.compile(r"\S+")
_MARKS = "?!.,;:()'\""


class Meant(NamedTuple):
    """What a question says and the standard wording for it; ``first`` and ``last`` (the one after) number its words."""

    first: int
    last: int
    said: str
    standard: str


class Stretch(NamedTuple):
    """Some words in a row of a question: their numbers (``last`` is the one after), they, the mean of their vectors."""

    first: int
    last: int
    said: str
    vector: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Forms:
    """The forms of several words of a thesaurus: ``vectors`` (n, DIMENSIONS) of unit length, ``words`` how many words
    each has, ``standard`` the wording of each; ``projection`` (d, DIMENSIONS) for vectors of the model."""

    vectors: Floats
    words: tuple[int, ...]
    standard: tuple[str, ...]
    projection: Floats

    @classmethod
    def load(cls, thesaurus: Mapping[str, str], path: Path = VECTORS) -> Forms:
        """Read what ``write`` wrote for this thesaurus. Raises ValueError where it is another's."""
        forms = forms_of(thesaurus)
        with np.load(path) as stored:
            if str(stored["of"]) != fingerprint(forms):
                raise ValueError(f"{path.name} was made for another thesaurus; see eval/embed_thesaurus.py")
            vectors = stored["vectors"].astype(np.float32) / _SCALE
            projection = stored["projection"].astype(np.float32)
        words = tuple(form.count(" ") + 1 for form in forms)
        return cls(vectors, words, tuple(thesaurus[form] for form in forms), projection)

    @staticmethod
    def write(forms: Sequence[str], means: Floats, path: Path = VECTORS) -> None:
        """Store the mean token vectors (n, d) of forms, projected on their principal components, as signed bytes."""
        _, axes = np.linalg.eigh(means.T @ means)
        projection = axes[:, : -DIMENSIONS - 1 : -1].astype(np.float16)
        vectors = np.rint(_unit(means @ projection.astype(np.float32)) * _SCALE).astype(np.int8)
        np.savez(path, vectors=vectors, projection=projection, of=np.array(fingerprint(forms)))


class Paraphrases:
    """Finds the standard wordings of what a question says in everyday words of its own."""

    def __init__(self, forms: Forms, index: Index) -> None:
        self._forms, self._index = forms, index
        self._wordings = frozenset(forms.standard)
        self._stems = lru_cache(maxsize=1024)(lambda at: frozenset(terms(forms.standard[at])))

    def meant(self, reading: Reading, encoded: Encoded, standard: str) -> tuple[Meant, ...]:
        """What stretches of a question say in standard words, in their order; ``encoded`` are the vectors of the folded
        question, ``standard`` is what the thesaurus makes of it by its letters."""
        told = set(terms(f"{reading.folded} {standard}"))
        found: list[Meant] = []
        taken: list[Stretch] = []
        for at, stretch in self._nearest(list(self._stretches(reading, encoded))):
            if any(stretch.first < one.last and one.first < stretch.last for one in taken):
                continue
            taken.append(stretch)
            if self._stems(at) <= told or self._is_own(stretch.said):
                continue
            told |= self._stems(at)
            said = stretch.said.strip(_MARKS)
            found.append(Meant(stretch.first, stretch.last, said, self._forms.standard[at]))
        return tuple(sorted(found[:_MOST]))

    def _stretches(self, reading: Reading, encoded: Encoded) -> Iterator[Stretch]:
        """The stretches of what a question is about that hold no name and no standard wording, begin and end with words
        that tell something, and hold one that is rare in the documents."""
        spans = [match.span() for match in _WORD.finditer(reading.folded)]
        about = max(reading.folded.find(reading.topic), 0)
        words = [reading.folded[start:end] for start, end in spans]
        kept, rare = self._kept(reading.asked, words), [self._is_rare(word) for word in words]
        telling = [
            start >= about and bool(terms(word)) for word, (start, _) in zip(words, spans, strict=True)
        ]
        firsts = [int(np.searchsorted(encoded.starts, start)) for start, _ in spans] + [len(encoded.starts)]
        vectors = encoded.tokens @ self._forms.projection
        sums = np.vstack([np.zeros((1, DIMENSIONS), np.float32), np.cumsum(vectors, axis=0)])
        for first, last in _runs(len(words)):
            fits = telling[first] and telling[last - 1] and firsts[first] < firsts[last]
            if fits and any(rare[first:last]) and not any(kept[first:last]):
                mean = _unit(sums[firsts[last]] - sums[firsts[first]])
                yield Stretch(first, last, " ".join(words[first:last]), mean)

    def _kept(self, asked: str, words: Sequence[str]) -> list[bool]:
        """Which words stay as they are: those that a question writes with a capital, but for the first, and standard
        wordings."""
        names = set() if asked.isupper() else {fold(name) for name in NAME.findall(asked)}
        bare = [word.strip(_MARKS) for word in words]
        kept = [word.removesuffix("'s") in names for word in bare]
        for first, last in _runs(len(words)):
            if " ".join(bare[first:last]) in self._wordings:
                kept[first:last] = [True] * (last - first)
        return kept

    def _is_rare(self, word: str) -> bool:
        lexical = self._index.lexical
        return any(lexical.idf(stem) >= _RARE * lexical.rarest for stem in terms(word))

    def _nearest(self, stretches: Sequence[Stretch]) -> Iterator[tuple[int, Stretch]]:
        """Forms that say what a stretch of about as many words says, the likest first."""
        if not stretches:
            return
        cosines = self._forms.vectors @ np.array([one.vector for one in stretches]).T
        near = [(int(at), int(which)) for at, which in np.argwhere(cosines >= _LIKE)]
        whole = cosines + _WHOLE * np.array([one.last - one.first for one in stretches])
        near.sort(key=lambda one: -whole[one])
        for at, which in near:
            stretch, words = stretches[which], self._forms.words[at]
            if words / 2 <= stretch.last - stretch.first <= words + _LONGER:
                yield at, stretch

    def _is_own(self, said: str) -> bool:
        """Whether the documents use these words themselves, one beside the other."""
        stems = terms(said)
        places = reduce(np.intersect1d, (self._index.lexical.places(stem) for stem in stems))
        texts = (" ".join(terms(self._index.passages[at].text)) for at in places[:_LOOKED_AT])
        return any(contains(text, " ".join(stems)) for text in texts)


def _runs(count: int) -> Iterator[tuple[int, int]]:
    """The first word, and the one after the last, of all stretches of so many words."""
    for first in range(count):
        for last in range(first + _SHORTEST, min(count, first + _LONGEST) + 1):
            yield first, last


def reworded_as(folded: str, meant: Sequence[Meant]) -> str:
    """A folded question with the standard wordings of what it paraphrases."""
    words = folded.split()
    for one in reversed(meant):
        last = words[one.last - 1]
        words[one.first : one.last] = [one.standard + last[len(last.rstrip(_MARKS)) :]]
    return " ".join(words)


def forms_of(thesaurus: Mapping[str, str]) -> list[str]:
    """The forms of several words, in order; one word is looked up by its letters."""
    return [form for form in thesaurus if " " in form]


def fingerprint(forms: Sequence[str]) -> str:
    """Tells one list of forms from another."""
    return hashlib.sha256("\n".join(forms).encode()).hexdigest()[:16]


def _unit(vectors: Floats) -> Floats:
    norms = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(norms, 1e-12), np.float32)

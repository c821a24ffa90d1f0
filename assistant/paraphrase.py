"""Everyday wordings that a question puts in other words than the thesaurus does, found by meaning.

The thesaurus (assistant/everyday.txt) knows "kids who look after family", and people write "kids who look after a poorly
mum or dad". Each stretch of a question is therefore held against the forms of the thesaurus: the mean of the token
vectors of the one, in their context, against that of the other. The vectors of the forms come with Ledby in
``everyday.npz``, which ``python -m eval.embed_thesaurus`` makes; they serve the bundled model only.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from corpus.text import fold
from index.arrays import Floats
from index.embed import Encoded
from index.lexical import LexicalIndex, terms

VECTORS = Path(__file__).with_name("everyday.npz")
DIMENSIONS = 192
_SCALE = 127.0
_LIKE = 0.74  # the cosine from which a stretch of a question says what a form says
_RARE = 0.6  # how rare, of the rarest, one word of a stretch must be: common words are the documents' own
_MOST = 2  # standard wordings of one question
_TRIED = 60
_SHORTEST, _LONGEST = 2, 9  # words of a stretch
_LONGER = 2  # words that a stretch may have more than a form; half as many it must have
_WORD = re.compile(r"\S+")
_NAME = re.compile(r"(?<=\S )[A-Z]\w+")


class Stretch(NamedTuple):
    """Some words in a row of a question: where they begin and end, how many they are, the mean of their vectors."""

    start: int
    end: int
    words: int
    vector: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Forms:
    """The forms of several words of a thesaurus: ``vectors`` (n, DIMENSIONS) of unit length, ``words`` (n,) how many
    words each has, ``standard`` the wording of each; ``projection`` (d, DIMENSIONS) for vectors of the model."""

    vectors: Floats
    words: NDArray[np.int32]
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
        words = np.array([form.count(" ") + 1 for form in forms], np.int32)
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

    def __init__(self, forms: Forms, lexical: LexicalIndex) -> None:
        self._forms, self._lexical = forms, lexical
        self._stems = lru_cache(maxsize=1024)(lambda at: frozenset(terms(forms.standard[at])))

    def standard(self, asked: str, text: str, encoded: Encoded, said: str) -> tuple[str, ...]:
        """The standard wordings, likeliest first, of stretches of a folded question ``text``, of which ``encoded`` are
        the vectors; ``asked`` is the same as it was put, whose names mean themselves, and ``said`` what is said in
        standard words already."""
        names = set() if asked.isupper() else {fold(name) for name in _NAME.findall(asked)}
        stretches = [one for one in self._stretches(text, encoded) if self._is_strange(text, one, names)]
        if not stretches:
            return ()
        told = frozenset(terms(f"{text} {said}"))
        found: list[str] = []
        taken: list[Stretch] = []
        for at, stretch in self._nearest(stretches):
            if any(stretch.start < one.end and one.start < stretch.end for one in taken):
                continue
            taken.append(stretch)
            if not self._stems(at) <= told:
                found.append(self._forms.standard[at])
        return tuple(found[:_MOST])

    def _stretches(self, text: str, encoded: Encoded) -> Iterator[Stretch]:
        words = [match.span() for match in _WORD.finditer(text)]
        firsts = [int(np.searchsorted(encoded.starts, start)) for start, _ in words] + [len(encoded.starts)]
        vectors = encoded.tokens @ self._forms.projection
        sums = np.vstack([np.zeros((1, DIMENSIONS), np.float32), np.cumsum(vectors, axis=0)])
        for first in range(len(words)):
            for last in range(first + _SHORTEST, min(len(words), first + _LONGEST) + 1):
                if firsts[first] < firsts[last]:
                    mean = _unit(sums[firsts[last]] - sums[firsts[first]])
                    yield Stretch(words[first][0], words[last - 1][1], last - first, mean)

    def _is_strange(self, text: str, stretch: Stretch, names: Collection[str]) -> bool:
        """Whether a stretch names nothing and holds a word that is rare in the documents."""
        said = text[stretch.start : stretch.end]
        if any(word.strip("?.,;:()'’\"").removesuffix("'s") in names for word in said.split()):
            return False
        least = _RARE * self._lexical.rarest
        return any(self._lexical.idf(stem) >= least for stem in terms(said))

    def _nearest(self, stretches: Sequence[Stretch]) -> Iterator[tuple[int, Stretch]]:
        """The likest forms, each with the stretch that is likest to it."""
        length = np.array([one.words for one in stretches])
        cosines = self._forms.vectors @ np.array([one.vector for one in stretches]).T
        fits = (2 * length >= self._forms.words[:, None]) & (length <= self._forms.words[:, None] + _LONGER)
        cosines[~fits] = -1.0
        best = cosines.max(axis=1)
        for at in np.argsort(-best, kind="stable")[:_TRIED]:
            if best[at] < _LIKE:
                return
            yield int(at), stretches[int(cosines[at].argmax())]


def forms_of(thesaurus: Mapping[str, str]) -> list[str]:
    """The forms of several words, in order; one word is looked up by its letters."""
    return [form for form in thesaurus if " " in form]


def fingerprint(forms: Sequence[str]) -> str:
    """Tells one list of forms from another."""
    return hashlib.sha256("\n".join(forms).encode()).hexdigest()[:16]


def _unit(vectors: Floats) -> Floats:
    norms = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(norms, 1e-12), np.float32)

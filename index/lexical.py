"""The lexical index: BM25 over stemmed words (bm25s; Lù 2024, after Robertson & Zaragoza 2009)."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from threading import Lock

import numpy as np
import Stemmer
from numpy.typing import NDArray

from corpus.text import fold
from index.arrays import mapped

VERSION = 1
_WORD = re.compile(r"[a-z0-9]+(?:[.,'/][a-z0-9]+)*%?")
_SPELLED = re.compile(r"[a-z][a-z'-]+")
_LOWER = re.compile(r"(?<![\w'’.@/-])[a-z]{3,}(?![\w@/-]|\.\w)")  # no part of an address of the net
_MIN_SEEN, _MIN_LENGTH = 2, 3
_STEMMER = Stemmer.Stemmer("english")
_STEMMING = Lock()
_STOPPED = """a an and are as at be but by for if in into is it no not of on or such that the their then there these
they this to was will with who what which when where how why does do did"""
_STOP = frozenset(_STOPPED.split())  # those of bm25s, which takes half a second to import, and words that ask


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """The stem of a folded word; numbers keep their form without thousands separators."""
    if word[:1].isdigit():
        return word.replace(",", "")
    with _STEMMING:  # a stemmer works on one word at a time
        return str(_STEMMER.stemWord(word.replace("'s", "").replace("'", "")))


def terms(text: str, *, stop: bool = True) -> list[str]:
    """The stemmed words of a text, in order, without stop words when ``stop``."""
    return list(_terms(text, stop))


@lru_cache(maxsize=4096)  # every draft of an answer is measured by the same words of the question
def _terms(text: str, stop: bool) -> tuple[str, ...]:
    words = (part for word in _WORD.findall(fold(text)) for part in _parts(word))
    return tuple(stem(word) for word in words if not (stop and word in _STOP))


def _parts(word: str) -> Iterable[str]:
    """A compound with a slash ("bed/ward") counts as its parts; a figure ("2028/29") also as a whole."""
    if "/" not in word:
        return (word,)
    return (word, *word.split("/")) if word[0].isdigit() else word.split("/")


class LexicalIndex:
    """BM25 scores of every passage for a query; passages are numbered in the order they were added.

    bm25s works every score out when it indexes; a search adds up, for each word of the query, a stretch of
    ``values`` at the passages in ``places``, the one of word w between ``bounds[w]`` and ``bounds[w + 1]``.
    ``rarest`` is the inverse document frequency of a word that none holds.
    """

    def __init__(
        self,
        columns: tuple[NDArray[np.float32], NDArray[np.int32], NDArray[np.int64]],
        size: int,
        vocabulary: dict[str, int],
        idf: NDArray[np.float32],
    ) -> None:
        self._values, self._places, self._bounds = columns
        self._size = size
        self._vocabulary = vocabulary
        self._idf = idf
        self.rarest = float(idf.max(initial=1.0))

    @classmethod
    def build(cls, texts: Sequence[str], folder: Path) -> None:
        """Index texts (at least one) and write the index to ``folder``, with version and parameters."""
        import bm25s  # half a second, which searching need not wait for

        corpus = [terms(text) or [""] for text in texts]
        model = bm25s.BM25(k1=1.2, b=0.6)
        model.index(corpus, show_progress=False)
        model.save(str(folder))
        np.save(folder / "idf.npy", _idf(corpus, model.vocab_dict))
        told = json.dumps({"version": VERSION, "vocabulary": model.vocab_dict})
        (folder / "ledby.json").write_text(told, encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> LexicalIndex:
        """Read what ``build`` wrote; the large arrays stay on disk. Raises ValueError for another
        version's."""
        told = json.loads((folder / "ledby.json").read_text(encoding="utf-8"))
        if told["version"] != VERSION:
            raise ValueError(f"lexical index of version {told['version']}, this Ledby reads {VERSION}")
        size = json.loads((folder / "params.index.json").read_text(encoding="utf-8"))["num_docs"]
        values, places = (mapped(folder / f"{name}.csc.index.npy") for name in ("data", "indices"))
        bounds = np.load(folder / "indptr.csc.index.npy")
        if not len(values) == len(places) == bounds[-1]:
            raise ValueError(f"{len(values)} scores of {len(places)} passages, bounds to {bounds[-1]}")
        return cls((values, places, bounds), size, told["vocabulary"], np.load(folder / "idf.npy"))

    def scores(self, words: Iterable[str]) -> NDArray[np.float32]:
        """BM25 score of every passage for stemmed query words; zeros where none is known."""
        total = np.zeros(self._size, np.float32)
        for at in (self._vocabulary[word] for word in words if word in self._vocabulary):
            stretch = slice(self._bounds[at], self._bounds[at + 1])
            total[self._places[stretch]] += self._values[stretch]  # a passage stands there once
        return total

    def idf(self, word: str) -> float:
        """How rare a stemmed word is: log of inverse document frequency; the largest for an unknown word."""
        at = self._vocabulary.get(word)
        return float(self._idf[at]) if at is not None else self.rarest

    def knows(self, word: str) -> bool:
        """Whether any passage holds this stem."""
        return word in self._vocabulary

    def places(self, word: str) -> NDArray[np.int32]:
        """The passages that hold a stem; none for an unknown word."""
        at = self._vocabulary.get(word)
        return self._places[:0] if at is None else self._places[self._bounds[at] : self._bounds[at + 1]]

    def __len__(self) -> int:
        """How many texts there are."""
        return self._size


def known_words(texts: Iterable[str]) -> list[str]:
    """Words of three letters and more that texts use at least twice, folded, in order: those against which
    spelling is mended."""
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(_SPELLED.findall(fold(text)))
    return sorted(word for word, seen in counts.items() if seen >= _MIN_SEEN and len(word) >= _MIN_LENGTH)


def lower_words(texts: Iterable[str]) -> list[str]:
    """Words of three letters and more that texts write without a capital, in order."""
    return sorted({word for text in texts for word in _LOWER.findall(text)})


def write_words(path: Path, words: Iterable[str]) -> None:
    """Write words, one a line."""
    path.write_text("\n".join(words), encoding="utf-8")


def read_words(path: Path) -> list[str]:
    """Read what ``write_words`` wrote."""
    return path.read_text(encoding="utf-8").split()


def _idf(corpus: Sequence[Sequence[str]], vocabulary: dict[str, int]) -> NDArray[np.float32]:
    counts = np.zeros(max(vocabulary.values(), default=0) + 1, np.float32)
    for words in corpus:
        for word in set(words):
            if word in vocabulary:
                counts[vocabulary[word]] += 1
    return np.asarray(np.log(1 + (len(corpus) - counts + 0.5) / (counts + 0.5)), np.float32)

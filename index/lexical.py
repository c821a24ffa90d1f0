"""The lexical index: BM25 over stemmed words (bm25s; Lù 2024, after Robertson & Zaragoza 2009)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
import Stemmer
from numpy.typing import NDArray

from corpus.text import fold

if TYPE_CHECKING:
    import bm25s  # compiles on import, which commands that only look things up need not wait for

VERSION = 1
_WORD = re.compile(r"[a-z0-9]+(?:[.,'/][a-z0-9]+)*%?")
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
    words = (part for word in _WORD.findall(fold(text)) for part in _parts(word))
    return [stem(word) for word in words if not (stop and word in _STOP)]


def _parts(word: str) -> Iterable[str]:
    """A compound with a slash ("bed/ward") counts as its parts; a figure ("2028/29") also as a whole."""
    if "/" not in word:
        return (word,)
    return (word, *word.split("/")) if word[0].isdigit() else word.split("/")


class LexicalIndex:
    """BM25 scores of every passage for a query; passages are numbered in the order they were added."""

    def __init__(self, model: bm25s.BM25, vocabulary: dict[str, int], idf: NDArray[np.float32]) -> None:
        self._model = model
        self._vocabulary = vocabulary
        self._idf = idf

    @classmethod
    def build(cls, texts: Sequence[str]) -> LexicalIndex:
        """Index texts (at least one)."""
        import bm25s

        corpus = [terms(text) or [""] for text in texts]
        model = bm25s.BM25(k1=1.2, b=0.6)
        model.index(corpus, show_progress=False)
        return cls(model, model.vocab_dict, _idf(corpus, model.vocab_dict))

    def scores(self, words: Sequence[str]) -> NDArray[np.float32]:
        """BM25 score of every passage for stemmed query words; zeros where none is known."""
        known = [word for word in words if word in self._vocabulary]
        if not known:
            return np.zeros(len(self), np.float32)
        return np.asarray(self._model.get_scores(known), np.float32)

    def idf(self, word: str) -> float:
        """How rare a stemmed word is: log of inverse document frequency; the largest for an unknown word."""
        at = self._vocabulary.get(word)
        return float(self._idf[at]) if at is not None else float(self._idf.max(initial=1.0))

    def knows(self, word: str) -> bool:
        """Whether any passage holds this stem."""
        return word in self._vocabulary

    def save(self, folder: Path) -> None:
        """Write to ``folder`` with version and parameters."""
        self._model.save(str(folder))
        np.save(folder / "idf.npy", self._idf)
        told = json.dumps({"version": VERSION, "vocabulary": self._vocabulary})
        (folder / "ledby.json").write_text(told, encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> LexicalIndex:
        """Read what ``save`` wrote. Raises ValueError for another version's."""
        import bm25s

        told = json.loads((folder / "ledby.json").read_text(encoding="utf-8"))
        if told["version"] != VERSION:
            raise ValueError(f"lexical index of version {told['version']}, this Ledby reads {VERSION}")
        return cls(bm25s.BM25.load(str(folder)), told["vocabulary"], np.load(folder / "idf.npy"))

    def __len__(self) -> int:
        """How many texts there are."""
        return int(self._model.scores["num_docs"])


def _idf(corpus: Sequence[Sequence[str]], vocabulary: dict[str, int]) -> NDArray[np.float32]:
    counts = np.zeros(max(vocabulary.values(), default=0) + 1, np.float32)
    for words in corpus:
        for word in set(words):
            if word in vocabulary:
                counts[vocabulary[word]] += 1
    return np.asarray(np.log(1 + (len(corpus) - counts + 0.5) / (counts + 0.5)), np.float32)

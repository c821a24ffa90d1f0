"""Token vectors of all passages, for late interaction (max-sim; Khattab & Zaharia 2020, "ColBERT").

Kept as one memory-mapped array of signed bytes, so that a process loads only what it reranks.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.arrays import Column, Floats, mapped
from index.embed import Encoded
from index.vectors import DIMENSIONS, SCALE, Stored, reduce

MIN_WEIGHT = 0.05  # of a question's token beside the rarest
_REMEMBERED = 256  # texts, and passages for a text: an answer asks for the same few again and again


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """A question's tokens: ``vectors`` (q, DIMENSIONS) of unit length, ``weights`` (q,) that sum to 1."""

    vectors: Floats
    weights: Floats


class TokenVectors:
    """``tokens`` (T, DIMENSIONS) int8 of all passages end to end; ``bounds`` (n+1,) where each passage
    begins; ``starts`` (T,) character offset of each token in its passage's embedded text; ``idf`` by
    vocabulary id."""

    def __init__(
        self,
        tokens: NDArray[np.int8],
        bounds: NDArray[np.int64],
        starts: NDArray[np.int32],
        idf: Floats,
        projection: Floats,
    ) -> None:
        self._tokens, self._bounds, self._starts = tokens, bounds, starts
        self._idf, self._projection = idf, projection
        self._tables = lru_cache(maxsize=_REMEMBERED)(self._table)
        self._asked = lru_cache(maxsize=_REMEMBERED)(self._question)

    @staticmethod
    def build(folder: Path, stored: Iterable[Stored], projection: Floats) -> None:
        """Write the arrays for passages' stored vectors, in order, to ``folder``."""
        with TokenWriter(folder, projection) as writer:
            for one in stored:
                writer.add(one)

    @classmethod
    def load(cls, folder: Path) -> TokenVectors:
        """Open what ``build`` wrote; the large arrays stay on disk."""
        made = cls(
            mapped(folder / "tokens.npy"),
            np.load(folder / "bounds.npy"),
            mapped(folder / "starts.npy"),
            np.load(folder / "idf.npy"),
            np.load(folder / "projection.npy"),
        )
        if not len(made._tokens) == len(made._starts) == made._bounds[-1]:
            raise ValueError(f"{len(made._tokens)} token vectors, bounds to {made._bounds[-1]}")
        return made

    def __len__(self) -> int:
        """How many passages there are."""
        return len(self._bounds) - 1

    def question(self, encoded: Encoded) -> Question:
        """A question's token vectors, each weighted by how rare its word piece is in the corpus."""
        return self._asked(encoded)

    def _question(self, encoded: Encoded) -> Question:
        top = float(self._idf.max(initial=1.0))
        idf = np.array([self._idf[i] if i < len(self._idf) else top for i in encoded.ids], np.float32)
        weights = np.maximum(idf / max(top, 1e-9), MIN_WEIGHT)
        vectors = reduce(encoded.tokens, self._projection).astype(np.float32) / SCALE
        return Question(vectors, weights / max(float(weights.sum()), 1e-9))

    def maxsim(self, question: Question, position: int) -> Floats:
        """For each question token its best cosine among the tokens of the passage at ``position``: (q,)."""
        best: Floats = self.table(question, position)[0].max(axis=1, initial=-1.0)
        return best

    # OpenBLAS now and then flags a product of finite numbers (numpy/numpy#24067).
    @np.errstate(invalid="ignore")
    def scores(self, question: Question, positions: NDArray[np.intp]) -> Floats:
        """Weighted mean over question tokens of ``maxsim``, at most 1, of many passages at once: (n,)."""
        lows = self._bounds[positions]
        lengths = self._bounds[positions + 1] - lows
        begins = np.cumsum(lengths) - lengths
        rows = np.repeat(lows - begins, lengths) + np.arange(int(lengths.sum()))
        best = np.full((len(positions), len(question.weights)), -SCALE, np.float32)
        full = np.flatnonzero(lengths)  # reduceat gives an empty stretch the value after it
        if len(full):
            met = self._tokens.take(rows, axis=0).astype(np.float32) @ question.vectors.T
            best[full] = np.maximum.reduceat(met, begins[full])
        scores: Floats = best @ question.weights / SCALE
        return scores

    def table(self, question: Question, position: int) -> tuple[Floats, NDArray[np.int32]]:
        """All cosines (q, t) of question tokens with a passage's tokens, and the tokens' character offsets
        (t,)."""
        return self._tables(question, position)

    def starts(self, position: int) -> NDArray[np.int32]:
        """The character offset (t,) of each token of a passage in its embedded text, in order."""
        return np.asarray(self._starts[self._bounds[position] : self._bounds[position + 1]])

    def _table(self, question: Question, position: int) -> tuple[Floats, NDArray[np.int32]]:
        tokens = np.asarray(self._tokens[self._bounds[position] : self._bounds[position + 1]], np.float32)
        return question.vectors @ tokens.T / SCALE, self.starts(position)


def best_between(cosines: Floats, bounds: NDArray[np.intp]) -> Floats:
    """Of cosines (q, t) the best in each of n stretches of tokens, from ``bounds[:, 0]`` to before ``bounds[:, 1]``; 0 in
    those that are empty: (q, n)."""
    # One column more, since a stretch may end with the last token.
    ended = np.zeros((len(cosines), cosines.shape[1] + 1), np.float32)
    ended[:, :-1] = cosines
    best: Floats = np.maximum.reduceat(ended, bounds.reshape(-1), axis=1)[:, ::2]
    best[:, bounds[:, 0] >= bounds[:, 1]] = 0.0  # for these reduceat gives the token after
    return best


class TokenWriter:
    """Writes the arrays of TokenVectors passage by passage, so that they need not fit in memory."""

    def __init__(self, folder: Path, projection: Floats) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder, self._projection = folder, projection
        self._bounds = [0]
        self._counts = np.zeros(0, np.float32)
        self._tokens = Column(folder / "tokens.npy", np.dtype(np.int8), (DIMENSIONS,))
        self._starts = Column(folder / "starts.npy", np.dtype(np.int32), ())

    def __enter__(self) -> TokenWriter:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        self._tokens.close()
        self._starts.close()
        if kind is None:
            np.save(self._folder / "bounds.npy", np.array(self._bounds, np.int64))
            np.save(self._folder / "idf.npy", rarity(self._counts, len(self._bounds) - 1))
            np.save(self._folder / "projection.npy", self._projection)

    def add(self, one: Stored) -> None:
        """Write the token vectors of the next passage."""
        self._tokens.add(one.tokens)
        self._starts.add(one.starts)
        self._bounds.append(self._bounds[-1] + len(one.ids))
        highest = int(one.ids.max(initial=0)) + 1
        if highest > len(self._counts):
            self._counts = np.pad(self._counts, (0, highest - len(self._counts)))
        self._counts[np.unique(one.ids)] += 1


def rarity(counts: Floats, number: int) -> Floats:
    """The inverse document frequency of word pieces, each of which so many of ``number`` texts hold."""
    return np.asarray(np.log(1 + (number - counts + 0.5) / (counts + 0.5)), np.float32)

"""Token vectors of all passages, for late interaction (max-sim; Khattab & Zaharia 2020, "ColBERT").

Kept as one memory-mapped array of signed bytes, so that a process loads only what it reranks.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.embed import Encoded, Floats
from index.vectors import SCALE, Stored, reduce

_MIN_WEIGHT = 0.05


@dataclass(frozen=True, slots=True)
class Question:
    """A question's tokens: ``vectors`` (q, DIMENSIONS) of unit length, ``weights`` (q,) that sum to 1."""

    vectors: Floats
    weights: Floats


class TokenVectors:
    """``tokens`` (T, DIMENSIONS) int8 of all passages end to end; ``bounds`` (n+1,) where each passage begins;
    ``starts`` (T,) character offset of each token in its passage's embedded text; ``idf`` by vocabulary id."""

    def __init__(self, tokens: NDArray[np.int8], bounds: NDArray[np.int64], starts: NDArray[np.int32],
                 idf: Floats, projection: Floats) -> None:
        self._tokens, self._bounds, self._starts = tokens, bounds, starts
        self._idf, self._projection = idf, projection

    @staticmethod
    def build(folder: Path, stored: Iterable[Stored], projection: Floats) -> None:
        """Write the arrays for passages' stored vectors, in order, to ``folder``."""
        folder.mkdir(parents=True, exist_ok=True)
        items = list(stored)
        bounds = np.cumsum([0, *(len(one.ids) for one in items)]).astype(np.int64)
        np.save(folder / "tokens.npy", np.concatenate([one.tokens for one in items]))
        np.save(folder / "starts.npy", np.concatenate([one.starts for one in items]))
        np.save(folder / "bounds.npy", bounds)
        np.save(folder / "idf.npy", _idf([one.ids for one in items]))
        np.save(folder / "projection.npy", projection)

    @classmethod
    def load(cls, folder: Path) -> TokenVectors:
        """Open what ``build`` wrote; the large arrays stay on disk."""
        return cls(
            np.load(folder / "tokens.npy", mmap_mode="r"),
            np.load(folder / "bounds.npy"),
            np.load(folder / "starts.npy", mmap_mode="r"),
            np.load(folder / "idf.npy"),
            np.load(folder / "projection.npy"),
        )

    def question(self, encoded: Encoded) -> Question:
        """A question's token vectors, each weighted by how rare its word piece is in the corpus."""
        top = float(self._idf.max(initial=1.0))
        idf = np.array([self._idf[i] if i < len(self._idf) else top for i in encoded.ids], np.float32)
        weights = np.maximum(idf / max(top, 1e-9), _MIN_WEIGHT)
        vectors = reduce(encoded.tokens, self._projection).astype(np.float32) / SCALE
        return Question(vectors, weights / max(float(weights.sum()), 1e-9))

    def maxsim(self, question: Question, position: int) -> Floats:
        """For each question token its best cosine among the tokens of the passage at ``position``: (q,)."""
        best: Floats = (question.vectors @ self._of(position).T / SCALE).max(axis=1, initial=-1.0)
        return best

    def score(self, question: Question, position: int) -> float:
        """Weighted mean over question tokens of ``maxsim``; at most 1."""
        return float(self.maxsim(question, position) @ question.weights)

    def table(self, question: Question, position: int) -> tuple[Floats, NDArray[np.int32]]:
        """All cosines (q, t) of question tokens with a passage's tokens, and the tokens' character offsets (t,)."""
        low, high = self._bounds[position], self._bounds[position + 1]
        return question.vectors @ self._of(position).T / SCALE, np.asarray(self._starts[low:high])

    def _of(self, position: int) -> Floats:
        low, high = self._bounds[position], self._bounds[position + 1]
        return np.asarray(self._tokens[low:high], np.float32)


def _idf(documents: list[NDArray[np.int32]]) -> Floats:
    size = max((int(ids.max(initial=0)) for ids in documents), default=0) + 1
    counts = np.zeros(size, np.float32)
    for ids in documents:
        counts[np.unique(ids)] += 1
    return np.log(1 + (len(documents) - counts + 0.5) / (counts + 0.5)).astype(np.float32)

"""Finds passages for a question: dense and lexical search, fused, then reranked by late interaction.

Fusion is reciprocal rank (Cormack, Clarke & Büttcher 2009); reranking is max-sim over the model's own token
vectors (Khattab & Zaharia 2020).
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from corpus.model import Document, Passage, Span
from index.embed import Encoded
from index.generation import Index
from index.lexical import terms
from index.tokens import Question

_POOL = 60  # candidates of each retriever
_RERANKED = 60
_RRF_K = 20
_REMEMBERED = 512
_WEIGHT_MAXSIM = 1.0
_WEIGHT_FUSED = 0.3
_WEIGHT_LEXICAL = 0.15
_WEIGHT_CODES = 2.0  # the same where the question holds a code, which only its letters can tell from another

_CODE = re.compile(r"[a-z]+\d|\d+[a-z]")

ALL_PARTS = frozenset({"dense", "lexical", "rerank", "adapted"})


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found: ``score`` falls with ``rank`` (1-based); ``position`` is its number in the
    index; ``named`` how surely the question names its document (0 to 1)."""

    passage: Passage
    document: Document
    position: int
    score: float
    rank: int
    retriever: str
    maxsim: float = 0.0
    named: float = 0.0

    @property
    def span(self) -> Span:
        """Where the passage stands in its document."""
        return self.passage.span

    @property
    def text(self) -> str:
        """The passage, verbatim."""
        return self.passage.text

    @property
    def lines(self) -> tuple[int, int] | None:
        """First and last line of the source file, None for sources without lines."""
        return self.document.lines_of(self.passage.span)


@dataclass(frozen=True, slots=True, eq=False)
class Query:
    """A question ready for search: its words, its stems, its vectors."""

    text: str
    words: tuple[str, ...]
    encoded: Encoded
    question: Question


class Retriever:
    """Search over one index. ``parts`` says which of dense, lexical and rerank are used, and whether questions are
    read with the changes fitted to them (adapted) or like passages."""

    def __init__(self, index: Index, parts: Collection[str] = ALL_PARTS) -> None:
        self.index = index
        self.parts = frozenset(parts)
        self._numbers = {document: number for number, document in enumerate(index.documents)}
        self._documents = np.array([self._numbers[passage.document] for passage in index.passages], np.int32)
        self._encoded: OrderedDict[str, Encoded] = OrderedDict()
        self._mask = lru_cache(maxsize=64)(self._allowed)  # of this index: gone when it is

    def prepare(self, texts: Sequence[str]) -> dict[str, Encoded]:
        """Encode texts that will be asked for, in one pass of the model."""
        told = {text: self._encoded.get(text) for text in texts}
        fresh = [text for text, encoded in told.items() if encoded is None]
        if fresh:
            model = self.index.embedder
            encode = model.encode_questions if "adapted" in self.parts else model.encode
            made = dict(zip(fresh, encode(fresh), strict=True))
            self._encoded.update(made)
            told.update(made)
        while len(self._encoded) > _REMEMBERED:
            self._encoded.popitem(last=False)
        return {text: encoded for text, encoded in told.items() if encoded is not None}

    def look_for(self, encoded: Sequence[Encoded]) -> None:
        """Search the vectors for texts in one go."""
        if "dense" in self.parts:
            self.index.look_around([one.vector for one in encoded], 2 * _POOL)

    @lru_cache(maxsize=64)  # noqa: B019  what is measured of a question is kept as long as the question is
    def query(self, text: str, lexical: str | None = None) -> Query:
        """Prepare a question; ``lexical`` is what is searched by words, where that differs."""
        encoded = self.prepare([text])[text]
        words = tuple(dict.fromkeys(terms(text if lexical is None else lexical)))
        return Query(text, words, encoded, self.index.tokens.question(encoded))

    def search(self, query: Query, k: int = 10, documents: Collection[str] | None = None) -> list[Hit]:
        """The ``k`` best passages, in those documents only if given."""
        dense = self._dense(query, documents) if "dense" in self.parts else {}
        lexical = self._lexical(query, documents) if "lexical" in self.parts else {}
        fused = _fuse([list(dense), list(lexical)])
        pool = sorted(fused, key=lambda at: -fused[at])[: max(_RERANKED, k)]
        if "rerank" not in self.parts:
            return self._hits([(at, fused[at], 0.0) for at in pool][:k], _name(self.parts))
        top = max(lexical.values(), default=1.0) or 1.0
        most = max(fused.values(), default=1.0)
        weight = _WEIGHT_CODES if any(_CODE.match(word) for word in query.words) else _WEIGHT_LEXICAL
        scored = []
        sims = self.index.tokens.scores(query.question, np.array(pool, np.intp)).tolist()
        for at, sim in zip(pool, sims, strict=True):
            score = _WEIGHT_MAXSIM * sim + _WEIGHT_FUSED * fused[at] / most * 0.2
            scored.append((at, score + weight * lexical.get(at, 0.0) / top * 0.2, sim))
        scored.sort(key=lambda item: -item[1])
        return self._hits(scored[:k], "reranked")

    def best_by_words(self, query: Query) -> dict[str, Hit]:
        """The best passage of each document by its words alone, of equal ones the first, for those that hold any."""
        scores = self._scores(query.words)
        held = np.flatnonzero(scores > 0)
        held = held[np.lexsort((held, -scores[held], self._documents[held]))]
        _, firsts = np.unique(self._documents[held], return_index=True)
        hits = self._hits([(int(at), float(scores[at]), 0.0) for at in held[firsts]], "lexical")
        return {hit.document.id: replace(hit, rank=1) for hit in hits}

    def _dense(self, query: Query, documents: Collection[str] | None) -> dict[int, float]:
        found = self.index.nearest(query.encoded.vector, min(_POOL, len(self.index.passages)), documents)
        return {self.index.positions[i]: score for i, score in found}

    def _lexical(self, query: Query, documents: Collection[str] | None) -> dict[int, float]:
        scores = self._scores(query.words)
        held = scores > 0
        if documents is not None:
            held &= self._mask(frozenset(documents))
        pool = np.flatnonzero(held)
        if len(pool) > _POOL:
            least = np.partition(scores[pool], len(pool) - _POOL)[len(pool) - _POOL]
            pool = pool[scores[pool] >= least]
        ranked = pool[np.argsort(-scores[pool], kind="stable")][:_POOL]
        return {int(at): float(scores[at]) for at in ranked}

    @lru_cache(maxsize=8)  # noqa: B019  an answer searches several times for the same words
    def _scores(self, words: tuple[str, ...]) -> NDArray[np.float32]:
        return self.index.lexical.scores(words)

    def _allowed(self, documents: frozenset[str]) -> NDArray[np.bool_]:
        allowed = np.zeros(len(self._numbers), np.bool_)
        allowed[[self._numbers[one] for one in documents if one in self._numbers]] = True
        mask: NDArray[np.bool_] = allowed[self._documents]
        return mask

    def _hits(self, scored: Sequence[tuple[int, float, float]], retriever: str) -> list[Hit]:
        out = []
        for rank, (at, score, sim) in enumerate(scored, 1):
            passage = self.index.passages[at]
            document = self.index.documents[passage.document]
            out.append(Hit(passage, document, at, score, rank, retriever, sim))
        return out


def _fuse(rankings: Sequence[Sequence[int]]) -> dict[int, float]:
    fused: dict[int, float] = {}
    for ranking in rankings:
        for rank, at in enumerate(ranking, 1):
            fused[at] = fused.get(at, 0.0) + 1 / (_RRF_K + rank)
    return fused


def _name(parts: frozenset[str]) -> str:
    return "+".join(sorted(parts & {"dense", "lexical"}))

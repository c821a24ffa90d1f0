"""What a question may be about: the names and rows in the register, each with its vectors."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.model import Register
from index.arrays import Floats
from index.tokens import Question, TokenVectors

_REMEMBERED = 32  # wordings times kinds: about what one answer asks


@dataclass(frozen=True, slots=True)
class Entity:
    """A name or row: ``kind`` is commitment, entry, organisation, place, indicator, milestone or priority;
    ``key`` the canonical name, or the record's id for rows; ``text`` what was embedded; ``document`` where
    rows stand."""

    kind: str
    key: str
    text: str
    document: str = ""


def entities_of(register: Register) -> tuple[Entity, ...]:
    """Every entity of a register, once."""
    found: dict[Entity, None] = {}
    for commitment in register.commitments:
        found[Entity("commitment", commitment.id, commitment.name, commitment.document)] = None
    for entry in register.entries:
        parts = (entry.commitment, entry.plan or entry.plan_found)
        found[Entity("entry", entry.id, ": ".join(part for part in parts if part), entry.document)] = None
        for lead in entry.leads:
            found[Entity("organisation", lead, lead)] = None
    for indicator in register.indicators:
        found[Entity("indicator", indicator.id, indicator.text[:600], indicator.document)] = None
    for priority in register.priorities:
        found[Entity("place", priority.place, priority.place)] = None
        if priority.text:
            found[
                Entity("priority", priority.id, f"{priority.place}: {priority.text}", priority.document)
            ] = None
    for milestone in register.milestones:
        found[Entity("milestone", milestone.id, milestone.what, milestone.document)] = None
    return tuple(one for one in found if one.text.strip())


@dataclass(frozen=True, slots=True)
class Match:
    """An entity that a question seems to mean; ``score`` is about 0 to 1."""

    entity: Entity
    score: float


class Entities:
    """All entities with their sentence vectors (n, d) and token vectors."""

    def __init__(self, entities: Sequence[Entity], vectors: Floats, tokens: TokenVectors | None) -> None:
        self.all = tuple(entities)
        self._tokens = tokens
        kinds = np.array([one.kind for one in entities])
        self._papers = {name: at for at, name in enumerate(dict.fromkeys(one.document for one in entities))}
        self._paper = np.array([self._papers[one.document] for one in entities], np.intp)
        self._places = {kind: np.flatnonzero(kinds == kind) for kind in dict.fromkeys(kinds.tolist())}
        self._vectors = {kind: vectors[places] for kind, places in self._places.items()}
        self._cosines = lru_cache(maxsize=_REMEMBERED)(self._cosines_of)

    def nearest(
        self,
        vector: Floats,
        question: Question,
        kinds: Sequence[str],
        documents: Collection[str],
        k: int = 20,
    ) -> list[Match]:
        """The ``k`` entities of these kinds in these documents nearest in meaning, best first: the mean of the cosine
        of the whole and the max-sim of its words."""
        wanted = [kind for kind in self._places if kind in kinds]
        if not wanted or self._tokens is None:
            return []
        places = np.concatenate([self._places[kind] for kind in wanted])
        told = vector.tobytes()
        cosines = np.concatenate([self._cosines(kind, told) for kind in wanted])
        held = self._held(documents)[self._paper[places]]
        places, cosines = places[held], cosines[held]
        pool = _best(cosines, 3 * k)
        scores = (cosines[pool] + self._tokens.scores(question, places[pool])) / 2
        ranked = pool[order := np.argsort(-scores, kind="stable")[:k]], scores[order]
        return [Match(self.all[places[at]], float(score)) for at, score in zip(*ranked, strict=True)]

    def _held(self, documents: Collection[str]) -> NDArray[np.bool_]:
        """For each document with entities whether it is one of these."""
        held = np.zeros(len(self._papers), np.bool_)
        held[[at for name in documents if (at := self._papers.get(name)) is not None]] = True
        return held

    def _cosines_of(self, kind: str, vector: bytes) -> Floats:
        """Every entity of a kind against a vector, by its bytes: an answer asks the same of several kinds."""
        cosines: Floats = self._vectors[kind] @ np.frombuffer(vector, np.float32)
        return cosines


def _best(scores: Floats, k: int) -> NDArray[np.intp]:
    """Where the ``k`` highest scores are, best first; of equal ones the first."""
    if len(scores) > k:
        pool = np.flatnonzero(scores >= np.partition(scores, len(scores) - k)[len(scores) - k])
    else:
        pool = np.arange(len(scores))
    return pool[np.argsort(-scores[pool], kind="stable")[:k]]


def save(folder: Path, entities: Sequence[Entity], vectors: Floats) -> None:
    """Write entities and their (n, d) vectors; their token vectors are written by TokenVectors.build."""
    (folder / "entities.json").write_text(json.dumps([asdict(one) for one in entities]))
    np.save(folder / "entities.npy", vectors)


def load(folder: Path) -> Entities:
    """Read what ``save`` wrote."""
    raw = json.loads((folder / "entities.json").read_text())
    tokens = TokenVectors.load(folder / "entity-tokens") if raw else None
    return Entities([Entity(**one) for one in raw], np.load(folder / "entities.npy"), tokens)

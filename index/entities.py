"""What a question may be about: the names in the register, each with its vector."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from corpus.model import Register
from index.embed import Floats


@dataclass(frozen=True, slots=True)
class Entity:
    """A name or wording of a kind: commitment, plan, organisation, place, indicator, milestone, priority.
    ``key`` is the canonical name, or the record's id for indicators and milestones; ``text`` is what was embedded."""

    kind: str
    key: str
    text: str


def entities_of(register: Register) -> tuple[Entity, ...]:
    """Every entity of a register, once."""
    found: dict[Entity, None] = {}
    for commitment in register.commitments:
        found[Entity("commitment", commitment.name, commitment.name)] = None
    for entry in register.entries:
        if entry.plan:
            found[Entity("plan", entry.plan, entry.plan)] = None
        for lead in entry.leads:
            found[Entity("organisation", lead, lead)] = None
    for indicator in register.indicators:
        found[Entity("indicator", indicator.id, indicator.text[:600])] = None
    for priority in register.priorities:
        found[Entity("place", priority.place, priority.place)] = None
    for milestone in register.milestones:
        found[Entity("milestone", milestone.id, milestone.what)] = None
    return tuple(found)


def save(folder: Path, entities: Sequence[Entity], vectors: Floats) -> None:
    """Write entities and their (n, d) vectors."""
    (folder / "entities.json").write_text(json.dumps([asdict(one) for one in entities]))
    np.save(folder / "entities.npy", vectors)


def load(folder: Path) -> tuple[tuple[Entity, ...], Floats]:
    """Read what ``save`` wrote."""
    raw = json.loads((folder / "entities.json").read_text())
    return tuple(Entity(**one) for one in raw), np.load(folder / "entities.npy")

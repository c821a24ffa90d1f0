"""Which answer to give, or whether to decline: fitted models over the measurements of measures.py.

Drafts are ranked by the mean of a logistic model and of boosted trees (Friedman 2001), the one steady on few examples,
the other able to weigh a measurement by the kind of question. A second logistic model tells how likely the draft that
comes first is right, with what a cross-encoder makes of it (cross_encoder.py). All of it was fitted on the
development part of eval/questions (``python -m eval.fit``) and is stored in ``decision.json``.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from assistant.declining.cross_encoder import MOST
from assistant.draft import Draft
from assistant.question.understand import Reading

WEIGHTS = Path(__file__).with_name("decision.json")
CROSS = "cross_encoder"
SURE = 1.0  # the confidence of a look-up of which both the form and the name stand in the question
_ALMOST = 0.6  # of an indicator where a target or baseline is asked for, and nothing else is likelier
_LESS = 0.5  # of the likelihood needed is enough for a look-up that is sure
_UNMET = 0.3  # the share of a question's weight in one word that nothing in a sure look-up comes near
_MET = 0.2  # the same, where every word is met
_AS_GOOD = 1.0  # log-odds within which a look-up of the same place is preferred to a quote of it
# Added to the probability needed where a question asks for advice, and for a post that a draft does not speak of.
_ADVICE, _POST = 0.42, 0.4
_FAR = 3.0  # a lead that cannot be clearer
_ALONE = 2.0  # what a draft's likelihood as the only one weighs beside its rank


@dataclass(frozen=True, slots=True)
class Linear:
    """A fitted linear model: a weight a feature, how each feature was centred and scaled, the intercept."""

    names: tuple[str, ...]
    weights: tuple[float, ...]
    centre: tuple[float, ...]
    scale: tuple[float, ...]
    intercept: float

    def score(self, features: Mapping[str, float]) -> float:
        """The log-odds for these features; a feature that is not told counts as 0."""
        rows = zip(self.names, self.weights, self.centre, self.scale, strict=True)
        return self.intercept + sum(w * (features.get(n, 0.0) - c) / s for n, w, c, s in rows)

    def probability(self, features: Mapping[str, float]) -> float:
        """The probability for these features."""
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, self.score(features)))))

    def usual(self, name: str) -> float:
        """The mean of a feature over what the model was fitted on; 0 for one that it does not know."""
        return dict(zip(self.names, self.centre, strict=True)).get(name, 0.0)


@dataclass(frozen=True, slots=True)
class Tree:
    """A regression tree. Node ``i`` asks whether the feature ``names[i]`` is at most ``limits[i]`` and goes on at
    ``below[i]``, else at ``above[i]``; a leaf (an empty name) gives ``limits[i]``."""

    names: tuple[str, ...]
    limits: tuple[float, ...]
    below: tuple[int, ...]
    above: tuple[int, ...]


class Forest:
    """Trees walked side by side: the nodes of all of them in a row, whose leaves lead to themselves."""

    def __init__(self, trees: Sequence[Tree]) -> None:
        sizes = [len(tree.names) for tree in trees]
        self._roots = np.cumsum([0, *sizes[:-1]], dtype=np.intp) if sizes else np.zeros(0, np.intp)
        nodes = [(name, tree, at) for tree in trees for at, name in enumerate(tree.names)]
        starts = np.repeat(self._roots, sizes)
        own = np.arange(len(nodes))
        leaf = np.array([not name for name, _, _ in nodes], np.bool_)
        self._names = tuple(dict.fromkeys(name for name, _, _ in nodes))
        places = {name: place for place, name in enumerate(self._names)}
        self._asks = np.array([places[name] for name, _, _ in nodes], np.intp)
        self._limits = np.array([tree.limits[at] for _, tree, at in nodes], np.float64)
        below = np.array([tree.below[at] for _, tree, at in nodes], np.intp) + starts
        above = np.array([tree.above[at] for _, tree, at in nodes], np.intp) + starts
        self._below, self._above = np.where(leaf, own, below), np.where(leaf, own, above)

    def score(self, features: Mapping[str, float]) -> float:
        """The sum of the leaves that the features lead to; a feature that is not told counts as 0."""
        told = np.array([features.get(name, 0.0) for name in self._names], np.float64)
        at, last = self._roots, None
        while last is None or not np.array_equal(at, last):
            last = at
            at = np.where(told[self._asks[at]] <= self._limits[at], self._below[at], self._above[at])
        return float(self._limits[at].sum())


@dataclass(frozen=True)
class Ranking:
    """Ranks drafts: the mean of the log-odds that a linear model and boosted trees give."""

    linear: Linear
    trees: tuple[Tree, ...]
    start: float

    def score(self, features: Mapping[str, float]) -> float:
        """The log-odds that a draft with these features is right."""
        return (self.linear.score(features) + self.start + self._forest.score(features)) / 2

    @cached_property
    def _forest(self) -> Forest:
        return Forest(self.trees)


@dataclass(frozen=True, slots=True)
class Weights:
    """``choose`` ranks the drafts of a question, together with ``alone``, which tells how likely each would be right as
    the only one; ``answer`` gives the probability that the draft chosen is right; under ``threshold`` Ledby declines."""

    choose: Ranking
    alone: Linear
    answer: Linear
    threshold: float

    def first(self, considered: Sequence[Mapping[str, float]]) -> tuple[int, dict[str, float]]:
        """Which draft comes first, by the features of each, and what is measured of that choice."""
        scores = [together(self.choose.score(features), features, self.alone) for features in considered]
        return scores.index(max(scores)), of_choice(considered, scores)

    def likely(self, measured: Mapping[str, float], cross: float | None = None) -> float:
        """The probability that a draft chosen is right; ``cross`` is what the cross-encoder makes of it, None where
        it was not asked."""
        told = self.answer.usual(CROSS) if cross is None else cross
        return self.answer.probability({**measured, CROSS: told})

    def decided(self, measured: Mapping[str, float], needed: float, cross: Callable[[], float]) -> float:
        """The same, asking the cross-encoder, which takes long, only where its word could change whether the draft is as
        likely as is ``needed``."""
        low, high = sorted((self.likely(measured, -MOST), self.likely(measured, MOST)))
        return self.likely(measured, None if low >= needed or high < needed else cross())

    def as_good(self, one: Mapping[str, float], other: Mapping[str, float]) -> bool:
        """Whether the ranking can hardly tell one draft from another that it puts first."""
        return self.choose.score(other) - self.choose.score(one) < _AS_GOOD


def limit(weights: Weights, features: Mapping[str, float]) -> float:
    """The probability that a draft with these features must reach."""
    return weights.threshold + caution(features)


def caution(features: Mapping[str, float]) -> float:
    """How much surer than others a draft must be: more where the question looks like one for advice, or asks who holds a
    post of which the draft does not speak. Of both there were too few to learn from."""
    return _ADVICE * features["advice"] + _POST * features["post_unmet"]


def needed_share(draft: Draft, features: Mapping[str, float], reading: Reading) -> float:
    """How much less likely than others a draft need be that is a look-up of the form asked for and of what is named, while
    no name that is asked for is missing. Where a target is asked for, an indicator is rarely named, and no word may be far
    from it ("flu jabs for school children", where it tells of nurses); least is needed where every word is near. The
    models, which were fitted on large papers, doubt such look-ups too much where a corpus is small."""
    measured = draft.kind == "indicator" and reading.has("measure")
    looked_up = draft.answered and draft.kind != "narrative"
    sure = draft.confidence >= (_ALMOST if measured else SURE) and features["own_cue"] == 1
    unmet = features["word_unmet"] if measured else 0.0
    if not (looked_up and sure) or features["name_missing"] or unmet > _UNMET:
        return 1.0
    return _LESS * _LESS if measured and unmet <= _MET else _LESS


def together(ranked: float, features: Mapping[str, float], alone: Linear) -> float:
    """The score by which a draft is chosen: that of the ranking, and how likely it would be right as the only one."""
    return ranked + _ALONE * alone.score({**features, "choice_score": ranked, "choice_lead": _FAR})


def of_choice(considered: Sequence[Mapping[str, float]], scores: Sequence[float]) -> dict[str, float]:
    """What is measured of a choice: the chosen draft's features, its score, and its lead over the next draft."""
    top = max(range(len(scores)), key=lambda i: scores[i])
    next_best = max((score for i, score in enumerate(scores) if i != top), default=scores[top] - _FAR)
    return {**considered[top], "choice_score": scores[top], "choice_lead": min(scores[top] - next_best, _FAR)}


def load_weights(path: Path = WEIGHTS) -> Weights | None:
    """The stored models; None before they were fitted."""
    if not path.is_file():
        return None
    raw = json.loads(path.read_text(encoding="utf-8"))
    choose = raw["choose"]
    trees = tuple(_tuples(Tree, tree) for tree in choose["trees"])
    return Weights(
        Ranking(_tuples(Linear, choose["linear"]), trees, choose["start"]),
        _tuples(Linear, raw["alone"]),
        _tuples(Linear, raw["answer"]),
        raw["threshold"],
    )


def linear(raw: Mapping[str, Any]) -> Linear:
    """A linear model as it is stored."""
    model: Linear = _tuples(Linear, raw)
    return model


def _tuples(kind: Any, raw: Mapping[str, Any]) -> Any:
    return kind(**{slot: tuple(value) if isinstance(value, list) else value for slot, value in raw.items()})


def judged(draft: Draft, probability: float) -> Draft:
    """The draft with its probability as its confidence."""
    return replace(draft, confidence=probability)

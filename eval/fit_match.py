"""Fits the model that ranks stretches of passages (assistant/match.py) on the development part of question sets.

``python -m eval.fit_match --index DIR QUESTIONS...`` writes assistant/match.json; run it before ``python -m eval.fit``,
whose models weigh its score. An example is a question with the stretches of its passages, those right which state all
of the required facts; questions of which no stretch does say nothing. Questions marked ``held`` are never looked at.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from assistant.match import WEIGHTS, Model
from assistant.service import Assistant
from eval.fit import add_arguments, add_unseen, asked
from eval.matching import facts_stated, forbidden_stated

_FOLDS = 5
_STRENGTH = 0.005  # what the squares of the weights, of measurements of equal spread, cost


class Example(NamedTuple):
    """The ``n`` stretches found for a question: what is measured (n, f), and which state all facts (n,)."""

    measured: NDArray[np.float64]
    right: NDArray[np.bool_]


def examples(each: Iterable[tuple[Assistant, Mapping[str, Any]]]) -> list[Example]:
    """The stretches of every question that has an answer and finds any."""
    out = []
    for assistant, one in each:
        found = assistant.found(assistant.understood(one["question"], one["history"]))
        ranked = assistant.matcher.ranked(found.query, found.hits) if one["answerable"] else None
        if ranked is None:
            continue
        texts = [stretch.text for _, stretch in ranked.units]
        right = [
            all(facts_stated(text, one["must"])) and not forbidden_stated(text, one["must_not"])
            for text in texts
        ]
        out.append(Example(ranked.measured.astype(np.float64), np.array(right)))
    return out


def fit(groups: Sequence[Example]) -> Model:
    """The model of which the stretches that are right are likeliest."""
    told = np.concatenate([one.measured for one in groups])
    centre, spread = told.mean(axis=0), np.maximum(told.std(axis=0), 1e-3)
    scaled = [Example((one.measured - centre) / spread, one.right) for one in groups if one.right.any()]
    return Model((_listwise(scaled) / spread).astype(np.float32))


def _listwise(groups: Sequence[Example]) -> NDArray[np.float64]:
    """Minimises the mean of -log P(right) with P the softmax over the stretches of a question."""
    from scipy.optimize import minimize

    def cost(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        value, slope = _STRENGTH * float(weights @ weights), 2 * _STRENGTH * weights
        for one in groups:
            scores = one.measured @ weights
            every, right = _softmax(scores), _softmax(np.where(one.right, scores, -np.inf))
            value -= float(np.log(every[one.right].sum() + 1e-300)) / len(groups)
            slope = slope + one.measured.T @ (every - right) / len(groups)
        return value, slope

    found = minimize(cost, np.zeros(groups[0].measured.shape[1]), jac=True, method="L-BFGS-B")
    return np.asarray(found.x)


def _softmax(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    raised = np.exp(scores - scores.max())
    return np.asarray(raised / raised.sum())


def first_right(groups: Sequence[Example]) -> float:
    """On folds that the model had not seen: the share of questions whose best stretch states all facts."""
    order, right = np.random.default_rng(3).permutation(len(groups)), []
    for fold in range(_FOLDS):
        test = set(order[fold::_FOLDS].tolist())
        model = fit([one for at, one in enumerate(groups) if at not in test])
        right += [groups[at].right[int(np.argmax(groups[at].measured @ model.weights))] for at in test]
    return float(np.mean(right))


def main() -> None:
    """Fit and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    add_arguments(parser, WEIGHTS)
    add_unseen(parser)
    told = parser.parse_args()
    groups = examples(asked(told))
    print(f"unseen folds, {len(groups)} questions: best stretch right {first_right(groups):.3f}")
    fit(groups).write(told.out)


if __name__ == "__main__":
    main()

"""Fits the decision model (assistant/decide.py) on the development part of question sets.

``python -m eval.fit --index DIR QUESTIONS...`` writes assistant/decision.json. Every draft of every question
is one example: right when it states the required facts, wrong otherwise; for a question that should be
declined every answer is wrong. Questions marked ``held`` are never looked at.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant import cite
from assistant.decide import WEIGHTS
from assistant.followup import standalone
from assistant.service import Assistant
from assistant.understand import asked_of
from eval.matching import facts_stated, forbidden_stated

COST_WRONG = 1.0  # a wrong answer costs a user more than a refusal
COST_REFUSED = 0.7
_FOLDS = 5


def examples(
    assistant: Assistant, questions: Iterable[dict[str, Any]]
) -> list[list[tuple[dict[str, float], bool, bool]]]:
    """For each question its drafts as (features, right, answerable)."""
    out = []
    for one in questions:
        history = [asked_of(turn) for turn in one.get("history") or ()]
        whole = standalone(asked_of(one["question"]), history, assistant._named)
        rows = []
        for draft, features in assistant.considered(whole):
            text, _, _ = cite.render(draft, assistant.index.documents)
            stated = all(facts_stated(text, one["must"])) and not forbidden_stated(text, one["must_not"])
            right = (draft.answered and stated) if one["answerable"] else not draft.answered
            rows.append((features, bool(right), bool(one["answerable"])))
        out.append(rows)
    return out


def fit(
    groups: Sequence[Sequence[tuple[dict[str, float], bool, bool]]], strength: float = 0.3
) -> dict[str, Any]:
    """Fit weights on all groups, and the threshold on predictions made for folds that the fit had not
    seen."""
    names = sorted({name for rows in groups for features, _, _ in rows for name in features})
    order = np.random.default_rng(7).permutation(len(groups))
    unseen: list[tuple[float, bool, bool]] = []
    for fold in range(_FOLDS):
        test = {int(i) for i in order[fold::_FOLDS]}
        model = _train([rows for i, rows in enumerate(groups) if i not in test], names, strength)
        unseen.extend(_outcome(groups[i], names, model) for i in sorted(test))
    threshold = _threshold(unseen)
    _tell(unseen, threshold)
    weights, centre, scale, intercept = _train(groups, names, strength)
    return {
        "names": names,
        "weights": [round(float(w), 5) for w in weights],
        "centre": [round(float(c), 5) for c in centre],
        "scale": [round(float(s), 5) for s in scale],
        "intercept": round(float(intercept), 5),
        "threshold": threshold,
    }


Model = tuple[NDArray[Any], NDArray[Any], NDArray[Any], float]


def _train(groups: Sequence[Any], names: Sequence[str], strength: float) -> Model:
    from sklearn.linear_model import LogisticRegression

    x = _matrix([features for rows in groups for features, _, _ in rows], names)
    y = np.array([right for rows in groups for _, right, _ in rows])
    centre, scale = x.mean(axis=0), np.maximum(x.std(axis=0), 1e-3)
    model = LogisticRegression(C=strength, max_iter=2000).fit((x - centre) / scale, y)
    return model.coef_[0], centre, scale, float(model.intercept_[0])


def _matrix(rows: Sequence[dict[str, float]], names: Sequence[str]) -> NDArray[np.float64]:
    return np.array([[features.get(name, 0.0) for name in names] for features in rows], np.float64)


def _outcome(rows: Any, names: Sequence[str], model: Model) -> tuple[float, bool, bool]:
    """The probability of the draft that would be given, whether it is right, whether the question is
    answerable."""
    weights, centre, scale, intercept = model
    z = (_matrix([features for features, _, _ in rows], names) - centre) / scale @ weights + intercept
    at = int(np.argmax(z))
    return float(1 / (1 + np.exp(-z[at]))), rows[at][1], rows[at][2]


def _threshold(unseen: Sequence[tuple[float, bool, bool]]) -> float:
    """The threshold of least cost, where a wrong answer costs more than a refusal of an answerable
    question."""

    def cost(limit: float) -> float:
        wrong = sum(p >= limit and not right for p, right, _ in unseen)
        refused = sum(p < limit and answerable and right for p, right, answerable in unseen)
        return COST_WRONG * wrong + COST_REFUSED * refused

    return round(float(min(np.arange(0.02, 0.7, 0.01), key=cost)), 3)


def _tell(unseen: Sequence[tuple[float, bool, bool]], limit: float) -> None:
    answerable = [(p, right) for p, right, can in unseen if can]
    not_ = [p for p, _, can in unseen if not can]
    print(
        f"unseen folds: right {sum(r for _, r in answerable) / max(1, len(answerable)):.3f} before "
        f"declining; "
        f"at {limit}: right {sum(r and p >= limit for p, r in answerable) / max(1, len(answerable)):.3f}, "
        f"refused {sum(p < limit for p, _ in answerable) / max(1, len(answerable)):.3f}, "
        f"declined {sum(p < limit for p in not_) / max(1, len(not_)):.3f} of {len(not_)}"
    )
    for other in (0.1, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5):
        print(
            f"  at {other}: right "
            f"{sum(r and p >= other for p, r in answerable) / max(1, len(answerable)):.3f}, "
            f"false refusals {sum(p < other for p, r in answerable) / max(1, len(answerable)):.3f}, "
            f"declined {sum(p < other for p in not_) / max(1, len(not_)):.3f}"
        )


def main() -> None:
    """Fit and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("questions", nargs="+", type=Path)
    parser.add_argument("--index", type=Path, default=Path(".ledby/index"))
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    told = parser.parse_args()
    read = [
        json.loads(line)
        for path in told.questions
        for line in path.read_text(encoding="utf-8").splitlines()
        if line
    ]
    groups = examples(Assistant.open(told.index), [one for one in read if not one.get("held")])
    told.out.write_text(json.dumps(fit(groups), indent=0) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

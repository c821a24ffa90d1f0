"""Fits the decision models (assistant/declining/choice.py) on the development part of question sets.

``python -m eval.fit --index DIR QUESTIONS...`` writes assistant/declining/decision.json. Every draft of every question is an
example: right when it states the required facts, wrong otherwise; for a question that should be declined every
answer is wrong. Questions marked ``held`` are never looked at. The threshold is set on folds that the models had not
seen, at the share of false refusals given.
"""

from __future__ import annotations

import argparse
import json
import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from assistant import cite
from assistant.declining.choice import (
    CROSS,
    WEIGHTS,
    Linear,
    Ranking,
    Tree,
    Weights,
    caution,
    of_choice,
    together,
)
from assistant.declining.cross_encoder import CrossEncoder
from assistant.evidence.match import Model
from assistant.service import Assistant
from eval.matching import answers
from index.embed import Embedder

_FOLDS = 5
FOLDS_OF_CHANGES = 2
_STRETCH = 10  # lines: about a passage
_CHOOSE_STRENGTH = 0.03
_ANSWER_STRENGTH = 0.05
# What reads and judges the questions of a fold has learnt from half of the others only and is less sure than what is
# stored; a fifth of the questions is in hard words. Of held questions like users' 0.08 are refused by a threshold at which
# 0.15 are here.
_REFUSALS = 0.15
_TREES: dict[str, Any] = {
    "n_estimators": 150,
    "max_depth": 3,
    "learning_rate": 0.06,
    "subsample": 0.7,
    "max_features": 0.3,
    "min_samples_leaf": 15,
    "random_state": 0,
}


class Example(NamedTuple):
    """A draft: its features, whether it is right, whether its question can be answered; the question standing alone and
    all that the draft says, and what the cross-encoder makes of them."""

    features: dict[str, float]
    right: bool
    answerable: bool
    question: str = ""
    told: str = ""
    cross: float = 0.0


Group = Sequence[Example]


def examples(each: Iterable[tuple[Assistant, Mapping[str, Any]]]) -> list[list[Example]]:
    """For each question, with the assistant to ask, its drafts."""
    out = []
    for assistant, one in each:
        rows = []
        whole = assistant.understood(one["question"], one["history"])
        for draft, features in assistant.considered(whole):
            text, _, _ = cite.render(draft, assistant.index.documents)
            stated = answers(text, one["must"], one["must_not"])
            right = (draft.answered and stated) if one["answerable"] else not draft.answered
            rows.append(Example(features, bool(right), bool(one["answerable"]), whole, draft.told))
        out.append(rows)
    return out


def crossed(
    groups: Sequence[Group], folds: Sequence[int], encoders: Sequence[CrossEncoder]
) -> list[list[Example]]:
    """The drafts with what the cross-encoder makes of them that was fitted without their questions' fold."""
    return [
        [
            one._replace(cross=encoders[fold].score(one.question, one.told) if one.told else 0.0)
            for one in group
        ]
        for fold, group in zip(folds, groups, strict=True)
    ]


def fit(groups: Sequence[Group], refusals: float) -> Weights:
    """Fit the models on all groups; the threshold on unseen folds, where ``refusals`` is the share of questions with
    an answer that may be refused."""
    unseen = [
        pair
        for test, train in _folds(len(groups))
        for pair in _outcomes(groups, test, _models(groups, train))
    ]
    threshold = float(np.quantile([p for p, one in unseen if one.answerable], refusals))
    _tell(unseen)
    return Weights(*_models(groups, range(len(groups))), round(threshold, 4))


def _folds(count: int, seed: int = 7) -> Iterable[tuple[list[int], list[int]]]:
    order = np.random.default_rng(seed).permutation(count)
    for fold in range(_FOLDS):
        test = [int(i) for i in order[fold::_FOLDS]]
        yield test, [i for i in range(count) if i not in set(test)]


def _models(groups: Sequence[Group], train: Iterable[int]) -> tuple[Ranking, Linear, Linear]:
    """The ranking of drafts, learnt from questions with an answer; and, on scores for folds which that ranking had not
    seen, how likely what it puts first is right, and how likely what is then chosen is."""
    chosen = list(train)
    ranked: list[tuple[Group, list[float]]] = []
    for test, rest in _folds(len(chosen), seed=1):
        model = _choose(groups, [chosen[i] for i in rest])
        for group in (groups[chosen[i]] for i in test):
            ranked.append((group, [model.score(one.features) for one in group]))
    alone = _likely(ranked, _features)
    scored = [
        (group, [together(score, one.features, alone) for one, score in zip(group, scores, strict=True)])
        for group, scores in ranked
    ]
    return _choose(groups, chosen), alone, _likely(scored, lambda one: {**one.features, CROSS: one.cross})


def _features(one: Example) -> dict[str, float]:
    return one.features


def _likely(
    scored: Sequence[tuple[Group, Sequence[float]]], measured: Callable[[Example], dict[str, float]]
) -> Linear:
    """How likely the draft with the highest score is right, from what is ``measured`` of it."""
    rows = [of_choice([measured(one) for one in group], scores) for group, scores in scored]
    return logistic(rows, [group[int(np.argmax(scores))].right for group, scores in scored], _ANSWER_STRENGTH)


def _choose(groups: Sequence[Group], train: Iterable[int]) -> Ranking:
    """Fitted on every draft of the questions that have an answer."""
    examples = [one for i in train for one in groups[i] if one.answerable]
    rows, right = [one.features for one in examples], [one.right for one in examples]
    trees, start = _boosted(rows, right)
    return Ranking(logistic(rows, right, _CHOOSE_STRENGTH), trees, start)


def _boosted(rows: Sequence[Mapping[str, float]], right: Sequence[bool]) -> tuple[tuple[Tree, ...], float]:
    """Boosted trees, each small and grown on a part of the examples, and the log-odds that they start from."""
    from sklearn.ensemble import GradientBoostingClassifier

    names, x = _table(rows)
    model = GradientBoostingClassifier(**_TREES).fit(x, np.array(right))
    share = float(np.mean(right))
    grown = tuple(_tree(one.tree_, names) for one in model.estimators_[:, 0])
    return grown, round(math.log(share / (1 - share)), 5)


def _tree(raw: Any, names: Sequence[str]) -> Tree:
    rate = _TREES["learning_rate"]
    leaf = [left < 0 for left in raw.children_left]
    return Tree(
        tuple("" if end else names[i] for end, i in zip(leaf, raw.feature, strict=True)),
        tuple(
            round(float(value[0][0] * rate if end else limit), 5)
            for end, value, limit in zip(leaf, raw.value, raw.threshold, strict=True)
        ),
        tuple(int(i) for i in raw.children_left),
        tuple(int(i) for i in raw.children_right),
    )


def _table(rows: Sequence[Mapping[str, float]]) -> tuple[list[str], Any]:
    names = sorted({name for features in rows for name in features})
    return names, np.array([[features.get(name, 0.0) for name in names] for features in rows], np.float64)


def logistic(rows: Sequence[Mapping[str, float]], right: Sequence[bool], strength: float) -> Linear:
    """A logistic model of which rows are right; the smaller ``strength``, the nearer its weights are to 0."""
    from sklearn.linear_model import LogisticRegression

    names, x = _table(rows)
    centre, scale = x.mean(axis=0), np.maximum(x.std(axis=0), 1e-3)
    model = LogisticRegression(C=strength, max_iter=3000).fit((x - centre) / scale, np.array(right))

    def told(values: Any) -> tuple[float, ...]:
        return tuple(round(float(value), 5) for value in values)

    return Linear(
        tuple(names), told(model.coef_[0]), told(centre), told(scale), round(float(model.intercept_[0]), 5)
    )


def _outcomes(
    groups: Sequence[Group], test: Iterable[int], models: tuple[Ranking, Linear, Linear]
) -> Iterable[tuple[float, Example]]:
    """For each question the draft chosen, and its probability less what it must be surer than others."""
    weights = Weights(*models, threshold=0.0)
    for i in test:
        top, measured = weights.first([one.features for one in groups[i]])
        chosen = groups[i][top]
        yield weights.likely(measured, chosen.cross) - caution(chosen.features), chosen


def _tell(unseen: Sequence[tuple[float, Example]]) -> None:
    can = [(p, one.right) for p, one in unseen if one.answerable]
    cannot = [p for p, one in unseen if not one.answerable]
    print(
        f"unseen folds, {len(can)} with an answer, {len(cannot)} without: right {np.mean([r for _, r in can]):.3f}"
    )
    for share in (0.02, 0.05, 0.08, 0.1, 0.12, 0.15):
        limit = np.quantile([p for p, _ in can], share)
        right = np.mean([r and p >= limit for p, r in can])
        print(
            f"  {share:.2f} refused at {limit:.3f}: right {right:.3f}, declined {np.mean([p < limit for p in cannot]):.3f}"
        )


def main() -> None:
    """Fit and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    add_arguments(parser, WEIGHTS)
    add_unseen(parser)
    add_matched(parser)
    parser.add_argument("--refusals", type=float, default=_REFUSALS)
    _add_by_fold(parser, "--crossed", "cross-encoders", "fit_cross_encoder go-on")
    told = parser.parse_args()
    groups = crossed(
        examples(asked(told)),
        folds_of(development(told.questions)),
        [CrossEncoder(one) for one in told.crossed],
    )
    write(fit(groups, told.refusals), told.out)


def add_arguments(parser: argparse.ArgumentParser, out: Path) -> None:
    """What every fit is told: the questions, the index, where the model goes."""
    parser.add_argument("questions", nargs="+", type=Path)
    parser.add_argument("--index", type=Path, default=Path(".ledby/index"))
    parser.add_argument("--out", type=Path, default=out)


def add_unseen(parser: argparse.ArgumentParser) -> None:
    """What a fit on measurements is told besides."""
    _add_by_fold(parser, "--unseen", "changes for reading questions", "fit_questions")


def add_matched(parser: argparse.ArgumentParser) -> None:
    """The rankings of stretches by which a fit on drafts has them made."""
    _add_by_fold(parser, "--matched", "rankings of stretches", "fit_match")


def _add_by_fold(parser: argparse.ArgumentParser, name: str, what: str, maker: str) -> None:
    told = f"{what}, each fitted without one fold (python -m eval.{maker} --fold)"
    parser.add_argument(name, nargs=FOLDS_OF_CHANGES, type=Path, required=True, help=told)


def asked(told: argparse.Namespace) -> list[tuple[Assistant, dict[str, Any]]]:
    """The questions that are not held, each with an assistant that reads it by changes, and ranks stretches, which were
    fitted without it: so it will read those that it is asked."""
    made = [Assistant.open(told.index, embedder=Embedder(questions=path)) for path in told.unseen]
    if matched := vars(told).get("matched"):
        for assistant, path in zip(made, matched, strict=True):
            assistant.matcher.model = Model.load(path)
    questions = development(told.questions)
    return [(made[fold], one) for fold, one in zip(folds_of(questions), questions, strict=True)]


def folds_of(questions: Sequence[Mapping[str, Any]]) -> list[int]:
    """Which fold of the changes each question belongs to: questions with evidence in the same stretches of a file, or
    joined by others that have, belong to the same."""
    first_at: dict[tuple[str, int], int] = {}
    group = list(range(len(questions)))

    def head(at: int) -> int:
        while group[at] != at:
            at = group[at]
        return at

    for at, one in enumerate(questions):
        for stretch in stretches(one):
            group[head(at)] = head(first_at.setdefault(stretch, at))
    sizes = [0] * FOLDS_OF_CHANGES
    folds: dict[int, int] = {}
    for name, size in Counter(map(head, range(len(questions)))).most_common():
        folds[name] = sizes.index(min(sizes))
        sizes[folds[name]] += size
    return [folds[head(at)] for at in range(len(questions))]


def stretches(question: Mapping[str, Any]) -> Iterable[tuple[str, int]]:
    """Where the evidence of a question stands: source files, with their lines by the ``_STRETCH``."""
    for one in question["evidence"]:
        lines = one.get("lines") or (0,)
        for number in range(lines[0] // _STRETCH, lines[-1] // _STRETCH + 1):
            yield one["doc"], number


def development(paths: Iterable[Path]) -> list[dict[str, Any]]:
    """The questions of some files that are not held."""
    lines = (line for path in paths for line in path.read_text(encoding="utf-8").splitlines() if line)
    return [one for one in map(json.loads, lines) if not one.get("held")]


def write(weights: Weights, path: Path) -> None:
    """Store fitted models as JSON."""
    path.write_text(json.dumps(asdict(weights), separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

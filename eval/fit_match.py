"""Fits the model that ranks stretches of passages (assistant/evidence/match.py) on the development part of question sets.

``python -m eval.fit_match --index DIR QUESTIONS...`` writes assistant/evidence/match.npz; run it before ``python -m eval.fit``,
whose models weigh its score. An example is a question with the stretches of its passages, those right which state all
of the required facts; questions of which no stretch does say nothing. Questions marked ``held`` are never looked at.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from assistant.evidence.match import MOST_SPREADS, WEIGHTS, Model
from assistant.service import Assistant
from eval.fit import FOLDS_OF_CHANGES, add_arguments, add_unseen, asked, development, folds_of
from eval.matching import answers
from index.embed import Floats

_FOLDS = 5
_HIDDEN, _DROPPED = 64, 0.2
_ROUNDS, _AT_ONCE = 8, 32  # how often each question is learnt from, and how many at a time
_RATE, _DECAY = 3e-3, 1e-2


class Example(NamedTuple):
    """The ``n`` stretches found for a question: what is measured (n, f), and which state all facts (n,)."""

    measured: Floats
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
        right = [answers(text, one["must"], one["must_not"]) for text in texts]
        out.append(Example(ranked.measured, np.array(right)))
    return out


def fit(groups: Sequence[Example]) -> Model:
    """The model of which the stretches that are right are likeliest."""
    told = np.concatenate([one.measured for one in groups]).astype(np.float32)
    centre, spread = told.mean(axis=0), np.maximum(told.std(axis=0), 1e-3)
    scaled = [
        Example(
            np.clip((one.measured - centre) / spread, -MOST_SPREADS, MOST_SPREADS).astype(np.float32),
            one.right,
        )
        for one in groups
        if one.right.any()
    ]
    return Model(centre, spread, *_listwise(scaled))


def _listwise(groups: Sequence[Example]) -> tuple[Floats, Floats, Floats, Floats]:
    """The weights of a model over measurements in units of their spread: least mean of -log P(right), with P the softmax
    over the stretches of a question."""
    import torch

    torch.manual_seed(0)
    straight = torch.nn.Linear(groups[0].measured.shape[1], 1, bias=False)
    hidden, out = torch.nn.Linear(straight.in_features, _HIDDEN), torch.nn.Linear(_HIDDEN, 1, bias=False)
    torch.nn.init.zeros_(out.weight)  # it begins as a straight sum
    unit, dropped = torch.nn.GELU(approximate="tanh"), torch.nn.Dropout(_DROPPED)
    tensors = [(torch.tensor(one.measured), torch.tensor(one.right)) for one in groups]
    order: Any = torch.cat([torch.randperm(len(groups)) for _ in range(_ROUNDS)])
    batches = order.split(_AT_ONCE)
    weights = [one for part in (straight, hidden, out) for one in part.parameters()]
    optimiser = torch.optim.AdamW(weights, lr=_RATE, weight_decay=_DECAY)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, len(batches))
    for places in batches:
        measured, right = zip(*(tensors[at] for at in places), strict=True)
        x = torch.cat(measured)
        scores = (straight(x) + out(dropped(unit(hidden(x)))))[:, 0].split(list(map(len, right)))
        losses = [one.logsumexp(0) - one[true].logsumexp(0) for one, true in zip(scores, right, strict=True)]
        loss: Any = torch.stack(losses).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
    one, two, three, four = (
        part.detach().numpy() for part in (straight.weight[0], hidden.weight.T, hidden.bias, out.weight[0])
    )
    return one, two, three, four


def first_right(groups: Sequence[Example]) -> float:
    """On folds that the model had not seen: the share of questions whose best stretch states all facts."""
    order, right = np.random.default_rng(3).permutation(len(groups)), []
    for fold in range(_FOLDS):
        test = set(order[fold::_FOLDS].tolist())
        model = fit([one for at, one in enumerate(groups) if at not in test])
        right += [groups[at].right[int(np.argmax(model.scores(groups[at].measured)))] for at in test]
    return float(np.mean(right))


def main() -> None:
    """Fit and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    add_arguments(parser, WEIGHTS)
    add_unseen(parser)
    parser.add_argument(
        "--fold", type=int, choices=range(FOLDS_OF_CHANGES), help="leave out the questions of this fold"
    )
    told = parser.parse_args()
    folds = folds_of(development(told.questions))
    groups = examples(one for one, fold in zip(asked(told), folds, strict=True) if fold != told.fold)
    print(f"unseen folds, {len(groups)} questions: best stretch right {first_right(groups):.3f}")
    fit(groups).write(told.out)


if __name__ == "__main__":
    main()

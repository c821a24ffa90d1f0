"""Fits what tells which sense of a question in a conversation is answered (assistant/declining/sense_choice.py).

``python -m eval.fit_senses --index DIR QUESTIONS...`` writes assistant/declining/sense_choice.json. Examples are the questions
with a history that are not ``held`` and in doubt, in every sense that has an answer: right where that states the required
facts, wrong otherwise. So are questions that have nothing to do with what they are put after (``--switched``, a file of
those with no history). It weighs how sure the other models are: run it last, on questions that these have not learnt from.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from assistant import cite
from assistant.declining.choice import Linear
from assistant.declining.sense_choice import WEIGHTS, in_doubt
from assistant.draft import Draft
from assistant.service import Assistant
from eval.fit import add_arguments, development, logistic, stretches
from eval.matching import answers

_FOLDS = 5
_STRENGTH = 0.05
_SWITCHED = 200  # so many questions are put after another
_SEED = 5


class Example(NamedTuple):
    """A sense of a question that has an answer: what is measured of it, whether the answer is right, and the conversation."""

    features: dict[str, float]
    right: bool
    conversation: str


def examples(assistant: Assistant, questions: Iterable[Mapping[str, Any]]) -> list[Example]:
    """Every sense of questions with a history."""
    out = []
    for one in questions:
        asked = assistant.asked(one["question"], one["history"])
        drafts = [assistant.best(sense.whole) for sense in asked.senses]
        if not asked.before or not in_doubt(drafts[0]):
            continue
        for draft, told in zip(drafts, assistant.sense_choice.measured(asked, drafts), strict=True):
            if draft.answered:
                out.append(Example(told, _is_right(assistant, draft, one), one["history"][0]))
    return out


def _is_right(assistant: Assistant, draft: Draft, question: Mapping[str, Any]) -> bool:
    text, _, _ = cite.render(draft, assistant.index.documents)
    return bool(question["answerable"]) and answers(text, question["must"], question["must_not"])


def switched(questions: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Questions that stand alone, each put after another that has an answer elsewhere; as many of them have one as do of
    all."""
    rng = random.Random(_SEED)
    answerable = [one for one in questions if one["answerable"]]
    out = []
    for one in rng.sample(questions, min(_SWITCHED, len(questions))):
        here = set(stretches(one))
        before = next(
            other for other in rng.sample(answerable, len(answerable)) if not here & set(stretches(other))
        )
        out.append({**one, "history": [before["question"]]})
    return out


def unseen_loss(made: Sequence[Example]) -> float:
    """The mean logarithmic loss on conversations that the model was not fitted on."""
    names = sorted({one.conversation for one in made})
    order = np.random.default_rng(3).permutation(len(names))
    losses = []
    for fold in range(_FOLDS):
        test = {names[at] for at in order[fold::_FOLDS]}
        model = fit([one for one in made if one.conversation not in test])
        rest = [one for one in made if one.conversation in test]
        likely = [model.probability(one.features) for one in rest]
        losses += [-np.log(p if one.right else 1 - p) for p, one in zip(likely, rest, strict=True)]
    return float(np.mean(losses))


def fit(made: Sequence[Example]) -> Linear:
    """The model of which sense is right."""
    return logistic([one.features for one in made], [one.right for one in made], _STRENGTH)


def main() -> None:
    """Fit and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    add_arguments(parser, WEIGHTS)
    parser.add_argument("--switched", type=Path, required=True, help="questions that follow on nothing")
    told = parser.parse_args()
    follow = [one for one in development(told.questions) if one["history"]]
    new = switched([one for one in development([told.switched]) if not one["history"]])
    made = examples(Assistant.open(told.index), [*follow, *new])
    chance = float(np.mean([one.right for one in made]))
    base = -chance * np.log(chance) - (1 - chance) * np.log(1 - chance)
    print(
        f"{len(made)} senses of {len(follow) + len(new)} questions: loss on unseen conversations "
        f"{unseen_loss(made):.3f}, of the share of right ones alone {base:.3f}"
    )
    told.out.write_text(json.dumps(asdict(fit(made)), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

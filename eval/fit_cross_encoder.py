"""Fits the model that tells whether a text answers a question (assistant/declining/cross_encoder.npz).

``python -m eval.fit_cross_encoder`` learns from eval/pairs and eval/answered: invented texts in the forms that Ledby
quotes and composes, each with questions that it answers, plainly and in everyday words, and questions that it nearly
answers: they ask for another attribute, another year, group or place, what came of it, a finer detail. Each batch holds
for some texts a question of each sort that it answers, two that it nearly answers, and one of its questions beside
another text that is like it; the model learns to tell them apart (binary cross-entropy).

``python -m eval.fit_cross_encoder go-on START --index DIR --unseen F0 F1 QUESTIONS...`` goes on from what that gave with
drafts that Ledby makes of the development part of question sets, half of each batch, as real text is damaged, cut and
put together in ways that invented text is not. ``--fold N`` leaves out the questions of one of two folds, since the
model that decides must be fitted on what is told of unknown questions. Questions marked ``held`` are never looked at.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from assistant.declining.choice import load_weights
from assistant.declining.cross_encoder import CROSS_ENCODER, LONGEST
from eval.fit import (
    FOLDS_OF_CHANGES,
    Group,
    add_arguments,
    add_matched,
    add_unseen,
    asked,
    development,
    examples,
    folds_of,
)
from eval.invented import ANSWERED, PAIRS, Invented, invented
from eval.lowrank import LowRank
from index.arrays import Floats
from index.embed import Embedder
from index.minilm import Changes, read_all, write_changes

_TEXTS = 16  # in a batch
_NEAR = 2
_LIKE = 8  # texts most like a text, beside one of which a question of it is put
_TOGETHER = 20  # of a batch that go through the model at once: of like length, so that little is padding
_STEPS = 400
_WARM = 30
_QUESTIONS = 20  # in a batch, with two drafts each
_BESIDE = 8  # invented texts in such a batch
_MORE_STEPS = 150
_LOWER_RATE = 4e-4
_TOLD = ("segments", "head")  # what a file holds beside the changes
_FURTHER = 0.6  # of the way from the weights before to those after

Fitted = tuple[Changes, dict[str, Floats]]
"""The changes of the model; the vectors that tell a text from a question, (2, d), and the head, (2 d + 1,)."""


class Judged(NamedTuple):
    """A question, a text, and whether the text answers it."""

    question: str
    text: str
    answers: bool


class Trainer:
    """Fits the model, once."""

    def __init__(self, seed: int = 0) -> None:
        self._low, self._random = LowRank(seed), random.Random(seed)
        torch, size = self._low.torch, self._low.model.config.hidden_size
        self._segments = torch.nn.Parameter(torch.zeros(2, size))
        self._head = torch.nn.Linear(2 * size, 1)

    def fit(self, texts: Sequence[Invented], steps: int = _STEPS, start: Path | None = None) -> Fitted:
        """Fitted on invented texts, from the model as it is or from what is stored in ``start``."""
        like = _like([one.text for one in texts])
        self._begin(read_all(start, _TOLD) if start else None)
        others = [self._segments, *self._head.parameters()]
        self._low.descend(lambda: self._loss(self._batch(texts, like)), steps, _WARM, others)
        return self._fitted()

    def go_on(
        self,
        start: Path,
        groups: Sequence[Sequence[Judged]],
        texts: Sequence[Invented],
        steps: int = _MORE_STEPS,
    ) -> Fitted:
        """Fitted further, from what is stored in ``start``, on the drafts of each question, likeliest first, and on
        invented texts; then brought back a part of the way, so that what was learnt of other texts is kept (the mean of
        the weights before and after; Wortsman et al. 2022, "Robust fine-tuning of zero-shot models")."""
        like = _like([one.text for one in texts])
        stored = read_all(start, _TOLD)
        changes, (segments, head) = stored
        self._begin(stored)

        def loss() -> Any:
            return self._loss([*self._drafts(groups), *self._batch(texts, like, _BESIDE)])

        others = [self._segments, *self._head.parameters()]
        self._low.descend(loss, steps, _WARM, others, highest=_LOWER_RATE)
        further, told = self._fitted()
        return (
            {
                name: (_between(a, further[name][0]), _between(b, further[name][1]))
                for name, (a, b) in changes.items()
            },
            {"segments": _between(segments, told["segments"]), "head": _between(head, told["head"])},
        )

    def _begin(self, stored: tuple[Changes, Sequence[Floats]] | None) -> None:
        """Start from what is stored, or from nothing."""
        if stored is None:
            self._low.begin()
            return
        changes, (segments, head) = stored
        torch = self._low.torch
        self._low.begin(changes)
        with torch.no_grad():
            self._segments.copy_(torch.tensor(segments))
            self._head.weight.copy_(torch.tensor(head[None, :-1]))
            self._head.bias.copy_(torch.tensor(head[-1:]))

    def _fitted(self) -> Fitted:
        head = np.concatenate([self._head.weight.detach().numpy()[0], self._head.bias.detach().numpy()])
        return self._low.changes(), {"segments": self._segments.detach().numpy(), "head": head}

    def _drafts(self, groups: Sequence[Sequence[Judged]]) -> list[Judged]:
        """Of some questions the likeliest draft, which is what will be asked about, and one other."""
        out = []
        for group in self._random.sample(groups, min(_QUESTIONS, len(groups))):
            out += [group[0], *self._random.sample(group[1:], min(1, len(group) - 1))]
        return out

    def _batch(
        self, texts: Sequence[Invented], like: Sequence[Sequence[int]], many: int = _TEXTS
    ) -> list[Judged]:
        out = []
        for at in self._random.sample(range(len(texts)), min(many, len(texts))):
            one, other = texts[at], texts[self._random.choice(like[at])]
            answered = (one.plain, self._random.choice(one.everyday))
            near = self._random.sample(one.near, _NEAR)
            out += [Judged(question, one.text, True) for question in answered]
            out += [Judged(question, one.text, False) for question in near]
            out.append(Judged(self._random.choice(answered), other.text, False))
        return out

    def _loss(self, batch: Sequence[Judged]) -> Any:
        torch = self._low.torch
        inorder = sorted(batch, key=lambda one: len(one.question) + len(one.text))
        like = [inorder[at : at + _TOGETHER] for at in range(0, len(inorder), _TOGETHER)]
        told = torch.tensor([float(one.answers) for one in inorder])
        scores = torch.cat([self._scores(some) for some in like])
        return torch.nn.functional.binary_cross_entropy_with_logits(scores, told)

    def _scores(self, batch: Sequence[Judged]) -> Any:
        """The log-odds that each text answers its question (n,); as ``MiniLM.read_pair`` and the head give them."""
        torch = self._low.torch
        ids, part = self._ids_and_parts([self._ids(one) for one in batch])
        words = self._low.model.embeddings.word_embeddings(ids) + self._segments[part.clamp_min(0)]
        hidden = self._low.model(inputs_embeds=words, attention_mask=(part >= 0).long()).last_hidden_state
        of_each = [(part == number).float()[..., None] for number in (0, 1)]
        means = [(hidden * mask).sum(1) / mask.sum(1) for mask in of_each]
        return self._head(torch.cat(means, 1))[:, 0]

    def _ids(self, one: Judged) -> tuple[list[int], list[int]]:
        """The vocabulary ids of the question, with the tokens that mark where it begins and ends, and of the text."""
        texts = (one.question, one.text)
        question, text = (
            self._low.tokenizer(each, add_special_tokens=False, verbose=False)["input_ids"][:most]
            for each, most in zip(texts, LONGEST, strict=True)
        )
        begin, end = self._low.tokenizer.cls_token_id, self._low.tokenizer.sep_token_id
        return [begin, *question, end], [*text, end]

    def _ids_and_parts(self, pairs: Sequence[tuple[list[int], list[int]]]) -> tuple[Any, Any]:
        """The ids, and for each whether it is the question's (0), the text's (1) or none (-1): (n, t) both."""
        torch = self._low.torch
        ids = [torch.tensor(question + text) for question, text in pairs]
        part = [torch.tensor([0] * len(question) + [1] * len(text)) for question, text in pairs]
        return self._low.padded(ids), self._low.padded(part, -1)


def _between(before: Floats, after: Floats) -> Floats:
    return np.asarray(before + _FURTHER * (after - before), np.float32)


def _like(texts: Sequence[str]) -> list[list[int]]:
    """For each text the others that are most like it, by the cosine."""
    vectors = np.array([one.vector for one in Embedder().encode(texts)])
    cosines = vectors @ vectors.T
    np.fill_diagonal(cosines, -1.0)
    return [[int(at) for at in np.argsort(-row)[: min(_LIKE, len(texts) - 1)]] for row in cosines]


def judged(groups: Sequence[Group]) -> list[list[Judged]]:
    """The drafts of each question that say something, the one that would be given first; before anything was fitted that
    decides it, the surest."""
    weights = load_weights()
    out = []
    for group in groups:
        said = sorted((one for one in group if one.told), key=lambda one: -one.features["score"])
        if said:
            top = weights.first([one.features for one in said])[0] if weights else 0
            inorder = [said[top], *said[:top], *said[top + 1 :]]
            out.append([Judged(one.question, one.told, one.right and one.answerable) for one in inorder])
    return out


def main() -> None:
    """Fit and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=CROSS_ENCODER)
    parser.add_argument("--steps", type=int)
    parser.add_argument(
        "--start", type=Path, help="go on from this, fitted on fewer texts, instead of from nothing"
    )
    further = parser.add_subparsers(dest="further").add_parser("go-on")
    further.add_argument("start", type=Path)
    further.add_argument("--fold", type=int, choices=range(FOLDS_OF_CHANGES))
    add_arguments(further, CROSS_ENCODER)
    add_unseen(further)
    add_matched(further)
    told = parser.parse_args()
    texts = invented(PAIRS, ANSWERED)
    if told.further:
        folds = folds_of(development(told.questions))
        each = [one for one, fold in zip(asked(told), folds, strict=True) if fold != told.fold]
        groups = judged(examples(each))
        print(f"drafts of {len(groups)} questions, {len(texts)} texts")
        changes, others = Trainer().go_on(told.start, groups, texts, told.steps or _MORE_STEPS)
    else:
        print(f"{len(texts)} texts")
        changes, others = Trainer().fit(texts, told.steps or _STEPS, told.start)
    write_changes(changes, told.out, **others)


if __name__ == "__main__":
    main()

"""Fits the changes with which the bundled model reads questions (index/questions.npz).

``python -m eval.fit_questions --index DIR QUESTIONS...`` learns from the development part of question sets, each
question with the passages that its evidence stands in, and from eval/pairs: sentences such as public bodies write,
each with questions in everyday words. Questions marked ``held`` are never looked at. Run it before ``eval.fit_match``
and ``eval.fit``.

The changes are of low rank (eval/lowrank.py). They are fitted so that, among the texts of a batch, a question scores
highest with its own by late interaction, which is what ranks passages, and by the cosine of the whole, which is what
Chroma searches by (van den Oord et al. 2018, "InfoNCE"). The texts are read by the model as it is, and a question's
tokens are held near to what it makes of them.

The models over drafts and stretches must be fitted on what is measured of questions unknown to these changes, since it
is such questions that they will judge: ``--fold N`` leaves out the questions of one of two folds (``folds_of``).
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from assistant.service import Assistant
from eval.fit import FOLDS_OF_CHANGES, add_arguments, development, folds_of
from eval.invented import PAIRS, invented
from eval.lowrank import LowRank
from eval.matching import facts_stated
from index.arrays import Floats
from index.embed import QUESTIONS
from index.make import embedded_text
from index.minilm import write_changes
from index.tokens import MIN_WEIGHT, rarity

_BATCH = 64
_STEPS = 400
_WARM = 20
_SHARP, _SHARP_WHOLE = 0.03, 0.05
_WHOLE = 0.3  # how much the cosine of the whole counts beside late interaction
_NEAR = 1.0  # what it costs to move a question's tokens
_OF_SETS = 2 / 3  # of a batch are from question sets, the others from pairs
_LONGEST_TEXT, _LONGEST_QUESTION = 96, 32
_PASSAGES = 2  # of a question's


class Pair(NamedTuple):
    """A question and a text that answers it; ``name`` is the same for all pairs of one question, however worded."""

    question: str
    text: str
    name: str


def general() -> list[Pair]:
    """The pairs of eval/pairs."""
    return [Pair(question, one.text, one.text) for one in invented(PAIRS) for question in one.everyday]


def of_questions(assistant: Assistant, questions: Iterable[Mapping[str, Any]]) -> list[Pair]:
    """Questions as they are searched for, with passages of their evidence: those that state a fact, if any does."""
    places = _places(assistant)
    out = []
    for one in questions:
        held = [at for told in one["evidence"] for at in _standing(places.get(told["doc"], ()), told)]
        if not one["answerable"] or not held:
            continue
        texts = [assistant.index.passages[at] for at in dict.fromkeys(held)]
        stating = [text for text in texts if any(facts_stated(text.text, one["must"]))] or texts
        whole = assistant.understood(one["question"], one["history"])
        for wording in dict.fromkeys((whole, assistant.everyday.standard(whole))):
            out += [Pair(wording, embedded_text(text), one["id"]) for text in stating[:_PASSAGES]]
    return out


def _places(assistant: Assistant) -> dict[str, list[tuple[int, tuple[int, int]]]]:
    """By source file the passages, by position, with their lines."""
    places: dict[str, list[tuple[int, tuple[int, int]]]] = {}
    for at, passage in enumerate(assistant.index.passages):
        document = assistant.index.documents[passage.document]
        lines = document.lines_of(passage.span)
        if lines:
            places.setdefault(Path(document.file).name, []).append((at, lines))
    return places


def _standing(places: Iterable[tuple[int, tuple[int, int]]], evidence: Mapping[str, Any]) -> list[int]:
    """The passages that share a line with a place of evidence."""
    lines = evidence.get("lines") or (1, 0)
    return [at for at, (low, high) in places if low <= lines[-1] and lines[0] <= high]


class Trainer:
    """Fits changes of the bundled model, once."""

    def __init__(self, seed: int = 0) -> None:
        self._low, self._random = LowRank(seed), random.Random(seed)
        self._torch = self._low.torch
        self._texts: dict[str, Any] = {}
        self._before: dict[str, Any] = {}

    def fit(
        self, sets: Sequence[Pair], others: Sequence[Pair], steps: int = _STEPS
    ) -> dict[str, tuple[Floats, Floats]]:
        """The two small matrices, (in, r) and (r, out), for each matrix by its name."""
        every = [*sets, *others]
        self._remember(self._texts, [one.text for one in every], _LONGEST_TEXT)
        self._remember(self._before, [one.question for one in every], _LONGEST_QUESTION)
        self._rare = self._rarity([one.text for one in every])
        self._low.begin()
        self._low.descend(lambda: self._loss(self._batch(sets, others)), steps, _WARM)
        return self._low.changes()

    def _batch(self, sets: Sequence[Pair], others: Sequence[Pair]) -> list[Pair]:
        share = _OF_SETS if sets and others else float(bool(sets))
        count = round(share * _BATCH)
        return [
            *self._random.sample(sets, min(count, len(sets))),
            *self._random.sample(others, min(_BATCH - count, len(others))),
        ]

    def _read(self, texts: Sequence[str], longest: int) -> tuple[Any, Any, Any, Any]:
        """Of each text its vector (n, d), its tokens (n, t, d), which of them are its words (n, t), their ids."""
        torch = self._torch
        told = self._low.tokenizer(
            list(texts), padding=True, truncation=True, max_length=longest, return_tensors="pt"
        )
        hidden = self._low.model(
            input_ids=told["input_ids"], attention_mask=told["attention_mask"]
        ).last_hidden_state
        mask = told["attention_mask"]
        whole = (hidden * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
        words = mask.clone()
        words[:, 0] = 0
        words[torch.arange(len(words)), mask.sum(1) - 1] = 0
        unit = torch.nn.functional.normalize
        return unit(whole, dim=-1), unit(hidden, dim=-1), words, told["input_ids"]

    def _remember(self, store: dict[str, Any], texts: Iterable[str], longest: int) -> None:
        """What the model as it is makes of each text."""
        left = sorted(set(texts), key=lambda text: (len(text), text))
        with self._torch.no_grad():
            for at in range(0, len(left), 32):
                some = left[at : at + 32]
                for text, *parts in zip(some, *self._read(some, longest)[:3], strict=True):
                    store[text] = parts

    def _rarity(self, texts: Iterable[str]) -> Any:
        """By vocabulary id the weight of a question's token among these texts."""
        told = [set(self._low.tokenizer(text)["input_ids"]) for text in set(texts)]
        counts = np.zeros(len(self._low.tokenizer), np.float32)
        for ids in told:
            counts[list(ids)] += 1
        idf = rarity(counts, len(told))
        return self._torch.from_numpy(np.maximum(idf / idf.max(), MIN_WEIGHT))

    def _loss(self, batch: Sequence[Pair]) -> Any:
        torch, cost = self._torch, self._torch.nn.functional.cross_entropy
        whole, tokens, words, ids = self._read([one.question for one in batch], _LONGEST_QUESTION)
        texts = [self._texts[one.text] for one in batch]
        text_tokens, text_words = (self._low.padded([one[part] for one in texts]) for part in (1, 2))
        before = self._low.padded([self._before[one.question][1] for one in batch])[:, : tokens.shape[1]]
        before = torch.nn.functional.pad(before, (0, 0, 0, tokens.shape[1] - before.shape[1]))
        weights = self._rare[ids] * words
        weights = weights / weights.sum(1, keepdim=True).clamp_min(1e-6)
        cosines = torch.einsum("qid,pjd->qpij", tokens, text_tokens)
        best = cosines.masked_fill(~text_words.bool()[None, :, None, :], -1.0).max(-1).values
        scores = (best * weights[:, None, :]).sum(-1)
        also = torch.tensor(
            [
                [i != j and (a.text == b.text or a.name == b.name) for j, b in enumerate(batch)]
                for i, a in enumerate(batch)
            ]
        )
        own = torch.arange(len(batch))
        ranked = cost((scores / _SHARP).masked_fill(also, -1e4), own)
        alone = cost(
            (whole @ torch.stack([one[0] for one in texts]).T / _SHARP_WHOLE).masked_fill(also, -1e4), own
        )
        moved = ((1 - (tokens * before).sum(-1)) * words).sum() / words.sum()
        return ranked + _WHOLE * alone + _NEAR * moved


def training(questions: Sequence[Mapping[str, Any]], fold: int | None) -> list[Mapping[str, Any]]:
    """The questions to learn from: all but those of a fold, if one is named."""
    return [one for at, one in zip(folds_of(questions), questions, strict=True) if at != fold]


def main() -> None:
    """Fit and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    add_arguments(parser, QUESTIONS)
    parser.add_argument(
        "--fold", type=int, choices=range(FOLDS_OF_CHANGES), help="leave out the questions of this fold"
    )
    parser.add_argument("--steps", type=int, default=_STEPS)
    told = parser.parse_args()
    chosen = training(development(told.questions), told.fold)
    sets = of_questions(Assistant.open(told.index), chosen)
    print(f"{len(chosen)} questions, {len(sets)} pairs of theirs")
    write_changes(Trainer().fit(sets, general(), told.steps), told.out)


if __name__ == "__main__":
    main()

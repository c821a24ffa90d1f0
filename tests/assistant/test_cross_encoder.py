"""Question and text read together tell an answer from what only speaks of the same."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from assistant.cross_encoder import CROSS_ENCODER, MOST, CrossEncoder
from assistant.service import Assistant
from assistant.weights import CROSS
from corpus.errors import ServiceError
from eval.fit_cross_encoder import invented
from index.embed import Embedder
from index.minilm import read_all, write_changes

UNLEARNT = [
    json.loads(line)
    for line in Path(__file__).with_name("answered.jsonl").read_text(encoding="utf-8").splitlines()
]
"""Invented texts that nothing was fitted on, each with questions that it answers and three that it nearly answers."""


def above(first: Sequence[float], second: Sequence[float]) -> float:
    """How often one of the first scores is above one of the second (area under the curve)."""
    return float(np.mean(np.array(first)[:, None] > np.array(second)[None, :]))


def test_what_a_text_answers_scores_above_what_it_nearly_answers() -> None:
    """On texts that it was not fitted on, over all of them, where the threshold is one for all."""
    cross = CrossEncoder()
    plain = [cross.score(one["plain"], one["text"]) for one in UNLEARNT]
    everyday = [cross.score(asked, one["text"]) for one in UNLEARNT for asked in one["questions"]]
    near = [cross.score(asked, one["text"]) for one in UNLEARNT for asked in one["near"]]
    assert len(near) == 480
    assert above(plain, near) >= 0.85
    assert above(everyday, near) >= 0.75
    assert all(abs(score) <= MOST for score in (*plain, *everyday, *near))


def test_nothing_was_fitted_on_these_texts() -> None:
    learnt = {one.text for one in invented()}
    assert learnt.isdisjoint(one["text"] for one in UNLEARNT)


def test_what_it_says_counts(small_index: Path, embedder: Embedder, monkeypatch: pytest.MonkeyPatch) -> None:
    """It reads the question and what would be said to it; where its word weighs enough, it decides."""
    assistant = Assistant.open(small_index, embedder=embedder)
    assert assistant.weights is not None
    model = assistant.weights.answer
    heavy = [30.0 if name == CROSS else w for name, w in zip(model.names, model.weights, strict=True)]
    assistant.weights = replace(assistant.weights, answer=replace(model, weights=tuple(heavy)))
    told, read = {"odds": MOST}, []
    question = "Who leads on reducing loneliness?"

    def score(question: str, text: str) -> float:
        read.append((question, text))
        return told["odds"]

    monkeypatch.setattr(assistant.cross_encoder, "score", score)
    draft = assistant.best(question)
    assert draft.answered and (question, draft.lines[0].text) in read
    told["odds"] = -MOST
    assert not assistant.ask(question).answered


def test_switched_off_it_speaks_neither_for_nor_against(small_index: Path, embedder: Embedder) -> None:
    assistant = Assistant.open(small_index, ["cross_encoder"], embedder)
    (draft, _), *_ = assistant.considered("Who leads on reducing loneliness?")
    assert assistant.cross("Who leads on reducing loneliness?", draft) == 0.0


@pytest.mark.parametrize("damage", ["lost", "cut", "no head"])
def test_a_damaged_file_is_told(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "cross_encoder.npz"
    if damage == "cut":
        path.write_bytes(CROSS_ENCODER.read_bytes()[:9000])
    elif damage == "no head":
        changes, (segments,) = read_all(CROSS_ENCODER, ("segments",))
        write_changes(changes, path, segments=segments)
    with pytest.raises(ServiceError, match="cross-encoder cannot be loaded"):
        CrossEncoder(path).score("Who leads?", "The council leads.")

"""Question and text read together tell an answer from what only speaks of the same."""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pytest

from assistant.declining.choice import CROSS, Weights
from assistant.declining.cross_encoder import CROSS_ENCODER, MOST, CrossEncoder, read_stored
from assistant.service import Assistant
from corpus.errors import ServiceError
from eval.invented import ANSWERED, PAIRS, invented
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


def test_in_integers_it_judges_as_in_floats() -> None:
    """The error is far smaller than what lies between what a text answers and what it nearly answers, and has no lean."""
    cross, floats = CrossEncoder(), read_stored(CROSS_ENCODER, in_integers=False)
    answered = [(one["plain"], one["text"]) for one in UNLEARNT]
    near = [(one["near"][0], one["text"]) for one in UNLEARNT]
    told = np.array([cross.score(*pair) for pair in (*answered, *near)])
    exact = np.clip([floats.score(*pair) for pair in (*answered, *near)], -MOST, MOST)
    apart = exact[: len(answered)].mean() - exact[len(answered) :].mean()
    error = told - exact
    assert 0 < np.abs(error).mean() < 0.12 * apart
    assert abs(error.mean()) < 0.03 * apart
    assert np.corrcoef(told, exact)[0, 1] > 0.98


def test_nothing_was_fitted_on_these_texts() -> None:
    learnt = {one.text for one in invented(PAIRS, ANSWERED)}
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
    assert draft.answered and (question, draft.told) in read
    told["odds"] = -MOST
    assert not assistant.ask(question).answered


def test_switched_off_it_reads_nothing(
    small_index: Path, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where it is asked in every case otherwise."""
    given = Assistant.open(small_index, embedder=embedder)
    without = Assistant.open(small_index, ["cross_encoder"], embedder)
    read: list[str] = []
    for one in (given, without):
        monkeypatch.setattr(one.cross_encoder, "score", lambda question, _: read.append(question) or 0.0)
        monkeypatch.setattr(
            Weights, "decided", lambda self, measured, _, cross: self.likely(measured, cross())
        )
    question = "Who leads on reducing loneliness?"
    without.best(question)
    assert read == []
    given.best(question)
    assert read == [question]


def test_a_look_up_that_goes_before_a_quote_is_read_itself(
    small_index: Path, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is read is always the draft that is given."""
    assistant = Assistant.open(small_index, embedder=embedder)
    read: list[str] = []
    monkeypatch.setattr(assistant.cross_encoder, "score", lambda _, text: read.append(text) or 0.0)
    monkeypatch.setattr(
        Weights, "decided", lambda self, measured, _, cross: self.likely(measured, cross()) + 1
    )
    considered = assistant.considered("Who leads on reducing loneliness?")
    quote = next(at for at, (draft, _) in enumerate(considered) if draft.kind == "narrative")
    monkeypatch.setattr(Weights, "first", lambda self, rows: (quote if len(rows) > 1 else 0, dict(rows[0])))
    draft = assistant.best("Who leads on reducing loneliness?")
    assert draft.kind == "lead"
    assert read == [draft.told]


@pytest.mark.parametrize(
    ("question", "share", "answered"),
    [
        ("Who leads reducing loneliness?", 0.6, True),
        ("Who leads reducing loneliness?", 0.4, False),
        ("Who leads reducing loneliness in Orchardshire?", 0.6, False),
        ("Why is it worth reducing loneliness?", 0.6, False),
    ],
)
def test_a_look_up_of_what_is_named_needs_to_be_half_as_likely(
    question: str,
    share: float,
    answered: bool,
    small_index: Path,
    embedder: Embedder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whatever the models make of a small corpus; not where a name is missing, and not a quote."""
    assistant = Assistant.open(small_index, embedder=embedder)
    assert assistant.weights is not None
    likely = share * assistant.weights.threshold
    monkeypatch.setattr(Weights, "decided", lambda *_: likely)
    assert assistant.ask(question).answered == answered


@pytest.mark.parametrize("damage", ["lost", "cut", "flipped", "no head", "short head", "foreign"])
def test_a_damaged_file_is_told(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "cross_encoder.npz"
    if damage == "cut":
        path.write_bytes(CROSS_ENCODER.read_bytes()[:9000])
    elif damage == "flipped":
        whole = bytearray(CROSS_ENCODER.read_bytes())
        whole[_first_stored(CROSS_ENCODER)] ^= 0xFF
        path.write_bytes(whole)
    elif damage == "foreign":
        np.savez(path, vectors=np.eye(3), ids=np.arange(3))
    elif damage != "lost":
        changes, (segments, head) = read_all(CROSS_ENCODER, ("segments", "head"))
        others = {"no head": {"segments": segments}, "short head": {"segments": segments, "head": head[:5]}}
        write_changes(changes, path, **others[damage])
    with pytest.raises(ServiceError, match="cross-encoder cannot be loaded"):
        CrossEncoder(path).score("Who leads?", "The council leads.")


def _first_stored(path: Path) -> int:
    """Where the compressed bytes of the first array begin: after its header, its name and what follows that."""
    with ZipFile(path) as stored, path.open("rb") as file:
        at = stored.infolist()[0].header_offset
        file.seek(at + 26)
        name, extra = struct.unpack("<HH", file.read(4))
    return int(at + 30 + name + extra)

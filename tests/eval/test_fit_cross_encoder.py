"""The cross-encoder is fitted from invented texts; in use it tells what it does in torch."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from assistant.declining.cross_encoder import read_stored
from eval.fit_cross_encoder import Judged, Trainer
from eval.invented import ANSWERED, PAIRS, Invented, invented
from eval.matching import fold
from eval.questions import load
from index.minilm import read_all, write_changes


def asked(one: Invented) -> list[str]:
    """All questions about a text."""
    return [one.plain, *one.everyday, *one.near]


def test_texts_are_whole_and_come_once() -> None:
    told = invented(PAIRS, ANSWERED)
    assert all(one.text.strip() and one.plain and one.everyday and len(one.near) in (3, 5) for one in told)
    assert all(len({fold(question) for question in asked(one)}) == len(asked(one)) for one in told)
    assert len({one.text for one in told}) == len(told) >= 3700


def test_no_question_of_the_sets_is_among_them() -> None:
    known = {fold(question) for one in invented(PAIRS, ANSWERED) for question in asked(one)}
    assert known.isdisjoint(fold(one.question) for one in load())


class Fitted(NamedTuple):
    """A trainer after a few steps over a few texts, how far off it was on some of them before, and what it stored."""

    trainer: Trainer
    batch: list[Judged]
    loss_before: float
    path: Path


@pytest.fixture(scope="module")
def fitted(tmp_path_factory: pytest.TempPathFactory) -> Fitted:
    some, trainer = sorted(invented(PAIRS, ANSWERED), key=lambda one: len(one.text))[100:108], Trainer()
    batch = trainer._batch(some, [[at - 1] for at in range(8)])
    before = loss(trainer, batch)
    changes, others = trainer.fit(some, steps=25)
    path = tmp_path_factory.mktemp("fitted") / "some.npz"
    write_changes(changes, path, **others)
    return Fitted(trainer, batch, before, path)


def loss(trainer: Trainer, batch: list[Judged]) -> float:
    """How far off the trainer is, without learning from it."""
    with trainer._low.torch.no_grad():
        return float(trainer._loss(batch))


def test_it_learns_which_questions_a_text_answers(fitted: Fitted) -> None:
    """Before, it takes everything for as likely as not, which costs 0.69."""
    assert fitted.loss_before == pytest.approx(0.69, abs=0.02)
    assert loss(fitted.trainer, fitted.batch) < fitted.loss_before - 0.03


def test_what_is_stored_scores_as_what_was_fitted(fitted: Fitted) -> None:
    """To the precision of the stored numbers; also where question and text are longer than what is read."""
    pairs = [*fitted.batch[:4], Judged("who leads " * 30, "the forum leads " * 60, True)]
    with fitted.trainer._low.torch.no_grad():
        expected = fitted.trainer._scores(pairs).numpy()
    stored = read_stored(fitted.path, in_integers=False)
    assert [stored.score(one.question, one.text) for one in pairs] == pytest.approx(list(expected), abs=2e-3)


def test_it_goes_on_from_what_is_stored(fitted: Fitted) -> None:
    """What it begins with scores as what was stored; then it learns from drafts, and is brought back a part of the way."""
    trainer, texts = Trainer(), sorted(invented(PAIRS, ANSWERED), key=lambda one: len(one.text))[100:108]
    groups = [
        [Judged(one.plain, one.text, True), *(Judged(one.plain, other.text, False) for other in texts[:2])]
        for one in texts[2:]
    ]
    drafts = [one for group in groups for one in group]
    trainer.go_on(fitted.path, groups, texts, steps=0)
    assert loss(trainer, drafts) == pytest.approx(loss(fitted.trainer, drafts), abs=2e-3)
    again = Trainer()
    changes, _ = again.go_on(fitted.path, groups, texts, steps=20)
    assert loss(again, drafts) < loss(trainer, drafts) - 0.03
    before, _ = read_all(fitted.path, ("segments", "head"))
    for name, (_, after) in again._low.changes().items():
        assert changes[name][1] == pytest.approx(0.4 * before[name][1] + 0.6 * after, abs=1e-6)

"""The cross-encoder is fitted from invented texts; in numpy it tells what it does in torch."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assistant.cross_encoder import CrossEncoder
from eval.fit_cross_encoder import Answered, Judged, Trainer, invented
from eval.matching import fold
from eval.questions import load
from index.minilm import write_changes


def asked(one: Answered) -> list[str]:
    """All questions about a text."""
    return [one.plain, *one.everyday, *one.near]


def test_texts_are_whole_and_come_once() -> None:
    told = invented()
    assert all(one.text.strip() and one.plain and one.everyday and len(one.near) == 3 for one in told)
    assert all(len({fold(question) for question in asked(one)}) == len(asked(one)) for one in told)
    assert len({one.text for one in told}) == len(told) >= 2500


def test_no_question_of_the_sets_is_among_them() -> None:
    known = {fold(question) for one in invented() for question in asked(one)}
    assert known.isdisjoint(fold(one.question) for one in load())


@pytest.fixture(scope="module")
def fitted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Trainer, list[Answered], Path]:
    """A trainer after a few steps over a few texts, and what it stored."""
    some, trainer = invented()[::150], Trainer()
    changes, others = trainer.fit(some, steps=12)
    path = tmp_path_factory.mktemp("fitted") / "some.npz"
    write_changes(changes, path, **others)
    return trainer, some, path


def test_it_learns_which_questions_a_text_answers(fitted: tuple[Trainer, list[Answered], Path]) -> None:
    _, some, path = fitted
    cross = CrossEncoder(path)
    answered = [cross.score(one.plain, one.text) for one in some]
    elsewhere = [cross.score(one.plain, other.text) for one, other in zip(some, some[1:], strict=False)]
    assert np.mean(answered) > np.mean(elsewhere)


def test_what_is_stored_scores_as_what_was_fitted(fitted: tuple[Trainer, list[Answered], Path]) -> None:
    """To the precision of the stored numbers; also where question and text are longer than what is read."""
    trainer, some, path = fitted
    pairs = [
        Judged(some[0].plain, some[0].text, True),
        Judged("who leads " * 30, "the forum leads " * 60, True),
    ]
    with trainer._low.torch.no_grad():
        expected = trainer._scores(pairs).numpy()
    cross = CrossEncoder(path)
    assert [cross.score(one.question, one.text) for one in pairs] == pytest.approx(list(expected), abs=2e-3)

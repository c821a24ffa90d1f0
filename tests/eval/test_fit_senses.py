"""Which sense of a question is answered is learnt from conversations and from questions that follow on nothing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assistant.service import Assistant
from eval.fit import development, stretches
from eval.fit_senses import _SWITCHED, Example, examples, fit, switched
from eval.questions import BUNDLED
from index.embed import Embedder


def test_questions_stand_after_others_that_are_answered_elsewhere() -> None:
    questions = [one for one in development([BUNDLED / "everyday-2.jsonl"]) if not one["history"]]
    by_text = {one["question"]: one for one in questions}
    made = switched(questions)
    assert len(made) == _SWITCHED
    for one in made:
        (before,) = (by_text[turn] for turn in one["history"])
        assert before["answerable"] and not set(stretches(before)) & set(stretches(one))
    shares = [np.mean([one["answerable"] for one in some]) for some in (made, questions)]
    assert abs(shares[0] - shares[1]) < 0.1


def test_every_sense_that_has_an_answer_is_an_example(
    small_index: Path, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("eval.fit_senses.in_doubt", lambda draft: True)
    assistant = Assistant.open(small_index, embedder=embedder)
    before = "Who leads on loneliness?"
    goes_on = {"question": "which plan is it in?", "history": [before], "must": [], "must_not": []}
    right = examples(assistant, [{**goes_on, "answerable": True}])
    wrong = examples(assistant, [{**goes_on, "answerable": False}])
    missing = examples(assistant, [{**goes_on, "answerable": True, "must": [["no such fact"]]}])
    assert len(right) == len(wrong) == len(missing) > 0
    assert all(one.right for one in right) and not any(one.right for one in (*wrong, *missing))
    assert {one.conversation for one in right} == {before}
    assert {"lo", "agree", "own", "context"} <= right[0].features.keys()
    assert (
        examples(assistant, [{**goes_on, "history": [], "answerable": True}]) == []
    )  # it goes on with nothing


def test_the_model_learns_what_makes_an_answer_right() -> None:
    rng = np.random.default_rng(0)
    told = [{"lo": float(x), "agree": float(y)} for x, y in rng.normal(size=(300, 2))]
    model = fit([Example(one, one["lo"] + one["agree"] > 0, "a") for one in told])
    assert model.probability({"lo": 1.0, "agree": 1.0}) > 0.8
    assert model.probability({"lo": -1.0, "agree": -1.0}) < 0.2

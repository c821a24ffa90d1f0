"""The changes for reading questions are fitted from pairs, and from the development part of question sets only."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from assistant.service import Assistant
from eval import fit_questions
from eval.fit import fold_of
from eval.fit_questions import PAIRS, Pair, Trainer, general, of_questions, write
from eval.matching import fold
from index.embed import Embedder, changes

SOME = general()[:: len(general()) // 48][:48]


def first(questions: object, texts: object) -> float:
    """The share of questions whose own text has the highest cosine."""
    cosines = np.array([one.vector for one in questions]) @ np.array([one.vector for one in texts]).T  # type: ignore[attr-defined]
    return float(np.mean(np.argmax(cosines, axis=1) == np.arange(len(cosines))))


def test_fitted_changes_find_the_text_of_a_question_more_often(tmp_path: Path, embedder: Embedder) -> None:
    made = Trainer().fit([], SOME, steps=30)
    write(made, tmp_path / "some.npz")
    fitted = Embedder(questions=tmp_path / "some.npz")
    asked, texts = [one.question for one in SOME], embedder.encode([one.text for one in SOME])
    before, after = embedder.encode(asked), fitted.encode_questions(asked)
    assert first(after, texts) > first(before, texts)
    assert {name.split(".")[2] for name in changes(tmp_path / "some.npz")} == set("012345")


def test_a_question_is_paired_with_the_passages_that_state_its_facts(
    small_index: Path, embedder: Embedder
) -> None:
    assistant = Assistant.open(small_index, embedder=embedder)
    entry = next(one for one in assistant.register.register.entries if one.leads)
    document = assistant.index.documents[entry.document]
    asked = {
        "question": "Who runs it?",
        "history": [],
        "answerable": True,
        "must": [[entry.plan_found]],
        "evidence": [{"doc": Path(document.file).name, "lines": document.lines_of(entry.span)}],
    }
    made = of_questions(assistant, [asked, asked | {"answerable": False}])
    assert made and all(fold(entry.plan_found) in fold(one.text) for one in made)
    assert made[0].question == asked["question"]


@pytest.mark.parametrize("path", sorted(PAIRS.glob("*.jsonl")), ids=lambda path: path.name)
def test_pairs_are_whole_and_come_once(path: Path) -> None:
    told = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert all(one["text"].strip() and len(one["questions"]) == 2 for one in told)
    assert len({one["text"] for one in told}) == len(told)


def test_questions_on_the_same_evidence_are_in_the_same_fold() -> None:
    told = [{"doc": "plan.txt", "lines": [3, 4]}]
    assert fold_of({"id": "A", "evidence": told}) == fold_of({"id": "B", "evidence": told})
    assert {fold_of({"id": str(number), "evidence": []}) for number in range(20)} == {0, 1}


def test_only_the_development_part_is_looked_at(
    tmp_path: Path, small_index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The command itself, with what it trains on written down in place of training."""
    question = {
        "id": "A",
        "question": "Who?",
        "history": [],
        "answerable": True,
        "must": [["x"]],
        "evidence": [],
    }
    lines = [json.dumps(question), json.dumps(question | {"id": "B", "held": True})]
    (tmp_path / "some.jsonl").write_text("\n".join(lines))
    seen: list[str] = []

    def paired(_: Assistant, questions: list[dict[str, str]]) -> list[Pair]:
        seen.extend(one["id"] for one in questions)
        return []

    monkeypatch.setattr(fit_questions, "of_questions", paired)
    monkeypatch.setattr(Trainer, "fit", lambda *_: {"some": (np.eye(2), np.eye(2))})
    monkeypatch.setattr(
        "sys.argv",
        ["fit", "--index", str(small_index), "--out", str(tmp_path / "q.npz"), str(tmp_path / "some.jsonl")],
    )
    fit_questions.main()
    assert seen == ["A"]
    assert list(changes(tmp_path / "q.npz")) == ["some"]

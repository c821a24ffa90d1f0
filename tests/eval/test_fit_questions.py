"""The changes for reading questions are fitted from pairs, and from the development part of question sets only."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from assistant.service import Assistant
from eval.fit import development, folds_of
from eval.fit_questions import Trainer, general, of_questions, training
from eval.invented import PAIRS, invented
from eval.matching import fold
from eval.questions import BUNDLED, load
from index.embed import Embedder, Encoded
from index.minilm import read_changes, write_changes


def first(questions: Sequence[Encoded], texts: Sequence[Encoded]) -> float:
    """The share of questions whose own text has the highest cosine."""
    cosines = np.array([one.vector for one in questions]) @ np.array([one.vector for one in texts]).T
    return float(np.mean(np.argmax(cosines, axis=1) == np.arange(len(cosines))))


def test_fitted_changes_find_the_text_of_a_question_more_often(tmp_path: Path, embedder: Embedder) -> None:
    some = general()[::66]
    write_changes(Trainer().fit([], some, steps=30), tmp_path / "some.npz")
    fitted = Embedder(questions=tmp_path / "some.npz")
    asked, texts = [one.question for one in some], embedder.encode([one.text for one in some])
    before, after = embedder.encode(asked), fitted.encode_questions(asked)
    assert first(after, texts) > first(before, texts)
    assert {name.split(".")[2] for name in read_changes(tmp_path / "some.npz")} == set("012345")


def test_a_question_is_paired_with_the_passages_that_state_its_facts(
    small_index: Path, embedder: Embedder
) -> None:
    assistant = Assistant.open(small_index, embedder=embedder)
    entry = next(one for one in assistant.register.register.entries if one.leads)
    document = assistant.index.documents[entry.document]
    asked = {
        "id": "A",
        "question": "Who runs it?",
        "history": [],
        "answerable": True,
        "must": [[entry.plan_found]],
        "evidence": [{"doc": Path(document.file).name, "lines": document.lines_of(entry.span)}],
    }
    made = of_questions(assistant, [asked, asked | {"answerable": False}])
    assert made and all(fold(entry.plan_found) in fold(one.text) for one in made)
    assert made[0].question == asked["question"]


def test_pairs_are_whole_and_come_once() -> None:
    told = invented(PAIRS)
    assert all(one.text.strip() and len(one.everyday) == 2 for one in told)
    assert len({one.text for one in told}) == len(told) >= 1000


def test_no_pair_holds_a_held_question() -> None:
    held = {fold(one.question) for one in load() if one.held}
    assert held.isdisjoint(fold(one.question) for one in general())


def question(name: str, *evidence: tuple[str, int, int], held: bool = False) -> dict[str, Any]:
    """A question with evidence at lines of files."""
    places = [{"doc": doc, "lines": [first, last]} for doc, first, last in evidence]
    return {"id": name, "question": f"{name}?", "evidence": places, "held": held}


def test_questions_whose_evidence_meets_are_in_the_same_fold() -> None:
    """A and C by way of B."""
    one, other, third = question("A", ("p", 3, 4)), question("B", ("p", 4, 25)), question("C", ("p", 24, 24))
    alone = [question(f"{number}", ("p", 100 * number, 100 * number)) for number in range(1, 10)]
    folds = folds_of([one, *alone, other, third])
    assert folds[0] == folds[-2] == folds[-1]
    assert folds.count(0) == folds.count(1) == 6


def test_what_is_held_and_a_fold_left_out_are_not_learnt_from(tmp_path: Path) -> None:
    asked = [question(str(number), ("p", 100 * number, 100 * number), held=number > 4) for number in range(9)]
    (tmp_path / "some.jsonl").write_text("\n".join(map(json.dumps, asked)))
    read = development([tmp_path / "some.jsonl"])
    assert [one["id"] for one in training(read, None)] == ["0", "1", "2", "3", "4"]
    halves = [{one["id"] for one in training(read, fold)} for fold in (0, 1)]
    assert halves[0].isdisjoint(halves[1]) and halves[0] | halves[1] == {"0", "1", "2", "3", "4"}


def test_the_folds_of_the_bundled_sets_share_no_line() -> None:
    asked = development(sorted(BUNDLED.glob("*.jsonl")))
    lines: list[set[tuple[str, int]]] = [set(), set()]
    for at, one in zip(folds_of(asked), asked, strict=True):
        for told in one["evidence"]:
            lines[at] |= {(told["doc"], number) for number in range(told["lines"][0], told["lines"][-1] + 1)}
    assert lines[0] and lines[1] and lines[0].isdisjoint(lines[1])

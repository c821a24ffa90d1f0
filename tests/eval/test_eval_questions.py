"""Question sets: reading, filtering, and proof against the sources."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from eval_double import LINE, TEXT

from corpus.errors import UsageError
from eval.questions import (
    BUNDLED,
    EVERYDAY,
    FINER,
    FOLLOWUPS,
    TURNS,
    USERS,
    Question,
    Sources,
    check,
    load,
    parse,
    select,
)


def raw(**changes: Any) -> dict[str, Any]:
    return {**LINE, **changes}


@pytest.fixture
def sources(tmp_path: Path) -> Sources:
    (tmp_path / "fruit.txt").write_text(TEXT)
    return Sources([tmp_path])


def write(path: Path, *lines: dict[str, Any]) -> Path:
    path.write_text("\n".join(json.dumps(line) for line in lines) + "\n")
    return path


def test_a_line_is_read_with_its_defaults(tmp_path: Path) -> None:
    (question,) = load([write(tmp_path / "q.jsonl", raw())])
    assert question.must == (("Orchard Board",),)
    assert question.evidence[0].lines == (2, 2)
    assert (question.held, question.derived, question.history) == (False, False, ())


@pytest.mark.parametrize("broken", ['{"id": 1}', "no json", "[]", json.dumps(raw(must=["flat"]))])
def test_a_broken_line_is_named_by_file_and_number(tmp_path: Path, broken: str) -> None:
    path = tmp_path / "q.jsonl"
    path.write_text(json.dumps(raw()) + "\n\n" + broken + "\n")
    with pytest.raises(UsageError, match=r"q\.jsonl:3: not a question"):
        load([path])


def test_missing_sets_and_double_ids_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such question set"):
        load([tmp_path / "none.jsonl"])
    with pytest.raises(UsageError, match="no .jsonl question set"):
        load([tmp_path])
    write(tmp_path / "q.jsonl", raw(), raw())
    with pytest.raises(UsageError, match="twice: a"):
        load([tmp_path])


def many() -> list[Question]:
    kinds = ["lead"] * 6 + ["plan"] * 3 + ["place"]
    return [parse(raw(id=str(n), kind=kind, held=n % 3 == 0)) for n, kind in enumerate(kinds)]


def test_parts_share_nothing_and_leave_nothing_out() -> None:
    dev, held = select(many(), part="dev"), select(many(), part="held")
    assert {q.id for q in dev} | {q.id for q in held} == {q.id for q in many()}
    assert not {q.id for q in dev} & {q.id for q in held}
    assert [q.kind for q in select(many(), kinds=["place"])] == ["place"]
    assert select(many(), styles=["typo"]) == []


def test_a_sample_has_every_kind_and_keeps_the_order() -> None:
    sample = select(many(), sample=4)
    assert sorted(q.kind for q in sample) == ["lead", "lead", "place", "plan"]
    assert [int(q.id) for q in sample] == sorted(int(q.id) for q in sample)
    assert select(many(), sample=99) == many()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"question": " "}, "the question is empty"),
        ({"must": []}, "no required fact"),
        ({"evidence": []}, "no 'evidence'"),
        ({"answerable": False}, "not answerable, yet"),
        ({"must_not": ["orchard board"]}, "both required and forbidden"),
        ({"must": [["Pear Group"]]}, "'Pear Group' stands at the evidence"),
        ({"evidence": [{"doc": "none.txt", "lines": [1, 1]}]}, "not among the sources"),
        ({"evidence": [{"doc": "fruit.txt", "lines": [4, 40]}]}, "lines 4 to 40 are not in fruit.txt"),
    ],
)
def test_the_check_says_what_is_wrong(sources: Sources, changes: dict[str, Any], message: str) -> None:
    problems = check([parse(raw(**changes))], sources)
    assert any(message in problem.message for problem in problems), problems


def test_a_sound_question_and_a_derived_fact_pass(sources: Sources) -> None:
    assert check([parse(raw())], sources) == []
    assert check([parse(raw(must=[["two"]], derived=True))], sources) == []


def test_the_bundled_sets_are_sound_in_form() -> None:
    from eval.questions import check_form

    questions = [*load(), *load([FINER, EVERYDAY, FOLLOWUPS, TURNS, USERS])]
    problems = [problem for question in questions for problem in check_form(question)]
    assert problems == []
    assert len(questions) >= 300
    assert 1 / 4 <= sum(question.held for question in questions) / len(questions) <= 1 / 2


def test_the_kinds_of_the_bundled_sets_are_told() -> None:
    text = (BUNDLED.parent / "README.md").read_text(encoding="utf-8")
    told = text.split("Kinds of the bundled sets:")[1].split("Matching folds")[0]
    kinds = {question.kind for question in load()}
    assert set(re.findall(r"`(\w+)`", told)) - {"history"} == kinds


def test_every_fact_of_the_bundled_sets_stands_in_the_originals(originals: Path) -> None:
    folders = [originals, BUNDLED.parent.parent / "corpus" / "documents"]
    assert check([*load(), *load([FINER, EVERYDAY, FOLLOWUPS, TURNS, USERS])], Sources(folders)) == []

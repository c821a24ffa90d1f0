"""Drafting a question set from a register."""

from pathlib import Path

import pytest

from corpus.model import Acronym, Commitment, Document, Indicator, Name, PlanEntry, Register, Span, Value
from eval.draft import as_line, draft
from eval.questions import Sources, check_form, load

TEXT = (
    "Fruit\nMore fruit | Apple Plan | OB\nMore fruit | Pear Plan | Pear Group\nWaste to fall to 5% by 2028\n"
)


def span(line: int) -> Span:
    lines = TEXT.split("\n")
    start = sum(len(one) + 1 for one in lines[: line - 1])
    return Span(start, start + len(lines[line - 1]))


def entry(n: int, plan: str, lead: str, **changes: object) -> PlanEntry:
    given: dict[str, object] = {
        "id": f"fruit:plan:{n}",
        "document": "fruit",
        "span": span(n),
        "quote": span(n).of(TEXT),
        "commitment_id": None,
        "commitment": "More fruit",
        "plan": plan,
        "plan_found": plan,
        "leads": (lead,),
    }
    return PlanEntry(**(given | changes))  # type: ignore[arg-type]


@pytest.fixture
def register() -> Register:
    target = Value("5%", 5, "%", "2028")
    return Register(
        commitments=(
            Commitment(id="c", document="fruit", span=span(2), quote="", name="More fruit", found=""),
        ),
        entries=(
            entry(2, "Apple Plan", "Orchard Board"),
            entry(3, "Pear Plan", "Pear Group"),
            entry(3, "Doubtful Plan", "Nobody", doubtful=True, why="torn"),
            entry(3, "Old Plan", "Old Board", document="old"),
        ),
        indicators=(
            Indicator(
                id="i", document="fruit", span=span(4), quote="", number="1", text="Waste", target=target
            ),
            Indicator(id="j", document="fruit", span=span(4), quote="", number="2", text="No target"),
        ),
        acronyms=(
            Acronym(id="a", document="fruit", span=span(2), quote="", short="OB", full="Orchard Board"),
            Acronym(id="b", document="fruit", span=span(2), quote="", short="PG", full="Pear Group"),
            Acronym(id="d", document="fruit", span=span(2), quote="", short="PG", full="Plum Guild"),
        ),
        names=(
            Name(
                "organisation",
                "Orchard Board",
                frozenset({"Orchard Board", "The Orchard Bd"}),
                frozenset({"OB"}),
            ),
        ),
    )


@pytest.fixture
def documents() -> dict[str, Document]:
    new = Document("fruit", "fruit.txt", "Fruit", TEXT, first_line=1)
    return {"fruit": new, "old": Document("old", "old.txt", "Old", TEXT, status="superseded", first_line=1)}


def test_records_become_questions_with_their_evidence(
    register: Register, documents: dict[str, Document]
) -> None:
    questions = {question.question: question for question in draft(register, documents)}
    apple = questions["Who leads Apple Plan?"]
    assert apple.must == (("Orchard Board", "OB", "The Orchard Bd"),)
    assert [(item.doc, item.lines) for item in apple.evidence] == [("fruit.txt", (2, 2))]
    plans = next(question for question in questions.values() if question.kind == "plan")
    assert plans.must == (("Apple Plan",), ("Pear Plan",))
    target = next(question for question in questions.values() if question.kind == "indicator")
    assert target.must == (("5%",),)


def test_facts_that_do_not_stand_word_for_word_are_marked(
    register: Register, documents: dict[str, Document]
) -> None:
    derived = {question.question: question.derived for question in draft(register, documents)}
    assert derived["Who leads Apple Plan?"] is False  # "OB" stands in the row
    from dataclasses import replace

    unnamed = replace(register, names=())
    again = {question.question: question.derived for question in draft(unnamed, documents)}
    assert again["Who leads Apple Plan?"] is True


def test_doubtful_replaced_and_ambiguous_records_are_not_asked(
    register: Register, documents: dict[str, Document]
) -> None:
    words = " ".join(question.question for question in draft(register, documents))
    assert (
        "Doubtful" not in words and "Old Plan" not in words and "PG" not in words and "No target" not in words
    )


def test_a_draft_is_sound_survives_a_round_trip_and_holds_some_out(
    register: Register, documents: dict[str, Document], tmp_path: Path
) -> None:
    questions = draft(register, documents)
    assert [problem for question in questions for problem in check_form(question)] == []
    path = tmp_path / "q.jsonl"
    path.write_text("\n".join(map(as_line, questions)))
    assert load([path]) == questions
    assert sum(question.held for question in questions) == len(questions) // 3
    assert len({question.style for question in questions}) > 1
    assert Sources([tmp_path])


def test_a_limit_is_of_each_kind(register: Register, documents: dict[str, Document]) -> None:
    kinds = [question.kind for question in draft(register, documents, limit=1)]
    assert kinds == ["lead", "plan", "indicator", "acronym"]


def test_an_empty_register_gives_nothing() -> None:
    assert draft(Register(), {}) == []

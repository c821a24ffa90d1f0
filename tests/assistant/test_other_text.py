"""Papers of a place that nothing was made for: fifty questions, written before any was asked."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from assistant import Assistant
from corpus.model import Answer
from corpus.text import plain
from eval.judge import Outcome, judge_answer
from eval.matching import facts_stated
from eval.questions import Question, Sources, check_form, load
from index.embed import Embedder

PAPERS = Path(__file__).parents[1] / "data" / "other_text"
QUESTIONS = load([PAPERS / "questions.jsonl"])
ANSWERABLE = [question for question in QUESTIONS if question.answerable]
RIGHT = 0.80
DECLINED = 0.70


@pytest.fixture(scope="module")
def assistant(other_index: Path, embedder: Embedder) -> Assistant:
    """Opened on an index of the papers."""
    return Assistant.open(other_index, embedder=embedder)


@pytest.fixture(scope="module")
def answers(assistant: Assistant) -> dict[str, Answer]:
    """The answer to every question, by the question's id."""
    return {q.id: assistant.ask(q.question, q.history) for q in QUESTIONS}


@pytest.fixture(scope="module")
def outcomes(answers: dict[str, Answer]) -> list[Outcome]:
    """Every answer, judged."""
    sources = Sources([PAPERS])
    return [judge_answer(question, answers[question.id], sources, ms=0.0) for question in QUESTIONS]


def share_right(outcomes: Sequence[Outcome], *, answerable: bool) -> tuple[float, str]:
    """The share of the questions, with an answer or without, that came out right, and a line for each that
    did not."""
    asked = [outcome for outcome in outcomes if outcome.question.answerable == answerable]
    wrong = [outcome for outcome in asked if not outcome.correct]
    lines = [f"{o.question.id} {o.question.question} -> {o.why}: {o.text!r}" for o in wrong]
    return 1 - len(wrong) / len(asked), "\n".join([f"{len(wrong)} of {len(asked)} went wrong", *lines])


def test_there_are_fifty_sound_questions() -> None:
    assert len(QUESTIONS) == 50
    assert len(ANSWERABLE) == 40
    assert [problem for question in QUESTIONS for problem in check_form(question)] == []


@pytest.mark.parametrize("question", ANSWERABLE, ids=lambda question: question.id)
def test_every_required_fact_stands_at_its_evidence(question: Question) -> None:
    """Read from the files themselves, as the questions give it: a file, or lines of it."""
    texts = []
    for item in question.evidence:
        lines = (PAPERS / item.doc).read_text(encoding="utf-8").split("\n")
        first, last = item.lines or (1, len(lines))
        texts.append("\n".join(lines[first - 1 : last]))
    stated = facts_stated(plain("\n".join(texts)), question.must)
    assert [fact[0] for fact, found in zip(question.must, stated, strict=True) if not found] == []


def test_most_of_what_the_papers_say_is_answered_right(outcomes: list[Outcome]) -> None:
    share, wrong = share_right(outcomes, answerable=True)
    assert share >= RIGHT, wrong


def test_most_of_what_the_papers_do_not_say_is_declined(outcomes: list[Outcome]) -> None:
    share, wrong = share_right(outcomes, answerable=False)
    assert share >= DECLINED, wrong


def test_every_citation_is_verbatim(answers: dict[str, Answer], assistant: Assistant) -> None:
    given = [citation for answer in answers.values() for citation in answer.citations]
    assert len(given) >= len(ANSWERABLE) * RIGHT
    documents = assistant.index.documents
    false = [
        citation
        for citation in given
        if citation.quote != documents[citation.document].text[citation.span.start : citation.span.end]
    ]
    assert false == []


def test_answers_have_citations_and_refusals_have_none(answers: dict[str, Answer]) -> None:
    assert [answer.text for answer in answers.values() if answer.answered != bool(answer.citations)] == []


def test_every_answer_says_how_the_question_was_read(answers: dict[str, Answer]) -> None:
    assert [answer.question for answer in answers.values() if not answer.standalone.strip()] == []


@pytest.mark.parametrize(
    ("question", "number", "items"),
    [
        ("How many indicators are there?", "six indicators", 0),
        ("List all measures.", "six measures", 6),
        ("Which indicators are about the harbour?", "one indicator on “harbour”", 1),
        ("list the harbour indicators", "one indicator on “harbour”", 1),
        ("How many individual performance indicators are there?", "six indicators", 0),
    ],
)
def test_lists_and_counts_are_complete(assistant: Assistant, question: str, number: str, items: int) -> None:
    """The number told is the number of records; a list has an item and a citation a record."""
    answer = assistant.ask(question)
    assert number in answer.text
    assert answer.text.count("\n- ") == items
    assert len(answer.citations) == (items or 1)

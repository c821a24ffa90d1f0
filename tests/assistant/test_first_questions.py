"""The first questions, over the originals: the right facts, each where it is said to stand."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from assistant import Assistant
from corpus.model import Answer, Citation
from eval.matching import facts_stated
from index.embed import Embedder

PLAN = "shared-delivery-plan-2024-06"


@dataclass(frozen=True)
class Asked:
    """A question, the facts that its answer must state (each with its spellings) and, where it matters, the
    document that must be cited first."""

    question: str
    facts: tuple[tuple[str, ...], ...]
    document: str | None = None


GET = ("Growth, Environment and Transport", "GET")
QUESTIONS = (
    Asked(
        "who leads reducing loneliness?",
        (
            ("Social Prescribing Strategy",),
            ("IPPH Inequalities Subcommittee",),
            (
                "KCC Adult Social Care",
                "Kent County Council Adult Social Care",
            ),
            ("Medway Social Isolation and Loneliness Action Alliance",),
            ("Health Determinants Research Collaboration",),
            ("District Councils and Alliances",),
            ("Community Hubs",),
            ("KALC", "Kent Association of Local Councils"),
            ("Parishes",),
            GET,
            ("VCSE organisations",),
            ("Culture and Communities",),
        ),
        PLAN,
    ),
    Asked(
        "Which plan covers smoking in pregnancy?",
        (("Local Maternity and Neonatal System Delivery Plan",), ("Children and Young People's Plan",)),
        PLAN,
    ),
    Asked("When does the Family Hub programme launch?", (("June 2024",), ("draft",), ("March 2024",)), PLAN),
    Asked(
        "What is the target for pupil absence and by when?",
        (("below 5%", "under 5%", "less than 5%"), ("2028",)),
    ),
    Asked(
        "What does IPPH stand for?",
        (
            (
                "Inequalities, Prevention and Population Health",
                "Inequalities Prevention and Population Health",
            ),
        ),
    ),
    Asked("Who chairs the Kent Health and Wellbeing Board?", (("Watkins",),), "hwb-minutes-2023-12-06"),
    Asked(
        "What are Swale's priorities?",
        (("Community",), ("Economy",), ("Environment",), ("Health and Housing",)),
        PLAN,
    ),
    Asked(
        "How much funding did Household Support Fund round 4 have?",
        (("£22 million", "£22m", "22 million"),),
        "financial-hardship-programme-2024-07",
    ),
    Asked("How many staff does KMPT have?", (("3,700", "3700"),), "kmpt-impact-report"),
)


@pytest.fixture(scope="module")
def assistant(originals_index: Path, embedder: Embedder) -> Assistant:
    return Assistant.open(originals_index, embedder=embedder)


@pytest.fixture(scope="module")
def answers(assistant: Assistant) -> dict[str, Answer]:
    return {asked.question: assistant.ask(asked.question) for asked in QUESTIONS}


def at_lines(folder: Path, citation: Citation) -> list[str]:
    """The lines of the source file that a citation gives, read by no code of Ledby's."""
    assert citation.lines is not None
    first, last = citation.lines
    return (folder / citation.file).read_bytes().decode("utf-8").split("\n")[first - 1 : last]


def check_citations(answer: Answer, assistant: Assistant, folder: Path) -> None:
    """Every quote stands in the stored text at its span, and in the file at its lines, all of them."""
    assert answer.citations
    for citation in answer.citations:
        document = assistant.index.documents[citation.document]
        assert citation.quote == document.text[citation.span.start : citation.span.end]
        quoted, there = citation.quote.rstrip("\n").split("\n"), at_lines(folder, citation)
        assert len(quoted) == len(there)
        assert all(part in line for part, line in zip(quoted, there, strict=True))
    marks = {int(n) for n in re.findall(r"\[(\d+)\]", answer.text)}
    assert marks == {citation.n for citation in answer.citations}


@pytest.mark.parametrize("asked", QUESTIONS, ids=lambda asked: asked.question)
def test_the_answer_states_every_fact(asked: Asked, answers: dict[str, Answer]) -> None:
    answer = answers[asked.question]
    assert answer.answered
    stated = facts_stated(answer.text, asked.facts)
    missing = [fact[0] for fact, found in zip(asked.facts, stated, strict=True) if not found]
    assert missing == [], answer.text


@pytest.mark.parametrize("asked", QUESTIONS, ids=lambda asked: asked.question)
def test_every_citation_stands_where_it_says(
    asked: Asked, answers: dict[str, Answer], assistant: Assistant, originals_folder: Path
) -> None:
    check_citations(answers[asked.question], assistant, originals_folder)


@pytest.mark.parametrize("asked", [a for a in QUESTIONS if a.document], ids=lambda asked: asked.question)
def test_the_right_document_is_cited_first(asked: Asked, answers: dict[str, Answer]) -> None:
    answer = answers[asked.question]
    assert answer.citations[0].document == asked.document, answer.text


def test_leads_come_from_the_final_plan_not_the_drafts(answers: dict[str, Answer]) -> None:
    answer = answers["who leads reducing loneliness?"]
    assert {citation.document for citation in answer.citations} == {PLAN}
    assert {citation.date for citation in answer.citations} == {"2024-06-12"}
    assert {citation.status for citation in answer.citations} == {"final"}
    assert answer.completeness == "complete"


def test_every_fact_of_a_lookup_stands_in_a_quote(answers: dict[str, Answer]) -> None:
    """Canonical names may be written out in the answer; the plan's own words stand in its quotes."""
    quoted = " ".join(citation.quote for citation in answers["who leads reducing loneliness?"].citations)
    for name in ("IPPH Inequalities Subcommittee", "KCC Adult Social Care", "KALC and Parishes", "KCC – GET"):
        assert name in quoted


@pytest.mark.parametrize("question", ["Who leads the Kent knife amnesty?"])
def test_what_the_documents_do_not_hold_is_declined(question: str, assistant: Assistant) -> None:
    answer = assistant.ask(question)
    assert not answer.answered
    assert answer.citations == ()
    assert answer.completeness == "none"
    assert answer.suggestions
    assert "[1]" not in answer.text
    assert answer.text.strip()


def test_a_follow_up_takes_up_what_was_asked_before(assistant: Assistant, originals_folder: Path) -> None:
    answer = assistant.ask("and what about Kent Karrier?", ["who leads reducing loneliness?"])
    assert answer.answered
    assert answer.standalone != answer.question
    assert facts_stated(answer.text, [GET]) == (True,)
    check_citations(answer, assistant, originals_folder)


def test_warm_answers_come_at_once(assistant: Assistant, answers: dict[str, Answer]) -> None:
    """The median over questions asked before, so that all is loaded; generous, for busy machines."""
    took = sorted(assistant.ask(asked.question).took_ms for asked in QUESTIONS)
    assert took[len(took) // 2] < 500

"""Questions that lean on the one before, as they are read alone."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from assistant.followup import refers_to_nothing, standalone
from assistant.narrow import Narrowing
from assistant.subject import Finder, Names
from corpus.text import fold
from index.query import contains, words
from tests.assistant.conftest import OverPapers

PLACES = ("Northport", "Southby")
BODIES = ("Ford and Lea Forum", "Mill & Weir Forum", "Harbour Trust", "Lea Council")


def _canonical(text: str) -> Sequence[str]:
    """The places and bodies of a text, as they are written in the documents."""
    return [name for name in (*PLACES, *BODIES) if fold(name) in fold(text)]


def _spelled(names: Sequence[str]) -> Finder:
    return lambda text: [words(name) for name in names if contains(words(text), words(name))]


NAMES = Names(_canonical, _spelled(PLACES), _spelled(BODIES), {"northport", "southby"})


@pytest.mark.parametrize(
    ("before", "question", "alone"),
    [
        ("Who leads clean air?", "and what is the target?", "what is the target for clean air?"),
        ("Who leads clean air?", "What is the baseline?", "What is the baseline for clean air?"),
        ("What is the target for clean air?", "and the baseline?", "what is the baseline for clean air?"),
        ("What is the target for clean air?", "and for safe roads?", "What is the target for safe roads?"),
        ("What are Northport's priorities?", "and southby's?", "What are Southby's priorities?"),
        ("Who leads clean air in Northport?", "and in Southby?", "Who leads clean air in Southby?"),
        ("Who leads clean air?", "what about the draft?", "Who leads clean air in the draft?"),
        ("Who leads clean air?", "list them all", "Who leads clean air: list all"),
        ("Who leads the Northport Air Plan?", "and the Southby one?", "Who leads the Southby Air Plan?"),
        (
            "Who leads the Northport Air Plan?",
            "whose is the one over in Southby",
            "Who leads the Southby Air Plan?",
        ),
        (
            "Who leads the Clean Air Plan for schools?",
            "and the Playground one?",
            "Who leads the Playground for schools?",
        ),
        ("Who leads the Clean Air Plan?", "and the Southby one?", "Who leads the Clean Air Plan in Southby?"),
        (
            "Who leads the Northport Air Plan?",
            "and what about Southby's one?",
            "Who leads the Southby Air Plan?",
        ),
        (
            "Who chairs the Ford and Lea Forum now?",
            "what about the Mill and Weir one?",
            "Who chairs the Mill & Weir Forum now?",
        ),
        (
            "What are Mill and Weir Forum's aims?",
            "And what about Southby?",
            "What are Southby's aims?",
        ),
        ("How many bins in 2022-23?", "What was it the year before?", "How many bins in 2021-22?"),
        ("How many bins in 2009/10?", "and the following year?", "How many bins in 2010/11?"),
        (
            "How many bins in 2022-23 by the Plan 2020-2025?",
            "and how many were there the year before?",
            "How many bins in 2021-22 by the Plan 2020-2025?",
        ),
        ("Who leads clean air?", "Is Southby's one-to-one help free?", "Is Southby's one-to-one help free?"),
        ("How many bins in 1998-99?", "what about the next year?", "How many bins in 1999-00?"),
        ("What was the rate in 2022?", "and in the previous year", "What was the rate in 2021?"),
        ("Who leads clean air?", "and the year before?", "Who leads clean air for the year before?"),
        ("What does CAP stand for?", "what does it lead?", "what does CAP lead?"),
        (
            "What is the target for clean air?",
            "and where does the figure come from?",
            "where does the figure come from for clean air?",
        ),
        ("Who leads clean air?", "what's the target?", "what's the target for clean air?"),
        ("Tell me about the Clean Air Fund", "how much is it?", "how much is the Clean Air Fund?"),
        ("Who chairs CAP?", "how many members does it have?", "how many members does CAP have?"),
        ("Who chairs CAP?", "when?", "when (Who chairs CAP)?"),
        (
            "Who leads clean air?",
            "which scheme helps folk to heat their homes?",
            "which scheme helps folk to heat their homes?",
        ),
        (
            "Who leads clean air?",
            "who helps patients when they go home?",
            "who helps patients when they go home?",
        ),
        ("Who chairs CAP?", "how many people do they employ?", "how many people do CAP employ?"),
        ("Who leads clean air?", "How many commitments are there?", "How many commitments are there?"),
        ("Who leads clean air?", "What is the Warm Homes Fund?", "What is the Warm Homes Fund?"),
        ("Who leads clean air?", "What are Southby's priorities?", "What are Southby's priorities?"),
    ],
)
def test_folded(before: str, question: str, alone: str) -> None:
    """What it leans on is filled in; a new topic stays as it was asked."""
    assert standalone(question, [before], NAMES) == alone


@pytest.mark.parametrize(
    ("question", "pronoun"),
    [
        ("Who leads that?", "that"),
        ("and when is it due", "it"),
        ("List them all", "them"),
        ("Is there anything about this?", "this"),
        ("Who leads that for schools?", ""),
        ("What does it say about clean air?", ""),
        ("What is the target?", ""),
        ("Is it due in 2025?", ""),
    ],
)
def test_a_pronoun_that_stands_for_nothing(question: str, pronoun: str) -> None:
    assert refers_to_nothing(question) == pronoun


def test_what_a_first_question_leaves_open_is_asked_back(over_papers: OverPapers) -> None:
    """After another question the same words have a meaning."""
    table = "# Air plan\n\n| Commitment | Strategy or plan | Lead |\n|---|---|---|\n| Clean air | Northport Air Plan | Northport Council |\n"
    assistant = over_papers({"plan.md": table})
    answer = assistant.ask("Who leads that?")
    assert not answer.answered and answer.citations == ()
    assert "“that”" in answer.text
    assert "Northport Council" in assistant.ask("Who leads that?", ["Which plan covers clean air?"]).text
    chosen = Narrowing(frozenset(assistant.index.documents))
    assert "“that”" not in assistant.ask("Who leads that?", within=chosen).text

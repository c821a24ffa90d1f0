"""Which papers speak of something, and what one paper says of it."""

from __future__ import annotations

import pytest

from assistant.service import Assistant
from tests.assistant.conftest import OverPapers

NAMES = ("harbour-report.md", "ferry-report.md", "school-report.md")
HERONS = (
    "The harbour counts herons on the mudflats every spring.",
    "Herons nest beside the ferry pier, so work there stops in March.",
    "Pupils learn to read and write at the school by the mill.",
)


@pytest.fixture(scope="module")
def assistant(over_papers: OverPapers) -> Assistant:
    """Over three short papers, two of which speak of herons."""
    texts = zip(NAMES, HERONS, strict=True)
    return over_papers({name: f"# {name[:-10].title()} report\n\n{said}\n" for name, said in texts})


@pytest.mark.parametrize("question", ["Which papers mention herons?", "reports about herons"])
def test_all_papers_that_speak_of_it_are_listed(question: str, assistant: Assistant) -> None:
    answer = assistant.ask(question)
    assert answer.kind == "list"
    assert {citation.file for citation in answer.citations} == set(NAMES[:2])


def test_the_paper_that_is_asked_for_is_named_before_its_words(assistant: Assistant) -> None:
    """Where one quote answers; not where no paper is asked for."""
    answer = assistant.ask("In which paper do pupils learn to read and write?")
    assert answer.answered and answer.text.startswith("School report: Pupils learn to read")
    assert "School report:" not in assistant.ask("Where do pupils learn to read and write?").text


@pytest.mark.parametrize("verb", ["does", "did"])
def test_what_one_paper_says_is_no_list_of_papers(verb: str, assistant: Assistant) -> None:
    answer = assistant.ask(f"What {verb} the ferry report say about herons?")
    assert answer.kind == "narrative"
    assert "beside the ferry pier" in answer.text

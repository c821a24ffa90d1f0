"""Papers that a question points to without their name."""

from __future__ import annotations

import pytest

from assistant.question.described import Described
from corpus.model import Document

PAPERS = {
    id_: Document(id_, f"{id_}.md", title, "", short_title=name, date=date)
    for id_, name, title, date in (
        ("strategy", "Estuary Care Strategy", "The Estuary Care Strategy", "2022-03-01"),
        ("plan", "Shared Action Plan, June 2023", "Estuary Care Strategy: Shared Action Plan", "2023-06-14"),
        ("minutes", "Harbour Board minutes, May 2021", "Minutes of the Harbour Board", "2021-05-06"),
        ("survey", "Quayside survey report 2009", "Report of the Quayside survey", "2009-09-01"),
        ("relief", "Fuel Relief Programme, June 2023", "Fuel Relief Programme", "2023-06-20"),
        ("update", "Tide gauge report, June 2023", "Tide gauges: report to the board", "2023-06-20"),
        ("note", "Tide gauge report, May 2021", "Tide gauges: report to the board", "2021-05-20"),
    )
}


@pytest.mark.parametrize(
    ("question", "meant"),
    [
        ("what does the strategy say about carers?", {"strategy"}),
        ("how many gulls were counted, going by the 2009 report?", {"survey"}),
        ("what is in the 2009 strategy about gulls?", {"survey"}),
        ("who spoke at the meeting of may 2021?", {"minutes"}),
        ("how much is paid out in the relief paper?", {"relief"}),
        ("which step was added by the time the june plan came out?", {"plan"}),
        ("what is the harbour board's first resolution in its minutes?", {"minutes"}),
        ("when is the gauge read, according to the june 2023 report?", {"update"}),
    ],
)
def test_a_paper_is_meant_by_what_it_is_and_when(question: str, meant: set[str]) -> None:
    assert set(Described(PAPERS).by(question)) == meant


@pytest.mark.parametrize(
    "question",
    [
        "who leads the ferry strategy?",  # no paper: a plan in the register
        "which plan covers the ferry?",
        "is there a report on the ferry?",
        "what is the county's strategy for ferries?",
        "who leads reducing loneliness?",
        "",
    ],
)
def test_no_paper_is_meant(question: str) -> None:
    assert Described(PAPERS).by(question) == {}


def test_a_paper_called_by_its_name_is_surer_than_one_that_is_about_it() -> None:
    told = Described(PAPERS).by("what does the estuary care strategy say about carers?")
    assert max(told, key=lambda one: told[one]) == "strategy"


def test_of_papers_that_fit_alike_all_are_meant() -> None:
    assert set(Described(PAPERS).by("what does the gauge report say?")) == {"update", "note"}


def test_no_papers_mean_none() -> None:
    assert Described({}).by("what does the strategy say?") == {}

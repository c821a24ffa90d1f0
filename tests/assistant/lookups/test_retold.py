"""Rows of the register that an answer quotes, put into words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.draft import Draft, Evidence, Line, of_record
from assistant.evidence.narrow import Narrowing
from assistant.question.understand import read_question
from assistant.service import Assistant
from corpus.model import Record
from tests.assistant.conftest import OverPapers

PLAN = """# Osney plan

| Commitment | Plans | Led by |
|---|---|---|
| Keep the river clean | Litter boats | Quay Trust |
| Keep the river clean | Reed beds | Weir Forum |
| Keep the river clean | River wardens | Lock Board |
| Keep the river clean | Fish counts | Eel Club |
| Swim safely | Litter boats | Quay Trust |
| Swim safely | Lifeguards | Bay Team |
| Swim safely | Ladders | Dock Office |
| Swim safely | Ropes | Tide Crew |
"""


@pytest.fixture(scope="module")
def council(over_papers: OverPapers) -> Assistant:
    """An assistant over the plan."""
    return over_papers({"plan.md": PLAN})


def quoting(council: Assistant, *records: Record, more: str = "") -> Draft:
    """A draft that quotes records as they are printed; and ``more`` that stands in no register."""
    documents = council.index.documents
    lines = [
        Line(one.span.of(documents[one.document].text), (of_record(one),), verbatim=True) for one in records
    ]
    if more:
        place = Evidence(records[0].document, replace(records[0].span, start=0, end=5))
        lines.append(Line(more, (place,), verbatim=True))
    return Draft("narrative", tuple(lines), 0.5)


def entry(council: Assistant, plan: str, at: int = 0) -> Record:
    """A row by its plan."""
    return [one for one in council.register.register.entries if one.plan == plan][at]


def told(council: Assistant, question: str, draft: Draft) -> str:
    """What is said when the rows are retold."""
    return council.retold.draft(draft, read_question(question)).told


def test_a_row_is_told_with_its_commitment_and_leads(council: Assistant) -> None:
    text = told(council, "what happens to reeds", quoting(council, entry(council, "Reed beds")))
    assert "**Keep the river clean**" in text and "Reed beds: Weir Forum" in text and "|" not in text


def test_who_asks_for_leads_gets_all_rows_of_a_plan(council: Assistant) -> None:
    draft = quoting(council, entry(council, "Litter boats"))
    assert "two commitments" in told(council, "who leads the litter boats", draft)
    assert "Swim safely" not in told(council, "what litter is picked up", draft)


def test_several_rows_of_a_commitment_bring_all_of_it(council: Assistant) -> None:
    draft = quoting(council, entry(council, "Lifeguards"), entry(council, "Ropes"))
    text = told(council, "who leads on keeping swimmers safe", draft)
    assert "four plans" in text and "Dock Office" in text
    assert "Dock Office" not in told(council, "what keeps swimmers safe", draft)


def test_a_commitment_quoted_brings_its_plans(council: Assistant) -> None:
    named = next(one for one in council.register.register.commitments if one.name == "Swim safely")
    text = told(council, "which plan lets people swim safely", quoting(council, named))
    assert "Lifeguards: Bay Team" in text and "four plans" in text


def test_other_sentences_stay_and_nothing_is_told_twice(council: Assistant) -> None:
    row = entry(council, "Reed beds")
    draft = quoting(council, row, more="Reeds are planted in May.")
    text = told(council, "who leads the reed beds", draft)
    assert text.endswith("Reeds are planted in May.") and text.count("Weir Forum") == 1
    looked_up = Line("Reed beds: Weir Forum", (of_record(row),))
    both = replace(draft, lines=(looked_up, *draft.lines))
    assert told(council, "who leads the reed beds", both).count("Weir Forum") == 1


def test_an_answer_without_rows_is_left_as_it_is(council: Assistant) -> None:
    draft = Draft("narrative", (Line("Boats leave at noon.", (), verbatim=True),), 0.5)
    assert council.retold.draft(draft, read_question("when do boats leave")) is draft


def test_a_row_that_says_more_is_quoted_as_it_is(over_papers: OverPapers) -> None:
    """The register does not hold what it costs; nor is a row with a target of its own taken for one of leads only."""
    rows = "| Keep the river clean | Litter boats | Quay Trust | £40,000 |\n| Swim safely | Ropes | Bay Team | £9,000 |\n"
    head = "# Osney plan\n\n| Commitment | Plans | Led by | Budget |\n|---|---|---|---|\n"
    council = over_papers({"plan.md": head + rows})
    draft = quoting(council, entry(council, "Litter boats"))
    assert council.retold.draft(draft, read_question("what is the budget for litter boats")) == draft
    assert not council.retold.misses(draft, read_question("what is the target for litter boats"))
    assert "£40,000" in council.ask("What is the budget for litter boats?").text


def test_rows_that_a_narrowing_rules_out_are_not_told(council: Assistant) -> None:
    draft = quoting(council, entry(council, "Litter boats"))
    nowhere = council.retold.draft(
        draft, read_question("who leads the litter boats"), Narrowing(place="Upton")
    )
    assert nowhere == draft


def test_who_leads_is_no_target(council: Assistant) -> None:
    """A row that says who leads a plan answers no question for a target; it may answer one for both."""
    draft = quoting(council, entry(council, "Reed beds"))
    assert council.retold.misses(draft, read_question("what is the target for reed beds"))
    assert not council.retold.misses(draft, read_question("who leads the target for reed beds"))
    assert not council.ask("is there a target for reed beds?").answered
    assert council.ask("who leads the reed beds?").answered


def test_every_row_of_an_answer_can_be_checked(council: Assistant) -> None:
    answer = council.ask("Whose job is it to guard the lives of swimmers?")
    assert answer.answered and "Bay Team" in answer.text
    assert all(
        one.quote == one.span.of(council.index.documents[one.document].text) for one in answer.citations
    )

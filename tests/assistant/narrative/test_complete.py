"""What a quote cannot be read without is quoted with it, over an invented harbour report."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assistant.evidence.units import Unit, Units
from assistant.narrative.complete import _is_sibling, completed
from assistant.service import Assistant
from tests.assistant.conftest import OverPapers

REPORT = """# Wexmouth harbour report 2024

## Ferries

The night ferry was withdrawn in May. This is after complaints about noise from the hotels on the quay.

A storm warning was given for the whole week, so that skippers could stay in port. The regatta was moved to June.

The lamps on the pier were painted. The benches were painted as well.

- 4. Keep the slipway clear

This duty drew fewer letters than any other.

- e) The board finds it hard to meet these duties:
  - a. Dredging the inner basin
  - b. Lighting the north mole
  - c. Paying the pilots in time
- f) The board meets in public.

- 7. The chair thanked the pilots for their work.

- 8. Mrs Vale asked about the tide mill. She said that it would be open by June. She hoped that schools would visit.

RESOLVED to approve the following orders:

- 1. Buy a second tug
- 2. Sell the old crane

The board has three aims for the year.

> **Aim 1** - "We bring the ferries in on time."

> **Aim 2** - "We keep the water clean."

> **Aim 3** - "We make the quays safe."
"""


@pytest.fixture(scope="module")
def harbour(over_papers: OverPapers) -> Assistant:
    """An assistant over the report."""
    return over_papers({"harbour.md": REPORT})


@pytest.fixture(scope="module")
def stretches(harbour: Assistant) -> list[Unit]:
    """All stretches of the report."""
    units, none = Units(harbour.index), np.zeros(0, np.float32)
    hits = harbour.retriever.search(harbour.retriever.query("the harbour"), len(harbour.index.passages))
    return [
        Unit(hit.document, one.span, one.kind, hit, 0.0, none)
        for hit in hits
        for one in units.at(hit.position).all
    ]


def beginning(stretches: list[Unit], words: str, question: str) -> str:
    """The shortest stretch that begins with some words, completed for a question."""
    found = min((one for one in stretches if one.text.startswith(words)), key=lambda one: len(one.text))
    return completed(found, question).text


@pytest.mark.parametrize(
    ("words", "told"),
    [("The night ferry", "complaints about noise"), ("The regatta was moved", "A storm warning")],
)
def test_a_why_is_told_with_the_reason_beside_it(stretches: list[Unit], words: str, told: str) -> None:
    """In the sentence after it or before it; not where something else is asked."""
    assert told in beginning(stretches, words, "why was it so?")
    assert told not in beginning(stretches, words, "when was it so?")


def test_what_gives_no_reason_is_not_taken_along(stretches: list[Unit]) -> None:
    assert "benches" not in beginning(stretches, "The lamps on the pier", "why were the lamps painted?")


def test_what_begins_a_paragraph_with_this_is_told_with_its_heading(stretches: list[Unit]) -> None:
    assert "Keep the slipway clear" in beginning(
        stretches, "This duty drew", "which duty drew the fewest letters?"
    )


def test_what_begins_with_a_pronoun_for_a_person_is_told_with_their_name(stretches: list[Unit]) -> None:
    """From the sentence that names them on, also in an item of a list."""
    told = beginning(stretches, "She hoped that", "who hoped that schools would visit?")
    assert told.startswith("8. Mrs Vale asked") and told.endswith("schools would visit.")


def test_a_lettered_list_under_a_lettered_item_is_whole(stretches: list[Unit]) -> None:
    """Without the item after the one that opens it."""
    told = beginning(stretches, "e) The board finds", "which duty is hard to meet?")
    assert all(one in told for one in ("inner basin", "north mole", "pilots"))
    assert "meets in public" not in told


def test_a_list_that_the_end_announces_is_given_without_what_comes_before_it(stretches: list[Unit]) -> None:
    """Where it is what is asked for, and both would be too long."""
    at_end = min(
        (one for one in stretches if "RESOLVED" in one.text and "tug" not in one.text),
        key=lambda one: -len(one.text),
    )
    told = completed(at_end, "which orders were approved?", most=55).text
    assert told.startswith("RESOLVED") and "pilots" not in told
    assert "second tug" in told and "old crane" in told


def test_a_list_that_goes_on_behind_what_is_quoted_is_told_to_be_cut(over_papers: OverPapers) -> None:
    """The answer says that there is more; not where the list ends there."""
    items = "\n".join(
        f"- {n}. Repair the {part} of the old chain ferry before the winter storms, with new oak from the estate"
        for n, part in enumerate(("hull", "deck", "ramp", "mast", "keel", "stern", "cabin", "chain"), 1)
    )
    paper = "# Ferry orders\n\nThe board resolved to give the following orders for the ferry:\n\n"
    question = "What orders did the board resolve to give for the ferry?"
    long = over_papers({"ferry.md": f"{paper}{items}\n"}).ask(question)
    assert "hull" in long.text and "chain ferry" in long.text
    assert long.completeness == "partial"
    short = over_papers({"ferry.md": f"{paper}- 1. Mend the hull\n- 2. Paint the deck\n"}).ask(question)
    assert "Paint the deck" in short.text
    assert short.completeness == "complete"


def test_sentences_do_not_pass_for_the_list_that_is_asked_for(over_papers: OverPapers) -> None:
    """So many things asked for and no list shown; not where a sentence holds the list that is asked for."""
    paper = "# Ferry aims\n\nThe first of the ferry's four aims is to sail on time, whatever the tide.\n\n"
    more = "## Crew\n\nThe members of the crew are a skipper, two deckhands and a cook.\n"
    ferry = over_papers({"ferry.md": paper + more})
    aims = ferry.ask("What are the ferry's four aims?")
    assert "on time" in aims.text and aims.completeness == "partial"
    crew = ferry.ask("Who are the members of the ferry's crew?")
    assert "deckhands" in crew.text and crew.completeness == "complete"


def test_quoted_lines_that_are_numbered_are_a_list(harbour: Assistant) -> None:
    text = harbour.ask("What are the board's three aims for the year?").text
    assert all(one in text for one in ("on time", "water clean", "quays safe"))
    assert ">" not in text


@pytest.mark.parametrize(
    ("one", "other", "siblings"),
    [
        ("- e) Ferries", "- f) Lamps", True),
        ("- e) Ferries", "  - a. Hulls", False),
        ("- e) Ferries", "  - i) Hulls", False),
        ("(a) Ferries", "(ii) Hulls", False),
        ("- 1. Ferries", "- 2. Lamps", True),
        ("- 1. Ferries", "- Hulls", False),
        ("- Ferries", "- Lamps", True),
    ],
)
def test_items_are_of_one_list_by_their_marks(one: str, other: str, siblings: bool) -> None:
    assert _is_sibling(one, other) is siblings


def test_a_refusal_tells_where_the_papers_come_nearest(harbour: Assistant) -> None:
    """The section is named, without a citation; not where nothing is near."""
    refused = harbour.ask(
        "How many hotels on the quay complained about the noise of the night ferry in 2019?"
    )
    assert not (refused.answered or refused.citations)
    assert "Nearest: “Ferries” in Wexmouth harbour report 2024" in refused.text
    assert "Ferries" not in harbour.ask("What day are the bins collected?").text


def test_a_refusal_tells_what_the_papers_say_of_it(originals_index: Path) -> None:
    """The thing is there and what is asked of it is not; still nothing is cited."""
    assistant = Assistant.open(originals_index)
    refused = assistant.ask("What is the phone number of the Release the Pressure helpline?")
    assert not (refused.answered or refused.citations)
    assert "says" in refused.text and "known as the Release the Pressure helpline" in refused.text
    elsewhere = assistant.ask("How many foster carers are there in Kent?")
    assert not elsewhere.answered and "says" not in elsewhere.text

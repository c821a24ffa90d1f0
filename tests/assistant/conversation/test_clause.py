"""Who does what in a question, and which things it asks for."""

from __future__ import annotations

import pytest

from assistant.conversation.clause import (
    counted_at,
    doer_at,
    is_deed,
    meant,
    object_at,
    sized,
    things_at,
    things_of,
)
from tests.assistant.conversation.test_followup import NAMES


@pytest.mark.parametrize(
    ("question", "doer"),
    [
        ("How many staff does Harbour Trust have?", "Harbour Trust"),
        ("What prize did PTA get for its boats?", "PTA"),
        ("How many replies did the Fair Winds survey get?", "the Fair Winds survey"),
        ("When did the survey on Fair Winds run?", "the survey on Fair Winds"),
        ("What did the PTA boat audit of May 2022 look at?", "the PTA boat audit of May 2022"),
        ("When does Northport's ferry consultation close?", "Northport's ferry consultation"),
        ("What does outcome 4 say about boats?", "outcome 4"),
        ("How many boats did round 4 of the Harbour Fund pay for?", "round 4 of the Harbour Fund"),
        ("what does lea council lead?", "lea council"),
        ("What did people say about boats?", ""),
        ("Who leads clean air?", ""),
        ("What is the Bus Plan?", ""),
    ],
)
def test_who_does_it(question: str, doer: str) -> None:
    at = doer_at(question, NAMES)
    assert (at.of(question) if at else "") == doer


@pytest.mark.parametrize(
    ("question", "meaning"),
    [
        ("How many staff does PTA have?", "PTA"),
        ("How big is the ferry gap for 2025-26?", "the ferry gap for 2025-26"),
        ("How many grants were made in round 4 of the Harbour Fund?", "round 4 of the Harbour Fund"),
        ("How many rowers are there in Northport and Southby?", "rowers in Northport and Southby"),
        ("What does the PTA Report say about the Boat Club?", "the Boat Club"),
        ("What did Dr Gull say about moths?", "moths"),
        ("Which places prioritise boats?", "boats"),
        ("Who was elected chair of the Lea Forum?", "the Lea Forum"),
        ("Who leads Boat Hubs and when do they launch?", "Boat Hubs"),
        ("What is the Yearly Statement follow-up about?", "the Yearly Statement follow-up"),
        ("What's the otter target?", "otter"),
    ],
)
def test_what_it_means(question: str, meaning: str) -> None:
    assert meant(question, NAMES) == meaning


@pytest.mark.parametrize(
    ("question", "things"),
    [
        ("Which plans does PTA lead in outcome 1?", "the plans that PTA leads in outcome 1"),
        ("How many replies did the Fair Winds survey get?", "the replies of the Fair Winds survey"),
        ("How many boats has PTA lost?", "the boats that PTA has lost"),
        ("How many rowers are there in Northport?", "rowers in Northport"),
        ("How many reviews were published?", "reviews"),
        ("Which places prioritise boats?", "the places that prioritise boats"),
        ("Which plans cover boats?", ""),
        ("Who leads clean air?", ""),
    ],
)
def test_what_those_means(question: str, things: str) -> None:
    assert things_of(question, NAMES) == things


def test_parts_of_a_question() -> None:
    asked = "How many staff does PTA have?"
    assert (at := things_at(asked)) and at.of(asked) == "staff"
    asked = "Which places chose boats?"
    assert (at := object_at(asked)) and at.of(asked) == "boats"
    assert things_at("Who leads boats?") is None and object_at("Which plans cover boats?") is None
    assert sized("How long is the pier?") == "the pier" and sized("How many piers are there?") == ""
    assert counted_at("How many boats were sold?") == ""
    assert is_deed("How many rowers answered by post?") and not is_deed("How many rowers are there?")

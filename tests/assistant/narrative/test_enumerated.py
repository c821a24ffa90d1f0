"""Lists that a paper numbers i, ii, iii, and speaks of by their number."""

from __future__ import annotations

import pytest

from assistant.narrative.enumerated import EnumeratedLists
from assistant.question.understand import Ask, read_question
from corpus.model import Document

REPORT = """Seaview review 2031

The town makes four firm pledges. Most letters were about pledge ii, the fewest about pledge 3. The four wards met.

4.1 Comments

        i.   Clean the beach
Twelve people wrote about the beach. They want it raked.


       ii.   Mend the pier
Nine people wrote about the pier.


      iii.  Light the paths
Nobody wrote.


       iv.  Plant more trees
Four wrote.

By 2035 we will have:

i. Cleaned the whole of the beach and

the dunes behind it

ii. Mended the pier

iii. Lit the paths

iv. Planted a thousand more trees
 Appendix 2
Who was told
"""


def asked(question: str) -> list[str] | None:
    """The lines told of the review; None where nothing is told."""
    review = Document(id="review", file="review.txt", title="Seaview review 2031", text=REPORT)
    ask = Ask(read_question(question), (question,), frozenset({"review"}))
    draft = EnumeratedLists({"review": review}).draft(ask, {"review"})
    if draft is None:
        return None
    assert draft.named
    for line in draft.lines[1:]:
        assert line.evidence[0].span.of(REPORT).split()[-1] == line.text.split()[-1]
    return [line.text for line in draft.lines]


WHOLE = [
    "The Seaview review 2031 has four pledges:",
    "i: Cleaned the whole of the beach and the dunes behind it",
    "ii: Mended the pier",
    "iii: Lit the paths",
    "iv: Planted a thousand more trees",
]


@pytest.mark.parametrize(
    "question",
    ["What are the four pledges?", "How many pledges does the Seaview review make?", "List all pledges"],
)
def test_the_whole_list_is_told(question: str) -> None:
    """Of two lists of one length, that whose items stand together; items run over blank lines, to the next."""
    assert asked(question) == WHOLE


@pytest.mark.parametrize(
    "question",
    [
        "What is pledge iii?",
        "What does pledge 3 say?",
        "What's the third pledge in the Seaview review?",
        "Which pledge is about the paths?",
    ],
)
def test_one_of_the_list_by_its_number_or_what_it_is_about(question: str) -> None:
    assert asked(question) == ["Of the four pledges of the Seaview review 2031:", WHOLE[3]]


@pytest.mark.parametrize(
    "question",
    [
        "What is pledge ix?",
        "What is pledge xiv?",
        "What is pledge 0?",
        "What are the four wards?",
        "Which pledge is about harbours?",
        "What are the goals?",
        "Who made pledge ii?",
    ],
)
def test_what_stands_in_no_item_is_not_told(question: str) -> None:
    assert asked(question) is None

"""What is measured of drafts: names that a question spells wrong, words that no document holds."""

from __future__ import annotations

import pytest

from assistant.declining.measures import spelled_right
from tests.assistant.conftest import OverPapers

_ROW = "School Improvement Plan; led by KMPT"


@pytest.mark.parametrize(
    ("asked", "mended", "right"),
    [
        ("Who leads the School Improvment Plan?", "who leads the school improvement plan?", "Who leads the School Improvement Plan?"),
        ("Does KMPT lead the improvment plan?", "does kmpt lead the improvement plan?", "Does KMPT lead the improvement plan?"),
        # another name than what stands there, and another number of words
        ("Who leads the Scool Denton Plan?", "who leads the scoop benton plan?", "Who leads the Scool Denton Plan?"),
        ("Who leads the Improvment?", "who leads it?", "Who leads the Improvment?"),
    ],
)  # fmt: skip
def test_only_what_stands_in_the_record_is_put_right(asked: str, mended: str, right: str) -> None:
    """With the capitals that were typed; other words stay to the letter."""
    assert spelled_right(asked, mended, _ROW) == right


def test_a_strange_word_beside_a_known_one_is_not_strange(over_papers: OverPapers) -> None:
    """ "a dentist or optician": what is told of dentists may be meant."""
    assistant = over_papers(
        {"plan.md": "# Osney plan\n\nThe dentist on the quay sees children on Mondays.\n"}
    )

    def unknown(question: str) -> float:
        draft, features = assistant.considered(question)[0]
        assert draft.lines
        return features["unknown"]

    assert unknown("When does the dentist or optician see children?") == 0
    assert unknown("When does the optician see children?") > 0
    assert unknown("When do the dentist and optician see children?") > 0

"""Lists of as many things as a question asks for, over an invented trust's report."""

from __future__ import annotations

import pytest

from assistant.narrative.counted import counted
from assistant.service import Assistant
from tests.assistant.conftest import OverPapers

REPORT = """# Wexmouth Canal Trust report 2024

## 2. Duties

- 2.1 The trust has three legal duties, it must:
  - Dredge the canal
  - Mend the locks
  - Count the boats

- 2.2 In 2024 the trust delivered these strategic priorities:
  - Warmer boats
  - Cleaner water
  - Safer towpaths

- 2.3 Some of what was done:
  - A leaflet was printed.
  - Lamps were put up.

## 3. Places

Identified communities for help:

The lower the rank, the poorer the place.

A) North Quay, Marine Row

B) South Quay, Castle Lane

C) East Lock, Mill Street

D) West Lock, Ferry Road
"""


@pytest.fixture(scope="module")
def trust(over_papers: OverPapers) -> Assistant:
    """An assistant over the report."""
    return over_papers({"canal-report.md": REPORT})


@pytest.mark.parametrize(
    ("question", "told", "other"),
    [
        ("What are the trust's three strategic priorities?", ("Warmer boats", "Safer towpaths"), "leaflet"),
        ("Which three legal duties does the trust have?", ("Dredge the canal", "Count the boats"), "Warmer"),
        (
            "Which four communities were identified for help?",
            ("Marine Row", "Castle Lane", "Mill Street", "Ferry Road"),
            "Dredge",
        ),
    ],
)
def test_the_list_of_that_many_things_is_given_whole(
    trust: Assistant, question: str, told: tuple[str, ...], other: str
) -> None:
    """With nothing of the next list, though it follows at once."""
    text = trust.ask(question).text
    assert all(one in text for one in told) and other not in text, text


@pytest.mark.parametrize(
    "question",
    [
        "Which communities were identified?",
        "Which five communities were identified?",
        "What was done in 2024?",
    ],
)
def test_no_list_of_another_length_is_given_for_it(trust: Assistant, question: str) -> None:
    """Nor where no number is asked for."""
    query = trust.retriever.query(question.casefold())
    hits = trust.retriever.search(query, 8)
    assert hits and counted(query, hits, trust.index) is None

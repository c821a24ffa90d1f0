"""Lists of as many things as a question asks for, over an invented trust's report."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from assistant.counted import items_in, number_asked
from assistant.service import Assistant
from index.build import ingest
from index.embed import Embedder

if TYPE_CHECKING:
    from pathlib import Path

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
def trust(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Assistant:
    """An assistant over the report."""
    folder: Path = tmp_path_factory.mktemp("canal")
    (folder / "papers").mkdir()
    (folder / "papers" / "canal-report.md").write_text(REPORT, encoding="utf-8")
    ingest([folder / "papers"], folder / "index", embedder=embedder)
    return Assistant.open(folder / "index", embedder=embedder)


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
    ("question", "number"),
    [
        ("which four communities are named?", 4),
        ("what are the 3 priorities?", 3),
        ("which two duties are there?", None),
        ("which communities are named?", None),
        ("what changed in 2024?", None),
    ],
)
def test_the_number_of_things_asked_for(question: str, number: int | None) -> None:
    """From three on; a year is none."""
    assert number_asked(question) == number


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("These:\n- one\n- two\n- three", 3),
        ("- 2.1 These:\n - one\n - two", 2),
        ("A) one\nB) two", 2),
        ("One sentence.", 0),
    ],
)
def test_the_items_of_a_quote(text: str, items: int) -> None:
    """What announces them is none."""
    assert items_in(text) == items

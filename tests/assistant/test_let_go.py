"""What is kept of an index that another took the place of."""

from __future__ import annotations

import gc
import weakref

from tests.assistant.conftest import OverPapers


def test_an_index_is_let_go_once_others_are_asked(over_papers: OverPapers) -> None:
    """After as many different questions as are remembered at most."""
    paper = {"plan.md": "# Osney plan\n\nThe pier was mended in May, and Mrs Vale opened the harbour pool.\n"}
    before = over_papers(paper)
    before.ask("Who opened the harbour pool?")
    index = weakref.ref(before.index)
    del before
    now = over_papers(paper)
    for number in range(100):
        now.ask(f"Who opened harbour pool {number}?")
    gc.collect()
    assert index() is None

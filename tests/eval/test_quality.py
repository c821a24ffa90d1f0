"""The gate on the real thing: Ledby over the originals, every part real, against the stored thresholds."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.service import Assistant
from eval.gate import breaches, load_thresholds
from eval.judge import Outcome
from eval.questions import Sources, load, select
from eval.run import run

SAMPLE = 180


@pytest.fixture(scope="module")
def outcomes(originals_index: Path, originals_folder: Path) -> list[Outcome]:
    """Outcomes of a sample of all question sets, held ones among them, spread over kinds."""
    questions = select(load(), sample=SAMPLE)
    assert len(questions) == SAMPLE
    return run(Assistant.open(originals_index), questions, Sources([originals_folder]), retrieve=False)


def test_thresholds_are_kept_over_the_originals(outcomes: list[Outcome]) -> None:
    """Accuracy, refusals, verbatim quotes and errors keep the limits of the profile ``originals``."""
    found = breaches(outcomes, load_thresholds(profile="originals"))
    assert not found, "; ".join(map(str, found))

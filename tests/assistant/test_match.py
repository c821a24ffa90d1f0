"""What is measured of the stretches of passages, over invented papers, and how the model over that is fitted."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assistant.match import NAMES, Model, Ranked
from assistant.service import Assistant
from eval.fit_match import Example, fit
from tests.assistant.conftest import OverPapers

PAPER = """# Harbour report 2024

## Ferries

The ferry carried 5,120 people in 2024. It sails from the old quay.

## Staff

Anna Berg runs the ferry office. The office opens on Mondays.

| Boat | Seats |
| --- | --- |
| Gull | 40 |
| Tern | 60 |
"""


@pytest.fixture(scope="module")
def harbour(over_papers: OverPapers) -> Assistant:
    """An assistant over the report."""
    return over_papers({"harbour.md": PAPER})


def ranked(assistant: Assistant, question: str) -> Ranked:
    found = assistant.found(question)
    told = assistant.matcher.ranked(found.query, found.hits)
    assert told is not None
    return told


def measured(told: Ranked, text: str, name: str) -> float:
    """A measurement of the stretch that is exactly this text."""
    (at,) = [at for at, (_, stretch) in enumerate(told.units) if stretch.text == text]
    return float(told.measured[at, NAMES.index(name)])


CARRIED = "The ferry carried 5,120 people in 2024."
SAILS = "It sails from the old quay."
ANNA = "Anna Berg runs the ferry office."


@pytest.mark.parametrize(
    ("question", "name", "more", "less"),
    [
        ("How many people did the ferry carry?", "words", CARRIED, SAILS),
        ("How many people did the ferry carry?", "typed", CARRIED, SAILS),
        ("How many people did the ferry carry?", "near", CARRIED, SAILS),
        ("How many people did the ferry carry?", "figures", CARRIED, ANNA),
        ("How many people did the ferry carry?", "untyped", SAILS, CARRIED),
        ("Where does the ferry sail from?", "before", SAILS, ANNA),
        ("Where does the ferry sail from?", "leans", SAILS, CARRIED),
        ("Who runs the ferry office?", "names", ANNA, SAILS),
        ("Who runs the ferry office?", "pairs", ANNA, CARRIED),
        ("Who runs the ferry office?", "own", ANNA, SAILS),
        ("Who runs the ferry office?", "cover", ANNA, SAILS),
    ],
)
def test_what_is_measured(harbour: Assistant, question: str, name: str, more: str, less: str) -> None:
    """Each measurement is larger for the sentence that has more of it."""
    told = ranked(harbour, question)
    assert measured(told, more, name) > measured(told, less, name)


@pytest.mark.parametrize(
    ("question", "best"),
    [("How many people did the ferry carry in 2024?", "5,120"), ("Who runs the ferry office?", "Anna Berg")],
)
def test_the_stretch_that_answers_comes_first(harbour: Assistant, question: str, best: str) -> None:
    told = ranked(harbour, question)
    assert best in told.units[int(np.argmax(told.scores))][1].text


def test_every_stretch_is_told_once(harbour: Assistant) -> None:
    told = ranked(harbour, "Who runs the ferry office?")
    keys = [stretch.key for _, stretch in told.units]
    assert len(keys) == len(set(keys)) == len(told.scores) == len(told.covers)
    assert told.measured.shape == (len(keys), len(NAMES))


def test_a_fitted_model_puts_the_right_ones_first_and_is_stored(tmp_path: Path) -> None:
    """Two measurements, of which the first tells right from wrong and the second is noise."""
    chance = np.random.default_rng(1)
    groups = []
    for _ in range(40):
        table = chance.normal(size=(12, len(NAMES)))
        groups.append(Example(table, table[:, 0] == table[:, 0].max()))
    model = fit(groups)
    assert np.argmax(np.abs(model.weights)) == 0 and model.weights[0] > 0
    right = [one.right[int(np.argmax(one.measured @ model.weights))] for one in groups]
    assert np.mean(right) > 0.9
    model.write(tmp_path / "match.json")
    assert np.allclose(Model.load(tmp_path / "match.json").weights, model.weights, atol=1e-4)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("question", ["", "  ", "?", "the"])
def test_what_holds_no_words_is_measured_too(harbour: Assistant, question: str) -> None:
    told = harbour.matcher.ranked(
        harbour.retriever.query(question), harbour.found("Who runs the ferry office?").hits
    )
    assert told is not None and np.isfinite(told.measured).all() and np.isfinite(told.scores).all()

"""What is measured of the stretches of passages, over invented papers, and how the model over that is fitted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from assistant.evidence import match
from assistant.evidence.match import NAMES, Model, Ranked
from assistant.service import Assistant
from eval.fit_match import Example, fit
from index.embed import Floats
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


def groups_of(count: int, worth: Callable[[Floats], Floats]) -> list[Example]:
    """Questions of twelve stretches, measured by chance, of which the one that is worth most is right."""
    chance = np.random.default_rng(1)
    tables = [chance.normal(size=(12, len(NAMES))).astype(np.float32) for _ in range(count)]
    return [Example(table, worth(table) == worth(table).max()) for table in tables]


@pytest.mark.parametrize(
    ("count", "worth"),
    [
        (1500, lambda table: table[:, 0]),
        (3000, lambda table: -np.abs(table[:, 0])),
    ],
)
def test_a_fitted_model_puts_the_right_ones_first(count: int, worth: Callable[[Floats], Floats]) -> None:
    """Also where neither little nor much of a measurement is right, which no straight sum tells."""
    groups = groups_of(count + 100, worth)
    model = fit(groups[:count])
    right = [one.right[int(np.argmax(model.scores(one.measured)))] for one in groups[count:]]
    assert np.mean(right) > 0.6  # by chance it is one in twelve


def test_a_model_is_stored(tmp_path: Path) -> None:
    model = fit(groups_of(40, lambda table: table[:, 0]))
    model.write(tmp_path / "match.npz")
    measured = groups_of(1, lambda table: table[:, 0])[0].measured
    assert np.allclose(Model.load(tmp_path / "match.npz").scores(measured), model.scores(measured), atol=1e-4)


def test_weights_of_other_measurements_are_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Model.load().write(tmp_path / "match.npz")
    monkeypatch.setattr(match, "NAMES", (*NAMES[1:], NAMES[0]))
    with pytest.raises(ValueError, match="other measurements"):
        Model.load(tmp_path / "match.npz")


def test_a_measurement_far_from_all_others_counts_as_one_that_is_far() -> None:
    model = Model.load()
    far = np.tile(model.centre, (2, 1)) + model.spread * np.array([[5.0], [500.0]], np.float32)
    near, further = model.scores(far)
    assert near == pytest.approx(further, abs=1e-4)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("question", ["", "  ", "?", "the"])
def test_what_holds_no_words_is_measured_too(harbour: Assistant, question: str) -> None:
    told = harbour.matcher.ranked(
        harbour.retriever.query(question), harbour.found("Who runs the ferry office?").hits
    )
    assert told is not None and np.isfinite(told.measured).all() and np.isfinite(told.scores).all()

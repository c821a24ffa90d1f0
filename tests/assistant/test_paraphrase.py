"""Everyday wordings found by meaning: what they are put as, and what is left as it stands."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assistant.everyday import THESAURUS, read_thesaurus
from assistant.paraphrase import Forms, Meant, forms_of, reworded_as
from assistant.service import Assistant
from assistant.understand import read_question
from index.embed import Embedder

THESAURUS_READ = read_thesaurus(THESAURUS)
FORMS = forms_of(THESAURUS_READ)


@pytest.fixture(scope="module")
def assistant(small_index: Path, embedder: Embedder) -> Assistant:
    """An assistant over three reading editions."""
    return Assistant.open(small_index, embedder=embedder)


@pytest.fixture(scope="module")
def forms() -> Forms:
    """The forms with their vectors, as they come with Ledby."""
    return Forms.load(THESAURUS_READ)


def meant(assistant: Assistant, question: str) -> list[str]:
    """The standard wordings of what a question paraphrases, in its order."""
    reading = read_question(question)
    encoded = assistant.retriever.query(reading.folded).encoded
    assert assistant.paraphrases is not None
    found = assistant.paraphrases.meant(reading, encoded, assistant.everyday.standard(reading.folded))
    return [one.standard for one in found]


def test_the_stored_vectors_are_those_of_the_thesaurus(forms: Forms, embedder: Embedder) -> None:
    """A sample of every length, encoded anew: the projection and the rounding leave nearly all of each vector."""
    some = sorted(range(len(FORMS)), key=lambda at: len(FORMS[at]))[:: len(FORMS) // 60]
    means = np.array([one.tokens.mean(axis=0) for one in embedder.encode([FORMS[at] for at in some])])
    small = means @ forms.projection
    small /= np.linalg.norm(small, axis=1, keepdims=True)
    assert (np.einsum("nd,nd->n", small, forms.vectors[some]) > 0.99).all()
    assert [forms.standard[at] for at in some] == [THESAURUS_READ[FORMS[at]] for at in some]


def test_vectors_of_another_thesaurus_are_refused(tmp_path: Path) -> None:
    axes = np.eye(384, dtype=np.float32)
    Forms.write(["mad as a hatter", "thin on the ground"], axes[:2], tmp_path / "some.npz")
    with pytest.raises(ValueError, match="another thesaurus"):
        Forms.load(THESAURUS_READ, tmp_path / "some.npz")


def test_forms_are_stored_as_they_are_read(tmp_path: Path) -> None:
    thesaurus = {"mad as a hatter": "irrational", "thin on the ground": "scarce", "chuffed": "pleased"}
    axes = np.eye(384, dtype=np.float32)
    Forms.write(forms_of(thesaurus), axes[:2], tmp_path / "some.npz")
    read = Forms.load(thesaurus, tmp_path / "some.npz")
    assert read.standard == ("irrational", "scarce")
    assert read.words == (4, 4)
    assert np.allclose(read.vectors @ read.vectors.T, np.eye(2), atol=0.02)


@pytest.mark.parametrize(
    ("question", "wording"),
    [
        ("Who keeps an eye out for kids who look after a poorly mum or dad?", "young carers"),
        ("Which plan is for people that nurse a sick relative at no charge?", "providing unpaid care"),
        ("Who deals with schemes for families that have fled a war?", "refugees"),
        ("Which strategy is about spotting tumours sooner?", "early diagnosis of cancer"),
    ],
)
def test_other_words_for_a_known_wording_are_understood(
    assistant: Assistant, question: str, wording: str
) -> None:
    assert wording in meant(assistant, question)


@pytest.mark.parametrize(
    "question",
    [
        "Who leads reducing loneliness?",  # the documents' own words
        "Which plans support unpaid carers?",
        "Who runs the Helping Hands Scheme?",  # a name means itself
        "WHO LEADS REDUCING LONELINESS?",
        "zzz qqq xxx?",  # nothing is like it
        "",
    ],
)
def test_what_needs_no_other_words_is_left_alone(assistant: Assistant, question: str) -> None:
    assert meant(assistant, question) == []


def test_words_that_the_documents_use_side_by_side_are_their_own(
    assistant: Assistant, other_index: Path, embedder: Embedder
) -> None:
    """The same question over documents that speak of a cycle lane and over others that do not."""
    question = "who owns the cycle lane?"
    assert meant(Assistant.open(other_index, embedder=embedder), question) == []
    assert meant(assistant, question) == ["cycle routes"]
    for one in assistant.register.register.commitments:
        assert meant(assistant, f"who leads {one.name.lower()}?") == [], one.name


def test_the_wording_takes_the_place_of_the_words() -> None:
    found = (Meant(1, 4, "kids with mums", "young carers"), Meant(6, 8, "nasty tumours", "cancer"))
    assert reworded_as("who helps kids with ill mums and their tumours, say?", ()) == (
        "who helps kids with ill mums and their tumours, say?"
    )
    assert reworded_as("help kids with mums and spot nasty tumours, say?", found) == (
        "help young carers and spot cancer, say?"
    )


def test_an_answer_tells_how_it_was_read(assistant: Assistant) -> None:
    answer = assistant.ask("Who keeps an eye out for kids who look after a poorly mum or dad?")
    assert answer.answered
    assert "“kids who look after a poorly mum” was read as “young carers”." in answer.notes
    assert assistant.ask("Who leads reducing loneliness?").notes == ()


def test_another_model_reads_by_letters_alone(assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    """The stored vectors are the bundled model's; with another the thesaurus still serves by its letters."""
    other = Assistant(assistant.index)
    other.everyday  # noqa: B018  reads the vocabulary of the model that is there
    monkeypatch.setattr(assistant.index.embedder, "model", "another")
    reading = read_question("Who keeps an eye out for kids who look after a poorly mum or dad?")
    assert other.paraphrases is None
    assert other.wordings(reading)[-1] == other.everyday.standard(reading.topic)

"""What is nearest to a question: passages, of some documents only, and names in the register."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from index import generation
from index.embed import Embedder, Encoded
from index.generation import Index, open_index
from index.settings import settings
from index.tokens import Question, TokenVectors
from index.vectors import DIMENSIONS, Stored

QUESTIONS = ("Who leads on reducing loneliness?", "infant mortality target", "what did the board agree")
K = 20


def score(tokens: TokenVectors, question: Question, at: int) -> float:
    """What one passage by itself scores: the weighted mean of its best cosines."""
    return float(tokens.maxsim(question, at) @ question.weights)


@pytest.fixture(scope="module")
def opened(small_index: Path) -> Iterator[Index]:
    index = open_index(small_index)
    yield index
    index.close()


@pytest.fixture(scope="module")
def asked(embedder: Embedder) -> list[Encoded]:
    return embedder.encode(QUESTIONS)


def exact(index: Index, encoded: Encoded, documents: set[str]) -> list[str]:
    """The nearest passages of some documents, by comparing with every one."""
    ids = [passage.id for passage in index.passages if passage.document in documents]
    vectors = index.store.vectors(ids)
    return sorted(ids, key=lambda id_: -float(vectors[id_] @ encoded.vector))[:K]


def test_passages_of_some_documents_are_the_nearest_of_those(opened: Index, asked: list[Encoded]) -> None:
    """Whether most passages are allowed or few. The graph is not exact: at most one of 20 may be missed."""
    names = list(opened.documents)
    for allowed in ({*names}, {*names[:2]}, {*names[1:]}, *({name} for name in names)):
        for encoded in asked:
            found = opened.nearest(encoded.vector, K, allowed)
            wanted = exact(opened, encoded, allowed)
            assert {opened.passages[opened.positions[id_]].document for id_, _ in found} <= allowed
            assert len(found) == len(wanted)
            assert len({id_ for id_, _ in found} & set(wanted)) >= len(wanted) - 1
            assert [score for _, score in found] == sorted((score for _, score in found), reverse=True)


@pytest.mark.parametrize("few", [0, 10_000], ids=["told by their ids", "compared one by one"])
def test_each_way_to_look_among_few_finds_the_nearest(
    few: int, opened: Index, asked: list[Encoded], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generation, "_ASKED", 0)  # so that nothing is asked for without telling where
    monkeypatch.setattr(generation, "_FEW", few)
    for name in opened.documents:
        for encoded in asked:
            found = [id_ for id_, _ in opened.nearest(encoded.vector, K, [name])]
            wanted = exact(opened, encoded, {name})
            assert len(found) == len(wanted)
            assert len(set(found) & set(wanted)) >= len(wanted) - 1
            assert few == 0 or found == wanted


def test_more_than_there_are_gives_all_there_are(opened: Index, asked: list[Encoded]) -> None:
    sizes = {name: sum(p.document == name for p in opened.passages) for name in opened.documents}
    smallest = min(sizes, key=lambda name: sizes[name])
    found = opened.nearest(asked[0].vector, len(opened.passages), [smallest])
    assert len(found) == sizes[smallest]


def test_no_document_has_no_passage(opened: Index, asked: list[Encoded]) -> None:
    assert opened.nearest(asked[0].vector, K, []) == []
    assert opened.nearest(asked[0].vector, K, ["unknown"]) == []


def test_what_was_looked_around_for_at_once_is_found_without_asking_again(
    small_index: Path, asked: list[Encoded], monkeypatch: pytest.MonkeyPatch
) -> None:
    """And is what would be found one by one. Some documents whose passages are not among those near are asked for."""
    index, beside = open_index(small_index), open_index(small_index)
    everywhere, one = list(index.documents), [next(iter(index.documents))]
    index.look_around([encoded.vector for encoded in asked], 2 * K)
    found = [index.nearest(encoded.vector, K, one) for encoded in asked]
    assert found == [beside.nearest(encoded.vector, K, one) for encoded in asked]
    monkeypatch.setattr(index.store, "nearest_to_each", None)  # whoever asks now fails
    index.look_around([encoded.vector for encoded in asked], 2 * K)
    for encoded in asked:
        assert index.nearest(encoded.vector, K, everywhere) == beside.nearest(encoded.vector, K, everywhere)
    index.close()
    beside.close()


def test_neighbours_of_many_vectors_are_not_all_kept(
    opened: Index, asked: list[Encoded], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generation, "_AROUND", 1)
    for encoded in asked:
        opened.look_around([encoded.vector], K)
    assert list(opened._around) == [asked[-1].vector.tobytes()]


def test_names_are_ranked_by_meaning_and_words(opened: Index, asked: list[Encoded]) -> None:
    """The mean of the whole's cosine and the words' max-sim, over the best by the first of the documents asked."""
    everywhere, few = ["", *opened.documents], list(opened.documents)[:2]
    vectors = np.load(opened.folder / "entities.npy")
    tokens = TokenVectors.load(opened.folder / "entity-tokens")
    for encoded in asked:
        question = opened.tokens.question(encoded)
        for kinds, papers in (
            (("commitment", "entry"), everywhere),
            (("commitment", "entry", "milestone"), few),
            (("indicator",), everywhere),
            (("place", "organisation"), everywhere),
        ):
            wanted = [
                at
                for at, one in enumerate(opened.entities.all)
                if one.kind in kinds and one.document in papers
            ]
            pool = sorted(wanted, key=lambda at: -float(vectors[at] @ encoded.vector))[: 3 * K]
            scores = {
                at: (float(vectors[at] @ encoded.vector) + score(tokens, question, at)) / 2 for at in pool
            }
            found = opened.entities.nearest(encoded.vector, question, kinds, papers, K)
            best = sorted(scores.values(), reverse=True)[:K]
            assert np.allclose([match.score for match in found], best, atol=1e-5)
            places = {one: at for at, one in enumerate(opened.entities.all)}
            assert all(abs(scores[places[m.entity]] - m.score) < 1e-5 for m in found)


def test_a_kind_that_is_not_there_has_no_names(opened: Index, asked: list[Encoded]) -> None:
    assert (
        opened.entities.nearest(
            asked[0].vector, opened.tokens.question(asked[0]), ["unheard of"], opened.documents
        )
        == []
    )


def test_many_short_texts_are_scored_as_each_by_itself(tmp_path: Path, asked: list[Encoded]) -> None:
    """Also a text without any token, first, last and between."""
    rng = np.random.default_rng(5)
    stored = [
        Stored(
            np.zeros(384, np.float32),
            rng.integers(-127, 128, (length, DIMENSIONS)).astype(np.int8),
            rng.integers(0, 30_000, length).astype(np.int32),
            np.arange(length, dtype=np.int32),
        )
        for length in (0, 3, 1, 0, 7, 0)
    ]
    TokenVectors.build(tmp_path, stored, np.eye(384, DIMENSIONS, dtype=np.float32))
    tokens = TokenVectors.load(tmp_path)
    question = tokens.question(asked[0])
    for positions in ([0, 1, 2, 3, 4, 5], [4, 1], [0, 3], [5], []):
        wanted = [score(tokens, question, at) for at in positions]
        found = tokens.scores(question, np.array(positions, np.intp))
        assert np.allclose(found, wanted, atol=1e-5)


def test_settings_are_those_of_the_environment_now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEDBY_LLM_MODEL", "one")
    assert settings().llm_model == "one"
    assert settings() is settings()
    monkeypatch.setenv("ledby_port", "7999")
    assert (settings().llm_model, settings().port) == ("one", 7999)
    monkeypatch.delenv("LEDBY_LLM_MODEL")
    assert settings().llm_model is None

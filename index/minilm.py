"""The bundled model without torch: a forward pass in numpy, so that a question waits for no heavy import.

It gives the vectors of sentence-transformers to about 1e-6. A BERT encoder (Devlin et al. 2019) is a few
matrix products a layer, which numpy makes as fast as torch does, and without padding.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from index.arrays import Floats, safetensors

if TYPE_CHECKING:
    from tokenizers import Tokenizer

# erf(x/√2) is tanh(x p(x²)): p fitted for the least largest error of the Gaussian error linear unit, 3e-6
_ERF = (1.11909459e-06, -3.05812134e-05, -1.24860636e-04, 3.64687895e-02, 7.97828136e-01)
_MOST = 75.0  # of what attention weighs by its exponential: so many of them add up to a finite number
_ROWS = 32
_BLOCK = 192  # columns that are multiplied by some dozens of tokens without being copied first
_SECOND = ".second"

Changes = Mapping[str, tuple[Floats, Floats]]
"""What is added to matrices of the model, by their names: (in, r) and (r, out), whose product it is."""


@dataclass(frozen=True, slots=True)
class Read:
    """One text as the model reads it, [CLS] and [SEP] included: ``hidden`` (t, d) last layer, ``ids`` (t,)
    vocabulary ids, ``starts`` (t,) character offsets."""

    hidden: Floats
    ids: NDArray[np.int32]
    starts: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class _Linear:
    """A matrix in blocks of columns (blocks, in, columns) and the bias (out,)."""

    blocks: Floats
    bias: Floats

    def __call__(self, x: Floats) -> Floats:
        """Tokens (t, in) times the matrix, and the bias: (t, out); more than one block is shared out to two threads."""
        many, _, columns = self.blocks.shape
        out = np.empty((len(x), many * columns), np.float32)
        parts = out.reshape(len(x), many, columns).transpose(1, 0, 2)
        half = many // 2
        other = _second().submit(np.matmul, x, self.blocks[:half], out=parts[:half]) if half else None
        np.matmul(x, self.blocks[half:], out=parts[half:])
        if other:
            other.result()
        out += self.bias
        return out


@dataclass(frozen=True, slots=True)
class _Layer:
    """Query, key and value side by side, what follows attention, and the two of the feed-forward part; gains and
    biases (d,) of the two normalisations."""

    qkv: _Linear
    attended: _Linear
    wide: _Linear
    narrow: _Linear
    norms: tuple[tuple[Floats, Floats], tuple[Floats, Floats]]


class MiniLM:
    """An encoder with the weights in ``folder`` (config.json, tokenizer.json, model.safetensors), changed by
    ``changes`` if given; ``short`` where it reads a few short texts at a time. Safe to use from several threads.

    Raises OSError, ValueError or KeyError for a folder that holds no such model.
    """

    def __init__(self, folder: Path, changes: Changes | None = None, *, short: bool = False) -> None:
        told = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        if told["model_type"] != "bert" or told["hidden_act"] != "gelu":
            raise ValueError(f"{folder} holds a model of another kind")
        self._heads: int = told["num_attention_heads"]
        self._tiny: float = told["layer_norm_eps"]
        self._tokenizer = _tokenizer(folder)
        self._cls, self._sep = self._tokenizer.encode("").ids
        # Threads that share such small products out cost more than they save, and by far where cores are busy.
        threadpool_limits(1, user_api="blas")
        weights = safetensors(folder / "model.safetensors")
        unknown = [name for name in changes or () if f"{name}.weight" not in weights]
        if unknown:
            raise ValueError(f"{folder} has no matrix {unknown[0]}")
        self._words = weights["embeddings.word_embeddings.weight"]
        position = weights["embeddings.position_embeddings.weight"]
        self._places = position + weights["embeddings.token_type_embeddings.weight"][0]
        self._norm = _pair(weights, "embeddings.LayerNorm")
        layers = range(told["num_hidden_layers"])
        self._layers = [_layer(weights, n, self._heads, changes or {}, short) for n in layers]

    def read(self, texts: Sequence[str]) -> list[Read]:
        """Read texts, in order. All go through each matrix together, with no padding between them."""
        told = [self._tokenizer.encode(text) for text in texts]  # in a batch it would wake threads of its own
        bounds = np.cumsum([0, *(len(one.ids) for one in told)])
        parts = [slice(low, high) for low, high in zip(bounds, bounds[1:], strict=False)]
        hidden = self._forward(np.array([id_ for one in told for id_ in one.ids], np.int64), parts)
        return [
            Read(
                hidden[part],
                np.array(one.ids, np.int32),
                np.array([low for low, _ in one.offsets], np.int32),
            )
            for one, part in zip(told, parts, strict=True)
        ]

    def read_pair(
        self, first: str, second: str, segments: Floats, longest: tuple[int, int]
    ) -> tuple[Floats, Floats]:
        """Read two texts together, each token seeing those of both: the last layer of the first's tokens (t, d), [CLS]
        and [SEP] included, and of the second's (u, d), [SEP] included. ``segments`` (2, d) is added to the tokens of
        each; ``longest`` is how many tokens of each are read."""
        one, two = (
            list(self._tokenizer.encode(text).ids[1:-1][:most])
            for text, most in zip((first, second), longest, strict=True)
        )
        ids = np.array([self._cls, *one, self._sep, *two, self._sep], np.int64)
        border = len(one) + 2
        more = np.repeat(segments, [border, len(ids) - border], axis=0)
        hidden = self._forward(ids, [slice(0, len(ids))], more)
        return hidden[:border], hidden[border:]

    def _forward(self, ids: NDArray[np.int64], parts: Sequence[slice], more: Floats | None = None) -> Floats:
        x = self._words[ids] + np.concatenate([self._places[: part.stop - part.start] for part in parts])
        if more is not None:
            x += more
        x = self._normed(x, self._norm)
        for layer in self._layers:
            x = self._normed(layer.attended(self._attention(x, layer, parts)) + x, layer.norms[0])
            x = self._normed(layer.narrow(_gelu(layer.wide(x))) + x, layer.norms[1])
        return x

    def _attention(self, x: Floats, layer: _Layer, parts: Sequence[slice]) -> Floats:
        """Each token's view of the tokens of its own text, all heads side by side: (t, d)."""
        mixed = layer.qkv(x).reshape(len(x), 3, self._heads, -1)
        seen = np.empty((len(x), self._heads, mixed.shape[-1]), np.float32)
        for part in parts:
            query, key, value = mixed[part].transpose(1, 2, 0, 3)
            share = query @ key.transpose(0, 2, 1)
            np.clip(share, -_MOST, _MOST, out=share)
            np.exp(share, out=share)
            share /= np.add.reduce(share, axis=-1, keepdims=True)
            seen[part] = (share @ value).transpose(1, 0, 2)
        return seen.reshape(x.shape)

    def _normed(self, x: Floats, norm: tuple[Floats, Floats]) -> Floats:
        x -= np.add.reduce(x, axis=-1, keepdims=True) / np.float32(x.shape[-1])
        spread = np.einsum("td,td->t", x, x) / np.float32(x.shape[-1]) + np.float32(self._tiny)
        x *= (1 / np.sqrt(spread))[:, None]
        x *= norm[0]
        x += norm[1]
        return x


def vocabulary(folder: Path) -> frozenset[str]:
    """The whole words that the model in a folder knows. Raises as MiniLM does."""
    return frozenset(word for word in _tokenizer(folder).get_vocab() if word.isalpha())


def read_changes(path: Path) -> Changes:
    """What ``write_changes`` wrote. Raises OSError or ValueError for what is no such file."""
    return read_all(path, ())[0]


def read_all(path: Path, others: Sequence[str]) -> tuple[Changes, list[Floats]]:
    """What ``write_changes`` wrote: the changes, and the arrays of these names that were stored with them. Raises OSError
    or ValueError for what is no such file."""
    try:
        with np.load(path) as stored:
            names = [name for name in stored.files if name not in others and not name.endswith(_SECOND)]
            changes = {name: _in_two(stored, name) for name in names}
            return changes, [stored[name].astype(np.float32) for name in others]
    except (BadZipFile, EOFError, KeyError, TypeError, zlib.error) as error:
        raise ValueError(f"{path} holds no changes of a model: {error}") from error


def _in_two(stored: Mapping[str, Floats], name: str) -> tuple[Floats, Floats]:
    return stored[name].astype(np.float32), stored[name + _SECOND].astype(np.float32)


def write_changes(changes: Changes, path: Path, **others: Floats) -> None:
    """Store changes in half precision: the first matrix under the name of the one changed, the second beside it; with
    them ``others``."""
    arrays: dict[str, Any] = {name: first.astype(np.float16) for name, (first, _) in changes.items()}
    arrays |= {name + _SECOND: second.astype(np.float16) for name, (_, second) in changes.items()}
    np.savez_compressed(path, **arrays | others)


@lru_cache(maxsize=4)
def _tokenizer(folder: Path) -> Tokenizer:
    """Models of one folder share theirs, which serves several threads."""
    from tokenizers import Tokenizer

    made = Tokenizer.from_str((folder / "tokenizer.json").read_text(encoding="utf-8"))
    read = json.loads((folder / "sentence_bert_config.json").read_text(encoding="utf-8"))
    made.enable_truncation(read["max_seq_length"])
    made.no_padding()
    return made


@lru_cache(maxsize=1)
def _second() -> ThreadPoolExecutor:
    """The second thread, beside the caller's. Only the large products are worth handing over."""
    return ThreadPoolExecutor(1, thread_name_prefix="ledby-model")


def _layer(weights: dict[str, Floats], number: int, heads: int, changes: Changes, short: bool) -> _Layer:
    def matrix(name: str) -> tuple[Floats, Floats]:
        return _matrix(weights, f"encoder.layer.{number}.{name}", changes)

    at = f"encoder.layer.{number}"
    query, *others = (matrix(f"attention.self.{name}") for name in ("query", "key", "value"))
    scale = np.float32((query[0].shape[1] / heads) ** -0.5)  # of attention; here it costs nothing
    mixed = [(query[0] * scale, query[1] * scale), *others]
    qkv = np.concatenate([one[0] for one in mixed], axis=1), np.concatenate([one[1] for one in mixed])
    return _Layer(
        _linear(qkv, short),
        _linear(matrix("attention.output.dense"), short),
        _linear(matrix("intermediate.dense"), short),
        _linear(matrix("output.dense"), short),
        (_pair(weights, f"{at}.attention.output.LayerNorm"), _pair(weights, f"{at}.output.LayerNorm")),
    )


def _linear(pair: tuple[Floats, Floats], short: bool) -> _Linear:
    matrix, bias = pair
    columns = matrix.shape[1]
    many = columns // _BLOCK if short and columns % _BLOCK == 0 else 1
    blocks = matrix.reshape(len(matrix), many, -1).transpose(1, 0, 2)
    return _Linear(np.ascontiguousarray(blocks), bias)


def _matrix(weights: dict[str, Floats], name: str, changes: Changes) -> tuple[Floats, Floats]:
    """A matrix the other way round than it is stored, which numpy multiplies a third faster."""
    weight, bias = _pair(weights, name)
    turned = np.ascontiguousarray(weight.T)
    if name in changes:
        turned += changes[name][0] @ changes[name][1]
    return turned, bias


def _pair(weights: dict[str, Floats], name: str) -> tuple[Floats, Floats]:
    return weights[f"{name}.weight"], np.array(weights[f"{name}.bias"])


def _gelu(x: Floats) -> Floats:
    """The Gaussian error linear unit, x (1 + erf(x/√2)) / 2, written over ``x`` by so many rows as stay near the
    processor."""
    for at in range(0, len(x), _ROWS):
        _gelu_rows(x[at : at + _ROWS])
    return x


def _gelu_rows(x: Floats) -> None:
    square = x * x
    share = square * np.float32(_ERF[0])
    for factor in _ERF[1:-1]:
        share += np.float32(factor)
        share *= square
    share += np.float32(_ERF[-1])
    share *= x
    np.tanh(share, out=share)
    share += 1
    share *= np.float32(0.5)
    x *= share

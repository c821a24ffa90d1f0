"""The bundled model without torch: its encoder as an ONNX graph that onnxruntime runs, so that a question waits for no
heavy import.

In floats it gives the vectors of sentence-transformers to about 1e-6, in half the time that numpy takes for a few short
texts. The graph (a BERT encoder, Devlin et al. 2019) is made when the model is loaded, from the weights as they are stored and
the changes of low rank that a reader brings.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
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
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

_OPSET = 20  # the first of ONNX that knows the Gaussian error linear unit
_ONNXRUNTIME = "com.microsoft"  # operators that it adds to those of ONNX
_LARGEST = np.float32(63)  # of a weight in integers: with 127, sums overflow on processors without VNNI
_FORM = 10  # of an ONNX file; the one that goes with it
_UNSEEN = np.float32(-1e9)  # what is added to attention on tokens that are none
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


class MiniLM:
    """An encoder with the weights in ``folder`` (config.json, tokenizer.json, model.safetensors), changed by
    ``changes`` if given; ``threads`` share out the work on one call. ``in_integers`` takes half the time and is less
    exact (a judgement of it by about a tenth): not for vectors that meet those of others. Safe to use from several
    threads.

    Raises OSError, ValueError or KeyError for a folder that holds no such model.
    """

    def __init__(
        self, folder: Path, changes: Changes | None = None, *, threads: int = 1, in_integers: bool = False
    ) -> None:
        told = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        if told["model_type"] != "bert" or told["hidden_act"] != "gelu":
            raise ValueError(f"{folder} holds a model of another kind")
        self._heads: int = told["num_attention_heads"]
        self._tokenizer = _tokenizer(folder)
        self._cls, self._sep = self._tokenizer.encode("").ids
        # What numpy multiplies beside it is so small that sharing it out costs more than it saves.
        threadpool_limits(1, user_api="blas")
        weights = safetensors(folder / "model.safetensors")
        unknown = [name for name in changes or () if f"{name}.weight" not in weights]
        if unknown:
            raise ValueError(f"{folder} has no matrix {unknown[0]}")
        self._words = weights["embeddings.word_embeddings.weight"]
        position = weights["embeddings.position_embeddings.weight"]
        self._places = position + weights["embeddings.token_type_embeddings.weight"][0]
        graph = (_IntegerGraph if in_integers else _Graph)(weights, told, changes or {})
        self._session = _session(graph.model(), graph.arrays, threads)

    def read(self, texts: Sequence[str]) -> list[Read]:
        """Read texts, in order, side by side: best of about the same length."""
        told = [self._tokenizer.encode(text) for text in texts]  # in a batch it would wake threads of its own
        lengths = [len(one.ids) for one in told]
        ids = np.zeros((len(told), max(lengths)), np.int64)
        for row, one in zip(ids, told, strict=True):
            row[: len(one.ids)] = one.ids
        unseen = np.arange(ids.shape[1]) >= np.array(lengths)[:, None]
        hidden = self._forward(ids, unseen)
        return [
            Read(
                row[: len(one.ids)],
                np.array(one.ids, np.int32),
                np.array([low for low, _ in one.offsets], np.int32),
            )
            for row, one in zip(hidden, told, strict=True)
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
        ids = np.array([[self._cls, *one, self._sep, *two, self._sep]], np.int64)
        border = len(one) + 2
        more = np.repeat(segments, [border, ids.shape[1] - border], axis=0)
        (hidden,) = self._forward(ids, np.zeros(ids.shape, np.bool_), more)
        return hidden[:border], hidden[border:]

    def _forward(
        self, ids: NDArray[np.int64], unseen: NDArray[np.bool_], more: Floats | float = 0.0
    ) -> Floats:
        """The last layer (n, t, d) of tokens (n, t); those that are ``unseen`` (n, t) fill up shorter texts."""
        tokens = (self._words[ids] + self._places[: ids.shape[1]] + more).reshape(ids.size, -1)
        far = np.where(unseen, _UNSEEN, np.float32(0))[:, None, None, :]
        apart = np.array([*ids.shape, self._heads, tokens.shape[1] // self._heads])
        (hidden,) = self._session.run(None, {"tokens": tokens, "far": far, "apart": apart})
        return np.asarray(hidden.reshape(*ids.shape, -1), np.float32)


class _Graph:
    """An encoder's graph: from ``tokens`` (n t, d), words and places added up; ``far`` (n, 1, 1, t), added to attention;
    and ``apart``, the shape (n, t, heads, d / heads); to the last layer (n t, d). Its ``arrays``, by name, are
    handed over beside it, and copied once only; integers stand in it."""

    def __init__(self, weights: Mapping[str, Floats], told: Mapping[str, Any], changes: Changes) -> None:
        from onnx import TensorProto, helper, numpy_helper

        self._helper, self._stored, self._kinds = helper, numpy_helper.from_array, TensorProto
        self.arrays: dict[str, Floats] = {}
        self._weights, self._changes = weights, changes
        self._heads, self._width = told["num_attention_heads"], told["hidden_size"]
        self._tiny, self._layers = told["layer_norm_eps"], told["num_hidden_layers"]
        self._nodes: list[Any] = []
        self._constants: list[Any] = []

    def model(self) -> bytes:
        """The graph as a file of ONNX would hold it whose arrays are in another."""
        self._joined = "joined"
        self._constants.append(self._stored(np.array([-1, self._width]), self._joined))
        x = self._normed("tokens", "embeddings.LayerNorm")
        for number in range(self._layers):
            at = f"encoder.layer.{number}"
            told = self._linear(self._attention(x, f"{at}.attention.self"), f"{at}.attention.output.dense")
            x = self._normed(self._add("Add", told, x), f"{at}.attention.output.LayerNorm")
            wide = self._add("Gelu", self._linear(x, f"{at}.intermediate.dense"))
            told = self._linear(wide, f"{at}.output.dense")
            x = self._normed(self._add("Add", told, x), f"{at}.output.LayerNorm")
        of, kinds, rows = self._helper.make_tensor_value_info, self._kinds, ["rows", self._width]
        given = [
            of("tokens", kinds.FLOAT, rows),
            of("far", kinds.FLOAT, ["n", 1, 1, "t"]),
            of("apart", kinds.INT64, [4]),
        ]
        graph = self._helper.make_graph(
            self._nodes, "encoder", given, [of(x, kinds.FLOAT, rows)], initializer=self._constants
        )
        opset = [self._helper.make_opsetid("", _OPSET), self._helper.make_opsetid(_ONNXRUNTIME, 1)]
        made: bytes = self._helper.make_model(
            graph, opset_imports=opset, ir_version=_FORM
        ).SerializeToString()
        return made

    def _attention(self, x: str, at: str) -> str:
        """Each token's view of the tokens of its text, all heads side by side."""
        scale = np.float32((self._width / self._heads) ** -0.5)  # in the weights it costs nothing
        matrix, bias = self._matrix(f"{at}.query")
        query = self._gemm(x, f"{at}.query", matrix * scale, bias * scale)
        key, value = (self._linear(x, f"{at}.{name}") for name in ("key", "value"))
        query, value = (self._by_heads(one, [0, 2, 1, 3]) for one in (query, value))
        met = self._add("MatMul", query, self._by_heads(key, [0, 2, 3, 1]))
        share = self._add("Softmax", self._add("Add", met, "far"), axis=-1)
        seen = self._add("Transpose", self._add("MatMul", share, value), perm=[0, 2, 1, 3])
        return self._add("Reshape", seen, self._joined)

    def _by_heads(self, x: str, order: Sequence[int]) -> str:
        return self._add("Transpose", self._add("Reshape", x, "apart"), perm=order)

    def _linear(self, x: str, name: str) -> str:
        return self._gemm(x, name, *self._matrix(name))

    def _matrix(self, name: str) -> tuple[Floats, Floats]:
        """A matrix (out, in) with its changes, and its bias (out,)."""
        matrix = self._weights[f"{name}.weight"]
        if name in self._changes:
            first, second = self._changes[name]
            matrix = matrix + second.T @ first.T
        return matrix, self._weights[f"{name}.bias"]

    def _gemm(self, x: str, name: str, matrix: Floats, bias: Floats) -> str:
        pair = self._array(f"{name}.weight", matrix), self._array(f"{name}.bias", bias)
        return self._add("Gemm", x, *pair, transB=1)

    def _normed(self, x: str, name: str) -> str:
        names = [f"{name}.{part}" for part in ("weight", "bias")]
        pair = [self._array(one, self._weights[one]) for one in names]
        return self._add("LayerNormalization", x, *pair, axis=-1, epsilon=self._tiny)

    def _array(self, name: str, value: Floats) -> str:
        told = self._kinds(name=name, dims=value.shape, data_type=self._kinds.FLOAT)
        told.data_location = self._kinds.EXTERNAL
        told.external_data.add(key="location", value="arrays")
        self._constants.append(told)
        self.arrays[name] = value
        return name

    def _add(self, operator: str, *given: str, **told: Any) -> str:
        """Put a step into the graph; the name of what it gives."""
        name = f"{operator}.{len(self._nodes)}"
        self._nodes.append(self._helper.make_node(operator, given, [name], **told))
        return name


class _IntegerGraph(_Graph):
    """The same with matrices multiplied in integers: weights scaled by the largest of each output, what they meet by its
    range in each call (dynamic quantization; Jacob et al. 2018)."""

    def _gemm(self, x: str, name: str, matrix: Floats, bias: Floats) -> str:
        if any(name == f"encoder.layer.{number}.output.dense" for number in range(self._layers // 2)):
            return super()._gemm(x, name, matrix, bias)  # a third of the error would come from these
        scale = np.maximum(np.abs(matrix).max(axis=1), np.float32(1e-12)) / _LARGEST
        whole = np.rint(matrix / scale[:, None]).astype(np.int8).T
        parts = {"weight": whole, "scale": scale, "zero": np.zeros(len(scale), np.int8), "bias": bias}
        names = [f"{name}.{part}" for part in parts]
        self._constants += map(self._stored, map(np.ascontiguousarray, parts.values()), names)
        return self._add("DynamicQuantizeMatMul", x, *names, domain=_ONNXRUNTIME)


def _session(model: bytes, arrays: Mapping[str, Floats], threads: int) -> InferenceSession:
    from onnxruntime import InferenceSession, OrtValue, SessionOptions

    options = SessionOptions()
    options.intra_op_num_threads = threads
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # others want the processor, too
    options.add_external_initializers(
        list(arrays), [OrtValue.ortvalue_from_numpy(a) for a in arrays.values()]
    )
    return InferenceSession(model, options, providers=["CPUExecutionProvider"])


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

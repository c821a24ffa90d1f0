"""Corpora of any size, the same each time: the bundled documents, then copies of them about invented places.

A copy names other places and figures, so that no two passages are alike. Real vectors for a million texts take
half a day on two cores, so that a copy's passage gets the vector of the passage it was made from plus a little
noise, through the ordinary seam of an ingest; what is measured (search, scoring, reading, memory) does not
depend on where a vector came from.
"""

from __future__ import annotations

import hashlib
import itertools
import random
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np

import corpus
from index.arrays import Floats
from index.embed import Embedder, Encoded
from index.entities import entities_of
from index.generation import open_index
from index.layout import VECTORS
from index.make import embedded_text
from index.vectors import SCALE, Stored, VectorCache

SIZES = (1_000, 10_000, 100_000)
LARGE = 1_000_000
_NOISE = 0.3  # length of the noise on a vector of length 1: a cosine of about 0.96
_HEADS = [
    "Nor",
    "Sut",
    "Wes",
    "Eas",
    "Ald",
    "Bram",
    "Chil",
    "Dun",
    "Elm",
    "Fen",
    "Gar",
    "Hal",
    "Ing",
    "Kel",
    "Lam",
    "Mar",
    "New",
    "Oak",
    "Pen",
    "Rad",
    "Sed",
    "Tam",
    "Ulf",
    "Ver",
    "Wick",
    "Yar",
    "Ash",
    "Bex",
    "Cor",
    "Der",
]
_TAILS = [
    "bury",
    "ham",
    "ton",
    "ford",
    "wick",
    "stead",
    "by",
    "thorpe",
    "combe",
    "hurst",
    "ley",
    "mere",
    "mouth",
    "don",
    "field",
    "worth",
    "shire",
    "dale",
    "gate",
    "well",
    "holme",
    "minster",
    "stow",
    "bridge",
    "cliffe",
    "wold",
    "sea",
    "haven",
    "beck",
    "marsh",
]
_PLACES = tuple(head + tail for head, tail in itertools.product(_HEADS, _TAILS))
_REAL = re.compile(r"\b(Kent|Medway)\b")
_FIGURE = re.compile(r"\b(?!(?:19|20)\d\d\b)\d{3,}\b|\b\d+(?:\.\d+)?(?=%)")
_OWN = re.compile(r"^(family|id|supersedes|source): *(.*)$", re.MULTILINE)
_TITLE = re.compile(r"^((?:short_)?title: .*)$", re.MULTILINE)
_CAPITAL = re.compile(r"\b[A-Z][a-z]+\b")
_ANY_PLACE = frozenset(("Kent", "Medway", *_PLACES))
_MARK = re.compile(r" \[@\]")


def bundled_documents() -> list[Path]:
    """The bundled documents in text form, in order."""
    return sorted((Path(next(iter(corpus.__path__))) / "documents").glob("*.md"))


def copied(text: str, copy: int) -> str:
    """The text of a document as copy number ``copy`` (1 and up) of it: other places, figures and ids."""
    chance = random.Random(copy)
    first, second = chance.sample(_PLACES, 2)
    text = _OWN.sub(lambda found: f"{found[1]}: {found[2]}-{copy}", text)
    text = _TITLE.sub(rf"\1 [{first}]", text)
    text = _REAL.sub(lambda found: first if found[0] == "Kent" else second, text)
    return _FIGURE.sub(lambda found: _figure(found[0], chance), text)


def _figure(said: str, chance: random.Random) -> str:
    return "".join(str(chance.randint(1, 9)) if one.isdigit() else one for one in said)


def corpus_of(size: int, counts: Sequence[int]) -> Iterator[tuple[str, str]]:
    """Names and texts of documents that come to about ``size`` passages: the bundled ones, the shortest first,
    then copies of them. ``counts`` are the passages of the bundled documents, in order."""
    order = sorted(zip(bundled_documents(), counts, strict=True), key=lambda item: item[1])
    total = 0
    for copy in itertools.count():
        for path, count in order:
            if total + count / 2 > size and total:
                return
            total += count
            text = path.read_text(encoding="utf-8")
            yield (f"{copy:04}-{path.name}", copied(text, copy)) if copy else (path.name, text)


def write_corpus(folder: Path, size: int, counts: Sequence[int]) -> int:
    """Write a corpus of about ``size`` passages to a new folder; the number of its documents."""
    folder.mkdir(parents=True)
    made = dict(corpus_of(size, counts))
    for name, text in made.items():
        (folder / name).write_text(text, encoding="utf-8")
    return len(made)


def skeleton(text: str) -> str:
    """What a text and its copies have in common."""
    placeless = _CAPITAL.sub(lambda found: "@" if found[0] in _ANY_PLACE else found[0], text)
    return _MARK.sub("", re.sub(r"\d", "0", placeless))


class CopyEmbedder(Embedder):
    """Gives texts of the pool their own vectors, their copies those with noise; other texts get the vectors of
    one of the pool, always the same, with noise. The name is the model's, whose questions are asked."""

    def __init__(self, pool: Iterable[tuple[str, Stored]], projection: Floats) -> None:
        super().__init__()
        self._projection = projection
        self._real = dict(pool)
        self._by_skeleton = {skeleton(text): one for text, one in self._real.items()}
        self._all = tuple(self._by_skeleton.values())

    def encode(self, texts: Sequence[str]) -> list[Encoded]:
        """Vectors made as told above, the same for a text each time."""
        return [self._made(text) for text in texts]

    def _made(self, text: str) -> Encoded:
        seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
        own = self._real.get(text)
        base = own or self._by_skeleton.get(skeleton(text)) or self._all[seed % len(self._all)]
        tokens: Floats = np.asarray(base.tokens.astype(np.float32) / SCALE @ self._projection.T, np.float32)
        vector: Floats = base.vector
        if own is None:
            chance = np.random.default_rng(seed)
            vector = _noisy(vector[None], chance)[0]
            tokens = _noisy(tokens, chance)
        starts = np.minimum(base.starts, max(len(text) - 1, 0))
        return Encoded(vector, tokens, base.ids, np.asarray(starts, np.int32))


def _noisy(vectors: Floats, chance: np.random.Generator) -> Floats:
    """Unit vectors (n, d) with noise of length ``_NOISE`` on each, of unit length again."""
    noise = chance.standard_normal(vectors.shape, np.float32)
    noise *= _NOISE / np.maximum(np.linalg.norm(noise, axis=1, keepdims=True), 1e-9)
    made = vectors + noise
    return np.asarray(made / np.maximum(np.linalg.norm(made, axis=1, keepdims=True), 1e-9), np.float32)


def copy_embedder(directory: Path) -> CopyEmbedder:
    """An embedder over what the index of the bundled documents at ``directory`` holds."""
    index = open_index(directory)
    texts = [embedded_text(passage) for passage in index.passages]
    texts += [entity.text for entity in entities_of(index.register)]
    with closing(VectorCache(directory / VECTORS, index.embedder)) as cache:
        projection = cache.projection()
        assert projection is not None
        return CopyEmbedder(zip(texts, cache.get(texts), strict=True), projection)


def passage_counts(directory: Path) -> list[int]:
    """The passages of each bundled document in the index at ``directory``."""
    index = open_index(directory)
    files = [index.documents[passage.document].file for passage in index.passages]
    return [files.count(path.name) for path in bundled_documents()]

"""Whether a text answers a question, told by reading both together (a cross-encoder; Nogueira & Cho 2019).

Late interaction compares words that were read apart, so a text about the very thing asked looks like an answer even
where it gives another attribute of it, another year or another place. Here the bundled model reads the question and
the text as one, multiplying in integers, with changes of low rank (``cross_encoder.npz``) that were fitted on invented
texts, each with questions that it answers and others that it nearly answers, and then on drafts that Ledby made of
questions which are not held (``python -m eval.fit_cross_encoder``).
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from corpus.errors import ServiceError
from index.arrays import Floats
from index.embed import AT_ONCE, bundled
from index.minilm import MiniLM, read_all

CROSS_ENCODER = Path(__file__).with_name("cross_encoder.npz")
MOST = 8.0  # a log-odds that cannot be clearer, either way
LONGEST = (32, 128)  # tokens of a question and of a text that are read


class CrossEncoder:
    """Loaded at first use and shared by all of a process. ``path`` is the file with its changes. Safe to use from
    several threads."""

    def __init__(self, path: Path = CROSS_ENCODER) -> None:
        self._path = path

    def score(self, question: str, text: str) -> float:
        """The log-odds that the text answers the question, from -MOST to MOST. Raises ServiceError where the file or the
        model is damaged."""
        return float(np.clip(_loaded(self._path).score(question, text), -MOST, MOST))


class Reader(NamedTuple):
    """The model, the vectors that tell the question from the text (2, d), and the head (2 d + 1,)."""

    model: MiniLM
    segments: Floats
    head: Floats

    def score(self, question: str, text: str) -> float:
        """The log-odds that the text answers the question."""
        asked, told = self.model.read_pair(question, text, self.segments, LONGEST)
        return float(np.concatenate([asked.mean(axis=0), told.mean(axis=0), [1.0]]) @ self.head)


def read_stored(path: Path, *, in_integers: bool = True) -> Reader:
    """The reader whose changes are stored in a file. Raises OSError, ValueError or KeyError for what is no such file."""
    changes, (segments, head) = read_all(path, ("segments", "head"))
    if segments.shape != (2, len(head) // 2):
        raise ValueError(f"{path} holds arrays of shape {segments.shape} and {head.shape}")
    return Reader(MiniLM(bundled(), changes, threads=AT_ONCE, in_integers=in_integers), segments, head)


@lru_cache(maxsize=2)
def _loaded(path: Path) -> Reader:
    try:
        return read_stored(path)
    except (OSError, ValueError, KeyError) as error:
        raise ServiceError(f"The cross-encoder cannot be loaded: {error}") from error

"""Other wordings of a question: spelling mended, everyday words put in standard ones."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cached_property
from pathlib import Path

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from corpus.text import fold

_FILE = Path(__file__).with_name("everyday.txt")
_WORD = re.compile(r"[a-z][a-z'-]+")
_MIN_LENGTH = 4
_MIN_LIKENESS = 0.74
_CLEARLY = 0.05  # a word that only the language knows must be likelier than one of the documents by this


class Everyday:
    """The thesaurus of everyday words that comes with Ledby, and spelling mended against known words."""

    def __init__(self, known: Collection[str], common: Collection[str]) -> None:
        self._known = sorted(known)
        self._common = sorted(word for word in common if len(word) >= _MIN_LENGTH)
        self._right = (
            frozenset(known) | frozenset(common) | {word for form in self._standard for word in form.split()}
        )

    @cached_property
    def _standard(self) -> dict[str, str]:
        return read_thesaurus(_FILE)

    @cached_property
    def _forms(self) -> re.Pattern[str]:
        forms = sorted(self._standard, key=len, reverse=True)
        return (
            re.compile(r"(?<![\w-])(" + "|".join(map(re.escape, forms)) + r")(?![\w-])")
            if forms
            else re.compile(r"(?!)")
        )

    def standard(self, question: str) -> str:
        """The question with everyday words replaced by standard ones, folded."""
        return self._forms.sub(lambda match: self._standard[match.group(1)], fold(question))

    def mended(self, question: str) -> str:
        """The question with words that nobody knows replaced by the likest known one; unchanged where all are
        known."""
        return _WORD.sub(lambda match: self._mend(match.group()), fold(question))

    def _mend(self, word: str) -> str:
        stem = word.removesuffix("'s")
        if (
            len(stem) < _MIN_LENGTH
            or stem in self._right
            or stem.removesuffix("s") in self._right
            or word in self._standard
        ):
            return word
        found = self._likest(stem, self._known, _MIN_LIKENESS)
        other = self._likest(stem, self._common, max(_MIN_LIKENESS, found[1] + _CLEARLY if found else 0.0))
        return other[0] if other else (found[0] if found else word)

    @staticmethod
    def _likest(word: str, among: list[str], least: float) -> tuple[str, float] | None:
        found = process.extractOne(
            word, among, scorer=DamerauLevenshtein.normalized_similarity, score_cutoff=least
        )
        return (found[0], found[1]) if found else None


def read_thesaurus(path: Path) -> dict[str, str]:
    """Everyday form -> standard wording, from lines ``form | form : wording``; an absent file is an empty
    thesaurus."""
    found: dict[str, str] = {}
    if not path.is_file():
        return found
    for line in path.read_text(encoding="utf-8").splitlines():
        body = line.split("#")[0].strip()
        forms, _, wording = body.rpartition(" : ")
        for form in forms.split("|"):
            if form.strip() and wording.strip():
                found[form.strip()] = wording.strip()
    return found

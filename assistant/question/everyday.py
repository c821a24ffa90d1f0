"""Other wordings of a question: spelling mended, everyday words put in standard ones."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from corpus.groups import grouped
from corpus.text import MONTHS, fold
from index.lexical import terms

if TYPE_CHECKING:
    from spellchecker import SpellChecker

THESAURUS = Path(__file__).with_name("everyday.txt")
_WORD = re.compile(r"[a-z][a-z'-]+")
_BEGINS = re.compile(r"(?<![\w-])\S")  # where a form may begin: at no letter, figure or hyphen of a word
_SHORT = "|".join(name[:3] for name in MONTHS)
_MONTH = re.compile(
    rf"\b(?:sept|(?:{_SHORT})(?=\.? \d(?!\S*%)|\.?[ -](?:(?:to|and|or) )?(?:{_SHORT})\b)|(?<=\d )(?:{_SHORT})(?= \d\d|[,?]|$))\b(?!\.\w)\.?"
)
_CAPITALS = re.compile(r"\b\w*[A-Z]\w*[A-Z]\w*\b")
_LETTERS = re.compile(r"\w*")
_JOINS = re.compile(r"[\w-]")
_MIN_LENGTH = 4
_TRIED = 20  # words as like as the likest
_MIN_LIKENESS = 0.74
_SAME_STEM = 0.85
_PLURAL = re.compile(r"[^aeiou]ys$")  # "prioritys"
_LEEDS = re.compile(r"(?<=\bwho )(?:leeds|leds)\b")
_CLEARLY = 0.05  # a word that only the language knows must be likelier than one of the documents by this


class Everyday:
    """The thesaurus of everyday words that comes with Ledby, and spelling mended against known words."""

    def __init__(
        self,
        known: Collection[str],
        common: Collection[str],
        stands: Callable[[str], bool] = lambda _: False,
    ) -> None:
        """``known`` and ``common`` are the words that spelling is mended to: of the documents, of the language. ``stands``
        tells whether a stem stands anywhere in the documents, be it once."""
        self._known, self._common, self._stands = known, common, stands
        self._thesaurus = read_thesaurus(THESAURUS)
        self._right = (
            frozenset(known) | frozenset(common) | {word for form in self._thesaurus for word in form.split()}
        )
        self._mend = lru_cache(maxsize=10_000)(self._put_right)  # of these words: gone when they are

    @cached_property
    def _forms(self) -> dict[str, list[str]]:
        """The everyday forms by the letters that they begin with, the longest first."""
        longest_first = sorted(self._thesaurus, key=len, reverse=True)
        return grouped((_beginning(form), form) for form in longest_first)

    @cached_property
    def _likely(self) -> tuple[list[str], list[str]]:
        """The words of the documents and those of the language that spelling is mended to."""
        return sorted(self._known), sorted(word for word in self._common if len(word) >= _MIN_LENGTH)

    @lru_cache(maxsize=64)  # noqa: B019  an answer asks for the same few texts again and again
    def standard(self, question: str) -> str:
        """The question with everyday words replaced by standard ones, folded. Of forms that begin at the same
        word the longest wins."""
        text, out, done = fold(question), [], 0
        for match in _BEGINS.finditer(text):
            form = self._form_at(text, match.start()) if match.start() >= done else None
            if form:
                out += [text[done : match.start()], self._thesaurus[form]]
                done = match.start() + len(form)
        return "".join([*out, text[done:]])

    def _form_at(self, text: str, at: int) -> str | None:
        for form in self._forms.get(_beginning(text, at), ()):
            if text.startswith(form, at) and not _JOINS.match(text, at + len(form)):
                return form
        return None

    def mended(self, question: str) -> str:
        """The question, folded, with words that nobody knows replaced by the likest known one and months written in full;
        short forms, which are written in capitals, stay as they are. "Who leeds" is no town."""
        kept = set() if question.isupper() else {fold(word) for word in _CAPITALS.findall(question)}

        def unless_kept(put: Callable[[str], str]) -> Callable[[re.Match[str]], str]:
            return lambda match: match.group() if match.group() in kept else put(match.group())

        mended = _WORD.sub(unless_kept(self._mend), _MONTH.sub(unless_kept(_whole_month), fold(question)))
        return _LEEDS.sub("leads", mended)

    def _put_right(self, word: str) -> str:
        if _PLURAL.search(word) and {word[:-1], f"{word[:-2]}ies"} <= self._right:
            return f"{word[:-2]}ies"
        stem = word.removesuffix("'s")
        if (
            len(stem) < _MIN_LENGTH
            or stem in self._right
            or stem.removesuffix("s") in self._right
            or word in self._thesaurus
            or _is_english(stem)
        ):
            return word
        if self._is_held(word):
            return self._of_stem(word)
        found = self._likest(stem, self._likely[0], _MIN_LIKENESS)
        other = self._likest(stem, self._likely[1], max(_MIN_LIKENESS, found[1] + _CLEARLY if found else 0.0))
        return other[0] if other else (found[0] if found else word)

    def _of_stem(self, word: str) -> str:
        """The likest word of the documents that has the stem of one which stands there ("attendence"): names are held
        against a question letter by letter. The word itself where none is like it, or only another form of it
        ("publicise", "publicised")."""
        like = [one for one in self._by_stem.get(tuple(terms(word)), []) if one[-2:] == word[-2:]]
        found = self._likest(word, like, _SAME_STEM) if word.isalpha() else None
        return found[0] if found else word

    @cached_property
    def _by_stem(self) -> dict[tuple[str, ...], list[str]]:
        return grouped((tuple(terms(word)), word) for word in self._likely[0])

    def _is_held(self, word: str) -> bool:
        """Whether a word stands in the documents, with all its parts."""
        stems = terms(word)
        return bool(stems) and all(map(self._stands, stems))

    @staticmethod
    def _likest(word: str, among: list[str], least: float) -> tuple[str, float] | None:
        """The likest word, with its likeness; of equally like ones that of the same letters, which were swapped."""
        found = process.extract(
            word, among, scorer=DamerauLevenshtein.normalized_similarity, score_cutoff=least, limit=_TRIED
        )
        equal = [one for one, likeness, _ in found if likeness == found[0][1]]
        swapped = [one for one in equal if sorted(one) == sorted(word)]
        return ((swapped or equal)[0], found[0][1]) if found else None


def _whole_month(short: str) -> str:
    return next(name for name in MONTHS if name.startswith(short[:3]))


def _is_english(word: str) -> bool:
    """Whether a word in lower case is one of the English language."""
    return bool(_dictionary().known([word]))


@cache
def _dictionary() -> SpellChecker:
    """A list of 160,000 English words, read where a word is first met that the documents do not hold."""
    from spellchecker import SpellChecker

    return SpellChecker(language="en")


def _beginning(text: str, at: int = 0) -> str:
    """The letters and figures in a row at an offset."""
    match = _LETTERS.match(text, at)
    return match.group() if match else ""


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

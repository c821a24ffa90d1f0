"""When does a text state a fact? Folding and matching on word boundaries.

Written apart from the folding that the product itself uses, so that a slip there cannot hide here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

_DASHES = re.compile(r"[\u2010-\u2015\u2212\u00ad]")
_QUOTES = str.maketrans(dict.fromkeys("‘’‚‛′`´", "'")) | str.maketrans(dict.fromkeys("“”„‟″", '"'))
_PER_CENT = re.compile(r"\s*(?:\bper\s?cent\b|%)")
_SPACE = re.compile(r"\s+")
_MIN_STEM = 4
_NUMBER_WORDS = frozenset(
    ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
)
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
_OLDER = re.compile(
    r"\b(?:drafts?|supersed\w+|(?:earlier|previous|older|former) (?:version|edition|plan|paper|document)s?)\b"
)


def fold(text: str) -> str:
    """``text`` for comparing: lower case, one dash, one quotation mark, single spaces, "and" for "&", "%"."""
    text = _DASHES.sub("-", text).translate(_QUOTES).casefold().replace("&", " and ")
    return _PER_CENT.sub("%", _SPACE.sub(" ", text)).strip()


@lru_cache(maxsize=20_000)
def _pattern(spelling: str) -> re.Pattern[str] | None:
    """A spelling as a pattern on word boundaries; a number is one word, so "5%" is not found in "1.5%". A
    spelling that ends in letters may go on by an ending ("Group" is found in "Groups", "authorit" in
    "authorities"), save a number word ("six" is not found in "sixty")."""
    folded = fold(spelling)
    if not folded:
        return None
    before = r"(?<!\w)(?<!\d[.,])" if folded[0].isdigit() else r"(?<!\w)"
    after = r"(?!\w)(?![.,]\d)" if folded[-1].isdigit() else r"(?!\w)"
    if folded[-1].isalpha() and len(folded) > _MIN_STEM and folded.split()[-1] not in _NUMBER_WORDS:
        after = r"[a-z]{0,3}(?!\w)"
    return re.compile(before + re.escape(folded) + after)


def states(folded: str, spellings: Iterable[str]) -> bool:
    """Whether a folded text holds any of the spellings as whole words. An empty spelling is never held."""
    patterns = (_pattern(spelling) for spelling in spellings)
    return any(pattern is not None and pattern.search(folded) is not None for pattern in patterns)


def facts_stated(text: str, facts: Sequence[Sequence[str]]) -> tuple[bool, ...]:
    """For each fact (a list of accepted spellings), whether ``text`` states it."""
    folded = fold(text)
    return tuple(states(folded, spellings) for spellings in facts)


def forbidden_stated(text: str, forbidden: Sequence[str]) -> tuple[str, ...]:
    """The forbidden strings that ``text`` states, save in a sentence that gives them to an earlier
    version."""
    sentences = [fold(sentence) for sentence in _SENTENCE.split(text)]
    current = [sentence for sentence in sentences if not _OLDER.search(sentence)]
    return tuple(wrong for wrong in forbidden if any(states(sentence, [wrong]) for sentence in current))


def answers(text: str, must: Sequence[Sequence[str]], must_not: Sequence[str]) -> bool:
    """Whether a text states every required fact and nothing forbidden."""
    return all(facts_stated(text, must)) and not forbidden_stated(text, must_not)

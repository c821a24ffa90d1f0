"""Whether a sentence is borne out by the evidence that it cites: its figures, dates, names and wording.

The checks err on the strict side: a true sentence that is cut costs a wording, a false one that stays costs
trust. What a sentence says *about* its names and figures is not understood here; only that it made none up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from corpus.text import MONTHS, fold, plain
from index.lexical import terms

_MONTH = r"(?P<month>" + "|".join(f"{name[:3]}(?:{name[3:]}|t)?" for name in MONTHS) + r")\b\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?\b"
_YEAR = r"(?P<year>(?:19|20)\d\d)\b"
_DATES = tuple(
    re.compile(rf"\b{form}", re.I)
    for form in (
        r"(?P<year>(?:19|20)\d\d)-(?P<month>\d\d)-(?P<day>\d\d)\b",
        r"(?P<day>\d{1,2})/(?P<month>\d{1,2})/(?P<year>(?:19|20)\d\d)\b",
        r"(?:(?P<first>\d{1,2})(?:st|nd|rd|th)? ?(?:[-–—]|to|and) ?)?"
        rf"{_DAY}(?: of)? {_MONTH}(?:,? {_YEAR})?",
        rf"{_MONTH} {_DAY},? {_YEAR}",
        rf"{_MONTH},? {_YEAR}",
    )
)

_SMALL_NUMBERS = re.findall(
    r"\S+",
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen",
)
_TENS = {
    name: 10 * n
    for n, name in enumerate(
        ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"), start=2
    )
}
_SPELT = re.compile(
    rf"\b(?:({'|'.join(_TENS)})(?:[- ]({'|'.join(_SMALL_NUMBERS[:9])}))?|({'|'.join(_SMALL_NUMBERS)}))\b"
)
_TIMES = {
    "hundred": 100,
    "thousand": 1000,
    "k": 1000,
    "million": 10**6,
    "m": 10**6,
    "billion": 10**9,
    "bn": 10**9,
}
_FIGURE = re.compile(
    r"(?P<coin>[£$€])?\s?(?P<digits>\d+(?:,\d{3})*(?:\.\d+)?)"
    rf"(?:\s?(?P<times>{'|'.join(_TIMES)})\b)?(?:\s?(?P<share>%)|\s?(?P<pounds>pounds?)\b)?"
)
_QUANTITY = re.compile(
    r"\b(?:half|halves|halved|thirds?|quarters?|twice|doubl(?:e|ed|es)|tripled?|trebled?|dozens?|hundreds|"
    r"thousands"
    r"|millions|billions)\b"
)

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_OPENERS = frozenset(
    re.findall(
        r"\S+",
        "according also although among another around every however instead led meanwhile since together "
        "unlike within",
    )
)
_ARTICLES = frozenset(("the", "a", "an"))
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+|\b[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}\b")
_MARKUP = re.compile(r"<\s*[a-z/!]|\]\s*\(|!\[|`|\b(?:javascript|data):\S", re.I)
_DENIAL = re.compile(r"\b(?:no|not|never|none|nobody|nothing|neither|nor|without|cannot)\b|n't\b")
_SHARED, _SHARED_WITH_EVIDENCE = 0.5, 0.2
"""Least share of a sentence's words that its evidence or the question holds; that its evidence holds."""


@dataclass(frozen=True, slots=True)
class _Date:
    """What a text says of a date; None for what it leaves open."""

    year: int | None
    month: int
    day: int | None

    def within(self, other: _Date) -> bool:
        """Whether ``other`` says all that this says."""
        return self.month == other.month and self.year in (None, other.year) and self.day in (None, other.day)


def borne_out(sentence: str, evidence: Sequence[str], question: str = "") -> bool:
    """Whether all that can be checked in a sentence (without its markers) stands in its evidence.

    ``question`` lends ordinary words, but never a figure, a date or a name.
    """
    proof = "\n".join(evidence)
    if _MARKUP.search(sentence) or not _addresses_stand(fold(sentence), fold(proof)):
        return False
    if _DENIAL.search(fold(sentence)) and not _DENIAL.search(fold(proof)):
        return False
    rest = _without_dates(plain(sentence), _dates(fold(proof)))
    if rest is None:
        return False
    return (
        _figures(fold(rest)) <= _figures(fold(proof))
        and set(_QUANTITY.findall(fold(rest))) <= set(_QUANTITY.findall(fold(proof)))
        and _names_stand(rest, proof)
        and _shares_words(sentence, proof, question)
    )


def _addresses_stand(sentence: str, proof: str) -> bool:
    return all(address.rstrip(".,;:)") in proof for address in _ADDRESS.findall(sentence))


def _shares_words(sentence: str, proof: str, question: str) -> bool:
    said, proved, asked = terms(sentence), set(terms(proof)), set(terms(question))
    from_proof = sum(word in proved for word in said)
    from_either = sum(word in proved or word in asked for word in said)
    return (
        bool(said) and from_proof >= _SHARED_WITH_EVIDENCE * len(said) and from_either >= _SHARED * len(said)
    )


# dates


def _without_dates(sentence: str, known: Sequence[_Date]) -> str | None:
    """The sentence with its dates blanked; None where one of them is not known."""
    for form in _DATES:
        for found in reversed(list(form.finditer(sentence))):
            if not all(any(date.within(other) for other in known) for date in _read(found)):
                return None
            sentence = f"{sentence[: found.start()]} ; {sentence[found.end() :]}"
    return sentence


def _dates(folded: str) -> list[_Date]:
    return [date for form in _DATES for found in form.finditer(folded) for date in _read(found)]


def _read(found: re.Match[str]) -> Iterator[_Date]:
    """The dates of a match: two for a range of days ("3-5 June")."""
    parts = found.groupdict()
    month = parts["month"].lower()
    number = int(month) if month.isdigit() else 1 + [name[:3] for name in MONTHS].index(month[:3])
    year = int(parts["year"]) if parts.get("year") else None
    for day in (parts.get("day"), parts.get("first")):
        if day or "day" not in parts:
            yield _Date(year, number, int(day) if day else None)
        if "day" not in parts:
            return


# figures


def _figures(folded: str) -> set[tuple[str, Decimal]]:
    """Every figure of a text with its sign ("£", "%" or none), whether in digits or spelt out."""
    found = set()
    for match in _FIGURE.finditer(_SPELT.sub(_digits, folded)):
        value = Decimal(match["digits"].replace(",", "")) * _TIMES.get(match["times"] or "", 1)
        sign = match["coin"] or match["share"] or ("£" if match["pounds"] else "")
        found.add((sign, value.normalize()))
    return found


def _digits(spelt: re.Match[str]) -> str:
    """A number word in digits. "One" by itself is left: it is mostly no number."""
    tens, ones, small = spelt.groups()
    if tens:
        return str(_TENS[tens] + (_SMALL_NUMBERS.index(ones) + 1 if ones else 0))
    counts = small != "one" or re.match(rf"\s(?:{'|'.join(_TIMES)})\b", spelt.string[spelt.end() :])
    return str(_SMALL_NUMBERS.index(small) + 1) if counts else "one"


# names


def _names_stand(sentence: str, proof: str) -> bool:
    """Whether each run of capitalised words stands in the evidence, in that order and not across cells."""
    ground = f" {' '.join(_words(proof))} "
    for opens, run in _runs(sentence):
        rest = run
        while rest and (rest[0].lower() in _ARTICLES or (opens and rest is run and _opener(rest[0]))):
            rest = rest[1:]
        if not rest or f" {' '.join(_word(word) for word in rest)} " in ground:
            continue
        if not (opens and len(run) == 1 and _ordinary(run[0], proof)):
            return False
    return True


def _runs(sentence: str) -> Iterator[tuple[bool, list[str]]]:
    """Runs of capitalised words with only blanks or hyphens between; whether each opens the sentence."""
    run: list[str] = []
    opens, end, first = False, 0, True
    for match in _WORD.finditer(sentence):
        word, gap = match.group(), sentence[end : match.start()]
        if run and (gap.strip(" -‐‑") or not word[0].isupper()):
            yield opens, run
            run = []
        if word[0].isupper():
            opens = opens if run else first
            run.append(word)
        end, first = match.end(), False
    if run:
        yield opens, run


def _opener(word: str) -> bool:
    return (len(word) == 1 or not word.isupper()) and (
        word.lower() in _OPENERS or word.lower() in _little_words()
    )


def _ordinary(word: str, proof: str) -> bool:
    """Whether a sentence's first word is no name, but another form of a word of the evidence.

    The question does not count: many write names in small letters there.
    """
    if word.isupper() and len(word) > 1:
        return False
    return set(terms(word)) <= set(terms(proof))


@cache
def _little_words() -> frozenset[str]:
    """Words that open a sentence without being a name."""
    from bm25s.stopwords import STOPWORDS_EN_PLUS

    return frozenset(STOPWORDS_EN_PLUS) | frozenset(_SMALL_NUMBERS)


def _words(text: str) -> list[str]:
    """Folded words; a cell's end ("|") stays as a word, so that no name runs over it."""
    return [_word(word) for word in re.findall(rf"{_WORD.pattern}|\|", fold(text))]


def _word(word: str) -> str:
    bare = word.lower().replace("’", "'")
    return bare[:-2] if bare.endswith("'s") else bare.replace("'", "")

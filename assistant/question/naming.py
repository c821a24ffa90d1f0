"""What a question names (a name of several words, a full date, a body or place) that the evidence of an answer lacks.

A near miss reads like an answer: the strategy of another subject, the board of another county, the meeting of another
day. The words around the name agree, so that only the name itself tells.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from corpus.text import MONTHS, fold
from index.lexical import terms

_DATE = re.compile(
    rf"\b(?:(\d{{1,2}})(?:st|nd|rd|th)?(?: of)? )?({'|'.join(MONTHS)})(?:,? ((?:19|20)\d\d))?\b"
)
_ISO = re.compile(r"\b((?:19|20)\d\d)-(\d\d)-(\d\d)\b")
_CAPITAL = r"[A-Z][\w'’]+(?:-\w+)*"
_RUN = re.compile(rf"{_CAPITAL}(?:(?: (?:of|and|the|for|in|to|on|&)){{0,2}} {_CAPITAL})+")
NAME = re.compile(r"(?<=[a-z,] )[A-Z]\w+")
_SPAN = re.compile(r"\b((?:19|20)\d\d)(?:(?:/|-| to | and )((?:19|20)?\d\d)\b)?")
YEARS = re.compile(
    r"(?<!\d)(?P<from>(?:19|20)?\d\d)(?:/|-|–| to )(?P<to>(?:19|20)?\d\d)(?!\d)|(?<![\d/-])(?P<one>(?:19|20)\d\d)(?![\d/-])"
)
_TWO_YEARS = re.compile(r"\b((?:19|20)\d\d)[/–-]((?:19|20)?\d\d)\b(?![/-]\d)")
_OPEN = re.compile(r"\bbeyond\b|\bonwards?\b")


def phrase_unmet(asked: str, text: str) -> float:
    """How much of the longest name of a question (words with capitals in a row, at least two) does not stand in one
    piece in a text: 0 to 1; 0 where it names nothing so."""
    runs = [terms(match.group()) for match in _RUN.finditer(asked)]
    run = max(runs, key=len, default=[])
    if len(run) < 2:
        return 0.0
    return 1 - _longest_shared(run, terms(text)) / len(run)


def _longest_shared(run: Sequence[str], text: Sequence[str]) -> int:
    best, ending = 0, [0] * (len(run) + 1)
    for word in text:
        ending = [0] + [ending[i] + 1 if one == word else 0 for i, one in enumerate(run)]
        best = max(best, *ending)
    return best


def date_missing(asked: str, text: str) -> bool:
    """Whether a question names a month of a year, or a day, that a text does not."""
    wanted = [date for date in _dates(asked) if sum(part is not None for part in date) > 1]
    held = list(_dates(text)) if wanted else []
    return any(not any(_agree(one, other) for other in held) for one in wanted)


def years_in(text: str) -> Iterator[str]:
    """The years of a text, a span of two as "2018/19"."""
    for match in YEARS.finditer(text):
        if match["one"]:
            yield match["one"]
        elif int(match["to"][-2:]) == (int(match["from"][-2:]) + 1) % 100:
            century = match["from"][:2] if len(match["from"]) == 4 else "20"
            yield f"{century}{match['from'][-2:]}/{match['to'][-2:]}"


def period_unmet(asked: str, period: str) -> bool:
    """Whether a question names years of which none lies in a period ("2024 to 2026", "2024/25 and beyond"); two periods
    that only touch have no year in common. False where either names none."""
    wanted, given = _years(asked), _years(period)
    if not wanted or not given:
        return False
    (begins, ends), *_ = given
    ends = 9999 if _OPEN.search(fold(period)) else ends
    return not any(
        first == last and begins <= first <= ends or first < ends and begins < last for first, last in wanted
    )


def years_alike(text: str) -> str:
    """A text with every year that goes over two written alike: "2022-23", "2022/2023" and "2022/23" are the same year."""

    def alike(found: re.Match[str]) -> str:
        first, last = found.groups()
        return f"{first}/{last[-2:]}" if (int(last) - int(first)) % 100 == 1 else found.group()

    return _TWO_YEARS.sub(alike, text)


def _years(text: str) -> list[tuple[int, int]]:
    """The first and the last year of each span of years, or year, in a text."""
    found = []
    for first, last in _SPAN.findall(fold(text)):
        end = int(first[: 4 - len(last)] + last) if last else int(first)
        found.append((int(first), end if end >= int(first) else int(first)))
    return found


Date = tuple[str | None, str, str | None]


def _dates(text: str) -> Iterator[Date]:
    """Day, month and year of each date of a text, None where one is not told."""
    folded = fold(text)
    for day, month, year in _DATE.findall(folded):
        yield day.lstrip("0") or None, month, year or None
    for year, month, day in _ISO.findall(folded):
        if 1 <= int(month) <= len(MONTHS):
            yield day.lstrip("0"), MONTHS[int(month) - 1], year


def _agree(one: Date, other: Date) -> bool:
    return all(a == b or a is None or b is None for a, b in zip(one, other, strict=True))


def names_in(asked: str) -> list[str]:
    """Stems of the words with a capital inside a question."""
    return [stem for found in NAME.findall(asked) for stem in terms(found)]

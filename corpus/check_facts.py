"""Hold the reading editions against their originals: every number, date and name must occur there.

``python -m corpus.check_facts [EDITION...]`` prints each one that does not, and exits with 1 unless
``explained.toml`` explains it. The originals are found through ``LEDBY_ORIGINALS``.
"""

from __future__ import annotations

import os
import re
import sys
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

from corpus.errors import DocumentError, LedbyError, UsageError
from corpus.text import MONTHS, fold

DOCUMENTS = Path(__file__).parent / "documents"
EXPLAINED = Path(__file__).with_name("explained.toml")

_MONTH = rf"(?P<month>{'|'.join(f'{name[:3]}(?:{name[3:]})?' for name in MONTHS)}|sept)"
_ORDINAL = re.compile(r"(?<=\d) ?(?:st|nd|rd|th)\b")
_DAY = r"(?P<day>[0-3]?\d)"
_DATES = (
    re.compile(rf"(?<!\d)(?:{_DAY} ?(?:of )?)?{_MONTH}\b,? ?(?P<year>(?:19|20)\d\d)?\b"),
    re.compile(rf"\b{_MONTH} {_DAY}\b(?:,? (?P<year>(?:19|20)\d\d))?\b"),
    re.compile(rf"(?<!\d){_DAY}[/.](?P<month>[01]?\d)[/.](?P<year>(?:20)?\d\d)(?!\d)"),
    re.compile(r"(?<!\d)(?P<year>20\d\d)-(?P<month>[01]\d)-(?P<day>[0-3]\d)(?!\d)"),
)
_NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
_WORD = re.compile(r"[a-z]+|\d+(?:,\d{3})*(?:\.\d+)?")
_UNITS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
    "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_CAPITAL = r"[A-Z][\w'’&+-]*"
_JOINER = r"(?:of|and|for|the|in|to|on|at|with|&)"
_NAME = re.compile(rf"(?<![\w'’]){_CAPITAL}(?: (?:{_JOINER} ){{0,3}}{_CAPITAL})*")
_JOINED = re.compile(rf"(?:['’]s )?(?: ?\b{_JOINER} )+|['’]s ")
_OPENING = re.compile(r"(?:^|[.!?:;]['\"’”)]*\s)\W*(?:\(?[a-z0-9.]{1,4}[.)]\s*)?\W*$", re.I)
_COMMENT = re.compile(r"<!--.*?-->", re.S)
_PLACE = re.compile(r"<!-- source: (?:\S+ )?lines? (.*?)-->")
_RANGE = re.compile(r"(\d+)(?:\s*[-–]\s*(\d+))?")
_SOURCE = re.compile(r"(\S+\.(?:txt|md))\b|\blines? (\d[\d ,–-]*)")
_WEB = re.compile(r"https?://\S+|\S+@\S+")

Kind = Literal["number", "date", "name", "place"]


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something an edition says that its original does not: ``line`` is the 1-based line of the edition."""

    edition: str
    line: int
    kind: Kind
    text: str


@dataclass(frozen=True)
class Edition:
    """A reading edition: ``head`` is its front matter, ``lines`` all its lines, ``body`` the index of the
    line after the front matter, ``opening`` that of the sentence which says what it is an edition of."""

    name: str
    head: dict[str, str]
    lines: tuple[str, ...]
    body: int

    @property
    def opening(self) -> int:
        return next(i for i in range(self.body, len(self.lines)) if self.lines[i].strip())

    @cached_property
    def sources(self) -> dict[str, tuple[tuple[int, int], ...]]:
        """File name of each original -> its lines that this edition renders, 1-based and inclusive."""
        found: dict[str, tuple[tuple[int, int], ...]] = {}
        for name, stated in _SOURCE.findall(self.head["source"]):
            latest = name or next(reversed(found), "")
            found[latest] = found.get(latest, ()) + _ranges(stated)
        return {name: ranges or ((1, sys.maxsize),) for name, ranges in found.items()}


@dataclass(frozen=True)
class Evidence:
    """A stretch of an original, ready to be asked what occurs in it."""

    text: str

    @cached_property
    def _folded(self) -> str:
        return _ready(self.text)

    @cached_property
    def _words(self) -> str:
        return f" {' '.join(_WORD.findall(self._folded))} "

    @cached_property
    def _numbers(self) -> frozenset[str]:
        return frozenset(_numbers(self._folded)) | frozenset(_spelt(self._words.split()))

    @cached_property
    def _dates(self) -> frozenset[tuple[int | None, int, int | None]]:
        found = {date for date, _ in _dates(self._folded)}
        return frozenset(found | {(d, m, None) for d, m, _ in found} | {(None, m, y) for _, m, y in found})

    def has_number(self, number: str) -> bool:
        """Whether a number (without separators) occurs in figures or in words."""
        return number in self._numbers

    def has_date(self, date: tuple[int | None, int, int | None]) -> bool:
        """Whether a date (day, month, year), or a fuller one, occurs in any way of writing it."""
        return date in self._dates or date[0] is None and date[2] is None

    def has_name(self, name: str) -> bool:
        """Whether a name's words occur in this order; case, punctuation and a possessive s do not count."""
        words = " ".join(_WORD.findall(_ready(name)))
        return not words or f" {words} " in self._words


def read_edition(path: Path) -> Edition:
    """The edition in a file. Raises ``DocumentError`` when it has no front matter that names its source."""
    lines = path.read_text(encoding="utf-8").splitlines()
    closing = [i for i, line in enumerate(lines) if line.strip() == "---"][:2]
    if len(closing) < 2 or closing[0] != 0:
        raise DocumentError(f"{path.name} has no front matter; begin it with a block between two lines '---'")
    pairs = (line.partition(": ") for line in lines[1 : closing[1]])
    head = {key: value.strip(" \"'") for key, _, value in pairs}
    if not _SOURCE.match(head.get("source", "")):
        raise DocumentError(
            f"{path.name} names no source; write 'source: FILE lines A-B' in its front matter"
        )
    return Edition(path.stem, head, tuple(lines), closing[1] + 1)


def editions(folder: Path = DOCUMENTS) -> tuple[Path, ...]:
    """All reading editions in a folder, by name."""
    return tuple(
        p for p in sorted(folder.glob("*.md")) if "\nedition: reading edition\n" in p.read_text("utf-8")
    )


def check(path: Path, originals: Path) -> tuple[Doubt, ...]:
    """Everything in the edition at ``path`` that does not occur in its original below ``originals``.

    The title and the opening sentence may speak of the whole file; the rest is held against the stated lines.
    """
    edition = read_edition(path)
    whole, part = [], []
    for name, ranges in edition.sources.items():
        if not (originals / name).is_file():
            raise DocumentError(f"{path.name}: no original {name} in {originals}; correct its front matter")
        lines = (originals / name).read_text(encoding="utf-8").splitlines()
        whole += lines
        part += [line for a, b in ranges for line in lines[a - 1 : b]]
    return tuple(_doubts(edition, Evidence("\n".join(whole)), Evidence("\n".join(part))))


def explanations(path: Path = EXPLAINED) -> dict[str, dict[str, str]]:
    """Edition name -> text -> why the edition says it although the original does not say it in this form."""
    loaded = tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return {name: dict(table) for name, table in loaded.items()}


def _doubts(edition: Edition, whole: Evidence, part: Evidence) -> Iterator[Doubt]:
    for i, raw in enumerate(edition.lines):
        yield from (Doubt(edition.name, i + 1, "place", text) for text in _misplaced(edition, raw))
        titled = raw.startswith(("title: ", "short_title: ")) and i < edition.body
        if not titled and i < edition.body:
            continue
        evidence = whole if i <= edition.opening else part
        cells = raw.split("|") if raw.startswith("|") else [raw.partition(": ")[2] if titled else raw]
        for cell in cells:
            for kind, text in _missing(_COMMENT.sub("", cell), evidence):
                yield Doubt(edition.name, i + 1, kind, text)


def _misplaced(edition: Edition, line: str) -> Iterator[str]:
    for place in _PLACE.findall(line):
        for a, b in _ranges(place):
            stated = (r for ranges in edition.sources.values() for r in ranges)
            if not any(low <= a <= b <= high for low, high in stated):
                yield f"{a}-{b}"


def _missing(text: str, evidence: Evidence) -> Iterator[tuple[Kind, str]]:
    text = _WEB.sub(" ", re.sub(r"[*_`#]", "", text)).strip()
    folded = _ready(text)
    for date, written in _dates(folded):
        if not evidence.has_date(date):
            yield "date", written
        folded = folded.replace(written, " ", 1)
    yield from (("number", n) for n in _numbers(folded) if not evidence.has_number(n))
    for match in _NAME.finditer(text):
        opens = bool(_OPENING.search(text[: match.start()]))
        yield from (("name", name) for name in _unknown(match.group(), opens, evidence))


def _unknown(name: str, opens: bool, evidence: Evidence) -> Iterator[str]:
    """The parts of ``name`` that do not occur; the first word of a sentence is capital in any case."""
    if evidence.has_name(name) or opens and " " not in name or name.lower() in MONTHS:
        return
    halves = _JOINED.split(name)
    if len(halves) > 1:
        for n, half in enumerate(halves):
            yield from _unknown(half, opens and n == 0, evidence)
    elif not (opens and evidence.has_name(name.partition(" ")[2])):
        yield name


def _ready(text: str) -> str:
    folded = _ORDINAL.sub("", fold(text))
    return re.sub(r"(?<=\d)(?=[a-z])", " ", re.sub(r"'s\b", "", folded).replace("'", ""))


def _ranges(text: str) -> tuple[tuple[int, int], ...]:
    return tuple((int(a), int(b or a)) for a, b in _RANGE.findall(text))


def _numbers(folded: str) -> list[str]:
    return [number.replace(",", "") for number in _NUMBER.findall(folded)]


def _spelt(words: Sequence[str]) -> Iterator[str]:
    """Numbers under a hundred that are written in words."""
    for i, word in enumerate(words):
        if word in _UNITS:
            yield str(_UNITS.index(word))
        elif word in _TENS:
            ten = 10 * (_TENS.index(word) + 2)
            following = words[i + 1] if i + 1 < len(words) else ""
            yield str(ten + (_UNITS.index(following) if following in _UNITS[1:10] else 0))


def _dates(folded: str) -> Iterator[tuple[tuple[int | None, int, int | None], str]]:
    for pattern in _DATES:
        for match in pattern.finditer(folded):
            day, month, year = (match.group(part) for part in ("day", "month", "year"))
            number = int(month) if month.isdigit() else MONTHS.index(_full(month)) + 1
            full_year = None if year is None else int(year) + (2000 if len(year) == 2 else 0)
            if day is None and full_year is None:
                continue
            yield (int(day) if day else None, number, full_year), match.group().strip()


def _full(month: str) -> str:
    return next(name for name in MONTHS if name.startswith(month[:3]))


def main(arguments: Sequence[str]) -> int:
    """Print every doubt without an explanation; 0 when there is none, 1 otherwise."""
    folder = os.environ.get("LEDBY_ORIGINALS")
    if not folder:
        raise UsageError("LEDBY_ORIGINALS is not set; set it to the folder that holds the originals")
    known = explanations()
    left = 0
    for path in [Path(a) for a in arguments] or editions():
        for doubt in check(path, Path(folder)):
            if doubt.text not in known.get(doubt.edition, {}):
                left += 1
                print(f"{path.name}:{doubt.line}: {doubt.kind} not in the original: {doubt.text}")
    print(f"{left} not in the original and not explained")
    return 1 if left else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except LedbyError as error:
        print(error, file=sys.stderr)
        sys.exit(2)

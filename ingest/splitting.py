"""Cells that run several names together -> single names, with the help of names known from elsewhere.

A cell is cut where that explains it best: names known to stand alone in some other cell are cheap, unknown ones dear,
and a cut costs little at a comma, a line's end or between two list items, more where nothing marks it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

_WORD = re.compile(r"\S+")
_SMALL = frozenset("and of the for in to a an on with by at or & - – — / ~ including".split())
_JOINERS = frozenset({"and", "&"})
_BREAK = "\n"
_MAX_WORDS = 26
_LONG = 5
_KNOWN = 0.6
_RARE = 2.4


@dataclass(frozen=True, slots=True)
class Piece:
    """One name in a cell: the words as found and their offsets in the cell's text."""

    text: str
    start: int
    end: int


@dataclass(slots=True)
class Lexicon:
    """Names known to stand alone, by key, with a weight: how often they do, and how often the corpus writes them at all.
    ``key`` maps a spelling to its key, ``written`` counts a spelling in the corpus."""

    key: Callable[[str], str]
    written: Callable[[str], int] = lambda name: 0
    names: dict[str, float] = field(default_factory=dict)
    spelt: dict[str, str] = field(default_factory=dict)
    begins: Counter[str] = field(default_factory=Counter)
    ends: Counter[str] = field(default_factory=Counter)
    inner: Counter[str] = field(default_factory=Counter)
    _seen: set[str] = field(default_factory=set)

    def add(self, name: str, times: int = 1) -> None:
        """Note a name that stands alone somewhere."""
        words = name.split()
        if not words or not (key := self.key(name)):
            return
        self.names[key] = self.names.get(key, 0.0) + times + (0.0 if name in self._seen else 0.34 * self.written(name))
        self._seen.add(name)
        self.spelt[key] = name
        self.begins[_bare(words[0])] += times
        self.ends[_bare(words[-1])] += times
        for word in words[1:-1]:
            self.inner[_bare(word)] += times

    def weight(self, name: str) -> float:
        """How well a name is known; 0.0 for one that never stands alone."""
        return self.names.get(self.key(name), 0.0)

    def starts(self, word: str) -> float:
        """How often a word begins a name, of the times it is in one: 0 to 1; 0.4 where it is unknown."""
        return _share(self.begins[_bare(word)], self.inner[_bare(word)] + self.ends[_bare(word)])

    def finishes(self, word: str) -> float:
        """The same for the last word of a name."""
        return _share(self.ends[_bare(word)], self.inner[_bare(word)] + self.begins[_bare(word)])


def _share(hits: int, others: int) -> float:
    return (hits + 0.8) / (hits + others + 2.0)


def _bare(word: str) -> str:
    return word.strip(".,;:()[]*").lower()


@dataclass(frozen=True, slots=True)
class Style:
    """What may part names in a kind of cell. Leads are parted by "and" too; plans contain it."""

    comma: float
    joiner: float
    gap: float
    line: float
    unknown: float = 2.4
    per_word: float = 0.55
    mark: float = 0.8
    long: float = 0.0


LEADS = Style(comma=0.25, joiner=0.9, gap=1.4, line=0.4, mark=2.2, long=0.45)
PLANS = Style(comma=1.6, joiner=9.0, gap=1.6, line=0.3, mark=0.0)


def split(text: str, lexicon: Lexicon, style: Style) -> tuple[Piece, ...]:
    """Cut ``text`` into names. Newlines in it are line ends of the source: likely, not certain, places to cut."""
    words = [(m.group(), m.start(), m.end()) for m in _WORD.finditer(text)]
    if not words:
        return ()
    best: list[tuple[float, int]] = [(0.0, 0)] + [(float("inf"), 0)] * len(words)
    for end in range(1, len(words) + 1):
        for start in range(max(0, end - _MAX_WORDS), end):
            if best[start][0] == float("inf"):
                continue
            before = best[start][0] + (_cut_cost(text, words, start, lexicon, style) if start else 0.0)
            cost = before + _name_cost(text, words[start:end], lexicon, style)
            if cost < best[end][0]:
                best[end] = (cost, start)
    cuts, at = [], len(words)
    while at > 0:
        cuts.append((best[at][1], at))
        at = best[at][1]
    pieces = (_piece(text, words[a:b]) for a, b in reversed(cuts))
    return tuple(piece for piece in pieces if piece.text)


def _cut_cost(text: str, words: Sequence[tuple[str, int, int]], at: int, lexicon: Lexicon, style: Style) -> float:
    """What it costs to begin a new name at word ``at``."""
    left, right = words[at - 1][0], words[at][0]
    if left.endswith((",", ";")):
        mark = style.comma if left.endswith(",") else 0.1
    elif right.lower() in _JOINERS:
        mark = style.joiner
    elif _BREAK in text[words[at - 1][2] : words[at][1]]:
        mark = style.line
    elif left.endswith(".") and len(left) > 3:
        mark = 0.3
    elif left in ("/", "•") or right in ("/", "•", "including"):
        mark = 0.6
    else:
        mark = style.gap
    if right.lower() in _JOINERS or right.startswith("("):
        return mark + (6.0 if right.startswith("(") or at + 1 >= len(words) else 0.0)
    shape = 0.0 if right[:1].isupper() or not right[:1].isalpha() else 2.0
    fit = 1.5 * (1.0 - lexicon.starts(right)) + 1.5 * (1.0 - lexicon.finishes(left)) - 0.9
    hanging = 4.0 if left.lower() in _SMALL and left.lower() not in ("/", "including") else 0.0
    return max(0.05, mark + shape + fit + hanging)


def _name_cost(text: str, words: Sequence[tuple[str, int, int]], lexicon: Lexicon, style: Style) -> float:
    """What it costs to take these words for one name."""
    piece = _piece(text, words)
    if not piece.text:
        return 1.0
    if _unbalanced(piece.text):
        return 12.0
    inside = re.sub(r"\([^)]*\)", "", piece.text)
    marks = style.mark * (inside.count(",") + 2 * inside.count(";"))
    unknown = style.unknown + style.per_word * len(words) + style.long * max(0, len(words) - _LONG)
    weight = lexicon.weight(piece.text)
    if weight:
        return min(unknown, _KNOWN + _RARE / weight) + marks
    breaks = text[words[0][1] : words[-1][2]].count(_BREAK)
    return unknown + marks + 0.9 * breaks


def _unbalanced(text: str) -> bool:
    return text.count("(") != text.count(")")


def _piece(text: str, words: Sequence[tuple[str, int, int]]) -> Piece:
    """The words without the joiners and marks at their edges."""
    first, last = 0, len(words)
    while first < last and (words[first][0].lower() in _JOINERS or words[first][0] in ("•", "-", "–", "/", "including", "~")):
        first += 1
    while last > first and words[last - 1][0] in ("-", "–", "/", "&", "and"):
        last -= 1
    if first == last:
        return Piece("", 0, 0)
    start, end = words[first][1], words[last - 1][2]
    body = text[start:end].rstrip(",;: ")
    if body.endswith(".") and not body.endswith("etc."):
        body = body[:-1]
    return Piece(re.sub(r"\s+", " ", body), start, start + len(body))


def learn(lexicon: Lexicon, cells: Iterable[str], style: Style, rounds: int = 2) -> None:
    """Fill a lexicon from cells: those with nothing that could part names first, then, round by round, the names that
    cutting the others yields. Names that themselves fall apart into better known ones are forgotten."""
    simple, mixed = [], []
    for cell in cells:
        (mixed if _parted(cell, style) else simple).append(cell)
    for cell in simple:
        lexicon.add(cell)
    for _ in range(rounds):
        _forget_compounds(lexicon, style)
        for name in [piece.text for cell in mixed for piece in split(cell, lexicon, style)]:
            if len(name.split()) <= _LONG + 2 or lexicon.weight(name):
                lexicon.add(name)
    _forget_compounds(lexicon, style)


def _forget_compounds(lexicon: Lexicon, style: Style) -> None:
    for key, name in sorted(lexicon.spelt.items(), key=lambda item: -len(item[1])):
        if key in lexicon.names and len(split(name, lexicon, style)) > 1:
            del lexicon.names[key]


def _parted(cell: str, style: Style) -> bool:
    if _BREAK in cell or ";" in cell:
        return True
    return style is LEADS and bool(re.search(r",| and | & |\)\s|/", cell)) or len(cell.split()) > 9

"""Cells that run several names together -> single names, with the help of names known from elsewhere.

A cell is cut where that explains it best: names known to stand alone in some other cell are cheap, unknown
ones dear, and a cut costs little at a comma, a line's end or between two list items, more where nothing marks
it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from ingest.lexicon import SOLID, Lexicon

_WORD = re.compile(r"\S+")
_SMALL = frozenset(
    re.findall(
        r"\S+",
        "and of the for in to a an on with by at or each every their our other & - – — / ~ including",
    )
)
_TEAMS = ("team", "teams")  # a name is the same without it
_DASHES = ("-", "–", "—")
_EDGES = ("•", "-", "–", "/", "~")
_LEADINS = ("including", "for example", "e.g.", "such as", "plus")
_REMARK = re.compile(r"\([^()]*\)")
_SLASH = re.compile(r"(?<=[A-Z]{2})/(?=[A-Z]{2})")
PLAN_WORDS = frozenset(
    re.findall(
        r"\S+",
        "strategy strategies plan plans programme programmes framework policy policies guide project "
        "projects initiative initiatives scheme schemes service services agreement agreements pathway "
        "pathways toolkit model duty review roadmap roadmaps transition campaign hub hubs training protocol "
        "system volunteers checks",
    )
)
BODY_WORDS = frozenset(
    re.findall(
        r"\S+",
        "council councils board boards team teams partnership partnerships group groups committee "
        "committees alliance alliances trust trusts directorate department commissioner officer director "
        "manager police provider providers collaborative collaboratives subcommittee agency agencies "
        "association network sector ltd university college authority authorities organisations forum "
        "steering taskforce plc cic limited society charity foundation federation commission cooperative "
        "co-operative constabulary",
    )
)
_JOINERS = frozenset({"and", "&"})
_BREAK = "\n"
_MAX_WORDS = 26
_BODIES = BODY_WORDS - {"police", "services", "network"}
_ONLY_A_KIND = 3.0  # "and Boards" names no board
_SEAM, _LISTED, _JOINED = 3.5, 3.0, 3.7
_TILED = 0.8  # what it costs more to leave two known names uncut
_LONG, _SIMPLE = 5, 7
_KNOWN = 0.6


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
    rare: float = 2.4
    semicolon: float = 0.0


LEADS = Style(comma=0.25, joiner=0.9, gap=1.4, line=0.4, mark=3.2, long=0.6)
PLANS = Style(comma=1.6, joiner=9.0, gap=1.6, line=0.3, mark=0.0, long=0.3, rare=1.4, semicolon=3.0)


def split(text: str, lexicon: Lexicon, style: Style) -> tuple[str, ...]:
    """Cut ``text`` into names. Newlines in it are line ends of the source: likely, not certain, places to
    cut."""
    if style is LEADS:
        text = _SLASH.sub(" / ", _REMARK.sub(_without_remark, text))
    cutter = _Cutter(text, lexicon, style)
    size = len(cutter.words)
    best: list[tuple[float, int]] = [(0.0, 0)] + [(float("inf"), 0)] * size
    for end in range(1, size + 1):
        for start in range(max(0, end - _MAX_WORDS), end):
            before = best[start][0] + cutter.cuts[start]
            room = best[end][0] - before
            if room > 0 and (cost := cutter.name(start, end, room)) < room:
                best[end] = (before + cost, start)
    cuts, at = [], size
    while at > 0:
        cuts.append((best[at][1], at))
        at = best[at][1]
    pieces = (_piece(text, cutter.words[a:b]) for a, b in reversed(cuts))
    return tuple(piece for piece in pieces if piece)


def _without_remark(found: re.Match[str]) -> str:
    """Blanks for a remark in brackets ("(delivered by ...)"), the brackets themselves for a name in them."""
    body = found.group()
    plain_words = [w for w in re.findall(r"[^\W\d_]+", body) if w.islower() and w not in _SMALL]
    return " " * len(body) if plain_words else body


class _Cutter:
    """What it costs to cut a text at each word, and to take each run of its words for a name."""

    def __init__(self, text: str, lexicon: Lexicon, style: Style) -> None:
        self._text, self._lexicon, self._style = text, lexicon, style
        self.words = [(m.group(), m.start(), m.end()) for m in _WORD.finditer(text)]
        self.cuts = [self._cut(at) if at else 0.0 for at in range(len(self.words))]
        self._keys = [
            "" if "(" in w or ")" in w or w in _EDGES else lexicon.key(w.strip(",;."))
            for w, _, _ in self.words
        ]
        self._bare = [w.strip(",;.") for w, _, _ in self.words]
        self._joins = [w.lower() in _JOINERS for w, _, _ in self.words]
        self._edge = [join or w in _EDGES for join, (w, _, _) in zip(self._joins, self.words, strict=True)]
        self._leadin = [self._leads_in(at) for at in range(len(self.words))]
        self._parts = _sums(w.endswith((",", ";")) for w, _, _ in self.words)
        self._semicolons = _sums(w.endswith(";") for w, _, _ in self.words)
        self._strokes = _sums(w == "/" for w, _, _ in self.words)
        self._bounds = _sums(self._is_bound(at) for at in range(len(self.words) - 1))
        self._short = [lexicon.weight(w) if w.isupper() else 0.0 for w in self._bare]
        self._listed = _sums(self._short[at] >= SOLID and self._parted(at) for at in range(len(self.words)))
        self._teams = _sums(key in _TEAMS for key in self._keys)
        self._reaches: dict[int, int] = {}
        whole = " ".join(self._bare).lower()
        self._may_lead_in = any(lead in whole for lead in _LEADINS)
        self._depth = _sums(w.count("(") - w.count(")") for w, _, _ in self.words)
        self._brackets = _sums("(" in w or ")" in w for w, _, _ in self.words)
        self._lists: dict[int, int] = {}
        self._weights: dict[tuple[int, int], float] = {}
        for phrase in lexicon.phrases.within(text) if style is LEADS else ():
            self._keep_whole(phrase)

    def _keep_whole(self, phrase: str) -> None:
        """Make cuts inside every occurrence of a phrase dear."""
        at = self._text.find(phrase)
        while at >= 0:
            for n, (_, start, _end) in enumerate(self.words):
                if at < start < at + len(phrase):
                    self.cuts[n] += 6.0
            at = self._text.find(phrase, at + 1)

    def _cut(self, at: int) -> float:
        """What it costs to begin a new name at word ``at``."""
        left, right = self.words[at - 1][0], self.words[at][0]
        if self._leads_in(at) or (self._style is LEADS and "/" in (left, right)):
            return 0.2
        mark = self._mark(at, left, right)
        if right.startswith("(") or left in _DASHES or right in _DASHES:
            return mark + 6.0
        starts, style = self._lexicon.starts, self._style
        if right.lower() in _JOINERS:
            following = self.words[at + 1][0] if at + 1 < len(self.words) else ""
            return mark * (0.25 + 1.5 * (1.0 - starts(following))) if following else 9.0
        shape = 0.0 if right[:1].isupper() or not right[:1].isalpha() else 2.0
        begins, finishes = 1.0 - starts(right), 1.0 - self._lexicon.finishes(left)
        fit = (
            (3.0 * begins + 1.5 * finishes - 0.9)
            if mark == style.gap
            else (0.6 * begins + 0.4 * finishes - 0.3)
        )
        hanging = 4.0 if left.lower() in _SMALL and left != "/" else 0.0
        return max(0.05, mark + shape + fit + hanging)

    def _leads_in(self, at: int) -> bool:
        ahead = " ".join(w for w, _, _ in self.words[at : at + 2]).lower()
        return ahead.startswith(_LEADINS)

    def _mark(self, at: int, left: str, right: str) -> float:
        """The cost that the mark between two words asks for."""
        if left.endswith((",", ";")):
            return self._style.comma if left.endswith(",") else 0.1
        if right.lower() in _JOINERS:
            return self._style.joiner
        if _BREAK in self._text[self.words[at - 1][2] : self.words[at][1]]:
            return self._style.line
        if left.endswith(".") and len(left) > 3:
            return 0.3
        return 0.6 if left in ("/", "•") or right in ("/", "•") else self._style.gap

    def name(self, start: int, end: int, limit: float = float("inf")) -> float:
        """What it costs to take the words from ``start`` to ``end`` for one name; of what costs ``limit`` or more, no
        more need be known."""
        if self._depth[start] != self._depth[end]:
            return 12.0 + 2.0 * (end - start)
        style, size = self._style, end - start
        unknown = style.unknown + style.per_word * size + style.long * max(0, size - _LONG)
        weight = self._weight(start, end)
        if not weight and unknown >= limit and self._brackets[end] == self._brackets[start]:
            return unknown
        commas = parts = int(self._parts[end - 1] - self._parts[start])
        if self._brackets[end] != self._brackets[start]:
            commas -= len(re.findall(r"\([^)]*,", self._text[self.words[start][1] : self.words[end - 1][2]]))
        marks = style.mark * (0.0 if commas and self._shares_head(start, end) else commas)
        marks += style.semicolon * int(self._semicolons[end - 1] - self._semicolons[start])
        if style is LEADS:
            joins = not weight and self._joins_bodies(start, end)
            listed = _LISTED if self._list_from(start) < end else 0.0
            marks = (0.3 * marks if weight else marks) + max(listed, _JOINED * joins)
            if not weight:
                unknown += self._oddness(start, end) + _TILED * self._tiled(start, end)
                unknown += _SEAM * (self._seams(start, end) + (parts > 0 and self._trails(start, end)))
        if weight:
            return min(unknown, _KNOWN + style.rare / weight) + marks
        return unknown + marks + 0.9 * self._text[self.words[start][1] : self.words[end - 1][2]].count(_BREAK)

    def _weight(self, start: int, end: int) -> float:
        """How well the run of words is known, joiners at its edges left out."""
        known = self._weights.get((start, end))
        if known is None:
            known = self._weights[start, end] = self._weighed(start, end)
        return known

    def _weighed(self, start: int, end: int) -> float:
        if self._brackets[end] != self._brackets[start]:
            return self._lexicon.weight(_piece(self._text, self.words[start:end]))
        while start < end and self._edge[start]:
            start += 1
        if self._leadin[start] if start < end else False:
            return self._lexicon.weight(_piece(self._text, self.words[start:end]))
        if end > self._reach(start) and self._teams[start] == self._teams[end]:
            return 0.0
        keys = [key for key in self._keys[start:end] if key]
        if len(keys) > 2 and keys[-1] in _TEAMS:
            keys.pop()
        return self._lexicon.names.get(" ".join(keys), 0.0)

    def _reach(self, start: int) -> int:
        """The end of the longest run of words from ``start`` with which a known name may begin."""
        if start not in self._reaches:
            key, end = "", start
            while end < len(self.words):
                key = f"{key} {self._keys[end]}".strip()
                if key and not self._lexicon.may_begin(key):
                    break
                end += 1
            self._reaches[start] = end
        return self._reaches[start]

    def _list_from(self, start: int) -> int:
        """Where, for names begun at ``start``, a well-known name ends with a comma or joiner behind it:
        longer ones are lists."""
        if start not in self._lists:
            self._lists[start] = len(self.words) + 1
            for at in range(start + 1, min(len(self.words), start + _MAX_WORDS)):
                before, word = self.words[at - 1][0], self.words[at][0].lower()
                parts = before.endswith(",") or word in _JOINERS
                if parts and self._lexicon.solid(_piece(self._text, self.words[start:at])):
                    self._lists[start] = at
                    break
        return self._lists[start]

    def _tiled(self, start: int, end: int) -> bool:
        """Whether the words are two known names, the second of which is a body by its last word."""
        last = self._bare[end - 1].lower()
        return last in BODY_WORDS and any(
            self._weight(start, at) and self._weight(at, end) for at in range(start + 1, end)
        )

    def _seams(self, start: int, end: int) -> int:
        """How many places in the words look like the end of one body and the beginning of another: a stroke, or
        several bodies with a capital behind them ("Local Councils Health Boards")."""
        strokes = self._strokes[end - 1] - self._strokes[start + 1] if end - start > 2 else 0.0
        return int(strokes + self._bounds[end - 1] - self._bounds[start])

    def _is_bound(self, at: int) -> bool:
        """Whether a word names several bodies and a capital follows it."""
        left = self.words[at][0].lower()
        return left in _BODIES and left.endswith("s") and self.words[at + 1][0][:1].isupper()

    def _trails(self, start: int, end: int) -> bool:
        """Whether no joiner follows the last comma, as it does in a name that has commas ("Hay, Straw and Feed")."""
        words = [w for w, _, _ in self.words[start:end]]
        last = max(n for n, w in enumerate(words[:-1]) if w.endswith((",", ";")))
        return not any(w.lower() in _JOINERS for w in words[last:])

    def _shares_head(self, start: int, end: int) -> bool:
        """Whether the words are an enumeration before one common noun: "District, Borough & City
        councils"."""
        words = [w for w, _, _ in self.words[start:end]]
        last = words[-1].strip(",;.")
        if len(words) < 4 or not last.islower() or last not in BODY_WORDS or not last.endswith("s"):
            return False
        parts = [w for w in words[:-1] if w.lower() not in _JOINERS]
        return all(w.endswith(",") for w in parts[:-2]) and all(w[:1].isupper() for w in parts)

    def _joins_bodies(self, start: int, end: int) -> bool:
        """Whether a joiner stands between two runs that each end as bodies do: "Youth Board and Food
        Group"."""
        if self._bare[end - 1].lower() not in _BODIES:
            return False
        bare = [w.lower() for w in self._bare[start:end]]
        joints = [n for n in range(1, len(bare) - 1) if bare[n] in _JOINERS and bare[n - 1] in _BODIES]
        return bool(joints) and all(n >= 2 for n in joints)

    def _parted(self, at: int) -> bool:
        """Whether a comma or joiner stands beside a word."""
        left = self.words[at - 1][0] if at else ""
        right = self.words[at + 1][0] if at + 1 < len(self.words) else ""
        return (
            left.endswith(",")
            or left.lower() in _JOINERS
            or right.lower() in _JOINERS
            or self.words[at][0].endswith(",")
        )

    def is_list(self) -> bool:
        """Whether the whole text begins with a well-known name and goes on."""
        return bool(self.words) and self._list_from(0) < len(self.words)

    def _oddness(self, start: int, end: int) -> float:
        """Extra cost of an unknown name: a single plain word, short forms in a row, a lead-in inside."""
        bare = self._bare[start:end]
        if len(bare) == 2 and bare[0].lower() in _JOINERS and bare[1].lower() in _BODIES:
            return _ONLY_A_KIND
        if len(bare) == 1:
            return 0.0 if bare[0].isupper() else 1.0 if bare[0].endswith("s") else 2.5
        if all(self._short[start:end]) or self._listed[end] > self._listed[start]:
            return 2.5
        if not self._may_lead_in:
            return 0.0
        inner = " ".join(bare[1:]).lower()
        return 2.0 if any(f" {lead} " in f" {inner} " for lead in _LEADINS) else 0.0


def _sums(values: Iterable[float]) -> list[float]:
    return [0.0, *accumulate(float(value) for value in values)]


def _piece(text: str, words: Sequence[tuple[str, int, int]]) -> str:
    """The words without the joiners and marks at their edges."""
    first, last = 0, len(words)
    while first < last and (words[first][0].lower() in _JOINERS or words[first][0] in _EDGES):
        first += 1
    lead = next(
        (
            lead
            for lead in _LEADINS
            if " ".join(w[0] for w in words[first : first + 2]).lower().startswith(lead)
        ),
        "",
    )
    first = min(last, first + len(lead.split()))
    while last > first and words[last - 1][0] in ("-", "–", "/", "&", "and"):
        last -= 1
    if first == last:
        return ""
    start, end = words[first][1], words[last - 1][2]
    body = text[start:end].rstrip(",;: ")
    if body.endswith(".") and not body.endswith("etc."):
        body = body[:-1]
    return re.sub(r"\s+", " ", body)


def learn(
    lexicon: Lexicon,
    cells: Iterable[str],
    style: Style,
    *,
    lists: bool = False,
    whole: bool = True,
    rounds: int = 2,
) -> None:
    """Fill a lexicon from cells: those with nothing that could part names first, then, round by round, the
    names that cutting the others yields. ``lists`` says that any cell may run several names together,
    ``whole`` that they are cells of tables rather than lines of text. Names that themselves fall apart into better known ones are forgotten."""
    simple: list[str] = []
    mixed: list[str] = []
    for cell in cells:
        (mixed if lists or _parted(cell, style) else simple).append(cell)
    for cell in simple:
        lexicon.add(cell)
        if whole:
            lexicon.alone.add(lexicon.key(cell))
    learnt: Counter[str] = Counter()
    for _ in range(rounds):
        _forget_compounds(lexicon, style)
        found = Counter[str]()
        for cell, times in Counter(mixed).items():  # what many rows say is cut once
            for piece in split(cell, lexicon, style):
                found[piece] += times
        lexicon.unlearn(learnt)
        learnt = Counter(
            {name: n for name, n in found.items() if lexicon.weight(name) or _may_be_name(name, lexicon)}
        )
        for name, times in learnt.items():
            lexicon.add(name, times)
    _forget_compounds(lexicon, style)


def _may_be_name(name: str, lexicon: Lexicon) -> bool:
    """Whether a piece is fit to be learnt: not long, no list, neither one plain word nor short forms in a
    row."""
    words = name.split()
    if len(words) > _LONG + 4 or "," in re.sub(r"\([^)]*\)", "", name):
        return False
    if len(words) == 1 and not (name.isupper() or name.endswith("s")):
        return False
    if len(words) > 1 and all(word.isupper() and lexicon.weight(word) for word in words):
        return False
    return not _Cutter(name, lexicon, LEADS).is_list()


def _forget_compounds(lexicon: Lexicon, style: Style) -> None:
    for key, name in sorted(lexicon.spelt.items(), key=lambda item: -len(item[1])):
        own = lexicon.names.pop(key, None)
        if own is None:
            continue
        parts = split(name, lexicon, style)
        known = [lexicon.weight(part) for part in parts if not part.isupper()]
        if len(parts) < 2 or not known or min(known) < own:
            lexicon.names[key] = own


def _parted(cell: str, style: Style) -> bool:
    if style is PLANS:
        return _BREAK in cell
    return bool(re.search(r"[\n;,/]| and | & |\)\s", cell)) or len(cell.split()) > _SIMPLE

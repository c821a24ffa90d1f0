"""Tables whose columns were run together line by line: "Commitment text First plan\\nSecond plan\\n\\nFirst
lead ...".

Such text keeps the order of the cells (what is committed to, its plans, who leads) but not their edges; blank
lines are a hint. The words under a run-together header are read as the cheapest sequence of names, each of
them a commitment, a plan or a lead, by names known from elsewhere, by the words that plans and bodies are
called by, and by the breaks between them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate

from corpus.model import Cell, Document, Span
from corpus.text import plain
from ingest.above import Above, outcome_of, tidy
from ingest.entries import RawEntry
from ingest.lexicon import Lexicon
from ingest.roles import Role, role_of
from ingest.splitting import BODY_WORDS, PLAN_WORDS

Label = str  # "G" group of commitments, "C" commitment, "P" plan, "L" lead
_LABELS = "CPL"
_STATES = "GCPL"
_BULLETS = ("•", "▪", "●", "○", "·", "-", "*")
_COLUMNS: dict[Role, Label] = {
    "commitment": "C",
    "priority": "C",
    "risk": "C",
    "plan": "P",
    "mitigation": "P",
    "lead": "L",
}
_MAX_WORDS = 100
_MAX_LINES = 90
_MARKED = 0.15  # the share of lines that end in a space, from which on the space marks a wrap
_LEAD = re.compile(r"\b(?:led|leads?|owners?|responsib\w+|accountab\w+|sro|who|by whom)\b", re.I)
_LEAD_OR_NOT = re.compile(
    r"(?!.*\b(?:directorate|department|division)\b)", re.I
)  # these head forms more often than tables
_URL = re.compile(r"https?://|www\.")
_DEEDS = frozenset(
    re.findall(
        r"\S+",
        "reduce improve support ensure increase provide develop deliver tackle promote enable address "
        "strengthen protect encourage attract identify make making maximise utilise optimise help work take "
        "give expand focus focused embed establish continue prevent create build maintain grow champion "
        "empower dispose adopt act consider",
    )
)


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    start: int
    end: int
    gap: str  # what stands before it: "" inside a line, "\n" a line's end, "\n\n" a blank line
    wrap: float = 0.0  # how unlikely it is that the line before only ran over into this one


@dataclass(frozen=True, slots=True)
class _Item:
    label: Label
    text: str
    span: Span
    gap: str


@dataclass(frozen=True, slots=True)
class Known:
    """What is known from elsewhere: commitments, plans and bodies that stand alone, and how well each word
    fits each column (the share of its uses there)."""

    names: dict[Label, Lexicon]
    fits: Callable[[str, Label], float]
    is_group: Callable[[str], bool]  # of a key


@dataclass(frozen=True, slots=True)
class Region:
    """A stretch of text under a run-together header, with the columns in their order."""

    header: Span
    body: Span
    columns: tuple[Label, ...]


def regions_of(document: Document) -> Iterator[Region]:
    """Every stretch of run-together columns in a document."""
    tables = [block.span for block in document.blocks if block.kind == "table"]
    lines = list(_lines(document.text))
    at = 0
    while at < len(lines):
        header = _header(document.text, lines, at) if not _inside(lines[at][0], tables) else None
        if header is None:
            at += 1
            continue
        columns, after = header
        end = _end_of_body(document.text, lines, after)
        if end > after:
            yield Region(
                Span(lines[at][0], lines[after - 1][1]), Span(lines[after][0], lines[end - 1][1]), columns
            )
        at = max(end, at + 1)


def _lines(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for line in text.split("\n"):
        yield start, start + len(line)
        start += len(line) + 1


def _inside(offset: int, spans: Sequence[Span]) -> bool:
    return any(span.start <= offset < span.end for span in spans)


def _header(text: str, lines: Sequence[tuple[int, int]], at: int) -> tuple[tuple[Label, ...], int] | None:
    """The columns that the lines from ``at`` on announce, and the line after them; a header may wrap over
    four lines."""
    ahead = text[lines[at][0] : lines[min(at + 3, len(lines) - 1)][1]]
    if not text[lines[at][0] : lines[at][1]].strip() or not _LEAD.search(ahead):
        return None
    words: list[str] = []
    for stop in range(at, min(at + 4, len(lines))):
        line = text[lines[stop][0] : lines[stop][1]]
        if "\t" in line or "|" in line or len(words) > 24:
            return None
        words += line.split()
        columns = _columns(words)
        if columns is not None and {"P", "L"} <= set(columns) and len(columns) >= 2:
            return columns, stop + 1
        if columns is None and not _may_go_on(words):
            return None
    return None


def _may_go_on(words: Sequence[str]) -> bool:
    """Whether words look like the beginning of a header: the first few of them announce a column."""
    return (
        bool(words)
        and words[0][:1].isupper()
        and any(_columns(words[:n]) for n in range(1, min(len(words), 8) + 1))
    )


def _columns(words: Sequence[str]) -> tuple[Label, ...] | None:
    """Words cut into column headings, each with a role of its own, all words used; None where that cannot be
    done."""
    best: list[tuple[Label, ...] | None] = [()] + [None] * len(words)
    for end in range(1, len(words) + 1):
        for start in range(max(0, end - 8), end):
            before = best[start]
            heading = " ".join(words[start:end])
            label = (
                _COLUMNS.get(role_of(heading) or "status")
                if before is not None and _LEAD_OR_NOT.match(heading)
                else None
            )
            if before is None or label is None or label in before or not words[start][:1].isupper():
                continue
            if best[end] is None or len(before) + 1 > len(best[end] or ()):
                best[end] = (*before, label)
    return best[-1]


def _end_of_body(text: str, lines: Sequence[tuple[int, int]], after: int) -> int:
    """The line where the columns end: a page's end, the next header, the name of an outcome, a web
    address."""
    blanks, last = 0, after
    for at in range(after, min(len(lines), after + _MAX_LINES)):
        line = text[lines[at][0] : lines[at][1]]
        if not line.strip():
            blanks += 1
            if blanks >= 3:
                break
            continue
        stop = (
            "\f" in line or "\t" in line or _URL.search(line) or (outcome_of(line) and len(line.split()) < 16)
        )
        if stop or _header(text, lines, at):
            break
        blanks, last = 0, at + 1
    return last


def words_of(document: Document, span: Span) -> list[_Word]:
    """The words of a stretch with the breaks before them."""
    out: list[_Word] = []
    ends = [line for line in span.of(document.text).split("\n") if line.strip()]
    marked = sum(line.endswith(" ") for line in ends) > _MARKED * len(ends)
    for chunk in re.finditer(r"(?:[^\n]*\S[^\n]*\n?)+", span.of(document.text)):
        lines = chunk.group().split("\n")
        widest = max(len(line.rstrip()) for line in lines)
        at = span.start + chunk.start()
        for n, line in enumerate(lines):
            for m, found in enumerate(re.finditer(r"\S+", line)):
                gap = "" if m else "\n" if n or _hangs(out, document.text) else "\n\n"
                wrap = (
                    (_wrap(lines[n - 1], found.group(), widest, marked) if n else 0.1) if gap == "\n" else 0.0
                )
                out.append(_Word(found.group(), at + found.start(), at + found.end(), gap, wrap))
            at += len(line) + 1
    return out


def _hangs(before: Sequence[_Word], text: str) -> bool:
    """Whether a bulleted item was cut by a stray blank line: its last line ends in a space."""
    lead = next((i for i in range(len(before) - 1, -1, -1) if before[i].gap), None)
    return (
        lead is not None
        and before[lead].text in _BULLETS
        and text[before[-1].end : before[-1].end + 2] == " \n"
    )


def _wrap(line: str, word: str, widest: int, marked: bool) -> float:
    """How unlikely a line's end is a mere wrap: most so where the next word would have fitted on the line.
    ``marked`` says that wraps leave a space at the line's end in this text."""
    if word in _BULLETS:
        return 6.0
    if (
        word[:1].islower()
        or word.startswith(("(", "&"))
        or re.search(r"(?:[&(–-]|\b(?:and|of|the|for|to|in|with|a|on))\s*$", line)
    ):
        return 0.1
    if len(line.rstrip()) + 1 + len(word) <= widest:
        return 14.0 if marked and not line.endswith(" ") else 9.0
    return 0.4 if line.endswith(" ") else 6.0 if marked else 2.7


def read_columns(document: Document, region: Region, above: Above, known: Known) -> list[RawEntry]:
    """The rows of a stretch of run-together columns."""
    words = words_of(document, region.body)
    items = _parse(words, known, region.columns)
    return list(_rows(document, items, above))


def _parse(words: Sequence[_Word], known: Known, columns: tuple[Label, ...]) -> list[_Item]:
    """The cheapest reading of the words as labelled names."""
    starts = [i for i, w in enumerate(words) if w.gap or _may_begin(words, i)] + [len(words)]
    labels = [label for label in _STATES if label in columns or label == "G"]
    costs = _Costs(words, known)
    best: dict[tuple[int, Label], tuple[float, tuple[int, Label] | None]] = {(0, "L"): (0.0, None)}
    for a, at in enumerate(starts[:-1]):
        here = [(label, best[at, label][0]) for label in _STATES if (at, label) in best]
        steps = (
            {to: min((c + _step(words, at, was, to), was) for was, c in here) for to in labels}
            if here
            else {}
        )
        for to in starts[a + 1 :] if here else ():
            if to - at > _MAX_WORDS or costs.broken(at, to):
                break
            for label in labels:
                cost, came = steps[label]
                total = cost + costs.of(at, to, label)
                if total < best.get((to, label), (float("inf"), None))[0]:
                    best[to, label] = (total, (at, came))
    return _trace(words, best)


def _trace(
    words: Sequence[_Word], best: dict[tuple[int, Label], tuple[float, tuple[int, Label] | None]]
) -> list[_Item]:
    ends = [(best[len(words), label][0], label) for label in _STATES if (len(words), label) in best]
    out: list[_Item] = []
    at: tuple[int, Label] | None = (len(words), min(ends)[1]) if ends else None
    while at is not None and best[at][1] is not None:
        start = best[at][1][0]  # type: ignore[index]
        piece = words[start : at[0]]
        text = " ".join(w.text for w in piece)
        out.append(_Item(at[1], text, Span(piece[0].start, piece[-1].end), piece[0].gap))
        at = best[at][1]
    return out[::-1]


def _may_begin(words: Sequence[_Word], at: int) -> bool:
    """Whether a name may begin inside a line: a capital or figure, behind a word that can end one."""
    word, before = words[at].text, words[at - 1].text
    if before.lower() in (
        "and",
        "of",
        "the",
        "for",
        "in",
        "to",
        "&",
        "with",
        "a",
        "-",
        "–",
        "/",
    ) or before.endswith("("):
        return False
    return word[:1].isupper() or word[:1].isdigit() or word.lower() in ("and", "local")


_STEPS: dict[str, dict[str, float]] = {
    "CP": {"": 1.4, "\n": 2.2, "\n\n": 0.0},
    "PL": {"": 1.6, "\n": 2.4, "\n\n": 0.0},
    "LC": {"": 10.0, "\n": 7.0, "\n\n": 0.2},
    "LP": {"": 10.0, "\n": 6.0, "\n\n": 1.6},
    "PC": {"": 10.0, "\n": 9.0, "\n\n": 2.6},
    "CL": {"": 5.2, "\n": 6.0, "\n\n": 3.5},
    "CC": {"": 9.0, "\n": 4.6, "\n\n": 4.0},
    "GG": {"": 20.0, "\n": 20.0, "\n\n": 3.0},
    "GC": {"": 20.0, "\n": 20.0, "\n\n": 0.0},
    "GP": {"": 20.0, "\n": 20.0, "\n\n": 3.0},
    "GL": {"": 20.0, "\n": 20.0, "\n\n": 9.0},
    "CG": {"": 20.0, "\n": 20.0, "\n\n": 3.0},
    "PG": {"": 20.0, "\n": 20.0, "\n\n": 2.6},
    "LG": {"": 20.0, "\n": 20.0, "\n\n": 0.2},
    "LL": {"": 2.6, "\n": 0.2, "\n\n": 0.7},
    "PP": {"": 3.2, "\n": 0.2, "\n\n": 1.4},
}


def _step(words: Sequence[_Word], at: int, was: Label, label: Label) -> float:
    """What it costs to go from a name of one column to a name of the next at word ``at``."""
    if at == 0:
        return {"G": 0.0, "C": 0.0, "P": 1.5, "L": 4.0}[label]
    gap = words[at].gap
    if was == label == "L" and not gap and words[at - 1].text.endswith((",", ";")):
        return 0.5
    return _STEPS[was + label][gap]


class _Costs:
    """What it costs to take a run of words for one name of a column; sums over words are kept from the
    start."""

    def __init__(self, words: Sequence[_Word], known: Known) -> None:
        self._words, self._known = words, known
        self._keys = [known.names["C"].key(w.text) if w.text.strip("()") == w.text else "" for w in words]
        self._fits = {label: _sums(known.fits(_bare(w.text), label) for w in words) for label in _LABELS}
        self._wraps = _sums(w.wrap for w in words)
        self._opens = _sums(w.text.count("(") - w.text.count(")") for w in words)
        self._brackets = _sums("(" in w.text or ")" in w.text for w in words)
        self._commas = _sums(w.text.endswith(",") for w in words)
        self._lines = _sums(bool(w.gap) for w in words)
        self._blank = _sums(w.gap == "\n\n" for w in words)

    def broken(self, at: int, to: int) -> bool:
        """Whether a blank line stands inside."""
        return self._blank[to] > self._blank[at + 1]

    def of(self, at: int, to: int, label: Label) -> float:
        """The cost of words ``at`` to ``to`` as one name in a column."""
        if self._opens[to] != self._opens[at]:
            return 12.0 + 3.0 * (to - at)
        size = to - at
        if label == "G":
            alone = to == len(self._words) or self._words[to].gap == "\n\n"
            if alone and self._known.is_group(self._key(at, to)):
                return 0.2
            return 9.0 + 0.3 * size + 30.0 * (self._lines[to] > self._lines[at + 1] or not alone)
        fit = self._fits[label][to] - self._fits[label][at]
        wraps = self._wraps[to] - self._wraps[at + 1]
        key = self._key(at, to)
        weight = self._known.names[label].names.get(key, 0.0)
        if label == "C":
            if weight or self._known.is_group(key):
                return 0.3 + 0.1 * wraps + 0.2 * fit
            return 3.2 + 0.16 * size + fit + 0.4 * wraps + _first_word(self._words[at].text, label)
        first = self._words[at].text
        if first in _BULLETS and size > 1:
            first, fit = self._words[at + 1].text, fit - 0.8 * (label == "P")
        unknown = (
            2.3
            + 0.42 * size
            + fit
            + _first_word(first, label)
            + 1.2 * (not (first[:1].isupper() or first[:1].isdigit()))
        )
        unknown += 1.5 * (size == 1 and not first.isupper() and not first.endswith("s"))
        if label == "L":
            unknown += 1.2 * (self._commas[to - 1] - self._commas[at]) + 3.0 * first[:1].isdigit()
        return wraps + (min(unknown, 0.6 + 1.6 / weight + 0.3 * fit) if weight else unknown)

    def _key(self, at: int, to: int) -> str:
        if self._brackets[to] != self._brackets[at]:
            return self._known.names["C"].key(
                tidy(" ".join(w.text for w in self._words[at:to])).rstrip(",;.")
            )
        return " ".join(key for key in self._keys[at:to] if key)


def _sums(values: Iterable[float]) -> list[float]:
    return [0.0, *accumulate(float(v) for v in values)]


def _bare(word: str) -> str:
    return word.strip(".,;:()").lower()


def _first_word(word: str, label: Label) -> float:
    """Deeds begin commitments and, less often, plans; hardly ever bodies."""
    if word.lower().strip(",") in _DEEDS:
        return {"C": -1.4, "P": 0.2, "L": 1.6}[label]
    return {"C": 0.7, "P": 0.0, "L": 0.0}[label]


def word_fits(counts: dict[Label, dict[str, int]]) -> Callable[[str, Label], float]:
    """How badly a word fits a column, 0 for the column it is most used in: from counts of the words in each,
    and from the nouns that plans and bodies go by everywhere."""
    totals = {label: sum(words.values()) + 1 for label, words in counts.items()}

    def share(word: str, label: Label) -> float:
        prior = {"P": word in PLAN_WORDS, "L": word in BODY_WORDS, "C": word in _DEEDS}[label]
        return (counts[label].get(word, 0) / totals[label]) * 400 + 0.5 + 2.0 * prior

    @cache
    def fits(word: str, label: Label) -> float:
        shares = [share(word, other) for other in _LABELS]
        return min(1.2, 0.4 * (max(shares) / share(word, label) - 1.0) ** 0.5) if max(shares) else 0.0

    return fits


def _rows(document: Document, items: Sequence[_Item], above: Above) -> Iterator[RawEntry]:
    """Labelled names -> rows: each commitment with the plans and leads behind it, under the group above
    it."""
    group: Cell | None = None
    commitment: list[_Item] = []
    at = 0
    while at < len(items):
        groups = _run(items, at, "G")
        heads = _run(items, at + len(groups), "C")
        plans = _run(items, at + len(groups) + len(heads), "P")
        leads = _run(items, at + len(groups) + len(heads) + len(plans), "L")
        at += len(groups) + len(heads) + len(plans) + len(leads)
        if groups:
            group = Cell(tidy(plain(groups[-1].text)), groups[-1].span)
            commitment = []
        commitment = heads or commitment
        if plans or leads:
            yield _raw(document, above, group, commitment, heads, plans, leads)


def _run(items: Sequence[_Item], at: int, label: Label) -> list[_Item]:
    out = []
    while at < len(items) and items[at].label == label:
        out.append(items[at])
        at += 1
    return out


def _raw(
    document: Document, above: Above, group: Cell | None, commitment: Sequence[_Item], heads: Sequence[_Item],
    plans: Sequence[_Item], leads: Sequence[_Item],
) -> RawEntry:  # fmt: skip
    every = [*(h for h in heads if h in commitment), *plans, *leads]
    whole = Span(every[0].span.start, every[-1].span.end)
    name = None
    if commitment:
        text = " / ".join(tidy(plain(c.text)) for c in commitment)
        name = Cell(text, Span(commitment[0].span.start, commitment[-1].span.end))
    return RawEntry(
        span=whole, above=above, commitment=name, plan=_cell(document, plans),
        leads=_cell(document, leads), group=group,
        listed=True, plans=tuple(_name(p.text) for p in plans), bodies=tuple(_name(b.text) for b in leads),
        why="several commitments stand together before these plans" if len(commitment) > 1 else None,
    )  # fmt: skip


def _name(text: str) -> str:
    return re.sub(r"^(?:and|&|[•▪●○·*-])\s+", "", plain(text)).rstrip(",;. ")


def _cell(document: Document, items: Sequence[_Item]) -> Cell | None:
    if not items:
        return None
    span = Span(items[0].span.start, items[-1].span.end)
    return Cell(plain(span.of(document.text)), span)

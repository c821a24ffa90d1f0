"""A PDF page -> words with their places, and the ruling lines on it.

Characters are taken from pdfplumber's page in the order in which the file draws them, because that order
tells columns from rows where the places alone do not.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from statistics import median
from typing import Any, NamedTuple

from pdfminer.layout import LTChar, LTComponent, LTContainer, LTCurve, LTImage
from pdfplumber.page import Page as PlumberPage

from ingest.readers.pdf_plain import clean_surrogates

_BOLD = re.compile(r"bold|black|heavy|semib|demi", re.I)
_LIGATURES = {
    0xFB00: "ff",
    0xFB01: "fi",
    0xFB02: "fl",
    0xFB03: "ffi",
    0xFB04: "ffl",
    0xFB05: "ft",
    0xFB06: "st",
}
_SYMBOLS = {
    0xF0B7: "•",
    0xF0A7: "▪",
    0xF06E: "■",
    0xF0D8: "➢",
    0xF0FC: "✓",
    0xF02D: "-",
    0xA0: " ",
    0xAD: "-",
}
_TRANSLATE = {**_LIGATURES, **_SYMBOLS}
_UNMAPPED = re.compile(r"\(cid:\d+\)")
_SPARE_CODE = "(cid:127)"  # the Windows encoding shows codes without a letter as bullets
_LAST_BEFORE_SURROGATES = "\ud7ff"
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_SMALL, _RAISE = 0.8, 0.15  # of the size of the letters before
_WORD_GAP = 0.2
_NO_WIDTH = 0.5  # fonts that are not there give letters without a width
_TURNED_SHARE = 0.6
_SPACED_OUT = 5
_THIN = 3.0
_ASKEW = 0.2  # rise over run, about 11 degrees
_MAX_PATHS = 20_000


class Word(NamedTuple):
    """A run of characters without a space: place in points from the top left, font size, whether it is bold,
    ``order`` of its first character in the file, and whether the file has a space after it."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    size: float
    bold: bool
    order: int
    spaced: bool

    @property
    def mid(self) -> float:
        """Its vertical middle."""
        return (self.top + self.bottom) / 2


class PageContent(NamedTuple):
    """What is on a page. ``rotated`` holds text that runs up or down, ``askew`` what runs slantwise as watermarks do; ``rules`` pdfplumber's
    objects for lines and boxes that were drawn; ``marks`` counts images and drawings; ``pictured`` is the share
    of the page that images cover; ``unmapped`` that of characters whose font does not say which letter they
    show; ``turn`` by how many degrees clockwise the page must be turned for most of its text to be upright."""

    words: list[Word]
    rotated: list[str]
    askew: list[str]
    rules: list[dict[str, Any]]
    marks: int
    pictured: float
    unmapped: float
    width: float
    height: float
    turn: int = 0


def page_content(page: PlumberPage) -> PageContent:
    """Read a page once. Raises what pdfplumber and pdfminer raise on a damaged page."""
    collector = _Collector(page)
    for item in _walk(page.layout):
        collector.take(item)
    collector.end_word()
    size = (float(page.width), float(page.height))
    shares = (
        collector.pictured / max(1.0, size[0] * size[1]),
        collector.unmapped / max(1, collector.seen),
    )
    words = _uncovered(_undoubled(collector.words))
    return PageContent(
        words,
        collector.turned(),
        collector.askew(),
        _ruling(collector.rules),
        collector.marks,
        *shares,
        *size,
        collector.turn,
    )


def _walk(container: LTContainer[Any]) -> Iterator[LTComponent]:
    for item in container:
        if isinstance(item, LTContainer):
            yield from _walk(item)
        else:
            yield item


class _Collector:
    """Gathers words from characters in drawing order."""

    def __init__(self, page: PlumberPage) -> None:
        self.words: list[Word] = []
        self.rules: list[dict[str, Any]] = []
        self.marks = self.seen = self.unmapped = 0
        self.pictured = 0.0
        self._page = page
        self._dx, self._dy = float(page.mediabox[0]), float(page.height) + float(page.mediabox[1])
        self._text: list[str] = []
        self._box = (0.0, 0.0, 0.0, 0.0, 0.0)
        self._font, self._order = "", 0
        self._last: tuple[str, float, float] = ("", 0.0, 0.0)
        self._turned: list[tuple[str, float, float, float]] = []
        self._askew: list[tuple[str, float, float, float]] = []
        self._ways: Counter[int] = Counter()

    @property
    def turn(self) -> int:
        """By how many degrees most text must be turned clockwise; 0 where most of it is upright."""
        way, count = self._ways.most_common(1)[0] if self._ways else (0, 0)
        return way if count > _TURNED_SHARE * self.seen else 0

    def take(self, item: LTComponent) -> None:
        if isinstance(item, LTChar):
            self._char(item)
        elif isinstance(item, LTCurve):
            self.marks += 1
            if self.marks < _MAX_PATHS:
                self._rule(item)
        elif isinstance(item, LTImage):
            self.marks += 1
            self.pictured += item.width * item.height

    def _rule(self, item: LTCurve) -> None:
        """Keep what may rule a table: lines and boxes, but not curves."""
        drawn = self._page.process_object(item)
        if drawn["object_type"] != "curve" or min(drawn["width"], drawn["height"]) < _THIN:
            self.rules.append(drawn)

    def _char(self, item: LTChar) -> None:
        text = item.get_text()
        self.seen += 1
        if text == _SPARE_CODE:
            text = "•"
        elif _UNMAPPED.fullmatch(text) or text == "\ufffd":
            self.unmapped += 1
            text = "\ufffd"
        text = text.translate(_TRANSLATE)
        if text > _LAST_BEFORE_SURROGATES:
            text = clean_surrogates(text)
        self._ways[_way(item.matrix)] += 1
        if not item.upright or _is_askew(item.matrix):
            askew = self._askew if _is_askew(item.matrix) else self._turned
            askew.append((text, item.x0, item.y0, item.size))
            return
        x0, x1 = item.x0 + self._dx, item.x1 + self._dx
        top, bottom = self._dy - item.y1, self._dy - item.y0
        if not text.strip():
            self.end_word(spaced=True)
            return
        if (text, round(x0), round(top)) == self._last and self._text and x1 - x0 > _NO_WIDTH:
            return  # printed twice to look bold
        self._last = (text, round(x0), round(top))
        if self._is_raised(text, bottom, item.size):
            text = text.translate(_RAISED)
        if self._text and not self._continues(x0, top, bottom):
            self.end_word()
        self._add(text, x0, x1, top, bottom, item)

    def _is_raised(self, text: str, bottom: float, size: float) -> bool:
        """Whether a figure is the small raised number of a footnote after a word, which must not be read as
        part of a number before it."""
        if not self._text or not text.isdigit():
            return False
        base = self._box[4]
        return size < _SMALL * base and self._box[3] - bottom > _RAISE * base

    def _continues(self, x0: float, top: float, bottom: float) -> bool:
        _, right, word_top, word_bottom, size = self._box
        overlap = min(bottom, word_bottom) - max(top, word_top)
        level = overlap > 0.5 * min(bottom - top, word_bottom - word_top)
        return level and -0.5 * size < x0 - right < _WORD_GAP * size

    def _add(self, text: str, x0: float, x1: float, top: float, bottom: float, item: LTChar) -> None:
        if not self._text:
            self._box = (x0, x1, top, bottom, max(item.size, 1.0))
            self._font, self._order = str(item.fontname), self.seen
        left, right, word_top, word_bottom, size = self._box
        self._text.append(text)
        self._box = (min(left, x0), max(right, x1), word_top, word_bottom, size)

    def end_word(self, *, spaced: bool = False) -> None:
        if self._text:
            x0, x1, top, bottom, size = self._box
            bold = bool(_BOLD.search(self._font))
            self.words.append(Word("".join(self._text), x0, x1, top, bottom, size, bold, self._order, spaced))
            self._text = []
        elif spaced and self.words and not self.words[-1].spaced:
            self.words[-1] = self.words[-1]._replace(spaced=True)

    def turned(self) -> list[str]:
        """Text that runs up or down, in drawing order."""
        return _pieces(self._turned)

    def askew(self) -> list[str]:
        """Text that runs neither level nor upright, as a watermark does."""
        return _pieces(self._askew)


def _pieces(letters: list[tuple[str, float, float, float]]) -> list[str]:
    """Letters with their place and size as text; a jump begins a new piece."""
    pieces: list[str] = []
    last: tuple[float, float] | None = None
    for text, x, y, size in letters:
        if last is None or abs(x - last[0]) + abs(y - last[1]) > 3 * max(size, 4):
            pieces.append("")
        pieces[-1] += text
        last = (x, y)
    return [" ".join(piece.split()) for piece in pieces if piece.strip()]


def _is_askew(matrix: tuple[float, ...]) -> bool:
    a, b = (abs(part) for part in matrix[:2])
    return min(a, b) > _ASKEW * max(a, b)


def _way(matrix: tuple[float, ...]) -> int:
    """How many degrees clockwise a character must be turned to be upright, in quarters."""
    a, b = matrix[:2]
    if abs(a) >= abs(b):
        return 0 if a >= 0 else 180
    return 90 if b > 0 else 270


def _undoubled(words: list[Word]) -> list[Word]:
    """Without words drawn twice at the same place."""
    seen: set[tuple[str, int, int]] = set()
    out = []
    for word in words:
        key = (word.text, round(word.x0 / 2), round(word.top / 2))
        if key not in seen:
            seen.add(key)
            out.append(word)
    return out


def _uncovered(words: list[Word]) -> list[Word]:
    """Without lines of text that other text was drawn over, which no reader of the page can see."""
    covered = _covered(words)
    if not covered:
        return words
    out: list[Word] = []
    run: list[Word] = []
    for word in [*words, None]:
        if run and (word is None or abs(word.mid - run[-1].mid) > 1 or word.x0 < run[-1].x0):
            hidden = sum(w in covered for w in run)
            out += [] if hidden > 1 and hidden >= 0.5 * len(run) else run
            run = []
        if word is not None:
            run.append(word)
    return out


def _covered(words: list[Word]) -> set[Word]:
    """Words of which a good part lies under words drawn later."""
    by_level: dict[int, list[Word]] = {}
    for word in words:
        for level in {int(word.top // 8), int(word.bottom // 8)}:
            by_level.setdefault(level, []).append(word)
    covered = set()
    for level_words in by_level.values():
        level_words.sort(key=lambda w: w.x0)
        for i, word in enumerate(level_words):
            for other in level_words[i + 1 :]:
                if other.x0 >= word.x1:
                    break
                if _overlap(word, other) > 0.3 and len(word.text) > 1 and len(other.text) > 1:
                    covered.add(min(word, other, key=lambda w: w.order))
    return covered


def _overlap(a: Word, b: Word) -> float:
    wide = min(a.x1, b.x1) - max(a.x0, b.x0)
    high = min(a.bottom, b.bottom) - max(a.top, b.top)
    smaller = min((a.x1 - a.x0) * (a.bottom - a.top), (b.x1 - b.x0) * (b.bottom - b.top))
    return max(wide, 0) * max(high, 0) / max(smaller, 0.1)


def _ruling(drawn: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What rules a table: lines, thin boxes, boxes with an outline. Plain shading does not, nor do strips
    that lie against each other, which together are a shade of colour."""
    strips = _strips(drawn, "top", "bottom", "x0", "x1") | _strips(drawn, "x0", "x1", "top", "bottom")
    return [
        r
        for r in drawn
        if id(r) not in strips
        and (min(r["width"], r["height"]) < _THIN or (r["object_type"] == "rect" and r.get("stroke")))
    ]


def _strips(drawn: list[dict[str, Any]], low: str, high: str, side: str, end: str) -> set[int]:
    stacks: dict[tuple[int, int], list[dict[str, Any]]] = {}
    for box in drawn:
        if box["object_type"] == "rect" and 1.0 < box[high] - box[low] < 10:
            stacks.setdefault((round(box[side]), round(box[end])), []).append(box)
    found: set[int] = set()
    for stack in stacks.values():
        stack.sort(key=lambda r: float(r[low]))
        for a, b in zip(stack, stack[1:], strict=False):
            if abs(b[low] - a[high]) < 0.3:
                found |= {id(a), id(b)}
    return found


class Line(NamedTuple):
    """Words side by side on one level, as they are read."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    size: float
    bold: bool
    words: tuple[Word, ...]


def make_line(words: list[Word]) -> Line:
    """One line of the words, from left to right. ``bold`` when every word with a letter is."""
    ordered = sorted(words, key=lambda w: w.x0)
    main = max(ordered, key=lambda w: len(w.text))
    lettered = [w for w in ordered if any(c.isalnum() for c in w.text)] or ordered
    return Line(
        joined(ordered),
        ordered[0].x0,
        max(w.x1 for w in ordered),
        min(w.top for w in ordered),
        max(w.bottom for w in ordered),
        main.size,
        all(w.bold for w in lettered),
        tuple(ordered),
    )


def joined(words: list[Word]) -> str:
    """Words from left to right as text; a space where the file has one or leaves room for one."""
    if _is_spaced_out(words):
        return _closed_up(words)
    parts: list[str] = []
    for i, word in enumerate(words):
        parts.append(word.text)
        if i + 1 < len(words):
            room = words[i + 1].x0 - word.x1 > _WORD_GAP * min(word.size, words[i + 1].size)
            parts.append(" " if word.spaced or room else "")
    return "".join(parts)


def _is_spaced_out(words: list[Word]) -> bool:
    """Whether letters stand apart to look grand: nearly all words are single letters."""
    single = sum(len(word.text) == 1 and word.text.isalpha() for word in words)
    return len(words) >= _SPACED_OUT and single >= 0.9 * len(words)


def _closed_up(words: list[Word]) -> str:
    """Letters that stand apart as words: cut where the room is much wider than usual."""
    rooms = [b.x0 - a.x1 for a, b in zip(words, words[1:], strict=False)]
    usual = median(rooms)
    cut = [room > 1.5 * usual + 0.1 * word.size for room, word in zip(rooms, words, strict=False)]
    return words[0].text + "".join(
        (" " if gap else "") + word.text for gap, word in zip(cut, words[1:], strict=True)
    )


def rows_of(words: list[Word]) -> list[list[Word]]:
    """Words gathered by level, from the top down; each row from left to right."""
    rows: list[list[Word]] = []
    for word in sorted(words, key=lambda w: (w.mid, w.x0)):
        if rows and abs(word.mid - rows[-1][-1].mid) < 0.4 * min(word.size, rows[-1][-1].size):
            rows[-1].append(word)
        else:
            rows.append([word])
    return [sorted(row, key=lambda w: w.x0) for row in rows]


def segments_of(row: list[Word], gap: float) -> list[list[Word]]:
    """A row cut wherever there is more room than ``gap`` times the font size, or half of it where the file
    draws something else between the two words."""
    out = [[row[0]]]
    for word in row[1:]:
        last = max(out[-1], key=lambda w: w.x1)
        follows = 0 < word.order - last.order <= len(last.text) + 4
        if word.x0 - last.x1 > (gap if follows else min(gap, 0.5 * gap + 0.1)) * min(last.size, word.size):
            out.append([word])
        else:
            out[-1].append(word)
    return out

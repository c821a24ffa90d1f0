"""Lines of a PDF -> headings, paragraphs, list items and tables in a TextBuilder."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from statistics import median

from corpus.model import Block, Span
from ingest.blocks import parse_blocks
from ingest.builder import TextBuilder
from ingest.readers.pdf_page import ReadPage
from ingest.readers.pdf_words import Line

Lines = list[Line]

_BULLET = re.compile(r"[•▪■●○◦‣·➢✓–—*-]\s+\S|[•▪■●○◦‣➢✓]")
_LETTERED = re.compile(r"\(?(?:[a-z]|[ivx]{1,4}|\d{1,3})(?:\.\)|[.)])\s+\S", re.I)
_FIRST = re.compile(r"(?:\(?1[.)]\)?|\(?a\))\s+[A-Z]")  # the beginning of a list
_REFERS = re.compile(  # a line that may go on with a number
    r"\b(?:and|at|by|for|from|in|no|of|or|the|to|appendi(?:x|ces)|box|chapter|figure|item|level|note|option|page|"
    r"paragraph|part|phase|priority|quarter|question|recommendation|section|stage|step|table|theme|tier|with)$|[,(/–-]$",
    re.I,
)
_CLAUSE = re.compile(r"\d{1,2}(?:\.\d{1,3})+\.?\s+\S")
_NUMBERED = re.compile(r"(\d{1,3}(?:\.\d{1,3})*|[A-Z])[.)]?\s+\S")
_COVER = re.compile(
    r"(?:from|to|by|subject|date|decision|key decision|classification|summary|recommendations?|status|contact"
    r"|e-?mail|tel|telephone|phone|authors?|report authors?|ask for|wards?|electoral divisions?"
    r"|(?:past|future) pathway)\b"
    r"[^:]{0,40}:",
    re.I,
)
_LABEL = re.compile(r"[A-Z][\w ()/&’'-]{1,40}:(?:\s|$)")
_CONTACT = re.compile(r"@|\bwww\.|https?:|\b0\d{3,}[\d ]{4,}|\b\d{1,2}[.:]\d\d\s*(?:am|pm)\b", re.I)
_DATE = re.compile(r"(?:\w+day,?\s+)?\d{1,2}(?:st|nd|rd|th)?\s+\w+,?\s+\d{4}")
_ENDS = re.compile(r"[.!?;:,]['\"’”)\]]*$")
_ENDS_SENTENCE = re.compile(r"[.!?:;]['\"’”)\]]*$")
_LEADER = re.compile(r"(?:\.\s?){4,}\s*\w{1,6}$")  # the end of a line in a list of contents
_MAX_HEADING_WORDS = 24
_MAX_HEADING_LINES = 3
_MAX_TITLE_WORDS = 8
_MAX_PARAGRAPH = 6_000  # characters
_LARGER = 1.12
_WIDEST_SPACING = 0.8  # between lines of a paragraph, as a share of the font size


class Styles:
    """Font sizes of a whole document: that of its running text, and the larger ones, which are levels 1, 2,
    ..."""

    def __init__(self, pages: Iterable[ReadPage]) -> None:
        sizes: Counter[float] = Counter()
        for page in pages:
            for line in (ln for element in page.elements if isinstance(element, list) for ln in element):
                sizes[_half(line.size)] += len(line.text)
        self.body = sizes.most_common(1)[0][0] if sizes else 0.0
        larger = sorted((s for s in sizes if s >= _LARGER * self.body), reverse=True)
        self._levels = {size: min(level, 4) for level, size in enumerate(larger, 1)}
        self._lowest = min(len(larger), 4)

    def level(self, group: Lines) -> int:
        """The level of a heading: by its size, then by the depth of its number."""
        by_size = self._levels.get(_half(group[0].size), self._lowest + 1)
        number = _NUMBERED.match(group[0].text)
        return by_size + (number.group(1).count(".") if number else 0)

    def is_large(self, group: Lines) -> bool:
        """Whether a group is set larger than the running text."""
        return min(line.size for line in group) >= _LARGER * self.body


def _half(size: float) -> float:
    return round(size * 2) / 2


def write_page(builder: TextBuilder, page: ReadPage, styles: Styles, dropped: set[int]) -> None:
    """Write one page's elements in their order, without the lines whose ids are ``dropped``."""
    for element in page.elements:
        if isinstance(element, str):
            _write_plain(builder, element)
        elif isinstance(element, list):
            lines = [line for line in element if id(line) not in dropped]
            if lines:
                _write_groups(builder, lines, styles)
        else:
            builder.table(element.rows)


def _write_plain(builder: TextBuilder, text: str) -> None:
    for block in parse_blocks(text):
        body = block.span.of(text)
        if block.kind == "table":
            builder.table([[cell.text for cell in row.cells] for row in block.rows])
        elif block.kind == "heading":
            builder.heading(body, block.level)
        elif block.kind == "item":
            builder.item(body)
        else:
            builder.paragraph(body)


def _write_groups(builder: TextBuilder, lines: Lines, styles: Styles) -> None:
    right = max(line.x1 for line in lines)
    groups: list[Lines] = []
    headings: list[bool] = []
    for group in _grouped(lines, right):
        title = _title_lines(group, right)
        parts = [group[:title], group[title:]] if title else [group]
        groups += parts
        headings += [i < len(parts) - 1 or _is_heading(part, styles) for i, part in enumerate(parts)]
    _demote_lists(groups, headings)
    for group, heading in zip(groups, headings, strict=True):
        text = _text(group, right)
        if heading:
            builder.heading(" ".join(text.split()), styles.level(group) + (not _is_heading(group, styles)))
        elif _marked(text):
            builder.item(text)
        else:
            builder.paragraph(text)


def _marked(text: str) -> bool:
    return bool(_BULLET.match(text) or _LETTERED.match(text))


def _grouped(lines: Lines, right: float) -> list[Lines]:
    """A column's lines gathered into paragraphs."""
    usual = _usual_gap(lines)
    groups: list[Lines] = []
    for line in lines:
        if groups and not _begins(groups[-1], line, usual, right):
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _usual_gap(lines: Lines) -> float:
    between = [(b.top - a.bottom, a.size) for a, b in zip(lines, lines[1:], strict=False)]
    gaps = [gap for gap, size in between if 0 <= gap < 1.5 * size]
    size = lines[0].size
    return min(median(gaps), min(gaps) + 0.5 * size, _WIDEST_SPACING * size) if gaps else 0.0


def _begins(group: Lines, line: Line, usual: float, right: float) -> bool:
    """Whether a line begins a paragraph of its own rather than going on with the group before it."""
    last = group[-1]
    gap = line.top - last.bottom
    if gap > max(usual, 0) + 0.35 * last.size or gap < -1.5 * last.size:
        return True
    if abs(line.size - last.size) > 0.1 * last.size and len(line.text) > 2 and len(last.text) > 2:
        return True
    if _LEADER.search(last.text):
        return True
    room = _has_room(last, line, right)
    ended = bool(_ENDS_SENTENCE.search(last.text))
    alone = len(group) == 1 and abs(line.x0 - last.x0) < 3
    if alone and _FIRST.match(line.text) and not _REFERS.search(last.text):
        return True
    if (_marked(line.text) or _CLAUSE.match(line.text)) and line.x0 < group[0].x0 + 3:
        return ended or room or _marked(group[0].text) or bool(_CLAUSE.match(group[0].text))
    if _BULLET.match(line.text) and (ended or room):
        return True
    if _LABEL.match(line.text) and room and line.x0 < group[0].x0 + 3 and _LABEL.match(group[0].text):
        return True
    if line.bold != last.bold and room and (all(ln.bold for ln in group) or ended):
        return True
    return ended and room and line.x0 <= group[-1].x0 + 3 and len(last.text) > 30 and line.text[:1].isupper()


def _has_room(last: Line, line: Line, right: float) -> bool:
    """Whether the next line's first word would have fitted on the last one: then the break was meant."""
    first = line.words[0]
    return last.x1 + (first.x1 - first.x0) + 1.0 * last.size < right


def _title_lines(group: Lines, right: float) -> int:
    """How many lines at the top of a group are a title: one that was broken off on purpose above running
    text, or none."""
    if len(group) < 3 or not _has_room(group[0], group[1], right) or _has_room(group[1], group[2], right):
        return 0
    first, second = group[0].text, group[1].text
    if len(first.split()) > _MAX_TITLE_WORDS or not first[:1].isupper() or _ENDS.search(first):
        return 0
    if _marked(first) or _CLAUSE.match(first) or _LABEL.match(first) or _CONTACT.search(first):
        return 0
    return int(len(second.split()) >= _MAX_TITLE_WORDS and second[:1].isupper() and not _LABEL.match(second))


def _is_heading(group: Lines, styles: Styles) -> bool:
    text = " ".join(line.text for line in group)
    words = text.split()
    letters = sum(c.isalpha() for c in text)
    if (
        len(words) > _MAX_HEADING_WORDS
        or len(group) > _MAX_HEADING_LINES
        or letters < max(3, 0.4 * len(text))
    ):
        return False
    if text[0].islower() or _BULLET.match(text) or _CONTACT.search(text) or _DATE.fullmatch(text):
        return False
    if styles.is_large(group):
        return not (_ENDS_SENTENCE.search(text) and len(words) > 12)
    if _COVER.match(text) or (_ENDS.search(text) and not text.endswith("?")):
        return False
    capitals = text.upper() == text and letters >= 6 and len(words) <= 10
    small = min(line.size for line in group) < 0.9 * styles.body
    return (capitals or all(line.bold for line in group)) and not small


def _demote_lists(groups: Sequence[Lines], headings: list[bool]) -> None:
    """Three numbered or lettered groups in bold with nothing between them are the items of a list."""
    start = 0
    while start < len(groups):
        end = start
        while (
            end < len(groups) and _LETTERED.match(groups[end][0].text) and all(ln.bold for ln in groups[end])
        ):
            end += 1
        if end - start >= _MAX_HEADING_LINES:
            for i in range(start, end):
                headings[i] = False
        start = max(end, start + 1)


def _text(group: Lines, right: float) -> str:
    """The group as text: breaks that the width forced become spaces, breaks that were meant stay."""
    out = group[0].text
    for last, line in zip(group, group[1:], strict=False):
        if re.search(r"[^\W\d_]-$", out) and line.text[:1].islower():
            out += line.text
        else:
            out += ("\n" if _has_room(last, line, right) else " ") + line.text
    return out


def joined_over_breaks(blocks: Sequence[Block], text: str) -> tuple[Block, ...]:
    """Blocks with every paragraph whole that a page or column break cut: no end of a sentence before the
    break, a small letter after it."""
    out: list[Block] = []
    for block in blocks:
        last = out[-1] if out else None
        if last is not None and _goes_on(last, block, text):
            out[-1] = Block(last.kind, Span(last.span.start, block.span.end), level=last.level)
        else:
            out.append(block)
    return tuple(out)


def _goes_on(last: Block, block: Block, text: str) -> bool:
    if block.kind != "paragraph" or last.kind not in ("paragraph", "item"):
        return False
    if block.span.end - last.span.start > _MAX_PARAGRAPH:
        return False
    before, after = text[max(last.span.start, last.span.end - 8) : last.span.end], text[block.span.start]
    return not _ENDS_SENTENCE.search(before) and after.islower()

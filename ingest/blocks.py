"""Text -> blocks: headings, paragraphs, list items and tables, each with its span.

Works on plain text, on Markdown and on text extracted from PDF alike: what marks a heading, an item or a
table row is looked for line by line, so damaged sources degrade to paragraphs and lose nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.model import Block, BlockKind, Cell, Row, Span
from corpus.text import plain

_HASH = re.compile(r"^\s{0,3}(#{1,6})\s+(.*\S)\s*#*\s*$")
_BOLD = re.compile(r"^\s*\*\*([^*]+)\*\*[\s:]*$")
_ITEM = re.compile(r"^\s*(?:[-*•▪■●○·‣�]|[a-z]\)|\(?[ivx]{1,4}[.)]|\d{1,2}[.)](?=\s+\S))\s+\S", re.I)
_NUMBERED = re.compile(r"^\s*(\d{1,2}(?:\.\d{1,2})*)\.?\s+([A-Z][^.!?]*)$")
_RULE_ROW = re.compile(r"^\s*\|?\s*:?-{2,}:?\s*(\|\s*:?-{2,}:?\s*)*\|?\s*$")
_COMMENT = re.compile(r"<!--.*?-->", re.S)
_END = re.compile(
    r"[.!?;:,]['\"’”)\]]*(?:\s*[-–])?$|\b(?:is|are|was|were)\b.*\d%?$"
)  # also "Training is at 78%"
_CONTINUES = re.compile(r"^\s*[a-z(£]")
_MAX_HEADING_WORDS = 14
_MIN_PIPES = 2


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int  # without the newline
    text: str


def parse_blocks(text: str, start: int = 0) -> tuple[Block, ...]:
    """Cut ``text`` from offset ``start`` on into blocks in reading order; spans are offsets into the whole
    ``text``.

    Every word from ``start`` on lies in exactly one block, HTML comments excepted.
    """
    blocks: list[Block] = []
    group: list[_Line] = []
    for line in [*_lines(text, start), _Line(len(text), len(text), "")]:
        if group and not _belongs(group, line):
            blocks.append(_block(group))
            group = []
        if line.text.strip():
            group.append(line)
    return tuple(_join_broken(_lone_headings(blocks, text), text))


def _lines(text: str, start: int) -> Iterator[_Line]:
    blank = _COMMENT.sub(lambda m: re.sub(r"[^\n]", " ", m.group()), text)
    at = start
    while at < len(text):
        end = blank.find("\n", at)
        end = len(text) if end < 0 else end
        yield _Line(at, end, blank[at:end].replace("\f", " "))
        at = end + 1


def _shape(line: str) -> str:
    """What kind of line this is on its own looks."""
    if not line.strip():
        return "blank"
    if line.strip("\n").count("\t") and line.strip(" ") != "":
        return "tabs"
    if line.lstrip().startswith("|") and line.count("|") >= _MIN_PIPES:
        return "pipes"
    if _HASH.match(line) or _BOLD.match(line):
        return "heading"
    return "item" if _ITEM.match(line) else "prose"


def _belongs(group: list[_Line], line: _Line) -> bool:
    shape, last = _shape(line.text), _shape(group[-1].text)
    if shape in ("tabs", "pipes"):
        return last == shape
    if shape in ("blank", "heading", "item"):
        return False
    return last in ("prose", "item") and not _starts_anew(group[-1].text, line.text)


def _starts_anew(before: str, line: str) -> bool:
    """A numbered clause ("2.3 It is ...") starts a block of its own although no blank line stands before
    it."""
    return bool(re.match(r"^\s*\d{1,2}\.\d{1,2}\s+\S", line)) and bool(_END.search(before.rstrip()))


def _block(group: list[_Line]) -> Block:
    shape = _shape(group[0].text)
    span = Span(group[0].start + _indent(group[0].text), group[-1].start + len(group[-1].text.rstrip()))
    if shape in ("tabs", "pipes"):
        rows = tuple(row for line in group if (row := _row(line, "\t" if shape == "tabs" else "|")))
        return Block("table", Span(group[0].start, span.end), rows=rows)
    if shape == "heading":
        hashes = _HASH.match(group[0].text)
        return Block("heading", span, level=len(hashes.group(1)) if hashes else 6)
    kind: BlockKind = "item" if shape == "item" else "paragraph"
    return Block(kind, span)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _row(line: _Line, separator: str) -> Row | None:
    if separator == "|" and _RULE_ROW.match(line.text):
        return None
    cells, at = [], 0
    body = line.text
    end = line.start + len(body.rstrip())
    if separator == "|":
        at = body.index("|") + 1
        body = body.rstrip()
        body = body[:-1] if body.endswith("|") and len(body) > at else body
    for part in re.split(r"(?<!\\)\|", body[at:]) if separator == "|" else body.split("\t"):
        cells.append(_cell(part, line.start + at, end))
        at += len(part) + 1
    return Row(tuple(cells), Span(line.start + _indent(line.text), end))


def _cell(part: str, start: int, end: int) -> Cell:
    """A cell from a place on; an empty one behind the ``end`` of its row's text stands there."""
    left = min(start + _indent(part), end)
    right = min(start + len(part.rstrip()), end)
    return Cell(plain(part).replace("\\|", "|"), Span(left, max(left, right)))


def _lone_headings(blocks: list[Block], text: str) -> list[Block]:
    """Mark as headings the short lines of unmarked text that stand alone above a longer block."""
    out = []
    for i, block in enumerate(blocks):
        following = blocks[i + 1] if i + 1 < len(blocks) else None
        if block.kind in ("paragraph", "item") and _looks_like_heading(block.span.of(text), following, text):
            numbered = _NUMBERED.match(block.span.of(text))
            level = numbered.group(1).count(".") + 2 if numbered else 5
            block = Block("heading", block.span, level=level)
        out.append(block)
    return out


def _looks_like_heading(line: str, following: Block | None, text: str) -> bool:
    body = line.strip()
    if "\n" in body or following is None or len(body.split()) > _MAX_HEADING_WORDS or _END.search(body):
        return False
    if _NUMBERED.match(body):
        return following.kind != "table" or len(body) > 3
    if not body[0].isupper() or _ITEM.match(line):
        return False
    next_body = following.span.of(text).lstrip("-•* ")
    if following.kind in ("table", "item"):
        return True
    return (
        following.kind == "paragraph" and len(next_body) > 1.5 * len(body) and not _CONTINUES.match(next_body)
    )


def _join_broken(blocks: list[Block], text: str) -> list[Block]:
    """Put together again what a page break or stray blank line cut: no full stop before it, a small letter
    after."""
    out: list[Block] = []
    for block in blocks:
        last = out[-1] if out else None
        if (
            last is not None
            and block.kind == "paragraph"
            and last.kind in ("paragraph", "item")
            and not re.search(r"[.!?:]['\"’”)\]]*\s*$", last.span.of(text))
            and _CONTINUES.match(block.span.of(text))
        ):
            out[-1] = Block(last.kind, Span(last.span.start, block.span.end), level=last.level)
        else:
            out.append(block)
    return out

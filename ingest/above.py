"""What stands above a table: the outcome and priority it belongs to and the words that name what is committed
to.

A table of plans seldom says what it is a table of; that stands in a heading, in a bold or plain line, behind
the name of the priority on one line, or in the last row of the table before.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.model import Block, Cell, Document, Row, Span
from corpus.text import fold, plain
from ingest.tables import is_furniture

_OUTCOME = re.compile(
    r"^(?:shared |strategic |key )?(?:outcome|theme|goal|aim|pillar|ambition|workstream|objective|mission)\s+"
    r"(\d{1,2}|[A-Z])\b\s*[:.–—-]?\s*(.*)$",
    re.I,
)
_ENABLER = re.compile(r"^(enabler|cross-cutting theme|foundation)s?\s*\d*\s*[:–—-]\s*(.+)$", re.I)
_PRIORITY = re.compile(
    r"^(?:strategic |key )?priority(?:\s+(?:\d{1,2}|[A-Z]))?\s*[:–—-]\s*(.+)$", re.I | re.S
)
_PRIORITIES = re.compile(r"^(?:our |key )?priorities\s*:$", re.I)
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_EDGES = re.compile(r"^[^\w'\"‘“(<&£]+|[\s*_:;,#>]+$")
_MAX_NAME_WORDS = 45
_LOOK_BACK = 8
_MANY = 3


@dataclass(frozen=True, slots=True)
class Above:
    """The setting of a table. ``names`` are the lines that name the commitment (usually one); ``outcome`` is
    the outcome's number or name, ``title`` the heading that announces it, where that says what it is."""

    outcome: str | None = None
    outcome_line: str = ""
    priority: Cell | None = None
    names: tuple[Cell, ...] = ()
    title: Cell | None = None

    @property
    def section(self) -> str:
        """A readable path: outcome, then priority."""
        parts = [self.outcome_line, self.priority.text if self.priority else ""]
        return " > ".join(part for part in parts if part)


def tidy(text: str) -> str:
    """A name without marks of emphasis, bullets, stray signs at its ends or page furniture behind it."""
    text = re.sub(r"^#{1,6}\s+", "", text.strip())
    text = re.sub(r"\s+P\s?age\s*(?:\d[\s\d]*)?$", "", plain(text))
    return _EDGES.sub("", text).strip()


def outcome_of(line: str) -> tuple[str, str] | None:
    """Number or name of the outcome that a line announces, with the whole line; None for other lines."""
    text = tidy(line)
    found = _OUTCOME.match(text)
    if found and not found.group(2)[:1].islower():  # "Outcome 2 is on the next page" announces nothing
        return found.group(1), text
    if found := _ENABLER.match(text):
        return found.group(2), text
    return None


class Setting:
    """Reads, for any block of a document, what stands above it."""

    def __init__(self, document: Document) -> None:
        self._doc = document
        self._outcomes = self._find_outcomes()
        self._titles = self._outcome_titles()
        self._known = _priority_names(document)
        self._priorities: dict[int, tuple[Cell, Cell | None] | None] = {}

    def above(self, at: int, swallowed: Row | None = None) -> Above:
        """The setting of the table in block number ``at``; ``swallowed`` is its title where a row above holds
        it."""
        outcome, line, since = self._outcome_before(at)
        priority = self._priority_before(at, since)
        if swallowed is not None:
            return Above(outcome, line, priority[0] if priority else None, (_row_cell(swallowed),))
        names = self._names_before(at, since)
        return Above(outcome, line, priority[0] if priority else None, names, self._title(since))

    def _title(self, at: int) -> Cell | None:
        """The line in block number ``at`` that announces an outcome, where it says more than its number."""
        if at < 0:
            return None
        span = self._doc.blocks[at].span
        first = span.of(self._doc.text).split("\n", 1)[0]
        found = _OUTCOME.match(tidy(first))
        return (
            Cell(tidy(first), Span(span.start, span.start + len(first))) if found and found.group(2) else None
        )

    def _find_outcomes(self) -> list[tuple[int, str, str]]:
        found = []
        for at, block in enumerate(self._doc.blocks):
            if block.kind in ("heading", "paragraph"):
                first = block.span.of(self._doc.text).split("\n", 1)[0]
                if len(first.split()) <= 20 and (hit := outcome_of(first)):
                    found.append((at, *hit))
        return found

    def _outcome_before(self, at: int) -> tuple[str | None, str, int]:
        """Outcome, the line that names it best, and the block that announced it last."""
        before = [hit for hit in self._outcomes if hit[0] < at]
        if not before:
            return None, "", -1
        last = before[-1]
        return last[1], self._titles.get(last[1], last[2]), last[0]

    def _outcome_titles(self) -> dict[str, str]:
        """The line that says most of each outcome; words that stand behind several outcomes are no title of
        one."""
        rests = {line: _OUTCOME.sub(r"\2", line) for _, _, line in self._outcomes}
        shared = Counter(
            rest for rest, _ in {(fold(rests[line]), number) for _, number, line in self._outcomes}
        )
        best: dict[str, str] = {}
        for _, number, line in self._outcomes:
            told = bool(rests[line]) and shared[fold(rests[line])] < _MANY
            if (
                number not in best
                or (told and ":" in line and ":" not in best[number])
                or (told and shared[fold(rests[best[number]])] >= _MANY)
            ):
                best[number] = line
        return best

    def _priority_before(self, at: int, since: int) -> tuple[Cell, Cell | None, int] | None:
        """The nearest "Priority: ..." line, cut in two where a commitment's name is glued to it."""
        for back in range(at - 1, since, -1):
            if hit := self._as_priority(back):
                return (*hit, back)
        return None

    def _as_priority(self, at: int) -> tuple[Cell, Cell | None] | None:
        if at not in self._priorities:
            self._priorities[at] = self._read_priority(self._doc.blocks[at])
        return self._priorities[at]

    def _read_priority(self, block: Block) -> tuple[Cell, Cell | None] | None:
        raw = block.span.of(self._doc.text) if block.kind != "table" else ""
        if "riorit" not in raw[:60].lower() or not (found := _PRIORITY.match(re.sub(r"^[#*\s]+", "", raw))):
            return None
        start = block.span.start + raw.index(found.group(1))
        return self._split_priority(found.group(1), start)

    def _split_priority(self, text: str, start: int) -> tuple[Cell, Cell | None]:
        cut = self._cut_at(text)
        head = Cell(tidy(text[:cut]), Span(start, start + len(text[:cut].rstrip())))
        if not text[cut:].strip():
            return head, None
        left = cut + len(text[cut:]) - len(text[cut:].lstrip())
        return head, Cell(tidy(text[cut:]), Span(start + left, start + len(text.rstrip())))

    def _cut_at(self, text: str) -> int:
        """Where a priority's own name ends: at bold type behind it, or where a name known from elsewhere
        ends."""
        bold = _BOLD.search(text)
        if bold and bold.start() > 0:
            return bold.start()
        folded = fold(text)
        for name in self._known:
            if folded.startswith(name + " ") and (cut := _end_of(name, text)):
                return cut
        return len(text)

    def _names_before(self, at: int, since: int) -> tuple[Cell, ...]:
        """The line nearest above the table that can name a commitment; several where a list of priorities
        stands there."""
        lines: list[Cell] = []
        for back in range(at - 1, max(-1, at - 1 - _LOOK_BACK), -1):
            block = self._doc.blocks[back]
            text = plain(block.span.of(self._doc.text))
            if _PRIORITIES.match(tidy(text) + ":") and lines:
                return tuple(reversed(lines))
            if hit := self._as_priority(back):
                return (hit[1],) if hit[1] and not lines else tuple(lines[:1])
            if block.kind == "table" or back <= since or not _can_name(text):
                break
            if not is_furniture(text):
                lines.append(Cell(tidy(text), block.span))
        return tuple(lines[:1])


def _can_name(text: str) -> bool:
    words = len(text.split())
    return words <= _MAX_NAME_WORDS and not (
        words > _MAX_NAME_WORDS // 2 and re.search(r"[.!?]\s+[A-Z]", text)
    )


def _row_cell(row: Row) -> Cell:
    return Cell(tidy(glue([cell.text for cell in row.cells])), row.span)


def glue(parts: Sequence[str]) -> str:
    """Put together a title that was cut across cells: "behavior" + "viour" overlap, "p" + the whole again
    repeats."""
    out = ""
    for part in parts:
        if not part or is_furniture(part):
            continue
        out = _glue_two(out, part) if out else part
    return out


def _glue_two(left: str, right: str) -> str:
    head = fold(left)
    if fold(right).startswith(head[:-1]) and len(right) > len(left):
        return right
    stem = left.rsplit(" ", 1)[-1]
    for size in range(min(len(stem), len(right)), 0, -1):
        if left.endswith(right[:size]) and (size > 1 or not right[:1].isupper()):
            return left + right[size:]
    nearly = stem.rfind(right[:3]) if len(right) >= 3 else -1
    if nearly > 0 and len(stem) - nearly <= len(right):
        return left[: len(left) - len(stem) + nearly] + right
    return (
        left + right if right[:1].islower() and len(stem) <= 12 and not _is_word(stem) else f"{left} {right}"
    )


def _is_word(stem: str) -> bool:
    return len(stem) >= 4


def _priority_names(document: Document) -> list[str]:
    """Names of priorities known in a document, folded, longest first: headings, and lines "Priority: ..."
    that stand as the start of longer ones."""
    names = set()
    for block in document.blocks:
        text = block.span.of(document.text)
        if block.kind == "table" or "\n" in text.strip() or len(text) > 400:
            continue
        body = re.sub(r"^[#*\s]+", "", text)
        found = _PRIORITY.match(body)
        name = fold(tidy(found.group(1) if found else body))
        if len(name.split()) >= 2:
            names.add(name)
    return sorted(names, key=len, reverse=True)


def _end_of(name: str, text: str) -> int:
    """The offset in ``text`` where the folded ``name`` at its head ends."""
    for cut in range(max(1, len(name) - 8), min(len(text), len(name) + 12) + 1):
        if fold(text[:cut]) == name and (cut == len(text) or not text[cut - 1].isspace()):
            return cut
    return 0

"""Actions that stand in running text under the risk or objective they belong to.

"CR12: Loss of the ferry", then a line with a state ("Partially complete"), then what is being done: each of
them is an entry. A document has such a list when several coded titles are followed by states.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.model import Block, Cell, Document, Span
from corpus.text import plain
from ingest.above import Setting, tidy
from ingest.entries import RawEntry

_CODED = re.compile(r"^([A-Z]{1,6}[ -]?\d{1,5}(?:\.\d+)?)\s*[:–-]\s+(\S.{5,200})$")
_MAYBE = re.compile(r"^[#*\s]*[A-Z]{1,6}[ -]?\d{1,5}(?:\.\d+)?\s*[:–-]\s", re.M)
_STATE = re.compile(
    r"^(?:(?:action|actions|partially|part|regular|fully|not|not yet|in|on|off|nearly|to be)\s+)?"
    r"(?:completed?|outstanding|review(?:ed)?|ongoing|progress|progressing|started|track|closed|overdue|delayed"
    r"|implemented|superseded|proposed|planned|achieved|deferred|withdrawn|due)$",
    re.I,
)
_MIN_TITLES = 2
_TITLE_WORDS = 16


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    span: Span
    block: int


def listed_actions(document: Document, setting: Setting) -> Iterator[RawEntry]:
    """An entry for every action under a coded title, none where a document has fewer than two such titles."""
    if sum(1 for _ in _MAYBE.finditer(document.text)) < _MIN_TITLES:
        return
    found = list(_actions(document))
    titles = {title.span for title, _, _ in found}
    if len(titles) < _MIN_TITLES:
        return
    for title, state, action in found:
        coded = _CODED.match(title.text)
        name = Cell(tidy(coded.group(2)) if coded else title.text, title.span)
        said = _name_of(action)
        yield RawEntry(
            span=Span(state.span.start, action[-1].span.end), above=setting.above(title.block),
            commitment=name, plan=said, leads=None, status=state.text,
            other=(("Reference", coded.group(1)),) if coded else (),
        )  # fmt: skip


def _actions(document: Document) -> Iterator[tuple[_Line, _Line, list[_Line]]]:
    """Title, state and the lines of what is done, for every state that stands under a title."""
    title: _Line | None = None
    state: _Line | None = None
    action: list[_Line] = []
    for line in [*_lines(document), None]:
        starts = line is None or _CODED.match(line.text) or _STATE.match(line.text)
        if starts or _ends(document.blocks[line.block] if line else None, action):
            if title is not None and state is not None and action:
                yield title, state, action
            state, action = None, []
        if line is None:
            return
        if _CODED.match(line.text):
            title = line
        elif _STATE.match(line.text):
            state = line
        elif document.blocks[line.block].kind == "heading" and not (state and not action):
            title = None
        elif title is not None and state is not None:
            action.append(line)


def _ends(block: Block | None, action: list[_Line]) -> bool:
    """Whether a heading or a table ends what is said of an action."""
    return block is not None and bool(action) and block.kind in ("heading", "table")


def _lines(document: Document) -> Iterator[_Line]:
    """The lines of all blocks but tables, whose first line only says where they stand."""
    for n, block in enumerate(document.blocks):
        at = block.span.start
        for line in block.span.of(document.text).split("\n"):
            text = plain(line).strip("# ") if block.kind == "heading" else plain(line)
            if text:
                yield _Line(text, Span(at, at + len(line.rstrip())), n)
            at += len(line) + 1
            if block.kind == "table":
                break


def _name_of(action: list[_Line]) -> Cell:
    """What an action is called: its first line where that is short, else its first sentence."""
    first = action[0]
    rest = any(line.block == first.block for line in action[1:])
    if len(first.text.split()) <= _TITLE_WORDS and (rest or len(action) > 1):
        return Cell(tidy(first.text).rstrip("."), first.span)
    sentence = re.split(r"(?<=[.!?])\s+(?=[A-Z])", first.text)[0]
    return Cell(tidy(sentence).rstrip("."), first.span)

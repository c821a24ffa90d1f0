"""Lists of as many things as a question asks for: "which four communities ...?" is answered by a list of four."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from assistant.draft import Draft, Evidence, Line
from assistant.evidence.retrieve import Hit, Query
from assistant.evidence.units import clean, is_numbered
from assistant.narrative.complete import announces
from assistant.phrases import NUMBERS, figure_of
from assistant.question.understand import AUXILIARY
from corpus.model import Document, Span
from corpus.text import plain
from index.embed import Floats
from index.generation import Index

_FEWEST, _MOST = 3, 12  # things; lists of two are everywhere
_ASKED = re.compile(
    r"\b(?:which|what|name|list|give|tell me|who)\b(?: \S+){0,3}? "
    rf"(?P<number>{'|'.join(NUMBERS[_FEWEST : _MOST + 1])}|[3-9]|1[0-2])\b"
    rf"(?P<noun>(?:-?[ ](?!(?:{AUXILIARY})\b)[\w'-]+){{1,2}})"
)
_LABELLED = re.compile(r"\W*(?P<word>[A-Z][a-z]+) (?:\d{1,2}|[A-Z])\b")  # "Priority 1", "Theme B"
_HITS = 8
_AHEAD = 3  # blocks after a passage in which its list may begin
_BEFORE = 2  # blocks before a list of which one may announce it: a note may stand between
_WORDS = 120
_NOUN_MET, _NOUN_SURE = 0.55, 0.7  # how near in meaning a list must come to the things asked for


def counted(query: Query, hits: Sequence[Hit], index: Index) -> Draft | None:
    """The list of exactly as many items as are asked for that stands in or right after one of the passages found, and
    whose surroundings speak most of such things; None where the question names no number, or no list fits."""
    asked = _ASKED.search(query.text)
    if not asked:
        return None
    number = int(figure_of(asked["number"]))
    noun = (query.encoded.starts >= asked.start("noun")) & (query.encoded.starts < asked.end("noun"))
    best: tuple[float, Hit, Span] | None = None
    for hit in hits[:_HITS]:
        for span in _lists(hit, number):
            score = float(_met(query, hit, span, index)[noun].mean()) if noun.any() else 0.0
            if score >= _NOUN_MET and (best is None or score > best[0]):
                best = score, hit, span
    if best is None:
        return None
    score, hit, span = best
    line = " ".join(clean(span.of(hit.document.text)).split())
    covered = float(index.tokens.maxsim(query.question, hit.position) @ query.question.weights)
    return Draft(
        "narrative",
        (Line(line, (Evidence(hit.document.id, span, hit.passage.section),)),),
        covered,
        named=score >= _NOUN_SURE,
    )


def _met(query: Query, hit: Hit, span: Span, index: Index) -> Floats:
    """How near a list, or the passage that it follows, comes to each word of a question: (q,)."""
    table, starts = index.tokens.table(query.question, hit.position)
    offset = len(hit.passage.context) + 1 - hit.passage.span.start
    inside = (starts >= span.start + offset) & (starts < span.end + offset)
    best: Floats = table[:, inside if inside.any() else slice(None)].max(axis=1, initial=0.0)
    return best


def _lists(hit: Hit, number: int) -> Iterator[Span]:
    """The lists of a number of items that begin in a passage or soon after, each with what announces it."""
    document = hit.document
    blocks = document.blocks
    at = max(0, bisect_right(blocks, hit.span.start, key=lambda block: block.span.start) - 1)
    last = bisect_left(blocks, hit.span.end, key=lambda block: block.span.start) + _AHEAD
    while at < min(last, len(blocks)):
        end = at + 1
        if _list_of(document, at) and not announces(blocks[at], document):  # else it opens a list of its own
            end = _run(document, at)
            opening = _opening(document, at)
            span = Span(blocks[opening].span.start, blocks[end - 1].span.end)
            if end - at == number and len(plain(span.of(document.text)).split()) <= _WORDS:
                yield span
        at = end


def _opening(document: Document, at: int) -> int:
    """The block that announces the list which begins at one; that one where none does."""
    for before in range(at - 1, max(at - 1 - _BEFORE, -1), -1):
        block = document.blocks[before]
        if announces(block, document):
            return before
        if _list_of(document, before):  # of the list before
            break
    return at


def _run(document: Document, at: int) -> int:
    """The block after a run of items of one list."""
    of = _list_of(document, at)
    end = at + 1
    while end < len(document.blocks) and _list_of(document, end) == of:
        end += 1
    return end


def _list_of(document: Document, at: int) -> str:
    """What tells the items of a list from those of another: that they are numbered, or not, or the word before their
    numbers; empty for a block that is no item."""
    raw = document.blocks[at].span.of(document.text)
    if document.blocks[at].kind == "item":
        return "numbered" if is_numbered(raw) else "marked"
    labelled = _LABELLED.match(raw)
    return labelled["word"] if labelled and document.blocks[at].kind == "paragraph" else ""

"""What stands at the edges of pages: printed page numbers, which become labels, and running headers and
footers.

A line counts as running only when the same words stand at the same height on several pages; its first
occurrence stays in the text, so that nothing is lost.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from ingest.readers.pdf_page import ReadPage
from ingest.readers.pdf_words import Line, Word

_ZONE = 0.13
_EDGE_LINES = 3
_NUMBER = re.compile(r"(?<![\w.,£$/-])(\d{1,4}|[ivxlc]{1,7})(?![\w,%/-]|\.\d)")
_PAGE_WORD = re.compile(r"\b(?:page|pg\.?|p\.)\s*$", re.I)
_PAGE_PHRASE = re.compile(r"\bpages?\b|\bof\b|\b[ivxlc]+\b", re.I)
_OF = re.compile(r"^\s*(?:of|/)\s*\d+")
_WORDS = re.compile(r"\w")
_BAR = re.compile(r"\s*[|•·]\s*$|^\s*[|•·]\s")
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_MAX_LABEL = 16
_MIN_RUN = 3


class _Edge(NamedTuple):
    page: int  # index
    line: Line


def read_margins(pages: Sequence[ReadPage]) -> tuple[dict[int, str], set[int]]:
    """Printed labels by page number, and the ids of the lines that are no part of the text: page numbers, and
    running lines after their first occurrence. A page that holds nothing else keeps them."""
    edges = [edge for i, page in enumerate(pages) for edge in _edges(i, page)]
    labels, numbered = _labels(pages, edges)
    dropped = numbered | _running(edges)
    for page in pages:
        lines = [line for element in page.elements if isinstance(element, list) for line in element]
        if len(lines) and all(id(line) in dropped for line in lines) and len(page.elements) == 1:
            dropped -= {id(line) for line in lines}
    return labels, dropped


def _edges(index: int, page: ReadPage) -> list[_Edge]:
    lines = [line for element in page.elements if isinstance(element, list) for line in element]
    top = [line for line in lines if line.bottom < _ZONE * page.height]
    bottom = [line for line in lines if line.top > (1 - _ZONE) * page.height]
    top.sort(key=lambda line: line.top)
    bottom.sort(key=lambda line: -line.bottom)
    return [_Edge(index, line) for line in top[:_EDGE_LINES] + bottom[:_EDGE_LINES]]


def _labels(pages: Sequence[ReadPage], edges: Sequence[_Edge]) -> tuple[dict[int, str], set[int]]:
    """Page numbers: a number at the edge that counts on with the pages, in otherwise equal lines."""
    sequences: dict[tuple[str, int], dict[int, tuple[Line, str]]] = defaultdict(dict)
    for edge in edges:
        for found in _NUMBER.finditer(edge.line.text):
            value = _value(found.group(1))
            if value is not None and _numbers_a_page(edge.line, found):
                style = edge.line.text[: found.start()] + ("#" if found.group(1).isdigit() else "i")
                style += re.sub(r"\d+", "#", edge.line.text[found.end() :])
                label = edge.line.text.strip(" -–—|") if len(edge.line.text) <= _MAX_LABEL else found.group(1)
                sequences[style, value - edge.page][edge.page] = (edge.line, label)
    needed = min(_MIN_RUN, max(2, len(pages)))
    labels: dict[int, str] = {}
    dropped: set[int] = set()
    for run in sorted((s for s in sequences.values() if _is_run(s, needed)), key=len, reverse=True):
        for index, (line, label) in run.items():
            labels.setdefault(pages[index].number, label)
            if index != min(run) or not _says_more(line):
                dropped.add(id(line))
    return labels, dropped


def _says_more(line: Line) -> bool:
    """Whether a line holds other words than a page's number."""
    return bool(re.search(r"[^\W\d_]{3}", _PAGE_PHRASE.sub("", line.text)))


def _numbers_a_page(line: Line, found: re.Match[str]) -> bool:
    """Whether a number stands as page numbers do: alone, after "Page", or apart from a title at its side. A
    number within words ("Outcome 2") is part of a heading, even where it counts on from page to page."""
    before, after = line.text[: found.start()], _OF.sub("", line.text[found.end() :])
    if not _WORDS.search(after) and (_PAGE_WORD.search(before) or not _WORDS.search(before)):
        return True
    if _PAGE_WORD.search(before) and _BAR.match(after):
        return True
    if not after.strip():
        return _BAR.search(before) is not None or _is_apart(line.words[-2:])
    return not before.strip() and (_BAR.match(after) is not None or _is_apart(line.words[:2]))


def _is_apart(words: Sequence[Word]) -> bool:
    return len(words) == 2 and words[1].x0 - words[0].x1 > 1.5 * words[0].size


def _value(text: str) -> int | None:
    if text.isdigit():
        return int(text)
    values = [_ROMAN[c] for c in text]
    total = sum(-v if i + 1 < len(values) and v < values[i + 1] else v for i, v in enumerate(values))
    return total if total <= 60 else None


def _is_run(sequence: dict[int, tuple[Line, str]], needed: int) -> bool:
    """Enough pages, on at least half of those between the first and the last (some pages print no number)."""
    return len(sequence) >= needed and len(sequence) >= 0.5 * (max(sequence) - min(sequence) + 1)


def _running(edges: Sequence[_Edge]) -> set[int]:
    places: dict[tuple[str, int], list[_Edge]] = defaultdict(list)
    for edge in edges:
        places[edge.line.text, round(edge.line.top / 6)].append(edge)
    dropped: set[int] = set()
    for same in places.values():
        on = sorted({edge.page for edge in same})
        if len(on) >= _MIN_RUN and len(on) >= 0.4 * (on[-1] - on[0] + 1):
            dropped |= {id(edge.line) for edge in same if edge.page != on[0]}
    return dropped

"""Splits a board or cabinet pack into its papers: by the catalogue, or else by its agenda and by the cover
lines of its papers."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from corpus.catalogue import Entry, Paper
from corpus.text import plain
from ingest.agenda import agenda_of, names, places_of, titled_pages
from ingest.metadata import find_date
from ingest.source import Source

_COVER = re.compile(r"^[^\w\n]*From:[ \t]*(?=\S)", re.M)
_TO = re.compile(r"^[^\w\n]*To:\W*(.+)$", re.M)
_OTHER = r"(?!\W*[A-Z][\w ()/’'-]{1,30}:|\W*(?:Summary|Recommendation)|[ \t]*#)"
_SUBJECT = re.compile(  # goes on over a blank line only where its first line is long
    rf"^[^\w\n]*Subject:\W*(.{{40,}}\n\s*\n{_OTHER}[^\n.]{{3,80}}$|.+(?:\n{_OTHER}.*\w.*)?)", re.M
)
_SENT = re.compile(r"^\W*(?:Sent|Cc):", re.M | re.I)
_MINUTES = re.compile(r"^[^\w\n]*MINUTES of\b.*", re.M)
_COVER_REACH = 1200  # characters within which To: and Subject: follow From:
_LETTERHEAD = 600  # characters that may stand above a paper's cover lines and belong to it
_SAME = 1500  # characters within which an agenda's and a cover's beginning are that of one paper
_MAX_TITLE = 160


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a source that is one paper; ``told`` is what the catalogue says of it, ``found`` what its
    cover and the agenda say."""

    start: int
    end: int
    told: Mapping[str, str]
    found: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Mark:
    """Where a paper begins, and what stands there about it."""

    start: int
    meta: Mapping[str, str]


def split(source: Source, entry: Entry | None) -> tuple[Piece, ...]:
    """The papers of a source in order; the first piece is what stands before the first paper, which for a
    pack is its agenda. One piece: no pack."""
    text = source.text
    head = dict(entry.meta) if entry else {}
    if entry and entry.papers:
        return _pieces(text, [_Mark(0, head), *_told(text, entry)], told=True)
    marks = _found(source)
    if _is_one(marks, text):
        return (Piece(0, len(text), head, marks[0].meta),)
    first = _Mark(0, {"status": "report"} if marks else {})
    pieces = _pieces(text, [first, *marks], told=False)
    return tuple(replace(piece, told=head) if piece.start == 0 else piece for piece in pieces)


def _pieces(text: str, marks: list[_Mark], *, told: bool) -> tuple[Piece, ...]:
    ends = [mark.start for mark in marks[1:]] + [len(text)]
    made = (
        Piece(mark.start, end, mark.meta if told else {}, {} if told else mark.meta)
        for mark, end in zip(marks, ends, strict=True)
    )
    return tuple(piece for piece in made if text[piece.start : piece.end].strip())


def _is_one(marks: list[_Mark], text: str) -> bool:
    """Whether the only paper is the whole source, but for a letterhead."""
    return len(marks) == 1 and len(text[: marks[0].start].strip()) < _LETTERHEAD


def papers_in(text: str, entry: Entry) -> list[tuple[Paper, int | None]]:
    """The papers that the catalogue names, each with the offset at which it begins; None where no line after
    the paper before begins with its words."""
    at, found = 0, []
    for paper in entry.papers:
        words = r"\s+".join(re.escape(word) for word in paper.starts.split())
        match = re.compile(rf"^[^\w\n]{{0,8}}{words}", re.M).search(text, at)
        found.append((paper, match.start() if match else None))
        at = match.end() if match else at
    return found


def _told(text: str, entry: Entry) -> Iterator[_Mark]:
    shared = {key: entry.meta[key] for key in ("publisher", "date") if key in entry.meta}
    for paper, start in papers_in(text, entry):
        if start is not None:
            yield _Mark(start, shared | dict(paper.meta))


def _found(source: Source) -> list[_Mark]:
    """The papers of the agenda and those with a cover of their own; what both tell of is one paper, whose
    cover knows it better."""
    agenda = agenda_of(source)
    marks = [
        _Mark(place, {"title": item.title, "author": item.author, "status": _status(item.title)})
        for item, place in zip(agenda, places_of(agenda, source), strict=True)
        if place is not None
    ]
    if not agenda:
        marks = [_Mark(at, {"title": title, "status": _status(title)}) for title, at in titled_pages(source)]
    return _merged(marks, list(_covers(source)))


def _merged(items: list[_Mark], covers: list[_Mark]) -> list[_Mark]:
    """The marks of agenda items and of covers in order, each item with the cover of its own paper, if any: the
    one with its title, or else the nearest."""
    left, out = list(items), []
    for cover in covers:
        ranked = sorted(
            (not _same_title(item, cover), abs(item.start - cover.start), n)
            for n, item in enumerate(left)
            if cover.meta["status"] != "minutes"
            or item.meta["status"] == "minutes"
            or item.start == cover.start
        )
        if ranked and (not ranked[0][0] or ranked[0][1] <= _SAME):
            item = left.pop(ranked[0][2])
            start = min(item.start, cover.start) if ranked[0][1] <= _SAME else cover.start
            out.append(_Mark(start, {**item.meta, **cover.meta}))
        else:
            out.append(cover)
    return sorted([*out, *left], key=lambda mark: mark.start)


def _same_title(one: _Mark, other: _Mark) -> bool:
    first, second = one.meta.get("title", ""), other.meta.get("title", "")
    return names(first, second) and names(second, first)


def _status(title: str) -> str:
    if re.match(r"\W*minutes\b", title, re.I):
        return "minutes"
    return "draft" if re.search(r"\bdraft\b", title, re.I) else "report"


def _covers(source: Source) -> Iterator[_Mark]:
    """Cover lines: From, To and Subject close together; or the opening words of minutes. On pages they stand
    at the top of one, and the paper begins with the page."""
    tops = [page.span.start for page in source.pages]
    for start, meta in (*_cover_lines(source.text), *_minutes(source.text)):
        top = tops[bisect_right(tops, start) - 1] if tops else start
        if len(source.text[top:start].strip()) < _LETTERHEAD:
            yield _Mark(top, meta)


def _cover_lines(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    for match in _COVER.finditer(text):
        reach = text[match.end() : match.end() + _COVER_REACH]
        to, subject = _TO.search(reach), _SUBJECT.search(reach)
        if to and subject and to.start() < subject.start() and not _SENT.search(reach[: subject.start()]):
            yield match.start(), _cover_meta(reach[: to.start()], to.group(1), subject.group(1))


def _minutes(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    for match in _MINUTES.finditer(text):
        yield match.start(), {"status": "minutes"}


def _cover_meta(author: str, to: str, subject: str) -> dict[str, str]:
    meta = {"title": plain(subject)[:_MAX_TITLE], "author": plain(author)[:_MAX_TITLE], "status": "report"}
    date = find_date(plain(to))
    return meta | ({"date": date} if date else {})

"""Splits a board or cabinet pack into its papers: by the catalogue, or by its cover lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from corpus.catalogue import Entry
from corpus.text import plain
from ingest.metadata import find_date

_COVER = re.compile(r"^\W*From:[ \t]*\S", re.M)
_TO = re.compile(r"^\W*To:\W*(.+)$", re.M)
_SUBJECT = re.compile(
    r"^\W*Subject:\W*(.+(?:\n(?:\s*\n)?(?!\W*(?:Classification|Status|Summary|Key|Past|From|To)\b).+)?)", re.M
)
_MINUTES = re.compile(r"^\W*MINUTES of\b.*", re.M)
_COVER_REACH = 1200  # characters within which To: and Subject: follow From:
_MAX_TITLE = 160


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a source that is one paper; ``meta`` is what the split itself knows of it."""

    start: int
    end: int
    meta: Mapping[str, str]
    known: bool  # told by the catalogue rather than found in the text


def split(text: str, entry: Entry | None) -> tuple[Piece, ...]:
    """The papers of ``text`` in order; the first piece is what stands before the first paper. One piece: no
    pack."""
    starts = list(_told(text, entry)) if entry and entry.papers else list(_found(text))
    known = bool(entry)
    head = (0, dict(entry.meta) if entry else {})
    marks = [head, *starts]
    ends = [at for at, _ in starts] + [len(text)]
    pieces = (Piece(at, end, meta, known) for (at, meta), end in zip(marks, ends, strict=True))
    return tuple(piece for piece in pieces if text[piece.start : piece.end].strip())


def _told(text: str, entry: Entry) -> Iterator[tuple[int, dict[str, str]]]:
    at = 0
    shared = {key: entry.meta[key] for key in ("publisher", "date") if key in entry.meta}
    for paper in entry.papers:
        words = r"\s+".join(re.escape(word) for word in paper.starts.split())
        match = re.compile(rf"^[^\w\n]{{0,8}}{words}", re.M).search(text, at)
        if match:
            at = match.end()
            yield match.start(), shared | dict(paper.meta)


def _found(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Cover lines: From, To and Subject close together; or the opening words of minutes."""
    marks: list[tuple[int, dict[str, str]]] = []
    for match in _COVER.finditer(text):
        reach = text[match.start() : match.start() + _COVER_REACH]
        to, subject = _TO.search(reach), _SUBJECT.search(reach)
        if to and subject and to.start() < subject.start():
            marks.append((match.start(), _cover_meta(reach, to.group(1), subject.group(1))))
    for match in _MINUTES.finditer(text):
        marks.append((match.start(), {"title": plain(match.group())[:_MAX_TITLE], "status": "minutes"}))
    marks.sort(key=lambda mark: mark[0])
    return iter(
        marks if len(marks) > 1 or (marks and marks[0][0] > 0 and text[: marks[0][0]].strip()) else []
    )


def _cover_meta(reach: str, to: str, subject: str) -> dict[str, str]:
    author = plain(reach[: reach.find("\n\n")].removeprefix("From:"))
    meta = {"title": plain(subject)[:_MAX_TITLE], "author": author[:_MAX_TITLE], "status": "report"}
    date = find_date(plain(to))
    return meta | ({"date": date} if date else {})

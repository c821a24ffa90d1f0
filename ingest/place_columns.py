"""Priorities of places in text whose columns were run together: "Felpersham • Housing (SO 2)\\n• Young people
(SO 1)".

A list a place can be read as it stands, for the place's name comes before its bullets. Where the lists of
several partnerships stood side by side, only the bullets are left in their order; whose they are is told by
another document that has the same bullets in a table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from corpus.model import Document, Priority, Span
from corpus.text import fold, plain
from ingest.making import Maker
from ingest.places import outcomes_of, period_of
from ingest.roles import role_of

_BULLET = re.compile(r"[•▪●]\s*")
_HEADER = re.compile(r"^\s*(\S+(?:\s\S+){0,3}?)\s+((?:local |agreed )?priorities\b.{0,40})$", re.I)
_MIN_RUN = 6
_AGREE = 0.7
_SAME = 90.0


@dataclass(frozen=True, slots=True)
class _Bullet:
    text: str
    span: Span


def listed_by_place(document: Document, maker: Maker) -> Iterator[Priority]:
    """Priorities under a run-together header such as "District Priorities for 2024 to 2026"."""
    tables = [block.span for block in document.blocks if block.kind == "table"]
    lines = _lines(document.text)
    at = 0
    while at < len(lines):
        line = lines[at].of(document.text)
        found = None if "\t" in line or "|" in line else _HEADER.match(line)
        inside = any(t.start <= lines[at].start < t.end for t in tables)
        at += 1
        if found and role_of(found.group(1)) == "place" and not inside:
            period = period_of(found.group(2))
            stop = _end(document.text, lines, at)
            yield from _by_place(document, lines[at:stop], period, maker)
            at = stop


def _lines(text: str) -> list[Span]:
    out, start = [], 0
    for line in text.split("\n"):
        out.append(Span(start, start + len(line)))
        start += len(line) + 1
    return out


def _end(text: str, lines: Sequence[Span], at: int) -> int:
    """Where the list ends: three blank lines, or a line with no bullet near it."""
    blanks, last = 0, at
    for n in range(at, len(lines)):
        line = lines[n].of(text)
        if not line.strip():
            blanks += 1
            if blanks >= 3:
                break
            continue
        if _HEADER.match(line) and role_of(line.split()[0]) == "place":
            break
        blanks, last = 0, n + 1
    return last


def _by_place(
    document: Document, lines: Sequence[Span], period: str | None, maker: Maker
) -> Iterator[Priority]:
    place, start, end = "", 0, 0
    bullets: list[Span] = []
    for line in [*lines, None]:
        text = line.of(document.text) if line else ""
        cut = _BULLET.search(text)
        head = text[: cut.start()].strip() if cut else ""
        if (head and cut) or line is None:
            if place:
                yield from _records(document, place, bullets, Span(start, end), period, maker)
            place, bullets, start = plain(head), [], line.start if line else 0
        if line is None or not text.strip():
            continue
        end = line.start + len(text.rstrip())
        if cut:
            bullets.append(Span(line.start + cut.end(), end))
        elif bullets:
            bullets[-1] = Span(bullets[-1].start, end)


def _records(
    document: Document, place: str, bullets: Sequence[Span], whole: Span, period: str | None, maker: Maker
) -> Iterator[Priority]:
    real = [b for b in bullets if re.search(r"[A-Za-z]{2}", b.of(document.text))]
    if not real:
        yield Priority(**maker.base("priority", whole, place), place=place, text="", period=period)
    for bullet in real:
        outcomes, text = outcomes_of(plain(bullet.of(document.text)))
        yield Priority(
            **maker.base("priority", bullet, place), place=place, text=text, outcomes=outcomes, period=period
        )


def side_by_side(document: Document, others: Sequence[Priority], maker: Maker) -> Iterator[Priority]:
    """Runs of bullets with outcomes behind them, given to the places that another document names for the same
    run."""
    for run in _runs(document):
        agreements = [_agreement(run, theirs) for theirs in _sequences(others, document.id)]
        best = max(agreements, key=lambda found: found[0], default=(0.0, []))
        if best[0] < _AGREE:
            message = f"{len(run)} priorities stand in columns run together; whose they are is not known"
            maker.find("list unread", message, Span(run[0].span.start, run[-1].span.end))
            continue
        for bullet, twin in zip(run, best[1], strict=True):
            outcomes, text = outcomes_of(bullet.text)
            why = f"columns run together; its place is read from the same list in {twin.document}"
            yield Priority(
                **maker.base("priority", bullet.span, twin.place, why), place=twin.place, text=text,
                outcomes=outcomes,                 period=twin.period,
            )  # fmt: skip


def _runs(document: Document) -> Iterator[list[_Bullet]]:
    """Bullets outside tables, each with outcomes in brackets, many in a row."""
    run: list[_Bullet] = []
    for block in [*document.blocks, None]:
        raw = block.span.of(document.text) if block else ""
        bullet = _BULLET.match(raw)
        if block and block.kind != "table" and bullet and re.search(r"\(\s*[A-Z]{2}\s[\d,\s]+\)\s*$", raw):
            span = Span(block.span.start + bullet.end(), block.span.end)
            run.append(_Bullet(plain(span.of(document.text)), span))
            continue
        if len(run) >= _MIN_RUN:
            yield run
        run = []


def _sequences(others: Sequence[Priority], document: str) -> Iterator[list[Priority]]:
    for other in dict.fromkeys(p.document for p in others):
        if other != document:
            yield [p for p in others if p.document == other and p.text]


def _agreement(run: Sequence[_Bullet], theirs: Sequence[Priority]) -> tuple[float, list[Priority]]:
    """How much of a run stands in the same order in another document, and the records it meets there."""
    best: tuple[float, list[Priority]] = (0.0, [])
    for start in range(len(theirs) - len(run) + 1):
        window = list(theirs[start : start + len(run)])
        same = sum(
            fuzz.ratio(fold(outcomes_of(b.text)[1]), fold(p.text)) >= _SAME
            for b, p in zip(run, window, strict=True)
        )
        if same / len(run) > best[0]:
            best = (same / len(run), window)
    return best

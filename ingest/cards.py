"""Indicators set out as cards: a name and its rating above, "Latest: 97%", "Target: 97%" and the like
below."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from corpus.model import Cell, Indicator, Row, Span
from ingest.above import Setting
from ingest.indicators import population_of
from ingest.making import Maker
from ingest.roles import role_of
from ingest.tables import Table
from ingest.values import Direction, aim_of, value_of

_LABEL = re.compile(r"(?:^|(?<=[\s,;|]))([A-Z][a-z]+(?: [A-Za-z]+){0,2})(?::\s*|\s+(?=[-–£]?\d))")
_RATING = re.compile(r"^(?:red|amber|green|yellow|blue|on track|off track|at risk|complete[d]?)$", re.I)
_MAX_ROWS = 4


def card_indicators(tables: Sequence[Table], setting: Setting, maker: Maker) -> Iterator[Indicator]:
    """An indicator for every small table that names a measure and labels its figures."""
    accountable: tuple[tuple[str, str], ...] = ()
    for table in tables:
        rows = [row for row in (table.header, *table.rows) if row is not None]
        accountable = _accountable(rows) or accountable
        labels = _labels(rows)
        roles = {role_of(label) for label, _ in labels}
        if (
            len(rows) <= _MAX_ROWS
            and "target" in roles
            and len(roles & {"target", "actual", "baseline"}) >= 2
        ):
            yield replace(
                card := _card(table, rows, labels, setting, maker), other=(*card.other, *accountable)
            )


def _accountable(rows: Sequence[Row]) -> tuple[tuple[str, str], ...]:
    """Who answers for the cards that follow, where a small table says nothing else: ("Director", "..."). Empty
    for other tables."""
    pairs = [tuple(cell.text for cell in row.cells) for row in rows]
    whole = all(len(pair) == 2 and role_of(pair[0]) == "lead" and pair[1] for pair in pairs)
    return tuple((pair[0], pair[1]) for pair in pairs) if pairs and whole else ()


def _labels(rows: Sequence[Row]) -> list[tuple[str, str]]:
    """The labelled figures of a card: ("Target", "97%"), ("Floor", "90%"); the colon may be missing before a
    figure."""
    out: list[tuple[str, str]] = []
    for row in rows[1:]:
        for cell in row.cells:
            starts = list(_LABEL.finditer(cell.text))
            if not starts or starts[0].start():
                continue
            ends = [m.start() for m in starts[1:]] + [len(cell.text)]
            for found, end in zip(starts, ends, strict=True):
                value = cell.text[found.end() : end].strip(" ,;|")
                if value:
                    out.append((found.group(1), value))
    return out


def _card(
    table: Table, rows: Sequence[Row], labels: Sequence[tuple[str, str]], setting: Setting, maker: Maker
) -> Indicator:
    name = next(cell for cell in rows[0].cells if cell.text)
    rating = next((cell for cell in rows[0].cells if _RATING.match(cell.text)), None)
    target = next((text for label, text in labels if role_of(label) == "target"), None)
    baseline = next((text for label, text in labels if role_of(label) == "baseline"), None)
    limit = next((text for label, text in labels if role_of(label) == "limit"), None)
    rest = [(label, text) for label, text in labels if role_of(label) not in ("target", "baseline")]
    above = setting.above(table.block)
    return Indicator(
        **maker.base("indicator", Span(rows[0].span.start, rows[-1].span.end), above.outcome_line),
        number=None, text=name.text, outcome=above.outcome, target=value_of(target) if target else None,
        baseline=value_of(baseline) if baseline else None,
        direction=_better(target, limit) or aim_of(name.text).direction,
        population=population_of(name.text), other=(*rest, *_rated(rating)),
    )  # fmt: skip


def _better(target: str | None, floor: str | None) -> Direction:
    """Which way is better, from a target and the least that is tolerated."""
    aim, least = (value_of(text).number if text else None for text in (target, floor))
    if aim is None or least is None or aim == least:
        return ""
    return "up" if aim > least else "down"


def _rated(rating: Cell | None) -> tuple[tuple[str, str], ...]:
    return (("RAG", rating.text),) if rating else ()

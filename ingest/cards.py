"""Indicators set out as cards: a name and its rating above, "Latest: 97%", "Target: 97%" and the like
below."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from corpus.model import Cell, Indicator, Row, Span
from ingest.above import Setting
from ingest.indicators import population_of
from ingest.making import Maker
from ingest.roles import role_of
from ingest.tables import Table
from ingest.values import aim_of, value_of

_LABELLED = re.compile(r"^([A-Z][A-Za-z ]{2,20}):\s*(\S.*)$")
_PART = re.compile(r",\s*(?=[A-Z][A-Za-z ]{2,20}:\s)")
_RATING = re.compile(r"^(?:red|amber|green|yellow|blue|on track|off track|at risk|complete[d]?)$", re.I)
_MAX_ROWS = 4


def card_indicators(tables: Sequence[Table], setting: Setting, maker: Maker) -> Iterator[Indicator]:
    """An indicator for every small table that names a measure and labels its figures."""
    for table in tables:
        rows = [row for row in (table.header, *table.rows) if row is not None]
        labels = _labels(rows)
        roles = {role_of(label) for label, _ in labels}
        if (
            len(rows) <= _MAX_ROWS
            and "target" in roles
            and len(roles & {"target", "actual", "baseline"}) >= 2
        ):
            yield _card(table, rows, labels, setting, maker)


def _labels(rows: Sequence[Row]) -> list[tuple[str, str]]:
    """The labelled figures of a card: ("Target", "97%"), ("Floor", "90%")."""
    out = []
    for row in rows[1:]:
        for cell in row.cells:
            out += [
                (m.group(1), m.group(2).strip())
                for part in _PART.split(cell.text)
                if (m := _LABELLED.match(part))
            ]
    return out


def _card(
    table: Table, rows: Sequence[Row], labels: Sequence[tuple[str, str]], setting: Setting, maker: Maker
) -> Indicator:
    name = next(cell for cell in rows[0].cells if cell.text)
    rating = next((cell for cell in rows[0].cells if _RATING.match(cell.text)), None)
    target = next((text for label, text in labels if role_of(label) == "target"), None)
    baseline = next((text for label, text in labels if role_of(label) == "baseline"), None)
    rest = [(label, text) for label, text in labels if role_of(label) not in ("target", "baseline")]
    above = setting.above(table.block)
    return Indicator(
        **maker.base("indicator", Span(rows[0].span.start, rows[-1].span.end), above.outcome_line),
        number=None, text=name.text, outcome=above.outcome, target=value_of(target) if target else None,
        baseline=value_of(baseline) if baseline else None, direction=aim_of(name.text).direction,
        population=population_of(name.text), other=(*rest, *_rated(rating)),
    )  # fmt: skip


def _rated(rating: Cell | None) -> tuple[tuple[str, str], ...]:
    return (("RAG", rating.text),) if rating else ()

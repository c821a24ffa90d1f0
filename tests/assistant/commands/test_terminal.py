"""Tables that people read: every row fits, and every cell is whole."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from assistant.commands.terminal import drawn, print_table

CELLS = st.text("abc é漢-", max_size=30)
TABLES = st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=4)


def test_a_table(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    print_table(
        [
            {"plan": "Hay Strategy", "leads": ("Borset Farm Alliance", "BCC"), "status": None, "quote": "x"},
            {"plan": "Barn [TBC]", "leads": (), "status": None, "quote": "y"},
        ],
        "entries",
    )
    assert capsys.readouterr().out.splitlines() == [
        "plan         │ leads                    ",
        "─────────────┼──────────────────────────",
        "Hay Strategy │ Borset Farm Alliance; BCC",
        "Barn [TBC]   │                          ",
        "2 entries",
    ]


@given(TABLES, st.integers(30, 80))
def test_lines_fit_and_cells_are_whole(rows: list[list[str]], width: int) -> None:
    head, rule, *body = drawn([["one", "two", "three"], *rows], width)
    assert {cell_len(line) for line in "\n".join([head, rule, *body]).splitlines()} == {cell_len(rule)}
    assert cell_len(rule) <= width
    for row, lines in zip(rows, body, strict=True):
        columns = zip(*(line.split(" │ ") for line in lines.splitlines()), strict=True)
        assert [_bare("".join(parts)) for parts in columns] == [_bare(cell) for cell in row]


def _bare(text: str) -> str:
    return re.sub(r"\s", "", text)

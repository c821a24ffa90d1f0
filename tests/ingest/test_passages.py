"""Passages of a document: the names of a table's columns and the headings above."""

from __future__ import annotations

import pytest
from register_texts import document

from ingest.passages import passages_of


@pytest.mark.parametrize(
    ("head", "columns"),
    [
        ("\t202\t24-25\t202\t25-26", ("", "2024-25", "2024-25", "2025-26", "2025-26")),
        ("\t20\t24/25\t20\t25/26", ("", "2024/25", "2024/25", "2025/26", "2025/26")),
        ("Item\tage\t24-25\tage\t25-26", ("Item", "age", "24-25", "age", "25-26")),
    ],
)
def test_a_year_cut_in_two_names_both_columns(head: str, columns: tuple[str, ...]) -> None:
    rows = passages_of(document(f"{head}\nWages\t£3m\t\t£4m\t\nTotal\t\t£3m\t\t£4m\n"))
    assert {row.columns for row in rows[1:]} == {columns}


def test_the_row_of_the_names_keeps_its_own() -> None:
    """By which it is known as what only names the columns."""
    first, *_ = passages_of(document("\t202\t24-25\nWages\t£3m\t\nTotal\t\t£3m\n"))
    assert first.columns == ("", "202", "24-25")


def test_a_row_that_begins_in_a_later_column_has_the_names_from_there_on() -> None:
    rows = passages_of(document("Aim\tScheme\tLed by\nClean air\tBus lanes\tBorley\n\tCycle paths\tTansy\n"))
    assert [row.columns for row in rows[1:]] == [("Aim", "Scheme", "Led by"), ("Scheme", "Led by")]


def test_columns_that_rows_fill_both_are_two() -> None:
    """Ages that only look like parts of a year."""
    rows = passages_of(document("Age\t20\t21-22\tolder\nBorley\t5\t6\t9\n"))
    assert {row.columns for row in rows} == {("Age", "20", "21-22", "older")}


def test_a_name_over_an_empty_column_belongs_to_the_one_beside_it() -> None:
    """One row of ten may fill both. Not where its own column holds something in more."""
    amounts = "Quays\t\t3.1\t\t4.2\n" * 10
    rows = passages_of(document(f"Grant\t2024-25\t\t2025-26\t\nTugs\t1.0\t2.0\t1.5\t2.5\n{amounts}"))
    assert {row.columns for row in rows[1:]} == {("Grant", "", "2024-25", "", "2025-26")}
    rows = passages_of(document("Grant\t2024-25\t\t2025-26\nQuays\t3.1\t£m\t4.2\nTugs\t5.0\t£m\t6.3\n"))
    assert {row.columns for row in rows[1:]} == {("Grant", "2024-25", "", "2025-26")}


@pytest.mark.parametrize(
    ("heads", "columns"),
    [
        (
            "Grant\t2024-25\t\t2025-26\t\n\tCore\tAll\tCore\tAll\n",
            ("Grant", "2024-25 Core", "2024-25 All", "2025-26 Core", "2025-26 All"),
        ),
        (  # headings in the middle of their columns
            "\t2024-25\t\t\t2025-26\t\nCore\tOther\tAll\tCore\tOther\tAll\n£m\t£m\t£m\t£m\t£m\t£m\n",
            (
                *("2024-25 Core £m", "2024-25 Other £m", "2024-25 All £m"),
                *("2025-26 Core £m", "2025-26 Other £m", "2025-26 All £m"),
            ),
        ),
        (  # one heading over the two last columns
            "\t31-Mar-30\t30-Sep-30\t\nFund\tValue\tReturn\t\n\t\tHalf\tYear\n\t£m\t%\t%\n",
            ("Fund", "31-Mar-30 Value £m", "30-Sep-30 Return Half %", "Return Year %"),
        ),
        ("Risk\tScore\tCost\n\t\t£m\n", ("Risk", "Score", "Cost £m")),
    ],
)
def test_headings_of_columns_may_run_over_several_rows(heads: str, columns: tuple[str, ...]) -> None:
    """Units among them; one over several columns is for each of them."""
    body = "\t".join(
        ["Quays" if columns[0] in ("Grant", "Fund", "Risk") else "0.5", *["3.1"] * (len(columns) - 1)]
    )
    rows = passages_of(document(f"{heads}{body}\n{body.replace('3', '4')}\n"))
    assert {row.columns for row in rows[heads.count(chr(10)) :]} == {columns}
    for row, head in zip(rows, heads.splitlines(), strict=False):
        assert row.columns == tuple(head.split("\t"))  # what only names columns keeps its own


def test_a_row_with_a_name_of_its_own_is_no_heading() -> None:
    """Though its cells hold no figures yet."""
    rows = passages_of(
        document("Area\t2030\t2031\nBorley\tnot known\tnot known\nTansy\t41\t52\nUpton\t43\t54\n")
    )
    assert {row.columns for row in rows[1:]} == {("Area", "2030", "2031")}


@pytest.mark.parametrize(
    ("years", "between", "known"),
    [
        (6, "Reserves", True),
        (2, "Reserves", False),  # as narrow as many
        (6, "The board met in the new hall and thanked its pilots for a year of calm.", False),
        (6, "Boat\tOwner\nTug\tMrs Vale\n", False),
    ],
)
def test_a_wide_table_that_goes_on_has_the_columns_of_the_one_before(
    years: int, between: str, known: bool
) -> None:
    """Under a heading, if it begins with figures and is as wide; not behind a paragraph or another table."""
    columns = ("Fund", *(str(2030 + n) for n in range(years)))
    body = ["\t".join((name, *["3.1"] * years)) for name in ("Quays", "Tugs", "Piers", "Moles")]
    head = "\t".join(columns)
    text = f"{head}\n{body[0]}\n{body[1]}\n\n{between}\n\n{body[2]}\n{body[3]}\n"
    rows = [row for row in passages_of(document(text)) if "Piers" in row.text]
    assert {row.columns for row in rows} == {columns if known else ()}


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("\tMale\tFemale\nPier\t12\t30\nMill\t14\t33\nTotal\t135\t171\n", ("", "Male", "Female")),
        ("\tLead\tStart\nHarbour\tVale\tTBC\nPier\t14\t33\n", ("", "Lead", "Start")),
    ],
)
def test_a_row_under_a_blank_corner_is_no_heading(text: str, columns: tuple[str, ...]) -> None:
    """Small figures are figures, too."""
    assert {row.columns for row in passages_of(document(text))} == {columns}


def test_a_row_of_amounts_names_no_columns() -> None:
    """A row of years does, in order and over other things, as does one of numbers."""
    rows = passages_of(document("27,481.5\t14.2\tReserves\t42,884.9\n1,429.8\t0.0\tNET\t1,530.8\n"))
    assert {row.columns for row in rows} == {()}
    rows = passages_of(document("Boats\t2022\t2023\nTugs\t4\t5\nPunts\t6\t7\n"))
    assert {row.columns for row in rows[1:]} == {("Boats", "2022", "2023")}
    rows = passages_of(document("Ward\t1\t2\t3\t4\tTotal\nQuay\t5\t6\t7\t8\t26\n"))
    assert {row.columns for row in rows[1:]} == {("Ward", "1", "2", "3", "4", "Total")}
    rows = passages_of(document("Adopted\t2019\nReviewed\t2021\n"))
    assert {row.columns for row in rows} == {()}
    rows = passages_of(document("Quay\t2019\t2021\nPier\t2020\t2022\n"))
    assert {row.columns for row in rows} == {()}


PARTS = """Harbour Data

1. Background

The harbour counts boats by the day.

2. Boats

Boats are counted by the week.

Moor Data

3. Background

The moor counts sheep by the year.

1. Notes

These notes belong to neither of the two.

2. Thanks

We thank all who counted for their help.
"""


def test_a_part_stands_above_its_chapters_and_ends_where_they_count_anew() -> None:
    sections = {passage.section for passage in passages_of(document(PARTS))}
    assert sections == {
        "Harbour Data > 1. Background",
        "Harbour Data > 2. Boats",
        "Moor Data > 3. Background",
        "1. Notes",
        "2. Thanks",
    }


def test_one_heading_over_a_chapter_is_no_part() -> None:
    text = PARTS.split("Moor Data")[0]
    assert {passage.section for passage in passages_of(document(text))} == {"1. Background", "2. Boats"}


def test_a_long_row_keeps_each_cell_under_its_own_name() -> None:
    """Also one that begins in a later column."""
    long = "Cycle paths along the river. " * 30
    rows = passages_of(document(f"Aim\tScheme\tLed by\nClean air\tBus lanes\tBorley\n\t{long}\tTansy\n"))
    assert {row.columns for row in rows[2:]} == {("Scheme",), ("Led by",)}


def test_a_row_with_an_empty_cell_does_not_go_on_from_the_one_before() -> None:
    """A long row whose text ends without a stop, then a place with nothing beside it."""
    rows = passages_of(
        document(
            "Place\tAims for the coming years\nBorley\tKeep the quays open to all who sail\nTansy\t\nUpton\tWalk\n"
        )
    )
    assert [row.text.strip() for row in rows[1:3]] == ["Borley\tKeep the quays open to all who sail", "Tansy"]

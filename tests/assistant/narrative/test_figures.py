"""Figures out of tables, over an invented council's report."""

from __future__ import annotations

import pytest

from assistant.question.understand import read_question
from assistant.service import Assistant
from tests.assistant.conftest import OverPapers

REPORT = """# Wexmouth housing report 2023-24

## Repairs

Table 1: Repairs reported

| Repairs | 2021/22 | 2022/23 | 2023-24 |
|---|---|---|---|
| Heating | 310 | 325 | 402 |
| Windows | 88 | 97 | 120 |
| Total | 398 | 422 | 522 |

Table 2: Complaints about repairs

| Complaints | Number | Percentage |
|---|---|---|
| Heating | 41 | 62% |
| Windows | 25 | 38% |

## Money

| Budget | 24-25 | 25-26 |
|---|---|---|
| Council Tax | £58.9m | £61.4m |
| Grants | £12.0m | £9.5m |
"""

# A line cut the years of the first table in two; sums stand to the right of their parts.
ACCOUNTS = """# Borley accounts

Table 1 – Summary of the plan

\t202\t24-25\t202\t25-26
Spending\t\t£20.5m\t\t£14.2m
Wages\t£8.1m\t\t£7.7m\t
Other\t£12.4m\t\t£6.5m\t
Income\t\t£19.1m\t\t£13.3m
Fees\t£4.0m\t\t£3.0m\t
Other\t£15.1m\t\t£10.3m\t
Reserves\t\t-£1.4m\t\t(£0.9m)

Table 1a – Further income

2024-25\tFurther income\t2025-26
4,117.5\tHarbour Levy\t4,230.0
312\tHarbour moorings\t340

Table 1b – Boats

Boats\tNumber moored\tPercentage of moorings
Sailing boats\t44\t12

Table 2 – Visitors

Visitors\t2023/24 number\t% change from 2022/23
Library\t512\t-3%
Museum\t640\t−4%
Gallery\t700\t- 5%
"""

REFERRALS = """# Borley and Tansy joint report

Borley Council Data

1. Background

The council counts what it is sent.

2. New Referrals

Referrals\t2021/22\t2022/23
Form 12\t262\t281
Other\t6\t27
Total\t268\t308

Tansy District Council Data

3. Background

The district counts by the day.

4. Closed Referrals

There were few of them, as Form 12 was new.
"""


@pytest.fixture(scope="module")
def accounts(over_papers: OverPapers) -> Assistant:
    """An assistant over papers of two other councils."""
    return over_papers({"accounts.txt": ACCOUNTS, "referrals.txt": REFERRALS})


@pytest.fixture(scope="module")
def council(over_papers: OverPapers) -> Assistant:
    """An assistant over the report."""
    return over_papers({"housing-report.md": REPORT})


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("How many heating repairs were reported in 2022/23?", "325"),
        ("how many window repairs in 2023/24", "120"),
        ("How many repairs were reported in 2021-22?", "398"),
        ("What percentage of complaints were about heating?", "62%"),
        ("How many complaints were about windows?", "25"),
        ("What Council Tax budget is there for 2025-26?", "£61.4m"),
        ("heating repairs 2021/22", "310"),
        ("What was the total of heating repairs in 2023-24?", "402"),
    ],
)
def test_the_cell_where_row_and_column_meet_comes_first(
    council: Assistant, question: str, value: str
) -> None:
    """By the names of both, years however they are written, the total where no row is named."""
    answer = council.ask(question)
    assert answer.answered and answer.text.startswith(f"{value}: "), answer.text
    assert value in answer.citations[0].quote


@pytest.mark.parametrize(
    "question",
    [
        "How many heating repairs were reported in 2019/20?",  # no such column
        "How many lift repairs were reported in 2022/23?",  # no such row
        "Who reported heating repairs in 2022/23?",
        "How many parking fines were there in 2022/23?",
    ],
)
def test_no_other_cell_stands_in(council: Assistant, question: str) -> None:
    """Another year's figure, or another row's, is not given."""
    assert council.figures.draft(read_question(question), frozenset(council.index.documents)) is None


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("reserves 2024-25", "-£1.4m"),
        ("reserves 2025-26", "(£0.9m)"),
        ("library visitors % change from 2022/23", "-3%"),
        ("museum visitors % change from 2022/23", "−4%"),
        ("gallery visitors % change from 2022/23", "- 5%"),
    ],
)
def test_a_negative_figure_keeps_its_sign(accounts: Assistant, question: str, value: str) -> None:
    """Which is no list mark, in the answer as in the quote."""
    answer = accounts.ask(question)
    assert answer.text.startswith(f"{value}: "), answer.text
    assert value in answer.citations[0].quote


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("how much are wages in 2025-26", "£7.7m: Wages, 2025-26"),
        ("spending 2024-25", "£20.5m: Spending, 2024-25"),
    ],
)
def test_a_year_that_a_line_cut_in_two_is_read_whole(accounts: Assistant, question: str, value: str) -> None:
    assert accounts.ask(question).text.startswith(value)


@pytest.mark.parametrize(
    ("question", "value"), [("other spending 2024-25", "£12.4m"), ("other income 2025-26", "£10.3m")]
)
def test_a_part_is_found_by_the_sum_above_it(accounts: Assistant, question: str, value: str) -> None:
    assert accounts.ask(question).text.startswith(f"{value}: Other")


@pytest.mark.parametrize(
    ("question", "value"),
    [("how many sailing boats are there?", "44"), ("what percentage of moorings have sailing boats?", "12")],
)
def test_a_share_is_told_by_its_column(accounts: Assistant, question: str, value: str) -> None:
    assert accounts.ask(question).text.startswith(f"{value}: Sailing boats")


def test_a_row_of_money_needs_no_sign(accounts: Assistant) -> None:
    """Accounts say above the table, or nowhere, in what they count; moorings are no money."""
    assert accounts.ask("How much Harbour Levy is there in 2025-26?").text.startswith("4,230.0: Harbour Levy")
    reading = read_question("What was the budget for harbour moorings in 2025-26?")
    assert accounts.figures.draft(reading, frozenset(accounts.index.documents)) is None


@pytest.mark.parametrize("year", ["2022-23", "2022/23", "2022/2023", "2022–23"])
@pytest.mark.parametrize(
    ("words", "value"), [("Form 12 referrals Borley", "281"), ("total Borley referrals", "308")]
)
def test_a_year_is_the_same_however_it_is_written(
    accounts: Assistant, words: str, value: str, year: str
) -> None:
    assert accounts.ask(f"{words} {year}").text.startswith(f"{value}: ")


@pytest.mark.parametrize(
    "question", ["F12 referrals Borley 2021-22", "how many F12 referrals in Borley in 2021/22"]
)
def test_a_letter_with_a_number_is_the_word_that_the_papers_write(accounts: Assistant, question: str) -> None:
    assert accounts.ask(question).text.startswith("262: Form 12")


def test_a_table_of_another_part_does_not_answer(accounts: Assistant) -> None:
    """The figures of one council are not given for the other, whose part has no such table."""
    reading = read_question("Form 12 referrals Tansy 2022/23")
    assert accounts.figures.draft(reading, frozenset(accounts.index.documents)) is None


def test_of_a_row_the_column_asked_for_comes_first(accounts: Assistant) -> None:
    """Where nothing tells that a figure is asked for, and the whole row is given."""
    text = accounts.ask("what is the change in the reserves in 2025/26?").text
    assert "Reserves; 2025-26: (£0.9m); 2024-25: -£1.4m" in text


PARTNERS = """# Borley and Tansy care strategy

## Partners

| Partners | Number |
|---|---|
| Pharmacies | 31 |
| Care homes | 64 |
| Parish and town councils | 22 |

## How we listened

People told us at fairs what they need.
"""


@pytest.fixture(scope="module")
def strategy(over_papers: OverPapers) -> Assistant:
    return over_papers({"care-strategy.md": PARTNERS})


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("How many pharmacies are there in Borley and Tansy?", "31"),
        ("How many care homes are there in Borley and Tansy?", "64"),
        ("How many parish councils are there in Borley and Tansy?", "22"),
    ],
)
def test_what_a_paper_is_about_its_tables_are_about(strategy: Assistant, question: str, value: str) -> None:
    answer = strategy.ask(question)
    assert answer.answered and answer.text.startswith(f"{value}: "), answer.text


@pytest.mark.parametrize("place", ["Upton Magna", "Greater Wessex"])
def test_a_place_that_a_paper_is_not_about_has_no_figure_there(strategy: Assistant, place: str) -> None:
    answer = strategy.ask(f"How many pharmacies are there in {place}?")
    assert not answer.answered, answer.text


def test_a_title_says_nothing_of_parts_that_headings_tell_apart(accounts: Assistant) -> None:
    """The joint report's title names both councils, and neither's table is the other's."""
    assert not accounts.ask("How many Form 12 referrals did Tansy record in 2022/23?").text.startswith(
        "281: "
    )
    assert accounts.ask("How many Form 12 referrals did Borley record in 2022/23?").text.startswith("281: ")

"""Figures out of tables, over an invented council's report."""

from __future__ import annotations

import pytest

from assistant.service import Assistant
from assistant.understand import read_question
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

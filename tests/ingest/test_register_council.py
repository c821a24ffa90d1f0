"""What the register holds of real council papers, against figures read and counted in them by eye."""

from __future__ import annotations

import os
from functools import cache

import pytest
from reader_files import paper

from corpus.catalogue import Catalogue
from corpus.model import Register
from ingest.cut_rows import whole_rows
from ingest.passages import passages_of
from ingest.read import documents_of
from ingest.register import build_register
from ingest.tables import on_every_page

pytestmark = pytest.mark.skipif(
    "LEDBY_PDFS" not in os.environ, reason="LEDBY_PDFS does not name the folder of real PDF files"
)


@cache
def register(start: str) -> Register:
    """The records of one paper."""
    return build_register(documents_of(paper(start), Catalogue()))


def test_the_risk_register() -> None:
    risks = register("appendix-j").entries
    assert len(risks) == 42
    assert all(e.commitment and e.leads and e.page_no for e in risks)
    groups = [e.priority for e in risks]
    assert groups.count("Significant Risks (over £10m)") == 12
    assert groups.count("Other Risks (under £10m - individual amounts not included)") == 30
    shared = next(e for e in risks if e.commitment == "Market Sustainability")
    assert shared.leads == ("ASCH", "CYPE")
    assert dict(shared.other)["Estimated Annual Financial Exposure £m"] == "28.4"
    assert register("appendix-j").findings[0].message == "11 tables of entries with 44 rows: read"


def test_the_performance_report_and_its_cards() -> None:
    found = register("qpr").indicators
    cards = [i for i in found if i.target is not None]
    assert (len(found), len(cards)) == (76, 38)
    assert all({"Latest", "Floor", "Previous", "RAG"} <= set(dict(i.other)) for i in cards)
    calls = next(i for i in cards if "phone calls" in i.text)
    assert calls.target is not None
    assert (calls.target.number, calls.target.unit, calls.direction) == (90.0, "%", "up")
    assert {"Latest": "94%", "Floor": "85%", "RAG": "GREEN"}.items() <= dict(calls.other).items()
    assert dict(calls.other)["Corporate Director"] == "Amanda Beer"
    assert next(i for i in cards if "Greenhouse" in i.text).direction == "down"
    assert all("RAG rating Latest" in dict(i.other) for i in found if i.target is None)


def test_the_actions_against_corporate_risks() -> None:
    actions = register("qpr").entries
    assert len(actions) == 19  # as many as the paper says were updated
    states = [(e.status or "").casefold() for e in actions]
    assert [
        states.count(s) for s in ("complete", "partially complete", "regular review", "action outstanding")
    ] == [
        8,
        6,
        4,
        1,
    ]
    first = actions[0]
    assert dict(first.other)["Reference"] == "CRR0003"
    assert (first.commitment or "").startswith("Securing resources to aid economic recovery")


def test_risks_and_mitigations_without_anybody_named() -> None:
    risks = register("appendix-3-24").entries
    assert len(risks) == 5
    assert all(e.commitment and e.plan and not e.leads for e in risks)


def test_limits_and_actual_figures() -> None:
    limits = {i.text: i for i in register("council-report-mid-year").indicators}
    cash = limits["Total cash available within 3 months"]
    assert cash.target is not None
    assert (cash.target.number, cash.target.unit, cash.target.bound) == (100.0, "£m", "at least")
    assert dict(cash.other)["Actual 30/09/2024"] == "£215.8m"


@pytest.mark.parametrize("start", ["governance-update", "printed-minutes", "appendix-d", "appendix-b"])
def test_papers_without_plans_yield_none(start: str) -> None:
    held = register(start)
    assert held.entries == () == held.indicators


@pytest.mark.parametrize(
    ("start", "cuts"),
    [("appendix-b", [1, 2, 3, 4, 5]), ("appendix-1", [4, 5, 6, 12, 13]), ("appendix-j", [])],
)
def test_rows_cut_by_page_breaks_are_put_together(start: str, cuts: list[int]) -> None:
    (document,) = documents_of(paper(start), Catalogue())
    whole = whole_rows(document, on_every_page(document))
    ends = [
        (old, new) for old, new in zip(document.blocks, whole, strict=True) if new.rows[-1:] != old.rows[-1:]
    ]
    pages = [page.page_no for old, new in ends if new.rows and (page := document.page_at(old.span.start))]
    assert pages == cuts


def test_a_row_cut_by_a_page_break_is_found_whole() -> None:
    (document,) = documents_of(paper("appendix-b"), Catalogue())
    power = next(p for p in passages_of(document) if p.text.startswith("Mayoral Power of"))
    assert power.text.endswith("on the Key Route Network^\t\t\t")
    assert (power.page_no, power.kind) == (1, "row")

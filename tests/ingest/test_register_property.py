"""Random plans, written in each textual style, come back from the register as they went in."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from register_texts import (
    Group,
    columns,
    document,
    expected,
    pipe_table,
    small_tables,
    triples,
    wide_table,
)

from ingest.register import build_register

DEEDS = ["Reduce", "Improve", "Support", "Promote", "Expand", "Strengthen"]
MATTERS = [
    "river pollution",
    "night buses",
    "school gardens",
    "village halls",
    "damp housing",
    "lone working",
]
WHO = ["for older residents", "in market towns", "across the county", "with local growers"]
TOPICS = ["Orchard", "Harbour", "Heathland", "Lighthouse", "Canal", "Woodland", "Meadow", "Quarry"]
PLAN_KINDS = ["Strategy", "Action Plan", "Framework", "Delivery Programme"]
PLACES = ["Borset", "Felpersham", "Ambridge", "Darrington", "Penny Hassett"]
BODIES = ["Harbour Board", "County Council", "Canal Partnership", "Farming Alliance", "Water Trust"]


def _names(*parts: list[str]) -> st.SearchStrategy[str]:
    """Names put together from one word or phrase of each kind."""
    return st.tuples(*(st.sampled_from(part) for part in parts)).map(" ".join)


commitments = st.lists(_names(DEEDS, MATTERS, WHO), min_size=1, max_size=4, unique=True)
plans = st.lists(_names(PLACES, TOPICS, PLAN_KINDS), min_size=1, max_size=4, unique=True)
leads = st.lists(_names(PLACES, BODIES), min_size=1, max_size=3, unique=True)


@st.composite
def groups(draw: st.DrawFn) -> list[Group]:
    """A plan: commitments, each with plans and leads of its own."""
    return [Group(name, tuple(draw(plans)), tuple(draw(leads))) for name in draw(commitments)]


relaxed = settings(
    max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)


@pytest.mark.parametrize("style", [small_tables, pipe_table], ids=lambda style: style.__name__)
@relaxed
@given(made=groups())
def test_a_row_a_plan_comes_back(style: Callable[[list[Group]], str], made: list[Group]) -> None:
    register = build_register([document(style(made))])
    assert triples(register.entries) == expected(made)
    assert [c.name for c in register.commitments] == [g.commitment for g in made]


@relaxed
@given(made=groups())
def test_columns_run_together_come_back(made: list[Group]) -> None:
    register = build_register([document(columns(made))])
    assert triples(register.entries) == expected(made)


@relaxed
@given(made=groups())
def test_a_wide_table_comes_back_when_its_names_are_known(made: list[Group]) -> None:
    """Plans and leads run together are told apart by another paper that lists them one by one."""
    known = [Group(f"Known matter {n}", (plan,), g.leads[:1]) for g in made for n, plan in enumerate(g.plans)]
    known += [
        Group(f"Known body {n}", ("Common Plan",), (lead,)) for g in made for n, lead in enumerate(g.leads)
    ]
    register = build_register([document(small_tables(known), id="final"), document(wide_table(made))])
    assert triples(register.entries) == expected(made)
    assert all(
        e.leads_of == "commitment"
        for e in register.entries
        if e.document == "doc" and _several(made, e.commitment)
    )


def _several(made: list[Group], commitment: str | None) -> bool:
    return any(g.commitment == commitment and len(g.plans) > 1 for g in made)


@relaxed
@given(made=groups())
def test_quotes_are_the_text_of_their_spans(made: list[Group]) -> None:
    papers = {d.id: d for d in (document(small_tables(made), id="a"), document(columns(made), id="b"))}
    for record in build_register(list(papers.values())).records():
        assert record.quote == papers[record.document].text[record.span.start : record.span.end]

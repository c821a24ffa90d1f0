"""Look-ups in the register: complete, exact, and quick among very many rows."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import pytest

from corpus.model import Acronym, Commitment, Indicator, Name, PlanEntry, Register, Span
from index.query import RegisterQuery

COUNTY = "Borset County Council"
ROADS = "Borset County Council, Roads"
HALLS = "Village Halls Trust"
MANY = 100_000


def _entry(
    number: int, leads: Sequence[str], plan: str = "Road Plan", commitment: str = "c:1", **more: str
) -> PlanEntry:
    return PlanEntry(
        id=f"doc:entry:{number}", document=more.get("document", "doc"), span=Span(number, number + 1), quote="q",
        commitment_id=commitment, commitment=commitment, plan=plan, plan_found=plan, leads=tuple(leads),
        leads_found="; ".join(leads), outcome=more.get("outcome", "1"), priority=more.get("priority"),
    )  # fmt: skip


def _commitment(id: str) -> Commitment:
    return Commitment(id=id, document="doc", span=Span(0, 1), quote="q", name=id, found=id)


@pytest.fixture(scope="module")
def small() -> RegisterQuery:
    """A register of five rows."""
    entries = (
        _entry(0, [COUNTY]),
        _entry(1, [ROADS, HALLS], "Bridge Plan", priority="Ways"),
        _entry(2, [HALLS], commitment="c:2", outcome="2"),
        _entry(3, [], "Mill Plan", "c:2", outcome="2"),
        _entry(4, ["BCC – Roads"], "Road Plan", "c:3", document="draft"),
    )
    base = {"document": "doc", "span": Span(0, 1), "quote": "q"}
    return RegisterQuery(
        Register(
            commitments=tuple(map(_commitment, ("c:1", "c:2", "c:3"))),
            entries=entries,
            indicators=(
                Indicator(id="i:1", number="1.1", text="By 2030 fewer holes in roads", **base),  # type: ignore[arg-type]
                Indicator(id="i:2", number="1.2", text="By 2030 more buses", **base),  # type: ignore[arg-type]
            ),
            acronyms=(Acronym(id="a:1", short="BCC", full=COUNTY, **base),),  # type: ignore[arg-type]
            names=(Name("organisation", ROADS, frozenset({"BCC – Roads"}), parent=COUNTY),),
        ),
        {},
    )


def _numbers(entries: Sequence[PlanEntry]) -> list[int]:
    return [int(e.id.rsplit(":", 1)[1]) for e in entries]


@pytest.mark.parametrize("name", ["Borset County Council", "borset county council", "BCC"])
def test_all_that_a_body_leads_with_its_parts_or_without(small: RegisterQuery, name: str) -> None:
    assert _numbers(small.find(lead=name)) == [0, 1, 4]
    assert _numbers(small.find(lead=name, parts=False)) == [0]


@pytest.mark.parametrize(
    ("plan", "names"),
    [
        ("Borset Road Plan", {"borset road plan", "road plan", "road plan borset"}),
        ("Road Plan", {"borset road plan", "road plan", "road plan borset"}),
        ("Arts Plan", {"arts plan"}),  # two longer names: which is meant cannot be told
        ("Mill Plan", {"mill plan"}),  # nobody leads both
    ],
)
def test_the_names_by_which_a_plan_goes(plan: str, names: set[str]) -> None:
    plans = [
        "Borset Road Plan",
        "Road Plan",
        "Road Plan Borset",
        "Arts Plan",
        "Borset Arts Plan",
        "Hill Arts Plan",
    ]
    entries = [_entry(at, [COUNTY], name) for at, name in enumerate(plans)]
    mills = [_entry(10, [COUNTY], "Mill Plan"), _entry(11, [HALLS], "Borset Mill Plan")]
    query = RegisterQuery(Register(entries=(*entries, *mills)), {})
    assert query.namesakes(plan, {"borset", "hill"}) == names


def test_filters_together(small: RegisterQuery) -> None:
    assert _numbers(small.find(lead="BCC Roads")) == [1, 4]
    assert _numbers(small.find(lead=HALLS, outcome="2")) == [2]
    assert _numbers(small.find(plan="Road Plan", documents=["doc"])) == [0, 2]
    assert _numbers(small.find("road trust", documents=["doc"])) == [1, 2]
    assert _numbers(small.find()) == [0, 1, 2, 3, 4]
    assert small.find(lead="Nobody at all") == []


def test_leads_of_a_commitment_and_of_a_plan_under_it(small: RegisterQuery) -> None:
    assert small.leads_of("c:1") == [COUNTY, ROADS, HALLS]
    assert small.leads_of("c:1", "Bridge Plan") == [ROADS, HALLS]
    assert small.leads_of("c:9") == []


def test_commitments_that_a_plan_supports(small: RegisterQuery) -> None:
    assert [c.id for c in small.commitments_of("Road Plan")] == ["c:1", "c:2", "c:3"]
    assert [c.id for c in small.commitments_of("Road Plan", ["draft"])] == ["c:3"]


def test_counts_and_rows_without_a_lead(small: RegisterQuery) -> None:
    assert small.counts("outcome") == {"1": 3, "2": 2}
    assert small.counts("document") == {"doc": 4, "draft": 1}
    assert small.counts("lead", ["doc"]) == {COUNTY: 1, ROADS: 1, HALLS: 2, "": 1}
    assert small.counts("priority", ["doc"]) == {"Ways": 1, "": 3}
    assert _numbers(small.without_lead()) == [3]


def test_indicators_by_subject_or_number(small: RegisterQuery) -> None:
    assert [i.number for i in small.indicators_about("roads holes")] == ["1.1"]
    assert [i.number for i in small.indicators_about("1.2")] == ["1.2"]
    assert small.indicators_about("roads", ["draft"]) == []


@pytest.fixture(scope="module")
def large() -> RegisterQuery:
    """A register of 100,000 rows in 200 documents, led by 5,000 bodies, one row in ten by a body of its own."""
    entries = [
        _entry(
            n,
            [f"Board {n % 977} of Ward {n % 5}", f"Trust for matter {n}" if n % 10 == 0 else COUNTY],
            f"Plan {n % 4_999}",
            f"c:{n // 5}",
            document=f"doc-{n // 500}",
            outcome=str(n % 6),
        )
        for n in range(MANY)
    ]
    return RegisterQuery(Register(entries=tuple(entries)), {})


@pytest.mark.parametrize(
    ("name", "led"),
    [
        ("Board 12 of Ward 3", lambda n: n % 977 == 12 and n % 5 == 3),
        ("Trust for matter 70000", lambda n: n == 70_000),
        ("Ward 3", lambda n: n % 5 == 3),
        (COUNTY, lambda n: n % 10 != 0),
    ],
)
def test_a_look_up_among_very_many_rows_is_complete(
    large: RegisterQuery, name: str, led: Callable[[int], bool]
) -> None:
    assert _numbers(large.find(lead=name)) == [n for n in range(MANY) if led(n)]


def test_a_look_up_by_lead_among_100_000_rows_takes_under_50_ms(large: RegisterQuery) -> None:
    asked = [f"Board {n} of Ward {n % 5}" for n in range(0, 977, 20)] + ["Trust for matter 70000", "Nobody"]
    large.find(lead="warm")  # the index over the names is made once for a process
    began = time.process_time()
    found = [large.find(lead=name) for name in asked]
    assert (time.process_time() - began) / len(asked) < 0.05
    assert sum(map(len, found)) == sum(len(large.find(lead=name)) for name in asked) > 1_000

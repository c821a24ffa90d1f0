"""Differences between two versions, and contradictions within a pack."""

from __future__ import annotations

from dataclasses import replace

from register_texts import Group, document, small_tables, wide_table

from ingest.register import build_register
from ingest.versions import contradictions, diff

OLD = [
    Group("Keep the harbour open", ("Harbour Plan",), ("Borset Harbour Board",)),
    Group("Support the night buses", ("Bus Plan",), ("Borset County Council",)),
    Group("Save the lighthouse", ("Lamp Plan",), ("Felpersham Light Trust",)),
]
NEW = [
    Group("Keep the harbour open", ("Harbour Plan",), ("Felpersham Harbour Trust",)),
    Group("Support the night buses and trains", ("Bus Plan", "Rail Plan"), ("Borset County Council",)),
    Group("Plant an orchard", ("Orchard Plan",), ("Borset Fruit Board",)),
]


def _kinds(old: str, new: str) -> set[tuple[str, str]]:
    register = build_register([document(old, id="old"), document(new, id="new")])
    return {(c.kind, c.subject) for c in diff("old", "new", register)}


def test_commitments_and_leads() -> None:
    assert _kinds(small_tables(OLD), small_tables(NEW)) == {
        ("lead changed", "Keep the harbour open"),
        ("reworded", "Support the night buses and trains"),
        ("added", "Support the night buses and trains"),
        ("dropped", "Save the lighthouse"),
        ("added", "Plant an orchard"),
    }


def test_the_same_plan_in_another_style_has_not_changed() -> None:
    same = [replace(g, plans=g.plans[:1]) for g in OLD]
    assert _kinds(small_tables(same), wide_table(same)) == set()


def test_a_target_and_a_milestone_that_moved() -> None:
    table = (
        "No.\tIndicator\tSource\n1.1\tBy 2030, absence will have fallen from 8% in 2024 to {}%.\tSchools\n"
    )
    story = " ".join(["A story that goes on and on for quite some time, as stories of examples do."] * 3)
    deeds = (
        f"Bridge\tFerry\tClock\n{story}\t{story}\t{story}\n"
        "Open the bridge {}\tBuy a ferry May 2027\tWind it May 2027\n"
    )
    old = table.format(5) + "\n" + deeds.format("June 2026")
    new = table.format(4) + "\n" + deeds.format("July 2026")
    assert {kind for kind, _ in _kinds(old, new)} == {"target moved", "milestone moved"}


def test_a_blank_list_that_was_filled_in() -> None:
    table = "District\tPriorities for 2026\nAmbridge\t{}\n"
    assert _kinds(table.format("• . • ."), table.format("• Housing (SO 2)")) == {("filled in", "Ambridge")}


def test_a_pack_that_contradicts_itself() -> None:
    sentence = "By 2030, the share of trains that run on time will have increased from 49% to at least {}%."
    papers = [
        document(sentence.format(71), id="plan", pack="pack"),
        document(
            f"No.\tIndicator\tSource\n4.2\t{sentence.format(60)}\tRailway\n", id="logframe", pack="pack"
        ),
        document(sentence.format(55), id="other"),
    ]
    register = build_register(papers)
    (found,) = contradictions(register, papers)
    assert {found.old.document, found.new.document} == {"plan", "logframe"}  # type: ignore[union-attr]
    assert len(register.indicators) == 3

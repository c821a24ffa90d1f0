"""The register of the originals, against rows read by hand and figures counted in the sources."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from rapidfuzz import fuzz

from corpus.catalogue import read_catalogue
from corpus.model import Document, PlanEntry, Register
from ingest.acronyms import learn_shorts
from ingest.blocks import parse_blocks
from ingest.names import Shorts, key_of
from ingest.read import documents_of
from ingest.register import build_register
from ingest.source import Source
from ingest.versions import contradictions, diff

ROOT = Path(__file__).parents[2]
GOLD = ROOT / "tests" / "data" / "register"
FINAL, DRAFT, SLIDES = (
    "shared-delivery-plan-2024-06",
    "shared-delivery-plan-2024-04",
    "shared-delivery-plan-2024-04-slides",
)


@pytest.fixture(scope="module")
def documents(originals_folder: Path) -> list[Document]:
    """The papers in the five files."""
    catalogue = read_catalogue(ROOT / "corpus" / "catalogue.toml")
    out: list[Document] = []
    for path in sorted(originals_folder.glob("*.txt")):
        text = path.read_text(encoding="utf-8")
        source = Source(file=path.name, text=text, blocks=parse_blocks(text), has_lines=True)
        out += documents_of(source, catalogue)
    return out


@pytest.fixture(scope="module")
def register(documents: list[Document]) -> Register:
    """All their records."""
    return build_register(documents)


def test_it_takes_under_ten_seconds(documents: list[Document]) -> None:
    began = time.process_time()
    build_register(documents)
    assert time.process_time() - began < 10


def _gold(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (GOLD / name).read_text(encoding="utf-8").splitlines()]


def _right(entries: Sequence[PlanEntry], row: dict[str, Any], shorts: Shorts) -> bool:
    """Whether one of the entries says what the row read by hand says: commitment, plan and every lead, no
    other."""

    def same(found: str | None, told: str) -> bool:
        left, right = key_of(found or "", shorts), key_of(told.removesuffix("…"), shorts)
        if told.endswith("…"):  # long names are cut short in the gold
            return fuzz.ratio(left[: len(right)], right) >= 94
        return left == right or fuzz.ratio(left, right) >= 94

    wanted = {key_of(lead, shorts) for lead in row["leads"]}
    return any(
        same(e.commitment, row["commitment"])
        and same(e.plan, row["plan"])
        and {key_of(lead, shorts) for lead in e.leads} == wanted
        for e in entries
    )


@pytest.mark.parametrize(
    ("gold", "floor"), [("entries-001.jsonl", 0.95), ("entries-004.jsonl", 0.90), ("entries-003.jsonl", 0.80)]
)
def test_rows_read_by_hand(documents: list[Document], register: Register, gold: str, floor: float) -> None:
    rows = _gold(gold)
    shorts = learn_shorts(documents, register.acronyms)
    papers = {d.id: d for d in documents if d.file.startswith(gold[8:11])}
    at_line: dict[int, list[PlanEntry]] = {}
    for entry in register.entries:
        if entry.document in papers:
            first, last = papers[entry.document].lines_of(entry.span) or (0, 0)
            for line in range(first, last + 1):
                at_line.setdefault(line, []).append(entry)
    right = sum(_right(at_line.get(row["line"], []), row, shorts) for row in rows)
    assert len(rows) >= 60
    assert right / len(rows) >= floor, f"{right} of {len(rows)}"


def test_quotes_and_ids(documents: list[Document], register: Register) -> None:
    texts = {d.id: d.text for d in documents}
    assert all(r.quote == texts[r.document][r.span.start : r.span.end] for r in register.records())
    ids = [r.id for r in register.records()]
    assert len(set(ids)) == len(ids)


def test_what_was_counted_in_the_sources(register: Register) -> None:
    final = [e for e in register.entries if e.document == FINAL]
    assert len({e.span for e in final}) == 449
    assert sum("Kent Housing Group" in e.leads for e in final) == 6
    assert len({e.commitment_id for e in final if (e.plan or "").startswith("Move Together")}) == 5
    assert sum(not e.leads for e in final) == 3
    for document in (FINAL, DRAFT, SLIDES):
        assert 90 <= sum(c.document == document for c in register.commitments) <= 100


def test_damaged_names_are_mended_and_quotes_kept(register: Register) -> None:
    entry = next(e for e in register.entries if "Kegt" in e.plan_found)
    assert entry.plan == "Kent Cultural Strategy"
    assert "Kegt" in entry.quote
    draft = [c.name for c in register.commitments if c.document == DRAFT]
    assert "Reduce Loneliness" in draft or "Reduce loneliness" in draft


def test_parts_of_a_body_have_it_for_a_parent(register: Register) -> None:
    name = next(n for n in register.names if n.kind == "organisation" and "KCC – GET" in n.spellings)
    assert name.canonical == "Kent County Council Growth, Environment and Transport (GET)"
    assert name.parent == "Kent County Council"


def test_places_and_what_the_draft_left_blank(register: Register) -> None:
    blank = {p.place for p in register.priorities if p.document == DRAFT and not p.text}
    assert {"Canterbury", "Thanet", "Tunbridge Wells"} <= blank
    assert {p.place for p in register.priorities if p.document == FINAL and not p.text} == {
        "Dover",
        "Maidstone",
    }
    thanet = [p for p in register.priorities if p.document == FINAL and p.place == "Thanet"]
    assert [(p.text, p.outcomes) for p in thanet] == [
        ("Frailty", ("3",)),
        ("Mental Wellbeing", ("1", "2", "3")),
        ("Employment", ("2",)),
    ]


def test_an_indicator_that_goes_over_the_page(register: Register) -> None:
    found = next(i for i in register.indicators if i.document == "logframe-2024-07" and i.number == "3.7")
    assert found.text.endswith("(4,556 per 100,000).")
    assert found.source == "OBH FD33"


def test_what_changed_between_draft_and_plan(register: Register) -> None:
    changes = diff(DRAFT, FINAL, register)
    moved = {(c.subject, c.note) for c in changes if c.kind == "milestone moved"}
    assert ("Launch Family Hub programme", "March 2024 before, June 2024 now") in moved
    filled = {c.subject for c in changes if c.kind == "filled in"}
    assert {"Canterbury", "Dartford", "Thanet", "Tonbridge & Malling", "Tunbridge Wells"} == filled
    led = {c.subject for c in changes if c.kind == "lead changed"}
    assert any(subject.casefold() == "reduce loneliness" for subject in led)
    reworded = [c for c in diff("logframe-2024-04", "logframe-2024-07", register) if c.kind == "reworded"]
    assert any(getattr(c.new, "number", None) == "3.3" for c in reworded)


def test_the_pack_contradicts_itself(documents: list[Document], register: Register) -> None:
    found = [c for c in contradictions(register, documents) if "GP appointment" in c.subject]
    sides = {frozenset((c.old.document, c.new.document)) for c in found if c.old and c.new}
    assert frozenset((FINAL, "logframe-2024-07")) in sides


def test_nothing_is_dropped_silently(register: Register) -> None:
    told = [f.message for f in register.findings if f.document == FINAL]
    assert any("449 rows" in message for message in told)
    assert sum(f.kind == "row unread" for f in register.findings if f.document == FINAL) == 2

"""Short forms, keys of names, slips mended, lists cut, parents found."""

from __future__ import annotations

import pytest
from register_texts import document

from ingest.names import Shorts, Spellings, Vocabulary, inline_shorts, is_slip_of, key_of, match_initials
from ingest.register import build_register

SHORTS = Shorts(
    {"BCC": "Borset County Council", "HT": "Highways and Transport", "B&F": "Borset and Felpersham"}
)


@pytest.mark.parametrize(
    "spelling",
    [
        "BCC – HT",
        "BCC HT",
        "Borset County Council Highways and Transport",
        "Borset County Council (BCC), Highways & Transport (HT)",
    ],
)
def test_spellings_meet_under_one_key(spelling: str) -> None:
    assert key_of(spelling, SHORTS) == "borset county council highways and transport"


def test_a_plural_short_form() -> None:
    shorts = Shorts({"VHC": "Village Hall Committee"})
    assert key_of("VHCs", shorts) == key_of("Village Hall Committees", shorts)


def test_short_forms_in_running_text() -> None:
    text = "The Felpersham and District Water Board (FDWB) met. So did others (see page 4)."
    assert [(short, full) for short, full, _, _ in inline_shorts(text)] == [
        ("FDWB", "Felpersham and District Water Board")
    ]
    assert match_initials("XYZ", "Felpersham Water Board") is None


def _vocabulary() -> Vocabulary:
    common = "Borset Harbour Culture Strategy East West Ward Working Group Network Plan " * 9
    return Vocabulary.of([common, "Borzet Cukture"])


@pytest.mark.parametrize(
    ("bad", "good", "slip"),
    [
        ("Borzet Harbour Plan", "Borset Harbour Plan", True),
        ("Cukture Strategy", "Culture Strategy", True),
        ("East Ward Plan", "West Ward Plan", False),
        ("Working Network", "Working Group", False),
        ("Harbour Plan 2024", "Harbour Plan 2025", False),
        ("Harbour Strategy", "Harbour Strategy", False),
    ],
)
def test_only_reading_damage_is_mended(bad: str, good: str, slip: bool) -> None:
    assert is_slip_of(bad, good, _vocabulary()) is slip


def test_nothing_is_mended_into_what_is_not_there() -> None:
    spellings = Spellings(Shorts(), _vocabulary())
    spellings.add("Borzet Lighthouse Plan")
    spellings.settle()
    assert spellings.canonical("Borzet Lighthouse Plan") == "Borzet Lighthouse Plan"


def _leads(*cells: str) -> list[tuple[str, ...]]:
    rows = "\n".join(f"Plan number {n}\t{cell}" for n, cell in enumerate(cells))
    acronyms = "Title\tAcronyms\nBorset County Council\tBCC\nHighways and Transport\tHT\nAdult Services\tAS\n"
    text = f"## Mend the roads\n\nPlan\tLed by\n{rows}\n\nAcronyms\n\n{acronyms}"
    return [e.leads for e in build_register([document(text)]).entries]


def test_leads_run_together_are_cut_by_names_known_elsewhere() -> None:
    found = _leads(
        "Felpersham Canal Board", "Ambridge Parish Council", "Felpersham Canal Board Ambridge Parish Council"
    )
    assert found[2] == ("Felpersham Canal Board", "Ambridge Parish Council")


def test_parts_of_a_body_share_its_name() -> None:
    found = _leads("BCC", "BCC", "BCC – HT", "BCC – AS", "BCC – AS and HT")
    assert found[2] == ("Borset County Council, Highways and Transport (HT)",)
    assert set(found[4]) == {
        "Borset County Council, Adult Services (AS)",
        "Borset County Council, Highways and Transport (HT)",
    }


def test_a_comma_inside_a_name_does_not_part_it() -> None:
    found = _leads("Hay, Straw and Feed Board", "BCC", "BCC, Hay, Straw and Feed Board")
    assert "Straw" not in {lead.split()[0] for lead in found[2]}


def test_remarks_in_brackets_are_no_leads() -> None:
    assert _leads("Felpersham Canal Board (delivered by the friends of the canal)") == [
        ("Felpersham Canal Board",)
    ]

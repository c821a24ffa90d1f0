"""Short forms, keys of names, slips mended, lists cut, parents found."""

from __future__ import annotations

from dataclasses import replace

import pytest
from register_texts import document

from ingest.mending import Mender
from ingest.names import Shorts, Spellings, Vocabulary, inline_shorts, is_slip_of, key_of, match_initials
from ingest.pieces import as_prose, rejoined, tiled, with_posts
from ingest.register import build_register
from ingest.splitting import PLANS, Lexicon, split

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


@pytest.mark.parametrize(
    ("short", "before", "full"),
    [
        ("CORIN", "by the Coastal Research Institute", "Coastal Research Institute"),
        (
            "FETNEL",
            "the Felpersham Tide Network for Education and Learning",
            "Felpersham Tide Network for Education and Learning",
        ),
        ("PTSD", "after Post-Traumatic Stress Disorder", "Post-Traumatic Stress Disorder"),
        ("CORIN", "Coastal Old Research", None),
        ("CORI", "Coral Riches", None),  # of two words any letters are easily found
        ("COR", "Coastal Old Ruins Institute", None),
    ],
)
def test_a_short_form_of_beginnings_of_words(short: str, before: str, full: str | None) -> None:
    assert match_initials(short, before) == full


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


@pytest.mark.parametrize(
    "cell",
    [
        "Research – BHB; Quiet Places (Ambridge, Penny Hassett)",
        "Good Hour Programme; Bone Checks; Move Along",
        "Green Plan; BCC Tide Action Plan; Moor Plan (Ambridge Council)",
    ],
)
def test_plans_that_nobody_knows_are_cut_at_semicolons(cell: str) -> None:
    assert split(cell, Lexicon(str.lower), PLANS) == tuple(cell.split("; "))


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
    assert found[2] == ("Borset County Council Highways and Transport (HT)",)
    assert set(found[4]) == {
        "Borset County Council Adult Services (AS)",
        "Borset County Council Highways and Transport (HT)",
    }


def test_a_comma_inside_a_name_does_not_part_it() -> None:
    found = _leads("Hay, Straw and Feed Board", "BCC", "BCC, Hay, Straw and Feed Board")
    assert "Straw" not in {lead.split()[0] for lead in found[2]}


def test_remarks_in_brackets_are_no_leads() -> None:
    assert _leads("Felpersham Canal Board (delivered by the friends of the canal)") == [
        ("Felpersham Canal Board",)
    ]


def _mender(*more: str) -> Mender:
    texts = ["Borset and Felpersham Water Board met. The Borset County Council paid. " * 30, *more]
    mender = Mender.of(texts, Vocabulary.of(texts))
    mender.shorts = Shorts({"BALC": "Borset Association of Local Councils"}, {"BALC"})
    return mender


@pytest.mark.parametrize(
    ("found", "mended"),
    [
        ("Borset Count Council Plan", "Borset County Council Plan"),
        ("Felpershan Water Plan", "Felpersham Water Plan"),
        ("BLAC and others", "BALC and others"),
        ("Felpershan Orchard Plan", "Felpershan Orchard Plan"),  # nowhere is the name beside these words
        ("Count the birds", "Count the birds"),  # an ordinary word may well be meant
        ("Protect the river", "Protect the river"),
    ],
)
def test_words_of_names_are_mended_by_their_company(found: str, mended: str) -> None:
    project = "The project of the river. " * 30
    assert _mender(project).mend(found) == mended


def test_a_name_is_shown_as_the_approved_paper_writes_it() -> None:
    row = "## Grow fruit\n\nPlan\tLed by\n{}\tBorset Board\n"
    draft = replace(document(row.format("Better orchards fund?"), id="draft"), status="draft")
    register = build_register([draft, document(row.format("Better Orchards Fund"), id="final")])
    assert [(e.plan, e.plan_found) for e in register.entries] == [
        ("Better Orchards Fund", "Better orchards fund?"),
        ("Better Orchards Fund", "Better Orchards Fund"),
    ]


def test_bodies_without_marks_between_them_are_cut_at_their_seams() -> None:
    run = "Ambridge Parish Councils Borset Farm Alliances Felpersham Canal Board"
    found = _leads("Borset Farm Alliances", run)[1]
    assert found == ("Ambridge Parish Councils", "Borset Farm Alliances", "Felpersham Canal Board")
    assert _leads("Village Halls and Alliances, Community Barns")[0][-1] == "Community Barns"


def test_a_part_that_never_stands_alone_stays_with_the_body_it_is_known_behind() -> None:
    lexicon = Lexicon(lambda name: key_of(name, Shorts()))
    lexicon.add("Tow Path Trust Dredging Groups")
    cut = ["Borset Canal and Tow Path Trust", "Dredging Groups"]
    assert rejoined(cut, " ".join(cut), lexicon) == [" ".join(cut)]
    assert rejoined(cut, ", ".join(cut), lexicon) == cut
    lexicon.alone.add(lexicon.key("Dredging Groups"))
    assert rejoined(cut, " ".join(cut), lexicon) == cut


def test_later_bodies_of_a_list_share_the_place_of_the_first() -> None:
    found = _leads(
        "Borset Walking Network, Borset Cycling Alliance and Borset Food Group",
        "Borset Walking Network, Cycling Alliance and Food Group",
    )
    assert found[1] == ("Borset Walking Network", "Borset Cycling Alliance", "Borset Food Group")


def test_plural_and_singular_of_one_short_form_are_one_body() -> None:
    shorts = Shorts({"FCP": "Felpersham Canal Partnership"})
    assert key_of("Felpersham Canal Partnerships (FCP)", shorts) == key_of("FCP", shorts)


def test_a_cell_of_names_all_known_elsewhere_is_as_many_plans() -> None:
    lexicon = Lexicon(lambda name: key_of(name, Shorts()))
    for name in ("Care Record", "Data sharing agreements", "Engagement"):
        lexicon.add(name)
    assert tiled("Care Record Data sharing agreements Engagement", lexicon) == (
        "Care Record",
        "Data sharing agreements",
        "Engagement",
    )
    assert tiled("Care Record, Engagement", lexicon) == ()
    assert tiled("Care Record for all", lexicon) == ()


def test_prose_that_was_cut_is_put_together() -> None:
    pieces = [
        "Harbour Plan",
        "The wall will be built again and",
        "Harbour Board staff are to be trained in it",
        "Lamp Plan",
    ]
    known = {"Harbour Plan": 1.0, "Lamp Plan": 1.0}
    assert as_prose(pieces, lambda name: known.get(name, 0.0)) == [
        "Harbour Plan",
        "The wall will be built again and Harbour Board staff are to be trained in it",
        "Lamp Plan",
    ]


@pytest.mark.parametrize(
    ("text", "leads"),
    [
        ("A. Archer, Farm Manager", ("A. Archer, Farm Manager",)),
        ("Cllr Susan Carter, Head of Wells", ("Cllr Susan Carter, Head of Wells",)),
        ("Borset Board, Farm Manager", ("Borset Board", "Farm Manager")),
    ],
)
def test_a_person_keeps_the_post_behind_the_comma(text: str, leads: tuple[str, ...]) -> None:
    assert tuple(with_posts(text.split(", "), text)) == leads

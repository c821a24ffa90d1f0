"""Who leads what, and what a body leads, over the plan of an invented council."""

from __future__ import annotations

from itertools import product

import pytest

from assistant.question.claims import asked_of
from assistant.service import Assistant
from tests.assistant.conftest import OverPapers

PLAN = """---
title: "Wexmouth delivery plan, June 2023"
date: 2023-06-01
status: final
---

# Wexmouth delivery plan

Any carer may ask for a benefits check.

## Outcome 1: Neighbours

| Commitment | Plans | Led by |
|---|---|---|
| Bring people together | Street party grants | Wexmouth Council Events |
| Bring people together | Harbour choir | Osney Arts Trust |
| Bring people together | Osney social walks | Ramblers of Wexmouth |
| Bring people together | Letters to housebound people | Wexmouth Council Adult Care |
| Bring people together | Book bus programme | Wexmouth Adult Care Team |
| Support carers | Respite weekends | Wexmouth Council Adult Care |
| Support carers | Carers' helpline | Voices (Osney and Wexmouth) |
| Support carers | Carers' survey | Voices Harbour |
| Support carers | Benefits check |  |

## Outcome 1: Neighbours

### Milestones

| Milestone | Date |
|---|---|
| Open the harbour pool | May 2024 |
| Publish the walking map | September 2024 |
| Close the old depot | March 2025 |

## Outcome 2: Wealth

### Milestones

| Milestone | Date |
|---|---|
| Open the market hall | March 2025 |

## Priorities of places

| Place | Priorities 2024 to 2026 |
|---|---|
| Osney | Housing; Young people |
| Harbourside | Affordable housing; Clean air |
| Lower Wexmouth Partnership | Health and housing |
| Upton | Walking |
"""


def planned(rows: str, whose: str = "Osney") -> str:
    """A plan with rows of commitments, their plans and who leads them."""
    return f"# {whose} plan\n\n| Commitment | Plans | Led by |\n|---|---|---|\n{rows}"


@pytest.fixture(scope="module")
def council(over_papers: OverPapers) -> Assistant:
    """An assistant over the plan."""
    return over_papers({"plan.md": PLAN})


def test_all_leads_of_a_commitment_are_given(council: Assistant) -> None:
    text = council.ask("Who leads on bringing people together?").text
    assert all(one in text for one in ("Events", "Osney Arts Trust", "Ramblers", "Adult Care"))


def test_a_place_narrows_the_leads_to_the_rows_that_name_it(council: Assistant) -> None:
    text = council.ask("Who leads on bringing people together in Osney?").text
    assert "five plans" in text
    assert "two of them name Osney" in text
    assert "Osney social walks" in text
    assert "Osney Arts Trust" in text
    assert "Street party grants" not in text


@pytest.mark.parametrize(
    "question",
    [
        "Who leads the Harbour choir and the Book bus programme?",
        "Who is responsible for the Harbour choir and for the Book bus programme?",
    ],
)
def test_two_plans_of_which_the_lead_is_asked_are_both_told(council: Assistant, question: str) -> None:
    answer = council.ask(question)
    assert "Osney Arts Trust" in answer.text and "Wexmouth Adult Care Team" in answer.text
    assert "Ramblers" not in answer.text


def test_what_a_body_leads_is_kept_to_the_commitment_that_is_named(over_papers: OverPapers) -> None:
    """Not also a plan elsewhere in whose name the words of the commitment stand."""
    rows = (
        "| Clean beaches | Litter rakes | Osney Council |\n| Clean beaches | Dog patrols | Osney Council |\n"
        "| Safer streets | Street lights (part of Clean Beaches) | Osney Council |\n"
    )
    answer = over_papers({"plan.md": planned(rows)}).ask(
        "How many plans under clean beaches does Osney Council lead?"
    )
    assert "two entries" in answer.text and "Street lights" not in answer.text


def test_the_one_plan_that_holds_the_topic_is_given_alone(council: Assistant) -> None:
    text = council.ask("who runs the book bus").text
    assert "Wexmouth Adult Care Team" in text
    assert "Harbour choir" not in text


def test_a_body_of_nearly_the_same_name_is_told_apart(council: Assistant) -> None:
    """Its entries are not added to the number, but the reader hears of them."""
    answer = council.ask("What does Wexmouth Adult Care Team lead?")
    assert "one entry" in answer.text
    assert "three with Wexmouth Council Adult Care:" in answer.text
    assert "Named apart from it: Wexmouth Council Adult Care, in two entries" in answer.text


def test_what_stands_in_brackets_tells_bodies_apart(council: Assistant) -> None:
    """Unlike a short form: what one of them leads is not counted as the other's."""
    text = council.ask("What does Voices (Osney and Wexmouth) lead?").text
    assert "one entry" in text
    assert "Carers' helpline" in text
    assert "Named apart" not in text
    short = council.ask("What does Voices lead?").text
    assert "Carers' helpline" in short
    assert "Named apart from it: Voices Harbour, in one entry" in short


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("Does Osney Arts Trust lead anything?", "What does Osney Arts Trust lead?"),
        ("do the Ramblers lead any plans in Wexmouth?", "Which plans does the Ramblers lead in Wexmouth?"),
        ("Does Osney Arts Trust lead the harbour choir?", "Who leads the harbour choir?"),
        ("Is there a target for clean air?", "What is the target for clean air?"),
        ("do we have any baselines on noise", "What is the baseline for noise?"),
        ("Is there a target group for walks?", "Is there a target group for walks?"),
    ],
)
def test_whether_there_is_one_asks_what_it_is(said: str, asked: str) -> None:
    assert asked_of(said) == asked


@pytest.mark.parametrize(
    ("question", "lead"),
    [
        ("Who leads the Harbor Choir?", "Osney Arts Trust"),
        ("who runs the Respite Weekeds", "Adult Care"),
        ("Who leads the Book Bus Program?", "Wexmouth Adult Care Team"),
    ],
)
def test_a_name_spelled_wrong_with_capitals_is_found(council: Assistant, question: str, lead: str) -> None:
    answer = council.ask(question)
    assert answer.answered and lead in answer.text


@pytest.mark.parametrize("question", ["What commitments have no lead?", "Which plans have no lead?"])
def test_rows_without_a_lead_are_listed(council: Assistant, question: str) -> None:
    answer = council.ask(question)
    assert answer.answered
    assert "No lead is named in one entry" in answer.text
    assert "Benefits check" in answer.text


@pytest.mark.parametrize(
    ("question", "given", "left_out"),
    [
        ("what is due by September 2024?", ("harbour pool", "walking map"), ("old depot",)),
        ("Which milestones are due before September 2024?", ("harbour pool",), ("walking map", "old depot")),
        ("milestones for 2025", ("old depot",), ("harbour pool", "walking map")),
        ("what is due in September 2024?", ("walking map",), ("harbour pool", "old depot")),
    ],
)
def test_milestones_by_a_date_are_all_those_until_then(
    council: Assistant, question: str, given: tuple[str, ...], left_out: tuple[str, ...]
) -> None:
    answer = council.ask(question)
    assert answer.answered
    assert all(one in answer.text for one in given)
    assert not any(one in answer.text for one in left_out)


@pytest.mark.parametrize(
    "question",
    ["list the milestones of outcome 2", "What are the milestones in outcome 2?", "milestones for outcome 2"],
)
def test_milestones_are_listed_by_the_outcome_above_them(council: Assistant, question: str) -> None:
    """A milestone has no outcome of its own; the headings tell it."""
    answer = council.ask(question)
    assert answer.answered
    assert "one milestone under outcome 2" in answer.text
    assert "market hall" in answer.text
    assert "old depot" not in answer.text


@pytest.mark.parametrize(
    ("question", "given"),
    [
        ("Which places chose housing?", ("Osney", "Harbourside", "Lower Wexmouth Partnership")),
        ("Which districts have housing as a priority?", ("Osney", "Harbourside")),
        ("which partnerships have picked housing?", ("Lower Wexmouth Partnership",)),
        ("Which districts prioritise clean air?", ("Harbourside",)),
        ("which district has clean air in its list", ("Harbourside",)),
        ("Which borough wants its air to be clean?", ("Harbourside",)),
        ("Which districts have put housing down as one of their priorities?", ("Osney", "Harbourside")),
    ],
)
def test_all_places_with_a_priority_are_given(
    council: Assistant, question: str, given: tuple[str, ...]
) -> None:
    """Of the sort of place that is asked about, whatever the verb."""
    text = council.ask(question).text
    places = ("Osney", "Harbourside", "Lower Wexmouth Partnership", "Upton")
    assert [one for one in places if one in text] == list(given)


def test_a_place_is_known_without_its_apostrophe(council: Assistant) -> None:
    answer = council.ask("wat are osneys prioritys")
    assert answer.kind == "place" and answer.text.startswith("Osney's"), answer.text


def test_leads_of_a_row_with_several_plans_are_not_given_to_each(over_papers: OverPapers) -> None:
    """Each may lead but one of them; the row does not say which."""
    plans = ("Market Strategy", "Harbour Fair Plan", "Quay Strategy", "Street Washing Plan", "Choir Strategy")
    bodies = ("Wexmouth Council", "Osney Arts Trust", "Harbour Board", "Ferry Company", "Music Society")
    towns = ("markets", "quays", "streets", "choirs")
    rows = [
        f"| Support our {town} | {plans[n]}; {plans[n + 1]} | {bodies[n]}; {bodies[n + 1]} |"
        for n, town in enumerate(towns)
    ]
    rows.append("| Clean our parks | Street Washing Plan | Wexmouth Council |")
    head = "# Osney delivery plan\n\n| Commitment | Plans | Led by |\n|---|---|---|\n"
    osney = over_papers({"osney.md": head + "\n".join(rows)})
    assert "the row does not say who leads which" in osney.ask("Who leads the support of our markets?").text
    one = osney.ask("Who leads the Market Strategy?").text
    assert "for this and Harbour Fair Plan together; the row does not say who leads which" in one
    assert "does not say" not in osney.ask("Who leads clean parks?").text


def test_the_meaning_of_a_word_that_stands_nowhere_is_declined(council: Assistant) -> None:
    assert not council.ask("QZX meaning").answered
    assert not council.ask("What does QZX stand for?").answered


@pytest.mark.parametrize(
    "question", ["What does TEB mean to do about barges?", "By how much does the TEB mean to cut its noise?"]
)
def test_what_a_body_means_to_do_is_no_question_for_its_name(over_papers: OverPapers, question: str) -> None:
    paper = "# Quay report\n\nThe Tidal Energy Board (TEB) met. It will cut its noise by 12% and send the barges away.\n"
    assert "stands for" not in over_papers({"quay.md": paper}).ask(question).text


def test_two_short_forms_are_both_told(over_papers: OverPapers) -> None:
    """In the order in which they are asked for."""
    paper = over_papers(
        {
            "quay.md": "# Quay report\n\nThe Tidal Energy Board (TEB) met. The Inner Basin Group (IBG) met as well.\n"
        }
    )
    text = paper.ask("What do IBG and TEB stand for?").text
    assert 0 <= text.find("Inner Basin Group") < text.find("Tidal Energy Board")
    for question in ("What do QZX and TEB stand for?", "What do TEB and QZX stand for?"):
        assert "stands for" not in paper.ask(question).text


def test_what_is_far_from_the_question_is_not_told_of_as_near(council: Assistant) -> None:
    """The suggestions still say what the documents hold."""
    answer = council.ask("What is the capital of France?")
    assert answer.text == "The documents do not mention “France”."
    assert answer.suggestions
    assert "Nearest" in council.ask("Which street parties got a lottery grant in 2031?").text


HOMES = """# Osney homes plan

## Outcome 2: Good homes

### Priority: Warm homes

| Commitment | Plans | Led by |
|---|---|---|
| Insulate every roof | Roof Plan | Wexmouth Council |
| Mend the boilers | Boiler Plan | Osney Arts Trust |

### Priority: Dry cellars

| Commitment | Plans | Led by |
|---|---|---|
| Pump out the cellars | Pump Plan | Wexmouth Council |
"""


def test_what_stands_under_an_outcome_is_listed(over_papers: OverPapers) -> None:
    """Its commitments, however the question says that they stand there, and the priorities above them."""
    osney = over_papers({"homes.md": HOMES})
    for question in ("Which commitments come under outcome 2?", "how many commitments sit under outcome 2?"):
        assert "three commitments under outcome 2" in osney.ask(question).text
    priorities = osney.ask("Name the priorities under outcome 2").text
    assert "two priorities under outcome 2" in priorities
    assert "Warm homes" in priorities and "Dry cellars" in priorities


def test_all_plans_of_a_topic_are_given(over_papers: OverPapers) -> None:
    """Where it is the name of none, and fits several as well; not where one of them is named."""
    rows = (
        "| Better homes | Osney Housing Strategy | Osney Arts Trust |\n"
        "| Dry homes | Housing repairs fund | Wexmouth Council |\n"
        "| More trade | Market Strategy | Harbour Board |\n"
        "| Warm homes | Osney Housing Strategy | Osney Arts Trust |\n"
    )
    plan = over_papers({"osney.md": planned(rows)})
    topic = plan.ask("Who leads on housing?").text
    assert topic.startswith("**Housing** is in the name of two plans in the Osney plan, each with its lead:")
    assert "Osney Housing Strategy: Osney Arts Trust (under Better homes and Warm homes)" in topic
    assert "Housing repairs fund: Wexmouth Council" in topic
    assert "repairs" not in plan.ask("Who leads the Osney Housing Strategy?").text


def test_a_place_narrows_a_topic_that_fits_several_plans(over_papers: OverPapers) -> None:
    rows = (
        "| Better homes | Housing Strategy | Osney Arts Trust |\n"
        "| Dry homes | Housing Plan | Osney Council |\n"
        "| Old homes | Housing Programme | Upton Borough |\n"
    )
    plan = over_papers({"plan.md": planned(rows, "Area")})
    text = plan.ask("Who leads on housing in Osney?").text
    assert text.startswith("**Housing** is in the name of two plans for Osney")
    assert "Upton" not in text


TWICE = """# Osney plan

## Outcome 1: Neighbours

| Commitment | Plans | Led by |
|---|---|---|
| Meet more | Festival Strategy | Osney Arts Trust |
| Travel together | Ferry and Bus Service | Ferry and Bus Service, Wexmouth Council |

## Outcome 2: Wealth

| Commitment | Plans | Led by |
|---|---|---|
| Sell more | Festival Strategy | Harbour Board |
"""


def test_an_outcome_narrows_where_a_plan_stands(over_papers: OverPapers) -> None:
    osney = over_papers({"osney.md": TWICE})
    assert "two commitments" in osney.ask("Who leads the Festival Strategy?").text
    text = osney.ask("Who leads the Festival Strategy in outcome 2?").text
    assert "Harbour Board" in text
    assert "Osney Arts Trust" not in text


def test_a_service_that_is_its_own_plan_is_told_with_its_leads(over_papers: OverPapers) -> None:
    osney = over_papers({"osney.md": TWICE})
    assert "Wexmouth Council" in osney.ask("Ferry and Bus Service - who runs it?").text


@pytest.mark.parametrize("question", ["Which plans does the Ramblers of Wexmouth lead in outcome 1?"])
def test_what_a_body_leads_under_an_outcome_is_not_all_that_stands_there(
    council: Assistant, question: str
) -> None:
    text = council.ask(question).text
    assert "Osney social walks" in text
    assert "Harbour choir" not in text


def test_a_list_of_another_length_is_not_what_was_asked_for(over_papers: OverPapers) -> None:
    """ "The ten commitments" are not the three that the register has."""
    homes = over_papers({"homes.md": HOMES})
    assert "three commitments" in homes.ask("What are the three commitments?").text
    assert "three commitments" not in homes.ask("What are the ten commitments?").text
    assert "three commitments under outcome 2" in homes.ask("List the outcome 2 commitments").text


@pytest.mark.parametrize(
    ("question", "given"),
    [
        ("Which districts chose housing, and what is due by September 2024?", ("Harbourside", "walking map")),
        (
            "Who leads the harbour choir and when does the market hall open?",
            ("Osney Arts Trust", "March 2025"),
        ),
    ],
)
def test_two_questions_in_one_are_both_answered(
    council: Assistant, question: str, given: tuple[str, ...]
) -> None:
    text = council.ask(question).text
    assert all(one in text for one in given), text


def test_rows_that_list_a_plan_with_others_count_as_well(over_papers: OverPapers) -> None:
    """Also where it has a row of its own; a longer name that only holds its words is another plan."""
    rows = (
        "| Read more | Libraries | Wexmouth Council |\n"
        "| Meet more | Libraries, Street Wardens | Wexmouth Council |\n"
        "| Walk more | Parks and Libraries | Osney Arts Trust |\n"
        "| Write more | Libraries of the future | Harbour Board |\n"
    )
    plan = over_papers({"osney.md": planned(rows)})
    text = plan.ask("Who leads Libraries?").text
    assert text.startswith("**Libraries** stands under three commitments")
    assert "Write more" not in text


def test_every_sort_of_list_is_answered_or_declined(council: Assistant) -> None:
    """Whatever is asked of whatever sort of record: a sort that lacks what is asked for is no fault."""
    nouns = ("indicators", "commitments", "milestones", "plans", "rows", "priorities", "places", "targets")
    asked = ("how many", "list the", "which")
    beside = (
        "",
        "of outcome 2",
        "in outcome one without a target",
        "due by March 2025",
        "in 2031",
        "for Osney in the draft",
        "on walking",
        "led by Osney Arts Trust",
        "with the status red",
        "that have no lead",
    )
    for how, noun, more in product(asked, nouns, beside):
        answer = council.ask(f"{how} {noun} {more}".strip() + "?")
        assert answer.text
        assert answer.answered == bool(answer.citations)


PATHS = """# Wexmouth delivery plan

More people take to cycling and walking each year.

## Outcome 1: Moving about

| Commitment | Strategies / plans in place to deliver this | Led by |
|---|---|---|
| Getting about on foot and by bike | Quay Cycling and Walking Plan | Harbour Trust |
| | Safer Roads Strategy | Wexmouth Council |
| | Lanes Review | Parish Forum |
| | Station Links Programme | Rail Board |
"""


def test_which_plans_is_answered_with_all_of_a_commitment(over_papers: OverPapers) -> None:
    """Where one is asked for, with the one that holds the words."""
    plan = over_papers({"plan.md": PATHS})
    several = plan.ask("Which strategies cover cycling and walking?").text
    assert "four plans" in several and "Rail Board" in several
    one = plan.ask("Which plan covers cycling and walking?").text
    assert "Quay Cycling and Walking Plan: Harbour Trust" in one and "Rail Board" not in one

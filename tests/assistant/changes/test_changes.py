"""Questions about versions, and ``ledby diff``: an invented plan in two versions, and two reading editions."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path

import pytest

from app import cli
from assistant import cite
from assistant.commands.cli import run
from assistant.draft import Draft, Evidence, Line
from assistant.service import Assistant
from corpus.model import Citation, Milestone, PlanEntry, Priority, Span
from index.build import ingest
from index.embed import Embedder
from tests.assistant.conftest import OverPapers

DOCUMENTS = Path(__file__).parents[3] / "corpus" / "documents"
DRAFT, FINAL = "wold-draft", "wold-final"
HEAD = """---
title: "{title}"
short_title: "{title}"
publisher: "Wold Vale Council"
date: {date}
status: {status}
family: nature-climate-plan
{more}---
# Theme 1: Cleaner rivers

"""
OLD = (
    HEAD.format(
        title="Nature and Climate Action Plan, consultation draft", date="2025-02-10", status="draft", more=""
    )
    + """| Objective | Action | Owner |
| --- | --- | --- |
| Restore chalk streams | River Partnership Programme | Rivers Team |
| Restore chalk streams | Wet Meadow Scheme | Farm Liaison Office |
| Cut sewage spills | Outfall Monitoring Plan | Environmental Health |
| Teach river skills in schools | Young Wardens Project | Education Service |

| Milestone | By when |
| --- | --- |
| Open the Otter Bridge footpath | May 2026 |
| Publish the tree survey | October 2025 |

| No. | Indicator | Baseline | Target |
| --- | --- | --- | --- |
| 1.1 | Share of streams in good condition | 22% (2024) | 40% by 2030 |
| 1.2 | Homes with a water butt | 9% (2024) | 15% by 2030 |
| 1.3 | Number of hedgerow miles planted each winter | 4 (2024) | 12 by 2030 |

# Parish priorities

| Parish | Priorities for 2025 to 2027 |
| --- | --- |
| Ashby | Flood watch; Bat boxes |
| Brindle | |
| Cotham | Cycle lanes |
| Dunmere | |
"""
)
NEW = (
    HEAD.format(
        title="Nature and Climate Action Plan",
        date="2025-09-22",
        status="final",
        more=f"supersedes: {DRAFT}\n",
    )
    + """| Objective | Action | Owner |
| --- | --- | --- |
| Restore chalk streams | River Partnership Programme | Catchment Board |
| Restore chalk streams | Beaver Return Trial | Wildlife Trust |
| Cut sewage spills | Outfall Monitoring Plan | Environmental Health |
| Cool the town squares | Street Tree Programme | Parks Team |

| Milestone | By when |
| --- | --- |
| Open the Otter Bridge footpath | August 2026 |
| Publish the tree survey | October 2025 |

| No. | Indicator | Baseline | Target |
| --- | --- | --- | --- |
| 1.1 | Share of streams in good condition | 22% (2024) | 55% by 2030 |
| 1.2 | Homes with a water butt | 9% (2024) | 15% by 2030 |
| 1.4 | Complaints about odour from treatment works | 31 (2024) | 10 by 2030 |
| 1.5 | Ponds dug by volunteers | 2 (2024) | 20 by 2030 |

# Parish priorities

| Parish | Priorities for 2025 to 2027 |
| --- | --- |
| Ashby | Flood watch; Bat boxes |
| Brindle | Village pond; Verge meadows |
| Cotham | Safe crossings |
| Dunmere | |
"""
)


@pytest.fixture(scope="module")
def wold_index(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Path:
    """The folder of an index of the invented plan's two versions."""
    folder = tmp_path_factory.mktemp("wold")
    (folder / "documents").mkdir()
    (folder / "documents" / f"{DRAFT}.md").write_text(OLD, encoding="utf-8")
    (folder / "documents" / f"{FINAL}.md").write_text(NEW, encoding="utf-8")
    ingest([folder / "documents"], folder / "index", embedder=embedder)
    return folder / "index"


@pytest.fixture(scope="module")
def wold(wold_index: Path, embedder: Embedder) -> Assistant:
    """An assistant over the invented plan."""
    return Assistant.open(wold_index, embedder=embedder)


@pytest.fixture(scope="module")
def plans(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder, small_index: Path) -> Assistant:
    """An assistant over the reading editions of a plan's draft and of the plan."""
    folder = tmp_path_factory.mktemp("plans")
    (folder / "documents").mkdir()
    for month in ("04", "06"):
        shutil.copy(DOCUMENTS / f"shared-delivery-plan-2024-{month}.md", folder / "documents")
    shutil.copytree(small_index / "cache", folder / "index" / "cache")  # texts embedded already
    ingest([folder / "documents"], folder / "index", embedder=embedder)
    return Assistant.open(folder / "index", embedder=embedder)


def compared(assistant: Assistant, question: str) -> Draft | None:
    """What is said of the versions to a question; None where nothing is."""
    return next((draft for draft, _ in assistant.considered(question) if draft.kind == "diff"), None)


def told(assistant: Assistant, question: str) -> tuple[str, tuple[Citation, ...]]:
    """Text and citations of the answer about versions; every quote stands in its document, and none was cut."""
    draft = compared(assistant, question)
    assert draft is not None, f"nothing about versions was said to: {question}"
    text, citations, cut = cite.render(draft, assistant.index.documents)
    assert cut == 0 and citations and cite.verify(citations, assistant.index.documents)
    return text, citations


def proves(citations: tuple[Citation, ...], document: str, words: str) -> bool:
    """Whether a citation of a document quotes some words."""
    return any(one.document == document and words in one.quote for one in citations)


def test_a_milestone_that_moved_is_given_with_both_dates(wold: Assistant) -> None:
    text, citations = told(
        wold, "When does the Otter Bridge footpath open, in the draft and in the final plan?"
    )
    assert text == (
        "Open the Otter Bridge footpath: August 2026, according to the Nature and Climate Action Plan [1]. "
        "The draft of February 2025 said May 2026 [2]."
    )
    assert proves(citations[:1], FINAL, "August 2026") and proves(citations[1:], DRAFT, "May 2026")


def test_a_change_is_found_without_a_word_of_versions(wold: Assistant) -> None:
    text, _ = told(wold, "Has the opening of the Otter Bridge footpath moved?")
    assert "August 2026" in text and "May 2026" in text


def test_the_lead_of_a_plan_then_and_now(wold: Assistant) -> None:
    question = "Who owned the River Partnership Programme in the draft and who owns it now?"
    text, citations = told(wold, question)
    assert "Catchment Board [1]" in text and "Rivers Team [2]" in text
    assert "Beaver Return Trial" not in text, "another plan of the commitment was not asked for"
    assert proves(citations, FINAL, "Catchment Board") and proves(citations, DRAFT, "Rivers Team")


def test_a_target_that_moved_in_a_column_of_its_own(wold: Assistant) -> None:
    question = "How did the target for streams in good condition change between February and September 2025?"
    text, citations = told(wold, question)
    assert text.index("55%") < text.index("40%")
    assert proves(citations, FINAL, "55%") and proves(citations, DRAFT, "40%")


def test_what_became_of_a_commitment(wold: Assistant) -> None:
    text, _ = told(wold, "What changed about restoring chalk streams since the draft?")
    for name in ("Catchment Board", "Rivers Team", "Beaver Return Trial", "Wet Meadow Scheme"):
        assert name in text


def test_all_that_changed_about_a_topic_is_told_kind_by_kind(wold: Assistant) -> None:
    """Each list says of which version its items are."""
    answer = wold.ask("What changed about chalk streams between the draft and the final plan?")
    assert (answer.kind, answer.completeness) == ("diff", "complete")
    lists = dict(part.split(":\n", 1) for part in answer.text.split("\n\n"))
    gone, come = (next(one for one in lists if said in one) for said in ("is not in the", "is new in the"))
    assert gone.startswith("One plan of the draft") and come.startswith("One plan")
    assert "Wet Meadow Scheme" in lists[gone] and "Wet Meadow Scheme" not in lists[come]
    assert "Beaver Return Trial" in lists[come] and "Beaver Return Trial" not in lists[gone]
    assert "Catchment Board" in answer.text and "Outfall Monitoring Plan" not in answer.text


def test_places_that_were_blank_and_are_filled(wold: Assistant) -> None:
    text, citations = told(wold, "Which parishes were blank in the draft but filled in the final plan?")
    assert text.startswith("Brindle was blank in the draft of February 2025")
    assert "Dunmere is still blank" in text and "Ashby" not in text and "Cotham" not in text
    assert {one.document for one in citations} == {DRAFT, FINAL}


@pytest.mark.parametrize(
    ("place", "now", "then"),
    [
        ("Brindle", "Village pond; Verge meadows", "left them blank"),
        ("Cotham", "Safe crossings", "listed: Cycle lanes"),
        ("Dunmere", "leaves its priorities blank", "left them blank"),
        ("Ashby", "Flood watch; Bat boxes", "the same in both versions"),
    ],
)
def test_the_priorities_of_a_place(wold: Assistant, place: str, now: str, then: str) -> None:
    text, citations = told(wold, f"What are {place}'s priorities in the draft and in the final plan?")
    assert now in text and then in text
    assert {one.document for one in citations} == {DRAFT, FINAL}


PARISHES = """---
title: Parish plan
date: 2025-03-01
status: final
---
# Parish priorities

| Parish | Priorities for 2025 to 2027 |
| --- | --- |
| Ashby | Flood watch |
| Ashby | Bat boxes |
| Ashby | Verge meadows |
| Cotham | Cycle lanes; Safe crossings |
"""


def test_the_priorities_of_a_place_are_counted(over_papers: OverPapers) -> None:
    """Not those that are written as one."""
    plan = over_papers({"plan.md": PARISHES})
    assert plan.ask("How many priorities does Ashby have?").text.startswith("Ashby's three priorities (")
    assert plan.ask("What are Cotham's priorities?").text.startswith("Cotham's priorities (")


def test_the_priorities_of_other_years_are_declined_with_the_years_there_are(wold: Assistant) -> None:
    answer = wold.ask("What are Ashby's priorities for 2028 to 2030?")
    assert not answer.answered and not answer.citations
    assert "Ashby's priorities for 2025 to 2027" in answer.text and "Bat boxes" not in answer.text
    assert [wold.ask(suggested).answered for suggested in answer.suggestions] == [True]


def test_a_document_of_other_years_may_tell_of_them(over_papers: OverPapers) -> None:
    report = "---\ntitle: Parish survey\ndate: 2019-05-02\nstatus: final\n---\n# Ashby\n\nAshby's priorities in 2019 were drains.\n"
    both = over_papers({"plan.md": OLD, "survey.md": report})
    answer = both.ask("What were Ashby's priorities in 2019?")
    assert "not for other years" not in answer.text and "Bat boxes" not in answer.text
    assert "not for other years" in both.ask("What were Ashby's priorities in 2018?").text


def test_a_look_up_gives_no_value_by_its_own_words(wold: Assistant) -> None:
    """It tells of how many objectives and in which plan of which year, which was not asked."""
    assert not wold.ask("In which year was the River Partnership Programme founded?").answered
    assert not wold.ask("How many people work on the River Partnership Programme?").answered


@pytest.mark.parametrize(
    ("question", "listed", "not_listed"),
    [
        (
            "Which indicators were dropped between the draft and the final plan?",
            ["hedgerow"],
            ["odour", "Ponds"],
        ),
        ("Which indicators were added since the draft?", ["odour", "Ponds"], ["hedgerow", "water butt"]),
        ("Which new indicator about smells has the final plan that the draft had not?", ["odour"], ["Ponds"]),
        ("Which objectives were only in the draft?", ["Teach river skills"], ["Cool the town"]),
        (
            "Which actions or plans are new in the final version, not in the draft?",
            ["Beaver Return"],
            ["Outfall"],
        ),
        ("Which milestones moved between the two versions?", ["Otter Bridge"], ["tree survey"]),
        ("Whose lead changed between the draft and the final plan?", ["Catchment Board"], ["Parks Team"]),
        ("From which objectives was the Rivers Team dropped as lead since the draft?", ["chalk"], ["sewage"]),
    ],
)
def test_lists_hold_what_was_asked_for(
    wold: Assistant, question: str, listed: list[str], not_listed: list[str]
) -> None:
    text, _ = told(wold, question)
    assert [name for name in listed if name not in text] == []
    assert [name for name in not_listed if name in text] == []


def test_numbers_of_both_versions(wold: Assistant) -> None:
    question = "How many indicators did the draft have and how many does the final plan have?"
    text, _ = told(wold, question)
    assert "draft of February 2025 has three indicators" in text and "Action Plan has four" in text


def test_all_that_changed(wold: Assistant) -> None:
    text, citations = told(wold, "What changed between the draft and the final plan?")
    for fact in ("one milestone moved", "one target moved", "two indicators added", "one place filled in"):
        assert fact in text
    assert "May 2026 before, August 2026 now" in text and {one.document for one in citations} == {
        DRAFT,
        FINAL,
    }


@pytest.mark.parametrize(
    "question",
    [
        "Who leads restoring chalk streams?",
        "Who owned the Outfall Monitoring Plan in the draft?",
        "When is the tree survey published?",
        "Which plan tackles climate change?",
        "What are Cotham's priorities?",
        "Has the cost of bread changed since 1990?",
        "What was changed in the version of 3 June 2025?",
    ],
)
def test_other_questions_are_left_to_others(wold: Assistant, question: str) -> None:
    assert compared(wold, question) is None


def test_one_version_alone_has_no_changes(small_index: Path, embedder: Embedder) -> None:
    alone = Assistant.open(small_index, embedder=embedder)
    assert compared(alone, "What changed between the draft and the final plan?") is None


def test_disclosures_beside_an_answer_from_the_current_version(wold: Assistant) -> None:
    register, changes = wold.index.register, wold.changes
    told_of: dict[str, str | None] = {}
    current = [r for r in register.records() if r.document == FINAL]
    for record in current:
        line = changes.disclosure(record)
        key = record.quote if isinstance(record, Milestone | PlanEntry | Priority) else ""
        told_of[key] = line.text if line else None
        if line:
            assert all(one.document == DRAFT for one in line.evidence) and line.evidence
    found = {key: text for key, text in told_of.items() if text}
    by_name = {
        name: [text for key, text in found.items() if name in key]
        for name in (
            "Otter Bridge",
            "tree survey",
            "Outfall",
            "River Partnership",
            "Village pond",
            "Safe crossings",
        )
    }
    assert by_name["Otter Bridge"] == ["The draft of February 2025 said May 2026."]
    assert by_name["tree survey"] == [] and by_name["Outfall"] == []
    assert "named different leads" in by_name["River Partnership"][0]
    assert "left the list blank" in by_name["Village pond"][0]
    assert "gave another list" in by_name["Safe crossings"][0]


def test_nothing_is_disclosed_of_a_replaced_document(wold: Assistant) -> None:
    old = [record for record in wold.index.register.records() if record.document == DRAFT]
    assert old and [record for record in old if wold.changes.disclosure(record)] == []


# the reading editions


def test_the_launch_of_the_family_hubs_moved(plans: Assistant) -> None:
    text, citations = told(
        plans, "Between the draft and the final plan, when does the Family Hub programme launch?"
    )
    assert text.index("June 2024") < text.index("March 2024")
    assert proves(citations, "shared-delivery-plan-2024-06", "June 2024")
    assert proves(citations, "shared-delivery-plan-2024-04", "March 2024")


def test_the_districts_that_were_filled_in(plans: Assistant) -> None:
    text, _ = told(
        plans, "Which districts had blank priorities in the draft and filled ones in the final plan?"
    )
    for place in ("Canterbury", "Dartford", "Thanet", "Tonbridge & Malling", "Tunbridge Wells"):
        assert place in text.split(" blank in ")[0]
    assert "Dover and Maidstone are still blank" in text


def test_the_leads_of_a_commitment_in_both_editions(plans: Assistant) -> None:
    text, _ = told(
        plans, "How did the leads for reducing loneliness change between the draft and the final plan?"
    )
    assert "Health Determinants Research Collaboration" in text and "Medway Public Health" in text


# the command


def ledby(capsys: pytest.CaptureFixture[str], *args: str | Path) -> tuple[int, str, str]:
    """Exit code, output and complaint of a command in this process."""
    capsys.readouterr()
    code = run(cli, [str(arg) for arg in args])
    told_ = capsys.readouterr()
    return code, told_.out, told_.err


def test_diff_as_json(wold_index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = ledby(capsys, "diff", "--index", wold_index, "--format", "json")
    rows = json.loads(out)
    assert code == 0 and {tuple(row) for row in rows} == {("kind", "subject", "old", "new", "note")}
    sides = [row[side] for row in rows for side in ("old", "new") if row[side]]
    assert {tuple(side) for side in sides} == {("document", "text", "leads", "lines", "page", "quote")}
    (moved,) = [row for row in rows if row["kind"] == "milestone moved"]
    assert moved["old"]["document"] == DRAFT and "May 2026" in moved["old"]["quote"]
    assert moved["new"]["document"] == FINAL and "August 2026" in moved["new"]["quote"]
    line = moved["new"]["lines"][0]
    assert "Otter Bridge" in NEW.splitlines()[line - 1]
    (lead,) = [row for row in rows if row["kind"] == "lead changed"]
    assert lead["old"]["leads"] == ["Rivers Team"] and lead["new"]["leads"] == ["Catchment Board"]
    for row in rows:
        assert (row["old"] is None) == (row["kind"] == "added") and (row["new"] is None) == (
            row["kind"] == "dropped"
        )


def test_diff_of_named_documents_and_formats(wold_index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, whole, _ = ledby(capsys, "diff", "--index", wold_index, "--format", "json")
    code, out, _ = ledby(capsys, "diff", DRAFT, FINAL, "--index", wold_index, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert code == 0 and len(rows) == len(json.loads(whole))
    assert {"old_text", "new_quote", "note"} <= set(rows[0])
    code, out, _ = ledby(capsys, "diff", FINAL, DRAFT, "--index", wold_index, "--format", "json")
    (back,) = [row for row in json.loads(out) if row["kind"] == "milestone moved"]
    assert code == 0 and back["note"] == "August 2026 before, May 2026 now"
    code, out, _ = ledby(capsys, "diff", "--index", wold_index)
    assert code == 0 and f"{len(rows)} changes" in out
    code, out, _ = ledby(capsys, "diff", "--index", wold_index, "--format", "md")
    assert code == 0 and "## Milestone moved" in out and "| Open the Otter Bridge footpath |" in out


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ((DRAFT, "wold-fnal"), "wold-fnal"),
        (("nothing", FINAL), "nothing"),
        ((DRAFT,), "two documents"),
        ((DRAFT, DRAFT), "twice"),
        (("--format", "xml"), "xml"),
    ],
)
def test_diff_complains_in_one_plain_line(
    wold_index: Path, capsys: pytest.CaptureFixture[str], args: tuple[str, ...], said: str
) -> None:
    code, out, err = ledby(capsys, "diff", *args, "--index", wold_index)
    assert code == 2 and out == "" and said in err and len(err.strip().splitlines()) == 1


def test_only_a_line_without_a_source_begins_another_list(wold: Assistant) -> None:
    document = wold.index.documents[FINAL]
    source = (Evidence(FINAL, Span(document.text.index("Ashby"), document.text.index("Brindle")), ""),)
    lines = (Line("First:"), Line("it says:", source), Line("Second:"), Line("more.", source))
    text, _, _ = cite.render(Draft("diff", lines, 1.0, bullets=True), wold.index.documents)
    assert text == "First:\n- it says [1]:\n\nSecond:\n- more [1]."

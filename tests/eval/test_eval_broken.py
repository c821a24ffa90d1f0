"""Breaking the product on purpose is caught: a real index, a real assistant, one part switched off at a
time."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import typer
from eval_double import TEXT, Scripted, cite, say
from typer.testing import CliRunner

from assistant import Assistant
from assistant.draft import Draft, Line
from assistant.draft import Evidence as Proof
from assistant.evidence.narrow import EVERYWHERE, Narrowing
from corpus.model import Span
from eval.command import register
from eval.draft import as_line
from eval.gate import Limits, Thresholds, breaches
from eval.questions import Evidence, Question, Sources
from eval.run import by_kind, run
from index.build import ingest
from index.generation import open_index

PLAN = """---
title: "Fruit and Orchards Plan 2024-2026{note}"
publisher: "Orchard County Council"
date: {date}
status: {status}
family: fruit-plan
---
# Fruit and Orchards Plan 2024-2026

## Schools and training

The county cider school opens in {school}. The beekeeping course for growers begins in {bees}.
The pruning academy takes its first apprentices in {pruning}.

## Markets

The night market in the harbour returns in {market}. The wholesale hall reopens in {hall}.
"""
FINAL = {
    "school": "June 2025",
    "bees": "July 2025",
    "pruning": "May 2025",
    "market": "August 2025",
    "hall": "October 2025",
}
DRAFT = {
    "school": "March 2024",
    "bees": "April 2024",
    "pruning": "January 2024",
    "market": "February 2024",
    "hall": "November 2024",
}
ASKED = {
    "school": "When does the county cider school open?",
    "bees": "When does the beekeeping course for growers begin?",
    "pruning": "When does the pruning academy take its first apprentices?",
    "market": "When does the night market in the harbour return?",
    "hall": "When does the wholesale hall reopen?",
}
VERBS = (
    "mending",
    "renting",
    "testing",
    "buying",
    "selling",
    "painting",
    "storing",
    "counting",
    "moving",
    "washing",
)
THINGS = (
    "ladders",
    "crates",
    "soil",
    "trees",
    "jars",
    "gates",
    "ponds",
    "pears",
    "hives",
    "hedges",
    "posts",
    "hens",
)
UNKNOWN = (
    "Who is the treasurer of the lighthouse trust?",
    "What does a season ticket for the tram cost?",
    "How many nurses work in the cottage hospital?",
    "When was the railway to the coast electrified?",
    "Which bank lends money for fishing boats?",
    "What is the population of the northern islands?",
    "Who painted the ceiling of the town hall?",
    "Which airline flies to the islands in winter?",
    "How long is the tunnel under the estuary?",
    "What did the swimming pool cost to heat?",
)
"""Questions of which the documents say nothing."""
TASKS = [f"{verb} {thing}" for verb in VERBS for thing in THINGS]
CODES = [f"QX{1000 + n * 7919 % 9000}" for n in range(len(TASKS))]


@dataclass(frozen=True)
class Bench:
    """A small index with its questions: codes that only words can tell apart, and dates that only versions
    can."""

    folder: Path
    open: Callable[[frozenset[str]], Assistant]
    questions: list[Question]
    sources: Sources
    thresholds: Thresholds


def dates(folder: Path) -> list[Question]:
    lines = (folder / "plan-2024-06.md").read_text().split("\n")
    made = []
    for name, words in ASKED.items():
        line = next(n for n, text in enumerate(lines, 1) if FINAL[name] in text)
        gold = (Evidence("plan-2024-06.md", (line, line)),)
        facts, wrong = ((FINAL[name],),), (DRAFT[name],)
        made.append(Question(f"date-{name}", words, "version", "plain", True, facts, wrong, gold))
    return made


def codes(folder: Path) -> list[Question]:
    lines = (folder / "forms.md").read_text().split("\n")
    made = []
    for code, task in list(zip(CODES, TASKS, strict=True))[::12]:
        line = next(n for n, text in enumerate(lines, 1) if code in text)
        gold = (Evidence("forms.md", (line, line)),)
        made.append(
            Question(f"form-{code}", f"What is form {code} for?", "code", "plain", True, ((task,),), (), gold)
        )
    return made


def unknown() -> list[Question]:
    return [Question(f"unknown-{n}", q, "unanswerable", "plain", False) for n, q in enumerate(UNKNOWN)]


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    folder = tmp_path_factory.mktemp("fruit")
    documents = folder / "documents"
    documents.mkdir()
    (documents / "plan-2024-06.md").write_text(
        PLAN.format(note="", date="2024-06-12", status="final", **FINAL)
    )
    draft = PLAN.format(note=" (draft)", date="2024-03-01", status="draft", **DRAFT)
    (documents / "plan-2024-03.md").write_text(draft)
    sections = [
        f"## Form {code}\n\nForm {code} is for {task}.\n" for code, task in zip(CODES, TASKS, strict=True)
    ]
    (documents / "forms.md").write_text("# Forms of the orchards office\n\n" + "\n".join(sections))
    ingest([documents], folder / "index")
    embedder = open_index(folder / "index").embedder
    limits = {kind: Limits(low={"accuracy": 0.95, "recall@1": 0.95}) for kind in ("code", "version")}
    limits["unanswerable"] = Limits(low={"refusal_recall": 0.5})
    return Bench(
        folder=folder,
        open=lambda without: Assistant.open(folder / "index", without=without, embedder=embedder),
        questions=[*dates(documents), *codes(documents), *unknown()],
        sources=Sources([documents]),
        thresholds=Thresholds(Limits(low={"verbatim": 1.0}, high={"errors": 0.0}), limits),
    )


def fallen(bench: Bench, *without: str) -> set[str]:
    """The kinds that the gate names."""
    outcomes = run(bench.open(frozenset(without)), bench.questions, bench.sources)
    found = breaches(outcomes, bench.thresholds)
    assert all(str(breach).startswith(breach.kind) for breach in found)
    return {breach.kind for breach in found}


def test_with_every_part_on_the_gate_is_kept(bench: Bench) -> None:
    assert fallen(bench) == set()


def test_without_the_lexical_index_codes_fall(bench: Bench) -> None:
    assert fallen(bench, "lexical") == {"code"}


def test_without_the_version_filter_dates_fall(bench: Bench) -> None:
    assert fallen(bench, "versions") == {"version"}


def test_without_the_decline_decision_the_unanswerable_fall(bench: Bench) -> None:
    assert fallen(bench, "decline") == {"unanswerable"}


class MakesUp(Assistant):
    """Ledby with a composer that, where it should decline, states something and points beyond the document."""

    def best(self, whole: str, within: Narrowing = EVERYWHERE) -> Draft:
        draft = super().best(whole, within)
        nowhere = Proof(next(iter(self.index.documents)), Span(10**7, 10**7 + 20))
        made_up = Draft("narrative", (Line("It was 12 in May.", (nowhere,)),), 1.0)
        return draft if draft.answered else made_up


def test_without_the_citation_check_what_a_composer_makes_up_falls(bench: Bench) -> None:
    """What no text bears out is not said, whoever composed it; with the check off it would be."""

    def told(*without: str) -> list[str]:
        index = open_index(bench.folder / "index")
        outcomes = run(MakesUp(index, without), bench.questions, bench.sources)
        return [str(breach) for breach in breaches(outcomes, bench.thresholds)]

    assert told() == []
    broken = told("citations")
    assert broken and all(line.startswith("unanswerable: ") for line in broken), broken


def test_an_unchecked_citation_is_caught_and_its_kind_is_named(tmp_path: Path) -> None:
    """A system that no longer checks its citations, as the evaluation sees it: a quote that does not stand
    there."""
    (tmp_path / "fruit.txt").write_text(TEXT)
    gold = (Evidence("fruit.txt", (2, 2)),)
    asked = [
        Question(f"q{n}", f"q{n}", "lead", "plain", True, (("Orchard Board",),), (), gold) for n in range(5)
    ]
    false = say("The Orchard Board [1].", cite(2, quote="Apples are led by the Orchard Board, all agreed"))
    true = say("The Orchard Board [1].", cite(2))
    limits = Thresholds(kinds={"lead": Limits(low={"verbatim": 1.0})})
    sources = Sources([tmp_path])
    assert (
        breaches(run(Scripted(dict.fromkeys((q.question for q in asked), true)), asked, sources), limits)
        == []
    )
    outcomes = run(Scripted({q.question: false if q.id == "q3" else true for q in asked}), asked, sources)
    assert [str(breach) for breach in breaches(outcomes, limits)] == ["lead: verbatim 0.8 (4/5) is under 1"]
    assert by_kind(outcomes)["lead"].rates["accuracy"].value == 1


def test_the_command_passes_and_fails_as_the_gate_does(bench: Bench, tmp_path: Path) -> None:
    sets, limits = tmp_path / "q.jsonl", tmp_path / "limits.toml"
    sets.write_text(
        "\n".join(as_line(question) for question in bench.questions if question.kind == "version")
    )
    limits.write_text("[default.kinds.version.low]\naccuracy = 0.9\n")
    cli = typer.Typer()
    cli.callback()(lambda: None)
    register(cli)
    words = [
        "eval",
        sets,
        "--index",
        bench.folder / "index",
        "--sources",
        bench.folder / "documents",
        "--json",
    ]
    words += ["--no-baseline", "--thresholds", limits, "--report", tmp_path / "out"]
    sound = CliRunner().invoke(cli, [*map(str, words)])
    assert sound.exit_code == 0, sound.stderr
    assert json.loads(sound.stdout)["kinds"]["version"]["rates"]["accuracy"]["value"] == 1
    assert "declined" in sound.stderr and "…" not in sound.stderr  # the table of a log is whole
    broken = CliRunner().invoke(cli, [*map(str, words), "--without", "versions"])
    assert broken.exit_code == 1
    assert json.loads(broken.stdout)["breaches"] == ["version: accuracy 0 (0/5) is under 0.9"]
    assert (tmp_path / "out" / "report.html").exists()

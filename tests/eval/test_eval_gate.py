"""The gate, the stored results and the whole session, with a scripted assistant at the seam."""

import json
import xml.etree.ElementTree as ET
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from eval_double import DOCUMENT, TEXT, Scripted, cite, decline, hit, say

from corpus.errors import UsageError
from eval import report
from eval.gate import (
    Key,
    Limits,
    Thresholds,
    breaches,
    change,
    commit,
    corpus_hash,
    last,
    load_thresholds,
    store,
)
from eval.questions import Evidence, Question, Sources
from eval.session import Plan, Result, evaluate

NAMES = ("apples", "pears", "plums", "figs", "limes")
QUESTIONS = [
    Question(
        id=name,
        question=f"Who leads {name}?",
        kind="lead" if name < "m" else "plan",
        style="plain",
        answerable=True,
        must=(("Orchard Board",),),
        evidence=(Evidence("fruit.txt", (2, 2)),),
    )
    for name in NAMES
]
GOOD = say("The Orchard Board [1].", cite(2))


def system(*wrong: str, without: frozenset[str] = frozenset()) -> Scripted:
    """Answers all but the named rightly; without its "decline" part it answers those wrongly, too."""
    bad = say("The <b>Pear</b> & Group \x07[1].", cite(3)) if "decline" in without else decline()
    answers = {q.question: bad if q.id in wrong else GOOD for q in QUESTIONS}
    return Scripted(answers, {q.question: [hit(2, 2)] for q in QUESTIONS})


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "fruit.txt").write_text(TEXT)
    return Plan(
        questions=QUESTIONS,
        sources=Sources([tmp_path / "sources"]),
        documents={"fruit": DOCUMENT},
        folder=tmp_path / "results",
        thresholds=Thresholds(
            Limits(low={"accuracy": 0.7}), {"lead": Limits(low={"accuracy": 0.9})}, least=2
        ),
        baseline=False,
    )


def play(plan: Plan, *wrong: str) -> Result:
    return evaluate(plan, lambda without: system(*wrong, without=without))


def test_within_the_limits_it_passes(plan: Plan) -> None:
    result = play(plan)
    assert result.passed
    assert report.gate_lines(result)[0] == "within the thresholds"


def test_the_kind_that_fell_is_named_with_its_counts(plan: Plan) -> None:
    result = play(plan, "figs")
    assert [str(breach) for breach in result.breaches] == ["lead: accuracy 0.667 (2/3) is under 0.9"]


def test_the_whole_may_fall_without_a_kind(plan: Plan) -> None:
    assert [breach.kind for breach in play(plan, "pears", "plums").breaches] == ["all"]


def test_upper_limits_and_figures_are_judged(plan: Plan) -> None:
    outcomes = play(plan, "pears").outcomes
    limits = Thresholds(Limits(high={"false_refusals": 0.1, "words_p95": 2}))
    told = [str(breach) for breach in breaches(outcomes, limits)]
    assert told == ["all: false_refusals 0.2 (1/5) is over 0.1", "all: words_p95 4 is over 2"]


def test_a_small_kind_is_not_judged_and_an_empty_run_fails(plan: Plan) -> None:
    outcomes = play(plan, "figs").outcomes
    assert breaches(outcomes, replace(plan.thresholds, least=4)) == []
    assert [breach.measure for breach in breaches([], plan.thresholds)] == ["questions"]


def test_an_unknown_measure_is_refused(plan: Plan) -> None:
    with pytest.raises(UsageError, match="unknown measure 'acuracy'"):
        breaches(play(plan).outcomes, Thresholds(Limits(low={"acuracy": 0.5})))


def test_thresholds_are_read_by_profile(tmp_path: Path) -> None:
    path = tmp_path / "limits.toml"
    path.write_text(
        "[small]\nleast = 3\n[small.all.low]\naccuracy = 0.5\n[small.kinds.lead.high]\nerrors = 0\n"
    )
    limits = load_thresholds(path, "small")
    assert limits == Thresholds(Limits(low={"accuracy": 0.5}), {"lead": Limits(high={"errors": 0.0})}, 3)
    with pytest.raises(UsageError, match="no profile 'default'; it has small"):
        load_thresholds(path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[default", "not valid TOML"),
        ("[default.all]\nlo = 1\n", "unknown key 'lo'"),
        ("[default.all.low]\naccuracy = 'x'\n", "limits are numbers"),
    ],
)
def test_broken_thresholds_are_one_plain_error(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "limits.toml"
    path.write_text(text)
    with pytest.raises(UsageError, match=message):
        load_thresholds(path)
    with pytest.raises(UsageError, match="cannot read the thresholds"):
        load_thresholds(tmp_path / "none.toml")


def test_the_bundled_thresholds_name_only_known_measures() -> None:
    import tomllib

    from eval.gate import THRESHOLDS, measures

    for profile in tomllib.loads(THRESHOLDS.read_text()):
        limits = load_thresholds(profile=profile)
        for one in (limits.overall, *limits.kinds.values()):
            assert {*one.low, *one.high} <= set(measures())


def test_what_newly_fails_and_passes_is_told(plan: Plan) -> None:
    assert play(plan, "pears", "figs").change.since is None
    second = play(plan, "pears", "limes")
    assert (second.change.failing, second.change.passing) == (("limes",), ("figs",))
    assert second.change.shared == len(NAMES)
    assert "newly failing: limes" in report.gate_lines(second)
    assert play(plan, "pears", "limes").change.failing == ()


def test_the_questions_asked_are_told(plan: Plan) -> None:
    assert report.asked_line(play(plan)) == "5 questions of the bundled sets: all of them"
    chosen = {"part": "held", "sample": "5", "kinds": "lead plan", "questions": "q.jsonl"}
    told = report.asked_line(play(replace(plan, settings=chosen)))
    assert told == "5 questions of q.jsonl: the held part, never tuned on; sample 5; kinds lead plan"


def test_gold_of_another_edition_is_told_by_its_facts(plan: Plan) -> None:
    other = replace(DOCUMENT, file="edition.md")
    result = play(replace(plan, documents={"fruit": other}), "pears")
    (failed,) = [outcome for outcome in result.outcomes if not outcome.correct]
    assert report.gold_line(failed) == "not in this index; the facts: 'Orchard Board' rank 1"
    assert report.gold_line(play(plan, "pears").outcomes[1]) == "fruit.txt:2-2 rank 1"


def test_other_settings_are_not_compared(plan: Plan) -> None:
    play(plan)
    assert play(replace(plan, settings={"sample": "3"}), "figs").change.since is None
    assert play(replace(plan, without=frozenset({"dense"})), "figs").change.since is None


def test_the_same_corpus_is_preferred(plan: Plan, tmp_path: Path) -> None:
    outcomes = play(plan).outcomes
    ours, other = Key("c1", "corpus-a", ()), Key("c2", "corpus-b", ())
    store(tmp_path / "r", ours, outcomes)
    store(tmp_path / "r", other, outcomes)
    (tmp_path / "r" / "torn.json").write_text("{")
    found = last(tmp_path / "r", Key("c3", "corpus-a", ()))
    assert found is not None and found.key == ours
    newest = last(tmp_path / "r", Key("c3", "corpus-c", ()))
    assert newest is not None and newest.key == other
    assert change(None, outcomes).failing == ()


def test_the_corpus_hash_follows_every_text_but_not_the_order() -> None:
    assert corpus_hash({"a": "1", "b": "2"}) == corpus_hash({"b": "2", "a": "1"})
    assert corpus_hash({"a": "1", "b": "2"}) != corpus_hash({"a": "1", "b": "3"})
    assert corpus_hash({"a": "12"}) != corpus_hash({"a1": "2"})


def test_outside_a_repository_there_is_no_commit(tmp_path: Path) -> None:
    assert commit(tmp_path) == ""


def test_an_ablation_switches_each_part_off(plan: Plan) -> None:
    opened: list[frozenset[str]] = []

    def opener(without: frozenset[str]) -> Scripted:
        opened.append(without)
        return system("figs", without=without)

    result = evaluate(replace(plan, ablation=True), opener)
    assert opened == [frozenset(), *(frozenset({part}) for part in result.ablation)]
    assert result.ablation["decline"].rates["wrong"].part == 1
    assert result.ablation["dense"].rates["wrong"].part == 0


def test_the_report_has_every_failure_and_is_well_formed(plan: Plan, tmp_path: Path) -> None:
    result = evaluate(
        replace(plan, without=frozenset({"decline"})), lambda w: system("pears", "figs", without=w)
    )
    summary, junit, scores, page = report.write(result, tmp_path / "out")
    suites = ET.fromstring(junit.read_text())
    assert sum(int(suite.get("failures", 0)) for suite in suites) == 2 + 1
    assert len(suites.findall(".//testcase")) == len(NAMES) + 1
    assert json.loads(scores.read_text())["all"]["rates"]["accuracy"] == {
        "value": 3 / 5,
        "part": 3,
        "whole": 5,
    }
    assert "| figs | lead |" in summary.read_text()
    text = page.read_text()
    assert 'id="figs"' in text and 'id="pears"' in text and 'id="apples"' not in text
    assert "<b>Pear" not in text and "&lt;b&gt;Pear" in text
    assert balanced(text)
    assert "http://" not in text and "https://" not in text and "<script" not in text


def balanced(text: str) -> bool:
    """Whether every element that is opened is closed, in order."""
    empty = {"meta", "br"}

    class Reader(HTMLParser):
        open: list[str] = []
        sound = True

        def handle_starttag(self, tag: str, attrs: object) -> None:
            if tag not in empty:
                self.open = [*self.open, tag]

        def handle_endtag(self, tag: str) -> None:
            self.sound = self.sound and bool(self.open) and self.open[-1] == tag
            self.open = self.open[:-1]

    reader = Reader()
    reader.feed(text)
    return reader.sound and not reader.open


def test_the_terminal_shows_kinds_and_failures(plan: Plan) -> None:
    from io import StringIO

    from rich.console import Console

    console = Console(record=True, width=150, file=StringIO())
    report.print_result(console, play(plan, "figs"), failures=True)
    text = console.export_text()
    assert "figs lead Who leads figs?" in text
    assert "declined, but the documents hold it" in text
    assert "4 of 5 right (80%" in text

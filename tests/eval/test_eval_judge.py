"""Judging and summing up, against a scripted assistant."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from eval_double import DOCUMENT, TEXT, Scripted, ScriptedHit, cite, decline, hit, say

from corpus.model import Answer, Span
from eval.judge import Outcome, judge_hits
from eval.metrics import Ratio
from eval.questions import Evidence, Question, Sources
from eval.run import by_kind, put, run, summarise


@pytest.fixture
def sources(tmp_path: Path) -> Sources:
    (tmp_path / "fruit.txt").write_text(TEXT)
    return Sources([tmp_path])


def ask(**changes: Any) -> Question:
    given: dict[str, Any] = {
        "id": "apples",
        "question": "Who leads apples?",
        "kind": "lead",
        "style": "plain",
        "answerable": True,
        "must": (("Orchard Board",),),
        "evidence": (Evidence("fruit.txt", (2, 2)),),
    }
    return Question(**(given | changes))


UNKNOWN = ask(id="knives", question="Who leads knives?", answerable=False, must=(), evidence=())


def judged(answer: Answer | Exception, sources: Sources, question: Question | None = None) -> Outcome:
    question = question or ask()
    return put(Scripted({question.question: answer}), question, sources)


def test_an_answer_with_every_fact_is_right(sources: Sources) -> None:
    outcome = judged(say("The Orchard Board [1].", cite(2)), sources)
    assert outcome.correct
    assert outcome.well_cited
    assert outcome.why == ""


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (say("The Pear Group [1].", cite(3)), "missing 'Orchard Board'"),
        (decline("pears"), "declined, but the documents hold it"),
        (RuntimeError("disk\nfull"), "error: RuntimeError: disk"),
    ],
)
def test_what_is_wrong_is_said(sources: Sources, answer: Answer | Exception, why: str) -> None:
    outcome = judged(answer, sources)
    assert not outcome.correct
    assert outcome.why == why


def test_a_forbidden_string_makes_a_complete_answer_wrong(sources: Sources) -> None:
    question = ask(must_not=("Pear Group",))
    outcome = judged(say("The Orchard Board and the Pear Group."), sources, question)
    assert outcome.facts == (True,)
    assert outcome.why == "says 'Pear Group'"


def test_a_fact_in_a_decline_does_not_count(sources: Sources) -> None:
    told = Answer("", "", "Nothing on that; nearest: Orchard Board", False, "none", "none")
    assert judged(told, sources).facts == (False,)


def test_declining_is_right_only_where_nothing_is_there(sources: Sources) -> None:
    assert judged(decline(), sources, UNKNOWN).correct
    assert not judged(say("The Knife Board."), sources, UNKNOWN).correct
    assert not judged(RuntimeError("no"), sources, UNKNOWN).correct


def test_a_citation_is_checked_against_the_source_and_not_believed(sources: Sources) -> None:
    true, false = cite(2), cite(2, quote="Apples are led by the Apple Board", n=2)
    outcome = judged(say("The Orchard Board [1][2].", true, false), sources)
    assert [c.verbatim for c in outcome.cited] == [True, False]
    assert judged(say("It is [1].", cite(2, quote=" ")), sources).cited[0].verbatim is False


def test_a_citation_without_lines_is_checked_against_the_stored_text(sources: Sources) -> None:
    from dataclasses import replace

    pdf = replace(cite(2), file="fruit.pdf", lines=None)
    assert judged(say("Orchard Board [1]", pdf), sources).cited[0].verbatim is None
    stored = Sources([], {"fruit": TEXT})
    assert judged(say("Orchard Board [1]", pdf), stored).cited[0].verbatim is True
    moved = replace(pdf, span=Span(0, 5))
    assert judged(say("Orchard Board [1]", moved), stored).cited[0].verbatim is False


def test_markers_and_citations_must_match_one_to_one(sources: Sources) -> None:
    stray = judged(say("The Orchard Board [1][7].", cite(2)), sources)
    assert stray.stray_markers == (7,)
    assert not stray.well_cited
    assert not judged(say("The Orchard Board.", cite(2)), sources).well_cited
    assert not judged(say("The Orchard Board."), sources).well_cited


def test_gold_that_no_hit_covers_keeps_its_place() -> None:
    question = ask(
        evidence=(Evidence("fruit.txt", (2, 2)), Evidence("fruit.txt", (4, 4)), Evidence("b.txt", (2, 2)))
    )
    found = judge_hits(question, [hit(3, 3), hit(1, 2), hit(2, 2)])
    assert found.gold == (2, None, None)
    assert found.on_gold == (False, True, True)
    assert found.units == ((), (0,), ())
    assert found.facts == (2,)


def test_gold_by_page_uses_the_page_of_the_hit() -> None:
    from dataclasses import replace

    from corpus.model import Page

    paged = replace(
        DOCUMENT, file="fruit.pdf", pages=(Page(1, None, Span(0, 11)), Page(2, None, Span(11, 99)))
    )
    second = ScriptedHit(None, "Apples", document=paged, span=Span(20, 30))
    question = ask(evidence=(Evidence("fruit.pdf", page=2), Evidence("fruit.pdf", page=1)))
    assert judge_hits(question, [second]).gold == (1, None)


def outcomes(sources: Sources) -> list[Outcome]:
    """Four questions: one right, one wrong, one error, one rightly declined."""
    pears = ask(
        id="pears",
        question="Who leads pears?",
        must=(("Pear Group",),),
        evidence=(Evidence("fruit.txt", (3, 3)),),
    )
    plums = ask(id="plums", question="Who leads plums?", kind="plan")
    system = Scripted(
        {
            "Who leads apples?": say("The Orchard Board [1].", cite(2), cite(4, n=2)),
            "Who leads pears?": say("The Orchard Board [1].", cite(2)),
            "Who leads plums?": RuntimeError("broken"),
        },
        {"Who leads apples?": [hit(2, 2, score=0.9)], "Who leads pears?": [hit(2, 2, score=0.8), hit(3, 3)]},
    )
    return run(system, [ask(), pears, plums, UNKNOWN], sources)


def test_every_rate_has_its_denominator(sources: Sources) -> None:
    summary = summarise(outcomes(sources))
    expected = {
        "accuracy": Ratio(2, 4),
        "answerable": Ratio(1, 3),
        "fact_recall": Ratio(1, 3),
        "wrong": Ratio(1, 4),
        "errors": Ratio(1, 4),
        "refusal_precision": Ratio(1, 1),
        "refusal_recall": Ratio(1, 1),
        "false_refusals": Ratio(0, 3),
        "citation_precision": Ratio(1, 3),
        "citation_recall": Ratio(1, 3),
        "verbatim": Ratio(3, 3),
        "cited": Ratio(1, 2),
        "recall@1": Ratio(1 + 0 + 0, 3),
        "recall@5": Ratio(1 + 1 + 0, 3),
        "facts@5": Ratio(2, 3),
        "precision@5": Ratio(1 / 5 + 1 / 5 + 0, 3),
        "mrr": Ratio(1 + 1 / 2 + 0, 3),
        "gold_indexed": Ratio(3, 3),
    }
    assert {name: summary.rates[name] for name in expected} == expected


def test_the_risk_curve_puts_declines_and_errors_last(sources: Sources) -> None:
    assert summarise(outcomes(sources)).curve == ((1 / 4, 0), (2 / 4, 1 / 2), (1.0, 2 / 4))


def test_the_risk_curve_goes_by_how_sure_the_system_was(sources: Sources) -> None:
    """Not by the score of the best hit, which here is higher for the wrong answer."""

    class Sure(Scripted):
        confidence: float | None = None

        def ask(self, question: str, history: Sequence[str] = ()) -> Answer:
            self.confidence = {"q0": 0.2, "q1": 0.9}[question]
            return super().ask(question, history)

    wrong, right = say("The Pear Group [1].", cite(3)), say("The Orchard Board [1].", cite(2))
    hits = {"q0": [hit(3, 3, score=0.9)], "q1": [hit(2, 2, score=0.1)]}
    system = Sure({"q0": wrong, "q1": right}, hits)
    asked = [ask(id=name, question=name) for name in ("q0", "q1")]
    found = run(system, asked, sources)
    assert [outcome.confidence for outcome in found] == [0.2, 0.9]
    assert summarise(found).curve == ((1 / 2, 0), (1.0, 1 / 2))
    assert summarise(run(Scripted(system.answers, hits), asked, sources)).curve == ((1 / 2, 1), (1.0, 1 / 2))


def test_kinds_are_summed_up_apart(sources: Sources) -> None:
    kinds = by_kind(outcomes(sources))
    assert {kind: summary.count for kind, summary in kinds.items()} == {"lead": 3, "plan": 1}
    assert kinds["plan"].rates["errors"] == Ratio(1, 1)


def test_gold_of_another_edition_is_left_out_and_counted(sources: Sources) -> None:
    system = Scripted({"Who leads apples?": say("The Orchard Board [1].", cite(2))}, {})
    rates = summarise(run(system, [ask()], sources, files={"edition.md"})).rates
    assert rates["gold_indexed"] == Ratio(0, 1)
    assert rates["recall@5"].whole == 0
    assert rates["facts@5"] == Ratio(0, 1)
    assert rates["accuracy"] == Ratio(1, 1)


def test_the_history_is_passed_on(sources: Sources) -> None:
    system = Scripted()
    put(system, ask(history=("And pears?",)), sources)
    assert system.asked == [("Who leads apples?", ("And pears?",))]


def test_an_error_in_the_search_is_an_error_too(sources: Sources) -> None:
    class Broken(Scripted):
        def search(self, query: str, k: int = 10) -> list[ScriptedHit]:
            raise OSError("index gone")

    outcome = put(Broken({"Who leads apples?": say("The Orchard Board")}), ask(), sources)
    assert outcome.error == "OSError: index gone"
    assert not outcome.correct


def test_nothing_asked_gives_no_rates() -> None:
    summary = summarise([])
    assert all(rate.value is None for rate in summary.rates.values())

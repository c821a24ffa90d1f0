"""Metrics: expected values written as arithmetic, and checked against trec_eval, scikit-learn and NumPy."""

import math
import random

import numpy as np
import pytest
import pytrec_eval
from hypothesis import given
from hypothesis import strategies as st

from eval import metrics
from eval.metrics import Ratio

RANKING = ["a", "x", "b", "y", "c"]
RELEVANT = {"a": 1.0, "b": 1.0, "c": 1.0, "d": 1.0, "z": 0.0}


def test_recall_is_of_all_relevant() -> None:
    assert metrics.recall_at(RANKING, RELEVANT, 1) == 1 / 4
    assert metrics.recall_at(RANKING, RELEVANT, 3) == 2 / 4
    assert metrics.recall_at(RANKING, RELEVANT, 10) == 3 / 4


def test_precision_is_of_k_places_even_when_fewer_were_returned() -> None:
    assert metrics.precision_at(RANKING, RELEVANT, 3) == 2 / 3
    assert metrics.precision_at(RANKING, RELEVANT, 10) == 3 / 10


def test_reciprocal_rank_is_of_the_first_relevant() -> None:
    assert metrics.reciprocal_rank(["x", "y", "a", "b"], RELEVANT) == 1 / 3
    assert metrics.reciprocal_rank(["x"], RELEVANT) == 0
    assert metrics.reciprocal_rank([], RELEVANT) == 0


def test_ndcg_divides_by_the_best_order() -> None:
    got = 1 / math.log2(2) + 1 / math.log2(4) + 1 / math.log2(6)
    best = 1 / math.log2(2) + 1 / math.log2(3) + 1 / math.log2(4) + 1 / math.log2(5)
    assert metrics.ndcg_at(RANKING, RELEVANT, 5) == pytest.approx(got / best)


def test_ndcg_uses_graded_gains() -> None:
    got = 1 / math.log2(2) + 3 / math.log2(3)
    best = 3 / math.log2(2) + 1 / math.log2(3)
    assert metrics.ndcg_at(["low", "high"], {"high": 3, "low": 1}, 2) == pytest.approx(got / best)


@pytest.mark.parametrize("measure", [metrics.recall_at, metrics.precision_at, metrics.ndcg_at])
def test_a_question_with_nothing_relevant_has_no_score(measure: object) -> None:
    with pytest.raises(ValueError, match="nothing is relevant"):
        measure(["a"], {"a": 0.0}, 3)  # type: ignore[operator]


def test_k_below_one_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        metrics.recall_at(["a"], {"a": 1}, 0)


def _random_run(seed: int) -> tuple[dict[str, dict[str, int]], dict[str, list[str]]]:
    draw = random.Random(seed)
    names = [f"d{n}" for n in range(30)]
    qrels = {
        f"q{n}": {d: draw.randint(1, 3) for d in draw.sample(names, draw.randint(1, 8))} for n in range(25)
    }
    return qrels, {query: draw.sample(names, draw.randint(1, 20)) for query in qrels}


def test_trec_eval_agrees_on_random_runs() -> None:
    qrels, rankings = _random_run(7)
    run = {q: {d: float(len(ranking) - i) for i, d in enumerate(ranking)} for q, ranking in rankings.items()}
    asked = {"recall.5", "P.5", "ndcg_cut.10", "recip_rank"}
    theirs = pytrec_eval.RelevanceEvaluator(qrels, asked).evaluate(run)
    assert theirs.keys() == rankings.keys()
    for query, ranking in rankings.items():
        gains = {name: float(gain) for name, gain in qrels[query].items()}
        ours = {
            "recall_5": metrics.recall_at(ranking, gains, 5),
            "P_5": metrics.precision_at(ranking, gains, 5),
            "ndcg_cut_10": metrics.ndcg_at(ranking, gains, 10),
            "recip_rank": metrics.reciprocal_rank(ranking, gains),
        }
        assert ours == pytest.approx(theirs[query]), query


def test_scikit_learn_agrees_on_ndcg_of_complete_rankings() -> None:
    from sklearn.metrics import ndcg_score

    draw = random.Random(3)
    for _ in range(20):
        gains = {f"d{n}": float(draw.randint(0, 3)) for n in range(9)} | {"sure": 1.0}
        ranking = draw.sample(list(gains), len(gains))
        scores = [len(ranking) - ranking.index(name) for name in gains]
        theirs = ndcg_score([list(gains.values())], [scores], k=5)
        assert metrics.ndcg_at(ranking, gains, 5) == pytest.approx(theirs)


def test_scikit_learn_agrees_on_recall_precision_and_reciprocal_rank() -> None:
    from sklearn.metrics import label_ranking_average_precision_score, precision_score, recall_score

    draw = random.Random(5)
    names = [f"d{n}" for n in range(12)]
    for k in (1, 3, 5, 12):
        ranking, relevant = draw.sample(names, 12), set(draw.sample(names, 4))
        gains = dict.fromkeys(relevant, 1.0)
        truth, taken = [name in relevant for name in names], [name in ranking[:k] for name in names]
        assert metrics.recall_at(ranking, gains, k) == pytest.approx(recall_score(truth, taken))
        assert metrics.precision_at(ranking, gains, k) == pytest.approx(precision_score(truth, taken))
        one = draw.choice(names)
        scores = [[-ranking.index(name) for name in names]]
        theirs = label_ranking_average_precision_score([[name == one for name in names]], scores)
        assert metrics.reciprocal_rank(ranking, {one: 1.0}) == pytest.approx(theirs)


def test_a_ratio_without_a_denominator_has_no_value() -> None:
    assert Ratio(0, 0).value is None
    assert str(Ratio(0, 0)) == "-"
    assert str(Ratio(1, 4)) == "0.250 (1/4)"


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=50), st.floats(0, 100))
def test_numpy_agrees_on_percentiles(values: list[float], q: float) -> None:
    assert metrics.percentile(values, q) == pytest.approx(float(np.percentile(values, q)), abs=1e-6)


def test_no_values_have_no_percentile_and_no_interval() -> None:
    assert metrics.percentile([], 50) is None
    assert metrics.bootstrap_interval([]) is None


def test_the_bootstrap_interval_holds_the_mean_and_is_repeatable() -> None:
    values = [1.0] * 70 + [0.0] * 30
    low, high = metrics.bootstrap_interval(values) or (0, 0)
    spread = 1.96 * math.sqrt(0.7 * 0.3 / 100)
    assert low == pytest.approx(0.7 - spread, abs=0.03)
    assert high == pytest.approx(0.7 + spread, abs=0.03)
    assert metrics.bootstrap_interval(values) == (low, high)
    assert metrics.bootstrap_interval([1.0, 1.0]) == (1.0, 1.0)


def test_refusals_have_three_denominators() -> None:
    answerable = [True, True, True, True, False, False]
    declined = [True, False, False, False, True, False]
    found = metrics.refusals(answerable, declined)
    assert found.precision == Ratio(1, 2)
    assert found.recall == Ratio(1, 2)
    assert found.false == Ratio(1, 4)


def test_risk_rises_as_less_sure_answers_come_in() -> None:
    points = metrics.risk_coverage([0.9, 0.8, 0.7, 0.6], [True, True, False, False])
    assert points == [(1 / 4, 0), (2 / 4, 0), (3 / 4, 1 / 3), (4 / 4, 2 / 4)]
    assert metrics.area_under(points) == pytest.approx((0 + 0 + 1 / 3 + 2 / 4) / 4)


def test_equal_confidence_comes_in_together() -> None:
    assert metrics.risk_coverage([0.5, 0.5, 0.1], [True, False, False]) == [(2 / 3, 1 / 2), (1.0, 2 / 3)]
    assert metrics.risk_coverage([], []) == []
    assert metrics.area_under([]) is None


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=40))
def test_the_curve_ends_at_full_coverage_and_overall_risk(pairs: list[tuple[float, bool]]) -> None:
    points = metrics.risk_coverage([bar for bar, _ in pairs], [right for _, right in pairs])
    wrong = sum(not right for _, right in pairs)
    assert points[-1] == (1.0, wrong / len(pairs))
    assert [coverage for coverage, _ in points] == sorted({coverage for coverage, _ in points})

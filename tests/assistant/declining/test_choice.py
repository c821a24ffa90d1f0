"""Which draft is given: its rank among the others together with how likely it is right alone."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from assistant.declining.choice import CROSS, Forest, Linear, Ranking, Tree, Weights, limit, load_weights


def linear(intercept: float = 0.0, **weights: float) -> Linear:
    """A model with these weights over features as they are."""
    zeros, ones = (0.0,) * len(weights), (1.0,) * len(weights)
    return Linear(tuple(weights), tuple(weights.values()), zeros, ones, intercept)


def weights(alone: Linear) -> Weights:
    """Ranks by ``rank`` only, and thinks an answer the likelier the clearer its lead."""
    leaf = Tree(("",), (0.0,), (0,), (0,))
    return Weights(Ranking(linear(rank=2.0), (leaf,), 0.0), alone, linear(choice_lead=1.0), 0.5)


FIRST, SECOND = {"rank": 1.0, "sound": 0.0}, {"rank": 0.5, "sound": 1.0}


def test_the_first_in_rank_is_given_where_nothing_speaks_against_it() -> None:
    assert weights(linear()).first([FIRST, SECOND])[0] == 0
    assert weights(linear(sound=0.2)).first([FIRST, SECOND])[0] == 0


def test_another_is_given_that_is_much_likelier_by_itself() -> None:
    assert weights(linear(sound=0.4)).first([FIRST, SECOND])[0] == 1


def test_the_closer_the_next_one_the_less_sure() -> None:
    model = weights(linear())
    others = [[{"rank": -1.0}], [{"rank": 0.9}], []]
    clear, near, only = (model.likely(model.first([FIRST, *other])[1]) for other in others)
    assert 0.5 < near < clear <= only


def test_trees_side_by_side_give_the_sum_of_their_leaves() -> None:
    """Of different depths; a feature that is not told counts as 0."""
    leaf = Tree(("",), (0.5,), (-1,), (-1,))
    shallow = Tree(("a", "", ""), (0.3, 1.0, 2.0), (1, -1, -1), (2, -1, -1))
    deep = Tree(("b", "", "a", "", ""), (0.0, 10.0, 0.7, 20.0, 40.0), (1, -1, 3, -1, -1), (2, -1, 4, -1, -1))
    forest = Forest([leaf, shallow, deep])
    cases = [({}, 11.5), ({"a": 0.3}, 11.5), ({"a": 0.5, "b": 1.0}, 22.5), ({"a": 0.8, "b": 1.0}, 42.5)]
    assert [forest.score(features) for features, _ in cases] == [total for _, total in cases]
    assert Forest([]).score({"a": 1.0}) == 0.0


@pytest.mark.parametrize(
    ("intercept", "needed", "reads"), [(0.0, 0.5, 1), (8.0, 0.5, 0), (-8.0, 0.5, 0), (8.0, 0.999, 1)]
)
def test_the_cross_encoder_is_asked_only_where_its_word_could_change_the_verdict(
    intercept: float, needed: float, reads: int
) -> None:
    """Its weight is 0.5, so it moves the log-odds by 3.5 at most; unasked it counts as usual, which is 1 here."""
    answer = Linear((CROSS,), (0.5,), (1.0,), (1.0,), intercept)
    model = replace(weights(linear()), answer=answer)
    asked: list[float] = []

    def cross() -> float:
        asked.append(3.0)
        return 3.0

    probability = model.decided(model.first([SECOND, FIRST])[1], needed, cross)
    assert asked == [3.0] * reads
    assert probability == pytest.approx(1 / (1 + math.exp(-(intercept + reads))))
    assert model.likely({}) == pytest.approx(1 / (1 + math.exp(-intercept)))


def test_an_answer_to_what_looks_like_a_request_for_advice_or_misses_the_post_must_be_surer() -> None:
    model = weights(linear())
    plain = {"advice": 0.0, "post_unmet": 0.0}
    assert limit(model, plain) == model.threshold
    assert all(limit(model, {**plain, one: 1.0}) > model.threshold for one in plain)


def test_the_stored_models_are_whole() -> None:
    stored = load_weights()
    assert stored is not None
    assert 0 < stored.threshold < 1
    assert len(stored.choose.trees) == 150
    assert set(stored.alone.names) | {CROSS} == set(stored.answer.names)
    assert stored.answer.weights[stored.answer.names.index(CROSS)] > 0

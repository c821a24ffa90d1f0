"""Metrics as pure functions. Every rate is a Ratio, so that its denominator is never in doubt.

Rankings are lists of ids, best first; ``relevant`` maps an id to its gain (1 for plainly relevant, 0 or
absent for not). A question with nothing relevant has no retrieval score: the functions raise ValueError
rather than invent one, and the caller says how many such questions there were. Errors and empty rankings
score 0 and stay in.
"""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ratio:
    """``part`` of ``whole``; ``value`` is None (not 0, not 1) where there is nothing to divide by."""

    part: float
    whole: int

    @property
    def value(self) -> float | None:
        return self.part / self.whole if self.whole else None

    def __str__(self) -> str:
        return "-" if self.value is None else f"{self.value:.3f} ({self.part:g}/{self.whole})"


def ratio(flags: Sequence[bool]) -> Ratio:
    """How many of the flags are set, of all of them."""
    return Ratio(sum(flags), len(flags))


def mean(values: Sequence[float]) -> Ratio:
    """The mean as a Ratio: the sum over the number of values."""
    return Ratio(sum(values), len(values))


def _relevant(relevant: Mapping[str, float]) -> set[str]:
    wanted = {name for name, gain in relevant.items() if gain > 0}
    if not wanted:
        raise ValueError("nothing is relevant: this question has no retrieval score")
    return wanted


def _positive(k: int) -> int:
    if k < 1:
        raise ValueError(f"k is {k}, but must be at least 1")
    return k


def recall_at(ranking: Sequence[str], relevant: Mapping[str, float], k: int) -> float:
    """Share of the relevant ids that stand among the first k. Denominator: all relevant ids."""
    wanted = _relevant(relevant)
    return len(wanted.intersection(ranking[: _positive(k)])) / len(wanted)


def precision_at(ranking: Sequence[str], relevant: Mapping[str, float], k: int) -> float:
    """Share of the first k places that hold a relevant id. Denominator: k, also where fewer were returned."""
    wanted = _relevant(relevant)
    return sum(name in wanted for name in ranking[: _positive(k)]) / k


def reciprocal_rank(ranking: Sequence[str], relevant: Mapping[str, float]) -> float:
    """1 / rank of the first relevant id, 0 where none is in the ranking."""
    wanted = _relevant(relevant)
    return next((1 / rank for rank, name in enumerate(ranking, 1) if name in wanted), 0.0)


def _dcg(gains: Sequence[float]) -> float:
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, 1))


def ndcg_at(ranking: Sequence[str], relevant: Mapping[str, float], k: int) -> float:
    """Discounted gain of the first k over that of the best possible order (linear gains, log2(rank + 1))."""
    _relevant(relevant)
    ideal = sorted((gain for gain in relevant.values() if gain > 0), reverse=True)[: _positive(k)]
    return _dcg([max(0.0, relevant.get(name, 0.0)) for name in ranking[:k]]) / _dcg(ideal)


def percentile(values: Sequence[float], q: float) -> float | None:
    """The q-th percentile (0 to 100) by linear interpolation between closest ranks; None for no values."""
    if not values:
        return None
    ordered = sorted(values)
    place = (len(ordered) - 1) * q / 100
    low, high = math.floor(place), math.ceil(place)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def bootstrap_interval(
    values: Sequence[float], *, level: float = 0.95, rounds: int = 1000, seed: int = 0
) -> tuple[float, float] | None:
    """Percentile bootstrap interval of the mean, the same for the same seed; None for no values."""
    if not values:
        return None
    draw = random.Random(seed)
    size = len(values)
    means = [sum(draw.choices(values, k=size)) / size for _ in range(rounds)]
    tail = (1 - level) / 2 * 100
    low, high = percentile(means, tail), percentile(means, 100 - tail)
    assert low is not None and high is not None
    return low, high


@dataclass(frozen=True, slots=True)
class Refusals:
    """How declining went. An error is not a refusal: on an unanswerable question it lowers recall."""

    precision: Ratio
    recall: Ratio
    false: Ratio


def refusals(answerable: Sequence[bool], declined: Sequence[bool]) -> Refusals:
    """Precision: declines that were right, of all declines. Recall: unanswerable questions declined, of all
    unanswerable. False: answerable questions declined, of all answerable."""
    pairs = list(zip(answerable, declined, strict=True))
    right = sum(said and not can for can, said in pairs)
    return Refusals(
        precision=Ratio(right, sum(declined)),
        recall=Ratio(right, sum(not can for can in answerable)),
        false=Ratio(sum(said and can for can, said in pairs), sum(answerable)),
    )


def risk_coverage(confidence: Sequence[float], correct: Sequence[bool]) -> list[tuple[float, float]]:
    """Points (coverage, risk) as the bar of confidence is lowered; risk is the share of wrong among those
    covered.

    Questions of equal confidence come in together: there is no way to answer one and not the other.
    """
    pairs = sorted(zip(confidence, correct, strict=True), key=lambda pair: -pair[0])
    points: list[tuple[float, float]] = []
    wrong = 0
    for seen, (bar, right) in enumerate(pairs, 1):
        wrong += not right
        if seen == len(pairs) or pairs[seen][0] != bar:
            points.append((seen / len(pairs), wrong / seen))
    return points


def area_under(points: Sequence[tuple[float, float]]) -> float | None:
    """Mean risk over coverage: each point's risk holds from the coverage before it to its own. None for no
    points."""
    if not points:
        return None
    starts = [0.0, *(coverage for coverage, _ in points[:-1])]
    total = sum((coverage - start) * risk for start, (coverage, risk) in zip(starts, points, strict=True))
    return total / points[-1][0]

"""The benchmark: its corpora are the same each time, its sums right. What it measures is no test."""

from __future__ import annotations

import copy
import math
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from corpus.errors import UsageError
from eval.bench import report
from eval.bench.sizes import bundled_documents, copied, copy_embedder, corpus_of, skeleton
from index.generation import open_index
from index.make import embedded_text

COUNTS = [10] * len(bundled_documents())


def one(seconds: float, p50: float, passages: int) -> dict[str, Any]:
    warm = {"p50": p50, "p95": 2 * p50, "p99": 3 * p50}
    told = {"passages": passages, "pages": 4, "seconds": seconds, "ingest_s": seconds, "warm": warm}
    return told | {"peak_mb": 300, "rss_mb": 200, "disk_mb": 10, "cold_ask_s": 2.0, "cold_find_s": 1.0}


def figures() -> dict[str, Any]:
    sizes = [(10_000, 30.0, 20.0), (1_000_000, 120.0, 40.0)]
    return {
        "machine": "a machine",
        "when": "2026-01-01",
        "command": "make bench",
        "ingest": {"text": {"Ledby": one(30, 0, 100), "stock": one(20, 0, 10)}},
        "sizes": [
            {"size": n, "Ledby": one(9, ours, n), "stock": one(3, theirs, n // 5)}
            for n, ours, theirs in sizes
        ],
        "soak": {"questions": 20, "passages": 10_000, "memory_mb": [90.0, *[100.0] * 18, 104.0]},
    }


def test_a_corpus_is_the_same_each_time() -> None:
    made = list(corpus_of(400, COUNTS))
    assert made == list(corpus_of(400, COUNTS))
    assert len(made) == 400 / 10
    assert len(dict(made)) == len(set(dict(made).values())) == len(made)


def test_a_larger_corpus_begins_with_the_smaller() -> None:
    small, large = list(corpus_of(100, COUNTS)), list(corpus_of(300, COUNTS))
    assert large[: len(small)] == small


def test_a_copy_is_about_other_places_and_its_own_family() -> None:
    path = next(one for one in bundled_documents() if "shared-delivery-plan-2024-06" in one.name)
    text = path.read_text(encoding="utf-8")
    first, second = copied(text, 1), copied(text, 2)
    assert "Medway" in text
    assert not {"Kent", "Medway"} & {*first.split(), *second.split()}
    assert first != second
    assert "\nfamily: shared-delivery-plan-1\n" in first
    body = text.split("\n---\n")[1]
    assert skeleton(first.split("\n---\n")[1]) == skeleton(body)


def test_vectors_of_copies_are_near_those_of_what_was_copied(small_index: Path) -> None:
    index, embedder = open_index(small_index), copy_embedder(small_index)
    passage = next(one for one in index.passages if "Kent" in one.text and len(one.text) > 80)
    text = embedded_text(passage)
    real, (own, other) = (
        index.store.vectors([passage.id])[passage.id],
        embedder.encode([text, copied(text, 3)]),
    )
    assert np.allclose(own.vector, real, atol=1e-5)
    assert 0.9 < float(other.vector @ real) < 0.99
    assert len(other.tokens) == len(other.ids) == len(other.starts)
    assert np.array_equal(other.tokens, copy_embedder(small_index).encode([copied(text, 3)])[0].tokens)


@pytest.mark.parametrize(("share", "value"), [(0.5, 50), (0.95, 95), (0.99, 99), (1.0, 100), (0.001, 1)])
def test_percentiles(share: float, value: int) -> None:
    assert report.percentile(list(range(100, 0, -1)), share) == value


def test_ratios() -> None:
    assert report.ratio(3, 2) == 1.5
    assert report.ratio(3, 0) == math.inf
    assert report.growth({10: 2.0, 100: 5.0}, 10, 100) == 2.5
    assert report.growth({10: 2.0}, 10, 100) is None


def test_memory_that_fills_at_first_is_flat_and_memory_that_creeps_is_not() -> None:
    assert report.creep([50.0] + [100.0] * 8 + [105.0]) == pytest.approx(0.05)
    assert report.is_flat([50.0] + [100.0] * 8 + [104.9])
    assert not report.is_flat([100.0 + n for n in range(20)])


def test_goals_that_are_not_met_are_said() -> None:
    told = {what: value for what, value, _ in report.checks(figures())}
    assert told["warm answer over stock retrieval alone, times"] == 3.0
    assert told["warm answer at 1,000,000 over 10,000 passages, times"] == 4.0
    assert told["ingest over stock, times"] == 1.5
    assert told["memory growth in a soak"] == pytest.approx(0.04)
    said = report.markdown(figures())
    assert "| warm answer over stock retrieval alone, times | 1.5 | 3.00 | **not met** |" in said
    assert "| ingest over stock, times | 2 | 1.50 | met |" in said
    less = copy.deepcopy(figures())
    del less["sizes"][1], less["soak"]
    assert (
        "| warm answer at 1,000,000 over 10,000 passages, times | 3 | - | not measured |"
        in report.markdown(less)
    )


def test_the_plot_has_a_line_for_each_and_rises(tmp_path: Path) -> None:
    lines = [line for line in ET.fromstring(report.plot(figures())).iter() if line.tag.endswith("polyline")]
    points = [
        [tuple(map(float, at.split(","))) for at in line.attrib["points"].split()] for line in lines[::2]
    ]
    assert len(points) == 4
    assert all(right[0] > left[0] and right[1] < left[1] for left, right in points)


def test_figures_are_written_between_the_marks(tmp_path: Path) -> None:
    path = tmp_path / "performance.md"
    path.write_text(f"before\n{report.BEGIN}\nold\n{report.END}\nafter\n", encoding="utf-8")
    for _ in range(2):
        report.write_into(path, figures())
    said = path.read_text(encoding="utf-8")
    assert said.startswith("before\n") and said.endswith("\nafter\n")
    assert "\nold\n" not in said and said.count("a machine") == 1
    assert (tmp_path / "performance.svg").exists()
    path.write_text("no marks", encoding="utf-8")
    with pytest.raises(UsageError, match="has no marks"):
        report.write_into(path, figures())

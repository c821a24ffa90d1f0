"""The runners for open benchmarks, on small files of the published forms."""

import json
import math
from pathlib import Path
from typing import Any

import pytest
from eval_double import DOCUMENT, Scripted, ScriptedHit, decline, say

from corpus.errors import UsageError
from eval import benchmarks
from eval.metrics import Ratio
from eval.questions import Sources
from eval.run import run

SQUAD: dict[str, Any] = {
    "version": "v2.0",
    "data": [
        {
            "title": "Tides/1",
            "paragraphs": [
                {"context": "High water\ncomes twice a day.", "qas": []},
                {
                    "context": "The moon raises the tide.",
                    "qas": [
                        {"id": "1", "question": "What raises the tide?", "is_impossible": False,
                         "answers": [{"text": "The moon"}, {"text": "moon"}]},
                        {"id": "2", "question": "Who named the tide?", "is_impossible": True, "answers": [],
                         "plausible_answers": [{"text": "The moon"}]},
                    ],
                },
            ],
        }
    ],
}  # fmt: skip


def squad(tmp_path: Path) -> benchmarks.Squad:
    path = tmp_path / "dev.json"
    path.write_text(json.dumps(SQUAD))
    return benchmarks.read_squad(path)


def test_squad_paragraphs_are_lines_and_answers_one_fact(tmp_path: Path) -> None:
    read = squad(tmp_path)
    ((name, text),) = read.files.items()
    assert "/" not in name
    can, cannot = read.questions
    assert can.must == (("The moon", "moon"),)
    assert text.split("\n")[can.evidence[0].lines[0] - 1] == "The moon raises the tide."  # type: ignore[index]
    assert (cannot.answerable, cannot.must) == (False, ())


def test_squad_scores_keep_errors_in(tmp_path: Path) -> None:
    read = squad(tmp_path)
    can, cannot = read.questions
    right = run(Scripted({can.question: say("It is the moon [1].")}), read.questions, Sources([]))
    scores = benchmarks.squad_scores(right)
    assert (scores.holds, scores.declined, scores.false_declines) == (Ratio(1, 1), Ratio(1, 1), Ratio(0, 1))
    said, wanted, shared = 4, 1, 1  # "it is moon 1" against "moon"
    assert scores.f1.value == pytest.approx(2 * shared / (said + wanted))
    broken = run(
        Scripted({can.question: OSError("x"), cannot.question: OSError("x")}), read.questions, Sources([])
    )
    scores = benchmarks.squad_scores(broken)
    assert (scores.holds, scores.declined, scores.errors) == (Ratio(0, 1), Ratio(0, 1), Ratio(2, 2))


@pytest.mark.parametrize(
    ("said", "answers", "f1"),
    [
        ("The moon!", ["moon"], 1.0),
        ("", ["moon"], 0.0),
        ("a moon and stars", ["moon"], 2 * 1 / (3 + 1)),
        ("", [], 0.0),
    ],
)
def test_f1_as_squad_normalises(said: str, answers: list[str], f1: float) -> None:
    assert benchmarks.token_f1(said, answers) == pytest.approx(f1)


def beir(tmp_path: Path) -> benchmarks.Collection:
    (tmp_path / "corpus.jsonl").write_text(
        "\n".join(json.dumps({"_id": f"d/{n}", "title": f"T{n}", "text": f"text {n}"}) for n in range(4))
    )
    (tmp_path / "queries.jsonl").write_text(
        "\n".join(json.dumps({"_id": f"q{n}", "text": f"query {n}"}) for n in range(3))
    )
    (tmp_path / "test.tsv").write_text(
        "query-id\tcorpus-id\tscore\nq0\td/1\t2\nq0\td/2\t1\nq1\td/3\t1\nq2\td/0\t0\n"
    )
    return benchmarks.read_collection(
        tmp_path / "corpus.jsonl", tmp_path / "queries.jsonl", tmp_path / "test.tsv"
    )


def found(collection: benchmarks.Collection, *ids: str) -> list[ScriptedHit]:
    from dataclasses import replace

    files = {name: file for file, name in collection.ids.items()}
    return [ScriptedHit(None, "", document=replace(DOCUMENT, file=files[name])) for name in ids]


def test_beir_scores_are_means_over_queries_with_relevant_documents(tmp_path: Path) -> None:
    collection = beir(tmp_path)
    assert list(collection.queries) == ["q0", "q1"]  # q2 has nothing relevant
    hits = {"query 0": found(collection, "d/2", "d/2", "d/0", "d/1"), "query 1": []}
    scores = benchmarks.beir_scores(collection, Scripted({}, hits).search, depth=3)
    got = 1 / math.log2(2) + 2 / math.log2(4)  # d/2 first, then d/0, then d/1: each document once
    best = 2 / math.log2(2) + 1 / math.log2(3)
    assert scores["ndcg@10"].value == pytest.approx((got / best + 0) / 2)
    assert scores["mrr@10"] == Ratio(1 + 0, 2)
    assert scores["recall@3"] == Ratio(1 + 0, 2)


def test_trec_forms_are_read_too(tmp_path: Path) -> None:
    (tmp_path / "corpus.tsv").write_text("d1\tfirst text\nd2\tsecond\n")
    (tmp_path / "topics.tsv").write_text("7\twhat is first\n")
    (tmp_path / "qrels").write_text("7 0 d1 1\n7 0 d2 0\n")
    read = benchmarks.read_collection(tmp_path / "corpus.tsv", tmp_path / "topics.tsv", tmp_path / "qrels")
    assert list(read.files.values()) == ["first text", "second"]
    assert read.queries == {"7": "what is first"}
    assert read.qrels == {"7": {"d1": 1.0, "d2": 0.0}}


def test_files_of_another_form_are_one_plain_error(tmp_path: Path) -> None:
    bad = tmp_path / "bad"
    bad.write_text("nothing")
    with pytest.raises(UsageError, match="is not a SQuAD file"):
        benchmarks.read_squad(bad)
    with pytest.raises(UsageError, match="cannot read"):
        benchmarks.read_squad(tmp_path / "none")
    with pytest.raises(UsageError, match="bad:1: neither JSON"):
        benchmarks.read_collection(bad, bad, bad)
    beir(tmp_path)
    (tmp_path / "test.tsv").write_text("other\td/1\t1\n")
    with pytest.raises(UsageError, match="do the files belong together"):
        benchmarks.read_collection(
            tmp_path / "corpus.jsonl", tmp_path / "queries.jsonl", tmp_path / "test.tsv"
        )


def test_files_are_laid_out_once_and_older_collections_go(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("kept")
    benchmarks.lay_out({"0001-a.txt": "one", "0002-b.txt": "two"}, tmp_path)
    before = (tmp_path / "0001-a.txt").stat().st_mtime_ns
    benchmarks.lay_out({"0001-a.txt": "one", "0003-c.txt": "three"}, tmp_path)
    assert (tmp_path / "0001-a.txt").stat().st_mtime_ns == before
    assert {path.name for path in tmp_path.iterdir()} == {"mine.txt", "0001-a.txt", "0003-c.txt"}


def test_declining_everything_declines_the_answerable_too(tmp_path: Path) -> None:
    read = squad(tmp_path)
    outcomes = run(
        Scripted({question.question: decline() for question in read.questions}), read.questions, Sources([])
    )
    assert benchmarks.squad_scores(outcomes).false_declines == Ratio(1, 1)

"""The commands, as other programs rely on them: keys and types of every object, exit codes, plain errors."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from contract import DOCUMENT, HIT, ROW, Done, Ledby, check, check_answer, check_plain_error

import app
from assistant.commands.cli import run
from index.generation import open_index

ROOT = Path(__file__).parents[3]
QUESTION = "who leads reducing loneliness?"
UNKNOWN = "What is the capital of Mongolia?"


@pytest.fixture
def ledby(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Ledby:
    """A command line, run in this process."""
    monkeypatch.setenv("COLUMNS", "200")

    def call(*words: object) -> Done:
        capsys.readouterr()
        code = run(app.cli, [str(word) for word in words])
        return Done(code, *capsys.readouterr())

    return call


@pytest.fixture(scope="module")
def process() -> Ledby:
    """A command line as a user's shell runs it: a process of its own."""

    def call(*words: object, **environment: str) -> Done:
        done = subprocess.run(
            [sys.executable, "-c", "import app; app.main()", *map(str, words)],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        return Done(done.returncode, done.stdout, done.stderr)

    return call


# ask


def test_ask_json_is_the_object_of_the_contract(ledby: Ledby, small_index: Path) -> None:
    done = ledby("ask", QUESTION, "--json", "--index", small_index)
    assert (done.code, done.err) == (0, "")
    check_answer(done.json)
    assert done.json["question"] == QUESTION
    assert done.json["id"] is None
    assert done.json["answered"] is True
    assert done.json["kind"] == "lead"
    assert len(done.json["citations"]) == 9


def test_quotes_stand_at_their_lines(ledby: Ledby, small_index: Path, small_documents: Path) -> None:
    for citation in ledby("ask", QUESTION, "--json", "--index", small_index).json["citations"]:
        first, last = citation["lines"]
        lines = (small_documents / citation["file"]).read_text(encoding="utf-8").split("\n")
        assert "\n".join(lines[first - 1 : last]) == citation["quote"]


def test_a_declined_question_has_no_citations(ledby: Ledby, small_index: Path) -> None:
    done = ledby("ask", UNKNOWN, "--json", "--index", small_index)
    assert done.code == 0
    check_answer(done.json)
    assert done.json["answered"] is False
    assert done.json["citations"] == []
    assert done.json["completeness"] == "none"
    assert done.json["suggestions"]


def test_ask_prints_the_answer_and_its_sources(ledby: Ledby, small_index: Path) -> None:
    done = ledby("ask", QUESTION, "--index", small_index)
    assert (done.code, done.err) == (0, "")
    assert "Social Prescribing Strategy" in done.out
    assert "\n[1] " in done.out
    assert "lines " in done.out


def write_lines(path: Path, *objects: Any) -> Path:
    path.write_text("".join(json.dumps(one) + "\n" for one in objects), encoding="utf-8")
    return path


def test_a_batch_answers_every_line_in_order(ledby: Ledby, small_index: Path, tmp_path: Path) -> None:
    batch = write_lines(
        tmp_path / "in.jsonl",
        {"id": "a", "question": QUESTION, "history": []},
        {"id": "b", "question": UNKNOWN, "history": []},
        {"id": "c", "question": "and what about Kent Karrier?", "history": [QUESTION]},
        {"question": "“Curly quotes” – and a dash?"},
    )
    out = tmp_path / "out.jsonl"
    done = ledby("ask", "--batch", batch, "--out", out, "--index", small_index)
    assert (done.code, done.err) == (0, "")
    answers = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    for answer in answers:
        check_answer(answer)
    assert [answer["id"] for answer in answers] == ["a", "b", "c", None]
    assert answers[0]["answered"]
    assert answers[2]["answered"]
    assert answers[2]["question"] == "and what about Kent Karrier?"
    assert answers[2]["standalone"] != answers[2]["question"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.jsonl", "out.jsonl"]


def test_a_batch_and_a_single_question_give_the_same_answer(
    ledby: Ledby, small_index: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.jsonl"
    batch = write_lines(tmp_path / "in.jsonl", {"id": "a", "question": QUESTION})
    ledby("ask", "--batch", batch, "--out", out, "--index", small_index)
    one = ledby("ask", QUESTION, "--json", "--index", small_index).json
    other = json.loads(out.read_text(encoding="utf-8"))
    varying = {"id": None, "took_ms": None}
    assert one | varying == other | varying


@pytest.mark.parametrize(
    "line", ["not json", '{"id": "a"}', '{"id": "a", "question": 7}', "[]", '{"id": "a", "question": null}']
)
def test_a_wrong_line_of_a_batch_is_named_and_nothing_is_written(
    ledby: Ledby, small_index: Path, tmp_path: Path, line: str
) -> None:
    batch = write_lines(tmp_path / "in.jsonl", {"id": "a", "question": QUESTION})
    batch.write_text(batch.read_text(encoding="utf-8") + line + "\n", encoding="utf-8")
    done = ledby("ask", "--batch", batch, "--out", tmp_path / "out.jsonl", "--index", small_index)
    check_plain_error(done, "in.jsonl, line 2")
    assert [path.name for path in tmp_path.iterdir()] == ["in.jsonl"]


def test_a_batch_that_fails_leaves_the_answers_of_before(ledby: Ledby, tmp_path: Path) -> None:
    batch = write_lines(tmp_path / "in.jsonl", {"id": "a", "question": QUESTION})
    (tmp_path / "out.jsonl").write_text("precious\n", encoding="utf-8")
    done = ledby("ask", "--batch", batch, "--out", tmp_path / "out.jsonl", "--index", tmp_path / "none")
    check_plain_error(done, "There is no index")
    assert (tmp_path / "out.jsonl").read_text(encoding="utf-8") == "precious\n"


@pytest.mark.parametrize(
    "words, said",
    [
        (["ask"], "Ask something"),
        (["ask", "   "], "Ask something"),
        (["ask", "--batch", "missing.jsonl", "--out", "out.jsonl"], "missing.jsonl cannot be read"),
        (["ask", "--batch", "missing.jsonl"], "--out"),
    ],
)
def test_ask_without_a_question_says_what_to_do(
    ledby: Ledby,
    small_index: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: list[str],
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    check_plain_error(ledby(*words, "--index", small_index), said)
    assert list(tmp_path.iterdir()) == []


def test_answers_that_cannot_be_written_are_one_plain_line(
    ledby: Ledby, small_index: Path, tmp_path: Path
) -> None:
    batch = write_lines(tmp_path / "in.jsonl", {"id": "a", "question": QUESTION})
    done = ledby("ask", "--batch", batch, "--out", tmp_path / "no" / "out.jsonl", "--index", small_index)
    check_plain_error(done, "cannot be written")


# search


def test_search_json_gives_ranked_verbatim_passages(ledby: Ledby, small_index: Path) -> None:
    done = ledby("search", "loneliness", "-k", 5, "--json", "--index", small_index)
    assert (done.code, done.err) == (0, "")
    index = open_index(small_index)
    assert [hit["rank"] for hit in done.json] == [1, 2, 3, 4, 5]
    scores = [hit["score"] for hit in done.json]
    assert scores == sorted(scores, reverse=True)
    for hit in done.json:
        check(hit, HIT)
        start, end = hit["span"]
        assert hit["text"] == index.documents[hit["document"]].text[start:end]
    assert any("lonel" in hit["text"].lower() for hit in done.json[:2])


def test_search_prints_passages(ledby: Ledby, small_index: Path) -> None:
    done = ledby("search", "loneliness", "-k", 2, "--index", small_index)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("1 ")
    assert "\n2 " in done.out


@pytest.mark.parametrize("k", ["0", "-1", "many"])
def test_search_refuses_a_number_that_is_none(ledby: Ledby, small_index: Path, k: str) -> None:
    check_plain_error(ledby("search", "loneliness", "-k", k, "--index", small_index), "-k")


# find


@pytest.fixture
def rows(ledby: Ledby, small_index: Path) -> list[dict[str, Any]]:
    return ledby("find", "--format", "json", "--index", small_index).json


def test_find_json_gives_a_row_a_plan_entry(rows: list[dict[str, Any]], small_index: Path) -> None:
    assert len(rows) == len(open_index(small_index).register.entries) > 100
    assert len({row["id"] for row in rows}) == len(rows)
    for row in rows:
        check(row, ROW)


def test_quotes_of_rows_stand_at_their_lines(rows: list[dict[str, Any]], small_documents: Path) -> None:
    for row in rows:
        first, last = row["lines"]
        lines = (small_documents / row["file"]).read_text(encoding="utf-8").split("\n")
        assert row["quote"] in "\n".join(lines[first - 1 : last])


def test_find_filters(ledby: Ledby, rows: list[dict[str, Any]], small_index: Path) -> None:
    def found(*words: str) -> list[str]:
        return [row["id"] for row in ledby("find", *words, "--format", "json", "--index", small_index).json]

    assert found("reduce loneliness") == [r["id"] for r in rows if r["commitment"] == "Reduce loneliness"]
    assert found("--outcome", "2") == [r["id"] for r in rows if r["outcome"] == "2"]
    assert found("--document", "shared-delivery-plan-2024-06") == [
        r["id"] for r in rows if r["document"] == "shared-delivery-plan-2024-06"
    ]
    assert set(found("--plan", "Kent Karrier")) == {r["id"] for r in rows if r["plan"] == "Kent Karrier"}
    led = found("--lead", "Healthwatch Kent")
    assert led
    assert set(led) >= {r["id"] for r in rows if "Healthwatch Kent" in r["leads"]}
    assert found("loneliness", "--lead", "Healthwatch Kent", "--outcome", "2") == []


def test_find_csv_holds_the_rows_of_json(ledby: Ledby, rows: list[dict[str, Any]], small_index: Path) -> None:
    done = ledby("find", "--format", "csv", "--index", small_index)
    assert done.code == 0
    read = list(csv.DictReader(io.StringIO(done.out)))
    assert list(read[0]) == list(rows[0])
    assert [row["id"] for row in read] == [row["id"] for row in rows]
    assert [row["leads"] for row in read] == ["; ".join(row["leads"]) for row in rows]
    assert not [value for row in read for value in row.values() if value[:1] in ("=", "+", "@")]


def test_find_table_ends_with_the_number_of_rows(
    ledby: Ledby, rows: list[dict[str, Any]], small_index: Path
) -> None:
    done = ledby("find", "--index", small_index)
    assert (done.code, done.err) == (0, "")
    assert done.out.endswith(f"{len(rows)} entries\n")


@pytest.mark.parametrize("format_, expected", [("json", "[]\n"), ("csv", ""), ("table", "0 entries\n")])
def test_find_with_no_match_is_no_error(ledby: Ledby, small_index: Path, format_: str, expected: str) -> None:
    done = ledby("find", "zeppelin mooring masts", "--format", format_, "--index", small_index)
    assert done == (0, expected, "")


def test_find_refuses_what_it_does_not_know(ledby: Ledby, small_index: Path) -> None:
    check_plain_error(ledby("find", "--format", "xml", "--index", small_index), "xml", "table", "csv", "json")
    check_plain_error(ledby("find", "--document", "no-such-paper", "--index", small_index), "ledby documents")


# documents


def test_documents_json_counts_what_the_index_holds(ledby: Ledby, small_index: Path) -> None:
    done = ledby("documents", "--json", "--index", small_index)
    assert (done.code, done.err) == (0, "")
    index = open_index(small_index)
    assert {row["id"] for row in done.json} == set(index.documents)
    for row in done.json:
        check({key: row[key] for key in DOCUMENT}, DOCUMENT)
        assert row["passages"] == sum(p.document == row["id"] for p in index.passages)
        assert row["records"] == sum(r.document == row["id"] for r in index.register.records())


def test_documents_table_names_each(ledby: Ledby, small_index: Path) -> None:
    done = ledby("documents", "--index", small_index)
    assert (done.code, done.err) == (0, "")
    assert done.out.endswith("3 documents\n")


# diff and verify


def test_diff_without_two_versions_finds_none(ledby: Ledby, small_index: Path) -> None:
    assert ledby("diff", "--format", "json", "--index", small_index) == (0, "[]\n", "")


def test_diff_refuses_what_it_does_not_know(ledby: Ledby, small_index: Path) -> None:
    known = "shared-delivery-plan-2024-06"
    check_plain_error(ledby("diff", "no-such-paper", known, "--index", small_index), "no-such-paper")
    check_plain_error(ledby("diff", known, "--index", small_index))
    check_plain_error(ledby("diff", "--format", "xml", "--index", small_index), "xml", "table")


def test_verify_finds_a_new_index_whole(ledby: Ledby, small_index: Path) -> None:
    done = ledby("verify", "--json", "--index", small_index)
    assert (done.code, done.err) == (0, "")
    assert done.json["whole"] is True
    assert done.json["faults"] == []
    assert done.json["counts"]["passages"] == len(open_index(small_index).passages)


# ingest


def test_ingest_ends_with_a_table_and_reads_nothing_twice(ledby: Ledby, tmp_path: Path) -> None:
    (tmp_path / "parks.md").write_text("# Parks\n\nEvery ward gets a park.\n", encoding="utf-8")
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.7\nno more than a beginning")
    first = ledby("ingest", tmp_path, "--index", tmp_path / ".index")
    assert first.code == 0
    assert "parks.md" in first.out
    assert "1 documents" in first.out
    assert "Warning: broken.pdf" in first.out
    assert "Embedding" in first.err
    again = ledby("ingest", tmp_path, "--index", tmp_path / ".index")
    assert again.code == 0
    assert "Nothing has changed" in again.out
    assert "Warning: broken.pdf" in again.out


def holds_nothing(directory: Path) -> bool:
    """Whether an index folder was not made, or holds no more than the lock that was taken to look."""
    return {path.name for path in directory.rglob("*")} <= {"ingest.lock"}


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Path]:
    (tmp_path / "documents").mkdir()
    yield tmp_path / "documents"


def test_an_empty_folder_is_one_plain_line(ledby: Ledby, empty: Path) -> None:
    check_plain_error(ledby("ingest", empty, "--index", empty.parent / "index"), "No documents in", "PDF")
    assert holds_nothing(empty.parent / "index")


def test_a_missing_path_is_one_plain_line(ledby: Ledby, tmp_path: Path) -> None:
    check_plain_error(
        ledby("ingest", tmp_path / "nowhere", "--index", tmp_path / "index"), "nowhere does not exist"
    )
    assert holds_nothing(tmp_path / "index")


def test_an_unreadable_pdf_alone_is_one_plain_line(process: Ledby, empty: Path) -> None:
    (empty / "broken.pdf").write_bytes(b"%PDF-1.7\nno more than a beginning")
    done = process("ingest", empty, "--index", empty.parent / "index")
    errors = [line for line in done.err.splitlines() if "broken.pdf" in line]
    assert done.code == 2
    assert len(errors) == 1
    assert "Traceback" not in done.err
    assert process("documents", "--index", empty.parent / "index").code == 2


def test_a_failed_ingest_leaves_the_index_as_it_was(ledby: Ledby, small_index: Path, tmp_path: Path) -> None:
    shutil.copytree(small_index, tmp_path / "index")
    before = {p.relative_to(tmp_path): p.stat().st_size for p in tmp_path.rglob("*") if p.is_file()}
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "broken.pdf").write_bytes(b"%PDF-1.7\nno more than a beginning")
    for path in ("nowhere", "documents"):
        assert ledby("ingest", tmp_path / path, "--index", tmp_path / "index").code == 2
    after = {p.relative_to(tmp_path): p.stat().st_size for p in tmp_path.rglob("*") if p.is_file()}
    assert {path for path in before if "gen-" in str(path)} <= set(after)
    assert {str(path) for path in set(after) - set(before)} == {"documents/broken.pdf"}
    assert ledby("find", "loneliness", "--format", "json", "--index", tmp_path / "index").json


# every command


@pytest.mark.parametrize(
    "words",
    [["ask", "who?"], ["search", "x"], ["find"], ["documents"], ["ask", "who?", "--json"]],
    ids=" ".join,
)
def test_without_an_index_a_command_says_how_to_make_one(
    ledby: Ledby, tmp_path: Path, words: list[str]
) -> None:
    done = ledby(*words, "--index", tmp_path / "none")
    check_plain_error(done, f"There is no index at {tmp_path / 'none'}", "ledby ingest")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "words", [["--loud"], ["ask", "who?", "--loud"], ["sing"], ["find", "--format"]], ids=" ".join
)
def test_what_is_not_known_is_one_plain_line(ledby: Ledby, words: list[str]) -> None:
    check_plain_error(ledby(*words), "ledby --help")


def test_the_index_comes_from_the_flag_then_the_environment(
    ledby: Ledby, small_index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEDBY_INDEX", str(small_index))
    assert len(ledby("documents", "--json").json) == 3
    check_plain_error(ledby("documents", "--index", tmp_path / "none"), str(tmp_path / "none"))
    monkeypatch.delenv("LEDBY_INDEX")
    monkeypatch.chdir(tmp_path)
    check_plain_error(ledby("documents"), ".ledby/index")


# as processes of their own


def test_a_process_ends_with_the_code_and_prints_json_alone(process: Ledby, small_index: Path) -> None:
    done = process("ask", QUESTION, "--json", LEDBY_INDEX=str(small_index))
    assert (done.code, done.err) == (0, "")
    check_answer(done.json)


def test_a_process_with_an_unknown_option_ends_with_2(process: Ledby) -> None:
    check_plain_error(process("ask", "--loud"), "--loud")


def test_a_damaged_index_is_one_plain_line(process: Ledby, small_index: Path, tmp_path: Path) -> None:
    shutil.copytree(small_index, tmp_path / "index")
    for manifest in (tmp_path / "index").glob("gen-*/manifest.json"):
        manifest.write_text("{", encoding="utf-8")
    check_plain_error(process("documents", "--index", tmp_path / "index"), "damaged", "--rebuild")


def test_looking_things_up_needs_no_model(small_index: Path) -> None:
    """A command that only reads records starts in well under a second: it loads no torch."""
    code = (
        "import sys, app; from assistant.commands.cli import run; code = run(app.cli, sys.argv[1:]); "
        "sys.exit(code or 3 * bool({'torch', 'chromadb', 'gradio'} & set(sys.modules)))"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "LEDBY_INDEX": str(small_index)}
    for words in (["find", "loneliness"], ["documents"]):
        done = subprocess.run(
            [sys.executable, "-c", code, *words], cwd=ROOT, env=environment, capture_output=True, check=False
        )
        assert (done.returncode, done.stderr) == (0, b"")


def test_a_reader_that_goes_away_is_no_error(small_index: Path) -> None:
    """``ledby find --format json | head``"""
    line = f'"{sys.executable}" -c "import app; app.main()" find --format json | head -c 1'
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "LEDBY_INDEX": str(small_index)}
    done = subprocess.run(
        line, shell=True, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.stdout == "["
    assert "Traceback" not in done.stderr


def test_every_process_answers_alike(process: Ledby, originals_index: Path, tmp_path: Path) -> None:
    """Whatever the order in which a process keeps its sets; a question may name two papers equally well."""
    asked = [
        "Who is the author of the covering report on the Safeguarding Adults Board annual report, and what is her job?",
        "Who wrote the April 2024 cover report on the Safeguarding Adults Board annual report, and what is her job?",
        "Who leads reducing loneliness?",
    ]
    questions = tmp_path / "in.jsonl"
    questions.write_text("".join(json.dumps({"id": q, "question": q}) + "\n" for q in asked))
    told = []
    for seed in ("0", "2"):
        out = tmp_path / f"{seed}.jsonl"
        words = ("ask", "--batch", questions, "--out", out, "--index", originals_index)
        assert process(*words, PYTHONHASHSEED=seed).code == 0
        answers = [json.loads(line) for line in out.read_text().splitlines()]
        told.append([{**one, "took_ms": 0} for one in answers])
    assert len(told[0]) == len(asked)
    assert told[0] == told[1]

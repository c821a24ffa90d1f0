"""What goes wrong on a disk: each damage gets one plain line that names the way out, and the way out
works."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from multiprocessing.process import BaseProcess
from pathlib import Path

import numpy as np
import pytest
from index_files import (
    PROCESSES,
    crowded_process,
    environment,
    ledby,
    ledby_process,
    limited_process,
    numbered,
    one_line,
    without_override,
    write_documents,
)

from corpus.errors import BusyError, IndexError_, UsageError
from index.build import Summary, ingest
from index.embed import Embedder
from index.generation import open_index
from index.verify import verify

QUESTION = "who leads plant more trees"
ALL = ("ask", "search", "find", "documents")
SEARCHING = ("ask", "search")
NOISE = np.random.default_rng(7)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Path:
    """Documents and their index. Tests only copy them."""
    folder = tmp_path_factory.mktemp("faults")
    ingest([write_documents(folder / "documents")], folder / "index", embedder=embedder)
    return folder


@pytest.fixture
def place(made: Path, tmp_path: Path) -> Path:
    """A folder with documents and an index to do harm to."""
    shutil.copytree(made, tmp_path / "place")
    return tmp_path / "place"


def generation(place: Path) -> Path:
    index = place / "index"
    return index / (index / "current").read_text()


def asked(capsys: pytest.CaptureFixture[str], command: str, index: Path) -> tuple[int, str]:
    """Exit code and stderr of a reading command."""
    words = {"ask": [QUESTION], "search": ["towpath"]}.get(command, [])
    told = ledby(capsys, command, *words, "--index", index)
    return told.code, told.err


def noise(path: Path) -> None:
    """Other bytes, as many."""
    path.write_bytes(NOISE.bytes(path.stat().st_size))


def halve(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def graph(place: Path) -> Path:
    return next(path for path in (generation(place) / "chroma").iterdir() if path.is_dir())


def set_version(place: Path) -> None:
    path = generation(place) / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"version": 99}))


HARMS: dict[str, tuple[Callable[[Path], object], tuple[str, ...]]] = {
    "current is missing": (lambda p: (p / "index/current").unlink(), ALL),
    "current is noise": (lambda p: (p / "index/current").write_bytes(b"\xff\x00../../x"), ALL),
    "current is empty": (lambda p: (p / "index/current").write_text(""), ALL),
    "current names what is not there": (lambda p: (p / "index/current").write_text("gen-000077"), ALL),
    "manifest is missing": (lambda p: (generation(p) / "manifest.json").unlink(), ALL),
    "manifest is noise": (lambda p: noise(generation(p) / "manifest.json"), ALL),
    "manifest is cut": (lambda p: halve(generation(p) / "manifest.json"), ALL),
    "manifest is a list": (lambda p: (generation(p) / "manifest.json").write_text("[1]"), ALL),
    "manifest is of other things": (
        lambda p: (generation(p) / "manifest.json").write_text('{"version": 1, "files": 3, "warnings": []}'),
        ALL,
    ),
    "another version": (set_version, ALL),
    "documents are missing": (lambda p: (generation(p) / "corpus.sqlite").unlink(), ALL),
    "documents are cut": (lambda p: halve(generation(p) / "corpus.sqlite"), ALL),
    "documents are noise": (lambda p: noise(generation(p) / "corpus.sqlite"), ALL),
    "Chroma is missing": (lambda p: shutil.rmtree(generation(p) / "chroma"), SEARCHING),
    "Chroma's database is missing": (lambda p: (generation(p) / "chroma/chroma.sqlite3").unlink(), SEARCHING),
    "Chroma's database is noise": (lambda p: noise(generation(p) / "chroma/chroma.sqlite3"), SEARCHING),
    "Chroma's graph is missing": (lambda p: shutil.rmtree(graph(p)), SEARCHING),
    "Chroma's vectors are cut": (lambda p: halve(graph(p) / "data_level0.bin"), SEARCHING),
    "Chroma's graph is noise": (lambda p: noise(graph(p) / "header.bin"), SEARCHING),
    "Chroma's names are noise": (lambda p: noise(graph(p) / "index_metadata.pickle"), SEARCHING),
    "the collection is another": (lambda p: noise(generation(p) / "collection"), SEARCHING),
    "words are missing": (lambda p: shutil.rmtree(generation(p) / "lexical"), SEARCHING),
    "words are noise": (lambda p: noise(generation(p) / "lexical/ledby.json"), SEARCHING),
    "word counts are noise": (lambda p: noise(generation(p) / "lexical/indptr.csc.index.npy"), SEARCHING),
    "token vectors are cut": (lambda p: halve(generation(p) / "tokens/tokens.npy"), SEARCHING),
    "token vectors are noise": (lambda p: noise(generation(p) / "tokens/tokens.npy"), SEARCHING),
    "bounds are noise": (lambda p: noise(generation(p) / "tokens/bounds.npy"), SEARCHING),
    "names are noise": (lambda p: noise(generation(p) / "entities.json"), ("ask",)),
    "names are cut": (lambda p: halve(generation(p) / "entities.npy"), ("ask",)),
}


@pytest.mark.parametrize("harm", HARMS)
def test_damage_gets_one_line_and_rebuild_restores(
    harm: str, place: Path, capsys: pytest.CaptureFixture[str], embedder: Embedder
) -> None:
    act, failing = HARMS[harm]
    act(place)
    for command in ALL:
        code, err = asked(capsys, command, place / "index")
        if command in failing:
            assert code == 2 and "--rebuild" in one_line(err), (command, err)
        else:
            assert (code, err) == (0, ""), (command, err)
    summary = ingest([place / "documents"], place / "index", rebuild=True, embedder=embedder)
    assert summary.embedded == 0, "vectors that were sound are used again"
    assert verify(place / "index").whole
    assert asked(capsys, "find", place / "index") == (0, "")


@pytest.mark.parametrize(
    "harm",
    [
        "current is missing",
        "manifest is noise",
        "documents are cut",
        "Chroma's graph is missing",
        "another version",
    ],
)
def test_a_plain_ingest_notices_damage_and_builds_anew(harm: str, place: Path, embedder: Embedder) -> None:
    HARMS[harm][0](place)
    summary = ingest([place / "documents"], place / "index", embedder=embedder)
    assert summary.changed and summary.embedded == 0
    assert any("built anew" in one_line(warning) for warning in summary.warnings)
    assert verify(place / "index").whole
    assert not ingest([place / "documents"], place / "index", embedder=embedder).changed


def zeroed(place: Path) -> None:
    with closing(sqlite3.connect(place / "index/cache/vectors.sqlite")) as db, db:
        db.execute("UPDATE vectors SET vector = zeroblob(length(vector)) WHERE rowid = 1")


def shortened(place: Path) -> None:
    with closing(sqlite3.connect(place / "index/cache/vectors.sqlite")) as db, db:
        db.execute("UPDATE vectors SET tokens = x'00' WHERE rowid = 2")


def skewed(place: Path) -> None:
    with closing(sqlite3.connect(place / "index/cache/vectors.sqlite")) as db, db:
        db.execute("UPDATE projection SET matrix = zeroblob(length(matrix) - 4)")


CACHE_HARMS: dict[str, tuple[Callable[[Path], object], int]] = {  # how many of the 12 texts are embedded anew
    "vectors are noise": (lambda p: noise(p / "index/cache/vectors.sqlite"), 12),
    "vectors are cut": (lambda p: halve(p / "index/cache/vectors.sqlite"), 12),
    "vectors are empty": (lambda p: (p / "index/cache/vectors.sqlite").write_bytes(b""), 12),
    "a vector is zero": (zeroed, 1),
    "a vector is short": (shortened, 1),
    "the projection is wrong": (skewed, 12),
    "what was read is noise": (lambda p: noise(p / "index/cache/files.sqlite"), 0),
    "what was read is cut": (lambda p: halve(p / "index/cache/files.sqlite"), 0),
    "there is no cache": (lambda p: shutil.rmtree(p / "index/cache"), 12),
}


@pytest.mark.parametrize("harm", CACHE_HARMS)
def test_a_damaged_cache_stops_no_rebuild(harm: str, place: Path, embedder: Embedder) -> None:
    act, embedded = CACHE_HARMS[harm]
    act(place)
    summary = ingest([place / "documents"], place / "index", rebuild=True, embedder=embedder)
    assert summary.embedded == embedded
    assert verify(place / "index").whole


@pytest.mark.parametrize("harm", [harm for harm in CACHE_HARMS if harm != "a vector is zero"])
def test_a_damaged_cache_stops_no_ingest(harm: str, place: Path, embedder: Embedder) -> None:
    write_documents(place / "documents", more="# More\n\nThe weir was mended in April 2025.\n")
    CACHE_HARMS[harm][0](place)
    assert ingest([place / "documents"], place / "index", embedder=embedder).changed
    assert verify(place / "index").whole
    assert "more" in open_index(place / "index").documents


def test_keep_and_rebuild_do_not_go_together(place: Path) -> None:
    with pytest.raises(UsageError, match="--keep and --rebuild"):
        ingest([place / "documents"], place / "index", keep=True, rebuild=True)


def test_what_was_kept_is_not_lost_without_a_word(place: Path, embedder: Embedder) -> None:
    (place / "index/cache/files.sqlite").unlink()
    other = write_documents(place / "other", more="# More\n\nThe weir was mended in April 2025.\n")
    summary = ingest([other], place / "index", keep=True, embedder=embedder)
    assert [one_line(w) for w in summary.warnings if "plan.md" in w and "give it again" in w]
    assert set(open_index(place / "index").documents) == {"more"}


# A read-only folder


@pytest.fixture
def read_only(place: Path) -> Iterator[Path]:
    """The index with nothing in it that may be written."""
    paths = [place / "index", *(place / "index").rglob("*")]
    modes = {path: path.stat().st_mode for path in paths}
    for path in paths:
        path.chmod(0o555 if path.is_dir() else 0o444)
    yield place
    for path, mode in modes.items():
        path.chmod(mode)


def test_a_read_only_index_answers(read_only: Path) -> None:
    told = ledby_process("ask", QUESTION, "--index", read_only / "index", preexec=without_override)
    assert (told.code, told.err) == (0, "") and "Parks Team" in told.out


def test_a_read_only_index_is_not_written(read_only: Path) -> None:
    told = ledby_process(
        "ingest", read_only / "documents", "--index", read_only / "index", preexec=without_override
    )
    assert told.code == 2 and "cannot be written" in one_line(told.err) and "--index" in told.err


def test_an_index_cannot_be_made_in_a_read_only_folder(tmp_path: Path) -> None:
    documents = write_documents(tmp_path / "documents")
    (tmp_path / "shelf").mkdir(mode=0o555)
    told = ledby_process("ingest", documents, "--index", tmp_path / "shelf/index", preexec=without_override)
    assert told.code == 2 and "cannot be written" in one_line(told.err)


def test_a_file_where_the_index_should_be(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "index").write_text("not a folder")
    documents = write_documents(tmp_path / "documents")
    with pytest.raises(IndexError_, match="cannot be written"):
        ingest([documents], tmp_path / "index")
    code, err = asked(capsys, "find", tmp_path / "index")
    assert code == 2 and "cannot be read" in one_line(err)


# A full disk


def done(process: BaseProcess) -> None:
    """Run a process to its end."""
    process.start()
    process.join(120)
    process.kill()
    process.join()
    assert process.exitcode == 0


def test_a_limit_on_file_size_gets_a_line_each_time(place: Path) -> None:
    """The build is stopped at every part that is larger than the last limit: the caches, SQLite, arrays,
    Chroma."""
    index, note = place / "index", place / "note"
    before = open_index(index)
    write_documents(place / "documents", more=numbered(80))
    limits = [4096, 100_000, 200_000, 400_000, 50_000_000]
    done(PROCESSES.Process(target=limited_process, args=(place / "documents", index, limits, note)))
    *stopped, last = note.read_text().splitlines()
    assert last == "built" and len(stopped) == len(limits) - 1
    assert len([line for line in stopped if line != "built"]) >= 2
    for line in stopped:
        assert line == "built" or line.startswith("IndexError_ "), line
        assert line == "built" or "could not be written" in line and "still in use" in line
    assert not before.is_current()
    assert verify(index).whole
    assert len(list(index.glob("gen-*"))) == 2


def test_a_full_disk(place: Path) -> None:
    note = place / "note"
    size = sum(path.stat().st_size for path in (place / "index").rglob("*") if path.is_file()) + 400_000
    write_documents(place / "documents", more=numbered(80))
    done(PROCESSES.Process(target=crowded_process, args=(place / "documents", place / "index", size, note)))
    if not note.exists():
        pytest.skip("this user may not mount a small disk to fill")
    told, answer = note.read_text().splitlines()
    assert told.startswith("IndexError_ ") and "the disk is full" in told, told
    assert answer == "gen-000001 2 6", "the index of before still answers"


# Two at once


HOLDING = """
import sys, time
from pathlib import Path
from index.held import held
with held(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(float(sys.argv[2]))
"""


def holder(index: Path, seconds: float) -> subprocess.Popen[str]:
    """Another process that writes the index for a while."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDING, str(index), str(seconds)],
        env=environment(),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None and process.stdout.readline() == "held\n"
    return process


def test_the_second_of_two_ingests_says_so(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    process = holder(place / "index", 60)
    try:
        told = ledby(capsys, "ingest", place / "documents", "--index", place / "index")
        assert told.code == 2 and "Another ingest is writing" in told.err and "Traceback" not in told.err
        assert asked(capsys, "find", place / "index") == (0, ""), "readers do not wait"
    finally:
        process.kill()
        process.wait()
    assert ingest([place / "documents"], place / "index").lines, "a lock ends with its process"


def test_the_second_of_two_ingests_waits_when_told(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[str] = []
    process = holder(place / "index", 1.5)
    try:
        with pytest.raises(BusyError):
            ingest([place / "documents"], place / "index", wait_s=0.1)
        monkeypatch.setenv("LEDBY_WAIT_SECONDS", "60")
        summary = ingest([place / "documents"], place / "index", progress=lambda step, *_: steps.append(step))
    finally:
        process.kill()
        process.wait()
    assert isinstance(summary, Summary) and steps[0] == "Waiting for another ingest"

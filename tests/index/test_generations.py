"""Never half: whatever happens to a build, readers have a whole index, and nothing is embedded twice."""

from __future__ import annotations

import gc
import json
import os
import random
import shutil
import signal
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Barrier

import numpy as np
import pytest
from bm25s.stopwords import STOPWORDS_EN
from index_files import PROCESSES, ingest_process, ledby_process, numbered, write_documents

from corpus.errors import IndexError_
from index.build import ingest
from index.embed import Embedder
from index.generation import Index, open_index
from index.layout import generations
from index.lexical import terms
from index.make import embedded_text
from index.vectors import VectorCache
from index.verify import verify

KILLS = 25


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Path:
    """Documents and their index. Tests only copy them."""
    folder = tmp_path_factory.mktemp("generations")
    ingest([write_documents(folder / "documents")], folder / "index", embedder=embedder)
    return folder


@pytest.fixture
def place(made: Path, tmp_path: Path) -> Path:
    """A folder with documents and an index to change."""
    return Path(shutil.copytree(made, tmp_path / "place"))


def embedded(place: Path) -> int:
    """How many texts are in the vector cache."""
    with closing(sqlite3.connect(place / "index/cache/vectors.sqlite")) as db:
        return int(db.execute("SELECT count(*) FROM vectors").fetchone()[0])


def answers(index: Index, word: str) -> set[str]:
    """The documents that a word and its passage's vector lead to: every part of an index is read for it."""
    best = int(np.argmax(index.lexical.scores([word])))
    passage = index.passages[best]
    vector = index.store.vectors([passage.id])[passage.id]
    found = {index.passages[index.positions[id_]].document for id_, _ in index.store.nearest(vector, 1)}
    assert len(index.tokens) == len(index.passages)
    return found & {passage.document}


STEPS = ("", "Reading", "Register", "Embedding", "Writing")
"""Where a kill falls: at the start of the process, or after it has begun a step."""


def soon(moments: random.Random) -> float:
    """Seconds between 0.0003 and 0.3, as likely short as long, so that a step of 20 ms is met as well as one of 200."""
    return 0.3 * 10 ** moments.uniform(-3, 0)


def ingested(place: Path, step: str, after_s: float) -> int | None:
    """Ingest in another process, and kill it ``after_s`` seconds after a step began. How many texts it embedded where
    it was done before that, else None."""
    note = place / "note.json"
    steps = note.with_suffix(".steps")
    steps.write_text("")
    process = PROCESSES.Process(target=ingest_process, args=(place / "documents", place / "index", note))
    process.start()
    while process.is_alive() and step not in steps.read_text().split("\n"):
        time.sleep(0.005)
    process.join(after_s)
    process.kill()
    process.join()
    if not note.exists():
        assert process.exitcode == -signal.SIGKILL
        return None
    embedded = int(json.loads(note.read_text())["embedded"])
    note.unlink()
    return embedded


def test_killed_at_any_moment(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A new document is ingested and the process killed, at 25 random moments, five in each step; the next one goes on
    where it was."""
    moments = random.Random(seed := int.from_bytes(os.urandom(4), "big"))
    with capsys.disabled():
        print(f"\n{KILLS} kills at the moments of seed {seed}")
    index = place / "index"
    killed = batch = halfway = leftovers = 0
    while killed < KILLS:
        write_documents(place / "documents", **{f"list{batch}": numbered(40, about=f"list {batch}")})
        before = embedded(place)
        done = ingested(place, STEPS[killed % len(STEPS)], soon(moments))
        opened = open_index(index)
        assert answers(opened, "towpath") == {"plan"}, f"seed {seed}"
        assert {f"list{n}" for n in range(batch)} < {*opened.documents}, f"seed {seed}"
        opened.close()
        if done is None:
            killed += 1
            halfway += before < embedded(place)
            leftovers += generations(index)[-1].name != (index / "current").read_text()
        else:
            batch += 1
            assert done == embedded(place) - before, f"seed {seed}: texts were embedded again"
    before = embedded(place)
    last = ingest([place / "documents"], index, embedder=Embedder())
    assert last.embedded == embedded(place) - before
    assert halfway and leftovers, f"seed {seed}: no kill met a build that had begun to write"
    assert verify(index).whole
    assert [path.name for path in generations(index)][-1] == (index / "current").read_text()
    assert len(generations(index)) <= 2 and not list(index.glob("current.*")), (
        "what dead builds left is swept"
    )


def test_leftovers_of_dead_builds_are_swept(place: Path, embedder: Embedder) -> None:
    index = place / "index"
    shutil.copytree(index / "gen-000001", index / "gen-000007")  # whole, but never switched to
    (index / "gen-000008/chroma").mkdir(parents=True)
    (index / "current.4711").write_text("gen-000008")
    (index / "gen-mine").mkdir()  # no generation, whoever made it
    write_documents(place / "documents", more=numbered(1))
    assert ingest([place / "documents"], index, embedder=embedder).changed
    assert sorted(path.name for path in index.glob("gen-*")) == ["gen-000001", "gen-000002", "gen-mine"]
    assert not list(index.glob("current.*"))


def test_readers_keep_an_open_generation(place: Path, embedder: Embedder) -> None:
    """A reader that opened a generation answers from it while another is switched in, whatever it had
    loaded."""
    index = place / "index"
    eager, lazy = open_index(index), open_index(index)
    assert answers(eager, "towpath") == {"plan"}
    write_documents(place / "documents", plan="# Plan\n\nThe canal is dredged in 2027.\n")
    ingest([place / "documents"], index, embedder=embedder)
    for opened in (eager, lazy):
        assert not opened.is_current()
        assert answers(opened, "towpath") == {"plan"}
        assert "towpath" in opened.documents["plan"].text
    fresh = open_index(index)
    assert fresh.is_current() and "canal" in fresh.documents["plan"].text
    assert answers(fresh, "canal") == {"plan"}


def test_a_reader_of_a_generation_that_is_gone_is_told_so(place: Path, embedder: Embedder) -> None:
    opened = open_index(place / "index")
    for n in range(2):
        write_documents(place / "documents", more=numbered(n + 1))
        ingest([place / "documents"], place / "index", embedder=embedder)
    with pytest.raises(IndexError_, match="was replaced by a newer one; ask again"):
        answers(opened, "towpath")


def test_a_closed_index_opens_again(place: Path) -> None:
    opened = open_index(place / "index")
    assert answers(opened, "towpath") == {"plan"}
    opened.close()
    assert answers(opened, "towpath") == {"plan"}


def test_an_index_that_nobody_holds_lets_go_of_its_files(place: Path) -> None:
    """An application that opens generation after generation keeps no more than it uses."""

    def held() -> int:
        links = (path.readlink().name for path in Path("/proc/self/fd").iterdir() if path.is_symlink())
        return sum(name == "chroma.sqlite3" for name in links)

    if not Path("/proc/self/fd").is_dir():
        pytest.skip("this system does not list open files")
    gc.collect()
    time.sleep(1)  # what other tests let go of is closed by then
    before = held()
    opened = open_index(place / "index")
    assert answers(opened, "towpath") == {"plan"} and held() > before
    del opened
    gc.collect()
    for _ in range(50):
        if held() <= before:
            return
        time.sleep(0.1)
    raise AssertionError("its files are still open")


def test_nothing_stale_is_left_of_a_changed_or_removed_document(place: Path, embedder: Embedder) -> None:
    """In every part of the index: Chroma, words, token vectors, register, names."""
    index = place / "index"
    write_documents(place / "documents", plan="# Plan\n\nThe canal is dredged in 2027.\n")
    ingest([place / "documents"], index, embedder=embedder)
    opened = open_index(index)
    assert not [record for record in opened.register.records() if record.document == "plan"]
    assert not any("Parks Team" in entity.text for entity in opened.entities.all)
    assert not opened.lexical.knows("tree") and opened.lexical.knows("canal")
    assert not any("tree" in text for _, text, _ in opened.store.stored())
    (place / "documents/plan.md").unlink()
    ingest([place / "documents"], index, embedder=embedder)
    opened = open_index(index)
    assert {*opened.documents} == {"notes"} and {place[0] for _, _, place in opened.store.stored()} == {
        "notes"
    }
    assert verify(index).whole


def test_a_changed_file_leaves_the_others_as_they_were(place: Path, embedder: Embedder) -> None:
    before = [passage for passage in open_index(place / "index").passages if passage.document == "plan"]
    write_documents(place / "documents", notes="# Notes\n\nThe lock was repaired.\n")
    summary = ingest([place / "documents"], place / "index", embedder=embedder)
    assert summary.embedded == 1
    assert [
        passage for passage in open_index(place / "index").passages if passage.document == "plan"
    ] == before


def test_what_no_generation_needs_is_pruned_from_the_caches(place: Path, embedder: Embedder) -> None:
    def stored(table: str) -> int:
        with closing(sqlite3.connect(place / f"index/cache/{table}.sqlite")) as db:
            return int(db.execute(f"SELECT count(DISTINCT key) FROM {table}").fetchone()[0])

    for n in range(4):
        write_documents(place / "documents", more=numbered(n + 1))
        ingest([place / "documents"], place / "index", embedder=embedder)
        assert stored("files") <= 4, "the two that stay, the one before, the one now"
    with closing(VectorCache(place / "index/cache/vectors.sqlite", embedder)) as cache:
        before = stored("vectors")
        cache.prune(["one"])
        assert stored("vectors") == before, "a few are worth keeping: a document may come back"
        with closing(sqlite3.connect(place / "index/cache/vectors.sqlite")) as db, db:
            db.executemany(
                "INSERT INTO vectors (key) VALUES (?)", [(f"old {n}".encode(),) for n in range(5000)]
            )
        texts = [embedded_text(passage) for passage in open_index(place / "index").passages]
        cache.prune(texts)
        assert stored("vectors") == len(set(texts))


# Light on its feet


HEAVY = ("torch", "sentence_transformers", "transformers", "chromadb", "llama_index", "gradio", "bm25s")
LIGHT = f"""
import sys, time
begun = time.monotonic()
from app import main
try:
    main()
except SystemExit as done:
    took = time.monotonic() - begun
    print("imported", [name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)
    print("took", took, file=sys.stderr)
    sys.exit(done.code)
"""


def light(*args: str | Path) -> tuple[str, float]:
    """Run a command that must import nothing heavy; its output, and its seconds after start-up."""
    told = ledby_process(*args, code=LIGHT)
    assert told.code == 0, told.err
    *_, imported, took = told.err.splitlines()
    assert imported == "imported []"
    return told.out, float(took.split()[1])


def test_look_ups_and_unchanged_ingests_import_nothing_heavy(place: Path) -> None:
    documents, index = place / "documents", place / "index"
    write_documents(documents)  # new times, the same content
    assert "Nothing has changed" in light("ingest", documents, "--index", index)[0]
    rows = json.loads(light("find", "--lead", "Harbour Board", "--format", "json", "--index", index)[0])
    assert [row["plan"] for row in rows] == ["Walking Strategy"]
    assert "2 documents" in light("documents", "--index", index)[0]


def test_stop_words_are_those_of_bm25s() -> None:
    assert terms(" ".join(STOPWORDS_EN)) == []
    assert terms("who leads the towpath") == ["lead", "towpath"]


@pytest.mark.alone
def test_the_originals_unchanged_take_two_seconds(originals_index: Path, originals_folder: Path) -> None:
    """Goes by the best of three, since others may be at work on the machine."""
    told = [light("ingest", originals_folder, "--index", originals_index) for _ in range(3)]
    assert all("Nothing has changed" in out for out, _ in told)
    assert min(seconds for _, seconds in told) < 2
    assert (
        min(light("find", "--lead", "Healthwatch Kent", "--index", originals_index)[1] for _ in range(2)) < 3
    )
    assert min(light("documents", "--index", originals_index)[1] for _ in range(2)) < 3


# Several threads


def test_threads_share_one_of_each_part(place: Path, embedder: Embedder) -> None:
    opened = Index(place / "index/gen-000001", embedder)
    start = Barrier(8)

    def load(_: int) -> tuple[int, ...]:
        start.wait()
        parts = (
            opened.store,
            opened.tokens,
            opened.lexical,
            opened.entities,
            opened.positions,
            opened.register,
        )
        assert answers(opened, "towpath") == {"plan"}
        return tuple(map(id, parts))

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(load, range(8)))) == 1


def test_threads_encode_alike(embedder: Embedder) -> None:
    texts = [f"Who leads item {n} of the list, and when was it agreed?" for n in range(24)]
    alone = [embedder.encode([text])[0].vector for text in texts]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda text: embedder.encode([text])[0].vector, texts))
    assert np.allclose(alone, together, atol=1e-5)


def test_a_model_is_loaded_once_by_many_threads() -> None:
    fresh = Embedder()
    with ThreadPoolExecutor(4) as pool:
        assert len({id(model) for model in pool.map(lambda _: fresh._model, range(4))}) == 1

"""``ledby verify``: a sound index passes, and each thing that can be wrong gets its line and exit code 2."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from index_files import ledby, write_documents

from corpus.errors import IndexError_
from index.build import ingest
from index.chroma import PassageStore
from index.embed import Embedder
from index.generation import collection_of, open_index
from index.layout import seal
from index.verify import verify


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Path:
    """An index of two small documents. Tests only copy it."""
    folder = tmp_path_factory.mktemp("verify")
    ingest([write_documents(folder / "documents")], folder / "index", embedder=embedder)
    return folder / "index"


@pytest.fixture
def index(sound: Path, tmp_path: Path) -> Path:
    """A copy to do harm to."""
    return Path(shutil.copytree(sound, tmp_path / "index"))


def generation(index: Path) -> Path:
    return index / (index / "current").read_text()


def change(index: Path, statement: str, *values: object) -> None:
    """Change corpus.sqlite behind Ledby's back."""
    with closing(sqlite3.connect(generation(index) / "corpus.sqlite")) as db, db:
        assert db.execute(statement, values).rowcount > 0
    note_files(index)


def note_files(index: Path) -> None:
    """Write the files as they are now into the manifest, so that what is in them is looked at and not their
    size."""
    path = generation(index) / "manifest.json"
    told = json.loads(path.read_text())
    told["parts"] = {name: [part.size, ""] for name, part in seal(generation(index)).items()}
    path.write_text(json.dumps(told))


def test_a_sound_index_is_whole(index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = ledby(capsys, "verify", "--index", index)
    assert (told.code, told.err) == (0, "")
    assert "is whole" in told.out and "2 documents" in told.out and "records" in told.out


def test_verifying_leaves_no_trace(index: Path) -> None:
    assert verify(index).whole and verify(index).whole


def test_json(index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (generation(index) / "tokens" / "idf.npy").unlink()
    told = ledby(capsys, "verify", "--index", index, "--json")
    body = json.loads(told.out)
    assert told.code == 2 and body["whole"] is False and body["generation"] == "gen-000001"
    assert any("tokens/idf.npy is missing" in fault for fault in body["faults"])


def test_no_index(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = ledby(capsys, "verify", "--index", tmp_path / "none")
    assert told.code == 2 and "There is no index" in told.err
    with pytest.raises(IndexError_):
        verify(tmp_path / "none")


def test_a_changed_byte(index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = generation(index) / "lexical" / "indices.csc.index.npy"
    body = bytearray(path.read_bytes())
    body[-1] ^= 1
    path.write_bytes(body)
    told = ledby(capsys, "verify", "--index", index)
    assert told.code == 2
    assert "lexical/indices.csc.index.npy does not hold what was written" in told.err
    assert told.err.count("\n") == 2  # the fault, and what to do


def wrong_quote(index: Path) -> None:
    change(index, "UPDATE records SET body = replace(body, 'Plant', 'Chop') WHERE kind = 'PlanEntry'")


def moved_span(index: Path) -> None:
    change(index, "UPDATE passages SET start = 0, end = 0 WHERE position = 1")


def outside_span(index: Path) -> None:
    change(index, "UPDATE passages SET end = 100000 WHERE position = 1")


def wrong_text(index: Path) -> None:
    change(index, "UPDATE documents SET text = replace(text, 'Harbour', 'Harvest') WHERE id = 'notes'")


def lost_passage(index: Path) -> None:
    change(index, "DELETE FROM passages WHERE position = (SELECT max(position) FROM passages)")


def lost_record(index: Path) -> None:
    change(index, "DELETE FROM records WHERE position = 0")


def renamed_passage(index: Path) -> None:
    change(index, "UPDATE passages SET id = 'other:0:0' WHERE position = 0")


def stray_record(index: Path) -> None:
    change(index, """UPDATE records SET body = replace(body, '"document": "plan"', '"document": "gone"')""")


def twice_the_same_id(index: Path) -> None:
    change(
        index,
        "UPDATE records SET body = (SELECT body FROM records WHERE kind = 'PlanEntry' LIMIT 1) "
        "WHERE kind = 'PlanEntry'",
    )


def stranger_in_chroma(index: Path) -> None:
    with_store(
        index,
        lambda c: c.add(
            ids=["x:0:0"],
            embeddings=[np.ones(384) / 384**0.5],
            documents=["x"],
            metadatas=[{"document": "x", "start": 0, "end": 1}],
        ),
    )


def gone_from_chroma(index: Path) -> None:
    with_store(index, lambda c: c.delete(ids=c.get(limit=1)["ids"]))


def other_text_in_chroma(index: Path) -> None:
    with_store(
        index,
        lambda c: c.update(
            ids=c.get(limit=1)["ids"], documents=["other words"], embeddings=[np.ones(384) / 384**0.5]
        ),
    )


def long_vector_in_chroma(index: Path) -> None:
    with_store(index, lambda c: c.update(ids=c.get()["ids"], embeddings=[np.ones(384)] * c.count()))


def with_store(index: Path, act: Callable[[object], object]) -> None:
    folder = generation(index)
    store = PassageStore(folder / "chroma", collection_of(folder), None)
    with closing(store):
        store._asked(act)
    note_files(index)


@pytest.mark.parametrize(
    ("harm", "line"),
    [
        (wrong_quote, "does not quote what stands in plan"),
        (moved_span, "quotes nothing in"),
        (outside_span, "quotes nothing in"),
        (wrong_text, "with another text or place"),
        (lost_passage, "passages, corpus.sqlite holds"),
        (lost_record, "records, corpus.sqlite holds"),
        (renamed_passage, "Chroma does not hold passage other:0:0"),
        (stray_record, "is of gone, which is no document of this index"),
        (twice_the_same_id, "is there 2 times"),
        (stranger_in_chroma, "Chroma holds x:0:0, which is no passage of this index"),
        (gone_from_chroma, "Chroma does not hold passage"),
        (other_text_in_chroma, "with another text or place than corpus.sqlite"),
        (long_vector_in_chroma, "is not of unit length"),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_what_does_not_agree_is_named(
    index: Path, harm: Callable[[Path], None], line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    harm(index)
    told = ledby(capsys, "verify", "--index", index)
    assert told.code == 2
    assert line in told.err
    assert "Traceback" not in told.err and "--rebuild" in told.err


def test_many_faults_of_a_kind_are_not_all_written_out(index: Path) -> None:
    path = generation(index) / "manifest.json"
    told = json.loads(path.read_text())
    told["parts"] |= {f"part-{n}": [1, ""] for n in range(30)}
    path.write_text(json.dumps(told))
    faults = verify(index).faults
    assert len(faults) == 11 and faults[-1] == "... and 20 more of this kind"


def test_a_page_said_wrong_is_named(index: Path) -> None:
    opened = open_index(index)
    end = len(opened.documents["notes"].text)
    pages = json.dumps([{"page_no": 7, "page_label": "7", "span": {"start": 0, "end": end}}])
    change(index, "UPDATE documents SET body = json_set(body, '$.pages', json(?)) WHERE id = 'notes'", pages)
    assert any("is said to be on page None, and is on 7" in fault for fault in verify(index).faults)

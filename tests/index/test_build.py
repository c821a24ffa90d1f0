"""Building an index: what is read and embedded again, what is dropped, and what a failure leaves behind."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from filelock import FileLock

from corpus.errors import BusyError, IndexError_, UsageError
from index.build import Summary, ingest
from index.embed import Embedder, Encoded
from index.generation import MANIFEST, open_index

PARKS = """# Parks plan

Every ward gets a park that can be reached on foot.

| Commitment | Plan | Led by |
|---|---|---|
| Plant trees | Orchard Strategy | Orchard Board |
| Mend paths | Footpath Programme | Path Group |
"""
WATER = """# Water plan

Drinking fountains come to every square by 2027.

The reservoir is full in spring.
"""
NOT_PROSE = re.compile(r"\A---\n.*?\n---\n|<!--.*?-->", re.DOTALL)
"""Front matter and comments, which are no part of what a document says."""


class Counting(Embedder):
    """The embedding model, which keeps what it was given."""

    def __init__(self, real: Embedder) -> None:
        super().__init__()
        self.real = real
        self.given: list[str] = []

    def encode(self, texts: Sequence[str]) -> list[Encoded]:
        self.given.extend(texts)
        return self.real.encode(texts)

    def vocabulary(self) -> frozenset[str]:
        return self.real.vocabulary()


class Absent(Embedder):
    """A model that is not to be used."""

    def encode(self, texts: Sequence[str]) -> list[Encoded]:
        raise AssertionError(f"the model was given {len(texts)} texts")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "documents"
    made.mkdir()
    (made / "parks.md").write_text(PARKS, encoding="utf-8")
    (made / "water.md").write_text(WATER, encoding="utf-8")
    return made


@pytest.fixture
def directory(folder: Path, embedder: Embedder) -> Path:
    """An index of the folder."""
    made = folder.parent / "index"
    ingest([folder], made, embedder=embedder)
    return made


def ids(directory: Path) -> list[str]:
    return [passage.id for passage in open_index(directory).passages]


def ids_of(directory: Path, document: str) -> list[str]:
    return [id_ for id_ in ids(directory) if id_.startswith(f"{document}:")]


def files(summary: Summary) -> set[str]:
    return {line.file for line in summary.lines}


def manifest_of(directory: Path) -> Path:
    return directory / (directory / "current").read_text(encoding="utf-8") / MANIFEST


def generations(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.glob("gen-*"))


def test_the_summary_counts_what_was_made(folder: Path, embedder: Embedder) -> None:
    summary = ingest([folder], folder.parent / "index", embedder=embedder)
    index = open_index(folder.parent / "index")
    assert files(summary) == {"parks.md", "water.md"}
    assert sum(line.passages for line in summary.lines) == len(index.passages) == index.store.count()
    assert sum(line.records for line in summary.lines) == len(index.register.records())
    assert summary.changed
    assert summary.warnings == ()
    assert {(e.plan, *e.leads) for e in index.register.entries} == {
        ("Orchard Strategy", "Orchard Board"),
        ("Footpath Programme", "Path Group"),
    }


def test_all_parts_of_an_index_hold_the_same_passages(small_index: Path) -> None:
    index = open_index(small_index)
    assert index.store.ids() == set(index.positions)
    assert len(index.positions) == len(index.passages)
    for passage in index.passages:
        assert passage.text == passage.span.of(index.documents[passage.document].text)


def test_every_word_stands_in_some_passage(small_index: Path) -> None:
    index = open_index(small_index)
    for document in index.documents.values():
        left = list(document.text)
        for passage in index.passages:
            if passage.document == document.id:
                left[passage.span.start : passage.span.end] = " " * (passage.span.end - passage.span.start)
        words = NOT_PROSE.sub(" ", "".join(left)).split()
        assert [word for word in words if any(c.isalnum() for c in word)] == [], document.id


def test_with_nothing_changed_the_model_is_not_used(folder: Path, directory: Path) -> None:
    before = generations(directory)
    summary = ingest([folder], directory, embedder=Absent())
    assert (summary.changed, summary.embedded) == (False, 0)
    assert files(summary) == {"parks.md", "water.md"}
    assert generations(directory) == before


def test_a_change_of_time_alone_is_no_change(folder: Path, directory: Path) -> None:
    (folder / "parks.md").touch()
    assert not ingest([folder], directory, embedder=Absent()).changed


def test_a_changed_file_replaces_what_it_said(folder: Path, directory: Path, embedder: Embedder) -> None:
    water = ids_of(directory, "water")
    (folder / "parks.md").write_text(PARKS.replace("Path Group", "Ramblers"), encoding="utf-8")
    counting = Counting(embedder)
    summary = ingest([folder], directory, embedder=counting)
    index = open_index(directory)
    assert summary.changed
    assert {lead for entry in index.register.entries for lead in entry.leads} == {"Orchard Board", "Ramblers"}
    assert not any("Path Group" in passage.text for passage in index.passages)
    assert index.store.ids() == set(index.positions)
    assert ids_of(directory, "water") == water
    assert counting.given
    assert all("Ramblers" in text for text in counting.given)


def test_a_removed_file_disappears(folder: Path, directory: Path) -> None:
    (folder / "water.md").unlink()
    summary = ingest([folder], directory, embedder=Absent())
    assert files(summary) == {"parks.md"}
    assert ids_of(directory, "water") == []
    assert open_index(directory).store.ids() == set(ids(directory))


def test_keep_adds_to_what_is_there(folder: Path, directory: Path, embedder: Embedder) -> None:
    (folder / "roads.md").write_text("# Roads plan\n\nLanes are swept weekly.\n", encoding="utf-8")
    parks = ids_of(directory, "parks")
    summary = ingest([folder / "roads.md"], directory, keep=True, embedder=embedder)
    assert files(summary) == {"parks.md", "water.md", "roads.md"}
    assert ids_of(directory, "parks") == parks
    assert not ingest([folder / "roads.md"], directory, keep=True, embedder=Absent()).changed
    assert files(ingest([folder / "roads.md"], directory, embedder=Absent())) == {"roads.md"}


def test_ids_are_the_same_in_every_build(folder: Path, directory: Path, embedder: Embedder) -> None:
    again = folder.parent / "again"
    ingest([folder / "water.md", folder / "parks.md"], again, embedder=embedder)
    assert sorted(ids(again)) == sorted(ids(directory))
    assert sorted(r.id for r in open_index(again).register.records()) == sorted(
        r.id for r in open_index(directory).register.records()
    )


def test_rebuild_makes_everything_anew_and_the_same(
    folder: Path, directory: Path, embedder: Embedder
) -> None:
    before, older = ids(directory), generations(directory)
    assert ingest([folder], directory, rebuild=True, embedder=embedder).changed
    assert ids(directory) == before
    assert set(generations(directory)) - set(older)


def test_files_of_one_name_are_both_kept(tmp_path: Path, embedder: Embedder) -> None:
    for place, what in (("north", "oaks"), ("south", "elms")):
        (tmp_path / place).mkdir()
        (tmp_path / place / "trees.md").write_text(f"# Trees\n\nThere are {what} here.\n", encoding="utf-8")
    summary = ingest([tmp_path / "north", tmp_path / "south"], tmp_path / "index", embedder=embedder)
    index = open_index(tmp_path / "index")
    assert len(summary.lines) == len(index.documents) == 2
    assert all(any(what in d.text for d in index.documents.values()) for what in ("oaks", "elms"))


def test_an_unreadable_file_is_a_warning(folder: Path, embedder: Embedder) -> None:
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7\nno more than a beginning")
    summary = ingest([folder], folder.parent / "index", embedder=embedder)
    assert files(summary) == {"parks.md", "water.md"}
    assert [warning for warning in summary.warnings if warning.startswith("broken.pdf")]


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_a_build_that_breaks_off_leaves_the_index_as_it_was(
    folder: Path, directory: Path, error: type[BaseException]
) -> None:
    class Breaking(Embedder):
        def encode(self, texts: Sequence[str]) -> list[Encoded]:
            raise error("in the middle")

    before, held = generations(directory), ids(directory)
    (folder / "parks.md").write_text("# Parks plan\n\nAll new.\n", encoding="utf-8")
    with pytest.raises(error):
        ingest([folder], directory, embedder=Breaking())
    assert generations(directory) == before
    assert ids(directory) == held


def test_of_older_generations_one_is_kept_for_readers(
    folder: Path, directory: Path, embedder: Embedder
) -> None:
    reader = open_index(directory)
    for n in range(3):
        (folder / "water.md").write_text(f"# Water plan\n\nThere are {n} wells.\n", encoding="utf-8")
        ingest([folder], directory, embedder=embedder)
        if n == 0:
            assert reader.store.ids() == set(reader.positions)
    assert generations(directory) == ["gen-000003", "gen-000004"]


def test_one_ingest_at_a_time(folder: Path, directory: Path) -> None:
    with FileLock(directory / "ingest.lock"), pytest.raises(BusyError, match="Another ingest"):
        ingest([folder], directory, embedder=Absent())


def test_nothing_to_read_is_a_usage_error_and_writes_nothing(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match="No documents in"):
        ingest([tmp_path / "empty"], tmp_path / "index", embedder=Absent())
    with pytest.raises(UsageError, match="does not exist"):
        ingest([tmp_path / "missing"], tmp_path / "index", embedder=Absent())
    assert {path.name for path in (tmp_path / "index").rglob("*")} <= {"ingest.lock"}


def test_an_index_of_another_version_is_refused_by_name(directory: Path) -> None:
    manifest = manifest_of(directory)
    told = json.loads(manifest.read_text(encoding="utf-8")) | {"version": 99}
    manifest.write_text(json.dumps(told), encoding="utf-8")
    with pytest.raises(IndexError_, match=r"version 99, .* version 1; run: ledby ingest PATH --rebuild"):
        open_index(directory)


def test_a_damaged_index_is_built_anew_with_a_warning(
    folder: Path, directory: Path, embedder: Embedder
) -> None:
    held = ids(directory)
    manifest_of(directory).write_text("{", encoding="utf-8")
    summary = ingest([folder], directory, embedder=embedder)
    assert summary.changed
    assert any("damaged" in warning for warning in summary.warnings)
    assert ids(directory) == held

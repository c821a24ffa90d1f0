"""An index whose vectors are on a Chroma server: a real ``chroma run`` that is started, killed and brought
back."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

import httpx
import pytest
from index_files import ledby, numbered, one_line, write_documents

from assistant.service import Assistant
from corpus.errors import IndexError_, ServiceError
from index.build import ingest
from index.chroma import PassageStore
from index.embed import Embedder
from index.generation import collection_of, open_index
from index.layout import generations
from index.verify import verify

QUESTIONS = (
    "who leads plant more trees",
    "what does the Harbour Board lead?",
    "how much was set aside for the towpath?",
    "who leads the lunar base?",
)


class Server:
    """A Chroma server in a process of its own, always at the same address."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with closing(socket.socket()) as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        self.folder.mkdir(exist_ok=True)
        program = shutil.which("chroma", path=str(Path(sys.executable).parent)) or shutil.which("chroma")
        assert program, "the chroma command comes with the chromadb package"
        address = ["--host", "127.0.0.1", "--port", str(self.port)]
        self._process = subprocess.Popen(
            [program, "run", "--path", str(self.folder), *address],
            cwd=self.folder.parent,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for _ in range(300):
            assert self._process.poll() is None, "the server ended at once"
            try:
                httpx.get(f"{self.url}/api/v2/heartbeat", timeout=1).raise_for_status()
                return
            except httpx.HTTPError:
                time.sleep(0.1)
        raise AssertionError("the server did not start")

    def kill(self) -> None:
        """Kill it, whatever it is doing."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def collections(self) -> set[str]:
        """The names of the collections it holds."""
        path = "api/v2/tenants/default_tenant/databases/default_database/collections"
        return {one["name"] for one in httpx.get(f"{self.url}/{path}").raise_for_status().json()}


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server with nothing on it, which LEDBY_CHROMA_URL names."""
    made = Server(tmp_path / "server")
    made.start()
    monkeypatch.setenv("LEDBY_CHROMA_URL", made.url)
    yield made
    made.kill()


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    return write_documents(tmp_path / "documents")


def told(assistant: Assistant, question: str) -> dict[str, Any]:
    """An answer with its citations, without the time it took."""
    return {key: value for key, value in asdict(assistant.ask(question)).items() if key != "took_ms"}


def test_killed_and_brought_back(
    server: Server, documents: Path, tmp_path: Path, embedder: Embedder, capsys: pytest.CaptureFixture[str]
) -> None:
    """Served answers are those of an embedded index, to the citation; while the server is down look-ups
    work."""
    index = tmp_path / "index"
    ingest([documents], index, embedder=embedder)
    assert not (index / "gen-000001/chroma").exists() and server.collections()
    assert (index / "gen-000001/corpus.sqlite").exists() and (index / "gen-000001/lexical").exists()
    assistant = Assistant.open(index, embedder=embedder)
    before = [told(assistant, question) for question in QUESTIONS]

    server.kill()
    late = Assistant.open(index, embedder=embedder)  # opened while the server is down
    for one in (assistant, late):
        with pytest.raises(ServiceError) as raised:
            one.search("towpath")
        line = one_line(raised.value)
        assert f"127.0.0.1:{server.port} does not answer" in line and "ledby find" in line
    down = ledby(capsys, "search", "towpath", "--index", index)
    assert down.code == 2 and "does not answer" in one_line(down.err)
    assert ledby(capsys, "verify", "--index", index).code == 2
    found = ledby(capsys, "find", "--lead", "Harbour Board", "--format", "csv", "--index", index)
    assert found.code == 0 and "Walking Strategy" in found.out
    assert ledby(capsys, "documents", "--index", index).code == 0

    server.start()
    for one in (assistant, late):
        assert [told(one, question) for question in QUESTIONS] == before
    assert verify(index).whole


def test_served_and_embedded_answer_alike(
    server: Server, tmp_path: Path, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents = write_documents(tmp_path / "documents")
    write_documents(documents, list=numbered(120), other=numbered(60, about="programme"))
    ingest([documents], tmp_path / "served", embedder=embedder)
    served = Assistant.open(tmp_path / "served", embedder=embedder)
    questions = (*QUESTIONS, "when was item 17 of the list agreed?", "what was agreed on day 40?")
    first = [told(served, question) for question in questions]
    hits = [(hit.passage.id, round(hit.score, 4)) for hit in served.search("item 17 of the programme", 20)]
    monkeypatch.delenv("LEDBY_CHROMA_URL")
    ingest([documents], tmp_path / "embedded", embedder=embedder)
    embedded = Assistant.open(tmp_path / "embedded", embedder=embedder)
    assert [told(embedded, question) for question in questions] == first
    assert any(one["citations"] for one in first)
    found = embedded.search("item 17 of the programme", 20)
    assert [(hit.passage.id, round(hit.score, 4)) for hit in found] == hits


def test_an_ingest_while_the_server_is_down_changes_nothing(
    server: Server, documents: Path, tmp_path: Path, embedder: Embedder
) -> None:
    index = tmp_path / "index"
    ingest([documents], index, embedder=embedder)
    write_documents(documents, more=numbered(3))
    server.kill()
    with pytest.raises(ServiceError, match="does not answer"):
        ingest([documents], index, embedder=embedder)
    assert [path.name for path in generations(index)] == ["gen-000001"]
    server.start()
    assert ingest([documents], index, embedder=embedder).changed
    assert "more" in open_index(index).documents and verify(index).whole


def test_collections_go_with_their_generations(
    server: Server, documents: Path, tmp_path: Path, embedder: Embedder
) -> None:
    """Two indexes share the server; each keeps two generations, and a dead build's collection is swept."""
    index, other = tmp_path / "index", tmp_path / "other"
    ingest([documents], other, embedder=embedder)
    for n in range(3):
        write_documents(documents, more=numbered(n + 1))
        ingest([documents], index, embedder=embedder)
    dead = index / "gen-000009"
    dead.mkdir()
    (dead / "collection").write_text("ledby-gen-000009-dead")
    PassageStore(dead / "chroma", "ledby-gen-000009-dead", server.url).create()
    assert "ledby-gen-000009-dead" in server.collections()
    write_documents(documents, more=numbered(4))
    ingest([documents], index, embedder=embedder)
    kept = {collection_of(path) for path in (*generations(index), *generations(other))}
    assert len(kept) == 3 and server.collections() == kept
    assert verify(index).whole and verify(other).whole


def test_a_server_that_lost_its_data(
    server: Server, documents: Path, tmp_path: Path, embedder: Embedder, capsys: pytest.CaptureFixture[str]
) -> None:
    index = tmp_path / "index"
    ingest([documents], index, embedder=embedder)
    assistant = Assistant.open(index, embedder=embedder)
    assert assistant.search("towpath")
    server.kill()
    shutil.rmtree(server.folder)
    server.start()
    with pytest.raises(IndexError_, match="ledby ingest PATH --rebuild"):
        assistant.search("towpath")
    assert "--rebuild" in one_line(ledby(capsys, "search", "towpath", "--index", index).err)
    assert ingest([documents], index, rebuild=True, embedder=embedder).embedded == 0
    assert verify(index).whole and Assistant.open(index, embedder=embedder).search("towpath")


def test_vectors_move_between_folder_and_server(
    server: Server, documents: Path, tmp_path: Path, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = tmp_path / "index"
    ingest([documents], index, embedder=embedder)
    monkeypatch.delenv("LEDBY_CHROMA_URL")
    with pytest.raises(IndexError_, match="set LEDBY_CHROMA_URL"):
        _ = open_index(index).store
    assert open_index(index).register.entries
    moved = ingest([documents], index, embedder=embedder)
    assert moved.changed and moved.embedded == 0 and verify(index).whole
    monkeypatch.setenv("LEDBY_CHROMA_URL", server.url)
    assert open_index(index).store.count(), "what is in the folder is read from there, whatever the setting"
    assert ingest([documents], index, embedder=embedder).changed
    assert open_index(index).manifest.served and verify(index).whole


@pytest.mark.parametrize("url", ["http://127.0.0.1:9", "127.0.0.1:9", "http://me:secret@127.0.0.1:9"])
def test_an_address_where_nothing_answers(
    url: str, documents: Path, tmp_path: Path, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEDBY_CHROMA_URL", url)
    with pytest.raises(ServiceError, match=r"at 127\.0\.0\.1:9 does not answer") as raised:
        ingest([documents], tmp_path / "index", embedder=embedder)
    assert "secret" not in one_line(raised.value)
    assert not generations(tmp_path / "index")

"""The vector store. The only module that imports chromadb; its exceptions become Ledby's here.

Passages live in one collection a generation: on disk inside the generation's folder, or on a Chroma server
when ``LEDBY_CHROMA_URL`` names one. A store connects when it is first asked, and again after its server went
away, so that an application outlives a restart of the server.
"""

from __future__ import annotations

import _thread
import atexit
import base64
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from functools import partial
from pathlib import Path
from threading import RLock
from typing import Any, TypeVar
from urllib.parse import SplitResult, unquote, urlsplit

import numpy as np

from corpus.errors import IndexError_, LedbyError, ServiceError
from corpus.model import Passage
from index.arrays import Floats
from index.held import unwritten
from index.layout import damaged

os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")

_ADD_AT_ONCE = 1000
_GET_AT_ONCE = 5000
_HNSW = {"space": "cosine", "ef_construction": 200, "ef_search": 200, "max_neighbors": 32}
T = TypeVar("T")


class PassageStore:
    """The vectors of one generation's passages. Safe to use from several threads."""

    def __init__(self, folder: Path, name: str, url: str | None) -> None:
        self._folder, self._name, self._url = folder, name, url
        self._lock = RLock()
        self._client: Any = None
        self._collection: Any = None

    def close(self) -> None:
        """Release files and connections; the store connects again when it is next asked."""
        with self._lock:
            client, self._client, self._collection = self._client, None, None
        if client is not None and hasattr(client, "close"):
            client.close()

    def __del__(self) -> None:
        # Chroma counts its users under a lock, which whoever is interrupted by this may hold: wait elsewhere.
        with suppress(Exception):  # at the end of the interpreter no thread can begin, and none is needed
            _thread.start_new_thread(self._client.close, ())

    def create(self, size: int = 0) -> None:
        """Make the collection, for ``size`` passages."""
        at_once = _at_once(size) if size and not self._url else {}
        with self._mapped(writing=True), self._lock:
            self._client = _client(self._folder, self._url)
            self._collection = self._client.create_collection(
                self._name, configuration={"hnsw": {**_HNSW, **at_once}}, embedding_function=None
            )

    def add(self, passages: Sequence[Passage], vectors: Floats) -> None:
        """Store passages with their (n, d) unit vectors."""
        with self._mapped(writing=True):
            for at in range(0, len(passages), _ADD_AT_ONCE):
                part = passages[at : at + _ADD_AT_ONCE]
                self._connected().add(
                    ids=[passage.id for passage in part],
                    embeddings=vectors[at : at + len(part)],
                    documents=[passage.text for passage in part],
                    metadatas=[_metadata(passage) for passage in part],
                )

    def compact(self) -> None:
        """Close the store and give back the room of Chroma's log, empty once its graph is written."""
        self.close()
        path = self._folder / "chroma.sqlite3"
        if not self._url and path.is_file():
            with closing(sqlite3.connect(path)) as db:
                db.execute("VACUUM")

    def nearest(self, vector: Floats, k: int, ids: Sequence[str] | None = None) -> list[tuple[str, float]]:
        """Ids and cosine similarities of the ``k`` nearest passages, best first, of those ids only if given."""
        return self.nearest_to_each([vector], k, ids)[0]

    def nearest_to_each(
        self, vectors: Sequence[Floats], k: int, ids: Sequence[str] | None = None
    ) -> list[list[tuple[str, float]]]:
        """The same for several vectors, which takes less time than one after the other."""
        among = list(ids) if ids is not None else None

        def ask(collection: Any) -> Any:
            return collection.query(
                query_embeddings=list(vectors), n_results=k, ids=among, include=["distances"]
            )

        found = self._asked(ask)
        return [
            [(i, 1.0 - d) for i, d in zip(*one, strict=True)]
            for one in zip(found["ids"], found["distances"], strict=True)
        ]

    def count(self) -> int:
        """How many passages are stored."""
        return int(self._asked(lambda collection: collection.count()))

    def ids(self) -> set[str]:
        """The ids of all passages."""
        return {id_ for id_, _, _ in self.stored(texts=False)}

    def stored(self, *, texts: bool = True) -> Iterator[tuple[str, str, tuple[str, int, int]]]:
        """Every passage as stored: id, text ("" without ``texts``), and document, start and end."""
        include = ["metadatas", "documents"] if texts else ["metadatas"]
        for at in range(0, self.count(), _GET_AT_ONCE):
            part = self._asked(partial(_page, at=at, include=include))
            said = part["documents"] or [""] * len(part["ids"])
            for id_, meta, text in zip(part["ids"], part["metadatas"], said, strict=True):
                yield id_, text or "", (str(meta["document"]), int(meta["start"]), int(meta["end"]))

    def vectors(self, ids: Sequence[str]) -> dict[str, Floats]:
        """The vectors stored under ids, by id."""
        found = self._asked(lambda collection: collection.get(ids=list(ids), include=["embeddings"]))
        return dict(zip(found["ids"], np.asarray(found["embeddings"], np.float32), strict=True))

    def drop(self) -> None:
        """Forget the collection on a server; a local one goes with its folder."""
        if self._url:
            with self._mapped(), _only(_client(self._folder, self._url)) as client:
                if self._name in {collection.name for collection in client.list_collections()}:
                    client.delete_collection(self._name)

    def _connected(self) -> Any:
        with self._lock:
            if self._collection is None:
                if not self._url and not (self._folder / "chroma.sqlite3").is_file():
                    raise self._lost("its vectors are missing")
                self._client = _client(self._folder, self._url)
                self._collection = self._client.get_collection(self._name, embedding_function=None)
            return self._collection

    def _asked(self, ask: Callable[[Any], T]) -> T:
        """Ask the collection; a server is asked twice, since a connection or collection id may be of
        before."""
        fresh = self._collection is None
        try:
            with self._mapped():
                return ask(self._connected())
        except LedbyError:
            self.close()
            if fresh or not self._url:
                raise
        with self._mapped():
            return ask(self._connected())

    def _lost(self, why: str) -> IndexError_:
        if self._url:
            return IndexError_(
                f"The Chroma server does not hold this index ({why}); run: ledby ingest PATH --rebuild"
            )
        return damaged(self._folder.parent.parent, why)

    def _down(self) -> ServiceError:
        parts = _parts(self._url or "")
        where = f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)
        return ServiceError(
            f"The Chroma server at {where} does not answer; start it, or unset LEDBY_CHROMA_URL and "
            "ingest again. The register can still be searched with: ledby find"
        )

    @contextmanager
    def _mapped(self, *, writing: bool = False) -> Iterator[None]:
        """Map what chromadb and its transport raise to Ledby's errors."""
        import httpx
        from chromadb.errors import NotFoundError

        try:
            yield
        except LedbyError:
            raise
        except NotFoundError as error:
            raise self._lost("the collection is not there") from error
        except (httpx.HTTPError, ConnectionError) as error:
            raise self._down() from error
        except BaseException as error:
            if not _is_chromas(error):
                raise
            raise self._failed(error, writing) from error

    def _failed(self, error: BaseException, writing: bool) -> LedbyError:
        told = " ".join(str(error).split()) or type(error).__name__
        if self._url:
            unreachable = "connect" in told.lower() or "server" in told.lower()
            return self._down() if unreachable else ServiceError(f"The Chroma server refused: {told}")
        if writing:
            return unwritten(self._folder.parent.parent, error)
        return self._lost(f"Chroma cannot read it: {told}")


def open_store(
    folder: Path, name: str, url: str | None, *, create: bool = False, size: int = 0
) -> PassageStore:
    """The store of collection ``name``: on the server at ``url``, else in ``folder``. With ``create`` it is
    made, for ``size`` passages, where that is known.

    Raises ServiceError when the server does not answer, IndexError_ when the collection is not there.
    """
    store = PassageStore(folder, name, url)
    if create:
        store.create(size)
    else:
        store.count()
    return store


def require_server(url: str) -> None:
    """Raise ServiceError unless a Chroma server answers at ``url``."""
    store = PassageStore(Path(), "", url)
    with store._mapped(), _only(_client(Path(), url)) as client:
        client.heartbeat()


def _client(folder: Path, url: str | None) -> Any:
    import chromadb
    from chromadb.config import Settings

    settings = Settings(anonymized_telemetry=False)
    if not url:
        return chromadb.PersistentClient(path=str(_writable(folder)), settings=settings)
    parts = _parts(url)
    secure = parts.scheme == "https"
    port = parts.port or (443 if secure else 8000)
    return chromadb.HttpClient(
        host=parts.hostname or "localhost", port=port, ssl=secure, settings=settings, headers=_login(parts)
    )


def _parts(url: str) -> SplitResult:
    return urlsplit(url if "//" in url else f"http://{url}")


def _login(parts: SplitResult) -> dict[str, str]:
    """Name and password in the address, as a proxy before the server asks for them."""
    if not parts.username:
        return {}
    pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return {"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()}


def _writable(folder: Path) -> Path:
    """The folder itself; where it is read-only a copy that goes when the process ends, since Chroma writes to
    what it opens."""
    if not folder.is_dir() or os.access(folder, os.W_OK) and os.access(folder / "chroma.sqlite3", os.W_OK):
        return folder
    if not (folder / "chroma.sqlite3").is_file():
        return folder
    copy = Path(tempfile.mkdtemp(prefix="ledby-chroma-"))
    atexit.register(shutil.rmtree, copy, ignore_errors=True)
    for path in folder.rglob("*"):
        target = copy / path.relative_to(folder)
        if path.is_dir():
            target.mkdir(parents=True, exist_ok=True)
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
    return copy


@contextmanager
def _only(client: Any) -> Iterator[Any]:
    try:
        yield client
    finally:
        if hasattr(client, "close"):
            client.close()


def _is_chromas(error: BaseException) -> bool:
    """Whether it is an error of chromadb: whatever its Python raises over damaged files, or a panic of its
    engine."""
    return isinstance(error, Exception) or type(error).__name__ == "PanicException"


def _at_once(size: int) -> dict[str, int]:
    """Parameters with which the engine writes its graph once, whole, when the last of ``size`` passages is
    in: so readers find it ready and have nothing to write."""
    return {"batch_size": max(2, min(100, size)), "sync_threshold": max(2, size)}


def _page(collection: Any, *, at: int, include: list[str]) -> Any:
    return collection.get(limit=_GET_AT_ONCE, offset=at, include=include)


def _metadata(passage: Passage) -> dict[str, str | int]:
    return {
        "document": passage.document,
        "section": passage.section,
        "page": passage.page_no or 0,
        "start": passage.span.start,
        "end": passage.span.end,
        "kind": passage.kind,
    }


def as_matrix(vectors: Sequence[Floats]) -> Floats:
    """Stack (d,) vectors to (n, d)."""
    return np.vstack(vectors).astype(np.float32) if vectors else np.zeros((0, 0), np.float32)

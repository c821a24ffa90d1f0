"""The vector store. The only module that imports chromadb; its exceptions become Ledby's here.

Passages live in one collection a generation: on disk inside the generation's folder, or on a Chroma server when
``LEDBY_CHROMA_URL`` names one.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np

from corpus.errors import IndexError_, ServiceError
from corpus.model import Passage
from index.embed import Floats

os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")

_ADD_AT_ONCE = 1000


class PassageStore:
    """The vectors of one generation's passages."""

    def __init__(self, collection: Any, close: Any = None) -> None:
        self._collection = collection
        self._close = close

    def close(self) -> None:
        """Release files held by the local engine."""
        if self._close:
            self._close()

    def add(self, passages: Sequence[Passage], vectors: Floats) -> None:
        """Store passages with their (n, d) unit vectors."""
        with _mapped():
            for at in range(0, len(passages), _ADD_AT_ONCE):
                part = passages[at : at + _ADD_AT_ONCE]
                self._collection.add(
                    ids=[passage.id for passage in part],
                    embeddings=vectors[at : at + len(part)],
                    documents=[passage.text for passage in part],
                    metadatas=[_metadata(passage) for passage in part],
                )

    def nearest(self, vector: Floats, k: int, documents: Sequence[str] | None = None) -> list[tuple[str, float]]:
        """Ids and cosine similarities of the ``k`` nearest passages, best first, in those documents only if given."""
        where = {"document": {"$in": list(documents)}} if documents is not None else None
        with _mapped():
            found = self._collection.query(
                query_embeddings=[vector], n_results=k, where=where, include=["distances"]
            )
        return [(i, 1.0 - d) for i, d in zip(found["ids"][0], found["distances"][0], strict=True)]

    def count(self) -> int:
        """How many passages are stored."""
        with _mapped():
            return int(self._collection.count())

    def ids(self) -> set[str]:
        """The ids of all passages."""
        with _mapped():
            return set(self._collection.get(include=[])["ids"])


def open_store(folder: Path, name: str, url: str | None, *, create: bool = False) -> PassageStore:
    """The store of generation ``name``: on the server at ``url``, else in ``folder``.

    Raises ServiceError when the server does not answer, IndexError_ when the collection is not there.
    """
    with _mapped(url):
        client = _client(folder, url)
        settings = {"hnsw": {"space": "cosine", "ef_construction": 200, "ef_search": 200, "max_neighbors": 32}}
        if create:
            collection = client.create_collection(name, configuration=settings, embedding_function=None)
        else:
            collection = client.get_collection(name, embedding_function=None)
        return PassageStore(collection, getattr(client, "close", None))


def drop_store(folder: Path, name: str, url: str | None) -> None:
    """Forget a generation's collection on a server; a local one goes with its folder."""
    if url:
        with _mapped(url):
            client = _client(folder, url)
            if name in {collection.name for collection in client.list_collections()}:
                client.delete_collection(name)


def _client(folder: Path, url: str | None) -> Any:
    import chromadb
    from chromadb.config import Settings

    settings = Settings(anonymized_telemetry=False)
    if not url:
        return chromadb.PersistentClient(path=str(folder), settings=settings)
    parts = urlsplit(url if "//" in url else f"http://{url}")
    secure = parts.scheme == "https"
    port = parts.port or (443 if secure else 8000)
    return chromadb.HttpClient(host=parts.hostname or "localhost", port=port, ssl=secure, settings=settings)


def _metadata(passage: Passage) -> dict[str, str | int]:
    return {
        "document": passage.document,
        "section": passage.section,
        "page": passage.page_no or 0,
        "start": passage.span.start,
        "end": passage.span.end,
        "kind": passage.kind,
    }


@contextmanager
def _mapped(url: str | None = None) -> Iterator[None]:
    """Map what chromadb and its transport raise to Ledby's errors."""
    import httpx
    from chromadb.errors import ChromaError, NotFoundError

    try:
        yield
    except NotFoundError as error:
        raise IndexError_("The index has lost its vectors; run: ledby ingest --rebuild") from error
    except (httpx.HTTPError, ConnectionError) as error:
        raise ServiceError("The Chroma server does not answer; start it, or unset LEDBY_CHROMA_URL") from error
    except ValueError as error:
        if url and "connect" in str(error).lower():
            raise ServiceError(f"The Chroma server at {url} does not answer; start it, or unset "
                               "LEDBY_CHROMA_URL") from error
        raise
    except ChromaError as error:
        raise IndexError_(f"Chroma cannot read the index ({error}); run: ledby ingest --rebuild") from error


def as_matrix(vectors: Sequence[Floats]) -> Floats:
    """Stack (d,) vectors to (n, d)."""
    return np.vstack(vectors).astype(np.float32) if vectors else np.zeros((0, 0), np.float32)

"""A generation, opened for reading."""

from __future__ import annotations

import gc
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from threading import RLock
from typing import Any, TypeVar

import numpy as np

from corpus.errors import IndexError_, LedbyError
from corpus.groups import grouped
from corpus.model import Document, Passage, Register
from index import entities, storage
from index.arrays import Floats
from index.chroma import PassageStore, open_store
from index.embed import Embedder
from index.entities import Entities
from index.layout import (
    CHROMA,
    COLLECTION,
    LOWER,
    MANIFEST,
    WORDS,
    Manifest,
    current_name,
    damaged,
    ill_sized,
    read_manifest,
)
from index.lexical import LexicalIndex, known_words, lower_words, read_words
from index.settings import settings
from index.tokens import TokenVectors

_FEW = 500  # passages whose vectors are compared one by one
_REMEMBERED = 64  # documents whose vectors are kept
_AROUND = 64  # vectors whose neighbours are kept
_ASKED = 6  # times as many neighbours as are wanted are asked for when those of some documents fall away
_CORPUS = "corpus.sqlite"
T = TypeVar("T")
Sized = TypeVar("Sized", LexicalIndex, TokenVectors)


class Index:
    """A generation, opened for reading. Parts are loaded when they are first needed, once, whichever thread
    asks.

    A part that is damaged raises IndexError_ naming the way out, a Chroma server that is down ServiceError;
    both leave the other parts usable, and the part is tried again when it is next asked for.
    """

    def __init__(self, folder: Path, embedder: Embedder | None = None) -> None:
        self.folder = folder
        self.name = folder.name
        self.directory = folder.parent
        self.manifest: Manifest = read_manifest(folder)
        self.embedder = embedder or Embedder(settings().embed_model)
        self._lock = RLock()
        self._loaded: dict[str, Any] = {}
        self._vectors = lru_cache(maxsize=_REMEMBERED)(self._vectors_of)
        self._around: dict[bytes, list[tuple[str, float]]] = {}

    @property
    def documents(self) -> dict[str, Document]:
        """Documents by id, in ingest order (the rows of their tables are not kept)."""
        return self._stored("documents", storage.read_documents)

    @property
    def passages(self) -> tuple[Passage, ...]:
        """All passages; a passage's place here is its number in the lexical index and the token vectors."""
        return self._stored("passages", lambda path: storage.read_passages(path, self.documents))

    @property
    def register(self) -> Register:
        """All records."""
        return self._stored("register", storage.read_register)

    @property
    def positions(self) -> dict[str, int]:
        """Passage id -> place in ``passages``."""
        return self._once("positions", lambda: {passage.id: n for n, passage in enumerate(self.passages)})

    @property
    def lexical(self) -> LexicalIndex:
        """BM25 over context and text of passages."""
        return self._part("lexical", lambda path: self._whole(LexicalIndex.load(path)))

    @property
    def words(self) -> list[str]:
        """The words against which spelling is mended."""
        return self._words(WORDS, known_words)

    @property
    def lower_words(self) -> frozenset[str]:
        """Words that the documents write without a capital."""
        return self._once("lower words", lambda: frozenset(self._words(LOWER, lower_words)))

    @property
    def tokens(self) -> TokenVectors:
        """Token vectors of passages."""
        return self._part("tokens", lambda path: self._whole(TokenVectors.load(path)))

    @property
    def entities(self) -> Entities:
        """Names in the register with their vectors."""
        return self._once(
            "entities",
            lambda: self._checked(
                ("entities.json", "entities.npy", "entity-tokens"), lambda: entities.load(self.folder)
            ),
        )

    @property
    def store(self) -> PassageStore:
        """Passage vectors in Chroma: in this generation's folder, or on the server for an index that was made
        for one."""
        return self._part(CHROMA, self._open_store)

    def nearest(
        self, vector: Floats, k: int, documents: Collection[str] | None = None
    ) -> list[tuple[str, float]]:
        """Ids and cosine similarities of the ``k`` passages nearest to a vector, best first, in those documents
        only if given.

        Chroma filters by reading a note of every passage that is allowed, which takes ten times as long as the
        search itself, and the fewer they are, the longer it looks. So more are asked for without a filter, and those
        of other documents left out; where too few would be left, the vectors of a few passages are compared here, and
        more are told by their ids.
        """
        known = self._around.get(vector.tobytes(), [])
        if documents is None or len(documents) >= len(self.documents):
            return known[:k] if len(known) >= k else self.store.nearest(vector, k)
        allowed = sum(len(self._held.get(one, ())) for one in documents)
        kept = self._of(documents, known)
        if len(kept) < k and allowed * _ASKED >= len(self.passages):
            kept = self._of(documents, self.store.nearest(vector, min(_ASKED * k, len(self.passages))))
        if len(kept) >= min(k, allowed):
            return kept[:k]
        held = [one for one in sorted(documents) if one in self._held]
        ids = [passage for one in held for passage in self._held[one]]
        if allowed > _FEW:
            return self.store.nearest(vector, k, ids=ids)
        return self._nearest_of(vector, k, ids, held) if ids else []

    def look_around(self, vectors: Sequence[Floats], k: int) -> None:
        """Ask for the ``k`` passages nearest to each vector in one go, for ``nearest`` to know when it is asked for them
        one by one."""
        fresh = {told: one for one in vectors if (told := one.tobytes()) not in self._around}
        if not fresh:
            return
        found = self.store.nearest_to_each([*fresh.values()], min(k, len(self.passages)))
        with self._lock:
            self._around.update(zip(fresh, found, strict=True))
            for old in list(self._around)[:-_AROUND]:
                del self._around[old]

    def _of(self, documents: Collection[str], found: Sequence[tuple[str, float]]) -> list[tuple[str, float]]:
        passages, positions = self.passages, self.positions
        return [one for one in found if passages[positions[one[0]]].document in documents]

    def _nearest_of(
        self, vector: Floats, k: int, ids: Sequence[str], documents: Sequence[str]
    ) -> list[tuple[str, float]]:
        cosines = np.concatenate([self._vectors(one) for one in documents]) @ vector
        return [(ids[at], float(cosines[at])) for at in np.argsort(-cosines, kind="stable")[:k].tolist()]

    def _vectors_of(self, document: str) -> Floats:
        """The vectors (n, d) of a document's passages, in the order of their ids."""
        ids = self._held[document]
        found = self.store.vectors(ids)
        return np.stack([found[one] for one in ids])

    def _words(self, name: str, chosen: Callable[[Iterable[str]], list[str]]) -> list[str]:
        """Words stored with the index; chosen now where an older Ledby made it."""
        if name in self.manifest.parts:
            return self._part(name, read_words)
        return self._once(name, lambda: chosen(document.text for document in self.documents.values()))

    @property
    def _held(self) -> dict[str, list[str]]:
        """The ids of each document's passages."""
        return self._once("held", lambda: grouped((one.document, one.id) for one in self.passages))

    def is_current(self) -> bool:
        """Whether this generation is still the one to open; False also when that cannot be told."""
        try:
            return current_name(self.directory) == self.name
        except IndexError_:
            return False

    def close(self) -> None:
        """Release what is open; parts are loaded again when they are next asked for."""
        with self._lock:
            store = self._loaded.get(CHROMA)
            self._loaded.clear()
            self._vectors.cache_clear()
            self._around.clear()
        if store is not None:
            store.close()

    def _stored(self, name: str, load: Callable[[Path], T]) -> T:
        return self._once(name, lambda: self._checked((_CORPUS,), lambda: load(self.folder / _CORPUS)))

    def _open_store(self, path: Path) -> PassageStore:
        url = settings().chroma_url
        if self.manifest.served and not url:
            raise IndexError_(
                "This index keeps its vectors on a Chroma server: set LEDBY_CHROMA_URL to its address, "
                "or move them here with: ledby ingest PATH --rebuild"
            )
        return open_store(path, collection_of(self.folder), url if self.manifest.served else None)

    def _whole(self, part: Sized) -> Sized:
        wanted = self.manifest.counts["passages"]
        if len(part) != wanted:
            raise ValueError(f"{len(part)} passages where the manifest counts {wanted}")
        return part

    def _part(self, name: str, load: Callable[[Path], T]) -> T:
        return self._once(name, lambda: self._checked((name,), lambda: load(self.folder / name)))

    def _once(self, name: str, make: Callable[[], T]) -> T:
        if name not in self._loaded:
            with self._lock:
                if name not in self._loaded:
                    self._loaded[name] = make()
        made: T = self._loaded[name]
        return made

    def _checked(self, names: tuple[str, ...], load: Callable[[], T]) -> T:
        """Load a part; whatever a damaged file makes a library raise becomes one plain line."""
        for name in names:
            for fault in ill_sized(self.folder, self.manifest, name):
                raise self._unusable(fault)
        try:
            with _uncollected():
                return load()
        except LedbyError:
            raise
        except Exception as error:
            told = " ".join(str(error).split())[:200]
            raise self._unusable(f"{self.name}/{names[0]}: {told or type(error).__name__}") from error

    def _unusable(self, why: str) -> IndexError_:
        if not (self.folder / MANIFEST).exists():
            return IndexError_(
                f"{self.name} of the index at {self.directory} was replaced by a newer one; ask again. "
                "If that does not help, run: ledby ingest PATH --rebuild"
            )
        return damaged(self.directory, why)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without looking for garbage: it would go through all that is loaded, which stays, again and again."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def settle() -> None:
    """What is loaded stays: the search for garbage need not go through it at every turn (the slowest twentieth of answers
    took a tenth longer). What an earlier call kept, and nobody holds any more by then, is let go."""
    if gc.get_freeze_count():
        gc.unfreeze()
        gc.collect()
    gc.freeze()


def collection_of(folder: Path) -> str:
    """The Chroma collection of a generation, as noted when it was made."""
    try:
        return (folder / COLLECTION).read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return f"ledby-{folder.name}"


def open_index(directory: Path, embedder: Embedder | None = None) -> Index:
    """Open the current generation. Raises IndexError_ when there is none or it cannot be used."""
    name = current_name(directory)
    if name is None:
        raise IndexError_(
            f"There is no index at {directory}; make one with: ledby ingest PATH --index {directory}"
        )
    return Index(directory / name, embedder)

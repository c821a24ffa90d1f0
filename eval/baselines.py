"""What Ledby is compared with: stock llama-index, and its own retrieval with parts switched off.

A baseline has no answer to judge, so that it counts as right when every required fact stands in the text
that it retrieved at all. That flatters it: nothing forbidden is held against it, and finding is not yet
answering.
"""

from __future__ import annotations

import functools
import hashlib
import os
import re
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.errors import ServiceError
from corpus.model import Answer, Citation, Document, Passage, Span
from eval.judge import HitLike
from eval.questions import Question, Sources
from eval.run import DEPTH, System

if TYPE_CHECKING:
    from index.chroma import PassageStore
    from index.embed import Embedder, Floats

Search = Callable[[str, int], Sequence[HitLike]]
ABLATIONS: tuple[tuple[str, frozenset[str]], ...] = (
    ("dense alone, top 5", frozenset({"lexical", "rerank", "adapted", "register"})),
    ("BM25 alone, top 5", frozenset({"dense", "rerank", "adapted", "register"})),
    ("hybrid, top 5", frozenset({"rerank", "adapted", "register"})),
)
"""Ledby's own retrieval with parts switched off: name, parts."""
_SCRIPTED_WORDS = 12


@dataclass(frozen=True, slots=True)
class Chunk:
    """A stretch of a source file as a hit."""

    document: Document
    span: Span
    text: str
    lines: tuple[int, int] | None
    score: float = 0.0
    rank: int = 0
    retriever: str = "stock"


class Retrieved:
    """A system whose answer is the text of its top hits; it never declines."""

    def __init__(self, search: Search, k: int) -> None:
        self._search = search
        self._k = k

    def ask(self, question: str, history: Sequence[str] = ()) -> Answer:
        """All that the top hits say."""
        query = as_query(question, history)
        text = "\n".join(hit.text for hit in self._search(query, DEPTH)[: self._k])
        return Answer(question, query, text, True, "narrative", "complete")

    def search(self, query: str, k: int = DEPTH) -> Sequence[HitLike]:
        """The hits themselves."""
        return self._search(query, k)


def as_query(question: str, history: Sequence[str]) -> str:
    """What a baseline searches for: the question with the turns before it."""
    return " ".join([*history, question])


def remembered(search: Search) -> Search:
    """The same search, run once a query: answer, ranking and every cut share it."""
    return functools.lru_cache(maxsize=None)(search)


def flattered(question: Question) -> Question:
    """The question with nothing forbidden."""
    return replace(question, must_not=())


def require_nltk() -> None:
    """Raises ServiceError unless the data that llama-index splits sentences with is at hand.

    llama-index would download it otherwise, and an evaluation downloads nothing.
    """
    import llama_index.core

    bundled = Path(llama_index.core.__file__).parent / "_static" / "nltk_cache"
    folder = Path(os.environ.get("NLTK_DATA") or bundled)
    missing = [name for name in ("corpora/stopwords", "tokenizers/punkt_tab") if not (folder / name).exists()]
    if missing:
        lacks = " and ".join(missing)
        raise ServiceError(f"llama-index lacks {lacks} in {folder}; unset NLTK_DATA or use --no-baseline")


def split(document: Document) -> list[Chunk]:
    """The chunks that llama-index makes by default (1,024 tokens, 200 shared), with their place in the
    file."""
    from llama_index.core import Document as LlamaDocument
    from llama_index.core.node_parser import SentenceSplitter
    from llama_index.core.schema import TextNode

    require_nltk()
    nodes = SentenceSplitter().get_nodes_from_documents([LlamaDocument(text=document.text)])
    chunks = []
    for node in nodes:
        assert isinstance(node, TextNode)
        start = node.start_char_idx or 0
        span = Span(start, start + len(node.text))
        chunks.append(Chunk(document, span, node.text, document.lines_of(span)))
    return chunks


def encode(texts: Sequence[str], cache: Path, embedder: Embedder) -> Floats:
    """Vectors of texts, (n, d), kept on disk by a hash of the text and the model, so that each is encoded
    once."""
    import numpy as np

    path = cache / f"vectors-{_key(embedder.name)}.npz"
    known: dict[str, Floats] = {}
    if path.exists():
        with np.load(path) as stored:
            known = dict(zip(stored["keys"].tolist(), stored["vectors"], strict=True))
    fresh = {_key(text): text for text in texts if _key(text) not in known}
    if fresh:
        encoded = embedder.encode(list(fresh.values()))
        known |= {key: one.vector for key, one in zip(fresh, encoded, strict=True)}
        _save(path, known)
    return np.stack([known[_key(text)] for text in texts])


def _key(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def _save(path: Path, known: dict[str, Floats]) -> None:
    import numpy as np

    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".npz", delete=False) as part:
        np.savez(part, keys=np.array(list(known)), vectors=np.stack(list(known.values())))
    Path(part.name).replace(path)


class Stock:
    """Stock llama-index over whole files: its default chunks, MiniLM, Chroma, nearest by cosine."""

    def __init__(self, chunks: Sequence[Chunk], cache: Path, embedder: Embedder) -> None:
        from index.chroma import open_store

        self._chunks = chunks
        self._cache = cache
        self._embedder = embedder
        self._expected: dict[str, Floats] = {}
        self._folder = tempfile.TemporaryDirectory(prefix="ledby-stock-", ignore_cleanup_errors=True)
        self._store: PassageStore = open_store(Path(self._folder.name), "stock", None, create=True)
        passages = [Passage(str(n), c.document.id, c.span, c.text, "") for n, c in enumerate(chunks)]
        self._store.add(passages, encode([chunk.text for chunk in chunks], cache, embedder))

    def expect(self, queries: Sequence[str]) -> None:
        """Encodes queries in one go, or takes their vectors from the cache."""
        vectors = encode(queries, self._cache, self._embedder) if queries else ()
        self._expected = dict(zip(queries, vectors, strict=True))

    def search(self, query: str, k: int = DEPTH) -> list[Chunk]:
        """The k nearest chunks."""
        vector = self._expected.get(query)
        if vector is None:
            vector = self._embedder.encode([query])[0].vector
        nearest = self._store.nearest(vector, min(k, len(self._chunks)))
        return [
            replace(self._chunks[int(name)], score=score, rank=rank)
            for rank, (name, score) in enumerate(nearest, 1)
        ]

    def close(self) -> None:
        """Releases and removes the store's files."""
        self._store.close()
        self._folder.cleanup()


def whole_files(files: Sequence[str], sources: Sources) -> list[Document]:
    """Source files as they are, one document each, for those that can be read as text."""
    texts = {file: "\n".join(sources.lines(file)) for file in files if file in sources}
    return [Document(id=file, file=file, title=file, text=text, first_line=1) for file, text in texts.items()]


def stock(documents: Sequence[Document], cache: Path, embedder: Embedder | None = None) -> Stock:
    """Builds the stock baseline in a folder of its own that ends with it; vectors are kept in ``cache``."""
    from index.embed import Embedder

    chunks = [chunk for document in documents for chunk in split(document)]
    return Stock(chunks, cache, embedder or Embedder())


@dataclass(frozen=True, slots=True)
class CitationHandling:
    """How a system treats citations: ``answers`` given; ``stray``, those with a marker that stands for no
    source; ``located``, sources that say page or line; ``source_words``, the mean length of what a marker
    points to."""

    answers: int
    stray: int
    located: int
    sources: int
    source_words: float


def scripted_reply(source: str) -> str:
    """What the scripted model says of its first source: the words it begins with, cited truly, and a claim
    with a citation that it made up."""
    return f"{' '.join(source.split()[:_SCRIPTED_WORDS])} [1]. Another paper says as much [99]."


def _of_prompt(prompt: str) -> str:
    """The scripted reply to a prompt of llama-index, in which the first source follows the last "Source 1:"."""
    _, found, source = prompt.rpartition("Source 1:")
    return scripted_reply(source) if found else "None."


def citation_engine(stock: Stock, questions: Sequence[Question]) -> CitationHandling:
    """llama-index's CitationQueryEngine over the stock chunks, with a scripted model that makes a citation
    up."""
    from llama_index.core.query_engine import CitationQueryEngine

    engine = CitationQueryEngine(retriever=_retriever(stock), llm=_scripted_model())
    stray = located = sources = words = 0
    for question in questions:
        response: Any = engine.query(question.question)
        count = len(response.source_nodes)
        stray += stray_marker(str(response), count)
        located += sum(
            bool({"page_label", "lines"} & set(node.node.metadata)) for node in response.source_nodes
        )
        words += sum(len(node.node.get_content().split()) for node in response.source_nodes)
        sources += count
    return CitationHandling(len(questions), stray, located, sources, words / sources if sources else 0.0)


def _retriever(stock: Stock) -> Any:
    from llama_index.core.retrievers import BaseRetriever
    from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

    class Retriever(BaseRetriever):
        def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
            hits = stock.search(query_bundle.query_str, 2)
            return [NodeWithScore(node=TextNode(text=hit.text), score=hit.score) for hit in hits]

    return Retriever()


def _scripted_model() -> Any:
    from llama_index.core.llms import CompletionResponse, CompletionResponseGen, CustomLLM, LLMMetadata

    class Model(CustomLLM):
        @property
        def metadata(self) -> LLMMetadata:
            return LLMMetadata(model_name="scripted", context_window=32_000)

        def complete(self, prompt: str, **_: Any) -> CompletionResponse:  # type: ignore[override]
            return CompletionResponse(text=_of_prompt(prompt))

        def stream_complete(self, prompt: str, **_: Any) -> CompletionResponseGen:  # type: ignore[override]
            yield self.complete(prompt)

    return Model()


def ledby_handling(system: System, questions: Sequence[Question]) -> CitationHandling:
    """How Ledby treats the same model: what it writes is checked, and where nothing stays, the answer is given
    as Ledby worded it. Its sources are the quotes themselves."""
    given = [answer for q in questions if (answer := system.ask(q.question, q.history)).answered]
    worded = [_worded(answer) for answer in given]
    cited = [citation for _, citations in worded for citation in citations]
    return CitationHandling(
        answers=len(given),
        stray=sum(stray_marker(text, len(citations)) for text, citations in worded),
        located=sum(citation.lines is not None or citation.page is not None for citation in cited),
        sources=len(cited),
        source_words=sum(len(c.quote.split()) for c in cited) / len(cited) if cited else 0.0,
    )


def _worded(answer: Answer) -> tuple[str, Sequence[Citation]]:
    from assistant.wording.llm import checked

    if not answer.citations:
        return answer.text, ()
    reply = scripted_reply(answer.citations[0].quote)
    new = checked(reply, answer.citations, answer.standalone or answer.question)
    return (new.text, new.citations) if new.citations else (answer.text, answer.citations)


def stray_marker(text: str, sources: int) -> bool:
    """Whether a text has a marker that stands for none of its sources, which are numbered from 1."""
    return any(not 1 <= int(n) <= sources for n in re.findall(r"\[(\d{1,3})\]", text))

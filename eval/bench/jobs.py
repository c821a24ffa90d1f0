"""What is measured, each in a process of its own: ``python -m eval.bench.jobs JOB ARGUMENTS-AS-JSON`` prints what
came of it as one line of JSON."""

from __future__ import annotations

import itertools
import json
import os
import resource
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from index.embed import Embedder

Measured = dict[str, Any]
TOP = 5
_CHUNK = 1024
_AT_ONCE = 1000
_WARM_UP = 20
_SAMPLES = 200
_COLLECTION = "stock"
_NODES = "nodes.jsonl"


def memory() -> Measured:
    """Resident memory of this process now and at its highest, its own part (not files that are mapped, which the
    system may take back), and that of its largest child, in MB."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    found = {
        line.split(":")[0]: line.split()[1] for line in status.splitlines() if line.startswith(("Vm", "Rss"))
    }
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return {
        "rss_mb": int(found["VmRSS"]) / 1024,
        "own_mb": int(found["RssAnon"]) / 1024,
        "peak_mb": int(found["VmHWM"]) / 1024,
        "child_peak_mb": child / 1024,
    }


def disk_mb(folder: Path) -> float:
    """Size of the files in a folder, in MB."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


def ledby_ingest(paths: Sequence[str], index: str, pool: str | None = None) -> Measured:
    """An ingest; with ``pool`` the vectors are copies of those in that index."""
    from index.build import ingest
    from index.layout import current_name, read_manifest

    steps: dict[str, float] = {}

    def progress(step: str, *_: int) -> None:
        steps[step] = time.perf_counter()

    directory, embedder = Path(index), _copies(pool)
    begun = time.perf_counter()
    summary = ingest([Path(path) for path in paths], directory, progress=progress, embedder=embedder)
    seconds = time.perf_counter() - begun
    folder = directory / (current_name(directory) or "")
    return {
        "seconds": seconds,
        "steps": _durations(steps, begun),
        **read_manifest(folder).counts,
        "pages": sum(line.pages for line in summary.lines),
        "embedded": summary.embedded,
        "disk_mb": disk_mb(folder),
        "cache_mb": disk_mb(directory / "cache"),
        **memory(),
    }


def _durations(ends: dict[str, float], begun: float) -> dict[str, float]:
    """Seconds from the end of one step to the end of the next."""
    times = [begun, *ends.values()]
    return {step: after - before for step, before, after in zip(ends, times, times[1:], strict=False)}


def _copies(pool: str | None) -> Embedder | None:
    if pool is None:
        return None
    from eval.bench.sizes import copy_embedder

    return copy_embedder(Path(pool))


def ledby_ask(index: str, questions: Sequence[str], soak: int = 0) -> Measured:
    """Warm answers of one process: times in ms and memory; then ``soak`` questions with memory watched."""
    from assistant.service import Assistant
    from index.generation import settle

    assistant = Assistant.open(Path(index))
    settle()  # as the application does
    return _asked(lambda question: assistant.ask(question), questions, soak)


def _asked(ask: Callable[[str], object], questions: Sequence[str], soak: int) -> Measured:
    begun = time.perf_counter()
    ask(questions[0])
    first = time.perf_counter() - begun
    for question in questions[1:_WARM_UP]:
        ask(question)
    times = [_timed(ask, question) for question in questions[_WARM_UP:]]
    told: Measured = {"first_ms": first * 1000, "times_ms": times, **memory()}
    return told | ({"soak_mb": _soaked(ask, questions, soak)} if soak else {})


def _timed(ask: Callable[[str], object], question: str) -> float:
    begun = time.perf_counter()
    ask(question)
    return (time.perf_counter() - begun) * 1000


def _soaked(ask: Callable[[str], object], questions: Sequence[str], number: int) -> list[float]:
    """Resident memory in MB at even steps of a soak."""
    every = max(1, number // _SAMPLES)
    seen = []
    for place, question in enumerate(itertools.islice(itertools.cycle(questions), number), 1):
        ask(question)
        if place % every == 0:
            seen.append(float(memory()["rss_mb"]))
    return seen


def stock_ingest(paths: Sequence[str], index: str, pool: str | None = None) -> Measured:
    """The same by llama-index as it comes: whole files or pages, chunks of 1,024 tokens, MiniLM, Chroma."""
    from index.chroma import open_store

    folder = Path(index)
    folder.mkdir(parents=True)
    embedder = _copies(pool) or _stock_model()
    begun = time.perf_counter()
    pages, nodes = _nodes(paths)
    lines = [json.dumps({"id": str(n), "text": text}) for n, text in enumerate(nodes)]
    (folder / _NODES).write_text("\n".join(lines), encoding="utf-8")
    with closing(open_store(folder / "chroma", _COLLECTION, None, create=True)) as store:
        for at in range(0, len(nodes), _AT_ONCE):
            _add(store, embedder, at, nodes[at : at + _AT_ONCE])
    seconds = time.perf_counter() - begun
    return {
        "seconds": seconds,
        "passages": len(nodes),
        "pages": pages,
        "disk_mb": disk_mb(folder),
        **memory(),
    }


def _add(store: Any, embedder: Embedder, at: int, texts: Sequence[str]) -> None:
    from corpus.model import Passage, Span
    from index.chroma import as_matrix

    passages = [Passage(str(at + n), "", Span(0, len(text)), text, "") for n, text in enumerate(texts)]
    store.add(passages, as_matrix([one.vector for one in embedder.encode(texts)]))


def _nodes(paths: Sequence[str]) -> tuple[int, list[str]]:
    """Number of pages, and the texts of chunks."""
    from llama_index.core import Document
    from llama_index.core.node_parser import SentenceSplitter

    files = [
        file for path in map(Path, paths) for file in ([path] if path.is_file() else sorted(path.iterdir()))
    ]
    texts = [text for file in files for text in _pages(file)]
    nodes = SentenceSplitter(chunk_size=_CHUNK).get_nodes_from_documents(
        [Document(text=one) for one in texts]
    )
    return len(texts), [node.get_content() for node in nodes]


def _pages(file: Path) -> list[str]:
    """A text whole, a PDF page by page, as llama-index reads them."""
    if file.suffix != ".pdf":
        return [file.read_text(encoding="utf-8")]
    import pypdf

    return [page.extract_text() for page in pypdf.PdfReader(file).pages]


def _stock_model() -> Embedder:
    """MiniLM through sentence-transformers, as llama-index uses it for questions too."""
    from index.embed import Embedder, bundled

    return Embedder(str(bundled()))


def stock_ask(index: str, questions: Sequence[str], soak: int = 0) -> Measured:
    """Warm retrieval by a llama-index retriever over that store, the top 5."""
    from llama_index.core.retrievers import BaseRetriever
    from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

    from index.chroma import open_store

    folder, embedder = Path(index), _stock_model()
    store = open_store(folder / "chroma", _COLLECTION, None)
    with (folder / _NODES).open(encoding="utf-8") as lines:
        texts = {raw["id"]: raw["text"] for raw in map(json.loads, lines)}

    class Retriever(BaseRetriever):
        def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
            nearest = store.nearest(embedder.encode([query_bundle.query_str])[0].vector, TOP)
            return [NodeWithScore(node=TextNode(text=texts[name]), score=score) for name, score in nearest]

    return _asked(Retriever().retrieve, questions, soak)


JOBS: dict[str, Callable[..., Measured]] = {
    job.__name__: job for job in (ledby_ingest, ledby_ask, stock_ingest, stock_ask)
}


def main() -> None:
    """Run one job."""
    told = JOBS[sys.argv[1]](**json.loads(sys.argv[2]))
    print(json.dumps(told), flush=True)
    os._exit(0)  # what is measured has ended; tearing down large stores has no part in it


if __name__ == "__main__":
    main()

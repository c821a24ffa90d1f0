"""Passages and the embedding model at work in llama-index itself."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import numpy as np
import pytest
from index_files import ledby_process, write_documents
from llama_index.core import VectorStoreIndex
from llama_index.core.schema import MetadataMode

from index.build import ingest
from index.embed import Embedder
from index.generation import Index, open_index
from index.llama import LedbyEmbedding, to_node
from index.make import embedded_text


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Index:
    folder = tmp_path_factory.mktemp("llama")
    ingest([write_documents(folder / "documents")], folder / "index", embedder=embedder)
    return open_index(folder / "index", embedder)


def test_a_node_says_where_it_is_from(opened: Index) -> None:
    for passage in opened.passages:
        document = opened.documents[passage.document]
        node = to_node(passage, document)
        assert node.node_id == passage.id and node.ref_doc_id == document.id
        assert document.text[node.start_char_idx : node.end_char_idx] == node.text == passage.text
        assert node.metadata["title"] == document.title and node.metadata["status"] == document.status


def test_a_node_embeds_as_its_passage_does(opened: Index) -> None:
    for passage in opened.passages:
        node = to_node(passage, opened.documents[passage.document])
        assert node.get_content(MetadataMode.EMBED) == embedded_text(passage)


def test_a_passage_of_another_document_is_refused(opened: Index) -> None:
    passage = opened.passages[0]
    other = replace(opened.documents[passage.document], id="other")
    with pytest.raises(ValueError, match="not of other"):
        to_node(passage, other)


def test_llama_index_retrieves_what_chroma_does(opened: Index, embedder: Embedder) -> None:
    nodes = [to_node(passage, opened.documents[passage.document]) for passage in opened.passages]
    index = VectorStoreIndex(nodes, embed_model=LedbyEmbedding(embedder))
    for question in ("who leads plant more trees", "how much was set aside for the towpath?"):
        found = index.as_retriever(similarity_top_k=3).retrieve(question)
        wanted = opened.store.nearest(embedder.encode_questions([question])[0].vector, 3)
        assert [node.node_id for node in found] == [id_ for id_, _ in wanted]
        assert np.allclose([node.score for node in found], [score for _, score in wanted], atol=1e-4)


def test_the_index_needs_no_llama_index() -> None:
    code = "import sys, index.make, index.verify; print([n for n in sys.modules if n.startswith('llama')])"
    assert ledby_process(code=code).out.strip() == "[]"


def test_it_embeds_alone_and_in_batches(embedder: Embedder) -> None:
    model = LedbyEmbedding(embedder)
    texts = ["Plant more trees", "The towpath is open"]
    together = model.get_text_embedding_batch(texts)
    assert np.allclose(together, [model.get_text_embedding(text) for text in texts], atol=1e-5)
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    assert model.model_name == "all-MiniLM-L6-v2"


def test_it_can_be_awaited(embedder: Embedder) -> None:
    model = LedbyEmbedding(embedder)
    awaited = asyncio.run(model.aget_query_embedding("Plant more trees"))
    assert np.allclose(awaited, model.get_query_embedding("Plant more trees"), atol=1e-5)

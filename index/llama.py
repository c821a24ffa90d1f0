"""Ledby's passages and embedding model as llama-index knows them: the only place where the two meet.

For those who want to put passages into a llama-index pipeline of their own; Ledby's index needs none of it.
Import this module only where llama-index is wanted, since that import takes a second.
"""

from __future__ import annotations

from typing import Any

from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.schema import NodeRelationship, RelatedNodeInfo, TextNode
from pydantic import PrivateAttr

from corpus.model import Document, Passage
from index.embed import Embedder

_HIDDEN = ("document", "file", "status", "date", "page", "page_label", "start", "end", "kind")


def to_node(passage: Passage, document: Document) -> TextNode:
    """A passage as a node: its id and verbatim text, and what a citation needs as metadata.

    The node embeds as Ledby embeds the passage: its context, a line break, its text. The offsets ``start``
    and ``end`` are into the document's stored text. Raises ValueError when the passage is of another
    document.
    """
    if passage.document != document.id:
        raise ValueError(f"passage {passage.id} is of {passage.document}, not of {document.id}")
    page = document.page_at(passage.span.start) if document.pages else None
    return TextNode(
        id_=passage.id,
        text=passage.text,
        start_char_idx=passage.span.start,
        end_char_idx=passage.span.end,
        metadata={
            "context": passage.context,
            "document": document.id,
            "file": document.file,
            "title": document.title,
            "section": passage.section,
            "status": document.status,
            "date": document.date,
            "page": page.page_no if page else None,
            "page_label": page.page_label if page else None,
            "kind": passage.kind,
        },
        excluded_embed_metadata_keys=[*_HIDDEN, "title", "section"],
        excluded_llm_metadata_keys=[*_HIDDEN, "context"],
        metadata_template="{value}",
        text_template="{metadata_str}\n{content}",
        relationships={NodeRelationship.SOURCE: RelatedNodeInfo(node_id=document.id)},
    )


class LedbyEmbedding(BaseEmbedding):
    """Ledby's embedding model for llama-index: unit vectors, offline; questions are read as Ledby reads them."""

    _embedder: Embedder = PrivateAttr()

    def __init__(self, embedder: Embedder | None = None, **kwargs: Any) -> None:
        made = embedder or Embedder()
        super().__init__(model_name=made.name, **kwargs)
        self._embedder = made

    @classmethod
    def class_name(cls) -> str:
        """The name under which llama-index keeps it."""
        return "LedbyEmbedding"

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return [one.vector.tolist() for one in self._embedder.encode(texts)]

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    def _get_query_embedding(self, query: str) -> list[float]:
        return [float(value) for value in self._embedder.encode_questions([query])[0].vector]

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)

"""Answers as the JSON of the contract."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from corpus.model import Answer, Citation


def answer_json(answer: Answer, id_: str | None = None) -> dict[str, Any]:
    """An answer as a JSON object; ``id_`` is the question's id in a batch."""
    return {
        "id": id_,
        "question": answer.question,
        "standalone": answer.standalone,
        "answered": answer.answered,
        "kind": answer.kind,
        "completeness": answer.completeness,
        "answer": answer.text,
        "citations": [citation_json(one) for one in answer.citations],
        "suggestions": list(answer.suggestions),
        "took_ms": answer.took_ms,
    }


def citation_json(citation: Citation) -> Mapping[str, Any]:
    """A citation as a JSON object."""
    return {
        "n": citation.n,
        "document": citation.document,
        "file": citation.file,
        "title": citation.title,
        "status": citation.status,
        "date": citation.date,
        "page": citation.page,
        "page_label": citation.page_label,
        "section": citation.section,
        "lines": list(citation.lines) if citation.lines else None,
        "span": [citation.span.start, citation.span.end],
        "quote": citation.quote,
    }

"""What all records of a document have in common: ids in reading order, quote, page, section."""

from __future__ import annotations

from collections import Counter
from typing import Any

from corpus.model import Document, Finding, Span


class Maker:
    """Gives records of one document their ids (``doc_id:kind:ordinal``) and evidence, and gathers
    findings."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.findings: list[Finding] = []
        self._made: Counter[str] = Counter()

    def base(self, kind: str, span: Span, section: str = "", why: str | None = None) -> dict[str, Any]:
        """The fields that every record has, ready to be passed to a record type."""
        self._made[kind] += 1
        page = self.document.page_at(span.start) if self.document.pages else None
        return {
            "id": f"{self.document.id}:{kind}:{self._made[kind]}",
            "document": self.document.id,
            "span": span,
            "quote": span.of(self.document.text),
            "page_no": page.page_no if page else None,
            "section": section,
            "doubtful": why is not None,
            "why": why,
        }

    def find(self, kind: str, message: str, span: Span | None = None) -> None:
        """Add a line to the quality report."""
        self.findings.append(Finding(self.document.id, kind, message, span))

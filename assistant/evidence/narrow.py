"""What a user narrowed a question to: some of the documents, a place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from assistant.draft import Draft, Evidence
from assistant.evidence.retrieve import Hit
from corpus.model import Document
from corpus.text import fold

_AROUND = 200  # characters before and after a quote that say what it is about


@dataclass(frozen=True, slots=True)
class Narrowing:
    """The ids of the documents that may answer (empty: any), and the place that an answer must be about
    (empty: none)."""

    documents: frozenset[str] = frozenset()
    place: str = ""

    def kept(self, draft: Draft, documents: Mapping[str, Document]) -> Draft | None:
        """A draft without the quoted sentences that the narrowing rules out; None where nothing is left, or
        where it is a look-up, which is whole or not at all."""
        lines = tuple(
            line for line in draft.lines if all(self.allows(one, documents) for one in line.evidence)
        )
        if len(lines) == len(draft.lines):
            return draft
        said = any(line.evidence for line in lines)
        return replace(draft, lines=lines) if said and draft.kind == "narrative" else None

    def allows(self, evidence: Evidence, documents: Mapping[str, Document]) -> bool:
        """Whether a span stands in one of the documents and is about the place."""
        if self.documents and evidence.document not in self.documents:
            return False
        return not self.place or self.about(evidence, documents[evidence.document])

    def allows_hit(self, hit: Hit) -> bool:
        """The same of a passage that was found."""
        section = hit.passage.section
        return not self.place or self.about(
            Evidence(hit.document.id, hit.passage.span, section), hit.document
        )

    def about(self, evidence: Evidence, document: Document) -> bool:
        """Whether the place is named in a span, close by or in the headings above it; a title may name a place
        that only a part of the document is about."""
        span = evidence.span
        near = document.text[max(0, span.start - _AROUND) : span.end + _AROUND]
        said = fold(f"{evidence.section} {near}")
        return re.search(rf"\b{re.escape(fold(self.place))}\b", said) is not None


EVERYWHERE = Narrowing()
"""No narrowing."""

"""What passages offer to a question: quotes from those found, and from the papers and headings that it names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from assistant.draft import Draft
from assistant.evidence.match import Matcher
from assistant.evidence.resolved import with_decision
from assistant.evidence.retrieve import Hit, Query, Retriever
from assistant.narrative.counted import counted
from assistant.narrative.narrate import beside, narrate
from assistant.narrative.sections import under_heading
from assistant.question.understand import Ask

_INSIDE = 12  # passages of the documents that a question names
_NAMED_AT_ONCE = 3
_SHARED_WORDS = 110


class Narratives:
    """Composes quotes from the passages of one index."""

    def __init__(self, retriever: Retriever, matcher: Matcher) -> None:
        self._retriever, self._matcher = retriever, matcher
        self._index = retriever.index

    def drafts(self, ask: Ask, query: Query, hits: Sequence[Hit], named: Mapping[str, float]) -> list[Draft]:
        """From the passages found; from those under a heading that the question quotes; and, where it names documents
        (``named``, with how surely), from those alone, a quote from each when it names two."""
        made = [
            narrate(query, with_decision(ask.reading.folded, hits, self._index), self._matcher),
            counted(query, hits, self._index),
        ]
        ranked = sorted(named, key=lambda one: -named[one])
        known = [one for one in ranked if one in ask.documents][:_NAMED_AT_ONCE]
        if known:
            inside = self._retriever.search(query, _INSIDE, known)
            made.append(narrate(query, inside, self._matcher))
        if len(known) > 1:
            made.append(self._quotes_apart(query, inside, known))
        made.append(self._under_heading(ask, query))  # of two that say the same the last is kept
        return list({draft.lines: draft for draft in made if draft}.values())

    def _under_heading(self, ask: Ask, query: Query) -> Draft | None:
        """From what stands under the heading that the question quotes; beyond doubt."""
        hits = under_heading(ask.reading.asked, self._index)
        draft = narrate(query, hits, self._matcher) if hits else None
        return draft and replace(draft, named=True)

    def _quotes_apart(self, query: Query, inside: Sequence[Hit], known: Sequence[str]) -> Draft | None:
        """A quote from each of several documents that a question names; None where fewer than two have one."""
        words = _SHARED_WORDS // len(known)
        apart = [
            [hit for hit in inside if hit.document.id == one] or self._retriever.search(query, 4, [one])
            for one in known
        ]
        return beside([narrate(query, some, self._matcher, words) for some in apart])

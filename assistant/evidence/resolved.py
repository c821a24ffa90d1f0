"""What a meeting decided: whether a question asks it, whether a stretch of minutes says it, and where under an item of
the minutes it stands."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.evidence.retrieve import Hit
from corpus.text import fold
from index.generation import Index

_ASKED = re.compile(
    r"\bwhat (?:did|does|has|have) (?:\S+ ){1,6}?(?:decided?|agreed?|resolved?|settled? on)\b|"
    r"\bwhat (?:was|were|got|has been) (?:finally |eventually )?(?:decided|agreed|resolved|settled)\b|"
    r"\b(?:what|which) (?:was the )?(?:decision|resolution) (?:did|was|on|about|of)\b"
)
_SAYS = re.compile(
    r"^\W*(?:\(?[a-z0-9]{1,3}[.)]\s*)?(?:(?:it was|the \w+(?: \w+)?) )?(?:resolved|agreed)(?: unanimously)?"
    r"(?:,?:? that\b|:? to (?!by\b)[a-z]| ?[:–-] ?(?:that|to) [a-z])",
    re.IGNORECASE,
)
_ITEM = re.compile(r"^\d{1,4}[.)]? |\(item \d", re.IGNORECASE)  # the heading of an item of the minutes
_GAIN = 12.0  # log-odds: nothing else under the item is likelier
_BEYOND = 15  # passages of an item that are looked through


def asks_decision(question: str) -> bool:
    """Whether a question asks what a meeting decided."""
    return bool(_ASKED.search(fold(question)))


def decides(text: str) -> float:
    """How much a stretch says that something was decided, in log-odds."""
    return _GAIN if _SAYS.match(text) else 0.0


def item_of(hit: Hit) -> tuple[str, str] | None:
    """The document and section of the item of minutes that a passage stands under; None where its heading is of no item."""
    heading = hit.passage.section.rpartition(" > ")[2]
    return (hit.passage.document, hit.passage.section) if _ITEM.search(heading) else None


def with_decision(question: str, hits: Sequence[Hit], index: Index) -> list[Hit]:
    """The passages found; where a question asks what was decided, with the one that says so under the same item of the
    minutes as the first."""
    more = _decided(hits[0], index) if hits and asks_decision(question) and item_of(hits[0]) else None
    return [*hits, *([more] if more and more.position not in {hit.position for hit in hits} else [])]


def _decided(hit: Hit, index: Index) -> Hit | None:
    """The passage in which what is discussed in another was decided: the next of the same heading that says so."""
    for at in range(hit.position, min(hit.position + _BEYOND, len(index.passages))):
        passage = index.passages[at]
        if (passage.document, passage.section) != (hit.passage.document, hit.passage.section):
            return None
        if any(map(decides, passage.text.split("\n"))):
            return replace(hit, position=at, passage=passage)  # found for what the first says
    return None

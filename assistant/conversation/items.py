"""The things that an answer lists, which a later question may call by their place in it ("the second one")."""

from __future__ import annotations

import re
from collections.abc import Mapping

from assistant.draft import Draft, Line
from assistant.phrases import ORDINALS
from corpus.model import Commitment, PlanEntry, Record, Span

_ASIDE = re.compile(
    r"(?<!\be\.g)(?<!\bi\.e)(?<!\bincl)(?<!\bapprox)\.\s.*$| \([^()]*\)$", re.DOTALL
)  # what is told of a thing after its name
_NUMBER = rf"{'|'.join(ORDINALS)}|\d{{1,2}}(?:st|nd|rd|th)"
_ONE = r"one|of (?:them|those|these)"
_NOUN = rf"{_ONE}|plan|strategy|programme|commitment|priority|entry|item|body|organisation|action"
_CALLED = re.compile(
    rf"\bthe (?P<order>{_NUMBER}|last|next|other)(?: (?:{_ONE}))?(?: (?:in|on|of) (?:the|that|your) list)?(?=\W*$)"
    rf"|\bthe (?P<numbered>{_NUMBER}) (?:{_NOUN})\b|\bthe (?P<other>last|next|other) (?:{_ONE})\b",
    re.IGNORECASE,
)


def listed(draft: Draft, records: Mapping[tuple[str, Span], Record]) -> list[str]:
    """The names of the things that an answer lists, in its order, each once; ``records`` by document and span."""
    if not draft.answered or draft.kind == "narrative":
        return []
    found = (name for line in draft.lines if line.evidence for name in _names(line, draft.bullets, records))
    return list(dict.fromkeys(_ASIDE.sub("", name.strip(" .")) for name in found))


def _names(line: Line, bullets: bool, records: Mapping[tuple[str, Span], Record]) -> list[str]:
    """What a line names: the plans or commitments that it proves, or what it begins with or lists."""
    proven = [records.get((one.document, one.span)) for one in line.evidence]
    names = [name for record in proven if (name := _name(record))]
    before, _, after = line.text.replace("**", "").partition(": ")
    return names or (after.split("; ") if "; " in after else [before] if bullets else [])


def _name(record: Record | None) -> str | None:
    if isinstance(record, PlanEntry):
        return record.plan or record.commitment
    return record.name if isinstance(record, Commitment) else None


def called(question: str) -> tuple[Span, str] | None:
    """Where a question calls a thing by its place in a list, and that place in words; None where it does not."""
    found = _CALLED.search(question)
    if found is None:
        return None
    return Span(*found.span()), next(filter(None, found.groups())).lower()


def place_of(order: str, count: int, before: int | None) -> int | None:
    """The place in a list of ``count`` things that "second", "last", "next" or "other" means, where the place ``before``
    was the last one called; None where there is none such."""
    at: int | None = None
    if order in ORDINALS:
        at = ORDINALS.index(order)
    elif order == "last":
        at = count - 1
    elif order == "next":
        at = None if before is None else before + 1
    elif order == "other":
        at = 1 - before if before is not None and count == 2 else None
    else:
        at = int(re.sub(r"\D", "", order)) - 1
    return at if at is not None and 0 <= at < count and count > 1 else None

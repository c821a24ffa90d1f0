"""What stands under a heading that a question quotes: what a refusal suggests to ask, and the passages that answer it."""

from __future__ import annotations

import re

from assistant.evidence.retrieve import Hit
from corpus.model import Passage
from corpus.text import MONTHS, fold
from index.generation import Index

_LONGEST = 80  # characters; longer headings are sentences
_MOST = 12  # passages
_UNDER = re.compile(r"\bsays? (?:about|under|in) [“\"](?P<heading>[^”\"]+)[”\"]\W*$", re.IGNORECASE)
_DATE = re.compile(rf"\W*(?:\d+\W+)?(?:{'|'.join(MONTHS)})?\W*\d*\W*")


def heading_of(passage: Passage) -> str:
    """The innermost heading of a passage; empty where it has none, or one that is a sentence."""
    heading = passage.section.rpartition(" > ")[2].strip(" :")
    return heading if len(heading) <= _LONGEST else ""


def question_about(hit: Hit) -> str:
    """The question for what stands under the heading of a passage; empty where its heading says nothing."""
    heading = heading_of(hit.passage)
    if _DATE.fullmatch(fold(heading)) or re.search(r"[“”\"]", heading):
        return ""
    return f"What does the {hit.document.name} say under “{heading}”?"


def under_heading(asked: str, index: Index) -> list[Hit]:
    """The passages under the heading that a question quotes, of the documents that it names; empty where it quotes none."""
    quoted = _UNDER.search(asked)
    told = [one for one in index.documents.values() if quoted and fold(one.name) in fold(asked)]
    if not quoted or not told:
        return []
    longest = max(len(one.name) for one in told)  # "the Care Strategy report" is no "Care Strategy"
    named = {one.id for one in told if len(one.name) == longest}
    heading = fold(quoted["heading"])
    met = [
        at
        for at, passage in enumerate(index.passages)
        if passage.document in named and fold(heading_of(passage)) == heading
    ][:_MOST]
    return [
        Hit(index.passages[at], index.documents[index.passages[at].document], at, 1.0, rank, "section", 1.0)
        for rank, at in enumerate(met, 1)
    ]

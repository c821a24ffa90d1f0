"""The ways in which a question of a conversation can be meant."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from assistant.conversation.followup import Items, folded
from assistant.conversation.leaning import ASKING, GOES_ON, named
from assistant.conversation.subject import Names
from assistant.question.expect import asks
from assistant.question.understand import topic_of
from corpus.text import fold
from index.lexical import terms

FOLDED, BESIDE, NAMED, ALONE = "folded", "beside", "named", "alone"
_HELPS = re.compile(  # what only helps to ask, and brackets
    r"^(?:(?:was|were|should|did|do|does|is|are|can|could|would|will|has|have|had|there)\s+)+|[()]",
    re.IGNORECASE,
)


class Sense(NamedTuple):
    """A way in which a question can be meant, and the question as it then stands alone: with the earlier ones ``folded``
    in; ``beside`` what the one before is about; beside what was ``named`` last, if it asks for something by itself ("when?"
    does, "and in Upton?" does not); or as it was asked, ``alone``."""

    way: str
    whole: str


class Asked(NamedTuple):
    """A question as it was asked, the one before as it stands alone (empty where there is none), and how the question can
    be meant: with the earlier ones folded in first."""

    question: str
    before: str
    senses: tuple[Sense, ...]

    @property
    def whole(self) -> str:
        """The question with the earlier ones folded in."""
        return self.senses[0].whole


def asked_in(turns: Sequence[str], names: Names, items: Items = lambda _whole: ()) -> Asked:
    """The last turn of a conversation, with how it can be meant; each text once."""
    *before, whole = folded(turns, names, items)
    question = turns[-1].strip()
    made = [Sense(FOLDED, whole)]
    if before:
        told = next(filter(None, (named(turn, names) for turn in reversed(before))), "")
        bare = GOES_ON.sub("", question.strip(" ?.!"))
        made += [
            Sense(BESIDE, with_topic(question, before[-1])),
            Sense(NAMED, f"{bare} ({told})?" if told and asks(fold(bare)) else ""),
            Sense(ALONE, question),
        ]
    once: dict[str, Sense] = {}
    for one in made:
        once.setdefault(one.whole, one)
    senses = tuple(one for one in once.values() if one.whole)
    return Asked(question, before[-1] if before else "", senses)


def with_topic(question: str, before: str) -> str:
    """A question with what the one before, which stands alone, is about beside it; empty where that is about nothing."""
    topic = topic_of(fold(before))
    at = fold(before).find(topic)
    typed = before[at : at + len(topic)] if at >= 0 and len(fold(before)) == len(before) else topic
    about = _HELPS.sub("", typed.removesuffix(": list all")).strip(" ?.")
    return f"{question.strip(' ?.!')} ({about})?" if set(terms(about)) - ASKING else ""

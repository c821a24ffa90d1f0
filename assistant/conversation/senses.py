"""The ways in which a question of a conversation can be meant."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from assistant.conversation.followup import Items, folded
from assistant.conversation.items import called
from assistant.conversation.leaning import (
    ASKING,
    GOES_ON,
    Turn,
    after,
    by_itself,
    leaning_on,
    named,
    stands_alone,
)
from assistant.conversation.subject import Names, about_of
from assistant.question.asides import announced, aside, without_courtesy
from assistant.question.claims import asked_of
from assistant.question.expect import asks
from corpus.text import fold
from index.lexical import terms

_CONTRACTED = re.compile(r"\b(what|who|where|when|how)s(?= )", re.IGNORECASE)  # "whats the plan"
_RECENT = 4  # turns of which it is looked up how they were meant
FOLDED, BESIDE, NAMED, ALONE, CLAIMED = "folded", "beside", "named", "alone", "claimed"


class Sense(NamedTuple):
    """A way in which a question can be meant, and the question as it then stands alone: with the earlier ones ``folded``
    in; ``beside`` what the one before is about; beside what was ``named`` last, if it asks for something by itself ("when?"
    does, "and in Upton?" does not); as it was asked, ``alone``; or with the figure that it wants confirmed asked for, ``claimed``."""

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


def turns_in(messages: Sequence[str]) -> list[str]:
    """What the messages of a conversation ask, oldest first: those that ask nothing left out, and all before the last that
    announces a new topic and leans on nothing."""
    turns: list[str] = []
    for said in (without_courtesy(message) for message in messages if not aside(message)):
        another = announced(said)
        if another and stands_alone(another):
            turns.clear()
        turns.append(asked_of(another or said))
    return turns


def asked_in(
    turns: Sequence[str],
    names: Names,
    items: Items = lambda _whole: (),
    meant: Callable[[Asked], Sense] = lambda asked: asked.senses[0],
) -> Asked:
    """The last turn of a conversation, with how it can be meant; ``meant`` tells in which sense a recent one was; those before
    have the earlier ones folded in."""
    last, told = Turn(), ""
    *before, question = (turn.strip() for turn in turns)
    before = [turn if called(turn) else _CONTRACTED.sub(r"\1's", turn) for turn in before]
    for at, earlier in enumerate(before):
        turn = folded(earlier, last, names, items)
        asked = Asked(earlier, last.whole, _senses(earlier, turn.whole, last.whole, told))
        if at >= len(before) - _RECENT:
            turn = _as_meant(turn, asked, meant(asked), last, names)
        last = turn
        told = named(last.whole, names) or told
    whole = folded(question, last, names, items).whole
    return Asked(question, last.whole, _senses(question, whole, last.whole, told))


def _as_meant(turn: Turn, asked: Asked, sense: Sense, last: Turn, names: Names) -> Turn:
    """A folded turn, or what it is instead in the sense in which it was meant."""
    if sense.whole == turn.whole:
        return turn
    if sense.way == ALONE:
        return by_itself(asked.question, last, names)
    return after(leaning_on(last, asked.question, names), sense.whole, same=True)


def _senses(question: str, whole: str, before: str, told: str) -> tuple[Sense, ...]:
    """How a question can be meant, each text once: with the earlier ones folded in it is ``whole``; ``told`` is what was
    named last."""
    made = [Sense(FOLDED, whole)]
    if before:
        bare = GOES_ON.sub("", question.strip(" ?.!"))
        made += [
            Sense(BESIDE, with_topic(question, before)),
            Sense(NAMED, f"{bare} ({told})?" if told and asks(fold(bare)) else ""),
            Sense(ALONE, question),
        ]
    once: dict[str, Sense] = {}
    for one in made:
        once.setdefault(one.whole, one)
    return tuple(one for one in once.values() if one.whole or one is made[0])


def with_topic(question: str, before: str) -> str:
    """A question with what the one before, which stands alone, is about beside it; empty where that is about nothing."""
    about = about_of(before)
    return f"{question.strip(' ?.!')} ({about})?" if set(terms(about)) - ASKING else ""

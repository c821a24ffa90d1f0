"""The things that a question asks one after the other: "who leads X, and what is its target?", "who leads X and Y?"."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from assistant.question.understand import AUXILIARY
from assistant.question.version import of_other_version
from corpus.text import fold
from index.lexical import terms

_ENOUGH = 2  # content words without which what is left asks for nothing
_AND = re.compile(
    r",? (?:and|but|plus) (?=(?:also )?(?:(?:in|by|for|to|at|from|with|on|under|against) )?"
    r"(?:who|whom|whose|what|which|when|where|why|how)\b)"
)
_LEANS = re.compile(r"\b(?:it|its|they|them|their|he|she|his|her|him|that|this|those|these|one)\b")
_VERB = re.compile(rf"\b(?:{AUXILIARY})\b")
_SHARED = re.compile(rf", ({_VERB.pattern}.*)$")  # "how many A, and how many B, did they record?"
_SAME = re.compile(
    r"^what (?:is|was|are|were) (?:it|they|that(?: \w+)?|those(?: \w+)?)$", re.IGNORECASE
)  # its value again
_OWN = 4  # content words with which a part stands on its own
_DUE = re.compile(r"\bdue (?:by|in|before|after|from) .*\b(?:19|20)\d\d\b")  # what is listed, and by when

_REPEATED = re.compile(
    r"^(?P<head>.*\b(?P<link>for|of|under|on|in|about|to|with|by|against)) (?P<first>[^,?]+?),? and (?P=link) (?P<second>[^?]+)$",
    re.IGNORECASE,
)
_LEADS = re.compile(
    r"^(?P<head>.*?\b(?:leads? (?:for|of|on)|leads?|runs?|owns?|oversees?|responsible for|in charge of|behind)) (?P<all>.+)$",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r",? and |, ", re.IGNORECASE)
_WHOLES = re.compile(
    r"\b(?:between|both|together|difference|compar\w+)\b", re.IGNORECASE
)  # asked of the two together


@dataclass(frozen=True, slots=True)
class Part:
    """One of several things that a question asks: its own words, and those of the other part that it leans on."""

    text: str
    beside: str = ""

    @property
    def whole(self) -> str:
        """The part as a question of its own, with what it leans on in brackets."""
        return f"{self.text} ({self.beside})" if self.beside else self.text


def _is_short(part: str) -> bool:
    return len(terms(part)) < _OWN and not _DUE.search(fold(part))


def parts_of(question: str) -> tuple[Part, ...]:
    """The things that a question asks one after the other, joined by "and"; none where it asks for one only."""
    first, *others = _AND.split(question.strip(" ?."), maxsplit=2)
    if not others or len(terms(first)) < _ENOUGH or all(map(_SAME.match, others)):
        return ()
    shared = _SHARED.search(others[-1])
    if shared and not _VERB.search(fold(first)):
        first = f"{first.rstrip(' ,')} {shared.group(1)}"
    return (Part(first), *(_following(one, first) for one in others))


def _following(part: str, first: str) -> Part:
    """A part as it stands after the first: that asked of another version, or with it beside it where it leans on it."""
    if other := of_other_version(first, part):
        return Part(other.rstrip("?"))
    return Part(part, first if _LEANS.search(fold(part)) or _is_short(part) else "")


def shared_parts(question: str, is_name: Callable[[str], bool]) -> tuple[Part, ...]:
    """The questions in one that asks the same of two things: with a preposition before each ("for X and for Y"), or each a
    name of its own, which ``is_name`` tells; none where it asks of one only, or of the two together."""
    asked = question.strip(" ?.")
    if _WHOLES.search(asked):
        return ()
    if two := _REPEATED.match(asked):
        return tuple(Part(f"{two['head']} {one}") for one in (two["first"], two["second"]))
    leads = _LEADS.match(asked)
    named = _BETWEEN.split(leads["all"]) if leads else []
    for cut in range(1, len(named)):
        names = (" and ".join(named[:cut]), " and ".join(named[cut:]))
        if leads is not None and all(map(is_name, names)):
            return tuple(Part(f"{leads['head']} {one}") for one in names)
    return ()

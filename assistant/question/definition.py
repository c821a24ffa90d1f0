"""What a thing is: whether a question asks it, and how well a stretch of text says it."""

from __future__ import annotations

import re
from functools import lru_cache

from corpus.text import fold
from index.lexical import terms

_ASKED = re.compile(
    r"^(?:what(?:'s| is| are| was| were)(?: meant by)?|(?:tell me|explain) what(?: an?| the)?|define) "
    r"(?:an? |the |this )?(?P<thing>[\w&/'’().-]+(?: [\w&/'’().-]+){0,6}?)(?: is| are| means?)?$"
)
# What has a value, a wording or a member and no definition; "the purpose of X" asks more than what X is.
_ATTRIBUTE = re.compile(
    r"'s\b|s' |\b(?:of|for|in|by|at|on|from|under|to|with|about|between|if|not|it|that|this|they|these|those|there|your|my|our|"
    r"being|done|going|called|said|listed|due|left|new|wrong|like|next|happening|agreed|planned|decided|"
    r"target|baseline|sources?|number|figure|cost|price|rate|share|percentage|totals?|population|budget|capital|temperature|"
    r"weather|dates?|deadline|time|day|year|names?|address|email|phone|telephone|website|aims?|purpose|priority|priorities|"
    r"values|role|impact|risks?|plans|results?|steps|\d+)\b"
)
_KIND = (
    r"(?: (?:programmes?|models?|projects?|schemes?|services?|approach|funds?|teams?|pilots?|initiatives?|workstream|reviews?|"
    r"registers?|platforms?|tools?|strategy|enquiry|process))?"
)
_JOINED = r"(?: and \w+(?: \w+)?)?"  # what is named together with it
_BRACKETS = r"(?: ?\([^)]{1,60}\))?,?"
_BE = r"['’”\"]* (?:also |now |simply )?(?:is|are|was|were) "
_IS = (
    rf"{_BE}(?!\w+(?:ed|ing)(?: (?:to|by|in|for|at|on|with|that|from|as|and)\b|[.,;]|$)"
    r"|(?:not|to|in|at|on|for|due|set|held|made|seen|given|key|important|essential|central|vital|currently|still|already|as|so|"
    r"very|more|well|available|part)\b)"
)
_IS_A = rf"{_BE}(?:an?|the|our|one|any) "
_DOES = (
    r" (?:\w+ly )?(?:means?|refers? to|describes?|provides?|offers?|supports?|helps?|enables?|allows?|aims? to|brings?|requires?|"
    r"consists? of|comprises?|involves?|delivers?|works? with|facilitates?|sets? out|gives?|covers?|is designed|"
    r"are designed|is intended|is being developed to|has been developed to|will (?:provide|offer|bring|be an?))\b"
)
_LABEL = r" ?(?:[:–;]|- )(?![^;:.]{0,45}[:;])(?= ?\S+(?: \S+){7})"  # a sentence behind it, no further label
_MOST, _TELLS = 4.0, 3.0
_BEGINS = r"(?:^\W*|(?<=[.!?:;)\d–-] )|(?<=\bthe )|(?<=\ban )|(?<=\ba )|(?<=\bour ))"


def thing_asked(question: str) -> str | None:
    """The thing that a folded question asks what it is; None where it asks for something else."""
    found = _ASKED.match(question.strip(" ?."))
    thing = found["thing"] if found else ""
    return thing if terms(thing) and not _ATTRIBUTE.search(thing) else None


def tells(thing: str, text: str) -> float:
    """How much a stretch of text says what a thing is, in log-odds: 0 for nothing, more for what it does, most for what it
    is."""
    _, is_one, does = _forms(thing)
    folded = fold(text)
    if is_one.search(folded):
        return _MOST
    return _TELLS if does.search(folded) else 0.0


def defines(thing: str, text: str) -> bool:
    """Whether a stretch of text says plainly that a thing is a so and so."""
    return bool(_forms(thing)[0].search(fold(text)))


@lru_cache(maxsize=64)
def _forms(thing: str) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """How it is said that a thing is a so and so, what it is, and what it does."""
    name = r"[\s-]+".join(map(_in_any_number, re.findall(r"[\w&'’]+", re.sub(r"\([^)]*\)", "", thing))))
    head = rf"{_BEGINS}{name}{_KIND}{_JOINED}{_BRACKETS}"
    label = rf"^\W*(?:\d[\d.]* )?{name}{_KIND}{_BRACKETS}{_LABEL}"
    called = rf"\b(?:known as|called|referred to as) (?:an? |the )?{name}\b"
    return (
        re.compile(f"{head}{_IS_A}|{called}"),
        re.compile(f"{head}{_IS}|{called}"),
        re.compile(f"{head}{_DOES}|{label}"),
    )


def _in_any_number(word: str) -> str:
    """A pattern for a word and its plural."""
    if word.endswith("ies"):
        return rf"{re.escape(word[:-3])}(?:y|ies)"
    bare = word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
    if bare.endswith("y"):
        return rf"{re.escape(bare[:-1])}(?:y|ies)"
    several = "es" if bare.endswith(("s", "x", "z", "ch", "sh")) else "s"
    return rf"{re.escape(bare)}(?:{several}|'s|s')?"

"""Folds a conversation into one standalone question; a new topic stays as it was asked."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence

from assistant.understand import topic_of
from corpus.text import fold
from index.lexical import terms

_ABOUT = re.compile(
    r"^(?:and |but |so |ok(?:ay)?,? )*(?:what|how) about\s+(.*)$|^(?:and|but)\s+((?:in|for|at|by|with|under|"
    r"the)\b.*|\S+(?:\s+\S+){0,3})$"
)
_PRONOUN = re.compile(
    r"\b(?:that|this|it|its|they|them|their|those|these|(?<!are )(?<!is )there|he|she|his|her|him|the same|(?<!-)one(?!-))\b"
)
_OWN = re.compile(  # people told of first, then a pronoun that stands for them: "folk who cannot heat their homes"
    r"\b(?:people|folks?|any(?:one|body)|some(?:one|body)|every(?:one|body)|persons?|child(?:ren)?|kids?|adults?|(?:wo)?m[ae]n|"
    r"girls?|boys?|residents?|famil(?:y|ies)|households?|parents?|m(?:um|other)s?|(?:dad|father)s?|carers?|patients?|"
    r"pupils?|students?|learners?|workers?|staff|tenants?|owners?|teenagers?|employers?|victims?)\b(?P<between>.*?)"
    r"\b(?:(?:when|if|so|that|where|because|after|before|once|while|until|as) (?:they|he|she)|them|their|his|her|him)\b"
)
_VERSION = re.compile(r"\b(?:draft|final|earlier|previous|latest|current)\b")
_ALL = re.compile(
    r"^(?:and |please |can you |could you )*(?:list|show|give|name)?\s*(?:me )?(?:them all|all of (?:them|"
    r"those)|the rest|the others|more)\b"
)
_OTHER = re.compile(
    r"\bthe ((?:\w+ ){0,3}\w+) one\b|\bthe one (?:over |down |up )?((?:in|for|at|under|about) .+)$"
)
_LIKE = re.compile(
    r"\bthe (\w+) one$|\bthe one (?:over |down |up )?in (\w+)$|^(?:and |but |what about |how about )+in (\w+)$"
)
_POSSESSIVE = re.compile(r"\b(?:the )?(\w+)['’]s one(?=\W*$)", re.IGNORECASE)
_BESIDE = re.compile(
    r"^(?:and |but )*(?:(?:what|how) (?:about|(?:(?:many|much) )?(?:was|were|is|are) (?:it|they|that|there)) )?(?:in |for )?"
    r"the (?:(year before|previous year|year earlier)|year after|following year|next year|year later)$"
)
_YEARS = re.compile(r"\b((?:19|20)\d\d)(?:([-/])(\d\d(?:\d\d)?))?\b")
_CAPITAL = re.compile(r"(?<!^)\b[A-Z]\w+")
_NAME = re.compile(r"(?<!^)\b[A-Z][\w'’-]+(?: (?:(?:of|and|for|the|to|in|&) ){0,2}[A-Z][\w'’-]+)+")
_SHORT = 7  # content words; a longer question stands on its own even with a pronoun in it
_FEW = 2  # content words of a question that leans on the one before
_ASKS = re.compile(
    r"^(?:and |but |so )*(?:who|what|when|where|which|why|how(?: (?:many|much|often|long|far|old|big))?)\b"
)
_THING = re.compile(
    r"\b(?:the|a|an|our|your) (?!(?:most|least|first|last|second|third|next|other|same|\w+est)\b)\w+"
)
_RANKED = re.compile(r"\b(?:most|least|first|last|other|\w{2,}est)\b")
_GOES_ON = re.compile(r"^(?:(?:and|but|so|then|ok(?:ay)?),? )+", re.IGNORECASE)
_THERE = re.compile(r"\b(?:are|is) there$")
_IS = re.compile(r"^(who|what|when|where)'s\b")
_SIDE_ASKED = re.compile(r"^(?:who|what|when|where)\b")
_SIDES = frozenset(
    terms(
        "target baseline deadline date lead leader plan aim source indicator milestone commitment outcome status due figure number come from"
    )
)
_ASKING = _SIDES | frozenset(
    terms(
        "about list all more tell me much many responsible charge run give show us mean name say said know please can you could everything anything something"
    )
)
_NAMED = re.compile(r"\b(?:stands? for|mean|short for)\b|\d")
_WITH = ("for", "about", "on", "under", "by", "with", "in", "at")
_AUXILIARY = re.compile(r"^(?:does|do|did|about) ")
_IN_BRACKETS = re.compile(r"\(([^()]+)\)\??$")
_QUESTION = re.compile(r"^(?:who|what|when|where|which|why|how|is|are|does|do|did|was|were|can)\b")


def standalone(
    question: str,
    history: Sequence[str],
    named: Callable[[str], Sequence[str]],
    heads: Collection[str] = (),
) -> str:
    """The question with its history folded in. ``named`` gives the places and bodies that a text names; ``heads`` are
    the words, folded, with which the names of many plans begin ("Kent", "Medway")."""
    folded = question.strip()
    before = ""
    for turn in [*history, folded]:
        before = _fold_one(turn.strip(), before, named, heads)
    return before


def refers_to_nothing(whole: str) -> str:
    """The pronoun of a standalone question that names nothing which it could stand for ("who leads that?"); empty for
    others."""
    said = fold(whole)
    pronoun = _PRONOUN.search(said)
    named = (word for word in terms(_PRONOUN.sub(" ", said)) if word not in _ASKING)
    return pronoun.group() if pronoun and not any(named) else ""


def _fold_one(
    question: str, before: str, named: Callable[[str], Sequence[str]], heads: Collection[str]
) -> str:
    if not before:
        return question
    question = _POSSESSIVE.sub(r"the \1 one", question)
    said = fold(question).strip(" ?.!")
    if _ALL.match(said):
        return f"{before.rstrip(' ?.')}: list all"
    if headed := _headed(question, before, heads):
        return headed
    beside = _BESIDE.match(said)
    if beside and (put := _a_year_off(before, -1 if beside.group(1) else 1)):
        return put
    other = _OTHER.search(said)
    if other and other.group(1):
        put = _sibling(before, other.group(1), named) or _renamed(question, before, other.group(1), named)
        if put:
            return put
    if other and len(terms(said)) <= _SHORT:
        return f"{before.rstrip(' ?.')}, {other.group(1) or other.group(2)}?"
    about = _ABOUT.match(said)
    side = (about.group(1) or about.group(2)) if about else ""
    if terms(side) and not _QUESTION.match(side) and all(word in _SIDES for word in terms(side)):
        return f"what is {side} for {_thing(before)}?"
    if about and not _QUESTION.match(rest := (about.group(1) or about.group(2))):
        return _swap(before, rest, named)
    if _PRONOUN.search(_OWN.sub(r"\g<between>", said)) and len(terms(said)) <= _SHORT:
        return _filled(question, before)
    if not terms(said) or _is_elliptical(question, said):
        leant = _thing(before) if _IN_BRACKETS.search(before) else before.rstrip(" ?.")
        return f"{question.rstrip(' ?.!')} ({leant})?"
    if _asks_on(said):
        return f"{_GOES_ON.sub('', question.strip(' ?.!'))} for {_thing(before)}?"
    return question


def _headed(question: str, before: str, heads: Collection[str]) -> str | None:
    """The earlier question about the like of another place: "and the Medway one?" after "the Kent Cultural Strategy"."""
    asked = _LIKE.search(fold(question).strip(" ?.!"))
    new = next(filter(None, asked.groups()), "") if asked else ""
    if new not in heads or re.search(rf"\b{new}\b", fold(before)):
        return None
    for old in _CAPITAL.finditer(before):
        if fold(old.group()) in heads:
            typed = re.search(rf"\b{new}\b", question, re.IGNORECASE)
            return f"{before[: old.start()]}{typed.group() if typed else new}{before[old.end() :]}"
    return None


def _renamed(question: str, before: str, new: str, named: Callable[[str], Sequence[str]]) -> str | None:
    """The earlier question about another thing ("and the Playground one?"), put where the first name was; None where
    either is no name, or the new one is that of a place or body, which may stand beside the old."""
    typed = re.search(rf"\b{re.escape(new)}\b", question, re.IGNORECASE)
    old = _NAME.search(before)
    if old is None or typed is None or not typed.group()[0].isupper() or named(typed.group()):
        return None
    return f"{before[: old.start()]}{typed.group()}{before[old.end() :]}"


def _sibling(before: str, new: str, named: Callable[[str], Sequence[str]]) -> str | None:
    """The earlier question about another body of the same sort: "the Mill and Weir one" after "the Ford Town Council",
    where there is a Mill and Weir Town Council."""
    for old in named(before):
        like = f"{new} {old.split()[-1]}"
        other = next((name for name in named(like) if fold(name) == fold(like)), None)
        if other and (put := _put(before, old, other)):
            return put
    return None


def _put(before: str, old: str, new: str) -> str | None:
    """A question with one name in the place of another; None where that does not stand in it as it is folded."""
    start = fold(before).find(fold(old))
    if start < 0 or len(fold(before)) != len(before):
        return None
    return f"{before[:start]}{new}{before[start + len(fold(old)) :]}"


def _a_year_off(before: str, by: int) -> str | None:
    """A question about the year before or after the last that it names, which may run over two ("2022-23"); periods
    of several years are names. None where it names none."""
    years = [one for one in _YEARS.finditer(before) if not one[3] or (int(one[3]) - int(one[1])) % 100 == 1]
    if not years:
        return None
    first, joint, last = years[-1].groups()
    over = f"{joint}{(int(last) + by) % 10 ** len(last):0{len(last)}}" if joint else ""
    return f"{before[: years[-1].start()]}{int(first) + by}{over}{before[years[-1].end() :]}"


def _asks_on(said: str) -> bool:
    """Whether a question names only what it wants to know ("and what is the target?"), not of what."""
    begins = _GOES_ON.match(said)
    rest = _IS.sub(r"\1 is", said[begins.end() :] if begins else said)
    left = [word for word in terms(topic_of(rest)) if word not in _SIDES]
    return bool(_SIDE_ASKED.match(rest)) and len(left) <= int(bool(begins)) and not _NAMED.search(rest)


def _is_elliptical(question: str, said: str) -> bool:
    """Whether a question names nothing of its own: hardly a word after the one that asks, no name, and no thing unless
    it is told by its rank ("the least")."""
    rest = _ASKS.sub("", said, count=1)
    named = re.search(r"(?<!^)\b[A-Z]", question) or _THING.search(rest)
    if _THERE.search(rest) and terms(rest):
        return False  # how many there are of something, in all
    few = _FEW if _RANKED.search(rest) else 1
    return rest != said and not named and len(terms(rest)) <= few and not said.startswith("what is")


def _swap(before: str, rest: str, named: Callable[[str], Sequence[str]]) -> str:
    """The earlier question about something else: another place or body, another version."""
    stem = before.rstrip(" ?.")
    if _VERSION.search(rest):
        return f"{stem} in {rest.removeprefix('in ')}?"
    rest = rest.removesuffix("'s")
    old, new = named(before), named(rest)
    if old and new:
        bare = rest.removeprefix("in ").removeprefix("for ").strip()
        bare = new[0] if bare == fold(new[0]) else bare
        return _put(before, old[0], bare) or (
            f"{re.sub(re.escape(old[0]), bare, before, flags=re.I)}"
            if old[0].lower() in before.lower()
            else f"{bare} {topic_of(fold(before))}"
        )
    joined = rest if rest.split(" ")[0] in _WITH else f"for {rest}"
    same = re.search(rf" {joined.split(' ')[0]} (?!.* {joined.split(' ')[0]} ).*$", stem)
    return f"{stem[: same.start()] if same and not new else stem} {joined}?"


def _filled(question: str, before: str) -> str:
    """The pronoun of a short question filled in with the topic of the one before."""
    return f"{question.rstrip(' ?.!')} ({_thing(before)})?"


def _thing(before: str) -> str:
    """What the earlier question is about: what was filled in there, or its topic."""
    filled = _IN_BRACKETS.search(before)
    return filled.group(1) if filled else _AUXILIARY.sub("", topic_of(fold(before)))

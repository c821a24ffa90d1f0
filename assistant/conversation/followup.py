"""Folds a conversation into one standalone question; a new topic stays as it was asked."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from assistant.conversation import implied
from assistant.conversation.clause import VERB
from assistant.conversation.fill import filled, straightened
from assistant.conversation.items import called, place_of
from assistant.conversation.leaning import (
    ASKING,
    GOES_ON,
    PRONOUN,
    SHORT,
    SIDES,
    Leaning,
    Turn,
    after,
    by_itself,
    leaning_on,
)
from assistant.conversation.replace import LEADS, replaced
from assistant.conversation.subject import Names, had_at, had_by, is_had, put, subject
from assistant.question.understand import topic_of
from corpus.model import Span
from corpus.text import fold
from index.lexical import terms

_ALL = re.compile(
    r"^(?:and |please |can you |could you )*(?:(?:list|show|give|name)?\s*(?:me )?(?:them all|all of (?:them|"
    r"those)|the rest|the others|more)\b|(?:list|show|name)(?: me)? (?:them|all|everything)$)"
)
_FOR = re.compile(r".* (?P<where>(?:for|in|at|by) (?:the )?(?P<what>.+))$", re.IGNORECASE)
_HOW_MANY = re.compile(
    r"^(?:and |so |ok |but )*how many(?: of (?:them|those|these))?(?: (?:is|are|was|were) (?:that|those|they|these|them|there|it))?"
    r"(?: of them)?(?: in (?:all|total)| altogether)?$"
)
_LED = re.compile(r"^what (does|do|did) (.+ (?:lead|run|own))(?= |$)", re.IGNORECASE)
_STANDS = re.compile(
    r"^(?:is|are) (?P<who>.+?) in (?P<version>the (?:\w+ )?(?:draft|final|plan)(?: plan| version)?)(?: too| as well| also)?$",
    re.IGNORECASE,
)
_SEVERAL = re.compile(
    r"^(?:which|what) (?!(?:is|was|does|has|are|were)\b)(?=(?:\w+ ){0,2}?\w+s\b)", re.IGNORECASE
)
_LISTED = re.compile(r"^(?:what (?:are|were)|(?:list|name|show)(?: me)?)(?: all)?(?: the)? ", re.IGNORECASE)
_OTHER = re.compile(
    r"\bthe ((?:[\w'’-]+ ){0,3}[\w'’-]+) one\b|\bthe one (?:over |down |up )?((?:in|for|at|under|about) .+)$",
    re.IGNORECASE,
)
_CORRECTS = re.compile(
    r"(?:no|sorry|actually)\b|.*\bi mean(?:t)?\b|.*\bthe (?:draft|final|earlier|previous|latest|current)\b"
)
_LIKE = re.compile(
    r"\bthe (\w+) one$|\bthe one (?:over |down |up )?in (\w+)$|^(?:and |but |what about |how about )+in (\w+)$"
)
_POSSESSIVE = re.compile(r"\b(?:the )?(\w+)['’]s one(?=\W*$)", re.IGNORECASE)
_CAPITAL = re.compile(r"(?<!^)\b[A-Z]\w+")
_NAME = re.compile(r"(?<!^)\b[A-Z][\w'’-]+(?: (?:(?:of|and|for|the|to|in|&) ){0,2}[A-Z][\w'’-]+)+")
_FEW = 2  # content words of a question that leans on the one before
_ASKS = re.compile(
    r"^(?:and |but |so )*(?:(?:since|until|by|from|for|to|with|in|on|at|of|under|through) )?(?:who|what|when|where|which|why|how(?: (?:many|much|often|long|far|old|big))?)\b"
)
_THING = re.compile(
    r"\b(?:the|a|an|our|your) (?!(?:most|least|first|last|second|third|next|other|same|\w+est)\b)\w+"
)
_RANKED = re.compile(r"\b(?:most|least|first|last|other|\w{2,}est)\b")
_THERE = re.compile(r"\b(?:are|is) there$")
_IS = re.compile(r"^(who|what|when|where)'s\b")
_SIDE_ASKED = re.compile(r"^(?:who|what|when|where|how (?:has|have|did))\b")
_CHANGE = frozenset(
    terms("how has have did change changed changes since draft final version earlier different moved")
)
_NAMED = re.compile(r"\b(?:stands? for|mean|short for)\b|\d")
_ABOUT = re.compile(r"^(?:and |but |so |ok(?:ay)? )*(?:(?:what|how) about|and|but) (?P<side>.+)$")
_ANY = re.compile(
    r"^(?:and |but |so |ok(?:ay)? )*(?:(?:is|are|was|were) there (?:an? |any )|any )"
    r"(?P<side>(?!.*\b(?:for|of|in|on|it)\b).+)$"
)
_BARE = re.compile(r"(?P<thing>[A-Za-z][\w'’-]+(?: [a-z][\w'’-]+)?) ?\?+")
_NO_THING = re.compile(
    r"\b(?:yes|no|and|but|so|ok|for|in|with|the|any|is|are|really|only|just|sure|full|whole|all|both|more|less|else|again|also|too|"
    r"this|that|these|those|them|they|him|her|it|us|you|last|next|first|second|third|other|another|same|today|now|then|there|here|"
    r"year|month|week|day|list|please|seriously|certain|example|meaning|means?)\b",
    re.IGNORECASE,
)
_HEAD = re.compile(rf"{GOES_ON.pattern}|^(?:what|how) about ", re.IGNORECASE)
_DASH = re.compile(r"^(?:\s*[,:;–—]|\s+-)\s+(?=\w)")
_NUMBERED = re.compile(
    r"\b(outcome|theme|goal|aim|pillar|ambition|objective|mission|priority|commitment)s?\b", re.IGNORECASE
)
Items = Callable[[str], Sequence[str]]


def folded(question: str, before: Turn, names: Names, items: Items = lambda _whole: ()) -> Turn:
    """A question with the turns before it folded in. ``items`` gives the names of the things that the answer to a
    standalone question lists, in its order."""
    by_place = _by_place(question, before, names, items) if before.whole else None
    return by_place or _fold_one(question, before, names)


def refers_to_nothing(whole: str) -> str:
    """The pronoun of a standalone question that names nothing which it could stand for ("who leads that?"); empty for
    others."""
    said = fold(whole)
    pronoun = PRONOUN.search(said)
    named = (word for word in terms(PRONOUN.sub(" ", said)) if word not in ASKING)
    return pronoun.group() if pronoun and not any(named) else ""


def _by_place(question: str, before: Turn, names: Names, items: Items) -> Turn | None:
    """A question about a thing called by its place in the answer before ("the second one"), or in the list that the
    question before called one from."""
    found = called(question)
    if found is None:
        return None
    at, order = found
    for asked in filter(None, (before.list_of, before.whole)):
        listed = items(asked)
        place = place_of(order, len(listed), before.at if asked == before.list_of else None)
        if place is None:
            continue
        item = _owned(listed[place], asked, names)
        return _of_item(question, at, item, before, names)._replace(about=item, list_of=asked, at=place)
    return None


def _of_item(question: str, at: Span, item: str, before: Turn, names: Names) -> Turn:
    """A question about a thing of a list, called at a place of it: that thing put there, or into what is asked after a
    dash ("the second one - who leads it?"); where nothing is asked of it, the question before about it."""
    dash = _DASH.match(question[at.end :])
    if dash and not terms(_HEAD.sub("", question[: at.start])):
        rest = question[at.end + dash.end() :]
        last = before._replace(base=item, about=item)
        whole = filled(leaning_on(last, rest, names)) or f"{rest.rstrip(' ?.!')} ({item})?"
    elif terms(_ABOUT.sub(r"\g<side>", fold(put(question, at, "")))):
        whole = put(question, at, item)
    else:
        old = subject(before.whole, names) if before.list_of else None
        whole = put(before.whole, old, item) if old else f"What is {item}?"
    whole = GOES_ON.sub("", whole)
    return Turn(whole, whole, topic=before.topic)


def _owned(item: str, asked: str, names: Names) -> str:
    """A thing of a list with what it is and whose, where its own name does not say it: "outcome 3", "Northport's Housing
    priority"."""
    if item.isdigit():
        numbered = _NUMBERED.search(asked)
        return f"{numbered[1].lower()} {item}" if numbered else item
    at = subject(asked, names)
    owner, what = had_by(at.of(asked)) if at else ("", "")
    if not owner or not what.endswith("s") or not names.is_place(owner):
        return item
    what = what.split()[-1]
    return f"{owner}'s {item} {re.sub('ies$', 'y', what).removesuffix('s')}"


def _fold_one(question: str, before: Turn, names: Names) -> Turn:
    question = straightened(question, names)
    alone = by_itself(question, before, names)
    if not before.whole:
        return alone
    if called(question):  # a place in no list that is known stands for nothing
        return before._replace(whole=question)
    question = _POSSESSIVE.sub(r"the \1 one", _going_on(question))
    leaning = leaning_on(before, question, names)
    if implied.told_again(leaning):
        return before
    for way, same in _WAYS:
        if whole := way(leaning):
            return after(leaning, whole, same=same)
    return alone


def _going_on(question: str) -> str:
    """A bare thing asked about ("pharmacies?"), as it goes on with the question before; others as they are."""
    bare = _BARE.fullmatch(question)
    thing = bare["thing"] if bare else ""
    asks = _ASKS.match(fold(thing)) or VERB.search(thing) or _NO_THING.search(thing)
    return question if not thing or asks else f"and {thing}?"


def _relisted(one: Leaning) -> str | None:
    """The question before, with its whole list asked for, also of another place; one that counted lists."""
    if not _ALL.match(one.said):
        return None
    of, before = _FOR.match(one.question.strip(" ?.!")), one.before
    if of and (one.names.is_place(of["what"]) or one.names.is_body(of["what"])):
        before = replaced(before, of["where"], one.names, about=one.about) or before
    stem = re.sub(r"^how many\b", "which", before.rstrip(" ?."), flags=re.IGNORECASE)
    return f"{stem.removesuffix(': list all')}: list all"


def _counted(one: Leaning) -> str | None:
    """How many things the question before asks for."""
    if not _HOW_MANY.match(one.said):
        return None
    stem = one.stem.removesuffix(": list all")
    if _LED.match(stem):
        return _LED.sub(r"how many entries \1 \2", stem) + "?"
    if _SEVERAL.match(stem):
        return f"{_SEVERAL.sub('how many ', stem)}?"
    if (stands := _STANDS.match(stem)) and one.names.body_in(stands["who"]):
        return f"how many entries does {stands['who']} lead in {stands['version']}?"
    if leads := LEADS.match(stem):
        return f"how many plans are there for {leads['what']}?"
    if not (begins := _LISTED.match(stem)):
        return None
    rest = stem[begins.end() :]
    owner, what = had_by(rest)
    return f"how many {what} does {owner} have?" if owner else f"how many {rest} are there?"


def _headed(one: Leaning) -> str | None:
    """The earlier question about the like of another place: "and the Upton one?" after "the Osney Cultural Strategy"."""
    asked = _LIKE.search(one.said)
    new = next(filter(None, asked.groups()), "") if asked else ""
    if new not in one.names.heads or re.search(rf"\b{new}\b", fold(one.before)):
        return None
    for old in _CAPITAL.finditer(one.before):
        if fold(old.group()) in one.names.heads:
            typed = re.search(rf"\b{new}\b", one.question, re.IGNORECASE)
            return f"{one.before[: old.start()]}{typed.group() if typed else new}{one.before[old.end() :]}"
    return None


def _another(one: Leaning) -> str | None:
    """The earlier question about another of its sort ("and the Playground one?")."""
    asked = one.question.strip(" ?.!")
    other = _OTHER.search(asked)
    if other is None or _RANKED.search(fold(other.group())) or _asks_of(one.said, fold(other.group())):
        return None
    if any(find(asked[: other.start()]) for find in (one.names.place_in, one.names.body_in)):
        return None  # "and Osney, in the final one": both are new
    new = other.group(1)
    if new and (whole := _sibling(one, new) or _renamed(one, new)):
        return whole
    at = subject(one.before, one.names)
    if (
        new
        and at
        and re.fullmatch(r"[a-z]+(?:['’]s)?", new)
        and not _CORRECTS.match(one.said)
        and not one.names.is_place(new)
    ):
        return put(one.before, at, f"{new} {at.of(one.before).removeprefix('the ')}")  # "the older one"
    asked = other.group(2) or other.group()
    return replaced(one.before, asked, one.names, about=one.about) if len(terms(one.said)) <= SHORT else None


def _asks_of(said: str, thing: str) -> bool:
    """Whether a question asks something of its own of a thing ("who was sent the short one?")."""
    rest = _ASKS.sub("", said.replace(thing, " "), count=1)
    about = re.search(r"\b(?:what|how) about\b", said)
    return bool(_ASKS.match(said)) and not about and bool(terms(rest))


def _renamed(one: Leaning, new: str) -> str | None:
    """The earlier question with another name put where the first was; None where either is no name, or the new one is
    that of a place or body, which may stand beside the old."""
    old = _NAME.search(one.before)
    if old is None or not new[0].isupper() or one.names.canonical(new):
        return None
    return f"{one.before[: old.start()]}{new}{one.before[old.end() :]}"


def _sibling(one: Leaning, new: str) -> str | None:
    """The earlier question about another body of the same sort: "the Mill and Weir one" after "the Ford Town Council",
    where there is a Mill and Weir Town Council."""
    for old in one.names.canonical(one.before):
        like = f"{new} {old.split()[-1]}"
        other = next((name for name in one.names.canonical(like) if fold(name) == fold(like)), None)
        start = fold(one.before).find(fold(old))
        if other and start >= 0 and len(fold(one.before)) == len(one.before):
            return f"{one.before[:start]}{other}{one.before[start + len(fold(old)) :]}"
    return None


def _side(one: Leaning) -> str | None:
    """Something else about the same ("and the baseline?")."""
    about = _ABOUT.match(one.said)
    side = about["side"] if about else ""
    if VERB.match(side):
        return None
    if side and all(word in SIDES for word in terms(side)) and terms(side) and not _ASKS.match(side):
        return f"what is {side} for {one.thing}?"
    some = _ANY.match(one.said)
    if some and terms(some["side"]) and all(word in SIDES for word in terms(some["side"])):
        return f"what is the {some['side'].removesuffix('s')} for {one.thing}?"
    if is_had(side) and not _ASKS.match(side) and (holder := _holder(one)):
        return f"what {'are' if side.endswith('s') else 'is'} {side} of {holder}?"
    return None


def _swapped(one: Leaning) -> str | None:
    """The earlier question about something else ("and in Upton?", "what about the draft?")."""
    return replaced(one.before, one.question, one.names, about=one.about, opened=False)


def _of_holder(one: Leaning) -> str | None:
    """A question for what a body or plan has ("who is the chief executive?"), which names none, after one that does."""
    rest = GOES_ON.sub("", one.question.strip(" ?.!"))
    holder = _holder(one) if _ASKS.match(fold(rest)) and is_had(topic_of(fold(rest))) else ""
    if not holder or one.leans or one.names.body_in(rest) or one.names.place_in(rest):
        return None
    link = (
        "" if re.fullmatch(r"who \w+", rest, re.IGNORECASE) else "of " if _THING.search(fold(rest)) else "at "
    )
    return f"{rest} {link}{holder}?"


def _holder(one: Leaning) -> str:
    """The body, place or plan that the question before names; empty where it names none."""
    if re.search("[A-Z]", one.thing) or had_at(one.before):
        return one.thing
    at = one.names.body_in(one.before) or one.names.place_in(one.before)
    return at.of(one.before) if at else ""


def _elliptical(one: Leaning) -> str | None:
    """A question that names nothing of its own ("why?", "which is the lowest?"), with the one before beside it."""
    if terms(one.said) and not _is_elliptical(one.question, one.said):
        return None
    whole = not terms(_ASKS.sub("", one.said))  # "by when?" asks it of the whole
    leant = one.thing if one.about and not whole else one.stem
    return f"{one.question.rstrip(' ?.!')} ({leant.replace('(', '').replace(')', '')})?"


def _asked_on(one: Leaning) -> str | None:
    """A question that names only what it wants to know ("and what is the target?"), not of what."""
    if not _asks_on(one.said):
        return None
    return f"{GOES_ON.sub('', one.question.strip(' ?.!'))} for {one.thing}?"


def _asks_on(said: str) -> bool:
    begins = GOES_ON.match(said)
    rest = _IS.sub(r"\1 is", said[begins.end() :] if begins else said)
    asked = terms(topic_of(rest))
    known = SIDES | _CHANGE if SIDES.intersection(asked) else SIDES
    left = [word for word in asked if word not in known]
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


_WAYS: tuple[tuple[Callable[[Leaning], str | None], bool], ...] = (
    # in the order in which they are tried, and whether the question stays about the same
    (_relisted, True),
    (_counted, True),
    (implied.of_both, False),
    (implied.of_version, False),
    (implied.of_changes, True),
    (implied.of_reason, True),
    (implied.for_place, False),
    (implied.of_others, False),
    (_headed, False),
    (_another, False),
    (_side, True),
    (_swapped, False),
    (implied.of_document, False),
    (_of_holder, True),
    (implied.of_named, False),
    (filled, True),
    (_elliptical, True),
    (_asked_on, True),
    (implied.of_numbered, False),
    (implied.counted_of, False),
    (implied.kept, True),
)

"""Puts what a pronoun of a short question stands for in its place."""

from __future__ import annotations

import re
from re import Match

from assistant.conversation.clause import CAPITALS, VERB, doer_at, done_to, is_deed, one_asked_for, things_of
from assistant.conversation.leaning import ASKING, GOES_ON, PRONOUN, SHORT, Leaning
from assistant.conversation.subject import PEOPLE, Names, is_had
from assistant.question.parts import parts_of
from assistant.question.understand import AUXILIARY, topic_of
from corpus.text import fold
from index.lexical import terms

_OWN = re.compile(  # people told of first, then a pronoun that stands for them: "folk who cannot heat their homes"
    rf"\b(?:{PEOPLE})\b(?P<between>.*?)"
    r"\b(?:(?:when|if|so|that|where|because|after|before|once|while|until|as) (?:they|he|she)|them|their|his|her|him)\b"
)
_LONG = 8  # words; what is longer is put in brackets after a question, not into it
_ITS_LAST = re.compile(
    r"\b(?:its|their|his|her) (?P<what>(?:[\w-]+ ){0,2}?[\w-]+)(?P<end>(?: (?:due|led|run|published|approved|launched|to (?:start|begin|end|launch)))?)$",
    re.IGNORECASE,
)
_ITS = re.compile(r"\b(?:its|their|his)\b(?= \w)|\bher\b(?= (?!and\b|in\b|on\b|by\b)\w)", re.IGNORECASE)
_THERE_AT = re.compile(r"(?<!are )(?<!is )(?<!was )(?<!were )\bthere\b(?! be\b)", re.IGNORECASE)
_IT = re.compile(
    r"\b(?:(?:that|this|those|these) (?:plan|strategy|programme|commitment|priority|scheme|project|body|board|group|"
    r"organisation|team|council|partnership|document|target|indicator|outcome|service|fund|one)s?|it|they|them|he|she|him)\b"
    r"|\b(?:that|this|those|these)\b(?=\W*$| (?:is|are|was|were|will|has|have|had|start|end|launch|apply|mean|in|by|for|from|under|on|due)\b)",
    re.IGNORECASE,
)
_JOINS = re.compile(
    r"(?:and|but|so|in|on|at|for|from|by|with|to|under|of|about|after|before|since|within|across|during|besides|beyond|given|when|"
    r"if|as|although|unless|like|because)\b",
    re.IGNORECASE,
)
_TOLD_BEFORE = re.compile(
    rf"^(?P<goes>(?:(?:and|but|so|then|ok(?:ay)?)[,.]? )*)(?:(?:what|how) about )?"
    rf"(?P<thing>(?:the|our|their|its)(?: (?!(?:{AUXILIARY}|year|month|week|time|who|that|which)\b)[\w'’&-]+){{1,6}}|(?-i:{CAPITALS}))"
    rf"(?:,| [-–—]) (?P<asks>(?:who|what|which|when|where|why|how|{AUXILIARY})\b.+)$",
    re.IGNORECASE,
)
_SEVERAL_OF = frozenset(("them", "those", "these"))  # no single body or paper
# What is put for each pronoun; of two, the first in a question is filled in.
_FORMS = {_ITS_LAST: r"the \g<what> of {}\g<end>", _ITS: "{}'s", _IT: "{}", _THERE_AT: "in {}"}
_LEADER = re.compile(
    r"\b(?:leads?|runs?|wrote|owns?|published|approved|agreed|launch\w*|starts?|begins?|ends?)\b"
)  # what plans have
_OF_BODY = re.compile(  # what bodies have and do
    r"\b(?:staff|employ\w*|members?|councillors?|officers?|beds?|income|turnover|office|headquarters|based|chair\w*|chief|decid\w+|"
    r"find|found|meets?|met|represent\w*)\b"
)
_TARGET = re.compile(r"\b(?:targets?|milestones?) (?:for|of|on) .+$", re.IGNORECASE)
_MET = re.compile(
    r"\bwhen (?:is|was|will|must|should) (?:it|that|this|they|those)\b.*\b(?:due|met|reached|achieved|hit)$"
)


def straightened(question: str, names: Names) -> str:
    """A question whose thing is named before it ("and the bus, when does it leave?"), with it in its place; others as they
    are."""
    told = _TOLD_BEFORE.match(question)
    found = told and _first_of(told["asks"])
    if not told or not found or not _is_thing(told["thing"], names):
        return question
    asks = told["asks"]
    return f"{told['goes']}{asks[: found.start()]}{_put(found, told['thing'])}{asks[found.end() :]}"


def _is_thing(told: str, names: Names) -> bool:
    """Whether words before a question name a thing: with an article, by a name of several words, or by one that is known;
    the first word of a sentence has a capital, whatever it is."""
    several = " " in told and not _JOINS.match(told)
    return told[0].islower() or several or names.is_place(told) or names.is_body(told)


def filled(one: Leaning) -> str | None:
    """A short question with its pronoun filled in; not where the pronoun stands for what the question itself names."""
    leans = PRONOUN.search(_OWN.sub(r"\g<between>", _without_own(one)))
    if not leans or len(terms(one.said)) > SHORT or _names_first(one.said):
        return None
    question = one.question.rstrip(" ?.!")
    found = _first_of(question)
    pronoun = fold((found or leans).group())
    things = _things(one, pronoun)
    thing = things or _target(one) or _done_to(one, pronoun) or one.thing
    unlike = found and not things and pronoun in _SEVERAL_OF and one.is_doer
    if (
        found
        and thing
        and not unlike
        and len(thing.split()) <= _LONG
        and (things or not (VERB.search(thing) or is_deed(one.before)))
    ):
        some = "the " if re.search(r"\bof $", question[: found.start()]) and thing[:1].islower() else ""
        new = _put(found, some + thing.removeprefix("the " if some else ""))
        return f"{GOES_ON.sub('', f'{question[: found.start()]}{new}{question[found.end() :]}')}?"
    return f"{question} ({_beside(one, leans.group()).replace('(', '').replace(')', '')})?"


def _without_own(one: Leaning) -> str:
    """A question, folded, without the "its" that stands for a body which it names before ("how does the trust look after
    its staff?")."""
    of, body = _ITS.search(one.question), one.names.body_in(one.question)
    return _ITS.sub(" ", one.bare, count=1) if of and body and body.start < of.start() else one.bare


def _done_to(one: Leaning, pronoun: str) -> str:
    """The thing that the question before says somebody made or agreed, where "it" stands for that and not for who did; else
    empty."""
    if pronoun != "it" or one.about or _OF_BODY.search(one.said):
        return ""
    return done_to(one.before, one.names)


def _target(one: Leaning) -> str:
    """The target that the question before asks for, where it is asked when that is due or met; else empty."""
    asked = _TARGET.search(one.stem) if _MET.search(one.said) else None
    return f"the {asked[0]}" if asked else ""


def _beside(one: Leaning, pronoun: str) -> str:
    """What is put beside a question whose pronoun cannot be filled in."""
    if one.about:
        return one.about
    if pronoun == "one":
        return one.stem
    whole = re.sub(r"^who ", "", one.stem, flags=re.IGNORECASE)
    return things_of(one.before, one.names) or (whole if one.is_doer else one.thing or whole)


def _put(pronoun: re.Match[str], thing: str) -> str:
    """What stands in the place of a pronoun that means a thing."""
    return pronoun.expand(_FORMS[pronoun.re].format(thing.replace("\\", "")))


def _first_of(question: str) -> Match[str] | None:
    """The first pronoun of a question that a thing can take the place of."""
    found = filter(None, (_first(pronoun, question) for pronoun in _FORMS))
    return min(found, key=Match.start, default=None)


def _first(pronoun: re.Pattern[str], question: str) -> Match[str] | None:
    """The first pronoun of a question that is no part of a name, which begins with a capital."""
    found = pronoun.finditer(question)
    return next((one for one in found if one.start() == 0 or not one.group()[0].isupper()), None)


def _things(one: Leaning, pronoun: str) -> str:
    """The things that the question before asks for, where a pronoun means them and not who has or does them."""
    first = pronoun.split()[0]
    said = {first} if first == "their" else set(pronoun.split())
    if first in ("it", "that", "this") and _LEADER.search(one.said) and (asked := one_asked_for(one.before)):
        return asked
    does = doer_at(one.before, one.names)
    other = one.about and not (does and does.of(one.before) == one.about)
    if other or not said <= {"them", "those", "these", "they", "their", "that", "this"}:
        return ""
    own = does if said & {"they", "their"} else not does if said & {"that", "this"} else None
    return "" if own else things_of(one.before, one.names)


def _names_first(said: str) -> bool:
    """Whether a question asks two things, of which the first names what the second leans on."""
    first = next((part.text for part in parts_of(said)), "")
    named = [word for word in terms(topic_of(first)) if word not in ASKING]
    return bool(named) and not is_had(topic_of(first)) and not PRONOUN.search(first)

"""Questions that lean on the one before without a pronoun: "who wrote the paper?", "which page?", "and how many came?"."""

from __future__ import annotations

import re

from assistant.conversation.clause import done_to, things_at
from assistant.conversation.leaning import SHORT, Leaning
from assistant.conversation.replace import replaced
from assistant.conversation.subject import KIND, put
from assistant.question.understand import AUXILIARY
from assistant.question.version import of_other_version
from corpus.text import fold
from index.lexical import terms

_ALSO = r"^(?:(?:and|but|so|ok(?:ay)?),? )*"
_IT = r"(?:that|this|it|they|those|these)"
_SOURCE = r"(?:page|source|document|paper|report|file|citation|reference|quote|evidence)s?"
_ASKS_SOURCE = re.compile(
    rf"{_ALSO}(?:(?:what(?:'s| is| are| was) )?(?:the |your )?(?:source|citation|reference|evidence)s?(?: (?:for|of) {_IT})?|"
    rf"where (?:does|did|do) (?:{_IT}|you) (?:say|get|find|read)(?: {_IT})?(?: from)?|"
    rf"where (?:is|was|are) {_IT} (?:said|written|stated|from|taken from|mentioned)|says who|"
    rf"(?:on |in |from )?(?:which|what) {_SOURCE}(?: (?:is|was|are|were|does|did|do) {_IT}(?: (?:on|in|from|at|come from|say(?: {_IT})?|stated (?:on|in)))?"
    rf"| says? {_IT})?|(?:are )?you sure(?: about {_IT})?|is {_IT} (?:right|correct|true)|how do you know(?: {_IT})?|"
    rf"(?:can you |could you |please )*(?:show|give|tell) (?:me )?(?:the |your |a )?{_SOURCE})$"
)
_VERSION_SAYS = re.compile(
    rf"{_ALSO}what (?:did|does|do) (?P<version>the (?:[\w-]+ )?(?:draft|final|earlier|previous|latest|current)(?: (?:version|plan))?) say$"
)
_VERSION_DIFFERS = re.compile(
    rf"{_ALSO}(?:did|does|do) (?P<version>the (?:[\w-]+ )?(?:draft|final|earlier|previous)(?: (?:version|plan))?) "
    r"(?:say|name|give|have) (?:some(?:one|body|thing)|any(?:one|body|thing)) (?:else|different)$"
)
_CHANGED = re.compile(
    rf"{_ALSO}what(?: has|'s| is| was)? (?:changed|different|new) (?:since|from|in|compared (?:to|with)) the (?:[\w-]+ )?"
    r"(?:draft|final|earlier|previous)(?: (?:version|plan))?$"
)
_WHY_SO = re.compile(
    rf"{_ALSO}why (?:(?:is|are|was|were) (?:it|that|there) )?(?:so|that|this) (?P<how>many|much|few|little|high|low|long|often)$"
)
_HOW = re.compile(r"^(?:(?:roughly|about|and|so) )*how \w+", re.IGNORECASE)
_SAME_IN = re.compile(
    rf"{_ALSO}(?:is|was|are|were) {_IT} (?:the same|different|any different) (?P<where>(?:in|for) .+)$",
    re.IGNORECASE,
)
_BOTH = re.compile(
    r"\b(?:they|them|those|these) both\b|\bboth of (?:them|those|these)\b|\bthe two of them\b|(?<=^do )both\b|(?<=^have )both\b",
    re.IGNORECASE,
)
_ONE_FOR = re.compile(
    r"^(?:and |so |but )*is there (?:one|any|anything) (?P<where>(?:for|in|at) .+)$", re.IGNORECASE
)
_DEFINITE = re.compile(
    rf"\b(?P<the>the|this|that) (?P<kind>{KIND})\b(?P<whose>['’]s?)?(?! (?:of|for|about|on|in|to|that|which|who)\b)",
    re.IGNORECASE,
)
_PAPER = re.compile(
    r"(?:report|paper|document|review|survey|assessment|consultation|engagement|newsletter)s?", re.IGNORECASE
)
_NUMBERED = re.compile(
    r"^(?:and |so )*what (?:are|were) (?:the|those|these) (?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\d\d?) "
    r"(?:\w+ )?\w+s$",
    re.IGNORECASE,
)
_DONE_TO = re.compile(
    r"^(?P<things>how (?:many|much) (?:[\w-]+ ){0,2}[\w-]+) (?P<done>(?:were|was|have been|has been) [a-z]+)$",
    re.IGNORECASE,
)
_THING = rf"(?!(?:{AUXILIARY}|of|in|for|at|by|to|the|what|who|when|how|came|got|took|said|went|gave|had|\w+ed)\b)[\w-]+"
_OTHERS = re.compile(  # "and how many volunteers?", "and volunteers?"
    rf"^(?:(?P<many>(?:(?:and|but|so) )*how many)|and) (?P<things>{_THING}(?: {_THING})?)$", re.IGNORECASE
)
_NUMBER_OF = re.compile(r"\b(?P<kind>[a-z]{4,}) (?P<number>\d{1,2}(?:\.\d+)?)\b", re.IGNORECASE)
_GOES_ON = re.compile(r"^(?:(?:and|but),? )+(?=(?:who|what|when|where|which|why|how)\b)", re.IGNORECASE)
_COUNTS = frozenset(terms("many much"))
_FEW = 3  # content words of a question that begins with "and" and leans


def told_again(one: Leaning) -> bool:
    """Whether a question asks where the answer before is from, so that it is to be given again with its citations."""
    return bool(_ASKS_SOURCE.match(one.said))


def of_version(one: Leaning) -> str | None:
    """The question before about another version or document ("what did the draft say?", "is it the same in X?")."""
    if other := of_other_version(one.before, one.question):
        return other
    says = _VERSION_SAYS.match(one.said) or _VERSION_DIFFERS.match(one.said)
    same = _SAME_IN.match(one.question.strip(" ?.!"))
    where = f"in {says['version']}" if says else same["where"] if same else ""
    return replaced(one.before, where, one.names, about=one.about) if where else None


def of_changes(one: Leaning) -> str | None:
    """What changed since the draft in what the question before is about."""
    return (
        f"{one.question.rstrip(' ?.!')} for {one.thing}?" if _CHANGED.match(one.said) and one.thing else None
    )


def of_reason(one: Leaning) -> str | None:
    """Why it is as many as the question before asks for ("why so many?")."""
    why, how = _WHY_SO.match(one.said), _HOW.match(one.before)
    return f"why so {why['how']}{one.stem[how.end() :]}?" if why and how else None


def of_both(one: Leaning) -> str | None:
    """A question about two places or bodies that were asked about one after the other."""
    if one.last.both is None or not _BOTH.search(one.question):
        return None
    return _BOTH.sub(f"{' and '.join(one.last.both)} both", one.question, count=1)


def for_place(one: Leaning) -> str | None:
    """The question before about a place or body ("is there one for Northport?")."""
    found = _ONE_FOR.match(one.question.strip(" ?.!"))
    where = found["where"] if found else ""
    bare = where.partition(" ")[2]
    known = one.names.is_place(bare) or one.names.is_body(bare)
    return replaced(one.before, where, one.names) if known else None


def of_document(one: Leaning) -> str | None:
    """A question about "the report" or "this board", with the name that was told before."""
    found = _DEFINITE.search(one.question)
    if found is None or len(terms(one.said)) > SHORT or not one.last.topic:
        return _of_subject(one, found)
    topic = one.last.topic
    filled = found["the"].lower() == "the" and one.leans  # the pronoun is what leans
    if found["kind"][0].isupper() or topic.lower() in one.said or filled:
        return None
    head = re.sub(r"^(?:the|this|our) ", "", topic)
    if re.search(rf"\b{found['kind']}\b", topic, re.IGNORECASE):
        return _put(one, found, f"the {head}{found['whose'] or ''}")
    if not _PAPER.fullmatch(found["kind"]):
        return None
    return _put(one, found, f"the {head} {found['kind']}{found['whose'] or ''}")


def _of_subject(one: Leaning, found: re.Match[str] | None) -> str | None:
    """A question about "the paper", after one that names none, with what that was about."""
    short = found and len(terms(one.said)) <= _FEW and _PAPER.fullmatch(found["kind"])
    thing = done_to(one.before, one.names) or one.thing
    if not found or not short or not thing or re.search(r"(?<!^)\b[A-Z]", one.question):
        return None
    return _put(one, found, f"the {found['kind']} about {thing}") if not found["whose"] else None


def _put(one: Leaning, found: re.Match[str], new: str) -> str:
    asked = one.question.rstrip(" ?.!")
    return f"{_GOES_ON.sub('', asked[: found.start()] + new + asked[found.end() :])}?"


def of_named(one: Leaning) -> str | None:
    """A question for "the ten aims", with what was named before."""
    asked = one.question.strip(" ?.!")
    if not one.last.topic or not _NUMBERED.match(asked) or re.search(r"(?<!^)\b[A-Z]", asked):
        return None
    return f"{_GOES_ON.sub('', asked)} of {one.last.topic}?"


def of_numbered(one: Leaning) -> str | None:
    """A question about "round 5", after one about "round 4" of something, with what it is of."""
    asked = one.question.strip(" ?.!")
    new = _NUMBER_OF.search(asked) if _GOES_ON.match(asked) else None
    old = next(
        (at for at in _NUMBER_OF.finditer(one.thing) if new and fold(at["kind"]) == fold(new["kind"])), None
    )
    if not new or not old or _names_own(one, asked):
        return None
    thing = f"{one.thing[: old.start('number')]}{new['number']}{one.thing[old.end() :]}"
    return f"{_GOES_ON.sub('', asked[: new.start()] + thing + asked[new.end() :])}?"


def of_others(one: Leaning) -> str | None:
    """The question before about other things of the same ("and how many volunteers?"); of "and volunteers?" where it
    counted."""
    found = _OTHERS.match(one.question.strip(" ?.!"))
    at = things_at(one.before) if found else None
    if not found or not at or one.leans or not terms(found["things"]):
        return None
    things, many = found["things"], found["many"]
    counts = one.before.lower().startswith("how many")
    known = one.names.is_place(things) or one.names.is_body(things) or not things.endswith("s")
    return f"{put(one.stem, at, things)}?" if many or counts and not known else None


def counted_of(one: Leaning) -> str | None:
    """A question that counts what was done without saying to what or by whom, with what was told before."""
    asked = one.question.strip(" ?.!")
    found = _DONE_TO.match(_GOES_ON.sub("", asked))
    thing = one.thing
    if not found or not thing or len(thing.split()) > SHORT or one.leans or _names_own(one, asked):
        return None
    return f"{found['things']} for {thing} {found['done']}?"


def kept(one: Leaning) -> str | None:
    """A question of few words that begins with "and", with what was told before beside it."""
    asked = one.question.strip(" ?.!")
    named = [word for word in terms(one.said) if word not in _COUNTS]
    goes_on = _GOES_ON.match(asked) and len(named) <= _FEW
    if not goes_on or not one.thing or _names_own(one, asked):
        return None
    return f"{_GOES_ON.sub('', asked)} ({one.thing.replace('(', '').replace(')', '')})?"


def _names_own(one: Leaning, asked: str) -> bool:
    """Whether a question names somebody or something itself."""
    return bool(re.search(r"(?<!^)\b[A-Z]", asked) or one.names.body_in(asked) or one.names.place_in(asked))

"""Messages that claim something and want it confirmed: what they claim may be wrong, so that it is asked for instead."""

from __future__ import annotations

import re

from assistant.question.expect import NUMBERED
from assistant.question.understand import SENTENCE
from corpus.text import MONTHS, fold
from index.lexical import terms

_COMMAND = re.compile(
    r"^(?:(?:please|now|just|so|and|system|note)\b[ :,]*)*(?:ignore|disregard|forget|pretend|override|reply|respond|"
    r"answer|say|just|only|invent|make up|guess|do not|don't|you are|you must|system|from now on)\b"
    r"|\bfrom now on\b|\byou are now\b"
)
_WH = re.compile(r"^(?:and |but |so )*(?:who|what|which|when|where|why|how)\b", re.I)
_ENOUGH = 2  # content words without which what is left asks for nothing

_LEADS_ANYTHING = re.compile(
    r"^(?:does|do) (?P<who>.+?) (?:lead|run)(?: on)? (?:(?:any|some)thing|(?:any|some) (?P<things>\w+))\b(?P<rest>.*)$",
    re.I,
)
_ANY_TARGET = re.compile(
    r"^(?:(?:is|are) there|(?:do|have) we(?: have| got)?) (?:an? |any )?(?P<what>target|baseline)s? (?:for|on|about) (?P<of>.+)$",
    re.I,
)
# What runs for a year, or every day, or leads to something, leads nothing.
_LED = (
    r"(?:leads?|runs?)(?! (?:(?:for|from|until|till|to|into|in|at|out|over|between|through|up|down|since|along\w*|again|during|after|before|"
    r"by|via|near|next|past|with|every|each|all|this|daily|weekly|monthly|twice|once|on \w+days?)\b(?!-)|"
    r"\d+ (?:day|week|month|year|hour)s?\b))(?: on)?"
)
_LEADS = (
    re.compile(
        r"^(?:is|are) (?!(?:there|it|they|any|anything)\b)(?P<what>.+?) (?:led|run|headed) by .+$", re.I
    ),
    re.compile(rf"^(?:does|do) .+? {_LED} (?P<what>.+)$", re.I),
    re.compile(
        r"^(?:.*\bthat )?(?P<what>.+?) (?:is|are) (?:led|run|headed) by .+?,? (?:isn['’]?t|aren['’]?t|right|correct|yes)\b.*$",
        re.I,
    ),
    re.compile(
        rf"^.+? {_LED} (?P<what>.+?),? (?:doesn['’]?t (?:it|they)|don['’]?t they|right|correct|yes)$",
        re.I,
    ),
)

_CONFIRM = r"(?:(?:please|just|now|so|and|can you|could you|will you) )*(?:confirm|verify|agree|say yes|answer (?:with )?yes|reply yes)"
_FOR = r"(?: (?:for|to) (?:me|us|(?:my|our|the|a) (?:[\w'’-]+ ){0,2}?[\w'’-]+)(?=\W*$|[,:]| that\b))?"
_ONLY_CONFIRM = re.compile(rf"{_CONFIRM}(?: (?:it|that|this|so))?{_FOR}[\s.!?]*", re.I)
_SETS_ASIDE = re.compile(r"^(?:never mind|forget|ignore|disregard)\b[^,;:.]{0,60}[,;:] ", re.I)
_CLAIMS = re.compile(
    rf"^(?:{_CONFIRM}{_FOR}[,:]? (?:(?:that|whether|if) )?|(?:is it|it is|it's) (?:\w+ )?(?:true|right|correct|the case) that |"
    r"i(?:['’]m| am| was|['’]ve been| have been) (?:told|informed) (?:that )?|i (?:heard|understand|gather|believe|think|thought|read) that )",
    re.I,
)
_TAG = re.compile(
    r"\s*[,–-]?\s*\b(?:(?:is|are|was|were|do|does|did|has|have|had|will|would|ca|could)n['’]?t (?:it|they|he|she|we|there)|innit)\W*$|"
    r"\s*[,–-]\s*(?:right|correct|yes|am i right|is that (?:right|correct|true))\W*$",
    re.I,
)
_YES_NO = re.compile(
    r"^(?:and |but |so )*(?:is|are|was|were|do|does|did|has|have|had|will|would)(?:n['’]?t)?\b(?! (?:you|i)\b)",
    re.I,
)
_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_SMALL = "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_MANY = r"(?: (?:hundred|thousand|million|billion))?"
_ABOUT = (
    r"(?:(?:(?:no )?(?:more|fewer|less) than|at (?:least|most)|up to|over|under|about|around|roughly|approximately|exactly|only|just|nearly|"
    r"almost|as (?:many|much) as|a total of) )*"
)
_FIGURE = re.compile(
    rf"(?<![\w,./:£-]){_ABOUT}(?:(?P<money>£ ?\d[\d,]*(?:\.\d+)?(?: ?(?:mn?|bn|k|million|billion|thousand)\b)?|"
    r"\d[\d,]*(?:\.\d+)?(?: (?:thousand|million|billion))? pounds\b)|"
    r"(?P<percent>\d[\d,]*(?:\.\d+)?(?: ?%| ?per ?cent\b))|"
    rf"(?P<count>(?:\d{{1,3}}(?:,\d{{3}})+|(?!(?:19|20)\d\d\b|(?:101|111|999)\b)\d+(?:\.\d+)?|{_SMALL}){_MANY}\b))"
    r"(?![\w,./:+-]*[\w:+-]| (?:thirds|quarters|fifths|halves)\b)",
    re.I,
)
_ASKED = {"money": "how much money", "percent": "what percentage", "count": "how many"}
_KNOWN = re.compile(r"\b(?:the|these|those|its|their|our|my|your|any)(?: (?:first|next|last|top))? $", re.I)
_LABEL = re.compile(
    rf"\b(?:{NUMBERED}|pledge|aim|objective|question|form|year|item|page|paragraph|number|type|ward|policy|action|article|zone|junction|"
    r"regulation|motion|bus|risk|kpi|meeting|priorities|categories|policies|appendices)(?:s|es)? $",
    re.I,
)
# a number of a thing, an age or a time, a part of a greater number, or one that is known: "Outcome 3", "the 42 systems"
_NO_COUNT_BEFORE = re.compile(
    r"(?:(?<!^)\b[A-Z][\w'’&-]*|\b(?:all|both|other|aged?|a|an|top|first|next|last|at|my|age|"
    rf"(?:\d+|one|{_SMALL}|{_TENS}) (?:to|or|and|in|out of)|{_TENS})) $"
)
_AGED = re.compile(
    r"\b(?:people|children|adults|residents|anyone|anybody|those|kids|pensioners) (?:over|under|about|around) \d+$",
    re.I,
)
_NO_COUNT_AFTER = re.compile(
    rf" (?:(?:{'|'.join(MONTHS)}|am|pm|or|to|and|(?:in|out of) (?:\d{{1,2}}|{_SMALL})|hours? a day|days? a week|year olds?|years? old|year \w+|mph)\b|[A-Z])"
)
_JUDGED = re.compile(
    r"^ (?:enough|too (?:long|much|many|little|few)|a lot|(?:higher|lower|more|less) than)\b", re.I
)
_NOT_LOOKED_UP = re.compile(
    r"\b(?:targets?|baselines?|how|who|what|which|when|where|why|i|me|next door)\b", re.I
)


def asked_of(text: str) -> str:
    """The part of a message that asks. Who is said to lead something ("X is led by Y, isn't it?") is asked for, as it may
    be wrong, and so is a target where it is asked whether there is one; orders to the software are left out."""
    asking = _asking(text)
    body = asking.strip(" ?.!")
    if leads := _LEADS_ANYTHING.match(body):
        which = f"Which {leads['things']}" if leads["things"] else "What"
        return f"{which} does {leads['who']} lead{leads['rest']}?"
    if target := _ANY_TARGET.match(body):
        return f"What is the {target['what'].lower()} for {target['of']}?"
    claims = (claimed.match(body) for claimed in _LEADS) if asking.rstrip().endswith("?") else ()
    found = next(filter(None, claims), None)
    return f"Who leads {found.group('what')}?" if found and not _WH.match(body) else asking


def _asking(text: str) -> str:
    """A message without the sentences that only give orders to the software, which are text, not instructions, where a
    question that can stand alone is beside them."""
    sentences = [part for part in SENTENCE.split(text.strip()) if part]
    asking = [part for part in sentences if part.endswith("?")]
    if not asking or len(asking) == len(sentences):
        return text
    kept = [part for part in sentences if part.endswith("?") or not _COMMAND.search(fold(part))]
    left = " ".join(kept)
    return left if len(terms(left)) > _ENOUGH else text


def figure_asked(text: str) -> str:
    """What a message claims, with its figure asked for ("Did 500 people come?", "500 people came. Just confirm it."); empty
    where it claims no figure, or several, or speaks of the one who writes it."""
    claim = _claim(text)
    found = [
        one for one in _FIGURE.finditer(claim) if not _LABEL.search(claim[: one.start(str(one.lastgroup))])
    ]
    if len(found) != 1 or _NOT_LOOKED_UP.search(claim) or not _is_claimed(claim, found[0]):
        return ""
    (figure,) = found
    return f"{claim[: figure.start()]}{_ASKED[str(figure.lastgroup)]}{claim[figure.end() :]}?"


def _claim(text: str) -> str:
    """The one sentence of a message that is to be confirmed, bare; empty where there is none."""
    sentences = [one for one in SENTENCE.split(_SETS_ASIDE.sub("", text.strip())) if one]
    claims = [one for one in sentences if _is_claim(one)]
    if len(claims) != 1:
        return ""
    told = _SETS_ASIDE.sub("", claims[0])
    bare = _TAG.sub("", _CLAIMS.sub("", told))
    wanted = len(claims) < len(sentences) or bare != told or _YES_NO.match(bare)
    return bare.strip(" ?.!") if wanted else ""


def _is_claim(sentence: str) -> bool:
    """Whether a sentence may claim something, and does not only order the software."""
    if _ONLY_CONFIRM.fullmatch(sentence):
        return False
    return bool(_CLAIMS.match(sentence) or _TAG.search(sentence)) or not _COMMAND.search(fold(sentence))


def _is_claimed(claim: str, figure: re.Match[str]) -> bool:
    """Whether a figure counts or measures something, and is no part of a name, of what is known or judged."""
    before, after = claim[: figure.start()], claim[figure.end() :]
    if _KNOWN.search(before) or _JUDGED.match(after):
        return False
    if figure.lastgroup != "count":
        return True
    asks = _YES_NO.match(before)
    named = _NO_COUNT_BEFORE.search(before) and not (asks and asks.end() == len(before.rstrip()))
    return not named and not _NO_COUNT_AFTER.match(after) and not _AGED.search(claim[: figure.end()])

"""What kind of value a question asks for (a number, a sum, a date, a person), and where a text gives one.

A text that speaks of the right thing but holds no such value, or holds it far from what the question asks about, does
not answer. A value that the question brought along is no answer either.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from corpus.text import fold

_NUMBER_WORDS = (
    "none|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|"
    "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundreds?|thousands?|millions?|dozens?|half|third|"
    "quarter|once|twice|couple|several|no"
)
_DIGITS = r"\d[\d,]*(?:\.\d+)?"
# A number that counts: no year ("2022/23"), day of a month, number of a section or of a numbered thing.
_COUNTING = (
    r"(?<![\d./-])(?<!section )(?<!outcome )(?<!indicator )(?!(?:19|20)\d\d(?:[-/]\d+)?(?!\d|,\d))"
    rf"{_DIGITS}(?![\d/])(?! ?(?:st|nd|rd|th)?\b ?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*)"
)
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]*"
_SPAN_OF_TIME = r"(?:minute|hour|day|night|week|fortnight|month|quarter|year|decade)s?"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of value: how questions ask for it and how texts (folded) give it."""

    name: str
    asked: re.Pattern[str]
    given: re.Pattern[str]


_KINDS = tuple(
    Kind(name, re.compile(asked), re.compile(given))
    for name, asked, given in (
        (
            "phone",
            r"\b(?:phone|telephone|hotline|helpline) number\b|\bnumber (?:do|can|should) (?:i|we|you) (?:ring|call)\b|"
            r"\bwhat number\b.*\b(?:ring|call)\b",
            r"\b0\d{3,4}[ -]?\d{3}[ -]?\d{3,4}\b|\b(?:111|999|101)\b",
        ),
        ("email", r"\be-?mail address\b|\bweb ?(?:site|page)? address\b|\burl\b", r"@|https?:|www\."),
        (
            "percent",
            r"\b(?:what|which|how big a) (?:\w+ )?(?:percentage|proportion|share|fraction|per cent|%|slice)\b|"
            r"\b(?:percentage|proportion|share) of\b|\bconversion rate\b|\bwhat %",
            rf"{_DIGITS} ?%|\b(?:half|thirds?|quarters?|fifths?)\b",
        ),
        (
            "money",
            r"\bhow much (?:money|funding|cash|does it cost|did it cost|will it cost|income)\b|\b(?:what|how much) (?:\w+ ){0,4}"
            r"(?:cost|budget|bill|funding|salary|salaries|pay|price|sum|spend|spent|worth|grant|fee|paid|allocation|allocated|raised)\b|"
            r"\bhow much (?:will|would|does|do|did|is|was) .*\bcost\b|\bwhat (?:sum|cash)\b|"
            r"\bwhat (?:is|are|was|were) .{1,80}\bworth\b|\bwhat (?:do|does|did|will|would) .{1,80}\bcost\b|"
            r"\bhow much (?:\w+ )+(?:receive|get|give|hand|have|ha[ds])|\bwhat (?:did|has|have|will) "
            r"(?!.*\b(?:say|said|about|if|how|help\w*|people who|time|days?|hours?)\b).{1,80}\b(?:spen[dt]|pa(?:y|id)|(?:shell|fork|splash)(?:ed)? out|"
            r"cough(?:ed)? up) (?:on|for) (?!with\b|by\b|from\b|in\b)\w",
            rf"[£€$] ?{_DIGITS}|{_DIGITS} ?(?:pence|p\b|m\b|bn\b|million|billion|pounds|euros?|dollars|crowns|kron\w+|francs)",
        ),
        (
            "target",
            r"\bwhat(?:'s| is| was| are| were) (?:the |its |their )?(?:[\w/-]+ ){0,4}?targets?\b|\btargets?(?: for (?:19|20)\d\d)?\W*$",
            rf"{_DIGITS} ?%|{_COUNTING}|\b(?:{_NUMBER_WORDS}|zero)\b|\btarget not yet set\b|"
            r"\b(?:lower|higher|better|similar|equal|close) (?:\w+ ){0,2}(?:than|to|or)\b",
        ),
        ("age", r"\bhow old\b|\bwhat age\b|\baged?\b.*\bwhat\b", rf"\b{_DIGITS}\b"),
        ("year", r"\b(?:what|which|by which|by what) year\b", r"\b(?:19|20)\d\d\b"),
        (
            "often",
            r"\bhow (?:often|frequently|regularly)\b",
            r"\b(?:daily|weekly|fortnightly|monthly|quarterly|annual(?:ly)?|yearly|"
            rf"every|each|once|twice|times|a (?:day|week|month|year))\b|{_DIGITS}",
        ),
        (
            "long",
            r"\bhow long\b",
            rf"\b(?:{_DIGITS}|{_NUMBER_WORDS})[ -](?:\w+ )?{_SPAN_OF_TIME}\b|\b{_SPAN_OF_TIME}\b",
        ),
        (
            "date",
            r"\bwhen\b|\bwhat (?:date|day|month|time)\b|\bwhich (?:date|day|month)\b|\bby when\b|\bdeadline\b|\bhow soon\b",
            rf"\b(?:19|20)\d\d\b|\b{_MONTH}\b|\b(?:spring|summer|autumn|winter|monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b|"
            r"\b\d{1,2}(?:st|nd|rd|th)\b",
        ),
        (
            "count",
            r"\bhow (?:many|much|big|large|far|fast|wide|steep)\b|\b(?:what|which) (?:\w+ )?(?:number|figure|rate|total|amount|"
            r"level|score|rank)\b|\bnumber of\b|\btotal\b",
            rf"{_COUNTING}|\b(?:{_NUMBER_WORDS})\b",
        ),
    )
)
_BY_NAME = {kind.name: kind for kind in _KINDS}
_ASKS = re.compile(
    r"\b(?:who|whom|whose|what|which|when|where|why|how|is|are|was|were|do|does|did|has|have)\b"
)
_KEYWORDS = (
    ("percent", re.compile(r"\b(?:percentages?|proportion|share|rate)\b|%")),
    (
        "money",
        re.compile(
            r"\b(?:cost|budget|funding|price|fee|salary|allocation|value)s?\b|\b(?:worth|spent|spend)\b"
        ),
    ),
    ("date", re.compile(r"\b(?:dates?|deadline|launch)\b")),
    ("count", re.compile(r"\b(?:number|total|count|figure)s?\b")),
)
_PERSON_ASKED = re.compile(
    r"\bwho (?:is|was|are|were|'s)? ?(?:the )?(?:\w+ ){0,3}(?:chairs?|chaired|signed|wrote|writes|authored?|presented|spoke|said|asked|"
    r"attended|apologies|sent|gave|chief|director|manager|officer|member|leader|mayor|secretary|president|consultant|"
    r"ambassador|commissioner|minister|editor|contact)\b|\bwho chairs\b|\bwho signed\b|\bwhose name\b|\bname of the (?:\w+ ){0,4}"
    r"(?:person|officer|manager|director|chair|consultant|ambassador|author|winner)\b|\bwhich (?:\w+ )?(?:person|people|officer|"
    r"councillor|politician|director|member)s?\b"
)
TITLES = "Mr|Mrs|Ms|Miss|Dr|Cllr|Councillor|Sir|Dame|Lord|Professor|Prof"
_TITLED = re.compile(rf"\b(?:{TITLES})\.? +[A-Z][\w'’-]+")
_TWO_NAMES = re.compile(r"\b[A-Z][a-z'’-]+(?: [A-Z]\.?)? [A-Z][\w'’-]+")
_NAME_ASKED = re.compile(
    r"\b(?:which|what) (?:[\w'’-]+ ){0,2}(?:hospital|ward|clinic|street|road|school|college|university|company|firm|business|"
    r"charity|organisation|organization|body|partner|trust|department|directorate|agency|authority|service|team|unit|programme|project|"
    r"scheme|campaign|initiative|tool|app|system|software|website|town|village|city|area|district|borough|place|county|country|site|"
    r"building|venue|act|law|magazine|newspaper|paper|award|prize)(?:s|es)?\b|\bwho(?:m|se)?\b|\bname of\b|\b(?:called|named)\b|\bwhere\b"
)
_NAMES = re.compile(r"[A-Z][\w'’-]*(?: (?:(?:of|and|the|for|in|&) ){0,2}[A-Z][\w'’-]*)*")
_SPELT_OUT = re.compile(r"\b([a-z]{2,8}) (?:stands?|is short|short) for\b")
_BETWEEN = r"[\w'’]*\W+(?:(?:of|and|the|for|to|in|on|with|by)\W+){0,2}"
_NOUN = re.compile(r"(?:\W*(?:of|the|a|an|all|our|its|their)\b)*(?:\W*\w[\w'’-]+){1,2}")
_WORD = re.compile(r"[\w'’-]+")
NUMBERED = (  # things that are called by their number
    "outcome|round|level|figure|table|phase|stage|tier|section|indicator|commitment|priority|part|appendix|band|wave|"
    "goal|chapter|recommendation|category|grade|step|option|strand|tranche|pillar|theme|enabler"
)
_ORDERED = re.compile(
    rf"\b({NUMBERED})s? "
    r"(\d+(?:\.\d+)?[a-z]?|[ivx]{1,5}|one|two|three|four|five|six|seven|eight|nine|ten)\b"
)
_ORDINALS = {
    "one": "1",
    "two": "2",
    "three": "3",
    "four": "4",
    "five": "5",
    "six": "6",
    "seven": "7",
    "eight": "8",
    "nine": "9",
    "ten": "10",
}


@dataclass(frozen=True, slots=True)
class Expected:
    """What a question wants: the name of the kind of value, the end of the words that ask for it, the end of the two
    words after them (what is counted, who it is), and how texts give it. ``find`` yields (start, end) of such values in a text that are not in the question."""

    kind: str
    cue_end: int
    noun_end: int
    find: Callable[[str], Iterator[tuple[int, int]]]


def expected(question: str, lower_words: Collection[str]) -> Expected | None:
    """The kind of value that a folded question asks for; None where it asks for none. ``lower_words`` are words that
    the documents also write without a capital, which are therefore no names of people."""
    person = _PERSON_ASKED.search(question)
    if person:
        return Expected(
            "person",
            person.end(),
            _noun_end(question, person.end()),
            lambda text: _people(text, question, lower_words),
        )
    found = [(kind.asked.search(question), kind) for kind in _KINDS]
    for match, kind in found:
        if match:
            return Expected(
                kind.name, match.end(), _noun_end(question, match.end()), _finder(kind.given, question)
            )
    return None if asks(question) else _of_keywords(question)


def expected_name(question: str, lower_words: Collection[str]) -> Expected | None:
    """The name, or the words that letters stand for, which a folded question asks for; None where it asks for neither.
    Most texts hold some name, so that this says less than ``expected`` does."""
    letters = _SPELT_OUT.search(question)
    if letters:
        words = re.compile(r"\b" + _BETWEEN.join(letters.group(1).upper()))
        return Expected("words", letters.end(), letters.end(), lambda text: _spans(words, text))
    cue = _NAME_ASKED.search(question)
    if cue is None:
        return None
    brought = set(_WORD.findall(question))

    def find(text: str) -> Iterator[tuple[int, int]]:
        for match in _NAMES.finditer(text):
            names = [fold(word) for word in match.group().split() if word[0].isupper()]
            new = any(name not in brought for name in names)
            if new and (len(names) > 1 or len(names[0]) > 2 and names[0] not in lower_words):
                yield match.span()

    return Expected("name", cue.end(), _noun_end(question, cue.end()), find)


def _spans(pattern: re.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    return (match.span() for match in pattern.finditer(text))


def asks(question: str) -> bool:
    """Whether a folded question is put as one, not as a few words to search for."""
    return bool(_ASKS.search(question))


def _of_keywords(question: str) -> Expected | None:
    """The kind of value that a few words without a verb ask for ("enquiries percentage 2022/23"), all of which say what it
    is about."""
    kind = next((_BY_NAME[name] for name, word in _KEYWORDS if word.search(question)), None)
    return Expected(kind.name, 0, _noun_end(question, 0), _finder(kind.given, question)) if kind else None


def _noun_end(question: str, cue_end: int) -> int:
    found = _NOUN.match(question, cue_end)
    return found.end() if found else cue_end


def _finder(given: re.Pattern[str], question: str) -> Callable[[str], Iterator[tuple[int, int]]]:
    brought = {match.group().strip() for match in given.finditer(question)}

    def find(text: str) -> Iterator[tuple[int, int]]:
        for match in given.finditer(text.lower()):
            if fold(match.group()).strip() not in brought:
                yield match.span()

    return find


def _people(text: str, question: str, lower_words: Collection[str]) -> Iterator[tuple[int, int]]:
    for match in (*_TITLED.finditer(text), *_TWO_NAMES.finditer(text)):
        names = [fold(name) for name in match.group().split()[-2:]]
        fresh = any(name not in question for name in names)
        if fresh and (_TITLED.match(match.group()) or not any(name in lower_words for name in names)):
            yield match.span()


def misnumbered(question: str, text: str) -> bool:
    """Whether a folded question names a numbered thing ("round 6") of which a text holds only others."""
    for noun, number in _ORDERED.findall(question):
        wanted = _ORDINALS.get(number, number)
        held = {_ORDINALS.get(other, other) for one, other in _ORDERED.findall(fold(text)) if one == noun}
        if wanted not in held:
            return True
    return False


_WANTS = (
    (
        re.compile(
            r"\bhow (?:many|much|big|large|far|fast|long|old|often)|\bwhat (?:percentage|proportion|share|number|rate|"
            r"amount|figure|level|sum|budget|cost)|\bpercentage|\bproportion of|\bnumber of|\bstatistic"
        ),
        "number",
    ),
    (
        re.compile(
            r"\bwhen\b|\bwhat (?:date|day|year|month|time)|\bwhich (?:date|day|year|month)|\bby when|\bhow soon"
        ),
        "time",
    ),
    (
        re.compile(r"\bwho\b|\bwhom\b|\bwhose\b|\bname the\b|\bwhich (?:person|people|officer|councillor)"),
        "person",
    ),
)


def wanted(question: str) -> list[str]:
    """What an answer must hold by the form of its question: a number, a time, a person."""
    folded = fold(question)
    return [name for cue, name in _WANTS if cue.search(folded)]

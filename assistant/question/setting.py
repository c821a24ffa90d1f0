"""The setting in which somebody asks ("I am writing a bid for a youth club: how many ...?"): who they are and what they
need the answer for. The documents tell nothing of it, so it is left out of what is searched for. In doubt it stays."""

from __future__ import annotations

import re

from assistant.question.understand import AUXILIARY, SENTENCE
from corpus.text import MONTHS
from index.lexical import terms

_PEOPLE = "colleague|councillor|member|friend|parent|neighbour|mum|resident|trustee|governor|manager|student"
_PURPOSES = (
    "bid|paper|report|talk|briefing|newsletter|leaflet|note|presentation|dissertation|essay|project|campaign|meeting|board|"
    "committee|trustees|website|article|tender|slides|speech|scrutiny|grant|application|piece|blog|training|event"
)
_TELLS_OF_ASKER = re.compile(
    r"(?:(?:i|we)(?:'(?:m|ve|d|ll|re))? (?!mean|meant|asked|am asking)(?-i:[a-z])|(?:my|our) (?-i:[a-z])[^,]* |as an? (?-i:[a-z])|"
    rf"for (?:an?|my|our|the) (?:[\w'-]+ ){{0,3}}?(?:{_PURPOSES})\b|(?:writing|preparing|drafting) (?:an?|my|our|some|the) |"
    rf"(?:an?|one of (?:my|our)) (?:[\w'-]+ )?(?:{_PEOPLE})\b)",
    re.IGNORECASE,
)
# What narrows the question, what somebody was told, and orders, which the answer must not obey: all that stays.
_SAYS_MORE = re.compile(
    r"\b(?:told|heard|read that|reckons?|says?|said|gather|mentioned|guess|invent|pretend|imagine|made? up|ignore|forget|"
    r"your (?:documents?|papers?)|(?:question|topic|interest|subject)s? (?:is|are)|interested in|figures for|numbers? for|"
    r"the (?:(?!the\b)[\w'&/-]+ ){0,4}(?:plan|strategy|report|minutes|logframe)|"
    r"my (?:mum|mother|dad|father|son|daughter|child|wife|husband|partner|brother|sister|nan|gran)[\w' ]*? (?:has|have|is|needs)|"
    r"(?:live|living|work|working) (?:in|on)|(?:writing|wonder(?:ing)?) about|looking (?:at|into)|parent of|disabled|\d+|"
    rf"only|not|drafts?|final|version|edition|{'|'.join(MONTHS)})\b",
    re.IGNORECASE,
)
_ASKS = (
    r"(?:(?:in|at|by|for|from|to|of|on|with|under|through|until|since|about|up to) )?"
    r"(?:who|whom|whose|what|which|when|where|why|how)\b"
)
_MARK = re.compile(
    rf"(?:\s*[:;]|\s[-–—])\s+(?=(?:and |so |but )?(?:{_ASKS}|(?:{AUXILIARY}|in|under|on|at|by|of|from|with|besides|going by)\b))|"
    rf"^for [^,:;.?]{{3,80}}, (?={_ASKS})",
    re.IGNORECASE,
)
_WISH = re.compile(
    rf"\b(?:know|wonder(?:ing|s)?|find out|ask(?:ed|ing|s)?|tell(?:ing)?(?: \w+)?|hear|remember|understand|explain),? "
    rf"(?:for (?:an?|my|our|the) [\w'-]+ )?(?={_ASKS})",
    re.IGNORECASE,
)
_PRONOUN = "it|its|they|them|their|he|she|his|him|her|that|this|these|those"
_LEANS = re.compile(rf"^(?i:{_PRONOUN})\b|\b(?:{_PRONOUN}|ones?|here|there|such|ours?|we|us|my|mine|you|I)\b")
_POINTS_BACK = re.compile(r"\b(?:that|this|those|these|it|them)\W*$")
_THERE_IS = re.compile(rf"\b(?:there (?:{AUXILIARY})|(?:{AUXILIARY}) there)\b")
_ENOUGH = 4  # content words with which a question stands without its setting
_NAMED = 3  # content words among which a pronoun behind them has something to stand for
_LONGEST = 400  # characters of a setting


def without_setting(message: str) -> str:
    """A message without the setting before its question, where the question says by itself what it asks."""
    said = message.replace("’", "'")
    at = _begins(said)
    asked = message[at:].strip()
    return asked if 0 < at <= _LONGEST and _stands(asked.replace("’", "'")) else message


def _begins(said: str) -> int:
    """Where what is asked begins behind sentences of setting and a clause of it; 0 where nothing is setting."""
    at = 0
    for one in SENTENCE.finditer(said[: _LONGEST + 1]):
        if not _is_setting(said[at : one.start()]):
            break
        at = one.end()
    last = said[at : at + _LONGEST]
    wish, mark = _WISH.search(last), _MARK.search(last)
    ends = min((one.end() for one in (wish, mark) if one), default=0)
    return at + ends if ends and _is_setting(last[:ends]) else at


def _is_setting(said: str) -> bool:
    """Whether text before a question tells of the one who asks and of nothing else, and asks nothing."""
    plain = said.strip()
    return "?" not in plain and bool(_TELLS_OF_ASKER.match(plain)) and not _SAYS_MORE.search(plain)


def _stands(asked: str) -> bool:
    """Whether what is left asks, says enough to be asked by itself, and has no word that points at the setting: no pronoun
    with too little before it that it could stand for, no "we" or "my" near its beginning."""
    plain = _THERE_IS.sub(" ", asked)
    pronoun = _LEANS.search(plain)
    leans = _POINTS_BACK.search(plain) or (pronoun and len(terms(plain[: pronoun.start()])) < _NAMED)
    asks = asked.endswith("?") or re.match(_ASKS, asked, re.IGNORECASE)
    return bool(asks) and not leans and len(terms(asked)) >= _ENOUGH

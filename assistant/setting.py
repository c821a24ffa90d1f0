"""The setting in which somebody asks ("I am writing a bid for a youth club: how many ...?"): who they are and what they
need the answer for. The documents tell nothing of it, so it is left out of what is searched for."""

from __future__ import annotations

import re

from assistant.understand import AUXILIARY
from index.lexical import terms

_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_TELLS_OF_ASKER = re.compile(
    r"\b(?:i|i'(?:m|ve|d|ll)|we|we'(?:re|ve|d|ll)|my|our)\b|"
    r"^(?:for (?:an?|my|our|the|this|some)|as (?:an?|the)|writing|preparing)\b|"
    r"^(?:an?|one of the|some) (?:[\w'-]+ ){1,5}(?:ask(?:ed|s)?|wants?|needs?|keeps?)\b",
    re.IGNORECASE,
)
# What somebody claims or was told belongs to the question; so do orders, which the answer must not obey.
_SAYS_MORE = re.compile(
    r"\b(?:told|heard|read that|reckons?|says?|said|gather|mentioned|guess|invent|pretend|imagine|make up|made up|ignore|"
    r"forget|your (?:documents?|papers?))\b",
    re.IGNORECASE,
)
_LOCATES = re.compile(r"\s*in (?:the|our)\b", re.IGNORECASE)  # "In the report that we got: ..."
_ASKS = (
    r"(?:(?:in|at|by|for|from|to|of|on|with|under|through|until|since|about|up to) )?"
    r"(?:who|whom|whose|what|which|when|where|why|how)\b"
)
_MARK = re.compile(
    rf"(?:\s*[:;]|\s[-–—])\s+(?=(?:and |so |but )?(?:{_ASKS}|(?:{AUXILIARY}|in|under|on|at|by|of|from|with|besides|going by)\b))|"
    rf"^for (?:an?|my|our) [^,:;.?]{{3,80}}, (?={_ASKS})",
    re.IGNORECASE,
)
_WISH = re.compile(
    rf"\b(?:know|wonder(?:ing|s)?|find out|ask(?:ed|ing|s)?|say|tell(?:ing)?(?: \w+)?|hear|remember|understand|explain),? "
    rf"(?:for (?:an?|my|our|the) [\w'-]+ )?(?={_ASKS})",
    re.IGNORECASE,
)
_LEANS = re.compile(
    r"\b(?:it|its|they|them|their|he|she|his|him|her|ones?|there|here|such|ours?|we|us|my|mine|you|I)\b"
)
_POINTS_BACK = re.compile(r"\b(?:that|this|those|these|it|them)\W*$")
_THERE_IS = re.compile(rf"\b(?:there (?:{AUXILIARY})|(?:{AUXILIARY}) there)\b")
_READ = re.compile(
    r"\b(?:in|at|from|about|of|on|read|reading|quot(?:e|ing)|through) "
    r"(?P<what>the (?:(?!the\b)[\w'&/-]+ ){0,5}?(?:draft|plan|strategy|report|minutes|logframe)\b)",
    re.IGNORECASE,
)
_ENOUGH = 2  # content words with which a question stands without its setting
_NAMED = 3  # content words among which a pronoun behind them has something to stand for
_LONGEST = 400  # characters of a setting


def without_setting(message: str) -> str:
    """A message without the setting before its question, where the question says by itself what it asks; a document
    that the setting names is told with it."""
    said = message.replace("’", "'")
    at = _begins(said)
    asked = message[at:].strip()
    if not at or at > _LONGEST or not _stands(asked.replace("’", "'")):
        return message
    read = _READ.search(said[:at])
    return f"In {read['what']}, {asked}" if read and read["what"].lower() not in asked.lower() else asked


def _begins(said: str) -> int:
    """Where what is asked begins behind sentences of setting and a clause of it; 0 where nothing is setting."""
    at = 0
    for one in _SENTENCE.finditer(said[: _LONGEST + 1]):
        if not _is_setting(said[at : one.start()]):
            break
        at = one.end()
    last = said[at : at + _LONGEST]
    wish, mark = _WISH.search(last), _MARK.search(last)
    ends = min((one.end() for one in (wish, mark) if one), default=0)
    return at + ends if ends and _is_setting(last[:ends]) else at


def _is_setting(said: str) -> bool:
    """Whether text before a question tells of the one who asks, and asks nothing."""
    if "?" in said or _LOCATES.match(said) or _SAYS_MORE.search(said):
        return False
    return bool(_TELLS_OF_ASKER.search(said.strip()))


def _stands(asked: str) -> bool:
    """Whether what is left asks, says enough to be asked by itself, and has no pronoun with too little before it that it
    could stand for."""
    plain = _THERE_IS.sub(" ", asked)
    pronoun = _LEANS.search(plain)
    leans = _POINTS_BACK.search(plain) or (pronoun and len(terms(plain[: pronoun.start()])) < _NAMED)
    asks = asked.endswith("?") or re.match(_ASKS, asked, re.IGNORECASE)
    return bool(asks) and not leans and len(terms(asked)) >= _ENOUGH

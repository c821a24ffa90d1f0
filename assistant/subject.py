"""What a question is about, as it is written there, so that something else can be put in its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from typing import NamedTuple

from assistant.post_words import POST_OF
from assistant.understand import topic_of
from corpus.model import Span
from index.lexical import terms
from index.query import words

Finder = Callable[[str], Sequence[str]]


class Names(NamedTuple):
    """What a text names: ``canonical`` names of places and bodies, spelled nearly right; ``places`` and ``bodies`` that
    stand in it word for word, folded; and ``heads``, the words, folded, with which many names begin."""

    canonical: Finder
    places: Finder
    bodies: Finder
    heads: Collection[str] = ()

    def is_place(self, text: str) -> bool:
        """Whether a text is a place: one known, or one that has a council."""
        said = words(text)
        if said in self.places(said) or not (text[:1].isupper() or said in self.heads):
            return said in self.places(said)  # "arts" is no place, whatever the name of its council
        return any(f"{said} {one}" in self.bodies(f"{said} {one}") for one in _COUNCILS)

    def is_body(self, text: str) -> bool:
        """Whether a text is the name of a body and nothing else."""
        said = words(text).removeprefix("the ")
        return said in self.bodies(said)

    def place_in(self, question: str) -> Span | None:
        """Where a question names a place: one known, or one told by "in"."""
        told = (match for match in _IN.finditer(question) if self.is_place(match.group(1)))
        by_form = _spelled(question, self.places(question))
        return by_form or next((Span(*match.span(1)) for match in told), None)

    def body_in(self, question: str) -> Span | None:
        """Where a question names a body."""
        return _spelled(question, self.bodies(question))


_JOINED = re.compile(r" (?:in|across|at) (?:the )?$", re.IGNORECASE)
PEOPLE = (
    r"people|folks?|any(?:one|body)|some(?:one|body)|every(?:one|body)|persons?|child(?:ren)?|kids?|adults?|(?:wo)?m[ae]n|"
    r"girls?|boys?|residents?|famil(?:y|ies)|households?|parents?|m(?:um|other)s?|(?:dad|father)s?|carers?|patients?|"
    r"pupils?|students?|learners?|workers?|staff|tenants?|owners?|teenagers?|employers?|victims?"
)
_COUNCILS = ("council", "county council", "city council", "borough council", "district council")
_IN = re.compile(
    r"\b(?:in|across|at|for) ((?:\w+ ){0,2}?\w+)(?=$|\W*$|,| (?:in|by|for|under) )", re.IGNORECASE
)
QUALIFIERS = (  # what a question may be narrowed by at its end: a version, a numbered outcome
    re.compile(
        r"(?:^|,? ?\b)(?P<with>(?:in|from|by|for|according to) )?\b(?P<what>the (?:[\w-]+ ){0,2}?(?:draft|final|earlier|previous|"
        r"latest|current)(?: (?:version|plan))?)(?: one)?$",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?:^|,? ?\b)(?P<with>(?:in|under|for|from) )?\b(?P<what>(?:outcome|theme|goal|aim|pillar|ambition|workstream|objective|"
        r"mission) (?:\d{1,2}|[a-z]))$",
        re.IGNORECASE,
    ),
)
_YEAR = re.compile(r",? \b(?:in|by|for|since|during) (?:19|20)\d\d(?:[-/]\d\d(?:\d\d)?)?$")
_BETWEEN = re.compile(r" (?:between|from) the [^?]*\b(?:drafts?|finals?|versions?)$", re.IGNORECASE)
_LEADING = re.compile(
    r"(?:(?:does|do|did|is|are|was|were|will|has|have|can|about|for|of|on|being done|chairs?|chaired|mentions?|includes?|covers?|"
    r"funds?|pays?|delivers?|provides?|supports?|(?:works?|changed|changes|new|different|dropped)(?= (?:at|in|on|about|for|with))|"
    r"at|in|with|there|anything|something|the (?:targets?|baselines?|deadlines?|dates?|leads?|leaders?|indicators?|sources?)"
    r"(?= (?:for|of|on|in))) )+"
)
_TRAILING = re.compile(
    r" (?:(?:be|been|being|due to|planned to|going to|supposed to) )*(?:launch|start|begin|open|finish|end|close|happen|take place|leads?|run|own|"
    r"do|say|cover|cost|mean|stand for|due|launched|started|opened|finished|set up|founded|established|published|approved)$"
)
_HAS = frozenset(  # what bodies and plans have
    terms(
        f"{' '.join(POST_OF)} annual yearly vice total main key overall current new interim deputy income turnover budget spending "
        "expenditure revenue funding staff employees workforce workers people members membership headquarters address office "
        "website phone telephone number email contact population priorities priority aims vision mission values purpose role "
        "remit objectives goals responsibilities name full"
    )
)
_OWNED = re.compile(r"^(?P<owner>.+?)['’]s? (?P<what>[\w ]+)$")
_OF = re.compile(r"^(?:the |an? )?(?P<what>[\w ]+?) (?:of|at|for) (?P<owner>.+)$")


def is_had(text: str) -> bool:
    """Whether a text names only what a body or plan has ("chief executive", "annual income")."""
    found = terms(text)
    return bool(found) and all(word in _HAS for word in found)


def had_by(text: str) -> tuple[str, str]:
    """Whose the thing is that a text names, and the thing ("the income of X", "X's income"); empty for others."""
    found = _OWNED.match(text.rstrip(" ?.")) or _OF.match(text.rstrip(" ?."))
    return (found["owner"], found["what"]) if found and is_had(found["what"]) else ("", "")


def had_at(question: str) -> Span | None:
    """Where a question names whose the thing is that it asks for."""
    said = _topic(question)
    owner, _ = had_by(said.of(question)) if said else ("", "")
    start = question.find(owner, said.start) if said and owner else -1
    return Span(start, start + len(owner)) if start >= 0 else None


def subject(question: str, names: Names) -> Span | None:
    """Where a question says what it is about, without where, when and in which version; None where it says nothing."""
    bare = _BETWEEN.sub("", question.rstrip(" ?.!").removesuffix(": list all"))
    for qualifier in (*QUALIFIERS, _YEAR):
        found = qualifier.search(bare)
        bare = bare[: found.start()] if found and found.group().strip()[:3] != "the" else bare
    place = names.place_in(bare)
    if place and place.end == len(bare):
        bare = (
            re.sub(r" (?:in|across|at) (?:the )?$", "", bare[: place.start])
            if _JOINED.search(bare[: place.start])
            else bare
        )
    return _topic(bare)


def _topic(question: str) -> Span | None:
    """Where a question stands without its asking words."""
    flat = question.lower().replace("’", "'")
    topic = topic_of(flat)
    start = flat.find(topic)
    if start < 0 or len(flat) != len(question):
        return None
    leads = _LEADING.match(topic)
    first = leads.end() if leads else 0
    kept = _TRAILING.sub("", topic[first:])
    if kept.count("(") != kept.count(")"):
        kept = kept.partition("(")[0].rstrip()
    first += start
    article = len("the ") if flat[:first].endswith(" the ") else 0
    return Span(first - article, first + len(kept)) if terms(kept) else None


def meant(question: str, names: Names) -> str:
    """What "it" stands for after a question: what that is about, with where and when, or whose the thing is that it asked
    for ("the income of X")."""
    at = subject(question, names)
    owner = had_by(at.of(question))[0] if at else ""
    whole = _topic(question)
    return owner or (whole.of(question) if whole else "")


def put(question: str, at: Span, new: str) -> str:
    """A question with something else at a place of it, which has one article."""
    first = (
        re.sub(r"\b(?:the|an?) $", "", question[: at.start])
        if new.startswith("the ")
        else question[: at.start]
    )
    return f"{first}{new}{question[at.end :]}"


def _spelled(question: str, forms: Sequence[str]) -> Span | None:
    """Where the first of some spellings, folded to words, stands in a question as it is written."""
    for form in forms:
        written = r"[\W_]+(?:and[\W_]+)?".join(re.escape(word) for word in form.split() if word != "and")
        found = re.search(rf"(?<!\w){written}(?!\w)", question, re.IGNORECASE)
        if found:
            return Span(*found.span())
    return None

"""What a question is about, as it is written there, so that something else can be put in its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from typing import NamedTuple

from assistant.question.parts import parts_of
from assistant.question.post_words import POST_OF
from assistant.question.understand import topic_of
from corpus.model import Span
from index.lexical import terms
from index.query import words

Finder = Callable[[str], Sequence[str]]


class Names(NamedTuple):
    """What a text names: ``canonical`` names of places and bodies, spelled nearly right; ``places`` and ``bodies`` that
    stand in it word for word, folded; ``heads``, the words, folded, with which many names begin; and ``titles``, folded, that
    hold a pronoun ("live it well")."""

    canonical: Finder
    places: Finder
    bodies: Finder
    heads: Collection[str] = ()
    titles: Collection[str] = ()

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
# What documents, bodies and parts of them are called.
KIND = (
    r"(?:report|paper|document|plan|strategy|review|survey|assessment|audit|engagement|consultation|newsletter|minutes|board|"
    r"committee|sub-committee|group|forum|panel|partnership|trust|council|team|service|scheme|programme|project|fund|"
    r"outcome|theme|round|phase|draft|staff)s?"
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
SAYS = re.compile(
    r"\b(?:does|do|did) .+? (?:say|tell (?:us|me)|recommend|state|conclude|suggest|report)\b(?: \w+)?? (?:about|on) (?P<what>.+)$",
    re.IGNORECASE,
)
_YEAR = re.compile(r",? \b(?:in|by|for|since|during) (?:19|20)\d\d(?:(?:[-/]| to )(?:\d\d)?\d\d)?$")
_HELPS = re.compile(  # what only helps to ask, and brackets
    r"^(?:(?:was|were|should|did|do|does|is|are|can|could|would|will|has|have|had|there)\s+)+|[()]",
    re.IGNORECASE,
)
_BESIDE = re.compile(r"\(([^()]+)\)\W*$")
_WH = re.compile(r"(?:(?:and|but|so) )?(?:who|what|when|where|which|why|how)\b", re.IGNORECASE)
_LONG = 20  # words
_BETWEEN = re.compile(r" (?:between|from) the [^?]*\b(?:drafts?|finals?|versions?)$", re.IGNORECASE)
_DEEDS = "wrote|created|proposed|coordinated|completed|published|commissioned|approved|produced|prepared|founded|launched|organised"
DID = re.compile(rf"(?:and |but )*who (?:{_DEEDS})\b", re.IGNORECASE)
_LEADING = re.compile(
    rf"(?:(?:{_DEEDS}|does|do|did|is|are|was|were|will|has|have|can|about|for|of|on|being done|chairs?|chaired|mentions?|includes?|covers?|"
    r"funds?|pays?|delivers?|provides?|supports?|(?:works?|changed|changes|new|different|dropped)(?= (?:at|in|on|about|for|with))|"
    r"at|in|with|there|anything|something|the (?:targets?|baselines?|deadlines?|dates?|leads?|leaders?|indicators?|sources?)"
    r"(?= (?:for|of|on|in))) )+"
)
_TRAILING = re.compile(
    r" (?:(?:be|been|being|due to|planned to|going to|supposed to) ){0,3}(?:launch|start|begin|open|finish|end|close|happen|take place|leads?|run|own|"
    r"do|say|cover|cost|mean|stand for|about|due|launched|started|opened|finished|set up|founded|established|published|approved)$"
)
_MEASURE = re.compile(r" (?:targets?|baselines?|leads?)\b")
_HAS = frozenset(  # what bodies and plans have
    terms(
        f"{' '.join(POST_OF)} annual yearly vice total main key overall current new interim deputy income turnover budget spending "
        "expenditure revenue funding staff employees workforce workers people members membership headquarters address office "
        "independent elected appointed joint acting themes findings recommendations conclusions lessons website phone telephone number email contact population priorities priority aims vision mission values purpose role "
        "remit objectives goals responsibilities name full"
    )
)
_NUMBERS = frozenset(terms("two three four five six seven eight nine ten eleven twelve"))
_OWNED = re.compile(r"^(?P<owner>.+?)['’]s? (?P<what>[\w ]+)$")
_OF = re.compile(r"^(?:the |an? )?(?P<what>[\w ]+?) (?:of|at|for) (?P<owner>.+)$")


def is_had(text: str) -> bool:
    """Whether a text names only what a body or plan has ("chief executive", "annual income")."""
    found = [word for word in terms(text) if word not in _NUMBERS]
    # A consultation is no consultant, whom it is written like once endings are cut.
    return bool(found) and all(word in _HAS for word in found) and "consultation" not in text.lower()


def had_by(text: str) -> tuple[str, str]:
    """Whose the thing is that a text names, and the thing ("the income of X", "X's income"); empty for others."""
    found = _OWNED.match(text.rstrip(" ?.")) or _OF.match(text.rstrip(" ?."))
    return (found["owner"], found["what"]) if found and is_had(found["what"]) else ("", "")


def had_at(question: str) -> Span | None:
    """Where a question names whose the thing is that it asks for."""
    said = topic_at(question)
    owner, _ = had_by(said.of(question)) if said else ("", "")
    start = question.find(owner, said.start) if said and owner else -1
    return Span(start, start + len(owner)) if start >= 0 else None


def subject(question: str, names: Names) -> Span | None:
    """Where a question says what it is about, without where, when and in which version; None where it says nothing. Of a
    question for several things, that is where the first says it."""
    if parts := parts_of(question):
        question = parts[0].text if question.startswith(parts[0].text) else question
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
    if says := SAYS.search(bare):
        return Span(*says.span("what"))
    return topic_at(bare)


def topic_in(question: str) -> str:
    """What a question asks about, as it is written there: it without its asking words."""
    topic = topic_of(_flat(question))
    start = _flat(question).find(topic)
    return question[start : start + len(topic)] if start >= 0 else question


def about_of(question: str) -> str:
    """What a question asks about, without words that only help to ask, to stand beside another; where that is long, only
    what already stood beside it."""
    beside = _BESIDE.search(question)
    if beside and _WH.match(beside[1]):
        question = f"{question[: beside.start(1)]}{about_of(beside[1])}{question[beside.end(1) :]}"
        beside = _BESIDE.search(question)
    about = _HELPS.sub("", topic_in(question).removesuffix(": list all")).strip(" ?.")
    return beside[1] if beside and len(about.split()) > _LONG else about


def _flat(text: str) -> str:
    """A text in small letters and with plain apostrophes, as long as it was."""
    return "".join(one.lower() if len(one.lower()) == 1 else one for one in text.replace("’", "'"))


def topic_at(question: str) -> Span | None:
    """Where a question stands without its asking words."""
    told = topic_in(question)
    start = question.find(told)
    topic = _flat(told)
    leads = _LEADING.match(topic)
    first = leads.end() if leads else 0
    kept = _TRAILING.sub("", topic[first:])
    if kept.count("(") != kept.count(")"):
        kept = kept.partition("(")[0].rstrip()
    first += start
    flat = _flat(question)
    own = _MEASURE.match(flat[first + len(kept) :])  # in "the bus target", it is the target's
    article = len("the ") if not own and flat[:first].endswith(" the ") else 0
    return Span(first - article, first + len(kept)) if terms(kept) else None


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

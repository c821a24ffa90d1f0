"""Puts something else in an earlier question: a place for a place, a year for a year, a version, a new subject."""

from __future__ import annotations

import re

from assistant.conversation.clause import VERB, doer_at, object_at, one_does
from assistant.conversation.subject import (
    KIND,
    PEOPLE,
    QUALIFIERS,
    SAYS,
    Names,
    had_at,
    put,
    subject,
    topic_at,
)
from corpus.model import Span
from corpus.text import fold
from index.lexical import terms

_CORRECTS = r"no|nope|sorry|actually|wait|oops|whoops|hang on|hold on|my mistake|apologies|i mean"
_ALSO = rf"(?:(?:and|but|so|oh|ok(?:ay)?|well|right|then|{_CORRECTS})\b[,.!]*[ -]*)*"
_IN_VERSION = r",? (?:in|for) the (?:[\w-]+ ){0,2}?(?:draft|final|earlier|previous|latest|current)(?: (?:version|plan|one))?"
_OPENS = re.compile(
    rf"^{_ALSO}(?:(?:what|how) about|i (?:meant|mean|was asking about|did mean)(?: to ask(?: about| for)?)?)\s+(?P<asked>.+)$|"
    rf"^{_ALSO}(?:and|but)\s+(?P<more>(?:in|for|at|by|with|under|the)\b.*|\S+(?:\s+\S+){{0,3}}|(?!\w+ed\b|still\b|not\b|nothing\b|thank)\S+(?:\s+\S+){{0,3}}?{_IN_VERSION})$|"
    rf"^{_ALSO}(?:not|i (?:do not|don['’]t) mean) [^,]+, (?:but )?(?P<instead>[^,]+)$|"
    rf"^{_ALSO}(?:only|just)\s+(?:the ones? (?=(?:about|on|in|for|at|by|with|under|from)\b))?(?P<only>.+)$|^{_ALSO}(?P<alone>.+?)\s+only$|"
    rf"^(?:(?:and|but|so|oh) )*(?:{_CORRECTS})\b[,.!]*[ -]+(?:(?:{_CORRECTS})\b[,.!]*[ -]+)*(?P<corrected>\S+(?:\s+\S+){{0,4}})$|"
    r"^(?:and )?which of (?:them|those|these) (?:are|is|were) (?P<some>(?:in|under|for|from|by|about) .+)$",
    re.IGNORECASE,
)
_ENDS = re.compile(r"(?:,? (?:then|though|too|as well|instead|please))+$", re.IGNORECASE)
_QUESTION = re.compile(
    r"^(?:who|what|when|where|which|why|how|is|are|does|do|did|was|were|can)\b", re.IGNORECASE
)
_NAME = 3  # content words of a name at most
_LONG = 7  # content words; what is longer is a topic of its own
_GOING_ON = ("asked", "more", "instead", "corrected")  # ways of beginning that say that something new comes
_MANY = 30  # words, at most, of what goes on
_ASKS_ON = re.compile(r", (?:who|what|when|where|which|why|how)\b", re.IGNORECASE)  # "in X, how many came?"
_NUMBERED = re.compile(r"^(?P<kind>[a-z]{4,}) (?P<number>\d{1,2}(?:\.\d+)?)$", re.IGNORECASE)
_ONES = re.compile(r"^the (.+) ones$", re.IGNORECASE)
_ONE = re.compile(r"^the (.+) one$", re.IGNORECASE)
_WITH = re.compile(
    r"^(?P<with>for|about|on|of|under|by|with|in|at|across|from) (?:the one (?:in|for|at|on) )?",
    re.IGNORECASE,
)
_PEOPLE = re.compile(rf"\b(?:{PEOPLE})$", re.IGNORECASE)  # for whom a thing is, which is no other thing
_YEARS = re.compile(r"\b((?:19|20)\d\d)(?:([-/])(\d\d(?:\d\d)?))?\b")
_YEAR = re.compile(
    r"(?:^(?:(?:in|for|by|during) )?| (?:in|for|by|during) )((?:19|20)\d\d(?:[-/]\d\d(?:\d\d)?)?)$"
)
_PERIOD = re.compile(r"\b(?:19|20)\d\d (?:to|until) (?:19|20)\d\d\b")
LEADS = re.compile(r"^who (?:leads|is leading|runs)(?: on)? (?P<what>.+)$", re.IGNORECASE)
_PAPER = re.compile(rf" {KIND}$")
_IN_PAPER = re.compile(
    r" in (?:the|this|our) (?:[\w'’&-]+ ){0,5}?(?:report|paper|document|plan|strategy|review|survey|assessment|audit|draft|"
    r"logframe|framework)$",
    re.IGNORECASE,
)
_BESIDE = re.compile(
    r"^(?:and |but )*(?:(?:what|how) (?:about|(?:(?:many|much) )?(?:was|were|is|are) (?:it|they|that|there)) )?(?:in |for )?"
    r"(?:how (?:does|do|did) (?:that|it|this|they|those) compare (?:to|with|against) )?the (?:(year before|previous year|year earlier)|(year after|following year|next year|year later))$"
)


def replaced(before: str, new: str, names: Names, *, about: str = "", opened: bool = True) -> str | None:
    """An earlier question about something new, put where it speaks of what it is ``about``; None where the new is nothing
    of the sort. Where it is not ``opened``, it must begin as what goes on ("and", "what about"), or be
    nothing but a place, a body, a version or a year."""
    if len(new.split()) > _MANY:
        return None
    if beside := _BESIDE.match(fold(new).strip(" ?.!")):
        return _beside(before, beside)
    rest, narrows, begins = _opening(_ENDS.sub("", new.strip(" ?.!")))
    if not _is_new(rest):
        return None
    if begins and begins["some"]:
        before = re.sub(r"^how many\b", "which", before, flags=re.IGNORECASE)
    if numbered := _numbered(before, rest):
        return numbered
    stem, left = _qualified(before, rest)
    if not left:
        return f"{stem}?"
    named = _is_name(left, names)
    if narrows and not named:
        return f"{stem} {left}?"
    if not (opened or named or narrows or begins and any(begins[one] for one in _GOING_ON)):
        return None
    return _renewed(f"{stem}{'?' if before.rstrip().endswith('?') else ''}", left, names, about)


def _opening(said: str) -> tuple[str, bool, re.Match[str] | None]:
    """What is new in a text, without the words that begin it; whether it narrows what was asked; and how it begins."""
    begins = _OPENS.match(said)
    if begins is None:
        return said, False, None
    rest = next(filter(None, begins.groups()))
    ones = _ONES.match(rest)
    narrows = begins["some"] or ones or ((begins["only"] or begins["alone"]) and _WITH.match(rest))
    return re.sub(r" only$", "", f"for {ones[1]}" if ones else rest), bool(narrows), begins


def _is_new(rest: str) -> bool:
    """Whether a text may be put into an earlier question: something, short, and no question itself."""
    asks = _QUESTION.match(rest) or _ASKS_ON.search(rest)
    return (
        not asks and bool(terms(rest, stop=False)) and (len(terms(rest)) <= _LONG or bool(_WITH.match(rest)))
    )


def _beside(before: str, found: re.Match[str]) -> str:
    """An earlier question about the year before or after the one that it names."""
    year = _last_year(before)
    earlier, later = found.groups()
    if year is None:
        return f"{before.rstrip(' ?.')} for the {earlier or later}?"
    return _a_year_off(before, year, -1 if earlier else 1)


def _numbered(before: str, rest: str) -> str | None:
    """An earlier question about another of a numbered kind: "outcome 6" where it says "outcome 4"."""
    new = _NUMBERED.match(rest)
    old = new and re.search(rf"\b{new['kind']} (?P<number>\d{{1,2}}(?:\.\d+)?)\b", before, re.IGNORECASE)
    if not new or not old:
        return None
    return f"{before[: old.start('number')]}{new['number']}{before[old.end() :].rstrip(' ?.')}?"


def _is_name(text: str, names: Names) -> bool:
    bare = _bare(text)
    return names.is_place(bare) or names.is_body(bare)


def _bare(text: str) -> str:
    """What is named, without the word that joins it ("in Upton", "Osney's", "the attainment one")."""
    return re.sub(r"['’]s?$", "", _ONE.sub(r"\1", _WITH.sub("", text)))


def _qualified(before: str, rest: str) -> tuple[str, str]:
    """An earlier question with the version, the numbered outcome and the year of a text in the place of its own, and
    what is left of the text."""
    stem = before.rstrip(" ?.").removesuffix(": list all")
    for qualifier in QUALIFIERS:
        if found := qualifier.search(rest):
            own = qualifier.search(stem)
            stem = stem[: own.start()] if own and own["with"] else stem
            stem = f"{stem} in {found['what']}"
            rest = rest[: found.start()].strip(" ,")
    found = _YEAR.search(rest)
    if found and (found.start() == 0 or _last_year(found[1])):
        year = _last_year(stem)
        stem = f"{stem[: year.start()]}{found[1]}{stem[year.end() :]}" if year else f"{stem} in {found[1]}"
        rest = rest[: found.start()].strip()
    return stem, rest


def _renewed(before: str, rest: str, names: Names, about: str) -> str:
    """An earlier question about another place, body or subject, put where the old one was, or else after it."""
    joined = _WITH.match(rest)
    link = joined["with"].lower() if joined else ""
    bare = _bare(rest)
    stem = before.rstrip(" ?.")
    if about.endswith(" both") and names.is_place(bare):
        return re.sub(r"^do\b", "does", before.replace(about, _typed(bare, names)))
    if names.is_place(bare):
        return _in_place(before, bare, link, names)
    if names.is_body(bare):
        return _for_body(before, bare, link, names)
    if of := _doer_for(before, bare, link, names):
        return put(before, of, bare)
    if link in ("in", "at", "under", "by", "with", "from", "across"):
        same = re.search(rf" {link} (?!.* {link} ).*$", stem)
        return f"{stem[: same.start()] if same else stem} {rest}?"
    start = before.find(about) if about else -1
    told = Span(start, start + len(about)) if start >= 0 else None
    at = told or had_at(before) or object_at(before) or _without_paper(subject(before, names), before)
    for_people = bool(at and _PEOPLE.search(bare) and not _PEOPLE.search(at.of(before)))
    if at is None or for_people or _says_all(before, at):
        return f"{stem} {rest if link else f'for {rest}'}?"
    return put(before, at, bare)


def _without_paper(at: Span | None, question: str) -> Span | None:
    """What a question is about, without the paper in which it asks for it ("the noise target in the Tide Plan")."""
    within = _IN_PAPER.search(at.of(question)) if at else None
    if at is None or within is None or VERB.search(at.of(question)[: within.start()]):
        return at
    return topic_at(question[: at.start + within.start()]) or at


def _in_place(before: str, place: str, link: str, names: Names) -> str:
    """An earlier question about another place."""
    stem, said = before.rstrip(" ?."), re.escape(place)
    if two := re.search(rf" (?:in|across|at) (?:[A-Z]\w+ and {said}|{said} and [A-Z]\w+)$", stem):
        return f"{stem[: two.start()]} in {place}?"  # of two places that were named together
    if not link and not names.place_in(before) and (asked := one_does(before, _typed(place, names))):
        return asked
    body = names.body_in(before)
    told = body if body and not link and not before[: body.start].endswith(" of the ") else None
    old = names.place_in(before) or told
    return put(before, old, _typed(place, names)) if old else f"{stem} {link or 'in'} {place}?"


def _for_body(before: str, body: str, link: str, names: Names) -> str:
    """An earlier question about another body; who leads something in a place becomes what the body leads of it, as it is
    no place."""
    stem = before.rstrip(" ?.")
    leads, at = LEADS.match(stem), names.place_in(before)
    if leads and at and (what := before[leads.start("what") : at.start].rpartition(" in ")[0]):
        return f"What does {body} lead on {what}{stem[at.end :]}?"
    old = names.body_in(before) or names.place_in(before) or had_at(before) or _name_in(before, names)
    return put(before, old, _typed(body, names)) if old else f"{stem} {link or 'for'} {body}?"


def _doer_for(before: str, new: str, link: str, names: Names) -> Span | None:
    """Where an earlier question names who does what it asks of, if the new is the like: a paper for a paper, a name for a
    name."""
    doer = doer_at(before, names)
    if doer is None:
        return None
    if _PAPER.search(new) and _PAPER.search(doer.of(before)):
        return doer
    names_both = all(one.removeprefix("the ")[:1].isupper() for one in (new, doer.of(before)))
    return doer if names_both and not link and not SAYS.search(before) else None


def _name_in(question: str, names: Names) -> Span | None:
    """Where a question names what it is about, written as a name: a body that the register does not know."""
    at = subject(question, names)
    return at if at and at.of(question).removeprefix("the ")[:1].isupper() else None


def _says_all(question: str, at: Span) -> bool:
    """Whether what a question is about takes in what it asks of it ("What will the fund pay for?"), so that nothing would
    be asked of what came in its place; a short name does not."""
    left = [one for one in terms(put(question, at, "")) if not one[0].isdigit()]
    return not left and len(terms(at.of(question))) > _NAME


def _typed(name: str, names: Names) -> str:
    """A name as the documents write it, where it differs only by that."""
    return next((one for one in names.canonical(name) if fold(one) == fold(name)), name)


def _last_year(before: str) -> re.Match[str] | None:
    """The last year that a question names, which may run over two ("2022-23"); periods of several years are names."""
    single = _PERIOD.sub(lambda found: " " * len(found[0]), before)
    years = [one for one in _YEARS.finditer(single) if not one[3] or (int(one[3]) - int(one[1])) % 100 == 1]
    return years[-1] if years else None


def _a_year_off(before: str, year: re.Match[str], by: int) -> str:
    first, joint, last = year.groups()
    over = f"{joint}{(int(last) + by) % 10 ** len(last):0{len(last)}}" if joint else ""
    return f"{before[: year.start()]}{int(first) + by}{over}{before[year.end() :]}"

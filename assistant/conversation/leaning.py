"""A turn of a conversation as it stands alone, and a question that may lean on it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from assistant.conversation.clause import doer_at, meant
from assistant.conversation.subject import DID, KIND, SAYS, Names, had_at, had_by, subject
from corpus.text import fold
from index.lexical import terms

_EXISTS = r"(?<!are )(?<!is )there(?! be\b| is\b| are\b)"  # not "how many are there", "will there be"
PRONOUN = re.compile(
    rf"\b(?:that|this|it|its|they|them|their|those|these|{_EXISTS}|he|she|his|her|him|the same|(?<!-)one(?!-))\b"
)
SIDES = frozenset(
    terms(
        "target baseline deadline date lead leader plan aim source indicator milestone commitment outcome status due figure number come from responsible charge accountable rate level current latest"
    )
)
ASKING = SIDES | frozenset(
    terms(
        "about list all more tell me much many run give show us mean name say said know please can you could everything anything something first second third fourth fifth last next other"
    )
)
_ENOUGH = 2  # content words with which a question says something itself
SHORT = 7  # content words; a longer question stands on its own even with a pronoun in it
GOES_ON = re.compile(r"^(?:(?:and|but|so|then|ok(?:ay)?),? )+", re.IGNORECASE)
PERSON = re.compile(r"\b(?:he|she|him|his|her)\b", re.IGNORECASE)
_IN_NAME = re.compile(
    r"(?<=[a-z] )(?:It|Its|They|Their|This|That|These|Those|There|One|Her|His)\b|(?<=[A-Z])'s one\b"
)
_TITLED = re.compile(r"\b[A-Z]\w+ (?:It|Its|They|Their|This|That|These|Those|There|One|Her|His) [A-Z]\w+")
_NO_PRONOUN = re.compile(
    r"\bit (?=(?:costs?|takes?|took|needs?) to\b)|\b(?:is|was) it (?=(?:possible|true|likely|necessary|legal|important|useful|handy|hard|easy|better|best|wise|right|wrong|fair|unfair|sensible|justified) (?:to|that|for)\b)"
    r"|\bto it (?=that\b)|\bthe (?:same|one) (?=(?:who|which|that)\b)"
    # "the scheme that treats": it begins a clause, unless a verb before makes it a thing: "of what size is that"
    r"|(?<=\bthe )(?:(?!that\b)[\w-]+ ){0,2}?(?!(?:that|is|are|was|were|does|do|did|has|have|at|in|on|of|for|by|to|from|"
    r"with|about|under|after|before|during|since)\b)[\w-]+ that (?=\w)"
    r"|(?<=\bwhich )(?!(?:is|are|was|were|does|do|did|has|have)\b)[\w-]+ that (?=\w)"
    r"|(?<!who )\b(?:were|was) there(?=$| (?:in|for|on|of|at)\b)",
)
_RUN = re.compile(
    r"\b(?:the )?(?<![.?!] )[A-Z][\w'’&-]*(?: (?:(?:of|and|for|the|to|in|on|&) ){0,2}[A-Z][\w'’&-]*)+"
    rf"(?:(?: (?!of\b|for\b|in\b|on\b|to\b|at\b|by\b)[a-z][\w-]*){{1,6}}? {KIND}\b(?! [a-z]+s\b)|(?: [a-z]+)?)"
)
_OF_PAPER = re.compile(  # what is asked of a paper, not of what it tells of
    r"\b(?:says?|mentions?|recommends?|wr[io]t\w+|authors?|completed|published|indicators?|pages?|approved|commissioned)\b"
)
_ENDS_IN_KIND = re.compile(rf" {KIND}$")
_ONLY_KIND = re.compile(rf"(?:the|this|our) {KIND}$")  # no name
BRACKETED = re.compile(r" \([^()]+\)\?$")


class Turn(NamedTuple):
    """A turn as it stands alone; the question that later turns lean on, which is an earlier one where the turn only has it
    in brackets; what it is about, where that was told before; the document, body or plan named last; two places or bodies
    of which one took the place of the other; and where it called a thing by its place in a list, the question that the
    list answers, and the place."""

    whole: str = ""
    base: str = ""
    about: str = ""
    topic: str = ""
    both: tuple[str, str] | None = None
    list_of: str = ""
    at: int | None = None


class Leaning(NamedTuple):
    """A question, the same folded without its closing mark, and the turn before it."""

    question: str
    said: str
    last: Turn
    names: Names

    @property
    def before(self) -> str:
        """The question before, as it stands alone."""
        return self.last.base

    @property
    def about(self) -> str:
        """What the question before is about, where it was told earlier."""
        return self.last.about

    @property
    def stem(self) -> str:
        """The question before, without its closing mark."""
        return self.before.rstrip(" ?.")

    @property
    def thing(self) -> str:
        """What the question before is about."""
        doer = doer_at(self.before, self.names) if SAYS.search(self.before) else None
        if doer and not self.about and _OF_PAPER.search(self.said):
            return doer.of(self.before)
        at = subject(self.before, self.names) if PERSON.search(self.question) else None
        if at is None:
            return self.about.removesuffix(" both") or meant(self.before, self.names)
        told = at.of(self.before)
        if (
            DID.match(self.before)
            or fold(self.before).startswith(f"who {fold(told)}")
            and not had_by(told)[0]
        ):
            return ""  # "Who wrote the report?" says only what they did
        return re.sub(r"^(?:elected|appointed|named) ", "the ", told)

    @property
    def is_doer(self) -> bool:
        """Whether what the question before is about is one that does something there, by its name."""
        doer = doer_at(self.before, self.names)
        return doer is not None and doer.of(self.before) == self.thing and self.thing != self.thing.lower()

    @property
    def leans(self) -> bool:
        """Whether a pronoun of the question stands for something before it."""
        return bool(PRONOUN.search(self.bare))

    @property
    def bare(self) -> str:
        """The question, folded, without pronouns that are part of a name or stand for nothing."""
        said = _bare(self.question)
        for title in self.names.titles:
            said = said.replace(title, " ")
        return said


def with_pronouns(titles: Iterable[str]) -> frozenset[str]:
    """The parts of titles, folded, in which a pronoun stands between two other words of a name."""
    return frozenset(fold(found.group()) for title in titles for found in _TITLED.finditer(title))


def stands_alone(question: str) -> bool:
    """Whether a question has no pronoun that stands for something before it, and says enough by itself."""
    return _says_enough(question) and not PRONOUN.search(_bare(question))


def _says_enough(question: str) -> bool:
    return sum(word not in ASKING for word in terms(question)) >= _ENOUGH


def _bare(question: str) -> str:
    return _NO_PRONOUN.sub(" ", fold(_IN_NAME.sub(" ", question)).strip(" ?.!"))


def leaning_on(last: Turn, question: str, names: Names) -> Leaning:
    """A question after a turn that it may lean on."""
    return Leaning(question, fold(question).strip(" ?.!"), last, names)


def by_itself(question: str, last: Turn, names: Names) -> Turn:
    """The turn that a question makes as it was asked."""
    return Turn(question, question, topic=named(question, names) or last.topic)


def after(one: Leaning, whole: str, *, same: bool) -> Turn:
    """The turn that a question makes as it stands alone; ``same`` where it stays about what the one before is about."""
    carried = bool(BRACKETED.search(whole)) and "(" not in one.question and not _says_enough(one.question)
    base = one.before if carried else _without_beside(one, whole)
    topic = named(one.question, one.names) or one.last.topic
    if same:
        about = had_by(one.thing)[0] if PERSON.search(one.question) else ""
        return one.last._replace(whole=whole, base=base, about=about or one.thing, topic=topic)
    both = f"{' and '.join(one.last.both)} both" if one.last.both else ""
    return Turn(
        whole,
        base,
        both if both and both in whole else "",
        named(whole, one.names) or topic,
        _two(one.before, whole, one.names),
    )


def _without_beside(one: Leaning, whole: str) -> str:
    """A whole question, without what was put beside one that itself asks something of a place or body."""
    asked = one.question.strip(" ?.!")
    at = one.names.place_in(asked) or one.names.body_in(asked)
    rest = f"{asked[: at.start]}{asked[at.end :]}" if at else ""
    return f"{asked}?" if whole.startswith(f"{asked} (") and _says_enough(rest) else whole


def named(question: str, names: Names) -> str:
    """The document, body or plan that a question names; empty where it names none."""
    doer = doer_at(question, names)
    body = names.body_in(question)
    run = next((found for found in _RUN.finditer(question) if not names.is_place(found.group())), None)
    if had := had_at(question):
        return had.of(question) if re.search("[A-Z]", had.of(question)) else ""
    if run:
        told = run.group() if _ENDS_IN_KIND.search(run.group()) else re.sub(r" [a-z]+$", "", run.group())
        return re.sub(r"['’]s?$", "", told)
    if body:
        return body.of(question)
    told = doer.of(question) if doer else ""
    return "" if _ONLY_KIND.match(told) or names.is_place(told) else told


def _two(before: str, whole: str, names: Names) -> tuple[str, str] | None:
    """The places or bodies of two questions, where they differ."""
    for found in (names.place_in, names.body_in):
        old, new = found(before), found(whole)
        if old and new and old.of(before) != new.of(whole):
            return old.of(before), new.of(whole)
    return None

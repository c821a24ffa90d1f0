"""Refusals: what was not found, and the nearest things that the documents do hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from assistant.conversation.leaning import ASKING, BRACKETED, GOES_ON
from assistant.draft import Draft, Line
from assistant.evidence.link import Linked
from assistant.evidence.retrieve import Hit
from assistant.narrative.sections import heading_of, question_about
from assistant.question.own_view import asks_advice, asks_view
from assistant.question.understand import Reading
from corpus.model import Commitment, PlanEntry
from index.lexical import LexicalIndex, terms

_WORD = re.compile(r"[a-z][a-z'-]+")
_NO_ADVICE = (
    "Ledby tells what published documents say; it cannot advise you. Ask your GP or NHS 111 about your health, Citizens "
    "Advice about money, housing or your rights, your council about somebody who may be abused or neglected."
)
_NO_VIEW = (
    "Ledby tells what published documents say; it has no view of its own and writes nothing of its own. Ask what the documents "
    "say about it."
)
_NO_THING = frozenset(
    [
        "itself",
        "themselves",
        "himself",
        "herself",
        "yourself",
        "ourselves",
        "bit",
        "bits",
        "stuff",
        "thing",
        "things",
        "please",
    ]
)
_LITTLE = frozenset(
    terms(
        "who what whats where when why how which would could should have had has were was any them those these they it i me my own "
        "one ones sorry meant mean no instead same rather too also then there here id did does do"
    )
)
_SHARE = 0.5  # of the rarity of a question's own words that a quote must hold
_NEAREST = 3
_NEAR = 0.31  # how well a record must be linked to be told of as near
_OF_REGISTER = ("lead", "plan", "commitment", "nolead", "place")
_MET = 0.6  # how well a passage must meet the question, of 1, to be told of as near
_NEAR_BY = 0.45  # the same, for its section to be suggested
_LONGEST = 100  # characters; longer names are rows that run together


def decline(
    reading: Reading,
    linked: Sequence[Linked],
    lexical: LexicalIndex,
    hits: Sequence[Hit] = (),
    says: str = "",
) -> Draft:
    """A refusal without citations. The text names what is near, and the suggestions ask for it: of the register where the
    question asks for what stands there, else the sections of ``hits``, with what the first of them ``says``."""
    missing = _not_mentioned(reading, lexical)
    said = (
        f"The documents do not mention “{missing}”." if missing else "I could not find this in the documents."
    )
    scores = {name: one.score for one in reversed(linked) if (name := _name(one)) and len(name) <= _LONGEST}
    nearest = sorted(scores, key=lambda name: -scores[name])[:_NEAREST]
    near_by = [f"“{name}”" for name in nearest if scores[name] >= _NEAR]
    if reading.has(*_OF_REGISTER):
        says = ""
    else:
        near_by = [*_sections(hits, says), *near_by]
    sections = (
        [] if reading.has(*_OF_REGISTER) else [question_about(hit) for hit in hits if hit.maxsim >= _NEAR_BY]
    )
    leads = [f"Who leads “{name}”?" for name in nearest if not any(sections) or scores[name] >= _NEAR]
    near = f" Nearest: {'; '.join(near_by[:_NEAREST])}." if near_by else ""
    if says:
        near += f" It says there: “{says}”" if len(near_by) == 1 else f" The first of these says: “{says}”"
    return Draft(
        "none",
        (Line(said + near),),
        0.0,
        answered=False,
        completeness="none",
        suggestions=tuple(dict.fromkeys(filter(None, [*sections, *leads])))[:_NEAREST],
    )


def refused_outright(folded: str) -> Draft | None:
    """The refusal to a message that asks for advice, with where to ask it, or for what Ledby thinks or would write; beyond
    doubt. None to any other."""
    asked = BRACKETED.sub("?", folded)  # without what was put beside it
    said = _NO_ADVICE if asks_advice(asked) else _NO_VIEW if asks_view(asked) else ""
    return Draft("none", (Line(said),), 1.0, answered=False, completeness="none") if said else None


def unclear(pronoun: str) -> Draft:
    """A refusal to a question of which only a ``pronoun`` tells what it is about, and no earlier question does."""
    said = f"What does “{pronoun}” stand for? Name the plan, the commitment, the place or the paper."
    return Draft("none", (Line(said),), 0.0, answered=False, completeness="none")


def _sections(hits: Sequence[Hit], says: str) -> list[str]:
    """The sections of the passages that meet the question well; the first also where it ``says`` something of it."""
    met = [hit for hit in hits[:_NEAREST] if hit.maxsim >= _MET]
    return list(dict.fromkeys(map(_place, [*hits[:1], *met] if says else met)))


def _place(hit: Hit) -> str:
    heading = heading_of(hit.passage)
    told = f"“{heading}” in " if heading else ""
    return f"{told}{hit.document.name}"


def _not_mentioned(reading: Reading, lexical: LexicalIndex) -> str:
    """The longest word of the topic that stands nowhere in the documents and names something: it is written with a
    capital or ends the question."""
    words = _WORD.findall(reading.topic)
    unknown = [
        word
        for word in words
        if len(word) > 3
        and word not in _NO_THING
        and (stems := terms(word))
        and not any(lexical.knows(stem) for stem in stems)
    ]
    named = [word for word in unknown if word == words[-1] or f" {word.capitalize()}" in reading.asked]
    missing = max(named, key=len, default="").removesuffix("'s")
    typed = re.search(rf"\b{re.escape(missing)}\b", reading.asked, re.IGNORECASE)
    return typed.group() if missing and typed else missing


def _name(linked: Linked) -> str:
    record = linked.record
    if isinstance(record, Commitment):
        return record.name
    return (record.plan or "") if isinstance(record, PlanEntry) else ""


def own_words(question: str) -> set[str]:
    """The stems of a question that say what it is about."""
    return set(terms(GOES_ON.sub("", question))) - ASKING - _LITTLE


def speaks_of(text: str, question: str, rarity: Callable[[str], float]) -> bool:
    """Whether a text holds half of a question's own words, weighed by the ``rarity`` of their stems."""
    return share(text, own_words(question), rarity) >= _SHARE


def share(text: str, own: set[str], rarity: Callable[[str], float]) -> float:
    """The share of some stems that a text holds, weighed by their rarity; 1 where there are none."""
    whole = sum(map(rarity, own))
    return sum(map(rarity, own.intersection(terms(text)))) / whole if whole else 1.0

"""Question -> answer: reads it, looks it up, searches, composes, checks, or declines."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import NamedTuple

from assistant import cite
from assistant.changes.answers import Changes
from assistant.conversation.followup import refers_to_nothing
from assistant.conversation.items import listed
from assistant.conversation.leaning import with_pronouns
from assistant.conversation.senses import BESIDE, CLAIMED, FOLDED, Asked, Sense, asked_in, turns_in
from assistant.conversation.subject import Names
from assistant.declining.choice import SURE, Weights, judged, limit, load_weights, needed_share
from assistant.declining.cross_encoder import CrossEncoder
from assistant.declining.decline import decline, refused_outright, speaks_of, unclear
from assistant.declining.events import untold
from assistant.declining.measures import Judge
from assistant.declining.sense_choice import CLEAR, SenseChoice, in_doubt, load_model
from assistant.draft import Draft
from assistant.evidence.link import Linker
from assistant.evidence.match import Matcher
from assistant.evidence.narrow import EVERYWHERE, Narrowing
from assistant.evidence.retrieve import ALL_PARTS, Hit, Query, Retriever
from assistant.lookups.details import RowDetails
from assistant.lookups.entry_lists import EntryLists
from assistant.lookups.indicators import Indicators, gives_figures
from assistant.lookups.lookup import Lookups
from assistant.lookups.record_lists import RecordLists
from assistant.lookups.retold import Retold
from assistant.lookups.short_forms import unknown_asked
from assistant.narrative.enumerated import EnumeratedLists
from assistant.narrative.extremes import Extremes
from assistant.narrative.figures import Figures
from assistant.narrative.mentions import Mentions
from assistant.narrative.narrate import beside, figure_near, nearest_words
from assistant.narrative.narratives import Narratives
from assistant.narrative.numbered import NumberedHeadings
from assistant.narrative.posts import Posts
from assistant.narrative.votes import Votes
from assistant.question.asides import aside
from assistant.question.claims import figure_asked
from assistant.question.everyday import Everyday
from assistant.question.parts import parts_of, shared_parts
from assistant.question.scope import Scope
from assistant.question.understand import Ask, Reading, asks_reason, read_question, without_besides
from assistant.wording.llm import reworded
from corpus.model import Answer, Record, Span
from corpus.text import fold
from index.embed import Embedder
from index.generation import Index, open_index
from index.query import RegisterQuery
from index.settings import settings

_SURE_LEAD = 0.8  # of a lead where one is asked for
_SURE_MEASURE = 0.7  # of an indicator where a target or baseline is asked for
_HITS = 12
_NAMED_BONUS = 0.12
_FIGURE_BONUS = 0.15  # for a figure that stands beside what the question counts
_CLOSING = " ?.!"
_REMEMBERED = 256  # answers, for what they list and for what later questions lean on


@dataclass(frozen=True, slots=True)
class Found:
    """What was found for a question: as the look-ups need it, the query, its passages, the documents that it names."""

    ask: Ask
    query: Query
    hits: Sequence[Hit]
    named: Mapping[str, float]


Measured = tuple[Draft, dict[str, float]]
"""A draft with its measurements."""


class Chosen(NamedTuple):
    """The place of the draft to give, what is measured of the choice, and whether it is right beyond doubt."""

    at: int
    measured: Mapping[str, float]
    certain: bool = False


class Part(NamedTuple):
    """One of the things that a question asks, and what could be said to it."""

    reading: Reading
    measured: Sequence[Measured]


class Assistant:
    """Answers questions over one index. ``without`` switches parts off, for measuring what each is worth:
    dense, lexical, rerank, adapted, cross_encoder, register, versions, citations, decline."""

    def __init__(self, index: Index, without: Collection[str] = ()) -> None:
        self.index = index
        self.without = frozenset(without)
        self.retriever = Retriever(index, ALL_PARTS - self.without)
        self.register = RegisterQuery(index.register, index.documents)
        self.linker = Linker(self.retriever, self.register)
        self.lookups = Lookups(self.register, self.linker)
        self.retold = Retold(self.register, self.lookups.leads)
        self.indicators = Indicators(self.register, self.linker)
        self.entry_lists = EntryLists(self.register)
        self.row_details = RowDetails(self.register, self.linker)
        self.record_lists = RecordLists(self.register)
        self.numbered = NumberedHeadings(index.documents)
        self.enumerated = EnumeratedLists(index.documents)
        self.scope = Scope(self.register)
        self.changes = Changes(self.register, self.linker, self.scope)
        self.judge = Judge(index)
        self.cross_encoder = CrossEncoder()
        self.matcher = Matcher(index)
        self.mentions = Mentions(self.retriever, self.matcher)
        self.narratives = Narratives(self.retriever, self.matcher)
        self.posts = Posts(index)
        self.figures = Figures(index)
        self.extremes = Extremes(index, self.figures)
        self.votes = Votes(index)
        self.weights = load_weights()
        self.sense_choice = SenseChoice(index, load_model() if self.weights else None)
        self._listed = lru_cache(maxsize=_REMEMBERED)(self._lists)
        self._given = lru_cache(maxsize=_REMEMBERED)(self.likeliest)

    @classmethod
    def open(
        cls, directory: Path, without: Collection[str] = (), embedder: Embedder | None = None
    ) -> Assistant:
        """Open the current generation of an index. Raises IndexError_ when there is none."""
        return cls(open_index(directory, embedder), without)

    @cached_property
    def everyday(self) -> Everyday:
        """Spelling and everyday words, held against the words of this corpus."""
        return Everyday(self.index.words, self.index.embedder.vocabulary(), self.index.lexical.knows)

    def search(self, query: str, k: int = 10) -> list[Hit]:
        """The ``k`` best passages of the current documents."""
        return self.retriever.search(self.retriever.query(query), k, self._documents(""))

    def ask(self, question: str, history: Sequence[str] = (), within: Narrowing = EVERYWHERE) -> Answer:
        """Answer a question as it is meant after the user's earlier ones, oldest first; ``within`` says what the answer may
        be taken from."""
        begun = time.perf_counter()
        told = aside(question)
        sense, draft = (
            (Sense(FOLDED, question), told)
            if told
            else self.given(self.asked(question, history, within), within)
        )
        text, citations, cut = cite.render(draft, self.index.documents)
        answered = draft.answered and (bool(citations) or "citations" in self.without)
        answer = Answer(
            question=question,
            standalone=sense.whole,
            text=text,
            answered=answered,
            kind=draft.kind if answered else "none",
            completeness=draft.completeness if answered else "none",
            citations=citations if answered else (),
            suggestions=draft.suggestions,
            took_ms=round((time.perf_counter() - begun) * 1000, 1),
            notes=draft.notes,
        )
        return reworded(answer, settings(), begun)

    def asked(self, question: str, history: Sequence[str] = (), within: Narrowing = EVERYWHERE) -> Asked:
        """A question after the user's earlier ones, with how it can be meant; ``within`` says what those were answered from."""
        if aside(question):
            return Asked(question, "", (Sense(FOLDED, question),))
        turns = turns_in([*history, question])
        return asked_in(turns, self._names, self._listed, lambda asked: self._leant_on(asked, within))

    def understood(self, question: str, history: Sequence[str] = ()) -> str:
        """A question as it stands alone, with the user's earlier questions folded in."""
        return self.asked(question, history).whole

    def given(self, asked: Asked, within: Narrowing = EVERYWHERE) -> tuple[Sense, Draft]:
        """The same as ``likeliest``, remembered, since the next question may lean on it."""
        return self._given(asked, within)

    def likeliest(self, asked: Asked, within: Narrowing = EVERYWHERE) -> tuple[Sense, Draft]:
        """The sense of a question that is answered, and its draft."""
        draft = self.best(asked.whole, within)
        figure = "" if draft.answered else figure_asked(asked.whole)
        if figure and (told := self.best(figure, within)).answered:
            return Sense(CLAIMED, figure), told
        if self.sense_choice.model is None or len(asked.senses) == 1 or not in_doubt(draft):
            return asked.senses[0], draft
        self._prepare([self._reading(one.whole) for one in asked.senses[1:]])
        drafts = [draft, *(self.best(one.whole, within) for one in asked.senses[1:])]
        at = self.sense_choice.chosen(asked, drafts)
        if at is None and draft.answered and "decline" not in self.without:
            return asked.senses[0], self.refusal(
                asked.whole, within, self._search(self._reading(asked.whole), within)
            )
        return asked.senses[at or 0], drafts[at or 0]

    def _leant_on(self, asked: Asked, within: Narrowing) -> Sense:
        """The sense of a question that later ones lean on: the one that is answered; of one that has no answer and was not
        folded, that beside what was asked before, lest the conversation forget what it is about."""
        sense, draft = self.given(asked, within)
        if draft.answered or sense.whole != asked.question:
            return sense
        return next((one for one in asked.senses if one.way == BESIDE), sense)

    def best(self, whole: str, within: Narrowing = EVERYWHERE) -> Draft:
        """The draft that is most likely right, or a refusal when none is likely enough."""
        if "decline" not in self.without and (refused := refused_outright(fold(whole))):
            return refused
        pronoun = "" if within.documents else refers_to_nothing(whole)  # a document chosen is what "it" is
        if pronoun:
            return unclear(pronoun)
        reading = self._reading(whole)
        if "decline" not in self.without and unknown_asked(reading, self.index.lexical.knows):
            return self.refusal(whole, within)
        considered, parts, found = self._considered(reading, within)
        decided = self._decided(considered, whole, parts)
        if decided is None or "decline" not in self.without and self._beside_the_point(decided, reading):
            return self.refusal(whole, within, found)
        return self.mentions.naming(self.retold.draft(decided, reading, within), reading)

    def _beside_the_point(self, draft: Draft, reading: Reading) -> bool:
        """Whether an answer, however near, cannot be one: it quotes who leads a plan where a target is asked for, or says
        nothing of what a question takes for granted to have happened."""
        if draft.kind != "narrative" or not draft.answered:
            return False
        return self.retold.misses(draft, reading) or untold(reading.folded, draft.told)

    def _decided(
        self, considered: Sequence[Measured], whole: str, parts: Sequence[Part] = ()
    ) -> Draft | None:
        """The draft to give, or what answers each of the parts; None where nothing is likely enough."""
        if self.weights is None:
            return max((draft for draft, _ in considered), key=lambda draft: draft.confidence)
        told = [draft for draft, _ in considered if not draft.answered and draft.confidence >= 1.0]
        if told and not any(draft.kind == "diff" for draft, _ in considered):
            return told[0]  # the place asked for is there and its list is blank: nothing can be likelier
        chosen = self._chosen(self.weights, considered, whole)
        draft, features = considered[chosen.at]
        looked_up = draft.kind not in ("narrative", "diff")
        apart = self._part_by_part(parts) if looked_up else None
        if apart and not apart.within(draft):
            return apart  # one look-up seldom answers two things
        needed = limit(self.weights, features)
        if not parts:
            needed *= needed_share(draft, features, read_question(whole))
        probability = self._likely(self.weights, chosen, needed, lambda: self.cross(whole, draft))
        if "decline" in self.without or probability >= needed:
            return judged(draft, probability)
        return apart if looked_up else self._part_by_part(parts)

    def _part_by_part(self, parts: Sequence[Part]) -> Draft | None:
        """What answers each of the things that a question asks by itself; None where one of them is declined. Two
        answers look like none to what judges them as one."""
        answers = [self._decided(part.measured, part.reading.question) for part in parts if part.measured]
        whole = len(answers) == len(parts) and all(answers)
        return beside(answers) if whole else None

    def _likely(self, weights: Weights, chosen: Chosen, needed: float, cross: Callable[[], float]) -> float:
        if chosen.certain:
            return max(weights.likely(chosen.measured), needed, CLEAR)
        if "cross_encoder" in self.without:
            return weights.likely(chosen.measured)
        return weights.decided(chosen.measured, needed, cross)

    def _chosen(self, weights: Weights, considered: Sequence[Measured], whole: str) -> Chosen:
        """Which draft to give. What is looked up by its name goes first, in the composers' order: a short form, a list or a
        row's columns, a vote, an indicator.
        Where the likeliest quotes text, the figure, the holder of the post or the list of so many things that is asked
        for goes before it, or a look-up of the kind asked for which is sure of what is meant, or tells the same places
        and is hardly less likely: it gives the fact first."""

        def alone(at: int, certain: bool = False) -> Chosen:
            return Chosen(at, weights.first([considered[at][1]])[1], certain)

        reading = read_question(whole)
        sought = {"acronym", "list"}
        if not reading.has("lead", "who", "plan", "place", "diff"):
            sought.add("indicator")
        for at, (draft, _) in enumerate(considered):
            if draft.named and draft.kind in sought:
                return alone(at, certain=True)
        top, measured = weights.first([features for _, features in considered])
        chosen, of_top = considered[top]
        if chosen.kind != "narrative":
            return Chosen(top, measured)
        several = bool(parts_of(whole))
        met = [at for at, (one, _) in enumerate(considered) if one.kind == "narrative" and one.named]
        if met and not several:  # what was looked up is what is named: there is no likelier answer
            return alone(met[0], certain=True)
        if not several and reading.has("many", "measure"):
            for at, (draft, _) in enumerate(considered):
                if gives_figures(draft, chosen):
                    return Chosen(at, measured)
        sure = {"lead": _SURE_LEAD, "indicator": _SURE_MEASURE if reading.has("measure") else SURE}
        for at, (draft, features) in enumerate(considered):
            if draft.kind == "narrative" or not draft.answered or features["own_cue"] != 1:
                continue
            lacks = (
                of_top["name_missing"] > features["name_missing"]
            )  # what is quoted is about something else
            if draft.kind == "lead" and draft.named and lacks and not several:
                return alone(at)
            if draft.confidence >= sure.get(draft.kind, SURE) and not several:
                return alone(at)
            if draft.within(chosen) and weights.as_good(features, of_top):
                return Chosen(at, measured)
        return Chosen(top, measured)

    def cross(self, whole: str, draft: Draft) -> float:
        """The log-odds that a draft answers a standalone question, whole; 0 for one that says nothing."""
        return self.cross_encoder.score(whole, draft.told) if draft.lines else 0.0

    def _parts(self, question: str) -> list[str]:
        """The things that a question asks, each as a question of its own; none where it asks for one only."""
        return [one.whole for one in parts_of(question) or shared_parts(question, self.linker.is_title)]

    def _reading(self, whole: str) -> Reading:
        return read_question(whole, self.everyday.mended(whole))

    def found(self, whole: str) -> Found:
        """What is looked for first for a standalone question, whole."""
        return self._search(self._reading(whole), EVERYWHERE)

    def considered(self, whole: str, within: Narrowing = EVERYWHERE) -> list[Measured]:
        """Everything that could be said to a standalone question, with its measurements. What asks several things is
        also answered thing by thing."""
        return self._considered(self._reading(whole), within)[0]

    def _considered(self, reading: Reading, within: Narrowing) -> tuple[list[Measured], list[Part], Found]:
        """What could be said to a question, and to each of the things that it asks; what was found for it."""
        asked = [read_question(part) for part in self._parts(reading.question)]
        self._prepare([reading, *asked])
        found = self._search(reading, within)
        made = self._drafts(found, within)
        parts = [Part(one, self._answers(one, within)) for one in asked]
        joined = self._joined([part for part in parts if part.measured])
        return self._measured([*made, joined] if joined else made, found), parts, found

    def _answers(self, reading: Reading, within: Narrowing) -> list[Measured]:
        """What answers one of the things that a question asks."""
        found = self._search(reading, within)
        return self._measured([one for one in self._drafts(found, within) if one.answered], found)

    def _joined(self, parts: Sequence[Part]) -> Draft | None:
        """The likeliest answer to each of the things that a question asks, one after the other."""
        if self.weights is None:
            return None
        chosen = [(part, self._chosen(self.weights, part.measured, part.reading.question)) for part in parts]
        return beside([part.measured[one.at][0] for part, one in chosen])

    def _prepare(self, readings: Sequence[Reading]) -> None:
        """Encode and look for all that will be searched for at once, which takes less time than one after the other."""
        wordings = [wording for reading in readings for wording in self.wordings(reading)]
        folded = [reading.folded for reading in readings]
        searched = [*map(self.everyday.standard, folded), *folded, *(one.question for one in readings[1:])]
        encoded = self.retriever.prepare([*wordings, *searched])
        self.retriever.look_for([encoded[text] for text in searched])

    def _search(self, reading: Reading, within: Narrowing) -> Found:
        """Everything that is looked for once and used by all composers."""
        wordings = self.wordings(reading)
        documents = within.documents or self._documents_meant(reading)
        named = self.scope.named(reading.folded)
        hits, query = self._hits(reading, documents, named, within)
        return Found(Ask(reading, wordings, documents), query, hits, named)

    def _drafts(self, found: Found, within: Narrowing) -> list[Draft]:
        """What the register and the passages offer; of reasons the register holds none."""
        made = []
        if "register" not in self.without and not asks_reason(found.ask.reading.folded):
            others = (
                self.indicators.draft(found.ask),
                self.changes.draft(found.ask),
                self.entry_lists.draft(found.ask),
                self.row_details.draft(found.ask),
                self.record_lists.draft(found.ask),
                self.numbered.draft(found.ask),
                self.enumerated.draft(found.ask, found.named),
                self.mentions.draft(found.ask.reading, found.ask.documents),
                self.posts.draft(found.ask.reading, found.ask.documents),
                self.figures.draft(found.ask.reading, found.ask.documents),
                self.extremes.draft(found.ask.reading, found.ask.documents),
                self.votes.draft(found.ask.reading, found.ask.documents),
            )
            made = [*self.lookups.drafts(found.ask), *filter(None, others)]
        made.extend(self.narratives.drafts(found.ask, found.query, found.hits, found.named))
        return [kept for one in made if (kept := within.kept(one, self.index.documents))] or [nothing()]

    def _measured(self, drafts: Sequence[Draft], found: Found) -> list[Measured]:
        reading = found.ask.reading
        return [
            (one, self.judge.features(one, reading.asked, reading, found.query, found.hits, found.named))
            for one in drafts
        ]

    def refusal(self, whole: str, within: Narrowing = EVERYWHERE, found: Found | None = None) -> Draft:
        """Says that the documents do not hold it, and what they do hold that is nearest."""
        reading = self._reading(whole)
        wordings = self.wordings(reading)
        documents = within.documents or self._documents("")
        linked = self.linker.records(wordings, ("commitment", "entry"), documents, k=8)
        hits = found.hits if found else ()
        says = nearest_words(found.query, hits[0], self.matcher) if found and hits else ""
        spoken = speaks_of(says, reading.topic, self.index.lexical.idf)
        return decline(reading, linked, self.index.lexical, hits, says if spoken else "")

    def wordings(self, reading: Reading) -> tuple[str, ...]:
        """The question as asked, its topic where that is less, and that in standard words."""
        asked = without_besides(reading.folded).strip()
        topic = asked if reading.topic == asked.rstrip(_CLOSING) else reading.topic
        return tuple(dict.fromkeys((asked, topic, self.everyday.standard(topic))))

    def _hits(
        self, reading: Reading, documents: Collection[str], named: Mapping[str, float], within: Narrowing
    ) -> tuple[list[Hit], Query]:
        """Passages for a question in standard words and in its own, and the query of the first; those of documents
        that it names come forward."""
        standard = self.everyday.standard(reading.folded)
        query = self.retriever.query(standard)
        found = self.retriever.search(query, 3 * _HITS, documents)
        if standard != reading.folded:
            found = _merged(
                found, self.retriever.search(self.retriever.query(reading.folded), 3 * _HITS, documents)
            )

        def worth(hit: Hit) -> float:
            return (
                hit.score
                + _NAMED_BONUS * named.get(hit.document.id, 0.0)
                + _FIGURE_BONUS * figure_near(hit, query, self.index)
            )

        ranked = [
            replace(hit, score=worth(hit), rank=0, named=named.get(hit.document.id, 0.0))
            for hit in found
            if within.allows_hit(hit)
        ]
        ranked.sort(key=lambda hit: -hit.score)
        ranked = [replace(hit, rank=place) for place, hit in enumerate(ranked, 1)]
        return ranked[:_HITS], query

    def _documents_meant(self, reading: Reading) -> frozenset[str]:
        """The documents of the version asked for; with drafts also the current ones where one is named by its date."""
        documents = self._documents(reading.version)
        if reading.version != "draft":
            return documents
        return documents | {one for one in self.scope.dated(reading.folded) if one in self.scope.current}

    def _documents(self, version: str) -> frozenset[str]:
        if "versions" in self.without:
            return frozenset(self.index.documents)
        return self.scope.of_version(version)

    @cached_property
    def _names(self) -> Names:
        linker = self.linker
        return Names(
            lambda text: [*linker.places(text), *linker.organisations(text)],
            lambda text: linker.spelled(text, places=True),
            lambda text: linker.spelled(text, places=False),
            linker.heads,
            with_pronouns(document.title for document in self.index.documents.values()),
        )

    def _lists(self, whole: str) -> list[str]:
        """What the answer to a standalone question lists."""
        return listed(self.best(whole), self._by_span)

    @cached_property
    def _by_span(self) -> dict[tuple[str, Span], Record]:
        """The records that alone stand at their place."""
        records = self.register.by_id.values()
        places = Counter((one.document, one.span) for one in records)
        return {place: one for one in records if places[place := (one.document, one.span)] == 1}


def _merged(first: Sequence[Hit], second: Sequence[Hit]) -> list[Hit]:
    """Hits of two wordings, each passage once with its better score."""
    best: dict[int, Hit] = {}
    for hit in (*first, *second):
        if hit.position not in best or hit.score > best[hit.position].score:
            best[hit.position] = hit
    return list(best.values())


def nothing() -> Draft:
    """The draft for an empty search."""
    return Draft("none", (), 0.0, answered=False, completeness="none")

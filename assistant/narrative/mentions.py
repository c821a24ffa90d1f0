"""Which documents speak of something: each with the sentence that says it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import replace

import numpy as np

from assistant.draft import Draft, Evidence, Line
from assistant.evidence.match import Matcher
from assistant.evidence.retrieve import Hit, Query, Retriever
from assistant.narrative.narrate import best_unit, shown
from assistant.phrases import count
from assistant.question.understand import AUXILIARY, Reading
from corpus.model import Document
from index.lexical import terms

_PAPERS = r"(?:documents?|papers?|reports?|publications?)"
_SPEAK = r"(?:mention|deal|cover|talk|sa(?:y|id)|speak|discuss|refer|touch|address|contain|look|(?:is|are) about)\w*"
_ASKED = re.compile(
    rf"\b(?:which|what|list|name)\b(?! (?:does|did|has)\b)(?: \w+){{0,2}}? (?:of )?(?:the |these |those |your |our |any )?(?:\w+ )?{_PAPERS}\b"
    rf"(?: that| which)? {_SPEAK}|^{_PAPERS} (?:that )?(?:{_SPEAK}|about|on)\b"
)
_WHICH = re.compile(
    rf"\b(?:which|what)(?! (?:{AUXILIARY})\b)(?: of)?(?: (?!(?:{AUXILIARY}|to)\b)\w+){{0,2}}? {_PAPERS}\b"
)
_JOINED = re.compile(r"\b(?:with|about|on|of|to|something|anything|in detail|at|upon)\b")
_MET = 0.8  # how near in meaning a passage must come to every word of the topic
_HELD = 0.6  # or this share of its words, weighted by rarity, stands there, the rarest among them
_MOST = 8
_POOL = 60


class Mentions:
    """Answers "which documents mention X?" from the passages of all documents in scope."""

    def __init__(self, retriever: Retriever, matcher: Matcher) -> None:
        self._retriever, self._matcher = retriever, matcher
        self._index = retriever.index

    def draft(self, reading: Reading, documents: Collection[str]) -> Draft | None:
        """The documents that speak of the topic; None where that is not what is asked, or none does."""
        asked = _ASKED.search(reading.folded)
        if not asked:
            return None
        topics = _JOINED.sub(" ", re.split(r",|\?", reading.folded[asked.end() :])[0]).split(" or ")
        queries = [self._retriever.query(topic.strip()) for topic in topics if terms(topic)]
        found: dict[str, tuple[Hit, Query]] = {}
        for query in queries:
            for hit in self._found(query, documents):
                found.setdefault(hit.document.id, (hit, query))
        newest = sorted(found.values(), key=lambda pair: pair[0].document.date or "", reverse=True)
        lines = [self._line(query, hit) for hit, query in newest[:_MOST]]
        if not lines:
            return None
        number = count(len(found), "document").capitalize()
        head = Line(f"{number} of those here {'speaks' if len(found) == 1 else 'speak'} of it:")
        return Draft("list", (head, *lines), 1.0, bullets=True)

    def naming(self, draft: Draft, reading: Reading) -> Draft:
        """A draft that quotes, with the name of the document before its first quote where a question asks which says it."""
        first = draft.lines[0] if draft.lines else None
        if draft.kind != "narrative" or not first or not first.evidence or not _WHICH.search(reading.folded):
            return draft
        title = self._titled(self._index.documents[first.evidence[0].document])
        named = "" if title in first.text else f"{title}: "
        return replace(
            draft, lines=(replace(first, text=f"{named}{first.text}", verbatim=False), *draft.lines[1:])
        )

    def _found(self, query: Query, documents: Collection[str]) -> Iterator[Hit]:
        """The best passage of each document that holds every word of the topic, or comes as near in meaning; the
        newest document first."""
        best: dict[str, Hit] = {}
        for hit in self._retriever.search(query, _POOL, documents):
            if self._speaks(query, hit):
                best.setdefault(hit.document.id, hit)
        others = self._retriever.best_by_words(query)
        for document in sorted(others.keys() & set(documents) - best.keys()):
            if self._speaks(query, others[document]):
                best[document] = others[document]
        yield from best.values()

    def _speaks(self, query: Query, hit: Hit) -> bool:
        held = set(terms(hit.text))
        weight = {word: self._index.lexical.idf(word) for word in query.words}
        rarest = max(weight, key=lambda word: weight[word])
        if rarest in held and sum(weight[w] for w in weight if w in held) >= _HELD * sum(weight.values()):
            return True
        met = self._index.tokens.maxsim(query.question, hit.position)
        return bool(np.all(met >= _MET))

    def _line(self, query: Query, hit: Hit) -> Line:
        unit = best_unit(query, hit, self._matcher)
        text = f"{self._titled(hit.document)}: {shown(unit)}"
        return Line(text, (Evidence(hit.document.id, unit.span, hit.passage.section),))

    @staticmethod
    def _titled(document: Document) -> str:
        """A document's name, with its year where that does not tell it."""
        year = (document.date or "")[:4]
        return f"{document.name}, {year}" if year and year not in document.name else document.name

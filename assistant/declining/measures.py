"""What is measured of a draft against its question and evidence, for the models of choice.py: kinds of
answers and degrees of agreement, no words and no documents."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from assistant.draft import Draft, Line
from assistant.evidence.match import share
from assistant.evidence.retrieve import Hit, Query
from assistant.evidence.units import FIGURE, holds
from assistant.question.expect import Expected, expected, expected_name, misnumbered, wanted
from assistant.question.naming import NAME, date_missing, names_in, phrase_unmet, years_alike
from assistant.question.post_words import post_asked, tells_post
from assistant.question.understand import Reading, asks_reason, gives_reason, tone_of
from corpus.text import fold
from index.embed import Floats
from index.generation import Index
from index.lexical import terms

_LOOKUP = (
    "single",
    "lexical",
    "word_unmet",
    "words_unmet",
    "known_unmet",
    "name_unmet",
    "unknown",
    "name_missing",
    "name_strange",
    "year_missing",
)
_EVIDENCE = 6  # passages of a draft's evidence that are looked at
_WEAK = 0.5  # a question token whose best cosine is below this is not met
_KINDS = (
    "lead",
    "plan",
    "reverse",
    "list",
    "place",
    "acronym",
    "indicator",
    "milestone",
    "diff",
    "narrative",
)
_CUES = (
    "lead",
    "plan",
    "commitment",
    "count",
    "nolead",
    "indicator",
    "place",
    "acronym",
    "milestone",
    "diff",
    "list",
    "who",
    "when",
    "many",
)
_OWN_CUES = {
    "lead": ("lead", "who"),
    "plan": ("plan", "commitment"),
    "indicator": ("indicator",),
    "milestone": ("milestone", "when"),
    "place": ("place",),
    "acronym": ("acronym",),
    "diff": ("diff",),
    "list": ("list", "count", "nolead"),
    "reverse": ("lead",),
    "narrative": (),
}
_YEAR = re.compile(r"\b(?:19|20)\d\d(?:[/-]\d\d(?:\d\d)?)?\b")
_EITHER = re.compile(r"\b([a-z]+),? or (?:an? |the )?([a-z]+)\b")
_WORD = re.compile(r"[\w'’]+")
_MIN_WORD = 3
_AROUND = 80  # characters on either side of a value within which what it is the value of is looked for
_BEFORE, _AFTER = 20, 50  # the same, for the thing that is counted
_AS_QUOTED = ("narrative", "diff", "indicator")  # drafts whose lines are the values of their evidence
_TYPED = ("typed", "typed_none", "typed_first", "typed_near", "typed_cover", "typed_cue", "typed_noun")


def of_lookup(features: Mapping[str, float]) -> dict[str, float]:
    """Measurements that weigh differently for a look-up than for quoted text; 0 for the latter."""
    share = 1 - features["is_narrative"]
    return {f"lookup_{name}": share * features[name] for name in _LOOKUP}


@dataclass(frozen=True, slots=True)
class Unmet:
    """A question's word: how little of it the evidence meets (0 to 1, weighted by rarity), whether the
    documents know it, whether it belongs to the name of a body or place."""

    share: float
    known: bool
    name: bool


class Content(NamedTuple):
    """A content word of a question: its ``stems``, its tokens from ``first`` to before ``last``, how rare it is (0 to 1),
    whether the documents know it, whether it belongs to the name of a body or place."""

    stems: tuple[str, ...]
    first: int
    last: int
    rarity: float
    known: bool
    name: bool


@dataclass(frozen=True, slots=True)
class Quoted:
    """Cosines (q, t) of a question's tokens with those of a passage, and the tokens' offsets (t,) in a quote of it."""

    table: Floats
    starts: NDArray[np.int32]

    def beside(self, start: int, end: int) -> Floats:
        """For each question token its best cosine in a stretch of the quote: (q,)."""
        inside = (self.starts >= max(start, 0)) & (self.starts < end)
        best: Floats = self.table[:, inside].max(axis=1, initial=0.0)
        return best


class Judge:
    """Measures drafts against a question."""

    def __init__(self, index: Index) -> None:
        self._index = index

    def features(
        self,
        draft: Draft,
        asked: str,
        reading: Reading,
        query: Query,
        hits: Sequence[Hit],
        named: Mapping[str, float],
    ) -> dict[str, float]:
        """What is measured of a draft for a question as ``asked``; every value about 0 to 1."""
        positions = self._evidence(draft)
        text = self._text(draft, positions)
        if draft.named and draft.kind != "narrative":
            asked = spelled_right(asked, reading.question, text)
        out = {
            "score": draft.confidence,
            "lexical": self._lexical(reading, text),
            "figure_given": self._figure_given(reading, draft),
            "named_document": self._named_share(draft, named),
            "wanted": self._wanted(reading, draft),
            "agreement": self._agreement(draft, hits),
            "misnumbered": float(misnumbered(reading.folded, text)),
            "answered": float(draft.answered),
            "named": float(draft.named),
        }
        out |= self._covers(query, draft, positions, hits, text)
        out |= self._names_and_figures(asked, reading, query, draft, text) | tone_of(asked, reading)
        out |= _of_kind(draft, reading, out["cover"])
        return out | of_lookup(out) | self._typed(query, draft, counts=bool(out["own_cue"]))

    def _covers(
        self, query: Query, draft: Draft, positions: Sequence[int], hits: Sequence[Hit], text: str
    ) -> dict[str, float]:
        """How well the evidence meets the question's words: the passages, the words quoted, the one quote that does
        best."""
        weights = query.question.weights
        cover = self._cover(query, positions)
        best = self._cover(query, [hit.position for hit in hits[:3]])
        each = self._close_covers(query, draft)
        close = np.max(each, axis=0) if each else np.zeros(len(weights), np.float32)
        single = max(each, key=lambda one: float(one @ weights)) if each else close
        unmet = self._least_unmet(query, draft, each, single, text)
        return {
            "cover": float(cover @ weights),
            "cover_gap": float((best - cover) @ weights),
            "unmet": float(weights[cover < _WEAK].sum()),
            "worst": _worst(cover),
            "close": float(close @ weights),
            "close_worst": _worst(close),
            "single": float(single @ weights),
            "single_worst": _worst(single),
            "word_unmet": max((one.share for one in unmet), default=0.0),
            "words_unmet": sum(sorted(one.share for one in unmet)[-3:]) / 3,
            "known_unmet": max((one.share for one in unmet if one.known), default=0.0),
            "focus_unmet": max((one.share for one in unmet[:2]), default=0.0),
            "name_unmet": max((one.share for one in unmet if one.name), default=0.0),
        }

    def _names_and_figures(
        self, asked: str, reading: Reading, query: Query, draft: Draft, text: str
    ) -> dict[str, float]:
        """Which of the question's names, figures and rare words the answer lacks, or the documents do."""
        strange = self._strange(reading, query)
        names, dated = _missing(NAME, asked, text), (years_alike(asked), years_alike(text))
        years = _missing(_YEAR, *dated)
        return {
            "unknown": sum(strange) / max(len(strange), 1),
            "last_unknown": float(strange[-1:] == [True]),
            "figures": _missing(FIGURE, *dated),
            "years": years,
            "names": names,
            "name_missing": float(names > 0),
            "year_missing": float(years > 0),
            "name_strange": self._strange_names(asked),
            "name_elsewhere": self._elsewhere(names_in(asked), draft, text),
            "word_elsewhere": self._elsewhere(terms(reading.topic), draft, text),
            "phrase_unmet": phrase_unmet(asked, text),
            "date_missing": float(date_missing(asked, text)),
            "post_unmet": float(_is_post_unmet(reading.folded, draft)),
            "reasonless": float(asks_reason(reading.folded) and not gives_reason(fold(text))),
        }

    def _typed(self, query: Query, draft: Draft, counts: bool) -> dict[str, float]:
        """How a draft gives the kind of value that its question asks for: whether at all, in the first line, how near
        to what is asked about, and how well the text that gives it meets the question; all 0 where none is asked.
        A look-up's own words ("three commitments", "June 2024") are no value, but its count is where it ``counts`` what
        is asked for."""
        wish = self._expected(query.text)
        out = dict.fromkeys(_TYPED, 0.0)
        if wish is None:
            return out
        own_words = draft.kind in _AS_QUOTED or counts and wish.kind == "count"
        given = [
            any(True for _ in wish.find(line.text if own_words else self._evidence_text(line)))
            for line in draft.lines[:_EVIDENCE]
        ]
        return {
            **out,
            **self._values_met(wish, query, draft),
            "typed": float(any(given)),
            "typed_none": float(not any(given)),
            "typed_first": float(bool(given and given[0])),
            f"typed_{wish.kind}": float(not any(given)),
        }

    def _values_met(self, wish: Expected, query: Query, draft: Draft) -> dict[str, float]:
        """How near the values of the kind asked for stand to what is asked about, to the words that ask and to what is
        counted, and how well the text that gives one meets the question."""
        about = query.encoded.starts >= wish.cue_end
        weights = share(query.question.weights, about if about.any() else ~about)
        near = cover = cue = noun = 0.0
        asking = share(query.question.weights, ~about)
        counted = share(query.question.weights, about & (query.encoded.starts < wish.noun_end))
        for text, table in self._quoted(query, draft):
            for start, end in wish.find(text):
                inside = table.beside(start - _AROUND, end + _AROUND)
                near = max(near, float(inside @ weights))
                cue = max(cue, float(inside @ asking))
                noun = max(noun, float(table.beside(start - _BEFORE, end + _AFTER) @ counted))
                cover = max(cover, float(table.beside(0, len(text)) @ weights))
        return {"typed_near": near, "typed_cue": cue, "typed_noun": noun, "typed_cover": cover}

    @lru_cache(maxsize=64)  # noqa: B019
    def _expected(self, question: str) -> Expected | None:
        lower = self._index.lower_words
        return expected(question, lower) or expected_name(question, lower)

    def _quoted(self, query: Query, draft: Draft) -> Iterator[tuple[str, Quoted]]:
        """The texts quoted by a draft, with how their words meet the question's."""
        for one in [e for line in draft.lines for e in line.evidence][:_EVIDENCE]:
            at = self._position(one.document, one.span.start)
            if at is None:
                continue
            passage = self._index.passages[at]
            table, starts = self._index.tokens.table(query.question, at)
            offset = len(passage.context) + 1 + one.span.start - passage.span.start
            yield one.span.of(self._index.documents[one.document].text), Quoted(table, starts - offset)

    def _evidence_text(self, line: Line) -> str:
        return " ".join(one.span.of(self._index.documents[one.document].text) for one in line.evidence)

    def _evidence(self, draft: Draft) -> list[int]:
        spans = [one for line in draft.lines for one in line.evidence][:_EVIDENCE]
        found = (self._position(one.document, one.span.start) for one in spans)
        return [at for at in dict.fromkeys(found) if at is not None]

    def _position(self, document: str, offset: int) -> int | None:
        """The passage of a document that holds an offset."""
        starts, places = self._starts.get(document, ([], []))
        at = bisect_right(starts, offset) - 1
        return places[at] if at >= 0 else None

    @cached_property
    def _starts(self) -> dict[str, tuple[list[int], list[int]]]:
        out: dict[str, tuple[list[int], list[int]]] = {}
        for place, passage in enumerate(self._index.passages):
            starts, places = out.setdefault(passage.document, ([], []))
            starts.append(passage.span.start)
            places.append(place)
        return out

    def _cover(self, query: Query, positions: Sequence[int]) -> Floats:
        if not positions:
            return np.zeros(len(query.question.weights), np.float32)
        best: Floats = np.max([self._index.tokens.maxsim(query.question, at) for at in positions], axis=0)
        return best

    def _close_covers(self, query: Query, draft: Draft) -> list[Floats]:
        """For each piece of evidence: every question token's best cosine among the words quoted and the
        headings above."""
        out = []
        for one in [e for line in draft.lines for e in line.evidence][:_EVIDENCE]:
            at = self._position(one.document, one.span.start)
            if at is None:
                continue
            passage = self._index.passages[at]
            table, starts = self._index.tokens.table(query.question, at)
            head = len(passage.context) + 1
            shift = head - passage.span.start
            inside = (starts < head) | ((starts >= one.span.start + shift) & (starts < one.span.end + shift))
            out.append(table[:, inside].max(axis=1, initial=0.0))
        return out

    def _least_unmet(
        self, query: Query, draft: Draft, each: Sequence[Floats], single: Floats, text: str
    ) -> list[Unmet]:
        """The question's words as the one quote meets them that meets most; a look-up answer counts as a whole."""
        alone = all(len(line.evidence) == 1 for line in draft.lines) and len(each) == len(draft.lines)
        if draft.kind != "narrative" or not alone:
            return self._unmet_words(query, single, text)
        told = []
        for line, cover in zip(draft.lines, each, strict=True):
            at = self._position(line.evidence[0].document, line.evidence[0].span.start)
            head = self._index.passages[at].context if at is not None else ""
            told.append(self._unmet_words(query, cover, f"{head} {line.text}"))
        return min(told, key=lambda words: sum(word.share for word in words))

    def _unmet_words(self, query: Query, cover: Floats, text: str) -> list[Unmet]:
        """For each content word of the question how little of it the quoted words meet, times how rare it
        is."""
        said, out = set(terms(text)), []
        for word in self._content_words(query):
            pieces = cover[word.first : word.last]
            met = 1.0 if said.issuperset(word.stems) else float(pieces.mean()) if len(pieces) else 0.0
            out.append(Unmet((1 - met) * word.rarity, word.known, word.name))
        return out

    @lru_cache(maxsize=64)  # noqa: B019  every draft of an answer is measured by the same words
    def _content_words(self, query: Query) -> tuple[Content, ...]:
        lexical, starts, out = self._index.lexical, query.encoded.starts, []
        for match in _WORD.finditer(query.text):
            stems = terms(match.group())
            if not stems or len(match.group()) < _MIN_WORD:
                continue
            first, last = np.searchsorted(starts, match.span())
            known = any(lexical.knows(stem) for stem in stems)
            rarity = lexical.idf(stems[0]) / lexical.rarest
            out.append(Content(tuple(stems), int(first), int(last), rarity, known, stems[0] in self._names))
        return tuple(out)

    @cached_property
    def _names(self) -> frozenset[str]:
        """Stems that stand in the names of organisations and places."""
        register = self._index.register
        names = [n.canonical for n in register.names if n.kind in ("organisation", "place")]
        return frozenset(terms(" ".join([*names, *(p.place for p in register.priorities)])))

    @staticmethod
    def _figure_given(reading: Reading, draft: Draft) -> float:
        """Whether a question for a number gets one, in the first line, that it did not bring along; 0.5 for
        others."""
        if not reading.has("many"):
            return 0.5
        brought = set(FIGURE.findall(years_alike(reading.folded)))
        first = years_alike(fold(" ".join(line.text for line in draft.lines[:1])))
        fresh = [f for f in FIGURE.findall(first) if f not in brought and not _YEAR.fullmatch(f.rstrip(".,"))]
        return float(bool(fresh))

    def _elsewhere(self, words: Sequence[str], draft: Draft, text: str) -> float:
        """The rarity (0 to 1) of the rarest of stemmed words that stands nowhere in the documents that a draft quotes."""
        quoted = {one.document for line in draft.lines for one in line.evidence}
        said, lexical = set(terms(text)), self._index.lexical
        missing = (word for word in set(words) - said if not self._stands_in(word, quoted))
        return max((lexical.idf(word) / lexical.rarest for word in missing), default=0.0)

    def _stands_in(self, word: str, documents: Collection[str]) -> bool:
        holding = self._document_at[self._index.lexical.places(word)]
        return any(bool((holding == self._numbers[one]).any()) for one in documents)

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {one: number for number, one in enumerate(self._index.documents)}

    @cached_property
    def _document_at(self) -> NDArray[np.int32]:
        """The number of the document of each passage."""
        return np.array([self._numbers[passage.document] for passage in self._index.passages], np.int32)

    def _strange_names(self, asked: str) -> float:
        """The share of a question's names that stand nowhere in the documents."""
        names = names_in(asked)
        return sum(not self._index.lexical.knows(stem) for stem in names) / len(names) if names else 0.0

    def _text(self, draft: Draft, positions: Sequence[int]) -> str:
        passages = [self._index.passages[at] for at in positions]
        told = " ".join(f"{p.context} {p.section}" for p in passages)
        dates = " ".join(self._index.documents[p.document].date or "" for p in passages)
        return f"{told} {dates} {' '.join(line.text for line in draft.lines)}"

    def _lexical(self, reading: Reading, text: str) -> float:
        asked = terms(reading.topic)
        said = set(terms(text))
        total = sum(self._index.lexical.idf(word) for word in asked)
        return sum(self._index.lexical.idf(word) for word in asked if word in said) / total if total else 0.0

    def _strange(self, reading: Reading, query: Query) -> list[bool]:
        """For each word of the topic whether it stands in no document, is no everyday word for one that does, and stands
        beside none that does ("a dentist or optician")."""
        kept, knows = set(terms(query.text)), self._index.lexical.knows
        pairs = (terms(" ".join(pair)) for pair in _EITHER.findall(reading.topic))
        beside = {word for pair in pairs if any(map(knows, pair)) for word in pair}
        return [word in kept - beside and not knows(word) for word in terms(reading.topic)]

    @staticmethod
    def _named_share(draft: Draft, named: Mapping[str, float]) -> float:
        """1 when the evidence is in a document that the question names, 0 when it names others, 0.5 when it names none;
        nearer to 0.5 the less sure it is that it does."""
        documents = {one.document for line in draft.lines for one in line.evidence}
        inside = max((named[one] for one in documents & named.keys()), default=0.0)
        return 0.5 + (inside or -max(named.values(), default=0.0)) / 2

    @staticmethod
    def _wanted(reading: Reading, draft: Draft) -> float:
        """The share of what the question's form wants (a number, a time, a person) that the draft holds."""
        wants = wanted(reading.question)
        held = holds(" ".join(line.text for line in draft.lines))
        return sum(name in held for name in wants) / len(wants) if wants else 0.5

    @staticmethod
    def _agreement(draft: Draft, hits: Sequence[Hit]) -> float:
        """How high search ranks a passage that holds the draft's evidence: 1 for the first, 0 for none."""
        spans = [one for line in draft.lines for one in line.evidence]
        for hit in hits:
            for one in spans:
                if (
                    one.document == hit.document.id
                    and one.span.start < hit.span.end
                    and hit.span.start < one.span.end
                ):
                    return 1 / hit.rank
        return 0.0


def _is_post_unmet(folded: str, draft: Draft) -> bool:
    """Whether a question asks who holds a post and a draft speaks of no such post."""
    asked = post_asked(folded)
    return asked is not None and not any(tells_post(asked[0], line.text) for line in draft.lines)


def spelled_right(asked: str, mended: str, text: str) -> str:
    """A question as it was asked, with those words put right whose right spelling stands in what the register holds under the
    name that it asks about: the name is not another."""
    typed, right = asked.split(), mended.split()
    if len(typed) != len(right):
        return asked
    known = frozenset(re.findall(r"[\w'-]+", fold(text)))
    words = [
        _as_typed(old, new) if fold(old) != new and new.strip("?.!,") in known else old
        for old, new in zip(typed, right, strict=True)
    ]
    return " ".join(words)


def _as_typed(old: str, new: str) -> str:
    return new.capitalize() if old[:1].isupper() else new


def _of_kind(draft: Draft, reading: Reading, cover: float) -> dict[str, float]:
    """Of which kind a draft is, with its confidence and cover, and whether that kind is what the question's cues ask for."""
    out = {f"is_{kind}": float(draft.kind == kind) for kind in _KINDS}
    out |= {f"{kind}_score": draft.confidence * float(draft.kind == kind) for kind in _KINDS}
    out |= {
        f"{kind}_cover": cover * float(draft.kind == kind)
        for kind in ("lead", "plan", "indicator", "narrative")
    }
    own = reading.has(*_OWN_CUES.get(draft.kind, ())) if draft.kind in _OWN_CUES else False
    out |= {"own_cue": float(own), "other_cue": float(bool(reading.intents) and not own)}
    return out | {f"narrative_{cue}": float(draft.kind == "narrative" and reading.has(cue)) for cue in _CUES}


def _worst(cover: Floats) -> float:
    """The mean of the quarter of the question's tokens that are met least."""
    return float(np.sort(cover)[: max(1, len(cover) // 4)].mean()) if len(cover) else 0.0


def _missing(pattern: re.Pattern[str], question: str, text: str) -> float:
    """The share of a question's figures or names that the text does not hold."""
    asked = {fold(found) for found in pattern.findall(question)}
    folded = fold(text) if asked else ""
    return sum(one.rstrip(".,") not in folded for one in asked) / len(asked) if asked else 0.0

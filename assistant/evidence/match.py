"""How well each stretch of the passages found answers a question: what is measured of it, and the model over that.

The model, a straight sum and a small hidden layer, is fitted listwise (Cao et al. 2007, "ListNet"): its weights make
the stretches that state the facts asked for likely among all others of a question's passages. It was fitted on the
development part of eval/questions (``python -m eval.fit_match``) and is stored in ``match.npz``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.evidence.bodies import Bodies
from assistant.evidence.resolved import asks_decision, decides, item_of
from assistant.evidence.retrieve import Hit, Query
from assistant.evidence.units import FORM, Marks, Stretch, Stretches, Unit, Units, names_columns
from assistant.question.definition import tells, thing_asked
from assistant.question.expect import Expected, expected, wanted
from corpus.model import Passage
from index.embed import Floats
from index.generation import Index
from index.lexical import terms

WEIGHTS = Path(__file__).with_name("match.npz")
MOST_SPREADS = 5.0  # that a measurement is from what is usual, at most
_STRONG, _EXACT = 0.8, 0.95  # cosines from which a question token is met, and met by itself
_REACH = 80  # characters on either side of a value within which what it is the value of is looked for
_ROW = 3.0  # log-odds that the row of a table loses where a sentence says what it is that is asked about
_ELSEWHERE = 2.0  # log-odds that a stretch loses which is about another body than the question
_MANY_FIGURES, _MANY_NAMES = 5, 10
_REMEMBERED = 256

# Of a stretch as it meets a question: ``cover`` weighted cosines with its headings, ``own`` without; ``worst`` of the
# tokens met least; ``strong`` and ``exact`` the weight of the tokens that are met; ``about`` and ``cue`` the cover of
# what the question is about and of the words that ask; ``before`` the cover together with what stands just before;
# ``words``, ``passage`` and ``pairs`` the question's words by letters, in the stretch, in its passage, in pairs;
# ``typed``, ``untyped`` and ``near`` whether it gives the kind of value asked for, and how near to what it is asked of;
# ``figures`` and ``names`` how much it tells that the question did not bring along.
_MET = (
    "cover",
    "own",
    "worst",
    "strong",
    "exact",
    "about",
    "cue",
    "before",
    "words",
    "passage",
    "pairs",
    "wanted",
    "typed",
    "untyped",
    "near",
    "figures",
    "names",
)
_PLACE = ("hit", "rank", "named")
NAMES = (*FORM, *_MET, *_PLACE)


@dataclass(frozen=True, slots=True)
class Model:
    """What of NAMES makes a stretch likely: measurements less their ``centre`` (f,), in units of their ``spread`` (f,), give
    log-odds by themselves, ``straight`` (f,), and together with each other by a hidden layer: ``hidden`` (f, h), ``bias``
    (h,) and ``out`` (h,). Differences of scores are log-odds."""

    centre: Floats
    spread: Floats
    straight: Floats
    hidden: Floats
    bias: Floats
    out: Floats

    def scores(self, measured: Floats) -> Floats:
        """Of ``n`` stretches as they are measured (n, f): (n,)."""
        told = np.clip((measured - self.centre) / self.spread, -MOST_SPREADS, MOST_SPREADS)
        scores: Floats = told @ self.straight + _gelu(told @ self.hidden + self.bias) @ self.out
        return scores

    @classmethod
    def load(cls, path: Path = WEIGHTS) -> Model:
        """Read what ``write`` wrote. Raises ValueError where that is of other measurements than NAMES."""
        with np.load(path) as stored:
            if stored["names"].tolist() != list(NAMES):
                raise ValueError(f"{path} was fitted on other measurements")
            return cls(*(stored[one.name] for one in fields(cls)))

    def write(self, path: Path = WEIGHTS) -> None:
        """Store in single precision, with the names of the measurements."""
        weights = {name: one.astype(np.float32) for name, one in asdict(self).items()}
        np.savez_compressed(path, names=np.array(NAMES), **weights)


def _gelu(x: Floats) -> Floats:
    """The Gaussian error linear unit by a hyperbolic tangent (Hendrycks & Gimpel 2016)."""
    told: Floats = 0.5 * x * (1 + np.tanh(np.float32(np.sqrt(2 / np.pi)) * (x + np.float32(0.044715) * x**3)))
    return told


@dataclass(frozen=True, slots=True)
class Ranked:
    """The ``n`` different stretches of some passages: ``measured`` (n, len(NAMES)), ``scores`` (n,) the log-odds of
    each, ``covers`` (n, q)."""

    units: Sequence[tuple[Hit, Stretch]]
    measured: Floats
    scores: Floats
    covers: Floats

    def unit(self, at: int, score: float | None = None) -> Unit:
        """One of them; with another score if given."""
        hit, stretch = self.units[at]
        told = float(self.scores[at]) if score is None else score
        return Unit(hit.document, stretch.span, stretch.kind, hit, told, self.covers[at])


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as stretches are held against it: the value that it asks for; the weights (q,) of the tokens that say
    what it is about, and of those that ask; its stems with their share of its rarity; its pairs of stems; which of FORM
    an answer must hold."""

    wish: Expected | None
    about: Floats
    cue: Floats
    words: dict[str, float]
    pairs: frozenset[tuple[str, str]]
    wants: Floats


class Matcher:
    """Ranks the quotable stretches of an index's passages for a question."""

    def __init__(self, index: Index) -> None:
        self._index, self._units = index, Units(index)
        self._bodies = Bodies(index)
        self.model = Model.load()
        self._weigh = lru_cache(maxsize=_REMEMBERED)(self._weighed)
        self._measure = lru_cache(maxsize=_REMEMBERED)(self._measured)

    def ranked(self, query: Query, hits: Sequence[Hit]) -> Ranked | None:
        """Every stretch of the passages once, scored; None where they have none."""
        seen: set[str] = set()
        named = self._bodies.named(query.text)
        away: list[NDArray[np.bool_]] = []
        units: list[tuple[Hit, Stretch]] = []
        rows, covers = [], []
        for hit in hits:
            if names_columns(hit.passage):
                continue
            told = self._units.at(hit.position)
            fresh = [at for at, key in _first_places(told).items() if key not in seen]
            if not fresh:
                continue
            met, cover = self._measure(query, hit.position)
            place = np.broadcast_to((hit.score, 1 / hit.rank, hit.named), (len(fresh), len(_PLACE)))
            seen.update(told.all[at].key for at in fresh)
            units.extend((hit, told.all[at]) for at in fresh)
            rows.append(np.hstack([told.form[fresh], met[fresh], place]))
            covers.append(cover[fresh])
            away.append(self._bodies.elsewhere(named, hit.position, told.all)[fresh])
        if not units:
            return None
        measured = np.concatenate(rows)
        scores = self.model.scores(measured) - _ELSEWHERE * np.concatenate(away)
        stretches = [stretch for _, stretch in units]
        scores += _defining(query.text, stretches) + _deciding(query.text, units, hits[0])
        return Ranked(units, measured, scores, np.concatenate(covers))

    def _weighed(self, query: Query) -> Asked:
        wish = expected(query.text, self._index.lower_words)
        weights = query.question.weights
        about = query.encoded.starts >= wish.cue_end if wish else np.ones(len(weights), np.bool_)
        if not about.any():
            about = ~about
        rarity = np.array([self._index.lexical.idf(word) for word in query.words])
        said = terms(query.text)
        wants = wanted(query.text)
        return Asked(
            wish,
            share(weights, about),
            share(weights, ~about),
            dict(zip(query.words, rarity / max(float(rarity.sum()), 1e-9), strict=True)),
            frozenset(pairwise(said)),
            np.array([(name in wants) for name in FORM], np.float32),
        )

    # OpenBLAS now and then flags a product of finite numbers (numpy/numpy#24067).
    @np.errstate(invalid="ignore")
    def _measured(self, query: Query, position: int) -> tuple[Floats, Floats]:
        """What _MET names of the stretches of a passage, (n, len(_MET)), and their covers (n, q)."""
        asked, told = self._weigh(query), self._units.at(position)
        passage = self._index.passages[position]
        table, starts = self._index.tokens.table(query.question, position)
        own, cover = self._units.covers(told, table)
        weights = query.question.weights
        least = max(1, cover.shape[1] // 4)
        words, around, pairs = _letters(asked, told, passage)
        typed, near = _values(asked, told, passage, table, starts)
        before = np.where((told.previous >= 0)[:, None], own[told.previous], 0.0)
        wants = asked.wants.sum()
        met = {
            "cover": cover @ weights,
            "own": own @ weights,
            "worst": np.partition(cover, least - 1, axis=1)[:, :least].sum(axis=1) / least,
            "strong": (own > _STRONG) @ weights,
            "exact": (own > _EXACT) @ weights,
            "about": cover @ asked.about,
            "cue": cover @ asked.cue,
            "before": np.maximum(before, cover) @ weights,
            "words": words,
            "passage": around,
            "pairs": pairs,
            "wanted": 2 * (told.form @ asked.wants) - wants,
            "typed": typed,
            "untyped": float(asked.wish is not None) * (1 - typed),
            "near": near,
            "figures": _fresh(told.figures, query.text, _MANY_FIGURES),
            "names": _fresh(told.names, query.text, _MANY_NAMES),
        }
        measured = np.empty((len(own), len(_MET)), np.float32)
        for column, name in enumerate(_MET):
            measured[:, column] = met[name]
        return measured, cover


def _defining(question: str, stretches: Sequence[Stretch]) -> Floats:
    """What stretches gain that say what the thing is which a question asks about, where any does: (n,)."""
    thing = thing_asked(question)
    gains = np.array([tells(thing, one.text) if thing else 0.0 for one in stretches], np.float32)
    rows = np.array([one.kind == "row" for one in stretches])
    return gains - _ROW * (rows & (gains == 0)) if gains.any() else gains


def _deciding(question: str, units: Sequence[tuple[Hit, Stretch]], first: Hit) -> Floats:
    """What stretches gain that say what a meeting decided, where a question asks that, under the item of the minutes that
    was found first: (n,)."""
    item = item_of(first) if asks_decision(question) else None
    told = [decides(one.text) if item and item_of(hit) == item else 0.0 for hit, one in units]
    return np.array(told, np.float32)


def share(weights: Floats, of: NDArray[np.bool_]) -> Floats:
    """The weights of some tokens, as shares of their sum."""
    some: Floats = weights * of
    return some / max(float(some.sum()), 1e-9)


def _first_places(told: Stretches) -> dict[int, str]:
    """The stretches that are no copy of one before, by number."""
    firsts = {one.key: at for at, one in reversed(list(enumerate(told.all)))}
    return {at: key for key, at in firsts.items()}


def _letters(asked: Asked, told: Stretches, passage: Passage) -> tuple[Floats, float, Floats]:
    """The shares, by rarity, of the question's words that stand in each stretch, (n,), and in the passage with its
    headings; and the share of the question's pairs of words in each stretch, (n,)."""
    words, pairs = np.zeros(len(told.all), np.float32), np.zeros(len(told.all), np.float32)
    said, places = told.words.said, told.words.places
    for word, rarity in asked.words.items():
        if word in places:
            words += _holding(told.words, places[word]) * rarity
    for first, second in asked.pairs:
        at = [one for one in places.get(first, ()) if said[one + 1 : one + 2] == (second,)]
        if at:
            pairs += _holding(told.words, at) / len(asked.pairs)
    head = terms(passage.context)
    around = sum(rarity for word, rarity in asked.words.items() if word in places or word in head)
    return words, around, pairs


def _holding(marks: Marks, at: list[int]) -> NDArray[np.bool_]:
    """Which stretches hold one of some words, by number: (n,)."""
    inside = (marks.first[:, None] <= at) & (marks.last[:, None] > at)
    return np.asarray(inside.any(axis=1))


def _values(
    asked: Asked, told: Stretches, passage: Passage, table: Floats, starts: NDArray[np.int32]
) -> tuple[Floats, Floats]:
    """Whether each stretch gives a value of the kind asked for, (n,), and how well what stands about the best one
    meets what it is asked of, (n,)."""
    typed, near = np.zeros(len(told.all), np.float32), np.zeros(len(told.all), np.float32)
    head = len(passage.context) + 1
    for start, end in asked.wish.find(passage.text) if asked.wish else ():
        shift = passage.span.start
        inside = (told.begins <= start + shift) & (end + shift <= told.ends)
        first, last = np.searchsorted(starts, (head + start - _REACH, head + end + _REACH))
        met = float(table[:, first:last].max(axis=1, initial=0.0) @ asked.about)
        typed[inside] = 1.0
        near[inside] = np.maximum(near[inside], met)
    return typed, near


def _fresh(marks: Marks, question: str, most: int) -> Floats:
    """How many of the words marked, of at most ``most``, the question did not bring along: (n,)."""
    fresh = marks.count(np.array([word not in question for word in marks.said], np.bool_))
    return np.asarray(np.minimum(fresh, most) / most, np.float32)

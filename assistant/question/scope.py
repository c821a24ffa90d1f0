"""Which documents a question is answered from: the current ones, the drafts, or those that it names."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping
from functools import cached_property

from assistant.question.described import Described
from corpus.groups import grouped
from corpus.model import Document
from corpus.text import MONTHS
from index.lexical import stem, terms
from index.query import RegisterQuery

_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_MONTH_STEMS = frozenset(map(stem, MONTHS))
_MIN_NAMED = 0.5
_COMMON = 0.5  # a title word in more than this share of the documents says nothing


class Scope:
    """Chooses documents by version and by the titles and dates that a question names."""

    def __init__(self, register: RegisterQuery) -> None:
        self._register = register
        self._documents: Mapping[str, Document] = register.documents

    @property
    def current(self) -> frozenset[str]:
        """All documents that nothing newer replaces."""
        return self._register.current

    @cached_property
    def drafts(self) -> frozenset[str]:
        """Replaced versions; where two papers hold the same draft, the one that the newer version says it
        replaces."""
        older = self._register.superseded
        named = {d.supersedes for d in self._documents.values() if d.supersedes}
        kept = {old for old in older if old in named or not self._twin_named(old, named)}
        alone = {d.id for d in self._documents.values() if d.status == "draft" and d.id not in older}
        return frozenset(kept | alone)

    def _twin_named(self, old: str, named: set[str]) -> bool:
        family = self._documents[old].family
        return any(
            other in named and self._documents[other].family == family
            for other in self._documents
            if other != old
        )

    def of_version(self, version: str) -> frozenset[str]:
        """The documents of a version: "draft", "final" (or empty: current), "both"."""
        if version == "draft":
            return self.drafts or self.current
        return self.current | self.drafts if version == "both" else self.current

    def named(self, folded: str) -> dict[str, float]:
        """Documents that a question names by words of their title, by their date or by what they are, each with a
        weight up to 1, in ingest order."""
        asked = set(terms(folded))
        out = self._described.by(folded)
        for one in self._titled(asked):
            title, total = self._titles[one], self._totals[one]
            share = sum(self._weight(word) for word in title if word in asked) / total if total else 0.0
            date = self._date_named(self._documents[one], folded)
            if share >= _MIN_NAMED or (date and share > _MIN_NAMED / 2):
                out[one] = max(out.get(one, 0.0), min(1.0, share + (0.25 if date else 0.0)))
        top = max(out.values(), default=0.0)
        return {one: out[one] for one in self._documents if one in out and out[one] >= 0.75 * top}

    def dated(self, folded: str) -> frozenset[str]:
        """Documents that have other versions and that a question names by the month of their date."""
        said = {number for number, name in enumerate(MONTHS, 1) if re.search(rf"\b{name}\b", folded)}
        months = {d.id: (d.date or "")[5:7] for d in self._documents.values() if d.family}
        return frozenset(one for one, month in months.items() if month.isdigit() and int(month) in said)

    @cached_property
    def _described(self) -> Described:
        return Described(self._documents)

    @cached_property
    def _titles(self) -> dict[str, frozenset[str]]:
        return {
            d.id: frozenset(w for w in terms(d.name) if not w[0].isdigit()) for d in self._documents.values()
        }

    def _titled(self, asked: Collection[str]) -> list[str]:
        """Documents that have any of these words in their title, in order."""
        places = {place for word in asked if self._weight(word) for place in self._holding[word]}
        ids = list(self._titles) if places else []
        return [ids[place] for place in sorted(places)]

    @cached_property
    def _holding(self) -> dict[str, list[int]]:
        """Word -> the places of the documents that have it in their title."""
        return grouped((word, at) for at, title in enumerate(self._titles.values()) for word in title)

    @cached_property
    def _totals(self) -> dict[str, float]:
        return {one: sum(self._weight(word) for word in title) for one, title in self._titles.items()}

    def _weight(self, word: str) -> float:
        return self._weights.get(word, 0.0)

    @cached_property
    def _weights(self) -> dict[str, float]:
        """How much a word of a title says: nothing where most titles have it."""
        number = len(self._titles)
        return {
            word: math.log(1 + number / len(held))
            for word, held in self._holding.items()
            if word not in _MONTH_STEMS and len(held) <= _COMMON * number
        }

    @staticmethod
    def _date_named(document: Document, folded: str) -> bool:
        if not document.date or document.date[:4] not in _YEAR.findall(folded):
            return False
        month = document.date[5:7]
        said = [name for name in MONTHS if re.search(rf"\b{name}\b", folded)]
        return not said or (bool(month) and MONTHS[int(month) - 1] in said)

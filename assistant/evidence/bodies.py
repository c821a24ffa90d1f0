"""Which bodies and places a stretch of text is about, held against those that a question names.

A sentence about another body is no answer, however well its words meet the question: "The NHS employs ..." where it was
asked how many a trust employs.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from assistant.evidence.link import Forms
from assistant.evidence.units import Stretch
from corpus.text import fold
from index.generation import Index
from index.query import contains, words

_WORD = re.compile(r"[A-Za-z][\w&]*")
_OPENING = 3  # words in which a sentence names what it is about
_SHORTEST = 3
_REMEMBERED = 4096  # passages


class Bodies:
    """The bodies and places of an index, and which of them its stretches are about."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._told = lru_cache(maxsize=_REMEMBERED)(self._read)

    def named(self, question: str) -> frozenset[str]:
        """The words of a question that belong to names of bodies and places and are never written small, folded."""
        return frozenset(words(question).split()) & self._names

    def forms_asked(self, question: str) -> list[frozenset[str]]:
        """All spellings, folded to words, of each body that a question names, without names that are part of a longer
        one there."""
        standing = self._standing.standing(words(question))
        forms = [form for form, _ in standing]
        longest = (
            (form, name)
            for form, name in standing
            if not any(form != one and contains(one, form) for one in forms)
        )
        return [self._spellings[name] for name in dict.fromkeys(name for _, name in longest)]

    def elsewhere(
        self, asked: frozenset[str], position: int, stretches: Sequence[Stretch]
    ) -> NDArray[np.bool_]:
        """Which stretches of the passage at ``position`` begin with the name of a body or place and hold none that is
        ``asked`` about: (n,)."""
        if not asked:
            return np.zeros(len(stretches), np.bool_)
        told = self._told(position, tuple(stretches))
        return np.array([bool(opening) and not asked & held for opening, held in told], np.bool_)

    def _read(self, _: int, stretches: tuple[Stretch, ...]) -> list[tuple[frozenset[str], frozenset[str]]]:
        """The names in the opening of each stretch, and all of it."""
        told = [[fold(word) for word in _WORD.findall(one.text)] for one in stretches]
        return [(self._names.intersection(one[:_OPENING]), self._names.intersection(one)) for one in told]

    @cached_property
    def _spellings(self) -> dict[str, frozenset[str]]:
        """All spellings of each body, folded to words."""
        return {
            name.canonical: frozenset(map(words, (name.canonical, *name.spellings, *name.acronyms)))
            for name in self._index.register.names
            if name.kind == "organisation"
        }

    @cached_property
    def _standing(self) -> Forms:
        """The spellings of several words; a short form alone is looked for elsewhere."""
        told = ((form, name) for name, forms in self._spellings.items() for form in sorted(forms))
        return Forms((form, name) for form, name in told if " " in form)

    @cached_property
    def _names(self) -> frozenset[str]:
        register = self._index.register
        told = [
            *(form for name in register.names for form in (name.canonical, *name.spellings, *name.acronyms)),
            *(acronym.short for acronym in register.acronyms),
            *(priority.place for priority in register.priorities),
        ]
        found = {word for form in told for word in words(form).split()}
        lower = self._index.lower_words
        return frozenset(one for one in found if len(one) >= _SHORTEST and one not in lower)

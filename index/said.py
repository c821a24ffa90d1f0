"""Which rows say a name: an inverted index over the words of names, so that a look-up in many thousands of rows
touches only those that can hold it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

Forms = Callable[[str], frozenset[str]]


class Said:
    """Rows by what they say. ``rows`` gives, row by row, the names in it; ``forms`` every form of a name, folded
    to words with single spaces between them."""

    def __init__(self, rows: Iterable[Sequence[str]], forms: Forms) -> None:
        self._rows: dict[str, list[int]] = {}
        for number, names in enumerate(rows):
            for name in dict.fromkeys(names):
                if name:
                    self._rows.setdefault(name, []).append(number)
        self._names = list(self._rows)
        self._forms = [forms(name) for name in self._names]
        self._words: dict[str, set[int]] = {}
        for at, found in enumerate(self._forms):
            for word in {word for form in found for word in form.split()}:
                self._words.setdefault(word, set()).add(at)

    def rows(self, wanted: Iterable[str], *, whole: bool = False) -> set[int]:
        """The numbers of the rows in which a name holds one of the wanted forms, word for word; ``whole`` asks
        that it is the name, not a part of a longer one."""
        found: set[int] = set()
        found.update(*(self._rows[self._names[name]] for name in self._holding(wanted, whole)))
        return found

    def _holding(self, wanted: Iterable[str], whole: bool) -> set[int]:
        found: set[int] = set()
        for form in wanted:
            sets = [self._words.get(word, set()) for word in form.split()]
            if not sets:
                continue
            for name in set.intersection(*sets) - found:
                said = self._forms[name]
                if form in said or (not whole and any(f" {form} " in f" {one} " for one in said)):
                    found.add(name)
        return found

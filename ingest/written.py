"""How often a corpus writes a name, and which names stand in a text, found by way of their words: to try each name on
each text takes a time that grows with the square of the corpus."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cached_property


class Written:
    """Counts names in texts up to ``enough``, from where on more makes no difference. A text may be added more than
    once, and counts as often."""

    def __init__(self, enough: int) -> None:
        self._enough = enough
        self._places: dict[str, int] = {}  # text -> its number
        self._texts: list[str] = []
        self._times: Counter[int] = Counter()
        self._holding: dict[str, set[int]] = {}  # word -> the texts that hold it
        self._with: dict[str, set[int]] = {}

    def add(self, text: str) -> None:
        """Note a text."""
        place = self._places.setdefault(text, len(self._texts))
        self._times[place] += 1
        if place < len(self._texts):
            return
        self._texts.append(text)
        for word in set(text.split()):
            self._holding.setdefault(word, set()).add(place)
        self._with.clear()
        self.__dict__.pop("_words", None)

    def count(self, name: str) -> int:
        """How often the texts hold a name, inside longer words too: at least ``enough`` where it is as much."""
        found = 0
        for place in self._where(name):
            found += self._times[place] * self._texts[place].count(name)
            if found >= self._enough:
                break
        return found

    def _where(self, name: str) -> list[int]:
        """The texts that hold all words of a name, of which the first may end a longer word and the last begin one."""
        words = name.split()
        if not words:
            return []
        parts = [f"\n{word}\n" for word in words[1:-1]]
        parts += [f"{words[0]}\n", f"\n{words[-1]}"] if len(words) > 1 else [words[0]]
        held = sorted((self._held(part) for part in parts), key=len)
        return sorted(held[0].intersection(*held[1:]))

    def _held(self, part: str) -> set[int]:
        """The texts that hold a word with this part in it; a line break stands for the word's beginning or end."""
        if part not in self._with:
            self._with[part] = set().union(*(self._holding[word] for word in self._matching(part)))
        return self._with[part]

    def _matching(self, part: str) -> Iterator[str]:
        words = self._words
        at = words.find(part)
        while at >= 0:
            start = words.rfind("\n", 0, at + 1) + 1
            end = words.find("\n", max(start, at + 1))
            yield words[start:end]
            at = words.find(part, end)

    @cached_property
    def _words(self) -> str:
        """All words of all texts, each between line breaks."""
        return "\n".join(("", *self._holding, ""))


class Phrases:
    """Texts of several words, found in a text by the words inside them, however many there are."""

    def __init__(self) -> None:
        self._by_word: dict[str, dict[str, None]] = {}

    def add(self, phrase: str) -> None:
        """Note one; of its words the longest that has others on both sides leads to it."""
        inner = max(phrase.split()[1:-1], key=len, default="")
        self._by_word.setdefault(inner, {})[phrase] = None

    def within(self, text: str) -> list[str]:
        """Those that stand in a text, and no word of which is cut short in it but the first and last."""
        words = ("", *dict.fromkeys(text.split()))
        return [one for word in words for one in self._by_word.get(word, ()) if one in text]

"""Lists that a document numbers i, ii, iii and speaks of by their number ("the ten commitments"): the whole list, one of it
by its number, or those that are about something."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property

from assistant.draft import Draft, Evidence, Line
from assistant.phrases import NUMBERS, ORDINALS, figure_of, number_word
from assistant.question.understand import Ask
from corpus.groups import grouped
from corpus.model import Document, Span
from corpus.text import fold, plain
from index.lexical import terms

_SURE = 1.15
_FEWEST = 3
_OPENING = 200  # characters before a list in which it is told what its items are
_LONGEST = 400  # characters of an item; what is longer is a section, of which the first sentence is told
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
_ITEM = re.compile(r"^[ \t|]*(?P<number>[ivx]{1,4})(?:[.)]|[ \t]*\|)[ \t]+(?=\w)", re.MULTILINE)
_ENDS = re.compile(r"[ \t]*\n(?=[ \t]*\n[ \t]*\n|[ \t]*(?:Appendix|Annex|#)|[A-Z0-9][^\n]*\n[ \t]*\n)")
_ROW = re.compile(r"\n")
_FIGURES = re.compile(r": \d+(?:: \d+)+$")
_SENTENCE = re.compile(r"(?<=[a-z)])\.\s|\n[ \t]*\n|\n[ \t]*(?=[A-Z‘'“])")
_COUNTED = r"\b(?P<count>{})(?: \w+)? (?P<noun>[a-z]{{3,}}s)\b"
_WORD = re.compile(r"\b[a-z]{4,}\b")
_ONE = r"\b{noun} (?:number |no\.? )?(?P<number>[ivx]{{1,4}}|\d{{1,2}}|{numbers})\b(?!\.\d)|\b(?P<order>{order})(?: \w+)? {noun}\b"
_ASKING = frozenset(
    terms(
        "what which are is were was does do did list name show me tell give how many there have has all main key each every of the in "
        "about on for to a say says strategy plan document report one that cover covers deal deals with make "
        "makes made set out",
        stop=False,
    )
    + NUMBERS
)
_NUMBERING = frozenset([*_ROMAN, *terms(" ".join(ORDINALS)), "number"])

Item = tuple[str, Span]


class EnumeratedLists:
    """Composes answers from the lists of documents."""

    def __init__(self, documents: Mapping[str, Document]) -> None:
        self._documents = documents

    def draft(self, ask: Ask, named: Collection[str] = ()) -> Draft | None:
        """What a question asks of a list of which a document gives the number; of the documents ``named`` first. None
        where it asks for none, or for somebody or a date, or what it asks stands in none of its items."""
        folded = ask.reading.folded
        if ask.reading.has("who", "when"):
            return None
        for noun in dict.fromkeys(word.removesuffix("s") for word in _WORD.findall(folded)):
            held = [pair for pair in self._lists.get(noun, []) if pair[0] in ask.documents]
            for one, items in sorted(held, key=lambda pair: (pair[0] not in named, pair[0])):
                if chosen := self._chosen(one, noun, items, folded):
                    sure = one in named or f"{number_word(len(items))} {noun}s" in folded
                    return self._told(one, noun, items, chosen, sure)
        return None

    @cached_property
    def _lists(self) -> Mapping[str, Sequence[tuple[str, Sequence[Item]]]]:
        """Noun -> the documents that tell the number of such things and list them, with the lists."""
        return grouped(
            (noun, (one, items))
            for one, document in self._documents.items()
            for noun, items in _lists_of(document.text).items()
        )

    def _chosen(self, document: str, noun: str, items: Sequence[Item], folded: str) -> Sequence[int]:
        """The places, from 0, of the items that a question asks for."""
        one = self._documents[document]
        own = set(terms(f"{noun} {noun}s {one.title} {one.name}")) | _ASKING
        number = _number_asked(noun, folded)
        about = {word for word in terms(folded) if word not in own and not word.isdigit()}
        if number is not None:
            return [number - 1] if 0 < number <= len(items) and not about - _NUMBERING else []
        return [at for at, (text, _) in enumerate(items) if about <= set(terms(text))]

    def _told(
        self, document: str, noun: str, items: Sequence[Item], chosen: Sequence[int], named: bool
    ) -> Draft:
        title, number = self._documents[document].name, f"{number_word(len(items))} {noun}s"
        whole = len(chosen) == len(items)
        head = f"The {title} has {number}:" if whole else f"Of the {number} of the {title}:"
        lines = (Line(f"{_ROMAN[at]}: {items[at][0]}", (Evidence(document, items[at][1]),)) for at in chosen)
        return Draft("list", (Line(head), *lines), _SURE, bullets=True, named=named)


def _lists_of(text: str) -> dict[str, tuple[Item, ...]]:
    """The lists of a text by the noun with which it tells their number; of several of one length, the one in words, and
    of those the one whose items stand closest together."""
    lists = {len(items): items for items in sorted(_runs(text), key=_worth)}
    if not lists:
        return {}
    counts = "|".join(f"{NUMBERS[n]}|{n}" for n in lists)
    told = re.finditer(_COUNTED.format(counts), fold(text))
    named = {(found["noun"][:-1], int(figure_of(found["count"]))) for found in told}
    return {noun: lists[number] for noun, number in sorted(named) if _speaks_of(noun, lists[number], text)}


def _speaks_of(noun: str, items: tuple[Item, ...], text: str) -> bool:
    """Whether a text calls the items of a list by a noun: beside the number of one ("as with commitment 3"), more than
    once, or not far before the first."""
    near = fold(text[max(0, items[0][1].start - _OPENING) : items[0][1].start])
    by_number = re.findall(rf"\b{noun} (?:[ivx]{{1,4}}\b|\d{{1,2}}\b)", fold(text))
    return len(by_number) > 1 or re.search(rf"\b{noun}s?\b", near) is not None


def _runs(text: str) -> Iterator[tuple[Item, ...]]:
    """The lists that run from i without a gap."""
    marks = [*_ITEM.finditer(text)]
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    run: list[tuple[int, int]] = []
    for found, end in zip(marks, ends, strict=False):
        at = _ROMAN.index(found["number"]) if found["number"] in _ROMAN else -1
        if at != len(run):
            yield from _complete(run, text)
            run = []
        if at == len(run):
            run.append((found.end(), end))
    yield from _complete(run, text)


def _worth(items: tuple[Item, ...]) -> tuple[bool, int]:
    """What is best of several lists, the highest last: words before rows of figures, then what stands close together."""
    return not any(_FIGURES.search(told) for told, _ in items), items[0][1].start - items[-1][1].end


def _complete(run: list[tuple[int, int]], text: str) -> Iterator[tuple[Item, ...]]:
    if len(run) >= _FEWEST:
        yield tuple(_item(text, start, end) for start, end in run)


def _item(text: str, start: int, end: int) -> Item:
    """An item and where it stands: to the next, to the end of its paragraph, or its first sentence where that is long."""
    row = text[text.rfind("\n", 0, start) + 1 : start].lstrip().startswith("|")
    ended = (_ROW if row else _ENDS).search(text, start, end)
    end = ended.start() if ended else end
    if end - start > _LONGEST and (first := _SENTENCE.search(text, start, end)):
        end = first.start() + (text[first.start()] == ".")
    told = text[start:end].rstrip(" |\n\t")
    return plain(re.sub(r"\s*\|\s*", ": ", told)), Span(start, start + len(told))


def _number_asked(noun: str, folded: str) -> int | None:
    """The number of the item that a question names, 0 where no list goes so far; None where it names none."""
    counted, order = "|".join(NUMBERS[1:13]), "|".join(ORDINALS)
    found = re.search(_ONE.format(noun=noun, numbers=counted, order=order), folded)
    if found is None:
        return None
    if found["order"]:
        return ORDINALS.index(found["order"]) + 1
    figure = (
        str(_ROMAN.index(found["number"]) + 1) if found["number"] in _ROMAN else figure_of(found["number"])
    )
    return int(figure) if figure.isdigit() else 0

"""Lists of what documents number in their headings ("Outcome 1: ...", "Goal 3 ..."): outcomes, goals, themes, aims."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import lru_cache

from assistant.draft import Draft, Evidence, Line
from assistant.phrases import NUMBERS, figure_of, number_word
from assistant.question.understand import Ask
from corpus.model import Document, Span
from corpus.text import plain
from index.lexical import terms

_SURE = 1.15
_FEWEST = 3
_NOUNS = {
    f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s": noun
    for noun in (
        "outcome",
        "priority",
        "theme",
        "objective",
        "goal",
        "aim",
        "pillar",
        "enabler",
        "ambition",
        "principle",
        "mission",
    )
}
_ASKED = re.compile(
    r"\b(?:what are|which are|what|which|list|name|show(?: me)?|tell me|give(?: me)?|how many)\b"
    rf"[^.?]*?\b(?P<noun>{'|'.join(_NOUNS)})\b"
)
_HEADING = re.compile(
    rf"^\W*(?:\w+ )?(?P<noun>{'|'.join(_NOUNS.values())}) (?P<number>\d{{1,2}}|{'|'.join(NUMBERS[1:13])})\b\W*(?P<title>\w.+)$",
    re.IGNORECASE,
)
_OWN_WORDS = frozenset(
    terms(
        " ".join(
            [
                *_NOUNS,
                *NUMBERS,
                "what which are is list name show me tell give how many there have has shared strategic key main all",
            ]
        )
        + " the of in plan strategy document its our their overall"
    )
)

Found = tuple[str, Span]


class NumberedHeadings:
    """Composes lists from the headings of documents."""

    def __init__(self, documents: Mapping[str, Document]) -> None:
        self._documents = documents
        self._numbered = lru_cache(maxsize=256)(self._read)  # of this index: gone when it is

    def draft(self, ask: Ask) -> Draft | None:
        """What is numbered as a question names it, from the document that has most of it; None where the question asks
        about some of it only, or no document numbers it from one on."""
        said = _ASKED.search(ask.reading.folded)
        if not said:
            return None
        titles = {w for one in ask.documents for w in terms(self._documents[one].name)}
        if [w for w in terms(ask.reading.folded) if w not in _OWN_WORDS | titles and not w.isdigit()]:
            return None
        found = {one: self._numbered(one, _NOUNS[said.group("noun")]) for one in sorted(ask.documents)}
        best = max(found, key=lambda one: (len(found[one]), self._documents[one].date or ""), default=None)
        if best is None or len(found[best]) < _FEWEST:
            return None
        head = f"The {self._documents[best].name} has {number_word(len(found[best]))} {said.group('noun')}:"
        items = (
            Line(f"{number}: {title}", (Evidence(best, span),))
            for number, (title, span) in found[best].items()
        )
        return Draft("list", (Line(head), *items), _SURE, bullets=True)

    def _read(self, document: str, noun: str) -> dict[int, Found]:
        """Number -> title and place, when they run from one without a gap; a title that several numbers share is none."""
        headings = list(self._headings(self._documents[document], noun))
        shared = Counter(
            title.casefold() for title in {(n, t.casefold()): t for n, t, _ in headings}.values()
        )
        found: dict[int, Found] = {}
        for number, title, span in headings:
            if shared[title.casefold()] == 1:
                found.setdefault(number, (title, span))
        return dict(sorted(found.items())) if sorted(found) == list(range(1, len(found) + 1)) else {}

    @staticmethod
    def _headings(document: Document, noun: str) -> Iterator[tuple[int, str, Span]]:
        for block in document.blocks:
            if block.kind != "heading":
                continue
            match = _HEADING.match(plain(block.span.of(document.text)))
            if match and match.group("noun").casefold() == noun:
                said = match.group("number").casefold()
                yield (
                    int(figure_of(said)),
                    match.group("title").strip("*# "),
                    block.span,
                )

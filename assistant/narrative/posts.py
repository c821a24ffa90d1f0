"""Who holds a post, as documents say it: "Independent Chair: A. Name", "A. Name, Director of Housing", "Mr Name
(Chairman)", "Name: ..." with "Job title: ..." beneath."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from assistant.draft import Draft, Evidence, Line
from assistant.evidence.bodies import Bodies
from assistant.evidence.units import clean
from assistant.question.expect import TITLES
from assistant.question.post_words import POST, POST_OF, POSTS, SIGNATORY, post_asked
from assistant.question.understand import Reading
from corpus.model import Passage, Span
from corpus.text import fold
from index.generation import Index
from index.lexical import terms
from index.query import words

_OF = re.compile(r" (?:of|for)(?: the)? |, ")
_STEMS = frozenset(stem for word in POST_OF for stem in terms(word))
_SECOND = re.compile(r"\b(?:vice|deputy|assistant|associate|former|ex|past|previous)\b", re.IGNORECASE)
_BEFORE_POST = 12  # characters before the word for a post in which such a word may stand

_TITLE = rf"(?:{TITLES}|Lady|Rt Hon|Revd|Rev)\.?"
_WORD = r"[A-Z][\w'’-]+"
_NO_NAME = (
    r"(?!(?:Job|Title|Post|Position|Role|Designation|Tel|Telephone|Phone|Mobile|Email|E-mail|Date|Dated)\b)"
)
_OWN = rf"{_NO_NAME}[A-Z][a-z'’-][\w'’-]*"  # a word of a person's name
_NAME = rf"(?:{_TITLE} )+(?:[A-Z]\.? )*{_OWN}(?: {_OWN})?|{_OWN}(?: [A-Z]\.?)? {_OWN}(?: {_OWN})?"
_NAMES = (re.compile(_NAME), re.compile(rf"(?:{_TITLE} )*{_OWN}(?: [A-Z]\.?)? {_OWN}"))
_GOES_ON = re.compile(r"(?:\b(?:and|of|for|the)|&|,)$")
_LABEL = re.compile(r"^(?P<label>[A-Z][\w '’/()&-]{1,60}?) ?: ?(?P<value>.*)$")
_NAMED = frozenset(
    {"name", "from", "by", "presented by", "written by", "prepared by", "submitted by", "contact"}
)
_JOB = frozenset({"job title", "title", "post", "position", "role", "designation", "job"})
_HEADING = re.compile(
    r"^(?:\d+(?:\.\d+)*\.? )?(?P<words>[A-Z][\w'’/-]+(?: (?:(?:and|of|for|the) )?[A-Z][\w'’/-]+){1,5})$"
)
_TOGETHER_WITHIN = 500  # characters between the signatures beneath one paper
_TOGETHER = 3  # people under a heading for several
_AFTER = re.compile(
    rf"(?P<person>{_NAME})(?:, | \(| [–-] )(?:the |our |who is |who was )?(?P<role>[^.;)\n]{{3,110}})"
)
_BEFORE = re.compile(
    rf"(?P<role>(?:{_WORD} ){{0,5}}(?:Chair(?:man|woman|person)?|Director|Manager|Officer|Leader|Cabinet Member|Executive|"
    rf"Secretary|Counsel|Mayor|Minister|Commissioner|Head)(?: (?:of|for)(?: (?:the|and|of|for|{_WORD}))+?)?),? (?P<person>{_NAME})"
)
_REACHED = re.compile(
    r",? (?:Tel(?:ephone)?|Phone|Mobile|E-?mail)(?: (?:number|no\.?|address))?\s*(?::|\+?\d|\S*@).*",
    re.DOTALL,
)
_JOB_LABEL = re.compile(r"^(?:Job title|Title|Post|Position|Role|Designation) ?: ?", re.IGNORECASE)
_SIGNED = re.compile(
    rf"^Signed(?: by)? ?\((?P<role>[^()]{{2,60}})\):? (?P<person>{_NAME}|(?:[A-Z]\.? ?){{1,3}} ?[A-Z][a-z][\w'’-]+)$"
)
_CLOSES = re.compile(
    r"^(?:Yours (?:sincerely|faithfully|truly)|(?:Kind|Best|Warm) (?:regards|wishes))\W*$", re.IGNORECASE
)
_DATE = re.compile(r"^\d{1,2}(?:st|nd|rd|th)? [A-Z][a-z]+,? (?:19|20)\d\d$")
_WORDS_OF_A_POST = 14
_BEYOND = 200  # characters after a passage in which a line of it may go on
_LINES_ON = 3  # lines after a name in which its post may stand

_BARE_NAME = re.compile(
    rf"^(?:[Ww]ho (?:is|was) (?P<who>{_NAME})\??|[Ww]h(?:at|ich)(?: is| was)?(?: the)? (?:job|role|post|position|title) (?:of |does |did |is held by )?(?P<of>{_NAME})\b.*|"
    rf"[Ww]hat (?:is|was) (?P<whose>{_NAME})['’]s? (?:job|role|post|position|title).*)$"
)
_LEAST = 0.6  # share of the question's words, by rarity, that must stand in the post or what it stands under
_CONTEXT = 0.85  # what a word counts for that stands only there
_OUTER = 0.75  # the same, in a heading above its own
_ELSEWHERE = 0.5  # for a post "of" or "for" something that is not asked about
_MORE = 0.15  # by which a post that names more than is asked counts for less
_MOSTLY = 0.7  # share of the words of a short form that stand for it
_MIN_UNKNOWN = 4  # letters; less in no document is a slip of the pen
_PAPERS = frozenset(terms("paper papers report reports document documents letter letters covering pack"))
_DUTIES = frozenset(
    terms("responsible responsibility accountable charge looks after covers deals oversees holds")
)
_AS_GOOD = 0.05
_SURE = 0.78  # from here on nothing is likelier
_MOST = 4
_LOOKED_AT = 400  # passages


Signed = Literal["", "dated", "as", "letter"]
"""Beneath the paper with a date, behind the word "Signed", beneath the closing phrase of a letter."""


@dataclass(frozen=True, slots=True)
class Post:
    """That a person holds a post; ``span`` covers both in the passage's document. ``signed`` is how it tells that they
    signed the paper, if it does."""

    person: str
    role: str
    span: Span
    passage: Passage
    signed: Signed = ""


class Posts:
    """Looks for who holds a post, and for the post of a person."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._bodies = Bodies(index)
        self._held = lru_cache(maxsize=2048)(self._read)  # of this index: gone when it is

    def draft(self, reading: Reading, documents: Collection[str]) -> Draft | None:
        """Who holds the post that is asked about, best first; None where no post is asked about or none is found."""
        named = _BARE_NAME.match(reading.asked.strip())
        if named:
            return self._of_person(next(filter(None, named.groups())), documents)
        asked = post_asked(reading.folded)
        if not asked:
            return None
        found = self._scored(*asked, documents)
        best = max((score for score, _ in found), default=0.0)
        if best < _LEAST:
            return None
        kept = [post for score, post in found if score >= best - _AS_GOOD]
        if asked[0] == SIGNATORY:  # who signed a paper at the same place, signed it together
            kept = [
                post for score, post in found if score >= _LEAST and any(_beside(post, one) for one in kept)
            ]
        return self._told(kept, best)

    def _of_person(self, person: str, documents: Collection[str]) -> Draft | None:
        last = terms(person)[-1:]
        places = [at for stem in last for at in self._index.lexical.places(stem).tolist()]
        found = [
            post
            for at in places[:_LOOKED_AT]
            if self._index.passages[at].document in documents
            for post in self._held(at)
            if set(terms(person)) <= set(terms(post.person))
        ]
        return self._told(found, 1.0) if found else None

    def _told(self, posts: Collection[Post], score: float) -> Draft:
        ranked = sorted(posts, key=self._standing, reverse=True)
        people = {(fold(post.person), fold(post.role)): post for post in reversed(ranked)}
        chosen = sorted(people.values(), key=self._standing, reverse=True)[:_MOST]
        lines = (
            Line(
                f"{post.person}: {post.role} ({self._index.documents[post.passage.document].name}).",
                (Evidence(post.passage.document, post.span, post.passage.section),),
            )
            for post in chosen
        )
        return Draft("narrative", tuple(lines), score, named=score >= _SURE)

    def _standing(self, post: Post) -> tuple[bool, str]:
        """What was adopted or minuted goes before other papers, then the newest."""
        document = self._index.documents[post.passage.document]
        return document.status in ("final", "minutes"), document.date or ""

    def _scored(self, kind: str, role: str, documents: Collection[str]) -> list[tuple[float, Post]]:
        lexical = self._index.lexical
        spelled = (stem for stem in terms(role) if lexical.knows(stem) or len(stem) >= _MIN_UNKNOWN)
        wanted = frozenset(spelled) - _STEMS - _PAPERS - _DUTIES
        weight = {stem: lexical.idf(stem) for stem in wanted}
        named, bodies = self._bodies.named(role), self._bodies.forms_asked(role)
        out = []
        for at in self._places(kind, wanted):
            passage = self._index.passages[at]
            if passage.document not in documents:
                continue
            for post in self._held(at):
                if _is_asked(kind, post, role):
                    less = _ELSEWHERE if self._is_of_another(post, named, bodies) else 1.0
                    out.append((less * self._met(post, weight) if weight else _LEAST, post))
        return sorted(out, key=lambda one: -one[0])

    def _met(self, post: Post, weight: Mapping[str, float]) -> float:
        """How much of a question's words, by their rarity, stands in a post or what it stands under; less where the post
        names more than is asked, least where it is of something else."""
        own, beneath = self._spelled_out(post.role), self._beneath(post.passage)
        met = sum(w * (1 if self._is_in(s, own) else self._counts(s, beneath)) for s, w in weight.items())
        rest = [self._index.lexical.idf(s) for s in terms(post.role) if s not in weight and s not in _STEMS]
        more = not post.signed and sum(rest) / max(
            sum(self._index.lexical.idf(s) for s in terms(post.role)), 1e-9
        )
        of = self._spelled_out(" ".join(_OF.split(post.role, maxsplit=1)[1:]))
        # Behind an author stands the job, not what was written.
        other = bool(of) and not post.signed and not _is_same("author", post.role, "")
        elsewhere = other and not any(self._is_in(stem, of) for stem in weight)
        return met / sum(weight.values()) * (1 - _MORE * more) * (_ELSEWHERE if elsewhere else 1)

    def _is_of_another(self, post: Post, named: frozenset[str], bodies: Collection[frozenset[str]]) -> bool:
        """Whether a post names other bodies or places than the ``named``, or one of the ``bodies`` asked about, each with
        its spellings, stands neither in it nor in what it stands under."""
        own = self._bodies.named(post.role)
        if named and own and not named & own:
            return True
        document = self._index.documents[post.passage.document]
        told = words(f"{post.role} {post.passage.context} {document.title} {document.publisher}")
        return any(not any(f" {form} " in f" {told} " for form in forms) for forms in bodies)

    def _is_in(self, stem: str, words: Collection[str]) -> bool:
        """Whether a word, or most of what it is short for, is among others."""
        full = self._full.get(stem, frozenset())
        return stem in words or (bool(full) and len(full.intersection(words)) >= _MOSTLY * len(full))

    def _counts(self, stem: str, beneath: Mapping[str, float]) -> float:
        """What a word counts that stands among those of the headings."""
        return beneath.get(stem, _OUTER) if self._is_in(stem, beneath) else 0.0

    def _places(self, kind: str, wanted: frozenset[str]) -> list[int]:
        """The passages that hold a word for the post, those first that hold most of the other words."""
        lexical = self._index.lexical
        stems = {stem for word in POSTS.get(kind, "signed").split("|") for stem in terms(word)}
        places = [lexical.places(stem) for stem in sorted(stems)]
        if kind in ("author", SIGNATORY):  # no such word stands by a name with a date at a paper's end
            places.append(self._papers_named(wanted))
        held = np.unique(np.concatenate(places))
        scores = lexical.scores(sorted(wanted))[held]
        order = np.argsort(-scores, kind="stable")[:_LOOKED_AT]
        return [int(at) for at in held[order]]

    def _papers_named(self, wanted: frozenset[str]) -> NDArray[np.int32]:
        """The passages of the papers of which the title holds most of some words, by their rarity."""
        idf = self._index.lexical.idf
        total = sum(map(idf, wanted))
        named = {
            name
            for name, one in self._index.documents.items()
            if total and sum(idf(s) for s in wanted.intersection(terms(one.title))) >= _LEAST * total
        }
        found = [at for at, passage in enumerate(self._index.passages) if passage.document in named]
        return np.array(found, np.int32)

    def _beneath(self, passage: Passage) -> dict[str, float]:
        """The words that a passage stands under, with what each counts: its own heading and its paper's name more than
        the headings above that."""
        document = self._index.documents[passage.document]
        file = re.sub(r"[^A-Za-z]+", " ", document.file)
        near = f"{passage.section.rpartition(' > ')[2]} {document.title} {document.publisher} {document.date or ''} {file}"
        outer = dict.fromkeys(self._spelled_out(f"{passage.context} {passage.section}"), _OUTER)
        return outer | dict.fromkeys(self._spelled_out(near), _CONTEXT)

    def _spelled_out(self, text: str) -> frozenset[str]:
        """The stems of a text, with those of what its short forms stand for."""
        stems = set(terms(text))
        for stem in list(stems):
            stems |= self._full.get(stem, frozenset())
        return frozenset(stems)

    @cached_property
    def _full(self) -> dict[str, frozenset[str]]:
        shorts = self._index.register.acronyms
        return {terms(one.short)[0]: frozenset(terms(one.full)) for one in shorts if terms(one.short)}

    def _read(self, at: int) -> tuple[Post, ...]:
        """What a passage says of people and posts."""
        passage = self._index.passages[at]
        lines = list(_lines(passage, self._index.documents[passage.document].text))
        own = sum(start < passage.span.end for start, _, _ in lines)
        found = [post for number in range(own) for post in self._labelled(lines, number, passage)]
        for number, (start, end, text) in enumerate(lines[:own]):
            if _LABEL.match(text) and any(post.span.start <= start < post.span.end for post in found):
                continue
            _, after, beneath = lines[number + 1] if number + 1 < len(lines) else (0, end, "")
            if _GOES_ON.search(text) and not _LABEL.match(beneath):
                text, end = f"{text} {beneath}", after
            span = Span(start, end)
            found += [
                Post(match["person"], role, span, passage)
                for pattern in (_AFTER, _BEFORE)
                for match in pattern.finditer(text)
                if self._is_name(match["person"]) and (role := _role(match["role"]))
            ]
        return tuple(found)

    def _labelled(self, lines: list[tuple[int, int, str]], number: int, passage: Passage) -> Iterator[Post]:
        """A post told by the form of its lines: a label with a name, a post above a name, a signature."""
        start, end, text = lines[number]
        label = _LABEL.match(text)
        name = self._name(label["value"] if label else text)
        _, after, beneath = lines[number + 1] if number + 1 < len(lines) else (0, end, "")
        if _SIGNED.match(text):
            yield from self._signed(lines, number, passage)
        elif label and name:
            rest = _JOB_LABEL.sub("", label["value"][len(name) :].strip(" ,–-()"))
            if _GOES_ON.search(rest) and not _LABEL.match(beneath):
                rest, end = f"{rest} {beneath}", after
            signs = fold(label["label"]) in ("signed", "signed by")
            own = label["label"] if signs or POST.search(label["label"]) else ""
            jobs = [] if POST.search(rest) else list(self._jobs(lines, number))
            parts = (own, rest if POST.search(rest) else "", *(job for job, _ in jobs))
            role = ", ".join(part for part in parts if part)
            if role and (own or fold(label["label"]) in _NAMED):
                span = Span(start, max([end, *(e for _, e in jobs)]))
                yield Post(name, _shortened(role), span, passage, "as" if signs else "")
        elif (over := self._over(lines, number, passage)) and (word := POST.search(over)):
            yield from self._headed(lines[number : number + 1 + _TOGETHER], over, word, passage)
        else:
            yield from self._signed(lines, number, passage)

    def _signed(self, lines: list[tuple[int, int, str]], number: int, passage: Passage) -> Iterator[Post]:
        """Who signs a paper or letter: behind "Signed", beneath the closing phrase, above a job and a date. A name above a
        job without a date tells a post only."""
        start, end, text = lines[number]
        begins, after, beneath = lines[number + 1] if number + 1 < len(lines) else (end, end, "")
        if signed := _SIGNED.match(text):
            yield Post(signed["person"], f"signed as {signed['role']}", Span(start, end), passage, "as")
        elif _CLOSES.match(text) and (writer := _NAMES[-1].match(beneath)) and self._is_name(writer.group()):
            job = _shortened(beneath[writer.end() :])
            if not job and number + 2 < len(lines) and (held := _role(lines[number + 2][2])):
                job, after = held, lines[number + 2][1]
            role = f"{job}, signed the letter" if job else "signed the letter"
            yield Post(writer.group(), role, Span(begins, after), passage, "letter")
        elif self._name(text) == text and not _LABEL.match(beneath) and (held := _role(beneath)):
            _, last, date = lines[number + 2] if number + 2 < len(lines) else (0, after, "")
            if _DATE.match(date):
                yield Post(text, f"{held}, signed {date}", Span(start, last), passage, "dated")
            else:
                yield Post(text, held, Span(start, after), passage)

    def _over(self, lines: list[tuple[int, int, str]], number: int, passage: Passage) -> str:
        """The words of a line or cell that stand over a name: in a line of their own, or in the first cell of a row whose
        next cell holds it."""
        start, end, text = lines[number]
        whole = self._index.documents[passage.document].text
        before = whole[whole.rfind("\n", 0, start) + 1 : start]
        if re.search(r"\w", before):
            return ""
        follows = lines[number + 1][0] if number + 1 < len(lines) else end
        if POST.fullmatch(text) and text[0].isupper():
            return text if end < follows and "\n" not in whole[end:follows] else ""
        return _heading(text)

    def _headed(
        self, lines: list[tuple[int, int, str]], over: str, word: re.Match[str], passage: Passage
    ) -> Iterator[Post]:
        """The post in a heading, of the name beneath it, or of several where the word for the post is of several."""
        several = word.group().endswith("s")
        role = f"{over[: word.end() - 1]}{over[word.end() :]}" if several else over
        for _, end, text in lines[1 : None if several else 2]:
            name = self._name(text)
            if name is None:
                return
            yield Post(name, _shortened(role), Span(lines[0][0], end), passage)

    @staticmethod
    def _jobs(lines: list[tuple[int, int, str]], number: int) -> Iterator[tuple[str, int]]:
        """The job that stands under a name, and where its line ends."""
        for _, end, text in lines[number + 1 : number + 1 + _LINES_ON]:
            label = _LABEL.match(text)
            if label and fold(label["label"]) in _JOB and label["value"]:
                yield label["value"], end
                return

    def _name(self, text: str) -> str | None:
        """The name that a text begins with."""
        found = (pattern.match(text) for pattern in _NAMES)
        return next((match.group() for match in found if match and self._is_name(match.group())), None)

    def _is_name(self, text: str) -> bool:
        if re.match(_TITLE, text):
            return True
        words = [fold(word).removesuffix("'s") for word in text.split()]
        return (
            len(words) > 1
            and not any(word in self._index.lower_words for word in words)
            and not POST.search(text)
        )


def _heading(text: str) -> str:
    """The words of a line that only heads what follows: a label with nothing behind it, or a few words with capitals;
    empty for others."""
    label = _LABEL.match(text)
    if label:
        return "" if label["value"] else label["label"]
    titled = _HEADING.match(text)
    return titled["words"] if titled else ""


def _beside(one: Post, other: Post) -> bool:
    """Whether two people sign at the same place."""
    near = abs(one.span.start - other.span.start) <= _TOGETHER_WITHIN
    return near and one.passage.document == other.passage.document


def _is_asked(kind: str, post: Post, asked: str) -> bool:
    """Whether a post is of the kind asked for. Who signs a paper with a date has written it."""
    if kind == SIGNATORY:
        return bool(post.signed)
    return _is_same(kind, post.role, asked) or (kind == "author" and post.signed == "dated")


def _is_same(kind: str, held: str, asked: str) -> bool:
    """Whether a post is of the kind asked for, and a deputy's only where a deputy is."""
    found = [match.start() for match in POST.finditer(held) if POST_OF[fold(match.group())] == kind]
    second = bool(_SECOND.search(asked))
    return any(bool(_SECOND.search(held[max(0, at - _BEFORE_POST) : at])) == second for at in found)


def _role(text: str) -> str | None:
    """A post at the beginning of a text, without what follows; None where it does not begin with one."""
    head = _shortened(text)
    found = POST.search(head)
    return head if found and len(head[: found.start()].split()) <= _WORDS_OF_A_POST // 2 else None


def _shortened(role: str) -> str:
    """A post without what cannot belong to it."""
    own = _REACHED.sub("", role.strip(" ,–-"))
    cut = re.split(rf",? (?:{_TITLE} |who |which |said |and (?:{_TITLE}) |\S*\d|\S*@)", own)[0]
    kept = " ".join(cut.removeprefix("The ").split()[:_WORDS_OF_A_POST])
    return _GOES_ON.sub("", kept).strip(" ,;:–-")


def _lines(passage: Passage, text: str) -> Iterator[tuple[int, int, str]]:
    """The lines or cells of a passage that hold anything, and a few that follow in the document's text: where each
    begins and ends, and what a reader sees."""
    for match in re.finditer(r"[^\n\t|]+", text[passage.span.start : passage.span.end + _BEYOND]):
        raw = match.group()
        shown = clean(raw).strip("* ")
        if shown:
            begins = passage.span.start + match.start() + len(raw) - len(raw.lstrip())
            yield begins, begins + len(raw.strip()), shown

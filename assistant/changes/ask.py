"""What a question about versions asks for: which versions, kinds of record and of change, which topic."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Set
from dataclasses import dataclass
from functools import cached_property

from assistant.changes.versions import Pair, Versions, replaced
from assistant.changes.words import Names
from assistant.question.understand import Ask, Reading, topic_of
from corpus.model import Commitment, Indicator, Milestone, PlanEntry, Priority, Record
from corpus.text import MONTHS
from index.lexical import terms
from index.query import RegisterQuery, words
from ingest.versions import Change

CUE = 0.15  # what the cue of a version question adds to how well its record is linked
_FAMILY_NAMED = 0.5
_NUMBERS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_DRAFT = re.compile(
    r"\b(?:drafts?|(?:earlier|previous|first|old|spring|original|consultation) (?:\w+ )?(?:version|edition|plan))\b"
)
_CONTRAST = re.compile(
    r"\b(?:vanish\w*|disappear\w*|since|gone|went|only|but|instead|later|renamed|now|then|missing|lost|"
    r"surviv\w*|still|kept|swapp\w*|replac\w*|took (?:its|their) place|turned into|became|become|"
    r"final|differ\w*|chang\w*|alter\w*|versus|vs)\b"
)
_CHANGED = re.compile(
    r"\b(?:changed|altered|moved|slipped|slip|put back|pushed back|brought forward|postponed|"
    r"delayed|reworded|"
    r"renamed|dropped|replaced|used to be|originally|previously|no longer|different (?:from|to|before))\b"
    r"|\b(?:did|do|does)\b.*\bchange\b"
)
_VERSIONS = re.compile(r"\b(?:versions?|editions?)\b|\b(?:new in|newly|added|introduced)\b")
_NOUNS = {
    "indicator": r"indicators?|measures?|targets?|goals?|kpis?|metrics?",
    "commitment": r"commitments?|objectives?|pledges?|promises?",
    "entry": r"plans|(?:which|what) (?:\w+ ){0,3}?plan|strateg(?:y|ies)|schemes?|programmes?|"
    r"projects?|initiatives?|actions|(?:which|what) (?:\w+ )?action|activities|tasks",
    "milestone": r"milestones?|deadlines?|launch\w*|due dates?|dates?",
    "priority": r"districts?|boroughs?|parish(?:es)?|wards?|places?|areas?|partnerships?|priorit(?:y|ies)",
    "lead": r"leads?|leaders?|leading|led|owners?|owns|owned|organisations?|bod(?:y|ies)|charit(?:y|ies)|partners?|"
    r"answerable|responsible|accountable|in charge|who|whose",
}
KINDS: dict[str, type[Record]] = {
    "indicator": Indicator,
    "commitment": Commitment,
    "entry": PlanEntry,
    "milestone": Milestone,
    "priority": Priority,
}
_ACTIONS = {
    "dropped": r"dropped|removed|gone|went|vanish\w*|disappear\w*|lost|no longer|left out|cut|deleted|"
    r"missing|"
    r"fell|absent|(?:draft|earlier version) only|only in the (?:\w+ )?(?:draft|earlier version)|"
    r"took (?:its|their) place|replaced",
    "added": r"added|new(?! word)|newly|introduced|join\w*|gain\w*|extra|(?:final|latest) (?:\w+ )?only|"
    r"only in the (?:\w+ )?(?:final|latest)",
    "reworded": r"reworded|rephrased|renamed|rewritten|retitled|reword|rename|new words?|new wording|(?:worded|phrased) differently",
    "moved": r"moved|slipped|postponed|delayed|brought forward|later|shifted",
    "filled": r"blanks?|empty|unfilled|filled(?:[ -]in)?",
    "changed": r"chang\w*|alter\w*|differ\w*|amended|revised",
}
_DOES: Mapping[str, tuple[str, ...]] = {
    "dropped": ("dropped",),
    "added": ("added",),
    "reworded": ("reworded",),
    "moved": ("target moved", "milestone moved"),
}
_LISTING = re.compile(
    r"^(?:\W*(?:and|so|please|between|in|from)\b[^,?]*,)?\W*"
    r"(?:which|what|whose|list|name|show|how many|were any|was any|any)\b"
    r"|\b(?:from|under|in|for|against|on) which \w+s\b"
)
_FILLERS = frozenset(
    terms(
        "which what list name show how many any were was between from and the two three four five six "
        "one version versions edition editions draft drafts final latest current approved published "
        "earlier previous original first old new newer spring main all thing things plan document "
        "compare comparison difference differences there has have had been but not with appear appeared "
        "appears only about under than now vs those after before since did do does stand stands put took "
        "place its their them they say said says call called named lists kind no yes same get got still whats werent wasnt"
    )
)

_ABOUT = re.compile(r"\b(?:about|for|on|regarding|concerning|with)\b")
_ASKED = re.compile(rf"\b(?:{'|'.join((*_NOUNS.values(), *_ACTIONS.values()))})\b")


@dataclass(frozen=True, slots=True)
class Wish:
    """A version question: its wordings, and the words of its topic, without what speaks of versions; the
    pairs meant; the kinds of record and of change that it names. ``sure`` when it names versions; ``about`` the words
    of the topic by themselves, where it asks about or for them."""

    reading: Reading
    wordings: tuple[str, ...]
    topic: tuple[str, ...]
    pairs: tuple[Pair, ...]
    nouns: frozenset[str]
    actions: frozenset[str]
    sure: bool
    about: str = ""

    @property
    def bonus(self) -> float:
        """What the cues are worth."""
        return CUE if self.sure else 0.0

    @property
    def listing(self) -> bool:
        """Whether it asks for things rather than about one."""
        return bool(_LISTING.search(self.reading.folded))

    @property
    def outcome(self) -> str | None:
        """The number of the outcome that it names."""
        return outcome_asked(self.reading.folded)

    @property
    def documents(self) -> frozenset[str]:
        """All papers of the versions meant."""
        return frozenset(document for pair in self.pairs for document in pair.documents)


class WishReader:
    """Reads version questions over one register."""

    def __init__(self, register: RegisterQuery, versions: Versions) -> None:
        self._register = register
        self._versions = versions
        self._names = Names(register)

    def read(self, ask: Ask) -> Wish | None:
        reading = ask.reading
        said = reading.folded
        sure = self._versions_asked(reading)
        if not self._versions.pairs or not (sure or _CHANGED.search(said)):
            return None
        pairs = self._pairs_meant(said)
        if self._other_date(pairs, said):
            return None
        wordings = (
            tuple(dict.fromkeys(self._bare(one) for one in ask.wordings[-2:])) if sure else ask.wordings
        )
        bare = self._version_words.sub(" ", said)
        titles = (
            frozenset[str]().union(*(self._title(pair) for pair in pairs)) if len(pairs) < 2 else frozenset()
        )
        topic = tuple(t for t in terms(_ASKED.sub(" ", bare)) if t not in _FILLERS | titles)
        about = _about(bare, topic) if sure else ""
        if about:
            wordings = tuple(dict.fromkeys((*wordings, about)))
        return Wish(
            reading, wordings, topic, pairs, _found(_NOUNS, bare), _found(_ACTIONS, said), sure, about
        )

    def _versions_asked(self, reading: Reading) -> bool:
        """Whether a question speaks of two versions, by their names or their dates."""
        said = reading.folded
        if _DRAFT.search(said) and (reading.version == "both" or _CONTRAST.search(said)):
            return True
        if reading.version == "both" and (_VERSIONS.search(said) or _CHANGED.search(said)):
            return True
        named = {month for month in MONTHS if re.search(rf"\b{month}\b", said)}
        return bool(named) and any(self._dates_named(pair, named) for pair in self._versions.pairs)

    def _dates_named(self, pair: Pair, named: Collection[str]) -> bool:
        old = {self._month(document) for document in pair.olds}
        new = {self._month(pair.new), self._month(self._register.documents[pair.new].pack or "")} - old
        return not old.isdisjoint(named) and not new.isdisjoint(named)

    def _other_date(self, pairs: tuple[Pair, ...], said: str) -> bool:
        """Whether a question names a month that none of the versions meant is of."""
        held = [
            one for pair in pairs for one in (*pair.documents, self._register.documents[pair.new].pack or "")
        ]
        named = {month for month in MONTHS if re.search(rf"\b{month} (?:19|20)\d\d\b", said)}
        return bool(named - {self._month(one) for one in held})

    def _month(self, document: str) -> str:
        date = self._register.documents[document].date if document in self._register.documents else None
        return MONTHS[int(date[5:7]) - 1] if date and len(date) >= 7 else ""

    def _pairs_meant(self, said: str) -> tuple[Pair, ...]:
        asked = set(terms(said))
        shares = {
            pair: len(self._title(pair) & asked) / max(1, len(self._title(pair)))
            for pair in self._versions.pairs
        }
        top = max(shares.values())
        return tuple(pair for pair in shares if top < _FAMILY_NAMED or shares[pair] == top)

    def _title(self, pair: Pair) -> frozenset[str]:
        """The words that the titles of both versions share."""
        titles = [set(terms(self._names.title(document))) for document in (pair.old, pair.new)]
        dates = {word for month in MONTHS for word in terms(month)} | set(terms("draft final version"))
        return frozenset(word for word in titles[0] & titles[1] if word not in dates and not word.isdigit())

    def _bare(self, wording: str) -> str:
        """A wording without the words that tell versions apart."""
        text = re.sub(r"\s+", " ", self._version_words.sub(" ", wording)).strip(" ,;?.'-")
        return topic_of(text) if len(text) > 3 else wording

    @cached_property
    def _version_words(self) -> re.Pattern[str]:
        held = [document for pair in self._versions.pairs for document in pair.documents]
        packs = [self._register.documents[pair.new].pack or "" for pair in self._versions.pairs]
        dated = "|".join(sorted({self._month(one) for one in (*held, *packs)} - {""})) or "(?!)"
        titles = {word for one in held for word in words(self._names.title(one)).split()}
        title = "|".join(sorted(re.escape(w) for w in titles - set(MONTHS) if not w.isdigit()))
        token = (
            rf"(?:\d{{1,2}} )?(?:{dated})(?: (?:19|20)\d\d)?"
            r"|(?:19|20)\d\d(?= (?:draft|final|version|edition))"
            r"|drafts?|final|latest|approved|versions?|editions?|previous|earlier|spring|"
            r"consultation(?= (?:draft|version|edition))|"
            r"between the (?:two|2)\b(?: (?:19|20)\d\d)?"
        )
        named = rf"(?:the )?(?:(?:{token})\b(?:'s)?(?: (?:{title})\b(?:'s)?)*\s*)+"
        return re.compile(rf"\b{named}|\b(?:{title})(?: (?:{title})\b)+(?:'s)?")


def _about(bare: str, topic: Collection[str]) -> str:
    """The words of a topic that follow the last "about" or the like; empty where none do, or others that a version question
    asks by."""
    told = _ABOUT.split(bare)[1:]
    if not told or _ASKED.search(told[-1]):
        return ""
    return " ".join(word for word in words(told[-1]).split() if not set(topic).isdisjoint(terms(word)))


def _found(patterns: dict[str, str], said: str) -> frozenset[str]:
    return frozenset(name for name, pattern in patterns.items() if re.search(rf"\b(?:{pattern})\b", said))


def does(change: Change, actions: Set[str]) -> bool:
    """Whether a change is of a kind that is asked for."""
    if "changed" in actions and not actions & {"dropped", "added"}:
        return True
    if replaced(change) and actions & {"dropped", "added"}:
        return True
    return any(change.kind in _DOES.get(action, ()) for action in actions)


def leads_fit(change: Change, actions: Set[str], bodies: Collection[str] = ()) -> bool:
    """Whether a change of leads took bodies away (asked: dropped) or brought some (asked: added); one of ``bodies``
    where any are given."""
    if change.old is None or change.new is None:
        return False
    went, came = bodies_moved(change)
    moved = went if "dropped" in actions else (came if "added" in actions else [*went, *came])
    known = {words(name) for name in moved}
    return any(words(body) in known for body in bodies) if bodies else bool(moved)


def bodies_moved(change: Change) -> tuple[list[str], list[str]]:
    """The bodies that a change of leads took away, and those that it brought."""
    came, _, went = (
        change.note.rpartition("no longer ") if "no longer " in change.note else (change.note, "", "")
    )
    names = came.rpartition("now also ")[2].removesuffix(", ") if "now also " in came else ""
    return [name for name in went.split("; ") if name], [name for name in names.split("; ") if name]


def word_of_change(said: str) -> str:
    """The words of a folded question that say that something changed; empty where there are none."""
    found = _CHANGED.search(said)
    return found.group() if found else ""


def outcome_asked(said: str) -> str | None:
    """The number of the outcome that a folded question names."""
    found = re.search(r"\boutcome (\d+|one|two|three|four|five|six|seven|eight|nine)\b", said)
    if not found:
        return None
    return found.group(1) if found.group(1).isdigit() else str(_NUMBERS.index(found.group(1)))


def number_asked(said: str) -> int | None:
    """How many things a question says there are ("which three indicators"); 1 for a noun in the singular."""
    plural = re.search(
        r"\b(?:which|what|the) (\d|two|three|four|five|six|seven|eight|nine) (?:\w+ ){0,2}\w+s\b", said
    )
    if plural:
        return int(plural.group(1)) if plural.group(1).isdigit() else _NUMBERS.index(plural.group(1))
    single = re.search(
        r"\b(?:which|what) (?:\w+[- ]){0,3}?(?:indicator|measure|commitment|scheme|strategy|programme|"
        r"project|initiative|plan|milestone|organisation|body|charity|group|partner)\b",
        said,
    )
    return 1 if single else None

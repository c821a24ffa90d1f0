"""Names: short forms learnt from the documents, a key under which spellings of one name meet, and OCR slips
mended.

A name is mended only into a spelling that the corpus contains, and only where what differs is a word that the
corpus otherwise hardly knows. "Cukture Strategy" becomes "Culture Strategy"; "Working Network"
never becomes "Working Group", nor "East" "West".
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cache

from rapidfuzz import fuzz, process
from rapidfuzz.distance import Levenshtein

from corpus.text import fold, plain

_TOKEN = re.compile(r"[^\W_]+(?:['’&+][^\W_]+)*|[^\s\w]", re.UNICODE)
_FEWEST_WORDS, _SPELLED = 3, 4  # words and letters of a short form made of more than initials
_INLINE = re.compile(
    r"((?:[A-Z][\w'’&-]*|and|of|the|for|in|to|&|,)(?:\s+|,\s*))+?\(([A-Z][A-Za-z&]{1,9}s?)\)"
)
_SMALL = frozenset(
    re.findall(
        r"\S+",
        "and of the for in to a an on with by at or",
    )
)
_STRANGE = 3
_FREQUENT, _FAR = 60, 25
_STRAY = re.compile(r"[~?]|\.$|\(\s|\s[),]|[^s\W][’'](?=\s)|^['’]|\s['’](?=\s)")
_ODD = re.compile(r"[^\x00-\x7f£€‘’“”–—•…éèüöäçñ°·]")


@dataclass(slots=True)
class Shorts:
    """Short forms and what they stand for. A plural ("HCPs") stands for the plural of the last word."""

    full: dict[str, str] = field(default_factory=dict)
    sure: set[str] = field(default_factory=set)

    def add(self, short: str, full: str, sure: bool = False) -> None:
        """Learn one; ``sure`` (from a table of acronyms) overrules what was picked up in running text."""
        if (sure and short not in self.sure) or short not in self.full:
            self.full[short] = full
        if sure:
            self.sure.add(short)

    def expand(self, token: str) -> str | None:
        """The full form of a token, or None."""
        if token in self.full:
            return self.full[token]
        if token.endswith("s") and token[:-1] in self.full and token[:-1].isupper():
            return self.full[token[:-1]] + "s"
        return None


def inline_shorts(text: str) -> Iterable[tuple[str, str, int, int]]:
    """("BCC", "Borset County Council", start, end) for every "Borset County Council (BCC)" whose initials
    agree."""
    for found in _INLINE.finditer(text):
        short = found.group(2)
        before = text[max(0, found.start() - 80) : found.end(0)]
        before = before[: before.rindex("(")]
        full = match_initials(short, before)
        if full:
            at = found.end() - len(short) - 2
            start = text.rindex(full.split()[0], 0, at)
            yield short, full, start, found.end()


def match_initials(short: str, before: str) -> str | None:
    """The words at the end of ``before`` whose initials spell ``short``, small words skipped or counted."""
    letters = re.sub(r"[^A-Z]", "", short.removesuffix("s"))
    words = before.replace("\n", " ").split()
    if len(letters) < 2:
        return None
    for size in range(len(letters), min(len(words), len(letters) + 5) + 1):
        tail = words[-size:]
        if tail[0].lower() in _SMALL or not tail[0][:1].isupper():
            continue
        if letters in _initials(tail):
            return _without_s(tail)
    for size in range(_FEWEST_WORDS, min(len(words), len(letters) + 3) + 1):
        tail = words[-size:]
        if tail[0].lower() not in _SMALL and tail[0][:1].isupper() and _begin_with(tail, letters):
            return _without_s(tail)
    return None


def _without_s(words: Sequence[str]) -> str:
    return re.sub(r"['’]s?$", "", " ".join(words).rstrip(" ,-–"))


def _begin_with(words: Sequence[str], letters: str) -> bool:
    """Whether the beginnings of the words that are not small, of one to three letters each, spell a short form of some
    length ("Coastal Research Institute" CORIN)."""
    big = [part for part in _parts(words) if part.lower() not in _SMALL]
    if len(letters) < _SPELLED or len(big) < _FEWEST_WORDS:
        return False
    spelled = (re.sub(r"[^A-Z]", "", word.upper()) for word in big)
    begun = "".join(re.sub(r"^(.)(.)(.?).*", r"\1(?:\2(?:\3)?)?", word) for word in spelled)
    return re.fullmatch(begun, letters) is not None


def _parts(words: Sequence[str]) -> list[str]:
    """Words, parted at hyphens and slashes."""
    return [part for word in words for part in re.split(r"[-/&]", word.strip("(),")) if part]


def _initials(words: Sequence[str]) -> set[str]:
    """The initials of words, with and without the small ones."""
    parts = _parts(words)
    every = "".join(p[0].upper() for p in parts)
    big = "".join(p[0].upper() for p in parts if p.lower() not in _SMALL)
    return {every, big}


def ampersand_shorts(text: str) -> Iterable[tuple[str, str]]:
    """("B&F", "Borset and Felpersham"): the capitalised pair most often written out where single letters
    stand elsewhere."""
    for pair in sorted(set(re.findall(r"(?<!\w)([A-Z]&[A-Z])(?!\w)", text))):
        first, second = pair[0], pair[2]
        found = Counter(re.findall(rf"\b({first}[a-z]{{2,}} (?:and|&) {second}[a-z]{{2,}})\b", text))
        if found:
            yield pair, found.most_common(1)[0][0].replace("&", "and")


def key_of(name: str, shorts: Shorts) -> str:
    """The form under which the spellings of one name meet: folded, punctuation dropped, short forms written
    out.

    "BCC – HT", "BCC HT" and "Borset County Council, Highways and Transport (HT)" have one key.
    """
    words: list[str] = []
    name = name.replace("%", " percentage ")
    tokens = _TOKEN.findall(plain(name).replace("’", "'").replace("'s ", " ").replace("' ", " "))
    for at, token in enumerate(tokens):
        if not token.isascii() and not re.search(r"[A-Za-zÀ-ÿ]", token):
            continue
        full = shorts.expand(token)
        new = _plain_words(full if full else token)
        bracketed = at > 0 and tokens[at - 1] == "(" and at + 1 < len(tokens) and tokens[at + 1] == ")"
        if bracketed and _ends_with(words, _plural(new)):
            words[-1] = new[-1]
            continue
        if bracketed and (
            _ends_with(words, new)
            or token.lower().rstrip("s") in {i.lower() for i in _initials(words)}
            or _tail_initials(words, token)
        ):
            continue
        words.extend(new)
    if len(words) > 2 and words[-1] in ("team", "teams"):
        words.pop()
    return " ".join(words)


@cache
def _plain_words(text: str) -> list[str]:
    return [
        w for w in re.findall(r"[^\W_]+", fold(text.replace("'s", "").replace("’s", ""))) if w and w != "the"
    ]


def _ends_with(words: list[str], tail: list[str]) -> bool:
    return bool(tail) and words[-len(tail) :] == tail


def _plural(words: list[str]) -> list[str]:
    return [*words[:-1], words[-1] + "s"] if words else []


def _tail_initials(words: list[str], short: str) -> bool:
    letters = re.sub(r"[^A-Z]", "", short)
    return len(letters) >= 2 and match_initials(letters, " ".join(w.capitalize() for w in words)) is not None


@dataclass(slots=True)
class Vocabulary:
    """How often each word stands in the corpus, as written and in any case."""

    exact: Counter[str] = field(default_factory=Counter)
    lower: Counter[str] = field(default_factory=Counter)
    _overshadowed: dict[str, bool] = field(default_factory=dict)
    _frequent: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, texts: Iterable[str]) -> Vocabulary:
        """Count the words of all texts."""
        vocabulary = cls()
        for text in texts:
            vocabulary.exact.update(re.findall(r"[^\W\d_]+", plain(text)))
        for word, count in vocabulary.exact.items():
            vocabulary.lower[word.lower()] += count
        return vocabulary

    def _is_overshadowed(self, word: str) -> bool:
        """Whether another word, one letter off, is far more frequent: then this one is likely a slip that
        recurs."""
        if not self._frequent:
            for frequent, count in self.exact.items():
                if count >= _FREQUENT and len(frequent) > 3:
                    self._frequent.setdefault(frequent[0], []).append(frequent)
        count = self.exact[word]
        if not count or not word[:1].isupper() or len(word) < 3:
            return False
        return any(
            self.exact[other] >= count * _FAR and Levenshtein.distance(word, other, score_cutoff=1) <= 1
            for other in self._frequent.get(word[0], ())
            if other != word and other.rstrip("s") != word.rstrip("s")
        )

    def knows(self, word: str) -> bool:
        """Whether the corpus knows a word, or every part of one written with a stroke or hyphen."""
        return all(self.lower[part.lower()] >= _STRANGE for part in re.split(r"[/-]", word) if part)

    def strange(self, word: str) -> bool:
        """Whether the corpus hardly knows a word, or knows one much like it far better; numbers never are."""
        if word.isdigit():
            return False
        if word not in self._overshadowed:
            self._overshadowed[word] = self._is_overshadowed(word)
        if self._overshadowed[word]:
            return True
        return bool(_ODD.search(word)) or any(
            self.exact[part] < _STRANGE for part in re.split(r"[/'’-]", word) if len(part) > 1
        )


def is_slip_of(bad: str, good: str, vocabulary: Vocabulary) -> bool:
    """Whether ``bad`` is ``good`` with reading damage: only words that the corpus hardly knows, or stray
    marks, differ, and the letters are nearly the same. Figures must agree."""
    if re.findall(r"\d+", bad) != re.findall(r"\d+", good):
        return False
    left, right = _letters(bad), _letters(good)
    if not left or not right or fuzz.ratio(left, right) < 82:
        return False
    extra, missing = _difference(bad.split(), good.split())
    if not extra and not missing:
        return False
    strange = [w for w in extra if vocabulary.strange(_bare(w)) or len(_bare(w)) <= 1 or not w.isascii()]
    known = [w for w in missing if vocabulary.knows(_bare(w))]
    whole = len(strange) == len(extra) or (
        bool(strange) and all(len(_bare(w)) <= 3 for w in extra if w not in strange)
    )
    if not whole or len(known) != len(missing) or not extra or not missing:
        return False
    gone, come = _letters(" ".join(extra)), _letters(" ".join(missing))
    return Levenshtein.distance(gone, come) <= max(2, (len(come) + 1) // 2)


def _bare(word: str) -> str:
    return re.sub(r"^\W+|\W+$", "", word)


def _letters(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", fold(text))


def _difference(left: Sequence[str], right: Sequence[str]) -> tuple[list[str], list[str]]:
    """The words of each side that the other does not have in the same place."""
    a, b = [_bare(fold(w)) for w in left], [_bare(fold(w)) for w in right]
    extra, missing = [], []
    for tag, i, j, k, m in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if tag != "equal":
            extra += [w for w in left[i:j] if _bare(w)]
            missing += [w for w in right[k:m] if _bare(w)]
    return extra, missing


@dataclass(slots=True)
class Spellings:
    """All spellings found for names of one kind, gathered under keys; call ``settle`` before
    ``canonical``."""

    shorts: Shorts
    vocabulary: Vocabulary
    mend: Callable[[str], str] = str
    counts: Counter[str] = field(default_factory=Counter)
    approved: set[str] = field(default_factory=set)  # spellings found in documents that are no drafts
    _keys: dict[str, str] = field(default_factory=dict)
    _by_key: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    _mended: dict[str, str] = field(default_factory=dict)
    _display: dict[str, str] = field(default_factory=dict)

    def add(self, spelling: str, approved: bool = True) -> None:
        """Note that a name was found so spelt; ``approved`` says that it was in a document that is no draft."""
        if spelling:
            self.counts[spelling] += 1
            if approved:
                self.approved.add(spelling)

    def key(self, spelling: str) -> str:
        """The key of a spelling, slips mended."""
        raw = self._keys.get(spelling)
        if raw is None:
            raw = self._keys[spelling] = key_of(self.mend(spelling), self.shorts)
        return self._mended.get(raw, raw)

    def settle(self) -> None:
        """Gather spellings under keys, mend slips, choose how each name is shown."""
        for spelling in self.counts:
            self._by_key[self.key(spelling)].append(spelling)
        self._mend()
        merged: dict[str, list[str]] = defaultdict(list)
        for spelling in self.counts:
            merged[self.key(spelling)].append(spelling)
        self._by_key = merged
        self._display = {key: self.mend(self._best(key, spellings)) for key, spellings in merged.items()}

    def _mend(self) -> None:
        """Join the keys that are slips of others."""
        sound = {s: k for k, ss in self._by_key.items() for s in ss if not self._suspect(s)}
        choices = {
            spelling: fold(spelling) for spelling in sound
        }  # folded once, not for each that is compared
        for key, spellings in list(self._by_key.items()):
            if any(s in sound for s in spellings):
                continue
            bad = spellings[0]
            near = process.extract(fold(bad), choices, scorer=fuzz.ratio, score_cutoff=75, limit=8)
            good = next((c for _, _, c in near if is_slip_of(bad, c, self.vocabulary)), None)
            if good is not None:
                self._mended[key] = sound[good]

    def _suspect(self, spelling: str) -> bool:
        if _ODD.search(spelling):
            return True
        return any(self.vocabulary.strange(w) for w in re.findall(r"[^\W\d_]{2,}", spelling))

    def _best(self, key: str, spellings: list[str]) -> str:
        """The spelling shown: sound before damaged, written out before short, begun with a capital, of an
        approved document, then the most frequent, then the first."""
        return min(
            spellings,
            key=lambda s: (
                key_of(s, self.shorts) != key,
                self._suspect(s),
                bool(_STRAY.search(s)),
                _shortness(s, self.shorts),
                s[:1].islower(),
                s not in self.approved,
                -self.counts[s],
                s,
            ),
        )

    def canonical(self, spelling: str) -> str:
        """The name as shown; the spelling itself where nothing better is known."""
        return self._display.get(self.key(spelling), spelling)

    def shown(self, key: str) -> str:
        """How the name of a key is shown."""
        return self._display.get(key, key)

    def by_key(self) -> Mapping[str, Sequence[str]]:
        """Key -> the spellings found."""
        return self._by_key

    def groups(self) -> Mapping[str, Sequence[str]]:
        """Canonical name -> the spellings found."""
        return {self._display[key]: spellings for key, spellings in self._by_key.items()}


def _shortness(spelling: str, shorts: Shorts) -> int:
    """How many short forms a spelling uses without writing them out."""
    bare = re.sub(r"\([^)]*\)", "", spelling)
    return sum(shorts.expand(token) is not None for token in _TOKEN.findall(bare))

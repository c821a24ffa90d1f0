"""Organisations: which body is part of which, and how each is shown.

"BCC – HT" is shown as "Borset County Council Highways and Transport (HT)": the parent's name, then the part's
own, written out with the help of the documents' short forms, its short form behind it. No comma stands between
them, as one stands between the bodies of a list.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from corpus.model import Name
from ingest.lexicon import Lexicon
from ingest.names import Shorts, Spellings
from ingest.splitting import BODY_WORDS

_DASH = re.compile(r"\s+[-–—]\s+|\s*[–—]\s*|-\s+|(?<=[a-z])-(?=[A-Z]{3})")
_EDGES = re.compile(r"^[\s,–—-]+|[\s,–—-]+$")
_NO_PART = frozenset(["and", "of", "for", "in", "or", "with", "on", "via", "initiatives", "codesign", "led"])
_PARENTS = BODY_WORDS - {"sector", "network", "team", "teams", "providers", "organisations"}
_WELL_KNOWN = 8.0
_KNOWN = 2.5


class Bodies:
    """The canonical organisations of a corpus, over the spellings gathered for them."""

    def __init__(self, spellings: Spellings, lexicon: Lexicon, shorts: Shorts) -> None:
        self._spellings, self._lexicon, self._shorts = spellings, lexicon, shorts
        self._groups: Mapping[str, Sequence[str]] = spellings.by_key()
        self._shorts_of = _shorts_by_key(spellings, shorts)
        self._parents = {key: parent for key in self._groups if (parent := self._parent_key(key))}
        self._shown: dict[str, str] = {}

    def canonical(self, spelling: str) -> str:
        """How the organisation so spelt is shown."""
        return self._show(self._spellings.key(spelling)) or spelling

    def names(self) -> list[Name]:
        """Every organisation with its spellings, short forms and parent."""
        out = []
        for key, spellings in self._groups.items():
            parent = self._parents.get(key)
            shorts = frozenset(self._shorts_of.get(key, ()))
            shown = self._show(key)
            out.append(
                Name(
                    "organisation",
                    shown,
                    frozenset(spellings),
                    shorts,
                    self._show(parent) if parent else None,
                )
            )
        return out

    def _parent_key(self, key: str) -> str | None:
        """The longest well-known body whose name the key begins with, or the one behind a dash in a
        spelling."""
        words = key.split()
        for size in range(len(words) - 1, 0, -1):
            head = " ".join(words[:size])
            if words[size] not in _NO_PART and head in self._groups and self._can_be_parent(head):
                return head
        for spelling in self._groups[key]:
            parts = _DASH.split(spelling)
            tail = self._spellings.key(parts[-1]) if len(parts) > 1 else ""
            if tail and tail != key and tail in self._groups and self._can_be_parent(tail):
                return tail
        return None

    def _can_be_parent(self, key: str) -> bool:
        weight = self._lexicon.names.get(key, 0.0)
        last = key.split()[-1]
        sounds_like_one = (
            last in _PARENTS and not last.endswith("s") or (key in self._shorts_of and last in _PARENTS)
        )
        return weight >= (_KNOWN if sounds_like_one else _WELL_KNOWN)

    def _show(self, key: str) -> str:
        if key not in self._shown:
            self._shown[key] = self._compose(key)
        return self._shown[key]

    def _compose(self, key: str) -> str:
        best = self._written_out(key)
        parent = self._parents.get(key)
        if parent is None or not key.startswith(parent + " "):
            return best
        rests = [rest for s in self._groups.get(key, ()) if (rest := self._rest(s, parent))]
        if not rests:
            return best
        rest = min(rests, key=lambda r: (self._unwritten(r), -self._count(key, r), len(r), r))
        whole = re.sub(r"\s*\([A-Z&]+s?\)$", "", self._show(parent))
        return f"{whole} {rest if rest.startswith('(') else self._with_short(key, rest)}"

    def _written_out(self, key: str) -> str:
        """The spelling shown for a body of its own: a table's full name before the spellings found."""
        fulls = [self._shorts.full[s] for s in self._shorts_of.get(key, ()) if s in self._shorts.sure]
        found = self._groups.get(key, ())
        if fulls and not any(full in spelling for full in fulls for spelling in found):
            return f"{fulls[0]} ({self._shorts_of[key][0]})"
        return self._spellings.shown(key)

    def _rest(self, spelling: str, parent: str) -> str | None:
        """What a spelling says behind the parent's name."""
        words = spelling.split()
        for size in range(1, len(words)):
            if self._spellings.key(_EDGES.sub("", " ".join(words[:size]))) == parent:
                longer = " ".join(words[: size + 1])
                if words[size].startswith("(") and self._spellings.key(longer) == parent:
                    continue
                return _EDGES.sub("", " ".join(words[size:])) or None
        return None

    def _unwritten(self, rest: str) -> int:
        """How many short forms stand in the words without being written out; 0 for one that a table writes
        out whole."""
        if rest in self._shorts.full:
            return 0
        return sum(self._shorts.expand(word) is not None for word in re.sub(r"\([^)]*\)", "", rest).split())

    def _count(self, key: str, rest: str) -> int:
        return sum(self._spellings.counts[s] for s in self._groups.get(key, ()) if s.endswith(rest))

    def _with_short(self, key: str, rest: str) -> str:
        """The part's own name written out, its short form behind it where it is used."""
        full = self._shorts.full.get(rest, rest)
        bare = re.sub(r"\s*\([A-Z&]+s?\)$", "", full)
        used = {word.strip("()") for spelling in self._groups[key] for word in spelling.split()}
        short = next((s for s in self._shorts_of.get(self._spellings.key(bare), ()) if s in used), None)
        return f"{bare} ({short})" if short else full


def _shorts_by_key(spellings: Spellings, shorts: Shorts) -> dict[str, list[str]]:
    out: dict[str, list[str]] = {}
    for short, full in shorts.full.items():
        out.setdefault(spellings.key(full), []).append(short)
    for found in out.values():
        found.sort(key=lambda short: (short not in shorts.sure, len(short)))
    return out

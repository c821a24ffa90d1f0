"""What is done to the names that a cell was cut into: parts of one body get its name, a person keeps the post
behind the comma, prose that was cut is put together again."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from ingest.lexicon import SOLID, Lexicon
from ingest.splitting import BODY_WORDS, PLAN_WORDS

_SMALL = frozenset(
    ["and", "of", "the", "for", "in", "to", "a", "an", "on", "with", "by", "at", "or", "&", "-", "–"]
)
_PERSON = re.compile(
    r"^(?:(?:Mr|Mrs|Ms|Miss|Dr|Cllr|Councillor|Prof|Professor|Sir|Dame|Lord|Lady|Rev)\.?\s+\S.*"
    r"|(?:[A-Z]\.?\s?){1,3}[A-Z][a-z'’-]+|[A-Z][a-z'’-]+ (?:[A-Z]\. ?)?[A-Z][a-z'’-]+)$"
)
_POST = re.compile(
    r"^(?:assistant |deputy |interim |chief |head of|director of|leader of|member for)"
    r"|\b(?:officer|manager|director|leader|lead|chair|executive|co-?ordinator|secretary|treasurer|solicitor|clerk"
    r"|advis[eo]r)$",
    re.I,
)
_VERB = re.compile(r"\b(?:will|is|are|was|were|be|has|have|been|being|should|which|that)\b")
_PROSE = 0.55
_PROSE_WORDS, _LONG = 8, 20
_BULLETS, _MAX_ITEMS = "•▪■●○◦‣➢✓·", 30
_WHOLE, _MAX_TILED = 26, 60
_RECURS = 1.5  # how well a name is known that stands in more than one cell


def at_commas(plan: str) -> list[str]:
    """A plan cut at its commas where every part ends as plans do: "Health Plan, Play Strategy" is two."""
    parts = [part.strip() for part in re.sub(r"\([^)]*\)", "", plan).split(",")]
    ends = [_bare(part.split()[-1]) if len(part.split()) > 1 and part[:1].isupper() else "" for part in parts]
    whole = all(end in PLAN_WORDS for end in ends)
    return parts if len(parts) > 1 and whole and "(" not in plan else [plan]


def itemised(text: str) -> tuple[str, ...]:
    """The items of a cell that is a list from its beginning, bulleted or numbered 1, 2, ...; empty where it is
    none."""
    if text[:1] in _BULLETS:
        return tuple(part for item in re.split(f"[{_BULLETS}]", text) if (part := item.strip(" ;,")))
    starts = [0]
    for number in range(2, _MAX_ITEMS):
        found = re.compile(rf"\s{number}[.)]\s+(?=[A-Z])").search(text, starts[-1])
        if found is None or not re.match(r"1[.)]\s+\S", text):
            break
        starts.append(found.start())
    items = (text[a:b] for a, b in zip(starts, [*starts[1:], len(text)], strict=True))
    return (
        tuple(re.sub(r"^\s*\d+[.)]\s+", "", item).strip(" ;,") for item in items) if len(starts) > 1 else ()
    )


def _bare(word: str) -> str:
    return word.strip(".,;:()[]*").lower()


def tiled(text: str, lexicon: Lexicon) -> tuple[str, ...]:
    """A text as the fewest names that are all known to stand alone; empty where it is such a name itself, or
    cannot be covered by them. A text parted by commas is left as it is."""
    words = text.split()
    if lexicon.weight(text) >= _RECURS or len(words) > _MAX_TILED:
        return ()
    best: list[tuple[int, ...] | None] = [()] + [None] * len(words)
    for end in range(1, len(words) + 1):
        for start in range(max(0, end - _WHOLE), end):
            before, piece = best[start], words[start:end]
            if before is None or (best[end] is not None and len(before) + 1 >= len(best[end] or ())):
                continue
            if len(piece) < len(words) and _can_tile(piece, lexicon):
                best[end] = (*before, start)
    cuts = best[-1]
    if cuts is None or len(cuts) < 2:
        return ()
    return tuple(" ".join(words[a:b]) for a, b in zip(cuts, [*cuts[1:], len(words)], strict=True))


def _can_tile(piece: Sequence[str], lexicon: Lexicon) -> bool:
    """Whether words are a name known to stand alone, with nothing at its edges that ties it to others."""
    tied = piece[0].lower() in _SMALL or piece[-1].lower() in _SMALL or piece[-1].endswith((",", ";"))
    return not tied and lexicon.weight(" ".join(piece)) >= 1.0


def as_prose(pieces: Sequence[str], known: Callable[[str], float]) -> list[str]:
    """Pieces in a row of which none is known, put together where one of them is running text, not a name."""
    out: list[str] = []
    run: list[str] = []
    for piece in [*pieces, ""]:
        if piece and not known(piece):
            run.append(piece)
            continue
        out += [" ".join(run)] if any(map(_is_prose, run)) else run
        out += [piece] if piece else []
        run = []
    return out


def _is_prose(piece: str) -> bool:
    words = piece.split()
    if len(words) < _PROSE_WORDS:
        return False
    small = sum(word[:1].islower() and word not in _SMALL for word in words)
    return len(words) >= _LONG or bool(_VERB.search(piece)) or small > _PROSE * len(words)


def with_posts(pieces: Sequence[str], text: str) -> list[str]:
    """Put a person and the post named behind a comma together: "A. Archer, Farm Manager" is one lead."""
    out: list[str] = []
    for piece in pieces:
        both = f"{out[-1]}, {piece}" if out else ""
        if both and both in text and _is_person(out[-1]) and _POST.search(piece):
            out[-1] = both
        else:
            out.append(piece)
    return out


def _is_person(name: str) -> bool:
    body = _bare(name.split()[-1]) in BODY_WORDS
    return not body and bool(_PERSON.match(name)) and not _POST.search(name)


def rejoined(pieces: Sequence[str], text: str, lexicon: Lexicon) -> list[str]:
    """Put together again a body and its part, told apart by a line's end, where the part never stands alone and both
    together are a known body, or it and the last words before it are."""
    out: list[str] = []
    for piece in pieces:
        both = f"{out[-1]} {piece}" if out else ""
        if not both or both not in text or lexicon.key(piece) in lexicon.alone:
            out.append(piece)
            continue
        known = lexicon.weight(both)
        if (known >= SOLID and known > lexicon.weight(piece)) or _is_tail(out[-1].split(), piece, lexicon):
            out[-1] = both
        else:
            out.append(piece)
    return out


def _is_tail(before: Sequence[str], piece: str, lexicon: Lexicon) -> bool:
    """Whether the last words before a piece, two at least, and the piece are a known body."""
    tails = (" ".join([*before[at:], piece]) for at in range(1, len(before) - 1))
    return any(lexicon.weight(tail) for tail in tails)


def with_parents(pieces: Sequence[str], lexicon: Lexicon) -> list[str]:
    """Give parts of one body their parent where only the first has it: "Council – Roads, Parks and Schools".

    A piece that does not stand alone elsewhere takes the words at the head of the piece before it, if a body
    of that name is known.
    """
    out: list[str] = []
    head: list[str] = []
    for piece in pieces:
        halves = re.split(r"\s+and\s+", piece)
        both = [_adopt(half, head, lexicon) for half in halves] if len(halves) == 2 else []
        if both and all(both):
            out += [name for name in both if name]
            continue
        adopted = _adopt(piece, head, lexicon)
        out.append(adopted or piece)
        if adopted is None and not lexicon.solid(piece):
            head = []
        if adopted is None and len(piece.split()) > 1:
            head = re.sub(r"\s+[-–—]\s+", " ", piece).split()[:4]
    return out


def _adopt(piece: str, head: Sequence[str], lexicon: Lexicon) -> str | None:
    """The piece with the shortest head words that make a known body of it; None where it begins small, or is
    itself a body at least as well known that stands alone somewhere."""
    if not piece[:1].isupper():
        return None
    apart = lexicon.key(piece) in lexicon.alone
    for size in range(len(head) - 1, 0, -1):
        name = " ".join([*head[:size], piece])
        known, over = lexicon.weight(name), lexicon.weight(" ".join(head[:size]))
        if known and (known > lexicon.weight(piece) or over >= SOLID or not apart):
            return name
    return None

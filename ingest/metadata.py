"""What a document is, where no catalogue says: title, date and status read from the file's own words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from itertools import takewhile

from corpus.model import Block, Status
from corpus.text import MONTHS, plain
from ingest.source import Source

_MONTH = "|".join(MONTHS)
_DAY = r"(\d{1,2})\s*(?:<sup>)?\s*(?:st|nd|rd|th)?\s*(?:</sup>)?\s*(?:of\s+)?"
_DATE = re.compile(rf"(?:{_DAY})?\b({_MONTH})\b,?\s+((?:19|20)\d\d)", re.I)
_ISO = re.compile(r"\b((?:19|20)\d\d)-(\d\d)-(\d\d)\b")
_SLASHED = re.compile(r"\b(\d{1,2})[/.](\d{1,2})[/.]((?:19|20)\d\d)\b")
_OPENING_DATE = re.compile(
    rf"^\W*(?:dated?:?\s+)?(?:\w+day,?\s+)?(?={_DATE.pattern}|{_SLASHED.pattern})", re.I
)
_AGENDA = re.compile(r"^\W*(?:\w+\W+){0,2}agenda\b", re.I)
_CONTACT = re.compile(r"@|\d{5}|^[\w/ -]{2,20}:|^dear\b", re.I)
_DRAFT = re.compile(r"\bdraft\b", re.I)
_MINUTES = re.compile(r"^\W*minutes\b(?:\s+of\b)?", re.I | re.M)
_MINUTES_OF = re.compile(r"^\W*(minutes of [^\n]{3,200}?)(?=\W+(?:held|which took place|on \w+day)\b|\s*$)", re.I | re.M)  # fmt: skip
_SAYS_DATE = re.compile(r"\b(?:date|dated|held|published|issued|meeting|approved|version|updated)\b", re.I)
_HEAD = 1500  # characters of a document's beginning that may say what it is
_MINUTES_REACH = 600  # and that may say that it is minutes
_DATE_WORDS = 10  # a line no longer than that with a date in it is about that date
_TITLE_WORDS = 3  # that make a title of a line which is no heading
_MAX_TITLE_WORDS = 24
_MAX_TITLE_HEADINGS = 3
_TEMPLATE_DAYS = 400  # a file so much older than its last change was made from a template


def find_date(text: str) -> str | None:
    """The first date in ``text`` as ISO ``YYYY-MM-DD`` or ``YYYY-MM``; None where there is none."""
    found = [m for m in (_ISO.search(text), _DATE.search(text), _SLASHED.search(text)) if m]
    first = min(found, key=lambda match: match.start(), default=None)
    if first is None:
        return None
    if first.re is _ISO:
        return first.group()
    if first.re is _SLASHED:
        day, month, year = (int(part) for part in first.groups())
        return f"{year}-{month:02d}-{day:02d}" if 1 <= month <= 12 and 1 <= day <= 31 else None
    month = MONTHS.index(first.group(2).lower()) + 1
    told = f"-{int(first.group(1)):02d}" if first.group(1) and 1 <= int(first.group(1)) <= 31 else ""
    return f"{first.group(3)}-{month:02d}{told}"


def infer_status(title: str, head: str) -> Status:
    """ "draft" or "minutes" where title or first words say so, "report" for an agenda, else "final"."""
    if _AGENDA.match(title):
        return "report"
    if _MINUTES.search(title) or _MINUTES.search(head[:_MINUTES_REACH]):
        return "minutes"
    return "draft" if _DRAFT.search(title) or _DRAFT.search(head[:300]) else "final"


def infer(source: Source, start: int, end: int, *, pack_date: str | None = None) -> dict[str, str]:
    """Title, date and status of a stretch of a source (its whole text, or one paper of it), guessed.
    ``pack_date`` is that of the pack which a paper came in: its own is better, another in its running text is
    not."""
    text = source.text[start:end]
    title = _title(source, start, end)
    found = {"title": title, "status": infer_status(title, text[:_HEAD])}
    head = text[:_HEAD]
    told = find_date(plain(title)) or _date_told(source, start, head) or pack_date
    told = told or _meta_date(source.meta) or find_date(head)
    return found | ({"date": told} if told else {})


def _date_told(source: Source, start: int, head: str) -> str | None:
    """A date that the beginning of a document says to be its own: in a heading, at the beginning of a line,
    on a short line, or beside words such as "held"."""
    headings = [
        block.span.of(source.text)
        for block in source.blocks
        if block.kind == "heading" and start <= block.span.start < start + len(head)
    ]
    lines = [line for line in head.split("\n") if "\t" not in line]
    ranked = (
        [line for line in headings if not line[:1].isdigit()],
        [line for line in lines if _OPENING_DATE.match(line)],
        [line for line in lines if len(line.split()) <= _DATE_WORDS or _SAYS_DATE.search(line)],
    )
    return next((found for rank in ranked for line in rank if (found := find_date(line))), None)


def _title(source: Source, start: int, end: int) -> str:
    """The words of minutes about themselves, or the headings at the top, or the first short block."""
    minutes = _MINUTES_OF.search(source.text[start : min(end, start + _HEAD)])
    if minutes and minutes.start() < _MINUTES_REACH:
        return plain(minutes.group(1))
    blocks = [block for block in source.blocks if start <= block.span.start < end]
    top = _top_headings(source, blocks)
    if top:
        return top
    for least in (_TITLE_WORDS, 2):
        for block in blocks:
            words = _words(source, block)
            heading = block.kind == "heading"
            short = heading or (len(words) <= 20 and not _CONTACT.search(" ".join(words)))
            if short and _tells(words, 2 if heading else least):
                return " ".join(words[:_MAX_TITLE_WORDS])
    return source.file.rsplit(".", 1)[0]


def _top_headings(source: Source, blocks: list[Block]) -> str:
    """Headings that open a document together: of one level, or after single words such as "Agenda"."""
    taken: list[list[str]] = []
    last: Block | None = None
    broken = bool(source.pages) or source.has_lines  # a title may be in lines that are headings each
    for block in takewhile(lambda b: b.kind == "heading", blocks[:_MAX_TITLE_HEADINGS]):
        apart = last is not None and (block.level != last.level or not broken)
        if apart and _tells(taken[-1]):
            break
        taken.append(_words(source, block))
        last = block
    words = ": ".join(" ".join(part) for part in taken if part).split()
    return " ".join(words[:_MAX_TITLE_WORDS]) if _tells(words) else ""


def _words(source: Source, block: Block) -> list[str]:
    return plain(block.span.of(source.text)).strip("# ").split()


def _tells(words: list[str], least: int = 2) -> bool:
    return sum(word[0].isalpha() for word in words) >= least


def _meta_date(meta: Mapping[str, str]) -> str | None:
    """The date that the file gives itself: of publication, or when it was made; of files from an old template
    when it was changed."""
    told = find_date(meta.get("date", ""))
    made, changed = meta.get("created", ""), meta.get("modified", "")
    if not told and made and changed and _days(changed) - _days(made) > _TEMPLATE_DAYS:
        made = changed
    return told or find_date(made or changed)


def _days(day: str) -> int:
    try:
        return date.fromisoformat(day).toordinal()
    except ValueError:
        return 0

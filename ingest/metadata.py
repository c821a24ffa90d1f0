"""What a document is, where no catalogue says: title, date and status read from the file's own words."""

from __future__ import annotations

import re
from collections.abc import Mapping

from corpus.model import Status
from corpus.text import plain
from ingest.source import Source

_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_MONTH = "|".join(_MONTHS)
_DAY = r"(\d{1,2})\s*(?:<sup>)?\s*(?:st|nd|rd|th)?\s*(?:</sup>)?\s*(?:of\s+)?"
_DATE = re.compile(rf"(?:{_DAY})?\b({_MONTH})\b,?\s+((?:19|20)\d\d)", re.I)
_ISO = re.compile(r"\b((?:19|20)\d\d)-(\d\d)-(\d\d)\b")
_DRAFT = re.compile(r"\bdraft\b", re.I)
_MINUTES = re.compile(r"^\W*minutes\b(?:\s+of\b)?", re.I | re.M)
_HEAD = 1500  # characters of a document's beginning that may say what it is


def find_date(text: str) -> str | None:
    """The first date in ``text`` as ISO ``YYYY-MM-DD`` or ``YYYY-MM``; None where there is none."""
    iso, words = _ISO.search(text), _DATE.search(text)
    if iso and (not words or iso.start() < words.start()):
        return iso.group()
    if not words:
        return None
    month = [name.lower() for name in _MONTHS].index(words.group(2).lower()) + 1
    day = f"-{int(words.group(1)):02d}" if words.group(1) and 1 <= int(words.group(1)) <= 31 else ""
    return f"{words.group(3)}-{month:02d}{day}"


def infer_status(title: str, head: str) -> Status:
    """ "draft" or "minutes" where title or first words say so, else "final"."""
    if _MINUTES.search(title) or _MINUTES.search(head[:600]):
        return "minutes"
    return "draft" if _DRAFT.search(title) or _DRAFT.search(head[:300]) else "final"


def infer(source: Source, text: str) -> dict[str, str]:
    """Title, date and status of ``text`` (a source's whole text, or one paper of it), guessed."""
    title = _title(source, text)
    found = {"title": title, "status": infer_status(title, text[:_HEAD])}
    date = find_date(plain(title)) or find_date(text[:_HEAD]) or _meta_date(source.meta)
    return found | ({"date": date} if date else {})


def _title(source: Source, text: str) -> str:
    for block in source.blocks:
        body = block.span.of(source.text)
        if body and body in text:
            words = plain(body).strip("# ").split()
            if (block.kind == "heading" or len(words) <= 20) and sum(w[0].isalpha() for w in words) >= 2:
                return " ".join(words[:24])
    return source.file.rsplit(".", 1)[0]


def _meta_date(meta: Mapping[str, str]) -> str | None:
    return find_date(meta.get("date", ""))

"""Small text helpers that every layer shares."""

from __future__ import annotations

import html
import re

MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_TAG = re.compile(r"</?(?:ul|ol|li|sup|sub|u|b|i|em|strong|del|br|p|span|a)\b[^<>]*>", re.I)
_COMMENT = re.compile(r"<!--.*?-->", re.S)
_MARKS = re.compile(r"\*\*|__|(?<!\w)\*(?=\w)|(?<=\w)\*(?!\w)|\\(?=[*_#])")
_SAME = (("-", "‐‑‒–—−"), ("'", "‘’‛"), ('"', "“”"))


def plain(text: str) -> str:
    """Text as a reader sees it: tags, comments, emphasis marks and entities removed, white space
    folded to single spaces."""
    if "<" in text:  # most text needs none of this, and every word of an answer comes by here
        text = _TAG.sub(" ", _COMMENT.sub(" ", text) if "<!--" in text else text)
    if "*" in text or "_" in text or "\\" in text:
        text = _MARKS.sub("", text)
    if "&" in text:
        text = html.unescape(text)
    return " ".join(text.split())


def fold(text: str) -> str:
    """A form for comparing: ``plain``, lower case, one kind of dash and quotation mark, "&" as "and"."""
    text = plain(text)
    if not text.isascii():
        for one, others in _SAME:
            for other in others:
                text = text.replace(other, one)
    text = text.lower()
    if "&" in text or "per" in text:
        text = text.replace("&", " and ").replace("per cent", "%").replace("percent", "%")
        text = " ".join(text.split())
    return text


def slug(text: str) -> str:
    """A readable id: lower-case ASCII words joined by hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")

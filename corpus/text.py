"""Small text helpers that every layer shares."""

from __future__ import annotations

import html
import re

_TAG = re.compile(r"</?(?:ul|ol|li|sup|sub|u|b|i|em|strong|del|br|p|span|a)\b[^<>]*>", re.I)
_MARKS = re.compile(r"\*\*|__|(?<!\w)\*(?=\w)|(?<=\w)\*(?!\w)|\\(?=[*_#])")
_SPACE = re.compile(r"\s+")
_DASH = re.compile(r"[‐‑‒–—−]")
_QUOTES = str.maketrans({"‘": "'", "’": "'", "‛": "'", "“": '"', "”": '"'})


def plain(text: str) -> str:
    """Text as a reader sees it: tags, emphasis marks and entities removed, white space folded to single
    spaces."""
    return _SPACE.sub(" ", html.unescape(_MARKS.sub("", _TAG.sub(" ", text)))).strip()


def fold(text: str) -> str:
    """A form for comparing: ``plain``, lower case, one kind of dash and quotation mark, "&" as "and"."""
    text = _DASH.sub("-", plain(text)).translate(_QUOTES).lower()
    return _SPACE.sub(
        " ", text.replace("&", " and ").replace("per cent", "%").replace("percent", "%")
    ).strip()


def slug(text: str) -> str:
    """A readable id: lower-case ASCII words joined by hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")

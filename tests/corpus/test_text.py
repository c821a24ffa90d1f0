"""Folding of text: quick, and the same as the definition in regular expressions."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from corpus.text import _COMMENT, _MARKS, _TAG, fold, plain, slug

PIECES = [
    "<b>",
    "</li>",
    "<!--",
    "-->",
    "<x>",
    "**",
    "__",
    "*a*",
    "\\#",
    "&amp;",
    "&nbsp;",
    "&lt;b&gt;",
    "&",
    "per cent",
    "PERCENT",
]
PIECES += [
    "–",
    "−",
    "‘",
    "’",
    "“",
    "\u00a0",
    "\u2003",
    "\x1f",
    "\n",
    "\t",
    "İ",
    "ß",
    "K",
    "person",
    "a_b",
    "5 per  cent",
]
SPACE = re.compile(r"\s+")
QUOTES = str.maketrans({"‘": "'", "’": "'", "‛": "'", "“": '"', "”": '"'})


def plain_as_defined(text: str) -> str:
    return SPACE.sub(" ", html.unescape(_MARKS.sub("", _TAG.sub(" ", _COMMENT.sub(" ", text))))).strip()


def fold_as_defined(text: str) -> str:
    text = re.sub("[‐‑‒–—−]", "-", plain_as_defined(text)).translate(QUOTES).lower()
    text = text.replace("&", " and ").replace("per cent", "%").replace("percent", "%")
    return SPACE.sub(" ", text).strip()


@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=5))).map("".join))
@example(" & ")
@example("PER\u2003CENT")
@example("per <b>cent</b>")
def test_text_is_folded_as_defined(text: str) -> None:
    assert plain(text) == plain_as_defined(text)
    assert fold(text) == fold_as_defined(text)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("", ""),
        ("  Two\nlines ", "two lines"),
        ("**Health** & <u>Care</u>", "health and care"),
        ("R&amp;D", "r and d"),
        ("### Laptops\n<!-- source: line 12 -->\n\n- Lent out", "### laptops - lent out"),
        ("5 <!-- 6", "5 <!-- 6"),
        ("It’s “up” – 5 per cent", 'it\'s "up" - 5 %'),
    ],
)
def test_what_folding_gives(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_a_slug_is_ascii_words() -> None:
    assert slug("Kent & Medway – Draft (2024)") == "kent-and-medway-draft-2024"

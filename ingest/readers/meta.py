"""What a file says of itself, as far as its text bears it out."""

from __future__ import annotations

import re

from corpus.text import fold

_MIN_TITLE_WORDS = 3
_HEAD = 6_000
_SITE = re.compile(r"\s+[|–—-]\s+")


def kept_meta(meta: dict[str, str], text: str) -> dict[str, str]:
    """``meta`` without empty values, and with a title only where the document's beginning shows it: others
    were left over from a template or name a web site. Of "Title | Site" the first part is enough."""
    kept = {key: " ".join(value.split())[:300] for key, value in meta.items() if value and value.strip()}
    title = kept.pop("title", "")
    head = fold(text[:_HEAD])
    for candidate in (title, _SITE.split(title)[0]):
        if len(candidate.split()) >= _MIN_TITLE_WORDS and fold(candidate) in head:
            return {"title": candidate, **kept}
    return kept

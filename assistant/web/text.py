"""Text for the page: everything that comes from a document or a user is escaped here."""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

_BOLD = re.compile(r"\*\*(.+?)\*\*")
_MARK = re.compile(r"\[(\d{1,3})\]")
STATUS = {
    "final": "Final",
    "draft": "Draft",
    "superseded": "Superseded",
    "report": "Report",
    "minutes": "Minutes",
}


def esc(text: object) -> str:
    """Text made safe for HTML, in attributes too; None becomes nothing."""
    return "" if text is None else html.escape(str(text), quote=True)


def british(iso: str | None) -> str:
    """An ISO date, whole or in part, as written in Britain: "12 June 2024", "June 2024", "2024"."""
    parts = (iso or "").split("-")
    try:
        if len(parts) == 1:
            return str(int(parts[0]))
        day = date(int(parts[0]), int(parts[1]), int(parts[2]) if len(parts) > 2 else 1)
    except ValueError:
        return iso or "Date not known"
    return f"{day.day} {day:%B %Y}" if len(parts) > 2 else f"{day:%B %Y}"


def badge(status: str) -> str:
    """The status of a document as a small label."""
    return f'<strong class="badge badge-{esc(status)}">{esc(STATUS.get(status, status))}</strong>'


def check_of(quote: str) -> str:
    """A short mark of a quote, to notice that the documents changed after a citation was made."""
    return hashlib.sha256(quote.encode()).hexdigest()[:8]


def source_link(document: str, span: tuple[int, int], quote: str, n: int | None = None) -> str:
    """The address inside the page that opens a source beside the answer."""
    told: dict[str, object] = {
        "document": document,
        "start": span[0],
        "end": span[1],
        "check": check_of(quote),
    }
    if n is not None:
        told["n"] = n
    return "#source?" + urlencode(told)


def inline(text: str, citations: Mapping[int, Mapping[str, Any]]) -> str:
    """A line of an answer as HTML: bold words, and each [n] a link that opens its source."""
    shown = _BOLD.sub(r"<strong>\1</strong>", esc(text))
    return _MARK.sub(lambda found: _cited(found, citations), shown)


def _cited(found: re.Match[str], citations: Mapping[int, Mapping[str, Any]]) -> str:
    n = int(found.group(1))
    one = citations.get(n)
    if one is None:
        return found.group(0)
    link = source_link(one["document"], tuple(one["span"]), one["quote"], n)
    return f'<a class="cite" href="{esc(link)}" title="{esc(one["title"])}">{n}</a>'


def answer_html(text: str, citations: Mapping[int, Mapping[str, Any]]) -> str:
    """An answer's text as HTML: paragraphs, and lines that begin with "- " as a list. One line, so that
    Markdown leaves it alone."""
    out: list[str] = []
    items: list[str] = []
    for line in [*text.split("\n"), ""]:
        if line.startswith("- "):
            items.append(f"<li>{inline(line[2:], citations)}</li>")
            continue
        if items:
            out.append(f"<ul>{''.join(items)}</ul>")
            items = []
        if line.strip():
            out.append(f"<p>{inline(line, citations)}</p>")
    return "".join(out)

"""What every page has around its view: header, navigation, a live region, the panel for sources."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.web.text import esc


@dataclass(frozen=True, slots=True)
class View:
    """A page of the application: its path, its name in the navigation."""

    path: str
    name: str


VIEWS = (
    View("/", "Ask"),
    View("/find", "Find a commitment"),
    View("/leads", "Who leads what"),
    View("/changes", "What changed"),
    View("/documents", "Documents"),
    View("/quality", "How good is it"),
)
SOURCE_PANEL = (
    '<aside id="source" class="source" aria-label="Source">'
    '<div class="source-bar"><span class="source-bar-title">Source</span>'
    '<button type="button" class="source-close" hidden>Close source</button></div>'
    '<div class="source-body"><p class="hint">Select a number in an answer, or a row, to see where it '
    "stands.</p></div></aside>"
)
STYLE = (
    '<link rel="stylesheet" href="/ledby/static/ledby.css"><link rel="icon" href="/ledby/static/icon.svg" '
    'type="image/svg+xml">'
)


def header(path: str, signed_in: str | None = None) -> str:
    """The top of the page, with the place of ``path`` in the navigation marked."""
    here = path.rstrip("/") or "/"
    items = "".join(
        f'<li><a href="{view.path}"{" aria-current=page" if view.path == here else ""}>'
        f"{esc(view.name)}</a></li>"
        for view in VIEWS
    )
    out = (
        f'<form method="post" action="/sign-out"><span>{esc(signed_in)}</span> <button>Sign '
        f"out</button></form>"
        if signed_in
        else ""
    )
    return (
        '<a class="skip" href="#main">Skip to main content</a>'
        f'<header class="top" data-title="{esc(title_of(path))}"><div class="top-inner"><a class="name" '
        f'href="/">Ledby</a>{out}</div>'
        f'<nav aria-label="Views"><ul>{items}</ul></nav></header>'
        '<div id="announce" role="status" aria-live="polite" class="hidden-text"></div>'
    )


def title_of(path: str) -> str:
    """The title of the page at ``path``."""
    here = path.rstrip("/") or "/"
    name = next((view.name for view in VIEWS if view.path == here), "")
    return f"{name} - Ledby" if name else "Ledby"

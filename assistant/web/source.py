"""A source as shown beside an answer: what the document is, and the quoted words in their surroundings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.web.desk import Desk
from assistant.web.text import badge, british, check_of, esc
from corpus.model import Block, Document, Span
from corpus.text import plain

_AROUND = 900  # characters shown on each side of the quoted words
_STEP = 1800  # characters of a page where the source has no pages
_RULE = re.compile(r"^[\s|:-]+$")
_PIPE = re.compile(r"(?<!\\)\|")
_ITEM = re.compile(r"</?li\b[^<>]*>", re.I)
_OPENING = re.compile(r"^\s*(?:#{1,6}\s+|>\s*|[-*•▪■●○·‣]\s+)+")
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to show: a document, the span to highlight (None: only to read), the stretch in view or the
    page."""

    document: str
    span: Span | None = None
    check: str = ""
    n: int | None = None
    page: int | None = None
    at: int | None = None


def fragment(desk: Desk, wanted: Wanted) -> str:
    """The HTML of a source, or a plain notice where the document is not there any more."""
    document = desk.document(wanted.document)
    if document is None:
        return _notice(
            "This document is not in the index any more. Ask again to see where the answer stands now."
        )
    span = wanted.span
    if span and (
        not _inside(span, document) or (wanted.check and check_of(span.of(document.text)) != wanted.check)
    ):
        return _notice(
            f"{document.title} has changed since this answer was given. Ask again to see the new text."
        )
    view = _view(document, wanted)
    return "".join(
        [
            _heading(desk, document, wanted),
            _place(document, span, view),
            _turning(document, wanted, view),
            f'<div class="reading" tabindex="0" role="region" aria-label="Text of the '
            f'source">{excerpt(document, view, span)}</div>',
            _image(document, wanted, view),
        ]
    )


def _inside(span: Span, document: Document) -> bool:
    return 0 <= span.start < span.end <= len(document.text)


def _notice(text: str) -> str:
    return f'<h2 class="source-title" tabindex="-1">Source</h2><p class="notice">{esc(text)}</p>'


def _view(document: Document, wanted: Wanted) -> Span:
    """The stretch of text to show: a page where there are pages, else surroundings cut at blocks."""
    if document.pages:
        page = next((p for p in document.pages if p.page_no == wanted.page), None)
        at = wanted.span.start if wanted.span else 0
        return (page or document.page_at(at) or document.pages[0]).span
    size = len(document.text)
    if wanted.at is not None or wanted.span is None:
        begin = min(max(0, wanted.at or 0), max(0, size - 1))
        return _whole_blocks(document, Span(begin, min(size, begin + _STEP)))
    return _whole_blocks(
        document, Span(max(0, wanted.span.start - _AROUND), min(size, wanted.span.end + _AROUND))
    )


def _whole_blocks(document: Document, span: Span) -> Span:
    """The span moved inwards to the edges of blocks or lines, so that no word is cut."""
    text = document.text
    start = text.find("\n", span.start, span.end) + 1 if span.start else 0
    end = text.rfind("\n", span.start, span.end) if span.end < len(text) else len(text)
    return Span(start or span.start, end if end > (start or span.start) else span.end)


def _heading(desk: Desk, document: Document, wanted: Wanted) -> str:
    status = desk.status(document)
    newer = desk.successor(document)
    replaced = f'<p class="hint">Replaced by {esc(newer.title)}.</p>' if newer else ""
    number = f'<span class="source-number">{wanted.n}</span> ' if wanted.n else ""
    by = f"{esc(document.publisher)}, " if document.publisher else ""
    return (
        f'<h2 class="source-title" tabindex="-1">{number}{esc(document.title)}</h2>'
        f'<p class="source-facts">{badge(status)} {by}{esc(british(document.date))}</p>{replaced}'
    )


def _place(document: Document, span: Span | None, view: Span) -> str:
    shown = span or view
    facts = [
        ("Section", _section(document, shown)),
        ("Page", _page_name(document, shown if _meets(shown, view) else view)),
    ]
    lines = document.lines_of(shown)
    if lines:
        facts.append(("Lines", f"{lines[0]} to {lines[1]}" if lines[1] > lines[0] else str(lines[0])))
    facts.append(("File", document.file))
    rows = "".join(f"<dt>{name}</dt><dd>{esc(value)}</dd>" for name, value in facts if value)
    return f'<dl class="facts">{rows}</dl>'


def _meets(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _page_name(document: Document, span: Span) -> str:
    page = document.page_at(span.start)
    if page is None:
        return ""
    number = f"{page.page_no} of {len(document.pages)}" if page.page_no else ""
    label = page.page_label or ""
    same = label.removeprefix("Page ").strip() == str(page.page_no)
    return f"{number} (printed: {label})" if number and label and not same else number or label


def _section(document: Document, span: Span) -> str:
    """The headings above a span, outermost first."""
    path: dict[int, str] = {}
    for block in document.blocks:
        if block.span.start > span.start:
            break
        if block.kind == "heading":
            path = {level: text for level, text in path.items() if level < block.level}
            path[block.level] = _clean(_OPENING.sub("", block.span.of(document.text))).strip()
    return " › ".join(path[level] for level in sorted(path))


def _image(document: Document, wanted: Wanted, view: Span) -> str:
    page = document.page_at(view.start)
    if page is None or page.page_no is None or not document.file.lower().endswith(".pdf"):
        return ""
    marked = f"&amp;start={wanted.span.start}&amp;end={wanted.span.end}" if wanted.span else ""
    address = f"/ledby/page.png?document={esc(document.id)}&amp;page={page.page_no}{marked}"
    told = f"Page {page.page_no} of {esc(document.title)}" + (", the quoted words marked" if marked else "")
    return (
        f'<figure class="page-image" tabindex="0" role="group" aria-label="Page image"><img src="{address}" '
        f'alt="{told}" '
        'loading="lazy"><figcaption class="hint">The page as it is in the file</figcaption></figure>'
    )


def _turning(document: Document, wanted: Wanted, view: Span) -> str:
    """Buttons for the page before and after, or the stretch before and after."""
    kept = f'data-document="{esc(document.id)}"'
    if wanted.span:
        kept += f' data-start="{wanted.span.start}" data-end="{wanted.span.end}" data-n="{wanted.n or ""}"'
    if document.pages:
        page = document.page_at(view.start)
        number = (page.page_no if page else None) or 1
        steps = [("page", number - 1, number > 1), ("page", number + 1, number < len(document.pages))]
        noun = "page"
    else:
        steps = [
            ("at", max(0, view.start - _STEP), view.start > 0),
            ("at", view.end, view.end < len(document.text)),
        ]
        noun = "part"
    buttons = [
        f'<button type="button" class="turn" {kept} '
        f'data-{name}="{value}"{"" if there else " disabled"}>{word} {noun}</button>'
        for word, (name, value, there) in zip(("Previous", "Next"), steps, strict=True)
    ]
    jump = _jump(document) if document.pages else ""
    return f'<div class="turning">{"".join(buttons)}{jump}</div>'


def _jump(document: Document) -> str:
    return (
        f'<form class="goto" data-document="{esc(document.id)}"><label>Page <input name="page" '
        f'type="number" min="1" '
        f'max="{len(document.pages)}" required></label><button class="turn">Go</button></form>'
    )


def excerpt(document: Document, view: Span, marked: Span | None) -> str:
    """A stretch of a document as HTML, block by block, with ``marked`` highlighted."""
    out = []
    for block in _blocks_in(document, view):
        span = Span(max(block.span.start, view.start), min(block.span.end, view.end))
        if span.end <= span.start:
            continue
        if block.kind == "table":
            out.append(_table(document.text, span, marked))
            continue
        shown = _marked(document.text, span, marked)
        if shown.strip():
            out.append(_wrapped(block, shown))
    return "".join(out)


def _blocks_in(document: Document, view: Span) -> Iterator[Block]:
    """The blocks in view, and between them what belongs to no block."""
    at = view.start
    for block in document.blocks:
        if block.span.end <= view.start or block.span.start >= view.end:
            continue
        if block.span.start > at and document.text[at : block.span.start].strip():
            yield Block("paragraph", Span(at, block.span.start))
        yield block
        at = max(at, block.span.end)
    if at < view.end and document.text[at : view.end].strip():
        yield Block("paragraph", Span(at, view.end))


def _wrapped(block: Block, shown: str) -> str:
    if block.kind == "heading":
        return f'<p class="read-heading">{shown}</p>'
    return f'<p class="read-item">{shown}</p>' if block.kind == "item" else f"<p>{shown}</p>"


def _table(text: str, span: Span, marked: Span | None) -> str:
    rows = []
    for line in _lines(text, span):
        if _RULE.match(line.of(text)):
            continue
        cells = "".join(f"<td>{_marked(text, cell, marked)}</td>" for cell in _cells(text, line))
        rows.append(f"<tr>{cells}</tr>")
    return (
        f'<div class="table-scroll"><table class="read-table"><tbody>{"".join(rows)}</tbody></table></div>'
        if rows
        else ""
    )


def _lines(text: str, span: Span) -> Iterator[Span]:
    at = span.start
    for line in span.of(text).split("\n"):
        if line.strip():
            yield Span(at, at + len(line))
        at += len(line) + 1


def _cells(text: str, line: Span) -> list[Span]:
    raw = line.of(text)
    cuts = [found.start() for found in (re.finditer("\t", raw) if "\t" in raw else _PIPE.finditer(raw))]
    edges = [-1, *cuts, len(raw)]
    cells = [Span(line.start + a + 1, line.start + b) for a, b in zip(edges, edges[1:], strict=False)]
    if "\t" not in raw and cuts:
        cells = [cell for n, cell in enumerate(cells) if cell.of(text).strip() or 0 < n < len(cells) - 1]
    return cells


def _marked(text: str, span: Span, marked: Span | None) -> str:
    """A stretch as escaped HTML with the part of it that is quoted in a <mark>."""
    if marked is None or not _meets(span, marked):
        return esc(_clean(_OPENING.sub("", span.of(text))))
    a, b = max(span.start, marked.start), min(span.end, marked.end)
    before = _OPENING.sub("", text[span.start : a]) if a > span.start else ""
    inside = text[a:b] if a > span.start else _OPENING.sub("", text[a:b])
    return f"{esc(_clean(before))}<mark>{esc(_clean(inside))}</mark>{esc(_clean(text[b : span.end]))}"


def _clean(raw: str) -> str:
    """A stretch as a reader sees it: marks and tags removed, the white space at its ends kept as one
    space."""
    body = plain(_LINK.sub(r"\1", _ITEM.sub(_bullet, raw)))
    if not body:
        return " " if raw else ""
    return f"{' ' if raw[:1].isspace() else ''}{body}{' ' if raw[-1:].isspace() else ''}"


def _bullet(found: re.Match[str]) -> str:
    return " " if found.group(0).startswith("</") else " • "

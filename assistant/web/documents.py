"""The view of the documents: what is in the index, how it was read, and each document to read."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote_plus

import gradio as gr

from assistant.web.desk import Desk
from assistant.web.frame import SOURCE_PANEL
from assistant.web.parts import markup
from assistant.web.text import badge, british, esc
from index.report import document_rows


def table(desk: Desk) -> str:
    """The catalogue as HTML, each title opening its document."""
    rows = document_rows(desk.directory)
    totals = {name: sum(int(row[name]) for row in rows) for name in ("pages", "passages", "records")}
    told = (
        f"<strong>{len(rows):,} documents</strong>, {totals['passages']:,} passages, {totals['records']:,} "
        f"records"
    )
    heads = "".join(
        f'<th scope="col">{name}</th>'
        for name in ("Document", "Status", "Date", "Pages", "Passages", "Records", "Warnings")
    )
    body = "".join(_row(desk, row) for row in rows)
    return (
        f'<p class="count">{told}</p><div class="table-scroll" tabindex="0" role="region" '
        f'aria-label="Documents">'
        f'<table class="rows"><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>'
    )


def _row(desk: Desk, row: dict[str, Any]) -> str:
    document = desk.document(row["id"])
    status = desk.status(document) if document else row["status"]
    newer = desk.successor(document) if document else None
    note = f'<br><span class="quiet">Replaced by {esc(newer.name)}</span>' if newer else ""
    by = f'<br><span class="quiet">{esc(row["publisher"])}</span>' if row["publisher"] else ""
    guessed = (
        f'<br><span class="quiet">Guessed: {esc(", ".join(row["inferred"]))}</span>'
        if row["inferred"]
        else ""
    )
    warnings = "<br>".join(esc(one) for one in row["warnings"]) or "None"
    numbers = "".join(
        f'<td class="number" '
        f'data-label="{name.title()}">{row[name] or ("None" if name == "pages" else 0)}</td>'
        for name in ("pages", "passages", "records")
    )
    return (
        f'<tr><td data-label="Document"><a '
        f'href="#source?document={quote_plus(row["id"])}">{esc(row["title"])}</a>{by}{note}{guessed}</td>'
        f'<td data-label="Status">{badge(status)}</td><td '
        f'data-label="Date">{esc(british(row["date"]))}</td>{numbers}'
        f'<td data-label="Warnings">{warnings}</td></tr>'
    )


def build(page: gr.Blocks, desk: Desk) -> None:
    """Lay the view out on the page being built."""
    markup(
        '<h1>Documents</h1><p class="lead">What answers are drawn from. Select a title to read the document '
        "beside the list.</p>"
    )
    with gr.Row(elem_classes="wide-columns"):
        shown = markup(elem_id="documents")
        markup(SOURCE_PANEL, "side-column")
    page.load(lambda: table(desk), None, shown, api_visibility="private", show_progress="hidden")

"""The view of who leads what: an organisation's page, the organisations compared, and entries without a
lead."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote_plus

import gradio as gr

from assistant.web.desk import Desk
from assistant.web.frame import SOURCE_PANEL
from assistant.web.parts import QUIET, markup
from assistant.web.text import esc, source_link
from corpus.model import PlanEntry
from index.query import by_outcome, contains, words

_COMPARED = 15
_NOT_SAID = "Outcome not given"
_OTHER = "Other"  # the column of entries under a heading without a number


def organisations(desk: Desk) -> list[tuple[str, int]]:
    """Organisations named as leads in current documents, by number of entries."""
    register = desk.assistant.register
    return counted(register.find(documents=register.current))


def counted(found: Sequence[PlanEntry]) -> list[tuple[str, int]]:
    """Organisations by how many of these entries they lead, most first."""
    counts = Counter(lead for entry in found for lead in dict.fromkeys(entry.leads))
    return sorted(counts.items(), key=lambda one: (-one[1], one[0]))


def page_of(desk: Desk, body: str) -> str:
    """All that an organisation leads in current documents, by outcome, and its parts; the overview for no
    name."""
    if not body:
        return overview(desk)
    register = desk.assistant.register
    found = register.find(lead=body, documents=register.current)
    if not found:
        return f"<h2>{esc(body)}</h2><p>No entry of the current documents is led by a body of this name.</p>"
    groups = [(outcome, list(part)) for outcome, part in by_outcome(found)]
    sizes = {_outcome(outcome): len(part) for outcome, part in groups}
    lists = "".join(_group(outcome, part) for outcome, part in groups)
    noun = "entry" if len(found) == 1 else "entries"
    direct = sum(any(words(lead) == words(body) for lead in entry.leads) for entry in found)
    through = "" if direct == len(found) else f" {direct:,} by this name, the others through its parts."
    return (
        f'<h2>{esc(body)}</h2><p class="count">Leads <strong>{len(found):,} {noun}</strong>, alone or with '
        f"others.{through} "
        f'<a href="/find?lead={quote_plus(body)}">See them as a table</a></p>'
        f"{bars(sizes, 'Entries by outcome')}{_parts(body, found)}{lists}"
    )


def overview(desk: Desk) -> str:
    """The organisations with most entries, by outcome, and the entries without a lead."""
    register = desk.assistant.register
    current = register.find(documents=register.current)
    top = counted(current)[:_COMPARED]
    nobody = register.without_lead(register.current)
    return (
        f"<h2>Organisations with most entries</h2>{_compared(top, current)}"
        f'<h2 id="no-lead">Entries with no lead named</h2><p class="count"><strong>{len(nobody):,}</strong> '
        f"of {len(current):,} "
        f"entries in the current documents.</p>{_plain_list(nobody)}"
    )


def bars(values: Mapping[str, int], title: str) -> str:
    """Counts as a bar chart that is a table too, so that it can be read aloud and needs no script."""
    top = max(values.values(), default=1)
    rows = "".join(
        f'<tr><th scope="row">{esc(name)}</th><td class="number">{count:,}</td>'
        f'<td class="bar-cell" aria-hidden="true"><span class="bar" '
        f'style="width:{100 * count / top:.1f}%"></span></td></tr>'
        for name, count in values.items()
    )
    head = '<thead class="hidden-text"><tr><th scope="col">Name</th><th scope="col">Number</th></tr></thead>'
    return f'<table class="bars"><caption>{esc(title)}</caption>{head}<tbody>{rows}</tbody></table>'


def _compared(top: Sequence[tuple[str, int]], entries: Sequence[PlanEntry]) -> str:
    """Organisations by outcome, each count with a bar behind it. Outcomes without a number share a column, so
    that the chart fits a page."""
    columns = sorted({_column(e) for e in entries}, key=lambda name: (name == _OTHER, name.zfill(9)))
    counts = Counter((lead, _column(entry)) for entry in entries for lead in dict.fromkeys(entry.leads))
    most = max(counts.values(), default=1)
    head = "".join(f'<th scope="col">{esc(name)}</th>' for name in (*map(_head, columns), "All"))
    body = ""
    for lead, total in top:
        cells = "".join(_shaded(name, counts[lead, name], most) for name in columns)
        link = f'<a href="/leads?body={quote_plus(lead)}">{esc(lead)}</a>'
        body += (
            f'<tr><th scope="row">{link}</th>{cells}'
            f'<td class="number" data-label="All"><strong>{total:,}</strong></td></tr>'
        )
    return (
        '<div class="table-scroll" tabindex="0" role="region" aria-label="Entries by organisation and '
        'outcome">'
        f'<table class="rows grid"><caption>Entries by organisation and outcome</caption><thead><tr><th '
        f'scope="col">Organisation</th>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _column(entry: PlanEntry) -> str:
    return entry.outcome if entry.outcome and entry.outcome.isdigit() else _OTHER


def _head(column: str) -> str:
    return column if column == _OTHER else f"Outcome {column}"


def _shaded(column: str, count: int, most: int) -> str:
    label = f'data-label="{esc(_head(column))}"'
    if not count:
        return f'<td class="number quiet" {label}>0</td>'
    return (
        f'<td class="number" {label}><span class="shade" '
        f'style="--share:{100 * count / most:.0f}%">{count:,}</span></td>'
    )


def _outcome(outcome: str | None) -> str:
    if not outcome:
        return _NOT_SAID
    return f"Outcome {outcome}" if outcome.isdigit() else outcome


def _parts(body: str, found: Sequence[PlanEntry]) -> str:
    """Bodies that are part of this one, by their names, with what each leads."""
    wanted = words(body)
    counts = dict(counted(found))
    parts = {name: n for name, n in counts.items() if words(name) != wanted and contains(words(name), wanted)}
    if not parts:
        return ""
    items = "".join(
        f'<li><a href="/leads?body={quote_plus(name)}">{esc(name)}</a> ({n:,})</li>'
        for name, n in parts.items()
    )
    return f"<h3>Parts of it named as leads</h3><ul>{items}</ul>"


def _group(outcome: str, found: Sequence[PlanEntry]) -> str:
    return f"<h3>{esc(_outcome(outcome))} ({len(found):,})</h3>{_plain_list(found)}"


def _plain_list(found: Sequence[PlanEntry]) -> str:
    """Entries as a list under their commitments; each plan opens its source."""
    groups: dict[str, list[PlanEntry]] = {}
    for entry in found:
        groups.setdefault(entry.commitment or entry.priority or "No commitment named", []).append(entry)
    return "".join(
        f'<p class="group-name">{esc(name)}</p><ul class="entries">{"".join(map(_item, part))}</ul>'
        for name, part in groups.items()
    )


def _item(entry: PlanEntry) -> str:
    link = source_link(entry.document, (entry.span.start, entry.span.end), entry.quote)
    leads = f'<br><span class="quiet">{esc("; ".join(entry.leads))}</span>' if len(entry.leads) > 1 else ""
    return f'<li><a href="{esc(link)}">{esc(entry.plan or entry.plan_found or "See source")}</a>{leads}</li>'


def build(page: gr.Blocks, desk: Desk) -> None:
    """Lay the view out on the page being built, and join its events."""
    markup(
        '<h1>Who leads what</h1><p class="lead">Choose an organisation to see all that it leads in the '
        "current documents.</p>"
    )
    body = gr.Dropdown(
        [("All organisations", "")], value="", label="Organisation", elem_id="leads-body", filterable=True
    )
    with gr.Row(elem_classes="wide-columns"):
        shown = markup(elem_id="leads")
        markup(SOURCE_PANEL, "side-column")

    def opened(request: gr.Request) -> tuple[Any, str]:
        told = str(request.query_params.get("body") or "")[:200]
        known = organisations(desk)
        choices = [("All organisations", ""), *((f"{name} ({n})", name) for name, n in known)]
        if told and told not in dict(known):
            choices.append((told, told))
        return gr.update(choices=choices, value=told), page_of(desk, told)

    body.input(lambda name: page_of(desk, str(name or "")), body, shown, **QUIET).then(
        None,
        body,
        None,
        js="(name) => ledby.searched(name ? 'body=' + encodeURIComponent(name) : '')",
        api_visibility="private",
    )
    page.load(opened, None, [body, shown], **QUIET)

"""The view that finds a commitment: the register as a table that narrows as one types."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any
from urllib.parse import urlencode

import gradio as gr

from assistant.web.desk import Desk
from assistant.web.frame import SOURCE_PANEL
from assistant.web.parts import QUIET, markup
from assistant.web.text import badge, british, esc, source_link
from corpus.model import PlanEntry
from index.query import row_of

_PAGE, _MOST = 100, 5000  # rows shown at first, and when all are asked for
_LONGEST = 200
ALL, CURRENT = "all", "current"


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for; empty fields do not narrow. ``version`` is "current" or "all"."""

    q: str = ""
    lead: str = ""
    plan: str = ""
    outcome: str = ""
    document: str = ""
    version: str = CURRENT

    @property
    def query(self) -> str:
        """The search as a query string that opens it again."""
        told = {
            name: value
            for name, value in asdict(self).items()
            if value and (name, value) != ("version", CURRENT)
        }
        return urlencode(told)


def search_of(told: Mapping[str, Any]) -> Search:
    """A search from a query string; what is not part of one is left out."""
    found = {name: str(told.get(name) or "")[:_LONGEST].strip() for name in Search.__dataclass_fields__}
    return Search(**{**found, "version": ALL if found["version"] == ALL else CURRENT})


def entries(desk: Desk, search: Search) -> list[PlanEntry]:
    """The entries that meet a search, in reading order, the documents with most entries first."""
    register = desk.assistant.register
    documents = (
        {search.document} if search.document else (register.current if search.version == CURRENT else None)
    )
    found = register.find(
        search.q or None,
        lead=search.lead or None,
        plan=search.plan or None,
        outcome=search.outcome or None,
        documents=documents,
    )
    sizes = Counter(entry.document for entry in desk.assistant.index.register.entries)
    return sorted(found, key=lambda entry: (-sizes[entry.document], entry.document))


def rows(desk: Desk, search: Search) -> list[dict[str, Any]]:
    """The rows of ``ledby find --format json`` that meet a search."""
    documents = desk.assistant.index.documents
    return [row_of(entry, documents[entry.document]) for entry in entries(desk, search)]


def table(desk: Desk, search: Search, shown: int = _PAGE) -> str:
    """The search's result as HTML: how many, ways to take it along, and a table whose rows open their
    source."""
    found = entries(desk, search)
    commitments = len({(e.document, e.commitment) for e in found if e.commitment})
    plans = len({e.plan for e in found if e.plan})
    told = (
        f"<strong>{_count(len(found), 'entry', 'entries')}</strong> under "
        f"{_count(commitments, 'commitment')}, "
        f"in {_count(plans, 'plan')}"
    )
    if not found:
        return (
            f'<p class="count">{told}</p><p>Nothing in the register meets all of this. Take a word or a '
            f"filter away.</p>"
        )
    body = "".join(_row(desk, entry) for entry in found[:shown])
    more = (
        f'<p class="hint">The first {shown:,} of {len(found):,} are shown here; the files have all of them.</p>'
        if len(found) > shown
        else ""
    )
    links = (
        f'<p class="links"><a href="/find?{esc(search.query)}">Link to this search</a> '
        f'<a href="/ledby/find.csv?{esc(search.query)}" download>Download CSV</a> '
        f'<a href="/ledby/find.xlsx?{esc(search.query)}" download>Download Excel</a></p>'
    )
    heads = "".join(
        f'<th scope="col">{name}</th>' for name in ("Commitment", "Plan", "Led by", "Outcome", "Document")
    )
    return (
        f'<p class="count">{told}</p>{links}<div class="table-scroll" tabindex="0" role="region" '
        f'aria-label="Entries found">'
        f'<table class="rows"><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>{more}'
    )


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def _row(desk: Desk, entry: PlanEntry) -> str:
    document = desk.assistant.index.documents[entry.document]
    link = source_link(entry.document, (entry.span.start, entry.span.end), entry.quote)
    leads = (
        "<br>".join(esc(lead) for lead in entry.leads)
        or esc(entry.leads_found)
        or '<span class="quiet">No lead named</span>'
    )
    doubt = (
        f'<br><span class="quiet">Reading doubtful: {esc(entry.why)}</span>'
        if entry.doubtful and entry.why
        else ""
    )
    plan = esc(entry.plan or entry.plan_found) or '<span class="quiet">No plan named</span>'
    return (
        f'<tr><td data-label="Commitment"><a '
        f'href="{esc(link)}">{esc(entry.commitment or entry.priority or "See source")}</a>{doubt}</td>'
        f'<td data-label="Plan">{plan}</td><td data-label="Led by">{leads}</td>'
        f'<td data-label="Outcome">{esc(entry.outcome)}</td>'
        f'<td data-label="Document">{esc(document.name)}<br>'
        f"{badge(desk.status(document))} {esc(british(document.date))}</td></tr>"
    )


def outcomes(desk: Desk) -> list[str]:
    """Every outcome that entries stand under, numbers first."""
    found = {e.outcome for e in desk.assistant.index.register.entries if e.outcome}
    return sorted(found, key=lambda name: (not name.isdigit(), int(name) if name.isdigit() else 0, name))


def document_choices(desk: Desk) -> list[tuple[str, str]]:
    """Documents with entries, by title, for a menu."""
    having = {e.document for e in desk.assistant.index.register.entries}
    documents = desk.assistant.index.documents
    return [
        ("Any", ""),
        *((documents[id_].name, id_) for id_ in documents if id_ in having),
    ]


def build(page: gr.Blocks, desk: Desk) -> None:
    """Lay the view out on the page being built, and join its events."""
    markup(
        '<h1>Find a commitment</h1><p class="lead">Every row of the plans\' tables: what is committed to, '
        "in which plan, and who leads it.</p>"
    )
    with gr.Row(elem_classes="filter-row"):
        q = gr.Textbox(
            label="Search",
            placeholder="Words of a commitment, plan or organisation",
            elem_id="find-text",
            max_length=_LONGEST,
            scale=3,
        )
        lead = gr.Textbox(label="Led by", elem_id="find-lead", max_length=_LONGEST, scale=2)
        plan = gr.Textbox(label="Plan", elem_id="find-plan", max_length=_LONGEST, scale=2)
    with gr.Row(elem_classes="filter-row"):
        outcome = gr.Dropdown([("Any", "")], value="", label="Outcome", elem_id="find-outcome")
        document = gr.Dropdown([("Any", "")], value="", label="Document", elem_id="find-document")
        version = gr.Radio(
            [("Current documents", CURRENT), ("All versions", ALL)], value=CURRENT, label="Versions"
        )
    with gr.Row(elem_classes="wide-columns"):
        found = markup(elem_id="found")
        markup(SOURCE_PANEL, "side-column")
    every = gr.Button("Show all", visible=False, elem_id="find-all")
    address = gr.Textbox(visible=False)
    fields = [q, lead, plan, outcome, document, version]

    def narrow(*told: str) -> tuple[str, str, Any]:
        search = search_of(dict(zip(Search.__dataclass_fields__, told, strict=True)))
        count = len(entries(desk, search))
        return (
            table(desk, search, _PAGE),
            search.query,
            gr.update(value=f"Show all {count:,}", visible=count > _PAGE),
        )

    def whole(*told: str) -> tuple[str, Any]:
        search = search_of(dict(zip(Search.__dataclass_fields__, told, strict=True)))
        return table(desk, search, _MOST), gr.update(visible=False)

    def opened(request: gr.Request) -> tuple[Any, ...]:
        search = _known(desk, search_of(dict(request.query_params)))
        told = [gr.update(value=text) if text else gr.skip() for text in (search.q, search.lead, search.plan)]
        return (
            *told,
            gr.update(choices=[("Any", ""), *outcomes(desk)], value=search.outcome),
            gr.update(choices=document_choices(desk), value=search.document),
            search.version,
        )

    # Pasting is no key press: text boxes are followed by "change", which sees it too.
    for event in (q.change, lead.change, plan.change, outcome.input, document.input, version.input):
        event(narrow, fields, [found, address, every], trigger_mode="always_last", **QUIET).then(
            None, address, None, js="(query) => ledby.searched(query)", api_visibility="private"
        )
    page.load(opened, None, fields, **QUIET).then(narrow, fields, [found, address, every], **QUIET)
    every.click(whole, fields, [found, every], **QUIET)


def _known(desk: Desk, search: Search) -> Search:
    """A search whose menus hold what it asks for; a document or outcome that is not there does not narrow."""
    documents = {id_ for _, id_ in document_choices(desk)}
    outcome = search.outcome if search.outcome in outcomes(desk) else ""
    return replace(search, outcome=outcome, document=search.document if search.document in documents else "")

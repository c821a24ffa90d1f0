"""The view of what changed between two versions: added, dropped, reworded, lead changed, target moved."""

from __future__ import annotations

import difflib
import re
import threading
from collections import Counter
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

import gradio as gr

from assistant.web.desk import Desk
from assistant.web.frame import SOURCE_PANEL
from assistant.web.parts import QUIET, markup
from assistant.web.text import esc, source_link
from corpus.model import Commitment, Document, Indicator, Milestone, PlanEntry, Priority, Record
from corpus.text import plain
from ingest.versions import Change, diff

_WORDS = re.compile(r"\s+|[^\s\w]|\w+")
_LONGEST = 200
_SORTS: dict[type, str] = {
    Commitment: "Commitment",
    PlanEntry: "Plan",
    Indicator: "Indicator",
    Milestone: "Milestone",
    Priority: "Priority",
}


class Differences:
    """What changed between pairs of documents, worked out once for each generation."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._lock = threading.Lock()
        self._name = ""
        self._found: dict[tuple[str, str], tuple[Change, ...]] = {}

    def between(self, old: str, new: str) -> tuple[Change, ...]:
        """Every difference between two documents; none where either is not in the index."""
        index = self._desk.assistant.index
        if old not in index.documents or new not in index.documents or old == new:
            return ()
        with self._lock:
            if self._name != index.name:
                self._name, self._found = index.name, {}
            if (old, new) not in self._found:
                self._found[old, new] = diff(old, new, index.register)
            return self._found[old, new]


def pairs(desk: Desk) -> list[tuple[Document, Document]]:
    """Documents with what replaced them; those with most records first, since most can be compared there."""
    index = desk.assistant.index
    counts = Counter(record.document for record in index.register.records())
    replaced = desk.assistant.register.superseded
    found = [(index.documents[old], index.documents[new]) for old, new in replaced.items()]
    return sorted(found, key=lambda pair: -min(counts[pair[0].id], counts[pair[1].id]))


def said(record: Record | None) -> str:
    """What a record says, in one line."""
    if record is None:
        return ""
    if isinstance(record, Commitment):
        return record.name
    if isinstance(record, PlanEntry):
        leads = "; ".join(record.leads) or record.leads_found
        return f"{record.plan or record.plan_found}: {leads or 'no lead named'}"
    if isinstance(record, Indicator):
        return _with_figures(record)
    if isinstance(record, Milestone):
        return f"{record.what}: {record.when}"
    if isinstance(record, Priority):
        return record.text
    return plain(record.quote)


def _with_figures(one: Indicator) -> str:
    """An indicator with its baseline, target and date, where its words do not give them."""
    text = plain(one.text)
    values = (("baseline", one.baseline), ("target", one.target))
    told = [f"{name} {value.found}" for name, value in values if value and value.found not in text]
    told += [f"by {one.by}"] if told and one.by and one.by not in text else []
    return f"{text}: {', '.join(told)}" if told else text


def rows(changes: Sequence[Change]) -> list[dict[str, Any]]:
    """Changes as rows for files and for other programs."""
    return [
        {
            "kind": one.kind,
            "subject": one.subject,
            "before": said(one.old) or None,
            "after": said(one.new) or None,
            "note": one.note,
            "before_document": one.old.document if one.old else None,
            "before_quote": one.old.quote if one.old else None,
            "after_document": one.new.document if one.new else None,
            "after_quote": one.new.quote if one.new else None,
        }
        for one in changes
    ]


def marked(old: str, new: str) -> tuple[str, str]:
    """Two wordings as HTML, with the words that went struck out and the words that came underlined."""
    a, b = _WORDS.findall(old), _WORDS.findall(new)
    before, after = [], []
    for tag, i, j, k, m in difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        gone, come = esc("".join(a[i:j])), esc("".join(b[k:m]))
        before.append(gone if tag == "equal" or not gone.strip() else f"<del>{gone}</del>")
        after.append(come if tag == "equal" or not come.strip() else f"<ins>{come}</ins>")
    return "".join(before), "".join(after)


def chosen(changes: Sequence[Change], kind: str, text: str) -> list[Change]:
    """The changes of a kind that hold every word of a text."""
    wanted = text.casefold().split()
    return [
        one
        for one in changes
        if (not kind or one.kind == kind)
        and all(
            word in f"{one.subject} {said(one.old)} {said(one.new)} {one.note}".casefold() for word in wanted
        )
    ]


def table(desk: Desk, differences: Differences, old: str, new: str, kind: str = "", text: str = "") -> str:
    """The differences as HTML, with how many of each kind there are."""
    if old == new or not (desk.document(old) and desk.document(new)):
        return "<p>Choose two different documents to compare.</p>"
    every = differences.between(old, new)
    found = chosen(every, kind, text)
    counts = ", ".join(f"{n:,} {name}" for name, n in Counter(one.kind for one in every).most_common())
    told = (
        f'<p class="count"><strong>{len(found):,}</strong> of {len(every):,} differences shown. '
        f"{esc(counts).capitalize()}.</p>"
    )
    if not every:
        return (
            '<p class="count">No difference was found in the commitments, plans, leads, targets, dates and '
            "priorities of these two documents.</p>"
        )
    query = esc(urlencode({"old": old, "new": new, "kind": kind, "q": text}))
    links = (
        f'<p class="links"><a href="/changes?{query}">Link to this comparison</a> <a '
        f'href="/ledby/changes.csv?{query}" download>'
        f'Download CSV</a> <a href="/ledby/changes.xlsx?{query}" download>Download Excel</a></p>'
    )
    heads = "".join(f'<th scope="col">{name}</th>' for name in ("Change", "About", "Before", "After"))
    return (
        f'{told}{links}<div class="table-scroll" tabindex="0" role="region" aria-label="Differences"><table '
        f'class="rows">'
        f"<thead><tr>{heads}</tr></thead><tbody>{''.join(map(_row, found))}</tbody></table></div>"
    )


def _row(one: Change) -> str:
    before, after = said(one.old), said(one.new)
    about = f"<br>{esc(one.subject)}" if one.subject not in (before, after) else ""
    note = "" if one.note.startswith('was "') else f'<br><span class="quiet">{esc(one.note)}</span>'
    shown = marked(before, after) if one.old and one.new else (esc(before), esc(after))
    return (
        f'<tr><td data-label="Change"><strong class="badge">{esc(one.kind)}</strong></td>'
        f'<td data-label="About">{_sort(one)}{about}{note}</td>'
        f'<td data-label="Before">{_linked(one.old, shown[0])}</td><td '
        f'data-label="After">{_linked(one.new, shown[1])}</td></tr>'
    )


def _sort(one: Change) -> str:
    """What sort of thing changed, and under which outcome or section it stands."""
    record = one.new or one.old
    section = " › ".join(part.strip() for part in (record.section if record else "").split(" > ")[-1:])
    return f"<strong>{_SORTS.get(type(record), '')}</strong>" + (f" in {esc(section)}" if section else "")


def _linked(record: Record | None, shown: str) -> str:
    if record is None:
        return '<span class="quiet">Not there</span>'
    link = source_link(record.document, (record.span.start, record.span.end), record.quote)
    return f'{shown} <a href="{esc(link)}" class="see">Source</a>'


def build(page: gr.Blocks, desk: Desk, differences: Differences) -> None:
    """Lay the view out on the page being built, and join its events."""
    markup(
        '<h1>What changed</h1><p class="lead">Two versions side by side: commitments, plans, leads, '
        "targets, dates and priorities.</p>"
    )
    with gr.Row(elem_classes="filter-row"):
        old = gr.Dropdown([], label="Earlier version", elem_id="changes-old", scale=3)
        new = gr.Dropdown([], label="Later version", elem_id="changes-new", scale=3)
        kind = gr.Dropdown([("Any", "")], value="", label="Kind of change", elem_id="changes-kind", scale=2)
        text = gr.Textbox(label="Words", elem_id="changes-text", max_length=_LONGEST, scale=2)
    with gr.Row(elem_classes="wide-columns"):
        shown = markup(elem_id="changes")
        markup(SOURCE_PANEL, "side-column")
    address = gr.Textbox(visible=False)
    fields = [old, new, kind, text]

    def kinds(a: str, b: str, told: str) -> Any:
        found = sorted({one.kind for one in differences.between(a, b)})
        return gr.update(choices=[("Any", ""), *found], value=told if told in found else "")

    def compare(a: str, b: str, k: str, t: str) -> tuple[Any, str, str]:
        a, b, k, t = str(a or ""), str(b or ""), str(k or ""), str(t or "")[:_LONGEST]
        query = urlencode({"old": a, "new": b, "kind": k, "q": t})
        return kinds(a, b, k), table(desk, differences, a, b, k, t), query

    def opened(request: gr.Request) -> tuple[Any, ...]:
        told = request.query_params
        documents = desk.assistant.index.documents
        first = next(iter(pairs(desk)), None)
        a = told.get("old") if told.get("old") in documents else (first[0].id if first else None)
        b = told.get("new") if told.get("new") in documents else (first[1].id if first else None)
        choices = [(d.name, d.id) for d in documents.values()]
        kept, words = str(told.get("kind") or ""), str(told.get("q") or "")[:_LONGEST]
        lists = (gr.update(choices=choices, value=a), gr.update(choices=choices, value=b))
        return *lists, kinds(a or "", b or "", kept), gr.update(value=words) if words else gr.skip()

    for event in (old.input, new.input, kind.input, text.change):
        event(compare, fields, [kind, shown, address], trigger_mode="always_last", **QUIET).then(
            None, address, None, js="(query) => ledby.searched(query)", api_visibility="private"
        )
    page.load(opened, None, fields, **QUIET).then(compare, fields, [kind, shown, address], **QUIET)

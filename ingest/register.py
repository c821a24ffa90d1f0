"""Documents -> Register: every commitment, plan, lead, indicator, priority, milestone and short form as a record.

All documents are read first and their names resolved together, so that the clean spelling of a name in one document
mends the damaged one in another.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.model import Acronym, Commitment, Document, Finding, Name, PlanEntry, Register
from ingest.above import Setting
from ingest.entries import RawEntry, read_entries
from ingest.names import Shorts, Spellings, Vocabulary, ampersand_shorts, inline_shorts, key_of
from ingest.splitting import LEADS, Lexicon, learn, split
from ingest.tables import tables_of


def build_register(documents: Sequence[Document]) -> Register:
    """All records of a set of documents, with names resolved over the whole set and a quality report."""
    vocabulary = Vocabulary.of(document.text for document in documents)
    words = frozenset(word for word, count in vocabulary.lower.items() if count > 1)
    raws = {document.id: _read(document, words) for document in documents}
    shorts, acronyms = _learn_shorts(documents)
    lexicon = Lexicon(lambda name: key_of(name, shorts))
    learn(lexicon, [e.leads.text for es in raws.values() for e in es if e.leads], LEADS)
    bodies, plans, names = (Spellings(shorts, vocabulary) for _ in range(3))
    parts = {}
    for es in raws.values():
        for e in es:
            if e.leads:
                parts[e.span, e.leads.span] = [p.text for p in split(e.leads.text, lexicon, LEADS)]
                for p in parts[e.span, e.leads.span]:
                    bodies.add(p)
            if e.plan:
                plans.add(e.plan.text)
            if e.commitment:
                names.add(e.commitment.text)
    for s in (bodies, plans, names):
        s.settle()
    commitments, entries = [], []
    for document in documents:
        seen = {}
        for e in raws[document.id]:
            cid = None
            if e.commitment:
                at = (e.commitment.span.start, e.commitment.text)
                if at not in seen:
                    cid = f"{document.id}:commitment:{len(seen) + 1}"
                    seen[at] = cid
                    commitments.append(Commitment(id=cid, document=document.id, span=e.commitment.span, quote=e.commitment.span.of(document.text), section=e.above.section, name=names.canonical(e.commitment.text), found=e.commitment.text, outcome=e.above.outcome, priority=e.group.text if e.group else e.above.priority.text if e.above.priority else None))
                cid = seen[at]
            page = document.page_at(e.span.start)
            entries.append(PlanEntry(id=f"{document.id}:entry:{len([x for x in entries if x.document == document.id]) + 1}", document=document.id, span=e.span, quote=e.span.of(document.text), page_no=page.page_no if page else None, section=e.above.section, doubtful=bool(e.why), why=e.why,
                commitment_id=cid, commitment=names.canonical(e.commitment.text) if e.commitment else None, plan=plans.canonical(e.plan.text) if e.plan else None, plan_found=e.plan.text if e.plan else "", leads=tuple(bodies.canonical(p) for p in parts.get((e.span, e.leads.span), ())) if e.leads else (), leads_found=e.leads.text if e.leads else "", leads_of="plan", outcome=e.above.outcome, priority=e.group.text if e.group else e.above.priority.text if e.above.priority else None, status=e.status, timescale=e.timescale, measure=e.measure, other=e.other))
    found = [Name("organisation", c, frozenset(s)) for c, s in bodies.groups().items()]
    found += [Name("plan", c, frozenset(s)) for c, s in plans.groups().items()]
    found += [Name("commitment", c, frozenset(s)) for c, s in names.groups().items()]
    return Register(commitments=tuple(commitments), entries=tuple(entries), acronyms=tuple(acronyms), names=tuple(found))


def _read(document: Document, words: frozenset[str]) -> list[RawEntry]:
    setting = Setting(document)
    out = []
    for table in tables_of(document):
        if table.kind == "entries":
            out += read_entries(table, setting.above(table.block, table.swallowed), words).entries
    return out


def _learn_shorts(documents: Sequence[Document]) -> tuple[Shorts, list[Acronym]]:
    shorts, records = Shorts(), []
    for document in documents:
        n = 0
        for table in tables_of(document):
            if table.kind != "acronyms":
                continue
            for row in table.rows:
                short, full = table.cell(row, "short"), table.cell(row, "full")
                if short and full:
                    n += 1
                    records.append(Acronym(id=f"{document.id}:acronym:{n}", document=document.id, span=row.span, quote=row.span.of(document.text), short=short.text, full=full.text))
                    ss, fs = short.text.split("/"), re.split(r"\s*/\s*", full.text)
                    for a, b in zip(ss, fs if len(ss) == len(fs) else [full.text] * len(ss)):
                        shorts.add(a.strip(), re.sub(r"\s*\(.*\)$", "", b), sure=True)
    for document in documents:
        for short, full, _, _ in inline_shorts(document.text):
            shorts.add(short, full)
        for short, full in ampersand_shorts(document.text):
            shorts.add(short, full)
    return shorts, records

"""Citations: computed from offsets and verified against the stored text. What cannot be verified is not
said."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from assistant.draft import Draft, Evidence, Line
from corpus.model import Citation, Document


def render(draft: Draft, documents: Mapping[str, Document]) -> tuple[str, tuple[Citation, ...], int]:
    """The answer's text with [n] markers, its citations, and how many lines were cut because their evidence
    failed."""
    numbers: dict[Evidence, int] = {}
    citations: list[Citation] = []
    said: list[str] = []
    heads: set[int] = set()
    cut = 0
    for line in draft.lines:
        if line.evidence and not any(holds(one, documents) for one in line.evidence):
            cut += 1
            continue
        marks = []
        for one in line.evidence:
            if not holds(one, documents):
                continue
            if one not in numbers:
                numbers[one] = len(numbers) + 1
                citations.append(cite(numbers[one], one, documents))
            marks.append(f"[{numbers[one]}]")
        if line.apart or not line.evidence and line.text.endswith(":"):
            heads.add(len(said))
        said.append(_marked(line, marks))
    return _joined(said, heads, bullets=draft.bullets), tuple(citations), cut


def holds(evidence: Evidence, documents: Mapping[str, Document]) -> bool:
    """Whether a span lies inside its document and covers words."""
    document = documents.get(evidence.document)
    if document is None:
        return False
    span = evidence.span
    return 0 <= span.start < span.end <= len(document.text) and bool(span.of(document.text).strip())


def cite(n: int, evidence: Evidence, documents: Mapping[str, Document]) -> Citation:
    """The citation of evidence that ``holds``; page, label and lines are computed from its offsets."""
    document = documents[evidence.document]
    page = document.page_at(evidence.span.start)
    return Citation(
        n=n,
        document=document.id,
        file=document.file,
        title=document.title,
        status=document.status,
        date=document.date,
        page=page.page_no if page else None,
        page_label=page.page_label if page else None,
        section=evidence.section,
        lines=document.lines_of(evidence.span),
        span=evidence.span,
        quote=evidence.span.of(document.text),
    )


def verify(citations: Sequence[Citation], documents: Mapping[str, Document]) -> bool:
    """Whether every quote is, to the letter, what stands at its span."""
    return all(
        one.document in documents and one.quote == one.span.of(documents[one.document].text)
        for one in citations
    )


def _marked(line: Line, marks: Sequence[str]) -> str:
    """Markers stand before the closing full stop or colon."""
    if not marks:
        return line.text
    body, end = line.text.rstrip(), ""
    if body and body[-1] in ".:;":
        body, end = body[:-1], body[-1]
    return f"{body} {''.join(marks)}{end}"


def _joined(said: Sequence[str], heads: Collection[int], *, bullets: bool) -> str:
    """Lines one after the other, or a list under the first; each further head begins another list."""
    if not bullets or len(said) < 2:
        return " ".join(said)
    items = (f"\n{line}" if at in heads else f"- {line}" for at, line in enumerate(said) if at)
    return "\n".join([said[0], *items])

"""Checks an index on disk: every part is there and as it was written, the parts agree, and every quote is
verbatim."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from corpus.errors import LedbyError
from corpus.model import Document, Passage, Span
from index.generation import Index, open_index
from index.layout import changed_parts, ill_sized

_SAMPLE = 50  # passages whose own vector is looked up in Chroma
_SAME = 1e-3
_SHOWN = 10  # faults of one kind that are written out


@dataclass(frozen=True, slots=True)
class Verified:
    """What was checked: the generation's name, how many of each thing it holds, and one line for each
    fault."""

    directory: Path
    generation: str
    counts: Mapping[str, int] = field(default_factory=dict)
    faults: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether no fault was found."""
        return not self.faults


def verify(directory: Path) -> Verified:
    """Check the current generation. Raises IndexError_ when there is none that could be checked, ServiceError
    when its Chroma server does not answer."""
    index = open_index(directory)
    faults: list[str] = []
    for check in (_files, _counts, _documents, _passages, _records, _lexical, _tokens, _entities, _chroma):
        faults += _limited(_told(check, index))
    index.close()
    counts = {**index.manifest.counts, "files": len(index.manifest.parts)}
    return Verified(directory, index.name, counts, tuple(dict.fromkeys(faults)))


def _told(check: Callable[[Index], Iterable[str]], index: Index) -> Iterator[str]:
    """The faults that a check finds; a part that cannot be opened is one fault, and leaves the other checks
    to run."""
    try:
        yield from check(index)
    except LedbyError as error:
        yield (
            str(error)
            .split("; run:")[0]
            .removeprefix(f"The index at {index.directory} is damaged ")
            .strip("()")
        )


def _limited(faults: Iterable[str]) -> list[str]:
    found = list(faults)
    more = len(found) - _SHOWN
    return found if more <= 0 else [*found[:_SHOWN], f"... and {more} more of this kind"]


def _files(index: Index) -> Iterator[str]:
    if not index.manifest.parts:
        yield f"{index.name} lists no files, so that nothing tells whether they are as they were written"
    yield from ill_sized(index.folder, index.manifest)
    yield from changed_parts(index.folder, index.manifest)


def _counts(index: Index) -> Iterator[str]:
    found = {
        "documents": len(index.documents),
        "passages": len(index.passages),
        "records": len(index.register.records()),
    }
    for what, number in found.items():
        if (told := index.manifest.counts.get(what)) != number:
            yield f"the manifest counts {told} {what}, corpus.sqlite holds {number}"
    listed = {line["document"] for file in index.manifest.files.values() for line in file["lines"]}
    for document in sorted(listed ^ index.documents.keys()):
        where = "corpus.sqlite" if document in listed else "the manifest"
        yield f"document {document} is not in {where}"


def _documents(index: Index) -> Iterator[str]:
    for document in index.documents.values():
        for page in document.pages:
            if not _inside(page.span, document):
                yield f"page {page.page_no} of {document.id} lies outside its text"
        for block in document.blocks:
            if not _inside(block.span, document):
                yield f"a {block.kind} of {document.id} at {block.span.start} lies outside its text"


def _passages(index: Index) -> Iterator[str]:
    yield from (f"passage id {id_} is there {n} times" for id_, n in _twice(p.id for p in index.passages))
    for passage in index.passages:
        document = index.documents[passage.document]
        if not _inside(passage.span, document) or not passage.text.strip():
            yield f"passage {passage.id} quotes nothing in {document.id}"
        elif document.pages and passage.page_no != _page(document, passage.span):
            yield (
                f"passage {passage.id} is said to be on page {passage.page_no}, and is on "
                f"{_page(document, passage.span)}"
            )


def _records(index: Index) -> Iterator[str]:
    records = index.register.records()
    yield from (f"record id {id_} is there {n} times" for id_, n in _twice(r.id for r in records))
    for record in records:
        document = index.documents.get(record.document)
        if document is None:
            yield f"record {record.id} is of {record.document}, which is no document of this index"
        elif record.span.of(document.text) != record.quote or not record.quote.strip():
            yield f"record {record.id} does not quote what stands in {document.id} at {record.span.start}"
        elif document.pages and record.page_no != _page(document, record.span):
            yield (
                f"record {record.id} is said to be on page {record.page_no}, and is on "
                f"{_page(document, record.span)}"
            )


def _lexical(index: Index) -> Iterator[str]:
    if len(index.lexical) != len(index.passages):
        yield f"the lexical index holds {len(index.lexical)} passages, corpus.sqlite {len(index.passages)}"


def _tokens(index: Index) -> Iterator[str]:
    if len(index.tokens) != len(index.passages):
        yield f"the token vectors hold {len(index.tokens)} passages, corpus.sqlite {len(index.passages)}"


def _entities(index: Index) -> Iterator[str]:
    known = {*index.documents, ""}
    for entity in index.entities.all:
        if entity.document not in known:
            yield f"{entity.kind} {entity.key} is of {entity.document}, which is no document of this index"


def _chroma(index: Index) -> Iterator[str]:
    wanted = {passage.id: passage for passage in index.passages}
    seen: set[str] = set()
    for id_, text, place in index.store.stored():
        seen.add(id_)
        passage = wanted.get(id_)
        if passage is None:
            yield f"Chroma holds {id_}, which is no passage of this index"
        elif (passage.document, passage.span.start, passage.span.end) != place or passage.text != text:
            yield f"Chroma holds {id_} with another text or place than corpus.sqlite"
    yield from (f"Chroma does not hold passage {id_}" for id_ in wanted if id_ not in seen)
    yield from _found_again(index, [passage for passage in index.passages if passage.id in seen])


def _found_again(index: Index, passages: list[Passage]) -> Iterator[str]:
    """Look passages up by their own vectors: what is stored can be in order and the graph to search it
    not."""
    sample = passages[:: max(1, len(passages) // _SAMPLE)][:_SAMPLE]
    for id_, vector in index.store.vectors([passage.id for passage in sample]).items():
        if abs(float(np.linalg.norm(vector)) - 1) > _SAME:
            yield f"Chroma holds a vector for {id_} that is not of unit length"
            continue
        best = index.store.nearest(vector, 1)
        if not best or best[0][1] < 1 - _SAME:
            yield f"Chroma does not find {id_} by its own vector"


def _page(document: Document, span: Span) -> int | None:
    page = document.page_at(span.start)
    return page.page_no if page else None


def _inside(span: Span, document: Document) -> bool:
    return 0 <= span.start <= span.end <= len(document.text)


def _twice(ids: Iterable[str]) -> list[tuple[str, int]]:
    return [(id_, n) for id_, n in Counter(ids).items() if n > 1]

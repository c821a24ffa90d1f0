"""What a quote cannot be read without: the sentence before a "This ...", the list under its opening, the lines of a list
of particulars, the whole paragraph where several things are asked for; and whether a list that is asked for is shown."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.evidence.units import Unit, clean, is_numbered, widened
from assistant.question.understand import asks_reason, gives_reason
from corpus.model import Block, Document, Span
from corpus.text import fold, plain
from index.lexical import terms
from ingest.sentences import sentences

_MOST = 110  # words
_LIST = 90
_SHORT = 14  # words of a line that may be an item of a list without a mark
_ITEMS = 14  # at most so many items or lines
_ANNOUNCES = re.compile(r"(?:: ?[-–]?|\bas follows)$")
_LINES = 4  # particulars taken along on either side
_ANAPHOR = re.compile(
    r"^(?:This|These|Those|That|They|It|He|She|Their|Its|His|Her|Such|The (?:former|latter))\b"
)
_PERSON = re.compile(r"^(?:He|She|His|Her)\b")
_TELLS_OF_THEM = re.compile(
    r"^(?:These|Those|They|This|Both)\b(?: [\w'’-]+){0,3} (?:include[sd]?|are|were|compris\w+|consist\w*)\b"
    r"|^The(?: [\w'’-]+){1,3}? (?:include[sd]?|compris\w+|consist\w*|(?:is|are|be) made up of)\b"
)
_WHICH = re.compile(r"\b(?:which|what|who|name|list)\b")
_LIST_WANTED = re.compile(
    r"\b(?:what|which|name|list|whose|who)\b.*\b(?:are|were|two|three|four|five|six|seven|eight|nine|ten|all|list)\b|"
    r"\blist\b|\bthings\b"
)
_NO_THING = r"(?!(?:is|was|does|has|this|us)\b)"
_THINGS = re.compile(  # "which duties"
    rf"\b(?:which|what)(?: {_NO_THING}[\w'-]+){{0,2}}? {_NO_THING}[\w'-]*[a-rt-z]s\b"
)
_MANY = re.compile(
    r"\b(?:which|what|name|list)\b(?: \S+){0,4}? (?:three|four|five|six|seven|eight|nine|ten)\b"
)
_LIST_ASKED = re.compile(
    r"^(?:(?:can you|could you|please|and|so|tell me) )*(?:(?:list|name) (?:all|the|every)\b|(?:what|which|who) (?:are|were) (?:all |the |its |their |his |her )+"
    r"(?:[\w'-]+ ){0,3}?[\w'-]*[a-rt-z]s\b)"
)
_ENUMERATES = re.compile(r"\w+[,;] [^.;:]{3,}?(?:,|;)? (?:and|or|&) \w|\w; [^;.]+; \w|\bboth \w.* and \w")
_MARK = re.compile(r"^(?:- |\* )?\(?(?P<mark>\d+|[ivx]+|[A-Za-z])(?P<end>[.)]+)")
_PARTICULAR = re.compile(r"^(?:- |\* )?[A-Z][\w'’/() -]{1,32}: ?\S")


def completed(unit: Unit, question: str, most: int = _MOST) -> Unit:
    """The unit with what it cannot be read without, as far as ``most`` words allow."""
    said = fold(question)
    several = bool(_LIST_WANTED.search(said))
    spans = [
        _list_around(unit, several, several or bool(_THINGS.search(said))),
        _list_at_end(unit, question),
        _particulars(unit),
        _sentence_before(unit),
        _named_after(unit, question),
        _reason_beside(unit) if asks_reason(said) else None,
    ]
    if _MANY.search(said):
        spans.append(_paragraph(unit))
    for span in spans:
        if span and span != unit.span and _words(unit.document, span) <= max(most, len(unit.text.split())):
            return widened(unit, span)
    return unit


def tells_few(units: Sequence[Unit], question: str) -> bool:
    """Whether a question asks for a list or for so many things, and quotes show none: no list under what announces it,
    nor, where no number is asked for, one in a sentence ("boats, barges and tugs"). So many things that stand apart
    are another composer's (``assistant/narrative/counted.py``)."""
    said = fold(question)
    numbered = bool(_MANY.search(said))
    if not numbered and not _LIST_ASKED.search(said):
        return False
    return not any(_is_list(unit) or not numbered and _ENUMERATES.search(plain(unit.text)) for unit in units)


def _is_list(unit: Unit) -> bool:
    last = _block_at(unit.document, unit.span.end - 1)
    return last is not None and _announced_in(unit, last) is not None


def is_cut(unit: Unit) -> bool:
    """Whether a unit is a list, with what announces it, that goes on behind it."""
    last, blocks, text = _block_at(unit.document, unit.span.end - 1), unit.document.blocks, unit.document.text
    if last is None or last + 1 >= len(blocks) or _announced_in(unit, last) is None:
        return False
    here, beyond = blocks[last], blocks[last + 1]
    return beyond.kind == "item" and _is_sibling(here.span.of(text), beyond.span.of(text))


def _announced_in(unit: Unit, last: int) -> int | None:
    """The block of a unit that announces the list whose first items end it; None where none does."""
    blocks, at = unit.document.blocks, last
    while at > 0 and blocks[at].kind == "item" and not announces(blocks[at], unit.document):
        at -= 1
    inside = at < last and unit.span.start <= blocks[at].span.start
    return at if inside and announces(blocks[at], unit.document) else None


def _paragraph(unit: Unit) -> Span | None:
    """The paragraph of a sentence, for a question that asks for several things at once."""
    at = _block_at(unit.document, unit.span.start)
    block = unit.document.blocks[at] if at is not None else None
    if (
        block is None
        or block.kind != "paragraph"
        or unit.kind != "sentence"
        or block.span.end < unit.span.end
    ):
        return None
    return block.span


def _words(document: Document, span: Span) -> int:
    return len(plain(span.of(document.text)).split())


def _block_at(document: Document, offset: int) -> int | None:
    return next((i for i, b in enumerate(document.blocks) if b.span.start <= offset < b.span.end), None)


def _list_around(unit: Unit, several: bool, things: bool) -> Span | None:
    """An opening with its items: when the unit is the opening, or, where several things are asked for, an item, or the
    opening with some of the items; or, where a question asks for things of a kind, the opening with the first."""
    blocks = unit.document.blocks
    if unit.kind not in ("sentence", "item", "heading"):
        return None
    last = _block_at(unit.document, unit.span.end - 1)
    if last is None:
        return None
    begun = _announced_in(unit, last)
    if begun is not None and things:
        return Span(unit.span.start, _last_item(blocks, begun, unit.document))
    opening = _opening(blocks, last) if blocks[last].kind == "item" and several else None
    if opening is not None and unit.span.start <= blocks[opening].span.start:  # it took in the first items
        return Span(unit.span.start, _last_item(blocks, opening, unit.document))
    if _opens(unit, blocks[last]):
        return Span(unit.span.start, _last_item(blocks, last, unit.document))
    if opening is None or unit.kind != "item" or not announces(blocks[opening], unit.document):
        return None
    return Span(blocks[opening].span.start, _last_item(blocks, opening, unit.document))


def _list_at_end(unit: Unit, question: str) -> Span | None:
    """The list that the last words of a unit announce, without what comes before them, where the question asks for what
    they announce ("what was resolved?": "RESOLVED to endorse these actions:")."""
    last = _block_at(unit.document, unit.span.end - 1)
    if last is None:
        return None
    blocks, text = unit.document.blocks, unit.document.text
    opening = blocks[last].span
    asked = set(terms(question)) & set(terms(opening.of(text)))
    begins_before = unit.span.start < opening.start < unit.span.end
    if not begins_before or not asked or not announces(blocks[last], unit.document):
        return None
    return Span(opening.start, _last_item(blocks, last, unit.document))


def _opens(unit: Unit, block: Block) -> bool:
    """Whether a unit ends its block and leaves something open: by a colon, or as a short line that is no sentence (a
    heading, the first lines of an address)."""
    text = unit.document.text
    if text[unit.span.end : block.span.end].strip():
        return False
    line = clean(block.span.of(text))
    broken_off = (
        len(line.split()) <= _SHORT and unit.kind != "item" and not line.endswith((".", "!", "?", ";"))
    )
    return broken_off or announces(block, unit.document)


def announces(block: Block, document: Document) -> bool:
    """Whether a block ends with what opens a list or quotation: a colon, "as follows"."""
    return bool(_ANNOUNCES.search(clean(block.span.of(document.text))))


def _opening(blocks: Sequence[Block], at: int) -> int | None:
    while at > 0 and blocks[at].kind == "item":
        at -= 1
    return at if blocks[at].kind in ("paragraph", "heading") else None


def _last_item(blocks: Sequence[Block], opening: int, document: Document) -> int:
    """Where what stands under an opening ends: items or short lines; or, after a colon, one paragraph."""
    words, end = 0, blocks[opening].span.end
    announced = announces(blocks[opening], document)
    first_line = blocks[opening].span.of(document.text)
    numbered = is_numbered(first_line)
    for block in blocks[opening + 1 : opening + 1 + _ITEMS]:
        raw = block.span.of(document.text)
        words += len(raw.split())
        first = end == blocks[opening].span.end
        short = block.kind == "item" or len(raw.split()) <= _SHORT or (first and announced)
        next_part = block.kind == "heading" and raw.startswith("#") and not first
        beside = (
            numbered
            and block.kind == "item"
            and blocks[opening].kind == "item"
            and _is_sibling(first_line, raw)
        )
        if words > _LIST or not short or next_part or beside or block.kind == "table":
            break
        end = block.span.end
    return end


def _is_sibling(raw: str, other: str) -> bool:
    """Whether two items are of one list: "e)" and "f)" are, "e)" and "a." or "i)" under it are not."""
    one, two = (_MARK.match(item.strip()) for item in (raw, other))
    if one is None or two is None:
        return is_numbered(raw) == is_numbered(other)
    return _form(one) == _form(two) and one["end"] == two["end"]


def _form(mark: re.Match[str]) -> str:
    """Of which numbers the mark of an item is."""
    told = mark["mark"]
    if told.isdigit():
        return "number"
    if re.fullmatch("[ivx]+", told):
        return "roman"
    return "capital" if told.isupper() else "letter"


def _particulars(unit: Unit) -> Span | None:
    """The lines "Name: ...", "Post: ..." beside a line of that form."""
    if not _PARTICULAR.match(clean(unit.span.of(unit.document.text))) or len(unit.text.split()) > _SHORT:
        return None
    at = _block_at(unit.document, unit.span.start)
    if at is None:
        return None
    first, last = at, at
    while first > max(0, at - _LINES) and _is_particular(unit.document, first - 1):
        first -= 1
    while last + 1 < min(len(unit.document.blocks), at + _LINES + 1) and _is_particular(
        unit.document, last + 1
    ):
        last += 1
    return Span(unit.document.blocks[first].span.start, unit.document.blocks[last].span.end)


def _is_particular(document: Document, at: int) -> bool:
    line = clean(document.blocks[at].span.of(document.text))
    return bool(_PARTICULAR.match(line)) and len(line.split()) <= _SHORT


def _named_after(unit: Unit, question: str) -> Span | None:
    """The unit with the sentence after it, when that says which things it speaks of ("These groups include ...")."""
    at = _block_at(unit.document, unit.span.end - 1)
    if unit.kind not in ("sentence", "item") or at is None or not _WHICH.search(fold(question)):
        return None
    near = (b for b in unit.document.blocks[at : at + 2] if b.kind in ("paragraph", "item"))
    after = (
        sentence
        for block in near
        for sentence in sentences(block.span.of(unit.document.text), block.span.start)
        if sentence.start >= unit.span.end
    )
    following = next(after, None)
    told = following and _TELLS_OF_THEM.match(clean(following.of(unit.document.text)))
    return Span(unit.span.start, following.end) if following and told else None


def _sentence_before(unit: Unit) -> Span | None:
    """The unit with the sentence before it, or the heading over it, when it begins with a word that stands for something
    there."""
    if unit.kind not in ("sentence", "item") or not _ANAPHOR.match(unit.text):
        return None
    at = _block_at(unit.document, unit.span.start)
    if at is None:
        return None
    before, _ = _beside(unit, at)
    if before:
        named = _naming(unit, at) if _PERSON.match(unit.text) else before
        return Span((named or before).start, unit.span.end)
    over = unit.document.blocks[at - 1] if at and unit.kind == "sentence" else None
    if over is None or not _is_title(over, unit.document):
        return None
    return Span(over.span.start, unit.span.end)


def _naming(unit: Unit, at: int) -> Span | None:
    """The nearest sentence before a unit, in its block, that does not begin with a pronoun: it names the person of whom
    the others speak."""
    block, text = unit.document.blocks[at], unit.document.text
    told = [one for one in sentences(block.span.of(text), block.span.start) if one.end <= unit.span.start]
    return next((one for one in reversed(told) if not _ANAPHOR.match(clean(one.of(text)))), None)


def _is_title(block: Block, document: Document) -> bool:
    """Whether a block is a heading, or a short numbered line that is no sentence."""
    line = clean(block.span.of(document.text))
    short = len(line.split()) <= _SHORT and not line.endswith((".", ":", ";"))
    return block.kind == "heading" or (short and is_numbered(block.span.of(document.text)))


def _beside(unit: Unit, at: int) -> tuple[Span | None, Span | None]:
    """The sentences of the block before and after a unit."""
    block = unit.document.blocks[at]
    told = list(sentences(block.span.of(unit.document.text), block.span.start))
    before = [one for one in told if one.end <= unit.span.start]
    after = [one for one in told if one.start >= unit.span.end]
    return (before[-1] if before else None, after[0] if after else None)


def _reason_beside(unit: Unit) -> Span | None:
    """The unit with the sentence after it or before it, where it gives no reason and that does."""
    at = _block_at(unit.document, unit.span.start)
    if at is None or unit.kind != "sentence" or gives_reason(fold(unit.text)):
        return None
    before, after = _beside(unit, at)
    for beside in (after, before):
        if beside and gives_reason(fold(clean(beside.of(unit.document.text)))):
            return Span(min(beside.start, unit.span.start), max(beside.end, unit.span.end))
    return None

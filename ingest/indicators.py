"""Indicators: rows of tables of measures, and sentences that set a target ("By 2028, ... will have fallen to
...")."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from rapidfuzz import fuzz, process

from corpus.model import Block, Cell, Document, Indicator, Row, Span, Value
from corpus.text import fold, plain
from ingest.above import Above, Setting, tidy
from ingest.making import Maker
from ingest.sentences import sentences
from ingest.tables import Table, is_furniture
from ingest.values import aim_of, value_of

_SECTION = re.compile(
    r"^(?:(?:key |strategic |shared |performance )*(?:indicators|measures|targets)\b.*?:?"
    r"|how (?:we )?will (?:we )?(?:know|measure)\b.*)$",
    re.I,
)
_BY = re.compile(
    r"\d?[BS6]y (?:the end of |\w+ )?(?:20\d\d|XXXX)"
)  # "Sy", "6By": what scanning makes of "By"
_AIM = re.compile(r"\b(?:will|to)\b")
_CHANGE = re.compile(
    r"\b(?:increas|improv|reduc|fall|fell|decreas|maintain|remain|meet|met\b|exceed|achiev|at least"
    r"|no more|below|above|similar|close to|better|implemented|lower|higher|live in|progress)",
    re.I,
)
_NUMBER = re.compile(r"^[A-Z]{0,3}[.\d]*\d[a-z]?\.?$|^[A-Z]\.\d+$")
_VOICE = re.compile(r"^[>\s\"'“‘]*(?:I|I'm|I’ve|My|We are not)\b")
# What hangs behind a population where its sentence goes on: "carers who report that they".
_HANGING = re.compile(
    r"(?:[\s,]+(?:and|who|which|that|they|say|says|report|reporting|having|by|as|from|matches|support)|\sby 20\d\d)+\s*$"
)
_RECURS, _NEARLY = 4, 70.0
_SAME = 88
_NEAR_BY = 1_500  # characters: less than a page
_SHORT = 45


@dataclass(slots=True)
class _Draft:
    """An indicator row, grown by the rows that go on with it."""

    number: str | None
    text: str
    start: int
    end: int
    source: list[str]
    notes: list[str]
    other: list[tuple[str, str]]
    fields: dict[str, str]
    table: Table | None = None


def table_indicators(tables: Iterable[Table], setting: Setting, maker: Maker) -> list[Indicator]:
    """The indicators of a document's tables; a row that goes over the page is put together again."""
    drafts: list[_Draft] = []
    for table in tables:
        for row in table.rows:
            last = drafts[-1] if drafts else None
            if last is not None and _goes_on(table, row, last):
                _extend(table, row, last)
            elif (draft := _draft(table, row)) is not None:
                draft.table = table
                drafts.append(draft)
            elif not _second_header_line(row) and any(len(c.text) > 2 for c in row.cells):
                maker.find("row unread", "no indicator could be read in this row", row.span)
    _part_remarks(drafts)
    return [_record(draft, setting, maker) for draft in drafts]


def _part_remarks(drafts: Sequence[_Draft]) -> None:
    """Move a short sentence that many indicators end with ("Included in strategy.") from the wording to the
    notes."""
    tails = Counter(tail for draft in drafts if (tail := _tail(draft.text)))
    common = [tail for tail, times in tails.items() if times >= _RECURS]
    for draft in drafts:
        tail = _tail(draft.text)
        while tail and any(fuzz.ratio(fold(tail), fold(known)) >= _NEARLY for known in common):
            draft.text = draft.text[: -len(tail)].rstrip()
            draft.notes.append(tail)
            tail = _tail(draft.text)


def _tail(text: str) -> str:
    """The last sentence of a text that has more than one, if it is short."""
    found = re.search(r"(?<=[.!?]) ([^.!?]+\.)$", text)
    return found.group(1) if found and len(found.group(1).split()) <= 4 else ""


def _draft(table: Table, row: Row) -> _Draft | None:
    text = table.cell(row, "indicator") or table.cell(row, "measure")
    if text is None:
        return None
    number = table.cell(row, "number")
    label = number.text if number else None
    if label is None and row.cells and _NUMBER.match(row.cells[0].text.strip()) and row.cells[0].text:
        label = row.cells[0].text
    draft = _Draft(label, text.text, row.span.start, row.span.end, [], [], [], {})
    _take(table, row, draft)
    return draft


def _take(table: Table, row: Row, draft: _Draft) -> None:
    """Put the other cells of a row where they belong."""
    heads = table.heads or ("",) * len(row.cells)
    for head, cell, role in zip(heads, row.cells, table.roles, strict=False):
        if not cell.text or role in ("indicator", "number"):
            continue
        if role in ("source", "notes") and is_furniture(cell.text):
            continue
        if role == "source":
            draft.source.append(cell.text)
        elif role == "notes":
            draft.notes.append(cell.text)
        elif role in ("timescale", "target", "baseline") and role not in draft.fields and _holds(role, cell):
            draft.fields[role] = cell.text
            if role == "target" and table.roles.count("target") > 1 and head:
                draft.other.append((head, cell.text))
        elif role == "limit" and not {"target", "limit"} & set(draft.fields) and "target" not in table.roles:
            draft.fields["limit"] = f"{_bound_of(head)} {cell.text}".strip()
            draft.other.append((head, cell.text))
        elif head and re.search(r"\w", cell.text):
            draft.other.append((head, cell.text))


def _holds(role: str, cell: Cell) -> bool:
    return role == "timescale" or bool(re.search(r"\d", cell.text))


def _bound_of(head: str) -> str:
    """What a limit's heading says of it: "Upper limit" -> "at most"."""
    if re.search(r"\b(?:upper|max)", head, re.I):
        return "at most"
    return "at least" if re.search(r"\b(?:lower|min|floor)", head, re.I) else ""


def _goes_on(table: Table, row: Row, last: _Draft) -> bool:
    """Whether a row only continues the one before: no number, and its words go on or stand in the later
    columns."""
    number = table.cell(row, "number")
    if (
        last.number is None
        or "number" not in table.roles
        or (number is not None and _NUMBER.match(number.text))
    ):
        return False
    if _second_header_line(row):
        return False
    text = table.cell(row, "indicator")
    return text is None or bool(re.match(r"[a-z(]|Included\b|[^.]{0,40}\.$", text.text))


def _second_header_line(row: Row) -> bool:
    """The rest of a header that ran over two rows: short words, a bracketed short form among them."""
    texts = [cell.text for cell in row.cells if cell.text]
    return (
        bool(texts)
        and all(len(t.split()) <= 3 for t in texts)
        and any(re.search(r"\([A-Z]{2,}s?\)", t) for t in texts)
    )


def _extend(table: Table, row: Row, last: _Draft) -> None:
    text = table.cell(row, "indicator")
    if text is not None:
        last.text = f"{last.text} {text.text}"
    _take(table, row, last)
    last.end = row.span.end


def _record(draft: _Draft, setting: Setting, maker: Maker) -> Indicator:
    above = setting.above(draft.table.block) if draft.table else Above()
    outcome, section = above.outcome, above.outcome_line
    aim = aim_of(draft.text)
    target = _field(draft, "target") or _field(draft, "limit") or aim.target
    baseline = _field(draft, "baseline") or aim.baseline
    from_number = re.match(r"(\d{1,2})\.\d", draft.number or "")
    lettered = re.match(r"[A-Z]\.", draft.number or "")
    blank = bool(re.search(r"\bXXX+|\bX%|\ba%", draft.text))
    why = "the wording leaves its figures open" if blank else None
    return Indicator(
        **maker.base("indicator", Span(draft.start, draft.end), section, why),
        number=draft.number, text=draft.text,
        outcome=from_number.group(1) if from_number else (None if lettered else outcome),
        baseline=baseline, target=target, direction=aim.direction, by=draft.fields.get("timescale") or aim.by,
        population=population_of(draft.text), source=" ".join(draft.source) or None,
        notes=" ".join(draft.notes) or None,
        other=tuple(draft.other),
    )  # fmt: skip


def _field(draft: _Draft, role: str) -> Value | None:
    found = draft.fields.get(role)
    return value_of(found) if found else None


def population_of(text: str) -> str | None:
    """Whom or where a measure is about, in its own words: "adults in routine and manual occupations
    (18-64)"."""
    found = re.search(
        r"(?:\b(?:proportion|percentage|rate|number|share)|%) of (?:the )?((?:people|adults|children|pupils"
        r"|mothers|patients|carers|women|population|households|employees|staff|deaths)"
        r"(?: (?!will\b|are\b|is\b|have\b|who will\b)[\w()'’-]+){0,14})", text,
    )  # fmt: skip
    if found is None:
        found = re.search(r"\b(?:in|across) ((?:[A-Z]\w+(?: and |, | )?)+)", text)
    return _HANGING.sub("", found.group(1)).strip(" ,") or None if found else None


def prose_indicators(document: Document, setting: Setting, maker: Maker) -> Iterator[Indicator]:
    """Indicators that stand in running text: sentences that begin with a date and set a target, and, under a
    heading that announces indicators or in the wake of such a sentence, those that promise a change without
    one."""
    near = 0
    for at, block in enumerate(document.blocks):
        near -= 1
        if block.kind == "table":
            near = 0
            continue
        body = block.span.of(document.text)
        if _SECTION.match(tidy(plain(body.split("\n", 1)[0]))) and len(body.split()) <= 10:
            near = 3
            continue
        after, short = False, len(body.split()) <= _SHORT
        for span in _sentences(block, document.text):
            text = plain(span.of(document.text))
            if not _is_indicator(text, (near > 0 and short) or after):
                continue
            near, after = 3, True
            above = setting.above(at + 1)
            yield _from_prose(text, span, above.outcome, above.outcome_line, maker)


def _sentences(block: Block, text: str) -> Iterator[Span]:
    """The sentences of a block; "By 20.." at a line's beginning starts a new one even where no full stop
    ended the last."""
    for span in sentences(block.span.of(text), block.span.start):
        body = span.of(text)
        cuts = [m.start() for m in re.finditer(r"(?<=\n)By 20\d\d", body)]
        for start, end in zip([0, *cuts], [*cuts, len(body)], strict=True):
            piece = body[start:end]
            left, right = len(piece) - len(piece.lstrip(" \t\n•▪●-*>")), len(piece.rstrip())
            if right > left:
                yield Span(span.start + start + left, span.start + start + right)


def _is_indicator(text: str, within: bool) -> bool:
    if text.endswith(":") or _VOICE.match(text) or not text[:1].isupper() and not text[:1].isdigit():
        return False
    if not 5 <= len(text.split()) <= 90:
        return False
    dated = _BY.match(text)
    if within:
        return bool(_AIM.search(text)) and bool(_CHANGE.search(text) or dated)
    return bool(dated and re.search(r"\d", text[12:]) and _AIM.search(text) and _CHANGE.search(text))


def _from_prose(text: str, span: Span, outcome: str | None, section: str, maker: Maker) -> Indicator:
    aim = aim_of(text)
    why = "words seem to be missing before its verb" if re.search(r"\bof will\b", fold(text)) else None
    return Indicator(
        **maker.base("indicator", span, section, why), number=None, text=text, outcome=outcome,
        baseline=aim.baseline, target=aim.target, direction=aim.direction, by=aim.by,
        population=population_of(text),
    )  # fmt: skip


def place_by_wording(indicators: Sequence[Indicator]) -> tuple[Indicator, ...]:
    """Give indicators read from prose the outcome of the numbered one they repeat, and those between two such
    neighbours theirs: the page they stand on often names its outcome only further down. ``other`` says which
    number an indicator repeats."""
    numbered: dict[str, Indicator] = {}  # the first that is so worded
    for indicator in indicators:
        if indicator.number:
            numbered.setdefault(fold(indicator.text), indicator)
    words = list(numbered)

    @cache
    def nearest(text: str) -> Indicator | None:
        found = process.extractOne(text, words, scorer=fuzz.token_set_ratio, score_cutoff=_SAME)
        return numbered[found[0]] if found else None

    out: list[Indicator] = []
    for indicator in indicators:
        twin = nearest(fold(indicator.text)) if indicator.number is None else None
        if twin is not None:
            other = (*indicator.other, ("number", twin.number or ""))
            indicator = replace(indicator, outcome=twin.outcome, other=other)
        out.append(indicator)
    by_document: dict[str, list[Indicator]] = {}
    for indicator in out:
        by_document.setdefault(indicator.document, []).append(indicator)
    return tuple(_as_neighbours(at, group) for group in by_document.values() for at in range(len(group)))


def _as_neighbours(at: int, indicators: Sequence[Indicator]) -> Indicator:
    """An indicator of prose with the outcome on which the nearest placed ones before and behind it agree."""
    mine = indicators[at]
    if mine.number is not None or _repeats(mine):
        return mine
    near = [
        next((i.outcome for i in side if _repeats(i)), None)
        for side in (_close(mine, reversed(indicators[:at])), _close(mine, indicators[at + 1 :]))
    ]
    told = {outcome for outcome in near if outcome}
    return replace(mine, outcome=told.pop()) if len(told) == 1 else mine


def _close(mine: Indicator, others: Iterable[Indicator]) -> Iterator[Indicator]:
    """Those of the others that stand near an indicator in its document."""
    return (
        i for i in others if i.document == mine.document and abs(i.span.start - mine.span.start) < _NEAR_BY
    )


def _repeats(indicator: Indicator) -> bool:
    return indicator.number is None and any(name == "number" for name, _ in indicator.other)

"""What changed between two versions of a document, and where documents of one pack contradict each other.

Records of the two sides are matched by canonical name, then by wording; what is left over was added or
dropped.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

from rapidfuzz import fuzz, process

from corpus.model import (
    Commitment,
    Document,
    Indicator,
    Milestone,
    PlanEntry,
    Priority,
    Record,
    Register,
    Value,
)
from corpus.text import fold

ChangeKind = Literal[
    "added",
    "dropped",
    "reworded",
    "lead changed",
    "target moved",
    "milestone moved",
    "filled in",
    "contradiction",
]
R = TypeVar("R", bound=Record)

_ALIKE = 82.0
_WORDS, _OF_SETS = 4, 0.85  # a name of four words or more that only grew is the same, less surely
_INSIDE = 92.0
_MOST = 0.5
_SHORTEST = 9  # letters a name must have to be looked for within another
_SAME_NUMBER = 55.0
_SAME_INDICATOR = 86.0


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: what it is about, the record on each side (None where there is none), and a short
    account."""

    kind: ChangeKind
    subject: str
    old: Record | None
    new: Record | None
    note: str


def diff(old: str, new: str, register: Register) -> tuple[Change, ...]:
    """Every difference between the documents with the ids ``old`` and ``new``, kind by kind in reading order.

    Unknown ids give no changes on their side: everything of the other counts as added or dropped.
    """
    return (
        *_commitments(_of(register.commitments, old), _of(register.commitments, new), register, old, new),
        *_indicators(_of(register.indicators, old), _of(register.indicators, new)),
        *_milestones(_of(register.milestones, old), _of(register.milestones, new)),
        *_priorities(_of(register.priorities, old), _of(register.priorities, new)),
    )


def contradictions(register: Register, documents: Sequence[Document] = ()) -> tuple[Change, ...]:
    """Indicators that papers of one pack, or one paper, state twice with different targets. ``documents``
    tells which papers came in one pack; without them each document is looked at alone."""
    pack = {document.id: document.pack or document.id for document in documents}
    groups: dict[str, list[Indicator]] = {}
    for indicator in register.indicators:
        if indicator.target is not None and indicator.target.number is not None:
            groups.setdefault(pack.get(indicator.document, indicator.document), []).append(indicator)
    return tuple(change for group in groups.values() for change in _clashes(group))


def _of(records: Iterable[R], document: str) -> list[R]:
    return [record for record in records if record.document == document]


def _clashes(group: Sequence[Indicator]) -> Iterator[Change]:
    texts = [_gist(indicator.text) for indicator in group]
    scores = process.cdist(texts, texts, scorer=fuzz.token_sort_ratio)
    for i, first in enumerate(group):
        for j in range(i + 1, len(group)):
            second = group[j]
            told_apart = first.document == second.document and (
                (first.number and second.number) or _are_rows_apart(first, second)
            )
            if (
                not told_apart
                and scores[i][j] >= _SAME_INDICATOR
                and _targets_differ(first.target, second.target)
            ):
                note = f"{_figure(first.target)} in one place, {_figure(second.target)} in another"
                yield Change("contradiction", first.text, first, second, note)


def _are_rows_apart(first: Indicator, second: Indicator) -> bool:
    """Whether two rows of tables name two things, however alike: "within 2 hours", "within 4 hours"."""
    rows = all("\t" in one.quote or "|" in one.quote for one in (first, second))
    return rows and fold(first.text) != fold(second.text)


def _gist(text: str) -> str:
    """An indicator's wording without its figures and dates, to tell what it is about."""
    return re.sub(
        r"\b(?:by|in|from|to|at least|no more than|at most|below|above)?\s*\d[\d/.,-]*\s*%?", " ", fold(text)
    )


def _targets_differ(old: Value | None, new: Value | None) -> bool:
    if old is None or new is None or old.number is None or new.number is None:
        return False
    return old.unit == new.unit and (old.number, old.bound) != (new.number, new.bound)


def _figure(value: Value | None) -> str:
    if value is None or value.number is None:
        return "no figure"
    number = f"{value.number:g}"
    unit = value.unit if value.unit in ("", "%") else f" {value.unit}"
    return f"{value.bound + ' ' if value.bound else ''}{number}{unit}"


def _match(
    olds: Sequence[R], news: Sequence[R], name: Callable[[R], str], floor: float = _ALIKE
) -> tuple[list[tuple[R, R]], list[R], list[R]]:
    """Pairs of records, best likeness first, then the old ones and the new ones that found no partner."""
    left, right = [fold(name(record)) for record in olds], [fold(name(record)) for record in news]
    pairs: list[tuple[float, int, int]] = []
    if left and right:
        sorts = process.cdist(left, right, scorer=fuzz.token_sort_ratio)
        sets = process.cdist(left, right, scorer=fuzz.token_set_ratio)
        for i, a in enumerate(left):
            for j, b in enumerate(right):
                longer = min(len(a.split()), len(b.split())) >= _WORDS
                score = max(float(sorts[i][j]), _OF_SETS * float(sets[i][j]) if longer else 0.0)
                if score >= floor:
                    pairs.append((score, i, j))
    taken_old: set[int] = set()
    taken_new: set[int] = set()
    found = []
    for _, i, j in sorted(pairs, key=lambda p: (-p[0], p[1], p[2])):
        if i not in taken_old and j not in taken_new:
            taken_old.add(i)
            taken_new.add(j)
            found.append((i, j))
    rest_old = [record for i, record in enumerate(olds) if i not in taken_old]
    rest_new = [record for j, record in enumerate(news) if j not in taken_new]
    return [(olds[i], news[j]) for i, j in sorted(found)], rest_old, rest_new


def _commitments(
    olds: list[Commitment], news: list[Commitment], register: Register, old: str, new: str
) -> Iterator[Change]:
    olds, news = _once(olds), _once(news)
    pairs, gone, come = _match(olds, news, lambda c: c.name)
    pairs, gone, come = _match_shared(pairs, gone, come)
    for before, after in pairs:
        if fold(before.name) != fold(after.name) and not _within(before, after):
            yield Change("reworded", after.name, before, after, f'was "{before.name}"')
    for record in gone:
        yield Change("dropped", record.name, record, None, "no longer among the commitments")
    for record in come:
        yield Change("added", record.name, None, record, "not among the earlier commitments")
    entries_old, entries_new = _of(register.entries, old), _of(register.entries, new)
    for before, after in pairs:
        mine = [e for e in entries_old if e.commitment == before.name]
        theirs = [e for e in entries_new if e.commitment == after.name]
        yield from _entries(
            after.name, mine, theirs, shared=_within(before, after) and before.name != after.name
        )
    mine = [e for e in entries_old if e.commitment is None]
    theirs = [e for e in entries_new if e.commitment is None]
    yield from _entries(None, mine, theirs, shared=False)


def _once(commitments: Iterable[Commitment]) -> list[Commitment]:
    """Each commitment once, though it goes on over a page."""
    return list({c.name: c for c in reversed(list(commitments))}.values())[::-1]


def _match_shared(
    pairs: list[tuple[Commitment, Commitment]], gone: list[Commitment], come: list[Commitment]
) -> tuple[list[tuple[Commitment, Commitment]], list[Commitment], list[Commitment]]:
    """Match commitments that one side puts together in one cell: one name stands whole within the other."""
    every_old = [*gone, *(before for before, _ in pairs)]
    every_new = [*come, *(after for _, after in pairs)]
    more = [(g, c) for c in come for g in every_old if _within(g, c)]
    more += [(g, c) for g in gone for c in every_new if _within(g, c) and (g, c) not in more]
    matched_old, matched_new = {id(g) for g, _ in more}, {id(c) for _, c in more}
    return (
        [*pairs, *more],
        [g for g in gone if id(g) not in matched_old],
        [c for c in come if id(c) not in matched_new],
    )


def _within(old: Commitment, new: Commitment) -> bool:
    """Whether one of two different names holds the other whole, and more besides."""
    a, b = fold(old.name), fold(new.name)
    short, long = sorted((a, b), key=len)
    return len(short.split()) >= 3 and short in long and len(long) > len(short) + 15


def _entries(
    commitment: str | None, olds: list[PlanEntry], news: list[PlanEntry], shared: bool
) -> Iterator[Change]:
    """Plans that came and went under one commitment (None: under none), and leads and dates that changed."""
    pairs, gone, come = _match(
        [e for e in olds if e.plan], [e for e in news if e.plan], lambda e: _plan_name(e.plan or "")
    )
    pairs, gone, come = _match_inside(pairs, gone, come)
    gone = [e for e in gone if id(e) not in _run_together(gone, news)]
    come = [e for e in come if id(e) not in _run_together(come, olds)]
    if not shared:
        for entry in gone:
            subject = commitment or entry.plan or ""
            yield Change("dropped", subject, entry, None, f'plan "{entry.plan}" no longer listed')
    for entry in come:
        subject = commitment or entry.plan or ""
        yield Change("added", subject, None, entry, f'plan "{entry.plan}" newly listed')
    yield from _dates(pairs)
    if any(e.leads_of == "commitment" for e in (*olds, *news)):
        yield from _leads_together(commitment or "", olds, news)
        return
    for before, after in pairs:
        if set(before.leads) != set(after.leads):
            note = _lead_note(before.plan, before.leads, after.leads)
            yield Change("lead changed", commitment or after.plan or "", before, after, note)


def _dates(pairs: Iterable[tuple[PlanEntry, PlanEntry]]) -> Iterator[Change]:
    """Plans whose own date moved."""
    for before, after in pairs:
        then, now = before.timescale, after.timescale
        if then and now and fold(then) != fold(now):
            yield Change("milestone moved", after.plan or "", before, after, f"{then} before, {now} now")


def _match_inside(
    pairs: list[tuple[PlanEntry, PlanEntry]], gone: list[PlanEntry], come: list[PlanEntry]
) -> tuple[list[tuple[PlanEntry, PlanEntry]], list[PlanEntry], list[PlanEntry]]:
    """Match plans that one side runs together in one row: a name that stands whole within another."""
    more = []
    for before in gone:
        for after in come:
            a, b = fold(_plan_name(before.plan or "")), fold(_plan_name(after.plan or ""))
            if min(len(a), len(b)) >= _SHORTEST and fuzz.partial_ratio(a, b) >= _INSIDE:
                more.append((before, after))
    old, new = {id(a) for a, _ in more}, {id(b) for _, b in more}
    return [*pairs, *more], [e for e in gone if id(e) not in old], [e for e in come if id(e) not in new]


def _run_together(parts: Sequence[PlanEntry], others: Sequence[PlanEntry]) -> set[int]:
    """Which entries (by ``id``) the other side has too, run together in one row: two names or more that stand in
    it one beside the other and make up most of it."""
    held: set[int] = set()
    for whole in {fold(e.plan or "") for e in others}:
        inside = [e for e in parts if e.plan and fold(e.plan) in whole and fold(e.plan) != whole]
        if len(inside) > 1 and sum(len(e.plan or "") for e in inside) >= _MOST * len(whole):
            held.update(map(id, inside))
    return held


def _plan_name(plan: str) -> str:
    """A plan's name without the body it is said to belong to: "School Improvement Plan - BCC"."""
    return re.sub(r"\s+[-–~]\s+[A-Z].*$", "", plan)


def _leads_together(subject: str, olds: list[PlanEntry], news: list[PlanEntry]) -> Iterator[Change]:
    """Where one side gives leads for the commitment only, compare all leads of the commitment."""
    before = list(dict.fromkeys(lead for e in olds for lead in e.leads))
    after = list(dict.fromkeys(lead for e in news for lead in e.leads))
    if olds and news and set(before) != set(after):
        yield Change("lead changed", subject, olds[0], news[0], _lead_note(None, before, after))


def _lead_note(plan: str | None, before: Sequence[str], after: Sequence[str]) -> str:
    gone = [lead for lead in before if lead not in after]
    come = [lead for lead in after if lead not in before]
    parts = [f"now also {'; '.join(come)}" if come else "", f"no longer {'; '.join(gone)}" if gone else ""]
    return (f"{plan}: " if plan else "") + ", ".join(part for part in parts if part)


def _indicators(olds: list[Indicator], news: list[Indicator]) -> Iterator[Change]:
    """Indicators of tables against those of tables, of prose against prose."""
    for numbered in (True, False):
        mine = [i for i in olds if bool(i.number) == numbered]
        theirs = [i for i in news if bool(i.number) == numbered]
        if mine and theirs:
            yield from _compare_indicators(mine, theirs)


def _compare_indicators(olds: list[Indicator], news: list[Indicator]) -> Iterator[Change]:
    pairs, gone, come = _match(olds, news, lambda i: _wording(i))
    by_number = {i.number: i for i in come if i.number}
    for record in list(gone):
        twin = by_number.get(record.number) if record.number else None
        if (
            twin in come
            and twin is not None
            and fuzz.token_set_ratio(_gist(record.text), _gist(twin.text)) >= _SAME_NUMBER
        ):
            pairs.append((record, twin))
            gone.remove(record)
            come.remove(twin)
    for before, after in pairs:
        if _targets_differ(before.target, after.target):
            note = f"{_figure(before.target)} before, {_figure(after.target)} now"
            yield Change("target moved", after.text, before, after, note)
        elif _wording(before) != _wording(after):
            yield Change("reworded", after.text, before, after, f'was "{before.text}"')
    for record in gone:
        yield Change("dropped", record.text, record, None, "no longer an indicator")
    for record in come:
        yield Change("added", record.text, None, record, "not an indicator before")


def _wording(indicator: Indicator) -> str:
    return fold(indicator.text).strip(" .-•")


def _milestones(olds: list[Milestone], news: list[Milestone]) -> Iterator[Change]:
    pairs, gone, come = _match(olds, news, lambda m: m.what)
    for before, after in pairs:
        if fold(before.when) != fold(after.when) and before.when and after.when:
            yield Change(
                "milestone moved", after.what, before, after, f"{before.when} before, {after.when} now"
            )
        elif re.sub(r"\W", "", fold(before.what)) != re.sub(r"\W", "", fold(after.what)):
            yield Change("reworded", after.what, before, after, f'was "{before.what}"')
    for record in gone:
        yield Change("dropped", record.what, record, None, "no longer a milestone")
    for record in come:
        yield Change("added", record.what, None, record, "not a milestone before")


def _priorities(olds: list[Priority], news: list[Priority]) -> Iterator[Change]:
    """Priorities place by place: blank lists filled in, items that came, went, were reworded or mapped
    anew."""
    places = list(dict.fromkeys([p.place for p in news] + [p.place for p in olds]))
    if not olds or not news:
        return
    for place in places:
        mine = [p for p in olds if p.place == place]
        theirs = [p for p in news if p.place == place]
        if mine and not any(p.text for p in mine) and any(p.text for p in theirs):
            items = "; ".join(p.text for p in theirs)
            yield Change("filled in", place, mine[0], theirs[0], f"was blank, now: {items}")
            continue
        yield from _compare_priorities(place, [p for p in mine if p.text], [p for p in theirs if p.text])


def _compare_priorities(place: str, olds: list[Priority], news: list[Priority]) -> Iterator[Change]:
    pairs, gone, come = _match(olds, news, lambda p: p.text, floor=60.0)
    for before, after in pairs:
        if fold(before.text) != fold(after.text):
            yield Change("reworded", place, before, after, f'"{after.text}", was "{before.text}"')
        elif before.outcomes != after.outcomes:
            now, then = ", ".join(after.outcomes), ", ".join(before.outcomes)
            note = f'"{after.text}" now maps to outcomes {now}, before to {then}'
            yield Change("reworded", place, before, after, note)
    for record in gone:
        yield Change("dropped", place, record, None, f'"{record.text}" no longer a priority')
    for record in come:
        yield Change("added", place, None, record, f'"{record.text}" newly a priority')

"""Answers about one thing in two versions: each value with the rows of the version that it stands in."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from rapidfuzz import fuzz

from assistant.changes.versions import Pair
from assistant.changes.words import (
    Names,
    ended,
    figures,
    first_of,
    label,
    leads_of,
    letters,
    listed,
    plans_of,
    rows_of,
    said_of,
    same_names,
    stands_in,
    told_of,
)
from assistant.draft import Evidence, Line, of_record
from corpus.model import Commitment, Indicator, Milestone, PlanEntry, Priority, Record, Span
from corpus.text import fold
from index.query import RegisterQuery, words

_ALIKE = 85.0  # headings that agree this far, of 100, are the same
_SHORT = 5  # lists up to this long are given whole on both sides


class ChangeLines:
    """Writes what became of one thing. Old and new records are of one kind; either list may be empty."""

    def __init__(self, register: RegisterQuery) -> None:
        self._register = register
        self._names = Names(register)

    def says(self, record: Record) -> Line:
        """What a record's document says."""
        return Line(f"The {self._names.title(record.document)}: {ended(label(record))}", (of_record(record),))

    # one subject

    def milestone(self, olds: Sequence[Record], news: Sequence[Record], pair: Pair) -> tuple[Line, ...]:
        """When, then and now, and what it was called."""
        old, new = first_of(olds, Milestone), first_of(news, Milestone)
        if new is None or old is None:
            return self._one_side(old, new, pair)
        renamed = self._renamed(old, new, pair)
        if renamed and label(old) == label(new):
            return (renamed,)
        lines = [
            Line(
                f"{new.what}: {new.when}, according to the {self._names.title(pair.new)}.", (of_record(new),)
            )
        ]
        called = f" and called it “{old.what}”" if letters(old.what) != letters(new.what) else ""
        same = "also " if fold(old.when) == fold(new.when) else ""
        lines.append(Line(f"{self._names.before(pair)} {same}said {old.when}{called}.", (of_record(old),)))
        return (*lines, renamed) if renamed else tuple(lines)

    def _renamed(self, old: Record, new: Record, pair: Pair) -> Line | None:
        """What became of the heading over a record, where that was renamed."""
        now, then = self._heading(new), self._heading(old)
        if not now or not then or fuzz.token_sort_ratio(words(now[0]), words(then[0])) >= _ALIKE:
            return None
        title, before = self._names.title(pair.new), self._names.old_name(pair)
        text = f"“{label(new)}” stands under “{now[0]}” in the {title}; in {before} under “{then[0]}”."
        return Line(text, (now[1], then[1]))

    def _heading(self, record: Record) -> tuple[str, Evidence] | None:
        """The heading that a record stands under, and where; None where it is not found above the record."""
        name = record.section.rsplit(" > ", 1)[-1]
        at = self._register.documents[record.document].text.rfind(name, 0, record.span.start) if name else -1
        return (
            (name, Evidence(record.document, Span(at, at + len(name)), record.section)) if at >= 0 else None
        )

    def indicator(self, olds: Sequence[Record], news: Sequence[Record], pair: Pair) -> tuple[Line, ...]:
        """The wording, then and now."""
        if not olds and not news:
            return ()
        if not olds or not news:
            return self._one_side(olds[0] if olds else None, news[0] if news else None, pair)
        if len(olds) == len(news) == 1 and letters(label(olds[0])) == letters(label(news[0])):
            text = f"Both versions say: {label(news[0])}."
            return (Line(text, (of_record(news[0]), of_record(olds[0]))),)
        now = [
            Line(
                f"{'The ' + self._names.title(pair.new) + ' says: ' if not i else ''}{ended(label(r))}",
                (of_record(r),),
            )
            for i, r in enumerate(news[:3])
        ]
        then = [
            Line(f"{self._names.before(pair) + ' said: ' if not i else ''}{ended(label(r))}", (of_record(r),))
            for i, r in enumerate(olds[:3])
        ]
        return (*now, *then)

    def _one_side(self, old: Record | None, new: Record | None, pair: Pair) -> tuple[Line, ...]:
        """What only one version has; a blank cannot be quoted, so that side has no evidence."""
        if new is not None:
            return (
                Line(f"{ended(label(new)).rstrip('.')} ({self._names.title(pair.new)}).", (of_record(new),)),
                Line(f"{self._names.before(pair)} does not have it."),
            )
        if old is not None:
            return (
                Line(f"{self._names.before(pair)} had: {ended(label(old))}", (of_record(old),)),
                Line(f"The {self._names.title(pair.new)} does not have it."),
            )
        return ()

    def place(self, place: str, pair: Pair) -> tuple[Line, ...]:
        """A place's priorities, then and now."""
        new = self._register.priorities_of(place, [pair.new])
        old = next((found for one in pair.olds if (found := self._register.priorities_of(place, [one]))), [])
        if not new and not old:
            return ()
        then, now = listed(old), listed(new)
        title, before = self._names.title(pair.new), self._names.before(pair)
        if then == now and now:
            return (
                Line(
                    f"{place}'s priorities are the same in both versions: {now}.",
                    (*rows_of(new), *rows_of(old)),
                ),
            )
        lines = []
        if now:
            lines.append(Line(f"{place}'s priorities in the {title}: {now}.", rows_of(new)))
        else:
            said = "leaves its priorities blank" if new else "does not list it"
            lines.append(Line(f"{place}: the {title} {said}.", rows_of(new) if new else ()))
        if then:
            lines.append(Line(f"{before} listed: {then}.", rows_of(old)))
        else:
            lines.append(
                Line(
                    f"{before} left them blank." if old else f"{before} did not list it.",
                    rows_of(old) if old else (),
                )
            )
        return tuple(lines)

    def commitment(
        self,
        old: Commitment | None,
        new: Commitment | None,
        pair: Pair,
        plan: str | None,
        aspects: Collection[str],
    ) -> tuple[Line, ...]:
        """A commitment's leads ("lead") and plans ("entry"), then and now; of one plan when it is given."""
        if old is None or new is None:
            return self._one_commitment(old, new, pair)
        then, now = self._entries(old, plan), self._entries(new, plan)
        if plan and not (then and now):
            plan, then, now = None, self._entries(old, None), self._entries(new, None)
        name = f"**{plan or new.name}**" + (f" (under {new.name})" if plan else "")
        lines: list[Line] = []
        if words(old.name) != words(new.name):
            lines.append(
                Line(
                    f"{name}: {self._names.old_name(pair)} called it “{old.name}”.",
                    (of_record(new), of_record(old)),
                )
            )
        if "lead" in aspects or plan:
            lines += self._two_lists("leads", name, leads_of(then), leads_of(now), then, now, pair)
            if plan and any(entry.leads_of == "commitment" for entry in then):
                lines.append(Line(f"{self._names.before(pair)} names leads for the whole commitment only."))
        if "entry" in aspects and not plan:
            lines += self._two_lists("plans", name, plans_of(then), plans_of(now), then, now, pair)
        return tuple(lines)

    def plan(self, record: PlanEntry, others: Sequence[Record], pair: Pair) -> tuple[Line, ...]:
        """What each version gives for a plan of its own row: who leads it, its date, its state."""
        other = first_of(others, PlanEntry)
        new, old = (record, other) if record.document == pair.new else (other, record)
        if new is None or old is None:
            return self._one_side(old, new, pair)
        called = f" and called it “{old.plan}”" if letters(old.plan or "") != letters(new.plan or "") else ""
        same = "also " if told_of(old) == told_of(new) else ""
        return (
            Line(f"**{new.plan}**: {told_of(new)} ({self._names.title(pair.new)}).", (of_record(new),)),
            Line(f"{self._names.before(pair)} {same}said {told_of(old)}{called}.", (of_record(old),)),
        )

    def _entries(self, commitment: Commitment, plan: str | None) -> list[PlanEntry]:
        found = [
            e
            for e in self._register.register.entries
            if e.document == commitment.document and e.commitment == commitment.name
        ]
        return found if plan is None else [e for e in found if self._register.is_plan(e, plan)]

    def _one_commitment(self, old: Commitment | None, new: Commitment | None, pair: Pair) -> tuple[Line, ...]:
        lines = self._one_side(old, new, pair)
        held = new or old
        if held is None:
            return lines
        entries = self._entries(held, None)
        if not entries:
            return lines
        told = (
            f"Plans: {'; '.join(plans_of(entries))}. Leads: {'; '.join(leads_of(entries)) or 'none named'}."
        )
        return (*lines, Line(told, rows_of(entries)))

    def _two_lists(
        self,
        what: str,
        name: str,
        then: list[str],
        now: list[str],
        old: Sequence[Record],
        new: Sequence[Record],
        pair: Pair,
    ) -> list[Line]:
        """Two lists whole when they are short; else what came, what went, what stayed."""
        title = self._names.title(pair.new)
        if same_names(then, now):
            text = f"The {what} of {name} are the same in both versions: {'; '.join(now) or 'none named'}."
            return [Line(text, (*rows_of(new), *rows_of(old)))]
        if max(len(then), len(now)) <= _SHORT:
            return [
                Line(f"The {what} of {name} in the {title}: {'; '.join(now) or 'none named'}.", rows_of(new)),
                Line(f"{self._names.before(pair)} named {'; '.join(then) or 'none'}.", rows_of(old)),
            ]
        come = [one for one in now if not stands_in(one, then)]
        gone = [one for one in then if not stands_in(one, now)]
        stay = [one for one in now if stands_in(one, then)]
        lines = [
            Line(
                f"The {what} of {name}, {title} against {self._names.old_name(pair)}: "
                f"new: {'; '.join(come) or 'none'}.",
                rows_of(new),
            )
        ]
        lines.append(Line(f"No longer: {'; '.join(gone) or 'none'}.", rows_of(old)))
        if stay:
            lines.append(Line(f"In both: {'; '.join(stay)}.", (*rows_of(new), *rows_of(old))))
        return lines

    # beside an answer from the current version

    def disclosure(self, record: Record, others: Sequence[Record], pair: Pair) -> Line | None:
        """One sentence when the version before said otherwise."""
        before = self._names.before(pair)
        if isinstance(record, Milestone):
            old = first_of(others, Milestone)
            if old is None or fold(old.when) == fold(record.when):
                return None
            return Line(f"{before} said {old.when}.", (of_record(old),))
        if isinstance(record, Priority):
            return self._place_disclosure(record, others, before)
        if isinstance(record, Indicator):
            old_one = first_of(others, Indicator)
            if old_one is None or figures(old_one) == figures(record):
                return None
            return Line(f"{before} said: {ended(said_of(old_one))}", (of_record(old_one),))
        return self._lead_disclosure(record, others, before)

    def _place_disclosure(self, record: Priority, others: Sequence[Record], before: str) -> Line | None:
        now = self._register.priorities_of(record.place, [record.document])
        if not others or listed(others) == listed(now):
            return None
        text = (
            f"{before} gave another list; ask what changed to see it."
            if listed(others)
            else f"{before} left the list blank."
        )
        return Line(text, rows_of(others))

    def _lead_disclosure(self, record: Record, others: Sequence[Record], before: str) -> Line | None:
        if isinstance(record, PlanEntry) and record.commitment_id:
            held = self._register.by_id.get(record.commitment_id)
        else:
            held = record
        old = others[0] if others else None
        if isinstance(old, PlanEntry):
            old = self._register.by_id.get(old.commitment_id or "")
        if not isinstance(held, Commitment) or not isinstance(old, Commitment):
            return None
        then, now = self._entries(old, None), self._entries(held, None)
        if not leads_of(then) or same_names(leads_of(then), leads_of(now)):
            return None
        return Line(f"{before} named different leads; ask what changed to see them.", rows_of(then))

"""Answers that list or count what changed between two versions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence, Set

from assistant.changes.versions import Pair, replaced
from assistant.changes.words import Names, capital, ended, label, no_of, noun_of, plural, rows_of
from assistant.draft import Line, of_record
from assistant.phrases import count, join, number_word
from corpus.model import Commitment, Indicator, Record
from index.query import RegisterQuery
from ingest.versions import Change

_DOING = {
    "dropped": "{of} of {old} {is_} not in the {new}",
    "added": "{of} {is_} new in the {new}",
    "reworded": "{of} {is_} worded differently in {old} and the {new}",
    "target moved": "the target of {of} moved between {old} and the {new}",
    "milestone moved": "{of} moved between {old} and the {new}",
    "filled in": "{of} {was} blank in {old} and {is_} filled in in the {new}",
    "lead changed": "the leads of {of} changed between {old} and the {new}",
}


class ChangeLists:
    """Writes lists, numbers and summaries of changes."""

    def __init__(self, register: RegisterQuery) -> None:
        self._register = register
        self._names = Names(register)

    def change(self, change: Change, pair: Pair, *, alone: bool) -> Line:
        """One change as an item of a list, or alone as a sentence."""
        evidence = tuple(of_record(r) for r in (change.old, change.new) if r is not None)
        if change.kind in ("lead changed", "target moved", "milestone moved"):
            return Line(f"{change.subject}: {change.note}.", evidence)
        record = change.old if change.kind == "dropped" else change.new
        assert record is not None or change.old is not None
        text = label(record or change.old)
        if change.kind == "reworded" and change.old is not None and change.new is not None:
            verb = "in its place now" if replaced(change) else "now"
            text = f"{label(change.old)} – {verb}: {label(change.new)}"
        if alone and change.kind in ("dropped", "added"):
            where = (
                f"only in {self._names.old_name(pair)}"
                if change.kind == "dropped"
                else f"new in the {self._names.title(pair.new)}"
            )
            text = f"{text.rstrip('.')} ({where})."
        return Line(ended(text), evidence)

    def filled(self, pair: Pair, changes: Sequence[Change]) -> tuple[Line, ...]:
        """Places that were blank and are filled; those that are blank in both."""
        done = [one for one in changes if one.kind == "filled in" and one.old and one.new]
        if not done:
            return ()
        names = join([one.subject for one in done])
        rows = [r for one in done for r in (one.old, one.new) if r]
        text = (
            f"{names} {'was' if len(done) == 1 else 'were'} blank in {self._names.old_name(pair)} and "
            f"{'has its' if len(done) == 1 else 'have their'} priorities in the "
            f"{self._names.title(pair.new)}."
        )
        lines = [Line(text, tuple(of_record(r) for r in rows))]
        blank = [p for p in self._register.register.priorities if p.document == pair.new and not p.text]
        if blank:
            still = join([p.place for p in blank])
            lines.append(
                Line(
                    f"{still} {'is' if len({p.place for p in blank}) == 1 else 'are'} still blank.",
                    tuple(of_record(p) for p in blank),
                )
            )
        return tuple(lines)

    def number(self, pair: Pair, kind: type[Record], noun: str, outcome: str | None) -> Line | None:
        """How many records of a kind each version has, in all or under an outcome."""
        then = next((found for one in pair.olds if (found := self._of_kind(one, kind, outcome))), [])
        now = self._of_kind(pair.new, kind, outcome)
        if not then and not now:
            return None
        word = {"entry": "plan"}.get(noun, noun)
        under = f" under outcome {outcome}" if outcome else ""
        text = (
            f"{self._names.before(pair)} has {count(len(then), word)}{under} and "
            f"the {self._names.title(pair.new)} has {number_word(len(now))}."
        )
        return Line(text, (*(rows_of(then) if then else ()), *(rows_of(now) if now else ())))

    def _of_kind(self, document: str, kind: type[Record], outcome: str | None) -> list[Record]:
        found = [
            r for r in self._register.register.records() if r.document == document and isinstance(r, kind)
        ]
        if kind is Indicator and any(isinstance(r, Indicator) and r.number for r in found):
            found = [r for r in found if isinstance(r, Indicator) and r.number]
        if kind is Commitment:  # one that goes on over a page counts once
            found = list({label(r): r for r in reversed(found)}.values())[::-1]
        return [r for r in found if outcome is None or no_of(getattr(r, "outcome", None)) == outcome]

    def summary(self, pair: Pair, changes: Sequence[Change]) -> list[Line]:
        """Numbers by kind, then what tells most: what moved, what was filled in, what came and went."""
        if not changes:
            return []
        counts = Counter((one.kind, noun_of(one)) for one in changes)
        told = join([_counted(kind, noun, n) for (kind, noun), n in counts.most_common()])
        lines = [Line(f"From {self._names.old_name(pair)} to the {self._names.title(pair.new)}: {told}.")]
        for kinds, most in ((("milestone moved", "target moved"), 3), (("filled in",), 1)):
            found = [one for one in changes if one.kind in kinds][:most]
            lines += (
                self.filled(pair, changes)[:1]
                if kinds == ("filled in",) and found
                else [self.change(one, pair, alone=False) for one in found]
            )
        for kind in ("dropped", "added", "reworded"):
            some = [
                one
                for one in changes
                if one.kind == kind and isinstance(one.new or one.old, Commitment | Indicator)
            ][:2]
            lines += [_prefixed(kind, self.change(one, pair, alone=False)) for one in some]
        return lines


def action_head(changes: Sequence[Change], old: str, new: str, actions: Set[str]) -> str:
    """What a list of changes shows, with its number."""
    kinds = {one.kind for one in changes}
    kind = next(iter(kinds)) if len(kinds) == 1 else ""
    if kinds <= {"dropped", "reworded"} and "dropped" in actions:
        kind = "dropped"
    if kinds <= {"added", "reworded"} and "added" in actions:
        kind = "added"
    noun = noun_of(changes[0])
    of = plural(len(changes), noun)
    several = len(changes) != 1
    form = _DOING.get(kind, "{of} changed between {old} and the {new}")
    return (
        capital(
            form.format(
                of=of, old=old, new=new, is_="are" if several else "is", was="were" if several else "was"
            )
        )
        + ":"
    )


def _counted(kind: str, noun: str, number: int) -> str:
    if kind == "lead changed":
        return f"leads changed in {number_word(number)} {'place' if number == 1 else 'places'}"
    if kind == "target moved":
        return f"{plural(number, 'target')} moved"
    if kind == "milestone moved":
        return f"{plural(number, 'milestone')} moved"
    if kind == "filled in":
        return f"{plural(number, 'place')} filled in"
    return f"{plural(number, noun)} {kind}"


def _prefixed(kind: str, line: Line) -> Line:
    return Line(f"{capital(kind)}: {line.text}", line.evidence)

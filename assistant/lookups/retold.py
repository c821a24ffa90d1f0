"""Rows of the register that an answer quotes, told as look-ups tell them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

from assistant.draft import Draft, Evidence, Line, of_record
from assistant.evidence.narrow import EVERYWHERE, Narrowing
from assistant.lookups.leads import Leads
from assistant.question.understand import Reading
from corpus.groups import grouped
from corpus.model import Commitment, PlanEntry, Record, Span
from index.query import RegisterQuery, words

_SEVERAL = 2  # rows of a commitment that are quoted, for all of them to be told


class Retold:
    """Puts the rows and commitments that sentences quote into words; a row as it is printed says neither what it
    stands under nor who its leads are in full."""

    def __init__(self, register: RegisterQuery, leads: Leads) -> None:
        self._register = register
        self._leads = leads

    def misses(self, draft: Draft, reading: Reading) -> bool:
        """Whether a question asks for a target or baseline and what is quoted first is who leads a plan."""
        if not reading.has("measure") or reading.has("lead", "plan", "who") or not draft.lines:
            return False
        quoted = self._quoted(draft.lines[0])
        return any(isinstance(one, PlanEntry) and _is_plain(one) for one in quoted)

    def draft(self, draft: Draft, reading: Reading, within: Narrowing = EVERYWHERE) -> Draft:
        """An answer with the rows that it quotes told as the register knows them, each once; not those that say more than
        it knows. Where a question asks who leads or which plan, all rows of a plan are told that is quoted, and of a
        commitment that is quoted or of which several rows are, as far as ``within`` allows."""
        quoted = [self._quoted(line) for line in draft.lines]
        if not any(quoted):
            return draft
        asked = reading.has("lead", "plan", "commitment")
        number = Counter(e.commitment_id for rows in quoted for e in rows if isinstance(e, PlanEntry))
        told = {_place(one) for line in draft.lines if not line.verbatim for one in line.evidence}
        lines: list[Line] = []
        for line, records in zip(draft.lines, quoted, strict=True):
            rows = self._allowed(self._rows(records, number, asked=asked), within)
            if not rows:
                lines.append(replace(line, apart=line.verbatim))
            elif fresh := [one for one in rows if _place(one) not in told]:
                told.update(map(_place, fresh))
                first, *rest = self._leads.told(fresh)
                lines.extend((replace(first, apart=True), *rest))
        if len(lines) == len(draft.lines) and all(one.verbatim for one in lines):
            return draft
        kind = "lead" if draft.kind == "narrative" and not lines[0].verbatim else draft.kind
        return replace(draft, lines=tuple(lines), kind=kind, bullets=len(lines) > 1)

    def _quoted(self, line: Line) -> Sequence[PlanEntry | Commitment]:
        """The records whose places a line quotes."""
        if not line.verbatim or len(line.evidence) != 1:
            return ()
        return self._at.get(_place(line.evidence[0]), ())

    def _rows(
        self, records: Sequence[PlanEntry | Commitment], number: Counter[str | None], *, asked: bool
    ) -> list[PlanEntry]:
        """The rows to tell for those records."""
        rows = [one for one in records if isinstance(one, PlanEntry)]
        if not asked or not records:
            return rows
        commitment = rows[0].commitment_id if rows else records[0].id
        if commitment and (not rows or number[commitment] >= _SEVERAL):
            return self._register.entries_of(commitment)
        if len(rows) > 1 or not rows[0].plan:
            return rows
        beside = self._register.find(documents=[rows[0].document])
        return [e for e in beside if words(e.plan or "") == words(rows[0].plan)]

    def _allowed(self, rows: Sequence[PlanEntry], within: Narrowing) -> list[PlanEntry]:
        """The rows that a narrowing allows; none where one of them says more than the register knows."""
        documents = self._register.documents
        allowed = [one for one in rows if within.allows(of_record(one), documents)]
        return allowed if all(map(_is_plain, allowed)) else []

    @cached_property
    def _at(self) -> dict[tuple[str, Span], list[PlanEntry | Commitment]]:
        register = self._register.register
        records: list[PlanEntry | Commitment] = [*register.entries, *register.commitments]
        return grouped((_place(one), one) for one in records)


def _is_plain(entry: PlanEntry) -> bool:
    """Whether a row holds nothing but plans and leads."""
    return not (entry.other or entry.measure or entry.timescale)


def _place(one: Record | Evidence) -> tuple[str, Span]:
    return one.document, one.span

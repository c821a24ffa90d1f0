"""Plans written out in the textual styles that reach us, for the tests of the register."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.model import Document, PlanEntry
from ingest.blocks import parse_blocks


@dataclass(frozen=True, slots=True)
class Group:
    """A commitment with its plans and the bodies that lead them."""

    commitment: str
    plans: tuple[str, ...]
    leads: tuple[str, ...]


def document(text: str, *, id: str = "doc", pack: str | None = None) -> Document:
    """A document made of text alone."""
    return Document(
        id=id, file=f"{id}.txt", title=id, text=text, blocks=parse_blocks(text), first_line=1, pack=pack
    )


def small_tables(groups: Sequence[Group]) -> str:
    """One tab-separated table a commitment, its name in a heading above; leads with commas between them."""
    parts = []
    for group in groups:
        rows = "\n".join(f"{plan}\t{', '.join(group.leads)}" for plan in group.plans)
        parts.append(
            f"## {group.commitment}\n\nStrategies / plans in place to deliver\tLed by / responsible\n{rows}\n"
        )
    return "\n".join(parts)


def wide_table(groups: Sequence[Group]) -> str:
    """One tab-separated table with a row a commitment; plans and leads run together with spaces."""
    rows = [f"{g.commitment}\t{' '.join(g.plans)}\t{' '.join(g.leads)}" for g in groups]
    return (
        "\n".join(["What we have committed to\tStrategies / plans in place to deliver\tLed by", *rows]) + "\n"
    )


def pipe_table(groups: Sequence[Group]) -> str:
    """A Markdown table with a row a plan."""
    rows = [f"| {g.commitment} | {plan} | {'; '.join(g.leads)} |" for g in groups for plan in g.plans]
    return "\n".join(["| Objective | Action | Owner |", "|---|---|---|", *rows]) + "\n"


def columns(groups: Sequence[Group]) -> str:
    """The three columns run together line by line, cells with blank lines between them."""
    cells = [[g.commitment, "\n".join(g.plans), "\n".join(g.leads)] for g in groups]
    body = "\n\n".join(cell for row in cells for cell in row)
    header = "What we have committed to Strategies / plans in place to deliver Led by"
    return f"{header}\n\n{body}\n\n\n\nThe end of the list.\n"


def triples(
    entries: Sequence[PlanEntry], doc: str = "doc"
) -> list[tuple[str | None, str | None, frozenset[str]]]:
    """What the entries of a document say, for comparing."""
    return [(e.commitment, e.plan, frozenset(e.leads)) for e in entries if e.document == doc]


def expected(groups: Sequence[Group]) -> list[tuple[str | None, str | None, frozenset[str]]]:
    """The same from the groups themselves."""
    return [(g.commitment, plan, frozenset(g.leads)) for g in groups for plan in g.plans]

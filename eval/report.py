"""What a run looks like on the terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from eval.judge import Outcome
from eval.metrics import Ratio
from eval.run import Summary, by_kind, summarise

COLUMNS: tuple[tuple[str, str], ...] = (
    ("accuracy", "right"),
    ("fact_recall", "facts"),
    ("false_refusals", "declined"),
    ("wrong", "wrong"),
    ("citation_precision", "cite prec"),
    ("citation_recall", "cite rec"),
    ("verbatim", "verbatim"),
    ("recall@5", "gold@5"),
    ("facts@5", "facts@5"),
    ("mrr", "MRR"),
)
"""Rates in the table by kind: name of the rate, heading."""


def percent(rate: Ratio | None) -> str:
    """A rate as a whole percentage, "-" where it has no denominator."""
    return "-" if rate is None or rate.value is None else f"{rate.value * 100:.0f}%"


def kinds_table(outcomes: Sequence[Outcome]) -> Table:
    """The table by kind with a last row for all."""
    table = Table(title="Ledby by kind", title_justify="left")
    table.add_column("kind")
    for heading in ("n", *(heading for _, heading in COLUMNS), "ms p50"):
        table.add_column(heading, justify="right")
    for kind, summary in by_kind(outcomes).items():
        table.add_row(kind, *_cells(summary))
    table.add_section()
    table.add_row("all", *_cells(summarise(outcomes)), style="bold")
    return table


def _cells(summary: Summary) -> list[str]:
    p50 = summary.figures["ms_p50"]
    cells = [percent(summary.rates.get(name)) for name, _ in COLUMNS]
    return [str(summary.count), *cells, "-" if p50 is None else f"{p50:.0f}"]


def systems_table(systems: Mapping[str, Summary]) -> Table:
    """One row a system, the measures that all of them have."""
    table = Table(title="Side by side", title_justify="left")
    table.add_column("system")
    for heading in ("n", "right", "answerable", "declines", "gold@5", "facts@5", "MRR", "ms p50"):
        table.add_column(heading, justify="right")
    for name, summary in systems.items():
        rates = summary.rates
        keys = ("accuracy", "answerable", "refusal_recall", "recall@5", "facts@5", "mrr")
        p50 = summary.figures["ms_p50"]
        cells = [percent(rates.get(key)) for key in keys]
        table.add_row(name, str(summary.count), *cells, "-" if p50 is None else f"{p50:.0f}")
    return table


def closing_line(outcomes: Sequence[Outcome]) -> str:
    """The whole run in one line."""
    whole = summarise(outcomes)
    low, high = whole.figures["accuracy_low"] or 0.0, whole.figures["accuracy_high"] or 0.0
    rates = whole.rates
    return (
        f"{rates['accuracy'].part:g} of {whole.count} right ({percent(rates['accuracy'])}, "
        f"95% interval {low:.0%} to {high:.0%}); answerable {percent(rates['answerable'])}, "
        f"declined rightly {percent(rates['refusal_recall'])}, errors {rates['errors'].part:g}"
    )


def gold_line(outcome: Outcome) -> str:
    """Where the gold ranked, in a few words."""
    if outcome.found is None or not outcome.question.evidence:
        return "no gold looked for"
    items = []
    for item, rank in zip(outcome.question.evidence, outcome.found.gold, strict=True):
        where = f":{item.lines[0]}-{item.lines[1]}" if item.lines else f" page {item.page or '?'}"
        items.append(f"{item.doc}{where} rank {rank or 'none'}")
    return ", ".join(items)


def print_failures(console: Console, outcomes: Sequence[Outcome]) -> None:
    """Every failure: question, what is wrong, what was said, where the gold ranked."""
    for outcome in outcomes:
        if outcome.correct:
            continue
        q = outcome.question
        head = f"[bold]{escape(q.id)}[/] [cyan]{escape(q.kind)}[/] {escape(q.question)}"
        console.print(head, highlight=False)
        if q.history:
            console.print(f"  after: {escape(' / '.join(q.history))}", highlight=False)
        console.print(f"  [red]{escape(outcome.why)}[/]", highlight=False)
        console.print(f"  said: {escape(' '.join(outcome.text.split())[:600]) or '-'}", highlight=False)
        console.print(f"  gold: {escape(gold_line(outcome))}", highlight=False, style="dim")

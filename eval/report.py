"""What a run looks like: tables on the terminal, a Markdown summary for a CI job, JUnit XML, scores as
JSON."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from eval.judge import Outcome
from eval.metrics import Ratio
from eval.run import Summary, by_kind
from eval.session import LEDBY, Result

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
SYSTEM_COLUMNS: tuple[tuple[str, str], ...] = (
    ("accuracy", "right"),
    ("answerable", "answerable"),
    ("refusal_recall", "declines"),
    ("recall@5", "gold@5"),
    ("facts@5", "facts@5"),
    ("mrr", "MRR"),
    ("ndcg@10", "nDCG@10"),
)
"""Rates that every system has."""
_CONTROL = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Rows = list[list[str]]


def percent(rate: Ratio | None) -> str:
    """A rate as a whole percentage, "-" where it has no denominator."""
    return "-" if rate is None or rate.value is None else f"{rate.value * 100:.0f}%"


def number(value: float | None) -> str:
    """A figure without needless digits, "-" where there is none."""
    return "-" if value is None else f"{value:.0f}" if abs(value) >= 10 else f"{value:.2g}"


def kind_rows(result: Result) -> Rows:
    """The table by kind, heading first and a last row for all."""
    heading = ["kind", "n", *(title for _, title in COLUMNS), "ms p50"]
    kinds = by_kind(result.outcomes) | {"all": result.systems[LEDBY]}
    return [heading, *([kind, *_cells(summary, COLUMNS)] for kind, summary in kinds.items())]


def system_rows(systems: Mapping[str, Summary], first: str = "system") -> Rows:
    """One row a system. Times are shown for what answers, not for what only finds text."""
    heading = [first, "n", *(title for _, title in SYSTEM_COLUMNS), "ms p50"]
    rows = [[name, *_cells(summary, SYSTEM_COLUMNS)] for name, summary in systems.items()]
    if first == "system":
        rows = [row if row[0] == LEDBY else [*row[:-1], ""] for row in rows]
    return [heading, *rows]


def _cells(summary: Summary, columns: Sequence[tuple[str, str]]) -> list[str]:
    rates = [percent(summary.rates.get(name)) for name, _ in columns]
    return [str(summary.count), *rates, number(summary.figures["ms_p50"])]


def handling_rows(result: Result) -> Rows:
    """How citations are treated: made-up markers that get through, and how close a citation leads."""
    heading = ["system", "answers", "made-up marker shown", "sources", "with line or page", "words a source"]
    rows = [
        [name, str(h.answers), str(h.stray), str(h.sources), str(h.located), number(h.source_words)]
        for name, h in result.handling.items()
    ]
    return [heading, *rows]


def tables(result: Result) -> list[tuple[str, Rows]]:
    """Every table of a result with its title."""
    found = [("By kind", kind_rows(result))]
    if len(result.systems) > 1:
        found.append(("Side by side", system_rows(result.systems)))
    if result.handling:
        found.append(
            ("Citations (llama-index with a scripted model that makes one up)", handling_rows(result))
        )
    if result.ablation:
        whole = {"nothing": result.systems[LEDBY], **result.ablation}
        found.append(("Ledby with a part switched off", system_rows(whole, "switched off")))
    return found


def closing_line(result: Result) -> str:
    """The whole run in one line."""
    whole = result.systems[LEDBY]
    low, high = whole.figures["accuracy_low"] or 0.0, whole.figures["accuracy_high"] or 0.0
    rates = whole.rates
    return (
        f"{rates['accuracy'].part:g} of {whole.count} right ({percent(rates['accuracy'])}, "
        f"95% interval {low:.0%} to {high:.0%}); answerable {percent(rates['answerable'])}, "
        f"declined rightly {percent(rates['refusal_recall'])}, errors {rates['errors'].part:g}; "
        f"{result.seconds:.0f} s"
    )


def asked_line(result: Result) -> str:
    """Which questions were asked: how many, of which part, sample, kinds and styles."""
    settings = dict(result.key.settings)
    part = {"held": "the held part, never tuned on", "dev": "those that may be tuned on"}
    chosen = [part.get(settings.get("part", ""), "")]
    chosen += [f"{name} {settings[name]}" for name in ("sample", "kinds", "styles") if settings.get(name)]
    told = "; ".join(filter(None, chosen)) or "all of them"
    return f"{len(result.outcomes)} questions of {settings.get('questions') or 'the bundled sets'}: {told}"


def gate_lines(result: Result) -> list[str]:
    """What the gate says, and what changed since the stored result."""
    lines = [f"under the thresholds: {breach}" for breach in result.breaches] or ["within the thresholds"]
    change = result.change
    if change.since is None:
        return [*lines, "no earlier result with these settings to compare with"]
    other = "" if change.since.key.corpus == result.key.corpus else ", of another corpus"
    since = f"{change.since.key.commit[:10] or 'an earlier run'}{other}"
    lines.append(f"since {since}: {len(change.failing)} newly fail, {len(change.passing)} newly pass")
    for what, ids in (("newly failing", change.failing), ("newly passing", change.passing)):
        if ids:
            lines.append(f"{what}: {', '.join(ids)}")
    return lines


def gold_line(outcome: Outcome) -> str:
    """Where the gold ranked, in a few words; where its file is not in the index, where the facts ranked."""
    if outcome.found is None or not outcome.question.answerable:
        return "no gold"
    if not outcome.found.gold:
        ranks = zip(outcome.question.must, outcome.found.facts, strict=True)
        told = (f"{fact[0]!r} rank {rank or 'none'}" for fact, rank in ranks)
        return f"not in this index; the facts: {', '.join(told)}"
    items = []
    for item, rank in zip(outcome.question.evidence, outcome.found.gold, strict=True):
        where = f":{item.lines[0]}-{item.lines[1]}" if item.lines else f" page {item.page or '?'}"
        items.append(f"{item.doc}{where} rank {rank or 'none'}")
    return ", ".join(items)


def cited_line(outcome: Outcome) -> str:
    """What the answer cited, in a few words."""
    places = [
        f"[{c.n}] {c.file}"
        + (f":{c.lines[0]}-{c.lines[1]}" if c.lines else f" page {c.page}" if c.page else "")
        for c in outcome.cited
    ]
    return ", ".join(places) or "nothing"


def expected_line(outcome: Outcome) -> str:
    """What a right answer would say."""
    if not outcome.question.answerable:
        return "a decline"
    wanted = ", ".join(" or ".join(fact[:3]) for fact in outcome.question.must)
    avoided = f"; not {', '.join(outcome.question.must_not)}" if outcome.question.must_not else ""
    return wanted + avoided


def print_result(console: Console, result: Result, *, failures: bool) -> None:
    """Tables, verdict and, if asked for, every failure."""
    if failures:
        print_failures(console, result.outcomes)
    for title, rows in tables(result):
        console.print(_table(title, rows))
    for line in (asked_line(result), closing_line(result)):
        console.print(line, highlight=False, soft_wrap=True)
    for line in gate_lines(result):
        console.print(line, highlight=False, soft_wrap=True, style="" if result.passed else "red")


def _table(title: str, rows: Rows) -> Table:
    table = Table(title=title, title_justify="left")
    for place, heading in enumerate(rows[0]):
        table.add_column(heading, justify="right" if place else "left", no_wrap=place == 0)
    for row in rows[1:]:
        table.add_row(*(escape(cell) for cell in row), style="bold" if row[0] in {"all", LEDBY} else None)
    return table


def print_failures(console: Console, outcomes: Iterable[Outcome]) -> None:
    """Every failure: question, what is wrong, what was said, where the gold ranked."""
    for outcome in outcomes:
        if outcome.correct:
            continue
        q = outcome.question
        after = f" (after: {' / '.join(q.history)})" if q.history else ""
        lines = [
            f"[bold]{escape(q.id)}[/] [cyan]{escape(q.kind)}[/] {escape(q.question + after)}",
            f"  [red]{escape(outcome.why)}[/]",
            f"  said: {escape(' '.join(outcome.text.split())[:600]) or '-'}",
            f"  [dim]cited: {escape(cited_line(outcome))}; gold: {escape(gold_line(outcome))}[/]",
        ]
        console.print("\n".join(lines), highlight=False, soft_wrap=True)


def markdown(result: Result) -> str:
    """The summary of a CI job: verdict, tables, and the failures folded away."""
    parts = [f"## Ledby: {'passed' if result.passed else 'failed'}", asked_line(result), ""]
    parts += [closing_line(result), ""]
    parts += [f"- {line}" for line in gate_lines(result)]
    for title, rows in tables(result):
        parts += ["", f"### {title}", "", *_markdown_table(rows)]
    failed = [outcome for outcome in result.outcomes if not outcome.correct]
    parts += ["", f"<details><summary>{len(failed)} failures</summary>", ""]
    rows = [["id", "kind", "question", "what is wrong"]]
    rows += [[o.question.id, o.question.kind, o.question.question, o.why] for o in failed]
    return "\n".join([*parts, *_markdown_table(rows), "", "</details>", ""])


def _markdown_table(rows: Rows) -> list[str]:
    def line(cells: Sequence[str]) -> str:
        safe = (" ".join(cell.split()).replace("|", "\\|").replace("<", "&lt;") for cell in cells)
        return f"| {' | '.join(safe)} |"

    return [line(rows[0]), "|" + " --- |" * len(rows[0]), *map(line, rows[1:])]


def junit(result: Result) -> str:
    """JUnit XML: a test case a question in the suite of its kind, and one for the thresholds."""
    root = ET.Element("testsuites", name="ledby eval")
    kinds = sorted({outcome.question.kind for outcome in result.outcomes})
    for kind in kinds:
        _suite(root, kind, [outcome for outcome in result.outcomes if outcome.question.kind == kind])
    gate = ET.SubElement(
        root, "testsuite", name="thresholds", tests="1", failures=str(int(not result.passed))
    )
    case = ET.SubElement(gate, "testcase", classname="thresholds", name="within the thresholds")
    if result.breaches:
        text = "; ".join(map(str, result.breaches))
        ET.SubElement(case, "failure", message=text)
    ET.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _suite(root: ET.Element, kind: str, outcomes: Sequence[Outcome]) -> None:
    errors = sum(outcome.error is not None for outcome in outcomes)
    wrong = sum(not outcome.correct for outcome in outcomes) - errors
    counts = {"tests": str(len(outcomes)), "failures": str(wrong), "errors": str(errors)}
    suite = ET.SubElement(root, "testsuite", {"name": kind, **counts})
    for outcome in outcomes:
        name = _clean(f"{outcome.question.id} {outcome.question.question}")
        seconds = f"{outcome.ms / 1000:.3f}"
        case = ET.SubElement(suite, "testcase", classname=kind, name=name, time=seconds)
        if not outcome.correct:
            tag = "error" if outcome.error is not None else "failure"
            told = ET.SubElement(case, tag, message=_clean(outcome.why))
            told.text = _clean(
                f"expected: {expected_line(outcome)}\nsaid: {outcome.text}\n{gold_line(outcome)}"
            )


def _clean(text: str) -> str:
    """Text without the characters that XML cannot hold."""
    return _CONTROL.sub(" ", text)


def scores(result: Result) -> dict[str, Any]:
    """All scores as plain data: every rate with its numerator and denominator."""

    def one(summary: Summary) -> dict[str, Any]:
        rates = {n: {"value": r.value, "part": r.part, "whole": r.whole} for n, r in summary.rates.items()}
        return {"questions": summary.count, "rates": rates, "figures": summary.figures}

    return {
        "passed": result.passed,
        "commit": result.key.commit,
        "corpus": result.key.corpus,
        "settings": dict(result.key.settings),
        "seconds": round(result.seconds, 1),
        "all": one(result.systems[LEDBY]),
        "kinds": {kind: one(summary) for kind, summary in by_kind(result.outcomes).items()},
        "systems": {name: one(summary) for name, summary in result.systems.items() if name != LEDBY},
        "ablation": {name: one(summary) for name, summary in result.ablation.items()},
        "breaches": [str(breach) for breach in result.breaches],
        "newly_failing": list(result.change.failing),
        "newly_passing": list(result.change.passing),
        "failures": [
            {"id": o.question.id, "question": o.question.question, "why": o.why, "answer": o.text}
            for o in result.outcomes
            if not o.correct
        ],
    }


def write(result: Result, folder: Path) -> list[Path]:
    """Writes summary.md, junit.xml, scores.json and report.html into a folder; the paths."""
    from eval.page import page

    folder.mkdir(parents=True, exist_ok=True)
    texts = {
        "summary.md": markdown(result),
        "junit.xml": junit(result),
        "scores.json": json.dumps(scores(result), indent=1, ensure_ascii=False) + "\n",
        "report.html": page(result),
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in texts]

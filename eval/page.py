"""A report as one HTML file that needs nothing else: tables, plots as inline SVG, and every failure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from eval import report
from eval.judge import Outcome
from eval.metrics import Ratio
from eval.run import Summary, by_kind
from eval.session import LEDBY, Result

_STYLE = """ :root { color-scheme: light dark; --ink: #1d2731; --soft: #5d6b78; --line: #d6dde3; --paper:
#fff; --ledby: #00695c; --other: #90a4ae; --bad: #b3261e; } @media (prefers-color-scheme: dark) { :root {
--ink: #e7edf2; --soft: #9fb0bd; --line: #37434d; --paper: #141a1f; --ledby: #4db6ac; --other: #607d8b;
--bad: #f2948c; } } body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background:
var(--paper); margin: 2rem auto; max-width: 70rem; padding: 0 1rem; } h1 { font-size: 1.5rem; } h2 {
font-size: 1.15rem; margin-top: 2rem; } .scroll { overflow-x: auto; } table { border-collapse: collapse;
font-variant-numeric: tabular-nums; } th, td { padding: .25rem .6rem; border-bottom: 1px solid var(--line);
text-align: right; } th:first-child, td:first-child { text-align: left; } th { color: var(--soft);
font-weight: 600; } .verdict { font-weight: 700; } .failed { color: var(--bad); } details { border-bottom:
1px solid var(--line); padding: .4rem 0; } summary { cursor: pointer; } dt { color: var(--soft); margin-top:
.3rem; } dd { margin: 0 0 .2rem 1rem; white-space: pre-wrap; } svg { max-width: 100%; height: auto; } svg
text { fill: var(--ink); font: 12px system-ui, sans-serif; } svg .soft { fill: var(--soft); } svg .axis {
stroke: var(--line); } svg .ledby { fill: var(--ledby); } svg .other { fill: var(--other); } svg .curve {
fill: none; stroke: var(--ledby); stroke-width: 2; } svg .whisker { stroke: var(--ink); stroke-width: 1.5; }
"""


def _text(x: float, y: float, words: str, anchor: str = "start", look: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" class="{look}">{escape(words)}</text>'


def _bar(x: float, y: float, width: float, height: float, look: str) -> str:
    box = f'x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"'
    return f'<rect {box} class="{look}"></rect>'


def bars(values: Mapping[str, Ratio], *, title: str, strong: Sequence[str] = ()) -> str:
    """A bar for each rate, 0 to 1, with its counts; the ``strong`` ones in the colour of Ledby. Rates that
    have no denominator get no bar and say so."""
    left, width, row = 250, 420, 24
    marks = []
    for place, (name, rate) in enumerate(values.items()):
        y = place * row + 8
        look = "ledby" if name in strong or not strong else "other"
        length = (rate.value or 0.0) * width
        told = "none asked" if rate.value is None else f"{rate.value:.0%} ({rate.part:g}/{rate.whole})"
        marks.append(_text(left - 8, y + 12, name, "end"))
        marks.append(_bar(left, y, length, 16, look))
        marks.append(_text(left + length + 6, y + 12, told, "start", "soft"))
    height = len(values) * row + 16
    return (
        f'<svg viewBox="0 0 {left + width + 130} {height}" width="{left + width + 130}" role="img" '
        f'aria-label="{escape(title)}">{"".join(marks)}</svg>'
    )


def risk_plot(points: Sequence[tuple[float, float]]) -> str:
    """Risk (share wrong) over coverage (share of questions), both 0 to 1, as a stepped line."""
    size, pad = 260, 44

    def at(coverage: float, risk: float) -> tuple[float, float]:
        return pad + coverage * size, pad / 2 + (1 - risk) * size

    steps, before = [], 0.0
    for coverage, risk in points:
        steps += ["{:.1f},{:.1f}".format(*at(before, risk)), "{:.1f},{:.1f}".format(*at(coverage, risk))]
        before = coverage
    left, top = at(0, 1)
    right, bottom = at(1, 0)
    axes = f'<path d="M{left} {top}V{bottom}H{right}" class="axis" fill="none"></path>'
    labels = [_text(left - 6, at(0, r)[1] + 4, f"{r:.0%}", "end", "soft") for r in (0, 0.5, 1)]
    labels += [_text(at(c, 0)[0], bottom + 16, f"{c:.0%}", "middle", "soft") for c in (0, 0.5, 1)]
    labels += [_text((left + right) / 2, bottom + 34, "questions answered, surest first", "middle", "soft")]
    labels += [_text(left + 6, top + 10, "share of them wrong", "start", "soft")]
    line = f'<polyline points="{" ".join(steps)}" class="curve"></polyline>'
    return (
        f'<svg viewBox="0 0 {size + 2 * pad} {size + 2 * pad}" width="{size + 2 * pad}" role="img" '
        f'aria-label="Risk and coverage">{axes}{line}{"".join(labels)}</svg>'
    )


def latency_plot(times: Sequence[float]) -> str:
    """How many questions took how long: twelve bars of equal width up to the 99th percentile and one
    beyond."""
    if not times:
        return ""
    ordered = sorted(times)
    top = max(ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))], 0.001)
    counts = [0] * 12
    for ms in ordered:
        counts[min(11, int(ms / top * 12))] += 1
    width, height = 46, 140
    marks = []
    for place, count in enumerate(counts):
        tall = count / max(counts) * height
        x = 10 + place * width
        marks.append(_bar(x, 20 + height - tall, width - 4, tall, "ledby"))
        marks.append(_text(x + width / 2 - 2, 14 + height - tall, str(count), "middle", "soft"))
        marks.append(_text(x, height + 36, f"{top * place / 12:.0f}", "start", "soft"))
    whole = 20 + 12 * width
    return (
        f'<svg viewBox="0 0 {whole} {height + 44}" width="{whole}" role="img" '
        f'aria-label="Questions by milliseconds taken">{"".join(marks)}</svg>'
    )


def _table(rows: report.Rows) -> str:
    head = "".join(f"<th>{escape(cell)}</th>" for cell in rows[0])
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows[1:])
    return f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def _failure(outcome: Outcome) -> str:
    q = outcome.question
    facts = [
        ("earlier turns", " / ".join(q.history)),
        ("expected", report.expected_line(outcome)),
        ("got", outcome.text or "nothing"),
        ("cited", report.cited_line(outcome)),
        ("gold", report.gold_line(outcome)),
    ]
    told = "".join(f"<dt>{name}</dt><dd>{escape(words)}</dd>" for name, words in facts if words)
    return (
        f'<details id="{escape(q.id)}"><summary><b>{escape(q.id)}</b> {escape(q.question)} '
        f'<span class="failed">{escape(outcome.why)}</span></summary><dl>{told}</dl></details>'
    )


def _failures(outcomes: Sequence[Outcome]) -> str:
    parts = []
    for kind in sorted({outcome.question.kind for outcome in outcomes}):
        found = [outcome for outcome in outcomes if outcome.question.kind == kind]
        parts.append(f"<h3>{escape(kind)} ({len(found)})</h3>" + "".join(map(_failure, found)))
    return "".join(parts) or "<p>None.</p>"


def _accuracy(summaries: Mapping[str, Summary]) -> dict[str, Ratio]:
    return {name: summary.rates["accuracy"] for name, summary in summaries.items()}


def page(result: Result) -> str:
    """The whole report as one HTML document."""
    verdict = "passed" if result.passed else "failed"
    failed = [outcome for outcome in result.outcomes if not outcome.correct]
    parts = [f'<h1>Ledby: evaluation <span class="verdict {verdict}">{verdict}</span></h1>']
    parts += [f"<p>{escape(line)}</p>" for line in (report.asked_line(result), report.closing_line(result))]
    parts.append("<ul>" + "".join(f"<li>{escape(line)}</li>" for line in report.gate_lines(result)) + "</ul>")
    parts.append(
        "<h2>Right, by kind</h2>" + bars(_accuracy(by_kind(result.outcomes)), title="Right, by kind")
    )
    if len(result.systems) > 1:
        plot = bars(_accuracy(result.systems), title="Right, by system", strong=[LEDBY])
        parts.append(f"<h2>Right, by system</h2>{plot}")
    parts.append(f"<h2>Risk and coverage</h2>{risk_plot(result.systems[LEDBY].curve)}")
    parts.append(f"<h2>Milliseconds a question</h2>{latency_plot([o.ms for o in result.outcomes])}")
    parts += [f"<h2>{escape(title)}</h2>{_table(rows)}" for title, rows in report.tables(result)]
    parts.append(f"<h2>Failures ({len(failed)})</h2>{_failures(failed)}")
    key = result.key
    parts.append(f"<p>Commit {escape(key.commit or 'none')}, corpus {escape(key.corpus[:12])}.</p>")
    body = "\n".join(parts)
    return (
        '<!doctype html><html lang="en-GB"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Ledby evaluation: {verdict}</title><style>{_STYLE}</style></head>"
        f"<body>{body}</body></html>\n"
    )

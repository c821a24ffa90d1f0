"""The benchmark's figures as ratios, a plot and a table in the documentation. Times are in ms unless told."""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from corpus.errors import UsageError

BEGIN, END = "<!-- figures: written by make bench -->", "<!-- end of figures -->"
FLAT = 0.05
GOALS = {"cold_s": 3.0, "warm_ratio": 1.5, "ingest_ratio": 2.0, "growth": 3.0}
_SETTLED = 0.1  # the share of a soak after which caches are full
_WIDTH, _HEIGHT, _PAD = 520, 300, 56
_LOOKS = {"Ledby": "#00695c", "stock": "#90a4ae"}

Figures = Mapping[str, Any]
Rows = list[list[str]]


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least ``share`` of all are not above. Raises ValueError when there are none."""
    if not values:
        raise ValueError("no values")
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def spread(times: Sequence[float]) -> dict[str, float]:
    """Median, 95th and 99th percentile."""
    return {
        "p50": statistics.median(times),
        "p95": percentile(times, 0.95),
        "p99": percentile(times, 0.99),
    }


def ratio(ours: float, theirs: float) -> float:
    """How many times the other's cost; infinite where that is nothing."""
    return ours / theirs if theirs else math.inf


def creep(memory: Sequence[float]) -> float:
    """How much of itself memory grew by after the first tenth of a soak, at its highest: 0.05 is 5%."""
    settled = memory[math.ceil(_SETTLED * len(memory)) :]
    return max(settled) / settled[0] - 1


def is_flat(memory: Sequence[float]) -> bool:
    """Whether memory stays within 5% of where it settled."""
    return creep(memory) <= FLAT


def growth(by_size: Mapping[int, float], from_: int, to: int) -> float | None:
    """How many times the cost at one size is that at another; None where one was not measured."""
    return ratio(by_size[to], by_size[from_]) if {from_, to} <= by_size.keys() else None


def markdown(figures: Figures) -> str:
    """The tables of the documentation."""
    parts = [
        f"Measured on {figures['machine']}, at {figures['when']}, with `{figures['command']}`.",
        "Ratios are Ledby's cost over that of stock llama-index with Chroma (SentenceSplitter of 1,024 tokens, "
        "MiniLM, top 5) in the same run, each in a fresh process; smaller is better.",
        _table(_ingest_rows(figures)),
        _table(_size_rows(figures)),
        "Vectors of copies (all but the bundled documents) are those of the passages they were made from plus "
        "noise, not computed from the text: ingest times at these sizes hold everything but the model.",
        *_soak_lines(figures),
        "![Growth of cost](performance.svg)",
        _verdicts(figures),
    ]
    return "\n\n".join(part for part in parts if part)


def _table(rows: Rows) -> str:
    head, *body = rows
    return "\n".join("| " + " | ".join(row) + " |" for row in [head, ["---"] * len(head), *body])


def _ingest_rows(figures: Figures) -> Rows:
    rows = [
        [
            "ingest of the bundled documents",
            "seconds",
            "pages/s",
            "passages/s",
            "peak memory",
            "of stock's time",
        ]
    ]
    for kind, pair in figures["ingest"].items():
        for name, one in pair.items():
            against = ratio(one["seconds"], pair["stock"]["seconds"])
            rows.append(
                [
                    f"{kind}, {name}",
                    f"{one['seconds']:.1f}",
                    *_rates(one),
                    _mb(one["peak_mb"]),
                    f"{against:.2f}",
                ]
            )
    return rows


def _rates(one: Figures) -> list[str]:
    return [f"{one[unit] / one['seconds']:.1f}" for unit in ("pages", "passages")]


def _mb(value: float) -> str:
    return f"{value:,.0f} MB"


def _size_rows(figures: Figures) -> Rows:
    rows = [
        ["passages", "", "cold ask", "cold find", "warm ask p50", "p95", "p99", "memory", "on disk", "ingest"]
    ]
    for size in figures["sizes"]:
        ours, theirs = size["Ledby"], size["stock"]
        for name, one in (("Ledby", ours), ("stock", theirs)):
            rows.append([f"{one['passages']:,}", name, *_cells(one)])
        rows.append(["", "ratio", *_ratios(ours, theirs)])
    return rows


def _cells(one: Figures) -> list[str]:
    warm = [f"{one['warm'][share]:.1f} ms" for share in ("p50", "p95", "p99")]
    cold = [f"{one[key]:.1f} s" if key in one else "" for key in ("cold_ask_s", "cold_find_s")]
    return [*cold, *warm, _mb(one["rss_mb"]), _mb(one["disk_mb"]), f"{one['ingest_s']:.0f} s"]


def _ratios(ours: Figures, theirs: Figures) -> list[str]:
    told = [f"{ratio(ours['cold_ask_s'], theirs['cold_ask_s']):.2f}"]
    told.append(f"{ratio(ours['cold_find_s'], theirs['cold_ask_s']):.2f}")
    told += [f"{ratio(ours['warm'][share], theirs['warm'][share]):.2f}" for share in ("p50", "p95", "p99")]
    return told + [f"{ratio(ours[key], theirs[key]):.2f}" for key in ("rss_mb", "disk_mb", "ingest_s")]


def _soak_lines(figures: Figures) -> list[str]:
    if not figures.get("soak"):
        return []
    soak = figures["soak"]
    said = "flat" if is_flat(soak["memory_mb"]) else "NOT flat"
    return [
        f"Soak: {soak['questions']:,} questions to one process; memory is {said}: it grew by "
        f"{creep(soak['memory_mb']):.1%} after the first tenth (limit {FLAT:.0%})."
    ]


def checks(figures: Figures) -> list[tuple[str, float | None, float]]:
    """The goals: what, the worst value measured (None where it was not), and the most that is allowed."""
    sizes = figures["sizes"]
    warm = {size["size"]: size["Ledby"]["warm"]["p50"] for size in sizes}
    worst = [ratio(one["Ledby"]["warm"]["p50"], one["stock"]["warm"]["p50"]) for one in sizes]
    ingest = [ratio(p["Ledby"]["seconds"], p["stock"]["seconds"]) for p in figures["ingest"].values()]
    cold = {key: max(one["Ledby"][key] for one in sizes) for key in ("cold_ask_s", "cold_find_s")}
    soak = figures.get("soak")
    return [
        ("cold `ledby ask`, seconds", cold["cold_ask_s"], GOALS["cold_s"]),
        ("cold `ledby find`, seconds", cold["cold_find_s"], GOALS["cold_s"]),
        ("warm answer over stock retrieval alone, times", max(worst), GOALS["warm_ratio"]),
        ("ingest over stock, times", max(ingest, default=None), GOALS["ingest_ratio"]),
        (
            "warm answer at 1,000,000 over 10,000 passages, times",
            growth(warm, 10_000, 1_000_000),
            GOALS["growth"],
        ),
        ("memory growth in a soak", creep(soak["memory_mb"]) if soak else None, FLAT),
    ]


def _verdicts(figures: Figures) -> str:
    rows = [["goal", "at most", "measured (worst size)", ""]]
    for what, value, most in checks(figures):
        met = "not measured" if value is None else "met" if value <= most else "**not met**"
        rows.append([what, f"{most:g}", "-" if value is None else f"{value:.2f}", met])
    return _table(rows)


def plot(figures: Figures) -> str:
    """How the median and 95th percentile of a warm question grow with passages, both axes logarithmic."""
    lines = {
        f"{name}, {share}": (
            name,
            share,
            [(s[name]["passages"], s[name]["warm"][share]) for s in figures["sizes"]],
        )
        for name in _LOOKS
        for share in ("p50", "p95")
    }
    every = [point for *_, points in lines.values() for point in points]
    xs, ys = _scale([x for x, _ in every]), _scale([y for _, y in every])
    marks = [_axis(xs, ys)]
    for place, (label, (name, share, points)) in enumerate(lines.items()):
        marks.append(_line([_at(xs, ys, *point) for point in points], _LOOKS[name], share == "p95"))
        x, y = _PAD + 12, 20 + 16 * place
        marks += [_line([(x, y - 4), (x + 24, y - 4)], _LOOKS[name], share == "p95"), _text(x + 30, y, label)]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH + 90} {_HEIGHT + 90}" font-size="12" '
        f'font-family="system-ui, sans-serif"><title>Milliseconds of a warm question by passages</title>'
        f'<rect width="100%" height="100%" fill="#fff"/>{"".join(marks)}</svg>\n'
    )


def _scale(values: Sequence[float]) -> tuple[int, int]:
    """The powers of ten around values."""
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    return low, max(high, low + 1)


def _at(xs: tuple[int, int], ys: tuple[int, int], x: float, y: float) -> tuple[float, float]:
    across = (math.log10(x) - xs[0]) / (xs[1] - xs[0])
    up = (math.log10(y) - ys[0]) / (ys[1] - ys[0])
    return _PAD + across * _WIDTH, 20 + (1 - up) * _HEIGHT


def _axis(xs: tuple[int, int], ys: tuple[int, int]) -> str:
    bottom, marks = 20 + _HEIGHT, []
    for power in range(xs[0], xs[1] + 1):
        marks.append(_text(_at(xs, ys, 10**power, 10.0 ** ys[0])[0], bottom + 18, f"{10**power:,}", "middle"))
    for power in range(ys[0], ys[1] + 1):
        marks.append(
            _text(_PAD - 6, _at(xs, ys, 10.0 ** xs[0], 10.0**power)[1] + 4, f"{10.0**power:g}", "end")
        )
    marks.append(_text(_PAD + _WIDTH / 2, bottom + 40, "passages", "middle"))
    marks.append(_text(_PAD, 12, "ms a question", "middle"))
    return f'<path d="M{_PAD} 20V{bottom}H{_PAD + _WIDTH}" fill="none" stroke="#b0bec5"/>{"".join(marks)}'


def _line(points: Sequence[tuple[float, float]], colour: str, dashed: bool) -> str:
    told = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    dash = ' stroke-dasharray="5 4"' if dashed else ""
    return f'<polyline points="{told}" fill="none" stroke="{colour}" stroke-width="2"{dash}/>'


def _text(x: float, y: float, words: str, anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="#37474f">{escape(words)}</text>'


def write_into(path: Path, figures: Figures) -> None:
    """Put the tables between the marks in a document, and the plot beside it. Raises UsageError without marks."""
    said = path.read_text(encoding="utf-8")
    if BEGIN not in said or END not in said:
        raise UsageError(f"{path} has no marks for figures; it needs the lines {BEGIN} and {END}")
    before, after = said.split(BEGIN)[0], said.split(END)[1]
    path.write_text(f"{before}{BEGIN}\n{markdown(figures)}\n{END}{after}", encoding="utf-8")
    (path.parent / "performance.svg").write_text(plot(figures), encoding="utf-8")

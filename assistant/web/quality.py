"""The view of how good it is: the latest evaluation as plots and tables, with the failures to read."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import gradio as gr

from assistant.web.desk import Desk
from assistant.web.leads import bars
from assistant.web.parts import markup
from assistant.web.text import esc

_RATES = (
    ("accuracy", "Right answers"),
    ("answerable", "Right answers where there is one"),
    ("refusal_recall", "Declined where there is no answer"),
    ("false_refusals", "Declined though there is an answer"),
    ("citation_precision", "Citations that support the answer"),
    ("citation_recall", "Facts with a citation"),
    ("verbatim", "Quotes that are verbatim"),
)
_SHOWN = 100
_NONE = (
    "<p>No evaluation has been run for this index yet. Run <code>ledby eval</code>; this page then shows "
    "accuracy by "
    "kind of question, citations, refusals and times, beside stock llama-index.</p>"
)


def results_file(desk: Desk) -> Path:
    """Where ``ledby eval`` leaves its scores: in ``LEDBY_RESULTS``, else in ``eval`` beside the index."""
    return (desk.options.results or desk.directory.parent / "eval") / "scores.json"


def report(path: Path) -> str:
    """The latest evaluation as HTML."""
    try:
        scores = json.loads(path.read_text(encoding="utf-8"))
        when = datetime.fromtimestamp(path.stat().st_mtime)
        return _report(scores, f"{when.day} {when:%B %Y}")
    except FileNotFoundError:
        return _NONE
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return (
            "<p>The results of the latest evaluation cannot be read. Run <code>ledby eval</code> again.</p>"
        )


def _report(scores: Mapping[str, Any], when: str) -> str:
    every = scores["all"]
    kinds = {
        name.replace("_", " ").capitalize(): one["rates"].get("accuracy")
        for name, one in scores["kinds"].items()
    }
    systems = {**scores["systems"], "Ledby": every}
    verdict = (
        "All thresholds are met."
        if scores["passed"]
        else "Under the thresholds: " + "; ".join(scores["breaches"])
    )
    return "".join(
        [
            f'<p class="count"><strong>{every["questions"]:,} questions</strong>, {esc(when)}. '
            f"{esc(verdict)}</p>",
            _rates({label: every["rates"].get(name) for name, label in _RATES}, "In short"),
            _rates(kinds, "Right answers by kind of question"),
            _beside(systems) if len(systems) > 1 else "",
            _times(every["figures"]),
            _failures(scores["failures"]),
        ]
    )


def _beside(systems: Mapping[str, Any]) -> str:
    """Ledby and the other systems in the same plots."""
    rated = [
        ("accuracy", "Right answers, side by side"),
        ("refusal_recall", "Declined where there is no answer"),
    ]
    plots = [
        _rates({system: one["rates"].get(name) for system, one in systems.items()}, title)
        for name, title in rated
    ]
    words = {
        system: round(one["figures"]["words_p50"])
        for system, one in systems.items()
        if one["figures"].get("words_p50") is not None
    }
    hint = (
        '<p class="hint">Other systems count as right when the facts stand anywhere in what they retrieve, '
        "which flatters them: see how much there is to read.</p>"
    )
    return "".join(
        [*plots, bars(words, "Words to read for an answer (half take at most)") if words else "", hint]
    )


def _rates(rates: Mapping[str, Mapping[str, Any] | None], title: str) -> str:
    """Rates as bars, each with the counts behind it."""
    rows = ""
    for name, rate in rates.items():
        if rate is None or rate.get("value") is None:
            continue
        share = 100 * float(rate["value"])
        rows += (
            f'<tr><th scope="row">{esc(name)}</th><td class="number">{share:.0f}%</td>'
            f'<td class="number quiet">{float(rate["part"]):g} of {float(rate["whole"]):g}</td>'
            f'<td class="bar-cell" aria-hidden="true"><span class="bar" '
            f'style="width:{min(100.0, share):.1f}%"></span></td></tr>'
        )
    head = (
        '<thead class="hidden-text"><tr><th scope="col">Name</th><th scope="col">Share</th><th '
        'scope="col">Count</th></tr></thead>'
    )
    return (
        f'<table class="bars"><caption>{esc(title)}</caption>{head}<tbody>{rows}</tbody></table>'
        if rows
        else ""
    )


def _times(figures: Mapping[str, Any]) -> str:
    names = {
        "ms_p50": "Half of the answers take at most",
        "ms_p95": "Nineteen in twenty take at most",
        "ms_p99": "Ninety-nine in a hundred take at most",
    }
    items = [
        f"<dt>{label}</dt><dd>{float(figures[key]):,.0f} ms</dd>"
        for key, label in names.items()
        if figures.get(key) is not None
    ]
    return f'<h2>Time to an answer</h2><dl class="facts">{"".join(items)}</dl>' if items else ""


def _failures(failures: Sequence[Mapping[str, Any]]) -> str:
    if not failures:
        return "<h2>Failures</h2><p>None.</p>"
    items = "".join(
        f'<details class="failure"><summary>{esc(one["question"])}</summary><p><strong>Why it counts as '
        f"wrong:</strong> {esc(one['why'])}</p>"
        f"<p><strong>Answer given:</strong> {esc(one['answer'])}</p></details>"
        for one in failures[:_SHOWN]
    )
    more = f'<p class="hint">The first {_SHOWN} of {len(failures):,}.</p>' if len(failures) > _SHOWN else ""
    return f"<h2>Failures ({len(failures):,})</h2>{items}{more}"


def build(page: gr.Blocks, desk: Desk) -> None:
    """Lay the view out on the page being built."""
    markup(
        '<h1>How good is it</h1><p class="lead">The latest evaluation: questions with known answers, put to '
        "Ledby and judged.</p>"
    )
    shown = markup(elem_id="quality")
    page.load(
        lambda: report(results_file(desk)), None, shown, api_visibility="private", show_progress="hidden"
    )

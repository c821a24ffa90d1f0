"""What the headings of columns announce: the usual ways of saying "who leads", "which plan", "by when" and so
on.

Nothing here knows a particular plan. A heading has a role when what it says is made up of the phrases of that
role and of small words only: "Strategies / plans in place to deliver" announces plans.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Literal

from corpus.text import fold

Role = Literal[
    "commitment", "plan", "lead", "status", "timescale", "measure", "indicator", "number", "target",
    "baseline", "actual", "source", "notes", "short", "full", "place", "priorities", "risk", "mitigation",
    "priority", "milestone", "start", "trend", "limit",
]  # fmt: skip

_SMALL = frozenset(
    re.findall(
        r"\S+",
        "the a an of in to for and or by with we our this that have has had may will is are be been it its "
        "on at as which what who how when place deliver delivery delivering main key current existing brief "
        "s if any all other organisation organisations officer officers partner partners agency agencies "
        "lead name names senior overall named taken already being proposed description details detail title agreed specific identified required",
    )
)
# Who a row belongs to, rather than who leads it, wherever another column names a lead.
_LOOSE_LEADS = (
    "directorate; department; division; portfolio holder; portfolio; cabinet member; cabinet members; director; "
    "directors; corporate director; corporate directors"
)
# Role -> the phrases that carry it, parted by semicolons; roles are tried in this order.
_PHRASES: dict[Role, str] = {
    "number": (
        "no; ref; reference; id; number; item; ref no; item no; kpi no; indicator no; risk id; risk no; "
        "indicator ref; kpi ref; risk ref; action ref; action no; minute ref; #"
    ),
    "lead": (
        "led by; lead; leads; owner; owners; responsible; responsibility; accountable; sro; senior "
        "responsible owner; lead organisation; lead officer; lead partner; lead agency; accountable "
        "person; responsible person; accountability; action owner; risk owner; who; delivery lead; "
        "accountable officer; responsible officer; lead body; by whom; person responsible; named lead; "
        "leading body; assigned; allocated; action by; sponsor; executive sponsor; project sponsor; "
        "service lead; project lead; programme lead; executive lead; lead director; lead member; lead "
        "team; lead service; responsible service; responsible team; responsible body; responsible department; "
        "responsible directorate; responsible manager; responsible director; lead manager; project manager; programme manager; resp; lead department; head of service; "
        f"accountable body; ownership; {_LOOSE_LEADS}"
    ),
    "risk": "risk; risks; risk title; risk event; risk description; risk and issue",
    "mitigation": (
        "mitigation; mitigations; mitigating action; mitigating actions; control; controls; mitigating "
        "controls; key controls; controls in place; risk response"
    ),
    "commitment": (
        "commitment; commitments; committed; committed to; objective; objectives; aim; aims; goal; goals; "
        "ambition; ambitions; pledge; pledges; promise; recommendation; recommendations; want to achieve; "
        "strategic objective; strategic aim; strategic goal; issue; issues; issue raised; finding; findings; "
        "improvement; area for improvement; areas for improvement"
    ),
    "plan": (
        "strategy; strategies; plan; plans; action; actions; activity; activities; ways; programme; "
        "programmes; project; projects; initiative; initiatives; task; tasks; do; intervention; "
        "interventions; strategies plans; work area; workstream; workstreams; next steps; response; "
        "management response; management action; deliverable; deliverables; output; outputs; action point; "
        "action points; action required; planned; further; proposed; improvement action; improvement "
        "actions; we will; doing"
    ),
    "milestone": "milestone; milestones; key milestone; key milestones; key date",
    "timescale": (
        "when; by when; deadline; deadlines; timescale; timescales; target date; due; due date; "
        "completion date; milestone date; date; timeframe; timeline; end date; complete by; by; end; finish; finish date; "
        "planned completion date; completed by; target completion; target completion date; quarter; "
        "implementation date; implementation; completion; target end date; delivery date"
    ),
    "start": "start; start date; begin; begins; from; planned start",
    "status": (
        "status; rag; brag; rag status; brag status; rag rating; rating; progress; update; progress update; "
        "complete; completed; completion status"
    ),
    "measure": (
        "expected outcome; expected outcomes; intended outcome; intended outcomes; desired outcome; desired outcomes; "
        "expected benefit; expected benefits; expected impact; measure of success; success measure; success measures; measures of success; outcome measure; "
        "outcome measures; success criteria; success; evidence of success; know; know it has worked; "
        "know it worked; know it is working; success looks like; look like; success look like"
    ),
    "indicator": (
        "indicator; indicators; kpi; kpis; measure; measures; performance indicator; performance "
        "indicators; performance measure; key performance indicators; ovi; ovis; objectively verifiable "
        "indicator; objectively verifiable indicators; metric; metrics; objectively verifiable; key "
        "performance indicator; kpi description"
    ),
    "target": "target; targets; target value; ambition level; standard; goal value",
    "limit": (
        "floor; floor standard; minimum; maximum; upper limit; lower limit; limit; threshold; tolerance; floor "
        "target; minimum standard"
    ),
    "baseline": "baseline; baselines; starting point; base; baseline value",
    "actual": (
        "previous; previous year; previous result; current; actual; actuals; latest; latest result; "
        "result; results; performance; outturn; ytd; latest month; year to date; month actual; previous month; "
        "previous quarter; latest quarter; last year; last quarter; year end"
    ),
    "source": "source; sources; data source; data sources; means of verification; mov; evidence",
    "notes": "note; notes; comment; comments; commentary; remarks",
    "trend": "dot; direction of travel; trend; polarity; good performance; good; good to be",
    "short": "acronym; acronyms; abbreviation; abbreviations; abbreviated; short form; initials",
    "full": (
        "meaning; definition; definitions; full name; stands for; full title; term; full form; explanation"
    ),
    "place": (
        "district; districts; borough; place; places; area; areas; locality; ward; region; partnership; "
        "neighbourhood; district borough; town; parish"
    ),
    "priorities": "priorities; local priorities; agreed priorities; top priorities",
    "priority": "priority; theme; outcome; priority area; strategic priority",
}
_WORD = re.compile(r"[a-z0-9#%]+")
_MAX_WORDS = 12
# When figures hold, which says nothing of what a column is about: "Target 2025/26", "Actual at 30/09/2024".
_PERIOD = re.compile(
    r"\b(?:\d{1,2}[/.]\d{1,2}[/.]\d{2,4}|(?:20)?\d\d\s*[/–-]\s*(?:20)?\d\d|20\d\d|(?:q|qtr|quarter) ?[1-4])\b"
)
_QUARTER = re.compile(r"^(?:q|qtr|quarter) ?[1-4]$")
_SUBJECTS = {"indicator", "measure", "plan", "commitment", "risk", "milestone", "place", "lead", "short"}
_AIMED = {"target", "limit", "trend"}
_AIMED_OR_SEEN = _AIMED | {"actual", "status", "baseline"}
_SAID_SHORT = (("'ll ", " will "), ("'re ", " are "), ("who's ", "who is "), ("it's ", "it is "))


def _cut(phrases: str) -> tuple[set[tuple[str, ...]], int]:
    """Phrases as tuples of words, and the length of the longest."""
    wanted = {tuple(phrase.split()) for phrase in phrases.split(";")}
    return wanted, max(map(len, wanted))


_WANTED = {role: _cut(phrases) for role, phrases in _PHRASES.items()}
_LOOSE = _cut(_LOOSE_LEADS)


@cache
def role_of(text: str) -> Role | None:
    """What a heading announces, or None: "Led by / responsible" -> "lead", "By when" -> "timescale"."""
    folded = fold(text)
    for short, whole in _SAID_SHORT:
        folded = folded.replace(short, whole)
    folded = re.sub(r"\(s\)|\([^)]*\)", "", folded).strip() or folded
    bare = _PERIOD.sub(" ", folded.replace("'", "")).strip()
    words = _WORD.findall(bare)
    if not words or len(words) > _MAX_WORDS:
        return (
            "actual" if _QUARTER.match(re.sub(r"\s*(?:20)?\d\d\s*[/–-]\s*(?:20)?\d\d$", "", folded)) else None
        )
    return next((role for role in _PHRASES if _says(words, _WANTED[role])), None)


def settle_roles(roles: Sequence[Role | None], heads: Sequence[str]) -> tuple[Role | None, ...]:
    """Columns as they are meant beside each other: who a row belongs to gives way to who leads it; of two
    columns of plans the first says what they are for; what a target is for is an indicator."""
    out = list(roles)
    leads = [n for n, role in enumerate(out) if role == "lead"]
    loose = [n for n in leads if _says(_WORD.findall(fold(heads[n])), _LOOSE)]
    if loose and len(loose) < len(leads):
        for n in loose:
            out[n] = None
    plans = [n for n, role in enumerate(out) if role == "plan"]
    above = {"commitment", "risk"}
    if plans and not above & set(out) and "priority" in out[: plans[0]]:
        out[out.index("priority")] = "commitment"
    if len(plans) > 1 and not above & set(out):
        out[plans[0]] = "commitment"
    if {"risk", "mitigation"} <= set(out):
        out = [None if role == "plan" else role for role in out]
    if None in out and not _SUBJECTS & set(out) and _AIMED & set(out) and len(_AIMED_OR_SEEN & set(out)) > 1:
        out[_described(out, heads)] = "indicator"
    return tuple(out)


def _described(roles: Sequence[Role | None], heads: Sequence[str]) -> int:
    """The first column without a role that says "Description", else the first without one."""
    free = [n for n, role in enumerate(roles) if role is None]
    return next((n for n in free if "descri" in heads[n].lower()), free[0])


def _says(words: list[str], wanted: tuple[set[tuple[str, ...]], int]) -> bool:
    """Whether words are made up of a role's phrases and small words only, with at least one phrase among
    them."""
    phrases, longest = wanted
    at, hit = 0, False
    while at < len(words):
        size = next((n for n in range(longest, 0, -1) if tuple(words[at : at + n]) in phrases), 0)
        if not size and words[at] not in _SMALL:
            return False
        hit, at = hit or bool(size), at + (size or 1)
    return hit

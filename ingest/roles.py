"""What the headings of columns announce: the usual ways of saying "who leads", "which plan", "by when" and so
on.

Nothing here knows a particular plan. A heading has a role when what it says is made up of the phrases of that
role and of small words only: "Strategies / plans in place to deliver" announces plans.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Literal

from corpus.text import fold

Role = Literal[
    "commitment", "plan", "lead", "status", "timescale", "measure", "indicator", "number", "target",
    "baseline", "actual", "source", "notes", "short", "full", "place", "priorities", "risk", "mitigation",
    "priority", "milestone",
]  # fmt: skip

_SMALL = frozenset(
    re.findall(
        r"\S+",
        "the a an of in to for and or by with we our this that have has had may will is are be been it its "
        "on at as which what who how when place deliver delivery delivering main key current existing brief "
        "s if any all other organisation organisations officer officers partner partners agency agencies "
        "lead name names description details detail title agreed specific identified required",
    )
)
# Role -> the phrases that carry it, parted by semicolons; roles are tried in this order.
_PHRASES: dict[Role, str] = {
    "number": (
        "no; ref; reference; id; number; item; ref no; item no; kpi no; indicator no; risk id; risk no; "
        "indicator ref; kpi ref; #"
    ),
    "lead": (
        "led by; lead; leads; owner; owners; responsible; responsibility; accountable; sro; senior "
        "responsible owner; lead organisation; lead officer; lead partner; lead agency; accountable "
        "person; responsible person; accountability; action owner; risk owner; who; delivery lead; "
        "accountable officer; responsible officer; lead body; by whom; person responsible; named lead; "
        "leading body; directorate; department; division"
    ),
    "risk": "risk; risks; risk title; risk event; risk description; risk and issue",
    "mitigation": (
        "mitigation; mitigations; mitigating action; mitigating actions; control; controls; mitigating "
        "controls; key controls; controls in place; risk response"
    ),
    "commitment": (
        "commitment; commitments; committed; committed to; objective; objectives; aim; aims; goal; goals; "
        "ambition; ambitions; pledge; pledges; promise; recommendation; recommendations; want to achieve; "
        "deliverable; strategic objective"
    ),
    "plan": (
        "strategy; strategies; plan; plans; action; actions; activity; activities; ways; programme; "
        "programmes; project; projects; initiative; initiatives; task; tasks; do; intervention; "
        "interventions; strategies plans; work area; workstream; next steps; response"
    ),
    "milestone": "milestone; milestones; key milestone; key milestones; key date",
    "timescale": (
        "when; by when; deadline; deadlines; timescale; timescales; target date; due; due date; "
        "completion date; date; timeframe; timeline; end date; complete by; "
        "planned completion date; completed by; target completion"
    ),
    "status": "status; rag; rag status; rag rating; rating; progress; update; progress update",
    "measure": (
        "measure of success; success measure; success measures; measures of success; outcome measure; "
        "success criteria"
    ),
    "indicator": (
        "indicator; indicators; kpi; kpis; measure; measures; performance indicator; performance "
        "indicators; performance measure; key performance indicators; ovi; ovis; objectively verifiable "
        "indicator; objectively verifiable indicators; metric; metrics; objectively verifiable; key "
        "performance indicator; kpi description"
    ),
    "target": "target; targets; target value; ambition level; standard; floor standard; goal value",
    "baseline": "baseline; baselines; starting point; base; baseline value",
    "actual": (
        "previous; previous year; previous result; current; actual; actuals; latest; latest result; "
        "result; results; performance; outturn; ytd; latest month; year to date; month actual"
    ),
    "source": "source; sources; data source; data sources; means of verification; mov; evidence",
    "notes": "note; notes; comment; comments; commentary; remarks",
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


def _cut(phrases: str) -> tuple[set[tuple[str, ...]], int]:
    """Phrases as tuples of words, and the length of the longest."""
    wanted = {tuple(phrase.split()) for phrase in phrases.split(";")}
    return wanted, max(map(len, wanted))


_WANTED = {role: _cut(phrases) for role, phrases in _PHRASES.items()}


@cache
def role_of(text: str) -> Role | None:
    """What a heading announces, or None: "Led by / responsible" -> "lead", "By when" -> "timescale"."""
    folded = fold(text).replace("'", "")
    words = _WORD.findall(re.sub(r"\(s\)|\([^)]*\)", "", folded)) or _WORD.findall(folded)
    if not words or len(words) > _MAX_WORDS:
        return None
    return next((role for role in _PHRASES if _says(words, role)), None)


def _says(words: list[str], role: Role) -> bool:
    """Whether words are made up of a role's phrases and small words only, with at least one phrase among
    them."""
    wanted, longest = _WANTED[role]
    at, hit = 0, False
    while at < len(words):
        size = next((n for n in range(longest, 0, -1) if tuple(words[at : at + n]) in wanted), 0)
        if not size and words[at] not in _SMALL:
            return False
        hit, at = hit or bool(size), at + (size or 1)
    return hit

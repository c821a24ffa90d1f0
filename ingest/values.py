"""Figures and dates out of words: "from 9% in 2020 to below 6%" -> typed values; "March 2025" ->
"2025-03".

What does not parse keeps its words and a number of None.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from corpus.model import Value

Bound = Literal["", "at least", "at most", "above", "below"]
Direction = Literal["up", "down", "hold", ""]

_MONTHS = {
    name: number
    for number, names in enumerate(
        ("january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul",
         "august aug", "september sept sep", "october oct", "november nov", "december dec"), start=1)
    for name in names.split()
}  # fmt: skip
_MONTH = "(?:" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\.?"
_WHEN = re.compile(
    rf"(?:(?:by|from|until|end of|late|early|mid-?)\s+)*(?:\d{{1,2}}(?:st|nd|rd|th)?\s+)?{_MONTH},?\s+20\d\d"
    rf"(?:\s*[-–/]\s*{_MONTH}\s+20\d\d)?"
    r"|\d{1,2}[/.]\d{1,2}[/.]20\d\d|(?:Q[1-4]\s*)?20\d\d\s*[/–-]\s*(?:20)?\d\d"
    r"|(?:Q[1-4]|Spring|Summer|Autumn|Winter)\s+20\d\d"
    r"|\bongoing\b|\bTBC\b",
    re.I,
)
_ISO = re.compile(r"\b(20\d\d)-(\d\d)(?:-(\d\d))?\b")
_DAY = re.compile(rf"\b(?:(\d{{1,2}})(?:st|nd|rd|th)?\s+)?({_MONTH}),?\s+(20\d\d)\b", re.I)
_SLASH = re.compile(r"\b(\d{1,2})[/.](\d{1,2})[/.](20\d\d)\b")
_YEAR = r"(?:20\d\d\s*[-–/]\s*(?:20)?\d\d|20\d\d)"
_UNIT = (
    r"\s*(%|per cent|percentage points?|pp\b|per 1,?000(?:,000)?(?: [a-z]+)?|per 10,?000|per 100,?000"
    r"|points?\b|years?(?!\s+olds?)\b|days?\b|hours?\b|minutes?\b|places\b|weeks?\b|months?\b|m\b|bn\b|k\b)"
)
_BOUNDS: tuple[tuple[str, Bound], ...] = (
    (
        r"(?:at least|no (?:less|fewer) than|a minimum of|minimum|or more|(?:reach|meet) or exceed|≥|>=)",
        "at least",
    ),
    (
        r"(?:at most|no more than|not? (?:to )?exceed|will not exceed|up to|a maximum of|maximum|≤|<=)",
        "at most",
    ),
    (r"(?:above|more than|over|greater than|exceed(?:s|ing)?|>)", "above"),
    (r"(?:below|less than|under|fewer than|lower than|<)", "below"),
)
_BOUND = "|".join(f"(?P<b{i}>{p})" for i, (p, _) in enumerate(_BOUNDS))
_FIGURE = re.compile(
    rf"(?:(?:{_BOUND})\s+(?:the\s+)?(?:[A-Za-z]+\s+){{0,6}}?)?(?<![\w./$\\])(?P<money>£)?"
    rf"(?P<number>(?:\d{{1,3}}(?:,\d{{3}})+|\d+)(?:\.\d+)?)(?:{_UNIT})?(?![\d/]|\.\d)",
    re.I,
)
_WORDS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"),
    *("twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"),
)
_IN_WORDS = re.compile(rf"\b({'|'.join(_WORDS[1:])})(\s*(?:%|per cent\b|percentage points?\b))", re.I)
_NOT_A_FIGURE = re.compile(
    r"(?:aged?|ages|year|key stage|attainment|stage|outcome|so|plus|covid|under|between|indicator|id:?)\s*$",
    re.I,
)
_TO = re.compile(
    r"\bto\s+(?=(?:(?:at least|no (?:more|less) than|below|above|less than|more than|under|over|a|around"
    r"|about) )*[£\d])"
)
_TIME = re.compile(r"(?:year|month|day|hour|minute|week)s?$")
_UP = re.compile(
    r"\b(?:increas\w*|improv\w*|ris\w*|rose|grow\w*|higher|reach or exceed|meet or exceed)\b", re.I
)
_DOWN = re.compile(r"\b(?:reduc\w*|fall\w*|fell|decreas\w*|declin\w*|lower\w*)\b", re.I)
_HOLD = re.compile(r"\b(?:maintain\w*|remain\w*|similar (?:to|or)|same level|(?<!of )stay\w*|hold)\b", re.I)


@dataclass(frozen=True, slots=True)
class Aim:
    """What an indicator's wording says: by when, from what, to what, which way."""

    by: str | None
    baseline: Value | None
    target: Value | None
    direction: Direction


def iso_date(text: str) -> str | None:
    """``2024-06`` or ``2024-06-12`` for the first date in a text; None where there is no month."""
    if found := _ISO.search(text):
        return "-".join(part for part in found.groups() if part)
    if found := _SLASH.search(text):
        return f"{found.group(3)}-{int(found.group(2)):02d}-{int(found.group(1)):02d}"
    if found := _DAY.search(text):
        month = _MONTHS[found.group(2).lower().rstrip(".")]
        day = f"-{int(found.group(1)):02d}" if found.group(1) else ""
        return f"{found.group(3)}-{month:02d}{day}"
    return None


def split_when(text: str) -> tuple[str, str] | None:
    """A milestone's words and its date where a date ends the text: ("Launch the hub", "June 2024"); else
    None."""
    found = None
    for found in _WHEN.finditer(text):  # noqa: B007
        pass
    if found is None or text[found.end() :].strip(" .)"):
        return None
    return text[: found.start()].strip(" -–:("), found.group().strip()


def all_dates(text: str) -> list[str]:
    """Every date that stands in a text, as written."""
    return [found.group().strip() for found in _WHEN.finditer(text)]


def _digits(text: str) -> str:
    """Number words before a unit as digits: "five per cent" -> "5%"."""
    return _IN_WORDS.sub(lambda m: f"{_WORDS.index(m.group(1).lower())}{m.group(2)}", text)


def value_of(text: str) -> Value:
    """The first figure in a text as a Value; its number is None where there is none."""
    figures = _figures(_digits(text))
    return replace(figures[0][1], found=text) if figures else Value(found=text)


def _figures(text: str) -> list[tuple[int, Value]]:
    """Every figure with the offset of its number, years and ages left out."""
    out = []
    for found in _FIGURE.finditer(text):
        number, unit = found.group("number"), _unit(found)
        at = found.start("number")
        if not unit and (re.fullmatch(r"20\d\d|19\d\d", number) or _NOT_A_FIGURE.search(text[:at])):
            continue
        if _TIME.match(unit) and not re.search(
            r"\b(?:by|to|from|of) (?:at least |around )?$|[(:]$", text[:at]
        ):
            continue
        if re.match(r"\s*(?:year|yr)s?[- ]olds?|\+", text[found.end("number") :]) or re.search(
            r"\d\s?[-–]$", text[:at]
        ):
            continue
        bound = _bound(found)
        figure = Value(
            found=found.group().strip(), number=float(number.replace(",", "")), unit=unit, bound=bound
        )
        out.append((at, figure))
    return out


def _bound(found: re.Match[str]) -> Bound:
    return next((_BOUNDS[i][1] for i in range(len(_BOUNDS)) if found.group(f"b{i}")), "")


def _unit(found: re.Match[str]) -> str:
    unit = next((g for g in found.groups()[len(_BOUNDS) + 2 :] if g), "") or ""
    unit = {"per cent": "%", "pp": "percentage points"}.get(unit.lower(), unit)
    return "£" + unit.strip() if found.group("money") else re.sub(r"\b1000\b", "1,000", unit.strip())


def aim_of(text: str) -> Aim:
    """Read an indicator's wording. "By 2031 the share will have fallen from 9% in 2020 to below 6%."

    -> by "2031", baseline 9 % (2020), target 6 % below, direction down.
    """
    text = _digits(text)
    by = re.search(
        rf"(?:\b|\d)[BS]y (?:the end of )?(?:{_MONTH}\s+)?({_YEAR}|XXXX)", text, re.I
    ) or re.search(rf"\bby (?:{_MONTH}\s+)?({_YEAR})", text)
    baseline = _baseline(text)
    target = _target(text, baseline)
    if baseline and target and not baseline.unit and target.unit.startswith("per "):
        baseline = replace(baseline, unit=target.unit)
    return Aim(by.group(1) if by else None, baseline, target, _direction(text, baseline, target))


def _baseline(text: str) -> Value | None:
    """The figure after "from" (or "up from", "currently", "baseline"), with the year that follows it."""
    lead = re.search(
        r"\bbaseline \d{4}[-–/]\d\d(?:\d\d)?:\s*"
        r"|\b(?:from|baseline(?: of)?:?|current level of)\b(?: is)?\s*(?=[£\d])", text, re.I,
    )  # fmt: skip
    if lead is None:
        return _baseline_in_brackets(text)
    figures = _figures(text[lead.end() :])
    if not figures or figures[0][0] > 12:
        return None
    at, figure = figures[0]
    after = text[lead.end() + at :]
    year = re.match(
        rf"[\d.,]+\s*%?\s*(?:per [\d,]+ )?(?:[a-z]+ ){{0,3}}?(?:in [A-Z]\w+ )?"
        rf"(?:and [\d.,]+\s*%? in [A-Z]\w+ )?(?:in |for |\()\s*({_YEAR})",
        after,
    )
    named = re.search(rf"baseline ({_YEAR}):\s*$", text[: lead.end()], re.I)
    return replace(figure, year=year.group(1) if year else named.group(1) if named else None, bound="")


def _baseline_in_brackets(text: str) -> Value | None:
    """A figure in brackets beside its year: "(2021/22: Felpersham 84.5%)", "as it was in 2018 (12 per 1,000)"."""
    found = re.search(rf"(?:\(({_YEAR}):\s*(?:[A-Za-z]+\s){{0,3}}?|\b(?:in|of) ({_YEAR}) \()(?=[£\d])", text)
    figures = _figures(text[found.end() :]) if found else []
    if found is None or not figures or figures[0][0] > 1:
        return None
    return replace(figures[0][1], year=found.group(1) or found.group(2), bound="")


def _target(text: str, baseline: Value | None) -> Value | None:
    """The figure after "to", behind the baseline if it can be, or the only figure there is besides the
    baseline."""
    start = text.find(baseline.found) if baseline else 0
    leads = [m.start() for m in _TO.finditer(text) if not re.search(r"\bage[sd]? \d+ $", text[: m.start()])]
    for lead in [at for at in leads if at > start] + [at for at in leads if at < start]:
        figures = _figures(text[lead:])
        if baseline is not None and figures and figures[0][0] < 30:
            return figures[0][1]
    if baseline is not None and re.search(r"\bmaintain(?:ed)?\b", text):
        return baseline
    left = [figure for _, figure in _figures(text) if baseline is None or figure.number != baseline.number]
    return next((f for f in left if f.bound), None) or next((f for f in left if f.unit), None)


def _direction(text: str, baseline: Value | None, target: Value | None) -> Direction:
    """Which way is better: from the two figures where there are two, else from the first verb of change."""
    if (
        baseline
        and target
        and baseline.number is not None
        and target.number is not None
        and baseline.unit == target.unit
    ):
        if baseline.number != target.number:
            return "up" if target.number > baseline.number else "down"
        return "hold"
    hits = [
        (m.start(), way)
        for way, pattern in (("up", _UP), ("down", _DOWN), ("hold", _HOLD))
        if (m := pattern.search(text))
    ]
    if hits:
        return min(hits)[1]  # type: ignore[return-value]
    bounds: dict[str, Direction] = {"at least": "up", "above": "up", "at most": "down", "below": "down"}
    return bounds.get(target.bound, "") if target else ""

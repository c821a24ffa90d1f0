"""A question asked of another version: "who led X in the draft, and who does so now?"."""

from __future__ import annotations

import re

from assistant.question.understand import AUXILIARY
from corpus.text import MONTHS, fold
from index.lexical import terms

_AGE = rf"(?:(?:spring|summer|autumn|winter|{'|'.join(MONTHS)})(?: (?:19|20)\d\d)?|(?:19|20)\d\d)"
_STATE = r"(?:draft|final|finished|finali[sz]ed|latest|current|approved|newest|earlier|previous|original)"
_PAPER = r"(?:(?:joint|shared|delivery|forward) )*(?:plan|version|logframe|strategy|edition|paper|document|report|one)"
_NO_PAPER_AFTER = rf"(?!(?: (?!(?:{AUXILIARY})\b)[\w-]+){{1,3}} (?:plan|strategy|logframe|report|document)\b)"
_VERSION = re.compile(
    rf"\b(?:the |its |our )?(?:{_AGE} )?(?:{_STATE} {_PAPER}|(?<= ){_AGE} {_PAPER}|drafts?\b{_NO_PAPER_AFTER}|"
    rf"final(?=$|[ ,]*\?))(?: (?:of|from) {_AGE})?\b",
    re.IGNORECASE,
)
_NOW = re.compile(r"\b(?:now|today|nowadays|these days|at present|currently)\b", re.IGNORECASE)
_LIGHT = frozenset(
    terms(
        "and but what which who when where how about is are was were be been being do does did done so say says said tell state "
        "have has had it its one that this there they them in by under of for to stand stands stood put puts use uses used "
        "call called name names named list lists listed give gives given read reads show shows appear appears version now "
        "instead then give mention mentions",
        stop=False,
    )
)
_CURRENT = "the current version"
_ONE = re.compile(r" one$", re.IGNORECASE)


def of_other_version(before: str, following: str) -> str | None:
    """A question that names a version, asked of the one that ``following`` names ("and the final plan?", "and who does so
    now?"); None where one of them names none, or the second asks something else."""
    versions = [*_VERSION.finditer(before)]
    old = versions[0] if len(versions) == 1 else None
    new = _VERSION.search(following) or _NOW.search(following)
    if not old or not new or fold(old.group()) == fold(new.group()):
        return None
    asked = following[: new.start()] + " " + following[new.end() :]
    known = _LIGHT.union(terms(before, stop=False))
    if any(word not in known for word in terms(asked, stop=False)):
        return None
    named = _CURRENT if _NOW.fullmatch(new.group()) else _ONE.sub(f" {_kind(old.group())}", new.group())
    bare = re.match(r"(?:the|its|our) ", named, re.IGNORECASE)
    return f"{before[: old.start()]}{'' if bare else 'the '}{named}{before[old.end() :].rstrip(' ?.')}?"


def _kind(version: str) -> str:
    """The kind of paper that a version is called."""
    last = version.split()[-1]
    return last if re.fullmatch(_PAPER, last, re.IGNORECASE) else "version"

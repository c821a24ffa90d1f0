"""Questions that take for granted that something happened ("who replaced the treasurer?"): no answer but one that tells of
it. A text about the same body or person is near such a question whatever it says of them, so that nearness proves
nothing here."""

from __future__ import annotations

import re

from corpus.text import fold

_ENDED = r"end(?:s|ed|ing)?\b|clos\w+|shut\w*|ceas\w+|stop\w*|until|last day|deadline|finish\w*|complet\w+"
_GIVEN_UP = (
    r"cancel\w*|scrap\w*|abandon\w*|ax(?:es?|ed|ing)\b|ditch\w*|withdr[ae]w\w*|drop(?:s|ped|ping)?\b|discontinu\w*|"
    r"remov\w+|no longer|taken out|left out"
)
_LEFT = (
    r"resign\w*|(?:step(?:s|ped|ping)?|st(?:ood|ands?|anding)) down|quit\w*|sack\w*|dismiss\w*|retir\w+|fired|"
    r"leav(?:es?|ing)\b|left\b|depart\w*|remov\w+"
)
_FOLLOWED = r"replac\w*|succe(?:ed(?:s|ed|ing)?|ssors?)\b|t(?:ake|akes|aken|aking|ook) over|hand(?:s|ed|ing)? over|former\w*"
_PUT_OFF = r"postpon\w*|delay\w*|defer\w*|(?:put|pushed|moved) back|reschedul\w*|later date"
_REFUSED = r"reject\w*|refus\w*|turn(?:s|ed|ing)? down|veto\w*|overrul\w*|declin\w*|not\b|disagree\w*|against"
_EVENTS = tuple(
    # what is asked of, and what a text may call it
    (re.compile(rf"\b(?:{asked})", re.IGNORECASE), re.compile(rf"\b(?:{told})", re.IGNORECASE))
    for asked, told in (
        (r"(?<=who )(?:is going to |will |has )?(?:replac|succeed)\w*|t(?:aken?|aking|ook) over from|(?<=whom did )(?:\S+ ){1,5}(?:replace|succeed)\b", _FOLLOWED),
        (r"merg(?:es?|ed|ing)\b|amalgamat\w+", r"merg\w*|amalgamat\w*|combin\w*|integrat\w*|join\w*|unif\w*|single\b"),
        (r"resign\w*|(?:step(?:ped)?|st(?:ood|and)) down|quit\b|sack(?:ed)?\b|dismiss(?:ed)?\b|fired\b", _LEFT),
        (r"(?:was|were|been|being) (?:\S+ ){0,8}?(?:shut|closed)\b|shut down\b", _ENDED),
        (r"cancel\w*|scrap(?:s|ped)?\b|abandon(?:s|ed)?\b|axe[ds]?\b|ditch(?:es|ed)?\b|withdr[ae]wn?\b|discontinued?\b", _GIVEN_UP),
        (r"dropped\b|drop (?:its|the|their|a)\b", rf"{_GIVEN_UP}|f[ae]ll\w*|lower\w*|reduc\w*|decreas\w*|fewer|less\b"),
        (r"(?:postponed|deferred|pushed back)\b", _PUT_OFF),
        (r"reject(?:s|ed)?\b|refused\b|refuse to\b|turn(?:ed)? down\b|veto(?:es|ed)?\b|overruled?\b", _REFUSED),
        (r"renamed?\b", r"renam\w*|formerly|previously|known as|now called|chang\w+"),
        (r"bann(?:ed|ing)\b", r"bann\w*|\bban\b|prohibit\w*|not (?:be )?allowed"),
        (r"(?:prosecut|convict|arrest)(?:ed?|s)?\b|fined\b", r"prosecut\w*|convict\w*|arrest\w*|fine[ds]?\b|court|guilty|police"),
        (r"(?:was|were|been) (?:\S+ ){0,8}?(?:removed|expelled|suspended)\b", rf"{_GIVEN_UP}|expel\w*|suspend\w*|{_LEFT}"),
    )
)  # fmt: skip
_TAKEN_FOR_GRANTED = re.compile(
    r"^(?:(?:and|so|but),? )*(?:who(?:m|se)?|when (?:is|was|were|did|does|do|will|has|have)|why|how come|(?:in )?(?:what|which) (?:year|month|date|day)|what (?:made|led|caused)|"
    r"(?:for )?what reason)\b"
)


def untold(folded: str, told: str) -> bool:
    """Whether a folded question takes for granted that something happened of which a text, ``told``, says nothing."""
    if not _TAKEN_FOR_GRANTED.match(folded):
        return False
    said = fold(told)
    return any(asked.search(folded) and not event.search(said) for asked, event in _EVENTS)

"""What a question asks for: its intent, the version meant, and its topic without the words that only ask."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from corpus.text import fold

AUXILIARY = r"is|are|was|were|do|does|did|has|have|had|will|would|can|could|should|must"

_CUES: Mapping[str, re.Pattern[str]] = {
    "lead": re.compile(
        r"\b(?:leads?|leading|led|co-?leads?|responsible|responsibility|in charge|accountable|answerable|"
        r"owners?|owns|"
        r"heads?(?: up)?|runs?|running|oversees?|on the hook|whose (?:job|task|remit)|who (?:is|are) "
        r"(?:meant|supposed|tasked)|"
        r"who (?:deals?|handles?|looks?|keeps?|must|should|does|has|takes?|delivers?|provides?|helps?|"
        r"manages?|tells?)|"
        r"which (?:\w+ ){0,2}(?:group|body|bodies|board|team|organisations?|directorate|partnership|council|"
        r"committee)|"
        r"who'?s (?:doing|behind|dealing|leading|looking|running))\b"
    ),
    "plan": re.compile(
        r"\b(?:(?:which|what|how many) (?:\w+ ){0,3}?(?:plans?|strateg(?:y|ies)|programmes?|documents?|paperwork|"
        r"schemes?|initiatives?|"
        r"projects?|services?|policy|policies|framework|guide)\b|(?:which|what) (?:\w+ ){0,3}?work\b|cover(?:s|ed|ing)?|relates? to us|is "
        r"there (?:a|any) plan|"
        r"listed (?:under|against|with|in)|where (?:is|does|do|are)\b.*\b(?:covered|sit|appear|listed|fit))"
    ),
    "commitment": re.compile(r"\b(?:which|what) (?:\w+ ){0,2}commitments?\b"),
    "count": re.compile(r"\bhow many\b|\bnumber of\b|\bcount\b"),
    "nolead": re.compile(
        r"\b(?:no|without|not|lacks?|lacking|missing|nobody|any)\b[^.?]{0,25}\b(?:lead|leads|leader|owner|"
        r"led|named|responsible)\b"
        r"|\bunassigned\b|\blead(?:s)? (?:is|are|cell|column)?\s*(?:blank|empty|missing|not named)"
    ),
    "indicator": re.compile(
        r"\b(?:targets?|baselines?|indicators?|aims?|aiming|goal|logframe|log-frame|kpi|measured?|reduc\w+|"
        r"increas\w+|fall(?:en)?|"
        r"ris(?:e|en|ing)|drop|by 20\d\d|trajectory|benchmark|level are we|ovi|data source|means of "
        r"verification)\b"
    ),
    "measure": re.compile(r"\b(?:targets?|baselines?|indicators?|kpis?|trajectory)\b"),
    "place": re.compile(
        r"\bpriorit(?:y|ies|i[sz]e|i[sz]es|i[sz]ed|i[sz]ing)\b|"
        r"\b(?:districts?|councils?|boroughs?|hcps?|partnerships?|places?) (?:\w+ ){0,2}?(?:picks?|picked|choose|chose|chosen|selected|wants? to)\b|"
        r"\bfocus(?:es|ing)?\b|\bconcentrat\w+|\b(?:worr|fret|bother|care|think)\w* "
        r"(?:\w+ )?about\b|\bto-?do list\b|\b(?:(?:top|high) (?:of|on)|(?:in|on)) (?:the|its|their) (?:list|agenda)\b|"
        r"\bhave to (?:work|focus) on\b|"
        r"\bmatters? most\b|\b(?:main|big|biggest) (?:aims|goals|concerns|issues|things)\b|\bwants? to (?:do|tackle|improve)\b"
    ),
    "acronym": re.compile(
        r"\b(?:stands? for|standing for|acronym|abbreviat\w+|short for|short form|initials|spelled out|in full|full "
        r"(?:form|name|title)|"
        r"what (?:is|are|does|do) (?:an? |the )?[a-z0-9&/]{2,7}(?: mean)?\s*\??$|meaning(?: of)?|mean)\b"
    ),
    "milestone": re.compile(
        r"\b(?:when|by when|deadline|milestones?|launch\w*|due|what date|which (?:month|date)|how soon|"
        r"timescale|timetable|"
        r"schedule\w*|date for)\b"
    ),
    "diff": re.compile(
        r"\b(?:chang\w+|differ\w*|compar\w+|between the (?:two|draft)|versus|vs|earlier (?:version|draft)|"
        r"dropped|added|removed|"
        r"reworded|moved|gone from|no longer|new in|still|originally|previous(?:ly)?|used to)\b"
    ),
    "list": re.compile(r"\b(?:list|all|every|everything|which|what are)\b"),
    "who": re.compile(r"\bwho(?:m|se)?\b|\bwho's\b"),
    "when": re.compile(
        r"\bwhen\b|\bwhat (?:date|day|month|year)\b|\bwhich (?:date|day|month|year)\b|\bby when\b|"
        r"\bdeadline\b"
    ),
    "many": re.compile(
        r"\bhow (?:many|much|big|fast|often|long|far)\b|\bwhat (?:percentage|proportion|share|number)\b"
    ),
}
_DRAFT = re.compile(
    r"\b(?:draft|drafts|earlier version|previous version|consultation version|spring (?:20\d\d )?(?:version|plan|draft))\b"
)
_FINAL = re.compile(r"\b(?:final|latest|current|approved|newest|up to date|now)\b")
_NEW_IN_FINAL = re.compile(r"\b(?:new in|newly|added|introduced)\b")
_ASKING = re.compile(
    r"^(?:(?:please|can you|could you|would you|tell me|do you know|i (?:need|want|would like|'d like) to "
    r"know|remind me|"
    r"just|so|ok|okay|hi|hello|hey|and|but|also|in the (?:plan|document|delivery plan),?)\s+)+"
)
_OPENING = re.compile(
    r"^(?:who(?:'s| is| are| was| were| will| has)?(?: (?:in charge of|responsible for|accountable for|"
    r"answerable for|leading(?: on)?|"
    r"leads?(?: on)?|the lead (?:for|on|of)|supposed to|meant to|tasked with|on the hook for|dealing with|"
    r"deals? with|behind|"
    r"handles?|must|should|runs?|owns?|oversees?|keeps? an eye out for|got the job of|the job of))?|"
    r"whose (?:job|task|remit|responsibility) is it to|whose|"
    r"(?:which|what) (?:\w+ ){0,3}?(?:group|body|board|team|organisations?|directorate|partnership|council|"
    r"committee|plans?|"
    r"strateg(?:y|ies)|programmes?|documents?|paperwork|schemes?|initiatives?|commitments?|indicators?)(?: "
    r"(?:is|are|was|were))?"
    r"(?: there)?(?: in place)?(?: (?:leads?(?: on)?|covers?|covering|deals? with|is responsible for|looks? "
    r"after|to|for|on))?|"
    r"what(?:'s| is| are| was| were)?(?: the)?(?: (?:targets?|baselines?|indicators?|aims?|deadlines?) "
    r"(?:for|of|on))?|"
    r"when(?: is| are| does| do| will| did)?|how (?:many|much)|where (?:is|are|does|do)|list(?: all)?(?: "
    r"the)?|name(?: the)?|"
    r"lead(?:s)? (?:for|of|on)|(?:the )?targets? (?:for|on))\b\s*"
)
_CLOSING = re.compile(
    r"\s*\b(?:targets?|baselines?|leads?(?: on)?|led by|meaning|stand for|and who leads it|and who runs it)$"
)


@dataclass(frozen=True, slots=True)
class Reading:
    """How a question was read. ``asked`` as it was put, ``question`` with its spelling mended; ``intents`` are the cues
    found; ``version`` is "", "draft", "final" or "both"; ``topic`` the question without asking words, for matching
    names."""

    asked: str
    question: str
    folded: str
    intents: frozenset[str]
    version: str
    topic: str

    def has(self, *intents: str) -> bool:
        """Whether any of these cues was found."""
        return bool(self.intents & frozenset(intents))


@dataclass(frozen=True, slots=True)
class Ask:
    """A question as the look-ups need it: its reading, its wordings for matching, the documents it is
    about."""

    reading: Reading
    wordings: tuple[str, ...]
    documents: frozenset[str]


_REASON = re.compile(
    r"^(?:and |but |so )*(?:why|how come|for what reason)\b|\bwhat (?:is|was|were|are) the reasons?\b"
)


def asks_reason(folded: str) -> bool:
    """Whether a folded question asks why."""
    return bool(_REASON.search(folded))


_BECAUSE = re.compile(
    r"\b(?:because|due to|owing to|as a result|so that|in (?:order|response) to|in view of|given that|reasons?|since|"
    r"therefore|caus(?:e|es|ed)|led to|means? that|(?:is|was|came|comes|follows) (?:after|following)|"
    r"to (?:ensure|help|enable|support|make|reduce|improve|give|allow|address|avoid|prevent|protect|meet|cut|save))\b"
)


def gives_reason(folded: str) -> bool:
    """Whether a folded text says why something is so, or what it is for."""
    return bool(_BECAUSE.search(folded))


def read_question(asked: str, mended: str | None = None) -> Reading:
    """Read a standalone question; ``mended`` is the same with its spelling put right."""
    question = asked if mended is None else mended
    folded = fold(question)
    intents = frozenset(name for name, cue in _CUES.items() if cue.search(folded))
    return Reading(asked, question, folded, intents, version_of(folded), topic_of(folded))


SENTENCE = re.compile(r"(?<=[.!?])\s+")


def version_of(folded: str) -> str:
    """Which version a question asks for: drafts, final plans, both, or (empty) whatever is current."""
    draft, final = bool(_DRAFT.search(folded)), bool(_FINAL.search(folded))
    compared = bool(_CUES["diff"].search(folded)) and bool(
        re.search(r"\b(?:versions?|editions?|drafts?|plans?|logframes?)\b", folded)
    )
    if (draft and final) or (compared and not (draft ^ final)):
        return "both"
    if compared and (draft or _NEW_IN_FINAL.search(folded)):
        return "both"
    return "draft" if draft else ("final" if final else "")


_BESIDES = re.compile(
    r"\b(?:besides|apart from|other than|aside from|in addition to|as well as|excluding|except(?: for)?) [^,?]+,",
    re.I,
)


def without_besides(question: str) -> str:
    """The question without what it sets aside ("Besides the bus plan, ...")."""
    return _BESIDES.sub(" ", question)


def topic_of(folded: str) -> str:
    """The question without the words that only ask, cues and closing marks; the whole question if nothing is
    left."""
    body = _ASKING.sub("", without_besides(folded).strip(" ?.!"))
    topic = _CLOSING.sub("", _OPENING.sub("", body, count=1)).strip(" ,;:?.!'\"")
    return topic if len(topic) > 3 else body


_PERSONAL = re.compile(
    r"\b(?:i|my|me|mine|should (?:i|we)|do you (?:think|reckon|like)|your (?:opinion|view|favourite))\b"
)
_ADVICE = re.compile(
    r"^(?:(?:so|and|but|please|ok|okay|well),? )*(?:should|shall|ought) (?:i|we)\b|\bdo you (?:think|reckon|recommend)\b|"
    r"\bwhat (?:would|do) you (?:recommend|suggest|advise)\b|\byour (?:opinion|view|advice)\b|"
    r"^(?:is|are|was|were) .*\b(?:any good|good enough|worth (?:it|reading|doing|having)|a waste|rubbish|useless)\b|"
    r"^which (?:\w+ )?(?:is|are) (?:the )?(?:better|best|worse|worst)\b"
)
_ORDER = re.compile(
    r"\b(?:ignore|disregard|pretend|guess|invent|make up|predict|write (?:me|a)|compose|imagine|fake|output|repeat after|"
    r"forget (?:the|your|all)|override|will (?:\w+ ){1,3}(?:win|be next))\b"
)


def tone_of(asked: str, reading: Reading) -> dict[str, float]:
    """Whether a question speaks of oneself, asks for an opinion or advice, or gives orders; each 0 or 1."""
    return {
        "personal": float(bool(_PERSONAL.search(reading.folded))),
        "advice": float(bool(_ADVICE.search(fold(asked)))),
        "order": float(bool(_ORDER.search(fold(asked)))),
    }

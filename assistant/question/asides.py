"""Messages, or parts of them, that ask nothing of the documents: greetings and thanks, and a call for help."""

from __future__ import annotations

import re

from assistant.draft import Draft, Line
from assistant.question.danger import in_danger
from assistant.question.setting import without_setting
from assistant.question.understand import SENTENCE

_THANKS = (
    r"(?:(?:ok(?:ay)?|great|no|yes|perfect|and|lovely),? )?(?:many |lots of )?(?:thank ?you|thanks|thx|cheers|ta)"
    r"(?: so much| very much| a lot| again)?(?: in advance)?"
    r"(?: for (?:that|this|it|(?:all )?(?:your|the|that) (?:help|time|answers?|information)|help(?:ing)?(?: me)?))?"
)
_GOODBYE = r"(?:good ?|bye ?-?)?bye(?: for now| now)?|see you(?: later| soon)?|have a (?:good|nice|great|lovely) (?:day|evening|weekend|one)"
_GREETING = (
    r"(?:hi|hello|hey|hiya)(?: there| again| all| everyone)?|(?:good )?(?:morning|afternoon|evening)|"
    r"good (?:day|night)|i hope (?:you are|you're|all is|this finds you) (?:keeping |doing )?well"
)
_PRAISE = (
    r"(?:(?:that|this|it)(?:'s| is| was) )?(?:(?:very|really|so|all|just) )*(?:great|good|fine|perfect|brilliant|excellent|"
    r"lovely|helpful|useful|cool|nice|awesome|amazing|wonderful|fantastic|super|interesting|what i needed|clear)"
)
_ASSENT = (
    r"ok(?:ay)?|right|sure|alright|all right|understood|got it|i see|no (?:problem|worries)|never ?mind|that(?:'s| is) all|"
    r"well done|sorry|excuse me|(?:one (?:more|last|other)|another|other|next) (?:thing|question|query)|quick question|yes|yeah|yep|yup|no|nope|nah|"
    r"(?:yes |no )?please|maybe|go on|hm+|wow|oh|test(?:ing)?"
)
_ABOUT_US = (
    r"help(?: me)?|what (?:can|do) you do|(?:what|how) (?:can|should|could|do) i (?:ask|use)(?: you| this| it)?|"
    r"what (?:can|could) you help (?:me )?with|how (?:can|could) you help(?: me)?|how (?:does|do) (?:this|it|you) work|"
    r"(?:who|what) are you|how are you(?: doing)?(?: today)?|are you (?:there|a (?:ro)?bot|human|real)"
)
# Possessive: a phrase once read is not tried again otherwise, however many there are.
_ANY = f"(?:{_THANKS}|{_GREETING}|{_GOODBYE}|{_PRAISE}|{_ASSENT}|{_ABOUT_US})"
_WHOLE = re.compile(rf"(?:{_ANY}(?:\W+|$))++", re.IGNORECASE)
_WH = r"(?:who|what|which|when|where|why|how|whose)\b"
_BEFORE = re.compile(
    # "no, the draft" and "sorry, buses" put right what was asked before
    rf"(?!(?:no|sorry)\W+(?:the\b|(?!{_WH})(?:[\w'-]+ ){{0,3}}[\w'-]+\W*$))(?:{_ANY}(?:\s*[,.!;:]+\s+|\s*\n\s*|\s+-+\s+))++(?=\w)|(?:{_GREETING}|{_THANKS}|please) (?={_WH})",
    re.IGNORECASE,
)
_AFTER = re.compile(
    rf"(?:(?:[,.!?;]+|\s-)\s*(?:{_THANKS}|{_GOODBYE}|please))++[\s.!?]*$|\splease[\s.!?]*$", re.IGNORECASE
)
_FRAME = re.compile(  # "I was wondering if you could tell me" before what is asked
    r"(?:(?:so|also),?\s+|(?P<goes>(?:and|but),?\s+))?(?:(?:i (?:was |am )?(?:just )?wonder(?:ing)?|i'm (?:just )?wondering|do you (?:happen to )?know|"
    r"(?:can|could|would|will) you(?: be able to)?|are you able to|(?:i|we)(?:'d| would) (?:like|love)(?: you)? to|"
    r"(?:i|we) (?:want|need)(?: you)? to|(?:if|whether) you (?:can|could|would|might)|please|kindly|tell(?: me)?|know|"
    rf"find out|help me(?: to)?|let me know|remind me|say),?\s+)++(?={_WH})",
    re.IGNORECASE,
)
_MATTER = r"(?:question|topic|subject|thing|matter|point|note|query|issue)"
_ANNOUNCED = re.compile(  # "different question:", "moving on from money,"
    r"(?:(?:ok(?:ay)?|right|and|so|now|but|also|just|on|to|as|an?|totally|completely|slightly|quite)[,.]? )*"
    rf"(?:(?:different|separate|new|unrelated) {_MATTER}|something (?:else|different)|unrelated|separately|"
    rf"(?:changing|change of|switching) (?:the )?{_MATTER}s?|moving on(?: from [^,:;–—]{{1,40}})?)"
    r"(?: (?:now|altogether|entirely|though|please))?(?:\s*[,:;.–—]\s*|\s+-\s+)(?=\w)",
    re.IGNORECASE,
)
_SIGNED = re.compile(
    r"\s(?:(?:kind|best|warm|many) (?:regards|wishes)|regards|yours (?:sincerely|faithfully|truly))\b(?:\W+\w+){0,3}\W*$",
    re.IGNORECASE,
)
_INTRODUCES = re.compile(r"(?:(?:i am|i'm|we are|we're) writing|my name is)\b[^?]*$", re.IGNORECASE)

_HELLO = (
    "Ask what the published strategies say: who leads a commitment, which plan covers it, what the target is, what changed "
    "between versions."
)
_EMERGENCY = (
    "If you or somebody else is in danger, ring 999 now. Samaritans listen day and night, free, on 116 123; NHS 111 helps with "
    "your health, also in a mental health crisis. Ledby only looks things up in published strategies."
)


def aside(message: str) -> Draft | None:
    """The reply to a message that asks nothing of the documents; None to one that does."""
    if in_danger(message):
        return _reply(_EMERGENCY)
    return None if without_courtesy(message) else _reply(_HELLO)


def announced(message: str) -> str:
    """What a message asks after it said that this has nothing to do with what was asked before ("different question: ...");
    empty where it does not say so."""
    begins = _ANNOUNCED.match(message)
    return message[begins.end() :] if begins else ""


def without_courtesy(message: str) -> str:
    """A message without greetings, thanks, polite phrases and the setting around what it asks; empty where nothing else is
    in it."""
    message = _SIGNED.sub("", f" {message.strip()}").strip()
    said = message.replace("’", "'")
    if not re.search(r"\w", said) or _WHOLE.fullmatch(said):
        return ""
    begins = _BEFORE.match(said)
    first = begins.end() if begins else 0
    ends = _AFTER.search(said, first)
    asked = message[first : ends.start() if ends else None]
    if ends and "?" in ends.group():
        asked += "?"
    return " ".join(
        _FRAME.sub(r"\g<goes>", one, count=1) if _FRAME.match(one) else one
        for one in _asking(without_setting(asked))
    )


def _asking(message: str) -> list[str]:
    """The sentences of a message without those in which the writer introduces themselves before they ask."""
    sentences = SENTENCE.split(message)
    others = [one for one in sentences if not _INTRODUCES.match(one.replace("’", "'"))]
    return others or sentences


def _reply(said: str) -> Draft:
    return Draft("none", (Line(said),), 0.0, answered=False, completeness="none")

"""The clause of a question: who does what in it, and which things it asks for ("How many boats does Harbour Trust have?")."""

from __future__ import annotations

import re

from assistant.conversation.subject import KIND, SAYS, Names, had_by, subject, topic_at
from assistant.question.parts import parts_of
from assistant.question.understand import AUXILIARY
from corpus.model import Span

_ASKED = re.compile(
    r"^(?:(?:and|but|so|ok(?:ay)?),? )*(?:(?:in|on|at|for|from|by|with|to|under) )?(?:how(?: (?:many|much|big|long|often|far|old))?|"
    rf"what|which|when|where|why|who)\b(?P<things>(?: (?!(?:{AUXILIARY})\b)[\w'’&/-]+){{0,9}}?) (?P<aux>{AUXILIARY}) (?P<rest>.+)$",
    re.IGNORECASE,
)
_ACTS = frozenset(
    ("does", "do", "did", "has", "have", "had", "will", "would", "can", "could", "should", "must")
)
CAPITALS = r"[A-Z][\w'’&-]*(?: (?:(?:of|and|the|for|on|in|&) ){0,2}[A-Z][\w'’&-]*| (?:19|20)\d\d)*"
_GAP = r"(?:(?!(?:the|an?|its|their|his|her|in|on|at|for|by|with|to|under|from|about)\b)[a-z-]+ ){0,2}?"
_OF_NAME = rf"(?: (?:on|of|for|about) (?:the )?{CAPITALS})?"
_DOER = re.compile(
    rf"{CAPITALS}['’]s? {_GAP}{KIND}\b|the {CAPITALS} {_GAP}{KIND}\b{_OF_NAME}|(?:(?:the|this|our) )?{CAPITALS}(?: {KIND})?(?= |$)|"
    rf"the (?:[\w-]+ ){{0,3}}?{KIND}(?: {KIND})*\b{_OF_NAME}|{KIND} \d+ of (?:the )?{CAPITALS}|{KIND} \d+\b"
)
_DEED = re.compile(
    rf"^how many (?:(?!(?:{AUXILIARY})\b)[\w'’-]+ ){{1,6}}?(?:\w+ed|came|gave|had|said|took|went)\b",
    re.IGNORECASE,
)
_SIZE = re.compile(
    r"^how (?:big|large|high|low|long|old|far|wide|deep|small|good|bad) (?:is|are|was|were) (?P<what>.+)$",
    re.IGNORECASE,
)
_THERE_ARE = re.compile(r"^there\b(?: (?P<where>.+))?$", re.IGNORECASE)
_DONE = re.compile(
    r"^(?:been )?(?P<done>[a-z]\w*(?:ed|en|de|ne|ld|nt|pt|rd|it|un))(?: (?P<where>.+))?$"
)  # "made in round 4"
_WHERE = re.compile(rf"^(?:in|of|at|by|for|under|from|on) (?P<what>(?:the )?(?:{KIND} .*)?{CAPITALS})$")
_WHICH = re.compile(
    rf"^(?:which|what) (?P<things>(?:[\w&/-]+ ){{0,2}}?[\w&/-]+s) (?P<does>(?!(?:{AUXILIARY}|in|on|of|for|at|by|from|with|under)\b)(?-i:[a-z]+) "
    r"(?:(?:on|for|in|with) )?(?P<what>.+))$",
    re.IGNORECASE,
)


_WHEN = re.compile(
    r"^(?:(?:and|but|so|ok(?:ay)?),? )*(?:(?:by|since|until) )?(?:when|where|why|how)\b(?! (?:many|much|big|long|often|far|old)\b)",
    re.IGNORECASE,
)
_ASIDE = r"(?:(?:not|never|ever|next|last|first|finally|also|formally|have|going to|likely to|to) )*"
_THING = rf"(?:the|an?|our|this) (?:(?!(?:be|been|being|to|and|that)\b)[\w'’&/-]+ ){{0,7}}?[\w'’&/-]+|{CAPITALS}(?: {KIND})?"
_UNDERGONE = re.compile(  # "the plan next be reviewed"
    rf"^(?P<what>{_THING}) {_ASIDE}(?:(?:be|been|being) )?{_ASIDE}"
    r"(?:(?!(?:need|speed|bed|feed|seed|deed|breed|greed|weed|shed|led)\b)[a-z]+ed|ready|due|held|made|built|begun|given|chosen|written|"
    r"sent|set up|known)(?: (?:by|in|on|at|for|from|with) .+)?$"
)
_MAKES = (
    r"approve|agree|adopt|publish|launch|introduce|write|produce|develop|create|commission|award|start|begin|open|release|issue|"
    r"sign|update|refresh|revise|draft|set up|establish|build|close|end|fund|buy"
)
_STOPS = r"(?:in|on|by|at|from|to|and|or|after|before|during|since|last|this|next|because|as|when)\b"
_WORD = rf"(?!{_STOPS})[\w'’&-]+"
_MADE = re.compile(
    rf"^ {_ASIDE}(?:{_MAKES}) (?P<own>(?:its|their|his|her) )?(?P<what>{_WORD}(?: {_WORD}){{0,8}}?(?:(?<=[a-z]) (?:and|&)(?: [A-Z][\w'’-]*)+(?: {_WORD}){{0,4}})?)(?= {_STOPS}|$)"
)
_WHICH_HAVE = re.compile(
    r"^(?:which|what) (?:[\w-]+ ){0,2}?(?:districts|boroughs|towns|cities|counties|councils|areas|places|villages|parishes|"
    r"wards|regions|neighbourhoods|localities|partnerships) (?:have|has) (?P<what>.+)$",
    re.IGNORECASE,
)
_WHICH_ONE = re.compile(
    rf"^(?:(?:and|but|so),? )*(?:which|what) (?P<thing>plan|strategy|programme|scheme|service|project|fund) "
    rf"(?P<does>(?!(?:{AUXILIARY})\b)[a-z]+s .+)$",
    re.IGNORECASE,
)
VERB = re.compile(rf"\b(?:{AUXILIARY}|who|what|which)\b", re.IGNORECASE)
_TITLE = re.compile(r"(?:Dr|Mr|Mrs|Ms|Miss|Cllr|Councillor|Professor|Prof|Sir|Dame|Lord|Lady)\b")


def meant(question: str, names: Names) -> str:
    """What "it" stands for after a question: who does what it asks of, or whose the thing is that it asked for ("the
    income of X"), or else what it is about, with where and when."""
    if parts := parts_of(question):
        question = parts[0].text  # what the second asks leans on the first
    at = subject(question, names)
    about = at.of(question) if at else ""
    doer = doer_at(question, names)
    if owner := had_by(about)[0]:
        return owner
    if doer and (_TITLE.match(doer.of(question)) or SAYS.search(question)):
        return about  # what is told of, not who tells it
    said = sized(question) or (doer.of(question) if doer else counted_at(question))
    if which := _which(question):
        return which["what"]
    if undergone := _undergone(question):
        return undergone
    at = topic_at(question)
    whole = at.of(question) if at else ""
    return said or (things_of(question, names) if VERB.search(whole) else "") or whole


def _undergone(question: str) -> str:
    """The thing of which a question asks when, where, why or how something was done to it ("When was the plan approved?");
    empty for others."""
    clause = _ASKED.match(question.rstrip(" ?.!"))
    if clause is None or clause["things"].strip() or clause["aux"].lower() in ("does", "do", "did"):
        return ""
    if not _WHEN.match(question):
        return ""
    found = _UNDERGONE.match(clause["rest"])
    return found["what"] if found else ""


def doer_at(question: str, names: Names) -> Span | None:
    """Where a question names who or what does the thing that it asks about ("What does X lead?"): a body, a name or a
    document; None where it names nobody."""
    clause = _ASKED.match(question.rstrip(" ?.!"))
    if clause is None or clause["aux"].lower() not in _ACTS:
        return None
    first, rest = clause.start("rest"), clause["rest"]
    known = (
        at for at in (names.body_in(rest), names.place_in(rest)) if at and rest[: at.start] in ("", "the ")
    )
    known = (at for at in known if rest[at.end : at.end + 1] not in ("'", "’"))
    ends = [found.end() for found in (_DOER.match(rest),) if found] + [at.end for at in known]
    return Span(first, first + max(ends)) if ends else None


def sized(question: str) -> str:
    """What a question asks the size of ("How big is X?"); empty for others."""
    found = _SIZE.match(question.rstrip(" ?.!"))
    return found["what"] if found else ""


def is_deed(question: str) -> bool:
    """Whether a question counts who did something ("How many people came?"), so that its topic is a deed."""
    return bool(_DEED.match(question))


def counted_at(question: str) -> str:
    """The place or name at which a question counts what was done ("awards made in round 4 of X"): that; empty for
    others."""
    clause = _ASKED.match(question.rstrip(" ?.!"))
    done = _done(clause) if clause and clause["things"] else None
    where = _WHERE.match(done["where"] or "") if done else None
    return where["what"] if where else ""


def things_of(question: str, names: Names) -> str:
    """The things that a question asks for, with what it says of them ("the plans that X leads"), as "those" means them;
    empty where it asks for no things."""
    bare = question.rstrip(" ?.!").removesuffix(": list all")
    clause = _ASKED.match(bare)
    if clause is None:
        which = _which(bare)
        return f"the {which['things']} that {which['does']}" if which else ""
    things, rest = clause["things"].strip(), clause["rest"]
    if not things:
        return ""
    if there := _THERE_ARE.match(rest):
        return f"{things} {there['where'] or ''}".strip()
    if done := _done(clause):
        some = f"the {things}" if bare.lower().startswith(("which", "what")) else things
        return f"{some} {done['done']} {done['where']}" if done["where"] else some
    doer = doer_at(bare, names)
    if doer is None:
        return ""
    told = _told(bare, clause["aux"].lower(), doer)
    return f"the {things} that {told}" if told else f"the {things} of {doer.of(bare)}"


def _done(clause: re.Match[str]) -> re.Match[str] | None:
    """What was done to the things of a clause ("made in round 4"); None where somebody does it ("does Garden Trust buy")."""
    return None if clause["aux"].lower() in ("does", "do", "did") else _DONE.match(clause["rest"])


def one_asked_for(question: str) -> str:
    """The one thing that a question asks for by what it does ("Which plan covers X?"), as "it" means it; empty where it
    asks for none."""
    found = _WHICH_ONE.match(question.rstrip(" ?.!"))
    return f"the {found['thing']} that {found['does']}" if found else ""


def object_at(question: str) -> Span | None:
    """Where a question that asks which things do something says to what ("Which districts chose X?")."""
    which = _which(question)
    return Span(*which.span("what")) if which else None


def done_to(question: str, names: Names) -> str:
    """The thing that a question says somebody made, agreed or began ("When did X approve the plan?"); empty where it names
    none."""
    bare = question.rstrip(" ?.!")
    clause, doer = _ASKED.match(bare), doer_at(bare, names)
    if clause is None or doer is None or clause["things"].strip():
        return ""
    found = _MADE.match(bare[doer.end :])
    if found is None:
        return ""
    what = found["what"]
    named = what[0].isupper() and not found["own"]
    return what if named or what.startswith(("the ", "a ", "an ")) else f"the {what}"


def one_does(question: str, one: str) -> str:
    """A question which places have something, asked of one of them ("Which towns have X?" as "Does Upton have X?"); empty for
    others."""
    found = _WHICH_HAVE.match(question.rstrip(" ?.!"))
    return f"Does {one} have {found['what']}?" if found else ""


def things_at(question: str) -> Span | None:
    """Where a question that asks how many things there are or somebody has, or which, names the things."""
    clause = _ASKED.match(question.rstrip(" ?.!"))
    if clause is None or not clause["things"].strip():
        return None
    return Span(clause.start("things") + 1, clause.end("things"))


def _which(question: str) -> re.Match[str] | None:
    """How a question asks which things do something, where its topic is not what they do it to."""
    which, at = _WHICH.match(question.rstrip(" ?.!")), topic_at(question)
    return which if which and at and at.of(question).lower().startswith(("which ", "what ")) else None


def _third(verb: str) -> str:
    """A verb as it stands after a name ("lead" as "leads")."""
    if verb in ("not", "also") or verb.endswith("ly"):
        return f"does {verb}"
    if verb == "have":
        return "has"
    if re.search(r"(?:s|sh|ch|x|o)$", verb):
        return f"{verb}es"
    return f"{verb[:-1]}ies" if re.search(r"[^aeiou]y$", verb) else f"{verb}s"


def _told(question: str, aux: str, doer: Span) -> str:
    """Who does what, as it is told: "X leads" for "does X lead"; empty where they only have it."""
    does = question[doer.end :].strip()
    verb, _, rest = does.partition(" ")
    if verb in ("have", "get", "receive") and not rest:
        return ""
    told = _third(verb) if aux == "does" else verb if aux == "do" else f"{aux} {verb}"
    return f"{doer.of(question)} {told} {rest}".strip()

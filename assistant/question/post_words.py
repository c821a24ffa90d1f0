"""The words for posts that people hold, and which of them a question asks for."""

from __future__ import annotations

import re

from corpus.text import fold

# Each word that makes a phrase the name of a post, and the words that say the same.
POSTS = {
    "chair": "chair|chairs|chairman|chairwoman|chairperson|chairmen|chaired|chairing",
    "chief executive": "chief executive|chief executives|chief exec|ceo|boss",
    "chief constable": "chief constable",
    "director": "director|directors",
    "manager": "manager|managers|manages",
    "officer": "officer|officers",
    "leader": "leader|leaders",
    "member": "cabinet member|cabinet members|portfolio holder|executive member",
    "head": "head of|heads|headed",
    "author": "author|authors|authored|wrote|written by",
    "counsel": "counsel",
    "secretary": "secretary|secretaries",
    "treasurer": "treasurer",
    "clerk": "clerk",
    "coordinator": "coordinator|co-ordinator",
    "adviser": "adviser|advisor|advisers|advisors",
    "consultant": "consultant|consultants",
    "minister": "minister",
    "ambassador": "ambassador|ambassadors",
    "commissioner": "commissioner",
    "mayor": "mayor",
    "president": "president",
    "editor": "editor|edited",
    "analyst": "analyst",
    "solicitor": "solicitor",
    "trustee": "trustee|trustees",
}
POST_OF = {word: post for post, words in POSTS.items() for word in words.split("|")}
POST = re.compile(rf"\b(?:{'|'.join(sorted(POST_OF, key=len, reverse=True))})\b", re.IGNORECASE)

SIGNATORY = "signatory"  # who signed a paper: no post
_SIGNED = re.compile(
    r"\bwho(?:se names?)? (?:(?:has|have|had|is|are|was|were) )?(?:the )?(?:sign(?:ed)?(?! (?:up|off|in|on|language)\b)|signator(?:y|ies)(?: (?:of|to))?|"
    r"put (?:his|her|their|its) names? to) (?P<what>.+)|"
    r"\b(?:which|what) (?:\w+ )?(?:people|persons?|officers?) signed(?! (?:up|off)\b) (?P<people>.+)|"
    r"\bby whom (?:is|was|were) (?P<by>.+) signed\b|\bwho (?:is|was|were|are) (?P<passive>.+) signed by\b"
)

_ASKED = re.compile(
    r"\bwho(?:'s| is| was| are| were| will be| became)? (?:(?:the|our|its|currently|now|named as|acting as) )*(?P<role>.+)|"
    r"\bname(?:s)?(?: and \w+)? (?:of )?(?:the )?(?P<named>.+)|"
    r"\bwhich (?:person|people) (?:is|are|was|were) (?P<which>.+)|\bwhich (?:councillor|member|officer|person) (?P<did>.+)|"
    r"\bwhich (?P<post>(?:cabinet member|portfolio holder|(?:corporate |executive )?director|head of|manager) .+)|"
    r"^(?P<keywords>(?:[\w'&/-]+ ){1,9}authors?)(?: and (?:the )?\w+)?\W*$"
)
_ASIDE = re.compile(r",? (?:as )?(?:named|listed|shown|given|according|mentioned)\b.*$")
_ABOUT = re.compile(r"\b(?:for|about|with|to|by|on|in|at|of|who|that|as)\b")


def post_asked(folded: str) -> tuple[str, str] | None:
    """The kind of post that a folded question asks for the holder of, and how it names the post; SIGNATORY and what was
    signed where it asks for that; None where it asks for none."""
    if signed := _SIGNED.search(folded):
        return SIGNATORY, next(filter(None, signed.groups()))
    asked = _ASKED.search(folded)
    role = _ASIDE.sub("", next(filter(None, asked.groups()), "")) if asked else ""
    word = POST.search(role)
    if word is None or _ABOUT.search(role[: word.start()]):
        return None  # "responsible for training officers" asks for something else
    return POST_OF[word.group()], role


def tells_post(kind: str, text: str) -> bool:
    """Whether a text speaks of a post of a kind; of who signed every text may."""
    return kind == SIGNATORY or any(POST_OF[fold(word)] == kind for word in POST.findall(text))

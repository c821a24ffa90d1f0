"""What a message wants of Ledby itself and no paper holds: advice, a view, a text of its own."""

from __future__ import annotations

import re

from assistant.question.understand import SENTENCE

_RELATIVE = r"(?:mum|mother|dad|father|son|daughter|child|husband|wife|partner|nan|gran\w*|brother|sister|neighbour|friend)"
_FOR_ONESELF = re.compile(
    r"(?:^|[.,;:!?] *| [-–—] )(?:(?:so|and|but|please|ok|okay|well),? )*+(?:"
    r"(?:should|shall|ought) i (?!be|expect|contact|ask|speak|talk|write|report|bring|read|include|send|apply|find|look)|"
    r"what (?:should|shall|ought|would you|do you think) i\b(?! .*\b(?:suspect|worried|concerned))|"
    r"(?:is|would) it (?:be )?(?:\w+ )?(?:safe|ok|okay|alright|all right|wise|sensible|best|better|worth)(?: for me to| if i| me| my)\b|"
    r"(?:can|could|may) i (?:safely )?(?:stop|skip|double|mix) (?:taking )?(?:my|it|them|these|those)\b|"
    rf"would(?: you|n't you) (?:(?:rather|really|still|ever|just|consider) )*(?:(?:put|putting|move|moving|send|sending|keep|leave|take) (?:him|her|them|(?:my|your|the) "
    rf"(?:kids|children|{_RELATIVE})|{_RELATIVE})\b(?! know\b)|(?:buy|choose|pick|trust|vote|invest|hire)\b)|"
    r"do you (?:think|reckon) i (?:should|ought|need)\b|which (?:one )?(?:would you|should i)\b)"
    r"|\bif you were me\b|\bwhat (?:would|do|can) you (?:suggest|advise|recommend)\W*$"
    rf"|\b(?:if|whether|is|are) my (?:\w+ )?{_RELATIVE} (?:is |are )?(?:being |getting )?(?:abused|neglected|hurt|mistreated|exploited|groomed)\b"
)
_BY_PAPERS = re.compile(
    r"\baccording to\b|\bcovered (?:in|by) the\b|\b(?:plans?|strateg(?:y|ies)|documents?|reports?) (?:say|says)\b|"
    r"\bunder the (?:[\w'-]+ ){0,3}(?:plan|strategy|policy)\b"
)
_TO_WHOM = re.compile(
    r"\b(?:who|whom|where|how) (?:do|should|can|could|would|must) (?:i|we|you|one) (?:report|contact|tell|call|ring|speak|talk|write)\b"
)
_QUOTED = re.compile(r'"[^"]*"')
_PRAISED = r"(?:good|bad|great|poor|terrible|awful|brilliant|rubbish|decent|lovely|horrible)"
_FORM = r"(?:poem|limerick|haiku|song|rap|rhyme|joke|sonnet|fairy ?tale|bedtime story)"
_VIEW = re.compile(
    r"\bdo you (?:agree|think|believe|reckon|feel)\b(?! (?:you|i|we|there)\b)|"
    r"(?<!give )\byour (?:own )?(?:view|opinion|thoughts|take|favou?rite)\b|\b(?:matters?|important|likes?) (?:the )?most to you\b|"
    r"^(?:is|was|are|were) it (?:really )?(?:(?:right|wrong|wise|silly|stupid|justified) (?:to|of|for)|(?:un)?fair (?:to(?! say\b)|of|for|that))\b|"
    rf"^(?:is|was|are|were) (?:[\w'&.-]+ ){{1,8}}an? (?:really |very )?{_PRAISED} \w+(?: \w+)?\W*$|"
    r"^(?:is|was|are|were) (?!.*\b(?:seen|described|called|considered|said|thought)\b).*\ba waste of (?:time|money)\b|"
    r"^(?:who |which (?:\w+ ){1,3})(?:is|was|did|does|has done|is doing|was doing) (?:doing )?(?:a|the) (?:better|best|worse|worst) job\b|"
    r"^(?:who|which)\b.* (?:is|are|has been|have been) (?:doing|coping) (?:the )?(?:better|best|worse|worst)(?: so far| overall)?\W*$|"
    rf"\b(?:as|into|in the form of|write(?: me)?|compose|make(?: me)?|tell me|sing(?: me)?) an? (?:\w+ )?{_FORM}\b|"
    r"^(?:please )?(?:pretend|imagine) (?:to be|you(?:'re| are)?)\b"
)


def asks_advice(folded: str) -> bool:
    """Whether all that a message asks is what its writer should do ("should I stop taking them?")."""
    asking = [one for one in SENTENCE.split(folded) if one.endswith("?")] or [folded]
    return all(
        _FOR_ONESELF.search(one) and not _BY_PAPERS.search(one) and not _TO_WHOM.search(one) for one in asking
    )


def asks_view(folded: str) -> bool:
    """Whether a message asks what Ledby itself thinks ("was it right to close it?"), or for something made up."""
    return bool(_VIEW.search(_QUOTED.sub(" ", folded))) and not _BY_PAPERS.search(folded)

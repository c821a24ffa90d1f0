"""Somebody who tells, in the first person, of harm to themselves: help is pointed to, nothing is looked up."""

from __future__ import annotations

import re

from corpus.text import fold

_HARM = r"(?:kill|hurt|harm|cut|hang|poison|drown|starve)(?:ing|ting)?"
_DONE = (  # what somebody does to another
    r"(?:hits?|hitting|beats?|beaten|beating|hurts?|hurting|abus(?:es?|ed|ing|ive to)|rap(?:es?|ed|ing)|"
    r"attack(?:s|ed|ing)?|assault(?:s|ed|ing)?|threaten(?:s|ed|ing)?|strangl(?:es?|ed|ing)|chok(?:es?|ed|ing)|"
    r"punch(?:es|ed|ing)?|kick(?:s|ed|ing)?|slap(?:s|ped|ping)?|stalk(?:s|ed|ing)?|groom(?:s|ed|ing)?|"
    r"molest(?:s|ed|ing)?|touch(?:es|ed|ing)|traffick(?:s|ed|ing)|(?:\w+ )?to (?:kill|hurt|rape|hit))"
)
_SUFFERED = (
    r"(?:abused|raped|attacked|assaulted|beaten(?: up)?|hit|hurt|threatened|strangled|stalked|trafficked|groomed|"
    r"molested)"
)
_SOMEBODY = (
    r"(?:my (?:ex[- ])?(?:\w+ )?(?:husband|wife|partner|boyfriend|girlfriend|ex|fiancee?|father|dad|mother|mum|step\w+|"
    r"brother|sister|son|daughter|uncle|aunt|cousin|grand\w+|parents?|family|carers?|boss|teacher|friend|neighbours?|"
    r"landlord)|someone|somebody|he|she|they|a (?:man|woman)|people)"
)
_OFTEN = r"(?:(?:is|are|was|has|have|had|been|keeps?|always|just|often|sometimes|also|tried|trying|wants?|threatens) )"
_I_AM = r"i(?: am|'?m| was| feel| felt| have been|'ve been)"
_DANGER = re.compile(
    rf"\b{_HARM} myself\b|\b(?:end|ending|take|taking) my (?:own )?life\b|\b{_I_AM} (?:\w+ ){{0,2}}suicidal\b"
    r"|\bi (?:\w+ ){0,3}(?:want|wish|going|plan) to (?:die|be dead|end it(?: all)?)\b"
    r"|\bi wish i (?:was|were) dead\b|\bi (?:do not|don'?t) want to (?:live|be alive|be here)\b"
    r"|\bi (?:can'?t|cannot) go on(?: any ?more)?(?=\W*$)|\bi (?:\w+ )?self[- ]harm\b|\bi(?: am|'m) self[- ]harming\b"
    r"|\bi(?:'ve)? (?:have )?(?:just )?(?:taken|took) an overdose\b"
    r"|\bi (?:\w+ ){0,3}(?:attempted|committing|thinking (?:of|about)|thoughts of|considering) (?:commit\w* )?suicide\b"
    rf"|\b{_SOMEBODY} {_OFTEN}*{_DONE} (?:me|my (?:child|children|kids|son|daughter|baby|mum|mother))\b"
    rf"|\b(?:{_I_AM}|i got) (?:being )?{_SUFFERED}(?= by|\W*$| at| last| and)|\b{_I_AM} (?:not safe|in danger)(?=\W*$| at)"
    rf"|\b{_I_AM} (?:so )?(?:scared|afraid|frightened|terrified) of (?:my|him|her|going home)\b"
    r"|\bi (?:do not|don'?t) feel safe(?=\W*$| at home| with)"
)


def in_danger(message: str) -> bool:
    """Whether somebody tells that they mean to harm themselves, or are harmed by somebody."""
    return bool(_DANGER.search(fold(message)))

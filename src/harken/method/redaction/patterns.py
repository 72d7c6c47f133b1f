"""Things that look the same in every text: numbers, addresses of all kinds, dates.

British forms. The dates are those that tell one event from another; a bare year or month
is left to the reader.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from harken.method.redaction.kinds import Mark, MarkKind, MarkSource

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?"
    r"|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_FEAST = (
    r"christmas(?: eve| day)?|boxing day|new year'?s(?: eve| day)|easter(?: \w+day)?"
    r"|valentine'?s(?: day)?|halloween|bonfire night|mother'?s day|father'?s day"
    r"|eid|diwali|hanukkah|ramadan"
)
_WAY = r"(?:road|rd|street|lane|avenue|ave|crescent|terrace|gardens|grove|mews)"
_CAPITAL_WAY = (
    r"(?:Road|Rd|Street|St|Lane|Avenue|Ave|Crescent|Close|Drive|Terrace|Gardens|Grove"
    r"|Place|Walk|Way|Row|Rise|Parade|Wharf|Reach|Yard|Mews|Hill|Square|Park)"
)
_NOT_A_NAME = r"(?:the|a|my|our|your|his|her|their|this|that|main|same|next|busy|whole)"
_OUTWARD = r"[a-z]{1,2}\d[a-z\d]?"
_INWARD = r"\d[abd-hjlnp-uw-z]{2}"
_RANK = (
    r"(?:w?pc|dc|ds|di|dci|pcso|sgt|sergeant|constable|officer|inspector"
    r"|badge|collar|shoulder)"
)
_CITED = r"(?:crime|incident|case|log|custody|claim|cad|urn|ref(?:erence)?)"

_ANY_CASE: tuple[tuple[MarkKind, str], ...] = (
    (MarkKind.EMAIL, r"[\w.+%'-]+@[\w-]+(?:\.[\w-]+)+"),
    (
        MarkKind.EMAIL,
        r"\b[\w.]+\s*(?:\(at\)|\[at\]|\bat\b)\s*"
        r"(?:gmail|hotmail|outlook|yahoo|icloud|live)\s*(?:dot|\.)\s*(?:com|co\.?\s?uk)",
    ),
    (MarkKind.WEB, r"(?:https?://|www\.)\S+"),
    (MarkKind.WEB, r"(?<![\w@.])@[a-z_]\w+"),
    (
        MarkKind.PHONE,
        r"(?<!\w)(?:\+\s?44[\s-]?(?:\(0\))?|\(?0)(?:[\s().-]?\d){8,10}(?!\d)",
    ),
    (MarkKind.PHONE, r"(?<!\w)\+\d{1,3}(?:[\s.-]?\d){7,12}(?!\d)"),
    (MarkKind.POSTCODE, rf"\b{_OUTWARD}\s?{_INWARD}\b"),
    (MarkKind.PLATE, r"\b[a-hj-pr-y]{2}\d{2}\s?[a-hj-pr-z]{3}\b"),
    (MarkKind.DATE, r"\b\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}\b"),
    (MarkKind.DATE, r"\b\d{4}-\d{2}-\d{2}\b"),
    (
        MarkKind.DATE,
        rf"\b\d{{1,2}}(?:st|nd|rd|th)?(?:\s+of)?\s+{_MONTH}\b\.?(?:,?\s+\d{{4}}\b|\s+'?\d\d\b)?",
    ),
    (MarkKind.DATE, rf"\b{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?\b(?:,?\s+\d{{4}}\b)?"),
    (MarkKind.DATE, rf"\b{_MONTH}\s+(?:of\s+)?(?:19|20)\d\d\b"),
    (
        MarkKind.DATE,
        r"\b(?:on\s+)?the\s+\d{1,2}(?:st|nd|rd|th)\b(?!\s+(?:time|floor|person|call))",
    ),
    (MarkKind.DATE, rf"\b(?:on|last|this|that|every|one)\s+{_DAY}\b"),
    (
        MarkKind.DATE,
        rf"\b(?:on|at|over|before|after|since|until|last|this|by)\s+(?:{_FEAST})\b",
    ),
    (
        MarkKind.DATE,
        r"\b(?:(?:on|before|after)\s)?(?:my|our|his|her|their)\s+(?:\w+'s\s+)?(?:\d+\w\w\s+)?"
        r"(?:birthday|wedding(?: day)?|anniversary|funeral)\b",
    ),
    (
        MarkKind.AGE,
        r"\b(?:\d{1,3}|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)"
        r"(?:[ -]\w+)?)[ -]?(?:years?|yrs?|months?|weeks?)?[ -](?:old|of age)\b",
    ),
    (MarkKind.NUMBER, r"\b[a-ceghj-prtw-z]{2}\s?(?:\d{2}\s?){3}[a-d]\b"),
    (MarkKind.NUMBER, r"\b\d{3}[ -]\d{3}[ -]\d{4}\b"),
    (MarkKind.NUMBER, rf"\b{_RANK}\s*(?:number|num|no\.?)?\s*#?\s*\d{{2,6}}\b"),
    (MarkKind.NUMBER, r"(?<![\w/])\d(?:[ -]?\d){5,18}(?![\w/])"),
    (
        MarkKind.REFERENCE,
        rf"\b{_CITED}\s*(?:ref(?:erence)?)?\s*(?:number|num|no\.?)?\s*(?:is|was|:|#)?\s*"
        r"[a-z]{0,4}[/-]?\d[\da-z]{2,}(?:[/-][\da-z]+)*\b",
    ),
    (
        MarkKind.REFERENCE,
        r"(?<![\w/])(?:[a-z]{1,4}[/-])?\d{3,10}[/-]\d{2,8}(?:[/-]\w+)?\b",
    ),
    (MarkKind.AGE, r"\baged?\s+\d{1,3}\b"),
    (MarkKind.PLACE, r"\b(?:flat|apartment|apt|unit|room)\s+(?:no\.?\s*)?\d+\w?\b"),
    (MarkKind.PLACE, rf"\b\d{{1,4}}[a-d]?,?\s+[\w']+\s+(?:[\w']+\s+)?{_WAY}\b"),
    (
        MarkKind.PLACE,
        rf"\b(?:on|in|at|near|from|off|of|to|behind|outside|along|down|up)\s+"
        rf"(?!{_NOT_A_NAME}\b)[\w']+\s+{_WAY}\b",
    ),
)
_CAPITALS: tuple[tuple[MarkKind, str], ...] = (
    (MarkKind.PLATE, r"\b[A-Z]\d{1,3}\s?[A-Z]{3}\b"),
    (MarkKind.PLATE, r"\b[A-Z]{3}\s?\d{1,3}[A-Z]\b"),
    (MarkKind.REFERENCE, r"\b[A-Z]{1,5}\d{4,}\w*\b"),
    (MarkKind.POSTCODE, r"(?<=\b(?:in|at|of|to) )[A-Z]{1,2}\d{1,2}[A-Z]?\b"),
    (MarkKind.POSTCODE, r"(?<=\b(?:near|from) )[A-Z]{1,2}\d{1,2}[A-Z]?\b"),
    (MarkKind.PLACE, r"(?:\b\d{1,4}[a-d]?,?\s+)?\b(?:[A-Z][\w'\u2019]+\s+){1,3}"
     rf"{_CAPITAL_WAY}\b"),
)  # fmt: skip
_COMPILED = (
    *((kind, re.compile(source, re.IGNORECASE)) for kind, source in _ANY_CASE),
    *((kind, re.compile(source)) for kind, source in _CAPITALS),
)


def patterned(text: str) -> Iterator[Mark]:
    """Every place of the text that has one of the forms."""
    for kind, pattern in _COMPILED:
        for found in pattern.finditer(text):
            start, end = found.span()
            start += len(found[0]) - len(found[0].lstrip())
            yield Mark(start, end, kind, MarkSource.PATTERN)

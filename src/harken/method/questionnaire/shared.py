"""Words that every questionnaire needs, and the names an author may not take."""

from __future__ import annotations

import re

from harken.method.questionnaire.document import variables
from harken.method.questionnaire.syntax import RESERVED
from harken.method.terms import Missing

ID = re.compile(r"[a-z][a-z0-9_]{0,39}")
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
DATE_LIKE = re.compile(r"[0-9]{4}-[0-9]{2}(-[0-9]{2})?")

WORDS = {
    "refusal.dont_know": "Don't know",
    "refusal.cant_remember": "Can't remember",
    "refusal.prefer_not_to_say": "Prefer not to say",
    "consent.yes": "Yes",
    "consent.no": "No",
    "yes_no.yes": "Yes",
    "yes_no.no": "No",
    "announcement.continue": "Continue to these questions",
    "announcement.skip": "Skip these questions",
    "say.text": "Please say more.",
    "unit.years": "years",
    "unit.months": "months",
    "unit.weeks": "weeks",
    "unit.days": "days",
    "unit.hours": "hours",
    "unit.minutes": "minutes",
    "unit.seconds": "seconds",
    "routing.if": "Only if {condition}.",
    "routing.question": "question {number}",
    "routing.and": "and",
    "routing.or": "or",
    "routing.not": "not ({part})",
    "routing.is": "{name} is {value}",
    "routing.is_not": "{name} is answered with anything but {value}",
    "routing.below": "{name} is below {value}",
    "routing.at_most": "{name} is at most {value}",
    "routing.above": "{name} is above {value}",
    "routing.at_least": "{name} is at least {value}",
    "routing.within": "{name} is one of {values}",
    "routing.outside": "{name} is answered with none of {values}",
    "routing.has": "{name} includes {value}",
    "routing.answered": "{name} is answered",
    "routing.refused": "{name} was declined or not known",
    "routing.each": "Asked once for each line, at most {number} times.",
}
"""Words every questionnaire needs; ``words:`` in the file replaces them."""

SHARED = tuple(sorted({f"{key.partition('.')[0]}." for key in WORDS}))
"""The beginnings of keys that are no question's own."""

TAKEN = frozenset(missing.word for missing in Missing)
NOT_IDS = (
    RESERVED
    | TAKEN
    | set(variables(()))
    | {key.partition(".")[0] for key in WORDS}
    | {"section", "list", "line", "label", "row", "ballot", "nothing"}
    | {"ref", "week", "proxy"}
)
NOT_CODES = TAKEN | {"text", "telephone", "print", "hint", "note", "unit"}

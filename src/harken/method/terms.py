"""Words that three or more rooms use. A word belongs here only when it is in GLOSSARY.md.

Nothing here knows a question, an entitlement or a person.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import NewType

CaseRef = NewType("CaseRef", str)
"""One person's place in a study: 32 random hexadecimal digits, identity side only."""

ResponseRef = NewType("ResponseRef", str)
"""One pseudonymous response: 32 random hexadecimal digits, answers side only."""

Language = NewType("Language", str)
"""A BCP 47 tag such as ``en`` or ``pl``."""


class Mode(StrEnum):
    """How an interview is held (AAPOR: mode of data collection)."""

    WEB = "web"
    TELEPHONE = "telephone"


class Speaker(StrEnum):
    """Who speaks in a telephone interview (SAF-15).

    Besides the person: the parent or guardian of somebody under 18, the close relative or
    spokesperson of a family somebody was killed in, the spokesperson of somebody too
    badly injured or disabled. The Code knows no others, and neither do we.
    """

    PERSON = "person"
    PARENT = "parent"
    FAMILY = "family"
    SPOKESPERSON = "spokesperson"


class Arm(StrEnum):
    """How a person came to the study. The two arms are never pooled silently."""

    SAMPLE = "sample"
    OPEN = "open"


class Missing(IntEnum):
    """The kinds of no answer, kept apart everywhere; the numbers are the file's codes."""

    PREFER_NOT_TO_SAY = -9
    DONT_KNOW = -8
    CANT_REMEMBER = -7
    NO_ANSWER = -6
    NOT_ASKED = -1

    @property
    def word(self) -> str:
        """The kind as written in study folders and forms, such as ``dont_know``."""
        return self.name.lower()


REFUSALS = (
    Missing.DONT_KNOW,
    Missing.CANT_REMEMBER,
    Missing.PREFER_NOT_TO_SAY,
)
"""The three kinds of no answer that a respondent may choose."""

STANDS = "!"
"""After a question's id: whether, or why, its answer was let stand against a warning."""


class Role(StrEnum):
    """Who someone is in the house. What a role may do is in service.accounts."""

    INTERVIEWER = "interviewer"
    MANAGER = "manager"
    HELPDESK = "helpdesk"
    STATISTICIAN = "statistician"
    GUARDIAN = "guardian"
    SAFEGUARDING = "safeguarding"
    CONTROLLER = "controller"
    REDACTOR = "redactor"
    CODER = "coder"
    ADMINISTRATOR = "administrator"
    RESPONDENT = "respondent"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something: a label fit for the ledger (never a name) and a role."""

    label: str
    role: Role


SYSTEM = Actor("system", Role.SYSTEM)
RESPONDENT = Actor("respondent", Role.RESPONDENT)


class DataClass(StrEnum):
    """What a stored field is. Retention and disposal follow from it (STYLE 4.9)."""

    IDENTIFYING = "identifying"
    LINKING = "linking"
    ANSWER = "answer"
    DESIGN = "design"
    OPERATIONAL = "operational"
    PUBLIC = "public"

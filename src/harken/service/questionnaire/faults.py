"""What can go wrong with an instrument in the house; the author's faults are method's."""

from __future__ import annotations

from harken.method.errors import Exit, Fault

NO_INSTRUMENT = Fault(
    "QUE-060",
    "The study '{study}' has no questionnaire.",
    "The folder it was loaded from holds no questionnaire.yaml.",
    "Add the file and load the study again.",
)
NO_VERSION = Fault(
    "QUE-061",
    "The study '{study}' has no frozen version '{version}'.",
    "The version was never frozen, or belongs to another study.",
    "See the versions with 'harken questionnaire pages'.",
)
ALREADY_FROZEN = Fault(
    "QUE-062",
    "Version '{version}' of '{study}' is frozen with other words.",
    "Respondents have been asked from it; what they saw may not change.",
    "Give the changed questionnaire a new version.",
    exit=Exit.REFUSED,
)
NOT_SOUND = Fault(
    "QUE-063",
    "The questionnaire of '{study}' has {count} errors and cannot be frozen.",
    "A frozen instrument is one that every person can be asked from.",
    "Settle each finding below, load the study again, then freeze it.",
)
"""Followed by the findings themselves."""

NOT_IN_LANGUAGE = Fault(
    "QUE-064",
    "The questionnaire has no texts in '{language}'.",
    "No translation file of that language was read.",
    "Use one of: {known}.",
)

NOT_IN_INSTRUMENT = Fault(
    "QUE-065",
    "The questionnaire has no {what} '{name}'.",
    "The marginals were written for another version, or a name is misspelt.",
    "Use the ids and codes that 'harken questionnaire pages' shows.",
)

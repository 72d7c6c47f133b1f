"""What can be wrong in contacting people. No entry ever names one."""

from __future__ import annotations

from harken.method.errors import Exit, Fault

UNLAWFUL_STEP = Fault(
    "CON-001",
    "A case with the disposition {now} cannot become {wanted}.",
    "A final disposition is left only by the steps of the transition table.",
    "Choose an outcome that fits, or leave the case as it is.",
    exit=Exit.REFUSED,
)
NO_ADDRESS_FIELD = Fault(
    "CON-002",
    "The letter uses the field {{{name}}}, which letters do not have.",
    "The name is misspelt, or the fact is not given to letters.",
    "Use one of: {known}.",
)
NOT_IN_LETTERS = Fault(
    "CON-003",
    "The letter uses {what}, which printed letters do not have.",
    "Letters are paragraphs, headings, lists, strong and emphasised words.",
    "Write it as plain text.",
)
REVEALING = Fault(
    "CON-004",
    "The word '{word}' stands where somebody else in the house may read it.",
    "The {where} must not show that the person was a victim of a crime (SAF-04).",
    "Use neutral words, such as 'public services survey'.",
)
NEEDS_FIELD = Fault(
    "CON-005",
    "The letter never shows {{{name}}}.",
    "Without it the person cannot answer, or cannot say no.",
    "Add the field to the text.",
)
EMPTY_LETTER = Fault(
    "CON-006",
    "The letter is empty.",
    "The file is missing from the study folder, or holds no text.",
    "Write letters/{name}.",
)
UNSAFE_WAYS = Fault(
    "CON-007",
    "The safe ways to reach the person cannot be kept: {why}.",
    "Calls and letters obey this record, so that it must say something they can obey.",
    "Ask the person again, and put it right.",
)

"""The vault's catalogue of faults. None of them may ever carry a code, key or name."""

from __future__ import annotations

from harken.method.errors import Exit, Fault

CODE_SHAPE = Fault(
    "VAU-001",
    "The code has {found} letters and figures; a code has 12.",
    "Something was left out or added when the code was typed.",
    "Type the twelve letters and figures of the letter; dashes and blanks may stay out.",
)
CODE_SYMBOL = Fault(
    "VAU-002",
    "The character at place {place} of the code is never used in a code.",
    "Codes have no vowels and none of 0, 1, 5, B, L, S, U, Y, Z: they look like others.",
    "Look at that place again and type what the letter shows.",
)
CODE_CHECK = Fault(
    "VAU-003",
    "The code holds a typing mistake.",
    "Its last character checks the others, and they do not agree.",
    "Compare the code with the letter, one group at a time.",
)
WRONG_SECRET = Fault(
    "VAU-004",
    "The code is not right.",
    "It is unknown, was used, has ended or was withdrawn; nobody is told which.",
    "Compare it with the letter, or ask the helpdesk.",
    exit=Exit.REFUSED,
)
NOT_OPENED = Fault(
    "VAU-005",
    "A sealed record cannot be opened.",
    "It was changed, cut short, moved from its place, or sealed under another key.",
    "Restore it from a backup made by 'harken vault backup'; if that fails it is lost.",
    exit=Exit.FAULT,
)
UNKNOWN_FORMAT = Fault(
    "VAU-006",
    "A sealed record is of a format this version does not know.",
    "It was written by a later version of Harken, or is damaged.",
    "Use the version that wrote it.",
    exit=Exit.FAULT,
)
KEYRING_DAMAGED = Fault(
    "VAU-007",
    "The keyring is damaged at segment {segment}.",
    "A segment before the last cannot be opened under the epoch key.",
    "Stop the service and restore the keyring file from the newest backup.",
    exit=Exit.FAULT,
)
SLOT_DAMAGED = Fault(
    "VAU-008",
    "The holder's slot does not hold a readable epoch key.",
    "It was overwritten, or another key's slot was put in its place.",
    "If destruction was not meant, restore the slot from the second holder.",
    exit=Exit.FAULT,
)
BAD_REF = Fault(
    "VAU-009",
    "A case reference is not 32 hexadecimal digits.",
    "Case references are made by the service, never typed.",
    "Report this as a mistake of the program.",
    exit=Exit.FAULT,
)

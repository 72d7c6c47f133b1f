"""What can go wrong at the desk. No entry says whose text, or what it holds."""

from __future__ import annotations

from harken.method.errors import Exit, Fault

CLOSED = Fault(
    "RED-101",
    "The free-text desk of {study} closed on {day}.",
    "What nobody has read two days before the promised destruction is destroyed.",
    "Nothing more is read; the texts that were read have crossed.",
    exit=Exit.REFUSED,
)
NOT_HELD = Fault(
    "RED-102",
    "You do not have this text before you any more.",
    "It was given back, or twenty minutes passed and a colleague may have it.",
    "Take the next text.",
    exit=Exit.REFUSED,
)
NOTHING_TO_UNDO = Fault(
    "RED-103",
    "There is nothing of yours to take back.",
    "Only your own last step can be undone, and only until somebody has worked on.",
    "Tell whoever works on, or leave it.",
    exit=Exit.REFUSED,
)
NO_FRAME = Fault(
    "RED-104",
    "The study {study} has no code frame.",
    "Its folder holds no coding.yaml.",
    "Redacted words cross as they are; or add frames to the folder of the next study.",
    exit=Exit.REFUSED,
)
STILL_OPEN = Fault(
    "RED-105",
    "The free-text desk of {study} is open until {day}; {unread} texts are not done yet.",
    "To end it now would destroy them for good, and nobody could read them any more.",
    "Wait for the day (`--due` in the daily work), or add `--early` if that is meant.",
    exit=Exit.REFUSED,
)

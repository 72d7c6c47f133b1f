"""What can go wrong when a text is redacted or coded. No entry ever holds a text's words."""

from __future__ import annotations

from harken.method.errors import Exit, Fault

CHANGED = Fault(
    "RED-001",
    "The text says something that was not written.",
    "Words may be taken out and a placeholder put in their place; nothing else may "
    "change, so that nobody is made to say what they did not.",
    "Undo the change, and replace with a placeholder such as [name].",
)
STILL_THERE = Fault(
    "RED-002",
    "Something is still there that a person could be found by ({kinds}).",
    "A pattern or the person's own file says so.",
    "Replace it, or tick that you looked and it may stay.",
)
NO_CODE = Fault(
    "RED-003",
    "Choose at least one code of the frame.",
    "A text without a code tells the analysis nothing.",
    "Choose the code for what fits nowhere else when none fits.",
)
BAD_FRAME = Fault(
    "RED-004",
    "The code frame of '{question}' is not usable: {problem}.",
    "A frame needs a question that takes free text, and two codes or more, each with a "
    "name of its own in small letters.",
    "See docs/how-to/redact.md.",
)
NOTHING_KEPT = Fault(
    "RED-005",
    "Nothing is left of the text.",
    "A text without words is no answer.",
    "Choose 'Keep nothing of this text'.",
    exit=Exit.BAD_INPUT,
)

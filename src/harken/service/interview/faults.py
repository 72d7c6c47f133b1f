"""What can be wrong around an interview: the catalogue entries INT-020 and on."""

from __future__ import annotations

from harken.method.errors import Exit, Fault

STALE = Fault(
    "INT-020",
    "This page was answered somewhere else in the meantime.",
    "The interview is open in two windows, or the page came back from the browser's "
    "memory.",
    "Look at the page again and go on from there; nothing that was answered is lost.",
    exit=Exit.REFUSED,
)
ENDED = Fault(
    "INT-021",
    "This interview has ended.",
    "It was handed in or stopped; a case has one interview.",
    "Nothing more is needed. To withdraw it, use the receipt code.",
    exit=Exit.REFUSED,
)
STUDY_NOT_OPEN = Fault(
    "INT-022",
    "The study '{study}' takes no interviews.",
    "It is not open: it was not launched yet, or fieldwork is closed.",
    "See the study's calendar; open it with 'harken study open'.",
    exit=Exit.REFUSED,
)
BAD_PIN = Fault(
    "INT-023",
    "The PIN must have {digits} figures, not all alike and not in a row.",
    "It guards the answers against somebody who finds the return code.",
    "Choose {digits} figures that nobody close to you would try.",
)
NOT_RESUMED = Fault(
    "INT-024",
    "The code and the PIN do not open an interview.",
    "One of them is wrong or missing, the time to return has passed, or there were too "
    "many tries.",
    "Check both. The interview can be begun again, or held by telephone.",
    exit=Exit.REFUSED,
)
NO_VOICE = Fault(
    "INT-025",
    "The program {voice}, which reads aloud, is not installed.",
    "Recordings are made on this machine, so that no text leaves it.",
    "Install it (Debian: apt-get install espeak-ng opus-tools), or record the texts that "
    "'harken interview texts' lists.",
)
NOT_SPOKEN = Fault(
    "INT-026",
    "{voice} could not read a text in the language '{language}'.",
    "It may have no voice for the language.",
    "See 'espeak-ng --voices'; record the texts of this language by a person.",
)

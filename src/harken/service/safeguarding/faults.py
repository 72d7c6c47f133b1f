"""What can go wrong with alerts. No entry says who, or what was told."""

from __future__ import annotations

from harken.method.errors import Exit, Fault

NO_ALERT = Fault(
    "SGU-001",
    "There is no such alert.",
    "The link is old, or the alert was destroyed with its study.",
    "Go back to the list of alerts.",
    exit=Exit.REFUSED,
)
RESOLVED = Fault(
    "SGU-002",
    "This alert is already resolved.",
    "A decision is written once; a new concern is a new alert.",
    "Read the decision, or have a new alert raised.",
    exit=Exit.REFUSED,
)
NEEDS_REASON = Fault(
    "SGU-003",
    "A decision needs its reason.",
    "Whoever reads the record later must be able to follow it (SAF-41).",
    "Write in a sentence or two why you decided so.",
)
UNKNOWN_WORD = Fault(
    "SGU-004",
    "That is not one of the choices.",
    "The page sent a word this version does not know.",
    "Choose from the list.",
)
TOO_LONG = Fault(
    "SGU-005",
    "The text is longer than {limit} characters.",
    "The record keeps the minimum: what is needed to act, and no story.",
    "Shorten it to what somebody must know to act.",
)
NO_SHIFT = Fault(
    "SGU-007",
    "You have no shift to end.",
    "It was ended already, or never begun.",
    "Begin a shift on the page of calls.",
    exit=Exit.REFUSED,
)
REST = Fault(
    "SGU-008",
    "You rest until {until}.",
    "After a sensitive call, an alert, or two hours, everybody rests (SAF-45).",
    "Leave the desk; nobody is called by you meanwhile.",
    exit=Exit.REFUSED,
)
NOT_TAKEN = Fault(
    "SGU-006",
    "Take the alert before you open it further.",
    "Who acts on an alert is written down first.",
    "Choose 'I am dealing with this'.",
    exit=Exit.REFUSED,
)

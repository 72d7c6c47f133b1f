"""What can go wrong when answers are handed out or ended. No entry holds an answer."""

from __future__ import annotations

from harken.method.errors import Exit, Fault

STILL_KEPT = Fault(
    "RES-101",
    "The answers of {study} are kept until {day}.",
    "People were told that they serve statistics until then, and deletion is for good.",
    "Wait until the day has passed; one person's answers go with a withdrawal.",
    exit=Exit.REFUSED,
)

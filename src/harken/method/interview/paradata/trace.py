"""What is noted while a person answers, rounded before it is noted."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Any

ENDS = (5, 15, 30, 60, 120, 300)
"""Where a step of time ends, in seconds."""

STEPS = (
    "under 5 s",
    "5-15 s",
    "15-30 s",
    "30-60 s",
    "1-2 min",
    "2-5 min",
    "over 5 min",
)
LONGEST = 7_200
"""A page that was open for longer was put aside: its time says nothing."""

UNKNOWN = -1


class Device(StrEnum):
    """What the page was shown on, as far as the browser says so by itself."""

    PHONE = "phone"
    COMPUTER = "computer"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Trace:
    """How one interview was filled in.

    ``pages`` holds for each question the step of its first time (-1 unknown) and how
    often its answer was changed; ``left`` is the page on which the person stopped.
    """

    device: Device = Device.UNKNOWN
    pages: Mapping[str, tuple[int, int]] = field(
        default_factory=lambda: MappingProxyType({})
    )
    left: str = ""

    def noted(self, question: str, seconds: float | None, *, changed: bool) -> Trace:
        """With one page answered; ``changed`` when another answer stood before."""
        known = self.pages.get(question)
        step, edits = known or (step_of(seconds), 0)
        return replace(
            self, pages={**self.pages, question: (step, edits + int(changed))}
        )

    def plain(self) -> dict[str, object]:
        """For storing."""
        pages = {name: list(page) for name, page in self.pages.items()}
        return {"device": self.device.value, "pages": pages, "left": self.left}

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> Trace:
        """Read back what ``plain`` gave; nothing noted when there is nothing."""
        pages = {
            str(name): (int(step), int(edits))
            for name, (step, edits) in plain.get("pages", {}).items()
        }
        device = Device(plain.get("device", Device.UNKNOWN))
        return cls(device, pages, str(plain.get("left", "")))


def step_of(seconds: float | None) -> int:
    """The step of time these seconds fall into; -1 when they say nothing."""
    if seconds is None or not 0 <= seconds <= LONGEST:
        return UNKNOWN
    return bisect_right(ENDS, seconds)

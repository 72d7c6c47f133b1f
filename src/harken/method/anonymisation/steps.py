"""The steps of a destruction: one table, from which the manual's diagram is drawn.

A step may be entered again after a crash; none is ever gone back to.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Step(StrEnum):
    """How far a destruction has come."""

    PLANNED = "planned"
    ROTATE = "rotate"
    SHRED = "shred"
    SWEEP = "sweep"
    CERTIFY = "certify"
    ENDED = "ended"

    def following(self) -> Step:
        """The step after this one; raises ValueError after the last."""
        after = NEXT[self]
        if after is None:
            raise ValueError("the destruction has ended")
        return after


NEXT: Mapping[Step, Step | None] = {
    Step.PLANNED: Step.ROTATE,
    Step.ROTATE: Step.SHRED,
    Step.SHRED: Step.SWEEP,
    Step.SWEEP: Step.CERTIFY,
    Step.CERTIFY: Step.ENDED,
    Step.ENDED: None,
}


class Side(StrEnum):
    """The two sides whose people must agree: the collector and the commissioner."""

    PROCESSOR = "processor"
    CONTROLLER = "controller"


class Fate(StrEnum):
    """What became of an enrolled person's keys; live, under a later promise."""

    WITHDRAWN = "withdrawn"
    RECONTACT = "recontact"
    DESTROYED = "destroyed"
    LIVE = "live"

"""Disclosure rules as data: each with its threshold, authority, owner and date.

Two decisions are kept apart: what must be hidden, and what is merely unreliable.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum


class Suppression(StrEnum):
    """Whether a cell is hidden: not, for its own sake, or to protect another."""

    NONE = "none"
    PRIMARY = "primary"
    SECONDARY = "secondary"


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules of one study.

    ``threshold``: a figure standing on fewer people is hidden. ``flag_below``: a base
    under it is marked ``u``. ``minority``: within such a small base a figure is hidden
    too when fewer people than this gave the one answer or the other. ``round_to``:
    percentages are published to this many percentage points. ``reference`` and
    ``owner`` name the authority, ``reviewed`` the day it was last looked at.
    Raises ValueError when a threshold is negative.
    """

    threshold: int
    flag_below: int
    minority: int
    round_to: float
    reference: str
    owner: str
    reviewed: dt.date

    def __post_init__(self) -> None:
        if min(self.threshold, self.flag_below, self.minority, self.round_to) < 0:
            raise ValueError("a threshold is never negative")

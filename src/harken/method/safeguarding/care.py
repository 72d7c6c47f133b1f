"""What one interviewer may be asked to bear in a shift (SAF-45).

Without a shift that was begun with a private room, nobody gets a sensitive case.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from harken.method.study import Charter


@dataclass(frozen=True, slots=True)
class ShiftState:
    """How a shift stands.

    ``private_room`` was attested at its beginning; ``willing`` to take sensitive cases;
    ``sensitive`` counts those given. ``rested`` is when the last rest began or was owed.
    """

    began: dt.datetime
    private_room: bool
    willing: bool
    sensitive: int = 0
    rested: dt.datetime | None = None


def may_take_sensitive(charter: Charter, shift: ShiftState | None) -> bool:
    """Whether a sensitive case may be given: room attested, willing, below the cap."""
    return (
        shift is not None
        and shift.private_room
        and shift.willing
        and shift.sensitive < charter.safety.sensitive_a_shift
    )


def rest_until(
    charter: Charter, shift: ShiftState, now: dt.datetime
) -> dt.datetime | None:
    """Until when this interviewer rests; None when they may go on.

    A rest is owed after every sensitive call and every alert, which set ``rested``, and
    after the longest time of work without one.
    """
    rest = dt.timedelta(minutes=charter.safety.rest_minutes)
    last = shift.began if shift.rested is None else shift.rested + rest
    if shift.rested is not None and now < last:
        return last
    if now - last >= dt.timedelta(minutes=charter.safety.longest_minutes):
        return now + rest
    return None

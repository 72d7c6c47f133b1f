"""By when: a month to answer, 30 days to acknowledge, 72 hours to report, 24 to review.

The month is that of UK GDPR Articles 12(3) and 12A: the same day of the next month, its
last day where there is none, and the next working day where that day is none. The hours
are those of Article 33, and stop for no weekend and no change of the clocks. The thirty
days go past no weekend either, though the Commission's guidance would let them.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

ACKNOWLEDGE = dt.timedelta(days=30)
REPORT = dt.timedelta(hours=72)
REVIEW = dt.timedelta(hours=24)
EXTENDED = 2
"""Months by which a complex request may be answered later, with notice."""


@dataclass(frozen=True, slots=True)
class Clock:
    """One thing that is due: when, and how it stands at a moment."""

    due: dt.datetime
    done: bool
    at: dt.datetime

    @property
    def overdue(self) -> bool:
        """Whether its time has passed undone."""
        return not self.done and self.at > self.due

    @property
    def left(self) -> str:
        """The time left, in the largest unit that still says something."""
        if self.done:
            return "done"
        gap = abs(self.due - self.at)
        hours = int(gap.total_seconds() // 3600)
        size = f"{hours} hours" if hours < 73 else f"{hours // 24} days"
        return f"{size} too late" if self.overdue else f"{size} left"


def answer_by(
    received: dt.date,
    *,
    paused_days: int = 0,
    extended: bool = False,
    holidays: Collection[dt.date] = (),
) -> dt.date:
    """The day by which a request must be answered.

    ``paused_days`` are those from a question back to the person to its answer, both
    counted (Article 12A: they do not count towards the month).
    """
    months = 1 + (EXTENDED if extended else 0)
    day = _months_later(received, months) + dt.timedelta(days=paused_days)
    while day.weekday() >= 5 or day in holidays:
        day += dt.timedelta(days=1)
    return day


def acknowledge_by(received: dt.date) -> dt.date:
    """The last day to acknowledge a complaint (Data Protection Act 2018, section 164A)."""
    return received + ACKNOWLEDGE


def report_by(noticed: dt.datetime) -> dt.datetime:
    """The hour by which a breach that is a risk to people must be reported."""
    return _hours_later(noticed, REPORT)


def review_by(opened: dt.datetime) -> dt.datetime:
    """The hour by which somebody else has looked at an opening in an emergency.

    No law says so; it is the promise of the house, and stops for no weekend either.
    """
    return _hours_later(opened, REVIEW)


def _hours_later(moment: dt.datetime, hours: dt.timedelta) -> dt.datetime:
    """So much later as time passes; clocks on the wall may be put back meanwhile."""
    return moment.astimezone(dt.UTC) + hours


def _months_later(day: dt.date, months: int) -> dt.date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, min(day.day, last))

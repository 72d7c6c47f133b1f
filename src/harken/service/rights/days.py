"""The days of the registers: when something reached the house, and by when to answer.

A letter is often entered days after it came. Its time runs from the day it came, as the
law counts; the row and the ledger say both days.
"""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from harken.method import rights as method
from harken.method.errors import refuse
from harken.method.rights import faults
from harken.service.contact import queries as contact
from harken.service.study.models import Study
from harken.service.vault.holder import LONDON

LONGEST_AGO = dt.timedelta(days=180)
"""Nothing lies about longer unseen; a year that was mistyped is further away."""
NOON = dt.time(12)


def read(word: str) -> dt.date | None:
    """The day of a form's field; None when it was left empty. Raises HarkenError RIG-017."""
    if not word.strip():
        return None
    try:
        return dt.date.fromisoformat(word.strip())
    except ValueError:
        raise refuse(faults.NOT_THAT_DAY) from None


def moment(day: dt.date | None, *, at: dt.datetime) -> dt.datetime:
    """When something came: now, or at noon of an earlier day.

    Raises HarkenError RIG-017 for a day to come, or one too long ago.
    """
    today = timezone.localdate(at)
    if day is None or day == today:
        return at
    if not today - LONGEST_AGO <= day < today:
        raise refuse(faults.NOT_THAT_DAY)
    return dt.datetime.combine(day, NOON, LONDON)


def late(came: dt.datetime, *, at: dt.datetime) -> int:
    """How many days after it came something was entered."""
    return (timezone.localdate(at) - timezone.localdate(came)).days


def answer_by(
    study: Study, came: dt.datetime, *, extended: bool = False, paused: int = 0
) -> dt.date:
    """The day by which a request must be answered, past weekend and bank holidays."""
    day = timezone.localdate(came)
    last = (day + dt.timedelta(days=paused)).year + 1
    free = frozenset[dt.date]().union(
        *(contact.holidays_of(study, year) for year in range(day.year, last + 1))
    )
    return method.clocks.answer_by(
        day, paused_days=paused, extended=extended, holidays=free
    )

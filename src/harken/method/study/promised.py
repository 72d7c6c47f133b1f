"""The days a study promises: those of its charter, and each later one since its beginning.

A later promise is only for people who come after it. Everybody keeps the days they were
given, so a text for one person says that person's, and a text for all says each of them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from harken.method.study.charter import Calendar

ORDER = (
    ("sample_drawn", "letters"),
    ("letters", "web_opens"),
    ("web_opens", "telephone_opens"),
    ("telephone_opens", "telephone_closes"),
    ("web_opens", "open_arm_closes"),
    ("open_arm_closes", "telephone_closes"),
    ("telephone_closes", "publish"),
    ("telephone_closes", "destroy_by"),
    ("destroy_by", "recontact_until"),
    ("destroy_by", "answers_kept_until"),
)
"""Pairs of days of which the second never comes before the first."""
LONG_DAYS = 270
"""Who keeps identities longer than this after fieldwork is warned."""


@dataclass(frozen=True, slots=True)
class Promised:
    """The days of one promise.

    People were given it from the day ``since`` on, until the next one came on ``until``;
    two promises of the same days are the same to whoever was given one. Of a later one the
    controller said for what ``reason`` it is needed.
    """

    destroy_by: dt.date
    recontact_until: dt.date
    since: dt.date | None = field(default=None, compare=False)
    until: dt.date | None = field(default=None, compare=False)
    reason: str = field(default="", compare=False)


def promised(
    calendar: Calendar, later: Iterable[Mapping[str, str]] = ()
) -> tuple[Promised, ...]:
    """Every promise of a study in order, the charter's first."""
    found = [Promised(calendar.destroy_by, calendar.recontact_until)]
    for entry in later:
        words = dict(entry)
        reason = words.pop("reason", "")  # none was asked for before
        days = {name: dt.date.fromisoformat(day) for name, day in words.items()}
        found[-1] = replace(found[-1], until=days["since"])
        found.append(Promised(**days, reason=reason))
    return tuple(found)


def out_of_order(days: Mapping[str, dt.date]) -> Iterable[tuple[str, str]]:
    """The pairs of days that stand the wrong way round, of those that are there."""
    return [
        (earlier, later)
        for earlier, later in ORDER
        if earlier in days and later in days and days[later] < days[earlier]
    ]


def kept_long(closes: dt.date, destroy_by: dt.date) -> int:
    """For how many days after fieldwork identities are kept, if that is long; else 0."""
    kept = (destroy_by - closes).days
    return kept if kept > LONG_DAYS else 0

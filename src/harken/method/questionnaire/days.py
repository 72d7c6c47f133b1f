"""Dates as the language has them: ISO text of a year, a month or a day, and sums on it.

A date that is not known to the day gives no answer (None) to what needs the day.
Working days are those of England and Wales. Nothing here reads a clock.
"""

from __future__ import annotations

import datetime as dt
import importlib
import re
from calendar import monthrange
from functools import lru_cache

YEAR = re.compile(r"[0-9]{4}", re.ASCII)
MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])", re.ASCII)
DAY = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])", re.ASCII)
TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]", re.ASCII)

FARTHEST = 100_000
"""How many months or working days may be added at most."""

KNOWN = (1900, 2199)
"""The first and the last year whose working days are counted."""


def is_day(text: str) -> bool:
    """Whether a text is a day of the calendar."""
    return DAY.fullmatch(text) is not None and _day(text) is not None


def is_dated(text: str) -> bool:
    """Whether a text has the shape of a year, a month or a day."""
    return text[:4].isdigit() and any(
        shape.fullmatch(text) for shape in (YEAR, MONTH, DAY)
    )


def alike(one: str, other: str) -> tuple[str, str]:
    """Two dates at the coarser of their precisions; other texts as they are."""
    if len(one) == len(other) or not (is_dated(one) and is_dated(other)):
        return one, other
    length = min(len(one), len(other))
    return one[:length], other[:length]


def days_between(one: str, other: str) -> int | None:
    """Days from the first date to the second."""
    first, second = _day(one), _day(other)
    return None if first is None or second is None else (second - first).days


def months_between(one: str, other: str) -> int | None:
    """Whole months from the first date to the second, as far as both are known."""
    if len(one) < 7 or len(other) < 7:
        return None
    months = 12 * (int(other[:4]) - int(one[:4])) + int(other[5:7]) - int(one[5:7])
    if len(one) == len(other) == 10:
        if months > 0 and other[8:] < one[8:]:
            return months - 1
        if months < 0 and other[8:] > one[8:]:
            return months + 1
    return months


def years_between(one: str, other: str) -> int | None:
    """Whole years from the first date to the second, as far as both are known."""
    months = months_between(one, other)
    if months is None:
        return int(other[:4]) - int(one[:4])
    return months // 12 if months >= 0 else -(-months // 12)


def add_days(text: str, count: int) -> str | None:
    """The date so many days later (earlier when negative)."""
    day = _day(text)
    return None if day is None else _text(day.toordinal() + count)


def add_months(text: str, count: int) -> str | None:
    """The month or day so many months later; the last of a shorter month at most."""
    if len(text) < 7 or abs(count) > FARTHEST:
        return None
    year, month = divmod(12 * int(text[:4]) + int(text[5:7]) - 1 + count, 12)
    if not 1 <= year <= 9999:
        return None
    head = f"{year:04}-{month + 1:02}"
    if len(text) == 7:
        return head
    last = monthrange(year, month + 1)[1]
    return f"{head}-{min(int(text[8:]), last):02}"


def working_days_between(one: str, other: str) -> int | None:
    """Working days after the first date, up to and with the second; with the dates the
    other way round the same number below zero."""
    first, second = _day(one), _day(other)
    if first is None or second is None or not _known(first, second):
        return None
    return _worked(second.toordinal()) - _worked(first.toordinal())


def add_working_days(text: str, count: int) -> str | None:
    """The working day so many working days later (earlier when negative)."""
    day = _day(text)
    if day is None or abs(count) > FARTHEST:
        return None
    ordinal, step = day.toordinal(), 1 if count > 0 else -1
    while count:
        ordinal += step
        if not _FIRST <= ordinal <= _LAST:
            return None
        if _works(ordinal):
            count -= step
    return _text(ordinal)


def date_of(year: int, month: int, day: int) -> str | None:
    """The date of three numbers; None when there is no such day."""
    try:
        return dt.date(year, month, day).isoformat()
    except (ValueError, OverflowError):
        return None


def weekday(text: str) -> int | None:
    """1 for Monday to 7 for Sunday."""
    day = _day(text)
    return None if day is None else day.isoweekday()


_FIRST = dt.date(KNOWN[0], 1, 1).toordinal()
_LAST = dt.date(KNOWN[1], 12, 31).toordinal()


def _known(*days: dt.date) -> bool:
    return all(KNOWN[0] <= day.year <= KNOWN[1] for day in days)


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def _text(ordinal: int) -> str | None:
    if not 1 <= ordinal <= dt.date.max.toordinal():
        return None
    return dt.date.fromordinal(ordinal).isoformat()


@lru_cache(maxsize=64)
def _free(year: int) -> frozenset[int]:
    """The bank holidays of England and Wales of a year, as ordinals.

    The calendars of all countries are loaded only when an instrument counts working days.
    """
    holidays = importlib.import_module("holidays")
    days = holidays.country_holidays("GB", subdiv="ENG", years=year)
    return frozenset(day.toordinal() for day in days)


def _works(ordinal: int) -> bool:
    day = dt.date.fromordinal(ordinal)
    return day.weekday() < 5 and ordinal not in _free(day.year)


@lru_cache(maxsize=4096)
def _worked(ordinal: int) -> int:
    """Working days from the first year that is known up to and with a day."""
    year = dt.date.fromordinal(ordinal).year
    before = sum(_working_year(one) for one in range(KNOWN[0], year))
    first = dt.date(year, 1, 1).toordinal()
    return before + sum(_works(one) for one in range(first, ordinal + 1))


@lru_cache(maxsize=512)
def _working_year(year: int) -> int:
    first, last = dt.date(year, 1, 1).toordinal(), dt.date(year, 12, 31).toordinal()
    return sum(_works(one) for one in range(first, last + 1))

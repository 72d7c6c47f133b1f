"""Every period of the law at its edges: DP-05, DP-10, DP-11.

UK GDPR Articles 12(3), 12A and 33; Data Protection Act 2018, section 164A. A month is that
of the Information Commission's guidance: it ends on the day of the same number, or the last
of a shorter month, and goes past weekend and bank holidays.
"""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from harken.method.rights import clocks

LONDON = ZoneInfo("Europe/London")
CHRISTMAS = {dt.date(2026, 12, 25), dt.date(2026, 12, 28)}
"""Christmas Day 2026, and Monday for Boxing Day, which is a Saturday."""


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2026-09-03", "2026-10-05"),  # the guidance's own day; the 3rd is a Saturday
        ("2026-08-31", "2026-09-30"),  # a shorter month has no 31st
        ("2026-10-30", "2026-11-30"),
        ("2026-01-31", "2026-03-02"),  # 28 February is a Saturday
        ("2026-01-29", "2026-03-02"),  # no 29th in that February either
        ("2026-01-28", "2026-03-02"),
        ("2027-01-31", "2027-03-01"),  # 28 February is a Sunday
        ("2028-01-31", "2028-02-29"),  # a leap year has the day
        ("2028-01-29", "2028-02-29"),
        ("2028-02-29", "2028-03-29"),  # and the month after it goes by the number
        ("2027-02-28", "2027-03-29"),  # 28 March is a Sunday
        ("2026-12-31", "2027-02-01"),  # over the year; 31 January is a Sunday
        ("2026-11-30", "2026-12-30"),
        ("2026-11-25", "2026-12-29"),  # Christmas, a weekend, a day in lieu
        ("2026-11-26", "2026-12-29"),
    ],
)
def test_a_month_ends_where_the_guidance_says(received: str, due: str) -> None:
    found = clocks.answer_by(day(received), holidays=CHRISTMAS)
    assert found == day(due)


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2026-03-02", "2026-06-02"),
        ("2026-11-30", "2027-03-01"),  # three months: 28 February is a Sunday
        ("2027-11-30", "2028-02-29"),  # the leap day
        ("2026-10-31", "2027-02-01"),  # 31 January is a Sunday
        ("2026-09-25", "2026-12-29"),  # ends on Christmas Day
    ],
)
def test_two_further_months_are_counted_from_the_day_it_came(
    received: str, due: str
) -> None:
    found = clocks.answer_by(day(received), extended=True, holidays=CHRISTMAS)
    assert found == day(due)


@pytest.mark.parametrize(
    ("received", "paused", "extended", "due"),
    [
        ("2026-03-02", 1, False, "2026-04-03"),  # asked and answered on one day: one
        ("2026-03-02", 2, False, "2026-04-06"),  # would end on a Saturday
        (
            "2026-01-31",
            1,
            False,
            "2026-03-02",
        ),  # the month first: 28 February; then days
        ("2026-01-31", 3, False, "2026-03-03"),
        ("2028-01-31", 1, False, "2028-03-01"),  # 29 February, and one
        ("2026-11-20", 5, False, "2026-12-29"),  # the days lead into Christmas
        ("2026-11-30", 2, True, "2027-03-02"),
    ],
)
def test_the_days_that_do_not_count_are_added_to_the_month(
    received: str, paused: int, extended: bool, due: str
) -> None:
    found = clocks.answer_by(
        day(received), paused_days=paused, extended=extended, holidays=CHRISTMAS
    )
    assert found == day(due)


@pytest.mark.parametrize(
    ("received", "due"),
    [
        (
            "2026-06-19",
            "2026-07-19",
        ),  # a Sunday stays one: earlier than the guidance asks
        ("2026-02-01", "2026-03-03"),  # days, not a month
        ("2028-02-01", "2028-03-02"),  # one more in a leap year
        ("2026-12-10", "2027-01-09"),
        ("2026-03-10", "2026-04-09"),  # across the hour that is left out
    ],
)
def test_thirty_days_are_thirty(received: str, due: str) -> None:
    assert clocks.acknowledge_by(day(received)) == day(due)


@pytest.mark.parametrize(
    ("noticed", "due"),
    [
        (
            dt.datetime(2026, 3, 6, 17, tzinfo=dt.UTC),
            dt.datetime(2026, 3, 9, 17, tzinfo=dt.UTC),
        ),
        # An hour is left out on 29 March: by the wall it is one later.
        (
            dt.datetime(2026, 3, 28, 12, tzinfo=LONDON),
            dt.datetime(2026, 3, 31, 13, tzinfo=LONDON),
        ),
        # An hour comes twice on 25 October: by the wall it is one earlier.
        (
            dt.datetime(2026, 10, 24, 12, tzinfo=LONDON),
            dt.datetime(2026, 10, 27, 11, tzinfo=LONDON),
        ),
        (
            dt.datetime(2028, 2, 27, 12, tzinfo=dt.UTC),
            dt.datetime(2028, 3, 1, 12, tzinfo=dt.UTC),
        ),
    ],
)
def test_seventy_two_hours_pass_as_hours_do(
    noticed: dt.datetime, due: dt.datetime
) -> None:
    found = clocks.report_by(noticed)
    assert found == due
    assert found.astimezone(dt.UTC) - noticed.astimezone(dt.UTC) == dt.timedelta(
        hours=72
    )


def test_a_review_is_due_in_twenty_four_hours_also_when_the_clock_is_put_back() -> None:
    opened = dt.datetime(2026, 10, 24, 12, tzinfo=LONDON)
    due = clocks.review_by(opened)
    assert due.astimezone(dt.UTC) - opened.astimezone(dt.UTC) == dt.timedelta(hours=24)

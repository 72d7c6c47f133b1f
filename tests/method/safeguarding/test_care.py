"""Timers of alerts and the care for interviewers: SAF-41 and SAF-45."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from harken.method.safeguarding import (
    Escalation,
    ShiftState,
    escalation,
    may_take_sensitive,
    rest_until,
)
from harken.method.study.charter import SafetyRules
from tests.make.study import make_folder

NOW = dt.datetime(2026, 3, 3, 11, tzinfo=dt.UTC)
RULES = replace(
    make_folder().charter,
    safety=SafetyRules(sensitive_a_shift=2, rest_minutes=15, longest_minutes=120),
)


def shift(*, sensitive: int = 0, **changes: bool | dt.datetime) -> ShiftState:
    """A shift that began an hour ago in a private room."""
    known: dict[str, bool | dt.datetime] = {
        "began": NOW - dt.timedelta(hours=1),
        "private_room": True,
        "willing": True,
    }
    return ShiftState(**{**known, **changes}, sensitive=sensitive)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("minutes", "to"),
    [
        (0, Escalation.NONE),
        (29, Escalation.NONE),
        (30, Escalation.LEAD),
        (60, Escalation.MANAGER),
        (119, Escalation.MANAGER),
        (120, Escalation.OFFICER),
        (10_000, Escalation.OFFICER),
    ],
)
def test_an_alert_that_waits_is_passed_on_step_by_step(
    minutes: int, to: Escalation
) -> None:
    due = NOW + dt.timedelta(hours=1)
    assert escalation(NOW, due, NOW + dt.timedelta(minutes=minutes)) is to


def test_a_sensitive_case_needs_a_room_a_yes_and_room_below_the_cap() -> None:
    assert may_take_sensitive(RULES, shift())
    assert may_take_sensitive(RULES, shift(sensitive=1))
    assert not may_take_sensitive(RULES, shift(sensitive=2))
    assert not may_take_sensitive(RULES, shift(private_room=False))
    assert not may_take_sensitive(RULES, shift(willing=False))
    assert not may_take_sensitive(RULES, None)


def test_a_rest_is_kept_to_its_end_and_owed_after_long_work() -> None:
    assert rest_until(RULES, shift(), NOW) is None
    owed = shift(rested=NOW - dt.timedelta(minutes=5))
    assert rest_until(RULES, owed, NOW) == NOW + dt.timedelta(minutes=10)
    over = shift(rested=NOW - dt.timedelta(minutes=15))
    assert rest_until(RULES, over, NOW) is None
    long = shift(began=NOW - dt.timedelta(hours=2))
    assert rest_until(RULES, long, NOW) == NOW + dt.timedelta(minutes=15)
    rested = shift(
        began=NOW - dt.timedelta(hours=6), rested=NOW - dt.timedelta(minutes=134)
    )
    assert rest_until(RULES, rested, NOW) is None

"""Whether somebody may be called now, and who first. Proves SAF-01 and SAF-14."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harken.method.contact import (
    CallState,
    Disposition,
)
from harken.method.contact.safe import SafeHours
from harken.method.contact.schedule import Stop, hours_of, may_call, queue_order
from harken.method.study import Calendar, ContactRules

DAY = dt.date(2026, 2, 24)
NOW = dt.datetime(2026, 2, 24, 11, tzinfo=dt.UTC)
HOURS = (dt.time(10), dt.time(20))
CALENDAR = Calendar(
    sample_drawn=dt.date(2026, 1, 12),
    letters=dt.date(2026, 2, 2),
    web_opens=dt.date(2026, 2, 2),
    telephone_opens=dt.date(2026, 2, 23),
    open_arm_closes=dt.date(2026, 4, 12),
    telephone_closes=dt.date(2026, 4, 30),
    publish=dt.date(2026, 7, 15),
    destroy_by=dt.date(2026, 9, 30),
    recontact_until=dt.date(2028, 3, 31),
    answers_kept_until=dt.date(2036, 3, 31),
)
RULES = ContactRules(windows={"weekday": HOURS, "saturday": (dt.time(10), dt.time(16))})
READY = CallState(disposition=Disposition.LETTER_SENT, letter_on=dt.date(2026, 2, 2))


def stops(
    state: CallState = READY,
    *,
    rules: ContactRules = RULES,
    now: dt.datetime = NOW,
    holidays: tuple[dt.date, ...] = (),
    **changes: object,
) -> tuple[Stop, ...]:
    """The reasons not to call a case that is ready but for these changes."""
    changed = replace(state, **changes)  # type: ignore[arg-type]  # a maker's freedom
    return may_call(changed, rules, calendar=CALENDAR, now=now, holidays=holidays)


def test_a_case_that_is_ready_may_be_called() -> None:
    assert stops() == ()


@pytest.mark.parametrize(
    ("changes", "stop"),
    [
        ({"opted_out": True}, Stop.OPTED_OUT),
        ({"disposition": Disposition.COMPLETE}, Stop.CLOSED),
        ({"phone_ok": False}, Stop.NO_PHONE),
        ({"on_the_web": True}, Stop.ON_THE_WEB),
        ({"letter_on": None}, Stop.NO_LETTER),
        ({"letter_on": dt.date(2026, 2, 11)}, Stop.OPT_OUT_WINDOW),
        ({"soft_refusals": 2}, Stop.REFUSED),
        ({"soft_refusals": 1, "sensitive": True}, Stop.REFUSED),
        ({"attempts": 5}, Stop.MAX_ATTEMPTS),
        ({"last_attempt": NOW - dt.timedelta(hours=19)}, Stop.SPACING),
        ({"appointment": NOW + dt.timedelta(hours=1)}, Stop.APPOINTMENT_LATER),
        ({"best_time": "evening"}, Stop.NOT_THEIR_TIME),
    ],
)
def test_each_reason_alone_forbids_the_call(
    changes: dict[str, object], stop: Stop
) -> None:
    assert stops(**changes) == (stop,)


@pytest.mark.parametrize(
    "changes",
    [
        {"letter_on": dt.date(2026, 2, 10)},
        {"letter_on": None, "no_post": True},
        {"soft_refusals": 1},
        {"attempts": 4},
        {"last_attempt": NOW - dt.timedelta(hours=20)},
        {"best_time": "daytime"},
    ],
)
def test_at_its_edge_each_rule_allows_the_call(changes: dict[str, object]) -> None:
    assert stops(**changes) == ()


@pytest.mark.parametrize(
    ("now", "stop"),
    [
        (dt.datetime(2026, 2, 24, 9, 59, tzinfo=dt.UTC), Stop.OUTSIDE_HOURS),
        (dt.datetime(2026, 2, 24, 20, 0, tzinfo=dt.UTC), Stop.OUTSIDE_HOURS),
        (dt.datetime(2026, 2, 28, 16, 0, tzinfo=dt.UTC), Stop.OUTSIDE_HOURS),
        (dt.datetime(2026, 3, 1, 12, 0, tzinfo=dt.UTC), Stop.OUTSIDE_HOURS),
        (dt.datetime(2026, 2, 20, 12, 0, tzinfo=dt.UTC), Stop.NOT_OPEN),
        (dt.datetime(2026, 5, 1, 12, 0, tzinfo=dt.UTC), Stop.NOT_OPEN),
    ],
)
def test_hours_and_dates_are_kept(now: dt.datetime, stop: Stop) -> None:
    assert stops(now=now) == (stop,)


def test_nobody_is_called_on_a_bank_holiday_not_even_by_appointment() -> None:
    assert stops(holidays=(DAY,)) == (Stop.HOLIDAY,)
    assert stops(holidays=(DAY,), appointment=NOW) == (Stop.HOLIDAY,)


def test_daytime_people_are_not_called_in_the_evening() -> None:
    late = NOW.replace(hour=18)
    assert stops(now=late, best_time="daytime") == (Stop.NOT_THEIR_TIME,)
    assert stops(now=late, best_time="evening") == ()


def test_a_due_appointment_stands_above_pace_but_never_above_a_no() -> None:
    due = {"appointment": NOW + dt.timedelta(minutes=5), "attempts": 9}
    assert stops(**due, last_attempt=NOW) == ()
    assert stops(**due, opted_out=True) == (Stop.OPTED_OUT,)
    assert stops(**due, disposition=Disposition.REFUSAL) == (Stop.CLOSED,)


def test_a_day_without_a_window_has_no_hours() -> None:
    assert hours_of(RULES, DAY) == HOURS
    assert hours_of(RULES, dt.date(2026, 3, 1)) is None


def test_appointments_come_first_then_fewest_attempts_then_the_oldest() -> None:
    early, late = NOW - dt.timedelta(days=3), NOW - dt.timedelta(days=2)
    waiting = [
        ("tried twice", CallState(attempts=2, last_attempt=early)),
        ("tried once lately", CallState(attempts=1, last_attempt=late)),
        ("tried once long ago", CallState(attempts=1, last_attempt=early)),
        ("appointment later", CallState(attempts=4, appointment=NOW)),
        ("appointment first", CallState(attempts=5, appointment=early)),
        ("fresh", CallState()),
    ]
    assert queue_order(waiting, seed=1) == (
        "appointment first",
        "appointment later",
        "fresh",
        "tried once long ago",
        "tried once lately",
        "tried twice",
    )


@given(st.sets(st.text(min_size=1, max_size=5), min_size=2), st.integers(0, 99))
def test_ties_are_ordered_by_the_seed_and_not_by_arrival(
    keys: set[str], seed: int
) -> None:
    waiting = [(key, CallState()) for key in sorted(keys)]
    order = queue_order(waiting, seed=seed)
    assert set(order) == keys
    assert order == queue_order(waiting[::-1], seed=seed) or len(keys) > 1000


@given(
    st.builds(
        CallState,
        disposition=st.sampled_from(Disposition),
        letter_on=st.none() | st.dates(dt.date(2026, 2, 1), dt.date(2026, 3, 1)),
        opted_out=st.booleans(),
        attempts=st.integers(0, 8),
        appointment=st.none() | st.just(NOW),
    ),
    st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2026, 6, 1)),  # noqa: DTZ001 - hypothesis wants naive bounds
)
def test_no_state_and_no_hour_ever_calls_whom_saf_01_protects(
    state: CallState, now: dt.datetime
) -> None:
    if stops(state, now=now.replace(tzinfo=dt.UTC)) == ():
        assert not state.opted_out
        assert not state.disposition.final
        assert state.letter_on is not None
        assert (now.date() - state.letter_on).days >= RULES.opt_out_days


WORKDAYS = SafeHours(dt.time(12), dt.time(14), frozenset({"weekday"}))


@pytest.mark.parametrize(
    ("hours", "now", "stopped"),
    [
        (WORKDAYS, NOW.replace(hour=12), ()),
        (WORKDAYS, NOW, (Stop.NOT_THEIR_TIME,)),
        (WORKDAYS, NOW.replace(hour=14), (Stop.NOT_THEIR_TIME,)),
        (WORKDAYS, NOW.replace(day=28, hour=12), (Stop.NOT_THEIR_TIME,)),
        (None, NOW, ()),
    ],
)
def test_what_the_person_said_last_decides_the_hours(
    hours: SafeHours | None, now: dt.datetime, stopped: tuple[Stop, ...]
) -> None:
    assert stops(now=now, safe_hours=hours) == stopped


def test_their_own_hours_come_before_the_samples_best_time() -> None:
    noon = NOW.replace(hour=12)
    assert stops(now=noon, best_time="evening", safe_hours=WORKDAYS) == ()


def test_nobody_calls_where_the_person_calls_back_not_even_by_appointment() -> None:
    assert stops(they_call=True) == (Stop.THEY_CALL,)
    due = NOW - dt.timedelta(minutes=1)
    assert stops(they_call=True, appointment=due) == (Stop.THEY_CALL,)

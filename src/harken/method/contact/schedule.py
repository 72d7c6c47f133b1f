"""Whether a person may be called now, and who is called first (SAF-01, SAF-14).

The answer is a list of reasons not to call: an empty list is the only permission.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Container, Iterable
from dataclasses import dataclass
from enum import StrEnum
from zlib import crc32

from harken.method.contact.disposition import Disposition
from harken.method.contact.safe import DAYS, SafeHours
from harken.method.study import Calendar, ContactRules

DAYTIME_ENDS = dt.time(17)
APPOINTMENT_EARLY = dt.timedelta(minutes=5)


class Stop(StrEnum):
    """Why a case must not be called now."""

    OPTED_OUT = "opted_out"
    CLOSED = "closed"
    NO_PHONE = "no_phone"
    ON_THE_WEB = "on_the_web"
    NOT_OPEN = "not_open"
    NO_LETTER = "no_letter"
    OPT_OUT_WINDOW = "opt_out_window"
    REFUSED = "refused"
    MAX_ATTEMPTS = "max_attempts"
    SPACING = "spacing"
    APPOINTMENT_LATER = "appointment_later"
    HOLIDAY = "holiday"
    OUTSIDE_HOURS = "outside_hours"
    NOT_THEIR_TIME = "not_their_time"
    THEY_CALL = "they_call"


@dataclass(frozen=True, slots=True)
class CallState:
    """What is known of one case when the decision is made."""

    disposition: Disposition = Disposition.NOT_STARTED
    letter_on: dt.date | None = None
    no_post: bool = False
    phone_ok: bool = True
    opted_out: bool = False
    sensitive: bool = False
    best_time: str = ""
    safe_hours: SafeHours | None = None
    they_call: bool = False
    attempts: int = 0
    soft_refusals: int = 0
    last_attempt: dt.datetime | None = None
    appointment: dt.datetime | None = None
    on_the_web: bool = False


def hours_of(rules: ContactRules, day: dt.date) -> tuple[dt.time, dt.time] | None:
    """The calling hours of a day, or None when there are none."""
    return rules.windows.get(DAYS[day.weekday()])


def may_call(
    state: CallState,
    rules: ContactRules,
    *,
    calendar: Calendar,
    now: dt.datetime,
    holidays: Container[dt.date],
) -> tuple[Stop, ...]:
    """Every reason why this case must not be called now; none means it may be.

    ``now`` is aware and in the respondents' own time zone. An appointment the person
    asked for stands above hours, spacing and the cap, never above a no.
    """
    due = _due(state, now)
    stops = _for_good(state, rules)
    stops += _not_yet(state, rules, calendar, now.date())
    if state.appointment and not due:
        stops.append(Stop.APPOINTMENT_LATER)
    if now.date() in holidays:
        stops.append(Stop.HOLIDAY)
    if not due:
        stops += _paced(state, rules, now)
    return tuple(stops)


def _due(state: CallState, now: dt.datetime) -> bool:
    return (
        state.appointment is not None and state.appointment - APPOINTMENT_EARLY <= now
    )


def _for_good(state: CallState, rules: ContactRules) -> list[Stop]:
    """Reasons that no waiting mends."""
    limit = 0 if state.sensitive else rules.soft_refusals_allowed
    tests = (
        (state.opted_out, Stop.OPTED_OUT),
        (state.disposition.final, Stop.CLOSED),
        (not state.phone_ok, Stop.NO_PHONE),
        (state.soft_refusals > limit, Stop.REFUSED),
        (state.on_the_web, Stop.ON_THE_WEB),
        (state.they_call, Stop.THEY_CALL),
    )
    return [stop for applies, stop in tests if applies]


def _not_yet(
    state: CallState, rules: ContactRules, calendar: Calendar, today: dt.date
) -> list[Stop]:
    """The study's own dates, the letter, and the time to say no (SAF-01)."""
    stops = []
    if not calendar.telephone_opens <= today <= calendar.telephone_closes:
        stops.append(Stop.NOT_OPEN)
    # Someone who must not have post cannot have had a letter: for them the public
    # notice counts, which stands from the day of the letters on.
    told = calendar.letters if state.no_post else state.letter_on
    if told is None:
        stops.append(Stop.NO_LETTER)
    elif today < told + dt.timedelta(days=rules.opt_out_days):
        stops.append(Stop.OPT_OUT_WINDOW)
    return stops


def _paced(state: CallState, rules: ContactRules, now: dt.datetime) -> list[Stop]:
    """Hours, spacing and the cap on attempts (SAF-14)."""
    stops = []
    if state.attempts >= rules.max_attempts:
        stops.append(Stop.MAX_ATTEMPTS)
    spacing = dt.timedelta(hours=rules.min_hours_between)
    if state.last_attempt and now - state.last_attempt < spacing:
        stops.append(Stop.SPACING)
    window = hours_of(rules, now.date())
    if window is None or not window[0] <= now.time() < window[1]:
        stops.append(Stop.OUTSIDE_HOURS)
    elif not _their_time(state, now):
        stops.append(Stop.NOT_THEIR_TIME)
    return stops


def _their_time(state: CallState, now: dt.datetime) -> bool:
    """What the person said last counts, even past its date; else the sample file."""
    if state.safe_hours is not None:
        return state.safe_hours.allow(now)
    evening = now.time() >= DAYTIME_ENDS
    return state.best_time != ("daytime" if evening else "evening")


def queue_order(
    waiting: Iterable[tuple[str, CallState]], *, seed: int
) -> tuple[str, ...]:
    """Keys in calling order: due appointments, fewest attempts, oldest attempt.

    What is left equal is ordered at random, the same for the same seed.
    """

    def rank(item: tuple[str, CallState]) -> tuple[int, float, int, float, int]:
        key, state = item
        due = state.appointment.timestamp() if state.appointment else 0.0
        last = state.last_attempt.timestamp() if state.last_attempt else 0.0
        tie = crc32(f"{seed}/{key}".encode())
        return (0 if state.appointment else 1, due, state.attempts, last, tie)

    return tuple(key for key, _ in sorted(waiting, key=rank))

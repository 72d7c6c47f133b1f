"""Shifts at the telephone: begun, counted, rested in, ended with a word on how it was.

A shift holds no case. What it allows is the method's; the study's rules are the charter's.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import F

from harken.method import safeguarding as method
from harken.method.errors import refuse
from harken.method.ledger import Event
from harken.method.safeguarding import ShiftState
from harken.method.terms import Actor
from harken.service.accounts.permissions import Permission, check
from harken.service.ledger import actions as ledger
from harken.service.safeguarding import faults
from harken.service.safeguarding.models import Shift
from harken.service.study import queries as studies
from harken.service.study.models import Study

LONGEST = dt.timedelta(hours=10)
"""After so long a shift that nobody ended is over."""


def current(by: Actor, *, at: dt.datetime) -> Shift | None:
    """The interviewer's open shift."""
    return Shift.objects.filter(
        interviewer=by.label, ended_at=None, began_at__gt=at - LONGEST
    ).first()


def begin(*, private_room: bool, willing: bool, by: Actor, at: dt.datetime) -> Shift:
    """Begin a shift; one that was left open is closed. Raises HarkenError ACC-001."""
    check(by, Permission.CALL)
    with transaction.atomic():
        Shift.objects.filter(interviewer=by.label, ended_at=None).update(ended_at=at)
        shift = Shift.objects.create(
            interviewer=by.label,
            began_at=at,
            private_room=private_room,
            willing=willing,
        )
        ledger.record(Event.CARE_LOGGED, study="", by=by, at=at, reason="begun")
    return shift


def end(*, debrief: str, by: Actor, at: dt.datetime) -> None:
    """End the open shift with a word on how it was. Raises HarkenError SGU-004, SGU-007."""
    check(by, Permission.CALL)
    if debrief not in Shift.Debrief.values:
        raise refuse(faults.UNKNOWN_WORD)
    with transaction.atomic():
        ended = Shift.objects.filter(interviewer=by.label, ended_at=None).update(
            ended_at=at, debrief=debrief
        )
        if not ended:
            raise refuse(faults.NO_SHIFT)
        ledger.record(Event.CARE_LOGGED, study="", by=by, at=at, reason=debrief)


def spoke(shift: Shift, *, by: Actor, at: dt.datetime) -> None:
    """A supervisor has talked with them about it. Once is enough."""
    check(by, Permission.FIELD_MANAGE)
    with transaction.atomic():
        waiting = Shift.objects.filter(pk=shift.pk, spoken_at=None)
        if waiting.update(spoken_at=at, spoken_by=by.label):
            ledger.record(Event.CARE_LOGGED, study="", by=by, at=at, reason="spoken")


def may_take_sensitive(study: Study, *, by: Actor, at: dt.datetime) -> bool:
    """Whether this interviewer may be given a sensitive case now."""
    shift = current(by, at=at)
    charter = studies.folder(study).charter
    return method.may_take_sensitive(charter, _state(shift) if shift else None)


def resting(study: Study, *, by: Actor, at: dt.datetime) -> dt.datetime | None:
    """Until when this interviewer rests; None when they may call, or have no shift.

    A rest that is owed after long work begins the moment this is asked.
    """
    shift = current(by, at=at)
    if shift is None:
        return None
    charter = studies.folder(study).charter
    until = method.rest_until(charter, _state(shift), at)
    if until == at + dt.timedelta(minutes=charter.safety.rest_minutes):
        Shift.objects.filter(pk=shift.pk).update(rested=at)
    return until


def check_rested(study: Study, *, by: Actor, at: dt.datetime) -> None:
    """Raise HarkenError SGU-008 while a rest is owed."""
    until = resting(study, by=by, at=at)
    if until is not None:
        raise refuse(faults.REST, until=f"{until:%H:%M} UTC")


def note_given(by: Actor, *, at: dt.datetime) -> None:
    """A sensitive case was given to this interviewer."""
    _note(by, at, sensitive=F("sensitive") + 1)


def note_over(by: Actor, *, at: dt.datetime) -> None:
    """A sensitive call is over: a rest is owed."""
    _note(by, at, rested=at)


def note_alert(by: Actor, *, at: dt.datetime) -> None:
    """This interviewer raised an alert: a rest is owed when the call is over."""
    _note(by, at, rested=at, alerts=F("alerts") + 1)


def _note(by: Actor, at: dt.datetime, **changes: object) -> None:
    shift = current(by, at=at)
    if shift is not None:
        Shift.objects.filter(pk=shift.pk).update(**changes)


def _state(shift: Shift) -> ShiftState:
    return ShiftState(
        began=shift.began_at,
        private_room=shift.private_room,
        willing=shift.willing,
        sensitive=shift.sensitive,
        rested=shift.rested,
    )

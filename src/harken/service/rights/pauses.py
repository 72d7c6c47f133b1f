"""The clock of a request stands still while the person is asked what cannot be known else.

UK GDPR Article 12A: the days from the question to its answer, both of them, do not count.
Only the two questions that the law lets stop a clock, and only while there is time left:
one that has run out is late, and no question makes it less so.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from harken.method.errors import refuse
from harken.method.ledger import Event
from harken.method.rights import RequestKind, faults
from harken.method.terms import Actor
from harken.service.accounts.permissions import Permission, check
from harken.service.rights import days
from harken.service.rights.entries import open_request, record
from harken.service.rights.models import Request

DAY = dt.timedelta(days=1)


def ask_back(
    row: Request,
    lacking: str,
    *,
    by: Actor,
    at: dt.datetime,
    on: dt.date | None = None,
) -> None:
    """The person was asked who they are, or what they mean; from that day it stands.

    Raises HarkenError ACC-001, RIG-002, RIG-008, RIG-014 when the time is over, RIG-017,
    and RIG-018 when it stands already.
    """
    check(by, Permission.RIGHTS)
    if lacking not in questions(row):
        raise refuse(faults.UNKNOWN_WORD, what="what the person was asked")
    day = timezone.localdate(days.moment(on, at=at))
    with transaction.atomic():
        held = open_request(row)
        if held.asked_on is not None:
            raise refuse(faults.CLOCK_STANDS, number=held.number)
        came = max(timezone.localdate(held.received_at), held.ran_on or day.min)
        if day < came:
            raise refuse(faults.NOT_THAT_DAY)
        if day > held.due_on:
            raise refuse(faults.MONTH_OVER, number=held.number)
        held.asked_on, held.lacking = day, lacking
        held.save(update_fields=["asked_on", "lacking"])
        since = (timezone.localdate(at) - day).days
        record(
            Event.REQUEST_PAUSED,
            held,
            by=by,
            at=at,
            reason=lacking,
            counts={"days_since_asked": since},
        )


def answered_back(
    row: Request, *, by: Actor, at: dt.datetime, on: dt.date | None = None
) -> None:
    """What was asked has come: the clock runs on, later by the days between, both counted.

    Raises HarkenError ACC-001, RIG-002, RIG-017, and RIG-018 when it does not stand.
    """
    check(by, Permission.RIGHTS)
    day = timezone.localdate(days.moment(on, at=at))
    with transaction.atomic():
        held = open_request(row)
        if held.asked_on is None:
            raise refuse(faults.CLOCK_STANDS, number=held.number)
        if day < held.asked_on:
            raise refuse(faults.NOT_THAT_DAY)
        stood = (day - held.asked_on).days + 1
        held.paused_days += stood
        held.asked_on, held.lacking, held.ran_on = None, "", day + DAY
        held.due_on = due_on(held)
        held.save()
        record(
            Event.REQUEST_RESUMED, held, by=by, at=at, counts={"days_it_stood": stood}
        )


def questions(row: Request) -> list[str]:
    """What the law lets be asked: who it is, always; what is meant, of a copy alone."""
    access = RequestKind(row.kind) is RequestKind.ACCESS
    return [one for one in Request.Lacking.values if access or one == "who"]


def over(row: Request, *, at: dt.datetime) -> bool:
    """Whether the time of a request has run out; one that stands has run until then."""
    return (row.asked_on or timezone.localdate(at)) > row.due_on


def due_on(row: Request) -> dt.date:
    """The day by which a request is to be answered: without the days it stood, and with
    two months more where they were taken."""
    return days.answer_by(
        row.study,
        row.received_at,
        extended=bool(row.longer),
        paused=row.paused_days,
    )

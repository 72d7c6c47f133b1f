"""Writes of the other two registers: complaints and incidents, with their clocks."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from harken.method import rights as method
from harken.method.errors import refuse
from harken.method.ledger import Event
from harken.method.rights import faults
from harken.method.terms import Actor, Role
from harken.service.accounts.permissions import Permission, check
from harken.service.rights import days
from harken.service.rights.actions import new_number
from harken.service.rights.entries import record
from harken.service.rights.models import Complaint, Incident, Request
from harken.service.study import queries as studies
from harken.service.study.models import Study

REASON = 400


def complain(
    study: Study,
    *,
    about: str,
    channel: str,
    by: Actor,
    at: dt.datetime,
    received_on: dt.date | None = None,
) -> Complaint:
    """Write a complaint down; it is acknowledged within 30 days of coming (DP-11).

    The complaint's own words stay in the post and are not copied here. Raises
    HarkenError ACC-001, RIG-008, RIG-017.
    """
    if by.role is not Role.RESPONDENT:
        check(by, Permission.HELPDESK)
    if about not in Complaint.About.values:
        raise refuse(faults.UNKNOWN_WORD, what="what it is about")
    if channel not in Request.Channel.values:
        raise refuse(faults.UNKNOWN_WORD, what="how it came")
    came = days.moment(received_on, at=at)
    with transaction.atomic():
        row = Complaint.objects.create(
            study=study,
            number=new_number("C"),
            about=about,
            channel=channel,
            received_at=came,
            entered_at=at,
            received_by=by.label,
            acknowledge_by=method.clocks.acknowledge_by(timezone.localdate(came)),
        )
        record(
            Event.COMPLAINT_RECEIVED,
            row,
            by=by,
            at=at,
            reason=about,
            counts={"days_since_it_came": days.late(came, at=at)},
        )
    return row


def acknowledge(row: Complaint, *, by: Actor, at: dt.datetime) -> None:
    """Note that the complainant was told their complaint arrived. Once is enough."""
    check(by, Permission.HELPDESK)
    with transaction.atomic():
        waiting = Complaint.objects.filter(pk=row.pk, acknowledged_at=None)
        if waiting.update(acknowledged_at=at):
            record(Event.COMPLAINT_ACKNOWLEDGED, row, by=by, at=at)


def settle(
    row: Complaint, outcome: str, *, reason: str, by: Actor, at: dt.datetime
) -> None:
    """Answer a complaint, with the reason, which names nobody.

    Raises HarkenError ACC-001, RIG-002, RIG-003, RIG-008.
    """
    check(by, Permission.RIGHTS)
    if outcome not in Complaint.Outcome.values:
        raise refuse(faults.UNKNOWN_WORD, what="how it was answered")
    if not reason.strip():
        raise refuse(faults.NEEDS_REASON)
    with transaction.atomic():
        waiting = Complaint.objects.filter(pk=row.pk, answered_at=None)
        if not waiting.update(
            outcome=outcome,
            reason=reason.strip()[:REASON],
            answered_at=at,
            answered_by=by.label,
        ):
            raise refuse(faults.ALREADY_DECIDED, number=row.number)
        Complaint.objects.filter(pk=row.pk, acknowledged_at=None).update(
            acknowledged_at=at
        )
        record(Event.COMPLAINT_ANSWERED, row, by=by, at=at, reason=outcome)


def notice(
    study: Study,
    *,
    kind: str,
    people: int,
    noticed_at: dt.datetime,
    by: Actor,
    at: dt.datetime,
) -> Incident:
    """Open an incident: the 72 hours run from when somebody noticed (Article 33).

    Any member of staff may; raises HarkenError RIG-008 for an unknown kind or a moment
    that is still to come.
    """
    check(by, Permission.NOTICE)
    if kind not in Incident.Kind.values:
        raise refuse(faults.UNKNOWN_WORD, what="what happened to the data")
    if people < 0:
        raise refuse(faults.UNKNOWN_WORD, what="a whole number of people, or 0")
    if noticed_at > at:
        raise refuse(
            faults.UNKNOWN_WORD, what="when it was noticed, not later than now"
        )
    with transaction.atomic():
        row = Incident.objects.create(
            study=study,
            number=new_number("I"),
            kind=kind,
            people=people,
            noticed_at=noticed_at,
            opened_by=by.label,
            report_by=method.clocks.report_by(noticed_at),
        )
        record(
            Event.INCIDENT_OPENED,
            row,
            by=by,
            at=at,
            reason=kind,
            counts={"people": people},
        )
    return row


def judge(row: Incident, risk: str, *, reason: str, by: Actor, at: dt.datetime) -> None:
    """Decide how much it may harm people, with the reason.

    It may be judged again while it is open: more is known later. Raises HarkenError
    ACC-001, RIG-002, RIG-003, RIG-008.
    """
    check(by, Permission.RIGHTS)
    if risk not in Incident.Risk.values:
        raise refuse(faults.UNKNOWN_WORD, what="how much it may harm people")
    if not reason.strip():
        raise refuse(faults.NEEDS_REASON)
    with transaction.atomic():
        held = _held(row)
        held.risk, held.reason = risk, reason.strip()[:REASON]
        held.decided_at, held.decided_by = at, by.label
        held.save()
        record(Event.INCIDENT_JUDGED, held, by=by, at=at, reason=risk)


def reported(row: Incident, *, by: Actor, at: dt.datetime) -> None:
    """Note that the Information Commissioner was told."""
    check(by, Permission.RIGHTS)
    with transaction.atomic():
        held = _held(row)
        held.reported_at = held.reported_at or at
        held.save()
        late = int(held.reported_at > held.report_by)
        record(Event.INCIDENT_REPORTED, held, by=by, at=at, counts={"too_late": late})


def told(row: Incident, *, by: Actor, at: dt.datetime) -> None:
    """Note that the people concerned were told, each by a channel that is safe."""
    check(by, Permission.RIGHTS)
    with transaction.atomic():
        held = _held(row)
        held.told_at = held.told_at or at
        held.save()
        record(Event.INCIDENT_TOLD, held, by=by, at=at, counts={"people": held.people})


def close(row: Incident, *, by: Actor, at: dt.datetime) -> None:
    """Close an incident that was judged and, where it must be, reported and told.

    Raises HarkenError ACC-001, RIG-002, RIG-003, RIG-009.
    """
    check(by, Permission.RIGHTS)
    with transaction.atomic():
        held = _held(row)
        if not held.risk:
            raise refuse(faults.NEEDS_REASON)
        risky = held.risk != Incident.Risk.NONE
        high = held.risk == Incident.Risk.HIGH
        if (risky and held.reported_at is None) or (high and held.told_at is None):
            raise refuse(faults.NOT_REPORTED)
        held.closed_at = at
        held.save()
        record(Event.INCIDENT_CLOSED, held, by=by, at=at)


def message(row: Incident, *, happened: str, done: str, can_do: str) -> str:
    """The text for the people concerned, safe for whoever reads it first.

    Raises HarkenError RIG-006, and CON-006 for an empty sentence.
    """
    charter = studies.folder(row.study).charter
    return method.incident_message(charter, happened=happened, done=done, can_do=can_do)


def _held(row: Incident) -> Incident:
    found = Incident.objects.select_for_update().select_related("study")
    with transaction.atomic():
        held = found.get(pk=row.pk)
    if held.closed_at is not None:
        raise refuse(faults.ALREADY_DECIDED, number=held.number)
    return held

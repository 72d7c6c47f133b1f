"""The call queue: who may be called now, and the one case lent to one interviewer.

A lease lasts 20 minutes. Nobody browses: an interviewer gets the next case or none.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

import holidays
from django.db import IntegrityError, transaction
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from harken.method import contact as method
from harken.method.contact import CallState, Disposition
from harken.method.contact.safe import SafeHours
from harken.method.errors import refuse
from harken.method.study import Charter
from harken.method.terms import Actor, Arm, CaseRef
from harken.service.accounts.permissions import Permission, check
from harken.service.contact import faults
from harken.service.contact.models import (
    Appointment,
    Attempt,
    Lease,
    SafeWays,
    Standing,
)
from harken.service.safeguarding import care
from harken.service.sampling.models import Case
from harken.service.study import queries as studies
from harken.service.study.models import Study
from harken.service.vault import custody
from harken.service.vault import queries as keys

LEASE = dt.timedelta(minutes=20)
WEB_QUIET = dt.timedelta(hours=24)
LOOKED_AT = 300
"""How many candidates are weighed for one call: the first by attempts and age."""


@dataclass(frozen=True, slots=True)
class Called:
    """One earlier attempt as an interviewer sees it."""

    at: dt.datetime
    outcome: str
    line: str


@dataclass(frozen=True, slots=True)
class Card:
    """The one open case: what the safe-to-talk script needs, and no more."""

    ref: CaseRef
    given_name: str = field(repr=False)
    surname: str = field(repr=False)
    number: str
    dial: str = field(repr=False)
    safe_contact: str
    language: str
    interpreter: bool
    sensitive: bool
    voicemail: bool
    neutral_title: str
    attempts: tuple[Called, ...]
    appointment: dt.datetime | None
    until: dt.datetime
    day: dt.date | None
    """The person's own promised day, where not everybody has the same."""


@lru_cache(maxsize=64)
def bank_holidays(country: str, subdivision: str, year: int) -> frozenset[dt.date]:
    """The public holidays of a year, when nobody is called."""
    return frozenset(
        holidays.country_holidays(country, subdiv=subdivision or None, years=year)
    )


def holidays_of(study: Study, year: int) -> frozenset[dt.date]:
    """The study's public holidays of a year."""
    rules = studies.folder(study).charter.contact
    return bank_holidays(rules.country, rules.subdivision, year)


def ensure_standings(study: Study, *, at: dt.datetime) -> None:
    """Give every issued case its standing."""
    missing = Case.objects.filter(
        study=study,
        arm=Arm.SAMPLE,
        status=Case.Status.ISSUED,
        standing__isnull=True,
    )
    Standing.objects.bulk_create(
        [Standing(case=case, changed_at=at) for case in missing.iterator()],
        batch_size=500,
        ignore_conflicts=True,
    )


def states(rows: QuerySet[Standing]) -> Iterator[tuple[Standing, CallState]]:
    """Each standing with what the calling rules ask about it."""
    due = Appointment.objects.filter(case=OuterRef("case"), over=False)
    full = rows.select_related("case", "case__opt_out", "case__safe_ways").annotate(
        appointment_at=Subquery(due.values("when")[:1])
    )
    for row in full:
        yield row, _state(row, row.appointment_at)


def _state(row: Standing, appointment: dt.datetime | None) -> CallState:
    case = row.case
    ways = getattr(case, "safe_ways", None)
    return CallState(
        disposition=Disposition(row.disposition),
        letter_on=row.letter_on,
        no_post=case.no_post,
        phone_ok=case.phone_ok,
        opted_out=hasattr(case, "opt_out"),
        sensitive=case.sensitive,
        best_time=case.best_time,
        safe_hours=safe_hours(ways) if ways else None,
        they_call=ways is not None and ways.they_call,
        attempts=row.attempts,
        soft_refusals=row.soft_refusals,
        last_attempt=row.last_attempt,
        appointment=appointment,
    )


def safe_hours(ways: SafeWays) -> SafeHours:
    """The hours of a record of safe ways."""
    return SafeHours(ways.earliest, ways.latest, frozenset(ways.days))


def callable_now(study: Study, *, at: dt.datetime) -> tuple[CaseRef, ...]:
    """Cases that may be called at this moment, in calling order, leased ones left out."""
    charter = studies.folder(study).charter
    candidates = _candidates(study, charter, at)
    local = timezone.localtime(at)
    off = holidays_of(study, local.year)
    waiting = []
    for row, state in states(candidates):
        stops = method.schedule.may_call(
            state, charter.contact, calendar=charter.calendar, now=local, holidays=off
        )
        if not stops and not _on_the_web(row, at):
            waiting.append((row.case.ref, state))
    order = method.schedule.queue_order(waiting, seed=charter.sampling.seed)
    return tuple(CaseRef(ref) for ref in order)


def _on_the_web(row: Standing, at: dt.datetime) -> bool:
    return row.web_at is not None and at - row.web_at < WEB_QUIET


def _candidates(study: Study, charter: Charter, at: dt.datetime) -> QuerySet[Standing]:
    """Those the rules may allow, few enough to weigh; the rules decide in Python."""
    rules, today = charter.contact, timezone.localdate(at)
    told = today - dt.timedelta(days=rules.opt_out_days)
    due = Q(case__appointments__over=False, case__appointments__when__lte=at + LEASE)
    rested = Q(last_attempt=None) | Q(
        last_attempt__lte=at - dt.timedelta(hours=rules.min_hours_between)
    )
    free = Q(case__lease=None) | Q(case__lease__until__lt=at)
    pks = (
        Standing.objects.filter(
            free,
            due | (rested & Q(attempts__lt=rules.max_attempts)),
            Q(letter_on__lte=told) | Q(case__no_post=True),
            Q(case__safe_ways=None) | Q(case__safe_ways__they_call=False),
            case__study=study,
            case__status=Case.Status.ISSUED,
            case__phone_ok=True,
            case__opt_out=None,
            disposition__startswith="0",
        )
        .exclude(
            Q(case__appointments__over=False)
            & Q(case__appointments__when__gt=at + LEASE)
        )
        .order_by("attempts", "last_attempt", "pk")
        .values_list("pk", flat=True)[:LOOKED_AT]
    )
    return Standing.objects.filter(pk__in=list(pks))


def next_case(study: Study, *, interviewer: Actor, at: dt.datetime) -> Card | None:
    """The interviewer's open case, or the next one from the queue; None when none is due.

    Takes or keeps a lease of 20 minutes and opens the contact part of the identity for
    a call. A sensitive case needs a shift that allows one (SAF-45). Raises HarkenError
    ACC-001 without the permission, STU-044 out of the field, SGU-008 while resting.
    """
    check(interviewer, Permission.CALL)
    studies.check_fieldwork(study, at=at)
    held = Lease.objects.filter(interviewer=interviewer.label, until__gt=at).first()
    if held is not None and held.case.study_id == study.pk:
        return _card(study, held, by=interviewer, at=at)
    care.check_rested(study, by=interviewer, at=at)
    hard = care.may_take_sensitive(study, by=interviewer, at=at)
    for ref in callable_now(study, at=at):
        lease = take(ref, by=interviewer, at=at, sensitive=hard)
        if lease is not None:
            if lease.case.sensitive:
                care.note_given(interviewer, at=at)
            return _card(study, lease, by=interviewer, at=at)
    return None


def take(
    ref: CaseRef, *, by: Actor, at: dt.datetime, sensitive: bool = True
) -> Lease | None:
    """Lend a case, giving back what the interviewer held; None when somebody has it.

    Without ``sensitive`` a sensitive case is left for somebody who may take one.
    """
    case = Case.objects.get(ref=ref)
    if case.sensitive and not sensitive:
        return None
    try:
        with transaction.atomic():
            Lease.objects.filter(interviewer=by.label).delete()
            Lease.objects.filter(case__ref=ref, until__lte=at).delete()
            return Lease.objects.create(
                case=case, interviewer=by.label, until=at + LEASE
            )
    except IntegrityError:
        return None


def renew(ref: CaseRef, *, by: Actor, at: dt.datetime) -> dt.datetime:
    """Keep the open case for 20 more minutes. Raises HarkenError CON-016."""
    until = at + LEASE
    kept = Lease.objects.filter(case__ref=ref, interviewer=by.label).update(until=until)
    if not kept:
        raise refuse(faults.NOT_LEASED)
    return until


def case_of(study: Study, ref: CaseRef) -> Case:
    """The case of a reference in this study. Raises HarkenError CON-015."""
    case = Case.objects.filter(ref=ref, study=study).first()
    if case is None:
        raise refuse(faults.NO_CASE)
    return case


def check_lent(case: Case, *, by: Actor, at: dt.datetime) -> None:
    """Pass when this actor holds the case now. Raises HarkenError CON-016."""
    mine = Lease.objects.filter(case=case, interviewer=by.label, until__gt=at)
    if not mine.exists():
        raise refuse(faults.NOT_LEASED)


def check_holds(case: Case, *, by: Actor, at: dt.datetime) -> None:
    """Pass unless somebody else holds the case now. Raises HarkenError CON-016."""
    others = Lease.objects.filter(case=case, until__gt=at).exclude(interviewer=by.label)
    if others.exists():
        raise refuse(faults.NOT_LEASED)


def _card(study: Study, lease: Lease, *, by: Actor, at: dt.datetime) -> Card:
    case, charter = lease.case, studies.folder(study).charter
    ref = CaseRef(case.ref)
    person = custody.open_identity(
        study, ref, purpose=custody.Purpose.CALL, by=by, at=at
    )
    history = Attempt.objects.filter(case=case).order_by("at")
    appointment = case.appointments.filter(over=False).first()
    allowed = charter.contact.voicemail != "none" and not case.no_voicemail
    return Card(
        ref=ref,
        given_name=person.given_name,
        surname=person.surname,
        number=masked(person.telephone),
        dial=person.telephone,
        safe_contact=person.safe_contact,
        language=case.language,
        interpreter=case.interpreter,
        sensitive=case.sensitive,
        voicemail=allowed and not case.sensitive,
        neutral_title=charter.neutral_title,
        attempts=tuple(Called(row.at, row.outcome, row.line) for row in history),
        appointment=appointment.when if appointment else None,
        until=lease.until,
        day=own_day(study, ref),
    )


def own_day(study: Study, ref: CaseRef) -> dt.date | None:
    """What to say when somebody asks for their promised day; None where all have one."""
    several = len(studies.promised(study)) > 1
    return keys.promised(study, ref).destroy_by if several else None


def masked(text: str) -> str:
    """The last three characters behind dots."""
    return "\u2022" * max(len(text) - 3, 0) + text[-3:]

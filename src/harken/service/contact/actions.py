"""Writes of the contact room: outcomes, appointments, opt-outs, completions.

Every channel obeys the same standing: one no ends them all at once (SAF-16).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from django.db import transaction
from django.utils import timezone

from harken.method import contact as method
from harken.method.contact import Disposition, Outcome
from harken.method.errors import refuse
from harken.method.ledger import Event
from harken.method.terms import RESPONDENT, Actor, CaseRef, Mode, Role
from harken.service.accounts.permissions import Permission, can, check
from harken.service.contact import calls, faults, rows, safe
from harken.service.contact.again import restrict
from harken.service.contact.codes import find, identify, issue_receipt, kill, redeem
from harken.service.contact.models import (
    Appointment,
    Attempt,
    Lease,
    OptOut,
    PrintRun,
    Standing,
)
from harken.service.ledger import actions as ledger
from harken.service.safeguarding import care
from harken.service.sampling import actions as sampling
from harken.service.sampling.models import Case
from harken.service.study import queries as studies
from harken.service.study.models import Study
from harken.service.vault import actions as vault
from harken.service.vault import custody

__all__ = [
    "Channel",
    "DeskCard",
    "book",
    "complete",
    "confirm_destroyed",
    "find",
    "identify",
    "issue_receipt",
    "kill",
    "look_up",
    "opt_out",
    "opt_out_by_code",
    "record_attempt",
    "redeem",
    "release",
    "renew",
    "restrict",
]

MARK = 32
_CARRIERS = (Permission.CALL, Permission.FIELD_MANAGE, Permission.RIGHTS)
"""Who else may pass a no on: interviewers, whoever opens the post or answers requests."""


@dataclass(frozen=True, slots=True)
class DeskCard:
    """What the helpdesk sees of one case: initials and the end of a number."""

    name: str
    number: str
    language: str
    letter_on: dt.date | None
    day: dt.date | None


class Channel(StrEnum):
    """Through which channel somebody said no."""

    LETTER = "letter"
    PHONE = "phone"
    WEB = "web"
    EMAIL = "email"
    CALL = "call"


def record_attempt(
    study: Study,
    ref: CaseRef,
    *,
    outcome: Outcome,
    by: Actor,
    at: dt.datetime,
    line: str | None = None,
) -> Disposition:
    """Write one call down, for good, and move the case by its outcome.

    A refusal is an opt-out; a soft refusal is final for a sensitive case (SAF-14). The
    case is given back. Raises HarkenError CON-001, CON-015, CON-016, STU-044.
    """
    check(by, Permission.CALL)
    with transaction.atomic():
        case, row = _locked(study, ref, at=at)
        calls.check_holds(case, by=by, at=at)
        now = Disposition(row.disposition)
        found = method.after(now, outcome, contacted=row.spoken)
        soft = row.soft_refusals + (outcome is Outcome.SOFT_REFUSAL)
        allowed = studies.folder(study).charter.contact.soft_refusals_allowed
        if soft > (0 if case.sensitive else allowed):
            found = now.become(Disposition.REFUSAL)
        spoke = row.spoken or outcome.line == "answered"
        row.attempts, row.last_attempt = row.attempts + 1, at
        row.soft_refusals, row.spoken = soft, spoke
        if outcome in {Outcome.INTERVIEW, Outcome.PARTIAL} and not row.mode:
            row.mode = Mode.TELEPHONE.value
        _move(row, found, at=at)
        Attempt.objects.create(
            case=case,
            at=at,
            outcome=outcome.value,
            line=line or outcome.line.value,
            disposition=found.value,
            by=by.label,
        )
        if case.sensitive and outcome.line == "answered":
            care.note_over(by, at=at)
        if outcome is not Outcome.APPOINTMENT:
            due = case.appointments.filter(over=False, when__lte=at + calls.LEASE)
            due.update(over=True)
        if outcome is Outcome.DROPPED:
            safe.note_dropped(case)
        if outcome is Outcome.REFUSAL:
            _say_no(study, case, row, channel=Channel.CALL, by=by, at=at)
        Lease.objects.filter(case=case).delete()
        ledger.record(
            Event.ATTEMPT_RECORDED,
            study=study.slug,
            by=by,
            at=at,
            reason=outcome.value,
        )
    custody.close(study, ref, by=by)
    return found


def book(
    study: Study, ref: CaseRef, *, when: dt.datetime, by: Actor, at: dt.datetime
) -> None:
    """An appointment at a time the person asked for; it replaces an earlier one.

    Raises HarkenError CON-017 for a time without calls, CON-021 after an opt-out.
    """
    check(by, Permission.CALL)
    _check_when(study, when, at)
    with transaction.atomic():
        case, row = _locked(study, ref, at=at)
        _check_willing(case)
        case.appointments.filter(over=False).update(over=True)
        Appointment.objects.create(case=case, when=when, made_at=at, by=by.label)
        _move(row, Disposition(row.disposition).become(Disposition.APPOINTMENT), at=at)
        ledger.record(Event.APPOINTMENT_BOOKED, study=study.slug, by=by, at=at)


def opt_out(
    study: Study, ref: CaseRef, *, channel: str, by: Actor, at: dt.datetime
) -> None:
    """Stop every channel at once, for good, and remember it as a one-way hash.

    Saying no twice does no harm. Raises HarkenError ACC-001, CON-015.
    """
    if by.role is not Role.RESPONDENT and not any(can(by, one) for one in _CARRIERS):
        check(by, Permission.HELPDESK)
    with transaction.atomic():
        case, row = _locked(study, ref, at=at)
        said = _say_no(study, case, row, channel=Channel(channel), by=by, at=at)
        if said:
            ledger.record(
                Event.OPTED_OUT, study=study.slug, by=by, at=at, reason=channel
            )


def opt_out_by_code(
    study: Study, text: str, *, channel: str, by: Actor, at: dt.datetime
) -> None:
    """An opt-out by the code on the letter, for somebody who rang or wrote.

    Raises HarkenError CON-010 like any wrong code, and what ``opt_out`` raises.
    """
    case = find(study, text, at=at, kind="invitation", source=f"staff {by.label}")
    opt_out(study, CaseRef(case.ref), channel=channel, by=by, at=at)


def look_up(study: Study, text: str, *, by: Actor, at: dt.datetime) -> DeskCard:
    """One masked card by the exact code: what the helpdesk may see, and no more.

    Raises HarkenError ACC-001, CON-010 like any wrong code, and CON-011.
    """
    check(by, Permission.HELPDESK)
    case = find(study, text, at=at, kind="invitation", source=f"staff {by.label}")
    person = custody.open_identity(
        study, CaseRef(case.ref), purpose=custody.Purpose.HELPDESK, by=by, at=at
    )
    row = Standing.objects.filter(case=case).first()
    return DeskCard(
        name=f"{person.given_name[:1]}\u2026 {person.surname[:1]}\u2026",
        number=calls.masked(person.telephone),
        language=case.language,
        letter_on=row.letter_on if row else None,
        day=calls.own_day(study, CaseRef(case.ref)),
    )


def complete(
    study: Study,
    ref: CaseRef,
    *,
    mode: Mode,
    at: dt.datetime,
    partial: bool = False,
) -> None:
    """An interview is in: the codes end, appointments are over, nobody calls again.

    Completing twice does no harm. Raises HarkenError CON-001 after an opt-out.
    """
    wanted = Disposition.PARTIAL if partial else Disposition.COMPLETE
    with transaction.atomic(savepoint=False):
        found = rows.locked(study, ref, at=at)
        if found is None:
            raise refuse(faults.NO_CASE)
        case, now = found
        if now is wanted:
            return
        rows.close(case, now.become(wanted), mode=mode, at=at)
        ledger.record(
            Event.CASE_COMPLETED,
            study=study.slug,
            by=RESPONDENT,
            at=at,
            reason=mode.value,
        )


def release(ref: CaseRef, *, by: Actor) -> None:
    """Give the open case back without a call."""
    for lease in Lease.objects.filter(case__ref=ref, interviewer=by.label):
        lease.delete()
        custody.close(lease.case.study, ref, by=by)


def renew(ref: CaseRef, *, by: Actor, at: dt.datetime) -> dt.datetime:
    """Keep the open case for 20 more minutes. Raises HarkenError CON-016."""
    check(by, Permission.CALL)
    return calls.renew(ref, by=by, at=at)


def confirm_destroyed(run: PrintRun, *, by: Actor, at: dt.datetime) -> None:
    """Note that the printing house confirmed destroying its copy of a run.

    Raises HarkenError CON-018 when it was confirmed before.
    """
    check(by, Permission.FIELD_MANAGE)
    with transaction.atomic():
        waiting = PrintRun.objects.select_for_update().filter(
            pk=run.pk, confirmed_at=None
        )
        if not waiting.update(confirmed_at=at, confirmed_by=by.label):
            raise refuse(faults.NOT_PRINTED)
        ledger.record(
            Event.COPY_CONFIRMED,
            study=run.study.slug,
            by=by,
            at=at,
            counts={"letters": run.count},
            reason="letters",
        )


def _locked(study: Study, ref: CaseRef, *, at: dt.datetime) -> tuple[Case, Standing]:
    """The case and its standing, locked until the transaction ends."""
    case = calls.case_of(study, ref)
    locked = Standing.objects.select_for_update()
    row, _ = locked.get_or_create(case=case, defaults={"changed_at": at})
    return case, row


def _move(row: Standing, disposition: Disposition, *, at: dt.datetime) -> None:
    row.disposition = disposition.value
    row.changed_at = at
    row.save()


def _say_no(
    study: Study,
    case: Case,
    row: Standing,
    *,
    channel: Channel,
    by: Actor,
    at: dt.datetime,
) -> bool:
    """Write the no down; False when it was said before.

    It ends a consent to be contacted again too, whichever was said first.
    """
    vault.take_back_consent(study, CaseRef(case.ref), by=by, at=at)
    if OptOut.objects.filter(case=case).exists():
        return False
    OptOut.objects.create(case=case, channel=channel.value, at=at, by=by.label)
    marks = bytes(case.marks)
    hashes = [marks[start : start + MARK] for start in range(0, len(marks), MARK)]
    sampling.remember_opt_out(study, hashes)
    now = Disposition(row.disposition)
    if not now.closed and now is not Disposition.PARTIAL:
        _move(row, now.become(Disposition.REFUSAL), at=at)
    kill(case)
    case.appointments.filter(over=False).update(over=True)
    Lease.objects.filter(case=case).delete()
    safe.forget(study, CaseRef(case.ref), by=by, at=at)
    return True


def _check_willing(case: Case) -> None:
    if OptOut.objects.filter(case=case).exists():
        raise refuse(faults.ALREADY_SAID_NO)


def _check_when(study: Study, when: dt.datetime, at: dt.datetime) -> None:
    charter, day = studies.folder(study).charter, timezone.localdate(when)
    hours = method.schedule.hours_of(charter.contact, day)
    clock = timezone.localtime(when).time()
    if when <= at:
        raise refuse(faults.BAD_TIME, why="it has passed")
    if day > charter.calendar.telephone_closes:
        raise refuse(faults.BAD_TIME, why="fieldwork will have closed")
    if day in calls.holidays_of(study, day.year):
        raise refuse(faults.BAD_TIME, why="it is a bank holiday")
    if hours is None or not hours[0] <= clock < hours[1]:
        raise refuse(faults.BAD_TIME, why="nobody calls at that hour")

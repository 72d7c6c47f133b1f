"""Opening one identity in an emergency: two people, thirty minutes, the controller told.

Somebody asks with a reason, somebody else allows it, and only then, only for half an hour
and only for whoever asked, one identity opens. The controller hears of it at once; the
ledger has each step. Within a day a third says whether it was right. It is for danger to
a person, not for work that has its own door.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Q

from harken.method.errors import HarkenError, refuse
from harken.method.ledger import Event
from harken.method.rights import clocks, faults
from harken.method.terms import Actor, CaseRef
from harken.method.vault import Identity, KeyName
from harken.service import mail
from harken.service.accounts import queries as accounts
from harken.service.accounts.permissions import Permission, check
from harken.service.contact.codes import identify
from harken.service.rights import registers
from harken.service.rights.actions import new_number
from harken.service.rights.entries import record
from harken.service.rights.models import Emergency, EmergencyCase, Incident
from harken.service.study import queries as studies
from harken.service.study.models import Study
from harken.service.vault import custody, sealing

LASTS = dt.timedelta(minutes=30)
WAITS = dt.timedelta(hours=4)
REASON = "emergency"
REVIEW = "review of an emergency"
LONGEST = 600
SUBJECT = "Harken: an identity is to be opened in an emergency"


def ask(
    study: Study, code: str, *, reason: str, by: Actor, at: dt.datetime
) -> Emergency:
    """Ask to open the identity behind a code; nothing opens yet.

    Raises HarkenError ACC-001, RIG-003, and CON-010 like any wrong code.
    """
    check(by, Permission.EMERGENCY)
    if not reason.strip():
        raise refuse(faults.NEEDS_REASON)
    case = identify(study, code, at=at, source=f"staff {by.label}")
    ref = CaseRef(case.ref)
    sealed = sealing.seal(
        study, ref, KeyName.TEXT, reason.strip()[:LONGEST].encode(), context=REASON
    )
    with transaction.atomic():
        row = Emergency.objects.create(
            study=study,
            number=new_number("E"),
            asked_at=at,
            asked_by=by.label,
        )
        EmergencyCase.objects.create(emergency=row, ref=ref, reason=sealed)
        record(Event.EMERGENCY_ASKED, row, by=by, at=at)
    return row


def allow(row: Emergency, *, by: Actor, at: dt.datetime) -> None:
    """A second person agrees: half an hour begins, and the controller is told at once.

    Raises HarkenError ACC-001, RIG-010 for whoever asked, RIG-011 when it is too late.
    """
    check(by, Permission.EMERGENCY)
    with transaction.atomic():
        held = _held(row)
        if held.asked_by == by.label:
            raise refuse(faults.SECOND_PERSON)
        if not may_allow(held, at=at):
            raise refuse(faults.EMERGENCY_OVER)
        held.allowed_at, held.allowed_by = at, by.label
        held.until = at + LASTS
        held.save()
        record(Event.EMERGENCY_ALLOWED, held, by=by, at=at)
    if _tell(held):
        Emergency.objects.filter(pk=held.pk).update(told_at=at)


def open_person(row: Emergency, *, by: Actor, at: dt.datetime) -> Identity:
    """The identity, for whoever asked and while the half hour lasts.

    Raises HarkenError ACC-001, RIG-011, and what the vault raises.
    """
    check(by, Permission.EMERGENCY)
    with transaction.atomic():
        held = _held(row)
        case = EmergencyCase.objects.filter(emergency=held).first()
        over = held.until is None or at > held.until
        if case is None or over or held.asked_by != by.label:
            raise refuse(faults.EMERGENCY_OVER)
        person = custody.open_identity(
            held.study,
            CaseRef(case.ref),
            purpose=custody.Purpose.EMERGENCY,
            by=by,
            at=at,
        )
        if held.opened_at is None:
            held.opened_at = at
            held.save(update_fields=["opened_at"])
        record(Event.EMERGENCY_OPENED, held, by=by, at=at)
    return person


def end(row: Emergency, *, by: Actor, at: dt.datetime) -> None:
    """Close it before its time: it opens nothing any more. What is over stays as it was."""
    check(by, Permission.EMERGENCY)
    with transaction.atomic():
        mine = Emergency.objects.filter(pk=row.pk)
        if mine.filter(Q(until=None) | Q(until__gt=at)).update(until=at):
            record(Event.EMERGENCY_ENDED, row, by=by, at=at)


def review(
    row: Emergency, judgement: str, *, reason: str, by: Actor, at: dt.datetime
) -> None:
    """A third person says afterwards whether it was right to open it, and why.

    Once, and only when it opens nothing any more. When the reason went with the person's
    keys nobody can judge it: then the third says just that, and it stands in the register
    and the ledger for ever. Raises HarkenError ACC-001, RIG-003, RIG-008, RIG-015 for the
    two whose act it was, RIG-016 when none waits, RIG-019 for the wrong one of the two.
    """
    check(by, Permission.REVIEW)
    if judgement not in Emergency.Judgement.values:
        raise refuse(faults.UNKNOWN_WORD, what="whether it was right to open it")
    with transaction.atomic():
        held = _held(row)
        if by.label in (held.asked_by, held.allowed_by):
            raise refuse(faults.THIRD_PERSON)
        if not waits(held, at=at):
            raise refuse(faults.NO_REVIEW, number=held.number)
        given_up = judgement == Emergency.Judgement.NOT_REVIEWED
        if given_up is not gone(held):
            raise refuse(faults.NO_JUDGEMENT, number=held.number)
        if not given_up:
            if not reason.strip():
                raise refuse(faults.NEEDS_REASON)
            _seal_review(held, reason)
        held.judgement, held.reviewed_at, held.reviewed_by = judgement, at, by.label
        held.save()
        late = int(at > clocks.review_by(held.opened_at or at))
        counts = {"too_late": late}
        record(
            Event.EMERGENCY_REVIEWED,
            held,
            by=by,
            at=at,
            reason=judgement,
            counts=counts,
        )


def may_allow(row: Emergency, *, at: dt.datetime) -> bool:
    """Whether a second person can still allow it: for four hours, once, unless ended."""
    return row.until is None and at <= row.asked_at + WAITS


def waits(row: Emergency, *, at: dt.datetime) -> bool:
    """Whether its review can be written: it opened somebody, is over, and has none."""
    over = row.until is not None and at > row.until
    return over and row.opened_at is not None and row.reviewed_at is None


def open_incident(row: Emergency, *, by: Actor, at: dt.datetime) -> str:
    """An opening that was not justified is a suspected breach; its number, opened once.

    So may be one that nobody can judge any more.

    The 72 hours run from the judgement: then the house knew. Raises HarkenError ACC-001,
    RIG-016 unless it was judged so.
    """
    check(by, Permission.REVIEW)
    with transaction.atomic():
        held = _held(row)
        if held.reviewed_at is None or held.judgement == Emergency.Judgement.JUSTIFIED:
            raise refuse(faults.NO_REVIEW, number=held.number)
        if not held.incident:
            held.incident = registers.notice(
                held.study,
                kind=Incident.Kind.DISCLOSED,
                people=1,
                noticed_at=held.reviewed_at,
                by=by,
                at=at,
            ).number
            held.save(update_fields=["incident"])
    return held.incident


def seen(row: Emergency, *, by: Actor, at: dt.datetime) -> None:
    """The controller has read on their own page that it was allowed; not before it was."""
    check(by, Permission.REGISTER_READ)
    untold = Emergency.objects.filter(pk=row.pk, told_at=None)
    untold.exclude(allowed_at=None).update(told_at=at)


def why(row: Emergency) -> str:
    """The reason given, while the person's keys live; else empty."""
    case = EmergencyCase.objects.filter(emergency=row).first()
    return _opened(row, case, bytes(case.reason), context=REASON) if case else ""


def gone(row: Emergency) -> bool:
    """Whether nobody can read any more why it was asked for, nor so whether it was right."""
    return not why(row)


def found(row: Emergency) -> str:
    """The words of the review, while the person's keys live; else empty."""
    case = EmergencyCase.objects.filter(emergency=row).exclude(review=b"").first()
    return _opened(row, case, bytes(case.review), context=REVIEW) if case else ""


def _held(row: Emergency) -> Emergency:
    """The row as it stands, held until the transaction ends."""
    rows = Emergency.objects.select_for_update().select_related("study")
    return rows.get(pk=row.pk)


def _seal_review(row: Emergency, words: str) -> None:
    """The words of the review beside the reason, under the same key."""
    case = EmergencyCase.objects.get(emergency=row)
    case.review = sealing.seal(
        row.study,
        CaseRef(case.ref),
        KeyName.TEXT,
        words.strip()[:LONGEST].encode(),
        context=REVIEW,
    )
    case.save(update_fields=["review"])


def _opened(row: Emergency, case: EmergencyCase, blob: bytes, *, context: str) -> str:
    ref = CaseRef(case.ref)
    try:
        opened = sealing.open_sealed(
            row.study, ref, KeyName.TEXT, blob, context=context
        )
    except HarkenError:
        return ""
    return opened.decode()


def _tell(row: Emergency) -> bool:
    """A message to the controller that names a number and nobody; False without mail."""
    charter = studies.folder(row.study).charter
    text = (
        f"Emergency {row.number} of study {row.study.slug} was allowed until "
        f"{row.until:%H:%M} UTC by a second person. The reason and each opening are in "
        "the register and the ledger. Once somebody was opened, one of your people or the "
        "data guardian, neither of these two, reviews it within 24 hours."
    )
    if row.asked_by in accounts.handlers(row.allowed_by):
        # One person with two accounts could be both; only the controller can judge it.
        text += " Who asked has made or changed the account of who allowed it."
    return mail.told(charter.controller.contact, subject=SUBJECT, text=text)

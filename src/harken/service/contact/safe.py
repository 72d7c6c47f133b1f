"""The record of safe ways to reach a person: kept, opened, obeyed (SAF-10, SAF-12).

Only whoever holds the case writes or opens it. It counts for some weeks and is then asked
for again; what an old one said is obeyed meanwhile, for want of anything safer.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from harken.method.contact.safe import (
    COUNTS_FOR,
    KINDS_OF_DAY,
    CallBack,
    SafeHours,
    SafeWays,
    words_of,
)
from harken.method.ledger import Event
from harken.method.terms import Actor, CaseRef
from harken.method.vault import KeyName
from harken.service.accounts.permissions import Permission, check
from harken.service.contact import calls
from harken.service.contact import models as rows
from harken.service.ledger import actions as ledger
from harken.service.sampling.models import Case
from harken.service.study.models import Study
from harken.service.vault import sealing
from harken.service.vault.models import RecontactConsent

CONTEXT = "safe ways"


@dataclass(frozen=True, slots=True)
class Kept:
    """A record as the interviewer who holds the case sees it."""

    ways: SafeWays = field(repr=False)
    expires: dt.date
    expired: bool
    they_call: bool


def keep(
    study: Study, ref: CaseRef, ways: SafeWays, *, by: Actor, at: dt.datetime
) -> None:
    """Keep what the person said just now; it replaces what stood, and steers from now on.

    Raises HarkenError ACC-001, CON-007, CON-015, CON-016.
    """
    check(by, Permission.CALL)
    ways.check()
    case = _held(study, ref, by=by, at=at)
    sealed = sealing.seal(study, ref, KeyName.TEXT, ways.words(), context=CONTEXT)
    with transaction.atomic():
        _, new = rows.SafeWays.objects.update_or_create(
            case=case,
            defaults={
                "earliest": ways.hours.earliest,
                "latest": ways.hours.latest,
                "days": [day for day in KINDS_OF_DAY if day in ways.hours.days],
                "call_back": ways.call_back.value,
                "they_call": False,
                "expires": timezone.localdate(at) + COUNTS_FOR,
                "sealed": sealed,
            },
        )
        # A letter needs an address besides, which only the sample file knows of: one
        # may be stopped here, never begun.
        Case.objects.filter(pk=case.pk).update(
            phone_ok=ways.phone,
            post_ok=case.post_ok and ways.post,
            no_voicemail=case.sensitive or not ways.voicemail,
        )
        carry(study, ref)
        _record(study, "recorded" if new else "changed", by=by, at=at)


def carry(study: Study, ref: CaseRef) -> None:
    """What calls and letters obey goes with a consent to be contacted again, if there is.

    The rest of the case dies on the promised day; who may answer and the code word too.
    """
    mine = RecontactConsent.objects.filter(study=study.slug, ref=ref)
    case = Case.objects.filter(study=study, ref=ref).first()
    if case is None or not mine.exists():
        return
    ways: dict[str, object] = {
        "phone": case.phone_ok,
        "post": case.post_ok,
        "voicemail": not case.no_voicemail,
    }
    row = rows.SafeWays.objects.filter(case=case).first()
    if row is not None:
        ways |= {"hours": _hours(calls.safe_hours(row)), "call_back": row.call_back}
    mine.update(ways=ways)


def confirm(study: Study, ref: CaseRef, *, by: Actor, at: dt.datetime) -> None:
    """The person says that it still holds: it counts for another span."""
    check(by, Permission.CALL)
    case = _held(study, ref, by=by, at=at)
    until = timezone.localdate(at) + COUNTS_FOR
    mine = rows.SafeWays.objects.filter(case=case)
    with transaction.atomic():
        if mine.update(expires=until, they_call=False):
            _record(study, "confirmed", by=by, at=at)


def forget(study: Study, ref: CaseRef, *, by: Actor, at: dt.datetime) -> None:
    """The record goes, with a no or with the person; call it in the act's transaction."""
    mine = rows.SafeWays.objects.filter(case__study=study, case__ref=ref)
    if mine.delete()[0]:
        _record(study, "forgotten", by=by, at=at)


def kept(study: Study, ref: CaseRef, *, by: Actor, at: dt.datetime) -> Kept | None:
    """The record, opened for whoever holds the case; None when there is none."""
    check(by, Permission.CALL)
    return _open(study, _held(study, ref, by=by, at=at), today=timezone.localdate(at))


def told(study: Study, ref: CaseRef) -> str:
    """The record in one sentence, for the answer to the person's own request."""
    case = Case.objects.filter(ref=ref, study=study).first()
    found = _open(study, case, today=dt.date.min) if case else None
    if found is None:
        return ""
    ways = found.ways
    parts = (
        _hours(ways.hours),
        f"may answer: {ways.who_may_answer}" if ways.who_may_answer else "",
        f"code word: {ways.code_word}" if ways.code_word else "",
        "after a dropped call "
        + ("we call" if ways.call_back is CallBack.US else "you call"),
    )
    return "; ".join(part for part in parts if part)


def _hours(hours: SafeHours) -> str:
    days = ", ".join(day for day in KINDS_OF_DAY if day in hours.days)
    return f"{hours.earliest:%H:%M} to {hours.latest:%H:%M} on {days}"


def note_dropped(case: Case) -> None:
    """A call dropped: who calls back is as the person said, and never at once."""
    mine = rows.SafeWays.objects.filter(case=case, call_back=CallBack.THEM.value)
    mine.update(they_call=True)


def _record(study: Study, what: str, *, by: Actor, at: dt.datetime) -> None:
    """One entry in the ledger: that it happened to one record, and nothing of it."""
    event, counts = Event.SAFE_WAYS_CHANGED, {"records": 1}
    ledger.record(event, study=study.slug, by=by, at=at, counts=counts, reason=what)


def _held(study: Study, ref: CaseRef, *, by: Actor, at: dt.datetime) -> Case:
    case = calls.case_of(study, ref)
    calls.check_lent(case, by=by, at=at)
    return case


def _open(study: Study, case: Case, *, today: dt.date) -> Kept | None:
    row = rows.SafeWays.objects.filter(case=case).first()
    if row is None:
        return None
    ref = CaseRef(case.ref)
    opened = sealing.open_sealed(
        study, ref, KeyName.TEXT, bytes(row.sealed), context=CONTEXT
    )
    who, word = words_of(opened)
    ways = SafeWays(
        hours=calls.safe_hours(row),
        phone=case.phone_ok,
        post=case.post_ok,
        voicemail=not case.no_voicemail,
        call_back=CallBack(row.call_back),
        who_may_answer=who,
        code_word=word,
    )
    return Kept(
        ways=ways,
        expires=row.expires,
        expired=row.expires <= today,
        they_call=row.they_call,
    )

"""Writes of safeguarding: raise, take, resolve, and open the person behind an alert.

Facts and reasons are sealed under the person's text key the moment they come in.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from harken.method.errors import HarkenError, refuse
from harken.method.ledger import Event
from harken.method.terms import Actor, CaseRef
from harken.method.vault import Identity, KeyName
from harken.service.accounts.permissions import Permission, can, check
from harken.service.ledger import actions as ledger
from harken.service.safeguarding import care, faults, queries
from harken.service.safeguarding.models import Alert
from harken.service.study import queries as studies
from harken.service.study.models import Study
from harken.service.vault import custody, sealing
from harken.service.vault import queries as keys
from harken.service.vault.reach import HolderAway

WITHIN = {
    Alert.Kind.DISCLOSURE: dt.timedelta(hours=1),
    Alert.Kind.DISTRESS: dt.timedelta(hours=24),
}
"""How soon somebody must have decided (SAF-41)."""

LIMIT = 600


def raise_alert(
    study: Study,
    ref: CaseRef,
    *,
    kind: str,
    by: Actor,
    at: dt.datetime,
    stage: str = "",
    step: str = "",
    facts: str = "",
) -> Alert:
    """Tell the safeguarding lead, and the supervisor that there is something.

    ``stage`` names where in the interview, ``step`` what was agreed (stop, go on,
    another day, support); ``facts`` is the minimum needed to act. Raises HarkenError
    ACC-001, SGU-004, SGU-005.
    """
    if not can(by, Permission.REDACT):
        check(by, Permission.CALL)
    if kind not in Alert.Kind.values:
        raise refuse(faults.UNKNOWN_WORD)
    why = Alert.Kind(kind)
    with transaction.atomic():
        alert = Alert.objects.create(
            study=study,
            ref=ref,
            kind=why,
            stage=stage[:40],
            step=step[:20],
            facts=_sealed(study, ref, facts, queries.FACTS),
            raised_at=at,
            raised_by=by.label,
            due_at=at + WITHIN[why],
            keep_until=_keep_until(study, ref),
        )
        ledger.record(
            Event.ALERT_RAISED, study=study.slug, by=by, at=at, reason=why.value
        )
        care.note_alert(by, at=at)
    return alert


def _keep_until(study: Study, ref: CaseRef) -> dt.date:
    """The person's own day; the first of all while the key holder is away.

    An alert waits for nobody.
    """
    try:
        return keys.promised(study, ref).destroy_by
    except HolderAway:
        return studies.promised(study)[0].destroy_by


def take(alert: Alert, *, by: Actor, at: dt.datetime) -> None:
    """Say who deals with it. Taking over from a colleague is allowed, and seen."""
    check(by, Permission.SAFEGUARD)
    with transaction.atomic():
        row = _open(alert)
        row.state, row.taken_at, row.taken_by = Alert.State.TAKEN, at, by.label
        row.save()
        ledger.record(
            Event.ALERT_TAKEN, study=row.study.slug, by=by, at=at, reason=row.kind
        )


def resolve(
    alert: Alert, *, decision: str, reason: str, by: Actor, at: dt.datetime
) -> None:
    """Write the decision and its reason, once.

    Of somebody who has withdrawn since, the decision stands and its words go nowhere:
    there is no key left to seal them under. Raises HarkenError ACC-001, SGU-002 to
    SGU-005.
    """
    check(by, Permission.SAFEGUARD)
    if decision not in Alert.Decision.values:
        raise refuse(faults.UNKNOWN_WORD)
    if not reason.strip():
        raise refuse(faults.NEEDS_REASON)
    with transaction.atomic():
        row = _open(alert)
        ref = CaseRef(row.ref)
        row.reason = _sealed(row.study, ref, reason.strip(), queries.REASON)
        row.decision, row.state = decision, Alert.State.RESOLVED
        row.resolved_at, row.resolved_by = at, by.label
        row.save()
        ledger.record(
            Event.ALERT_RESOLVED, study=row.study.slug, by=by, at=at, reason=decision
        )


def open_person(alert: Alert, *, by: Actor, at: dt.datetime) -> Identity:
    """Who it is about, for somebody who has taken the alert; written in the ledger.

    Raises HarkenError ACC-001, SGU-002, SGU-006, and VAU faults when the keys are gone.
    """
    check(by, Permission.SAFEGUARD)
    row = _open(alert)
    if row.taken_by != by.label:
        raise refuse(faults.NOT_TAKEN)
    return custody.open_identity(
        row.study,
        CaseRef(row.ref),
        purpose=custody.Purpose.SAFEGUARDING,
        by=by,
        at=at,
    )


def _open(alert: Alert) -> Alert:
    """The row as it stands, unless it is resolved."""
    with transaction.atomic():
        row = Alert.objects.select_for_update().get(pk=alert.pk)
    if row.state == Alert.State.RESOLVED:
        raise refuse(faults.RESOLVED)
    return row


def _sealed(study: Study, ref: CaseRef, text: str, context: str) -> bytes:
    """The words under the person's key; nothing once that is gone or refused."""
    if len(text) > LIMIT:
        raise refuse(faults.TOO_LONG, limit=LIMIT)
    if not text:
        return b""
    try:
        return sealing.seal(study, ref, KeyName.TEXT, text.encode(), context=context)
    except HarkenError:
        return b""

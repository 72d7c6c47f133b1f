"""Reads of safeguarding. The supervisor's list has no reference and no words."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Case, Q, QuerySet, Value, When

from harken.method.errors import HarkenError, refuse
from harken.method.terms import Actor, CaseRef
from harken.method.vault import KeyName
from harken.service.accounts.permissions import Permission, check
from harken.service.safeguarding import faults
from harken.service.safeguarding.models import Alert, Shift
from harken.service.study.models import Study
from harken.service.vault import queries as keys
from harken.service.vault import sealing

FACTS, REASON = "safeguarding facts", "safeguarding reason"


@dataclass(frozen=True, slots=True)
class Record:
    """One alert with its sealed words opened, for the safeguarding role alone.

    ``gone``: nobody can read them any more, nor see whom it is about.
    """

    alert: Alert
    facts: str
    reason: str
    overdue: bool
    gone: bool

    def __repr__(self) -> str:
        return f"Record(alert={self.alert.pk})"


def alerts(study: Study | None = None) -> QuerySet[Alert]:
    """Alerts, open ones first, the most urgent of them on top."""
    over = Case(When(state=Alert.State.RESOLVED, then=Value(1)), default=Value(0))
    rows = Alert.objects.select_related("study").order_by(over, "due_at", "pk")
    return rows if study is None else rows.filter(study=study)


def shifts(*, at: dt.datetime) -> QuerySet[Shift]:
    """The shifts of the last seven days, those who want to talk first."""
    wanted = Q(debrief=Shift.Debrief.TALK, spoken_at=None)
    first = Case(When(wanted, then=Value(0)), default=Value(1))
    week = at - dt.timedelta(days=7)
    return Shift.objects.filter(began_at__gte=week).order_by(first, "-began_at")


def shift(pk: int) -> Shift | None:
    """The shift of this number."""
    return Shift.objects.filter(pk=pk).first()


def get(pk: int) -> Alert:
    """The alert of this number. Raises HarkenError SGU-001."""
    found = Alert.objects.select_related("study").filter(pk=pk).first()
    if found is None:
        raise refuse(faults.NO_ALERT)
    return found


def record(alert: Alert, *, by: Actor, at: dt.datetime) -> Record:
    """The whole record. Raises HarkenError ACC-001 for any other role."""
    check(by, Permission.SAFEGUARD)
    facts = _opened(alert, bytes(alert.facts), FACTS)
    living = keys.status(alert.study, CaseRef(alert.ref)) is keys.KeyStatus.LIVE
    return Record(
        alert,
        facts=facts,
        reason=_opened(alert, bytes(alert.reason), REASON),
        overdue=overdue(alert, at=at),
        gone=not living or bool(alert.facts and not facts),
    )


def overdue(alert: Alert, *, at: dt.datetime) -> bool:
    """Whether nobody has resolved it in its time; overdue alerts are escalated."""
    return alert.state != Alert.State.RESOLVED and alert.due_at < at


def _opened(alert: Alert, sealed: bytes, context: str) -> str:
    """The words; empty when there are none, or when they went with the person's keys."""
    if not sealed:
        return ""
    ref = CaseRef(alert.ref)
    try:
        return sealing.open_sealed(
            alert.study, ref, KeyName.TEXT, sealed, context=context
        ).decode()
    except HarkenError:
        return ""

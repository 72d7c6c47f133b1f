"""Passes alerts on that nobody has decided on, by mail without a name, and in the ledger.

Run by a timer every few minutes (deploy/). A mail says how many wait and where to look;
whom an alert is about, and what was said, it never says.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from harken.method.ledger import Event
from harken.method.safeguarding import Escalation, escalation
from harken.method.terms import Actor
from harken.service import mail
from harken.service.ledger import actions as ledger
from harken.service.safeguarding.models import Alert
from harken.service.study import queries as studies
from harken.service.study.models import Study

SUBJECT = "Something at your desk waits for a decision"
ORDER = list(Escalation)


@dataclass(frozen=True, slots=True)
class Passed:
    """Alerts of one study that went one step further: to whom, how many, whether told."""

    study: str
    to: Escalation
    count: int
    mailed: bool


def run(*, by: Actor, at: dt.datetime) -> list[Passed]:
    """Pass on what is due, each step once, also when two timers run at the same moment."""
    steps: dict[tuple[int, Escalation], list[Alert]] = {}
    for alert in Alert.objects.exclude(state=Alert.State.RESOLVED):
        to = escalation(alert.raised_at, alert.due_at, at)
        if alert.escalated in _before(to):
            steps.setdefault((alert.study_id, to), []).append(alert)
    found = [_pass_on(to, rows, by=by, at=at) for (_, to), rows in steps.items()]
    return [one for one in found if one]


def overdue(*, at: dt.datetime) -> int:
    """How many alerts have waited beyond their time."""
    waiting = Alert.objects.exclude(state=Alert.State.RESOLVED)
    return waiting.filter(due_at__lte=at).count()


def _pass_on(
    to: Escalation, rows: list[Alert], *, by: Actor, at: dt.datetime
) -> Passed | None:
    """One step, of those that still stand before it; None when another timer took them.

    Only whoever moved the rows mails, after the commit, so that no lock waits for mail.
    """
    study = rows[0].study
    with transaction.atomic():
        still = Alert.objects.filter(
            pk__in=[row.pk for row in rows], escalated__in=_before(to)
        ).exclude(state=Alert.State.RESOLVED)
        held = [row.pk for row in still.select_for_update().order_by("pk")]
        if not held:
            return None
        Alert.objects.filter(pk__in=held).update(escalated=to.value)
        ledger.record(
            Event.ALERTS_ESCALATED,
            study=study.slug,
            by=by,
            at=at,
            counts={"alerts": len(held)},
            reason=to.value,
        )
    return Passed(study.slug, to, len(held), _mail(study, to, len(held)))


def _before(to: Escalation) -> list[str]:
    """The steps that come before this one."""
    return [one.value for one in ORDER[: ORDER.index(to)]]


def _mail(study: Study, to: Escalation, count: int) -> bool:
    """To the processor's own address, or its data protection officer; False without mail."""
    processor = studies.folder(study).charter.processor
    address = processor.dpo if to is Escalation.OFFICER else processor.contact
    text = (
        f"{count} of study {study.slug} wait for the decision of the safeguarding lead "
        "and nobody has decided yet. Look at the page Safeguarding, or Alerts. This "
        f"message goes to the {to.value}."
    )
    return mail.told(address, subject=SUBJECT, text=text)

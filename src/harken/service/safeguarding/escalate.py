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
    """Pass on what is due; done again at once it finds nothing."""
    steps: dict[tuple[int, Escalation], list[Alert]] = {}
    waiting = Alert.objects.exclude(state=Alert.State.RESOLVED).select_related("study")
    for alert in waiting:
        to = escalation(alert.raised_at, alert.due_at, at)
        if ORDER.index(to) > ORDER.index(Escalation(alert.escalated)):
            steps.setdefault((alert.study_id, to), []).append(alert)
    return [_pass_on(to, rows, by=by, at=at) for (_, to), rows in steps.items()]


def overdue(*, at: dt.datetime) -> int:
    """How many alerts have waited beyond their time."""
    waiting = Alert.objects.exclude(state=Alert.State.RESOLVED)
    return waiting.filter(due_at__lte=at).count()


def _pass_on(
    to: Escalation, rows: list[Alert], *, by: Actor, at: dt.datetime
) -> Passed:
    study = rows[0].study
    with transaction.atomic():
        Alert.objects.filter(pk__in=[row.pk for row in rows]).update(escalated=to.value)
        ledger.record(
            Event.ALERTS_ESCALATED,
            study=study.slug,
            by=by,
            at=at,
            counts={"alerts": len(rows)},
            reason=to.value,
        )
    return Passed(study.slug, to, len(rows), _mail(study, to, len(rows)))


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

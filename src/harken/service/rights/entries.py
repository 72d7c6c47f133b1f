"""An act on a row of this room: the row held for it, and its one entry in the ledger."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import transaction

from harken.method.errors import refuse
from harken.method.ledger import Event
from harken.method.rights import faults
from harken.method.terms import Actor
from harken.service.ledger import actions as ledger
from harken.service.rights.models import Complaint, Emergency, Incident, Request


def open_request(row: Request) -> Request:
    """The request as it stands, held for this act; RIG-002 when it was decided before."""
    rows = Request.objects.select_for_update().select_related("study")
    with transaction.atomic():
        found = rows.get(pk=row.pk)
    if found.state != Request.State.OPEN:
        raise refuse(faults.ALREADY_DECIDED, number=found.number)
    return found


def record(
    event: Event,
    row: Request | Complaint | Incident | Emergency,
    *,
    by: Actor,
    at: dt.datetime,
    reason: str = "",
    counts: Mapping[str, int] | None = None,
) -> None:
    """Write the entry, in the transaction of the act: its number, never what it holds."""
    ledger.record(
        event,
        study=row.study.slug,
        by=by,
        at=at,
        subject=row.number,
        reason=reason,
        counts=counts,
    )

"""One ledger entry for an act on a row of this room: its number, never what it holds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from harken.method.ledger import Event
from harken.method.terms import Actor
from harken.service.ledger import actions as ledger
from harken.service.rights.models import Complaint, Emergency, Incident, Request


def record(
    event: Event,
    row: Request | Complaint | Incident | Emergency,
    *,
    by: Actor,
    at: dt.datetime,
    reason: str = "",
    counts: Mapping[str, int] | None = None,
) -> None:
    """Write the entry, in the transaction of the act."""
    ledger.record(
        event,
        study=row.study.slug,
        by=by,
        at=at,
        subject=row.number,
        reason=reason,
        counts=counts,
    )

"""Writes of the answers zone other than intake: taking a withdrawn response out."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from harken.method.ledger import Event
from harken.method.terms import Actor, ResponseRef
from harken.service.ledger import actions as ledger
from harken.service.response import models


def remove(slug: str, ref: ResponseRef, *, by: Actor, at: dt.datetime) -> bool:
    """Take one response out of the study for good; False when it was not there.

    Whoever calls has checked the right to withdraw: the receipt code, or the person's
    own wish. Analyses made before must be run again.
    """
    with transaction.atomic(using="default"), transaction.atomic(using="answers"):
        found = models.Response.objects.filter(study=slug, ref=ref)
        removed, _ = found.delete()
        if removed:
            ledger.record(Event.RESPONSE_WITHDRAWN, study=slug, by=by, at=at)
    return bool(removed)

"""Writes of the answers zone other than intake: a withdrawn response out, read texts in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

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
        models.ReadText.objects.filter(study=slug, response=ref).delete()
        removed, _ = found.delete()
        if removed:
            ledger.record(Event.RESPONSE_WITHDRAWN, study=slug, by=by, at=at)
    return bool(removed)


def forget_order(slug: str) -> None:
    """Write a study's responses anew in the order of their references: where a row lies
    in the table no longer tells on which day it was collected. Done again, the same."""
    with transaction.atomic(using="answers"):
        mine = models.Response.objects.filter(study=slug)
        rows = list(mine.order_by("ref"))
        mine.delete()
        models.Response.objects.bulk_create(rows, batch_size=500)


def keep_texts(texts: Iterable[models.ReadText]) -> int:
    """Store what the free-text desk let across; done again, it changes nothing.

    Only texts whose response is there are kept; returns how many were given.
    """
    given = sorted(texts, key=lambda text: (text.response, text.question))
    with transaction.atomic(using="answers"):
        there = set(
            models.Response.objects.filter(
                ref__in=[text.response for text in given]
            ).values_list("ref", flat=True)
        )
        models.ReadText.objects.bulk_create(
            (text for text in given if text.response in there), ignore_conflicts=True
        )
    return len(given)

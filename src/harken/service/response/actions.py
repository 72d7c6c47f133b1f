"""Writes of the answers zone other than intake: a withdrawn response out, read texts in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction

from harken.method.errors import refuse
from harken.method.ledger import Event
from harken.method.terms import Actor, ResponseRef
from harken.service.accounts.permissions import Permission, check
from harken.service.ledger import actions as ledger
from harken.service.response import faults, models, queries
from harken.service.study.models import Study

ROWS = {
    "responses": models.Response,
    "texts": models.ReadText,
    "traces": models.Trace,
    "issued_cases": models.IssuedCase,
}
"""All that this room holds of a study, by the word that counts it in the ledger."""


def remove(slug: str, ref: ResponseRef, *, by: Actor, at: dt.datetime) -> bool:
    """Take one response out of the study for good; False when it was not there.

    Whoever calls has checked the right to withdraw: the receipt code, or the person's
    own wish. They call it in no transaction of theirs: the deletion is in the other
    database and would stay when the entry of the ledger is rolled back with the rest.
    Analyses made before must be run again.
    """
    with transaction.atomic(using="default"), transaction.atomic(using="answers"):
        found = models.Response.objects.filter(study=slug, ref=ref)
        models.ReadText.objects.filter(study=slug, response=ref).delete()
        removed, _ = found.delete()
        if removed:
            ledger.record(Event.RESPONSE_WITHDRAWN, study=slug, by=by, at=at)
    return bool(removed)


def end_answers(study: Study, *, by: Actor, at: dt.datetime) -> int:
    """Delete a study's answers when their promised day has passed; how many they were.

    Every row of them, read texts and issued cases too. Done again it changes nothing.
    Raises HarkenError ACC-001, and RES-101 until the day has passed.
    """
    check(by, Permission.DESTROY_PLAN)
    if not queries.over(study, at=at):
        day = queries.kept_until(study).isoformat()
        raise refuse(faults.STILL_KEPT, study=study.slug, day=day)
    with transaction.atomic(using="default"), transaction.atomic(using="answers"):
        removed = {
            name: model._base_manager.filter(study=study.slug).delete()[0]
            for name, model in ROWS.items()
        }
        if any(removed.values()):
            ledger.record(
                Event.ANSWERS_DELETED, study=study.slug, by=by, at=at, counts=removed
            )
    return removed["responses"]


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

"""Fetches submitted interviews across the wall and makes responses of them.

Two databases cannot be written in one transaction, so the order is: first the responses,
keyed by their random references, then the mark on the identity side. A crash between
the two repeats the first step, which then changes nothing. Free text never crosses.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from django.db import transaction

from harken.method import interview as interviews
from harken.method import response as method
from harken.method.ledger import Event
from harken.method.terms import Actor, Arm, CaseRef
from harken.service.accounts.permissions import Permission, check
from harken.service.contact import queries as contact
from harken.service.interview import actions as drafts
from harken.service.interview import queries as submitted
from harken.service.interview.models import Interview
from harken.service.interview.sealed import open_link
from harken.service.ledger import actions as ledger
from harken.service.response import models, queries
from harken.service.sampling import queries as sampling
from harken.service.study import queries as studies
from harken.service.study.models import Study
from harken.service.vault import queries as vault

BATCH = 200

Progress = Callable[[int, int], None]


def collect(
    study: Study, *, by: Actor, at: dt.datetime, progress: Progress | None = None
) -> int:
    """Collect every ended interview that was not collected; returns how many.

    May be run at any time and again. The drafts of what was collected are emptied.
    """
    check(by, Permission.INTAKE)
    design = queries.design_names(
        studies.folder(study).charter.sampling.design_variables
    )
    waiting = list(submitted.awaiting(study))
    done = seen = 0
    for batch in _batches(waiting):
        rows = [made for row in batch if (made := _response(row, design))]
        # The database keeps rows in the order of arrival; references are random.
        rows.sort(key=lambda row: row.ref)
        with transaction.atomic(using="answers"):
            models.Response.objects.bulk_create(rows, ignore_conflicts=True)
        drafts.mark_collected([row.handle for row in batch])
        done += len(rows)
        seen += len(batch)
        if progress:
            progress(seen, len(waiting))
    ledger.record(
        Event.RESPONSES_COLLECTED,
        study=study.slug,
        by=by,
        at=at,
        counts={"responses": done},
    )
    return done


def close_sample(study: Study, *, by: Actor, at: dt.datetime) -> int:
    """Write one row for every issued case: design variables, arm, final disposition.

    The order is random and no reference is written. Run again, it replaces the rows.
    """
    check(by, Permission.INTAKE)
    cases = list(contact.final_dispositions(study))
    secrets.SystemRandom().shuffle(cases)
    wanted = queries.design_names(
        studies.folder(study).charter.sampling.design_variables
    )
    with transaction.atomic(using="default"), transaction.atomic(using="answers"):
        models.IssuedCase.objects.filter(study=study.slug).delete()
        models.IssuedCase.objects.bulk_create(
            (
                models.IssuedCase(
                    study=study.slug,
                    arm=arm,
                    design={name: design[name] for name in wanted if name in design},
                    disposition=disposition,
                )
                for design, arm, disposition in cases
            ),
            batch_size=500,
        )
        ledger.record(
            Event.SAMPLE_CLOSED,
            study=study.slug,
            by=by,
            at=at,
            counts={"cases": len(cases)},
        )
    return len(cases)


def _batches(rows: Sequence[Interview]) -> Iterator[list[Interview]]:
    supply = iter(rows)
    while batch := list(islice(supply, BATCH)):
        yield batch


def _response(row: Interview, design: Sequence[str]) -> models.Response | None:
    """The pseudonymous row of one interview: coded answers, week, design variables.

    None for a person who withdrew: their answers stay unread and are emptied.
    """
    if vault.status(row.study, CaseRef(row.case)) is not vault.KeyStatus.LIVE:
        return None
    sitting = submitted.sitting(row)
    answers = interviews.final_answers(sitting.book, sitting.interview)
    known = {} if row.arm == Arm.OPEN else sampling.case(CaseRef(row.case)).design
    return models.Response(
        ref=open_link(row),
        study=row.study.slug,
        instrument=row.instrument,
        arm=row.arm,
        mode=row.mode,
        language=row.language,
        week=row.ended,
        design={name: known[name] for name in design if name in known},
        answers=method.to_stored(method.crossing(sitting.book, answers)),
    )

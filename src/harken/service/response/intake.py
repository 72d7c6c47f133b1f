"""Fetches submitted interviews across the wall and makes responses of them.

Two databases cannot be written in one transaction, so the order is: first the responses,
keyed by their random references, then the mark on the identity side. A crash between
the two repeats the first step, which then changes nothing. Free text never crosses.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import (
    Callable,
    Container,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from dataclasses import replace
from itertools import islice

from django.db import transaction

from harken.method import interview as interviews
from harken.method import response as method
from harken.method.interview.paradata import Trace
from harken.method.ledger import Event
from harken.method.terms import Actor, Arm, CaseRef, Speaker
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

    May be run at any time and again. The drafts of what was collected are emptied. What
    the promised day made unreadable is passed over, and ends with the destruction.
    """
    check(by, Permission.INTAKE)
    design = queries.design_names(
        studies.folder(study).charter.sampling.design_variables
    )
    past = vault.is_past(study.slug, at=at)
    waiting = [
        row
        for row in submitted.awaiting(study)
        if not (past and submitted.is_lost(row))
    ]
    # Batches in the order of handles would narrow each response to a batch's people.
    secrets.SystemRandom().shuffle(waiting)
    done = seen = 0
    for batch in _batches(waiting):
        known = sampling.designs(CaseRef(row.case) for row in batch)
        made = [one for row in batch if (one := _response(row, design, known))]
        # The database keeps rows in the order of arrival; references are random.
        made.sort(key=lambda one: one[0].ref)
        rows = [row for row, _ in made]
        with transaction.atomic(using="answers"):
            here = models.Response.objects.filter(ref__in=[row.ref for row in rows])
            had = set(here.values_list("ref", flat=True))
            models.Response.objects.bulk_create(rows, ignore_conflicts=True)
            _keep_traces(trace for row, trace in made if row.ref not in had)
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

    The order is random and no reference is written. Of interviews that were begun and
    never ended, the notes on how far they came are taken, and no answer. Run again, it
    replaces the rows, but those of people who left before.
    """
    check(by, Permission.INTAKE)
    cases = contact.final_dispositions(study)
    past = vault.is_past(study.slug, at=at)
    traces = list(_unfinished(study, past=past))
    with transaction.atomic(using="default"), transaction.atomic(using="answers"):
        models.Trace.objects.filter(study=study.slug, finished=False).delete()
        _keep_traces(traces)
        _write_cases(study, cases)
        ledger.record(
            Event.SAMPLE_CLOSED,
            study=study.slug,
            by=by,
            at=at,
            counts={"cases": len(cases)},
        )
    return len(cases)


def settle(
    study: Study, leaving: Container[str], *, plan: str, by: Actor, at: dt.datetime
) -> int:
    """The same for cases whose people leave before the others, while there are cases.

    Such rows are final. Run again for the same plan it replaces them.
    """
    check(by, Permission.DESTROY_PLAN)
    cases = contact.final_dispositions(study, only=leaving)
    with transaction.atomic(using="default"), transaction.atomic(using="answers"):
        _write_cases(study, cases, settled=plan)
        ledger.record(
            Event.SAMPLE_CLOSED,
            study=study.slug,
            by=by,
            at=at,
            subject=plan,
            counts={"cases": len(cases)},
        )
    return len(cases)


def _write_cases(
    study: Study, cases: Sequence[contact.Final], *, settled: str = ""
) -> None:
    """One row a case, in random order, in place of those written under the same word."""
    wanted = queries.design_names(
        studies.folder(study).charter.sampling.design_variables
    )
    models.IssuedCase.objects.filter(study=study.slug, settled=settled).delete()
    models.IssuedCase.objects.bulk_create(
        (
            models.IssuedCase(
                study=study.slug,
                arm=arm,
                design={name: design[name] for name in wanted if name in design},
                disposition=disposition,
                settled=settled,
            )
            for design, arm, disposition in secrets.SystemRandom().sample(
                cases, len(cases)
            )
        ),
        batch_size=500,
    )


def _batches(rows: Sequence[Interview]) -> Iterator[list[Interview]]:
    supply = iter(rows)
    while batch := list(islice(supply, BATCH)):
        yield batch


def _unfinished(study: Study, *, past: bool) -> Iterator[models.Trace]:
    """How far each interview came that nobody ended: the notes, and no answer."""
    for row in submitted.unfinished(study):
        if _is_live(row) and not (past and submitted.is_lost(row)):
            interview = submitted.sitting(row).interview
            yield _trace(row, interview.trace, left=interview.position or "")


def _is_live(row: Interview) -> bool:
    status = vault.status(row.study, CaseRef(row.case))
    return status is vault.KeyStatus.LIVE


def _response(
    row: Interview,
    design: Sequence[str],
    known: Mapping[CaseRef, Mapping[str, str]],
) -> tuple[models.Response, models.Trace] | None:
    """The pseudonymous row of one interview: coded answers, week, design variables; and
    apart from it how it was filled in.

    None for a person who withdrew: their answers stay unread and are emptied.
    """
    if not _is_live(row):
        return None
    sitting = submitted.sitting(row)
    answers = interviews.final_answers(sitting.book, sitting.interview)
    stand = sitting.interview.let_stand(sitting.book)
    own = {} if row.arm == Arm.OPEN else known[CaseRef(row.case)]
    response = models.Response(
        ref=open_link(row),
        study=row.study.slug,
        instrument=row.instrument,
        arm=row.arm,
        mode=row.mode,
        language=row.language,
        week=row.ended,
        proxy=sitting.interview.speaker is not Speaker.PERSON,
        design={name: own[name] for name in design if name in own},
        answers=method.to_stored(method.crossing(sitting.book, answers, stand)),
    )
    trace = sitting.interview.trace
    return response, _trace(row, trace, left=trace.left, finished=True)


def _trace(
    row: Interview, trace: Trace, *, left: str, finished: bool = False
) -> models.Trace:
    """The notes of one interview under a key of their own."""
    return models.Trace(
        key=secrets.token_hex(16),
        study=row.study.slug,
        instrument=row.instrument,
        mode=row.mode,
        finished=finished,
        notes=replace(trace, left=left).plain(),
    )


def _keep_traces(traces: Iterable[models.Trace]) -> None:
    """Store notes in the order of their random keys, which is no order of arrival."""
    rows = sorted(traces, key=lambda row: row.key)
    models.Trace.objects.bulk_create(rows, batch_size=500)

"""Writes of the destruction room: plan, approve, withdraw a response.

Running an approved plan is in ``execute.py``, the longest write of the house.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from harken.method.anonymisation import (
    Side,
    Step,
)
from harken.method.anonymisation.certificate import (
    plan_digest,
)
from harken.method.errors import HarkenError, refuse
from harken.method.ledger import Event
from harken.method.study import State
from harken.method.terms import RESPONDENT, Actor, CaseRef, Role
from harken.method.vault.keyring import Retention
from harken.service.accounts.permissions import Permission, check
from harken.service.anonymisation import progress, queries, registry
from harken.service.anonymisation.faults import (
    NO_PART,
    NOT_CLOSED,
    NOT_COLLECTED,
    NOT_FOUND,
    NOT_JUDGED,
    NOTHING_TO_DESTROY,
    OTHER_PLAN,
    OTHERS_FIRST,
    SAME_PERSON,
    SAMPLE_OPEN,
    TOO_LATE,
    UNDER_WAY,
    WRONG_SIDE,
)
from harken.service.anonymisation.models import Approval, Run
from harken.service.contact import actions as contact
from harken.service.contact import safe
from harken.service.interview import queries as interviews
from harken.service.interview.models import FreeText, Interview
from harken.service.ledger import actions as ledger
from harken.service.response import actions as responses
from harken.service.response import queries as answers
from harken.service.study.models import Study
from harken.service.vault import actions as vault
from harken.service.vault import enrolment, holder
from harken.service.vault import queries as keys

TOO_MANY = "CON-011"
SIDES = {Role.GUARDIAN: Side.PROCESSOR, Role.CONTROLLER: Side.CONTROLLER}


def plan(
    study: Study,
    *,
    by: Actor,
    at: dt.datetime,
    retention: Retention = Retention.STANDARD,
    without_kept_file: bool = False,
    part: bool = False,
) -> Run:
    """Plan the destruction of a class and put the plan in the ledger; nothing dies yet.

    With ``part`` it is that of the people whose promise falls due next, while those with
    a later one go on. An older plan that has not begun gives way, also one of the other
    class: what happens after a plan is on its certificate. Raises HarkenError
    ANO-101 to 106, 112, 120, 122, and 119 when answers are kept that were not judged,
    unless that is wanted.
    """
    check(by, Permission.DESTROY_PLAN)
    check_ready(study, retention, at=at, part=part)
    if not without_kept_file and queries.needs_judging(study, retention):
        raise refuse(NOT_JUDGED, study=study.slug)
    with progress.alone(study.slug):
        return _plan(study, retention, by=by, at=at, part=part)


def _plan(
    study: Study, retention: Retention, *, by: Actor, at: dt.datetime, part: bool
) -> Run:
    """Write the plan while nobody runs one: a plan that has begun is never replaced."""
    before = Run.objects.filter(study=study.slug, ended_at__isnull=True)
    if any(progress.read(run).step is not Step.PLANNED for run in before):
        raise refuse(UNDER_WAY, study=study.slug)
    enrolment.record_epochs(study.slug, by=by, at=at)
    enrolment.record_promises(study.slug, by=by, at=at)
    registry.adopt(study, by=by, at=at)
    document = queries.plan(study, retention, at=at, part=part)
    with transaction.atomic(using="default"):
        before.update(ended_at=at)
        run = Run.objects.create(
            study=study.slug,
            retention=retention.value,
            plan=document,
            digest=plan_digest(document),
            planned_at=at,
        )
        foreseen = document["counts"]
        counts = foreseen if isinstance(foreseen, dict) else {}
        ledger.record(
            Event.DESTRUCTION_PLANNED,
            study=study.slug,
            by=by,
            at=at,
            subject=run.digest,
            counts=counts,
            reason=retention.value,
        )
    return run


def rehearse(
    study: Study,
    *,
    by: Actor,
    at: dt.datetime,
    retention: Retention = Retention.STANDARD,
    part: bool = False,
) -> queries.Foresight:
    """Count what a destruction would do today, and write down that it was rehearsed."""
    check(by, Permission.DESTROY_PLAN)
    seen = queries.foresee(study, retention, at=at, part=part)
    ledger.record(
        Event.REHEARSED,
        study=study.slug,
        by=by,
        at=at,
        counts={
            "enrolled": seen.enrolled,
            "withdrawn": seen.withdrawn,
            "recontact": seen.recontact,
            "destroyed": seen.destroyed,
            "live": seen.live,
        },
        reason=retention.value,
    )
    return seen


def check_ready(
    study: Study, retention: Retention, *, at: dt.datetime, part: bool = False
) -> None:
    """Raise when answers would be lost or there is nothing to destroy.

    What the promised day made unreadable holds nothing up: it is lost already. For a
    part of the people fieldwork need not be over: the others may still answer.
    """
    held = holder.store(study.slug)
    if held.ring(retention) is None:
        raise refuse(NOTHING_TO_DESTROY, study=study.slug, retention=retention.value)
    if part and not queries.has_parts(study.slug, retention):
        raise refuse(NO_PART, study=study.slug)
    if retention is Retention.RECONTACT:
        _check_others(study, part=part)
        return
    if not part and study.state != State.CLOSED:
        raise refuse(NOT_CLOSED, study=study.slug, state=study.state)
    waiting, _ = queries.uncollected(study, at=at, part=part)
    if waiting:
        raise refuse(NOT_COLLECTED, study=study.slug, count=waiting)
    if not part and not answers.is_closed(study):
        raise refuse(SAMPLE_OPEN, study=study.slug)


def _check_others(study: Study, *, part: bool) -> None:
    """Those kept end after all others who were given the same promise."""
    first = Retention.STANDARD
    standard = holder.store(study.slug).ring(first)
    through = queries.last_promise(study.slug, Retention.RECONTACT, part=part)
    waits = standard is not None and (not part or any(standard.cohorts[: through + 1]))
    if waits or queries.current_run(study, first):
        raise refuse(OTHERS_FIRST, study=study.slug)


def approve(
    study: Study,
    *,
    digest: str,
    by: Actor,
    at: dt.datetime,
    retention: Retention = Retention.STANDARD,
) -> Side:
    """Agree to the plan of this digest for one's side; returns the side.

    The guardian speaks for the processor, the controller for itself; two people.
    """
    check(by, Permission.DESTROY_APPROVE)
    side = SIDES.get(by.role)
    if side is None:
        raise refuse(WRONG_SIDE, role=by.role.value)
    with transaction.atomic(using="default"):
        found = queries.need_run(study, retention)
        run = Run.objects.select_for_update().get(pk=found.pk)
        if run.digest != digest or run.ended_at:
            raise refuse(OTHER_PLAN)
        given = queries.approvals(run)
        if side in given:
            return side
        if by.label in given.values():
            raise refuse(SAME_PERSON)
        Approval.objects.create(run=run, side=side.value, by=by.label, at=at)
        ledger.record(
            Event.DESTRUCTION_APPROVED,
            study=study.slug,
            by=by,
            at=at,
            subject=run.digest,
            reason=side.value,
        )
    return side


def withdraw_response(
    study: Study,
    receipt: str,
    *,
    at: dt.datetime,
    by: Actor = RESPONDENT,
    source: str = "",
) -> None:
    """Take the response behind a receipt code out, and refuse its person's keys.

    Raises HarkenError ANO-113 alike for every code that leads nowhere, and CON-011
    when too many were tried: then none was looked at.
    """
    try:
        # The receipt is used up last: a crash in between leaves it good for a retry.
        case = contact.identify(
            study, receipt, at=at, kinds=("receipt",), source=source
        )
        withdraw_case(study, CaseRef(case.ref), by=by, at=at)
        contact.kill(case, kind="receipt")
    except HarkenError as error:
        if error.findings[0].fault.code == TOO_MANY:
            raise
        raise refuse(NOT_FOUND) from None


def withdraw_case(study: Study, ref: CaseRef, *, by: Actor, at: dt.datetime) -> bool:
    """Withdraw a person, and their response if there is one; returns whether there was.

    The keys are refused at once and die at the next rotation. Done again it ends what
    was cut short: the response goes first, the keys last. Of somebody kept to be
    contacted again the contact goes; their response can no longer be found. Raises
    HarkenError ANO-114 when nothing of them is left to find.
    """
    held = (keys.KeyStatus.WITHDRAWN, keys.KeyStatus.RECONTACT)
    try:
        link = interviews.response_ref(study, ref)
    except HarkenError:
        if keys.status(study, ref) not in held:
            raise refuse(TOO_LATE) from None
        link = None
    removed = False
    if link is not None:
        removed = responses.remove(study.slug, link, by=by, at=at)
    with transaction.atomic(using="default"):
        FreeText.objects.filter(study=study, case=ref).delete()
        Interview.objects.filter(study=study, case=ref).delete()
        safe.forget(study, ref, by=by, at=at)
        vault.withdraw(study, ref, by=by, at=at)
    return removed

"""Runs an approved destruction: rotate, shred, sweep, certify. Stop it anywhere, run it
again, and it ends the same: targets dead, all others untouched, one certificate.

Each step may be repeated. The step's name reaches the disk before the step begins.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from django.conf import settings
from django.db import transaction

from harken.method.anonymisation import (
    Fate,
    NotValid,
    Side,
    Step,
)
from harken.method.anonymisation.certificate import (
    certify,
    outcome_digest,
)
from harken.method.errors import refuse
from harken.method.ledger import Event
from harken.method.study import State
from harken.method.terms import Actor, CaseRef
from harken.method.vault import KeyName
from harken.method.vault.keyring import Retention
from harken.service.accounts.permissions import Permission, check
from harken.service.anonymisation import (
    keeping,
    paper,
    proof,
    queries,
    registry,
    sweep,
)
from harken.service.anonymisation import progress as states
from harken.service.anonymisation.faults import NOT_APPROVED, STALE_PLAN, UNDER_WAY
from harken.service.anonymisation.models import Certificate, Run
from harken.service.anonymisation.scan import Scan
from harken.service.ledger import actions as ledger
from harken.service.ledger.signing import signer
from harken.service.redaction import crossing
from harken.service.response import actions as responses
from harken.service.response import intake
from harken.service.study import actions as studies
from harken.service.study.models import Study
from harken.service.vault import actions as vault
from harken.service.vault import durable, enrolment, holder
from harken.service.vault import queries as vault_queries
from harken.service.vault.models import Commitment, Sealed

TRIED = 200
KEYS_ONLY = "keys tried; no search was made, no texts to search for were given"
NOT_SEARCHED = Scan(0, 0, 0, 0, ())

Progress = Callable[[int, int], None]


def execute(
    study: Study,
    *,
    by: Actor,
    at: dt.datetime,
    retention: Retention = Retention.STANDARD,
    progress: Progress | None = None,
) -> Certificate:
    """Destroy what the approved plan names and return the certificate.

    Raises HarkenError ANO-104 without a plan, ANO-107 without both approvals, ANO-110
    when the people changed since, ANO-112 while another process runs it.
    """
    check(by, Permission.DESTROY_PLAN)
    with states.alone(study.slug):
        run = queries.need_run(study, retention)
        state = states.read(run)
        if state.step is Step.PLANNED:
            _check_plan(study, run, at)
        while state.step is not Step.ENDED:
            state = _STEPS[state.step](study, run, state, by, at)
            state = replace(state, step=state.step.following())
            states.write(run, state)
            if progress:
                progress(list(Step).index(state.step), len(Step) - 1)
        Run.objects.filter(pk=run.pk).update(ended_at=at)
    return queries.last_certificate(study.slug)


def issue(
    study: Study, scan: Scan | None, *, by: Actor, at: dt.datetime
) -> Certificate:
    """Issue the newest certificate anew, after a scan or when a copy was confirmed.

    Without a scan the counts of the last one are stated again. Raises HarkenError
    ANO-106 while a destruction of the study is under way, ANO-115 before the first.
    """
    check(by, Permission.DESTROY_PLAN)
    with states.alone(study.slug):
        run = queries.last_certificate(study.slug).run
        begun = queries.current_run(study)
        if begun and states.is_under_way(begun):
            raise refuse(UNDER_WAY, study=study.slug)
        registry.adopt(study, by=by, at=at)
        return _write(run, scan, states.read(run), by, at)


def _check_plan(study: Study, run: Run, at: dt.datetime) -> None:
    given = queries.approvals(run)
    for side in Side:
        if side not in given:
            raise refuse(NOT_APPROVED, side=side.value)
    now = queries.plan(study, Retention(run.retention), at=at, part=run.is_part)
    if run.covers(now) != run.covers(run.plan):
        raise refuse(STALE_PLAN)


def _planned(
    study: Study, run: Run, state: states.State, by: Actor, at: dt.datetime
) -> states.State:
    """Before any key dies, what was read crosses the wall; the unread ends here.

    Of those who leave before the others, what only their cases tell is written down too.
    """
    if run.retention != Retention.STANDARD:
        return state
    if not run.is_part:
        crossing.end(study, by=by, at=at)
        return state
    leaving = queries.leaving(study, run.through)
    crossing.end(study, by=by, at=at, leaving=leaving)
    intake.settle(study, leaving, plan=run.digest, by=by, at=at)
    keeping.keep_frame(study, leaving, plan=run.digest)
    return state


def _rotate(
    study: Study, run: Run, state: states.State, by: Actor, at: dt.datetime
) -> states.State:
    """Write down what becomes of everybody, then leave the targets out."""
    held = holder.store(study.slug)
    retention = Retention(run.retention)
    if held.ring(retention) is not None:
        found = queries.fates(study, retention, through=run.through, at=run.planned_at)
        for fate in set(Fate) - {Fate.LIVE}:
            values = {value for value, its in found.items() if its is fate}
            vault.mark(study.slug, values, Commitment.Fate(fate.value))
        enrolment.register_holders(study.slug, by=by, at=at)
        if retention is Retention.RECONTACT:
            held.end_recontact(through=run.through)
        else:
            kept = queries.kept(study, at=run.planned_at)
            held.rotate(kept, through=run.through)
    return state


def _shred(
    study: Study, run: Run, state: states.State, by: Actor, at: dt.datetime
) -> states.State:
    vault.finish(study.slug, by=by, at=at)
    return state


def _sweep(
    study: Study, run: Run, state: states.State, by: Actor, at: dt.datetime
) -> states.State:
    held = holder.store(study.slug)
    kept, stay = _agreed(held), _staying(held)
    if not state.tried:
        tried, opened = _try_to_open(held, kept, stay or set())
        state = replace(state, tried=tried, opened=opened)
        states.write(run, state)
    with transaction.atomic(using="default"):
        removed = sweep.sweep(study, kept, stay)
        ends = run.retention == Retention.STANDARD and stay is None
        if ends and study.state != State.DESTROYED:
            studies.mark_destroyed(study, by=by, at=at)
        _say_outcome(run, removed, by, at)
    responses.forget_order(study.slug)
    sweep.compact()
    return state


def _say_outcome(
    run: Run, removed: Mapping[str, int], by: Actor, at: dt.datetime
) -> None:
    """Write down what became of everybody, unless it stands there already.

    It is said again when somebody has left since with their key, or has come: the fates
    of a certificate are those that the ledger said last.
    """
    everybody = proof.people(run.study)
    subject = outcome_digest(vault_queries.enrolled_root(run.study), everybody)
    if proof.last_outcome(run) != subject:
        ledger.record(
            Event.DESTRUCTION_SWEPT,
            study=run.study,
            by=by,
            at=at,
            subject=subject,
            counts=removed,
        )


def _certify(
    study: Study, run: Run, state: states.State, by: Actor, at: dt.datetime
) -> states.State:
    made = Certificate.objects.filter(run=run).last()
    if made is None:
        registry.adopt(study, by=by, at=at)
        _write(run, NOT_SEARCHED, state, by, at)
    else:
        _put_file(made)
    return state


def _write(
    run: Run, scan: Scan | None, state: states.State, by: Actor, at: dt.datetime
) -> Certificate:
    """Record the scan, sign the ledger, make the certificate: one transaction.

    Without a scan the counts of the last one are stated again. The outcome is said again
    when somebody came or left since it was said first.
    """
    with transaction.atomic(using="default"):
        if scan is not None:
            counts = _scan_counts(scan, state)
            ledger.record(
                Event.DESTRUCTION_SCANNED,
                study=run.study,
                by=by,
                at=at,
                counts=counts,
                reason="" if scan.needles else KEYS_ONLY,
            )
        else:
            counts = proof.last_scan(run)
        _say_outcome(run, {}, by, at)
        evidence = proof.gather(run, ledger.checkpoint(at=at), counts, at=at)
        text = certify(evidence, signer("ledger")).decode("utf-8")
        made = Certificate.objects.create(
            run=run,
            number=Certificate.objects.filter(run=run).count() + 1,
            stage=evidence.stage,
            text=text,
            issued_at=at,
        )
        ledger.record(
            Event.CERTIFICATE_ISSUED,
            study=run.study,
            by=by,
            at=at,
            subject=hashlib.sha256(text.encode("utf-8")).hexdigest(),
            reason=evidence.stage,
        )
    _put_file(made)
    return made


def _scan_counts(scan: Scan, state: states.State) -> dict[str, int]:
    """What was searched and tried. Where no search was made, no size of one is given."""
    size = {"files": scan.files, "bytes": scan.bytes} if scan.needles else {}
    return size | {
        "needles": scan.needles,
        "found": scan.found,
        "tried": state.tried,
        "opened": state.opened,
    }


def _put_file(made: Certificate) -> None:
    folder = Path(settings.DATA) / "certificates"
    durable.make_folder(folder)
    durable.replace(folder / made.file_name, made.text.encode("utf-8"))
    try:
        sheet = paper.pdf(made.text, signer("ledger").public_key)
    except NotValid:
        return  # a search found something: the file says so, and no paper vouches for it
    durable.replace((folder / made.file_name).with_suffix(".pdf"), sheet)


def _agreed(held: holder.Keys) -> set[CaseRef]:
    """Whose contact is kept by right. A keyring that has more people has too many."""
    kept = vault_queries.commitments(held.study).filter(fate=Fate.RECONTACT.value)
    agreed = set(kept.values_list("value", flat=True))
    people = held.people(Retention.RECONTACT)
    return {person.ref for person in people if person.commitment in agreed}


def _staying(held: holder.Keys) -> set[CaseRef] | None:
    """Who was given a later promise and goes on; None when the class of all has ended."""
    if held.ring(Retention.STANDARD) is None:
        return None
    return {person.ref for person in held.people(Retention.STANDARD)}


def _try_to_open(
    held: holder.Keys, kept: set[CaseRef], stay: set[CaseRef]
) -> tuple[int, int]:
    """Try sealed records of the destroyed with every kind of key that is left."""
    tried = opened = 0
    for row in Sealed.objects.filter(study=held.study).iterator():
        ref, part = CaseRef(row.ref), KeyName(row.part)
        if ref in stay or (ref in kept and part is KeyName.CONTACT):
            continue
        tried += 1
        opened += held.opens(ref, part, bytes(row.blob))
        if tried == TRIED * 2:
            break
    return tried, opened


_STEPS: dict[
    Step, Callable[[Study, Run, states.State, Actor, dt.datetime], states.State]
] = {
    Step.PLANNED: _planned,
    Step.ROTATE: _rotate,
    Step.SHRED: _shred,
    Step.SWEEP: _sweep,
    Step.CERTIFY: _certify,
}

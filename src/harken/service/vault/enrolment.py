"""Gives people their keys and publishes a commitment to each. Knows no names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from django.db import transaction

from harken.method.errors import refuse
from harken.method.ledger import Event, leaf_hash
from harken.method.study import State
from harken.method.terms import Actor
from harken.method.vault.keyring import Retention
from harken.service.ledger import actions as ledger
from harken.service.ledger import queries as entries
from harken.service.study import actions as study_room
from harken.service.study import queries as studies
from harken.service.study.models import Study
from harken.service.vault import controller, holder, rows
from harken.service.vault.faults import HOLDER_MISSING, STUDY_ENDED
from harken.service.vault.holder import Enrolled
from harken.service.vault.keyholder.promise import NOTE
from harken.service.vault.models import Commitment, Promise


def begin(study: Study, *, by: Actor, at: dt.datetime) -> holder.Keys:
    """The study's keys; its standard keyring is made at the first enrolment."""
    if study.state == State.DESTROYED:
        raise refuse(STUDY_ENDED, study=study.slug)
    held = holder.store(study.slug)
    ring = held.ring(Retention.STANDARD)
    if ring is not None and _is_behind(study.slug, len(ring.policies)):
        record_promises(study.slug, by=by, at=at)
    if ring is None:
        mounts = Path("/proc/self/mounts")
        if mounts.exists():
            holder.check_disk(mounts.read_text(encoding="utf-8"), held.folder)
        policy = studies.folder(study).charter.policy()
        with transaction.atomic(using="default"):
            ledger.record(
                Event.POLICY_BOUND,
                study=study.slug,
                by=by,
                at=at,
                subject=policy["digest"],
                reason=f"destroy by {policy['destroy_by']}",
            )
            register_holders(study.slug, by=by, at=at)
            held.begin(policy, at=at, controller=controller.named())
            record_epochs(study.slug, by=by, at=at)
            record_promises(study.slug, by=by, at=at)
    return held


def _is_behind(slug: str, promises: int) -> bool:
    """Whether the keyring has a later promise that was not written down yet."""
    return promises > 1 and Promise.objects.filter(study=slug).count() < promises


def publish(
    slug: str, people: Sequence[Enrolled], *, by: Actor, at: dt.datetime
) -> None:
    """Append the commitments in the order of their values, and the keys to the keyring.

    Call it last in the transaction that stores what the keys seal. Ordering by value
    keeps the list from telling the order of the sample file.
    """
    with transaction.atomic(using="default", savepoint=False):
        frontier = rows.locked(slug)
        values = sorted(entry.commitment for entry in people)
        Commitment.objects.bulk_create(
            [
                Commitment(study=slug, position=frontier.size + n, value=value.hex())
                for n, value in enumerate(values)
            ],
            batch_size=2000,
        )
        for value in values:
            frontier.append(leaf_hash(value))
        rows.store(slug, frontier)
        ledger.record(
            Event.PEOPLE_ENROLLED,
            study=slug,
            by=by,
            at=at,
            subject=frontier.root().hex(),
            counts={"people": len(values), "enrolled": frontier.size},
        )
        holder.store(slug).add(len(people))


def register_holders(slug: str, *, by: Actor, at: dt.datetime) -> None:
    """Write in the ledger who holds the study's epoch keys, each once.

    Raises HarkenError VAU-131 when one that was written before is not there now: without
    its signature no destruction could be proved, so none begins.
    """
    known = set(
        entries.entries(study=slug, event=Event.HOLDER_REGISTERED).values_list(
            "subject", flat=True
        )
    )
    now = holder.store(slug).holders()
    if known - set(now):
        raise refuse(HOLDER_MISSING, study=slug, count=len(known - set(now)))
    for key in now:
        if key not in known:
            ledger.record(
                Event.HOLDER_REGISTERED, study=slug, by=by, at=at, subject=key
            )


def record_promises(slug: str, *, by: Actor, at: dt.datetime) -> None:
    """Bring table and ledger up to the keyring: every later promise, once.

    The entry says how many were enrolled before it: who is under which promise can then
    be told from the list of commitments alone. Nobody is enrolled meanwhile.
    """
    with transaction.atomic(using="default"):
        frontier = rows.locked(slug)
        held = holder.store(slug)
        ring = held.ring(Retention.STANDARD) or held.ring(Retention.RECONTACT)
        known = Promise.objects.filter(study=slug).count()
        for number, policy in enumerate(ring.policies if ring else ()):
            if number < known:
                continue
            text = {name: str(value) for name, value in policy.items()}
            note = text.pop(NOTE, "")
            Promise.objects.create(study=slug, number=number, policy=text, note=note)
            if note:
                ledger.record(
                    Event.POLICY_EXTENDED,
                    study=slug,
                    by=by,
                    at=at,
                    subject=text["digest"],
                    counts={"enrolled": frontier.size},
                    reason=f"destroy by {text['destroy_by']}",
                )
        later = Promise.objects.filter(study=slug, number__gt=0)
        study_room.learn_promises(slug, [one.policy for one in later], at=at)


def record_epochs(slug: str, *, by: Actor, at: dt.datetime) -> None:
    """Bring the ledger up to the register: every epoch key made, every one destroyed."""
    with transaction.atomic(using="default"):
        register_holders(slug, by=by, at=at)
        for event in (Event.EPOCH_KEY_MADE, Event.EPOCH_KEY_DESTROYED):
            known = set(
                entries.entries(study=slug, event=event).values_list(
                    "subject", flat=True
                )
            )
            for epoch in holder.store(slug).epochs():
                written = event is Event.EPOCH_KEY_MADE or epoch.receipt
                if written and epoch.commitment not in known:
                    ledger.record(
                        event,
                        study=slug,
                        by=by,
                        at=at,
                        subject=epoch.commitment,
                        counts={"generation": epoch.generation},
                        reason=epoch.retention.value,
                    )

"""Reads of the vault: what stands open, how many, since when. No identity."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import QuerySet

from harken.method.errors import HarkenError
from harken.method.ledger import Frontier
from harken.method.study.promised import Promised
from harken.method.terms import CaseRef
from harken.method.vault.keyring import Retention
from harken.service.study import queries as studies
from harken.service.study.models import Study
from harken.service.vault import controller, holder
from harken.service.vault.faults import GONE
from harken.service.vault.keystore import Epoch
from harken.service.vault.models import (
    Backup,
    Commitment,
    Copy,
    Enrolment,
    Promise,
    RecontactConsent,
    Sealed,
)


class KeyStatus(StrEnum):
    """How a person's keys stand."""

    LIVE = "live"
    WITHDRAWN = "withdrawn"
    RECONTACT = "recontact"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Due:
    """A class of a study whose next promised day ends at ``end``; people live there yet."""

    retention: Retention
    promise: int
    end: dt.datetime


@dataclass(frozen=True, slots=True)
class Overview:
    """The state of a study's keys, in counts."""

    enrolled: int
    live: int
    withdrawn_waiting: int
    consents: int
    recontact: int
    sealed: int
    epochs: int
    epochs_destroyed: int
    deadline: dt.datetime | None
    recontact_end: dt.datetime | None
    policies: tuple[Mapping[str, object], ...]


def status(study: Study, ref: CaseRef) -> KeyStatus:
    """How this person's keys stand."""
    return KeyStatus(holder.store(study.slug).status(ref))


def promised(study: Study, ref: CaseRef) -> Promised:
    """The days that this person was promised; the first ones once their keys are gone.

    The key holder is asked only where a study has more than one promise.
    """
    known = studies.promised(study)
    if len(known) == 1:
        return known[0]
    try:
        policy = holder.store(study.slug).promise(ref)
    except HarkenError as error:
        if error.findings[0].fault != GONE:
            raise
        return known[0]
    return _days_of(policy)


def promise_number(study: Study, ref: CaseRef) -> int:
    """The number of the promise that this person was given, while they have keys."""
    given = holder.store(study.slug).promise(ref)["digest"]
    return [one.policy["digest"] for one in promises(study.slug)].index(given)


def promised_to_all(study: Study) -> Mapping[CaseRef, Promised]:
    """The same for everybody who is enrolled, in two questions; empty for one promise."""
    known = studies.promised(study)
    if len(known) == 1:
        return {}
    held = holder.store(study.slug)
    days = [_days_of(policy) for policy in held.need(Retention.STANDARD).policies]
    people = held.people(Retention.STANDARD)
    return {person.ref: days[person.promise] for person in people}


def _days_of(policy: Mapping[str, object]) -> Promised:
    """A promise's days as the keys hold them: when it came, the study room knows."""
    destroy, again = (
        dt.date.fromisoformat(str(policy[name]))
        for name in ("destroy_by", "recontact_until")
    )
    return Promised(destroy, again, reason=str(policy.get("reason", "")))


def overview(slug: str) -> Overview:
    """Counts for the data guardian."""
    held = holder.store(slug)
    standard = held.ring(Retention.STANDARD)
    again = held.ring(Retention.RECONTACT)
    bound = standard or again
    epochs = held.epochs()
    withdrawn = standard.withdrawn if standard else 0
    return Overview(
        enrolled=Commitment.objects.filter(study=slug).count(),
        live=standard.people - withdrawn if standard else 0,
        withdrawn_waiting=withdrawn,
        consents=RecontactConsent.objects.filter(study=slug).count(),
        recontact=again.people if again else 0,
        sealed=Sealed.objects.filter(study=slug).count(),
        epochs=len(epochs),
        epochs_destroyed=sum(1 for epoch in epochs if epoch.receipt),
        deadline=holder.deadline(bound) if bound else None,
        recontact_end=holder.recontact_end(again or bound) if bound else None,
        policies=bound.policies if bound else (),
    )


def due(slug: str) -> list[Due]:
    """The next promised day of each class that has people, the earliest first."""
    found = []
    for retention in Retention:
        ring = holder.store(slug).ring(retention)
        if ring is not None and ring.people:
            end = holder.day_after(ring, retention.day)
            found.append(Due(retention, ring.due, end))
    return sorted(found, key=lambda one: one.end)


def enrolled_root(slug: str) -> str:
    """The root of the tree of everybody's commitments so far, in hexadecimal."""
    row = Enrolment.objects.filter(study=slug).first()
    frontier = Frontier.stored(row.size, row.peaks) if row else Frontier()
    return frontier.root().hex()


def cohorts(slug: str, retention: Retention) -> tuple[int, ...]:
    """How many people of a class were given each promise, in the promises' order."""
    ring = holder.store(slug).ring(retention)
    return ring.cohorts if ring else ()


def promises(slug: str) -> list[Promise]:
    """Every promise of a study in order: the first one, then each extension."""
    return list(Promise.objects.filter(study=slug))


def controller_key() -> str:
    """The controller's public key, which alone can extend a promise; empty without."""
    return controller.named()


def is_past(slug: str, *, at: dt.datetime) -> bool:
    """Whether a promised day is over while keys under it live: nothing of them opens."""
    ring = holder.store(slug).ring(Retention.STANDARD)
    return ring is not None and at >= holder.deadline(ring)


def report() -> Mapping[str, object]:
    """How the key holder's process stands; no study, no person."""
    found: Mapping[str, object] = holder.ask("report")
    return found


def consents(slug: str, *, at: dt.datetime) -> list[CaseRef]:
    """Who may be contacted again on this day, by reference."""
    day = at.astimezone(holder.LONDON).date()
    rows = RecontactConsent.objects.filter(study=slug, until__gte=day)
    return [CaseRef(ref) for ref in rows.values_list("ref", flat=True)]


def epochs(slug: str) -> list[Epoch]:
    """Every epoch key ever made for the study, with its receipt once destroyed."""
    return holder.store(slug).epochs()


def commitments(slug: str) -> QuerySet[Commitment]:
    """The published commitments in order."""
    return Commitment.objects.filter(study=slug).order_by("position")


def backups() -> QuerySet[Backup]:
    """Every backup made by this house."""
    return Backup.objects.all()


def copies(slug: str) -> QuerySet[Copy]:
    """Identities of this study that left the house, oldest first."""
    return Copy.objects.filter(study=slug)

"""The only door to an identity. Each opening states purpose and person, in the ledger.

Importable by vault, sampling, contact, safeguarding, redaction, anonymisation and
rights alone. After the promised day it opens nothing but what a person agreed to for
being contacted again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from operator import itemgetter

from django.db import IntegrityError, transaction

from harken.method.errors import HarkenError, refuse
from harken.method.ledger import Event
from harken.method.terms import Actor, CaseRef, Role
from harken.method.vault import Identity, KeyName
from harken.method.vault.keyring import Retention
from harken.service import retire
from harken.service.accounts.permissions import Permission, check
from harken.service.ledger import actions as ledger
from harken.service.study.models import Study
from harken.service.vault import enrolment, holder
from harken.service.vault.faults import (
    ALREADY,
    FLAGGED,
    GONE,
    NO_IDENTITY,
    NO_KEYRING,
    NOT_A_PERSON,
    NOT_RECONTACT,
    NOT_THIS_PURPOSE,
    PAST_DEADLINE,
    WITHDRAWN,
)
from harken.service.vault.holder import Enrolled
from harken.service.vault.keyholder.limits import RULES, Purpose
from harken.service.vault.models import RecontactConsent, Sealed

__all__ = ["Purpose", "close", "enrol", "open_batch", "open_identity"]

PARTS = (KeyName.CONTACT, KeyName.CASE)
KEPT = "recontact"
"""How the keys of those stand of whom the contact alone is left."""
CHUNK = 400
LEFT_OUT = frozenset({FLAGGED, GONE, PAST_DEADLINE, WITHDRAWN})
"""Those of a batch whom the holder refuses for these are left out of it."""

PERMISSIONS = {
    Purpose.CALL: Permission.CALL,
    Purpose.LETTER: Permission.FIELD_MANAGE,
    Purpose.HELPDESK: Permission.HELPDESK,
    Purpose.SAFEGUARDING: Permission.SAFEGUARD,
    Purpose.RECONTACT: Permission.FIELD_MANAGE,
    Purpose.ACCESS: Permission.RIGHTS,
    Purpose.EMERGENCY: Permission.EMERGENCY,
    Purpose.REDACTION: Permission.REDACT,
}


def enrol(
    study: Study,
    people: Iterable[tuple[CaseRef, Identity]],
    *,
    by: Actor,
    at: dt.datetime,
) -> int:
    """Give people keys and store their identities sealed; returns how many.

    One keyring append and one ledger entry for the batch. All or nothing. Rows are
    written in the order of the references, which were drawn at random, so that they do
    not tell the order of the sample file.
    """
    check(by, Permission.SAMPLE_LOAD)
    batch = sorted(people, key=itemgetter(0))
    if not batch:
        return 0
    if len({ref for ref, _ in batch}) != len(batch):
        raise refuse(ALREADY)
    with transaction.atomic(using="default"):
        held = enrolment.begin(study, by=by, at=at)
        try:
            with transaction.atomic(using="default"):
                enrolled = _stored(study.slug, held.prepare(_parts(batch)))
        except IntegrityError:
            raise refuse(ALREADY) from None
        enrolment.publish(study.slug, enrolled, by=by, at=at)
    return len(batch)


def open_identity(
    study: Study,
    ref: CaseRef,
    *,
    purpose: Purpose,
    by: Actor,
    at: dt.datetime,
    agreed: str = "",
) -> Identity:
    """One person's identity for one purpose, written in the ledger before it is shown.

    To contact somebody again, ``agreed`` says for which of the purposes that they
    agreed to. Raises HarkenError ACC-001 without the permission, VAU-104 after the
    promised day, VAU-103 when withdrawn, VAU-105 without a consent to be contacted
    again for this, VAU-107 when there is no identity.
    """
    check(by, PERMISSIONS[purpose])
    if by.role in (Role.ADMINISTRATOR, Role.SYSTEM):
        raise refuse(NOT_A_PERSON)
    held = holder.store(study.slug)
    reason = purpose.value
    if purpose is Purpose.RECONTACT:
        held.check_day(purpose, at=at)
        _check_consent(study.slug, ref, agreed, at)
        reason = f"{purpose.value}: {agreed}"
    parts = RULES[purpose].parts
    if purpose is Purpose.ACCESS and held.status(ref) == KEPT:
        parts = frozenset({KeyName.CONTACT})
    rows = Sealed.objects.filter(
        study=study.slug, ref=ref, part__in=[part.value for part in parts]
    )
    blobs = {row.part: bytes(row.blob) for row in rows}
    if not blobs:
        raise _why_nothing(held, ref)
    identity = _read(held, ref, blobs, purpose=purpose, by=by, at=at)
    ledger.record(
        Event.IDENTITY_OPENED,
        study=study.slug,
        by=by,
        at=at,
        subject=holder.handle_of(study.slug, ref),
        reason=reason,
    )
    return identity


def open_batch(
    study: Study,
    refs: Sequence[CaseRef],
    *,
    purpose: Purpose,
    by: Actor,
    at: dt.datetime,
) -> Iterator[tuple[CaseRef, Identity]]:
    """Several identities for a print run; one ledger entry with the count.

    People who withdrew, whose keys are gone or who have no identity are left out.
    The checks and the ledger entry happen at once, the opening as you iterate. Raises
    HarkenError VAU-115 for every other purpose: those open one person at a time (PRV 63).
    """
    check(by, PERMISSIONS[purpose])
    if not RULES[purpose].shares:
        raise refuse(NOT_THIS_PURPOSE, role=by.role.value, purpose=purpose.value)
    held = holder.store(study.slug)
    held.check_day(purpose, at=at)
    ends = holder.ends(held.need(Retention.STANDARD))
    living = {
        person.ref
        for person in held.people(Retention.STANDARD)
        if not person.withdrawn and at < ends[person.promise]
    }
    open_refs = [ref for ref in refs if ref in living]
    ledger.record(
        Event.IDENTITY_OPENED,
        study=study.slug,
        by=by,
        at=at,
        counts={"people": len(open_refs)},
        reason=purpose.value,
    )
    return _open_all(held, open_refs, purpose=purpose, by=by, at=at)


def close(study: Study, ref: CaseRef, *, by: Actor) -> None:
    """This person is done with the case; the key holder may open them another."""
    holder.store(study.slug).release(ref, by=by)


def _stored(slug: str, people: Iterator[Enrolled]) -> list[Enrolled]:
    """Everybody, their sealed parts written while the holder seals the next ones'."""
    enrolled: list[Enrolled] = []
    while some := list(islice(people, CHUNK)):
        Sealed.objects.bulk_create(
            Sealed(study=slug, ref=one.ref, part=part.value, blob=blob)
            for one in some
            for part, blob in zip(PARTS, one.sealed, strict=True)
        )
        enrolled += some
    return enrolled


def _parts(
    people: Iterable[tuple[CaseRef, Identity]],
) -> Iterator[tuple[CaseRef, list[tuple[KeyName, bytes]]]]:
    for ref, identity in people:
        yield ref, [(part, identity.part(part)) for part in PARTS]


def _open_all(
    held: holder.Keys,
    refs: Sequence[CaseRef],
    *,
    purpose: Purpose,
    by: Actor,
    at: dt.datetime,
) -> Iterator[tuple[CaseRef, Identity]]:
    parts = [part.value for part in RULES[purpose].parts]
    for start in range(0, len(refs), CHUNK):
        chunk = refs[start : start + CHUNK]
        found: dict[str, dict[str, bytes]] = {}
        rows = Sealed.objects.filter(study=held.study, ref__in=chunk, part__in=parts)
        for row in rows:
            found.setdefault(row.ref, {})[row.part] = bytes(row.blob)
        for ref in chunk:
            if ref not in found:
                continue
            try:
                person = _read(held, ref, found[ref], purpose=purpose, by=by, at=at)
            except HarkenError as error:
                if error.findings[0].fault not in LEFT_OUT:
                    raise
                continue
            yield ref, person


def _read(
    held: holder.Keys,
    ref: CaseRef,
    blobs: dict[str, bytes],
    *,
    purpose: Purpose,
    by: Actor,
    at: dt.datetime,
) -> Identity:
    retire.opened()
    parts = [(part, blobs[part.value]) for part in PARTS if part.value in blobs]
    return Identity.from_bytes(
        *held.identity(ref, parts, purpose=purpose, by=by, at=at)
    )


def _why_nothing(held: holder.Keys, ref: CaseRef) -> HarkenError:
    """Why there is no identity under a case: the person left, or never gave one."""
    if all(held.ring(retention) is None for retention in Retention):
        standard = Retention.STANDARD.value
        return refuse(NO_KEYRING, study=held.study, retention=standard)
    standing = held.status(ref)
    if standing == "withdrawn":
        return refuse(WITHDRAWN)
    return refuse(GONE if standing == "gone" else NO_IDENTITY)


def _check_consent(slug: str, ref: CaseRef, agreed: str, at: dt.datetime) -> None:
    """Pass when the person said yes to this, and their own last day is not over."""
    day = at.astimezone(holder.LONDON).date()
    mine = RecontactConsent.objects.filter(study=slug, ref=ref, until__gte=day).first()
    if mine is None or agreed not in mine.purposes:
        raise refuse(NOT_RECONTACT)

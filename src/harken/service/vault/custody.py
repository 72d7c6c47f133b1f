"""The only door to an identity. Each opening states purpose and person, in the ledger.

Importable by vault, sampling, contact, safeguarding and anonymisation alone. After the
promised day it opens nothing but what a person agreed to for being contacted again.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum

from django.db import IntegrityError, transaction

from harken.method.errors import refuse
from harken.method.ledger import Event
from harken.method.terms import Actor, CaseRef, Role
from harken.method.vault import Identity, KeyName, envelope
from harken.method.vault.keyring import Keyring, Retention
from harken.service.accounts.permissions import Permission, check
from harken.service.ledger import actions as ledger
from harken.service.study.models import Study
from harken.service.vault import enrolment, holder, sealing
from harken.service.vault.faults import (
    ALREADY,
    GONE,
    NO_IDENTITY,
    NO_KEYRING,
    NOT_A_PERSON,
    NOT_RECONTACT,
    PAST_DEADLINE,
    WITHDRAWN,
)
from harken.service.vault.models import RecontactConsent, Sealed

CONTEXT = "identity"
PARTS = (KeyName.CONTACT, KeyName.CASE)
CHUNK = 400


class Purpose(StrEnum):
    """Why an identity is opened. A closed list; each has its permission."""

    CALL = "call"
    LETTER = "letter"
    HELPDESK = "helpdesk"
    SAFEGUARDING = "safeguarding"
    RECONTACT = "recontact"


PERMISSIONS = {
    Purpose.CALL: Permission.CALL,
    Purpose.LETTER: Permission.FIELD_MANAGE,
    Purpose.HELPDESK: Permission.HELPDESK,
    Purpose.SAFEGUARDING: Permission.SAFEGUARD,
    Purpose.RECONTACT: Permission.FIELD_MANAGE,
}
NEEDS_CASE = frozenset({Purpose.HELPDESK, Purpose.SAFEGUARDING})
"""Only these purposes see the crime reference and the date of birth."""


def enrol(
    study: Study,
    people: Iterable[tuple[CaseRef, Identity]],
    *,
    by: Actor,
    at: dt.datetime,
) -> int:
    """Give people keys and store their identities sealed; returns how many.

    One keyring append and one ledger entry for the batch. All or nothing.
    """
    check(by, Permission.SAMPLE_LOAD)
    batch = list(people)
    if not batch:
        return 0
    with transaction.atomic(using="default"):
        header = enrolment.begin(study, by=by, at=at)
        entries = enrolment.make_entries([ref for ref, _ in batch])
        ring = Keyring(header)
        rows: list[Sealed] = []
        for entry, (ref, identity) in zip(entries, batch, strict=True):
            for part in PARTS:
                place = sealing.place_of(ring, ref, part, CONTEXT)
                blob = envelope.seal(
                    entry.keys[part], identity.part(part), place, os.urandom
                )
                rows.append(
                    Sealed(study=study.slug, ref=ref, part=part.value, blob=blob)
                )
        rows.sort(key=lambda row: row.ref)
        try:
            with transaction.atomic(using="default"):
                Sealed.objects.bulk_create(rows, batch_size=2000)
        except IntegrityError:
            raise refuse(ALREADY) from None
        enrolment.publish(study.slug, entries, by=by, at=at)
    return len(batch)


def open_identity(
    study: Study, ref: CaseRef, *, purpose: Purpose, by: Actor, at: dt.datetime
) -> Identity:
    """One person's identity for one purpose, written in the ledger before it is shown.

    Raises HarkenError ACC-001 without the permission, VAU-104 after the promised day,
    VAU-103 when withdrawn, VAU-105 without a consent to be contacted again, VAU-107
    when there is no identity.
    """
    check(by, PERMISSIONS[purpose])
    if by.role in (Role.ADMINISTRATOR, Role.SYSTEM):
        raise refuse(NOT_A_PERSON)
    ring = _ring_for(study, purpose, at)
    if purpose is Purpose.RECONTACT:
        _check_consents(study.slug, [ref], at)
    _check_open(ring, ref)
    parts = _wanted(purpose)
    rows = Sealed.objects.filter(
        study=study.slug, ref=ref, part__in=[part.value for part in parts]
    )
    blobs = {row.part: bytes(row.blob) for row in rows}
    if not blobs:
        raise refuse(NO_IDENTITY)
    identity = _read(ring, ref, blobs)
    ledger.record(
        Event.IDENTITY_OPENED,
        study=study.slug,
        by=by,
        at=at,
        subject=holder.handle_of(study.slug, ref),
        reason=purpose.value,
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
    """Several identities for one purpose; one ledger entry with the count.

    People who withdrew, whose keys are gone or who have no identity are left out.
    The checks and the ledger entry happen at once, the opening as you iterate.
    """
    check(by, PERMISSIONS[purpose])
    ring = _ring_for(study, purpose, at)
    if purpose is Purpose.RECONTACT:
        _check_consents(study.slug, refs, at)
    open_refs = [
        ref for ref in refs if ref in ring.entries and ref not in ring.withdrawn
    ]
    ledger.record(
        Event.IDENTITY_OPENED,
        study=study.slug,
        by=by,
        at=at,
        counts={"people": len(open_refs)},
        reason=purpose.value,
    )
    return _open_all(study, ring, open_refs, _wanted(purpose))


def _open_all(
    study: Study, ring: Keyring, refs: Sequence[CaseRef], parts: Sequence[KeyName]
) -> Iterator[tuple[CaseRef, Identity]]:
    for start in range(0, len(refs), CHUNK):
        chunk = refs[start : start + CHUNK]
        found: dict[str, dict[str, bytes]] = {}
        rows = Sealed.objects.filter(
            study=study.slug, ref__in=chunk, part__in=[part.value for part in parts]
        )
        for row in rows:
            found.setdefault(row.ref, {})[row.part] = bytes(row.blob)
        for ref in chunk:
            if ref in found:
                yield ref, _read(ring, ref, found[ref])


def _read(ring: Keyring, ref: CaseRef, blobs: dict[str, bytes]) -> Identity:
    opened = []
    for part in PARTS:
        if part.value in blobs:
            place = sealing.place_of(ring, ref, part, CONTEXT)
            key = sealing.key_of(ring, ref, part)
            opened.append(envelope.unseal(key, blobs[part.value], place))
    return Identity.from_bytes(*opened)


def _ring_for(study: Study, purpose: Purpose, at: dt.datetime) -> Keyring:
    """The keyring that may be used for a purpose at a time, or the refusal."""
    held = holder.store(study.slug)
    standard = held.ring(Retention.STANDARD)
    again = held.ring(Retention.RECONTACT)
    if purpose is Purpose.RECONTACT:
        ring = standard or again
        if ring is None:
            raise refuse(
                NO_KEYRING, study=study.slug, retention=Retention.RECONTACT.value
            )
        if at >= holder.recontact_end(ring):
            raise refuse(NOT_RECONTACT)
        if again is not None and at >= holder.deadline(ring):
            return again
        return ring
    if standard is None:
        raise refuse(NO_KEYRING, study=study.slug, retention=Retention.STANDARD.value)
    if at >= holder.deadline(standard):
        day = standard.header.policy["destroy_by"]
        raise refuse(PAST_DEADLINE, date=day, study=study.slug)
    return standard


def _check_consents(slug: str, refs: Sequence[CaseRef], at: dt.datetime) -> None:
    day = at.astimezone(holder.LONDON).date()
    agreed: set[str] = set()
    for start in range(0, len(refs), CHUNK):
        agreed |= set(
            RecontactConsent.objects.filter(
                study=slug, ref__in=refs[start : start + CHUNK], until__gte=day
            ).values_list("ref", flat=True)
        )
    if any(ref not in agreed for ref in refs):
        raise refuse(NOT_RECONTACT)


def _check_open(ring: Keyring, ref: CaseRef) -> None:
    if ref in ring.withdrawn:
        raise refuse(WITHDRAWN)
    if ref not in ring.entries:
        raise refuse(GONE)


def _wanted(purpose: Purpose) -> tuple[KeyName, ...]:
    return PARTS if purpose in NEEDS_CASE else (KeyName.CONTACT,)

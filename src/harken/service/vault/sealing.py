"""Seals and opens bytes under one key of one person. Knows no names and opens none.

Drafts, links and free text pass here; identities only through ``custody``.
"""

from __future__ import annotations

import datetime as dt
import os

from django.db import transaction

from harken.method.errors import refuse
from harken.method.terms import SYSTEM, CaseRef
from harken.method.vault import KeyName, envelope, keyring
from harken.method.vault.keyring import Keyring, Retention
from harken.service.study.models import Study
from harken.service.vault import enrolment, holder
from harken.service.vault.faults import GONE, WITHDRAWN


def enrol_anonymous(study: Study, ref: CaseRef, *, at: dt.datetime) -> None:
    """Keys for a person of the open arm, who gives no identity."""
    with transaction.atomic(using="default"):
        enrolment.begin(study, by=SYSTEM, at=at)
        people = enrolment.make_entries([ref])
        enrolment.publish(study.slug, people, by=SYSTEM, at=at)


def seal(
    study: Study, ref: CaseRef, key: KeyName, plaintext: bytes, *, context: str
) -> bytes:
    """Seal bytes under a person's key; ``context`` names what they are.

    Raises HarkenError VAU-102 or VAU-103 when the key is gone or refused.
    """
    ring = holder.store(study.slug).need(Retention.STANDARD)
    place = place_of(ring, ref, key, context)
    return envelope.seal(key_of(ring, ref, key), plaintext, place, os.urandom)


def open_sealed(
    study: Study, ref: CaseRef, key: KeyName, sealed: bytes, *, context: str
) -> bytes:
    """Open what ``seal`` made for the same person, key and context.

    Raises HarkenError VAU-101, VAU-102 or VAU-103 when the key is gone or refused,
    VAU-005 when the bytes are not what was sealed here.
    """
    ring = holder.store(study.slug).need(Retention.STANDARD)
    place = place_of(ring, ref, key, context)
    return envelope.unseal(key_of(ring, ref, key), bytes(sealed), place)


def keyed_hash(study: Study, text: str) -> bytes:
    """HMAC-SHA-256 under the study's pepper; the pepper dies with the keyring."""
    ring = holder.store(study.slug).need(Retention.STANDARD)
    return keyring.keyed_hash(ring.header.code_pepper, "code", text)


def key_of(ring: Keyring, ref: CaseRef, key: KeyName) -> bytes:
    """A person's key in a keyring; raises when it is refused or gone."""
    if ref in ring.withdrawn:
        raise refuse(WITHDRAWN)
    entry = ring.entries.get(ref)
    if entry is None or key not in entry.keys:
        raise refuse(GONE)
    return entry.keys[key]


def place_of(ring: Keyring, ref: CaseRef, key: KeyName, context: str) -> envelope.Place:
    """What a record of this person and purpose is bound to."""
    header = ring.header
    return envelope.Place(
        header.study, holder.policy_words(header), ref, f"{key.value}:{context}"
    )

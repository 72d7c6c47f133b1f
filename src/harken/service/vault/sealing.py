"""Seals and opens bytes under one key of one person. Knows no names and opens none.

Drafts, links and free text pass here; identities only through ``custody``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from harken.method.terms import SYSTEM, CaseRef
from harken.method.vault import KeyName
from harken.service.study.models import Study
from harken.service.vault import enrolment, holder


def enrol_anonymous(study: Study, ref: CaseRef, *, at: dt.datetime) -> None:
    """Keys for a person of the open arm, who gives no identity."""
    with transaction.atomic(using="default", savepoint=False):
        held = enrolment.begin(study, by=SYSTEM, at=at)
        people = list(held.prepare([(ref, ())]))
        enrolment.publish(study.slug, people, by=SYSTEM, at=at)


def seal(
    study: Study, ref: CaseRef, key: KeyName, plaintext: bytes, *, context: str
) -> bytes:
    """Seal bytes under a person's key; ``context`` names what they are.

    Raises HarkenError VAU-102 or VAU-103 when the key is gone or refused.
    """
    return holder.store(study.slug).seal(ref, key, plaintext, context)


def open_sealed(
    study: Study, ref: CaseRef, key: KeyName, sealed: bytes, *, context: str
) -> bytes:
    """Open what ``seal`` made for the same person, key and context.

    Raises HarkenError VAU-101, VAU-102 or VAU-103 when the key is gone or refused,
    VAU-104 after the promised day, VAU-005 when the bytes are not what was sealed here.
    """
    return holder.store(study.slug).open(ref, key, bytes(sealed), context)


def keyed_hash(study: Study, text: str) -> bytes:
    """HMAC-SHA-256 under the study's pepper; the pepper dies with the keyring."""
    return keyed_hashes(study, [text])[0]


def keyed_hashes(study: Study, texts: Sequence[str]) -> list[bytes]:
    """The same for many texts, asked of the key holder at once."""
    return holder.store(study.slug).hashes("code", texts)

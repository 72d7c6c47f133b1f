"""No nonce is used twice, under one key or under any: ASVS 11.3.4."""

from __future__ import annotations

import pytest

from harken.method.vault import KeyName
from harken.method.vault.envelope import NONCE
from harken.service.vault import custody, sealing
from harken.service.vault.models import Sealed
from tests.make.vault import AT, MANAGER, make_people, make_study

pytestmark = pytest.mark.django_db(databases=["default", "answers"])


def test_no_nonce_is_used_twice() -> None:
    """Twelve bytes after the version, of every record of an import and of one person's
    own words written over and over."""
    study = make_study()
    people = make_people(200)
    custody.enrol(study, people, by=MANAGER, at=AT)
    blobs = [bytes(row.blob) for row in Sealed.objects.filter(study=study.slug)]
    assert len(blobs) >= 2 * len(people)
    ref = people[0][0]
    blobs += [
        sealing.seal(study, ref, KeyName.TEXT, b"the same", context="a text")
        for _ in range(500)
    ]
    assert len({blob[1 : 1 + NONCE] for blob in blobs}) == len(blobs)
    assert len({blob[1 + NONCE :] for blob in blobs}) == len(blobs)

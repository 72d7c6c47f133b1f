"""Brings copies that other rooms know of into the register: print runs, the sample file."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator

from harken.method.terms import SYSTEM, Actor
from harken.service.contact.models import PrintRun
from harken.service.sampling.models import SampleFile
from harken.service.study.models import Study
from harken.service.vault import actions as vault
from harken.service.vault import queries as copies
from harken.service.vault.models import Copy

SENDER = "The commissioner"
SENT = "sample file as it was sent"


def out(study: Study) -> list[Copy]:
    """Every copy known to be out: the register's rows, then what it does not have yet.

    Those are unsaved rows; ``adopt`` writes them down.
    """
    rows = list(copies.copies(study.slug))
    held = {row.file_hash for row in rows}
    return rows + [one for one in _known(study) if one.file_hash not in held]


def unconfirmed(study: Study) -> int:
    """How many copies are out with nobody's word that they are gone, registered or not."""
    return sum(1 for copy in out(study) if not copy.confirmed_at)


def adopt(study: Study, *, by: Actor, at: dt.datetime) -> None:
    """Register all that is known, and its confirmation; again it changes nothing."""
    for one in _known(study):
        row = vault.register_copy(
            study,
            recipient=one.recipient,
            purpose=one.purpose,
            people=one.people,
            file_hash=one.file_hash,
            # Bookkeeping of what the field handed over; the guardian who plans a
            # destruction may not hand anything over.
            by=SYSTEM,
            at=at,
            handed_at=one.handed_at,
        )
        if one.confirmed_at and not row.confirmed_at:
            vault.confirm_copy(study, one.file_hash, by=by, at=at)


def _known(study: Study) -> Iterator[Copy]:
    """What other rooms know to have left the house, or to be where it came from."""
    for file in SampleFile.objects.filter(study=study):
        yield Copy(
            study=study.slug,
            recipient=SENDER,
            purpose=SENT,
            people=file.read,
            file_hash=file.sha256,
            handed_at=file.loaded_at,
        )
    for run in PrintRun.objects.filter(study=study).order_by("pk"):
        yield Copy(
            study=study.slug,
            recipient=run.recipient,
            purpose=f"letters: {run.kind}",
            people=run.count,
            file_hash=hash_of(run),
            handed_at=run.made_at,
            confirmed_at=run.confirmed_at,
        )


def hash_of(run: PrintRun) -> str:
    """One hash for a print run: over its files' own hashes and its row's number."""
    text = json.dumps([run.pk, run.files], sort_keys=True, default=str)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()

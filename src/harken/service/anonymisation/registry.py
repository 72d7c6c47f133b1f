"""Brings copies that other rooms know of into the register: print runs, the sample file."""

from __future__ import annotations

import datetime as dt
import hashlib
import json

from harken.method.terms import SYSTEM, Actor
from harken.service.contact.models import PrintRun
from harken.service.sampling.models import SampleFile
from harken.service.study.models import Study
from harken.service.vault import actions as vault
from harken.service.vault import queries as copies

SENDER = "The commissioner"
SENT = "sample file as it was sent"


def unconfirmed(study: Study) -> int:
    """How many copies are out with nobody's word that they are gone, registered or not."""
    rows = copies.copies(study.slug)
    known = set(rows.values_list("file_hash", flat=True))
    runs = PrintRun.objects.filter(study=study, confirmed_at=None)
    new = {hash_of(run) for run in runs}
    new |= {file.sha256 for file in SampleFile.objects.filter(study=study)}
    return rows.filter(confirmed_at=None).count() + len(new - known)


def adopt(study: Study, *, by: Actor, at: dt.datetime) -> int:
    """Register all that is known; returns how many copies the register has."""
    for file in SampleFile.objects.filter(study=study):
        vault.register_copy(
            study,
            recipient=SENDER,
            purpose=SENT,
            people=file.read,
            file_hash=file.sha256,
            by=SYSTEM,
            at=at,
        )
    return _adopt_print_runs(study, by=by, at=at)


def _adopt_print_runs(study: Study, *, by: Actor, at: dt.datetime) -> int:
    """Register every print run, and its confirmation; returns how many rows there are.

    Running it again changes nothing that is there.
    """
    known = {copy.file_hash: copy for copy in copies.copies(study.slug)}
    for run in PrintRun.objects.filter(study=study).order_by("pk"):
        name = hash_of(run)
        if name not in known:
            known[name] = vault.register_copy(
                study,
                recipient=run.recipient,
                purpose=f"letters: {run.kind}",
                people=run.count,
                file_hash=name,
                # Bookkeeping of what the field handed over; the guardian who plans a
                # destruction may not hand anything over.
                by=SYSTEM,
                at=at,
            )
        if run.confirmed_at and not known[name].confirmed_at:
            vault.confirm_copy(study, name, by=by, at=at)
    return len(known)


def hash_of(run: PrintRun) -> str:
    """One hash for a print run: over its files' own hashes and its row's number."""
    text = json.dumps([run.pk, run.files], sort_keys=True, default=str)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()

"""Writes to the ledger: one entry for an act, one checkpoint for the world outside."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version

from django.db import transaction

from harken.method.errors import HarkenError, refuse
from harken.method.ledger import Event, canonical, leaf_hash, sign_note, witness
from harken.method.ledger.faults import NO_SUCH_POINT
from harken.method.terms import Actor
from harken.service.ledger import models, queries, rows
from harken.service.ledger.signing import signer

try:
    SOFTWARE = version("harken")
except PackageNotFoundError:
    SOFTWARE = "0.1.0"


def record(
    event: Event,
    *,
    study: str,
    by: Actor,
    at: dt.datetime,
    subject: str = "",
    counts: Mapping[str, int] | None = None,
    reason: str = "",
) -> None:
    """Append one entry. Call it in the transaction of the act it records.

    ``subject`` is an opaque handle, a slug, a version or a hash; ``reason`` a code or a
    phrase of the house. Neither may name a person or a case.
    """
    with transaction.atomic(using="default", savepoint=False):
        frontier = rows.locked()
        body = canonical(
            {
                "position": frontier.size,
                "at": at.astimezone(dt.UTC).isoformat(timespec="seconds"),
                "event": event.value,
                "study": study,
                "by": by.label,
                "role": by.role.value,
                "subject": subject,
                "counts": dict(counts or {}),
                "reason": reason,
                "software": SOFTWARE,
            }
        )
        leaf = leaf_hash(body)
        entry = models.Entry(
            position=frontier.size,
            at=at,
            event=event.value,
            study=study,
            role=by.role.value,
            subject=subject,
            body=body.decode("utf-8"),
            leaf=leaf.hex(),
        )
        frontier.append(leaf)
        rows.append(entry, frontier)


def checkpoint(*, at: dt.datetime) -> str:
    """Sign the ledger as it stands, keep the note and return it, to be lodged outside.

    The note holds no time and no person; it may be published.
    """
    with transaction.atomic(using="default"):
        point = queries.head()
        note = sign_note(point.text(), [signer("ledger")])
        models.Checkpoint.objects.create(size=point.size, note=note, at=at)
    return note


def appoint_witness(public_key: str, *, by: Actor, at: dt.datetime) -> None:
    """From now on certificates want this witness's co-signature; written in the ledger.

    Raises HarkenError LED-008 when it is not a witness's public key.
    """
    key = public_key.strip()
    witness.check_key(key)
    if queries.witness() != key:
        record(Event.WITNESS_APPOINTED, study="", by=by, at=at, subject=key)


def adopt(cosignature: str, *, by: Actor, at: dt.datetime) -> int:
    """Put the witness's co-signature on the checkpoint it is over; returns its size.

    Raises HarkenError LED-012 without a witness, LED-013 when it fits no checkpoint.
    """
    key = queries.need_witness()
    line = cosignature.strip() + "\n"
    with transaction.atomic(using="default"):
        for row in models.Checkpoint.objects.select_for_update().order_by("-id"):
            if line in row.note:
                return row.size
            try:
                point, _ = witness.open_cosigned(row.note + line, key)
            except HarkenError:
                continue
            row.note += line
            row.save(update_fields=["note"])
            record(
                Event.CHECKPOINT_COSIGNED,
                study="",
                by=by,
                at=at,
                subject=point.root.hex(),
                counts={"size": point.size},
            )
            return point.size
    raise refuse(NO_SUCH_POINT)

"""Gathers from ledger, register and run what a certificate states. Changes nothing."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping

from harken.method.anonymisation import Evidence, Fate
from harken.method.ledger import Event, open_note, read_checkpoint
from harken.service.anonymisation.models import Run
from harken.service.ledger import queries as ledger
from harken.service.ledger.actions import SOFTWARE
from harken.service.ledger.signing import signer
from harken.service.vault import holder
from harken.service.vault import queries as vault


def gather(
    run: Run, checkpoint: str, scan: Mapping[str, int], *, at: dt.datetime
) -> Evidence:
    """The evidence for a run at a checkpoint that covers all of it."""
    operator = signer("ledger")
    size = read_checkpoint(open_note(checkpoint, operator.public_key)).size
    first = plan_position(run)
    rows = ledger.entries().filter(position__gte=first, position__lt=size)
    tail = list(rows.values_list("body", flat=True))
    ended = _destroyed_at(run, tail)
    ends = "destroy_by" if run.retention == "standard" else "recontact_until"
    day = ended.astimezone(holder.LONDON).date().isoformat()
    copies = [
        {
            "recipient": copy.recipient,
            "purpose": copy.purpose,
            "people": copy.people,
            "file_hash": copy.file_hash,
            "handed_at": _when(copy.handed_at),
            "confirmed_at": _when(copy.confirmed_at) if copy.confirmed_at else "",
        }
        for copy in vault.copies(run.study)
    ]
    confirmed = all(copy["confirmed_at"] for copy in copies)
    return Evidence(
        study=run.study,
        retention=run.retention,
        stage="final" if confirmed else "provisional",
        issued_at=_when(at),
        destroyed_at=_when(ended),
        late=day > run.policy[ends],
        software=SOFTWARE,
        operator=operator.public_key,
        holder=signer("holder").public_key,
        witness="",
        policy=run.policy,
        policy_entry=_policy_entry(run, size),
        plan=run.plan,
        checkpoint=checkpoint,
        tail_from=first,
        peaks=[peak.hex() for peak in ledger.edge(first)],
        tail=tail,
        people=[
            (value, Fate(fate))
            for value, fate in vault.commitments(run.study).values_list("value", "fate")
        ],
        epochs=[
            {
                "retention": epoch.retention.value,
                "generation": epoch.generation,
                "commitment": epoch.commitment,
                "receipt": epoch.receipt,
            }
            for epoch in vault.epochs(run.study)
        ],
        backups=[backup.digest for backup in vault.backups()],
        copies=copies,
        scan=scan,
    )


def plan_position(run: Run) -> int:
    """Where in the ledger the run's plan stands."""
    found = ledger.entries(
        study=run.study, event=Event.DESTRUCTION_PLANNED, subject=run.digest
    ).last()
    if found is None:
        raise RuntimeError("a run has no entry in the ledger")
    return found.position


def said_since(run: Run, event: Event) -> bool:
    """Whether the ledger has an event of this study since the run's plan."""
    return (
        ledger.entries(study=run.study, event=event)
        .filter(position__gt=plan_position(run))
        .exists()
    )


def last_scan(run: Run) -> dict[str, int]:
    """What the last scan of this run counted, as the ledger says."""
    found = ledger.entries(study=run.study, event=Event.DESTRUCTION_SCANNED).last()
    if found is None:
        raise RuntimeError("a run has no scan in the ledger")
    counts: dict[str, int] = json.loads(found.body)["counts"]
    return counts


def _policy_entry(run: Run, size: int) -> dict[str, object]:
    found = ledger.entries(
        study=run.study, event=Event.POLICY_BOUND, subject=run.policy["digest"]
    ).first()
    if found is None:
        raise RuntimeError("the policy has no entry in the ledger")
    proof = ledger.prove([found.position], size)[0]
    return {
        "position": proof.position,
        "body": proof.body,
        "proof": [value.hex() for value in proof.hashes],
    }


def _destroyed_at(run: Run, tail: list[str]) -> dt.datetime:
    """When the last epoch key died, as the ledger says."""
    times = [
        row["at"]
        for row in map(json.loads, tail)
        if row["event"] == Event.EPOCH_KEY_DESTROYED and row["study"] == run.study
    ]
    return dt.datetime.fromisoformat(max(times))


def _when(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).isoformat(timespec="seconds")

"""Gathers from ledger, register and run what a certificate states. Changes nothing."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from harken.method.anonymisation import Fate, cohorts
from harken.method.anonymisation.certificate import (
    Evidence,
    letters,
)
from harken.method.ledger import Event, open_note, read_checkpoint
from harken.service.anonymisation.models import Run
from harken.service.ledger import queries as ledger
from harken.service.ledger.actions import SOFTWARE
from harken.service.ledger.models import Entry
from harken.service.ledger.signing import signer
from harken.service.vault import holder
from harken.service.vault import queries as vault
from harken.service.vault.models import Promise

MATTERS = (
    Event.PEOPLE_ENROLLED,
    Event.HOLDER_REGISTERED,
    Event.WITNESS_APPOINTED,
    Event.EPOCH_KEY_MADE,
    Event.EPOCH_KEY_DESTROYED,
    Event.COPY_HANDED_OVER,
    Event.COPY_CONFIRMED,
    Event.BACKUP_MADE,
    Event.DESTRUCTION_SWEPT,
    Event.DESTRUCTION_SCANNED,
)
RECORDED = (
    Event.TEXT_REVIEWED,
    Event.TEXTS_DESTROYED,
    Event.KEPT_FILE_JUDGED,
)
MOST_RECORDS = 50


def gather(
    run: Run, checkpoint: str, scan: Mapping[str, int], *, at: dt.datetime
) -> Evidence:
    """The evidence for a run at a checkpoint that covers all of it."""
    operator = signer("ledger")
    checkpoint, witness = _vouched(run, checkpoint)
    size = read_checkpoint(open_note(checkpoint, operator.public_key)).size
    first = plan_position(run)
    rows = ledger.entries().filter(position__gte=first, position__lt=size)
    tail = list(rows.values_list("body", flat=True))
    copies = _copies(run.study)
    promises = vault.promises(run.study)
    ended, known, before = _destroyed_at(run, tail), people(run.study), _earlier(run)
    confirmed = all(copy["confirmed_at"] for copy in copies)
    final = confirmed and witness == ledger.witness()
    return Evidence(
        study=run.study,
        retention=run.retention,
        stage="final" if final else "provisional",
        issued_at=_when(at),
        destroyed_at=_when(ended),
        late=_is_late(
            [*before, _Outcome(run, size - 1, tail, letters(known))], promises
        ),
        software=SOFTWARE,
        operator=operator.public_key,
        holders=holders(run.study),
        witness=witness,
        controller=vault.controller_key(),
        promises=_promises(run.study, promises, size),
        earlier=[one.told(size) for one in before],
        plan=run.plan,
        checkpoint=checkpoint,
        tail_from=first,
        peaks=_edge(first),
        tail=tail,
        proof=_proof(size - 1, size),
        people=known,
        epochs=_epochs(run.study),
        backups=[backup.digest for backup in vault.backups()],
        copies=copies,
        scan=scan,
        records=_records(run, size),
    )


def _copies(study: str) -> list[dict[str, object]]:
    """The register of copies, each with its confirmation."""
    return [
        {
            "recipient": copy.recipient,
            "purpose": copy.purpose,
            "people": copy.people,
            "file_hash": copy.file_hash,
            "handed_at": _when(copy.handed_at),
            "confirmed_at": _when(copy.confirmed_at) if copy.confirmed_at else "",
        }
        for copy in vault.copies(study)
    ]


def _epochs(study: str) -> list[dict[str, object]]:
    """Every epoch key ever made, with its receipt once it is dead."""
    return [
        {
            "retention": epoch.retention.value,
            "generation": epoch.generation,
            "commitment": epoch.commitment,
            "receipt": epoch.receipt,
        }
        for epoch in vault.epochs(study)
    ]


def holders(study: str) -> list[str]:
    """The public keys of everybody who holds an epoch key of the study, or a share."""
    registered = ledger.entries(study=study, event=Event.HOLDER_REGISTERED)
    return list(registered.values_list("subject", flat=True))


def holders_at(study: str, position: int) -> list[str]:
    """The same as they were when the ledger had so many entries."""
    later = ledger.entries(study=study, event=Event.HOLDER_REGISTERED).filter(
        position__gt=position
    )
    return [
        key
        for key in holders(study)
        if key not in set(later.values_list("subject", flat=True))
    ]


def _vouched(run: Run, fresh: str) -> tuple[str, str]:
    """A checkpoint that the witness co-signed if it covers all that matters, and whose.

    Else the fresh one, which the witness has not seen yet.
    """
    held = ledger.cosigned()
    last = (
        ledger.entries()
        .filter(position__gte=plan_position(run), event__in=MATTERS)
        .filter(study__in=(run.study, ""))
        .last()
    )
    if held is None or last is None or held.size <= last.position:
        return fresh, ""
    return held.note, ledger.witness()


def _records(run: Run, size: int) -> list[dict[str, object]]:
    """Earlier entries that belong to the promise: texts reviewed, the file judged."""
    found = ledger.entries(study=run.study).filter(
        event__in=RECORDED, position__lt=size
    )
    positions = set(list(found.values_list("position", flat=True))[-MOST_RECORDS:])
    if run.judged:
        before = found.filter(subject=run.judged, position__lt=plan_position(run))
        positions.update(before.values_list("position", flat=True).reverse()[:1])
    return [_entry(proof) for proof in ledger.prove(sorted(positions), size)]


def plan_position(run: Run) -> int:
    """Where in the ledger the run's plan stands."""
    found = ledger.entries(
        study=run.study, event=Event.DESTRUCTION_PLANNED, subject=run.digest
    ).last()
    if found is None:
        raise RuntimeError("a run has no entry in the ledger")
    return found.position


def last_outcome(run: Run) -> str:
    """What the ledger said last became of everybody since the run's plan; else empty."""
    found = (
        ledger.entries(study=run.study, event=Event.DESTRUCTION_SWEPT)
        .filter(position__gt=plan_position(run))
        .last()
    )
    return found.subject if found else ""


def last_scan(run: Run) -> dict[str, int]:
    """What the last scan of this run counted, as the ledger says."""
    found = ledger.entries(study=run.study, event=Event.DESTRUCTION_SCANNED).last()
    if found is None:
        raise RuntimeError("a run has no scan in the ledger")
    counts: dict[str, int] = json.loads(found.body)["counts"]
    return counts


def people(study: str) -> list[tuple[str, Fate]]:
    """Everybody enrolled in order, and what became of them; who has keys yet is live."""
    rows = vault.commitments(study).values_list("value", "fate")
    return [
        (value, Fate.LIVE if fate == "enrolled" else Fate(fate)) for value, fate in rows
    ]


def _promises(
    study: str, promises: Sequence[Promise], size: int
) -> list[dict[str, object]]:
    """Each promise with what the controller signed and its proved entry."""
    positions = [_bound(study, promise).position for promise in promises]
    entries = _proved(positions, size)
    return [
        {"policy": promise.policy, "note": promise.note, "entry": entry}
        for promise, entry in zip(promises, entries, strict=True)
    ]


def _bound(study: str, promise: Promise) -> Entry:
    """The ledger's entry of a promise."""
    event = Event.POLICY_EXTENDED if promise.note else Event.POLICY_BOUND
    digest = promise.policy["digest"]
    found = ledger.entries(study=study, event=event, subject=digest).first()
    if found is None:
        raise RuntimeError("a promise has no entry in the ledger")
    return found


def _starts(study: str, promises: Sequence[Promise]) -> list[int]:
    """How many people were enrolled before each promise."""
    return [
        json.loads(_bound(study, promise).body)["counts"]["enrolled"]
        if promise.note
        else 0
        for promise in promises
    ]


@dataclass(frozen=True, slots=True)
class _Outcome:
    """One destruction of the study: its run, the place of its last entry, the ledger's
    entries from its plan to that, and what became of everybody."""

    run: Run
    last: int
    tail: list[str]
    fates: str

    @property
    def day(self) -> dt.date:
        """London's day on which its keys died."""
        return _destroyed_at(self.run, self.tail).astimezone(holder.LONDON).date()

    def told(self, size: int) -> dict[str, object]:
        """As a later certificate states it, at a checkpoint over so many entries."""
        begun = plan_position(self.run)
        tail = {"from": begun, "peaks": _edge(begun), "entries": self.tail}
        tail["proof"] = _proof(self.last, size)
        return {"plan": self.run.plan, "fates": self.fates, "tail": tail}


def _is_late(outcomes: Sequence[_Outcome], promises: Sequence[Promise]) -> bool:
    """Whether keys outlived the day of those they were destroyed for, in any of them."""
    days = [(one.day("destroy_by"), one.day("recontact_until")) for one in promises]
    starts = _starts(outcomes[-1].run.study, promises)
    said = [(one.fates, one.day) for one in outcomes]
    after = any(one.day > one.run.own_day(days) for one in outcomes)
    return after or cohorts.is_late(said, starts, days)


def _earlier(run: Run) -> list[_Outcome]:
    """Each destruction of the study before this one, as it was said first."""
    found = []
    for row in Run.objects.filter(study=run.study, pk__lt=run.pk).order_by("pk"):
        first = row.certificates.order_by("pk").first()
        if first is None:
            continue
        told = json.loads(first.text)["certificate"]["people"]
        subject = cohorts.outcome_of(told["enrolled"], told["fates"])
        begun = plan_position(row)
        rows = ledger.entries().filter(position__gte=begun)
        entry = rows.filter(
            study=run.study, event=Event.DESTRUCTION_SWEPT, subject=subject
        ).first()
        if entry is None:
            raise RuntimeError("a certified destruction has no entry in the ledger")
        rows = rows.filter(position__lte=entry.position)
        tail = list(rows.values_list("body", flat=True))
        found.append(_Outcome(row, entry.position, tail, told["fates"]))
    return found


def _edge(position: int) -> list[str]:
    """The tree's right edge before this entry."""
    return [peak.hex() for peak in ledger.edge(position)]


def _proof(position: int, size: int) -> list[str]:
    """What shows that this entry is in the tree of so many."""
    return [value.hex() for value in ledger.prove([position], size)[0].hashes]


def _proved(positions: Sequence[int], size: int) -> list[dict[str, object]]:
    """These entries of the ledger, each with its proof."""
    found = {one.position: _entry(one) for one in ledger.prove(positions, size)}
    return [found[position] for position in positions]


def _entry(proof: ledger.Proof) -> dict[str, object]:
    return {
        "position": proof.position,
        "body": proof.body,
        "proof": [value.hex() for value in proof.hashes],
    }


def _destroyed_at(run: Run, tail: Sequence[str]) -> dt.datetime:
    """When the last epoch key of the run's class died, as the ledger says.

    While people under a later promise go on, the keys made for them and destroyed after
    the outcome was first said do not count: those destroyed were not in them.
    """
    planned = {epoch["commitment"] for epoch in run.plan["epochs"]}
    rows = [row for row in map(json.loads, tail) if row["study"] == run.study]
    added = sum(row["event"] == Event.POLICY_EXTENDED for row in rows)
    goes_on = run.through < len(run.plan["promises"]) + added - 1
    swept = False
    ours = {
        epoch.commitment
        for epoch in vault.epochs(run.study)
        if epoch.retention == run.retention
    }
    times = []
    for row in rows:
        swept |= row["event"] == Event.DESTRUCTION_SWEPT
        counts = not goes_on or not swept or row["subject"] in planned
        if row["event"] == Event.EPOCH_KEY_DESTROYED and row["subject"] in ours:
            times += [row["at"]] * counts
    return dt.datetime.fromisoformat(max(times))


def _when(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).isoformat(timespec="seconds")

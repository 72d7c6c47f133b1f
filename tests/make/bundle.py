"""Makes whole certificates without a database: an invented ledger, signed and proved.

Everything that a real house would have written is written here in its order, so that a
forger in a test can change one thing, sign again with the operator's own key, and hope.
"""

from __future__ import annotations

import hashlib
import json
import random
from dataclasses import dataclass, field, replace
from typing import Any

from harken.method.anonymisation import (
    Fate,
)
from harken.method.anonymisation.certificate import (
    Evidence,
    certify,
    outcome_digest,
    plan_digest,
)
from harken.method.ledger import Frontier, Signer, canonical, leaf_hash, merkle
from harken.method.ledger import sign_note as sign
from harken.method.ledger.checkpoint import Checkpoint
from harken.method.ledger.cosign import Cosigner

STUDY = "invented-review"
DAY = "2026-09-30"
ENDS = [Fate.WITHDRAWN, Fate.RECONTACT, Fate.DESTROYED]


@dataclass
class House:
    """An operator's keys and its ledger so far."""

    operator: Signer
    holders: list[Signer]
    witness: Cosigner | None
    entries: list[bytes] = field(default_factory=list)
    writes: tuple[bytes, bytes] = (b"", b"")
    """What a forger writes in an entry in place of what."""

    def record(self, event: str, **said: Any) -> int:
        """Append one entry; returns its position."""
        position = len(self.entries)
        row = {
            "position": position,
            "at": f"2026-09-{1 + position * 29 // 400:02}T08:00:00+00:00",
            "event": event,
            "study": STUDY,
            "by": "guardian-1",
            "role": "guardian",
            "subject": "",
            "counts": {},
            "reason": "",
            "software": "0.1.0",
        }
        entry = canonical(row | said)
        self.entries.append(entry.replace(*self.writes) if self.writes[0] else entry)
        return position

    def leaves(self) -> list[bytes]:
        """The leaf hashes so far."""
        return [leaf_hash(entry) for entry in self.entries]

    def checkpoint(self) -> str:
        """The ledger as it stands, signed, and co-signed when there is a witness."""
        root = merkle.root_of(self.leaves())
        text = Checkpoint(self.operator.name, len(self.entries), root).text()
        note = sign(text, [self.operator])
        if self.witness:
            note += self.witness.cosign(text, at=1_790_000_000)
        return note

    def receipt(self, retention: str, generation: int, commitment: str) -> str:
        """What every holder signs when an epoch key is dead."""
        lines = ["harken-epoch-receipt-v1", STUDY, retention, str(generation)]
        return sign("\n".join([*lines, commitment, "now"]) + "\n", self.holders)

    def way(self, position: int) -> list[str]:
        """What leads from an entry to the root of the ledger as it stands."""
        hashes = merkle.inclusion_proof(self.leaves(), position)
        return [value.hex() for value in hashes]

    def proof(self, position: int) -> dict[str, object]:
        """An entry with what shows that it is in the ledger as it stands."""
        return {
            "position": position,
            "body": self.entries[position].decode(),
            "proof": self.way(position),
        }


def make_epoch(
    house: House, lot: random.Random, retention: str, generation: int
) -> dict[str, Any]:
    """An epoch key that the ledger knows of, and that lives."""
    commitment = lot.randbytes(32).hex()
    house.record("epoch_key_made", subject=commitment, reason=retention)
    return {
        "retention": retention,
        "generation": generation,
        "commitment": commitment,
        "receipt": "",
    }


@dataclass
class Bundle:
    """A certificate's evidence, and whose keys signed it."""

    evidence: Evidence
    house: House

    def write(self, **changes: Any) -> bytes:
        """The certificate with some evidence changed, signed by the operator."""
        return certify(replace(self.evidence, **changes), self.house.operator)

    @property
    def operator_key(self) -> str:
        """What a verifier is given."""
        return self.house.operator.public_key

    @property
    def witness_key(self) -> str:
        """What a controller gives as well; empty without a witness."""
        return self.house.witness.public_key if self.house.witness else ""


def make_bundle(
    seed: int = 1,
    *,
    people: int = 12,
    witness: bool | None = None,
    holders: int | None = None,
    late: bool = False,
    news: bool = False,
    afterwards: bool = False,
    verdict: str = "passes",
) -> Bundle:
    """A valid certificate of a house drawn by lot: sizes, fates, epochs, copies, keys.

    With ``news`` all that can still happen after the plan happens; with ``afterwards``
    one of those kept leaves when the promised day is over. With another verdict the plan
    names a file that did not pass, which makes the certificate invalid.
    """
    lot = random.Random(seed)
    count = holders or 1 + lot.randrange(2)
    house = House(
        Signer(f"harken/ledger-{seed}", lot.randbytes(32)),
        [Signer(f"holder/{n}-{seed}", lot.randbytes(32)) for n in range(count)],
        Cosigner("controller/witness", lot.randbytes(32))
        if (lot.random() < 0.7 if witness is None else witness)
        else None,
    )
    everybody = sorted(lot.randbytes(32).hex() for _ in range(people))
    fates = [lot.choice(ENDS) for _ in everybody]
    outcome = list(zip(everybody, fates, strict=True))
    story = _Story(house, lot, outcome, late)
    story.news, story.verdict, story.afterwards = news, verdict, afterwards
    return Bundle(story.tell(), house)


class _Story:
    def __init__(
        self,
        house: House,
        lot: random.Random,
        people: list[tuple[str, Fate]],
        late: bool,
    ) -> None:
        self.house, self.lot, self.people, self.late = house, lot, people, late
        self.epochs: list[dict[str, Any]] = []
        self.news = self.afterwards = False
        self.verdict = "passes"
        self.backups: list[str] = []
        leaves = [leaf_hash(bytes.fromhex(value)) for value, _ in people]
        self.root = merkle.root_of(leaves).hex()
        self.file = "" if self.root[-1] in "012" else self.root[::-1]
        policy = {"policy_version": "1", "destroy_by": DAY}
        self.policy = policy | {"recontact_until": "2028-03-31"}

    def tell(self) -> Evidence:
        """Fieldwork, plan, approvals, destruction; everything in the ledger's order."""
        house, lot = self.house, self.lot
        digest = hashlib.sha256(canonical(self.policy)).hexdigest()
        bound = house.record("policy_bound", subject=digest)
        for holder in house.holders:
            house.record("holder_registered", subject=holder.public_key)
        if house.witness:
            key = house.witness.public_key
            house.record("witness_appointed", study="", subject=key)
        size = len(self.people)
        house.record("people_enrolled", subject=self.root, counts={"enrolled": size})
        for generation in range(1, 2 + lot.randrange(3)):
            self._make("standard", generation)
        for epoch in self.epochs[:-1]:
            self._destroy(epoch)
        reviewed = house.record("text_reviewed", counts={"texts": lot.randrange(9)})
        judged = house.record(
            "kept_file_judged",
            subject=self.file,
            counts={"records": size},
            reason=self.verdict if self.file else "refused",
        )
        copies = [
            {"file_hash": lot.randbytes(32).hex(), "confirmed": lot.random() < 0.7}
            for _ in range(lot.randrange(3))
        ]
        plan = self._plan(digest, copies)
        first = len(house.entries)
        edge = Frontier.of(house.leaves()).peaks
        self._approve(plan)
        self._run(copies)
        if self.afterwards:
            self._leave()
        note = house.checkpoint()
        final = all(copy["confirmed"] for copy in copies)
        at = max(
            row["at"]
            for row in map(_read, house.entries[first:])
            if row["event"] == "epoch_key_destroyed" and row["reason"] == "standard"
        )
        return Evidence(
            study=STUDY,
            retention="standard",
            stage="final" if final else "provisional",
            issued_at="2026-10-01T08:00:00+00:00",
            destroyed_at=at,
            late=self.late,
            software="0.1.0",
            operator=house.operator.public_key,
            holders=[holder.public_key for holder in house.holders],
            witness=house.witness.public_key if house.witness else "",
            controller="",
            promises=[
                {
                    "policy": self.policy | {"digest": digest},
                    "note": "",
                    "entry": house.proof(bound),
                }
            ],
            earlier=[],
            plan=plan,
            checkpoint=note,
            tail_from=first,
            peaks=[peak.hex() for peak in edge],
            tail=[entry.decode() for entry in house.entries[first:]],
            proof=house.way(len(house.entries) - 1),
            people=self.people,
            epochs=self.epochs,
            backups=self.backups,
            copies=[
                {
                    "recipient": "Print room",
                    "purpose": "letters",
                    "people": size,
                    "file_hash": copy["file_hash"],
                    "handed_at": "2026-03-01T08:00:00+00:00",
                    "confirmed_at": "2026-08-01" if copy["confirmed"] else "",
                }
                for copy in copies
            ],
            scan={"files": 5, "bytes": 9, "needles": 3, "found": 0}
            | {"tried": 4, "opened": 0},
            records=[house.proof(reviewed), house.proof(judged)],
        )

    def _plan(self, digest: str, copies: list[dict[str, Any]]) -> dict[str, object]:
        fates = [fate for _, fate in self.people]
        return {
            "study": STUDY,
            "retention": "standard",
            "promises": [digest],
            "through": 0,
            "enrolled": {"size": len(fates), "root": self.root},
            "counts": {"enrolled": len(fates)}
            | {fate.value: fates.count(fate) for fate in Fate},
            "epochs": [
                {
                    "commitment": epoch["commitment"],
                    "destroyed": bool(epoch["receipt"]),
                    "holders": [h.public_key for h in self.house.holders],
                }
                for epoch in self.epochs
            ],
            "holders": [holder.public_key for holder in self.house.holders],
            "witness": self.house.witness.public_key if self.house.witness else "",
            "copies": [dict(copy) for copy in copies],
            "backups": [],
            "kept": {"responses": len(fates), "judged": self.file},
        }

    def _approve(self, plan: dict[str, object]) -> None:
        digest = plan_digest(plan)
        self.house.record("destruction_planned", subject=digest, reason="standard")
        for side, role in (("processor", "guardian"), ("controller", "controller")):
            self.house.record(
                "destruction_approved",
                subject=digest,
                reason=side,
                role=role,
                by=f"{role}-1",
            )

    def _hear(self, copies: list[dict[str, Any]]) -> None:
        """A further holder, backup, copy and witness, and people enrolled once more."""
        house, lot = self.house, self.lot
        house.holders.append(Signer("holder/late", lot.randbytes(32)))
        for key in (house.holders[-1].public_key, house.holders[0].public_key):
            house.record("holder_registered", subject=key)
        self.backups.append(lot.randbytes(32).hex())
        house.record("backup_made", study="", subject=self.backups[0])
        copies.append({"file_hash": lot.randbytes(32).hex(), "confirmed": True})
        house.record("copy_handed_over", subject=copies[-1]["file_hash"])
        house.record("copy_confirmed", subject=copies[-1]["file_hash"])
        counts = {"enrolled": len(self.people)}
        house.record("people_enrolled", subject=self.root, counts=counts)
        if house.witness:
            key = house.witness.public_key
            house.record("witness_appointed", study="", subject=key)

    def _run(self, copies: list[dict[str, Any]]) -> None:
        if self.news:
            self._hear(copies)
        if any(fate is Fate.RECONTACT for _, fate in self.people):
            self._make("recontact", 1)
        for epoch in self.epochs:
            if epoch["retention"] == "standard" and not epoch["receipt"]:
                self._destroy(epoch)
        digest = outcome_digest(self.root, self.people)
        self.house.record("destruction_swept", subject=digest)
        counts = {"files": 5, "bytes": 9, "needles": 3, "found": 0}
        self.house.record(
            "destruction_scanned", counts=counts | {"tried": 4, "opened": 0}
        )
        if copies and copies[0]["confirmed"] and self.lot.random() < 0.5:
            self.house.record("copy_confirmed", subject=copies[0]["file_hash"])

    def _leave(self) -> None:
        """The first of those kept withdraws; the others move to a new epoch key."""
        fates = [fate for _, fate in self.people]
        value, _ = self.people[fates.index(Fate.RECONTACT)]
        self.people[fates.index(Fate.RECONTACT)] = (value, Fate.WITHDRAWN)
        if fates.count(Fate.RECONTACT) > 1:
            self._make("recontact", 2)
        self._destroy(next(e for e in self.epochs if e["retention"] == "recontact"))
        digest = outcome_digest(self.root, self.people)
        self.house.record("destruction_swept", subject=digest)

    def _make(self, retention: str, generation: int) -> None:
        epoch = make_epoch(self.house, self.lot, retention, generation)
        self.epochs.append(epoch)

    def _destroy(self, epoch: dict[str, Any]) -> None:
        kept = epoch["retention"] == "recontact"
        at = {"at": f"2026-10-{20 if kept else 2:02}T08:00:00+00:00"}
        self.house.record(
            "epoch_key_destroyed",
            subject=epoch["commitment"],
            reason=epoch["retention"],
            **(at if self.late or kept else {}),
        )
        epoch["receipt"] = self.house.receipt(
            epoch["retention"], epoch["generation"], epoch["commitment"]
        )


def _read(entry: bytes) -> dict[str, Any]:
    row: dict[str, Any] = json.loads(entry)
    return row

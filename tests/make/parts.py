"""Makes certificates of studies whose promise was extended, without a database.

The ledger is invented as in ``bundle``; a story may be told with one thing false in it, and
the forger signs the rest as if it were true.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from harken.method.anonymisation import Fate
from harken.method.anonymisation.certificate import (
    LETTERS,
    Evidence,
    plan_digest,
)
from harken.method.ledger import Frontier, Signer, canonical, leaf_hash, merkle
from harken.method.ledger import sign_note as sign
from tests.make.bundle import STUDY, Bundle, House, make_epoch

DAYS = (
    ("2026-09-30", "2028-03-31"),
    ("2027-03-31", "2028-06-30"),
    ("2027-12-31", "2028-12-31"),
)
NOONS = tuple(f"{day}T12:00:00+00:00" for day, _ in DAYS)
WHY = "Letters went out six weeks late after the print house closed."
SIDES = (
    ("processor", "guardian", "guardian-1"),
    ("controller", "controller", "controller-1"),
)
FATES = {letter: fate for fate, letter in LETTERS.items()}


@dataclass
class Tale:
    """What is told: how many came under each promise, and each destruction so far.

    ``acts`` are class, last promise covered and time, the last of them the certificate's
    own. ``lies`` replace what would be true: ``note``, ``reason`` and ``starts`` of an
    extension, ``days`` of the promises, ``late``, ``fewer`` of the holders in a later plan,
    ``hidden`` a key that no plan names, ``entries`` how the ledger's are written, ``scan``
    what was found, ``noise`` of which study an entry stands at the end.

    Those of an act stand under its number: ``fates``, ``live`` whether a standard key lives
    at its end, ``rotate`` whether keys were made and destroyed, ``plan``, ``change`` and
    ``sides`` what was planned and who approved, ``order`` of its steps, ``study`` and
    ``said`` of which study and when the end was told, ``rehearsed`` when a key made for
    show died and the end was told, while the keys of the plan lived on.
    """

    sizes: tuple[int, ...] = (5, 4)
    acts: tuple[tuple[str, int, str], ...] = (("standard", 0, NOONS[0]),)
    lies: Mapping[str | int, Any] = field(default_factory=dict)
    seed: int = 1


def make_parts(tale: Tale) -> Bundle:
    """The certificate of the last act of a tale."""
    return _Teller(tale).tell()


class _Teller:
    def __init__(self, tale: Tale) -> None:
        lot = random.Random(tale.seed)
        self.tale, self.lot, self.lies = tale, lot, tale.lies
        self.house = House(
            Signer(f"harken/ledger-{tale.seed}", lot.randbytes(32)),
            [Signer("holder/one", lot.randbytes(32))],
            None,
        )
        self.controller = Signer("controller.example", lot.randbytes(32))
        self.people: list[str] = []
        self.starts: list[int] = []
        self.promises: list[dict[str, Any]] = []
        self.epochs: list[dict[str, Any]] = []
        self.earlier: list[dict[str, Any]] = []
        self.fates = ""
        self.act: dict[str, Any] = {}

    def tell(self) -> Bundle:
        house = self.house
        house.writes = self.lies.get("entries", house.writes)
        house.record("holder_registered", subject=house.holders[0].public_key)
        for number, size in enumerate(self.tale.sizes):
            self._promise(number)
            self._enrol(size)
        self._make("standard")
        for number, act in enumerate(self.tale.acts):
            self.act = self.lies.get(number, {})
            self.earlier.append(self._act(*act))
        return Bundle(self._end(*self.tale.acts[-1]), house)

    def _promise(self, number: int) -> None:
        days = self.lies.get("days", DAYS)[number]
        start = self.lies.get("starts", {}).get(number, len(self.people))
        self.starts.append(start)
        if not number:
            policy = {"policy_version": "1", "destroy_by": days[0]}
            policy |= {"recontact_until": days[1]}
            digest, note = hashlib.sha256(canonical(policy)).hexdigest(), ""
        else:
            before = self.promises[-1]["policy"]
            named = self.lies.get("before", before["digest"])
            why = self.lies.get("reason", WHY)
            lines = ["harken-policy-extension-v2", STUDY, named, *days, why]
            signer = self.lies.get("signer", self.controller)
            note = sign("\n".join(lines) + "\n", [signer])
            digest = hashlib.sha256(note.encode()).hexdigest()
            version = {"policy_version": f"1.{number}", "destroy_by": days[0]}
            policy = before | version | {"recontact_until": days[1], "reason": why}
        event = "policy_extended" if number else "policy_bound"
        counts = {"enrolled": start} if number else {}
        place = self.house.record(event, subject=digest, counts=counts)
        self.promises.append(
            {"policy": policy | {"digest": digest}, "note": note, "place": place}
        )

    def _enrol(self, size: int) -> None:
        self.people += sorted(self.lot.randbytes(32).hex() for _ in range(size))
        counts = {"enrolled": len(self.people)}
        self.house.record("people_enrolled", subject=self._root(), counts=counts)

    def _root(self) -> str:
        leaves = [leaf_hash(bytes.fromhex(value)) for value in self.people]
        return merkle.root_of(leaves).hex()

    def _fall(self, retention: str, through: int, at: str) -> None:
        """What an act makes of everybody, and of the keys."""
        sizes, before = self.tale.sizes, self.fates or "l" * len(self.people)
        fates = ""
        for number, size in enumerate(sizes):
            mine = before[len(fates) : len(fates) + size]
            if number <= through and retention == "standard":
                fresh = ("rw" + "d" * size)[:size]
                mine = fresh if "l" in mine else mine
            elif number <= through:
                mine = mine.replace("r", "d")
            fates += mine
        self.fates = fates = self.act.get("fates", fates)
        if not self.act.get("rotate", True):
            return
        ends = through >= len(sizes) - 1
        if retention == "standard":
            if not ends or self.act.get("live"):
                self._make("standard")
            if "r" in fates:
                self._make("recontact")
        elif "r" in fates:
            self._make("recontact")
        if retention == "standard":
            self._destroy("standard", at)
        self._destroy("recontact", at, but_last="r" in fates)

    def _make(self, retention: str) -> None:
        number = 1 + sum(one["retention"] == retention for one in self.epochs)
        self.epochs.append(make_epoch(self.house, self.lot, retention, number))

    def _destroy(self, retention: str, at: str, *, but_last: bool = False) -> None:
        """Every living key of a class but the newest that is to live."""
        mine = [one for one in self.epochs if one["retention"] == retention]
        ends = all(fate in "wrd" for fate in self.fates) and not self.act.get("live")
        spare = but_last if retention == "recontact" else not ends
        if self.act.get("live") is False:
            spare = spare and retention == "recontact"
        for epoch in mine[:-1] if spare else mine:
            if not epoch["receipt"]:
                self._kill(epoch, at)

    def _kill(self, epoch: dict[str, Any], at: str) -> None:
        key, retention = epoch["commitment"], epoch["retention"]
        said = {"subject": key, "reason": retention, "at": at}
        self.house.record("epoch_key_destroyed", **said)
        number = epoch["generation"]
        epoch["receipt"] = self.house.receipt(retention, number, key)

    def _rehearse(self, retention: str, at: str) -> None:
        """A key that nobody is in is destroyed, and the ledger told that all are."""
        self._make(retention)
        self._kill(self.epochs[-1], at)
        self.house.record("destruction_swept", subject="0" * 64, at=at)

    def _outcome(self) -> list[tuple[str, Fate]]:
        pairs = zip(self.people, self.fates, strict=False)
        return [(value, FATES[letter]) for value, letter in pairs]

    def _act(self, retention: str, through: int, at: str) -> dict[str, Any]:
        """A destruction from its plan to its outcome, in the order that is told."""
        house, said = self.house, self.act.get
        first, edge = len(house.entries), Frontier.of(house.leaves()).peaks
        plan = self._plan(retention, through) | said("plan", {})
        plan = said("change", dict)(plan)
        digest = plan_digest(plan)
        for step in said("order", ("plan", "approve", "fall", "say")):
            if step == "plan":
                house.record("destruction_planned", subject=digest, reason=retention)
            elif step == "approve":
                for side, role, by in said("sides", SIDES):
                    told = {"subject": digest, "reason": side, "role": role, "by": by}
                    house.record("destruction_approved", **told)
                if "rehearsed" in self.act:
                    self._rehearse(retention, self.act["rehearsed"])
            elif step == "fall":
                self._fall(retention, through, at)
            else:
                named = {"enrolled": self._root(), "fates": self.fates}
                told = {"subject": hashlib.sha256(canonical(named)).hexdigest()}
                told |= {"at": said("said", at), "study": said("study", STUDY)}
                house.record("destruction_swept", **told)
        return {
            "plan": plan,
            "fates": self.fates,
            "first": first,
            "last": len(house.entries) - 1,
            "peaks": [peak.hex() for peak in edge],
        }

    def _stretch(self, told: dict[str, Any]) -> dict[str, Any]:
        """An earlier destruction as the certificate names it."""
        first, last = told["first"], told["last"]
        entries = [entry.decode() for entry in self.house.entries[first : last + 1]]
        tail = {"from": first, "peaks": told["peaks"], "entries": entries}
        tail["proof"] = self.house.way(last)
        return {"plan": told["plan"], "fates": told["fates"], "tail": tail}

    def _end(self, retention: str, through: int, at: str) -> Evidence:
        house, own = self.house, self.earlier.pop()
        scan = {"needles": 0, "found": 0, "tried": 4, "opened": 0}
        scan |= self.lies.get("scan", {})
        house.record("destruction_scanned", counts=scan)
        if "noise" in self.lies:  # the outcome once more, and something after it
            named = {"enrolled": self._root(), "fates": self.fates}
            again = hashlib.sha256(canonical(named)).hexdigest()
            house.record("destruction_swept", subject=again)
            house.record("text_reviewed", study=self.lies["noise"])
        for number in range(int(self.lies.get("afterwards", 0))):
            self._make("standard")
            self._destroy("standard", f"2026-12-{10 + number}T08:00:00+00:00")
        first = own["first"]
        return Evidence(
            study=STUDY,
            retention=retention,
            stage="final",
            issued_at=at,
            destroyed_at=self.act.get("rehearsed", at),
            late=self.lies.get("late", False),
            software="0.1.0",
            operator=house.operator.public_key,
            holders=[holder.public_key for holder in house.holders],
            witness="",
            controller=self.controller.public_key,
            promises=[
                {
                    "policy": one["policy"],
                    "note": one["note"],
                    "entry": house.proof(one["place"]),
                }
                for one in self.promises
            ],
            earlier=[self._stretch(one) for one in self.earlier],
            plan=own["plan"],
            checkpoint=house.checkpoint(),
            tail_from=first,
            peaks=own["peaks"],
            tail=[entry.decode() for entry in house.entries[first:]],
            proof=house.way(len(house.entries) - 1),
            people=self._outcome(),
            epochs=self.epochs,
            backups=[],
            copies=[],
            scan=scan,
            records=[],
        )

    def _plan(self, retention: str, through: int) -> dict[str, Any]:
        holders = [holder.public_key for holder in self.house.holders]
        fewer = bool(self.lies.get("fewer")) and bool(self.earlier)
        return {
            "study": STUDY,
            "retention": retention,
            "promises": [one["policy"]["digest"] for one in self.promises],
            "through": through,
            "enrolled": {"size": len(self.people), "root": self._root()},
            "counts": {"enrolled": len(self.people), "recontact": len(self.people)},
            "epochs": [
                {
                    "commitment": one["commitment"],
                    "destroyed": bool(one["receipt"]),
                    "holders": [] if fewer else holders,
                }
                for one in self.epochs[bool(self.lies.get("hidden")) :]
            ],
            "holders": holders,
            "witness": "",
            "copies": [],
            "backups": [],
            "kept": {},
        }

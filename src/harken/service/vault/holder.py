"""The keys of a study as the house may use them. The keys themselves stay in the holder.

``store`` gives the keys of one study: what stands, sealing, opening one record, and the
acts of withdrawal and destruction. Every call is one question to the key holder.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from harken.method.errors import refuse
from harken.method.terms import Actor, CaseRef, Role
from harken.method.vault import KeyName
from harken.method.vault.keyring import Fact, Retention
from harken.service.vault import reach
from harken.service.vault.faults import ENROL_AGAIN, NO_KEYRING, UNFIT_DISK
from harken.service.vault.keyholder import wire
from harken.service.vault.keyholder.desk import end_of
from harken.service.vault.keyholder.limits import Purpose
from harken.service.vault.keyholder.wire import Operation
from harken.service.vault.keystore import Epoch

LONDON = ZoneInfo("Europe/London")
UNFIT = frozenset({"btrfs", "zfs", "nilfs2", "f2fs", "nfs", "nfs4", "cifs"})
CHUNK = 500
ROW = 16 + 32 + 1


@dataclass(frozen=True, slots=True)
class Ring:
    """How one keyring stands: the promises and counts. No key.

    ``cohorts`` counts the people of each promise, in the promises' order.
    """

    generation: int
    policies: tuple[Mapping[str, object], ...]
    cohorts: tuple[int, ...]
    withdrawn: int
    stated_clock: bool

    @property
    def people(self) -> int:
        """Everybody in it, withdrawn or not."""
        return sum(self.cohorts)

    @property
    def due(self) -> int:
        """The number of the promise that falls due next; the last when nobody is here."""
        held = (number for number, people in enumerate(self.cohorts) if people)
        return next(held, len(self.policies) - 1)

    @property
    def policy(self) -> Mapping[str, object]:
        """The promise that falls due next."""
        return self.policies[self.due]


@dataclass(frozen=True, slots=True)
class Person:
    """One person of a keyring as the outside may know them, and their promise's number."""

    ref: CaseRef
    commitment: str
    promise: int
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A person whose keys wait in the holder: what is published, and the sealed parts."""

    ref: CaseRef
    commitment: bytes
    sealed: tuple[bytes, ...]


class Keys:
    """The keys of one study."""

    def __init__(self, study: str) -> None:
        self.study = study

    @property
    def folder(self) -> Path:
        """Where the holder keeps this study's files, when it runs in the data folder."""
        return Path(settings.DATA) / "keys" / "studies" / self.study

    def ring(self, retention: Retention) -> Ring | None:
        """How the live keyring of a class stands; None when there is none."""
        found = self._ask("state", retention=retention.value)
        if found is None:
            return None
        return Ring(
            **found
            | {
                "policies": tuple(found["policies"]),
                "cohorts": tuple(found["cohorts"]),
            }
        )

    def need(self, retention: Retention) -> Ring:
        """The same; raises HarkenError VAU-101 when there is none."""
        ring = self.ring(retention)
        if ring is None:
            raise refuse(NO_KEYRING, study=self.study, retention=retention.value)
        return ring

    def people(self, retention: Retention) -> Iterator[Person]:
        """Everybody in the keyring of a class, by reference and commitment."""
        fields = (self.study.encode(), retention.value.encode())
        data = reach.call(Operation.LIST, fields)[0]
        for start in range(0, len(data), ROW):
            ref, value = data[start : start + 16], data[start + 16 : start + 48]
            promise, gone = divmod(data[start + 48], 2)
            yield Person(CaseRef(ref.hex()), value.hex(), promise, bool(gone))

    def status(self, ref: CaseRef) -> str:
        """One word: live, withdrawn, recontact or gone."""
        return str(self._ask("status", ref=ref))

    def promise(self, ref: CaseRef) -> Mapping[str, object]:
        """The promise that this person was given, while they have keys of a class."""
        found: Mapping[str, object] = self._ask("promise", ref=ref)
        return found

    def begin(
        self, policy: Mapping[str, object], *, at: dt.datetime, controller: str = ""
    ) -> None:
        """Make the standard keyring if there is none, bound to this policy."""
        self._ask(
            "begin", policy=dict(policy), at=at.timestamp(), controller=controller
        )

    def prepare(
        self, people: Iterable[tuple[CaseRef, Sequence[tuple[KeyName, bytes]]]]
    ) -> Iterator[Enrolled]:
        """Fresh keys and sealed parts for each; kept by the holder until ``add``.

        Whatever was prepared before and never added is dropped. The holder works at the
        next people while you work on those handed out: ask it nothing in between.
        """
        refs: deque[CaseRef] = deque()
        questions = _questions(self.study.encode(), people, refs)
        for answers in reach.in_turn(Operation.PREPARE, questions):
            for answer in answers:
                commitment, *sealed = wire.unpack(answer)
                yield Enrolled(refs.popleft(), commitment, tuple(sealed))

    def add(self, people: int) -> None:
        """Write the keys of everybody prepared: one append for all of them.

        Raises HolderAway with VAU-122 when the holder has not so many waiting.
        """
        if self._ask("add", repeat=False, people=people) != people:
            raise reach.HolderAway(refuse(ENROL_AGAIN))

    def withdraw(self, refs: Iterable[CaseRef]) -> None:
        """Refuse these people from now on, in every process."""
        self._ask("withdraw", refs=list(refs))

    def rotate(
        self, consents: Iterable[CaseRef], *, through: int | None = None
    ) -> None:
        """Switch to keyrings without the withdrawn; the old keys die at ``recover``.

        ``through`` is the last promise whose people are all left out.
        """
        self._ask("rotate", consents=list(consents), through=through)

    def end_recontact(self, *, through: int) -> None:
        """Leave out of the recontact class those of promises up to this one."""
        self._ask("end_recontact", through=through)

    def recover(self, *, at: dt.datetime | None) -> int:
        """Destroy every epoch key that no pointer names; returns how many.

        The holder starts itself anew afterwards, so that its memory is given back.
        """
        return int(self._ask("recover", at=at.isoformat() if at else None))

    def epochs(self) -> list[Epoch]:
        """Every epoch key ever made, in order, from the register."""
        return [
            Epoch(Retention(retention), *rest)
            for retention, *rest in self._ask("epochs")
        ]

    def holders(self) -> list[str]:
        """The public keys of all who hold the epoch keys, or a share, as of now."""
        return [str(key) for key in self._ask("holders")]

    def seal(self, ref: CaseRef, key: KeyName, plaintext: bytes, context: str) -> bytes:
        """Seal under one key of one person."""
        return self._record(Operation.SEAL, ref, key, context, plaintext)

    def open(self, ref: CaseRef, key: KeyName, sealed: bytes, context: str) -> bytes:
        """Open what ``seal`` made for the same person, key and context."""
        return self._record(Operation.OPEN, ref, key, context, sealed)

    def identity(
        self,
        ref: CaseRef,
        parts: Sequence[tuple[KeyName, bytes]],
        *,
        purpose: Purpose,
        by: Actor,
        at: dt.datetime,
    ) -> list[bytes]:
        """Open the parts of one identity for one purpose."""
        head = _head(self.study, purpose, by.role, by.label)
        fields = [head, ref.encode(), wire.time(at.timestamp())]
        for name, sealed in parts:
            fields += (name.value.encode(), sealed)
        return reach.call(Operation.IDENTITY, fields)

    def check_day(self, purpose: Purpose, *, at: dt.datetime) -> None:
        """Raise HarkenError VAU-101, VAU-104 or VAU-105 when nothing opens any more."""
        self._ask("check_day", purpose=purpose.value, at=at.timestamp())

    def extend(self, note: str, *, at: dt.datetime) -> Mapping[str, object]:
        """A later promise, signed by the controller; returns it."""
        found: Mapping[str, object] = self._ask("extend", note=note, at=at.timestamp())
        return found

    def release(self, ref: CaseRef, *, by: Actor) -> None:
        """This actor is done with the case; another may be opened."""
        self._ask("release", ref=ref, by=by.label)

    def look_up(
        self, fact: Fact, text: str, *, by: Actor, at: dt.datetime
    ) -> list[CaseRef]:
        """Who carries exactly this fact; counted like an opening."""
        found = self._ask(
            "look_up",
            fact=fact.value,
            text=text,
            role=by.role.value,
            by=by.label,
            at=at.timestamp(),
        )
        return [CaseRef(ref) for ref in found]

    def hashes(self, purpose: str, texts: Sequence[str]) -> list[bytes]:
        """Hashes under a pepper of the keyring, which never leaves the holder."""
        found: list[bytes] = []
        for start in range(0, len(texts), CHUNK):
            fields = [self.study.encode(), purpose.encode()]
            fields += (text.encode() for text in texts[start : start + CHUNK])
            found += reach.call(Operation.HASH, fields)
        return found

    def opens(self, ref: CaseRef, part: KeyName, sealed: bytes) -> bool:
        """Whether any of twenty keys that are left opens this record."""
        return bool(self._ask("opens", ref=ref, part=part.value, sealed=sealed.hex()))

    def _record(
        self, kind: Operation, ref: CaseRef, key: KeyName, context: str, data: bytes
    ) -> bytes:
        fields = (
            self.study.encode(),
            ref.encode(),
            key.value.encode(),
            context.encode(),
            data,
        )
        return reach.call(kind, fields)[0]

    def _ask(self, name: str, *, repeat: bool = True, **words: object) -> Any:
        return ask(name, repeat=repeat, study=self.study, **words)


def ask(name: str, *, repeat: bool = True, **words: object) -> Any:
    """One of the rarer questions, as JSON."""
    body = json.dumps(words).encode("utf-8")
    fields = (name.encode(), body)
    return json.loads(reach.call(Operation.ASK, fields, repeat=repeat)[0])


@lru_cache(maxsize=500)
def _head(study: str, purpose: Purpose, role: Role, label: str) -> bytes:
    return f"{study}\n{purpose}\n{role}\n{label}".encode()


def store(slug: str) -> Keys:
    """The keys of a study."""
    return Keys(slug)


def handle_of(slug: str, ref: CaseRef) -> str:
    """What the ledger calls this person: a keyed hash whose key dies at each rotation."""
    return store(slug).hashes("handle", [ref])[0].hex()[:32]


def deadline(ring: Ring) -> dt.datetime:
    """The first instant after the promised day that falls due next, in London's time."""
    return day_after(ring, "destroy_by")


def ends(ring: Ring) -> list[dt.datetime]:
    """The first instant after the promised day of each promise, in their order."""
    return [
        dt.datetime.fromtimestamp(end_of(policy, "destroy_by"), LONDON)
        for policy in ring.policies
    ]


def recontact_end(ring: Ring) -> dt.datetime:
    """The same for those who may be contacted again."""
    return day_after(ring, "recontact_until")


def check_disk(mounts: str, folder: Path) -> None:
    """Raise HarkenError VAU-109 when overwriting in place would keep the old bytes.

    ``mounts`` is the text of /proc/self/mounts; an unknown system passes.
    """
    best = ("", "", "")
    for line in mounts.splitlines():
        parts = line.split(" ")
        if len(parts) < 4:
            continue
        point, kind, options = parts[1], parts[2], parts[3]
        inside = Path(point) == folder or Path(point) in folder.parents
        if inside and len(point) >= len(best[0]):
            best = (point, kind, options)
    if best[1] in UNFIT:
        raise refuse(UNFIT_DISK, kind=best[1])
    if "data=journal" in best[2].split(","):
        raise refuse(UNFIT_DISK, kind=f"{best[1]} with data journalling")


def _questions(
    study: bytes,
    people: Iterable[tuple[CaseRef, Sequence[tuple[KeyName, bytes]]]],
    refs: deque[CaseRef],
) -> Iterator[list[bytes]]:
    """What ``prepare`` asks, so many people at a time; whom, goes into ``refs``."""
    fields = [study, b"new"]
    for ref, parts in people:
        words = [ref.encode()]
        for name, plaintext in parts:
            words += (name.value.encode(), plaintext)
        fields.append(wire.pack(words))
        refs.append(ref)
        if len(fields) == CHUNK + 2:
            yield fields
            fields = [study, b"more"]
    if len(fields) > 2:
        yield fields


def day_after(ring: Ring, name: str) -> dt.datetime:
    """The first instant after a day of the promise that falls due next."""
    return dt.datetime.fromtimestamp(end_of(ring.policy, name), LONDON)

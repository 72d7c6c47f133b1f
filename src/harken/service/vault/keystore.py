"""What the key holder keeps: keyring files, epoch-key slots and their register.

One folder a study, DATA/keys/studies/SLUG: ``CLASS.pointer`` says which generation lives
in which slot, ``CLASS-N.keyring`` is its keyring, ``epochs.jsonl`` names every epoch key
ever made before it is used and every one destroyed. Nothing here touches the database.
Several processes: writers hold the lock alone, readers look again when a file changed.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import json
import os
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from harken.method.errors import HarkenError, refuse
from harken.method.ledger import Signer, sign_note
from harken.method.terms import CaseRef
from harken.method.vault import KeyName, keyring
from harken.method.vault.keyring import LAST_POLICY, Header, Keyring, Retention
from harken.method.vault.slot import EpochKey
from harken.service.vault import durable
from harken.service.vault.faults import NO_KEYRING
from harken.service.vault.slots import FileSlots, Slots

RECEIPT = "harken-epoch-receipt-v1"


@dataclass(frozen=True, slots=True)
class Epoch:
    """One epoch key ever made: its commitment, and the holder's receipt once dead."""

    retention: Retention
    generation: int
    commitment: str
    receipt: str


@dataclass(slots=True)
class _Loaded:
    """A keyring in memory with what tells whether the files have changed since."""

    pointer: tuple[int, int]
    path: Path
    ring: Keyring
    key: bytes
    size: int


class Keystore:
    """The keys of one study. ``holder`` makes the signer of receipts when needed.

    ``slots`` is where epoch keys lie; files beside the keyrings unless told otherwise.
    ``alone`` says that no other process writes here, so that files need no second look.
    """

    def __init__(
        self,
        folder: Path,
        study: str,
        holder: Callable[[], Signer],
        slots: Slots | None = None,
        *,
        alone: bool = False,
    ) -> None:
        self.folder = folder
        self.study = study
        self._holder = holder
        self._slots = slots or FileSlots(folder)
        self._alone = alone
        self._loaded: dict[Retention, _Loaded] = {}
        self._guard = threading.RLock()
        self._lock_handle: int | None = None

    def ring(self, retention: Retention) -> Keyring | None:
        """The live keyring of a class as the files stand; None when there is none."""
        loaded = self._loaded.get(retention)
        if loaded and (self._alone or self._is_fresh(retention, loaded)):
            return loaded.ring
        with self._guard:
            if self._lock_handle is not None:
                return self._load(retention)
            if not self.folder.exists():
                return None
            with self._lock(fcntl.LOCK_SH):
                return self._load(retention)

    def need(self, retention: Retention) -> Keyring:
        """The live keyring; raises HarkenError VAU-101 when there is none."""
        ring = self.ring(retention)
        if ring is None:
            raise refuse(NO_KEYRING, study=self.study, retention=retention.value)
        return ring

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Hold the study's keys alone, among threads and processes. May be nested."""
        with self._guard:
            if self._lock_handle is not None:
                yield
                return
            durable.make_folder(self.folder)
            with self._lock(fcntl.LOCK_EX):
                yield

    def begin(self, start: Header) -> None:
        """Make the standard keyring if there is none, bound to this start's promise.

        Its generation and its peppers are made here, whatever the start says.
        """
        with self.exclusive():
            if self.ring(Retention.STANDARD) is None:
                self.recover(at=None)
                header = replace(
                    self._following(start, Retention.STANDARD),
                    code_pepper=os.urandom(32),
                    index_pepper=os.urandom(32),
                )
                self._install(header, ())

    def append(self, retention: Retention, payload: bytes) -> None:
        """Add one segment to a class's keyring: operations of method.vault.keyring."""
        with self.exclusive():
            ring = self.need(retention)
            loaded = self._loaded[retention]
            segment = keyring.write_segment(
                loaded.key, ring.header.place(), ring.segments, payload, os.urandom
            )
            durable.append(loaded.path, segment, at=loaded.size)
            ring.apply(payload)
            loaded.size += len(segment)

    def withdraw(self, refs: Iterable[CaseRef]) -> None:
        """Refuse these people from now on, in every process."""
        payload = keyring.withdrawals(refs)
        with self.exclusive():
            for retention in Retention:
                if self.ring(retention) is not None:
                    self.append(retention, payload)

    def rotate(
        self, consents: Iterable[CaseRef], *, through: int | None = None
    ) -> None:
        """Switch to keyrings without the withdrawn; the old keys die at ``recover``.

        The recontact class becomes exactly ``consents``: those who are new have their
        contact key copied, those whose consent is over are left out.
        Of the standard class everybody is left out whose promise's number is not beyond
        ``through``; with the last promise's it gets no successor: every key only it has
        dies. Running it again after a crash at any point changes nothing more.
        """
        with self.exclusive():
            standard = self.ring(Retention.STANDARD)
            again = self.ring(Retention.RECONTACT)
            wanted = {keyring.ref_bytes(ref) for ref in consents}
            self._rotate_recontact(standard, again, wanted)
            if standard is None or not _leaves_anybody(standard, through):
                return
            self._leave_out(standard, through)

    def end_recontact(self, *, through: int = LAST_POLICY) -> None:
        """Leave out of the recontact class whose promise is not beyond ``through``.

        Without anybody left it gets no successor: its own date has come.
        """
        with self.exclusive():
            again = self.ring(Retention.RECONTACT)
            if again is None:
                return
            if any(again.living(beyond=through)):
                self._leave_out(again, through)
            else:
                self._point(Retention.RECONTACT, None, "")

    def recover(self, *, at: dt.datetime | None) -> int:
        """Destroy every epoch key that no pointer names; returns how many.

        Overwrites its slot in place, has every holder sign a receipt and removes the
        dead keyring files. It is also the recovery after a crash at any point; ``at``
        is written into the receipts when known.
        """
        with self.exclusive():
            live = {r: self._pointer(r) for r in Retention}
            dead = [
                epoch
                for epoch in self.epochs()
                if not epoch.receipt and live[epoch.retention][0] != epoch.generation
            ]
            for retention in Retention:
                self._clear_slots(retention, live[retention][1])
            for epoch in dead:
                self._write_receipt(epoch, at)
            for file in self.folder.glob("*.keyring*"):
                name, _, rest = file.name.partition("-")
                if rest != f"{live[Retention(name)][0]}.keyring":
                    durable.remove(file)
            return len(dead)

    def holders(self) -> list[str]:
        """The public keys of everybody who holds an epoch key or a share of one."""
        return [self._holder().public_key, *self._slots.others()]

    def lost(self) -> int:
        """How many places have lost the key of a keyring that is in use."""
        found = 0
        with self._guard:
            for retention in self._loaded:
                name = self._pointer(retention)[1]
                found += self._slots.lost(f"{retention}-{name}")
        return found

    def epochs(self) -> list[Epoch]:
        """Every epoch key ever made, in order, from the register."""
        found: dict[str, Epoch] = {}
        for line in self._register().splitlines():
            row = json.loads(line)
            found[row["commitment"]] = Epoch(
                Retention(row["retention"]),
                row["generation"],
                row["commitment"],
                row.get("receipt", ""),
            )
        return list(found.values())

    def _rotate_recontact(
        self, standard: Keyring | None, again: Keyring | None, wanted: set[bytes]
    ) -> None:
        kept = [raw for raw in again.living() if raw in wanted] if again else []
        known = set(again.records) if again else set()
        new: list[bytes] = []
        if standard:
            kept = [raw for raw in kept if raw not in standard.withdrawn]
            new = [
                raw
                for raw in wanted
                if raw in standard.records
                and raw not in standard.withdrawn
                and raw not in known
            ]
        if not kept and not new:
            # An empty keyring would keep an epoch key alive for nobody.
            if again is not None:
                self._point(Retention.RECONTACT, None, "")
            return
        if again and not again.withdrawn and not new and len(kept) == len(again):
            return
        source = again or standard
        if source is None:
            return
        header = replace(
            self._following(source.header, Retention.RECONTACT, source.clock),
            policies=(standard or source).header.policies,
            code_pepper=os.urandom(32),
        )
        only = frozenset({KeyName.CONTACT})
        payloads: list[bytes] = []
        if again:
            payloads += keyring.copies(again, kept)
        if standard:
            payloads += keyring.copies(standard, sorted(new), only=only)
        self._install(header, payloads)

    def _leave_out(self, ring: Keyring, through: int | None) -> None:
        """A successor without the withdrawn and those of promises up to a number."""
        header, number = ring.header, -1 if through is None else through
        if number >= len(header.policies) - 1:
            self._point(header.retention, None, "")
            return
        fresh = self._following(header, header.retention, ring.clock)
        self._install(fresh, keyring.copies(ring, ring.living(beyond=number)))

    def _following(
        self, source: Header, retention: Retention, clock: float = 0.0
    ) -> Header:
        """The header of the next generation; handles of the old one mean nothing in it."""
        made = [e.generation for e in self.epochs() if e.retention is retention]
        return replace(
            source,
            study=self.study,
            retention=retention,
            generation=max(made, default=0) + 1,
            handle_pepper=os.urandom(32),
            clock=max(clock, source.clock),
        )

    def _install(self, header: Header, payloads: Iterable[bytes]) -> None:
        """Register a new epoch key, put it in the free slot, write, switch."""
        retention, generation = header.retention, header.generation
        epoch = EpochKey(generation, os.urandom(32), os.urandom(32))
        self._note(
            {
                "event": "made",
                "retention": retention.value,
                "generation": generation,
                "commitment": epoch.commitment.hex(),
            }
        )
        free = "b" if self._pointer(retention)[1] == "a" else "a"
        self._slots.put(f"{retention}-{free}", epoch)
        data = keyring.write_new(header, epoch.key, payloads, os.urandom)
        durable.replace(self._file(retention, generation), data)
        self._point(retention, generation, free)

    def _point(self, retention: Retention, generation: int | None, name: str) -> None:
        text = json.dumps({"generation": generation, "slot": name})
        durable.replace(self._pointer_file(retention), text.encode("ascii"))
        self._loaded.pop(retention, None)

    def _pointer(self, retention: Retention) -> tuple[int | None, str]:
        try:
            row = json.loads(self._pointer_file(retention).read_bytes())
        except FileNotFoundError:
            return None, ""
        return row["generation"], row["slot"]

    def _clear_slots(self, retention: Retention, live: str) -> None:
        for name in "ab":
            if name != live:
                self._slots.clear(f"{retention}-{name}")

    def _write_receipt(self, epoch: Epoch, at: dt.datetime | None) -> None:
        when = at.astimezone(dt.UTC).isoformat(timespec="seconds") if at else "unknown"
        lines = [
            RECEIPT,
            self.study,
            epoch.retention.value,
            str(epoch.generation),
            epoch.commitment,
            when,
        ]
        text = "\n".join(lines) + "\n"
        receipt = sign_note(text, [self._holder()]) + self._slots.co_sign(text)
        self._note(
            {
                "event": "destroyed",
                "retention": epoch.retention.value,
                "generation": epoch.generation,
                "commitment": epoch.commitment,
                "receipt": receipt,
            }
        )

    def _register(self) -> str:
        """The register's whole lines; a line cut short by a crash is not one."""
        try:
            text = (self.folder / "epochs.jsonl").read_text(encoding="utf-8")
        except FileNotFoundError:
            return ""
        return text[: text.rfind("\n") + 1]

    def _note(self, row: Mapping[str, object]) -> None:
        line = (json.dumps(row, sort_keys=True) + "\n").encode("utf-8")
        end = len(self._register().encode("utf-8"))
        durable.append(self.folder / "epochs.jsonl", line, at=end)

    def _is_fresh(self, retention: Retention, loaded: _Loaded) -> bool:
        try:
            return (
                _stamp(self._pointer_file(retention)) == loaded.pointer
                and loaded.path.stat().st_size == loaded.size
            )
        except FileNotFoundError:
            return False

    def _load(self, retention: Retention) -> Keyring | None:
        """Read the keyring; only with the lock held."""
        loaded = self._loaded.get(retention)
        generation, name = self._pointer(retention)
        if generation is None:
            self._loaded.pop(retention, None)
            return None
        pointer = _stamp(self._pointer_file(retention))
        path = self._file(retention, generation)
        data = path.read_bytes()
        if loaded and loaded.pointer == pointer and loaded.size <= len(data):
            loaded.size = keyring.read_more(loaded.ring, data, loaded.size, loaded.key)
            return loaded.ring
        key = self._slots.get(f"{retention}-{name}").key
        place = f"{self.study}|{retention}|{generation}".encode()
        ring, size = keyring.read_new(data, key, place)
        self._loaded[retention] = _Loaded(pointer, path, ring, key, size)
        return ring

    @contextmanager
    def _lock(self, kind: int) -> Iterator[None]:
        handle = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT, durable.MODE)
        try:
            fcntl.flock(handle, kind)
            if kind == fcntl.LOCK_EX:
                self._lock_handle = handle
            yield
        finally:
            self._lock_handle = None
            os.close(handle)

    def _file(self, retention: Retention, generation: int) -> Path:
        return self.folder / f"{retention}-{generation}.keyring"

    def _pointer_file(self, retention: Retention) -> Path:
        return self.folder / f"{retention}.pointer"


def readable(data: bytes, key: bytes, place: bytes) -> bool:
    """Whether a saved keyring file opens under a key: what a forensic scan asks."""
    try:
        keyring.read_new(data, key, place)
    except HarkenError:
        return False
    return True


def _leaves_anybody(ring: Keyring, through: int | None) -> bool:
    """Whether a rotation through a promise has anything to leave out; all others go on."""
    if through is None or through >= len(ring.header.policies) - 1:
        return True
    return bool(ring.withdrawn) or any(ring.cohorts()[: through + 1])


def _stamp(path: Path) -> tuple[int, int]:
    state = path.stat()
    return state.st_ino, state.st_mtime_ns

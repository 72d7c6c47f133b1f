"""A rotation stopped anywhere ends the same when run again. Proves PRV 12-16 in the keystore.

The promise's writes all go through ``durable``; the tests stop the program there, before,
inside and after each primitive step, and again while it recovers.
"""

from __future__ import annotations

import os
import random
import resource
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from harken.method.errors import HarkenError
from harken.method.terms import CaseRef
from harken.method.vault import KeyName, keyring
from harken.method.vault.keyring import Retention
from harken.method.vault.slot import EpochKey
from harken.service.vault import durable, holder, keystore
from harken.service.vault.keystore import Keystore
from tests.make.holder import open_folder
from tests.make.vault import AT, make_entries, make_keystore, make_start

STEPS = ("_write", "_sync", "_cut", "_rename", "_unlink")
NOBODY = 65534


class Crash(BaseException):
    """The power fails here."""


class Fuse:
    """Stops the program at the n-th half step; one that never blows only counts."""

    def __init__(self, at: int | None = None) -> None:
        self.at = at
        self.passed = 0

    def burn(self) -> None:
        self.passed += 1
        if self.passed == self.at:
            raise Crash


@contextmanager
def fused(fuse: Fuse) -> Iterator[None]:
    """Every primitive write passes the fuse before and after; a write also in its middle."""
    kept = {name: getattr(durable, name) for name in STEPS}

    def wrap(name: str) -> Callable[..., None]:
        real = kept[name]

        def step(*given: object) -> None:
            fuse.burn()
            if name == "_write":
                handle, data, at = given
                half = len(data) // 2  # type: ignore[arg-type]
                real(handle, data[:half], at)  # type: ignore[index]
                fuse.burn()
            real(*given)
            fuse.burn()

        return step

    for name in STEPS:
        setattr(durable, name, wrap(name))
    try:
        yield
    finally:
        for name, real in kept.items():
            setattr(durable, name, real)


class House:
    """Six people: two withdrew, one agreed to recontact; and every epoch key ever made."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.people = make_entries(6)
        self.refs = [entry.ref for entry in self.people]
        store = self.store()
        store.begin(make_start())
        store.append(Retention.STANDARD, keyring.additions(self.people))
        store.withdraw(self.refs[:2])
        self.saved = {file.name: file.read_bytes() for file in folder.glob("*.keyring")}

    def store(self) -> Keystore:
        """The keystore as a process finds it that has just started."""
        return make_keystore(self.folder)

    def destroy(self) -> None:
        """Rotate and shred, as the destruction's steps do, from whatever stands."""
        store = self.store()
        store.rotate([self.refs[5]])
        store.recover(at=AT)

    def check(self, made: list[EpochKey]) -> None:
        """Targets dead, others alive with the same keys, one receipt a dead epoch key."""
        store = self.store()
        ring = store.need(Retention.STANDARD)
        assert [ring.has(ref) for ref in self.refs] == [False] * 2 + [True] * 4
        for entry in self.people[2:]:
            assert ring.entry(entry.ref) == entry
        again = store.need(Retention.RECONTACT)
        assert [again.has(ref) for ref in self.refs] == [False] * 5 + [True]
        assert again.key(self.refs[5], KeyName.CASE) is None
        epochs = store.epochs()
        lines = (self.folder / "epochs.jsonl").read_text().splitlines()
        assert len(lines) == len(set(lines))
        assert sum(not epoch.receipt for epoch in epochs) == 2
        assert {key.commitment.hex() for key in made} >= {e.commitment for e in epochs}
        self._nothing_left(made, {e.commitment for e in epochs if not e.receipt})

    def _nothing_left(self, made: list[EpochKey], alive: set[str]) -> None:
        """No dead epoch key is in any file, and none that is left opens an old keyring."""
        left = b"".join(
            file.read_bytes() for file in self.folder.iterdir() if file.is_file()
        )
        for key in made:
            assert (key.key in left) is (key.commitment.hex() in alive)
        live = [key for key in made if key.commitment.hex() in alive]
        for name, data in self.saved.items():
            retention, _, number = name.removesuffix(".keyring").partition("-")
            place = f"small|{retention}|{number}".encode()
            for key in live:
                with pytest.raises(HarkenError, match="VAU-007"):
                    keyring.read_new(data, key.key, place)


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[EpochKey]:
    """Every epoch key that is ever made, candidates included."""
    found: list[EpochKey] = []

    def remember(*given: object) -> EpochKey:
        found.append(EpochKey(*given))  # type: ignore[arg-type]
        return found[-1]

    monkeypatch.setattr(keystore, "EpochKey", remember)
    return found


def _steps(folder: Path) -> int:
    """How many half steps one whole destruction has."""
    house, fuse = House(folder), Fuse()
    with fused(fuse):
        house.destroy()
    return fuse.passed


@pytest.mark.slow
def test_stopped_at_every_step_and_three_times_again_it_ends_the_same(
    tmp_path: Path, made: list[EpochKey]
) -> None:
    steps = _steps(tmp_path / "count")
    assert steps > 60
    lots = random.Random(20261127)
    for first in range(1, steps + 1):
        made.clear()
        house = House(tmp_path / str(first))
        for at in (first, *(lots.randint(1, steps) for _ in range(3))):
            with fused(Fuse(at)):
                try:
                    house.destroy()
                except Crash:
                    continue
        house.destroy()
        house.check(made)


def _killed(house: House, after: float) -> None:
    """A process that destroys, killed after so many seconds; a second one carries on."""
    child = os.fork()
    if not child:
        house.destroy()
        os._exit(0)
    # Whatever this process starts later inherits what it blocks now.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
    try:
        signal.sigtimedwait({signal.SIGCHLD}, after)
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@pytest.mark.slow
def test_killed_at_any_moment_it_ends_the_same(tmp_path: Path) -> None:
    lots = random.Random(14)
    for number in range(40):
        house = House(tmp_path / str(number))
        for _ in range(2):
            _killed(house, lots.uniform(0.0, 0.02))
        house.destroy()
        ring = house.store().need(Retention.STANDARD)
        assert [ring.has(ref) for ref in house.refs] == [False] * 2 + [True] * 4
        assert sum(not epoch.receipt for epoch in house.store().epochs()) == 2


def _in_child(act: Callable[[], None]) -> int:
    """Run in a process of its own; its exit code: 0, or the number of the error."""
    child = os.fork()
    if not child:
        code = 0
        try:
            act()
        except OSError as error:
            code = error.errno or 255
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_a_full_disk_stops_it_and_room_lets_it_go_on(tmp_path: Path) -> None:
    house = House(tmp_path / "small")

    def full() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (900, 900))
        house.destroy()

    assert _in_child(full) != 0
    ring = house.store().need(Retention.STANDARD)
    assert all(ring.entry(entry.ref) == entry for entry in house.people)
    assert [ring.is_withdrawn(ref) for ref in house.refs] == [True] * 2 + [False] * 4
    house.destroy()
    assert len(house.store().need(Retention.STANDARD)) == 4


def test_a_folder_that_cannot_be_written_loses_nothing() -> None:
    with open_folder() as folder:
        house = House(folder / "small")
        if os.getuid() == 0:
            for path in (house.folder, *house.folder.iterdir()):
                os.chown(path, NOBODY, NOBODY)
        house.folder.chmod(0o500)

        def read_only() -> None:
            if os.getuid() == 0:  # root writes everywhere
                os.setgid(NOBODY)
                os.setuid(NOBODY)
            house.destroy()

        assert _in_child(read_only) != 0
        house.folder.chmod(0o700)
        assert len(house.store().need(Retention.STANDARD)) == 6
        house.destroy()
        assert len(house.store().need(Retention.STANDARD)) == 4


def test_old_keyring_files_and_todays_keys_open_nobody_who_left(tmp_path: Path) -> None:
    """Every keyring file ever written is kept by somebody; none opens after its epoch."""
    house = House(tmp_path / "small")
    saved: list[tuple[str, bytes]] = list(house.saved.items())
    for _ in range(3):
        house.destroy()
        saved += [(f.name, f.read_bytes()) for f in house.folder.glob("*.keyring")]
        house.store().withdraw([CaseRef(house.refs[2])])
    house.destroy()
    store = house.store()
    live = {store._file(r, store._pointer(r)[0] or 0).name for r in Retention}
    for name, data in saved:
        retention, _, number = name.removesuffix(".keyring").partition("-")
        place = f"small|{retention}|{number}".encode()
        for slot in ("standard-a", "standard-b", "recontact-a", "recontact-b"):
            try:
                key = store._slots.get(slot).key
            except (HarkenError, FileNotFoundError):
                continue
            if name not in live:
                with pytest.raises(HarkenError, match="VAU-007"):
                    keyring.read_new(data, key, place)
    assert [store.need(Retention.STANDARD).has(r) for r in house.refs] == [
        False
    ] * 3 + [True] * 3


@pytest.mark.parametrize(
    ("mounts", "refused"),
    [
        ("/dev/sda1 / ext4 rw,relatime 0 0\n", ""),
        ("/dev/sda1 / ext4 rw,data=journal 0 0\n", "data journalling"),
        ("/dev/sda1 / btrfs rw 0 0\n/dev/sdb1 /srv ext4 rw 0 0\n", ""),
        ("/dev/sda1 / ext4 rw 0 0\ntank /srv/keys zfs rw 0 0\n", "zfs"),
        ("/dev/sda1 / ext4 rw 0 0\ntank /srv/key zfs rw 0 0\n", ""),
    ],
)
def test_a_disk_that_keeps_what_is_overwritten_is_refused(
    mounts: str, refused: str
) -> None:
    folder = Path("/srv/keys/studies/small")
    if not refused:
        holder.check_disk(mounts, folder)
        return
    with pytest.raises(HarkenError, match=refused):
        holder.check_disk(mounts, folder)

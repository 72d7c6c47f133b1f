"""Where epoch keys lie: hardware module, two places, half with the controller.

Proves PRV 12, 15, 16 and 68.
"""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pkcs11.exceptions import AttributeSensitive

from harken import cli
from harken.method.errors import HarkenError
from harken.method.ledger import Signer, open_note, sign_note
from harken.method.vault import envelope, keyring, slot
from harken.method.vault.keyring import Retention
from harken.service.vault import witness
from harken.service.vault.keyholder.address import bound
from harken.service.vault.keyholder.hardware import HardwareSlots, Module
from harken.service.vault.keyholder.mirror import MirrorSlots
from harken.service.vault.keyholder.shares import REGISTER, REQUEST, SplitSlots, Witness
from harken.service.vault.keystore import Keystore
from harken.service.vault.slots import FileSlots, Slots
from tests.make.vault import AT, HOLDER, make_entries, make_start

SECOND = Signer("harken/holder-second", bytes(range(1, 33)))
SOFTHSM = "/usr/lib/softhsm/libsofthsm2.so"
PIN = "1234"


def _store(folder: Path, slots: Slots) -> Keystore:
    return Keystore(folder, "small", lambda: HOLDER, slots)


def _life(folder: Path, slots: Slots) -> Keystore:
    """Begin, enrol six, withdraw one, rotate, and read anew as after a restart."""
    store, people = _store(folder, slots), make_entries(6)
    store.begin(make_start())
    store.append(Retention.STANDARD, keyring.additions(people))
    store.withdraw([people[0].ref])
    store.rotate([])
    assert store.recover(at=AT) == 1
    fresh = _store(folder, slots)
    ring = fresh.need(Retention.STANDARD)
    assert [ring.has(one.ref) for one in people] == [False] + [True] * 5
    assert all(ring.entry(one.ref) == one for one in people[1:])
    return fresh


@pytest.fixture(scope="module")
def module(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Module]:
    """A fresh token of SoftHSM, Debian's software module for tests."""
    folder = tmp_path_factory.mktemp("hsm")
    (folder / "tokens").mkdir()
    conf = folder / "softhsm2.conf"
    conf.write_text(f"directories.tokendir = {folder}/tokens\nlog.level = ERROR\n")
    (folder / "pin").write_text(PIN)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOFTHSM2_CONF", str(conf))
        made = ["softhsm2-util", "--init-token", "--free", "--label", "harken"]
        subprocess.run(
            [*made, "--pin", PIN, "--so-pin", PIN], check=True, capture_output=True
        )
        yield Module(SOFTHSM, "harken", folder / "pin")


def test_a_module_keeps_what_opens_the_slot(tmp_path: Path, module: Module) -> None:
    slots = HardwareSlots(tmp_path, "small", module)
    store = _life(tmp_path, slots)
    live = store._slots.get("standard-b")
    raw = (tmp_path / "standard-b.slot").read_bytes()
    assert live.key not in raw
    assert (tmp_path / "standard-a.slot").read_bytes() == slot.EMPTY
    assert store.lost() == 0
    slots.clear("standard-b")
    (tmp_path / "standard-b.slot").write_bytes(raw)  # somebody kept a copy
    with pytest.raises(HarkenError, match="VAU-008"):
        slots.get("standard-b")
    assert slots.lost("standard-b") == 1
    with pytest.raises(HarkenError, match="VAU-008"):
        _store(tmp_path, slots).ring(Retention.STANDARD)


def test_a_module_key_cannot_be_taken_out(tmp_path: Path, module: Module) -> None:
    slots = HardwareSlots(tmp_path, "other", module)
    slots.put("standard-a", slot.EpochKey(1, bytes(32), bytes(32)))
    with module.open() as session:
        (key,) = session.get_objects({0x3: "harken/other/standard-a"})
        told = key.__getitem__
        with pytest.raises(AttributeSensitive):
            told(0x11)  # CKA_VALUE


def test_a_module_that_is_not_there_is_a_clear_error(
    tmp_path: Path, module: Module
) -> None:
    wrong = Module(SOFTHSM, "nobody", module.pin_file)
    with pytest.raises(HarkenError, match="VAU-127"):
        HardwareSlots(tmp_path, "small", wrong).put(
            "standard-a", slot.EpochKey(1, bytes(32), bytes(32))
        )


def test_one_of_two_places_may_be_lost_and_it_is_seen(tmp_path: Path) -> None:
    first, second = tmp_path / "one", tmp_path / "two"
    second.mkdir(mode=0o700)
    slots = MirrorSlots(FileSlots(first), FileSlots(second), lambda: SECOND)
    store = _life(first, slots)
    assert store.lost() == 0
    (first / "standard-b.slot").unlink()
    assert store.lost() == 1
    ring = _store(first, slots).need(Retention.STANDARD)
    assert len(ring) == 5
    (second / "standard-b.slot").unlink()
    assert store.lost() == 2
    with pytest.raises(FileNotFoundError):
        _store(first, slots).ring(Retention.STANDARD)


class Controller:
    """The controller's program on a thread, with its own folder and key."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.socket = folder / "w.sock"
        self.key = witness.make_key(folder, "controller.example")

    def start(self) -> None:
        """Serve until the test process ends."""
        with bound(self.socket, mode=0o600):
            pass
        threading.Thread(
            target=witness.serve,
            args=(self.folder, self.socket),
            kwargs={"holder": HOLDER.public_key},
            daemon=True,
        ).start()
        until = time.monotonic() + 10
        while not self.socket.exists() and time.monotonic() < until:
            time.sleep(0.01)

    def slots(self, folder: Path) -> SplitSlots:
        """Slots of a holder that has half of each key in files."""
        reach = Witness(self.socket, lambda: HOLDER, self.key)
        return SplitSlots(FileSlots(folder), reach, folder, "small")


@pytest.fixture
def controller(tmp_path: Path) -> Controller:
    made = Controller(tmp_path / "controller")
    made.start()
    return made


def test_half_of_each_key_is_with_the_controller(
    tmp_path: Path, controller: Controller
) -> None:
    folder = tmp_path / "small"
    store = _life(folder, controller.slots(folder))
    half = FileSlots(folder).get("standard-b")
    whole = controller.slots(folder).get("standard-b")
    assert half.key != whole.key
    assert whole.commitment.hex() == next(
        e.commitment for e in store.epochs() if not e.receipt
    )
    kept = b"".join(f.read_bytes() for f in folder.iterdir() if f.is_file())
    kept += b"".join(f.read_bytes() for f in controller.folder.rglob("*.slot"))
    assert whole.key not in kept
    receipts = (folder / REGISTER).read_text().splitlines()
    assert len(receipts) == 1
    assert "small/standard-a/1" in receipts[0]


def test_when_the_controller_destroys_its_half_every_copy_is_dead(
    tmp_path: Path, controller: Controller, capsys: pytest.CaptureFixture[str]
) -> None:
    """Keyring, our slot and our half were all copied while live: none of it opens."""
    folder = tmp_path / "small"
    _life(folder, controller.slots(folder))
    saved = {f.name: f.read_bytes() for f in folder.iterdir() if f.is_file()}
    end = ["vault", "witness", str(controller.folder), "--destroy", "small"]
    for unsure in ([], ["--sure", "other"]):
        assert cli.main([*end, *unsure]) == 4
    said = capsys.readouterr().err
    assert "1 shares for everybody and 0 for those who agreed" in said
    assert "add: --sure small" in said
    assert witness.shares_left(controller.folder, "small") == ["small/standard-b/2"]
    assert cli.main([*end, "--sure", "small"]) == 0
    receipt = capsys.readouterr().out.removesuffix("\n")
    lines = open_note(receipt, controller.key).split("\n")
    assert lines[1] == "small/standard-b/2"
    assert cli.main(end) == 0
    assert "No share of small is here" in capsys.readouterr().out
    for name, data in saved.items():
        (folder / name).write_bytes(data)
    with pytest.raises(HarkenError, match="VAU-125"):
        _store(folder, controller.slots(folder)).ring(Retention.STANDARD)
    _store(folder, controller.slots(folder)).recover(at=AT)


def test_without_its_witness_a_rotation_stops_and_goes_on_later(
    tmp_path: Path, controller: Controller
) -> None:
    folder = tmp_path / "small"
    store = _life(folder, controller.slots(folder))
    ring = store.need(Retention.STANDARD)
    gone = controller.socket.rename(controller.socket.with_suffix(".away"))
    with pytest.raises(HarkenError, match="VAU-123"):
        store.rotate([])
    assert store.need(Retention.STANDARD) is ring
    with pytest.raises(HarkenError, match="VAU-123"):
        _store(folder, controller.slots(folder)).ring(Retention.STANDARD)
    gone.rename(controller.socket)
    store.rotate([])
    assert store.recover(at=AT) == 2
    assert len(_store(folder, controller.slots(folder)).need(Retention.STANDARD)) == 5


def test_the_witness_answers_only_its_holder_and_only_now(
    tmp_path: Path, controller: Controller
) -> None:
    other = Signer("harken/other", bytes(32))
    private = bytes(range(32))
    public = envelope.public_of(private).hex()

    def ask(act: str, place: str, *, at: float = 1000.0, by: Signer = HOLDER) -> bytes:
        text = "\n".join((REQUEST, act, place, public, f"{at:.0f}")) + "\n"
        return witness.answer(
            controller.folder,
            sign_note(text, [by]),
            holder=HOLDER.public_key,
            now=1000.0,
        )

    place = "small/standard-a/7"
    sealed = ask("make", place)
    share = envelope.open_from(private, sealed, f"make|{place}".encode())
    again = envelope.open_from(private, ask("give", place), f"give|{place}".encode())
    assert share == again
    for wrong, code in (
        (lambda: ask("give", place, by=other), "LED-007"),
        (lambda: ask("give", place, at=1.0), "VAU-121"),
        (lambda: ask("give", "../../etc/passwd"), "VAU-121"),
        (lambda: ask("show", place), "VAU-121"),
        (lambda: ask("make", place), "VAU-126"),
        (lambda: ask("give", "small/standard-a/8"), "VAU-125"),
        (lambda: ask("destroy", "small/standard-a/8"), "VAU-125"),
    ):
        with pytest.raises(HarkenError, match=code):
            wrong()
    with pytest.raises(HarkenError, match="VAU-005"):
        envelope.open_from(bytes(32), sealed, f"make|{place}".encode())
    assert ask("destroy", place) == ask("destroy", place)

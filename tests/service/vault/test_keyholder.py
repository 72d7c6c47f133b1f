"""The key holder as a process of its own. Proves PRV 9, 22, 23, 57, 59, 63 in part, 68 in part."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings

from harken.method.errors import HarkenError
from harken.method.terms import CaseRef
from harken.method.vault import KeyName
from harken.method.vault.keyring import Retention
from harken.service.ledger.signing import signer_in
from harken.service.study.models import Study
from harken.service.vault import actions, custody, holder, reach, sealing
from harken.service.vault.custody import Purpose
from harken.service.vault.keyholder.address import SOCKET, bound, connect
from harken.service.vault.keyholder.desk import Desk
from harken.service.vault.keyholder.process import Server
from harken.service.vault.models import Sealed
from tests.make.holder import ROOT, journal, make_holder, open_folder, wait_for
from tests.make.vault import (
    AT,
    GUARDIAN,
    HELPDESK,
    INTERVIEWER,
    MANAGER,
    make_people,
    make_policy,
    make_study,
)

pytestmark = [
    pytest.mark.django_db(databases=["default", "answers"]),
    pytest.mark.slow,
]

NOBODY = 65534
BOTH = (KeyName.CONTACT, KeyName.CASE)


@pytest.fixture
def house(data: Path, settings: LazySettings) -> Iterator[Path]:
    """A house that starts its own key holder; returns the key folder."""
    settings.HOLDER = ""
    yield data / "keys"
    holder.ask("stop")
    reach.hang_up()


@pytest.fixture
def keys(data: Path, settings: LazySettings) -> Iterator[Path]:
    """The key folder of a holder that the test runs apart."""
    folder = data / "keys"
    settings.HOLDER = str(folder / SOCKET)
    yield folder
    reach.hang_up()


def _enrolled(number: int = 3) -> tuple[Study, list[CaseRef]]:
    study = make_study()
    people = make_people(number)
    custody.enrol(study, people, by=MANAGER, at=AT)
    return study, [ref for ref, _ in people]


def _call(study: Study, ref: CaseRef) -> str:
    found = custody.open_identity(
        study, ref, purpose=Purpose.CALL, by=INTERVIEWER, at=AT
    )
    return found.surname


def test_the_house_starts_its_key_holder_and_starts_it_again(house: Path) -> None:
    study, refs = _enrolled()
    sealed = sealing.seal(study, refs[0], KeyName.TEXT, b"draft", context="draft")
    first = holder.ask("report")
    assert first["pid"] != os.getpid()
    assert _call(study, refs[0])
    os.kill(first["pid"], signal.SIGKILL)
    opened = sealing.open_sealed(study, refs[0], KeyName.TEXT, sealed, context="draft")
    assert opened == b"draft"
    assert holder.ask("report")["pid"] != first["pid"]


def test_one_holder_serves_many_processes(house: Path) -> None:
    """The first of several workers to come starts it; none starts a second."""
    program = (
        "import django; django.setup()\n"
        "from harken.service.vault import holder\n"
        "print(holder.ask('report')['pid'])\n"
    )
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "harken.service.settings",
        "HARKEN_HOLDER": "",
        "HARKEN_DATA": str(house.parent),
        "PYTHONPATH": str(ROOT / "src"),
    }
    workers = [
        subprocess.Popen(
            [sys.executable, "-c", program], env=environment, stdout=subprocess.PIPE
        )
        for _ in range(2)
    ]
    said = {worker.communicate()[0] for worker in workers}
    assert len(said) == 1
    assert int(said.pop()) == holder.ask("report")["pid"]


def test_a_holder_that_is_gone_is_a_clear_error_and_nothing_is_lost(
    keys: Path,
) -> None:
    with make_holder(keys):
        study, refs = _enrolled()
        assert _call(study, refs[0])
    with pytest.raises(reach.HolderAway, match="VAU-114"):
        _call(study, refs[0])
    with make_holder(keys):
        assert _call(study, refs[0])


def test_a_withdrawal_refuses_at_once_and_the_rotation_starts_the_holder_anew(
    house: Path,
) -> None:
    study, refs = _enrolled(20)
    before = holder.ask("report")
    begun = time.perf_counter()
    actions.withdraw(study, refs[0], by=HELPDESK, at=AT)
    with pytest.raises(HarkenError, match="VAU-103"):
        _call(study, refs[0])
    assert time.perf_counter() - begun < 1
    keys = _key_bytes(study.slug, house)
    root = os.getuid() == 0  # nobody else may look
    assert not root or _in_memory(before["pid"], keys)
    actions.rotate(study, by=GUARDIAN, at=AT)
    assert _call(study, refs[1])
    after = holder.ask("report")
    assert (after["openings"], before["openings"]) == (1, 0)
    assert not root or not _in_memory(after["pid"], keys)


def _key_bytes(slug: str, keys: Path) -> bytes:
    """The epoch key in use, as its slot holds it."""
    return (keys / "studies" / slug / "standard-a.slot").read_bytes()[8:40]


def _in_memory(pid: int, needle: bytes) -> bool:
    """Whether a process's memory holds these bytes; only root may look."""
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            span, rights = line.split()[:2]
            start, end = (int(part, 16) for part in span.split("-"))
            if not rights.startswith("rw"):
                continue
            try:
                memory.seek(start)
                if needle in memory.read(end - start):
                    return True
            except (OSError, ValueError, OverflowError):
                continue
    return False


def test_the_same_user_can_neither_read_its_memory_nor_make_it_dump() -> None:
    user = None if os.getuid() else NOBODY  # root may read everything
    with open_folder() as folder, make_holder(folder, user=user) as process:
        plain = subprocess.Popen(["sleep", "60"], user=user, group=user, cwd="/")
        told = {
            pid: subprocess.run(
                ["cat", f"/proc/{pid}/maps"],
                user=user,
                group=user,
                cwd="/",
                capture_output=True,
                text=True,
                check=False,
            )
            for pid in (plain.pid, process.pid)
        }
        plain.kill()
        plain.wait()
        limits = Path(f"/proc/{process.pid}/limits").read_text()
        core = next(row for row in limits.splitlines() if row.startswith("Max core"))
        process.send_signal(signal.SIGABRT)
        process.wait()
        left = [path.name for path in folder.rglob("*core*")]
    assert "sleep" in told[plain.pid].stdout
    assert "Permission denied" in told[process.pid].stderr
    assert told[process.pid].stdout == ""
    assert core.split()[4:6] == ["0", "0"]
    assert left == []


def test_a_user_who_is_not_admitted_is_turned_away(keys: Path) -> None:
    """The kernel says who is at the other end; nothing the caller says changes that."""
    desk = Desk(keys, lambda: signer_in(keys, "holder"), clock=time.time, stated=True)
    keys.mkdir(parents=True)
    with bound(keys / SOCKET, mode=0o600) as listener:
        server = Server(desk, listener, {os.getuid() + 1})
        thread = threading.Thread(target=server.run, kwargs={"idle": None})
        thread.start()
        with connect(keys / SOCKET) as link:
            assert link.recv(1) == b""
        desk.ending = True
        thread.join()
    assert [row["what"] for row in journal(keys)] == ["turned_away"]
    assert server.turned_away == 1


def test_bytes_that_are_no_message_end_the_connection_only(
    keys: Path,
) -> None:
    with make_holder(keys):
        for rubbish in (b"\xff" * 64, b"\0\0\0\x02\x07ab", b"\0\0\0\x04\x63\0\0\0\0"):
            with connect(keys / SOCKET) as link:
                link.settimeout(5)
                link.sendall(rubbish)
                answer = link.recv(4096)
            assert answer == b"" or b"VAU-121" in answer
        wait_for(keys / SOCKET)
        holder.store("small").begin(make_policy(), at=AT)
        assert holder.store("small").need(Retention.STANDARD).people == 0


def test_an_interviewer_who_tries_one_case_after_another_gets_one(
    keys: Path,
) -> None:
    """Ten thousand handles: one case opens, the alarm comes within ten refusals."""
    with make_holder(keys):
        study, refs = _enrolled(10)
        store = holder.store(study.slug)
        person = Sealed.objects.get(study=study.slug, ref=refs[0], part="contact")
        opened = refused = 0
        for number in range(10_000):
            ref = refs[number] if number < 10 else CaseRef(f"{number:032x}")
            try:
                store.identity(
                    ref,
                    [(KeyName.CONTACT, bytes(person.blob))],
                    purpose=Purpose.CALL,
                    by=INTERVIEWER,
                    at=AT,
                )
                opened += 1
            except HarkenError:
                refused += 1
        told = holder.ask("report")
    assert (opened, refused) == (1, 9_999)
    assert told["alarms"] == 1
    rows = [row["what"] for row in journal(keys)]
    assert rows.index("alarm") <= 10
    assert rows.count("refused") == 9_999


def test_no_way_to_ask_for_an_identity_but_with_purpose_and_role(
    keys: Path,
) -> None:
    """A program that speaks with the holder itself meets the same rules."""
    with make_holder(keys):
        study, refs = _enrolled(3)
        store = holder.store(study.slug)
        rows = Sealed.objects.filter(study=study.slug, ref=refs[0])
        blobs = {row.part: bytes(row.blob) for row in rows}
        for part in BOTH:
            with pytest.raises(HarkenError, match="VAU-121"):
                store.open(refs[0], part, blobs[part], "identity")
        with pytest.raises(HarkenError, match="VAU-115"):
            store.identity(
                refs[0],
                [(part, blobs[part]) for part in BOTH],
                purpose=Purpose.CALL,
                by=INTERVIEWER,
                at=AT,
            )
        with pytest.raises(HarkenError, match="VAU-115"):
            store.identity(
                refs[0],
                [(KeyName.CONTACT, blobs["contact"])],
                purpose=Purpose.HELPDESK,
                by=GUARDIAN,
                at=AT,
            )

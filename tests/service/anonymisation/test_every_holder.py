"""Every holder of an epoch key is on the certificate and signs for itself. Proves PRV 24, 30."""

from __future__ import annotations

import json
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings

from harken.method import anonymisation
from harken.method.anonymisation import NotValid, verify
from harken.method.errors import HarkenError
from harken.method.ledger import Event
from harken.service.anonymisation import queries
from harken.service.ledger import queries as ledger
from harken.service.ledger.signing import signer_in
from harken.service.vault import actions as vault
from harken.service.vault import custody, holder, reach, witness
from harken.service.vault.keyholder.address import SOCKET
from tests.make.anonymisation import make_certificate, make_ready, operator_key
from tests.make.holder import make_holder, wait_for
from tests.make.vault import AT, GUARDIAN, MANAGER, make_people, make_study

pytestmark = [
    pytest.mark.django_db(databases=["default", "answers"]),
    pytest.mark.slow,
]

Apart = tuple[Path, list[str]]


@pytest.fixture
def apart(
    tmp_path_factory: pytest.TempPathFactory, settings: LazySettings
) -> Iterator[Apart]:
    """A holder elsewhere: own folder and key, a second disk, half with the controller.

    Yields its folder and the words it is started with beside the witness.
    """
    keys = tmp_path_factory.mktemp("holder")
    second = tmp_path_factory.mktemp("disk")
    office = tmp_path_factory.mktemp("controller")
    settings.HOLDER = str(keys / SOCKET)
    own = signer_in(keys, "holder").public_key
    key = witness.make_key(office, "controller.example")
    (keys / "controller.pub").write_text(key + "\n", encoding="utf-8")
    threading.Thread(
        target=witness.serve,
        args=(office, office / "w.sock"),
        kwargs={"holder": own},
        daemon=True,
    ).start()
    wait_for(office / "w.sock")
    words = ["--second", str(second), "--witness", str(office / "w.sock")]
    yield keys, words
    reach.hang_up()


def by_node(text: str, tmp_path: Path) -> dict[str, Any]:
    """What the second verifier says."""
    file, wanted = tmp_path / "one.json", tmp_path / "list"
    file.write_text(text, encoding="utf-8")
    case = {"file": str(file), "key": operator_key(), "witness": ""}
    wanted.write_text(json.dumps(case), encoding="utf-8")
    program = Path(anonymisation.__file__).with_name("verify.mjs")
    said = subprocess.run(
        ["node", str(program), "--many", str(wanted)], capture_output=True, check=True
    )
    found: dict[str, Any] = json.loads(said.stdout)
    return found


def test_three_holders_are_registered_and_each_signs_each_receipt(
    apart: Apart, tmp_path: Path
) -> None:
    keys, words = apart
    with make_holder(keys, *words):
        ready = make_ready()
        first = ledger.entries(event=Event.HOLDER_REGISTERED).first()
        made = ledger.entries(event=Event.EPOCH_KEY_MADE).first()
        assert first is not None
        assert made is not None
        assert first.position < made.position
        certificate = make_certificate(ready)
        holder.ask("stop")
    body = json.loads(certificate.text)["certificate"]
    own = (keys / "holder.pub").read_text().strip()
    disk = (Path(words[1]) / "holder.pub").read_text().strip()
    controller = (keys / "controller.pub").read_text().strip()
    assert body["holders"] == [own, disk, controller]
    dead = [epoch["receipt"] for epoch in body["epochs"] if epoch["receipt"]]
    assert len(dead) == 4
    assert {receipt.count("\u2014 ") for receipt in dead} == {3}
    assert verify(certificate.text.encode(), operator_key()).holders == 3
    assert by_node(certificate.text, tmp_path)["valid"] is True
    # Without any one of the three signatures both say no.
    for number in range(3):
        forged = certificate.text.replace(
            json.dumps(dead[0], ensure_ascii=False),
            json.dumps(_without(dead[0], number), ensure_ascii=False),
        )
        assert forged != certificate.text
        with pytest.raises(NotValid):
            verify(forged.encode(), operator_key())
        assert by_node(forged, tmp_path)["valid"] is False


def test_a_registered_holder_that_is_missing_stops_a_rotation(apart: Apart) -> None:
    keys, words = apart
    with make_holder(keys, *words):
        ready = make_ready(withdrawn=0)
        holder.ask("stop")
    reach.hang_up()
    with make_holder(keys, *words[2:]):
        vault.withdraw(ready.study, ready.doomed[0], by=GUARDIAN, at=AT)
        with pytest.raises(HarkenError, match="VAU-131"):
            vault.rotate(ready.study, by=GUARDIAN, at=AT)
        holder.ask("stop")
    reach.hang_up()
    with make_holder(keys, *words):
        assert vault.rotate(ready.study, by=GUARDIAN, at=AT).withdrawn == 1
        holder.ask("stop")


def test_a_holder_that_joins_later_signs_for_what_was_made_since(
    apart: Apart, tmp_path: Path
) -> None:
    keys, words = apart
    with make_holder(keys):
        study = make_study()
        custody.enrol(study, make_people(3), by=MANAGER, at=AT)
        holder.ask("stop")
    reach.hang_up()
    with make_holder(keys, *words[:2]):
        vault.rotate(study, by=GUARDIAN, at=AT)
        epochs = queries.plan(study, holder.Retention.STANDARD, at=AT)["epochs"]
        holder.ask("stop")
    assert isinstance(epochs, list)
    assert [len(epoch["holders"]) for epoch in epochs] == [1, 2]


def _without(receipt: str, number: int) -> str:
    text, _, lines = receipt.rpartition("\n\n")
    kept = [line for n, line in enumerate(lines.splitlines()) if n != number]
    return f"{text}\n\n" + "".join(f"{line}\n" for line in kept)

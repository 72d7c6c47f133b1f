"""Epoch keys under a real OpenBao server (``script/openbao``). Proves PRV 12, 15, 16."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from harken.method.errors import HarkenError
from harken.method.vault import keyring, slot
from harken.method.vault.keyring import Retention
from harken.service.vault.keyholder.transit import Transit, TransitSlots
from harken.service.vault.keystore import Keystore
from tests.make.ports import free_port
from tests.make.vault import AT, HOLDER, make_entries, make_start

REPOSITORY = Path(__file__).parents[3]
BAO = REPOSITORY / ".venv" / "bao" / "bao"
ROOT = "tests-root-token"
POLICY = """
path "transit/keys/harken-*" { capabilities = ["create", "read", "update", "delete"] }
path "transit/encrypt/harken-*" { capabilities = ["update"] }
path "transit/decrypt/harken-*" { capabilities = ["update"] }
"""

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Transit]:
    """A server for tests, on a Unix socket, and a token that may do no more than it must."""
    subprocess.run([REPOSITORY / "script" / "openbao"], check=True)
    folder = tmp_path_factory.mktemp("bao")
    near = folder / "bao.sock"
    port = free_port()
    (folder / "more.hcl").write_text(f'listener "unix" {{\n  address = "{near}"\n}}\n')
    command = [
        str(BAO),
        "server",
        "-dev",
        f"-dev-root-token-id={ROOT}",
        f"-dev-listen-address=127.0.0.1:{port}",
        f"-config={folder / 'more.hcl'}",
    ]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder)
    (folder / "root").write_text(ROOT)
    root = Transit(f"http://127.0.0.1:{port}", folder / "root", "sys")
    try:
        until = time.monotonic() + 30
        while time.monotonic() < until:
            try:
                root.ask("POST", "mounts/transit", {"type": "transit"})
                break
            except HarkenError:
                time.sleep(0.1)
        root.ask("POST", "policies/acl/harken", {"policy": POLICY})
        issuer = replace(root, mount="auth/token")
        own = {"policies": ["harken"], "no_default_policy": True}
        link = issuer._link()
        link.request(
            "POST", "/v1/auth/token/create", json.dumps(own), {"X-Vault-Token": ROOT}
        )
        token = json.loads(link.getresponse().read())["auth"]["client_token"]
        link.close()
        (folder / "token").write_text(token)
        yield Transit(f"unix:{near}", folder / "token")
    finally:
        process.kill()
        process.wait()


def _store(folder: Path, server: Transit) -> Keystore:
    slots = TransitSlots(folder, "small", server)
    return Keystore(folder, "small", lambda: HOLDER, slots)


def test_a_copied_slot_is_dead_once_the_server_has_deleted_its_key(
    tmp_path: Path, server: Transit
) -> None:
    store, people = _store(tmp_path, server), make_entries(6)
    store.begin(make_start())
    store.append(Retention.STANDARD, keyring.additions(people))
    saved = {f.name: f.read_bytes() for f in tmp_path.iterdir()}
    live = store._slots.get("standard-a")
    assert live.key not in b"".join(saved.values())
    store.withdraw([people[0].ref])
    store.rotate([])
    assert store.recover(at=AT) == 1
    ring = _store(tmp_path, server).need(Retention.STANDARD)
    assert [ring.has(one.ref) for one in people] == [False] + [True] * 5
    assert (tmp_path / "standard-a.slot").read_bytes() == slot.EMPTY
    assert store.lost() == 0
    assert server.ask("GET", "keys/harken-small-standard-a") is None
    for name, data in saved.items():
        (tmp_path / name).write_bytes(data)
    with pytest.raises(HarkenError, match="VAU-008"):
        _store(tmp_path, server).ring(Retention.STANDARD)


def test_the_server_gives_no_key_away_and_needs_no_more_rights(server: Transit) -> None:
    slots = TransitSlots(server.token_file.parent, "other", server)
    slots.put("standard-a", slot.EpochKey(1, bytes(32), bytes(32)))
    told = server.ask("GET", "keys/harken-other-standard-a")
    assert told is not None
    assert (told["exportable"], told["allow_plaintext_backup"]) == (False, False)
    for wrong in ("export/encryption-key/harken-other-standard-a", "keys/another"):
        with pytest.raises(HarkenError, match="VAU-132"):
            server.ask("GET", wrong)


def test_what_cannot_be_used_is_a_clear_error_and_nothing_is_cleared(
    tmp_path: Path, server: Transit
) -> None:
    TransitSlots(tmp_path, "small", server).put(
        "standard-b", slot.EpochKey(2, bytes(range(32)), bytes(32))
    )
    before = (tmp_path / "standard-b.slot").read_bytes()
    for address in (
        f"unix:{tmp_path / 'nobody.sock'}",
        "http://bao.example:8200",
        "https://127.0.0.1:9",
    ):
        away = TransitSlots(tmp_path, "small", replace(server, address=address))
        for act in (away.get, away.clear):
            with pytest.raises(HarkenError, match="VAU-132"):
                act("standard-b")
    assert (tmp_path / "standard-b.slot").read_bytes() == before
    (tmp_path / "standard-b.slot").write_bytes(slot.EMPTY)
    with pytest.raises(HarkenError, match="VAU-008"):
        TransitSlots(tmp_path, "small", server).get("standard-b")

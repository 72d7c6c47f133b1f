"""Epoch keys under OpenBao's (or Vault's) transit engine: a slot opens only through it.

Each slot has an AES key of its own that the server makes and never shows. The slot file
holds the epoch key sealed by it; deleting the key on the server ends every copy of the
slot, and the server's own snapshots must be as short-lived as the promise wants.
"""

from __future__ import annotations

import base64
import http.client
import json
import socket
import ssl
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from harken.method.errors import refuse
from harken.method.vault import slot
from harken.method.vault.faults import SLOT_DAMAGED
from harken.method.vault.slot import EpochKey
from harken.service.vault import durable
from harken.service.vault.faults import TRANSIT_GONE
from harken.service.vault.keyholder.address import connect
from harken.service.vault.slots import FileSlots

MAGIC = b"HKT1"
USED = 104
"""So much of a slot's plain layout is not padding."""
PATIENCE = 10.0
HERE = frozenset({"127.0.0.1", "::1", "localhost"})
FOUND, NOTHING, UNKNOWN = {200, 204}, 404, 400


class _Near(http.client.HTTPConnection):
    """HTTP over a Unix socket, for a holder that has no network at all."""

    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=PATIENCE)
        self._path = path

    def connect(self) -> None:
        """Connect to the socket instead of a host."""
        self.sock: socket.socket = connect(self._path)
        self.sock.settimeout(PATIENCE)


@dataclass(frozen=True, slots=True)
class Transit:
    """Where the server is: ``unix:PATH`` or ``https://...``, a token's file, the mount.

    Plain HTTP is taken on this machine only.
    """

    address: str
    token_file: Path
    mount: str = "transit"
    authority: Path | None = None

    def ask(self, method: str, path: str, body: object = None) -> dict[str, str] | None:
        """The data of an answer; None when the key is not there.

        Raises HarkenError VAU-132 when the server cannot be used.
        """
        token = self.token_file.read_text(encoding="utf-8").strip()
        headers = {"X-Vault-Token": token, "Content-Type": "application/json"}
        try:
            with closing(self._link()) as link:
                where = f"/v1/{self.mount}/{path}"
                link.request(method, where, json.dumps(body or {}), headers)
                answer = link.getresponse()
                data = answer.read()
        except (OSError, http.client.HTTPException) as error:
            raise refuse(TRANSIT_GONE, problem=type(error).__name__) from None
        if answer.status in (NOTHING, UNKNOWN):
            return None
        if answer.status not in FOUND:
            raise refuse(TRANSIT_GONE, problem=f"status {answer.status}")
        found: dict[str, str] = json.loads(data)["data"] if data else {}
        return found

    def _link(self) -> http.client.HTTPConnection:
        if self.address.startswith("unix:"):
            return _Near(Path(self.address.removeprefix("unix:")))
        parts = urlsplit(self.address)
        host = parts.hostname or ""
        if parts.scheme == "https":
            trust = ssl.create_default_context(cafile=self.authority)
            return http.client.HTTPSConnection(
                host, parts.port, timeout=PATIENCE, context=trust
            )
        if host not in HERE:
            raise refuse(TRANSIT_GONE, problem="HTTP without encryption to elsewhere")
        return http.client.HTTPConnection(host, parts.port, timeout=PATIENCE)


class TransitSlots(FileSlots):
    """Slots whose keys are sealed by a key on the server."""

    def __init__(self, folder: Path, study: str, server: Transit) -> None:
        super().__init__(folder)
        self._study = study
        self._server = server

    def put(self, name: str, epoch: EpochKey) -> None:
        """A fresh key on the server, and the epoch key sealed by it in the file."""
        label = self._label(name)
        self._destroy(label)
        self._server.ask("POST", f"keys/{label}", {"type": "aes256-gcm96"})
        plain = base64.b64encode(slot.write_slot(epoch)[:USED]).decode("ascii")
        answer = self._server.ask("POST", f"encrypt/{label}", {"plaintext": plain})
        if answer is None:
            raise refuse(TRANSIT_GONE, problem="the new key is not there")
        sealed = answer["ciphertext"].encode("ascii")
        data = MAGIC + len(sealed).to_bytes(2, "big") + sealed
        durable.overwrite(self._file(name), data.ljust(slot.SIZE, b"\0"))

    def get(self, name: str) -> EpochKey:
        """Have the server open the slot."""
        data = self._file(name).read_bytes()
        if not data.startswith(MAGIC):
            raise refuse(SLOT_DAMAGED)
        sealed = data[6 : 6 + int.from_bytes(data[4:6], "big")].decode("ascii")
        path = f"decrypt/{self._label(name)}"
        answer = self._server.ask("POST", path, {"ciphertext": sealed})
        if answer is None:
            raise refuse(SLOT_DAMAGED)
        plain = base64.b64decode(answer["plaintext"])
        return slot.read_slot(plain.ljust(slot.SIZE, b"\0"))

    def clear(self, name: str) -> None:
        """Delete the key on the server, then overwrite the file."""
        self._destroy(self._label(name))
        super().clear(name)

    def _destroy(self, label: str) -> None:
        if self._server.ask("GET", f"keys/{label}") is None:
            return
        self._server.ask("POST", f"keys/{label}/config", {"deletion_allowed": True})
        self._server.ask("DELETE", f"keys/{label}")
        if self._server.ask("GET", f"keys/{label}") is not None:
            raise refuse(TRANSIT_GONE, problem="a deleted key is still there")

    def _label(self, name: str) -> str:
        return f"harken-{self._study}-{name}"

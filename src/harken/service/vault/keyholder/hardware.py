"""Epoch keys under a hardware module (PKCS#11): the slot on the disk opens only with it.

Each epoch has an AES key of its own that the module makes and never shows. The slot file
holds the epoch key sealed by it; destroying the key in the module ends every copy of the
slot. SoftHSM keeps its keys in files: it is for tests, not for a promise.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

import pkcs11
from pkcs11 import Attribute, KeyType, Mechanism, ObjectClass

from harken.method.errors import refuse
from harken.method.vault import slot
from harken.method.vault.faults import SLOT_DAMAGED
from harken.method.vault.slot import EpochKey
from harken.service.vault import durable
from harken.service.vault.faults import MODULE_GONE
from harken.service.vault.slots import FileSlots

MAGIC = b"HKP1"
VECTOR = 16
USED = 104
"""So much of a slot's plain layout is not padding."""


@dataclass(frozen=True, slots=True)
class Module:
    """Where the module is: its library, the token's label, a file with the PIN."""

    library: str
    token: str
    pin_file: Path

    def open(self) -> pkcs11.Session:
        """A session that may make and destroy keys."""
        pin = self.pin_file.read_text(encoding="utf-8").strip()
        try:
            token = pkcs11.lib(self.library).get_token(token_label=self.token)
            return token.open(rw=True, user_pin=pin)
        except (pkcs11.PKCS11Error, RuntimeError):
            raise refuse(MODULE_GONE) from None


class HardwareSlots(FileSlots):
    """Slots whose keys are sealed by a key inside the module."""

    def __init__(self, folder: Path, study: str, module: Module) -> None:
        super().__init__(folder)
        self._study = study
        self._module = module
        self._guard = Lock()

    def put(self, name: str, epoch: EpochKey) -> None:
        """A fresh key in the module, and the epoch key sealed by it in the file."""
        with self._guard, self._module.open() as session:
            self._destroy(session, name)
            key: Any = session.generate_key(
                KeyType.AES,
                256,
                label=self._label(name),
                store=True,
                template={
                    Attribute.EXTRACTABLE: False,
                    Attribute.SENSITIVE: True,
                },
            )
            vector = os.urandom(VECTOR)
            sealed = key.encrypt(
                slot.write_slot(epoch)[:USED],
                mechanism=Mechanism.AES_CBC_PAD,
                mechanism_param=vector,
            )
        data = MAGIC + len(sealed).to_bytes(2, "big") + vector + sealed
        durable.overwrite(self._file(name), data.ljust(slot.SIZE, b"\0"))

    def get(self, name: str) -> EpochKey:
        """Have the module open the slot."""
        data = self._file(name).read_bytes()
        if not data.startswith(MAGIC):
            raise refuse(SLOT_DAMAGED)
        vector, start = data[6 : 6 + VECTOR], 6 + VECTOR
        sealed = data[start : start + int.from_bytes(data[4:6], "big")]
        with self._guard, self._module.open() as session:
            try:
                key: Any = session.get_key(
                    object_class=ObjectClass.SECRET_KEY, label=self._label(name)
                )
                plain = key.decrypt(
                    sealed, mechanism=Mechanism.AES_CBC_PAD, mechanism_param=vector
                )
            except pkcs11.PKCS11Error:
                raise refuse(SLOT_DAMAGED) from None
        return slot.read_slot(bytes(plain).ljust(slot.SIZE, b"\0"))

    def clear(self, name: str) -> None:
        """Destroy the key in the module, then overwrite the file."""
        with self._guard, self._module.open() as session:
            self._destroy(session, name)
        super().clear(name)

    def _destroy(self, session: pkcs11.Session, name: str) -> None:
        for key in list(session.get_objects({Attribute.LABEL: self._label(name)})):
            key.destroy()

    def _label(self, name: str) -> str:
        return f"harken/{self._study}/{name}"

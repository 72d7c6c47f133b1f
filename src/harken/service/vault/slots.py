"""Where epoch keys lie: two slots a retention class, one live, one free.

A holder of epoch keys puts, gets and clears. What it clears must be gone for good.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Protocol

from harken.method.errors import HarkenError
from harken.method.vault import slot
from harken.method.vault.slot import EpochKey
from harken.service.vault import durable


class Slots(Protocol):
    """A holder of epoch keys, by the name of the slot, such as ``standard-a``."""

    def put(self, name: str, epoch: EpochKey) -> None:
        """Keep a key durably in place of whatever the slot held."""

    def get(self, name: str) -> EpochKey:
        """The key of a slot; raises HarkenError VAU-008 when it holds none."""

    def clear(self, name: str) -> None:
        """Destroy the slot's key; clearing an empty slot does nothing."""

    def lost(self, name: str) -> int:
        """How many of the places that should have the slot's key have lost it."""

    def others(self) -> list[str]:
        """The public keys of holders beside the key holder's own process."""

    def co_sign(self, receipt: str) -> str:
        """A signature line of each of them, once what the receipt names is cleared."""


class FileSlots:
    """Slots as pre-allocated files of 4096 bytes, overwritten where they lie."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, name: str, epoch: EpochKey) -> None:
        """Write the key over the slot."""
        durable.overwrite(self._file(name), slot.write_slot(epoch))

    def get(self, name: str) -> EpochKey:
        """Read the slot."""
        return slot.read_slot(self._file(name).read_bytes())

    def clear(self, name: str) -> None:
        """Overwrite twice: with random bytes, then with zeros."""
        path = self._file(name)
        if not path.exists() or path.read_bytes() == slot.EMPTY:
            return
        durable.overwrite(path, os.urandom(slot.SIZE))
        durable.overwrite(path, slot.EMPTY)

    def lost(self, name: str) -> int:
        """One when the file is gone or unreadable."""
        try:
            self.get(name)
        except (HarkenError, OSError):
            return 1
        return 0

    def others(self) -> list[str]:
        """Nobody: what lies here is the key holder's own."""
        return []

    def co_sign(self, receipt: str) -> str:
        """No line."""
        return ""

    def _file(self, name: str) -> Path:
        return self.folder / f"{name}.slot"

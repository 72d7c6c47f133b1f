"""The layout of a holder's slot: 4096 bytes, the same length full or empty.

``HKS1 | generation (4) | key (32) | nonce (32) | SHA-256 of all that (32) | padding``.
A slot is only ever overwritten in place; a rename would leave the old key on the disk
(research/privacy.md 3.2).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from harken.method.errors import refuse
from harken.method.vault.faults import SLOT_DAMAGED
from harken.method.vault.keyring import commit_epoch

SIZE = 4096
MAGIC = b"HKS1"
EMPTY = bytes(SIZE)


@dataclass(frozen=True, slots=True, repr=False)
class EpochKey:
    """One epoch key: the only thing that opens a keyring of its generation."""

    generation: int
    key: bytes
    nonce: bytes

    @property
    def commitment(self) -> bytes:
        """What is published about it before it is used."""
        return commit_epoch(self.key, self.nonce)


def write_slot(epoch: EpochKey) -> bytes:
    """The 4096 bytes that hold this key."""
    head = MAGIC + epoch.generation.to_bytes(4, "big") + epoch.key + epoch.nonce
    return (head + hashlib.sha256(head).digest()).ljust(SIZE, b"\0")


def read_slot(data: bytes) -> EpochKey:
    """The key a slot holds; raises HarkenError VAU-008 when it holds none."""
    head, digest = data[:72], data[72:104]
    whole = len(data) == SIZE and head.startswith(MAGIC)
    if not whole or hashlib.sha256(head).digest() != digest:
        raise refuse(SLOT_DAMAGED)
    return EpochKey(int.from_bytes(head[4:8], "big"), head[8:40], head[40:72])

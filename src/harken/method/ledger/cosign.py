"""Witness co-signatures on checkpoints, in the C2SP format tlog-cosignature (Ed25519).

A co-signature says: at this time, this was the largest state of this ledger that the
witness had seen, and it continued every earlier one. Keys and time are arguments.
"""

from __future__ import annotations

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from harken.method.errors import refuse
from harken.method.ledger.checkpoint import (
    COSIGNATURE,
    Checkpoint,
    key_number,
    read_checkpoint,
    read_key,
    signature_line,
    signatures,
    split_note,
    write_key,
)
from harken.method.ledger.faults import NOT_SIGNED

STAMP = 8
LATEST = 2**63 - 1


class Cosigner:
    """Co-signs checkpoints with one Ed25519 key, used for nothing else."""

    def __init__(self, name: str, seed: bytes) -> None:
        self.name = name
        self._key = Ed25519PrivateKey.from_private_bytes(seed)

    @property
    def public_key(self) -> str:
        """The verifier key: ``name+keyid+base64``, fit to publish."""
        return write_key(self.name, COSIGNATURE, self._raw())

    def cosign(self, text: str, *, at: int) -> str:
        """One signature line over a checkpoint's text; ``at`` in seconds since 1970."""
        stamp = at.to_bytes(STAMP, "big")
        signature = self._key.sign(_message(text, at))
        number = key_number(self.name, COSIGNATURE, self._raw())
        return signature_line(self.name, number, stamp + signature)

    def _raw(self) -> bytes:
        return self._key.public_key().public_bytes_raw()


def check_key(witness_key: str) -> None:
    """Raise HarkenError LED-008 unless this is the public key of a witness."""
    read_key(witness_key, COSIGNATURE)


def open_cosigned(note: str, witness_key: str) -> tuple[Checkpoint, int]:
    """The checkpoint that this witness co-signed, and when (seconds since 1970).

    Raises HarkenError LED-006 when it is not a note, LED-007 without a valid
    co-signature of the key, LED-008 when the key is not a witness's.
    """
    key = read_key(witness_key, COSIGNATURE)
    text, lines = split_note(note)
    for raw in signatures(lines, key):
        at = int.from_bytes(raw[:STAMP], "big")
        try:
            key.verifier.verify(raw[STAMP:], _message(text, at))
        except InvalidSignature:
            break
        if at > LATEST:
            break
        return read_checkpoint(text), at
    raise refuse(NOT_SIGNED)


def _message(text: str, at: int) -> bytes:
    return f"cosignature/v1\ntime {at}\n{text}".encode()

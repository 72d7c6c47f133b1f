"""Signed checkpoints of the ledger, in the C2SP formats signed-note and tlog-checkpoint.

A checkpoint says: this ledger had so many entries and this root. It is lodged outside
the house; a later ledger that does not contain it was rewritten. Keys are arguments.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from harken.method.errors import refuse
from harken.method.ledger.faults import BAD_KEY, BAD_NOTE, NOT_SIGNED

ED25519 = b"\x01"
DASH = "\u2014"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A ledger's name, how many entries it had, and its root (32 bytes)."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """The body that is signed."""
        return f"{self.origin}\n{self.size}\n{_b64(self.root)}\n"


class Signer:
    """Signs notes with one Ed25519 key under one name."""

    def __init__(self, name: str, seed: bytes) -> None:
        self.name = name
        self._key = Ed25519PrivateKey.from_private_bytes(seed)

    @property
    def public_key(self) -> str:
        """The verifier key: ``name+keyid+base64``, fit to publish."""
        raw = self._key.public_key().public_bytes_raw()
        number = _key_id(self.name, raw).hex()
        return f"{self.name}+{number}+{_b64(ED25519 + raw)}"

    def sign(self, text: str) -> str:
        """One signature line over a note's text."""
        raw = self._key.public_key().public_bytes_raw()
        signature = self._key.sign(text.encode("utf-8"))
        return f"{DASH} {self.name} {_b64(_key_id(self.name, raw) + signature)}\n"


def sign_note(text: str, signers: Sequence[Signer]) -> str:
    """A signed note: the text, a blank line, one line a signature."""
    if not text.endswith("\n"):
        raise ValueError("a note's text ends with a newline")
    return text + "\n" + "".join(signer.sign(text) for signer in signers)


def open_note(note: str, public_key: str) -> str:
    """The text of a note that this key signed.

    Raises HarkenError LED-006 when it is not a note, LED-007 when no valid signature of
    the key is there, LED-008 when the key is not readable.
    """
    name, number, verifier = _read_key(public_key)
    text, _, lines = note.rpartition("\n\n")
    if not text or not lines:
        raise refuse(BAD_NOTE, problem="there is no blank line before the signatures")
    text += "\n"
    for line in lines.splitlines():
        parts = line.split(" ")
        if len(parts) != 3 or parts[0] != DASH or parts[1] != name:
            continue
        raw = _unb64(parts[2])
        if raw[:4] != number:
            continue
        try:
            verifier.verify(raw[4:], text.encode("utf-8"))
        except InvalidSignature:
            raise refuse(NOT_SIGNED) from None
        return text
    raise refuse(NOT_SIGNED)


def read_checkpoint(text: str) -> Checkpoint:
    """Read a note's text as a checkpoint; raises HarkenError LED-006."""
    lines = text.split("\n")
    if len(lines) < 4 or not lines[0] or not lines[1].isascii():
        raise refuse(BAD_NOTE, problem="it has too few lines")
    if not lines[1].isdigit() or (lines[1] != "0" and lines[1].startswith("0")):
        raise refuse(BAD_NOTE, problem="its size is not a whole number")
    root = _unb64(lines[2])
    if len(root) != 32:
        raise refuse(BAD_NOTE, problem="its root is not 32 bytes")
    return Checkpoint(lines[0], int(lines[1]), root)


def _read_key(public_key: str) -> tuple[str, bytes, Ed25519PublicKey]:
    parts = public_key.strip().split("+", 2)
    if len(parts) != 3:
        raise refuse(BAD_KEY)
    try:
        number = bytes.fromhex(parts[1])
        raw = base64.b64decode(parts[2], validate=True)
        key = Ed25519PublicKey.from_public_bytes(raw[1:])
    except ValueError:
        raise refuse(BAD_KEY) from None
    if raw[:1] != ED25519 or number != _key_id(parts[0], raw[1:]):
        raise refuse(BAD_KEY)
    return parts[0], number, key


def _key_id(name: str, raw: bytes) -> bytes:
    return hashlib.sha256(name.encode("utf-8") + b"\n" + ED25519 + raw).digest()[:4]


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _unb64(text: str) -> bytes:
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        data = b""
    if not data or _b64(data) != text:  # one way to write it: unused bits are zero
        raise refuse(BAD_NOTE, problem="a part is not base64")
    return data

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
COSIGNATURE = b"\x04"
MOST_SIGNATURES = 64
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


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A verifier key as read: whose, its number, and what checks a signature."""

    name: str
    number: bytes
    verifier: Ed25519PublicKey


class Signer:
    """Signs notes with one Ed25519 key under one name."""

    def __init__(self, name: str, seed: bytes) -> None:
        self.name = name
        self._key = Ed25519PrivateKey.from_private_bytes(seed)

    @property
    def public_key(self) -> str:
        """The verifier key: ``name+keyid+base64``, fit to publish."""
        return write_key(self.name, ED25519, self._raw())

    def sign(self, text: str) -> str:
        """One signature line over a note's text."""
        number = key_number(self.name, ED25519, self._raw())
        return signature_line(self.name, number, self._key.sign(text.encode("utf-8")))

    def _raw(self) -> bytes:
        return self._key.public_key().public_bytes_raw()


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
    key = read_key(public_key, ED25519)
    text, lines = split_note(note)
    for raw in signatures(lines, key):
        try:
            key.verifier.verify(raw, text.encode("utf-8"))
        except InvalidSignature:
            break
        return text
    raise refuse(NOT_SIGNED)


def read_checkpoint(text: str) -> Checkpoint:
    """Read a note's text as a checkpoint; raises HarkenError LED-006."""
    lines = text.split("\n")
    if len(lines) < 4 or lines[-1] or not all(lines[:-1]):
        raise refuse(BAD_NOTE, problem="it has too few lines, or an empty one")
    if not lines[1].isascii() or not lines[1].isdigit():
        raise refuse(BAD_NOTE, problem="its size is not a whole number")
    if lines[1] != str(int(lines[1])):
        raise refuse(BAD_NOTE, problem="its size is not a whole number")
    root = unbase64(lines[2])
    if len(root) != 32:
        raise refuse(BAD_NOTE, problem="its root is not 32 bytes")
    return Checkpoint(lines[0], int(lines[1]), root)


def split_note(note: str) -> tuple[str, list[str]]:
    """A note's text and its signature lines; raises HarkenError LED-006."""
    text, _, lines = note.rpartition("\n\n")
    if not text or not lines:
        raise refuse(BAD_NOTE, problem="there is no blank line before the signatures")
    if any(character < " " and character != "\n" for character in note):
        raise refuse(BAD_NOTE, problem="there is a control character in it")
    found = lines.removesuffix("\n").split("\n")
    if len(found) > MOST_SIGNATURES:
        raise refuse(BAD_NOTE, problem="it has too many signatures")
    return text + "\n", found


def signatures(lines: Sequence[str], key: PublicKey) -> list[bytes]:
    """What stands on the lines of this key, in order; other keys are passed over."""
    found = []
    for line in lines:
        parts = line.split(" ")
        if len(parts) != 3 or parts[0] != DASH or parts[1] != key.name:
            continue
        raw = unbase64(parts[2])
        if raw[:4] == key.number:
            found.append(raw[4:])
    return found


def signature_line(name: str, number: bytes, signature: bytes) -> str:
    """One line that says: this key signed."""
    return f"{DASH} {name} {_b64(number + signature)}\n"


def key_number(name: str, kind: bytes, raw: bytes) -> bytes:
    """The four bytes that tell keys of one name apart."""
    return hashlib.sha256(name.encode("utf-8") + b"\n" + kind + raw).digest()[:4]


def write_key(name: str, kind: bytes, raw: bytes) -> str:
    """A verifier key on one line."""
    if not name or "+" in name or any(character.isspace() for character in name):
        raise ValueError("a key's name has no blank and no plus")
    return f"{name}+{key_number(name, kind, raw).hex()}+{_b64(kind + raw)}"


def read_key(public_key: str, kind: bytes) -> PublicKey:
    """Read a verifier key of this kind; raises HarkenError LED-008."""
    parts = public_key.strip().split("+", 2)
    if len(parts) != 3 or not parts[0]:
        raise refuse(BAD_KEY)
    try:
        number = bytes.fromhex(parts[1])
        raw = base64.b64decode(parts[2], validate=True)
        key = Ed25519PublicKey.from_public_bytes(raw[1:])
    except ValueError:
        raise refuse(BAD_KEY) from None
    if raw[:1] != kind or number != key_number(parts[0], kind, raw[1:]):
        raise refuse(BAD_KEY)
    return PublicKey(parts[0], number, key)


def unbase64(text: str) -> bytes:
    """Bytes written in the one way base64 allows; raises HarkenError LED-006."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        data = b""
    if not data or _b64(data) != text:  # one way to write it: unused bits are zero
        raise refuse(BAD_NOTE, problem="a part is not base64")
    return data


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")

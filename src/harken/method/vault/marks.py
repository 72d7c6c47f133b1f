"""Blind marks: keyed hashes of whole facts, by which a person is found and not by less.

They lie nowhere but in the sealed keyring, and the pepper they were made with lies in its
header: with its last epoch key both are gone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from enum import StrEnum

MARK = 16
HASH_BLOCK = 64
INNER = bytes(byte ^ 0x36 for byte in range(256))
OUTER = bytes(byte ^ 0x5C for byte in range(256))
"""HMAC (RFC 2104) pads its key with these; see ``KeyedHash``."""
NO_SIGNS = bytes(byte for byte in range(128) if not chr(byte).isalnum())


class Fact(StrEnum):
    """What a person can be looked up by; exact, never by a part of it."""

    TELEPHONE = "telephone"
    EMAIL = "email"
    CRIME_REFERENCE = "crime_reference"
    NAME = "name"


_FACTS = {fact: number for number, fact in enumerate(Fact)}
"""The order in which marks are written; bit 4 of the first byte is that of the first."""


class KeyedHash:
    """HMAC-SHA-256 of many short texts under one key, its padding hashed only once."""

    def __init__(self, pepper: bytes, purpose: str) -> None:
        block = pepper.ljust(HASH_BLOCK, b"\0")
        self._outer = hashlib.sha256(block.translate(OUTER))
        self._inner = hashlib.sha256(block.translate(INNER))
        self._inner.update(f"{purpose}\0".encode())

    def of(self, text: bytes) -> bytes:
        """The hash of one text; useless once the pepper is gone."""
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(text)
        outer.update(inner.digest())
        return outer.digest()


class Marker:
    """Makes the blind marks of a crowd: the same keyed hashes, begun once a fact.

    Only the holder has the pepper, and marks lie nowhere but in the sealed keyring: with
    its last epoch key both are gone, and no list of telephone numbers can be tried.
    """

    def __init__(self, pepper: bytes) -> None:
        self._hashes = [
            (fact, str(fact), KeyedHash(pepper, f"mark {fact}")) for fact in Fact
        ]

    def marks(self, known: Mapping[str, object]) -> dict[Fact, bytes]:
        """Short keyed hashes of the facts of an identity, as its documents hold them."""
        found = {}
        for fact, name, keyed in self._hashes:
            text = known.get(name)
            if fact is Fact.NAME and known.get("surname") and known.get("postcode"):
                text = f"{known['surname']} {known['postcode']}"
            kept = plain(fact, str(text)) if text else ""
            if kept:
                found[fact] = keyed.of(kept.encode())[:MARK]
        return found


def written(own: Mapping[Fact, bytes]) -> bytes:
    """Marks as a keyring has them: a byte with how many and of which, then each in order."""
    held = [fact for fact in _FACTS if fact in own]
    facts = sum(16 << _FACTS[fact] for fact in held)
    return bytes([facts | len(held)]) + b"".join(own[fact] for fact in held)


def of_contact(stored: bytes) -> bytes:
    """Written marks of a person without those of their case; none where no fact was noted."""
    held = [fact for fact, number in _FACTS.items() if stored[0] & 16 << number]
    own: dict[Fact, bytes] = {
        fact: stored[1 + at * MARK : 1 + (at + 1) * MARK]
        for at, fact in enumerate(held)
        if fact is not Fact.CRIME_REFERENCE
    }
    return written(own) if own else b""


def plain(fact: Fact, text: str) -> str:
    """Letters and figures only, in one case; British numbers from their first 0."""
    if fact is Fact.EMAIL:
        return text.strip().casefold()
    if text.isascii():
        kept = text.lower().encode().translate(None, NO_SIGNS).decode()
    else:
        kept = "".join(filter(str.isalnum, text.casefold()))
    if fact is Fact.TELEPHONE:
        for lead in ("0044", "44"):
            if kept.startswith(lead):
                return "0" + kept.removeprefix(lead).removeprefix("0")
    return kept

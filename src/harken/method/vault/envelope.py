"""Sealing of one record: AES-256-GCM, bound to its place, padded, format byte first.

Layout (docs/explanation/keys-and-destruction.md): ``01 | nonce (12) | ciphertext | tag (16)``.
The plaintext is a 4-byte big-endian length, the record, and zero bytes up to a
multiple of 256, so that a length never tells a name. Changing the place - study,
policy, case, purpose or schema - makes the record unreadable.

Also hands a secret to the one who asked, over a line that nobody needs to trust: X25519
with a key of one use on each side, HKDF-SHA-256, AES-256-GCM.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import (
    X25519PrivateKey,
    X25519PublicKey,
)
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from harken.method.errors import refuse
from harken.method.vault.faults import NOT_OPENED, UNKNOWN_FORMAT

AES_256_GCM = 1
FIRST = bytes([AES_256_GCM])
BEFORE_PURPOSE = 3
BLOCK = 256
NONCE = 12
TAG = 16
KEY = 32


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record belongs; every part is authenticated with it.

    ``policy`` is the policy's version and digest, ``purpose`` the key's name and the
    caller's context, ``schema`` the version of the record's own layout. The purpose
    alone may hold the separator: three parts before it and one after cannot.
    """

    study: str
    policy: str
    case: str
    purpose: str
    schema: int = 1

    def encode(self) -> bytes:
        """The associated data; raises ValueError for a separator where none may be."""
        lead = f"{self.study}|{self.policy}|{self.case}|"
        if lead.count("|") != BEFORE_PURPOSE:
            raise ValueError("a part of a sealed record's place holds the separator")
        return f"{lead}{self.purpose}|{self.schema}".encode()


def places(study: str, policy: str, purpose: str) -> tuple[bytes, bytes]:
    """What stands before and after the case in the encoding of a crowd's places."""
    whole = Place(study, policy, "", purpose).encode()
    lead = len(f"{study}|{policy}|".encode())
    return whole[:lead], whole[lead:]


def seal(
    key: bytes, plaintext: bytes, place: Place, random_bytes: Callable[[int], bytes]
) -> bytes:
    """Seal ``plaintext`` under a 32-byte key for one place.

    ``random_bytes(12)`` must never repeat for one key.
    """
    return seal_at(key, plaintext, place.encode(), random_bytes(NONCE))


def seal_at(key: bytes, plaintext: bytes, about: bytes, nonce: bytes) -> bytes:
    """The same for a crowd: ``about`` is a place's encoding, the nonce was drawn."""
    size = len(plaintext)
    padded = b"%b%b%b" % (
        size.to_bytes(4, "big"),
        plaintext,
        bytes(-(4 + size) % BLOCK),
    )
    body = AESGCM(key).encrypt(nonce, padded, about)
    return b"%b%b%b" % (FIRST, nonce, body)


def unseal(key: bytes, sealed: bytes, place: Place) -> bytes:
    """Open what ``seal`` made for the same key and place.

    Raises HarkenError VAU-006 for an unknown format byte, VAU-005 for everything else.
    """
    return unseal_at(key, sealed, place.encode())


def unseal_at(key: bytes, sealed: bytes, about: bytes) -> bytes:
    """The same where ``about`` is the place's encoding already."""
    if not sealed or sealed[0] != AES_256_GCM:
        raise refuse(UNKNOWN_FORMAT)
    nonce, body = sealed[1 : 1 + NONCE], sealed[1 + NONCE :]
    if len(body) < BLOCK + TAG:
        raise refuse(NOT_OPENED)
    try:
        padded = AESGCM(key).decrypt(nonce, body, about)
    except InvalidTag:
        raise refuse(NOT_OPENED) from None
    length = int.from_bytes(padded[:4], "big")
    if length > len(padded) - 4:
        raise refuse(NOT_OPENED)
    return padded[4 : 4 + length]


def public_of(private: bytes) -> bytes:
    """The public half of a private key of 32 random bytes."""
    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def seal_to(
    public: bytes, secret: bytes, about: bytes, random_bytes: Callable[[int], bytes]
) -> bytes:
    """Seal a secret to whoever has the private half; ``about`` says what it is."""
    own, nonce = random_bytes(KEY), random_bytes(NONCE)
    key = _shared(own, public, about)
    return public_of(own) + nonce + AESGCM(key).encrypt(nonce, secret, about)


def open_from(private: bytes, sealed: bytes, about: bytes) -> bytes:
    """Open what ``seal_to`` made; raises HarkenError VAU-005."""
    other, nonce = sealed[:KEY], sealed[KEY : KEY + NONCE]
    try:
        key = _shared(private, other, about)
        return AESGCM(key).decrypt(nonce, sealed[KEY + NONCE :], about)
    except (InvalidTag, ValueError):
        raise refuse(NOT_OPENED) from None


def split(key: bytes, share: bytes) -> bytes:
    """The other share of a key; splitting again gives the key back.

    Each share alone is a random number that says nothing of the key.
    """
    return bytes(a ^ b for a, b in zip(key, share, strict=True))


def _shared(private: bytes, public: bytes, about: bytes) -> bytes:
    own = X25519PrivateKey.from_private_bytes(private)
    agreed = own.exchange(X25519PublicKey.from_public_bytes(public))
    return HKDF(SHA256(), KEY, salt=None, info=b"harken-share-v1|" + about).derive(
        agreed
    )

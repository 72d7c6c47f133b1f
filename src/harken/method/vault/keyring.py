"""The keyring's contents and its file: sealed segments, appended, never changed.

A keyring file belongs to one study, one retention class and one generation. It is
``HKR1`` and then segments: a 4-byte big-endian length, a 12-byte nonce and an
AES-256-GCM ciphertext under the epoch key, with the segment's number in the associated
data. Segment 0 is the header, the others carry operations. A segment cut short at the
end of the file is a crash's remnant; anywhere else it is damage. Bytes only: the files
are service.vault's.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from harken.method.errors import refuse
from harken.method.terms import CaseRef
from harken.method.vault.faults import BAD_REF, KEYRING_DAMAGED
from harken.method.vault.names import KeyName

MAGIC = b"HKR1"
KEY = 32
NONCE = 12
TAG = 16
ADD, WITHDRAW = 1, 2
ENTRY_HEAD = 16 + 1 + 32 + 32


class Retention(StrEnum):
    """A retention class: a keyring of its own, under an epoch key of its own."""

    STANDARD = "standard"
    RECONTACT = "recontact"


@dataclass(frozen=True, slots=True, repr=False)
class Entry:
    """One person's keys, the commitment published at enrolment and its nonce."""

    ref: CaseRef
    keys: Mapping[KeyName, bytes]
    nonce: bytes
    commitment: bytes

    def only(self, *names: KeyName) -> Entry:
        """The same entry with no other keys than these; it keeps the commitment."""
        keys = {name: key for name, key in self.keys.items() if name in names}
        return replace(self, keys=keys)


@dataclass(frozen=True, slots=True, repr=False)
class Header:
    """What a keyring is for: its place, the promise it was made under, its peppers.

    ``policy`` is the study's policy as it stood when the first person was enrolled; the
    deadline is read from here, so that a later edit of the study cannot move it.
    """

    study: str
    retention: Retention
    generation: int
    policy: Mapping[str, object]
    code_pepper: bytes
    handle_pepper: bytes

    def place(self) -> bytes:
        """The part of every segment's associated data that names this file."""
        return f"{self.study}|{self.retention}|{self.generation}".encode()


class Keyring:
    """The people of one generation, as read from a file's segments."""

    def __init__(self, header: Header) -> None:
        self.header = header
        self.entries: dict[CaseRef, Entry] = {}
        self.withdrawn: set[CaseRef] = set()
        self.segments = 1

    def apply(self, payload: bytes) -> None:
        """Carry out one segment's operations; later ones win."""
        position = 0
        while position < len(payload):
            operation = payload[position]
            position += 1
            if operation == ADD:
                entry, position = _read_entry(payload, position)
                self.entries[entry.ref] = entry
            elif operation == WITHDRAW:
                self.withdrawn.add(CaseRef(payload[position : position + 16].hex()))
                position += 16
            else:
                raise refuse(KEYRING_DAMAGED, segment=self.segments)
        self.segments += 1


def make_entry(ref: CaseRef, random_bytes: Callable[[int], bytes]) -> Entry:
    """Four fresh 256-bit keys and a commitment to them for one person."""
    raw = random_bytes(5 * KEY)
    keys = {
        name: raw[i * KEY : (i + 1) * KEY] for i, name in enumerate(KeyName, start=1)
    }
    return Entry(ref, keys, raw[:KEY], commit(ref, keys, raw[:KEY]))


def commit(ref: CaseRef, keys: Mapping[KeyName, bytes], nonce: bytes) -> bytes:
    """SHA-256 over tag, nonce, reference and the hash of the keys.

    It reveals nothing without the nonce, and lets a verifier count people.
    """
    inner = hashlib.sha256(b"".join(keys[name] for name in KeyName)).digest()
    return hashlib.sha256(
        b"harken-person-v1\0" + nonce + ref_bytes(ref) + inner
    ).digest()


def commit_epoch(key: bytes, nonce: bytes) -> bytes:
    """The commitment to an epoch key, published before the key is used."""
    return hashlib.sha256(b"harken-epoch-v1\0" + nonce + key).digest()


def keyed_hash(pepper: bytes, purpose: str, text: str) -> bytes:
    """HMAC-SHA-256 under a pepper of the keyring; useless once the pepper is gone."""
    message = purpose.encode("utf-8") + b"\0" + text.encode("utf-8")
    return hmac.new(pepper, message, hashlib.sha256).digest()


def ref_bytes(ref: CaseRef) -> bytes:
    """A reference's 16 bytes; raises HarkenError VAU-009 when it is not one."""
    try:
        raw = bytes.fromhex(ref)
    except ValueError:
        raw = b""
    if len(raw) != 16:
        raise refuse(BAD_REF)
    return raw


def additions(entries: Iterable[Entry]) -> bytes:
    """A segment's payload that adds people."""
    return b"".join(bytes([ADD]) + _write_entry(entry) for entry in entries)


def withdrawals(refs: Iterable[CaseRef]) -> bytes:
    """A segment's payload that marks people as withdrawn."""
    return b"".join(bytes([WITHDRAW]) + ref_bytes(ref) for ref in refs)


def write_new(
    header: Header,
    epoch_key: bytes,
    payload: bytes,
    random_bytes: Callable[[int], bytes],
) -> bytes:
    """A whole new keyring file: magic, header and, unless empty, one segment."""
    document = {
        "study": header.study,
        "retention": header.retention.value,
        "generation": header.generation,
        "policy": dict(header.policy),
        "code_pepper": header.code_pepper.hex(),
        "handle_pepper": header.handle_pepper.hex(),
    }
    text = json.dumps(document, sort_keys=True).encode("utf-8")
    place = header.place()
    data = MAGIC + write_segment(epoch_key, place, 0, text, random_bytes)
    if payload:
        data += write_segment(epoch_key, place, 1, payload, random_bytes)
    return data


def write_segment(
    epoch_key: bytes,
    place: bytes,
    number: int,
    payload: bytes,
    random_bytes: Callable[[int], bytes],
) -> bytes:
    """One sealed segment, ready to append."""
    nonce = random_bytes(NONCE)
    sealed = AESGCM(epoch_key).encrypt(nonce, payload, place + b"|%d" % number)
    return len(sealed).to_bytes(4, "big") + nonce + sealed


def read_new(data: bytes, epoch_key: bytes, place: bytes) -> tuple[Keyring, int]:
    """Read a keyring file; returns the keyring and how many bytes of ``data`` hold.

    ``place`` is ``study|retention|generation`` as the pointer says. Bytes beyond the
    returned number are a torn tail, to be cut off by the next writer.
    Raises HarkenError VAU-007 for damage.
    """
    if not data.startswith(MAGIC):
        raise refuse(KEYRING_DAMAGED, segment=0)
    found = _next_segment(data, len(MAGIC), epoch_key, place, 0)
    if found is None:
        raise refuse(KEYRING_DAMAGED, segment=0)
    document = json.loads(found[0])
    header = Header(
        study=document["study"],
        retention=Retention(document["retention"]),
        generation=document["generation"],
        policy=document["policy"],
        code_pepper=bytes.fromhex(document["code_pepper"]),
        handle_pepper=bytes.fromhex(document["handle_pepper"]),
    )
    keyring = Keyring(header)
    return keyring, read_more(keyring, data, found[1], epoch_key)


def read_more(keyring: Keyring, data: bytes, start: int, epoch_key: bytes) -> int:
    """Apply the segments from ``start`` on; returns where the last whole one ends."""
    place = keyring.header.place()
    while start < len(data):
        found = _next_segment(data, start, epoch_key, place, keyring.segments)
        if found is None:
            break
        keyring.apply(found[0])
        start = found[1]
    return start


def _next_segment(
    data: bytes, start: int, epoch_key: bytes, place: bytes, number: int
) -> tuple[bytes, int] | None:
    """The payload and end of the segment at ``start``; None when it is a torn tail."""
    body = start + 4 + NONCE
    length = int.from_bytes(data[start : start + 4], "big")
    end = body + length
    if body > len(data) or end > len(data):
        return None
    nonce = data[start + 4 : body]
    try:
        payload = AESGCM(epoch_key).decrypt(
            nonce, data[body:end], place + b"|%d" % number
        )
    except (InvalidTag, ValueError):
        if end == len(data) and number > 0:
            return None  # its length reached the disk before its bytes did
        raise refuse(KEYRING_DAMAGED, segment=number) from None
    return payload, end


def _write_entry(entry: Entry) -> bytes:
    mask = sum(1 << i for i, name in enumerate(KeyName) if name in entry.keys)
    keys = b"".join(entry.keys[name] for name in KeyName if name in entry.keys)
    head = ref_bytes(entry.ref) + bytes([mask]) + entry.nonce + entry.commitment
    return head + keys


def _read_entry(payload: bytes, start: int) -> tuple[Entry, int]:
    head = payload[start : start + ENTRY_HEAD]
    position = start + ENTRY_HEAD
    keys: dict[KeyName, bytes] = {}
    for i, name in enumerate(KeyName):
        if head[16] >> i & 1:
            keys[name] = payload[position : position + KEY]
            position += KEY
    ref = CaseRef(head[:16].hex())
    return Entry(ref, keys, head[17:49], head[49:81]), position

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
import struct
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from harken.method.errors import refuse
from harken.method.terms import CaseRef
from harken.method.vault.faults import BAD_REF, KEYRING_DAMAGED
from harken.method.vault.marks import MARK, of_contact, plain, written
from harken.method.vault.marks import Fact as Fact
from harken.method.vault.marks import KeyedHash as KeyedHash
from harken.method.vault.marks import Marker as Marker
from harken.method.vault.names import KeyName

MAGIC = b"HKR1"
KEY = 32
NONCE = 12
TAG = 16
REF = 16
ADD, WITHDRAW, MARKS, CLOCK, POLICY = 1, 2, 3, 4, 5
ENTRY_HEAD = REF + 1 + 32 + 32
PEOPLE_A_SEGMENT = 50_000
LAST_POLICY = 15
ALL_KEYS = (1 << len(KeyName)) - 1
ENROL_BYTES = KEY * (1 + len(KeyName))
_NUMBER = {name: number for number, name in enumerate(KeyName)}
_CLOCK = struct.Struct(">d")


class Retention(StrEnum):
    """A retention class: a keyring of its own, under an epoch key of its own."""

    STANDARD = "standard"
    RECONTACT = "recontact"

    @property
    def day(self) -> str:
        """The day of a promise by which the class ends."""
        return "destroy_by" if self is Retention.STANDARD else "recontact_until"


@dataclass(frozen=True, slots=True, repr=False)
class Entry:
    """One person's keys, the commitment published at enrolment and its nonce.

    ``policy`` is the number of the promise they were enrolled under: 0 is the first.
    """

    ref: CaseRef
    keys: Mapping[KeyName, bytes]
    nonce: bytes
    commitment: bytes
    policy: int = 0

    def only(self, *names: KeyName) -> Entry:
        """The same entry with no other keys than these; it keeps the commitment."""
        keys = {name: key for name, key in self.keys.items() if name in names}
        return replace(self, keys=keys)


@dataclass(frozen=True, slots=True, repr=False)
class Header:
    """What a keyring is for: its place, the promises it was made under, its peppers.

    ``policies`` are the promises in the order in which they were made: the first stood
    at the first enrolment, each later one carries the controller's signature and binds
    only those enrolled after it. ``stated_clock`` marks a rehearsal: its time is what it
    is told. ``controller`` is the public key whose signature can extend the promise.
    ``clock`` is the latest time known when the file was written.
    """

    study: str
    retention: Retention
    generation: int
    policies: tuple[Mapping[str, object], ...]
    code_pepper: bytes
    handle_pepper: bytes
    index_pepper: bytes = bytes(KEY)
    stated_clock: bool = False
    controller: str = ""
    clock: float = 0.0

    def place(self) -> bytes:
        """The part of every segment's associated data that names this file."""
        return f"{self.study}|{self.retention}|{self.generation}".encode()

    def to_bytes(self) -> bytes:
        """Segment 0's payload."""
        document = {
            "study": self.study,
            "retention": self.retention.value,
            "generation": self.generation,
            "policies": [dict(policy) for policy in self.policies],
            "code_pepper": self.code_pepper.hex(),
            "handle_pepper": self.handle_pepper.hex(),
            "index_pepper": self.index_pepper.hex(),
            "stated_clock": self.stated_clock,
            "controller": self.controller,
            "clock": self.clock,
        }
        return json.dumps(document, sort_keys=True).encode("utf-8")

    @classmethod
    def from_bytes(cls, payload: bytes) -> Header:
        """Read back what ``to_bytes`` wrote."""
        found = json.loads(payload)
        return cls(
            study=found["study"],
            retention=Retention(found["retention"]),
            generation=found["generation"],
            policies=tuple(found["policies"]),
            code_pepper=bytes.fromhex(found["code_pepper"]),
            handle_pepper=bytes.fromhex(found["handle_pepper"]),
            index_pepper=bytes.fromhex(found["index_pepper"]),
            stated_clock=found["stated_clock"],
            controller=found["controller"],
            clock=found["clock"],
        )


@dataclass(slots=True, repr=False)
class Keyring:
    """The people of one generation, as read from a file's segments.

    People lie in memory as they lie in the file, so that a million of them are read,
    left out and written in a few seconds.
    """

    header: Header
    records: dict[bytes, bytes] = field(default_factory=dict)
    withdrawn: set[bytes] = field(default_factory=set)
    marks: dict[bytes, bytes] = field(default_factory=dict)
    clock: float = 0.0
    segments: int = 1

    def __post_init__(self) -> None:
        self.clock = max(self.clock, self.header.clock)

    def __len__(self) -> int:
        return len(self.records)

    def has(self, ref: CaseRef) -> bool:
        """Whether the person has keys here, withdrawn or not."""
        return ref_bytes(ref) in self.records

    def is_withdrawn(self, ref: CaseRef) -> bool:
        """Whether the person withdrew since the last rotation."""
        return ref_bytes(ref) in self.withdrawn

    def entry(self, ref: CaseRef) -> Entry | None:
        """The person's keys and commitment; None when they are not here."""
        raw = ref_bytes(ref)
        record = self.records.get(raw)
        return None if record is None else _read_record(ref, record)

    def key(self, ref: CaseRef, name: KeyName) -> bytes | None:
        """One key of one person; None when it is not here."""
        record = self.records.get(ref_bytes(ref))
        return None if record is None else key_in(record, name)

    def policy_of(self, ref: CaseRef) -> Mapping[str, object]:
        """The promise this person was given."""
        return self.policy_in(self.records.get(ref_bytes(ref)))

    def policy_in(self, record: bytes | None) -> Mapping[str, object]:
        """The promise that a person's record names; the first when there is none."""
        return self.header.policies[record[0] >> 4 if record else 0]

    def commitments(self) -> Iterator[tuple[bytes, bytes, int, bool]]:
        """Reference, commitment, promise and whether withdrawn, of everybody."""
        for raw, record in self.records.items():
            yield raw, record[33:65], record[0] >> 4, raw in self.withdrawn

    def cohorts(self) -> list[int]:
        """How many people each promise was given to, withdrawn or not, in order."""
        if len(self.header.policies) == 1:
            return [len(self.records)]
        found = [0] * len(self.header.policies)
        for record in self.records.values():
            found[record[0] >> 4] += 1
        return found

    def living(self, *, beyond: int = -1) -> Iterator[bytes]:
        """The references of those who did not withdraw, of promises later than a number."""
        for raw, record in self.records.items():
            if raw not in self.withdrawn and record[0] >> 4 > beyond:
                yield raw

    def marked(self, mark: bytes) -> list[CaseRef]:
        """Who carries a blind mark: a keyed hash of one fact about them."""
        return [
            CaseRef(raw.hex())
            for raw, marks in self.marks.items()
            if raw not in self.withdrawn
            and any(marks[i : i + MARK] == mark for i in range(1, len(marks), MARK))
        ]

    def apply(self, payload: bytes) -> None:
        """Carry out one segment's operations; later ones win."""
        position, end = 0, len(payload)
        records = self.records
        while position < end:
            operation = payload[position]
            position += 1
            raw = payload[position : position + REF]
            if operation == ADD:
                keys = (payload[position + REF] & 15).bit_count()
                after = position + ENTRY_HEAD + keys * KEY
                records[raw] = payload[position + REF : after]
            elif operation == WITHDRAW:
                self.withdrawn.add(raw)
                after = position + REF
            elif operation == MARKS:
                start = position + REF
                after = start + 1 + (payload[start] & 15) * MARK
                self.marks[raw] = payload[start:after]
            elif operation == CLOCK:
                after = position + 8
                self.clock = max(self.clock, *_CLOCK.unpack(payload[position:after]))
            elif operation == POLICY:
                start = position + 4
                after = start + int.from_bytes(payload[position:start], "big")
                policy = json.loads(payload[start:after])
                policies = (*self.header.policies, policy)
                self.header = replace(self.header, policies=policies)
            else:
                raise refuse(KEYRING_DAMAGED, segment=self.segments)
            position = after
        self.segments += 1


def make_entry(
    ref: CaseRef, random_bytes: Callable[[int], bytes], *, policy: int = 0
) -> Entry:
    """Four fresh 256-bit keys and a commitment to them for one person."""
    raw = random_bytes(5 * KEY)
    keys = {
        name: raw[i * KEY : (i + 1) * KEY] for i, name in enumerate(KeyName, start=1)
    }
    return Entry(ref, keys, raw[:KEY], commit(ref, keys, raw[:KEY]), policy)


@dataclass(frozen=True, slots=True, repr=False)
class Fresh:
    """A person just enrolled: what the keyring takes, what is published, their keys."""

    raw: bytes
    payload: bytes
    commitment: bytes
    keys: bytes

    def key(self, name: KeyName) -> bytes:
        """One of the four keys."""
        start = _NUMBER[name] * KEY
        return self.keys[start : start + KEY]

    def marked(self, marks: Mapping[Fact, bytes]) -> bytes:
        """The payload, and which blind marks the person carries."""
        return self.payload + _marking(self.raw, marks) if marks else self.payload


def key_in(record: bytes, name: KeyName) -> bytes | None:
    """One key out of a person's record, as the keyring holds it; None when not there."""
    mask, number = record[0], _NUMBER[name]
    if not mask >> number & 1:
        return None
    before = (mask & ((1 << number) - 1)).bit_count()
    start = ENTRY_HEAD - REF + before * KEY
    return record[start : start + KEY]


def promise_in(payload: bytes) -> int:
    """The number of the promise in what ``enrol`` made for the keyring."""
    return payload[1 + REF] >> 4


def enrol(ref: CaseRef, drawn: bytes, *, policy: int = 0) -> Fresh:
    """The same as ``make_entry`` and ``additions`` from 160 random bytes, for a crowd."""
    raw = ref_bytes(ref)
    nonce, keys = drawn[:KEY], drawn[KEY:ENROL_BYTES]
    inner = hashlib.sha256(keys).digest()
    value = hashlib.sha256(b"harken-person-v1\0%b%b%b" % (nonce, raw, inner)).digest()
    head = bytes([policy << 4 | ALL_KEYS])
    payload = b"\x01%b%b%b%b%b" % (raw, head, nonce, value, keys)
    return Fresh(raw, payload, value, keys)


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
    return hmac.digest(pepper, message, "sha256")


def find(ring: Keyring, fact: Fact, text: str) -> list[CaseRef]:
    """Who carries this fact; nobody when nothing is left of the text.

    A name is looked up with its postcode: ``Quenhallow ZZ9 9ZZ``.
    """
    kept = plain(fact, text)
    return ring.marked(_mark(ring.header.index_pepper, fact, kept)) if kept else []


def _mark(pepper: bytes, fact: Fact, kept: str) -> bytes:
    return keyed_hash(pepper, f"mark {fact.value}", kept)[:MARK]


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
    return b"".join(
        b"%c%b%b" % (ADD, ref_bytes(entry.ref), _write_record(entry))
        for entry in entries
    )


def markings(marks: Iterable[tuple[CaseRef, Mapping[Fact, bytes]]]) -> bytes:
    """A segment's payload that says which blind marks people carry."""
    return b"".join(_marking(ref_bytes(ref), own) for ref, own in marks if own)


def _marking(raw: bytes, own: Mapping[Fact, bytes]) -> bytes:
    return b"%c%b%b" % (MARKS, raw, written(own))


def withdrawals(refs: Iterable[CaseRef]) -> bytes:
    """A segment's payload that marks people as withdrawn."""
    return b"".join(bytes([WITHDRAW]) + ref_bytes(ref) for ref in refs)


def clock_reading(at: float) -> bytes:
    """A segment's payload that keeps the latest time known."""
    return bytes([CLOCK]) + _CLOCK.pack(at)


def new_policy(policy: Mapping[str, object]) -> bytes:
    """A segment's payload: those enrolled from now on get this promise."""
    text = json.dumps(dict(policy), sort_keys=True).encode("utf-8")
    return bytes([POLICY]) + len(text).to_bytes(4, "big") + text


def copies(
    ring: Keyring, raws: Iterable[bytes], *, only: frozenset[KeyName] | None = None
) -> Iterator[bytes]:
    """Payloads that carry these people over into another keyring, segment by segment.

    With ``only`` no other keys go along, and of the blind marks those by which somebody
    to be contacted again is found when they ask for it to end: none of their case.
    """
    people = list(raws)
    for start in range(0, len(people), PEOPLE_A_SEGMENT):
        chunk = people[start : start + PEOPLE_A_SEGMENT]
        if only is not None:
            entries = [_read_record(CaseRef(r.hex()), ring.records[r]) for r in chunk]
            parts = [additions(entry.only(*only) for entry in entries)]
        else:
            parts = [b"\x01%b%b" % (raw, ring.records[raw]) for raw in chunk]
        for raw in chunk:
            marks = ring.marks.get(raw, b"")
            if only is not None and marks:
                marks = of_contact(marks)
            if marks:
                parts.append(b"%c%b%b" % (MARKS, raw, marks))
        yield b"".join(parts)


def write_new(
    header: Header,
    epoch_key: bytes,
    payloads: Iterable[bytes],
    random_bytes: Callable[[int], bytes],
) -> bytes:
    """A whole new keyring file: magic, header, and a segment for each payload."""
    place = header.place()
    parts = [MAGIC]
    for number, payload in enumerate((header.to_bytes(), *payloads)):
        parts.append(write_segment(epoch_key, place, number, payload, random_bytes))
    return b"".join(parts)


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
    header = Header.from_bytes(found[0])
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


def _write_record(entry: Entry) -> bytes:
    mask = sum(1 << i for i, name in enumerate(KeyName) if name in entry.keys)
    keys = b"".join(entry.keys[name] for name in KeyName if name in entry.keys)
    return bytes([entry.policy << 4 | mask]) + entry.nonce + entry.commitment + keys


def _read_record(ref: CaseRef, record: bytes) -> Entry:
    position = ENTRY_HEAD - REF
    keys: dict[KeyName, bytes] = {}
    for name, number in _NUMBER.items():
        if record[0] >> number & 1:
            keys[name] = record[position : position + KEY]
            position += KEY
    return Entry(ref, keys, record[1:33], record[33:65], record[0] >> 4)

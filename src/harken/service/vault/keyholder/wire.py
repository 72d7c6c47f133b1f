"""How the house speaks with its key holder: small binary messages over a stream socket.

A message is a 4-byte length, one byte that says what it is, and fields: how many, their
lengths, and their bytes, each number in 4 bytes. A request's byte is the operation, an
answer's says done or refused.
"""

from __future__ import annotations

import json
import socket
import struct
from collections.abc import Iterable, Mapping
from enum import IntEnum
from functools import lru_cache

from harken.method.errors import CATALOGUE, HarkenError, refuse

LONGEST = 256 * 1024 * 1024
"""No message is longer; a larger length is not ours."""

_HEAD = struct.Struct(">IB")
_LENGTH = struct.Struct(">I")
SHORT = 4096
"""Most messages have no more bytes; a longer one is received in several pieces."""
_TIME = struct.Struct(">d")


class Operation(IntEnum):
    """What is asked of the key holder."""

    SEAL = 1
    OPEN = 2
    IDENTITY = 3
    HASH = 4
    PREPARE = 5
    LIST = 6
    ASK = 7


DONE, REFUSED = 0, 1


class NotOurs(Exception):
    """What came over the socket is no message of this house."""


def send(link: socket.socket, kind: int, fields: Iterable[bytes]) -> None:
    """Send one message."""
    body = pack(fields)
    link.sendall(_HEAD.pack(len(body), kind) + body)


def receive(link: socket.socket) -> tuple[int, list[bytes]] | None:
    """The next message; None when the other side is gone before it began."""
    data = link.recv(SHORT)
    if not data:
        return None
    while len(data) < _HEAD.size:
        data += _more(link, SHORT)
    length, kind = _HEAD.unpack_from(data)
    if length > LONGEST:
        raise NotOurs
    wanted = _HEAD.size + length
    if len(data) < wanted:
        parts, have = [data], len(data)
        while have < wanted:
            parts.append(_more(link, wanted - have))
            have += len(parts[-1])
        data = b"".join(parts)
    if len(data) > wanted:
        raise NotOurs
    return kind, unpack(data, _HEAD.size)


def pack(fields: Iterable[bytes]) -> bytes:
    """Fields as one: how many, their lengths, their bytes."""
    parts = list(fields)
    count = len(parts)
    head = _numbers(count + 1).pack(count, *map(len, parts))
    return b"".join([head, *parts])


def unpack(data: bytes, start: int = 0) -> list[bytes]:
    """Read back what ``pack`` wrote, from ``start`` on."""
    try:
        count = _LENGTH.unpack_from(data, start)[0]
        fields = _texts(_numbers(count).unpack_from(data, start + 4))
        begin = start + 4 * (1 + count)
        if begin + fields.size != len(data):
            raise NotOurs
        return list(fields.unpack_from(data, begin))
    except struct.error:
        raise NotOurs from None


def time(at: float) -> bytes:
    """A time as seconds since 1970, in eight bytes."""
    return _TIME.pack(at)


def read_time(field: bytes) -> float | None:
    """Read back what ``time`` wrote; None for an empty field."""
    if not field:
        return None
    if len(field) != _TIME.size:
        raise NotOurs
    found: float = _TIME.unpack(field)[0]
    return found


def refusal(error: HarkenError) -> list[bytes]:
    """An error as the fields of an answer: its code and its details."""
    finding = error.findings[0]
    detail = json.dumps(dict(finding.detail), default=str)
    return [finding.fault.code.encode(), detail.encode()]


def refused(fields: list[bytes]) -> HarkenError:
    """The error that ``refusal`` wrote."""
    detail: Mapping[str, object] = json.loads(fields[1])
    return refuse(CATALOGUE[fields[0].decode()], **detail)


@lru_cache(maxsize=64)
def _numbers(count: int) -> struct.Struct:
    return struct.Struct(f">{count}I")


@lru_cache(maxsize=64)
def _texts(lengths: tuple[int, ...]) -> struct.Struct:
    """Sealed records are padded, so that few shapes of a message come again and again."""
    return struct.Struct("".join(f"{length}s" for length in lengths))


def _more(link: socket.socket, most: int) -> bytes:
    """Some more bytes; the holder's memory is locked, so no more is taken than is used."""
    data = link.recv(min(most, 1 << 20))
    if not data:
        raise ConnectionResetError
    return data

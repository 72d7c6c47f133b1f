"""Canonical JSON: one way to write a value, so that its hash means something.

Keys sorted by code point, no blanks, UTF-8 without escapes beyond JSON's own, whole
numbers only. It is the part of RFC 8785 that needs no floating-point rule.
"""

from __future__ import annotations

import json

from harken.method.errors import refuse
from harken.method.ledger.faults import NOT_CANONICAL


def canonical(value: object) -> bytes:
    """The canonical bytes of a value; raises HarkenError LED-001 for other kinds."""
    _check(value)
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode("utf-8")


def _check(value: object) -> None:
    if value is None or isinstance(value, str | bool | int):
        return
    if isinstance(value, list | tuple):
        for item in value:
            _check(item)
        return
    if isinstance(value, dict) and all(isinstance(key, str) for key in value):
        for item in value.values():
            _check(item)
        return
    raise refuse(NOT_CANONICAL, kind=type(value).__name__)

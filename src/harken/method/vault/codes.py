"""Access codes: made, read back as typed, and stored so that a stolen table is no help.

A code is ``XXXX-XXXX-XXXX``: eleven random symbols and a check symbol, 49.8 bits
(research/privacy.md 8.1). The first four symbols find the row, the rest is the secret.
A study with more than 139,920 invitations is found by five (docs/decisions/0021).
"""

from __future__ import annotations

import hmac
from collections.abc import Callable

from argon2.low_level import Type, hash_secret_raw

from harken.method.errors import refuse
from harken.method.vault.faults import (
    CODE_CHECK,
    CODE_SHAPE,
    CODE_SYMBOL,
    WRONG_SECRET,
)

ALPHABET = "2346789CDFGHJKMNPQRTVWX"
"""23 symbols: no vowels, no look-alikes. The prime size makes the check complete."""

LENGTH = 12
LOCATOR, LONG_LOCATOR = 4, 5
SALT = 16
MEMORY_KIB = 19 * 1024
PASSES = 2

SPELLED = (
    *("FVCK", "FCKN", "FCKR", "FKNG", "CVNT", "DCKH", "PRCK", "WNKR", "NGGR"),
    *("W4NK", "TW4T", "F4GG", "F466", "F499", "CR4P", "R4P3", "R4P7", "D34D"),
    *("D347H", "D34TH", "H4T3", "H473", "H4RM", "F34R"),
)
"""What no code may spell, figures read as letters. Words need vowels, which the alphabet
leaves out; these are what is left. All have four symbols or more: shorter ones would
make some symbols rarer than others."""

_PRIME = len(ALPHABET)
_VALUE = {symbol: number for number, symbol in enumerate(ALPHABET)}
_DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2212_.,/ \t\r\n\u00a0"


def make_code(random_bytes: Callable[[int], bytes]) -> str:
    """A new code such as ``4HQ7-W9RX-C2PM``, uniform over all that spell nothing."""
    while True:
        symbols = _drawn(random_bytes)
        symbols += _check_symbol(symbols)
        if not any(word in symbols for word in SPELLED):
            return written(symbols)


def _drawn(random_bytes: Callable[[int], bytes]) -> str:
    symbols = ""
    while len(symbols) < LENGTH - 1:
        # Bytes from 230 up are thrown away: 230 = 10 x 23, so none is favoured.
        symbols += "".join(
            ALPHABET[byte % _PRIME]
            for byte in random_bytes(LENGTH)
            if byte < 256 - 256 % _PRIME
        )
    return symbols[: LENGTH - 1]


def written(code: str) -> str:
    """The code in groups of four."""
    return "-".join(code[i : i + 4] for i in range(0, LENGTH, 4))


def read_code(text: str) -> str:
    """The code a person meant: upper case, in groups of four.

    Case, blanks and dashes do not matter. Raises HarkenError VAU-001 for a wrong
    length, VAU-002 for a character no code has, VAU-003 for a wrong check symbol.
    No finding repeats what was typed.
    """
    symbols = text.translate({ord(mark): None for mark in _DASHES}).upper()
    if len(symbols) != LENGTH:
        raise refuse(CODE_SHAPE, found=len(symbols))
    for place, symbol in enumerate(symbols, 1):
        if symbol not in _VALUE:
            raise refuse(CODE_SYMBOL, place=place)
    if symbols[-1] != _check_symbol(symbols[:-1]):
        raise refuse(CODE_CHECK)
    return written(symbols)


def locator(code: str, *, long: bool = False) -> str:
    """The first four symbols, or five. Stored only as a keyed hash; it finds the row."""
    return code.replace("-", "")[: LONG_LOCATOR if long else LOCATOR]


def hash_secret(code: str, salt: bytes) -> bytes:
    """Argon2id of the eight symbols after the locator: 32 bytes, about 60 ms.

    ``salt`` is 16 random bytes of this code alone. Releases the interpreter's lock, so
    a batch may use several threads. Source: OWASP Password Storage (19 MiB, t=2, p=1).
    """
    secret = code.replace("-", "")[LOCATOR:]
    return hash_secret_raw(
        secret.encode("ascii"), salt, PASSES, MEMORY_KIB, 1, 32, Type.ID
    )


def verify_secret(code: str, salt: bytes, stored: bytes) -> None:
    """Raise HarkenError VAU-004 unless ``stored`` is this code's hash."""
    if not hmac.compare_digest(hash_secret(code, salt), stored):
        raise refuse(WRONG_SECRET)


def _check_symbol(symbols: str) -> str:
    # Weights 2..12 modulo the prime 23, all different and none 0 or 1: every single
    # substitution and every swap of two symbols changes the sum.
    total = sum(
        weight * _VALUE[symbol] for weight, symbol in enumerate(symbols, start=2)
    )
    return ALPHABET[total % _PRIME]

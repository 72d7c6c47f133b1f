"""The locked room's knowledge: how identities are sealed and how keys are kept.

What enters: a person's identity, keys, random bytes, a typed access code. What leaves:
sealed bytes, keyring segments, slot bytes, code hashes. Nothing is stored here; only
``harken.service.vault`` may open the door to a person.
"""

from harken.method.vault import envelope, keyring, slot
from harken.method.vault.codes import (
    hash_secret,
    locator,
    make_code,
    read_code,
    verify_secret,
)
from harken.method.vault.identity import Identity
from harken.method.vault.names import KeyName

__all__ = [
    "Identity",
    "KeyName",
    "envelope",
    "hash_secret",
    "keyring",
    "locator",
    "make_code",
    "read_code",
    "slot",
    "verify_secret",
]

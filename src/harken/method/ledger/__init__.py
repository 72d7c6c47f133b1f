"""The tamper-evident record of acts, as mathematics: no storage, no clock.

What enters: an event, counts, opaque handles. What leaves: canonical bytes, Merkle roots
and proofs (RFC 6962), signed checkpoints and their witnessing (C2SP). Never a value, a
name or a case.
"""

from harken.method.ledger import merkle, witness
from harken.method.ledger.canonical import canonical
from harken.method.ledger.checkpoint import (
    Signer,
    open_note,
    read_checkpoint,
    sign_note,
)
from harken.method.ledger.events import Event
from harken.method.ledger.merkle import Frontier, leaf_hash

__all__ = [
    "Event",
    "Frontier",
    "Signer",
    "canonical",
    "leaf_hash",
    "merkle",
    "open_note",
    "read_checkpoint",
    "sign_note",
    "witness",
]

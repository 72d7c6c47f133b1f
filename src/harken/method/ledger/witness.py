"""What a witness does with a ledger's newest checkpoint: the rules, without files.

The request is the body of C2SP tlog-witness ``add-checkpoint``: the size that the
witness saw last, the proof that the ledger only grew since, and the checkpoint. A
witness that refuses has caught a ledger that was cut, rewritten or forked.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass

from harken.method.errors import refuse
from harken.method.ledger import merkle
from harken.method.ledger.checkpoint import (
    Checkpoint,
    open_note,
    read_checkpoint,
    unbase64,
)
from harken.method.ledger.cosign import Cosigner, check_key, open_cosigned
from harken.method.ledger.faults import BAD_REQUEST, NOT_CONSISTENT, OTHER_SIZE

__all__ = [
    "Checkpoint",
    "Cosigner",
    "Request",
    "check_key",
    "countersign",
    "make_request",
    "open_cosigned",
    "read_request",
]

MOST_HASHES = 63


@dataclass(frozen=True, slots=True)
class Request:
    """A checkpoint for a witness, with the proof that it continues what it saw."""

    old: int
    proof: tuple[bytes, ...]
    note: str

    def text(self) -> str:
        """As it is sent."""
        hashes = "".join(base64.b64encode(h).decode("ascii") + "\n" for h in self.proof)
        return f"old {self.old}\n{hashes}\n{self.note}"


def make_request(leaves: Sequence[bytes], old: int, note: str) -> Request:
    """The request for a checkpoint over all ``leaves`` to a witness that saw ``old``."""
    proof = merkle.consistency_proof(leaves, old) if 0 < old < len(leaves) else []
    return Request(old, tuple(proof), note)


def read_request(text: str) -> Request:
    """Read what was sent; raises HarkenError LED-010."""
    head, blank, note = text.partition("\n\n")
    first, *lines = head.split("\n")
    number = first.removeprefix("old ")
    plain = number.isascii() and number.isdigit()
    if not blank or number == first or not plain or str(int(number)) != number:
        raise refuse(BAD_REQUEST, problem="it does not begin with an old size")
    if len(lines) > MOST_HASHES:
        raise refuse(BAD_REQUEST, problem="its proof is too long")
    proof = tuple(unbase64(line) for line in lines)
    if any(len(value) != len(merkle.EMPTY) for value in proof):
        raise refuse(BAD_REQUEST, problem="a hash of its proof has a wrong length")
    return Request(int(number), proof, note)


def countersign(
    request: Request,
    *,
    seen: Checkpoint | None,
    log_key: str,
    by: Cosigner,
    at: int,
) -> tuple[Checkpoint, str]:
    """What the witness now has seen, and its co-signature; keep the first, then answer.

    Raises HarkenError LED-007 when the operator did not sign the checkpoint, LED-010
    for what is not a request, LED-011 when the proof starts elsewhere than at what
    was seen last, LED-005 for a ledger that does not continue it.
    """
    text = open_note(request.note, log_key)
    point = read_checkpoint(text)
    if point.origin != log_key.partition("+")[0]:
        raise refuse(BAD_REQUEST, problem="its checkpoint is of another ledger")
    if request.old > point.size:
        raise refuse(BAD_REQUEST, problem="its old size is beyond the checkpoint")
    held = seen.size if seen else 0
    if request.old != held:
        raise refuse(OTHER_SIZE, size=held)
    if seen is None or held == 0:
        if request.proof or (point.size == 0 and point.root != merkle.EMPTY):
            raise refuse(NOT_CONSISTENT)
    else:
        merkle.check_consistency(held, seen.root, point.size, point.root, request.proof)
    return point, by.cosign(text, at=at)

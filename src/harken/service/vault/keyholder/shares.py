"""The epoch key split with the controller: half here, half with the controller's witness.

Neither half says anything of the key. The witness gives its half, sealed to a key of one
use, to a holder that signs for it; when it destroys its half, no copy ever made on this
side opens anything again, whoever made it.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from harken.method.errors import HarkenError, refuse
from harken.method.ledger import Signer, open_note, sign_note
from harken.method.vault import envelope
from harken.method.vault.slot import EpochKey
from harken.service.vault import durable
from harken.service.vault.faults import NO_RECEIPT, WITNESS_GONE
from harken.service.vault.keyholder import wire
from harken.service.vault.keyholder.address import connect
from harken.service.vault.slots import Slots

REQUEST = "harken-share-request-v1"
RECEIPT = "harken-share-receipt-v1"
REGISTER = "shares.jsonl"
MAKE, GIVE, DESTROY, ATTEST = "make", "give", "destroy", "attest"


class Witness:
    """The controller's witness as the holder reaches it."""

    def __init__(
        self, path: Path, signer: Callable[[], Signer], controller: str
    ) -> None:
        self.path = path
        self.controller = controller
        self._signer = signer

    def share(self, act: str, place: str) -> bytes:
        """Have a share made or given; ``place`` is study, slot and generation."""
        private = os.urandom(envelope.KEY)
        public = envelope.public_of(private)
        answer = self._ask(act, place, public.hex())
        return envelope.open_from(private, answer, f"{act}|{place}".encode())

    def destroy(self, place: str) -> str:
        """Have a share destroyed; returns the receipt, checked against the controller."""
        receipt = self._ask(DESTROY, place, "").decode("utf-8")
        if open_note(receipt, self.controller).split("\n")[:2] != [RECEIPT, place]:
            raise refuse(NO_RECEIPT)
        return receipt

    def attest(self, place: str, receipt: str) -> str:
        """The controller's line under an epoch key's receipt; its half is gone then."""
        line = self._ask(ATTEST, place, receipt.encode("utf-8").hex()).decode("utf-8")
        open_note(f"{receipt}\n{line}", self.controller)
        return line

    def _ask(self, act: str, place: str, public: str) -> bytes:
        lines = (REQUEST, act, place, public, f"{time.time():.0f}")
        note = sign_note("\n".join(lines) + "\n", [self._signer()])
        try:
            with connect(self.path) as link:
                link.settimeout(20)
                wire.send(link, 1, [note.encode("utf-8")])
                answer = wire.receive(link)
        except (OSError, wire.NotOurs):
            raise refuse(WITNESS_GONE) from None
        if answer is None:
            raise refuse(WITNESS_GONE)
        if answer[0] == wire.REFUSED:
            raise wire.refused(answer[1])
        return answer[1][0]


class SplitSlots:
    """Slots that hold one half of each epoch key; the witness has the other."""

    def __init__(self, own: Slots, witness: Witness, folder: Path, study: str) -> None:
        self._own = own
        self._witness = witness
        self._folder = folder
        self._study = study

    def put(self, name: str, epoch: EpochKey) -> None:
        """Have the witness make its half, and keep the other."""
        share = self._witness.share(MAKE, self._place(name, epoch.generation))
        self._own.put(name, replace(epoch, key=envelope.split(epoch.key, share)))

    def get(self, name: str) -> EpochKey:
        """Join both halves."""
        half = self._own.get(name)
        share = self._witness.share(GIVE, self._place(name, half.generation))
        return replace(half, key=envelope.split(half.key, share))

    def clear(self, name: str) -> None:
        """Have the witness destroy its half first: its receipt outlives ours."""
        try:
            half = self._own.get(name)
        except (HarkenError, FileNotFoundError):
            self._own.clear(name)
            return
        place = self._place(name, half.generation)
        receipt = self._witness.destroy(place)
        line = json.dumps({"place": place, "receipt": receipt}) + "\n"
        durable.append(self._folder / REGISTER, line.encode("utf-8"))
        self._own.clear(name)

    def lost(self, name: str) -> int:
        """Whether our half is gone; the witness watches its own."""
        return self._own.lost(name)

    def others(self) -> list[str]:
        """Whoever our own places name, and the controller."""
        return [*self._own.others(), self._witness.controller]

    def co_sign(self, receipt: str) -> str:
        """Their lines and the controller's."""
        _, study, retention, generation, *_ = receipt.split("\n")
        place = f"{study}/{retention}-a/{generation}"
        return self._own.co_sign(receipt) + self._witness.attest(place, receipt)

    def _place(self, name: str, generation: int) -> str:
        return f"{self._study}/{name}/{generation}"


def digest(share: bytes) -> str:
    """What a receipt says of a share, without telling it."""
    return hashlib.sha256(b"harken-share-v1\0" + share).hexdigest()

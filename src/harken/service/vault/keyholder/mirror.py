"""Two places for each epoch key, so that losing one disk loses nobody's data.

Both are written before a key is used and both are cleared before a receipt is signed: a
destruction stops while one of them cannot be reached. The second signs with a key that
lies beside its slots, so that a certificate names both.
"""

from __future__ import annotations

from collections.abc import Callable

from harken.method.errors import HarkenError
from harken.method.ledger import Signer
from harken.method.vault.slot import EpochKey
from harken.service.vault.slots import Slots


class MirrorSlots:
    """The first place that still has the key gives it."""

    def __init__(
        self, first: Slots, second: Slots, signer: Callable[[], Signer]
    ) -> None:
        self._both = (first, second)
        self._signer = signer

    def put(self, name: str, epoch: EpochKey) -> None:
        """Keep the key in both places."""
        for place in self._both:
            place.put(name, epoch)

    def get(self, name: str) -> EpochKey:
        """The key from the first, or from the second when the first lost it."""
        try:
            return self._both[0].get(name)
        except (HarkenError, OSError):
            return self._both[1].get(name)

    def lost(self, name: str) -> int:
        """One lost place is a warning; two, and the keys live in memory only."""
        return sum(place.lost(name) for place in self._both)

    def clear(self, name: str) -> None:
        """Destroy the key in both places."""
        for place in self._both:
            place.clear(name)

    def others(self) -> list[str]:
        """The second place, after whoever the first has beside it."""
        return [*self._both[0].others(), self._signer().public_key]

    def co_sign(self, receipt: str) -> str:
        """The first's lines and the second's own."""
        return self._both[0].co_sign(receipt) + self._signer().sign(receipt)

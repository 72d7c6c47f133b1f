"""Two places for each epoch key, so that losing one disk loses nobody's data.

Both are written before a key is used and both are cleared before a receipt is signed: a
destruction stops while one of them cannot be reached.
"""

from __future__ import annotations

from harken.method.errors import HarkenError
from harken.method.vault.slot import EpochKey
from harken.service.vault.slots import Slots


class MirrorSlots:
    """The first place that still has the key gives it."""

    def __init__(self, first: Slots, second: Slots) -> None:
        self._both = (first, second)

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

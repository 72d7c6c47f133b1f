"""Who was given which promise, and whether it was kept in time.

A promise may be extended, with the controller's signature, for those enrolled afterwards.
The ledger says how many were enrolled before each promise, so that a person's place in the
list of commitments tells which one is theirs.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from bisect import bisect_right
from collections.abc import Sequence

from harken.method.anonymisation.certificate import LETTERS
from harken.method.anonymisation.steps import Fate
from harken.method.ledger import Frontier, canonical, leaf_hash


def promise_of(place: int, starts: Sequence[int]) -> int:
    """The number of the promise of whoever was enrolled at this place, from 0 on."""
    return bisect_right(starts, place) - 1


def outcome_of(enrolled: Sequence[str], fates: str) -> str:
    """What the ledger names an outcome by: these commitments, a letter for each."""
    frontier = Frontier()
    for value in enrolled[: len(fates)]:
        frontier.append(leaf_hash(bytes.fromhex(value)))
    said = {"enrolled": frontier.root().hex(), "fates": fates}
    return hashlib.sha256(canonical(said)).hexdigest()


def is_late(
    outcomes: Sequence[tuple[str, dt.date]],
    starts: Sequence[int],
    days: Sequence[tuple[dt.date, dt.date]],
) -> bool:
    """Whether anybody was destroyed after the day they were promised.

    ``outcomes`` are what was said of everybody, a letter each, on which day, in order;
    ``days`` the two days of each promise: for all, and for those who were kept to be
    contacted again.
    """
    kept: set[int] = set()
    gone: set[int] = set()
    for fates, day in outcomes:
        for place, letter in enumerate(fates):
            if letter == LETTERS[Fate.DESTROYED] and place not in gone:
                gone.add(place)
                if day > days[promise_of(place, starts)][place in kept]:
                    return True
            elif letter == LETTERS[Fate.RECONTACT]:
                kept.add(place)
    return False

"""RFC 6962 Merkle trees over SHA-256: roots, inclusion and consistency proofs.

Checks raise; none returns a bool. Source: RFC 6962 section 2.1 and RFC 9162 section 2.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from harken.method.errors import refuse
from harken.method.ledger.faults import NOT_CONSISTENT, NOT_INCLUDED

EMPTY = hashlib.sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    """The hash of one entry."""
    return hashlib.sha256(b"\0" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees."""
    return hashlib.sha256(b"\1" + left + right).digest()


class Frontier:
    """The right edge of a growing tree: enough to append and to tell the root.

    ``peaks`` are the roots of the full subtrees, largest first: one for each bit set in
    ``size``.
    """

    def __init__(self, size: int = 0, peaks: Iterable[bytes] = ()) -> None:
        self.size = size
        self.peaks = list(peaks)
        if len(self.peaks) != size.bit_count():
            raise ValueError("a frontier has one peak for each bit of its size")

    @classmethod
    def stored(cls, size: int, peaks: str) -> Frontier:
        """The frontier whose peaks ``hex`` wrote down; ValueError for what it did not."""
        raw = bytes.fromhex(peaks)
        return cls(size, (raw[i : i + 32] for i in range(0, len(raw), 32)))

    def hex(self) -> str:
        """The peaks as text, for ``stored``."""
        return b"".join(self.peaks).hex()

    @classmethod
    def of(cls, leaves: Iterable[bytes]) -> Frontier:
        """The frontier after these leaf hashes."""
        frontier = cls()
        for leaf in leaves:
            frontier.append(leaf)
        return frontier

    def append(self, leaf: bytes) -> None:
        """Add one leaf hash at the end."""
        size = self.size
        while size & 1:
            leaf = node_hash(self.peaks.pop(), leaf)
            size >>= 1
        self.peaks.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        """The root of the tree so far."""
        if not self.peaks:
            return EMPTY
        root = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            root = node_hash(peak, root)
        return root


def root_of(leaves: Iterable[bytes]) -> bytes:
    """The root over leaf hashes in order."""
    return Frontier.of(leaves).root()


def inclusion_proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The hashes that lead from one leaf to the root, lowest first (RFC 6962 2.1.1).

    ``leaves`` are the leaf hashes of the whole tree, ``index`` counts from 0.
    """
    return inclusion_proofs(leaves, [index])[0]


def inclusion_proofs(
    leaves: Sequence[bytes], indices: Sequence[int]
) -> list[list[bytes]]:
    """Several inclusion proofs in one pass over the tree."""
    if any(not 0 <= index < len(leaves) for index in indices):
        raise IndexError("no such leaf")
    proofs: list[list[bytes]] = [[] for _ in indices]
    places = list(indices)
    level = list(leaves)
    while len(level) > 1:
        for n, place in enumerate(places):
            sibling = place ^ 1
            if sibling < len(level):
                proofs[n].append(level[sibling])
            places[n] = place >> 1
        level = _level_above(level)
    return proofs


def check_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> None:
    """Raise HarkenError LED-004 unless the leaf is number ``index`` of the tree."""
    if not 0 <= index < size:
        raise refuse(NOT_INCLUDED)
    place, last, value = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            raise refuse(NOT_INCLUDED)
        if place & 1 or place == last:
            value = node_hash(sibling, value)
            while not place & 1 and place:
                place >>= 1
                last >>= 1
        else:
            value = node_hash(value, sibling)
        place >>= 1
        last >>= 1
    if last != 0 or value != root:
        raise refuse(NOT_INCLUDED)


def consistency_proof(leaves: Sequence[bytes], first: int) -> list[bytes]:
    """The hashes that show that the tree of ``first`` leaves grew into this one."""
    if not 0 < first <= len(leaves):
        raise IndexError("no such earlier tree")
    return _subproof(leaves, first, whole=True)


def check_consistency(
    first: int, old_root: bytes, size: int, new_root: bytes, proof: Sequence[bytes]
) -> None:
    """Raise HarkenError LED-005 unless the later tree continues the earlier one."""
    if not 0 < first <= size or (first == size and (proof or old_root != new_root)):
        raise refuse(NOT_CONSISTENT)
    if first == size:
        return
    hashes = list(proof)
    if first & (first - 1) == 0:
        hashes.insert(0, old_root)
    if not hashes:
        raise refuse(NOT_CONSISTENT)
    place, last = first - 1, size - 1
    while place & 1:
        place >>= 1
        last >>= 1
    old = new = hashes[0]
    for sibling in hashes[1:]:
        if last == 0:
            raise refuse(NOT_CONSISTENT)
        if place & 1 or place == last:
            old = node_hash(sibling, old)
            new = node_hash(sibling, new)
            while not place & 1 and place:
                place >>= 1
                last >>= 1
        else:
            new = node_hash(new, sibling)
        place >>= 1
        last >>= 1
    if last != 0 or old != old_root or new != new_root:
        raise refuse(NOT_CONSISTENT)


def _level_above(level: Sequence[bytes]) -> list[bytes]:
    above = [node_hash(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
    if len(level) & 1:
        above.append(level[-1])
    return above


def _subproof(leaves: Sequence[bytes], first: int, *, whole: bool) -> list[bytes]:
    if first == len(leaves):
        return [] if whole else [root_of(leaves)]
    split = 1 << ((len(leaves) - 1).bit_length() - 1)
    if first <= split:
        return [*_subproof(leaves[:split], first, whole=whole), root_of(leaves[split:])]
    return [
        *_subproof(leaves[split:], first - split, whole=False),
        root_of(leaves[:split]),
    ]

"""Searching bytes for what must not be there: texts in every form they may have taken.

Forms: UTF-8, UTF-16 (both orders), hexadecimal, base64 at each alignment, JSON- and
URL-escaped, each as given, lower and upper case. Needles are arguments and are never
kept; only counts leave this file.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator
from urllib.parse import quote, quote_plus

import numpy as np
import numpy.typing as npt

from harken.method.anonymisation.faults import NEEDLE_SHORT, NO_NEEDLES
from harken.method.errors import refuse

LEAST = 6
PIECE = 1 << 22
PREFIX = 8


def forms(needle: str) -> set[bytes]:
    """Every byte string that this text may have been written as."""
    found: set[bytes] = set()
    for text in {needle, needle.lower(), needle.upper()}:
        raw = text.encode("utf-8")
        found |= {raw, text.encode("utf-16-le"), text.encode("utf-16-be")}
        found |= {raw.hex().encode(), raw.hex().upper().encode()}
        found |= set(_base64_forms(raw))
        found.add(json.dumps(text)[1:-1].encode("ascii"))
        found |= {quote(text).encode("ascii"), quote_plus(text).encode("ascii")}
    return {form for form in found if len(form) >= LEAST}


class Finder:
    """Looks for many needles at once in pieces of files.

    Raises HarkenError ANO-002 for a needle under six characters, ANO-003 for none.
    """

    def __init__(self, needles: Iterable[str]) -> None:
        texts = {needle.strip() for needle in needles} - {""}
        if not texts:
            raise refuse(NO_NEEDLES)
        if any(len(text) < LEAST for text in texts):
            raise refuse(NEEDLE_SHORT, least=LEAST)
        self.count = len(texts)
        self._tails: dict[bytes, list[tuple[bytes, int]]] = {}
        for number, text in enumerate(sorted(texts)):
            for form in forms(text):
                self._tails.setdefault(form[:LEAST], []).append((form, number))
        self.longest = max(
            len(form) for tails in self._tails.values() for form, _ in tails
        )
        self._first = np.zeros(1 << 24, dtype=bool)
        for start in self._tails:
            self._first[start[0] << 16 | start[1] << 8 | start[2]] = True

    def find(self, data: bytes) -> set[int]:
        """The numbers of the needles found in ``data``.

        A table over the first three bytes of every form throws out nearly all places
        at once; only the rest is compared byte for byte.
        """
        if len(data) < LEAST:
            return set()
        found: set[int] = set()
        for place in self._candidates(np.frombuffer(data, dtype=np.uint8)):
            for form, number in self._tails.get(data[place : place + LEAST], ()):
                if data.startswith(form, place):
                    found.add(number)
        return found

    def find_in(self, pieces: Iterable[bytes]) -> set[int]:
        """The same over pieces of one file in order, seams included."""
        found: set[int] = set()
        tail = b""
        for piece in pieces:
            found |= self.find(tail + piece)
            tail = (tail + piece)[-(self.longest - 1) :]
        return found

    def _candidates(self, data: npt.NDArray[np.uint8]) -> Iterator[int]:
        wide = data.astype(np.uint32)
        windows = wide[:-2] << 16 | wide[1:-1] << 8 | wide[2:]
        yield from np.flatnonzero(self._first[windows]).tolist()


def _base64_forms(raw: bytes) -> Iterator[bytes]:
    """The part of the base64 text that is the same whatever stands around ``raw``."""
    for shift, start in enumerate((0, 2, 3)):
        text = base64.b64encode(bytes(shift) + raw)
        sure = text[start : len(text) - (0, 3, 2)[(shift + len(raw)) % 3]]
        yield sure
        yield sure.replace(b"+", b"-").replace(b"/", b"_")

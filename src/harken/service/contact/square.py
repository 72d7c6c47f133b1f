"""The QR square of a letter, as SVG.

The symbol is segno's. Only the choice among its eight masks is made here, over whole
arrays: cell by cell it takes more time than making, drawing and setting the letter.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import segno
from numpy.typing import NDArray

Cells = NDArray[np.bool_]
MASKS = 8
BORDER = 2
RUN, BLOCK, FINDER, BALANCE = 3, 3, 40, 10
LIKE_A_FINDER, LIGHT = 0b1011101, 4
REACH = 7 + 2 * LIGHT


def square(text: str) -> str:
    """A QR code of the text, dark cells as one path, with a border of two cells."""
    cells = symbol(text)
    size = len(cells) + 2 * BORDER
    edges = np.diff(np.pad(cells, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    begins = (np.argwhere(edges > 0) + BORDER).tolist()
    ends = (np.argwhere(edges < 0)[:, 1] + BORDER).tolist()
    path = "".join(
        f"M{x} {y}h{end - x}v1h{x - end}z"
        for (y, x), end in zip(begins, ends, strict=True)
    )
    box = f'viewBox="0 0 {size} {size}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {box}><path d="{path}"/></svg>'


def symbol(text: str) -> Cells:
    """The dark cells under the mask of least penalty (ISO/IEC 18004, 7.8.3)."""
    made = segno.make(text, error="m", mask=0)
    masked = _cells(made) ^ _turns(made.version, made.error)
    return np.asarray(masked[np.argmin(penalties(masked))])


def _cells(made: Any) -> Cells:
    return np.array([list(row) for row in made.matrix], dtype=bool)


@cache
def _turns(version: int, error: str) -> Cells:
    """What each mask turns over against the first: the same cells whatever the text."""
    masked = [
        _cells(segno.make("0", version=version, error=error, boost_error=False, mask=k))
        for k in range(MASKS)
    ]
    return np.array(masked) ^ masked[0]


def penalties(masked: Cells) -> NDArray[np.int64]:
    """The penalty of each symbol of a stack; sources as ``symbol``."""
    dark = masked.mean(axis=(1, 2))
    uneven = BALANCE * (np.abs(dark * 100 - 50) // 5).astype(np.int64)
    rows, columns = masked, masked.transpose(0, 2, 1)
    return np.asarray(uneven + _blocks(masked) + _along(rows) + _along(columns))


def _blocks(masked: Cells) -> NDArray[np.int64]:
    """Every block of two by two cells alike."""
    same = masked[:, :, 1:] == masked[:, :, :-1]
    alike = same[:, 1:] & same[:, :-1] & (masked[:, 1:, 1:] == masked[:, :-1, 1:])
    return np.asarray(BLOCK * alike.sum(axis=(1, 2)))


def _along(masked: Cells) -> NDArray[np.int64]:
    """Rows: runs of five alike and more, and what could be taken for a finder."""
    same = masked[:, :, 1:] == masked[:, :, :-1]
    five = same[:, :, 3:] & same[:, :, 2:-1] & same[:, :, 1:-2] & same[:, :, :-3]
    begins = five.copy()
    begins[:, :, 1:] &= ~five[:, :, :-1]
    runs = five.sum(axis=(1, 2)) + (RUN - 1) * begins.sum(axis=(1, 2))
    wide = np.pad(masked, ((0, 0), (0, 0), (LIGHT, LIGHT))).astype(np.int16)
    seen = np.zeros((*wide.shape[:2], wide.shape[2] - REACH + 1), dtype=np.int16)
    for at in range(REACH):
        seen = (seen << 1) | wide[:, :, at : at + seen.shape[2]]
    finder = (seen >> LIGHT) & 0b1111111 == LIKE_A_FINDER
    free = (seen >> (LIGHT + 7) == 0) | (seen & 0b1111 == 0)
    found = (finder & free).sum(axis=(1, 2))
    return np.asarray(runs + FINDER * found)

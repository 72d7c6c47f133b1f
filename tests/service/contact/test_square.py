"""The square on a letter: the symbol segno makes, under the best mask, as it is drawn."""

from __future__ import annotations

import re

import numpy as np
import pytest
import segno

from harken.service.contact import square

ADDRESSES = [
    "https://review.example/start",
    *(f"https://review.example/start#4HQ7-W9RX-C{number}" for number in range(11, 31)),
    "http://127.0.0.1:8000/start#R79X-4FVH-HNXV",
    "https://victims-review.a-long-name-of-some-office.example/start#R79X-4FVH-HNXV",
]


def stack_of(text: str) -> square.Cells:
    """The eight symbols that segno makes of a text."""
    made = [segno.make(text, error="m", mask=mask).matrix for mask in range(8)]
    return np.array([[list(row) for row in matrix] for matrix in made], dtype=bool)


def slow_penalty(cells: list[list[int]]) -> int:
    """The penalty as ISO/IEC 18004 (7.8.3) states it, cell by cell."""
    total, size = 0, len(cells)
    for lines in (cells, [list(column) for column in zip(*cells, strict=True)]):
        for line in lines:
            text = "".join(map(str, line))
            for run in re.findall(r"0{5,}|1{5,}", text):
                total += 3 + len(run) - 5
            wide = f"0000{text}0000"
            for at in range(size + 1):
                finder = wide[at + 4 : at + 11] == "1011101"
                free = "0000" in (wide[at : at + 4], wide[at + 11 : at + 15])
                total += 40 * (finder and free)
    for y in range(size - 1):
        for x in range(size - 1):
            square_ = {
                cells[y][x],
                cells[y][x + 1],
                cells[y + 1][x],
                cells[y + 1][x + 1],
            }
            total += 3 * (len(square_) == 1)
    dark = sum(map(sum, cells)) / size**2
    return total + 10 * int(abs(dark * 100 - 50) // 5)


@pytest.mark.parametrize("text", ADDRESSES)
def test_it_is_the_symbol_of_least_penalty(text: str) -> None:
    stack = stack_of(text)
    penalties = [slow_penalty(cells) for cells in stack.astype(int).tolist()]
    assert square.penalties(stack).tolist() == penalties
    best = penalties.index(min(penalties))
    assert (square.symbol(text) == stack[best]).all()


def test_every_dark_cell_is_drawn_and_no_other() -> None:
    text = ADDRESSES[-1]
    svg = square.square(text)
    cells = square.symbol(text)
    size = len(cells) + 4
    assert f'viewBox="0 0 {size} {size}"' in svg
    drawn = np.zeros((size, size), dtype=bool)
    for x, y, wide, back in re.findall(r"M(\d+) (\d+)h(\d+)v1h-(\d+)z", svg):
        assert wide == back
        drawn[int(y), int(x) : int(x) + int(wide)] = True
    assert (drawn == np.pad(cells, 2)).all()

"""Two published tables taken from each other give no small cell away. Proves PRV 40 in part.

Part of it here, on every run; ``script/bench differencing`` lays 10,000 pairs beside each
other.
"""

from __future__ import annotations

import numpy as np

from tests.make.differencing import Table, difference_all, small_cells


def table(base: list[int], shown: list[bool], *, who: np.ndarray) -> Table:
    """A table over these people."""
    return Table(who, who, np.array(base), np.array(shown), total_shown=True)


def test_no_pair_of_tables_gives_a_small_cell_away() -> None:
    found = difference_all(range(6))
    assert found.pairs == 6 * 90
    assert found.hidden > 300
    assert (found.worked_out, found.narrow) == (0, 0)


def test_the_intruder_sees_what_a_part_gives_away() -> None:
    wide, part = np.ones(40, dtype=bool), np.arange(40) < 30
    outer = table([22, 6, 12], [True, False, False], who=wide)
    inner = table([15, 4, 11], [True, False, True], who=part)
    ((_, alone),) = small_cells(outer, outer)
    ((_, beside),) = small_cells(outer, inner)
    assert (alone, beside) == (17, 7)

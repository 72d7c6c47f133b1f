"""Complementary suppression of one table: the fewest further cells that protect it.

The mixed-integer programme of Kelly, Golden and Assad (1992): for each sensitive
quantity there must be another table, equal in every shown cell and total, in which the
quantity is large enough. Solved by HiGHS through SciPy.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import scipy
from numpy.typing import NDArray

from harken.method.disclosure.system import Bools, Ints

Aim = tuple[int, float, float, float]
"""Category, factors of base and positive count there, and what their sum must reach."""


def complement(
    base: Ints,
    positive: Ints,
    hidden: Bools,
    aims: Sequence[Aim],
    cost: Sequence[float],
) -> Bools:
    """The cheapest pattern of hidden categories that includes ``hidden``.

    ``base`` and ``positive`` are counts by category with both totals published, ``cost``
    is what hiding each category costs. Where even hiding every category is not enough,
    every category is hidden.
    """
    size = len(base)
    width = size + 2 * size * len(aims)
    rows: list[NDArray[np.float64]] = []
    low: list[float] = []
    big = max((_rise(base, positive, aim) for aim in aims), default=0.0)

    def row(cells: Sequence[tuple[int, float]], least: float) -> None:
        line = np.zeros(width)
        for at, factor in cells:
            line[at] += factor
        rows.append(line)
        low.append(least)

    for k, (category, of_base, of_positive, need) in enumerate(aims):
        first = size + 2 * size * k
        n = [first + c for c in range(size)]
        y = [first + size + c for c in range(size)]
        for line in (n, y):
            row([(at, 1.0) for at in line], 0.0)
            row([(at, -1.0) for at in line], 0.0)
        for c in range(size):
            row([(n[c], 1.0), (y[c], -1.0)], float(positive[c] - base[c]))
            for at in (n[c], y[c]):
                row([(at, 1.0), (c, big)], 0.0)
                row([(at, -1.0), (c, big)], 0.0)
        now = of_base * float(base[category]) + of_positive * float(positive[category])
        row([(n[category], of_base), (y[category], of_positive)], need - now)
    least_n = np.where(base > 0, 1.0 - base, 0.0)
    lower = np.concatenate(
        [hidden.astype(float)] + [least_n, -1.0 * positive] * len(aims)
    )
    upper = np.concatenate([np.ones(size), np.full(width - size, big)])
    empty = np.tile(np.concatenate([base == 0, base == 0]), len(aims))
    upper[size:][empty] = 0.0
    price = np.zeros(width)
    price[:size] = cost
    found = scipy.optimize.milp(
        price,
        constraints=scipy.optimize.LinearConstraint(
            np.array(rows), np.array(low), np.inf
        ),
        bounds=scipy.optimize.Bounds(lower, upper),
        integrality=np.r_[np.ones(size), np.zeros(width - size)],
    )
    if found.x is None:
        return np.asarray(base > 0)
    return np.asarray((found.x[:size] > 0.5) & (base > 0))


def _rise(base: Ints, positive: Ints, aim: Aim) -> float:
    """As far as any count need move for an aim: twice its rise, so moves may cross.

    The other tables are convex and hold the true one, so a larger move can be scaled
    down to the rise asked for.
    """
    category, of_base, of_positive, need = aim
    now = of_base * float(base[category]) + of_positive * float(positive[category])
    return 2.0 * max(need - now, 0.0) + 2.0

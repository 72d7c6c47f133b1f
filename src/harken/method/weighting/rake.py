"""Raking: weights that meet every margin, as near the starting weights as can be.

Without bounds this is iterative proportional fitting (Deming and Stephan 1940); with
bounds on the weights it is the same dual ascent with the raking distance truncated
(Deville and Sarndal 1992, case 7), so margins and bounds hold together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from harken.method.errors import refuse
from harken.method.weighting.faults import BAD_BOUNDS, BOUNDS, NO_CONVERGENCE
from harken.method.weighting.margins import Margin

Floats = NDArray[np.float64]
CLOSE = 1e-11
"""Largest relative distance from a target that counts as met."""

SWEEPS = 2000


@dataclass(frozen=True, eq=False)
class Raked:
    """Weights that meet the margins; how many sweeps it took; the largest gap left."""

    weights: Floats
    sweeps: int
    gap: float


def rake(
    start: Floats,
    margins: Sequence[Margin],
    *,
    lower: float = 0.0,
    upper: float = np.inf,
) -> Raked:
    """Rake the starting weights (n, positive) to the margins.

    ``lower`` and ``upper`` bound the weights, as multiples of their mean. Raises
    HarkenError: WGT-004 when the margins cannot be met together, WGT-005 when the
    bounds leave a category no room, WGT-007 for senseless bounds.
    """
    if not 0 <= lower < 1 < upper:
        raise refuse(BAD_BOUNDS, lower=lower, upper=upper)
    mean = float(margins[0].targets.sum()) / len(start)
    low, high = lower * mean, upper * mean
    bounded = lower > 0 or np.isfinite(upper)
    if bounded:
        _check_room(margins, low, high, (lower, upper))
    cells = _Cells.pack(start, margins)
    for sweep in range(1, SWEEPS + 1):
        for k, margin in enumerate(margins):
            cells.fit(k, margin.targets, low, high, bounded=bounded)
        gap, where = cells.gap(margins, low, high)
        if gap < CLOSE:
            return Raked(cells.spread(low, high), sweep, gap)
    margin, group = margins[where[0]], where[1]
    raise refuse(
        NO_CONVERGENCE,
        sweeps=SWEEPS,
        category=margin.label(group),
        margin=margin.name,
        gap=gap,
    )


def trim(weights: Floats, *, lower: float, upper: float) -> Floats:
    """Cut weights to absolute bounds and share the excess among the others.

    Repeated until none is outside (R's ``trimWeights(strict = TRUE)``). The total is
    kept and the margins are not: the plan's own way is ``rake`` with bounds. Raises
    HarkenError (WGT-007) when the mean lies outside the bounds.
    """
    mean = float(weights.mean())
    if not lower <= mean <= upper:
        raise refuse(BAD_BOUNDS, lower=lower / mean, upper=upper / mean)
    now = weights
    for _ in range(len(weights)):
        outside = (now < lower) | (now > upper)
        if not outside.any():
            break
        cut = np.clip(now, lower, upper)
        excess = float((now - cut).sum())
        now = np.where(outside, cut, now + excess / max(1, int((~outside).sum())))
    return now


@dataclass(eq=False)
class _Cells:
    """Responses that share all categories and the starting weight, as one cell.

    The factor of a weight depends on nothing else, so the sweeps run over cells.
    """

    start: Floats
    count: Floats
    groups: list[NDArray[np.intp]]
    home: NDArray[np.intp]
    factor: Floats

    @classmethod
    def pack(cls, start: Floats, margins: Sequence[Margin]) -> _Cells:
        columns = [margin.group.astype(np.float64) for margin in margins]
        table = np.column_stack([*columns, start])
        cells, home, count = np.unique(
            table, axis=0, return_inverse=True, return_counts=True
        )
        groups = [cells[:, k].astype(np.intp) for k in range(len(margins))]
        ones = np.ones(len(cells))
        mass = count.astype(np.float64)
        return cls(cells[:, -1], mass, groups, home.reshape(-1), ones)

    def weight(self, low: float, high: float) -> Floats:
        return np.clip(self.start * self.factor, low, high)

    def spread(self, low: float, high: float) -> Floats:
        return self.weight(low, high)[self.home]

    def sums(self, k: int, size: int, low: float, high: float) -> Floats:
        mass = self.weight(low, high) * self.count
        found = np.bincount(self.groups[k], weights=mass, minlength=size)
        return np.asarray(found, dtype=np.float64)

    def fit(
        self, k: int, targets: Floats, low: float, high: float, *, bounded: bool
    ) -> None:
        """Scale each category of margin k until it meets its target."""
        if not bounded:
            now = self.sums(k, len(targets), low, high)
            self.factor *= (targets / now)[self.groups[k]]
            return
        for group in range(len(targets)):
            rows = np.flatnonzero(self.groups[k] == group)
            value = (self.start * self.factor)[rows]
            scale = _solve(value, self.count[rows], float(targets[group]), (low, high))
            self.factor[rows] *= scale

    def gap(
        self, margins: Sequence[Margin], low: float, high: float
    ) -> tuple[float, tuple[int, int]]:
        worst, where = 0.0, (0, 0)
        for k, margin in enumerate(margins):
            now = self.sums(k, len(margin.targets), low, high)
            apart = np.abs(now / margin.targets - 1)
            group = int(apart.argmax())
            if apart[group] > worst:
                worst, where = float(apart[group]), (k, group)
        return worst, where


def _solve(
    value: Floats, count: Floats, target: float, bounds: tuple[float, float]
) -> float:
    """The factor f with sum(count * clip(f * value, low, high)) = target.

    The sum rises piecewise linearly with f, bending where a weight meets a bound; the
    piece that holds the target is found by sorting the bends, and solved exactly.
    """
    low, high = bounds
    bends = np.unique(np.concatenate([low / value, high / value]))
    bends = bends[np.isfinite(bends) & (bends > 0)]

    def mass(f: float) -> float:
        return float(count @ np.clip(f * value, low, high))

    first, last = 0, len(bends)
    while first < last:
        middle = (first + last) // 2
        if mass(float(bends[middle])) < target:
            first = middle + 1
        else:
            last = middle
    left = float(bends[first - 1]) if first else 0.0
    right = float(bends[first]) if first < len(bends) else 2 * left + 1
    inner = (left + right) / 2
    free = (inner * value > low) & (inner * value < high)
    fixed = float(count[~free] @ np.clip(inner * value[~free], low, high))
    slope = float(count[free] @ value[free])
    return (target - fixed) / slope if slope > 0 else inner


def _check_room(
    margins: Sequence[Margin], low: float, high: float, asked: tuple[float, float]
) -> None:
    for margin in margins:
        held = np.bincount(margin.group, minlength=len(margin.targets))
        for group, target in enumerate(margin.targets.tolist()):
            most, least = float(held[group]) * high, float(held[group]) * low
            if least <= target <= most:
                continue
            raise refuse(
                BOUNDS,
                category=margin.label(group),
                margin=margin.name,
                lower=asked[0],
                upper=asked[1],
                responses=int(held[group]),
                reach=most if target > most else least,
                target=target,
            )

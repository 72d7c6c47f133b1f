"""Raking: weights that meet every margin, as near the starting weights as can be.

Without bounds this is iterative proportional fitting (Deming and Stephan 1940); with
bounds on the change it is the same dual ascent with the raking distance truncated
(Deville and Sarndal 1992, case 7), so margins and bounds hold together. Bounds are on
the change and not on the weight, because unequal design weights are meant.
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
    """Weights that meet the margins; their changes against the starting weights (1 on
    average); how many sweeps it took; the largest gap left."""

    weights: Floats
    changes: Floats
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

    ``lower`` and ``upper`` bound the change of each weight, once starting weights are
    scaled to the population. Raises HarkenError: WGT-004 when the margins cannot be met
    together, WGT-005 when the bounds leave a category no room, WGT-007 for senseless
    bounds.
    """
    if not 0 <= lower < 1 < upper:
        raise refuse(BAD_BOUNDS, lower=lower, upper=upper)
    scale = float(margins[0].targets.sum()) / float(start.sum())
    scaled = start * scale
    bounded = lower > 0 or bool(np.isfinite(upper))
    if bounded:
        _check_room(scaled, margins, lower, upper)
    cells = _Cells.pack(scaled, margins, (lower, upper))
    for sweep in range(1, SWEEPS + 1):
        for k, margin in enumerate(margins):
            cells.fit(k, margin.targets, bounded=bounded)
        gap, where = cells.gap(margins)
        if gap < CLOSE:
            changes = cells.changes()[cells.home]
            return Raked(scaled * changes, changes, sweep, gap)
    margin, group = margins[where[0]], where[1]
    raise refuse(
        NO_CONVERGENCE,
        sweeps=SWEEPS,
        category=margin.label(group),
        margin=margin.name,
        gap=gap,
    )


def trim(weights: Floats, *, lower: float, upper: float) -> Floats:
    """Cut weights to absolute bounds and share the excess among those not cut.

    Repeated until none is outside, a cut weight staying cut (R's ``trimWeights(strict =
    TRUE)`` as of survey 4.5). The total is kept while any weight is free; the margins
    are not: the plan's own way is ``rake`` with bounds. Raises HarkenError (WGT-007)
    when the mean lies outside the bounds.
    """
    mean = float(weights.mean())
    if not lower <= mean <= upper:
        raise refuse(BAD_BOUNDS, lower=lower / mean, upper=upper / mean)
    now, free = weights, np.ones(len(weights), dtype=bool)
    while ((now < lower) | (now > upper)).any():
        cut = np.clip(now, lower, upper)
        free &= cut == now
        excess = float((now - cut).sum())
        now = np.where(free, cut + excess / max(1, int(free.sum())), cut)
    return now


@dataclass(eq=False)
class _Cells:
    """Responses that share all categories and the starting weight, as one cell.

    The change of a weight depends on nothing else, so the sweeps run over cells.
    ``mass`` is a cell's starting weight times its responses.
    """

    mass: Floats
    groups: list[NDArray[np.intp]]
    home: NDArray[np.intp]
    bounds: tuple[float, float]
    factor: Floats

    @classmethod
    def pack(
        cls, start: Floats, margins: Sequence[Margin], bounds: tuple[float, float]
    ) -> _Cells:
        columns = [margin.group.astype(np.float64) for margin in margins]
        table = np.column_stack([*columns, start])
        cells, home, count = np.unique(
            table, axis=0, return_inverse=True, return_counts=True
        )
        groups = [cells[:, k].astype(np.intp) for k in range(len(margins))]
        ones = np.ones(len(cells))
        mass = np.asarray(cells[:, -1] * count, dtype=np.float64)
        return cls(mass, groups, home.reshape(-1), bounds, ones)

    def changes(self) -> Floats:
        return np.clip(self.factor, *self.bounds)

    def sums(self, k: int, size: int) -> Floats:
        mass = self.mass * self.changes()
        found = np.bincount(self.groups[k], weights=mass, minlength=size)
        return np.asarray(found, dtype=np.float64)

    def fit(self, k: int, targets: Floats, *, bounded: bool) -> None:
        """Scale each category of margin k until it meets its target."""
        if not bounded:
            self.factor *= (targets / self.sums(k, len(targets)))[self.groups[k]]
            return
        for group in range(len(targets)):
            rows = np.flatnonzero(self.groups[k] == group)
            self.factor[rows] *= _solve(
                self.factor[rows], self.mass[rows], float(targets[group]), self.bounds
            )

    def gap(self, margins: Sequence[Margin]) -> tuple[float, tuple[int, int]]:
        worst, where = 0.0, (0, 0)
        for k, margin in enumerate(margins):
            now = self.sums(k, len(margin.targets))
            apart = np.abs(now / margin.targets - 1)
            group = int(apart.argmax())
            if apart[group] > worst:
                worst, where = float(apart[group]), (k, group)
        return worst, where


def _solve(
    factor: Floats, mass: Floats, target: float, bounds: tuple[float, float]
) -> float:
    """The f with sum(mass * clip(f * factor, low, high)) = target.

    The sum rises piecewise linearly with f, bending where a change meets a bound; the
    piece that holds the target is found by halving among the bends, and solved exactly.
    """
    low, high = bounds
    bends = np.unique(np.concatenate([low / factor, high / factor]))
    bends = bends[np.isfinite(bends) & (bends > 0)]

    def reached(f: float) -> float:
        return float(mass @ np.clip(f * factor, low, high))

    first, last = 0, len(bends)
    while first < last:
        middle = (first + last) // 2
        if reached(float(bends[middle])) < target:
            first = middle + 1
        else:
            last = middle
    left = float(bends[first - 1]) if first else 0.0
    right = float(bends[first]) if first < len(bends) else 2 * left + 1
    inner = (left + right) / 2
    free = (inner * factor > low) & (inner * factor < high)
    fixed = float(mass[~free] @ np.clip(inner * factor[~free], low, high))
    slope = float(mass[free] @ factor[free])
    return (target - fixed) / slope if slope > 0 else inner


def _check_room(
    start: Floats, margins: Sequence[Margin], lower: float, upper: float
) -> None:
    for margin in margins:
        size = len(margin.targets)
        held = np.bincount(margin.group, weights=start, minlength=size)
        count = np.bincount(margin.group, minlength=size)
        for group, target in enumerate(margin.targets.tolist()):
            most, least = float(held[group]) * upper, float(held[group]) * lower
            if least <= target <= most:
                continue
            raise refuse(
                BOUNDS,
                category=margin.label(group),
                margin=margin.name,
                lower=lower,
                upper=upper,
                responses=int(count[group]),
                reach="at most" if target > most else "at least",
                people=most if target > most else least,
                target=target,
            )

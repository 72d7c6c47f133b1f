"""The sampling design: weights, stages of selection, calibration, lonely units.

Knows how responses came to be selected and weighted; never what they answered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from harken.method.errors import refuse
from harken.method.estimation.faults import WRONG_DESIGN

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Bools = NDArray[np.bool_]


class Lonely(StrEnum):
    """What to do with a stratum that holds a single unit.

    ``fail`` stops; ``certainty`` counts it as no variance; ``adjust`` takes its
    distance from the mean of all units; ``average`` gives it the mean variance of the
    other strata.
    """

    FAIL = "fail"
    CERTAINTY = "certainty"
    ADJUST = "adjust"
    AVERAGE = "average"


@dataclass(frozen=True, eq=False)
class Stage:
    """One stage of selection, an entry a response: stratum, unit, and stratum size.

    ``size`` is the number of units in the stratum's population (finite population
    correction); None means drawn with replacement, or a negligible fraction.
    """

    stratum: Ints
    unit: Ints
    size: Floats | None = None


@dataclass(frozen=True, eq=False)
class Design:
    """How n responses stand for the population.

    ``basis`` is an orthonormal basis (n x rank) of the calibration variables scaled by
    the roots of the starting weights ``start``; both are None for weights that are not
    calibrated. Raises HarkenError (EST-003) when lengths or values do not fit.
    """

    weights: Floats
    stages: tuple[Stage, ...]
    lonely: Lonely = Lonely.ADJUST
    start: Floats | None = None
    basis: Floats | None = None

    def __post_init__(self) -> None:
        count = len(self.weights)
        if not np.isfinite(self.weights).all() or (self.weights < 0).any():
            raise refuse(WRONG_DESIGN, problem="a weight is negative or not finite")
        for stage in self.stages:
            if len(stage.stratum) != count or len(stage.unit) != count:
                raise refuse(WRONG_DESIGN, problem="a stage has another length")

    @property
    def size(self) -> int:
        """The number of responses."""
        return len(self.weights)

    @cached_property
    def df(self) -> int:
        """Design degrees of freedom: first-stage units less strata, at least 1."""
        first = self.stages[0]
        units = len(np.unique(first.unit))
        return max(1, units - len(np.unique(first.stratum)))

    @cached_property
    def of_people(self) -> bool:
        """Whether every first-stage unit is one response."""
        return len(np.unique(self.stages[0].unit)) == self.size

    def df_of(self, domain: Bools) -> int:
        """Degrees of freedom of a domain.

        In a sample of people each unit is one person, and the variance of a domain is
        learnt from its members whatever their strata: members less one, never more than
        the whole design's. In a clustered sample only the units and strata present
        count, as in R's ``degf``.
        """
        if self.of_people:
            return max(1, min(self.df, int(domain.sum()) - 1))
        first = self.stages[0]
        present = domain & (self.weights > 0)
        some = len(np.unique(first.unit[present]))
        return max(1, min(self.df, some - len(np.unique(first.stratum[present]))))

    def residuals(self, scores: Floats) -> Floats:
        """Scores (n x k) less what calibration explains of them, times the weights.

        The regression has the starting weights and the residual the final ones: the
        form of R's ``calibrate`` (Deville and Sarndal 1992), not of its ``rake``.
        """
        if self.basis is None or self.start is None:
            return scores * self.weights[:, None]
        root = np.sqrt(self.start)[:, None]
        scaled = scores * root
        scaled -= self.basis @ (self.basis.T @ scaled)
        scaled *= (self.weights / np.sqrt(self.start))[:, None]
        return scaled


def of_people(
    weights: ArrayLike,
    strata: Sequence[object],
    *,
    sizes: ArrayLike | None = None,
    lonely: Lonely = Lonely.ADJUST,
) -> Design:
    """A stratified sample of people; ``sizes`` gives each response its stratum's size."""
    values = np.asarray(weights, dtype=np.float64)
    unit = np.arange(len(values), dtype=np.intp)
    size = None if sizes is None else np.asarray(sizes, dtype=np.float64)
    return Design(values, (Stage(codes(strata), unit, size),), lonely)


def of_stages(
    weights: ArrayLike,
    stages: Sequence[tuple[Sequence[object], Sequence[object], ArrayLike | None]],
    *,
    lonely: Lonely = Lonely.ADJUST,
) -> Design:
    """A sample in stages, each (stratum, unit, size or None), units nested in strata."""
    values = np.asarray(weights, dtype=np.float64)
    parent = np.zeros(len(values), dtype=np.intp)
    made = []
    for strata, units, sizes in stages:
        stratum = _pair(parent, codes(strata))
        unit = _pair(stratum, codes(units))
        size = None if sizes is None else np.asarray(sizes, dtype=np.float64)
        made.append(Stage(stratum, unit, size))
        parent = unit
    return Design(values, tuple(made), lonely)


def calibrated(
    design: Design, weights: ArrayLike, groups: Sequence[Sequence[object]]
) -> Design:
    """The design after its weights were calibrated to margins.

    ``weights`` are the final ones, ``groups`` gives for each margin the category of
    each response. The design's own weights are kept as the starting weights.
    """
    start = design.weights
    blocks = []
    for group in groups:
        code = codes(group)
        block = np.zeros((design.size, int(code.max()) + 1))
        block[np.arange(design.size), code] = 1.0
        blocks.append(block)
    basis = span(np.hstack(blocks) * np.sqrt(start)[:, None])
    final = np.asarray(weights, dtype=np.float64)
    return Design(final, design.stages, design.lonely, start, basis)


def span(columns: Floats) -> Floats:
    """An orthonormal basis of the columns' span; margins are always rank deficient."""
    left, values, _ = np.linalg.svd(columns, full_matrices=False)
    keep = values > values[0] * max(columns.shape) * np.finfo(np.float64).eps
    return np.ascontiguousarray(left[:, keep])


def codes(values: Sequence[object] | Ints) -> Ints:
    """Whole numbers from 0 for the distinct values, in the values' sorted order."""
    _, inverse = np.unique(np.asarray(values), return_inverse=True)
    return inverse.astype(np.intp).reshape(-1)


def _pair(first: Ints, second: Ints) -> Ints:
    return codes(first * (int(second.max(initial=0)) + 1) + second)

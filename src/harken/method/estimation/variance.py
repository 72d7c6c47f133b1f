"""One variance function for every estimator: weighted scores and stages in, variance out.

Source: Sarndal, Swensson and Wretman (1992), sections 3.7 and 4.3; the recursion over
stages is that of R's ``svyrecvar``.
"""

from __future__ import annotations

import numpy as np

from harken.method.errors import refuse
from harken.method.estimation.design import Design, Floats, Ints, Lonely, Stage
from harken.method.estimation.faults import LONELY, WRONG_DESIGN


def variances(design: Design, scores: Floats) -> Floats:
    """The variance of each column's weighted total; ``scores`` is n x k, unweighted.

    Raises HarkenError: EST-002 for a lonely unit when the policy is to fail, EST-003
    for a stratum smaller than its sample.
    """
    weighted = design.residuals(scores)
    once = np.ones(design.size)
    return _recurse(weighted, design.stages, once, design.lonely)


def _recurse(
    scores: Floats, stages: tuple[Stage, ...], share: Floats, lonely: Lonely
) -> Floats:
    """Variance of this stage plus the sampled fraction of the stages below.

    ``share`` is, for each response, the product of the sampling fractions above.
    """
    stage = stages[0]
    _, first, unit = np.unique(stage.unit, return_index=True, return_inverse=True)
    totals = _sums(scores, unit.reshape(-1), len(first))
    stratum = stage.stratum[first]
    fraction = _fractions(stage, stratum, first)
    variance = _within(totals, stratum, fraction, share[first], lonely)
    if stage.size is None or len(stages) == 1:
        return variance
    below = share * fraction[unit.reshape(-1)]
    return variance + _recurse(scores, stages[1:], below, lonely)


def _sums(values: Floats, group: Ints, count: int) -> Floats:
    """Sums of rows by group; row order decides the last bit, so it stays fixed."""
    if count == len(values):
        return values[np.argsort(group, kind="stable")]
    order = np.argsort(group, kind="stable")
    starts = np.searchsorted(group[order], np.arange(count))
    return np.add.reduceat(values[order], starts, axis=0)


def _fractions(stage: Stage, stratum: Ints, first: Ints) -> Floats:
    """The sampled fraction of each unit's stratum; 0 without a population size."""
    if stage.size is None:
        return np.zeros(len(first))
    drawn = np.bincount(stratum)[stratum]
    fraction = drawn / stage.size[first]
    if (fraction > 1 + 1e-9).any():
        raise refuse(WRONG_DESIGN, problem="a stratum is smaller than its sample")
    return np.asarray(fraction, dtype=np.float64)


def _within(
    totals: Floats, stratum: Ints, fraction: Floats, share: Floats, lonely: Lonely
) -> Floats:
    """Sum over strata of share * (1 - f) * m / (m - 1) * squares about the mean."""
    _, group = np.unique(stratum, return_inverse=True)
    group = group.reshape(-1)
    count = np.bincount(group)
    means = _sums(totals, group, len(count)) / count[:, None]
    single = (count == 1)[group]
    open_single = single & (fraction < 1 - 1e-7)
    if open_single.any() and lonely is Lonely.FAIL:
        raise refuse(LONELY, count=int(open_single.sum()))
    apart = totals - means[group]
    if lonely is Lonely.ADJUST:
        apart[open_single] = totals[open_single] - totals.mean(axis=0)
    factor = share * (1 - fraction) * _spread(count)[group]
    found = np.einsum("i,ij->j", factor, apart * apart)
    if lonely is Lonely.AVERAGE and open_single.any():
        strata = len(count)
        found = found * (strata / max(1, strata - int(open_single.sum())))
    return np.asarray(found, dtype=np.float64)


def _spread(count: Ints) -> Floats:
    return np.where(count > 1, count / np.maximum(count - 1, 1), 1.0)

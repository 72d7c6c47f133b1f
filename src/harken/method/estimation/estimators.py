"""Shares, means, totals, ratios and differences, each by its linearised score.

A missing value is never dropped before the variance: it leaves the domain, and the
domain's variance still counts every sampled unit (Sarndal et al. 1992, section 5.8).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from harken.method.errors import refuse
from harken.method.estimation.design import Bools, Design, Floats
from harken.method.estimation.estimate import Estimate
from harken.method.estimation.faults import EMPTY_BASE
from harken.method.estimation.intervals import (
    STUDENT,
    Evidence,
    share_interval,
    share_p,
    student,
)
from harken.method.estimation.variance import variances

NONE = 1e-12
"""A share within this of 0 or 1 is one on which everybody agrees."""


def share(
    design: Design, positive: ArrayLike, domain: ArrayLike, *, confidence: float = 0.95
) -> Estimate:
    """The weighted share of ``positive`` among the ``domain``, both n booleans.

    Raises HarkenError (EST-001) when the domain is empty.
    """
    found = shares(
        design,
        np.asarray(positive, dtype=bool)[:, None],
        np.asarray(domain, dtype=bool)[:, None],
        confidence=confidence,
    )
    return found[0]


def shares(
    design: Design, positive: ArrayLike, domain: ArrayLike, *, confidence: float = 0.95
) -> tuple[Estimate, ...]:
    """Many shares at once: ``positive`` and ``domain`` are n x k booleans.

    The variance is one pass over all columns. Raises HarkenError (EST-001) when a
    domain is empty.
    """
    inside = np.asarray(domain, dtype=bool)
    yes = np.asarray(positive, dtype=bool) & inside
    top, bottom = yes.astype(np.float64), inside.astype(np.float64)
    return _ratios(design, top, bottom, inside, confidence)


def occasions(
    design: Design, kept: ArrayLike, due: ArrayLike, *, confidence: float = 0.95
) -> Estimate:
    """The share of due occasions that were kept, several of which one person may have.

    ``kept`` and ``due`` count occasions for each of n people, kept never over due. A
    mean over occasions of people, never of percentages. Raises HarkenError (EST-001)
    when nothing was due to anybody.
    """
    over = np.asarray(due, dtype=np.float64)[:, None]
    found = np.asarray(kept, dtype=np.float64)[:, None]
    return _ratios(design, found, over, over > 0, confidence)[0]


def _ratios(
    design: Design,
    top: Floats,
    bottom: Floats,
    inside: Bools,
    confidence: float,
) -> tuple[Estimate, ...]:
    base = inside.sum(axis=0)
    sizes = design.weights @ bottom
    if (base == 0).any() or (sizes <= 0).any():
        raise refuse(EMPTY_BASE)
    values = np.clip((design.weights @ top) / sizes, 0.0, 1.0)
    scores = (top - bottom * values) / sizes
    errors = np.sqrt(variances(design, scores))
    kept = design.weights[:, None] * inside
    bases = kept.sum(axis=0)
    kish = bases**2 / (kept**2).sum(axis=0)
    made = []
    for k, value in enumerate(values.tolist()):
        agreed = value < NONE or value > 1 - NONE
        evidence = Evidence(
            value=float(round(value)) if agreed else value,
            se=0.0 if agreed else float(errors[k]),
            base=int(base[k]),
            kish=float(kish[k]),
            df=design.df_of(inside[:, k]),
        )
        made.append(_share_estimate(evidence, float(bases[k]), confidence))
    return tuple(made)


def _share_estimate(
    evidence: Evidence, weighted_base: float, confidence: float
) -> Estimate:
    low, high, method = share_interval(evidence, confidence)
    p = evidence.value
    simple = p * (1 - p) / (evidence.base - 1) if evidence.base > 1 else 0.0
    return Estimate(
        value=p,
        se=evidence.se,
        low=low,
        high=high,
        base=evidence.base,
        weighted_base=weighted_base,
        effective_base=evidence.kish,
        df=evidence.df,
        deff=evidence.se**2 / simple if simple > 0 else None,
        method=method,
    )


def share_against(
    estimate: Estimate, target: float, *, confidence: float = 0.95
) -> float:
    """The two-sided p of the hypothesis that the true share is the target."""
    evidence = Evidence(
        estimate.value,
        estimate.se,
        estimate.base,
        estimate.effective_base,
        estimate.df,
    )
    return share_p(evidence, target, confidence)


def mean(
    design: Design, values: ArrayLike, domain: ArrayLike, *, confidence: float = 0.95
) -> Estimate:
    """The weighted mean of ``values`` (n numbers) over the domain (n booleans)."""
    inside = np.asarray(domain, dtype=bool)
    numbers = np.where(inside, np.asarray(values, dtype=np.float64), 0.0)
    return ratio(design, numbers, inside, inside, confidence=confidence)


def ratio(
    design: Design,
    top: ArrayLike,
    bottom: ArrayLike,
    domain: ArrayLike,
    *,
    confidence: float = 0.95,
) -> Estimate:
    """The weighted total of ``top`` over that of ``bottom`` in the domain.

    Raises HarkenError (EST-001) when the domain is empty or its bottom sums to zero.
    """
    inside = np.asarray(domain, dtype=bool)
    upper = np.where(inside, np.asarray(top, dtype=np.float64), 0.0)
    lower = np.where(inside, np.asarray(bottom, dtype=np.float64), 0.0)
    size = float(design.weights @ lower)
    if not inside.any() or size == 0:
        raise refuse(EMPTY_BASE)
    value = float(design.weights @ upper) / size
    scores = (upper - lower * value) / size
    return _figure(design, value, scores, inside, confidence)


def total(
    design: Design, values: ArrayLike, domain: ArrayLike, *, confidence: float = 0.95
) -> Estimate:
    """The weighted total of ``values`` over the domain."""
    inside = np.asarray(domain, dtype=bool)
    if not inside.any():
        raise refuse(EMPTY_BASE)
    numbers = np.where(inside, np.asarray(values, dtype=np.float64), 0.0)
    return _figure(design, float(design.weights @ numbers), numbers, inside, confidence)


def difference(
    design: Design,
    positive: ArrayLike,
    domains: tuple[ArrayLike, ArrayLike],
    *,
    confidence: float = 0.95,
) -> Estimate:
    """The share in the first domain less that in the second, with their covariance.

    Overlapping domains are allowed. The base is that of both together.
    """
    yes = np.asarray(positive, dtype=bool)
    scores = np.zeros(design.size)
    value = 0.0
    for sign, domain in zip((1, -1), domains, strict=True):
        inside = np.asarray(domain, dtype=bool)
        size = float(design.weights @ inside)
        if size <= 0:
            raise refuse(EMPTY_BASE)
        part = float(design.weights @ (yes & inside)) / size
        scores += sign * inside * (yes - part) / size
        value += sign * part
    either = np.asarray(domains[0], dtype=bool) | np.asarray(domains[1], dtype=bool)
    return _figure(design, value, scores, either, confidence)


def _figure(
    design: Design, value: float, scores: Floats, inside: Bools, confidence: float
) -> Estimate:
    kept = design.weights[inside]
    evidence = Evidence(
        value=value,
        se=math.sqrt(float(variances(design, scores[:, None])[0])),
        base=int(inside.sum()),
        kish=float(kept.sum() ** 2 / (kept**2).sum()),
        df=design.df_of(inside),
    )
    low, high = student(evidence, confidence)
    return Estimate(
        value=value,
        se=evidence.se,
        low=low,
        high=high,
        base=evidence.base,
        weighted_base=float(kept.sum()),
        effective_base=evidence.kish,
        df=evidence.df,
        deff=None,
        method=STUDENT,
    )

"""Intervals and tests for shares and other figures, from value, error and freedom.

Sources: Korn and Graubard (1998) for few events; the logit interval is R's ``xlogit``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import scipy

FEW = 10.0
"""Under this effective number of positives or negatives the beta interval is used."""

LOGIT = "logit, t"
BETA = "Korn-Graubard beta"
STUDENT = "t"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What an interval is made of: value, standard error, base, freedom.

    ``kish`` is the effective base, used where everybody or nobody is positive and the
    error itself is zero.
    """

    value: float
    se: float
    base: int
    kish: float
    df: float


def quantile(level: float, df: float) -> float:
    """Student's t: the quantile at ``level`` with ``df`` degrees of freedom."""
    return float(scipy.special.stdtrit(df, level))


def student(evidence: Evidence, confidence: float) -> tuple[float, float]:
    """The symmetric interval, for means, totals, ratios and differences."""
    reach = quantile((1 + confidence) / 2, evidence.df) * evidence.se
    return evidence.value - reach, evidence.value + reach


def effective(evidence: Evidence, confidence: float) -> float:
    """Korn and Graubard's effective sample size, with its correction for freedom.

    Without spread in the answers (0 % or 100 %) Kish's effective base stands in.
    """
    p = evidence.value
    spread = evidence.se > 0 and 0 < p < 1
    size = p * (1 - p) / evidence.se**2 if spread else evidence.kish
    level = (1 + confidence) / 2
    free = max(evidence.base - 1, 1)
    ratio = quantile(level, free) / quantile(level, evidence.df)
    return size * ratio * ratio


def is_small(evidence: Evidence, confidence: float) -> bool:
    """Whether too few effective positives or negatives stand behind a share."""
    p = evidence.value
    if evidence.se <= 0 or not 0 < p < 1:
        return True
    return effective(evidence, confidence) * min(p, 1 - p) < FEW


def beta(evidence: Evidence, confidence: float) -> tuple[float, float]:
    """The Korn-Graubard interval (Clopper-Pearson on the effective sample size)."""
    size = effective(evidence, confidence)
    yes, no = size * evidence.value, size * (1 - evidence.value)
    tail = (1 - confidence) / 2
    low = float(scipy.special.betaincinv(yes, no + 1, tail)) if yes > 0 else 0.0
    high = float(scipy.special.betaincinv(yes + 1, no, 1 - tail)) if no > 0 else 1.0
    return min(low, evidence.value), max(high, evidence.value)


def logit(evidence: Evidence, confidence: float) -> tuple[float, float]:
    """The interval that is symmetric on the scale of log odds; stays within 0 and 1."""
    p = evidence.value
    middle = math.log(p / (1 - p))
    reach = quantile((1 + confidence) / 2, evidence.df) * evidence.se / (p * (1 - p))
    low, high = scipy.special.expit(middle - reach), scipy.special.expit(middle + reach)
    return min(float(low), p), max(float(high), p)


def share_interval(evidence: Evidence, confidence: float) -> tuple[float, float, str]:
    """The default interval of a share and its name: logit, or beta when events are few."""
    if is_small(evidence, confidence):
        return *beta(evidence, confidence), BETA
    return *logit(evidence, confidence), LOGIT


def share_p(evidence: Evidence, target: float, confidence: float) -> float:
    """The two-sided p of the hypothesis that the true share is ``target``.

    It agrees with ``share_interval``: p is under 1 - confidence exactly when the
    interval leaves the target out.
    """
    p = evidence.value
    if not 0 < target < 1:
        return 1.0
    if is_small(evidence, confidence):
        size = effective(evidence, confidence)
        yes, no = size * p, size * (1 - p)
        above = float(scipy.special.betainc(yes, no + 1, target)) if yes > 0 else 1.0
        below = 1 - float(scipy.special.betainc(yes + 1, no, target)) if no > 0 else 1.0
        return min(1.0, 2 * min(above, below))
    gap = math.log(p / (1 - p)) - math.log(target / (1 - target))
    t = gap / (evidence.se / (p * (1 - p)))
    return float(2 * scipy.special.stdtr(evidence.df, -abs(t)))

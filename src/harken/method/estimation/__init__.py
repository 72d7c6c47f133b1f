"""The estimation room: from weighted responses to figures with honest errors.

In: a `Design` (weights, strata, units, calibration) and arrays over responses. Out: an
`Estimate` for each share, mean, total, ratio or difference, with its design-based
interval. Compliance, publication and the notebooks of statisticians may open the door.
"""

from harken.method.estimation.design import Design, calibrated, of_people
from harken.method.estimation.estimate import Estimate
from harken.method.estimation.estimators import (
    difference,
    mean,
    occasions,
    ratio,
    share_against,
    shares,
)

__all__ = [
    "Design",
    "Estimate",
    "calibrated",
    "difference",
    "mean",
    "occasions",
    "of_people",
    "ratio",
    "share_against",
    "shares",
]

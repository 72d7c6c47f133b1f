"""The weighting room: from respondents to the population.

In: responses' design variables, population counts and the plan's bounds. Out: weights
and a `WeightReport` of every step taken. Estimation and compliance may open the door.
"""

from harken.method.weighting.chain import (
    Bounds,
    Weighted,
    design_weights,
    effective_base,
    weigh,
)
from harken.method.weighting.rake import trim
from harken.method.weighting.report import WeightReport

__all__ = [
    "Bounds",
    "WeightReport",
    "Weighted",
    "design_weights",
    "effective_base",
    "trim",
    "weigh",
]

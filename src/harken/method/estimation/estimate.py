"""The one shape of a published figure: a value with its error and its bases.

Never a place for a value without its unweighted base (QA-05).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Estimate:
    """A design-based estimate.

    ``value``, ``se``, ``low`` and ``high`` are in the units of the quantity (a share
    runs from 0 to 1). ``base`` counts people, unweighted; ``weighted_base`` is the sum
    of their weights; ``effective_base`` is Kish's. ``df`` are degrees of freedom of the
    interval, ``deff`` the design effect against simple random sampling with
    replacement (None where it has no meaning), ``method`` names the interval.
    Raises ValueError when the limits do not hold the value or a base is negative.
    """

    value: float
    se: float
    low: float
    high: float
    base: int
    weighted_base: float
    effective_base: float
    df: float
    deff: float | None
    method: str

    def __post_init__(self) -> None:
        if not self.low <= self.value <= self.high:
            raise ValueError("an interval holds its estimate")
        if self.base < 0 or self.weighted_base < 0 or self.se < 0:
            raise ValueError("a base or an error is never negative")

    @property
    def half_width(self) -> float:
        """Half the width of the interval, in the units of the value."""
        return (self.high - self.low) / 2

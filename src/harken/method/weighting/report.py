"""What weighting did, for people to read: steps, margins, and what weights cost.

The report holds no weight of a person and no answer.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Diagnostics:
    """Weights after one step; extremes are relative to the mean weight.

    ``design_effect`` is Kish's n * sum(w^2) / sum(w)^2; ``effective_base`` is n over
    it.
    """

    total: float
    smallest: float
    largest: float
    design_effect: float
    effective_base: float


@dataclass(frozen=True, slots=True)
class Step:
    """One link of the recorded chain: what was done, with which settings, and after."""

    name: str
    detail: str
    after: Diagnostics


@dataclass(frozen=True, slots=True)
class MarginRow:
    """One category of a margin: shares of the population and of the responses.

    ``variables`` and ``category`` name it (``("sex", "age_band")`` and
    ``("female", "18-24")``). ``unweighted`` and ``responses`` are None where the count
    is too small to show.
    """

    variables: tuple[str, ...]
    category: tuple[str, ...]
    population: float
    responses: int | None
    unweighted: float | None
    weighted: float


@dataclass(frozen=True, slots=True)
class Collapse:
    """A category joined to another before raking: too few responses stood in it."""

    variables: tuple[str, ...]
    category: tuple[str, ...]
    into: tuple[str, ...]
    responses: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class WeightReport:
    """The whole chain: base, population, steps, margins, collapses and convergence.

    ``largest_gap`` is the largest relative difference left between a weighted margin
    and its target; ``trimmed`` counts weights held at a bound.
    """

    responses: int
    population: float
    steps: tuple[Step, ...]
    margins: tuple[MarginRow, ...]
    collapsed: tuple[Collapse, ...]
    iterations: int
    largest_gap: float
    trimmed: int
    design_effect: float
    effective_base: float

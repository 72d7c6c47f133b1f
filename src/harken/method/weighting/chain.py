"""The recorded chain of weighting: design weights, raking, bounds, with diagnostics.

Source of the measures: Kish (1965), section 11.7. Never drops a response in silence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from harken.method.errors import refuse
from harken.method.weighting.faults import NOBODY, STRATUM
from harken.method.weighting.margins import Counts, Margin, check_totals, match
from harken.method.weighting.rake import Raked, rake
from harken.method.weighting.report import (
    Diagnostics,
    MarginRow,
    Step,
    WeightReport,
)

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Bounds:
    """How far calibration may change a weight, and when categories are thin.

    ``lower`` and ``upper`` bound the change against the design weight scaled to the
    population.
    ``smallest`` is the fewest responses with which a category stays on its own.
    """

    lower: float = 0.0
    upper: float = float("inf")
    smallest: int = 5


@dataclass(frozen=True, eq=False)
class Weighted:
    """The final weights (n), the starting ones, the margins met, and the report."""

    weights: Floats
    start: Floats
    margins: tuple[Margin, ...]
    report: WeightReport


def design_weights(
    strata: Sequence[str], issued: Mapping[str, int], sizes: Mapping[str, float]
) -> Floats:
    """Each response's design weight: people in its stratum over cases issued there.

    Where a stratum's size is unknown its issued cases stand in, so that calibration
    alone carries the response to the population. Raises HarkenError (WGT-008) when a
    stratum has responses and no issued case.
    """
    for stratum in sorted(set(strata)):
        if issued.get(stratum, 0) <= 0:
            raise refuse(STRATUM, stratum=stratum)
    return np.array(
        [sizes.get(stratum, issued[stratum]) / issued[stratum] for stratum in strata]
    )


def weigh(
    responses: Sequence[Mapping[str, str]],
    start: Floats,
    population: Mapping[tuple[str, ...], Counts],
    bounds: Bounds,
) -> Weighted:
    """Weight responses to the population's margins, in recorded steps.

    ``responses`` are the design variables of each, ``start`` the design weights,
    ``population`` the counts of each margin. Steps: design weights, raking without
    bounds (to show what bounds cost), raking within bounds when asked. Raises the
    HarkenErrors of ``match`` and ``rake`` (WGT-001 to WGT-007).
    """
    if not responses:
        raise refuse(NOBODY)
    pairs = [
        match(responses, variables, counts, bounds.smallest)
        for variables, counts in population.items()
    ]
    margins = tuple(margin for margin, _ in pairs)
    total = check_totals(margins)
    names = ", ".join(margin.name for margin in margins)
    steps = [Step("design weights", "people over issued cases", diagnose(start))]
    done = rake(start, margins)
    steps.append(Step("raking", f"to {names}", diagnose(done.weights)))
    trimmed = 0
    if bounds.lower > 0 or np.isfinite(bounds.upper):
        if done.changes.min() < bounds.lower or done.changes.max() > bounds.upper:
            done = rake(start, margins, lower=bounds.lower, upper=bounds.upper)
            trimmed = _at_bounds(done.changes, bounds)
        detail = f"changes between {bounds.lower:g} and {bounds.upper:g}"
        steps.append(Step("raking within bounds", detail, diagnose(done.weights)))
    last = steps[-1].after
    report = WeightReport(
        responses=len(responses),
        population=total,
        steps=tuple(steps),
        margins=_margin_rows(margins, responses, done),
        collapsed=tuple(item for _, found in pairs for item in found),
        iterations=done.sweeps,
        largest_gap=done.gap,
        trimmed=trimmed,
        design_effect=last.design_effect,
        effective_base=last.effective_base,
    )
    return Weighted(done.weights, start, margins, report)


def diagnose(weights: Floats) -> Diagnostics:
    """What a set of weights looks like; Kish's design effect and effective base."""
    mean = float(weights.mean())
    base = effective_base(weights)
    return Diagnostics(
        total=float(weights.sum()),
        smallest=float(weights.min()) / mean,
        largest=float(weights.max()) / mean,
        design_effect=len(weights) / base,
        effective_base=base,
    )


def effective_base(weights: Floats) -> float:
    """Kish's effective base: sum(w)^2 / sum(w^2)."""
    return float(weights.sum() ** 2 / (weights**2).sum())


def _at_bounds(changes: Floats, bounds: Bounds) -> int:
    low = np.isclose(changes, bounds.lower, rtol=1e-9, atol=0)
    high = np.isclose(changes, bounds.upper, rtol=1e-9, atol=0)
    return int((low | high).sum())


def _margin_rows(
    margins: Sequence[Margin], responses: Sequence[Mapping[str, str]], done: Raked
) -> tuple[MarginRow, ...]:
    rows = []
    for margin in margins:
        people = float(margin.targets.sum())
        own = [tuple(row[name] for name in margin.variables) for row in responses]
        found = Counter(own)
        weight: Counter[tuple[str, ...]] = Counter()
        for category, value in zip(own, done.weights.tolist(), strict=True):
            weight[category] += value
        for category, count in sorted(_members(margin).items()):
            rows.append(
                MarginRow(
                    variables=margin.variables,
                    category=category,
                    population=count / people,
                    responses=found[category],
                    unweighted=found[category] / len(responses),
                    weighted=weight[category] / people,
                )
            )
    return tuple(rows)


def _members(margin: Margin) -> dict[tuple[str, ...], float]:
    return {c: count for group in margin.members for c, count in group.items()}

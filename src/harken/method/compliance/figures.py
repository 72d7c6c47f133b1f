"""Estimates every indicator in one arm, overall and by breakdown, and hides what must be.

The verdict comes first: an estimate is only attached to a cell that may be shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from harken.method.compliance.edition import Indicator
from harken.method.compliance.plan import Plan
from harken.method.compliance.results import IndicatorResult
from harken.method.compliance.table import ArmTable, Bools, Masks
from harken.method.disclosure import Figure, Judgement, Verdict, judge
from harken.method.estimation import Design, Estimate, shares
from harken.method.terms import Arm


@dataclass(frozen=True, eq=False)
class ArmFigures:
    """All figures of one arm; ``masks`` follow the plan's indicators.

    ``audited`` counts the hidden quantities an intruder's programme was solved for,
    ``open_ends`` those that the published totals themselves keep narrow.
    """

    arm: Arm
    masks: tuple[Masks, ...]
    overall: tuple[Verdict | None, ...]
    results: tuple[IndicatorResult, ...]
    audited: int
    open_ends: int


@dataclass(frozen=True, eq=False)
class _Cell:
    indicator: Indicator
    breakdown: str | None
    category: str | None
    verdict: Verdict
    base: Bools
    positive: Bools


def arm_figures(plan: Plan, arm: Arm, table: ArmTable, design: Design) -> ArmFigures:
    """Every indicator of the plan in one arm, in the plan's order.

    A category in which nobody was asked has no figure at all.
    """
    masks = tuple(table.masks(indicator) for indicator in plan.indicators)
    everyone = np.zeros(len(table.responses), dtype=np.intp)
    first = judge(_figures(plan, masks, None), everyone, 1, plan.policy)
    overall = tuple(row[0] for row in first.verdicts)
    cells = {
        at: list(_overall_cell(plan, masks, at, overall)) for at in range(len(masks))
    }
    audited = open_ends = 0
    for breakdown in plan.breakdowns:
        names, place = table.categories(breakdown)
        found = judge(_figures(plan, masks, overall), place, len(names), plan.policy)
        audited, open_ends = audited + found.audited, open_ends + found.open_ends
        for at in range(len(masks)):
            cells[at] += _category_cells(
                plan, masks, at, (breakdown, names, place), found
            )
    ordered = [cell for at in range(len(masks)) for cell in cells[at]]
    results = _estimate(plan, arm, design, ordered)
    return ArmFigures(arm, masks, overall, results, audited, open_ends)


def _figures(
    plan: Plan, masks: Sequence[Masks], overall: Sequence[Verdict | None] | None
) -> list[Figure]:
    return [
        Figure(
            name=indicator.id,
            asked=mask.asked,
            base=mask.base,
            positive=mask.positive,
            total_shown=overall is None or _shown(overall[at]),
        )
        for at, (indicator, mask) in enumerate(zip(plan.indicators, masks, strict=True))
    ]


def _shown(verdict: Verdict | None) -> bool:
    return verdict is not None and verdict.shown


def _overall_cell(
    plan: Plan, masks: Sequence[Masks], at: int, overall: Sequence[Verdict | None]
) -> Iterator[_Cell]:
    verdict, mask = overall[at], masks[at]
    if verdict is not None:
        yield _Cell(plan.indicators[at], None, None, verdict, mask.base, mask.positive)


def _category_cells(
    plan: Plan,
    masks: Sequence[Masks],
    at: int,
    breakdown: tuple[
        str, tuple[str, ...], np.ndarray[tuple[int, ...], np.dtype[np.intp]]
    ],
    found: Judgement,
) -> Iterator[_Cell]:
    name, names, place = breakdown
    for c, category in enumerate(names):
        verdict = found.verdicts[at][c]
        if verdict is not None:
            inside = place == c
            yield _Cell(
                plan.indicators[at],
                name,
                category,
                verdict,
                masks[at].base & inside,
                masks[at].positive & inside,
            )


def _estimate(
    plan: Plan, arm: Arm, design: Design, cells: Sequence[_Cell]
) -> tuple[IndicatorResult, ...]:
    shown = [cell for cell in cells if cell.verdict.shown]
    estimates: Iterator[Estimate] = iter(())
    if shown:
        estimates = iter(
            shares(
                design,
                np.column_stack([cell.positive for cell in shown]),
                np.column_stack([cell.base for cell in shown]),
                confidence=plan.confidence,
            )
        )
    return tuple(
        IndicatorResult(
            indicator=cell.indicator.id,
            arm=arm,
            breakdown=cell.breakdown,
            category=cell.category,
            estimate=next(estimates) if cell.verdict.shown else None,
            suppression=cell.verdict.suppression,
            flag=cell.verdict.flag,
        )
        for cell in cells
    )

"""The scorecard: each entitlement at each agency, judged by its interval.

A roll-up counts due occasions of people, never averages percentages. The false
discovery rate is controlled over the whole page (Benjamini and Hochberg 1995): of the
cells called met or not met, at most 1 - confidence are expected to be wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from harken.method.compliance.edition import (
    CodeEdition,
    Entitlement,
    Indicator,
    Reportable,
)
from harken.method.compliance.figures import ArmFigures
from harken.method.compliance.plan import Plan
from harken.method.compliance.results import ScorecardCell, State
from harken.method.estimation import (
    Design,
    Estimate,
    occasions,
    share_against,
)
from harken.method.terms import Arm


@dataclass(frozen=True, eq=False)
class _Basis:
    plan: Plan
    figures: ArmFigures | None
    design: Design | None


def make_scorecard(
    plan: Plan, edition: CodeEdition, figures: ArmFigures | None, design: Design | None
) -> tuple[ScorecardCell, ...]:
    """Every entitlement of the edition at every agency that owes it, in Code order.

    ``figures`` and ``design`` are those of the sampled arm, None when it is empty.
    """
    basis = _Basis(plan, figures, design)
    cells = [
        _cell(basis, item, agency)
        for item in edition.entitlements
        for agency in _agencies(plan, item)
    ]
    return tuple(_decide(cells, plan.confidence))


def _agencies(plan: Plan, item: Entitlement) -> Iterator[str]:
    """Those that owe it; where every provider does, those that were measured."""
    measured = dict.fromkeys(
        measured_at(indicator, item)
        for indicator in plan.indicators
        if item.id in indicator.entitlements
    )
    if "all" in item.agencies:
        yield from measured or ("all",)
    else:
        yield from dict.fromkeys((*item.agencies, *measured))


def measured_at(indicator: Indicator, item: Entitlement) -> str:
    """The agency of the scorecard cell that an indicator speaks of.

    A question about no agency in particular speaks of the only one that owes it.
    """
    if indicator.agency == "all" and len(item.agencies) == 1:
        return item.agencies[0]
    return indicator.agency


def _cell(basis: _Basis, item: Entitlement, agency: str) -> ScorecardCell:
    plan = basis.plan
    linked = [
        at
        for at, indicator in enumerate(plan.indicators)
        if item.id in indicator.entitlements and measured_at(indicator, item) == agency
    ]
    cell = ScorecardCell(
        entitlement=item.id,
        title=item.title,
        agency=agency,
        stage=item.stage,
        indicators=tuple(plan.indicators[at].id for at in linked),
        state=State.NOT_MEASURED,
        arm=Arm.SAMPLE,
        estimate=None,
        target=None,
        adjusted_p=None,
        flag="",
    )
    if not linked:
        hidden = item.victim_reportable is Reportable.NO
        return replace(cell, state=State.NOT_VICTIM_REPORTABLE) if hidden else cell
    estimate = _estimate(basis, linked)
    if estimate is None:
        return replace(cell, state=State.TOO_FEW)
    return replace(
        cell,
        state=State.INCONCLUSIVE,
        estimate=estimate,
        target=max(plan.indicators[at].target for at in linked),
        flag="u" if estimate.base < plan.policy.flag_below else "",
    )


def _estimate(basis: _Basis, linked: Sequence[int]) -> Estimate | None:
    """The share of due occasions kept, over the indicators that may be shown.

    A hidden indicator stays out, or the roll-up less the others would give it back.
    """
    figures = basis.figures
    if figures is None or basis.design is None:
        return None
    verdicts = [(at, figures.overall[at]) for at in linked]
    shown = [at for at, verdict in verdicts if verdict is not None and verdict.shown]
    if not shown:
        return None
    kept = np.sum([figures.masks[at].positive for at in shown], axis=0)
    due = np.sum([figures.masks[at].base for at in shown], axis=0)
    return occasions(basis.design, kept, due, confidence=basis.plan.confidence)


def _decide(
    cells: Sequence[ScorecardCell], confidence: float
) -> Iterator[ScorecardCell]:
    tested = [
        share_against(cell.estimate, cell.target, confidence=confidence)
        for cell in cells
        if cell.estimate is not None and cell.target is not None
    ]
    adjusted = iter(benjamini_hochberg(tested))
    for cell in cells:
        if cell.estimate is None or cell.target is None:
            yield cell
            continue
        p = next(adjusted)
        state = State.INCONCLUSIVE
        if p < 1 - confidence:
            over = cell.estimate.value > cell.target
            state = State.MET if over else State.NOT_MET
        yield replace(cell, state=state, adjusted_p=p)


def benjamini_hochberg(values: Sequence[float]) -> tuple[float, ...]:
    """Adjusted p-values in the given order (R's ``p.adjust(method = "BH")``)."""
    count = len(values)
    adjusted = [1.0] * count
    smallest = 1.0
    ranked = sorted(range(count), key=lambda at: values[at], reverse=True)
    for step, at in enumerate(ranked):
        smallest = min(smallest, values[at] * count / (count - step))
        adjusted[at] = smallest
    return tuple(adjusted)

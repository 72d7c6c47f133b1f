"""From responses to results: weights, figures, verdicts, scorecard, in one pure call.

The two arms are never pooled silently: the sampled one is weighted and stands for the
population, the open one is counted as it came and stands for nobody but itself.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from harken.method.compliance.edition import CodeEdition
from harken.method.compliance.faults import NO_STRATUM
from harken.method.compliance.figures import ArmFigures, arm_figures
from harken.method.compliance.plan import Plan
from harken.method.compliance.reading import check_edition
from harken.method.compliance.results import IndicatorResult, Pooled, Results
from harken.method.compliance.scorecard import make_scorecard
from harken.method.compliance.table import ArmTable
from harken.method.contact import Disposition, rates
from harken.method.disclosure import Figure as Counted
from harken.method.disclosure import Suppression, judge, rules
from harken.method.errors import refuse
from harken.method.estimation import Design, calibrated, of_people, shares
from harken.method.response import Dataset, IssuedCase
from harken.method.sampling import Population
from harken.method.terms import Arm, Mode
from harken.method.weighting import (
    Bounds,
    Weighted,
    WeightReport,
    design_weights,
    weigh,
)


def evaluate(
    plan: Plan,
    edition: CodeEdition,
    dataset: Dataset,
    *,
    study: str,
    issued: Sequence[IssuedCase],
    population: Population,
    strata: Sequence[str],
) -> Results:
    """Everything the plan asks of the responses.

    ``issued`` are all issued cases with their final dispositions, ``strata`` the names
    of the variables the sample was stratified by. The same input gives the same
    results, whatever the order of the responses. Raises HarkenError: CMP-023 for
    another edition, WGT-... when the sampled arm cannot be weighted.
    """
    check_edition(plan, edition)
    tables = {
        arm: ArmTable.of([r for r in dataset.responses if r.arm is arm]) for arm in Arm
    }
    cases = [case for case in issued if case.arm is Arm.SAMPLE]
    weighted, figures, design = None, None, None
    sampled, opened = tables[Arm.SAMPLE], tables[Arm.OPEN]
    if sampled.responses:
        weighted, design = _weigh(plan, sampled, cases, population, strata)
        figures = arm_figures(plan, Arm.SAMPLE, sampled, design)
    found = [figures] if figures is not None else []
    if opened.responses:
        count = len(opened.responses)
        simple = of_people(np.ones(count), [""] * count)
        found.append(arm_figures(plan, Arm.OPEN, opened, simple))
    results = Results(
        study=study,
        plan_digest=plan.digest,
        code=plan.code,
        confidence=plan.confidence,
        weights=_safe_report(weighted.report, plan) if weighted else None,
        measures=plan.indicators,
        headlines=plan.headlines,
        breakdowns=plan.breakdowns,
        indicators=_merge(found),
        pooled=_pool(plan, dataset, found),
        scorecard=make_scorecard(plan, edition, figures, design),
        facts=_facts(tables, cases, found),
        decisions=_decisions(plan),
        rules=rules(plan.policy),
    )
    # What is returned is what will be read back: figures of ten significant digits.
    return Results.from_json(results.to_json())


def _weigh(
    plan: Plan,
    table: ArmTable,
    cases: Sequence[IssuedCase],
    population: Population,
    strata: Sequence[str],
) -> tuple[Weighted, Design]:
    rows = [response.design for response in table.responses]
    if any("stratum" not in row for row in rows):
        raise refuse(NO_STRATUM)
    own = [row["stratum"] for row in rows]
    drawn = Counter(case.design.get("stratum", "") for case in cases)
    start = design_weights(own, drawn, population.stratum_sizes(strata))
    margins = {names: population.margin(names) for names in plan.weights.margins}
    bounds = Bounds(plan.weights.lower, plan.weights.upper, plan.weights.smallest)
    weighted = weigh(rows, start, margins, bounds)
    groups = [margin.group.tolist() for margin in weighted.margins]
    design = calibrated(of_people(start, own), weighted.weights, groups)
    return weighted, design


def _merge(found: Sequence[ArmFigures]) -> tuple[IndicatorResult, ...]:
    return tuple(result for figures in found for result in figures.results)


def _pool(
    plan: Plan, dataset: Dataset, found: Sequence[ArmFigures]
) -> tuple[Pooled, ...]:
    """Overall figures of both arms together, unweighted, when the plan asks for them.

    Hidden wherever one of the arms is, or the other arm would give it back.
    """
    if plan.pooling is None or len(found) < 2:
        return ()
    table = ArmTable.of(dataset.responses)
    count = len(table.responses)
    simple = of_people(np.ones(count), [""] * count)
    pooled = []
    for at, indicator in enumerate(plan.indicators):
        mask = table.masks(indicator)
        figure = Counted(indicator.id, mask.asked, mask.base, mask.positive, True)
        zeros = np.zeros(count, dtype=np.intp)
        verdict = judge([figure], zeros, 1, plan.policy).verdicts[0][0]
        parts = [arm.overall[at] for arm in found]
        if verdict is None:
            continue
        if not verdict.shown or any(part is None or not part.shown for part in parts):
            kind = verdict.suppression if not verdict.shown else Suppression.SECONDARY
            pooled.append(Pooled(indicator.id, None, kind, ""))
            continue
        columns = mask.positive[:, None], mask.base[:, None]
        estimate = shares(simple, *columns, confidence=plan.confidence)[0]
        pooled.append(Pooled(indicator.id, estimate, Suppression.NONE, verdict.flag))
    return tuple(pooled)


def _safe_report(report: WeightReport, plan: Plan) -> WeightReport:
    """The weight report without small counts.

    In a margin with a category under the threshold no count is shown, and shares are
    rounded so coarsely that each step holds at least the threshold's people.
    """
    threshold = plan.policy.threshold
    step = max(0.01, math.ceil(100 * threshold / report.responses) / 100)
    small = {
        row.variables
        for row in report.margins
        if row.responses is not None and row.responses < threshold
    }
    rows = tuple(
        replace(
            row,
            responses=None,
            unweighted=_round(row.unweighted, step),
            weighted=_round(row.weighted, step),
        )
        if row.variables in small and row.unweighted is not None
        else row
        for row in report.margins
    )
    collapsed = tuple(replace(item, responses=None) for item in report.collapsed)
    return replace(report, margins=rows, collapsed=collapsed)


def _round(value: float, step: float) -> float:
    return round(value / step) * step


def _facts(
    tables: Mapping[Arm, ArmTable],
    cases: Sequence[IssuedCase],
    found: Sequence[ArmFigures],
) -> dict[str, float | int | str]:
    """Counts and rates of the fieldwork, and what the audit of disclosure did."""
    facts: dict[str, float | int | str] = {"issued": len(cases)}
    for arm, table in tables.items():
        modes = Counter(response.mode for response in table.responses)
        facts[f"interviews_{arm.value}"] = len(table.responses)
        for mode in Mode:
            if modes[mode]:
                facts[f"interviews_{arm.value}_{mode.value}"] = modes[mode]
    known = {item.value for item in Disposition}
    if cases and all(case.disposition in known for case in cases):
        for rate in rates(Disposition(case.disposition) for case in cases).values():
            if rate.value is not None:
                facts[f"rate_{rate.name}"] = rate.value
    hidden = [r for figures in found for r in figures.results if r.estimate is None]
    facts["figures"] = sum(len(figures.results) for figures in found)
    facts["figures_hidden"] = len(hidden)
    facts["disclosure_audited"] = sum(figures.audited for figures in found)
    facts["disclosure_open_ends"] = sum(figures.open_ends for figures in found)
    return facts


def _decisions(plan: Plan) -> tuple[str, ...]:
    """What a reader must know of the choices made; sentences for the method note."""
    share = f"{1 - plan.confidence:.0%}"
    made = [
        "The sampled arm (web by code, and telephone) is weighted to the population. "
        "The open arm is shown apart, unweighted: people chose themselves, so it stands "
        "for nobody else and its intervals show chance variation only.",
        "Mode of interview is reported for every figure that may be broken down.",
        "Errors are design based: Taylor linearisation in the sampling strata, on what "
        "calibration leaves over (the calibrate form, not R's rake form), without a "
        "finite population correction.",
        f"Intervals hold with {plan.confidence:.0%} confidence: on the scale of log "
        "odds with Student's t, or Korn and Graubard's beta interval where the "
        "effective number of positive or negative answers is under 10.",
        "Degrees of freedom: people in the base less one, and never more than the "
        "whole design's.",
        "A scorecard cell is met or not met only where its interval leaves the target "
        f"out and the false discovery rate over the page stays at {share} (Benjamini "
        "and Hochberg); otherwise it is inconclusive. Where several indicators measure "
        "one entitlement, due occasions are counted over people, and the highest of "
        "their targets applies.",
        "Kinds of no answer that stay in a base are listed with the indicator; the "
        "others leave it. Those who gave no answer to a question that breaks figures "
        "down form a category of their own.",
    ]
    if plan.pooling is not None:
        made.append(
            "Both arms together are shown because the plan asks for it. Reason: "
            f"{plan.pooling.reason} Owner: {plan.pooling.owner}."
        )
    return tuple(made)

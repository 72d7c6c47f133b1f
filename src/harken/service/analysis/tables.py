"""The kept figures as CSV for staff: every number that may be seen, and no other.

A hidden figure has empty cells and the word for why; its numbers are not in the results.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from harken.method.compliance import Results
from harken.method.estimation import Estimate

FIGURE = (
    "share",
    "low",
    "high",
    "se",
    "base",
    "weighted_base",
    "effective_base",
    "df",
    "design_effect",
    "interval",
)


def indicators_csv(results: Results) -> str:
    """One line a figure: indicator, arm, breakdown, category, numbers, verdict, flag."""
    head = ("indicator", "title", "arm", "breakdown", "category", *FIGURE)
    titles = {measure.id: measure.title for measure in results.measures}
    return _write(
        (*head, "suppression", "flag"),
        (
            (
                item.indicator,
                titles[item.indicator],
                item.arm.value,
                item.breakdown or "",
                item.category or "",
                *_figure(item.estimate),
                item.suppression.value,
                item.flag,
            )
            for item in results.indicators
        ),
    )


def scorecard_csv(results: Results) -> str:
    """One line a cell of the scorecard."""
    head = ("entitlement", "title", "agency", "stage", "indicators", "state")
    return _write(
        (*head, *FIGURE, "target", "adjusted_p", "flag"),
        (
            (
                cell.entitlement,
                cell.title,
                cell.agency,
                cell.stage,
                " ".join(cell.indicators),
                cell.state.value,
                *_figure(cell.estimate),
                "" if cell.target is None else cell.target,
                "" if cell.adjusted_p is None else cell.adjusted_p,
                cell.flag,
            )
            for cell in results.scorecard
        ),
    )


def _figure(estimate: Estimate | None) -> Sequence[object]:
    if estimate is None:
        return ("",) * len(FIGURE)
    return (
        estimate.value,
        estimate.low,
        estimate.high,
        estimate.se,
        estimate.base,
        estimate.weighted_base,
        estimate.effective_base,
        estimate.df,
        "" if estimate.deff is None else estimate.deff,
        estimate.method,
    )


def _write(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(rows)
    return out.getvalue()

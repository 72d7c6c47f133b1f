"""Reads of the analysis room: runs, their results, and words for their codes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import QuerySet

from harken.method.compliance import IndicatorResult, Results
from harken.method.errors import refuse
from harken.service.analysis import faults
from harken.service.analysis.models import AnalysisRun
from harken.service.response import queries as responses

_READ: dict[str, Results] = {}
_KEPT = 8


def runs(slug: str | None = None) -> QuerySet[AnalysisRun]:
    """The runs of a study, or of all, the newest first, without their results."""
    rows = AnalysisRun.objects.order_by("-made_at", "-pk").defer("results")
    return rows if slug is None else rows.filter(study=slug)


def run_of(slug: str, number: int | None = None) -> AnalysisRun:
    """A run of a study by its number, or the newest. Raises HarkenError (ANA-001, 004)."""
    rows = runs(slug)
    if number is not None:
        rows = rows.filter(pk=number)
    found = rows.first()
    if found is None and number is not None:
        raise refuse(faults.UNKNOWN_RUN, study=slug[:100], number=number)
    if found is None:
        raise refuse(faults.NO_RUN, study=slug[:100])
    return found


def results_of(run: AnalysisRun) -> Results:
    """The results of a run; kept in memory by digest, since a run never changes."""
    found = _READ.get(run.digest)
    if found is None:
        found = Results.from_json(run.results)
        if len(_READ) >= _KEPT:
            _READ.clear()
        _READ[run.digest] = found
    return found


def results(slug: str) -> Results:
    """The newest results of a study. Raises HarkenError (ANA-001)."""
    return results_of(run_of(slug))


@dataclass(frozen=True, slots=True)
class Filter:
    """What of the indicator table to show; empty means everything."""

    indicator: str = ""
    breakdown: str = ""
    arm: str = ""

    def keeps(self, result: IndicatorResult) -> bool:
        """Whether a figure is asked for; without a breakdown only overall figures are."""
        return (
            self.indicator in ("", result.indicator)
            and self.breakdown == (result.breakdown or "")
            and self.arm in ("", result.arm.value)
        )


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the indicator table: a figure with its words."""

    result: IndicatorResult
    title: str
    among: str
    category: str


def rows(results: Results, wanted: Filter, words: Words) -> tuple[Row, ...]:
    """The lines of the indicator table that a filter keeps, in the plan's order."""
    measures = {measure.id: measure for measure in results.measures}
    return tuple(
        Row(
            result=result,
            title=measures[result.indicator].title,
            among=measures[result.indicator].among,
            category=words.get((result.breakdown or "", result.category or ""))
            or (result.category or ""),
        )
        for result in results.indicators
        if wanted.keeps(result)
    )


Words = Mapping[tuple[str, str], str]
"""Labels by variable and code."""


def words(slug: str) -> Words:
    """The codebook's labels for the codes of a study's variables."""
    return {
        (variable.name, code.code): code.label
        for variable in responses.codebook(slug).variables
        for code in variable.codes
        if not code.missing
    }

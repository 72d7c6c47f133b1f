"""What one analysis run found: every figure that may be shown, and the scorecard.

Suppressed figures never enter these objects: a hidden cell carries no value, no error
and no base, so nothing downstream can let it slip.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from harken.method.compliance.edition import Indicator
from harken.method.compliance.serial import dump, load
from harken.method.disclosure import Suppression
from harken.method.estimation import Estimate
from harken.method.terms import Arm
from harken.method.weighting import WeightReport


class State(StrEnum):
    """What can be said of one entitlement at one agency."""

    MET = "met"
    NOT_MET = "not_met"
    INCONCLUSIVE = "inconclusive"
    NOT_VICTIM_REPORTABLE = "not_victim_reportable"
    NOT_MEASURED = "not_measured"
    TOO_FEW = "too_few"


@dataclass(frozen=True, slots=True)
class IndicatorResult:
    """One figure: an indicator in one arm, overall or in one category of a breakdown.

    ``breakdown`` and ``category`` are both None for the overall figure. ``estimate`` is
    None exactly when ``suppression`` is not none. ``flag`` is ``u`` for a base too
    small to rely on, else empty.
    """

    indicator: str
    arm: Arm
    breakdown: str | None
    category: str | None
    estimate: Estimate | None
    suppression: Suppression
    flag: str

    def __post_init__(self) -> None:
        if (self.estimate is None) is (self.suppression is Suppression.NONE):
            raise ValueError("a cell has an estimate exactly when it is not suppressed")
        if (self.breakdown is None) is not (self.category is None):
            raise ValueError("a breakdown and its category go together")


@dataclass(frozen=True, slots=True)
class Pooled:
    """An overall figure of both arms together, only when the plan asks for it."""

    indicator: str
    estimate: Estimate | None
    suppression: Suppression
    flag: str


@dataclass(frozen=True, slots=True)
class ScorecardCell:
    """One entitlement at one agency and stage.

    ``estimate`` is the share of due occasions on which victims say it was kept, over
    people, with its interval; ``target`` the share asked for; ``adjusted_p`` the
    two-sided p against the target after the false discovery rate is controlled over
    the page. All three are None where nothing was tested.
    """

    entitlement: str
    title: str
    agency: str
    stage: str
    indicators: tuple[str, ...]
    state: State
    arm: Arm
    estimate: Estimate | None
    target: float | None
    adjusted_p: float | None
    flag: str


@dataclass(frozen=True)
class Results:
    """Everything a release is made from.

    ``measures`` carries the indicators' definitions, so a reader needs nothing else;
    ``facts`` holds counts and rates of the fieldwork; ``decisions`` the choices a
    reader must know of, each a sentence; ``rules`` the disclosure rules applied.
    """

    study: str
    plan_digest: str
    code: str
    confidence: float
    weights: WeightReport | None
    measures: tuple[Indicator, ...]
    headlines: tuple[str, ...]
    breakdowns: tuple[str, ...]
    indicators: tuple[IndicatorResult, ...]
    pooled: tuple[Pooled, ...]
    scorecard: tuple[ScorecardCell, ...]
    facts: Mapping[str, float | int | str]
    decisions: tuple[str, ...]
    rules: tuple[str, ...]

    def to_json(self) -> str:
        """Canonical JSON: sorted keys, no blanks, floats of ten significant digits."""
        return dump(self)

    @classmethod
    def from_json(cls, text: str) -> Results:
        """Read what ``to_json`` wrote; raises HarkenError (CMP-001) otherwise."""
        return load(cls, text)

    def overall(self, indicator: str, arm: Arm = Arm.SAMPLE) -> IndicatorResult | None:
        """The figure of an indicator over all, or None when nobody was asked."""
        return next(iter(self.within(indicator, arm, None)), None)

    def within(
        self, indicator: str, arm: Arm, breakdown: str | None
    ) -> Sequence[IndicatorResult]:
        """The figures of an indicator by one breakdown, in their order; None: over all."""
        return self._places.get((indicator, arm, breakdown), ())

    @cached_property
    def _places(self) -> dict[tuple[str, Arm, str | None], list[IndicatorResult]]:
        """A release looks for each of its figures: it must not go through all of them."""
        places: dict[tuple[str, Arm, str | None], list[IndicatorResult]] = {}
        for result in self.indicators:
            key = (result.indicator, result.arm, result.breakdown)
            places.setdefault(key, []).append(result)
        return places

    def measure(self, indicator: str) -> Indicator:
        """The definition of an indicator. Raises KeyError when there is none."""
        for measure in self.measures:
            if measure.id == indicator:
                return measure
        raise KeyError(indicator)

    def coverage(self, truths: Mapping[str, float]) -> Mapping[str, bool]:
        """Whether each overall interval of the sampled arm holds the known truth.

        ``truths`` maps indicator ids to shares; suppressed indicators and those without
        a truth are left out. The share of True over many seeds is the coverage.
        """
        held = {}
        for name, truth in truths.items():
            result = self.overall(name)
            if result is not None and result.estimate is not None:
                held[name] = result.estimate.low <= truth <= result.estimate.high
        return held

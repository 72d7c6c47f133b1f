"""The analysis plan: what is weighted, estimated, hidden and judged, as frozen data."""

from __future__ import annotations

from dataclasses import dataclass

from harken.method.compliance.edition import Indicator
from harken.method.disclosure import Policy


@dataclass(frozen=True, slots=True)
class WeightPlan:
    """How responses are weighted: margins of design variables, and bounds.

    Bounds are on the change of a weight; 0 and infinity mean none. Categories with
    fewer responses than ``smallest`` are collapsed before raking.
    """

    margins: tuple[tuple[str, ...], ...]
    lower: float
    upper: float
    smallest: int
    seed: int


@dataclass(frozen=True, slots=True)
class Pooling:
    """The explicit, signed wish to report both arms together."""

    reason: str
    owner: str


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole analysis plan; ``digest`` is the SHA-256 of the text it was read from."""

    code: str
    weights: WeightPlan
    confidence: float
    policy: Policy
    breakdowns: tuple[str, ...]
    headlines: tuple[str, ...]
    indicators: tuple[Indicator, ...]
    pooling: Pooling | None
    digest: str

    def indicator(self, name: str) -> Indicator:
        """The indicator with this id. Raises KeyError when there is none."""
        for item in self.indicators:
            if item.id == name:
                return item
        raise KeyError(name)

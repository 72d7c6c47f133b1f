"""The compliance room: was the Code kept, as far as victims can tell?

In: an analysis plan, a Code edition and the pseudonymous responses. Out: `Results`, in
which every figure is weighted, has its error, has passed disclosure control, and is set
beside the entitlement it speaks of. The service room analysis and publication may open
the door.
"""

from harken.method.compliance.edition import CodeEdition, Entitlement, Indicator
from harken.method.compliance.evaluate import evaluate
from harken.method.compliance.plan import Plan
from harken.method.compliance.reading import read_code, read_plan
from harken.method.compliance.results import IndicatorResult, Results, ScorecardCell

__all__ = [
    "CodeEdition",
    "Entitlement",
    "Indicator",
    "IndicatorResult",
    "Plan",
    "Results",
    "ScorecardCell",
    "evaluate",
    "read_code",
    "read_plan",
]

"""What can be wrong with a design or a base."""

from __future__ import annotations

from harken.method.errors import Fault

EMPTY_BASE = Fault(
    "EST-001",
    "A figure was asked of a base of nobody.",
    "No response stands in the base, so there is no share to give.",
    "Show that nobody was asked, or widen the base.",
)
LONELY = Fault(
    "EST-002",
    "{count} strata hold a single unit, so their variance cannot be estimated.",
    "A stratum with one unit shows no spread, and the policy says to stop.",
    "Join such strata, or choose another policy for lonely units: adjust, average, "
    "certainty.",
)
WRONG_DESIGN = Fault(
    "EST-003",
    "The design does not fit the data: {problem}.",
    "Weights, strata and units must have one entry a response; weights are finite and "
    "not negative; a stratum has one size, not under its sample.",
    "Check how the design was built.",
)

"""Why a set of weights could not be made, and what to do about it."""

from __future__ import annotations

from harken.method.errors import Fault

NOBODY = Fault(
    "WGT-001",
    "There are no responses to weight.",
    "No response of the sampled arm has come in.",
    "Weight after interviews were collected: harken response collect STUDY.",
)
CONTRADICT = Fault(
    "WGT-002",
    "The margins {first} and {second} add up to different populations "
    "({first_total} and {second_total}).",
    "Two margins of one population must have one total; no weights can meet both.",
    "Make the margins from one population table.",
)
UNKNOWN_CATEGORY = Fault(
    "WGT-003",
    "The responses hold the value '{value}' of {variable}, which the population "
    "table does not know.",
    "The sample file and the population table spell a category differently.",
    "Spell it alike in both, or add the category to the population table.",
)
NO_CONVERGENCE = Fault(
    "WGT-004",
    "Raking did not converge in {sweeps} sweeps: {category} of {margin} is still "
    "{gap:.2%} from its target.",
    "The margins contradict each other for the responses at hand, or the bounds on "
    "the weights leave no room.",
    "Use fewer or coarser margins, raise 'smallest' so that thin categories are "
    "collapsed, or widen the bounds.",
)
BOUNDS = Fault(
    "WGT-005",
    "{category} of {margin} cannot reach its target while weights change by factors "
    "between {lower:g} and {upper:g}: its {responses} responses can stand for {reach} "
    "{people:.0f} people, the target is {target:.0f}.",
    "The bounds are too tight for a category that answered much less, or much more, "
    "often than the others.",
    "Widen the bounds in analysis.yaml (weights: trim), or use a coarser margin.",
)
NO_TARGET = Fault(
    "WGT-006",
    "The margin {margin} has no population.",
    "The population table is empty, or its counts are all zero.",
    "Check the study's population table.",
)
BAD_BOUNDS = Fault(
    "WGT-007",
    "Weights cannot be held between {lower:g} and {upper:g} times what they were.",
    "The lower bound must be at least 0 and under 1, the upper over 1.",
    "Mend the bounds in analysis.yaml (weights: trim).",
)
STRATUM = Fault(
    "WGT-008",
    "A stratum has responses and no issued case: {stratum}.",
    "The design rows of the issued sample and the responses do not fit together.",
    "Close the sample again: harken response close STUDY.",
)

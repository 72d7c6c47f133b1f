"""What the indicators really are in the invented population: exact, no lottery.

The truth of an indicator is the mean of its chosen share over everybody in its base.
Bases that depend on anything but the enhanced flag have even shares, so the mean over
the population table is the mean over the base.
"""

from __future__ import annotations

from harken.method.rehearsal import replies
from harken.method.rehearsal.truths import DISABLED, ENHANCED, Share
from harken.method.sampling import Population


def truth(population: Population) -> dict[str, float]:
    """The share of positives for each indicator of the demo study, in its plan's ids."""
    means = {
        name: _mean(known.share, population) for name, known in replies.REPLIES.items()
    }
    shares: dict[str, float] = {}
    for indicator, question in replies.INDICATORS.items():
        part = 1.0
        if indicator in replies.PARTIAL:
            wanted = replies.PARTIAL[indicator]
            positive = replies.REPLIES[question].positive
            part = sum(weight for code, weight in positive if code in wanted)
        shares[indicator] = means[question] * part
    return shares


def _mean(share: Share, population: Population) -> float:
    """The mean of a share over everybody, enhanced and disabled by their chances."""
    if share.even:
        return share.base
    total = 0.0
    for (_, crime, _, age), count in population.cells.items():
        by_crime = share.base + share.crime.get(crime, 0.0)
        bent = share.enhanced * ENHANCED[crime] + share.disabled * DISABLED[age]
        total += count * (by_crime + bent)
    return total / population.total

"""Sampling: from a force's file to a drawn sample.

In come lines of a sample file and a population table; out go rows fit to be sealed,
counts of the excluded by reason, findings that name a place but never a value, and a
drawn selection with its inclusion probabilities. The rows hold identities in memory:
only ``service.sampling.load`` may open this door with real people behind it.
"""

from harken.method.sampling.columns import COLUMNS, Codes, Row
from harken.method.sampling.population import Population
from harken.method.sampling.reader import read_sample
from harken.method.sampling.screening import ExclusionReason, screen
from harken.method.sampling.selection import Selection, draw
from harken.method.sampling.variables import design_of

__all__ = [
    "COLUMNS",
    "Codes",
    "ExclusionReason",
    "Population",
    "Row",
    "Selection",
    "design_of",
    "draw",
    "read_sample",
    "screen",
]

"""What can be wrong with an analysis plan, a Code file or a set of results."""

from __future__ import annotations

from harken.method.errors import Fault

NOT_RESULTS = Fault(
    "CMP-001",
    "The text is not a set of results of this version: {problem}.",
    "It was cut, edited, or written by another version of Harken.",
    "Run the analysis again: harken analysis run STUDY.",
)

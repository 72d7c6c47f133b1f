"""Why an analysis could not be run, or shown."""

from __future__ import annotations

from harken.method.errors import Exit, Fault

NO_RUN = Fault(
    "ANA-001",
    "The study '{study}' has not been analysed yet.",
    "No run of the analysis is kept for it.",
    "Run it: harken analysis run {study}.",
    exit=Exit.REFUSED,
)
NO_FILE = Fault(
    "ANA-002",
    "The study's folder holds no {path}.",
    "The analysis needs the plan, the Code edition it measures and the population table.",
    "Add the file to the study's folder and load the study again.",
)
NOBODY = Fault(
    "ANA-003",
    "The study '{study}' has no responses to analyse.",
    "None was collected across the wall yet.",
    "Collect them first: harken response collect {study}.",
    exit=Exit.REFUSED,
)
UNKNOWN_RUN = Fault(
    "ANA-004",
    "There is no run number {number} of the study '{study}'.",
    "The number was mistyped, or belongs to another study.",
    "List the runs: harken analysis list.",
)

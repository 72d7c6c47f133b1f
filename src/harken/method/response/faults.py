"""What can be wrong with a stored response: the catalogue entries RES-001 and on."""

from __future__ import annotations

from harken.method.errors import Exit, Fault

UNREADABLE = Fault(
    "RES-001",
    "A stored response cannot be read.",
    "It was written by a later version of Harken, or it is damaged.",
    "Run the version that wrote it, or restore the answers database from a backup.",
    exit=Exit.FAULT,
)
STRANGE_ANSWER = Fault(
    "RES-002",
    "A response answers '{variable}', which the codebook does not hold.",
    "The response belongs to another version of the questionnaire, or free text "
    "was let across.",
    "Collect each version with its own codebook; report the second as a fault.",
    exit=Exit.FAULT,
)

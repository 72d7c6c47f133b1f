"""The anonymisation room's catalogue of faults."""

from __future__ import annotations

from harken.method.errors import Exit, Fault

NOT_VALID = Fault(
    "ANO-001",
    "The certificate is not valid: {reason}.",
    "It was changed after it was signed, or it states what its own proofs deny.",
    "Ask the operator for the certificate again; if it stays so, tell the regulator.",
    exit=Exit.NOT_VERIFIED,
)
NEEDLE_SHORT = Fault(
    "ANO-002",
    "A needle has fewer than {least} characters.",
    "So short a text is found everywhere by chance and would prove nothing.",
    "Search for whole telephone numbers, addresses, references or full names.",
)
NO_NEEDLES = Fault(
    "ANO-003",
    "There is nothing to search for.",
    "The list of needles is empty.",
    "Give one needle a line.",
)

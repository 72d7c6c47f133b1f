"""Destruction and its proof, as knowledge: steps, plans, searching, the certificate.

What enters: commitments, receipts, ledger entries, texts to search for. What leaves: a
signed certificate, and the verdict of a verifier that trusts nothing else. Names enter
only as needles to search for, and are not kept.
"""

from harken.method.anonymisation import certificate, cohorts, falsify, gate
from harken.method.anonymisation.needles import Finder
from harken.method.anonymisation.steps import Fate, Side, Step
from harken.method.anonymisation.verify import NotValid, verify

__all__ = [
    "Fate",
    "Finder",
    "NotValid",
    "Side",
    "Step",
    "certificate",
    "cohorts",
    "falsify",
    "gate",
    "verify",
]

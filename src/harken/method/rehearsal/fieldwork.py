"""What becomes of an issued case: who answers, who refuses, who is never reached.

The chance to answer depends on the variables that weighting knows, and on nothing that
is measured, so a weighted figure can meet its truth and an unweighted one need not.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from numpy.random import Generator


class Fate(StrEnum):
    """How fieldwork ends for one case."""

    WEB = "web"
    TELEPHONE = "telephone"
    OPT_OUT = "opt_out"
    REFUSAL = "refusal"
    NOT_REACHED = "not_reached"
    WRONG_NUMBER = "wrong_number"
    LETTER_BACK = "letter_back"


ANSWERS = 0.47
BY_CRIME = {
    "burglary": 1.12,
    "robbery": 0.92,
    "violence": 0.95,
    "hate": 0.98,
    "sexual": 0.84,
    "other": 1.0,
}
BY_AGE = {
    "18-24": 0.76,
    "25-34": 0.86,
    "35-44": 1.0,
    "45-54": 1.1,
    "55-64": 1.18,
    "65+": 1.14,
}
BY_SEX = {"female": 1.05, "male": 0.95}
ONLINE = {
    "18-24": 0.58,
    "25-34": 0.55,
    "35-44": 0.5,
    "45-54": 0.44,
    "55-64": 0.36,
    "65+": 0.24,
}
OTHERWISE = (
    (Fate.OPT_OUT, 0.08),
    (Fate.REFUSAL, 0.30),
    (Fate.WRONG_NUMBER, 0.05),
    (Fate.LETTER_BACK, 0.02),
)


def chance(design: Mapping[str, str]) -> float:
    """The chance that a case with these design variables gives an interview."""
    crime = BY_CRIME.get(design["crime_group"], 1.0)
    age = BY_AGE.get(design["age_band"], 1.0)
    return ANSWERS * crime * age * BY_SEX.get(design["sex"], 1.0)


def fate_of(design: Mapping[str, str], rng: Generator) -> Fate:
    """What becomes of one case; two lots are drawn whatever they decide."""
    answers, lot = rng.random() < chance(design), float(rng.random())
    if answers:
        return Fate.WEB if lot < ONLINE.get(design["age_band"], 0.4) else Fate.TELEPHONE
    for fate, share in OTHERWISE:
        lot -= share
        if lot < 0:
            return fate
    return Fate.NOT_REACHED

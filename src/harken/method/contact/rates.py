"""Response, cooperation, refusal and contact rates, each with its formula's name.

Source: AAPOR, Standard Definitions, 10th edition (2023), chapter on calculating outcome
rates. ``e`` is the share of cases of unknown eligibility taken to be eligible; where
none is given, it is the share found among the cases whose eligibility is known (CASRO).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from harken.method.contact.disposition import Disposition, Group


@dataclass(frozen=True, slots=True)
class Rate:
    """One rate: its name in the standard, the formula, and both of its parts."""

    name: str
    title: str
    formula: str
    numerator: float
    denominator: float

    @property
    def value(self) -> float | None:
        """The rate between 0 and 1; None when there is nobody to count."""
        return self.numerator / self.denominator if self.denominator else None


def eligible_share(dispositions: Iterable[Disposition]) -> float:
    """e by the proportional method: eligible over all of known eligibility; 1 if none."""
    tally = Counter(disposition.group for disposition in dispositions)
    unknown = {Group.UH, Group.UO, Group.NE, Group.OPEN}
    eligible = sum(n for group, n in tally.items() if group not in unknown)
    known = eligible + tally[Group.NE]
    return eligible / known if known else 1.0


def rates(
    dispositions: Iterable[Disposition], *, e: float | None = None
) -> dict[str, Rate]:
    """RR1, RR2, RR3, COOP1, REF1 and CON1 by name; open cases count as at the close.

    Raises ValueError when ``e`` is not between 0 and 1.
    """
    final = [disposition.at_close() for disposition in dispositions]
    share = eligible_share(final) if e is None else e
    if not 0 <= share <= 1:
        raise ValueError("e is a share between 0 and 1")
    n = Counter(disposition.group for disposition in final)
    interviews = n[Group.I] + n[Group.P]
    others = n[Group.R] + n[Group.NC] + n[Group.O]
    unknown = n[Group.UH] + n[Group.UO]
    spoken = interviews + n[Group.R] + n[Group.O]
    everybody = interviews + others + unknown
    top = "((I+P) + (R+NC+O) + (UH+UO))"
    weighed = f"((I+P) + (R+NC+O) + e(UH+UO)), e = {share:.3f}"
    listed = (
        Rate("RR1", "Response rate 1", f"I / {top}", n[Group.I], everybody),
        Rate("RR2", "Response rate 2", f"(I+P) / {top}", interviews, everybody),
        Rate(
            "RR3",
            "Response rate 3",
            f"I / {weighed}",
            n[Group.I],
            interviews + others + share * unknown,
        ),
        Rate(
            "COOP1",
            "Cooperation rate 1",
            "I / ((I+P) + R + O)",
            n[Group.I],
            spoken,
        ),
        Rate("REF1", "Refusal rate 1", f"R / {top}", n[Group.R], everybody),
        Rate("CON1", "Contact rate 1", f"((I+P) + R + O) / {top}", spoken, everybody),
    )
    return {rate.name: rate for rate in listed}

"""Stratified simple random sampling without replacement, with what must be kept of it.

Within stratum h each of the N_h people has the inclusion probability n_h / N_h and the
design weight N_h / n_h (Cochran, Sampling Techniques, 3rd ed., 1977, sections 5.2-5.3).
The seed is an argument and part of the result, so a draw can be shown to be the one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from harken.method.errors import Finding, HarkenError, refuse
from harken.method.sampling import faults


@dataclass(frozen=True, slots=True)
class Stratum:
    """One stratum after the draw."""

    name: str
    population: int
    frame: int
    issued: int

    @property
    def probability(self) -> float:
        """n_h / N_h; the frame is the part of the population the force could send."""
        return self.issued / self.population

    @property
    def weight(self) -> float:
        """N_h / n_h; zero in a stratum where nobody was asked for."""
        return self.population / self.issued if self.issued else 0.0


@dataclass(frozen=True, slots=True)
class Selection:
    """A draw: positions in the frame that are issued, the strata, the seed, findings."""

    issued: tuple[int, ...]
    strata: Mapping[str, Stratum]
    seed: int
    findings: tuple[Finding, ...]


def draw(
    frame: Sequence[str],
    *,
    sizes: Mapping[str, int],
    allocation: Mapping[str, int] | int,
    seed: int,
) -> Selection:
    """Draw from a frame given as each person's stratum, in an order that is kept.

    ``sizes`` are the population counts N_h; ``allocation`` is n_h by stratum, or one
    total spread in proportion to N_h. Same frame order and seed, same draw. Raises
    HarkenError (SAM-040 to SAM-043) when the plan does not fit the frame.
    """
    if not frame:
        raise refuse(faults.NOBODY)
    members: dict[str, list[int]] = {}
    for position, name in enumerate(frame):
        members.setdefault(name, []).append(position)
    wanted = _plan(members, sizes, allocation)
    generator = np.random.default_rng(seed)
    issued: list[int] = []
    strata: dict[str, Stratum] = {}
    findings: list[Finding] = []
    for name in sorted(members):
        people, number = members[name], wanted[name]
        if number > len(people):
            detail = {"stratum": name, "frame": len(people), "wanted": number}
            findings.append(Finding(faults.SHORT, None, detail))
            number = len(people)
        chosen = generator.choice(len(people), size=number, replace=False)
        issued += [people[int(index)] for index in chosen]
        strata[name] = Stratum(name, sizes[name], len(people), number)
    return Selection(tuple(sorted(issued)), strata, seed, tuple(findings))


def _plan(
    members: Mapping[str, Sequence[int]],
    sizes: Mapping[str, int],
    allocation: Mapping[str, int] | int,
) -> Mapping[str, int]:
    """n_h for each stratum of the frame, or all findings at once."""
    findings = [
        Finding(faults.NO_SIZE, None, {"stratum": name})
        for name in sorted(members)
        if not sizes.get(name)
    ]
    if isinstance(allocation, int):
        if findings:
            raise HarkenError(*findings)
        return _proportional({name: sizes[name] for name in members}, allocation)
    for fault, names in (
        (faults.NO_SUCH_STRATUM, set(allocation) - set(members)),
        (faults.NOT_ALLOCATED, set(members) - set(allocation)),
    ):
        findings += [Finding(fault, None, {"stratum": name}) for name in sorted(names)]
    if findings:
        raise HarkenError(*findings)
    return allocation


def _proportional(sizes: Mapping[str, int], total: int) -> dict[str, int]:
    """Largest remainders, so that the numbers add up to the total."""
    everybody = sum(sizes.values())
    exact = {name: total * size / everybody for name, size in sizes.items()}
    plan = {name: int(share) for name, share in exact.items()}
    rest = sorted(exact, key=lambda name: (plan[name] - exact[name], name))
    for name in rest[: total - sum(plan.values())]:
        plan[name] += 1
    return plan

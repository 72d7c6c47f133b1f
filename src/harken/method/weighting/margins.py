"""Margins: population counts by category, matched to responses, thin ones collapsed.

Every collapse is reported; nothing is joined in silence.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from harken.method.errors import refuse
from harken.method.weighting.faults import CONTRADICT, NO_TARGET, UNKNOWN_CATEGORY
from harken.method.weighting.report import Collapse

Category = tuple[str, ...]
Counts = Mapping[Category, float]


@dataclass(frozen=True, eq=False)
class Margin:
    """One margin: ``group[i]`` is the place of response i in ``targets``.

    ``targets`` are population counts; ``members`` gives the original categories that
    each group holds, with their own population counts.
    """

    variables: tuple[str, ...]
    group: NDArray[np.intp]
    targets: NDArray[np.float64]
    members: tuple[Mapping[Category, float], ...]

    @property
    def name(self) -> str:
        """The variables joined, as in ``sex by age_band``."""
        return " by ".join(self.variables)

    def label(self, group: int) -> str:
        """The categories of one group in words."""
        return " + ".join(" ".join(category) for category in self.members[group])


def match(
    responses: Sequence[Mapping[str, str]],
    variables: tuple[str, ...],
    population: Counts,
    smallest: int,
) -> tuple[Margin, tuple[Collapse, ...]]:
    """Match responses to a margin of the population, collapsing thin categories.

    A category with fewer responses than ``smallest`` (or with responses and no
    population) joins its neighbour in the order of names, first among those that agree
    in all but the last variable, then among all. Raises HarkenError: WGT-003 for a
    value the population does not know, WGT-006 for an empty population.
    """
    if sum(population.values()) <= 0:
        raise refuse(NO_TARGET, margin=" by ".join(variables))
    own = [tuple(row.get(name, "") for name in variables) for row in responses]
    _check_values(own, variables, population)
    found: dict[Category, int] = dict.fromkeys(sorted({*population, *own}), 0)
    for category in own:
        found[category] += 1
    groups, collapsed = _collapse(found, population, variables, smallest)
    place = {category: at for at, members in enumerate(groups) for category in members}
    targets = [sum(population.get(c, 0.0) for c in members) for members in groups]
    margin = Margin(
        variables,
        np.array([place[category] for category in own], dtype=np.intp),
        np.array(targets, dtype=np.float64),
        tuple({c: float(population.get(c, 0.0)) for c in group} for group in groups),
    )
    return margin, collapsed


def check_totals(margins: Sequence[Margin]) -> float:
    """The population that all margins share; WGT-002 when they differ."""
    first = margins[0]
    total = float(first.targets.sum())
    for other in margins[1:]:
        if not np.isclose(other.targets.sum(), total, rtol=1e-6, atol=0):
            raise refuse(
                CONTRADICT,
                first=first.name,
                second=other.name,
                first_total=f"{total:.0f}",
                second_total=f"{other.targets.sum():.0f}",
            )
    return total


def _check_values(
    own: Sequence[Category], variables: tuple[str, ...], population: Counts
) -> None:
    for at, variable in enumerate(variables):
        known = {category[at] for category in population}
        unknown = sorted({category[at] for category in own} - known)
        if unknown:
            raise refuse(UNKNOWN_CATEGORY, value=unknown[0], variable=variable)


def _collapse(
    found: Mapping[Category, int],
    population: Counts,
    variables: tuple[str, ...],
    smallest: int,
) -> tuple[list[list[Category]], tuple[Collapse, ...]]:
    """Join the thinnest group to its smaller neighbour until none is too thin."""
    groups = [[c] for c in found if found[c] or population.get(c, 0.0) > 0]

    def size(group: list[Category]) -> int:
        return sum(found[c] for c in group)

    def people(group: list[Category]) -> float:
        return sum(population.get(c, 0.0) for c in group)

    while len(groups) > 1:
        thin = [g for g in groups if size(g) < max(smallest, 1) or people(g) <= 0]
        if not thin:
            break
        group = min(thin, key=lambda g: (size(g), g))
        into = _neighbour(groups, group, size)
        groups.remove(group)
        into.extend(group)
    collapsed = tuple(
        Collapse(
            variables, category, main, found[category], _reason(population, category)
        )
        for group in groups
        for main in [_main(group, found, population)]
        for category in sorted(group)
        if category != main
    )
    return groups, collapsed


def _main(
    group: Sequence[Category], found: Mapping[Category, int], population: Counts
) -> Category:
    """The category that the others are said to have joined."""
    return max(group, key=lambda c: (population.get(c, 0.0) > 0, found[c], c))


def _reason(population: Counts, category: Category) -> str:
    return "too few responses" if population.get(category) else "no population"


def _neighbour(
    groups: list[list[Category]],
    group: list[Category],
    size: Callable[[list[Category]], int],
) -> list[Category]:
    at = groups.index(group)
    near = [groups[k] for k in (at - 1, at + 1) if 0 <= k < len(groups)]
    alike = [g for g in near if g[0][:-1] == group[0][:-1] and len(group[0]) > 1]
    return min(alike or near, key=lambda g: (size(g), g))

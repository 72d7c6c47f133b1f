"""The invented population: how many victims there are by area, crime, sex and age.

It is made once from a seed and kept in the study folder; the truths are means over it.
"""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from harken.method.sampling import Population

AREAS = tuple(f"A{number:02}" for number in range(1, 34))
CRIMES = ("burglary", "robbery", "violence", "hate", "sexual", "other")
SEXES = ("female", "male")
AGES = ("18-24", "25-34", "35-44", "45-54", "55-64", "65+")

CRIME_SHARES = (0.27, 0.13, 0.31, 0.07, 0.08, 0.14)
FEMALE = {
    "burglary": 0.49,
    "robbery": 0.38,
    "violence": 0.52,
    "hate": 0.46,
    "sexual": 0.85,
    "other": 0.48,
}
AGE_SHARES = {
    "burglary": (0.06, 0.17, 0.22, 0.21, 0.18, 0.16),
    "robbery": (0.28, 0.27, 0.18, 0.13, 0.09, 0.05),
    "violence": (0.21, 0.29, 0.22, 0.15, 0.09, 0.04),
    "hate": (0.17, 0.28, 0.24, 0.17, 0.10, 0.04),
    "sexual": (0.34, 0.29, 0.18, 0.11, 0.06, 0.02),
    "other": (0.13, 0.22, 0.22, 0.19, 0.14, 0.10),
}
TOTAL = 40_000
SEED = 20260101


def population_table(*, total: int = TOTAL, seed: int = SEED) -> str:
    """The text of population.csv; the same for the same seed. Empty cells are left out."""
    rng = np.random.default_rng(seed)
    area_sizes = rng.lognormal(0.0, 0.35, len(AREAS))
    cells: list[tuple[str, str, str, str]] = []
    weights: list[float] = []
    for area, size in zip(AREAS, area_sizes.tolist(), strict=True):
        crimes = rng.dirichlet(np.array(CRIME_SHARES) * 120)
        for crime, share in zip(CRIMES, crimes.tolist(), strict=True):
            for sex in SEXES:
                part = FEMALE[crime] if sex == "female" else 1 - FEMALE[crime]
                for age, by_age in zip(AGES, AGE_SHARES[crime], strict=True):
                    cells.append((area, crime, sex, age))
                    weights.append(size * share * part * by_age)
    chances = np.array(weights) / sum(weights)
    counts = rng.multinomial(total, chances).tolist()
    lines = ["area,crime_group,sex,age_band,count"]
    lines += [
        ",".join((*cell, str(count)))
        for cell, count in zip(cells, counts, strict=True)
        if count
    ]
    return "\n".join(lines) + "\n"


def draw_cells(
    population: Population, count: int, rng: Generator
) -> list[tuple[str, str, str, str]]:
    """Cells of different people of the population, each person as likely as any other."""
    cells = sorted(population.cells)
    sizes = np.array([population.cells[cell] for cell in cells])
    people = np.repeat(np.arange(len(cells)), sizes)
    chosen = rng.choice(people, size=count, replace=False)
    return [(*cells[index],) for index in chosen.tolist()]

"""An intruder who lays two published tables beside each other and takes one from the other.

Written apart from the room's own audit: it solves nothing, it subtracts. It knows every
shown count and total exactly, which base is part of which other, and that a hidden cell
holds somebody.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import permutations

import numpy as np

from harken.method.disclosure import Figure, Policy, judge

POLICY = Policy(10, 30, 3, 1.0, "SAF-53", "The owner", dt.date(2026, 1, 15))


@dataclass(frozen=True, slots=True)
class Table:
    """One question by one variable: true bases by category, and which are shown."""

    who: np.ndarray
    asked: np.ndarray
    base: np.ndarray
    shown: np.ndarray
    total_shown: bool


@dataclass
class Found:
    """What came of all pairs."""

    pairs: int = 0
    hidden: int = 0
    worked_out: int = 0
    narrow: int = 0
    """Hidden cells that the published total alone keeps small, whatever else is hidden."""


def make_tables(seed: int) -> list[Table]:
    """Ten judged tables of a made-up study: small groups, and questions within questions."""
    rng = np.random.default_rng(seed)
    size, people = int(rng.integers(3, 8)), int(rng.integers(60, 300))
    weights = rng.dirichlet(np.full(size, 0.7))
    category = rng.choice(size, people, p=weights).astype(np.intp)
    everyone = np.ones(people, dtype=bool)
    figures = []
    filters = [everyone]
    for number in range(10):
        asked = filters[int(rng.integers(len(filters)))]
        base = asked & (rng.random(people) > rng.choice([0.0, 0.02, 0.1]))
        positive = base & (rng.random(people) < rng.uniform(0.1, 0.9))
        shown = bool(base.sum() >= POLICY.flag_below)
        figures.append(Figure(f"I{number:02}", asked, base, positive, shown))
        filters.append(positive)
    verdicts = judge(figures, category, size, POLICY).verdicts
    return [
        Table(
            who=figure.base,
            asked=figure.asked,
            base=np.bincount(category[figure.base], minlength=size),
            shown=np.array([one is not None and one.shown for one in row]),
            total_shown=figure.total_shown,
        )
        for figure, row in zip(figures, verdicts, strict=True)
    ]


def difference_all(seeds: range) -> Found:
    """Every ordered pair of tables of every made-up study."""
    found = Found()
    for seed in seeds:
        for one, other in permutations(make_tables(seed), 2):
            found.pairs += 1
            for sure, at_most in small_cells(one, other):
                found.hidden += 1
                if sure < POLICY.threshold:
                    found.narrow += 1
                elif at_most < POLICY.threshold:
                    found.worked_out += 1
    return found


def small_cells(one: Table, other: Table) -> Iterator[tuple[int, int]]:
    """For each hidden small cell: what the totals alone leave possible, and the pair."""
    small = (one.base > 0) & (one.base < POLICY.threshold)
    inside = not (other.asked & ~one.who).any()
    outside = not (one.asked & ~other.who).any()
    for c in np.flatnonzero(small):
        assert not one.shown[c], "a small cell is shown"
        sure = at_most = 2**31
        if one.total_shown:
            others = [o for o in np.flatnonzero(one.base > 0) if o != c]
            total = int(one.base.sum())
            sure = total - len(others)
            at_most = total - sum(
                _at_least(one, other, o, inside=inside) for o in others
            )
        if outside and other.shown[c]:
            at_most = min(at_most, int(other.base[c]))
        yield sure, at_most


def _at_least(one: Table, other: Table, c: int, *, inside: bool) -> int:
    """How many a category holds at the least, for all the two tables say."""
    if one.shown[c]:
        return int(one.base[c])
    return int(other.base[c]) if inside and other.shown[c] else 1

"""What an intruder knows: all tables by one variable, as one system of equations.

The unknowns are counts of people in sets (a base, those who said yes, those who did
not) by category. Two figures on the same set of people share its unknowns, so a count
shown in one table is known in every other. The intruder knows which sets are the same,
every shown count, every shown total, and that a hidden category holds somebody.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import NDArray

Ints = NDArray[np.intp]
Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Unknown = tuple[int, int]
"""A set of people and a category."""

CLOSE = 1e-6
"""Slack of the linear programmes."""


@dataclass(frozen=True, eq=False)
class Figure:
    """One share to be published by category, as masks over the n responses of an arm.

    ``asked`` are those the question is for, ``base`` those who count in the base, a
    part of them, ``positive`` a part of the base. ``total_shown`` says whether the
    overall figure is published.
    """

    name: str
    asked: Bools
    base: Bools
    positive: Bools
    total_shown: bool


@dataclass(frozen=True, slots=True)
class Sensitive:
    """A quantity that must stay uncertain: a sum of unknowns that must be able to reach
    ``need`` in the intruder's eyes. ``figure`` and ``category`` say whose it is."""

    figure: int
    category: int
    terms: tuple[tuple[Unknown, float], ...]
    need: float


@dataclass(eq=False)
class System:
    """The counts of all figures by one variable.

    ``sets[f]`` are the numbers of figure f's base, positive and other set;
    ``counts[s, c]`` the people of set s in category c. ``within[t, s]`` says that set t
    is part of set s for all to see: whoever its question is asked of is in s.
    """

    figures: Sequence[Figure]
    sets: list[tuple[int, int, int]]
    counts: Ints
    within: Bools

    @classmethod
    def build(cls, figures: Sequence[Figure], category: Ints, size: int) -> System:
        """Count every set by category.

        Equal bases become one set, and an answer on which another question's base
        stands becomes that base: the questionnaire tells the intruder so.
        """
        known: dict[bytes, int] = {}
        rows: list[Ints] = []
        masks: list[Bools] = []

        def number(mask: Bools, *, base: bool) -> int:
            key = np.packbits(mask).tobytes()
            if key in known and mask.any():
                return known[key]
            rows.append(np.bincount(category[mask], minlength=size))
            masks.append(mask)
            if base:
                known[key] = len(rows) - 1
            return len(rows) - 1

        bases = [number(figure.base, base=True) for figure in figures]
        sets = []
        for base, figure in zip(bases, figures, strict=True):
            yes = number(figure.positive, base=False)
            no = number(figure.base & ~figure.positive, base=False)
            sets.append((base, yes, no))
        counts = np.array(rows, dtype=np.intp).reshape(-1, size)
        within = np.zeros((len(masks), len(masks)), dtype=bool)
        if masks:
            asked = np.array([figure.asked for figure in figures], dtype=np.float32)
            outside = asked @ (~np.array(masks)).astype(np.float32).T
            for base, without in zip(bases, outside, strict=True):
                within[base] |= without == 0
        return cls(figures, sets, counts, within)

    @property
    def size(self) -> int:
        """How many categories there are."""
        return int(self.counts.shape[1])

    def base(self, figure: int) -> Ints:
        """The base of a figure by category."""
        return np.asarray(self.counts[self.sets[figure][0]], dtype=np.intp)

    def positive(self, figure: int) -> Ints:
        """The positive answers of a figure by category."""
        return np.asarray(self.counts[self.sets[figure][1]], dtype=np.intp)

    def unknowns(self, hidden: Bools) -> Bools:
        """Which counts (sets x categories) the pattern leaves unknown."""
        unknown = np.ones(self.counts.shape, dtype=bool)
        for figure, sets in enumerate(self.sets):
            # A category in which nobody was asked has no row at all: known to be empty.
            open_ = hidden[figure] & (self.base(figure) > 0)
            for one in sets:
                unknown[one] &= open_
        return unknown

    def reached(self, hidden: Bools, sensitive: Sequence[Sensitive]) -> Bools:
        """Whether each quantity can be as much as it needs, for all the intruder knows.

        Decided by linear programmes: one for all that can be so at once, and the next
        for the rest; then one for each that remains.
        """
        return _Intruder.of(self, hidden).reached(self, sensitive)


@dataclass(eq=False)
class _Intruder:
    """The unknowns as columns of linear equations, split into independent parts."""

    column: Mapping[Unknown, int]
    matrix: scipy.sparse.csr_array
    right: NDArray[np.float64]
    lower: NDArray[np.float64]
    part: NDArray[np.int32]

    @classmethod
    def of(cls, system: System, hidden: Bools) -> _Intruder:
        unknown = system.unknowns(hidden)
        column = {(int(s), int(c)): k for k, (s, c) in enumerate(np.argwhere(unknown))}
        equations = _Equations(system, column)
        for figure, sets in enumerate(system.sets):
            base, positive, others = sets
            for c in range(system.size):
                equations.add(((base, c, 1.0), (positive, c, -1.0), (others, c, -1.0)))
            if system.figures[figure].total_shown:
                for one in sets:
                    equations.add(tuple((one, c, 1.0) for c in range(system.size)))
        least = np.where(unknown, 0, system.counts)
        for base, _, _ in system.sets:
            least[base] = np.where(unknown[base], 1, least[base])
        # What is known of a part of a set, the set holds at the least.
        parts = system.within | np.eye(len(least), dtype=bool)
        floor = np.array([least[parts[:, s]].max(axis=0) for s in range(len(least))])
        lower = floor[unknown].astype(np.float64)
        matrix = equations.matrix(len(column))
        linked = scipy.sparse.csr_array(abs(matrix).T @ abs(matrix))
        part = scipy.sparse.csgraph.connected_components(linked, directed=False)[1]
        return cls(column, matrix, np.array(equations.right), lower, part)

    def reached(self, system: System, sensitive: Sequence[Sensitive]) -> Bools:
        aims = np.zeros((len(sensitive), len(self.column)))
        needs = np.array([item.need for item in sensitive], dtype=np.float64)
        for number, item in enumerate(sensitive):
            for unknown, factor in item.terms:
                at = self.column.get(unknown)
                if at is None:
                    needs[number] -= factor * float(system.counts[unknown])
                else:
                    aims[number, at] += factor
        met = np.zeros(len(sensitive), dtype=bool)
        while not met.all():
            rest = np.flatnonzero(~met)
            met[rest] = self._together(aims[rest], needs[rest])
            if not met[rest].any():
                break
        for row in np.flatnonzero(~met).tolist():
            met[row] = self._together(aims[[row]], needs[[row]])[0]
        return met

    def _together(self, aims: Floats, needs: Floats) -> Bools:
        """Which aims meet their needs where the sum of all, each up to its need, is most.

        One aim alone meets its need here if it can at all.
        """
        parts = self.part[(aims != 0).any(axis=0)]
        columns = np.flatnonzero(np.isin(self.part, parts))
        if not len(columns):
            return needs <= CLOSE
        inner = self.matrix[:, columns]
        rows = np.flatnonzero(np.diff(inner.indptr))
        many = len(needs)
        # Beside the unknowns stand the aims: no more than their need, nor than their sum.
        known = inner[rows].tocoo()
        aim, at = np.nonzero(aims[:, columns])
        own = np.arange(many)
        values = (known.data, aims[:, columns][aim, at], -np.ones(many))
        lines = (known.row, len(rows) + aim, len(rows) + own)
        places = (known.col, at, len(columns) + own)
        programme = scipy.sparse.csc_array(
            (np.concatenate(values), (np.concatenate(lines), np.concatenate(places))),
            shape=(len(rows) + many, len(columns) + many),
        )
        least = np.concatenate([self.right[rows], np.zeros(many)])
        most = np.concatenate([self.right[rows], np.full(many, np.inf)])
        lower = np.concatenate([self.lower[columns], np.full(many, -np.inf)])
        upper = np.concatenate([np.full(len(columns), np.inf), needs])
        found = scipy.optimize.milp(
            np.concatenate([np.zeros(len(columns)), -np.ones(many)]),
            constraints=scipy.optimize.LinearConstraint(programme, least, most),
            bounds=scipy.optimize.Bounds(lower, upper),
        )
        if found.x is None:  # no answer is no proof: then more is hidden
            return np.zeros(many, dtype=bool)
        return np.asarray(aims[:, columns] @ found.x[: len(columns)] >= needs - CLOSE)


class _Equations:
    """Collects equations between counts; what is known moves to the right-hand side."""

    def __init__(self, system: System, column: Mapping[Unknown, int]) -> None:
        self.right: list[float] = []
        self._counts = system.counts
        self._column = column
        self._seen: set[tuple[tuple[int, float], ...]] = set()
        self._cells: list[tuple[int, int, float]] = []

    def add(self, terms: Sequence[tuple[int, int, float]]) -> None:
        left: dict[int, float] = {}
        right = 0.0
        for one, category, factor in terms:
            at = self._column.get((one, category))
            if at is not None:
                left[at] = left.get(at, 0.0) + factor
                right += factor * float(self._counts[one, category])
        key = tuple(sorted(left.items()))
        if key and key not in self._seen:
            self._seen.add(key)
            row = len(self.right)
            self.right.append(right)
            self._cells += [(row, at, factor) for at, factor in key]

    def matrix(self, columns: int) -> scipy.sparse.csr_array:
        rows = [row for row, _, _ in self._cells]
        places = [at for _, at, _ in self._cells]
        values = [factor for _, _, factor in self._cells]
        return scipy.sparse.csr_array(
            (values, (rows, places)), shape=(len(self.right), columns)
        )

"""The population table: how many people of each kind the sample speaks for."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from harken.method.errors import Finding, HarkenError, Place, refuse
from harken.method.sampling import faults
from harken.method.sampling.variables import stratum

VARIABLES = ("area", "crime_group", "sex", "age_band")
HEADER = (*VARIABLES, "count")
SOURCE = "population.csv"
LIMIT = 200_000


@dataclass(frozen=True, slots=True)
class Population:
    """Counts by area, crime group, sex and age band."""

    cells: Mapping[tuple[str, ...], int]

    @classmethod
    def read(cls, text: str) -> Population:
        """Read population.csv. Raises HarkenError (SAM-030 to SAM-033) with all findings."""
        reader = csv.reader(text.removeprefix("\ufeff").splitlines(), strict=True)
        try:
            records = [(reader.line_num, record) for record in reader if record]
        except csv.Error:
            place = Place(SOURCE, reader.line_num)
            raise refuse(faults.NOT_CSV, place) from None
        header = tuple(name.strip() for name in records[0][1]) if records else ()
        if header != HEADER:
            place = Place(SOURCE, 1)
            raise refuse(faults.POPULATION_HEADER, place, wanted=",".join(HEADER))
        cells: dict[tuple[str, ...], int] = {}
        findings: list[Finding] = []
        for line, record in records[1 : LIMIT + 1]:
            _add(cells, findings, line, record)
        if findings:
            raise HarkenError(*findings)
        if not sum(cells.values()):
            raise refuse(faults.POPULATION_EMPTY, Place(SOURCE))
        return cls(cells)

    @property
    def total(self) -> int:
        """Everybody."""
        return sum(self.cells.values())

    def values(self, name: str) -> tuple[str, ...]:
        """The sorted codes of one variable."""
        index = _index(name)
        return tuple(sorted({cell[index] for cell in self.cells}))

    def margin(self, names: Sequence[str]) -> dict[tuple[str, ...], int]:
        """Counts by the variables named, in their order; the keys are sorted."""
        indexes = [_index(name) for name in names]
        counts: dict[tuple[str, ...], int] = {}
        for cell, count in self.cells.items():
            key = tuple(cell[index] for index in indexes)
            counts[key] = counts.get(key, 0) + count
        return dict(sorted(counts.items()))

    def stratum_sizes(self, names: Sequence[str]) -> dict[str, int]:
        """N_h by the stratum's name, for strata made of the variables named."""
        sizes: dict[str, int] = {}
        for key, count in self.margin(names).items():
            sizes[stratum(dict(zip(names, key, strict=True)), names)] = count
        return sizes


def _add(
    cells: dict[tuple[str, ...], int],
    findings: list[Finding],
    line: int,
    record: list[str],
) -> None:
    values = [value.strip() for value in record]
    key, place = tuple(values[:-1]), Place(SOURCE, line)
    count = values[-1]
    if len(values) != len(HEADER) or not (count.isascii() and count.isdigit()):
        detail = {"wanted": len(HEADER)}
        findings.append(Finding(faults.POPULATION_ROW, place, detail))
    elif key in cells:
        findings.append(Finding(faults.POPULATION_TWICE, place))
    else:
        cells[key] = int(count)


def _index(name: str) -> int:
    if name not in VARIABLES:
        known = ", ".join(VARIABLES)
        raise refuse(faults.UNKNOWN_VARIABLE, Place(SOURCE), name=name, known=known)
    return VARIABLES.index(name)

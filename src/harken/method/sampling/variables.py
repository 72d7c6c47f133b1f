"""Design variables: the few coarse facts about a case that may leave the sealed side."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from harken.method.sampling.columns import Row

AGE_BANDS = (
    (18, "18-24"),
    (25, "25-34"),
    (35, "35-44"),
    (45, "45-54"),
    (55, "55-64"),
    (65, "65+"),
)


def age_on(born: dt.date, day: dt.date) -> int:
    """Completed years of age; someone born on 29 February has aged by 1 March."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def age_band(age: int) -> str:
    """The band of an age in years; below 18 is ``under 18``, never in a design."""
    band = "under 18"
    for lowest, name in AGE_BANDS:
        if age >= lowest:
            band = name
    return band


def quarter(day: dt.date) -> str:
    """The calendar quarter, such as ``2018-Q2``."""
    return f"{day.year}-Q{(day.month + 2) // 3}"


def stratum(design: Mapping[str, str], names: Sequence[str]) -> str:
    """The stratum's name: the values of the stratifying variables, joined by ``|``."""
    return "|".join(design[name] for name in names)


def design_of(row: Row, *, strata: Sequence[str], today: dt.date) -> dict[str, str]:
    """The design variables of one row: text to text, nothing finer than a band."""
    design = {
        "area": row.area,
        "crime_group": row.crime_group,
        "sex": row.sex,
        "age_band": age_band(age_on(row.date_of_birth, today)),
        "enhanced": "yes" if row.enhanced else "no",
        "quarter": quarter(row.date_reported),
    }
    design["stratum"] = stratum(design, strata)
    return design

"""The invented sample file, in the form a force would send it, with realistic faults.

Nobody in it is real. Faults and markers are scattered by chance alone, so leaving the
people behind them out does not move any truth.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable
from dataclasses import dataclass

from numpy.random import Generator

from harken.method.rehearsal import invented
from harken.method.rehearsal.population import draw_cells
from harken.method.rehearsal.truths import ENHANCED
from harken.method.sampling import COLUMNS, Population

Record = dict[str, str]

STATUSES = ("under_investigation", "no_further_action", "out_of_court", "charged")
LANGUAGES = (("en", 0.885), ("pl", 0.07), ("ro", 0.02), ("ur", 0.015), ("pt", 0.01))
SAFE = (
    ("any", 0.86),
    ("phone_only", 0.03),
    ("post_only", 0.03),
    ("daytime", 0.03),
    ("evening", 0.03),
    ("no_voicemail", 0.02),
)
MARKERS = (
    ("do_not_contact", 0.025),
    ("domestic_abuse", 0.04),
    ("safeguarding_marker", 0.01),
    ("on_duty_officer", 0.006),
)
BAD_PHONES = ("not known", "020", "+44 79", "see notes", "0000")
REPORTED_WITHIN_DAYS = 365


@dataclass(frozen=True, slots=True)
class Faults:
    """What share of the rows has which fault."""

    copied: float = 0.012
    nearly_copied: float = 0.008
    same_home: float = 0.012
    bad_phone: float = 0.02
    no_phone: float = 0.03
    no_name: float = 0.006
    bad_date: float = 0.005
    under_age: float = 0.01


def sample_file(
    population: Population,
    *,
    people: int,
    today: dt.date,
    rng: Generator,
    faults: Faults | None = None,
) -> str:
    """The text of a sample file with ``people`` rows below its header.

    ``today`` is the day the force makes the file: ages and report dates count from it.
    """
    kinds = faults or Faults()
    copies = round(people * kinds.copied)
    near = round(people * kinds.nearly_copied)
    homes = round(people * kinds.same_home)
    own = people - copies - near - homes
    cells = draw_cells(population, people - copies - near, rng)
    numbers = invented.telephone_numbers(rng, len(cells))
    records = [
        _person(cell, number, today, rng, serial)
        for serial, (cell, number) in enumerate(zip(cells, numbers, strict=True))
    ]
    singles, second = records[:own], records[own:]
    for record in second:
        _move_in(record, singles[int(rng.integers(len(singles)))])
    twins = rng.integers(len(singles), size=copies + near).tolist()
    rows = singles + second + [dict(singles[index]) for index in twins]
    for row in rows[len(rows) - near :] if near else []:
        _retype(row, rng)
    for row in singles:
        _spoil(row, kinds, today, rng)
    order = rng.permutation(len(rows)).tolist()
    return _csv(rows[index] for index in order)


def _person(
    cell: tuple[str, str, str, str],
    number: str,
    today: dt.date,
    rng: Generator,
    serial: int,
) -> Record:
    area, crime, sex, age = cell
    given, surname = invented.given_name(rng), invented.surname(rng)
    first, second, town, postcode = invented.address(rng)
    reported = today - dt.timedelta(days=int(rng.integers(28, REPORTED_WITHIN_DAYS)))
    language = invented.one_of(LANGUAGES, rng)
    record = dict.fromkeys(COLUMNS, "")
    record |= {
        "crime_reference": f"EC/{reported.year}/{6_100_000 + serial * 7:07}",
        "given_name": given,
        "surname": surname,
        "date_of_birth": _born(age, today, rng).isoformat(),
        "sex": sex,
        "address_line_1": first,
        "address_line_2": second,
        "town": town,
        "postcode": postcode,
        "telephone": number,
        "email": _email(given, surname, serial) if rng.random() < 0.6 else "",
        "area": area,
        "crime_group": crime,
        "date_reported": reported.isoformat(),
        "case_status": STATUSES[int(rng.integers(len(STATUSES)))],
        "enhanced": "yes" if rng.random() < ENHANCED[crime] else "no",
        "language": language,
        "interpreter": "yes" if language != "en" and rng.random() < 0.5 else "no",
        "safe_contact": invented.one_of(SAFE, rng),
    }
    for marker, share in MARKERS:
        record[marker] = "yes" if rng.random() < share else "no"
    if rng.random() < 0.006:
        record["bereaved_on"] = _days_before(today, int(rng.integers(10, 170)))
    if rng.random() < 0.015:
        record["last_interviewed"] = _days_before(today, int(rng.integers(20, 340)))
    return record


def _born(age: str, today: dt.date, rng: Generator) -> dt.date:
    """A birthday with the person's age inside the band on ``today``."""
    low, high = (65, 92) if age == "65+" else map(int, age.split("-"))
    years = int(rng.integers(low, high + 1))
    days = int(rng.integers(1, 364))
    return today - dt.timedelta(days=round(years * 365.25) + days)


def _days_before(today: dt.date, days: int) -> str:
    return (today - dt.timedelta(days=days)).isoformat()


def _email(given: str, surname: str, serial: int) -> str:
    plain = "".join(letter for letter in surname.lower() if letter.isalpha())
    return f"{given.lower()}.{plain}{serial}@post.example"


def _move_in(record: Record, other: Record) -> None:
    """The two live at one address."""
    for column in ("address_line_1", "address_line_2", "town", "postcode", "area"):
        record[column] = other[column]


def _retype(record: Record, rng: Generator) -> None:
    """The same person typed a second time by somebody else."""
    record["surname"] = record["surname"].upper()
    record["given_name"] = f" {record['given_name'].lower()}"
    record["telephone"] = record["telephone"].replace(" ", "")
    record["crime_reference"] = f"{record['crime_reference']}-{rng.integers(2, 5)}"


def _spoil(record: Record, kinds: Faults, today: dt.date, rng: Generator) -> None:
    """At most one fault a row, so that counts of exclusions stay easy to read."""
    lot = rng.random()
    for share, column, value in (
        (kinds.bad_phone, "telephone", invented.pick(rng, BAD_PHONES)),
        (kinds.no_phone, "telephone", ""),
        (kinds.no_name, "given_name", ""),
        (kinds.bad_date, "date_reported", "31/02/2025"),
        (kinds.under_age, "date_of_birth", _days_before(today, 365 * 16)),
    ):
        lot -= share
        if lot < 0:
            record[column] = value
            return


def _csv(rows: Iterable[Record]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()

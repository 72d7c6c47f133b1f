"""The invented population and the force's file: plainly made up, realistically faulty.

Proves the side of SAF-02 and SAF-03 that needs faults to be there."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re

import numpy as np
import pytest

from harken.method.rehearsal import population_table, sample_file
from harken.method.rehearsal.invented import DRAMA
from harken.method.sampling import COLUMNS, Codes, read_sample, screen
from tests.make.rehearsal import demo_folder, demo_population, demo_texts

TODAY = dt.date(2026, 1, 12)


def make_sample(people: int = 2000, seed: int = 1) -> str:
    """A sample file of the demo population."""
    return sample_file(
        demo_population(), people=people, today=TODAY, rng=np.random.default_rng(seed)
    )


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_the_population_in_the_study_folder_is_the_one_its_seed_makes() -> None:
    assert population_table() == demo_texts()["population.csv"]
    assert demo_population().total == 40_000
    assert len(demo_population().values("area")) == 33


def test_the_same_seed_makes_the_same_file_and_another_seed_another() -> None:
    assert make_sample(500) == make_sample(500)
    assert make_sample(500) != make_sample(500, seed=2)


@pytest.mark.parametrize("people", [300, 2000, 6000])
def test_the_file_has_as_many_rows_as_asked_and_every_column(people: int) -> None:
    found = rows(make_sample(people))
    assert len(found) == people
    assert tuple(found[0]) == COLUMNS


def test_numbers_are_for_drama_addresses_and_mail_reach_nobody() -> None:
    for row in rows(make_sample()):
        number = re.sub(r"\D", "", row["telephone"])
        if len(number) >= 10:
            starts = [re.sub(r"\D", "", prefix) for prefix in DRAMA]
            assert number.startswith(tuple(starts))
        assert re.fullmatch(r"ZZ\d{1,2} \d[A-Z]{2}", row["postcode"])
        assert not row["email"] or row["email"].endswith(".example")


@pytest.mark.unwatched
def test_nearly_every_row_can_be_read_and_every_exclusion_occurs() -> None:
    text = make_sample(6000)
    codes = Codes(
        areas=frozenset(demo_population().values("area")),
        crime_groups=frozenset(demo_population().values("crime_group")),
        languages=demo_folder().charter.languages,
    )
    readings = list(read_sample([text.encode()], codes=codes, today=TODAY))
    kept = [reading.row for reading in readings if reading.row]
    assert len(kept) > 0.98 * len(readings)
    screened = screen(
        kept,
        rules=demo_folder().charter.sampling,
        today=TODAY,
        opted_out=lambda row: False,
    )
    assert {reason.value for reason in screened.excluded} >= {
        "do_not_contact",
        "under_age",
        "domestic_abuse",
        "safeguarding_marker",
        "on_duty",
        "bereaved",
        "interviewed_recently",
        "missing_name",
        "duplicate_person",
        "same_household",
    }
    assert 0.8 < len(screened.kept) / len(readings) < 0.92


def test_too_many_people_for_the_invented_numbers_are_refused() -> None:
    with pytest.raises(ValueError, match="drama numbers"):
        make_sample(19_000)

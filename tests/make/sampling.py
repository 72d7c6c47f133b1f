"""Makes sample files, population tables and studies with a loaded or drawn sample.

Nobody here exists: names are coined, numbers are Ofcom's for drama.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Mapping

from harken.method.rehearsal.invented import DRAMA
from harken.method.sampling import COLUMNS, Codes, Row, read_sample
from harken.method.terms import Actor, Language, Role
from harken.service.sampling import actions
from harken.service.sampling.load import LoadReport, load_sample
from harken.service.study import actions as studies
from harken.service.study.models import Study
from tests.make.study import make_charter, make_files

MANAGER = Actor("m.field", Role.MANAGER)
LOADED = dt.datetime(2026, 1, 12, 9, tzinfo=dt.UTC)
TODAY = dt.date(2026, 1, 12)
AREAS = ("A01", "A02", "A03")
GROUPS = ("burglary", "robbery", "sexual")
BANDS = ("18-24", "25-34", "35-44", "45-54", "55-64", "65+")
CODES = Codes(frozenset(AREAS), frozenset(GROUPS), (Language("en"), Language("pl")))

LETTER = """\
Dear {given_name} {surname}

Please tell us about **{study_title}** at {web_address}. Your code is {code}.

## If you would rather not

- Ring {processor_contact} before {opt_out_date}.
- The survey ends on {closing_date}.
"""

NOBODYS = tuple(lead for lead in DRAMA if not lead.startswith("07"))
"""Where numbers begin that are given to nobody, a thousand in each: sixteen thousand."""


def make_values(number: int = 1, **changes: str) -> dict[str, str]:
    """One person of a sample file as texts; a keyword changes a column."""
    values = dict.fromkeys(COLUMNS, "")
    values |= {
        "crime_reference": f"CR/{number:07}/25",
        "given_name": f"Vireo{number}",
        "surname": f"Quenhallow{number}",
        "date_of_birth": f"{1950 + number % 50}-03-{number % 28 + 1:02}",
        "sex": ("female", "male")[number % 2],
        "address_line_1": f"{number} Sallowmere Rise",
        "town": "Estuary City",
        "postcode": "ZZ9 9ZZ",
        "telephone": f"{NOBODYS[number // 1000 % len(NOBODYS)]}{number % 1000:03}",
        "email": f"vireo{number}@quenhallow.example",
        "area": AREAS[number % 3],
        "crime_group": GROUPS[number % 2],
        "date_reported": "2025-06-15",
        "case_status": "closed",
        "enhanced": "no",
        "language": "en",
        "interpreter": "no",
        "safe_contact": "any",
        "do_not_contact": "no",
        "domestic_abuse": "no",
        "safeguarding_marker": "no",
        "on_duty_officer": "no",
    }
    return values | changes


def make_csv(
    people: Iterable[Mapping[str, str]], *, columns: Iterable[str] = COLUMNS
) -> bytes:
    """A sample file of these people."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(columns), extrasaction="ignore")
    writer.writeheader()
    writer.writerows(people)
    return out.getvalue().encode()


def make_row(number: int = 1, **changes: str) -> Row:
    """One person as read."""
    data = make_csv([make_values(number, **changes)])
    (reading,) = read_sample([data], codes=CODES, today=TODAY)
    assert reading.row is not None, [str(finding) for finding in reading.findings]
    return reading.row


def make_population(count: int = 50) -> str:
    """population.csv with the same count in every cell."""
    lines = ["area,crime_group,sex,age_band,count"]
    lines += [
        f"{area},{group},{sex},{band},{count}"
        for area in AREAS
        for group in GROUPS
        for sex in ("female", "male", "other")
        for band in BANDS
    ]
    return "\n".join(lines) + "\n"


def make_sampled_study(*, slug: str = "trial", total: int = 10, **lines: str) -> Study:
    """A small study with a population table and letters, loaded as a draft."""
    charter = make_charter(total=str(total), languages="[en, pl]", **lines)
    files = make_files(study=charter) | {"population.csv": make_population()}
    files |= {f"letters/{kind}.en.md": LETTER for kind in ("invitation", "reminder")}
    polish = LETTER.replace("Dear", "Szanowni Państwo,")
    files |= {f"letters/{kind}.pl.md": polish for kind in ("invitation", "reminder")}
    return studies.load(files, by=MANAGER, at=LOADED, slug=slug)


def load_people(study: Study, people: Iterable[Mapping[str, str]]) -> LoadReport:
    """These people as the study's sample."""
    stream = io.BytesIO(make_csv(people))
    return load_sample(study, stream, by=MANAGER, at=LOADED)


def make_drawn_study(
    *, people: int = 20, total: int = 10, slug: str = "trial"
) -> Study:
    """A study whose sample is loaded and drawn."""
    study = make_sampled_study(slug=slug, total=total)
    load_people(study, [make_values(number) for number in range(people)])
    actions.draw(study, by=MANAGER, at=LOADED)
    return study

"""The second study: the same folder, its calendar moved so that fieldwork is open today.

A visitor can answer on the web with a printed code, and call as an interviewer.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np

from harken.method import rehearsal as method
from harken.method.sampling import Population
from harken.method.study import read_folder
from harken.method.terms import SYSTEM
from harken.service.contact import codes, letters
from harken.service.questionnaire import actions as instruments
from harken.service.rehearsal import scenery
from harken.service.rehearsal.cast import MANAGER
from harken.service.rehearsal.fieldwork import Field, run_day
from harken.service.rehearsal.scenery import moment
from harken.service.response import intake
from harken.service.sampling import actions as sampling
from harken.service.sampling import load
from harken.service.sampling import queries as cases
from harken.service.study import actions as studies
from harken.service.study.models import Study

SLUG = "victims-review-live"
PEOPLE, ISSUED, CODES = 90, 60, 6
DAYS_IN = 42
"""How many days of fieldwork have passed on the day of the visit."""


@dataclass(frozen=True, slots=True)
class Live:
    """The study that is open today, and codes to answer with."""

    study: Study
    codes: tuple[str, ...]
    letters: int


def set_up(
    texts: Mapping[str, str],
    *,
    now: dt.datetime,
    seed: int,
    outside: Path,
    address: str,
) -> Live:
    """Load, open, draw and write to sixty fresh people, and print a few codes."""
    calendar = read_folder(texts).charter.calendar
    first = calendar.web_opens + dt.timedelta(days=DAYS_IN)
    shift = (now.date() - first).days
    moved = scenery.moved(scenery.with_total(texts, ISSUED), calendar, shift)
    days = calendar.shifted(shift)
    by, rng = MANAGER.actor, np.random.default_rng(seed)
    study = studies.load(
        moved, by=by, at=moment(days.sample_drawn), slug=SLUG, shift_days=shift
    )
    instruments.launch(study, by=by, at=moment(days.web_opens, 8))
    study.refresh_from_db()
    sample = method.sample_file(
        Population.read(moved["population.csv"]),
        people=PEOPLE,
        today=days.sample_drawn,
        rng=rng,
    )
    at = moment(days.letters, 9)
    load.load_sample(study, BytesIO(sample.encode()), by=by, at=at)
    sampling.draw(study, by=by, at=at)
    folder = outside / "print-house-live"
    folder.mkdir(parents=True, exist_ok=True)
    run = letters.make_letters(
        study,
        kind="invitation",
        out=lambda name, pdf: _put(folder / name, pdf),
        by=by,
        at=at,
        address=f"http://{address}",
    )
    _first_weeks(study, rng, until=now.date())
    # So that the free-text desk has something to read.
    intake.collect(study, by=SYSTEM, at=now)
    return Live(study, _codes(study), run.count)


def _put(path: Path, pdf: bytes) -> None:
    path.write_bytes(pdf)


def _first_weeks(study: Study, rng: np.random.Generator, *, until: dt.date) -> None:
    """Some answered already, so that the monitoring page has something to show."""
    field = Field.of(study, rng)
    day = field.calendar.web_opens
    while day < field.calendar.telephone_opens and day < until:
        run_day(field, day, open_arm=int(rng.random() < 0.3))
        day += dt.timedelta(days=1)


def _codes(study: Study) -> tuple[str, ...]:
    """Codes of people who have not answered, to be printed in the summary."""
    waiting = cases.issued(study).filter(
        opt_out=None, standing__disposition__startswith="0", post_ok=True
    )[:CODES]
    made = []
    for issued in codes.make_codes(study, list(waiting)):
        issued.row.save()
        made.append(issued.code)
    return tuple(made)

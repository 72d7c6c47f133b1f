"""Makes open studies with the small questionnaire, and interviews stored in them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from harken.method.study import State
from harken.method.terms import RESPONDENT, CaseRef, Language, Mode
from harken.service.contact import calls
from harken.service.contact.models import Standing
from harken.service.interview import actions, models, queries
from harken.service.questionnaire import actions as instruments
from harken.service.sampling import actions as sampling
from harken.service.study import actions as studies
from harken.service.study.models import Study
from tests.make.interview import ANSWERS, POLISH, QUESTIONNAIRE
from tests.make.sampling import (
    LETTER,
    MANAGER,
    load_people,
    make_population,
    make_values,
)
from tests.make.study import make_charter, make_files

LOADED = dt.datetime(2026, 1, 12, 9, tzinfo=dt.UTC)
LETTERS = dt.datetime(2026, 2, 2, 9, tzinfo=dt.UTC)
NOW = dt.datetime(2026, 3, 3, 11, tzinfo=dt.UTC)
"""A Tuesday morning in fieldwork, in calling hours."""

MESSAGES = (
    "sponsor",
    "privacy-notice",
    "privacy-notice-open",
    "participate",
    "safety",
    "consent",
)


def make_open_study(
    *,
    slug: str = "trial",
    people: int = 6,
    total: int = 4,
    shift_days: int = 0,
    languages: str = "[en, pl]",
    texts: Mapping[str, str] | None = None,
    **calling: str,
) -> Study:
    """An open study in the field: drawn, letters sent, questionnaire frozen.

    ``texts`` replace or add files of the study folder. Further keywords replace lines
    of the charter's contact rules, such as ``windows``.
    """
    charter = make_charter(total=str(total), languages=languages)
    for key, value in calling.items():
        lines = [one for one in charter.splitlines() if not one.startswith(f"  {key}:")]
        here = lines.index("contact:") + 1
        charter = "\n".join([*lines[:here], f"  {key}: {value}", *lines[here:]]) + "\n"
    files = make_files(study=charter, questionnaire=QUESTIONNAIRE)
    files |= {"population.csv": make_population(), "translations/pl.yaml": POLISH}
    for language in ("en", "pl"):
        files |= {
            f"letters/{kind}.{language}.md": LETTER
            for kind in ("invitation", "reminder")
        }
        files |= {
            f"messages/{name}.{language}.md": f"# About {name}\n\nIn {language}.\n"
            for name in MESSAGES
        }
    files |= texts or {}
    shift = dt.timedelta(days=shift_days)
    study = studies.load(
        files, by=MANAGER, at=LOADED + shift, slug=slug, shift_days=shift_days
    )
    load_people(study, [make_values(number) for number in range(people)])
    sampling.draw(study, by=MANAGER, at=LOADED + shift)
    study.state, study.opened_at = State.OPEN.value, LETTERS + shift
    study.save()
    instruments.freeze(study, by=MANAGER, at=LETTERS + shift)
    calls.ensure_standings(study, at=LETTERS + shift)
    Standing.objects.update(letter_on=(LETTERS + shift).date(), disposition="0.1")
    return study


def make_sitting(
    study: Study,
    ref: CaseRef | None = None,
    *,
    mode: Mode = Mode.WEB,
    until: str | None = None,
    at: dt.datetime = NOW,
    **answers: Sequence[str] | str,
) -> models.Interview:
    """A stored interview, answered to its end or until the question named is shown."""
    row = actions.begin(
        study, ref=ref, mode=mode, language=Language("en"), by=RESPONDENT, at=at
    )
    while True:
        place = queries.sitting(row).interview.position
        if place is None or place == until:
            return row
        given = answers.get(place, ANSWERS.get(place, ()))
        row = actions.answer(
            row, place, form_of(given), version=row.version, by=RESPONDENT, at=at
        )


def form_of(given: Sequence[str] | str) -> Mapping[str, Sequence[str]]:
    """The form that a browser would send for an answer."""
    return {"value": (given,) if isinstance(given, str) else tuple(given)}

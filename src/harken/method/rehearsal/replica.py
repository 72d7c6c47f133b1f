"""A whole review in memory: draw, fieldwork, answers, weights, results. No database.

Used to count how often intervals hold the truth; one replica takes seconds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from harken.method.compliance import CodeEdition, Plan, Results, evaluate
from harken.method.contact import Disposition
from harken.method.questionnaire import Questionnaire
from harken.method.rehearsal.fieldwork import Fate, fate_of
from harken.method.rehearsal.population import draw_cells
from harken.method.rehearsal.respondent import at_once, person_of
from harken.method.rehearsal.truths import ENHANCED
from harken.method.response import (
    Dataset,
    IssuedCase,
    Response,
    crossing,
    make_codebook,
)
from harken.method.sampling import Population, draw
from harken.method.terms import Arm, Language, Mode, ResponseRef

NAMES = ("area", "crime_group", "sex", "age_band")


@dataclass(frozen=True, slots=True)
class Study:
    """What a replica needs of a study, read once."""

    questionnaire: Questionnaire
    plan: Plan
    edition: CodeEdition
    population: Population
    strata: tuple[str, ...]
    design_variables: tuple[str, ...]


def replicate(study: Study, *, people: int, issued: int, seed: int) -> Results:
    """The results of one replica: ``people`` in the frame, ``issued`` of them drawn."""
    rng = np.random.default_rng(seed)
    cells = draw_cells(study.population, people, rng)
    frame = [_design(cell, study.strata, rng) for cell in cells]
    selection = draw(
        [design["stratum"] for design in frame],
        sizes=study.population.stratum_sizes(study.strata),
        allocation=issued,
        seed=seed,
    )
    cases: list[IssuedCase] = []
    responses: list[Response] = []
    for index in selection.issued:
        design = frame[index]
        fate = fate_of(design, rng)
        if fate in (Fate.WEB, Fate.TELEPHONE):
            responses.append(_response(study, design, Mode(fate.value), rng))
        cases.append(IssuedCase(design, Arm.SAMPLE, DISPOSITIONS[fate].value))
    codebook = make_codebook(study.questionnaire, study.design_variables)
    return evaluate(
        study.plan,
        study.edition,
        Dataset(tuple(responses), codebook),
        study="replica",
        issued=cases,
        population=study.population,
        strata=study.strata,
    )


DISPOSITIONS: Mapping[Fate, Disposition] = {
    Fate.WEB: Disposition.COMPLETE,
    Fate.TELEPHONE: Disposition.COMPLETE,
    Fate.OPT_OUT: Disposition.REFUSAL,
    Fate.REFUSAL: Disposition.REFUSAL,
    Fate.NOT_REACHED: Disposition.NO_ANSWER,
    Fate.WRONG_NUMBER: Disposition.LINE_PROBLEM,
    Fate.LETTER_BACK: Disposition.NOTHING_RETURNED,
}
"""Where each fate leaves a case when fieldwork closes."""


def _design(
    cell: Sequence[str], strata: Sequence[str], rng: np.random.Generator
) -> dict[str, str]:
    design = dict(zip(NAMES, cell, strict=True))
    due = rng.random() < ENHANCED[design["crime_group"]]
    design["enhanced"] = "yes" if due else "no"
    design["quarter"] = f"2025-Q{1 + int(rng.integers(4))}"
    design["stratum"] = "|".join(design[name] for name in strata)
    return design


def _response(
    study: Study, design: Mapping[str, str], mode: Mode, rng: np.random.Generator
) -> Response:
    language = Language("en")
    person = person_of(design, Arm.SAMPLE, rng)
    answers = at_once(
        study.questionnaire, person, mode=mode, language=language, rng=rng
    )
    return Response(
        ref=ResponseRef(rng.bytes(16).hex()),
        arm=Arm.SAMPLE,
        mode=mode,
        language=language,
        week="2026-W10",
        design=design,
        answers=crossing(study.questionnaire, answers),
    )

"""Makes a small study to analyse: questions, plan, Code, population and responses.

The responses are drawn with a seed from shares that the maker chooses, so a test can
hold an estimate against its truth.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from harken.method.compliance import CodeEdition, Plan, Results, evaluate, read_code
from harken.method.compliance import read_plan as read_plan_of
from harken.method.questionnaire import Questionnaire, Value, read_questionnaire
from harken.method.response import Dataset, IssuedCase, Response, make_codebook
from harken.method.sampling import Population
from harken.method.study import State
from harken.method.terms import Actor, Arm, Language, Missing, Mode, ResponseRef, Role
from harken.service.response import models
from harken.service.study import actions as studies
from harken.service.study.models import Study
from tests.make.study import MANAGER, OPENING, make_files

ANALYST = Actor("s.tistician", Role.STATISTICIAN)
AT = dt.datetime(2026, 5, 4, 9, tzinfo=dt.UTC)
DESIGN = ("area", "crime_group", "sex", "age_band", "enhanced", "quarter")
CRIMES = ("burglary", "hate", "violence")
AREAS = ("A01", "A02", "A03")
AGES = ("18-24", "25-34", "65+")

QUESTIONS = """\
questionnaire: trial
version: "1"
sections:
  - id: start
    title: Before we begin
    questions:
      - {id: agree, type: consent, purpose: take_part, text: Will you take part?}
  - id: report
    title: Reporting
    questions:
      - id: reported
        type: single
        text: Did you report it?
        options: [{code: "yes", text: "Yes"}, {code: "no", text: "No"}]
        refusals: [dont_know]
      - id: told
        type: single
        if: "reported == 'yes'"
        text: Were you told about the Code?
        options: [{code: "yes", text: "Yes"}, {code: "no", text: "No"}]
        refusals: [dont_know, cant_remember]
      - id: offered
        type: single
        text: Were you offered support?
        options: [{code: "yes", text: "Yes"}, {code: "no", text: "No"}]
        refusals: [dont_know]
      - id: used
        type: single
        if: "offered == 'yes'"
        text: Did you use it?
        options: [{code: "yes", text: "Yes"}, {code: "no", text: "No"}]
      - id: ethnic
        type: single
        text: Your ethnic group?
        options: [{code: "a", text: "A"}, {code: "b", text: "B"}, {code: "c", text: "C"}]
      - {id: story, type: text, text: Anything else?}
"""

PLAN = """\
code: code-2015
weights:
  margins: [[crime_group], [area], [sex, age_band]]
  trim: {lower: 0.2, upper: 5.0}
  seed: 1
confidence: 0.95
disclosure: {threshold: 10, flag_below: 30, round_to: 1,
  policy: "SAF-53", owner: "The owner", reviewed: 2026-01-15}
targets: {default: 0.5}
breakdowns: [crime_group, sex, ethnic, mode]
headlines: [I01]
indicators:
  - {id: I01, title: "Told", stage: report, agency: police,
     base: "reported == 'yes'", question: told, positive: "told == 'yes'",
     in_base: [dont_know, cant_remember], entitlements: [C15-POL-04],
     among: "people who reported"}
  - {id: I08, title: "Offered", stage: report, agency: police,
     base: "agree == 'yes'", positive: "offered == 'yes'",
     in_base: [dont_know], entitlements: [C15-POL-06]}
  - {id: I09, title: "Used", stage: report, agency: victim-services,
     base: "offered == 'yes'", question: used, positive: "used == 'yes'",
     entitlements: [C15-SUP-01], target: 0.4}
  - {id: I02, title: "Told, hate crime", stage: report, agency: police,
     base: "reported == 'yes' and crime_group == 'hate'", question: told,
     positive: "told == 'yes'", in_base: [dont_know, cant_remember],
     entitlements: [C15-POL-04]}
"""

CODE = """\
meta: {title: A made-up Code, published: "2015-10"}
agencies: {police: The police, cps: The prosecution, victim-services: Support}
stages: [report, trial]
entitlements:
  - {id: C15-CPS-01, title: Told why, summary: s, agencies: [cps], stage: trial,
     applies_to: all, victim_reportable: "no", evidence: seen}
  - {id: C15-POL-04, title: Told about the Code, summary: s, agencies: [police],
     stage: report, applies_to: reported, victim_reportable: "yes", evidence: seen}
  - {id: C15-POL-06, title: Offered support, summary: s, agencies: [police, cps],
     stage: report, applies_to: all, victim_reportable: "yes", evidence: seen}
  - {id: C15-SUP-01, title: Support given, summary: s, agencies: [victim-services],
     stage: report, applies_to: all, victim_reportable: partly, evidence: seen}
"""


@dataclass(frozen=True)
class Shape:
    """How many responses to draw, from which shares of positive answers."""

    sample: int = 600
    opened: int = 120
    seed: int = 1
    shares: Mapping[str, float] = field(
        default_factory=lambda: {"reported": 0.8, "told": 0.3, "offered": 0.6}
    )


def make_questionnaire() -> Questionnaire:
    """The small questionnaire of these makers."""
    return read_questionnaire(QUESTIONS, translations={})


def make_code(text: str = CODE) -> CodeEdition:
    """A Code of four entitlements."""
    return read_code(text, "code/code-2015.yaml")


def make_plan(text: str = PLAN) -> Plan:
    """The plan as read against the questionnaire and the Code of these makers."""
    return read_plan_of(text, make_questionnaire(), DESIGN, edition=make_code())


def population_text() -> str:
    """A population table of 27 cells for each of two sexes."""
    rows = ["area,crime_group,sex,age_band,count"]
    for at, area in enumerate(AREAS):
        for crime, share in zip(CRIMES, (5, 1, 4), strict=True):
            for sex in ("female", "male"):
                for age in AGES:
                    rows.append(f"{area},{crime},{sex},{age},{share * (20 + 5 * at)}")
    return "\n".join(rows) + "\n"


def make_design(rng: random.Random) -> dict[str, str]:
    """One case's design variables."""
    crime = rng.choices(CRIMES, (5, 1, 4))[0]
    return {
        "area": rng.choice(AREAS),
        "crime_group": crime,
        "sex": rng.choice(["female", "male"]),
        "age_band": rng.choice(AGES),
        "enhanced": rng.choice(["yes", "no"]),
        "quarter": "2025-Q4",
        "stratum": crime,
    }


def make_answers(rng: random.Random, shares: Mapping[str, float]) -> dict[str, Value]:
    """One person's answers, off-route questions absent."""

    def said(name: str) -> Value:
        if rng.random() < 0.03:
            return Missing.PREFER_NOT_TO_SAY
        return "yes" if rng.random() < shares.get(name, 0.5) else "no"

    answers: dict[str, Value] = {"agree": "yes", "reported": said("reported")}
    if answers["reported"] == "yes":
        unsure = rng.random() < 0.05
        answers["told"] = Missing.CANT_REMEMBER if unsure else said("told")
    answers["offered"] = said("offered")
    if answers["offered"] == "yes":
        answers["used"] = said("used")
    group = rng.choices(["a", "b", "c", ""], (80, 16, 2, 2))[0]
    answers["ethnic"] = group or Missing.PREFER_NOT_TO_SAY
    return answers


def make_responses(
    shape: Shape | None = None,
) -> tuple[tuple[Response, ...], tuple[IssuedCase, ...]]:
    """Responses of both arms, and the issued cases of the sampled one."""
    wanted = shape or Shape()
    rng = random.Random(wanted.seed)
    responses, issued = [], []
    for number in range(2 * wanted.sample):
        design = make_design(rng)
        answered = number < wanted.sample
        code = "1.1" if answered else "3.19"
        issued.append(IssuedCase(design, Arm.SAMPLE, code))
        if answered:
            mode = rng.choice([Mode.WEB, Mode.TELEPHONE])
            responses.append(_response(rng, Arm.SAMPLE, mode, design, wanted))
    for _ in range(wanted.opened):
        responses.append(_response(rng, Arm.OPEN, Mode.WEB, {}, wanted))
    return tuple(responses), tuple(issued)


def _response(
    rng: random.Random,
    arm: Arm,
    mode: Mode,
    design: Mapping[str, str],
    shape: Shape,
) -> Response:
    return Response(
        ref=ResponseRef(f"{rng.getrandbits(128):032x}"),
        arm=arm,
        mode=mode,
        language=Language("en"),
        week="2026-W12",
        design=design,
        answers=make_answers(rng, shape.shares),
    )


def make_dataset(responses: Sequence[Response]) -> Dataset:
    """A dataset of these responses with its codebook."""
    return Dataset(tuple(responses), make_codebook(make_questionnaire(), DESIGN))


def make_results(shape: Shape | None = None, *, plan: Plan | None = None) -> Results:
    """The results of a small study."""
    responses, issued = make_responses(shape)
    return evaluate(
        plan or make_plan(),
        make_code(),
        make_dataset(responses),
        study="trial",
        issued=issued,
        population=Population.read(population_text()),
        strata=("crime_group",),
    )


def make_analysed_study(
    shape: Shape | None = None, *, slug: str | None = None, plan: str = PLAN
) -> Study:
    """A closed study with responses and issued cases in the answers zone (database)."""
    files = make_files(questionnaire=QUESTIONS, analysis=plan)
    files |= {"code/code-2015.yaml": CODE, "population.csv": population_text()}
    study = studies.load(files, by=MANAGER, at=OPENING, slug=slug)
    Study.objects.filter(pk=study.pk).update(
        state=State.CLOSED.value, opened_at=OPENING, closed_at=AT
    )
    study.refresh_from_db()
    store(study.slug, *make_responses(shape))
    return study


def store(
    slug: str, responses: Sequence[Response], issued: Sequence[IssuedCase]
) -> None:
    """Write responses and issued cases as intake does (database)."""
    models.Response.objects.bulk_create(
        models.Response(
            ref=response.ref,
            study=slug,
            instrument="1",
            arm=response.arm.value,
            mode=response.mode.value,
            language=response.language,
            week=response.week,
            design=dict(response.design),
            answers=_stored(response.answers),
        )
        for response in responses
    )
    models.IssuedCase.objects.bulk_create(
        models.IssuedCase(
            study=slug,
            arm=case.arm.value,
            design=dict(case.design),
            disposition=case.disposition,
        )
        for case in issued
    )


def _stored(answers: Mapping[str, Value]) -> dict[str, str | int]:
    return {
        name: int(value) if isinstance(value, Missing) else str(value)
        for name, value in answers.items()
    }

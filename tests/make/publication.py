"""Makers of results fit to publish: small, invented, and without a database."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.utils import timezone

from harken.method.compliance import (
    CodeEdition,
    Entitlement,
    Indicator,
    IndicatorResult,
    Results,
    ScorecardCell,
)
from harken.method.compliance.edition import Reportable
from harken.method.compliance.results import State
from harken.method.disclosure import Policy, Suppression
from harken.method.estimation import Estimate
from harken.method.publication import Context, Figures, Words, make_figures
from harken.method.terms import Arm, Missing
from harken.method.weighting import WeightReport
from harken.method.weighting.report import Diagnostics, MarginRow, Step
from harken.service.analysis.models import AnalysisRun
from harken.service.publication.texts import Material
from harken.service.study import actions as studies
from harken.service.study.models import Study
from tests.make.questionnaire import make_questionnaire
from tests.make.study import MANAGER, OPENING, make_files, make_folder

STAGES = ("report", "investigation", "trial")
GROUPS = ("burglary", "hate", "robbery")
WORDS = Words(
    {
        "stage": {"report": "Reporting the crime", "trial": "At trial"},
        "state": {"met": "Met", "not_met": "Not met", "too_few": "Too few people"},
        "arm": {"sample": "sampled arm", "open": "open arm"},
        "variable": {"crime_group": "Crime group"},
    }
)
CONTEXT = Context("Sutherland, 2026.", "Source: an invented review.", 10)


def make_estimate(value: float = 0.31, base: int = 400, half: float = 0.03) -> Estimate:
    """A share with a symmetric interval."""
    return Estimate(
        value=value,
        se=half / 1.96,
        low=max(0.0, value - half),
        high=min(1.0, value + half),
        base=base,
        weighted_base=base * 7.5,
        effective_base=base / 1.3,
        df=base - 1,
        deff=1.3,
        method="logit",
    )


def make_indicator(number: int = 1, stage: str = "report") -> Indicator:
    """An indicator whose id is ``I01`` and so on."""
    return Indicator(
        id=f"I{number:02}",
        title=f"Told about matter {number}",
        stage=stage,
        agency="police",
        base="reported == 'yes'",
        positive="reported == 'yes'",
        question="reported",
        in_base=(Missing.DONT_KNOW,),
        entitlements=(f"C15-POL-{number:02}",),
        target=0.5,
        among="people who reported to the police",
    )


def make_result(
    indicator: str = "I01",
    *,
    arm: Arm = Arm.SAMPLE,
    category: str | None = None,
    estimate: Estimate | None = None,
    hidden: Suppression = Suppression.NONE,
    flag: str = "",
) -> IndicatorResult:
    """One figure; hidden when ``hidden`` says so, else with an estimate."""
    if hidden is Suppression.NONE:
        estimate = estimate or make_estimate()
    return IndicatorResult(
        indicator=indicator,
        arm=arm,
        breakdown="crime_group" if category else None,
        category=category,
        estimate=estimate,
        suppression=hidden,
        flag=flag,
    )


def make_edition() -> CodeEdition:
    """A Code of three entitlements."""
    entitlements = tuple(
        Entitlement(
            id=f"C15-POL-{number:02}",
            title=f"Matter {number}",
            summary="Something is told.",
            agencies=("police",),
            stage=stage,
            applies_to="reported to police",
            victim_reportable=Reportable.YES,
            evidence="seen",
        )
        for number, stage in enumerate(STAGES, 1)
    )
    return CodeEdition(
        id="code-made",
        title="A made-up Code",
        published="2015-10",
        agencies={"police": "Police", "cps": "Prosecutors"},
        entitlements=entitlements,
    )


def make_card(
    number: int = 1, state: State = State.NOT_MET, estimate: Estimate | None = None
) -> ScorecardCell:
    """One scorecard cell of the police."""
    return ScorecardCell(
        entitlement=f"C15-POL-{number:02}",
        title=f"Matter {number}",
        agency="police",
        stage=STAGES[number - 1],
        indicators=(f"I{number:02}",),
        state=state,
        arm=Arm.SAMPLE,
        estimate=estimate,
        target=0.5 if estimate else None,
        adjusted_p=0.001 if estimate else None,
        flag="",
    )


def make_weights() -> WeightReport:
    """A report of two steps and one margin."""
    after = Diagnostics(
        total=9000, smallest=0.3, largest=4.0, design_effect=1.3, effective_base=923
    )
    margin = MarginRow(
        variables=("crime_group",),
        category=("burglary",),
        population=0.4,
        responses=480,
        unweighted=0.38,
        weighted=0.4,
    )
    return WeightReport(
        responses=1200,
        population=9000,
        steps=(
            Step("design weights", "population over cases issued", after),
            Step("raking", "to crime group", after),
        ),
        margins=(margin,),
        collapsed=(),
        iterations=7,
        largest_gap=1e-9,
        trimmed=3,
        design_effect=1.3,
        effective_base=923,
    )


def make_results(
    *,
    study: str = "made-review",
    indicators: Sequence[IndicatorResult] | None = None,
    headlines: Sequence[str] = ("I01", "I02"),
    scorecard: Sequence[ScorecardCell] | None = None,
) -> Results:
    """A run: three indicators in two arms, by crime group, some of it hidden."""
    measures = tuple(make_indicator(n, s) for n, s in enumerate(STAGES, 1))
    primary, secondary = Suppression.PRIMARY, Suppression.SECONDARY
    made = [
        make_result("I01", estimate=make_estimate(0.31, 1204)),
        make_result("I01", category="burglary", estimate=make_estimate(0.35, 480)),
        make_result("I01", category="hate", hidden=primary),
        make_result("I01", category="robbery", hidden=secondary),
        make_result("I02", estimate=make_estimate(0.62, 27, 0.15), flag="u"),
        make_result("I03", hidden=primary),
        make_result("I01", arm=Arm.OPEN, estimate=make_estimate(0.12, 88)),
    ]
    cards = (
        make_card(1, State.NOT_MET, make_estimate(0.31, 1204)),
        make_card(2, State.INCONCLUSIVE, make_estimate(0.5, 27, 0.15)),
        make_card(3, State.TOO_FEW),
    )
    return Results(
        study=study,
        plan_digest="a" * 64,
        code="code-made",
        confidence=0.95,
        weights=make_weights(),
        measures=measures,
        headlines=tuple(headlines),
        breakdowns=("crime_group",),
        indicators=tuple(indicators if indicators is not None else made),
        pooled=(),
        scorecard=tuple(scorecard if scorecard is not None else cards),
        facts={"interviews": 1292, "response_rate_2": 0.41},
        decisions=("The arms are reported apart.",),
        rules=("Figures on fewer than 10 people are hidden.",),
    )


def make_policy(threshold: int = 10, round_to: float = 1) -> Policy:
    """The disclosure rule of a study."""
    return Policy(
        threshold=threshold,
        flag_below=30,
        minority=3,
        round_to=round_to,
        reference="SAF-53",
        owner="The disclosure lead",
        reviewed=dt.date(2026, 1, 15),
    )


def make_figures_of(results: Results | None = None) -> Figures:
    """All figures of a run, with the made-up Code."""
    return make_figures(results or make_results(), make_edition(), WORDS, CONTEXT)


def make_material(results: Results | None = None, **changes: Any) -> Material:
    """Everything a release of the small study ``trial`` is made from."""
    folder = make_folder()
    material = Material(
        results=results or make_results(study=folder.charter.id),
        folder=folder,
        questionnaire=make_questionnaire(),
        edition=make_edition(),
        policy=make_policy(),
        exclusions=(("domestic_abuse", 214), ("under_age", 77), ("on_duty", 4)),
    )
    return replace(material, **changes)


PLAN = """\
code: code-2015
weights: {margins: [[crime_group]], seed: 1}
confidence: 0.95
disclosure: {threshold: 10, flag_below: 30, round_to: 1, policy: SAF-53,
  owner: The lead, reviewed: 2026-01-15}
breakdowns: [crime_group, mode]
headlines: [I01]
indicators:
  - {id: I01, title: Told about matter 1, stage: report, agency: police,
     base: "reported == 'yes'", question: reported, positive: "reported == 'yes'",
     entitlements: [C15-POL-01]}
"""
CODE = """\
meta: {title: A made-up Code, published: 2015-10}
agencies: {police: Police}
stages: [report, investigation, trial]
entitlements:
  - {id: C15-POL-01, title: Matter 1, summary: Told., agencies: [police],
     stage: report, victim_reportable: "yes"}
"""


def make_published_study(slug: str = "trial", *, shift_days: int = 0) -> Study:
    """A study with one analysis run, ready to publish (database)."""
    files = make_files(analysis=PLAN) | {"code/code-2015.yaml": CODE}
    study = studies.load(
        files, by=MANAGER, at=OPENING, slug=slug, shift_days=shift_days
    )
    make_run(slug)
    return study


def make_run(slug: str = "trial", results: Results | None = None) -> AnalysisRun:
    """Keep results as the newest run of a study (database)."""
    made = replace(results or make_results(), study=slug, code="code-2015")
    text = made.to_json()
    return AnalysisRun.objects.create(
        study=slug,
        made_at=timezone.now(),
        plan_digest=made.plan_digest,
        digest=hashlib.sha256(text.encode()).hexdigest(),
        responses=1292,
        figures=len(made.indicators),
        hidden=0,
        results=text,
    )

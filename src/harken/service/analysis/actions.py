"""Runs the analysis of a study and keeps what it found, with one ledger entry."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping

from django.db import transaction

from harken.method.compliance import Results, evaluate, read_code, read_plan
from harken.method.errors import refuse
from harken.method.ledger import Event
from harken.method.sampling import Population
from harken.method.terms import Actor
from harken.service.accounts.permissions import Permission, check
from harken.service.analysis import faults
from harken.service.analysis.models import AnalysisRun
from harken.service.ledger import actions as ledger
from harken.service.questionnaire import queries as instruments
from harken.service.response import queries as responses
from harken.service.study import queries as studies

PLAN, POPULATION = "analysis.yaml", "population.csv"
POOLED = "both arms also shown together, as the plan asks"


def run(
    slug: str,
    files: Mapping[str, str] | None = None,
    *,
    by: Actor,
    at: dt.datetime,
) -> AnalysisRun:
    """Weight, estimate, check and judge a study's responses; keep the results.

    ``files`` replaces texts of the study's folder by path, such as a corrected
    ``analysis.yaml``. Nothing is kept when anything is wrong. Raises HarkenError:
    ANA-002, ANA-003, and what is wrong with the plan (CMP, QUE, SRC), the population
    table (SAM) or the weighting (WGT).
    """
    check(by, Permission.ANALYSE)
    results = compute(slug, files)
    text = results.to_json()
    hidden = sum(item.estimate is None for item in results.indicators)
    counts = {
        "responses": _responses(results),
        "figures": len(results.indicators),
        "hidden": hidden,
    }
    digest = hashlib.sha256(text.encode()).hexdigest()
    with transaction.atomic(), transaction.atomic(using="answers"):
        made = AnalysisRun.objects.create(
            study=slug,
            made_at=at,
            plan_digest=results.plan_digest,
            digest=digest,
            results=text,
            **counts,
        )
        ledger.record(
            Event.ANALYSIS_RUN,
            study=slug,
            by=by,
            at=at,
            subject=digest,
            counts=counts,
            reason=POOLED if results.pooled else "",
        )
    return made


def compute(slug: str, files: Mapping[str, str] | None = None) -> Results:
    """The results of a study's responses, without keeping them."""
    study = studies.get(slug)
    folder = studies.folder(study)
    texts = {**folder.files, **(files or {})}
    charter = folder.charter
    edition_path = f"code/{charter.code_edition}.yaml"
    for path in (PLAN, POPULATION, edition_path):
        if path not in texts:
            raise refuse(faults.NO_FILE, path=path)
    dataset = responses.dataset(slug)
    if not dataset.responses:
        raise refuse(faults.NOBODY, study=slug)
    edition = read_code(texts[edition_path], edition_path)
    plan = read_plan(
        texts[PLAN],
        instruments.instrument(study),
        charter.sampling.design_variables,
        edition=edition,
    )
    return evaluate(
        plan,
        edition,
        dataset,
        study=slug,
        issued=responses.issued(slug),
        population=Population.read(texts[POPULATION]),
        strata=charter.sampling.strata,
    )


def _responses(results: Results) -> int:
    arms = ("interviews_sample", "interviews_open")
    return sum(int(results.facts.get(arm, 0)) for arm in arms)

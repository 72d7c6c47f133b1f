"""Makers of rehearsals: the demo study's texts, read once, and people to simulate."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

from harken.method.compliance import read_code, read_plan
from harken.method.questionnaire import Questionnaire, read_questionnaire
from harken.method.rehearsal import Study
from harken.method.sampling import Population
from harken.method.study import Folder, read_folder
from harken.method.terms import Language

FOLDER = Path(__file__).resolve().parents[2] / "studies" / "victims-review"


@cache
def demo_texts() -> dict[str, str]:
    """Every text of the demo study by relative path."""
    return {
        path.relative_to(FOLDER).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(FOLDER.rglob("*"))
        if path.is_file()
    }


@cache
def demo_folder() -> Folder:
    """The demo study's folder, read."""
    return read_folder(demo_texts())


@cache
def demo_questionnaire() -> Questionnaire:
    """The demo study's questionnaire with the texts of its other languages."""
    return read_questionnaire(
        demo_texts()["questionnaire.yaml"],
        translations={
            Language(path.removeprefix("translations/").removesuffix(".yaml")): text
            for path, text in demo_texts().items()
            if path.startswith("translations/") and path.endswith(".yaml")
        },
    )


@cache
def demo_population() -> Population:
    """The demo study's population table."""
    return Population.read(demo_texts()["population.csv"])


@cache
def demo_study() -> Study:
    """What a replica of the demo study needs; no breakdowns, which take most time."""
    charter = demo_folder().charter
    path = f"code/{charter.code_edition}.yaml"
    edition = read_code(demo_texts()[path], path)
    plan = read_plan(
        demo_texts()["analysis.yaml"],
        demo_questionnaire(),
        charter.sampling.design_variables,
        edition=edition,
    )
    return Study(
        questionnaire=demo_questionnaire(),
        plan=replace(plan, breakdowns=()),
        edition=edition,
        population=demo_population(),
        strata=charter.sampling.strata,
        design_variables=charter.sampling.design_variables,
    )

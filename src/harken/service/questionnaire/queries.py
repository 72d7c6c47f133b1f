"""Reads of the questionnaire room: the instrument of a study, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from django.db import connections

from harken.method import questionnaire as method
from harken.method.compliance import CodeEdition, Plan, read_code, read_plan
from harken.method.errors import Finding, HarkenError, Place, refuse
from harken.method.study import Folder
from harken.service.questionnaire import faults, prover
from harken.service.questionnaire.models import InstrumentVersion
from harken.service.study import queries as studies
from harken.service.study.models import Study

SOURCE, PLAN = "questionnaire.yaml", "analysis.yaml"

_READ: dict[tuple[str, str], method.Questionnaire] = {}
_KEPT = 16

T = TypeVar("T")

STAMP = """
SELECT id, digest, source_language FROM questionnaire_instrumentversion
WHERE study_id = %s AND version = COALESCE(%s, version)
ORDER BY frozen_at DESC, id DESC LIMIT 1"""
"""In plain SQL, as everybody who begins comes by here."""


def instrument(study: Study, version: str | None = None) -> method.Questionnaire:
    """The instrument of a study: a frozen version, by default the newest.

    Before any is frozen, the draft in the study's folder. Raises HarkenError (QUE-060,
    QUE-061, or what is wrong with the draft).
    """
    with connections["default"].cursor() as cursor:
        cursor.execute(STAMP, (study.pk, version))
        stamp = cursor.fetchone()
    if stamp is None and version is not None:
        raise refuse(faults.NO_VERSION, study=study.slug, version=version[:40])
    if stamp is None:
        return draft(study)
    found = _READ.get(stamp[1:])
    if found is None:
        row = InstrumentVersion.objects.get(pk=stamp[0])
        found = method.read_questionnaire(
            row.source,
            translations=row.translations,
            source_language=row.source_language,
            files=row.files,
        )
        _keep(found)
    return found


def draft(study: Study) -> method.Questionnaire:
    """The instrument as the study's folder has it. Raises HarkenError (QUE-060, ...)."""
    return read(studies.folder(study))


def read(folder: Folder) -> method.Questionnaire:
    """The instrument of a folder that need not be loaded. Raises HarkenError."""
    text = folder.files.get(SOURCE)
    if text is None:
        raise refuse(faults.NO_INSTRUMENT, study=folder.charter.id)
    return method.read_questionnaire(
        text,
        translations=folder.translations(),
        source_language=folder.charter.source_language,
        files=folder.beside(),
    )


def versions(study: Study) -> list[InstrumentVersion]:
    """The frozen versions of a study, the newest first, without their texts."""
    rows = InstrumentVersion.objects.filter(study=study)
    return list(
        rows.defer("source", "translations", "files").order_by("-frozen_at", "-pk")
    )


def findings(study: Study) -> tuple[Finding, ...]:
    """What is worth telling the author of a study's draft; never raises."""
    return examine(studies.folder(study))


def examine(
    folder: Folder,
    *,
    quick: bool = False,
    minutes: float | None = None,
    reading_age: float | None = None,
) -> tuple[Finding, ...]:
    """What is worth telling the author of a folder that need not be loaded.

    ``quick`` leaves out the proof: names, types, links and translations only.
    """
    found: list[Finding] = []
    try:
        questionnaire = read(folder)
    except HarkenError as error:
        return error.findings
    edition = _attempt(found, lambda: _edition(folder))
    plan = _attempt(found, lambda: _plan(folder, questionnaire, edition))
    variables = folder.charter.sampling.design_variables
    found += method.check(
        questionnaire,
        languages=folder.charter.languages,
        modes=folder.charter.modes,
        indicators=[one.id for one in plan.indicators] if plan else None,
        entitlements=[one.id for one in edition.entitlements] if edition else None,
        design_variables=(*variables, "stratum"),
    )
    if not quick:
        proof = prover.prove(
            questionnaire,
            modes=folder.charter.modes,
            languages=folder.charter.languages,
            minutes=minutes,
            reading_age=reading_age,
        )
        found += proof.findings
    return in_order(found)


def in_order(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings as they stand in the files, those of one place by code."""

    def place(finding: Finding) -> tuple[str, int, int, str]:
        at = finding.place or Place("")
        return (at.source, at.line or 0, at.column or 0, finding.fault.code)

    return tuple(sorted(found, key=place))


def _edition(folder: Folder) -> CodeEdition | None:
    path = f"code/{folder.charter.code_edition}.yaml"
    text = folder.files.get(path)
    return None if text is None else read_code(text, path)


def _plan(
    folder: Folder, questionnaire: method.Questionnaire, edition: CodeEdition | None
) -> Plan | None:
    text = folder.files.get(PLAN)
    variables = folder.charter.sampling.design_variables
    if text is None:
        return None
    return read_plan(text, questionnaire, variables, edition=edition)


def _attempt(found: list[Finding], reading: Callable[[], T | None]) -> T | None:
    """What was read, or None with the reason added to what was found."""
    try:
        return reading()
    except HarkenError as error:
        found += error.findings
        return None


def _keep(found: method.Questionnaire) -> None:
    if len(_READ) >= _KEPT:
        _READ.clear()
    _READ[(found.digest, found.source_language)] = found

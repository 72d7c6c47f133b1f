"""Writes of the questionnaire room: freeze an instrument, and open its study with it."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from harken.method.errors import Finding, HarkenError, errors_in, refuse
from harken.method.ledger import Event
from harken.method.study import State
from harken.method.terms import Actor
from harken.service.accounts.permissions import Permission, check
from harken.service.ledger import actions as ledger
from harken.service.questionnaire import faults, queries
from harken.service.questionnaire.models import InstrumentVersion
from harken.service.study import actions as study_actions
from harken.service.study import queries as studies
from harken.service.study.models import Study


def freeze(study: Study, *, by: Actor, at: dt.datetime) -> InstrumentVersion:
    """Keep the draft instrument as a version, exactly as respondents will see it.

    While the study is a draft, freezing again replaces the version. Raises HarkenError
    with every error found (QUE-063 first), or QUE-062.
    """
    check(by, Permission.STUDY_MANAGE)
    findings = queries.findings(study)
    errors = errors_in(findings)
    if errors:
        detail = {"study": study.slug, "count": len(errors)}
        raise HarkenError(Finding(faults.NOT_SOUND, None, detail), *errors)
    folder = studies.folder(study)
    read = queries.draft(study)
    with transaction.atomic():
        rows = InstrumentVersion.objects.select_for_update().filter(study=study)
        row = rows.filter(version=read.version).first()
        if row is not None and row.digest == read.digest:
            return row
        if row is not None and study.state != State.DRAFT.value:
            detail = {"version": read.version, "study": study.slug}
            raise refuse(faults.ALREADY_FROZEN, **detail)
        row = row or InstrumentVersion(study=study, version=read.version)
        row.digest = read.digest
        row.source = folder.files[queries.SOURCE]
        row.source_language = read.source_language
        row.translations = folder.translations()
        row.files = folder.beside()
        row.frozen_at = at
        row.save()
        ledger.record(
            Event.INSTRUMENT_FROZEN,
            study=study.slug,
            by=by,
            at=at,
            subject=read.digest,
            counts={"questions": len(read.questions)},
        )
    return row


def launch(study: Study, *, by: Actor, at: dt.datetime) -> None:
    """Freeze the instrument and open the study through its gate, or do neither."""
    findings = queries.findings(study)
    with transaction.atomic():
        study_actions.open_study(study, instrument=findings, by=by, at=at)
        freeze(study, by=by, at=at)

"""Reads of the publication room: what is published, and what a release is made from."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from harken.method.compliance import read_code, read_plan
from harken.method.errors import HarkenError, refuse
from harken.method.ledger import Event
from harken.method.publication.faults import EMBARGO, NOT_FOUND
from harken.service.analysis import queries as analysis
from harken.service.ledger import queries as ledger
from harken.service.ledger.models import Entry
from harken.service.publication.models import Release
from harken.service.publication.texts import Material
from harken.service.questionnaire import queries as instruments
from harken.service.study import queries as studies
from harken.service.study.models import Study

_TOTALS = ("read", "loaded")


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a study stands on its way to publication, for the staff page."""

    study: str
    title: str
    issued: dt.date
    embargoed: bool
    has_results: bool
    latest: Release | None


def material(slug: str) -> Material:
    """Everything a release of the study is made from.

    Raises HarkenError when the study, its plan or its results are not there.
    """
    study = studies.get(slug)
    folder = studies.folder(study)
    questionnaire = instruments.instrument(study)
    plan = read_plan(
        folder.files["analysis.yaml"],
        questionnaire,
        folder.charter.sampling.design_variables,
    )
    results = analysis.results(slug)
    path = f"code/{results.code}.yaml"
    edition = read_code(folder.files[path], path)
    return Material(
        results=results,
        folder=folder,
        questionnaire=questionnaire,
        edition=edition,
        policy=plan.policy,
        exclusions=_exclusions(slug),
        counts=_counts(study),
        promised=studies.promised(study),
    )


def _exclusions(slug: str) -> tuple[tuple[str, int], ...]:
    """People left out of the sample file by reason, as the ledger has them."""
    bodies = _bodies(ledger.entries(study=slug, event=Event.SAMPLE_LOADED))
    last = bodies[-1]["counts"] if bodies else {}
    return tuple(
        (name, count) for name, count in sorted(last.items()) if name not in _TOTALS
    )


def _counts(study: Study) -> dict[str, int]:
    """Counts of the fieldwork that the ledger holds, up to the study's close.

    What comes after the close never changes them, so a release can be made again.
    """
    if study.closed_at is None:
        return {}

    def until_close(event: Event) -> QuerySet[Entry]:
        found = ledger.entries(study=study.slug, event=event)
        return found.filter(at__lte=study.closed_at)

    counts: dict[str, int] = {}
    for body in _bodies(until_close(Event.SAMPLE_LOADED)):
        counts["sample_file"] = body["counts"].get("read", 0)
    for body in _bodies(until_close(Event.SAMPLE_DRAWN)):
        counts["frame"] = body["counts"].get("frame", 0)
    for body in _bodies(until_close(Event.LETTERS_MADE)):
        name = f"letters_{body['reason']}"
        counts[name] = counts.get(name, 0) + body["counts"].get("letters", 0)
    counts["attempts"] = until_close(Event.ATTEMPT_RECORDED).count()
    counts["opted_out"] = until_close(Event.OPTED_OUT).count()
    return counts


def _bodies(entries: QuerySet[Entry]) -> list[dict[str, Any]]:
    return [json.loads(body) for body in entries.values_list("body", flat=True)]


def published() -> QuerySet[Release]:
    """Every release that was not withdrawn, newest first."""
    return Release.objects.filter(withdrawn_at__isnull=True)


def in_force() -> list[Release]:
    """The latest version of each study."""
    latest: dict[str, Release] = {}
    for release in published().order_by("study", "version"):
        latest[release.study] = release
    return sorted(latest.values(), key=lambda r: (r.issued, r.study), reverse=True)


def latest(slug: str) -> Release | None:
    """The version of a study that is in force, or None."""
    return published().filter(study=slug).order_by("-version").first()


def get(slug: str, version: int | None = None) -> Release:
    """A published version, by default the one in force. Raises HarkenError PUB-010."""
    found = (
        latest(slug)
        if version is None
        else published().filter(study=slug, version=version).first()
    )
    if found is None:
        raise refuse(NOT_FOUND, release=slug[:60])
    return found


def everything() -> QuerySet[Release]:
    """Every version of every study, withdrawn ones too."""
    return Release.objects.order_by("study", "version")


def history(slug: str) -> QuerySet[Release]:
    """Every version of a study, withdrawn ones too, newest first."""
    return Release.objects.filter(study=slug).order_by("-version")


def check_embargo(slug: str, issued: dt.date, *, at: dt.datetime) -> None:
    """Pass when the day of publication has come. Raises HarkenError PUB-007."""
    if timezone.localdate(at) < issued:
        raise refuse(EMBARGO, study=slug, day=issued.isoformat())


def can_publish(slug: str, issued: dt.date, *, at: dt.datetime) -> bool:
    """Whether ``check_embargo`` passes."""
    try:
        check_embargo(slug, issued, at=at)
    except HarkenError:
        return False
    return True


def standings(*, at: dt.datetime) -> list[Standing]:
    """Every study with its day of publication and what is published of it."""
    made = []
    for study in studies.all_studies():
        charter = studies.folder(study).charter
        issued = charter.calendar.publish
        made.append(
            Standing(
                study=study.slug,
                title=charter.title,
                issued=issued,
                embargoed=not can_publish(study.slug, issued, at=at),
                has_results=_has_results(study.slug),
                latest=latest(study.slug),
            )
        )
    return made


def _has_results(slug: str) -> bool:
    try:
        analysis.results(slug)
    except HarkenError:
        return False
    return True

"""Reads of the study room: a study by its name, the folder behind it, what is current."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone

from harken.method import study as method
from harken.method.errors import Finding, HarkenError, closest, refuse
from harken.method.study import faults as method_faults
from harken.method.study import promised as days
from harken.method.study.promised import Promised
from harken.service.study import faults
from harken.service.study.models import Study

_FOLDERS: dict[tuple[str, str], method.Folder] = {}
_KEPT = 8

CURRENT = """
SELECT id, slug, state, shift_days, later, digest, loaded_at, opened_at, closed_at, destroyed_at
FROM study_study WHERE state IN ('open', 'closed', 'destroyed')
ORDER BY CASE state WHEN 'open' THEN 0 ELSE 1 END, opened_at DESC, id DESC LIMIT 1"""
"""In plain SQL, as everybody who begins comes by here; without the texts."""


def get(slug: str) -> Study:
    """The study of this name. Raises HarkenError (STU-040)."""
    study = _studies().filter(slug=slug).first()
    if study is None:
        names = sorted(Study.objects.values_list("slug", flat=True))
        near = closest(slug, names)
        raise HarkenError(Finding(faults.NO_STUDY, None, {"slug": slug[:60]}, near))
    return study


def at_address(slug: str) -> Study:
    """The study that an address names; the page that says there is none when none is."""
    try:
        return get(slug)
    except HarkenError:
        raise Http404 from None


def all_studies() -> QuerySet[Study]:
    """Every study, the newest first."""
    return _studies().order_by("-loaded_at", "-pk")


def current() -> Study | None:
    """The study respondents see: the newest open one, else the newest that ended."""
    return next(iter(Study.objects.raw(CURRENT)), None)


def folder(study: Study) -> method.Folder:
    """The study's folder as read, its charter under the name it was loaded as.

    Kept in memory by content, so that a page need not read the texts again.
    """
    key = (study.slug, study.digest)
    found = _FOLDERS.get(key)
    if found is None:
        found = method.read_folder(
            study.files, shift_days=study.shift_days, name=study.slug
        )
        if len(_FOLDERS) >= _KEPT:
            _FOLDERS.clear()
        _FOLDERS[key] = found
    return found


def promised(study: Study) -> tuple[Promised, ...]:
    """Every promise of the study in order: the charter's days, then each later one's.

    Which of them holds for a person, the vault's ``promised`` says.
    """
    return days.promised(folder(study).charter.calendar, study.later)


def calendar(study: Study) -> list[tuple[str, dt.date]]:
    """Every day of the study by name, then those of each later promise."""
    found = list(folder(study).charter.calendar.days().items())
    for one in promised(study)[1:]:
        for name in ("destroy_by", "recontact_until"):
            found.append((f"{name}_if_enrolled_from_{one.since}", getattr(one, name)))
    return found


def kept_long(study: Study) -> tuple[Finding, ...]:
    """The launch gate's warning, when the last promise keeps identities for long."""
    closes = folder(study).charter.calendar.telephone_closes
    kept = days.kept_long(closes, promised(study)[-1].destroy_by)
    found = Finding(method_faults.LONG_KEEPING, None, {"days": kept})
    return (found,) if kept else ()


def check_fieldwork(study: Study, *, at: dt.datetime) -> None:
    """Pass when the study is open and its fieldwork has not closed.

    Raises HarkenError (STU-044, STU-045).
    """
    if study.state != method.State.OPEN.value:
        raise refuse(faults.NOT_IN_FIELDWORK, slug=study.slug, state=study.state)
    closes = folder(study).charter.calendar.telephone_closes
    if timezone.localdate(at) > closes:
        raise refuse(faults.EXPIRED, slug=study.slug, date=closes)


def can_fieldwork(study: Study, *, at: dt.datetime) -> bool:
    """Whether ``check_fieldwork`` passes."""
    try:
        check_fieldwork(study, at=at)
    except HarkenError:
        return False
    return True


def gate(
    study: Study, *, instrument: tuple[Finding, ...], at: dt.datetime
) -> tuple[Finding, ...]:
    """What stands against opening the study today (SAF-50)."""
    today = timezone.localdate(at)
    return method.gate(folder(study), today=today, instrument=instrument)


def _studies() -> QuerySet[Study]:
    """Studies without their texts, which only ``folder`` needs, once."""
    return Study.objects.defer("files")

"""Writes of the study room: load, open, close, and note that identities are destroyed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils import timezone

from harken.method import study as method
from harken.method.errors import Finding, HarkenError, errors_in, refuse
from harken.method.ledger import Event
from harken.method.study import State
from harken.method.terms import Actor
from harken.service.accounts.permissions import Permission, check
from harken.service.ledger import actions as ledger
from harken.service.study import faults, queries
from harken.service.study.models import Study


def load(
    files: Mapping[str, str],
    *,
    by: Actor,
    at: dt.datetime,
    slug: str | None = None,
    shift_days: int = 0,
) -> Study:
    """Take a study folder in as a draft, or replace the draft of that name.

    Args:
        files: the folder's texts by relative path.
        slug: another name than the charter's, so that one folder can be loaded twice.
        shift_days: moves the whole calendar.

    Raises HarkenError with every finding; nothing is kept then.
    """
    check(by, Permission.STUDY_MANAGE)
    folder = method.read_folder(files, shift_days=shift_days, name=slug)
    name = folder.charter.id
    with transaction.atomic():
        study = Study.objects.select_for_update().filter(slug=name).first()
        if study is None:
            study = Study(slug=name)
        elif study.state != State.DRAFT.value:
            raise refuse(faults.NOT_DRAFT, slug=name, state=study.state)
        study.files = dict(files)
        study.shift_days = shift_days
        study.digest = folder.digest
        study.loaded_at = at
        study.save()
        ledger.record(
            Event.STUDY_LOADED,
            study=name,
            by=by,
            at=at,
            subject=folder.digest,
            counts={"files": len(files)},
        )
    return study


def open_study(
    study: Study, *, instrument: Sequence[Finding], by: Actor, at: dt.datetime
) -> None:
    """Open a draft through the launch gate (SAF-50).

    Raises HarkenError: STU-043 and every error the gate found, or STU-042.
    """
    check(by, Permission.STUDY_MANAGE)
    with transaction.atomic():
        held = _held(study, State.OPEN)
        findings = queries.gate(held, instrument=tuple(instrument), at=at)
        errors = errors_in(findings)
        if errors:
            detail = {"slug": held.slug, "count": len(errors)}
            raise HarkenError(Finding(faults.GATE_SHUT, None, detail), *errors)
        held.opened_at = at
        _become(held, State.OPEN)
        ledger.record(
            Event.STUDY_OPENED, study=held.slug, by=by, at=at, subject=held.digest
        )
    study.refresh_from_db()


def close_study(study: Study, *, by: Actor, at: dt.datetime) -> None:
    """End fieldwork: from now on nobody is asked. Raises HarkenError (STU-042)."""
    check(by, Permission.STUDY_MANAGE)
    with transaction.atomic():
        held = _held(study, State.CLOSED)
        held.closed_at = at
        _become(held, State.CLOSED)
        ledger.record(Event.STUDY_CLOSED, study=held.slug, by=by, at=at)
    study.refresh_from_db()


def mark_destroyed(study: Study, *, by: Actor, at: dt.datetime) -> None:
    """Note that the identities are gone; called by the destruction itself.

    Raises HarkenError (STU-042).
    """
    check(by, Permission.DESTROY_PLAN)
    with transaction.atomic():
        held = _held(study, State.DESTROYED)
        held.destroyed_at = at
        _become(held, State.DESTROYED)
        ledger.record(Event.STUDY_DESTROYED, study=held.slug, by=by, at=at)
    study.refresh_from_db()


def learn_promises(
    slug: str, promises: Sequence[Mapping[str, str]], *, at: dt.datetime
) -> None:
    """Take in the study's later promises, in order; those known before stay as they are.

    The vault calls it where it writes them down, with the controller's signature checked.
    Whoever is enrolled from this day on is given the last of them.
    """
    held = Study.objects.only("later").filter(slug=slug).first()
    if held is None or len(held.later) >= len(promises):
        return
    since = {"since": timezone.localdate(at).isoformat()}
    words = ("destroy_by", "recontact_until", "reason")
    for promise in promises[len(held.later) :]:
        held.later.append(since | {name: promise.get(name, "") for name in words})
    held.save(update_fields=["later"])


def _held(study: Study, wanted: State) -> Study:
    """The study's row, locked, if it may take this step."""
    held = Study.objects.select_for_update().get(pk=study.pk)
    if not State(held.state).may_become(wanted):
        detail = {"slug": held.slug, "state": held.state, "wanted": wanted.value}
        raise refuse(faults.WRONG_STATE, **detail)
    return held


def _become(held: Study, state: State) -> None:
    held.state = state.value
    held.save(update_fields=["state", "opened_at", "closed_at", "destroyed_at"])

"""Writes of the publication room: publish, correct, withdraw; preview before the day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

from django.db import transaction

from harken.method import publication as method
from harken.method.errors import refuse
from harken.method.ledger import Event
from harken.method.publication.faults import NEEDS_REASON
from harken.method.terms import Actor
from harken.service.accounts.permissions import Permission, check
from harken.service.ledger import actions as ledger
from harken.service.publication import queries, release, store
from harken.service.publication.models import Release
from harken.service.publication.texts import Edition, Material

Progress = Callable[[int, int], None]


def publish(
    slug: str,
    *,
    by: Actor,
    at: dt.datetime,
    folder: Path | None = None,
    reason: str = "",
    progress: Progress | None = None,
) -> Release:
    """Publish the study's latest results; a second time as a correction.

    When the release made now is the one in force, byte for byte, that one is returned
    and nothing is recorded. ``folder`` gets a copy. ``reason`` says what a new version
    corrects. Raises HarkenError PUB-007 before the study's day, PUB-009 without a
    reason, ACC-001 without the permission.
    """
    check(by, Permission.RELEASE)
    material = queries.material(slug)
    queries.check_embargo(slug, material.folder.charter.calendar.publish, at=at)
    before = queries.latest(slug)
    made = _unchanged(material, before, progress)
    if before is None or made is None:
        edition = _next(slug, before, reason)
        made = release.compose(material, edition, progress=progress)
        before = _keep(material, edition, made, by=by, at=at)
    if folder is not None:
        store.write(folder, made)
    return before


def _unchanged(
    material: Material, before: Release | None, progress: Progress | None
) -> dict[str, bytes] | None:
    """The files of the version in force when they would be made the same again."""
    if before is None:
        return None
    same = Edition(before.version, before.corrects, before.reason)
    made = release.compose(material, same, progress=progress)
    return made if method.release.digest(made) == before.digest else None


def _next(slug: str, before: Release | None, reason: str) -> Edition:
    history = queries.history(slug).first()
    version = history.version + 1 if history else 1
    if before is None:
        return Edition(version)
    if not reason.strip():
        raise refuse(NEEDS_REASON, study=slug)
    return Edition(version, before.version, reason.strip())


def _keep(
    material: Material,
    edition: Edition,
    made: dict[str, bytes],
    *,
    by: Actor,
    at: dt.datetime,
) -> Release:
    """Row, ledger entry and files together: the files come last and can be rewritten."""
    charter = material.folder.charter
    digest = method.release.verify(made)
    event = Event.RELEASE_CORRECTED if edition.corrects else Event.RELEASE_PUBLISHED
    with transaction.atomic(using="answers"), transaction.atomic(using="default"):
        row = Release.objects.create(
            study=charter.id,
            version=edition.version,
            title=charter.title,
            publisher=charter.controller.name,
            issued=charter.calendar.publish,
            digest=digest,
            results_digest=release.results_digest(material.results),
            published_at=at,
            published_by=by.label,
            corrects=edition.corrects,
            reason=edition.reason,
        )
        ledger.record(
            event,
            study=charter.id,
            by=by,
            at=at,
            subject=digest,
            counts={"version": edition.version, "files": len(made)},
            reason=edition.reason,
        )
        store.write(store.folder_of(charter.id, edition.version), made)
    return row


def preview(
    slug: str,
    *,
    by: Actor,
    at: dt.datetime,
    folder: Path | None = None,
    progress: Progress | None = None,
) -> Path:
    """Make the release as it would be, marked as a preview, for staff eyes only.

    The embargo does not bind it. Returns the folder it was written to.
    """
    check(by, Permission.RELEASE)
    material = queries.material(slug)
    before = queries.history(slug).first()
    version = before.version + 1 if before else 1
    made = release.compose(material, Edition(version, preview=True), progress=progress)
    target = folder or store.preview_of(slug)
    store.write(target, made)
    ledger.record(
        Event.RELEASE_PREVIEWED,
        study=slug,
        by=by,
        at=at,
        subject=method.release.digest(made),
        counts={"files": len(made)},
    )
    return target


def withdraw(
    slug: str, version: int, *, reason: str, by: Actor, at: dt.datetime
) -> Release:
    """Take a published version back; its row and its files stay as evidence.

    Raises HarkenError PUB-010 when it is not published, PUB-009 without a reason.
    """
    check(by, Permission.RELEASE)
    row = queries.get(slug, version)
    if not reason.strip():
        raise refuse(NEEDS_REASON, study=slug)
    with transaction.atomic(using="answers"), transaction.atomic(using="default"):
        row.withdrawn_at = at
        row.withdrawn_reason = reason.strip()
        row.save(update_fields=["withdrawn_at", "withdrawn_reason"])
        ledger.record(
            Event.RELEASE_WITHDRAWN,
            study=slug,
            by=by,
            at=at,
            subject=row.digest,
            counts={"version": version},
            reason=row.withdrawn_reason,
        )
    return row

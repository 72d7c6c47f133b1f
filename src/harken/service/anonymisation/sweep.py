"""Hygiene after the keys are dead: what hung on destroyed people is removed.

The promise does not rest on this file - deleted rows stay on disks - but nothing is kept
that has no purpose. What to remove follows from each model's DATA_CLASS: every row of
the fieldwork rooms that holds an identifying or linking field of this study. The notes
on how a questionnaire was filled in end with them (docs/decisions/0040).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from itertools import islice

from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import connections, models
from django.db.models import ProtectedError, RestrictedError

from harken.method.terms import CaseRef, DataClass
from harken.method.vault import KeyName
from harken.service.anonymisation.models import KeptFrame
from harken.service.response.models import Trace
from harken.service.study.models import Study
from harken.service.vault.models import RecontactConsent, Sealed

ROOMS = ("redaction", "interview", "contact", "safeguarding", "sampling", "rights")
PERSON = ("ref", "case")
"""What the reference of a person is called, where it is not a relation."""
LEADS_TO_PEOPLE = frozenset({DataClass.IDENTIFYING, DataClass.LINKING})
CHUNK = 400


def sweep(
    study: Study, kept: Iterable[CaseRef], stay: Collection[CaseRef] | None = None
) -> dict[str, int]:
    """Remove what led to people; returns rows removed by room.

    ``kept`` may still be contacted: their sealed contact part and consent stay.
    ``stay`` are those whose own day is later: all of theirs stays, and what leads to
    nobody in particular. None when there is no such person and nothing is to stay.
    """
    if stay is None:
        removed = {room: _sweep_room(room, study) for room in ROOMS}
        frame = KeptFrame.objects.filter(study=study.slug)
        removed["anonymisation"] = frame.delete()[0]
        removed["sessions"] = _sweep_sessions()
    else:
        removed = {room: _sweep_people(room, study, stay) for room in ROOMS}
    removed["vault"] = _sweep_vault(study.slug, set(kept), set(stay or ()))
    # No row leads to a person, but whose pages these were an answered row could tell.
    removed["traces"] = Trace.objects.filter(study=study.slug).delete()[0]
    return removed


def compact() -> int:
    """Rewrite the database files without the removed rows; returns how many were.

    SQLite only, and not inside a transaction; PostgreSQL's copies are dealt with by
    its own upkeep (docs/how-to/destroy.md). Keys, not this, make data unreadable.
    """
    done = 0
    for alias in ("default", "answers"):
        connection = connections[alias]
        if connection.vendor != "sqlite" or connection.in_atomic_block:
            continue
        with connection.cursor() as cursor:
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        done += 1
    return done


def people_models(room: str) -> list[tuple[type[models.Model], str]]:
    """A room's models that lead to people, each with the look-up of its study."""
    found = []
    for model in apps.get_app_config(room).get_models():
        classes = set(getattr(model, "DATA_CLASS", {}).values())
        path = _study_path(model)
        if classes & LEADS_TO_PEOPLE and path:
            found.append((model, path))
    return found


def _sweep_room(room: str, study: Study) -> int:
    removed = 0
    waiting = people_models(room)
    while waiting:
        held: list[tuple[type[models.Model], str]] = []
        for model, path in waiting:
            value = study.pk if path.endswith("_id") else study.slug
            rows = model._base_manager.filter(**{path: value})
            try:
                removed += rows.delete()[0]
            except (ProtectedError, RestrictedError):
                held.append((model, path))
        if len(held) == len(waiting):
            raise RuntimeError(f"rows of {room} protect one another")
        waiting = held
    return removed


def _sweep_people(room: str, study: Study, stay: Collection[CaseRef]) -> int:
    """The rows of everybody but those who stay; of a model without people, none."""
    removed = 0
    for model, path in people_models(room):
        person = _person_path(model)
        if not person:
            continue
        value = study.pk if path.endswith("_id") else study.slug
        rows = model._base_manager.filter(**{path: value})
        refs = set(rows.values_list(person, flat=True)) - set(stay)
        for chunk in _chunks(refs):
            removed += rows.filter(**{f"{person}__in": chunk}).delete()[0]
    return removed


def _person_path(model: type[models.Model], depth: int = 3) -> str:
    """The look-up from a model to the reference of its person; empty without one."""
    for field in model._meta.concrete_fields:
        if field.name in PERSON and not field.is_relation:
            return field.name
    for field in model._meta.concrete_fields:
        target = field.related_model
        if depth and field.is_relation and isinstance(target, type):
            path = _person_path(target, depth - 1)
            if path:
                return f"{field.name}__{path}"
    return ""


def _chunks(refs: Iterable[str]) -> Iterator[list[str]]:
    supply = iter(sorted(refs))
    while chunk := list(islice(supply, CHUNK)):
        yield chunk


def _study_path(model: type[models.Model], depth: int = 3) -> str:
    """The look-up from a model to its study: ``study_id`` or ``case__study_id``."""
    for field in model._meta.concrete_fields:
        if field.name == "study":
            return "study_id" if field.is_relation else "study"
    for field in model._meta.concrete_fields:
        target = field.related_model
        if depth and field.is_relation and isinstance(target, type):
            path = _study_path(target, depth - 1)
            if path:
                return f"{field.name}__{path}"
    return ""


def _sweep_vault(slug: str, kept: set[CaseRef], stay: set[CaseRef]) -> int:
    removed = 0
    for rows, living in (
        (Sealed.objects.filter(study=slug, part=KeyName.CASE.value), stay),
        (Sealed.objects.filter(study=slug), kept | stay),
        (RecontactConsent.objects.filter(study=slug), kept | stay),
    ):
        refs = set(rows.values_list("ref", flat=True)) - living
        for chunk in _chunks(refs):
            removed += rows.filter(ref__in=chunk).delete()[0]
    return removed


def _sweep_sessions() -> int:
    """Respondents' sessions end; staff stay signed in, their sessions hold no case."""
    dead = [
        session.pk
        for session in Session.objects.iterator()
        if "_auth_user_id" not in session.get_decoded()
    ]
    return sum(
        Session.objects.filter(pk__in=chunk).delete()[0] for chunk in _chunks(dead)
    )

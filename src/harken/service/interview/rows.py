"""What every visit needs, in plain SQL: begin an interview, read it, write a version, end it.

The ORM builds each statement anew; at a page a person, that is most of a page's cost.
A write names the version it was made from, and is refused when another came between.
The version before it stays: history only grows, and goes when the interview is collected.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import cache
from typing import Any

from django.db import (
    InterfaceError,
    OperationalError,
    connections,
    router,
    transaction,
)
from django.db import models as orm

from harken.service.interview.models import Interview, Version
from harken.service.study.models import Study

STUDY = ("id", "slug", "state", "shift_days", "digest")
"""What a page needs of the study; the rest is read when somebody asks for it."""

ENDING = (
    "status",
    "version",
    "mode",
    "ended",
    "pin",
    "document",
    "response_ref",
    "receipt",
)
"""What an interview's end changes of its row."""


def read(handle: str, *, locking: bool = False) -> Interview | None:
    """The interview of this handle with its study, as it stands now; with ``locking``
    nobody else writes it until the transaction ends.

    A connection that died since its last request is made anew, once.
    """
    database = router.db_for_read(Interview)
    try:
        found = _fetch(database, handle, locking)
    except (OperationalError, InterfaceError):
        if connections[database].in_atomic_block:
            raise
        connections[database].close()
        found = _fetch(database, handle, locking)
    if found is None:
        return None
    names = _names()
    values = [convert(value) for convert, value in zip(_readers(), found, strict=False)]
    row = Interview.from_db(database, names, values)
    row.study = Study.from_db(database, STUDY, found[len(names) :])
    return row


def _fetch(database: str, handle: str, locking: bool) -> tuple[Any, ...] | None:
    connection = connections[database]
    lock = locking and connection.features.has_select_for_update
    with connection.cursor() as cursor:
        cursor.execute(_reading() + (" FOR UPDATE OF i" if lock else ""), [handle])
        found: tuple[Any, ...] | None = cursor.fetchone()
    return found


def write(
    row: Interview, document: bytes, *, status: str, language: str, mode: str
) -> bool:
    """Store a sealed document as the next version; False when another came between.

    Nothing is stored, and the row stays as it was read, unless both the interview and
    its history took the version.
    """
    database = router.db_for_write(Interview)
    number = row.version + 1
    state = (status, language, mode)
    with transaction.atomic(using=database), connections[database].cursor() as cursor:
        place = (row.handle, row.version)
        cursor.execute(_writing(), (document, number, *state, *place))
        if cursor.rowcount != 1:
            return False
        cursor.execute(_keeping(), (row.handle, number, document))
    row.document, row.version = document, number
    row.status, row.language, row.mode = state
    return True


def begin(row: Interview) -> None:
    """Store a new interview."""
    values = [getattr(row, name) for name in _names()]
    with connections[router.db_for_write(Interview)].cursor() as cursor:
        cursor.execute(_beginning(), values)


def end(row: Interview) -> None:
    """Store the end of an interview that is locked; its history goes with the draft."""
    values = [getattr(row, name) for name in ENDING]
    with connections[router.db_for_write(Interview)].cursor() as cursor:
        cursor.execute(_ending(), (*values, row.handle))
        cursor.execute(_forgetting(), (row.handle,))


@cache
def _names() -> tuple[str, ...]:
    return tuple(field.attname for field in Interview._meta.concrete_fields)


@cache
def _readers() -> tuple[Callable[[object], object], ...]:
    return tuple(_reader(field) for field in Interview._meta.concrete_fields)


def _reader(field: orm.Field[object, object]) -> Callable[[object], object]:
    if isinstance(field, orm.BooleanField):
        return bool
    return _day if isinstance(field, orm.DateField) else _same


def _same(value: object) -> object:
    return value


def _day(value: object) -> object:
    """SQLite knows no dates: it gives the text that was stored."""
    return dt.date.fromisoformat(value) if isinstance(value, str) else value


@cache
def _reading() -> str:
    own = [f'i."{field.column}"' for field in Interview._meta.concrete_fields]
    study = [f"s.{name}" for name in STUDY]
    return (
        f"SELECT {', '.join(own + study)} FROM {Interview._meta.db_table} i"  # noqa: S608 - our own names only
        f" JOIN {Study._meta.db_table} s ON s.id = i.study_id WHERE i.handle = %s"
    )


@cache
def _writing() -> str:
    return (
        f"UPDATE {Interview._meta.db_table} SET document = %s, version = %s,"  # noqa: S608 - our own names only
        " status = %s, language = %s, mode = %s"
        " WHERE handle = %s AND version = %s AND status IN ('open', 'declined')"
    )


@cache
def _keeping() -> str:
    return (
        f"INSERT INTO {Version._meta.db_table} (interview_id, number, document)"  # noqa: S608 - our own names only
        " VALUES (%s, %s, %s)"
    )


@cache
def _beginning() -> str:
    names = ", ".join(f'"{field.column}"' for field in Interview._meta.concrete_fields)
    places = ", ".join(["%s"] * len(_names()))
    return f"INSERT INTO {Interview._meta.db_table} ({names}) VALUES ({places})"  # noqa: S608 - our own names only


@cache
def _ending() -> str:
    changes = ", ".join(f"{name} = %s" for name in ENDING)
    return f"UPDATE {Interview._meta.db_table} SET {changes} WHERE handle = %s"  # noqa: S608 - our own names only


@cache
def _forgetting() -> str:
    return f"DELETE FROM {Version._meta.db_table} WHERE interview_id = %s"  # noqa: S608 - our own names only

"""What an interview's end writes about its case, in plain SQL.

Everybody who answers comes through here, and building the statements anew each time was
most of what it cost. They run inside the transaction of the act.
"""

from __future__ import annotations

import datetime as dt

from django.db import connections

from harken.method.contact import Disposition
from harken.method.terms import CaseRef, Mode
from harken.service.study.models import Study

DATABASE = "default"

STANDS = """
SELECT s.disposition FROM contact_standing s
JOIN sampling_case c ON c.id = s.case_id WHERE c.ref = %s"""
MAKE = """
INSERT INTO contact_standing
    (case_id, disposition, changed_at, mode, attempts, soft_refusals, spoken)
SELECT id, %s, %s, '', 0, 0, %s FROM sampling_case WHERE ref = %s AND study_id = %s
ON CONFLICT (case_id) DO NOTHING"""
FIND = """
SELECT s.case_id, s.disposition FROM contact_standing s
JOIN sampling_case c ON c.id = s.case_id WHERE c.ref = %s AND c.study_id = %s"""
MOVE = """
UPDATE contact_standing SET disposition = %s, changed_at = %s, mode = %s
WHERE case_id = %s"""
KILL = """
UPDATE contact_accesscode SET state = 'dead' WHERE state = 'live'
AND case_id = %s AND (kind = %s OR %s = '')"""
OVER = 'UPDATE contact_appointment SET "over" = %s WHERE case_id = %s AND NOT "over"'
REPLACE = """
UPDATE contact_accesscode SET state = 'dead' WHERE kind = 'receipt' AND state = 'live'
AND case_id = (SELECT id FROM sampling_case WHERE ref = %s AND study_id = %s)"""
ISSUE = """
INSERT INTO contact_accesscode
    (case_id, kind, locator, salt, secret_hash, state, expires)
SELECT id, 'receipt', %s, %s, %s, 'live', %s FROM sampling_case
WHERE ref = %s AND study_id = %s"""


def standing(ref: CaseRef) -> Disposition:
    """Where a case stands."""
    with connections[DATABASE].cursor() as cursor:
        cursor.execute(STANDS, (ref,))
        found = cursor.fetchone()
    return Disposition(found[0]) if found else Disposition.NOT_STARTED


def locked(
    study: Study, ref: CaseRef, *, at: dt.datetime
) -> tuple[int, Disposition] | None:
    """The case's number and where it stands, locked until the transaction ends.

    A case that stood nowhere begins to. None when the study has no such case.
    """
    connection = connections[DATABASE]
    place = (ref, study.pk)
    start = Disposition.NOT_STARTED.value
    lock = " FOR UPDATE OF s" if connection.features.has_select_for_update else ""
    with connection.cursor() as cursor:
        cursor.execute(MAKE, (start, _moment(at), False, *place))
        cursor.execute(FIND + lock, place)
        found = cursor.fetchone()
    return (found[0], Disposition(found[1])) if found else None


def close(case: int, disposition: Disposition, *, mode: Mode, at: dt.datetime) -> None:
    """The case stands so from now on: its codes end, its appointments are over."""
    with connections[DATABASE].cursor() as cursor:
        cursor.execute(MOVE, (disposition.value, _moment(at), mode.value, case))
        cursor.execute(OVER, (True, case))
    kill(case)


def kill(case: int, *, kind: str = "") -> int:
    """End every live code of a case, or those of one kind; returns how many."""
    with connections[DATABASE].cursor() as cursor:
        cursor.execute(KILL, (case, kind, kind))
        return int(cursor.rowcount)


def replace_receipt(
    study: Study, ref: CaseRef, mark: bytes, *, expires: dt.date
) -> bool:
    """End the receipt a case has and store another; False when there is no such case."""
    connection = connections[DATABASE]
    place = (ref, study.pk)
    day = connection.ops.adapt_datefield_value(expires)
    with connection.cursor() as cursor:
        cursor.execute(REPLACE, place)
        cursor.execute(ISSUE, (mark, b"", b"", day, *place))
        return bool(cursor.rowcount)


def _moment(at: dt.datetime) -> str:
    """A moment as this database takes it, or as text that it reads."""
    return str(connections[DATABASE].ops.adapt_datetimefield_value(at))

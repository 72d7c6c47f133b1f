"""The right edge of a study's tree of commitments, in plain SQL: everybody who begins
without a letter comes by here. It runs inside the transaction of the enrolment."""

from __future__ import annotations

from django.db import connections

from harken.method.ledger import Frontier

DATABASE = "default"

MAKE = """
INSERT INTO vault_enrolment (study, size, peaks) VALUES (%s, 0, '')
ON CONFLICT (study) DO NOTHING"""
FIND = "SELECT size, peaks FROM vault_enrolment WHERE study = %s"
STORE = "UPDATE vault_enrolment SET size = %s, peaks = %s WHERE study = %s"


def locked(slug: str) -> Frontier:
    """The tree as it stands, locked until the transaction ends; empty at first."""
    connection = connections[DATABASE]
    lock = " FOR UPDATE" if connection.features.has_select_for_update else ""
    with connection.cursor() as cursor:
        cursor.execute(MAKE, (slug,))
        cursor.execute(FIND + lock, (slug,))
        size, peaks = cursor.fetchone()
    return Frontier.stored(size, peaks)


def store(slug: str, frontier: Frontier) -> None:
    """Keep the tree as it is now."""
    with connections[DATABASE].cursor() as cursor:
        cursor.execute(STORE, (frontier.size, frontier.hex(), slug))

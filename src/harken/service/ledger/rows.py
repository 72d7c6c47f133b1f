"""The three statements that every entry needs, in plain SQL.

Each act of the house writes an entry; building the statements anew each time was most of
what an entry cost. They run inside the transaction of the act.
"""

from __future__ import annotations

from functools import cache

from django.db import connections
from django.db import models as orm

from harken.method.ledger import Frontier
from harken.service.ledger import models, queries

DATABASE = "default"
HEAD = 1


def locked() -> Frontier:
    """The tree as it stands, locked until the transaction ends."""
    connection = connections[DATABASE]
    with connection.cursor() as cursor:
        cursor.execute(_reading(connection.features.has_select_for_update), [HEAD])
        found = cursor.fetchone()
    if found is None:
        row, _ = models.Head.objects.select_for_update().get_or_create(pk=HEAD)
        return queries.frontier_of(row)
    return queries.frontier_of(models.Head(size=found[0], peaks=found[1]))


def append(entry: models.Entry, frontier: Frontier) -> None:
    """Write one entry and the tree that holds it."""
    connection = connections[DATABASE]
    values = [
        field.get_db_prep_save(getattr(entry, field.attname), connection)
        for field in _fields()
    ]
    with connection.cursor() as cursor:
        cursor.execute(_writing(), values)
        cursor.execute(_moving(), [frontier.size, frontier.hex(), HEAD])


@cache
def _fields() -> tuple[orm.Field[object, object], ...]:
    return tuple(models.Entry._meta.concrete_fields)


@cache
def _reading(locking: bool) -> str:
    more = " FOR UPDATE" if locking else ""
    table = models.Head._meta.db_table
    return f"SELECT size, peaks FROM {table} WHERE id = %s{more}"  # noqa: S608 - our own names only


@cache
def _writing() -> str:
    names = ", ".join(f'"{field.column}"' for field in _fields())
    places = ", ".join(["%s"] * len(_fields()))
    table = models.Entry._meta.db_table
    return f"INSERT INTO {table} ({names}) VALUES ({places})"  # noqa: S608 - our own names only


@cache
def _moving() -> str:
    table = models.Head._meta.db_table
    return f"UPDATE {table} SET size = %s, peaks = %s WHERE id = %s"  # noqa: S608 - our own names only

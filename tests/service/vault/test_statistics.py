"""What a database's planner remembers of the vault. Proves PRV 5."""

from __future__ import annotations

import pytest
from django.db import connection

from harken.service.vault import custody
from tests.make.vault import AT, MANAGER, make_people, make_study

pytestmark = pytest.mark.django_db(databases=["default", "answers"], transaction=True)


def rows_of(query: str) -> list[tuple[str, ...]]:
    """Every row of a query, as texts."""
    with connection.cursor() as cursor:
        cursor.execute(query)
        return [tuple(str(value) for value in row) for row in cursor.fetchall()]


def test_the_planner_keeps_no_sample_of_who_people_are() -> None:
    people = make_people(300)
    custody.enrol(make_study(), people, by=MANAGER, at=AT)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    if connection.vendor == "postgresql":
        kept = rows_of("SELECT tablename, attname, s::text FROM pg_stats AS s")
        sampled = {name for table, name, _ in kept if table == "vault_sealed"}
        assert "part" in sampled
        assert not {"ref", "blob"} & sampled
        unwanted = [ref for ref, _ in people]
    else:
        tables = rows_of(
            "SELECT name FROM sqlite_master WHERE name LIKE 'sqlite_stat%'"
        )
        assert tables
        kept = [row for (name,) in tables for row in rows_of(f"SELECT * FROM {name}")]
        for (name,) in tables:
            with connection.cursor() as cursor:
                cursor.execute(f"DELETE FROM {name}")
        unwanted = []
    assert kept
    everything = "".join(text for row in kept for text in row)
    for _, person in people:
        unwanted += [person.surname, person.telephone, person.email]
    assert not [text for text in unwanted if text in everything]

"""What PostgreSQL's planner remembers of the vault. Proves PRV 5."""

from __future__ import annotations

import pytest
from django.db import connection

from harken.service.vault import custody
from tests.make.vault import AT, MANAGER, make_people, make_study

pytestmark = [
    pytest.mark.django_db(databases=["default", "answers"], transaction=True),
    pytest.mark.skipif(
        connection.vendor != "postgresql", reason="asks a PostgreSQL server"
    ),
]


def test_the_planner_keeps_no_sample_of_sealed_rows_or_references() -> None:
    people = make_people(300)
    custody.enrol(make_study(), people, by=MANAGER, at=AT)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute(
            "SELECT attname, most_common_vals::text || histogram_bounds::text "
            "FROM pg_stats WHERE tablename IN ('vault_sealed', 'vault_recontactconsent')"
        )
        sampled = dict(cursor.fetchall())
        cursor.execute(
            "SELECT concat(most_common_vals::text, histogram_bounds::text) FROM pg_stats"
        )
        everything = "".join(row[0] or "" for row in cursor.fetchall())
    assert "part" in sampled
    assert not {"ref", "blob"} & set(sampled)
    for ref, person in people:
        for text in (person.surname, person.telephone, person.email, ref):
            assert text not in everything

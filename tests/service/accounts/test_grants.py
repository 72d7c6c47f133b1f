"""What each database role may read, by rule and on a real PostgreSQL: PRV 58, privacy.md 9.1."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.apps import apps
from django.db import connections, models
from django.db.utils import ProgrammingError
from django.utils import timezone

from harken import cli
from harken.method.ledger import Event
from harken.method.terms import SYSTEM, DataClass
from harken.service.accounts.grants import (
    APPEND_ONLY,
    PEOPLE_SEE,
    DatabaseRole,
    Zone,
    grants,
    readable,
    zone_of,
)
from harken.service.ledger import actions as ledger
from harken.service.ledger.models import Entry
from harken.service.response.models import Response
from harken.service.vault.models import Sealed

pytestmark = pytest.mark.django_db(databases=["default", "answers"], transaction=True)

SECRET = {DataClass.IDENTIFYING, DataClass.LINKING}
CLOSED = "permission denied|does not exist"
"""Where a role may not even look into the schema, a table is not there for it."""
ALIAS = {Zone.IDENTITY: "default", Zone.ANSWERS: "answers"}


def postgres(test: Callable[..., None]) -> Callable[..., None] | None:
    """SQLite has no roles: there such a test does not exist."""
    return test if connections["default"].vendor == "postgresql" else None


def ours() -> list[type[models.Model]]:
    return [m for m in apps.get_models() if m.__module__.startswith("harken.")]


@pytest.mark.parametrize("role", PEOPLE_SEE)
def test_no_person_at_the_database_reads_what_identifies_or_links(
    role: DatabaseRole,
) -> None:
    seen = 0
    for model in ours():
        kinds = model.DATA_CLASS  # type: ignore[attr-defined] # every model of ours has it
        for column in readable(model, role):
            seen += 1
            field = next(f for f in model._meta.fields if f.column == column)
            assert kinds[field.name] not in SECRET, (model, column)
            if zone_of(model) is Zone.IDENTITY:
                assert kinds[field.name] is not DataClass.ANSWER
    assert seen > 5


def test_a_new_table_is_closed_until_its_fields_are_classed() -> None:
    class Closed(models.Model):
        name = models.CharField(max_length=9)

        class Meta:
            app_label = "response"
            managed = False

    try:
        assert readable(Closed, DatabaseRole.ANALYST) == []
    finally:
        del apps.all_models["response"]["closed"]
        apps.clear_cache()


@pytest.mark.parametrize("zone", Zone)
def test_every_table_of_a_zone_and_none_of_the_other_is_granted(
    zone: Zone, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["accounts", "grants", zone.value, "name"]) == 0
    said = capsys.readouterr().out
    for model in ours():
        named = f'ON "{model._meta.db_table}" TO harken_web' in said
        assert named is (zone_of(model) is zone), model
    for label in APPEND_ONLY:
        table = apps.get_model(label)._meta.db_table
        assert f'UPDATE, DELETE ON "{table}"' not in said
    assert ("TO harken_analyst" in said) is (zone is Zone.ANSWERS)


@contextmanager
def acting(alias: str, role: DatabaseRole) -> Iterator[None]:
    """Be that role on this connection, as if one had signed in with it."""
    with connections[alias].cursor() as cursor:
        cursor.execute(f"SET SESSION AUTHORIZATION {role}")
    try:
        yield
    finally:
        with connections[alias].cursor() as cursor:
            cursor.execute("RESET SESSION AUTHORIZATION")


def granted() -> None:
    """Run the grants on both databases, twice: they must bear it."""
    for zone, alias in ALIAS.items():
        name = str(connections[alias].settings_dict["NAME"])
        for _ in range(2):
            with connections[alias].cursor() as cursor:
                cursor.execute(grants(zone, name))


def may_connect(alias: str, role: DatabaseRole) -> bool:
    with connections[alias].cursor() as cursor:
        cursor.execute(
            "SELECT has_database_privilege(%s, current_database(), 'CONNECT')", [role]
        )
        return bool(cursor.fetchone()[0])


@postgres
def test_an_analysts_credentials_reach_no_identity_on_postgresql() -> None:
    granted()
    assert not may_connect("default", DatabaseRole.ANALYST)
    assert may_connect("answers", DatabaseRole.ANALYST)
    for model in apps.get_models(include_auto_created=True):
        alias = ALIAS[zone_of(model)]
        table, columns = model._meta.db_table, readable(model, DatabaseRole.ANALYST)
        with acting(alias, DatabaseRole.ANALYST):
            for field in model._meta.concrete_fields:
                with connections[alias].cursor() as cursor:
                    ask = f'SELECT "{field.column}" FROM "{table}" LIMIT 1'
                    if field.column in columns:
                        cursor.execute(ask)
                    else:
                        with pytest.raises(ProgrammingError, match=CLOSED):
                            cursor.execute(ask)
    with acting("answers", DatabaseRole.ANALYST):
        list(Response.objects.values_list("design", "answers"))
        with pytest.raises(ProgrammingError, match="denied"):
            list(Response.objects.values_list("ref"))


@postgres
def test_an_auditor_reads_the_ledger_and_no_person_on_postgresql() -> None:
    granted()
    assert not may_connect("answers", DatabaseRole.AUDITOR)
    with acting("default", DatabaseRole.AUDITOR):
        assert list(Entry.objects.values_list("body")) == []
        for model in (Sealed, apps.get_model("contact.OptOut")):
            with pytest.raises(ProgrammingError, match=CLOSED):
                list(model._base_manager.all())


@postgres
def test_the_web_process_appends_to_the_ledger_and_cannot_change_it() -> None:
    granted()
    with acting("default", DatabaseRole.WEB):
        ledger.record(
            Event.ROOM_SWEPT, study="", by=SYSTEM, at=timezone.now(), reason="a test"
        )
        assert Entry.objects.count() == 1
        with pytest.raises(ProgrammingError, match="denied"):
            Entry.objects.update(subject="changed")
        with pytest.raises(ProgrammingError, match="denied"):
            Entry.objects.all().delete()
        with (
            pytest.raises(ProgrammingError, match="owner"),
            connections["default"].cursor() as cursor,
        ):
            cursor.execute("DROP TABLE ledger_entry")

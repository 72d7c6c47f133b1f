"""PostgreSQL's own rules, written from the classes of the stored fields (DATA_CLASS).

``harken accounts grants`` prints them; the operator gives each role its password. What a
program or a person at the database may see follows from what a field is, so that a new
field is closed until somebody has said what it is. SQLite has no roles.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from django.apps import apps
from django.db import models, router

from harken.method.terms import DataClass

APPEND_ONLY = frozenset({"ledger.Entry", "ledger.Checkpoint", "contact.Attempt"})
"""What the web process may write and never change; jobs may sweep attempts."""

SWEPT = frozenset({"contact.Attempt"})


class Zone(StrEnum):
    """The two databases."""

    IDENTITY = "identity"
    ANSWERS = "answers"


class DatabaseRole(StrEnum):
    """Who connects: a process of the house, or a person with a tool of their own."""

    WEB = "harken_web"
    JOBS = "harken_jobs"
    ANALYST = "harken_analyst"
    AUDITOR = "harken_auditor"


PEOPLE_SEE: dict[DatabaseRole, tuple[frozenset[Zone], frozenset[DataClass]]] = {
    DatabaseRole.ANALYST: (
        frozenset({Zone.ANSWERS}),
        frozenset({DataClass.DESIGN, DataClass.ANSWER, DataClass.PUBLIC}),
    ),
    DatabaseRole.AUDITOR: (
        frozenset({Zone.IDENTITY}),
        frozenset({DataClass.OPERATIONAL, DataClass.PUBLIC}),
    ),
}
"""Which zone, and which classes of field, a person may read. Never identifying or linking."""

AUDITED = frozenset({"ledger", "anonymisation", "study"})
"""The rooms an auditor reads; operational fields of others say who did what to whom."""


def grants(zone: Zone, database: str) -> str:
    """The SQL for one of the two databases, to be run by its owner; runs twice as once."""
    lines = list(_roles())
    names = ", ".join(_connecting(zone))
    lines += [
        f'REVOKE ALL ON DATABASE "{database}" FROM PUBLIC;',
        "REVOKE ALL ON SCHEMA public FROM PUBLIC;",
        *(f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {r};" for r in DatabaseRole),
        *(f'REVOKE ALL ON DATABASE "{database}" FROM {r};' for r in DatabaseRole),
        f'GRANT CONNECT ON DATABASE "{database}" TO {names};',
        f"GRANT USAGE ON SCHEMA public TO {names};",
        "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO "
        f"{DatabaseRole.WEB}, {DatabaseRole.JOBS};",
    ]
    for model in apps.get_models(include_auto_created=True):
        if zone_of(model) is zone:
            lines += _table(model, zone)
    return "\n".join(lines) + "\n"


def zone_of(model: type[models.Model]) -> Zone:
    """The database a table lies in."""
    home = router.db_for_read(model)
    return Zone.ANSWERS if home == "answers" else Zone.IDENTITY


def readable(model: type[models.Model], role: DatabaseRole) -> list[str]:
    """The columns of a table that a person of this role may read."""
    zones, classes = PEOPLE_SEE[role]
    kinds: dict[str, DataClass] = getattr(model, "DATA_CLASS", {})
    if zone_of(model) not in zones:
        return []
    if role is DatabaseRole.AUDITOR and model._meta.app_label not in AUDITED:
        return []
    # The study's name tells its rows apart, in whichever room.
    wide = classes | {DataClass.OPERATIONAL} if "study" in kinds else classes
    return [
        str(field.column)
        for field in model._meta.concrete_fields
        if kinds.get(field.name) in (wide if field.name == "study" else classes)
    ]


def _roles() -> Iterator[str]:
    for role in DatabaseRole:
        yield (
            f"DO $$ BEGIN CREATE ROLE {role} NOLOGIN NOINHERIT; "
            "EXCEPTION WHEN duplicate_object THEN NULL; END $$;"
        )


def _connecting(zone: Zone) -> list[str]:
    people = [role for role, (zones, _) in PEOPLE_SEE.items() if zone in zones]
    return [DatabaseRole.WEB, DatabaseRole.JOBS, *people]


def _table(model: type[models.Model], zone: Zone) -> Iterator[str]:
    table = f'"{model._meta.db_table}"'
    label = model._meta.label
    fixed = label in APPEND_ONLY
    verbs = "SELECT, INSERT" if fixed else "SELECT, INSERT, UPDATE, DELETE"
    yield f"GRANT {verbs} ON {table} TO {DatabaseRole.WEB};"
    verbs += ", DELETE" if label in SWEPT else ""
    yield f"GRANT {verbs} ON {table} TO {DatabaseRole.JOBS};"
    for role in PEOPLE_SEE:
        columns = ", ".join(f'"{name}"' for name in readable(model, role))
        if columns:
            yield f"GRANT SELECT ({columns}) ON {table} TO {role};"

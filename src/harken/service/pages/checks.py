"""Django system checks: the house does not start in a state that could leak."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error
from django.db import connections

SILENT = {
    "log_statement": {"none", "ddl"},
    "log_min_duration_statement": {"-1"},
    "log_min_duration_sample": {"-1"},
    "log_parameter_max_length_on_error": {"0"},
    "auto_explain.log_min_duration": {"-1"},
}
"""Of a PostgreSQL server: the settings under which its log holds no value of a row.

A logged statement carries its values, and so does a slow one. One that fails is logged
by default; what it carries is sealed, and ``script/bench forensic`` searches such a log.
"""

PRAGMAS = ("secure_delete=ON", "journal_mode=WAL", "synchronous=FULL")


def safe_to_start(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """Refuse debugging pages, weak SQLite settings and plain HTTP cookies outside home."""
    found: list[CheckMessage] = []
    if settings.DEBUG:
        found.append(
            Error(
                "DEBUG shows answers and locals on error pages.",
                hint="Leave DEBUG False; it is not a setting of the environment.",
                id="harken.E001",
            )
        )
    for name, database in settings.DATABASES.items():
        found += _sqlite(name, database)
    found += _logging()
    outside = set(settings.ALLOWED_HOSTS) - {"localhost", "127.0.0.1", "[::1]"}
    if outside and not settings.HTTPS:
        found.append(
            checks.Warning(
                "Host names other than this machine's are served without HTTPS.",
                hint="Set HARKEN_HTTPS=yes behind a proxy that speaks HTTPS.",
                id="harken.W001",
            )
        )
    return found


def silent_servers(
    app_configs: Sequence[AppConfig] | None,
    databases: Sequence[str] | None = None,
    **kwargs: Any,
) -> list[CheckMessage]:
    """Refuse a PostgreSQL server whose log would hold the values of statements."""
    found: list[CheckMessage] = []
    for alias in databases or ():
        if connections[alias].vendor != "postgresql":
            continue
        with connections[alias].cursor() as cursor:
            cursor.execute(
                "SELECT name, setting FROM pg_settings WHERE name = ANY(%s)",
                [list(SILENT)],
            )
            now = dict(cursor.fetchall())
        found += [
            Error(
                f"The server of the database {alias} has {name} = {now[name]}.",
                hint=f"Its log would hold values; set it to {sorted(quiet)[-1]}.",
                id="harken.E004",
            )
            for name, quiet in SILENT.items()
            if name in now and now[name] not in quiet
        ]
    return found


def _sqlite(name: str, database: dict[str, Any]) -> list[CheckMessage]:
    if not str(database["ENGINE"]).endswith("sqlite3"):
        return []
    first = database.get("OPTIONS", {}).get("init_command", "").replace(" ", "")
    return [
        Error(
            f"The database {name} is SQLite without PRAGMA {pragma}.",
            hint="Deleted rows or unacknowledged answers could stay or be lost.",
            id="harken.E002",
        )
        for pragma in PRAGMAS
        if pragma not in first
    ]


def _logging() -> list[CheckMessage]:
    logging: dict[str, Any] = settings.LOGGING
    formatters = logging.get("formatters", {})
    kinds = {formatter.get("()") for formatter in formatters.values()}
    if kinds == {"harken.service.logs.PlaceOnly"}:
        return []
    return [
        Error(
            "A log formatter that could write values is configured.",
            hint="Only harken.service.logs.PlaceOnly may write log lines.",
            id="harken.E003",
        )
    ]

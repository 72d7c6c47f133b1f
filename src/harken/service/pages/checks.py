"""Django system checks: the house does not start in a state that could leak."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error

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

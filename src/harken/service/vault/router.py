"""Sends each room's tables to its zone: answers zone or identity zone, never both."""

from __future__ import annotations

from django.db.models import Model

ANSWERS_ROOMS = frozenset({"response", "analysis", "publication"})


class ZoneRouter:
    """Django database router: the label of the room decides the database."""

    def db_for_read(self, model: type[Model], **hints: object) -> str:
        """The zone a model is read from."""
        return "answers" if model._meta.app_label in ANSWERS_ROOMS else "default"

    def db_for_write(self, model: type[Model], **hints: object) -> str:
        """The zone a model is written to."""
        return self.db_for_read(model)

    def allow_relation(self, one: Model, other: Model, **hints: object) -> bool:
        """Relations stay within a zone."""
        zones = {row._meta.app_label in ANSWERS_ROOMS for row in (one, other)}
        return len(zones) == 1

    def allow_migrate(self, db: str, app_label: str, **hints: object) -> bool:
        """Each table is made in its own zone only."""
        return db == ("answers" if app_label in ANSWERS_ROOMS else "default")

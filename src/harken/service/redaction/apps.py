"""Registers the redaction room with Django."""

from django.apps import AppConfig


class RedactionConfig(AppConfig):
    """The redaction room."""

    name = "harken.service.redaction"
    label = "redaction"
    default_auto_field = "django.db.models.BigAutoField"

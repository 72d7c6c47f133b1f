"""Registers the rehearsal room with Django."""

from django.apps import AppConfig


class RehearsalConfig(AppConfig):
    """The rehearsal room."""

    name = "harken.service.rehearsal"
    label = "rehearsal"
    default_auto_field = "django.db.models.BigAutoField"

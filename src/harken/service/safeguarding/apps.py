"""Registers the safeguarding room with Django."""

from django.apps import AppConfig


class SafeguardingConfig(AppConfig):
    """The safeguarding room."""

    name = "harken.service.safeguarding"
    label = "safeguarding"
    default_auto_field = "django.db.models.BigAutoField"

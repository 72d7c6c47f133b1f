"""Registers the rights room with Django."""

from django.apps import AppConfig


class RightsConfig(AppConfig):
    """The rights room."""

    name = "harken.service.rights"
    label = "rights"
    default_auto_field = "django.db.models.BigAutoField"

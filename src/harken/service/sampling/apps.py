"""Registers the sampling room with Django."""

from django.apps import AppConfig


class SamplingConfig(AppConfig):
    """The sampling room."""

    name = "harken.service.sampling"
    label = "sampling"
    default_auto_field = "django.db.models.BigAutoField"

"""Registers the anonymisation room with Django."""

from django.apps import AppConfig


class AnonymisationConfig(AppConfig):
    """The anonymisation room."""

    name = "harken.service.anonymisation"
    label = "anonymisation"
    default_auto_field = "django.db.models.BigAutoField"

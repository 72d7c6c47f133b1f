"""Registers the publication room with Django."""

from django.apps import AppConfig


class PublicationConfig(AppConfig):
    """The publication room."""

    name = "harken.service.publication"
    label = "publication"
    default_auto_field = "django.db.models.BigAutoField"

"""Registers the pages room with Django."""

from django.apps import AppConfig


class PagesConfig(AppConfig):
    """The pages room."""

    name = "harken.service.pages"
    label = "pages"
    default_auto_field = "django.db.models.BigAutoField"

"""Registers the contact room with Django."""

from django.apps import AppConfig


class ContactConfig(AppConfig):
    """The contact room."""

    name = "harken.service.contact"
    label = "contact"
    default_auto_field = "django.db.models.BigAutoField"
